//! Retention: of every kind of data, nothing goes before its time and all of it goes after, and the books stay whole.

use drempel::features::privacy::actions::tidy;
use drempel::features::privacy::retention::{KINDS, Keep};
use drempel::features::receipts::year_of;
use drempel::values::Timestamp;

use crate::support::App;

/// A kind: what is written now ($1 is the moment), and what counts the rows that still lead to a person.
type Case = (&'static str, &'static [&'static str], &'static str);

/// The pledges, their papers, letters and refunds come from the program itself.
const CASES: &[Case] = &[
    ("sign-ins",
        &["INSERT INTO sessions (id, token_hash, user_id, created_at, seen_at, expires_at, fresh_until) VALUES ('ses_x', 'x', 'usr_owner', $1, $1, $1, $1)",
          "INSERT INTO sign_in_asks (id, network, at) VALUES ('ask_x', '203.0.113.9', $1)",
          "INSERT INTO sign_in_requests (id, email, purpose, code_hash, link_hash, browser_hash, attempts, created_at, expires_at)
           VALUES ('sir_x', 'x@example.org', 'sign_in', 'x', 'x', 'x', 0, $1, $1)"],
        "SELECT (SELECT COUNT(*) FROM sessions WHERE id = 'ses_x') + (SELECT COUNT(*) FROM sign_in_asks) + (SELECT COUNT(*) FROM sign_in_requests)"),
    ("counts", &["INSERT INTO request_counts (name, subject, count, ends_at) VALUES ('follows', 'x', 1, $1)"], "SELECT COUNT(*) FROM request_counts"),
    ("browsers",
        &["INSERT INTO known_devices (user_id, device_hash, seen_at) VALUES ('usr_owner', 'x', $1)"],
        "SELECT COUNT(*) FROM known_devices"),
    ("events",
        &["INSERT INTO account_events (id, user_id, kind, detail, at) VALUES ('evt_x', 'usr_owner', 'new_device', 'Firefox', $1)"],
        "SELECT COUNT(*) FROM account_events"),
    ("addresses",
        &["INSERT INTO address_changes (id, user_id, session_id, old_email, new_email, code_hash, attempts, state, undo_hash, asked_at)
           VALUES ('adc_x', 'usr_owner', 'x', 'a@example.org', 'b@example.org', '', 0, 'replaced', '', $1)"],
        "SELECT COUNT(*) FROM address_changes"),
    ("letters",
        &["INSERT INTO letters (id, kind, cause_id, user_id, language, state, bulk, due_at, lease_until, lease_token, attempts, last_error, secret, created_at)
           VALUES ('ltr_x', 'x', 'x', 'usr_owner', 'nl', 'sent', 0, $1, '', '', 1, '', '', $1)",
          "INSERT INTO updates (id, project_id, number, state, audience, title_nl, title_en, body_nl, body_en, picture_alt, author_id, created_at)
           VALUES ('upd_x', 'prj_1', 99, 'withdrawn', 'everybody', 'x', '', 'x', '', '', 'usr_owner', $1)",
          "INSERT INTO digest_items (update_id, user_id, gathered_for, created_at) VALUES ('upd_x', 'usr_owner', '2020-W01', $1)"],
        "SELECT (SELECT COUNT(*) FROM letters WHERE kind <> 'refund_sent') + (SELECT COUNT(*) FROM digest_items)"),
    ("choices",
        &["INSERT INTO mail_choices (id, user_id, project_id, choice, from_wish, to_wish, way, text_hash, at)
           VALUES ('mch_x', 'usr_t1', 'prj_1', 'updates', 'on', 'off', 'account', '', $1)"],
        "SELECT COUNT(*) FROM mail_choices WHERE id = 'mch_x'"),
    ("follows",
        &["INSERT INTO follows (id, user_id, project_id, created_at, confirmed_at, ended_at) VALUES ('fol_x', 'usr_t1', 'prj_1', $1, $1, $1)"],
        "SELECT COUNT(*) FROM follows WHERE id = 'fol_x'"),
    ("invitations",
        &["INSERT INTO invitations (id, organisation_id, email, role, state, token_hash, invited_by, created_at, expires_at)
           VALUES ('inv_x', 'org_1', 'x@example.org', 'editor', 'open', 'x', 'usr_owner', $1, $1)"],
        "SELECT COUNT(*) FROM invitations"),
    ("unpaid", &["UPDATE pledges SET expires_at = $1 WHERE name = 'Berend'"], "SELECT COUNT(*) FROM pledges WHERE name = 'Berend'"),
    ("paid", &[], "SELECT COUNT(*) FROM pledges WHERE name = 'Anna' OR company_name LIKE 'Bouwbedrijf%'"),
    ("refund-accounts",
        &["INSERT INTO claims (refund_id, pledge_id, asked_at, iban, holder, given_at, changes, reminders)
           SELECT MIN(id), MIN(pledge_id), $1, 'NL02ABNA0123456789', 'Anna', $1, 1, 0 FROM refunds"],
        "SELECT COUNT(*) FROM claims WHERE iban <> '' OR holder <> ''"),
    ("transfers",
        &["INSERT INTO transfers (id, purpose, subject_id, iban, name, amount_cents, remittance, state, created_at, finished_at)
           VALUES ('trf_x', 'claim', 'x', 'NL02ABNA0123456789', 'Anna', 1, 'terug', 'cancelled', $1, $1)"],
        "SELECT COUNT(*) FROM transfers WHERE iban <> '' OR name <> '' OR remittance <> ''"),
    ("bank-lines",
        &["INSERT INTO bank_statements (id, key, file_hash, file_name, message_id, statement_id, number, iban, opened_on, opening_cents,
               closed_on, closing_cents, lines, imported_by, begun_at)
           VALUES ('bst_x', 'x', 'x', 'x', 'x', 'x', '', 'NL00', '2026-01-01', 0, '2026-01-01', 0, 0, 'test', $1)",
          "INSERT INTO bank_lines (id, statement_id, key, direction, amount_cents, open_cents, is_reversal, is_return, booked_on,
               bank_reference, end_to_end_id, name, iban, reference, remittance, state, created_at)
           VALUES ('bln_x', 'bst_x', 'x', 'in', 1, 0, 0, 0, SUBSTR(CAST($1 AS TEXT), 1, 10), '', '', 'Anna', 'NL02ABNA0123456789', '', 'gift',
               'written_off', $1)"],
        "SELECT COUNT(*) FROM bank_lines WHERE name <> '' OR iban <> '' OR remittance <> ''"),
    ("maker-accounts",
        &["INSERT INTO organisation_accounts (id, organisation_id, iban, holder, state, entered_by, entered_at, usable_at)
           VALUES ('oac_x', 'org_1', 'NL02ABNA0123456789', 'Co', 'replaced', 'usr_owner', $1, $1)"],
        "SELECT COUNT(*) FROM organisation_accounts WHERE iban <> '' OR holder <> ''"),
    ("papers", &[], "SELECT COUNT(*) FROM documents WHERE facts LIKE '%\"name\":\"Anna\"%' OR facts LIKE '%\"name\":\"Bouwbedrijf%'"),
    ("evidence",
        &["INSERT INTO waves (id, project_id, kind, measured_on, note_nl, note_en, author_id, created_at)
           VALUES ('wav_x', 'prj_1', 'end', '2026-01-01', '', '', 'usr_owner', $1)",
          // kept until the end of the seventh year after the one it belongs to
          "INSERT INTO evidence (id, project_id, wave_id, indicator, kind, title, visibility, state, sha256, bytes, keep_until, added_by, added_at,
               reason)
           VALUES ('evi_x', 'prj_1', 'wav_x', '', 'pdf', 'Lijst', 'staff', 'refused', 'x', 1,
               CAST(CAST(SUBSTR(CAST($1 AS TEXT), 1, 4) AS BIGINT) + 7 AS TEXT) || '-12-31', 'usr_owner', $1, 'een naam')"],
        "SELECT COUNT(*) FROM evidence WHERE title <> '' OR reason <> ''"),
    ("statements", &[], "SELECT COUNT(*) FROM credit_statements WHERE facts LIKE '%\"name\":\"Bouwbedrijf%'"),
    ("barred",
        &["INSERT INTO payment_blocks (user_id, method, cause_id, created_at) VALUES ('usr_owner', 'sepa_debit', 'x', $1)"],
        "SELECT COUNT(*) FROM payment_blocks"),
    ("proposals",
        &["INSERT INTO proposals (id, kind, subject_id, content, hash, reason, state, proposed_by, proposed_at, expires_at)
           VALUES ('prp_x', 'x', 'x', 'usr_owner owner@kookclub.example', '', 'telefoon kwijt', 'withdrawn', 'usr_t1', $1, $1)"],
        "SELECT COUNT(*) FROM proposals WHERE content <> '' OR reason <> ''"),
    ("cases",
        &["INSERT INTO cases (id, kind, subject_id, amount_cents, detail, state, debit, credit, posting_cents, opened_at, closed_at, closed_by, reason)
           VALUES ('cas_x', 'totals_differ', 'x', 0, 'Anna belde', 'closed', '', '', 0, $1, $1, 'test', 'opgelost')"],
        "SELECT COUNT(*) FROM cases WHERE detail <> '' OR reason <> ''"),
    ("erasures",
        &["INSERT INTO erasures (id, user_id, language, undo_hash, asked_at, due_at, done_at) VALUES ('era_x', 'usr_owner', 'nl', '', $1, $1, $1)"],
        "SELECT COUNT(*) FROM erasures"),
    ("typed",
        &["INSERT INTO users (id, email, name, language, created_at) VALUES ('usr_typed', 'typed@example.org', '', 'nl', $1)"],
        "SELECT COUNT(*) FROM users WHERE email = 'typed@example.org'"),
    ("unused",
        &["INSERT INTO users (id, email, name, language, created_at, signed_in_at) VALUES ('usr_unused', 'unused@example.org', 'Una', 'nl', $1, $1)"],
        "SELECT COUNT(*) FROM users WHERE email = 'unused@example.org' OR name = 'Una'"),
];

async fn count(app: &App, statement: &'static str) -> i64 {
    let mut conn = app.s.db.read().await.expect("a connection");
    let (count,): (i64,) = sqlx::query_as(statement).fetch_one(&mut *conn).await.expect(statement);
    count
}

/// When what is from `at` has had its time.
fn end_of(keep: Keep, at: Timestamp) -> Option<Timestamp> {
    match keep {
        Keep::Days(days) => Some(at.plus_days(days)),
        Keep::TaxYears(years) => Timestamp::start_of_day(&format!("{}-01-01", year_of(at) + years + 1)),
        Keep::Account | Keep::Work => None,
    }
}

fn set_clock(app: &App, to: Timestamp) {
    let clock = &app.s.clock;
    clock.set_offset_seconds(clock.offset_seconds() + to.seconds() - clock.now().seconds());
}

#[tokio::test]
async fn every_kind_goes_after_its_time_and_not_before_and_the_books_stay() {
    let app = App::start().await;
    for pledge in [app.paid_gift(2_500, "Anna").await, app.purchase(10_000).await] {
        app.at_the_bank(&pledge, "pay").await;
        app.settle().await;
        assert_eq!(app.cancel(&pledge).await, 200);
        app.settle().await;
        assert_eq!(app.status(&pledge).await, "refunded");
    }
    app.gift(3_000, "Berend").await;
    app.advance(32 * 60).await;
    let books = count(&app, "SELECT CAST(SUM(amount_cents * amount_cents) AS BIGINT) FROM ledger_entries").await;
    let papers = count(&app, "SELECT COUNT(*) FROM documents").await;

    let at = app.s.clock.now();
    let mut tx = app.s.db.begin().await.expect("a transaction");
    for statement in CASES.iter().flat_map(|(_, statements, _)| *statements) {
        let done = sqlx::query(*statement).bind(at).execute(&mut *tx).await.expect(statement);
        assert!(done.rows_affected() > 0, "{statement}");
    }
    tx.commit().await.expect("a commit");

    let mut kinds: Vec<_> = KINDS.iter().filter(|kind| kind.code != "logs").collect();
    kinds.retain(|kind| end_of(kind.keep, at).is_some());
    kinds.sort_by_key(|kind| end_of(kind.keep, at));
    assert_eq!(kinds.len(), CASES.len(), "each kind that runs by the clock has a case");
    tidy(&app.s).await.expect("a tidying");
    for same in kinds.chunk_by(|a, b| end_of(a.keep, at) == end_of(b.keep, at)) {
        let end = end_of(same[0].keep, at).expect("an end");
        let named = |code: &str| CASES.iter().find(|(known, ..)| *known == code).map(|(.., named)| *named);
        set_clock(&app, end.plus_seconds(-5));
        tidy(&app.s).await.expect("a tidying");
        for kind in same {
            let named = named(kind.code).expect(kind.code);
            assert!(count(&app, named).await > 0, "{} went before its time", kind.code);
        }
        set_clock(&app, end.plus_seconds(60));
        let told = tidy(&app.s).await.expect("a tidying");
        for kind in same {
            let named = named(kind.code).expect(kind.code);
            assert_eq!(count(&app, named).await, 0, "{} is still there: {told}", kind.code);
        }
        assert_eq!(tidy(&app.s).await.expect("a tidying"), "", "a second time nothing goes");
    }
    let after = count(&app, "SELECT CAST(SUM(amount_cents * amount_cents) AS BIGINT) FROM ledger_entries").await;
    assert_eq!((books, papers), (after, count(&app, "SELECT COUNT(*) FROM documents").await), "I22");
    // these were made up, without the postings that belong to them
    for statement in
        ["DELETE FROM bank_lines", "DELETE FROM bank_statements", "DELETE FROM transfers", "DELETE FROM claims"]
    {
        app.sql(statement).await.expect(statement);
    }
    app.verify().await;
}

/// A refund seven years later keeps the name of its pledge: the time counts from the last entry in the books.
#[tokio::test]
async fn a_pledge_keeps_its_name_as_long_as_the_books_speak_of_it() {
    let app = App::start().await;
    let pledge = app.paid_gift(2_500, "Anna").await;
    let named = "SELECT COUNT(*) FROM pledges WHERE name = 'Anna'";
    // the balance is read before the years go by
    app.advance(1_000).await;
    let made = app.s.clock.now();
    // the pledge is still held: nothing of it may go, however old it is
    set_clock(&app, made.plus_days(9 * 366));
    tidy(&app.s).await.expect("a tidying");
    assert_eq!(count(&app, named).await, 1);
    app.sql("UPDATE rounds SET closes_at = '2999-01-01T00:00:00.000Z'").await.expect("a round that sells");
    assert_eq!(app.cancel(&pledge).await, 200);
    app.settle().await;
    assert_eq!(app.status(&pledge).await, "refunded");
    app.advance(1_000).await;
    app.verify().await;
    tidy(&app.s).await.expect("a tidying");
    assert_eq!(count(&app, named).await, 1, "the refund is of this year");
    set_clock(&app, made.plus_days(18 * 366));
    tidy(&app.s).await.expect("a tidying");
    assert_eq!(count(&app, named).await, 0);
    assert_eq!(app.status(&pledge).await, "refunded");
}

#[tokio::test]
async fn it_is_done_every_night_by_itself() {
    let app = App::start().await;
    app.settle().await;
    app.sql("INSERT INTO payment_blocks (user_id, method, cause_id, created_at) VALUES ('usr_owner', 'sepa_debit', 'x', '2020-01-01T00:00:00.000Z')")
        .await
        .expect("an old row");
    app.advance(25 * 3_600).await;
    assert_eq!(count(&app, "SELECT COUNT(*) FROM payment_blocks").await, 0);
}

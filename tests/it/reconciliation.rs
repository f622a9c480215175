//! The books are held against the provider and the pages; each planted difference is found, proposed, settled by two people or by
//! itself; and what lasts too long rings.

use drempel::app::verify;
use drempel::features::cases::{self, CaseKind, CaseState};
use drempel::features::ledger::{self, Account, Kind, Posting};
use drempel::features::pledges;
use drempel::features::reconciliation::{self, Compared, Way};
use drempel::infra::periodic;
use drempel::values::Cents;

use crate::support::App;
use crate::switches::Member;

const DAY: i64 = 86_400;

/// Compares yesterday; answers each way's lines that differ.
async fn compare(app: &App) -> Vec<(Way, String)> {
    let day = reconciliation::actions::yesterday(app.s.clock.now());
    let compared = reconciliation::actions::run(&app.s, &day, "test").await.expect("a comparison");
    differing(&compared)
}

fn differing(compared: &[Compared]) -> Vec<(Way, String)> {
    let lines = compared.iter().flat_map(|one| one.lines.iter().map(move |line| (one.way, line)));
    lines.filter(|(_, line)| line.differs()).map(|(way, line)| (way, line.thing.clone())).collect()
}

async fn open(app: &App, kind: CaseKind) -> Vec<cases::Case> {
    let mut conn = app.s.db.read().await.expect("a connection");
    cases::actions::open_of_kind(&mut conn, kind).await.expect("cases")
}

async fn switch(app: &App, name: &str, to: &str) {
    let treasurer = Member::sign_in(app, "treasurer1@drempel.example").await;
    let path = format!("/nl/staff/jobs/{name}/switch");
    assert_eq!(treasurer.post(&path, &[("to", to), ("reason", "a test")]).await, 303);
}

#[tokio::test]
async fn i12_i13_books_that_agree_have_no_cases_and_a_second_run_changes_nothing() {
    let app = App::start().await;
    app.paid_gift(2_500, "Anna").await;
    let back = app.paid_gift(1_000, "Bert").await;
    assert_eq!(app.cancel(&back).await, 200);
    app.settle().await;
    app.advance(DAY).await;
    assert_eq!(compare(&app).await, []);
    assert_eq!(compare(&app).await, []);
    let mut conn = app.s.db.read().await.expect("a connection");
    let latest = reconciliation::actions::latest(&mut conn).await.expect("comparisons");
    drop(conn);
    let provider = latest.iter().find(|done| done.way == Way::Provider).expect("the provider's");
    assert!(provider.matched >= 4 && provider.differing == 0, "{provider:?}");
    assert!(provider.matched_cents.0 > 4_500, "{provider:?}");
    for kind in [CaseKind::ProviderDiffers, CaseKind::TotalsDiffer, CaseKind::StatementDiffers] {
        assert!(open(&app, kind).await.is_empty());
    }
    app.verify().await;
}

#[tokio::test]
async fn f61_totals_that_differ_are_cases_and_end_when_they_are_folded_again() {
    let app = App::start().await;
    app.paid_gift(2_500, "Anna").await;
    app.advance(DAY).await;
    app.sql("UPDATE pledge_totals SET held_cents = held_cents + 500, reserved_cents = reserved_cents + 3")
        .await
        .expect("a slip");
    app.sql("UPDATE ledger_balances SET amount_cents = amount_cents - 1 WHERE account = 'psp_fees'")
        .await
        .expect("a slip");
    let found = compare(&app).await;
    let things: Vec<&str> = found.iter().map(|(_, thing)| thing.as_str()).collect();
    assert_eq!(things, ["reserved:prj_1", "held:prj_1", "account:psp_fees"]);
    assert_eq!(compare(&app).await, found);
    let open_now = open(&app, CaseKind::TotalsDiffer).await;
    assert_eq!(open_now.iter().map(|case| case.amount.0).sum::<i64>(), 504);
    let mut tx = app.s.db.begin().await.expect("a transaction");
    let wrong = pledges::actions::rebuild_totals(&mut tx).await.expect("totals");
    assert_eq!((wrong.len(), wrong[0].shown.2, wrong[0].from_pledges.2), (1, Cents(3_000), Cents(2_500)));
    ledger::actions::rebuild_balances(&mut tx).await.expect("balances");
    tx.commit().await.expect("a commit");
    assert_eq!(compare(&app).await, []);
    assert!(open(&app, CaseKind::TotalsDiffer).await.is_empty());
    assert_eq!(app.standing().await.held.0, 2_500);
    app.verify().await;
}

#[tokio::test]
async fn f69_a_line_of_the_provider_that_differs_is_settled_by_two_treasurers() {
    let app = App::start().await;
    app.paid_gift(2_500, "Anna").await;
    app.advance(DAY).await;
    assert_eq!(compare(&app).await, []);
    // ten cents more were taken than the books know
    app.sql("UPDATE balance_transactions SET fee_cents = fee_cents + 10, net_cents = net_cents - 10")
        .await
        .expect("a slip");
    let found = compare(&app).await;
    assert!(found.len() == 1 && found[0].0 == Way::Provider, "{found:?}");
    let case = open(&app, CaseKind::ProviderDiffers).await.remove(0);
    assert_eq!((case.amount.0, case.posting.0, case.debit.as_str()), (10, 10, "psp_fees"));
    let one = Member::sign_in(&app, "treasurer1@drempel.example").await;
    let two = Member::sign_in(&app, "treasurer2@drempel.example").await;
    let path = format!("/en/staff/cases/{}", case.id);
    assert!(one.read(&path).await.contains("value=\"psp_fees\""));
    let form = [("debit", "psp_fees"), ("credit", "psp_available"), ("amount", "0.10"), ("reason", "a fee came late")];
    assert_eq!(one.post(&format!("{path}/propose"), &form).await, 303);
    let page = scraper::Html::parse_document(&two.read(&path).await);
    let marked = scraper::Selector::parse("[data-hash]").expect("a selector");
    let hash = page.select(&marked).next().and_then(|e| e.attr("data-hash")).expect("a hash").to_owned();
    assert_eq!(two.post(&format!("{path}/approve"), &[("hash", &hash)]).await, 303);
    let mut conn = app.s.db.read().await.expect("a connection");
    let closed = cases::actions::get(&mut conn, &case.id).await.expect("a case");
    assert_eq!(closed.state, CaseState::Closed);
    drop(conn);
    // people decided on that amount: the line is not a case again
    compare(&app).await;
    assert!(open(&app, CaseKind::ProviderDiffers).await.iter().all(|open| open.id != case.id));
}

#[tokio::test]
async fn i12_a_posting_the_provider_does_not_know_is_a_case_until_it_is_reversed() {
    let app = App::start().await;
    app.paid_gift(2_500, "Anna").await;
    let post = async |key: &str, debit: Account, credit: Account| {
        let now = app.s.clock.now();
        let posting = Posting::new(Kind::Correction, key.to_owned(), now, "test", "ghost").moving(
            Cents(700),
            &debit,
            &credit,
            None,
        );
        let mut tx = app.s.db.begin().await.expect("a transaction");
        ledger::actions::post(&mut tx, now, &posting).await.expect("a posting");
        tx.commit().await.expect("a commit");
    };
    post("ghost:1", Account::PspAvailable, Account::PlatformFees).await;
    app.advance(DAY).await;
    assert_eq!(compare(&app).await, [(Way::Provider, "ghost:1".to_owned())]);
    assert_eq!(open(&app, CaseKind::ProviderDiffers).await.len(), 1);
    // a day later the case is still looked at, and ends when the posting is undone
    app.advance(DAY).await;
    assert_eq!(compare(&app).await, []);
    assert_eq!(open(&app, CaseKind::ProviderDiffers).await.len(), 1);
    post("ghost:2", Account::PlatformFees, Account::PspAvailable).await;
    compare(&app).await;
    assert!(open(&app, CaseKind::ProviderDiffers).await.is_empty());
}

#[tokio::test]
async fn f86_every_day_is_compared_once_after_three_in_the_night() {
    let app = App::start().await;
    app.settle().await;
    app.advance(DAY).await;
    app.advance(DAY).await;
    app.advance(4 * DAY).await;
    let mut conn = app.s.db.read().await.expect("a connection");
    let done = reconciliation::actions::newest(&mut conn, 100).await.expect("comparisons");
    let mut days: Vec<&str> = done.iter().filter(|d| d.way == Way::Totals).map(|d| d.day.as_str()).collect();
    days.sort_unstable();
    let mut once = days.clone();
    once.dedup();
    assert_eq!(days, once);
    assert!(days.len() >= 5, "{days:?}");
    assert!(days.last().is_some_and(|last| *last <= reconciliation::actions::yesterday(app.s.clock.now()).as_str()));
}

#[tokio::test]
async fn treasurers_compare_on_the_page() {
    let app = App::start().await;
    app.paid_gift(2_500, "Anna").await;
    app.advance(DAY).await;
    let one = Member::sign_in(&app, "treasurer1@drempel.example").await;
    let reviewer = Member::sign_in(&app, "reviewer@drempel.example").await;
    let path = "/nl/staff/reconciliation";
    let run = format!("{path}/run");
    let yesterday = reconciliation::actions::yesterday(app.s.clock.now());
    assert_eq!(reviewer.post(&run, &[("day", &yesterday)]).await, 403);
    for wrong in ["", "soon", "2026-02-30", &app.s.clock.now().day(), "2999-01-01"] {
        assert_eq!(one.post(&run, &[("day", wrong)]).await, 422, "{wrong}");
    }
    assert_eq!(one.post(&run, &[("day", &yesterday)]).await, 303);
    let page = reviewer.read(path).await;
    assert!(page.contains("100,00 %") && !page.contains("/run\""), "{page}");
    one.read("/en/staff/reconciliation").await;
}

#[tokio::test]
async fn i11_what_lasts_too_long_rings_until_it_does_not() {
    let app = App::start().await;
    let pledge = app.paid_gift(2_500, "Anna").await;
    switch(&app, "refunds", "off").await;
    assert_eq!(app.cancel(&pledge).await, 200);
    app.advance(2 * 3_600).await;
    let ringing = open(&app, CaseKind::Stuck).await;
    assert_eq!(ringing.iter().map(|case| case.subject_id.as_str()).collect::<Vec<_>>(), ["stuck:refund-due"]);
    let reviewer = Member::sign_in(&app, "reviewer@drempel.example").await;
    assert!(reviewer.read("/nl/staff").await.contains("een terugbetaling is na een uur nog niet gevraagd"));
    assert!(reviewer.read("/en/staff").await.contains("has not been asked for after an hour"));
    switch(&app, "refunds", "on").await;
    app.settle().await;
    app.advance(3_600).await;
    assert!(open(&app, CaseKind::Stuck).await.is_empty());

    // each of these is prepared by hand
    let now = app.s.clock.now();
    let old = "UPDATE letters SET state = 'queued', due_at = '2020-01-01T00:00:00.000Z', lease_until = '2999-01-01T00:00:00.000Z'";
    app.sql(old).await.expect("letters");
    app.sql("UPDATE payments SET state = 'processing', created_at = '2020-01-01T00:00:00.000Z'")
        .await
        .expect("a payment");
    app.sql("UPDATE refunds SET state = 'pending', due_at = '2999-01-01T00:00:00.000Z', created_at = '2020-01-01T00:00:00.000Z'")
        .await
        .expect("a refund");
    app.sql(
        "INSERT INTO transfers (id, purpose, subject_id, iban, name, amount_cents, remittance, state, created_at)
         VALUES ('trf_1', 'return', 'x', 'NL00', 'x', 5, '', 'planned', '2020-01-01T00:00:00.000Z')",
    )
    .await
    .expect("a transfer");
    assert!(reconciliation::alarms::look(&app.s).await.expect("a look") >= 4);
    let subjects: Vec<String> = open(&app, CaseKind::Stuck).await.into_iter().map(|case| case.subject_id).collect();
    for name in ["letter-queued", "payment-processing", "refund-pending", "transfer-planned"] {
        assert!(subjects.contains(&format!("stuck:{name}")), "{name}: {subjects:?}");
    }
    assert_eq!(app.s.clock.now().day(), now.day());
    // again: the same cases, no more
    reconciliation::alarms::look(&app.s).await.expect("a look");
    assert_eq!(open(&app, CaseKind::Stuck).await.len(), subjects.len());
}

#[tokio::test]
async fn a_task_that_stays_off_rings() {
    let app = App::start().await;
    app.settle().await;
    switch(&app, "updates.mail", "off").await;
    app.advance(DAY + 3_600).await;
    let ringing = open(&app, CaseKind::Stuck).await;
    assert!(ringing.iter().any(|case| case.subject_id == "stuck:task-off"), "{ringing:?}");
}

#[tokio::test]
async fn f95_an_invariant_that_breaks_is_a_case_within_the_hour() {
    let app = App::start().await;
    app.paid_gift(2_500, "Anna").await;
    app.advance(3_700).await;
    assert!(open(&app, CaseKind::InvariantBroken).await.is_empty());
    app.sql("UPDATE ledger_balances SET amount_cents = amount_cents + 1 WHERE account = 'psp_fees'")
        .await
        .expect("a slip");
    app.advance(3_700).await;
    let broken = open(&app, CaseKind::InvariantBroken).await;
    assert!(broken.iter().any(|case| case.subject_id.starts_with("invariant:I3:")), "{broken:?}");
    let member = Member::sign_in(&app, "reviewer@drempel.example").await;
    assert!(member.read("/en/staff").await.contains("of the books do not hold") || broken.len() == 1);
    let mut tx = app.s.db.begin().await.expect("a transaction");
    ledger::actions::rebuild_balances(&mut tx).await.expect("balances");
    tx.commit().await.expect("a commit");
    app.advance(3_700).await;
    assert!(open(&app, CaseKind::InvariantBroken).await.is_empty());
    assert_eq!(verify::watch(&app.s).await.expect("checks"), 0);
    let tasks = periodic::all(&mut app.s.db.read().await.expect("a connection")).await.expect("tasks");
    assert!(tasks.iter().any(|task| task.name == "invariants" && task.result == "0"));
}

#[tokio::test]
async fn i11_i17_i21_i22_break_when_something_is_lost() {
    let app = App::start().await;
    app.paid_gift(2_500, "Anna").await;
    app.gift(1_000, "Bert").await;
    let posting = Posting::new(Kind::Correction, "odd".to_owned(), app.s.clock.now(), "test", "odd").moving(
        Cents(5),
        &Account::PlatformFees,
        &Account::ResultMoney("usr_1".to_owned()),
        None,
    );
    app.verify().await;
    app.sql("DELETE FROM jobs WHERE kind = 'payment.check'").await.expect("jobs");
    app.sql("UPDATE letters SET sent_at = NULL WHERE state = 'sent'").await.expect("letters");
    let mut tx = app.s.db.begin().await.expect("a transaction");
    ledger::actions::post(&mut tx, app.s.clock.now(), &posting).await.expect("a posting");
    tx.commit().await.expect("a commit");
    app.sql("DELETE FROM ledger_unsealed").await.expect("a link that is lost");
    let checks = verify::all(&app.s).await.expect("checks");
    let broken: Vec<&str> = checks.iter().filter(|check| !check.offending.is_empty()).map(|check| check.name).collect();
    for name in ["I11", "I17", "I21", "I22"] {
        assert!(broken.contains(&name), "{name}: {broken:?}");
    }
}

#[tokio::test]
async fn f27_f28_the_bank_is_held_against_its_statements() {
    use crate::bank::{arrive, by_transfer, paid, reference};
    let app = App::start().await;
    let pledge = by_transfer(&app, 2_500, "Anna").await;
    app.settle().await;
    arrive(&app, &[paid(&app, 2_500, &reference(&pledge)), paid(&app, 700, "no idea")]).await;
    app.advance(DAY).await;
    assert_eq!(compare(&app).await, []);
    let mut conn = app.s.db.read().await.expect("a connection");
    let latest = reconciliation::actions::latest(&mut conn).await.expect("comparisons");
    drop(conn);
    let done = latest.iter().find(|done| done.way == Way::Bank).expect("the bank's");
    assert_eq!((done.matched, done.matched_cents.0, done.differing), (3, 3_200 + 3_200, 0));
    app.verify().await;

    app.sql("UPDATE bank_lines SET amount_cents = amount_cents + 10 WHERE state = 'matched'").await.expect("a slip");
    app.sql("UPDATE bank_statements SET closing_cents = closing_cents - 5").await.expect("a slip");
    assert_eq!(compare(&app).await.len(), 2);
    assert_eq!(compare(&app).await.len(), 2);
    let found = open(&app, CaseKind::StatementDiffers).await;
    let mut amounts: Vec<i64> = found.iter().map(|case| case.amount.0).collect();
    amounts.sort_unstable();
    assert_eq!(amounts, [5, 10]);
    app.sql("UPDATE bank_lines SET amount_cents = amount_cents - 10 WHERE state = 'matched'").await.expect("mended");
    app.sql("UPDATE bank_statements SET closing_cents = closing_cents + 5").await.expect("mended");
    app.advance(2 * DAY).await;
    assert_eq!(compare(&app).await, []);
    assert!(open(&app, CaseKind::StatementDiffers).await.is_empty());
}

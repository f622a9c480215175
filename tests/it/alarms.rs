//! Each alarm is silent for as long as its state may last, rings when it lasts longer, and is silent again when it is over.

use drempel::features::cases::{self, CaseKind};
use drempel::features::ledger::{self, Account, Kind, Posting};
use drempel::features::reconciliation::alarms::{self, ALARMS};
use drempel::values::{Cents, Timestamp};

use crate::support::App;

/// What begins each state at the moment `$1`, and what ends it; written by hand, because the program leaves none of them alone.
#[rustfmt::skip]
const STATES: &[(&str, &[&str], &[&str])] = &[
    ("payment-created", &["UPDATE payments SET state = 'created', created_at = $1"], &["UPDATE payments SET state = 'succeeded', created_at = $1"]),
    ("payment-open", &["UPDATE payments SET state = 'open', expires_at = $1"], &["UPDATE payments SET state = 'succeeded', expires_at = $1"]),
    ("payment-processing", &["UPDATE payments SET state = 'processing', created_at = $1"], &["UPDATE payments SET state = 'succeeded', created_at = $1"]),
    ("refund-due", &["UPDATE refunds SET state = 'due', created_at = $1"], &["UPDATE refunds SET state = 'succeeded', created_at = $1"]),
    ("refund-requested", &["UPDATE refunds SET state = 'requested', created_at = $1"], &["UPDATE refunds SET state = 'succeeded', created_at = $1"]),
    ("refund-pending", &["UPDATE refunds SET state = 'pending', created_at = $1"], &["UPDATE refunds SET state = 'succeeded', created_at = $1"]),
    ("transfer-planned",
        &["INSERT INTO transfers (id, purpose, subject_id, iban, name, amount_cents, remittance, state, created_at)
           VALUES ('trf_1', 'return', 'x', 'NL00', 'x', 5, '', 'planned', $1)"],
        &["UPDATE transfers SET state = 'cancelled', finished_at = $1"]),
    ("batch-approved",
        &["INSERT INTO transfer_batches (id, state, transfers, amount_cents, execution_day, proposed_by, proposed_at, approved_by, approved_at)
           SELECT 'bat_1', 'approved', 1, 5, '', MIN(id), $1, MAX(id), $1 FROM users"],
        &["UPDATE transfer_batches SET state = 'withdrawn', finished_at = $1"]),
    ("transfer-sent",
        &["UPDATE transfer_batches SET state = 'sent', sent_at = $1", "UPDATE transfers SET state = 'sent', batch_id = 'bat_1', finished_at = $1"],
        &["UPDATE transfers SET state = 'confirmed', finished_at = $1"]),
    ("tranche-approved",
        &["INSERT INTO payable_totals (project_id, organisation_id, payable_cents, given_cents)
           SELECT id, organisation_id, 5, 5 FROM projects WHERE $1 <> ''",
          "INSERT INTO tranches (id, decision_id, project_id, organisation_id, owed_to, kind, amount_cents, reason, state, way, generation,
               waits_for, planned_by, created_at)
           SELECT 'tra_1', 'd', p.id, p.organisation_id, p.organisation_id, 'start', 5, '', 'approved', '', 1, '', (SELECT MIN(id) FROM users), $1
           FROM projects p"],
        &["UPDATE tranches SET state = 'confirmed', finished_at = $1"]),
    ("claim-given",
        &["UPDATE refunds SET state = 'unclaimed', finished_at = $1",
          "INSERT INTO claims (refund_id, pledge_id, asked_at, iban, holder, given_at, changes, reminders)
           SELECT id, pledge_id, $1, 'NL00', 'x', $1, 1, 0 FROM refunds"],
        &["UPDATE refunds SET state = 'paid_by_bank', finished_at = $1"]),
    ("letter-queued", &["UPDATE letters SET state = 'queued', due_at = $1"], &["UPDATE letters SET state = 'skipped', due_at = $1"]),
    ("job-overdue", &["UPDATE jobs SET due_at = $1"], &["DELETE FROM jobs WHERE due_at <= $1"]),
    ("settlement-executing",
        &["INSERT INTO settlements (id, round_id, state, hash, reason, proposed_by, proposed_at, expires_at, approved_by, approved_at)
           SELECT 'stl_1', r.id, 'paused', '', '', (SELECT MIN(id) FROM users), $1, $1, (SELECT MAX(id) FROM users), $1 FROM rounds r"],
        &["UPDATE settlements SET state = 'done', finished_at = $1"]),
    ("proposal-waiting",
        &["INSERT INTO proposals (id, kind, subject_id, content, hash, reason, state, proposed_by, proposed_at, expires_at)
           SELECT 'prp_1', 'x', 'x', '', '', '', 'proposed', MIN(id), $1, '2999-01-01T00:00:00.000Z' FROM users"],
        &["UPDATE proposals SET state = 'withdrawn', decided_at = $1"]),
    // a posting of these two begins and ends them
    ("unsealed", &[], &["DELETE FROM ledger_unsealed WHERE $1 <> ''"]),
    ("suspense", &[], &[]),
    ("case-old",
        &["INSERT INTO cases (id, kind, subject_id, amount_cents, detail, state, debit, credit, posting_cents, opened_at, reason)
           VALUES ('cas_1', 'totals_differ', 'x', 5, '', 'open', '', '', 0, $1, '')"],
        &["UPDATE cases SET state = 'closed', closed_at = $1, closed_by = 'test' WHERE id = 'cas_1'"]),
    ("task-off", &["UPDATE periodic_tasks SET off_at = $1 WHERE name = 'forget'"], &["UPDATE periodic_tasks SET off_at = NULL WHERE $1 <> ''"]),
    ("task-late", &["UPDATE periodic_tasks SET due_at = $1"], &["UPDATE periodic_tasks SET due_at = '2999-01-01T00:00:00.000Z' WHERE $1 <> ''"]),
];

async fn run(app: &App, statements: &[&'static str], at: Timestamp) {
    let mut tx = app.s.db.begin().await.expect("a transaction");
    for statement in statements {
        let done = sqlx::query(*statement).bind(at).execute(&mut *tx).await.expect(statement);
        assert!(done.rows_affected() > 0, "nothing was changed by: {statement}");
    }
    tx.commit().await.expect("a commit");
}

async fn post(app: &App, key: &str, debit: Account, credit: Account) {
    let now = app.s.clock.now();
    let posting = Posting::new(Kind::Correction, key.to_owned(), now, "test", "odd");
    let mut tx = app.s.db.begin().await.expect("a transaction");
    ledger::actions::post(&mut tx, now, &posting.moving(Cents(700), &debit, &credit, None)).await.expect("a posting");
    tx.commit().await.expect("a commit");
}

async fn rings(app: &App, name: &str) -> bool {
    alarms::look(&app.s).await.expect("a look");
    let mut conn = app.s.db.read().await.expect("a connection");
    let open = cases::actions::open_of_kind(&mut conn, CaseKind::Stuck).await.expect("cases");
    open.iter().any(|case| case.subject_id == format!("stuck:{name}"))
}

#[tokio::test]
async fn i11_each_alarm_rings_when_its_state_lasts_too_long_and_not_before() {
    let app = App::start().await;
    let back = app.paid_gift(2_500, "Anna").await;
    app.gift(1_000, "Bert").await;
    assert_eq!(app.cancel(&back).await, 200);
    app.settle().await;
    assert_eq!(STATES.iter().map(|state| state.0).collect::<Vec<_>>(), ALARMS.map(|alarm| alarm.name));
    for (alarm, (name, begin, end)) in ALARMS.iter().zip(STATES) {
        let begun = app.s.clock.now();
        let pass = |seconds: i64| app.s.clock.set_offset_seconds(app.s.clock.offset_seconds() + seconds);
        run(&app, begin, begun).await;
        match *name {
            "suspense" => post(&app, "odd", Account::PspAvailable, Account::Suspense).await,
            "unsealed" => post(&app, "new", Account::PlatformFees, Account::PspFees).await,
            _ => {}
        }
        pass(alarm.longest_seconds - 60);
        assert!(!rings(&app, name).await, "{name} rings too early");
        pass(120);
        assert!(rings(&app, name).await, "{name} does not ring");
        run(&app, end, app.s.clock.now()).await;
        if *name == "suspense" {
            post(&app, "explained", Account::Suspense, Account::PspAvailable).await;
        }
        assert!(!rings(&app, name).await, "{name} does not end");
    }
}

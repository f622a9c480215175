//! The database itself keeps the books: nothing in them can be changed, removed, left open or left unbalanced.

use crate::support::App;

#[tokio::test]
async fn the_books_refuse_change_removal_and_imbalance() {
    let app = App::start().await;
    app.paid_gift(2_500, "Anna").await;
    for statement in [
        "UPDATE ledger_entries SET amount_cents = amount_cents + 1",
        "DELETE FROM ledger_entries",
        "UPDATE ledger_transactions SET actor = 'x'",
        "DELETE FROM ledger_transactions",
        "UPDATE ledger_chain SET hash = 'x'",
        "DELETE FROM ledger_chain",
        "UPDATE state_changes SET reason = 'x'",
        "DELETE FROM state_changes",
    ] {
        assert!(app.sql(statement).await.is_err(), "{statement}");
    }
    // a line for a closed transaction, and a head without balanced lines
    let late = "INSERT INTO ledger_entries (transaction_id, position, account, amount_cents)
                SELECT id, 99, 'bank', 1 FROM ledger_transactions";
    assert!(app.sql(late).await.is_err());
    let empty = "INSERT INTO ledger_transactions (id, kind, idem_key, occurred_at, recorded_at, actor, cause_id)
                 VALUES ('ltx_x', 'paid', 'x', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z', 'x', 'x')";
    assert!(app.sql(empty).await.is_err());
    // lines without a head
    let open =
        "INSERT INTO ledger_entries (transaction_id, position, account, amount_cents) VALUES ('ltx_y', 1, 'bank', 1)";
    assert!(app.sql(open).await.is_err());
    app.verify().await;
}

#[tokio::test]
async fn balances_are_a_cache_that_can_be_dropped() {
    let app = App::start().await;
    app.paid_gift(2_500, "Anna").await;
    app.sql("UPDATE ledger_balances SET amount_cents = amount_cents + 1").await.expect("a cache can be broken");
    let mut conn = app.s.db.read().await.expect("a connection");
    let checks = drempel::features::ledger::actions::verify(&mut conn).await.expect("checks");
    assert!(checks.iter().any(|check| check.name == "I3" && !check.offending.is_empty()));
    drop(conn);
    let mut tx = app.s.db.begin().await.expect("a transaction");
    drempel::features::ledger::actions::rebuild_balances(&mut tx).await.expect("a rebuild");
    tx.commit().await.expect("a commit");
    app.verify().await;
    assert_eq!(app.standing().await.held.0, 2_500);
}

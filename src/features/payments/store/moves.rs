//! SQL of money that was moved from one pledge to another.

use crate::features::payments::moves::Moved;
use crate::infra::db::Conn;

/// What was moved on of a pledge. Each move names the payment that came in, and the choice names the pledge.
pub async fn moved_out_of(conn: &mut Conn, pledge_id: &str) -> Result<Vec<Moved>, sqlx::Error> {
    sqlx::query_as(
        "SELECT y.id AS payment_id, y.pledge_id, y.amount_cents, y.created_at
         FROM ledger_entries f JOIN ledger_transactions t ON t.id = f.transaction_id
             JOIN ledger_entries o ON o.transaction_id = t.id AND o.pledge_id <> f.pledge_id
             JOIN payments y ON y.pledge_id = o.pledge_id
         WHERE f.pledge_id = $1 AND t.kind = 'moved' AND f.amount_cents > 0 ORDER BY y.created_at, y.id",
    )
    .bind(pledge_id)
    .fetch_all(conn)
    .await
}

/// The pledges with money of a payment that was moved.
pub async fn moved_from_payment(conn: &mut Conn, payment_id: &str) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as("SELECT pledge_id FROM payments WHERE moved_from = $1 ORDER BY pledge_id")
        .bind(payment_id)
        .fetch_all(conn)
        .await
}

/// Payments of which more went back, or is to go back, than came in.
pub async fn overdrawn_payments(conn: &mut Conn) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT y.id FROM payments y JOIN refunds r ON r.payment_id = y.id WHERE r.state <> 'stopped'
         GROUP BY y.id, y.amount_cents, y.moved_from
         HAVING SUM(r.amount_cents) > y.amount_cents OR y.moved_from IS NOT NULL",
    )
    .fetch_all(conn)
    .await
}

/// The pledge whose money became that of this one.
pub async fn moved_into(conn: &mut Conn, pledge_id: &str) -> Result<Option<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT f.pledge_id FROM ledger_entries o JOIN ledger_transactions t ON t.id = o.transaction_id
             JOIN ledger_entries f ON f.transaction_id = t.id AND f.pledge_id <> o.pledge_id
         WHERE o.pledge_id = $1 AND t.kind = 'moved' AND o.amount_cents < 0",
    )
    .bind(pledge_id)
    .fetch_optional(conn)
    .await
}

//! SQL of what payments know of a backer.

use sqlx::FromRow;

use crate::features::payments::{Claim, DisputeState, Payment, Refund};
use crate::infra::db::{Conn, Tx};
use crate::values::{Cents, Timestamp};

/// Something with the reference of its pledge.
#[derive(FromRow)]
struct Referred<T: for<'r> FromRow<'r, sqlx::any::AnyRow>> {
    reference: String,
    #[sqlx(flatten)]
    of: T,
}

fn pairs<T: for<'r> FromRow<'r, sqlx::any::AnyRow>>(rows: Vec<Referred<T>>) -> Vec<(String, T)> {
    rows.into_iter().map(|row| (row.reference, row.of)).collect()
}

pub async fn payments(conn: &mut Conn, user_id: &str) -> Result<Vec<(String, Payment)>, sqlx::Error> {
    let rows: Vec<Referred<Payment>> = sqlx::query_as(
        "SELECT p.reference, y.* FROM payments y JOIN pledges p ON p.id = y.pledge_id
         WHERE p.user_id = $1 ORDER BY y.created_at, y.id",
    )
    .bind(user_id)
    .fetch_all(conn)
    .await?;
    Ok(pairs(rows))
}

pub async fn refunds(conn: &mut Conn, user_id: &str) -> Result<Vec<(String, Refund)>, sqlx::Error> {
    let rows: Vec<Referred<Refund>> = sqlx::query_as(
        "SELECT p.reference, r.* FROM refunds r JOIN pledges p ON p.id = r.pledge_id
         WHERE p.user_id = $1 ORDER BY r.created_at, r.id",
    )
    .bind(user_id)
    .fetch_all(conn)
    .await?;
    Ok(pairs(rows))
}

pub async fn claims(conn: &mut Conn, user_id: &str) -> Result<Vec<(String, Claim)>, sqlx::Error> {
    let rows: Vec<Referred<Claim>> = sqlx::query_as(
        "SELECT p.reference, c.* FROM claims c JOIN pledges p ON p.id = c.pledge_id
         WHERE p.user_id = $1 ORDER BY c.asked_at, c.refund_id",
    )
    .bind(user_id)
    .fetch_all(conn)
    .await?;
    Ok(pairs(rows))
}

pub async fn disputes(
    conn: &mut Conn,
    user_id: &str,
) -> Result<Vec<(String, Cents, DisputeState, Timestamp)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT p.reference, d.amount_cents, d.state, d.opened_at FROM disputes d JOIN pledges p ON p.id = d.pledge_id
         WHERE p.user_id = $1 ORDER BY d.opened_at, d.id",
    )
    .bind(user_id)
    .fetch_all(conn)
    .await
}

pub async fn blocks(conn: &mut Conn, user_id: &str) -> Result<Vec<(String, Timestamp)>, sqlx::Error> {
    sqlx::query_as("SELECT method, created_at FROM payment_blocks WHERE user_id = $1 ORDER BY method")
        .bind(user_id)
        .fetch_all(conn)
        .await
}

pub async fn in_flight(conn: &mut Conn, user_id: &str) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT reference FROM pledges WHERE user_id = $1 AND (
             id IN (SELECT pledge_id FROM refunds
                    WHERE state IN ('due', 'requested', 'pending', 'failed', 'unclaimed'))
             OR id IN (SELECT pledge_id FROM disputes WHERE state IN ('warning', 'open')))
         ORDER BY reference",
    )
    .bind(user_id)
    .fetch_all(conn)
    .await
}

pub async fn forget_accounts(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, sqlx::Error> {
    let forgotten = sqlx::query(
        "UPDATE claims SET iban = '', holder = '' WHERE refund_id IN (
             SELECT c.refund_id FROM claims c JOIN refunds r ON r.id = c.refund_id
             WHERE c.iban <> '' AND c.given_at < $1 AND r.state IN ('succeeded', 'paid_by_bank', 'stopped')
                 AND r.finished_at < $1
             ORDER BY c.refund_id LIMIT $2)",
    )
    .bind(before)
    .bind(limit)
    .execute(&mut **tx)
    .await?;
    Ok(forgotten.rows_affected())
}

pub async fn remove_old_blocks(tx: &mut Tx, before: Timestamp) -> Result<u64, sqlx::Error> {
    let removed =
        sqlx::query("DELETE FROM payment_blocks WHERE created_at < $1").bind(before).execute(&mut **tx).await?;
    Ok(removed.rows_affected())
}

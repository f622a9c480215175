//! SQL of the accounts that transfers name.

use crate::features::transfers::Transfer;
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

pub async fn to_user(conn: &mut Conn, user_id: &str) -> Result<Vec<Transfer>, sqlx::Error> {
    sqlx::query_as(
        "SELECT t.* FROM transfers t JOIN refunds r ON r.id = t.subject_id JOIN pledges p ON p.id = r.pledge_id
         WHERE p.user_id = $1 ORDER BY t.created_at, t.id",
    )
    .bind(user_id)
    .fetch_all(conn)
    .await
}

pub async fn forget_old(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, sqlx::Error> {
    let forgotten = sqlx::query(
        "UPDATE transfers SET iban = '', name = '', remittance = '' WHERE id IN (
             SELECT id FROM transfers WHERE state IN ('confirmed', 'returned', 'cancelled') AND iban <> '' AND finished_at < $1
             ORDER BY id LIMIT $2)",
    )
    .bind(before)
    .bind(limit)
    .execute(&mut **tx)
    .await?;
    Ok(forgotten.rows_affected())
}

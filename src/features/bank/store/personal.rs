//! SQL of the people whom statements name.

use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

pub async fn forget_old(tx: &mut Tx, before_day: &str, limit: i64) -> Result<u64, sqlx::Error> {
    let forgotten = sqlx::query(
        "UPDATE bank_lines SET name = '', iban = '', remittance = '' WHERE id IN (
             SELECT id FROM bank_lines WHERE booked_on < $1 AND open_cents = 0
                 AND (name <> '' OR iban <> '' OR remittance <> '')
             ORDER BY id LIMIT $2)",
    )
    .bind(before_day)
    .bind(limit)
    .execute(&mut **tx)
    .await?;
    Ok(forgotten.rows_affected())
}

/// The files that somebody handed in: name and moment.
pub async fn handed_in(conn: &mut Conn, user_id: &str) -> Result<Vec<(String, Timestamp)>, sqlx::Error> {
    sqlx::query_as("SELECT file_name, uploaded_at FROM bank_uploads WHERE uploaded_by = $1 ORDER BY uploaded_at, id")
        .bind(user_id)
        .fetch_all(conn)
        .await
}

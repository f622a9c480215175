//! SQL of transfers.

use crate::features::transfers::{NewTransfer, Purpose, Transfer};
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

pub async fn insert(tx: &mut Tx, id: &str, new: &NewTransfer<'_>, now: Timestamp) -> Result<bool, sqlx::Error> {
    let inserted = sqlx::query(
        "INSERT INTO transfers (id, purpose, subject_id, iban, name, amount_cents, remittance, state, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'planned', $8)
         ON CONFLICT (purpose, subject_id) WHERE state NOT IN ('returned', 'cancelled') DO NOTHING",
    )
    .bind(id)
    .bind(new.purpose)
    .bind(new.subject_id)
    .bind(new.iban)
    .bind(new.name)
    .bind(new.amount)
    .bind(new.remittance)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

pub async fn living(conn: &mut Conn, purpose: Purpose, subject_id: &str) -> Result<Option<Transfer>, sqlx::Error> {
    sqlx::query_as(
        "SELECT * FROM transfers WHERE purpose = $1 AND subject_id = $2 AND state NOT IN ('returned', 'cancelled')",
    )
    .bind(purpose)
    .bind(subject_id)
    .fetch_optional(conn)
    .await
}

pub async fn of_subject(conn: &mut Conn, subject_id: &str) -> Result<Vec<Transfer>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM transfers WHERE subject_id = $1 ORDER BY created_at DESC, id DESC")
        .bind(subject_id)
        .fetch_all(conn)
        .await
}

//! SQL of forms that wait for a second factor.

use crate::infra::db::Tx;
use crate::values::Timestamp;

/// Keeps a form of this session in place of the one before.
pub async fn keep(
    tx: &mut Tx,
    session_id: &str,
    address: &str,
    fields: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO kept_forms (session_id, address, fields, kept_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (session_id) DO UPDATE
         SET address = excluded.address, fields = excluded.fields, kept_at = excluded.kept_at",
    )
    .bind(session_id)
    .bind(address)
    .bind(fields)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Takes the form of this session out: address, fields, since when.
pub async fn take(tx: &mut Tx, session_id: &str) -> Result<Option<(String, String, Timestamp)>, sqlx::Error> {
    sqlx::query_as("DELETE FROM kept_forms WHERE session_id = $1 RETURNING address, fields, kept_at")
        .bind(session_id)
        .fetch_optional(&mut **tx)
        .await
}

/// Forgets those that were kept before this moment.
pub async fn forget(tx: &mut Tx, moment: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM kept_forms WHERE kept_at < $1").bind(moment).execute(&mut **tx).await?;
    Ok(())
}

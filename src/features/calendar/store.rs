//! SQL of extensions and of reminders that were queued.

use crate::features::calendar::Extension;
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

/// Writes the extension of a round; answers whether it had none.
pub async fn insert(tx: &mut Tx, extension: &Extension) -> Result<bool, sqlx::Error> {
    let added = sqlx::query(
        "INSERT INTO round_extensions (round_id, old_closes_at, closes_at, reason, reason_en, proposed_by, approved_by,
             approved_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (round_id) DO NOTHING",
    )
    .bind(&extension.round_id)
    .bind(extension.old_closes_at)
    .bind(extension.closes_at)
    .bind(&extension.reason_nl)
    .bind(&extension.reason_en)
    .bind(&extension.proposed_by)
    .bind(&extension.approved_by)
    .bind(extension.approved_at)
    .execute(&mut **tx)
    .await?;
    Ok(added.rows_affected() == 1)
}

pub async fn of_round(conn: &mut Conn, round_id: &str) -> Result<Option<Extension>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM round_extensions WHERE round_id = $1").bind(round_id).fetch_optional(conn).await
}

/// Whether the letters of this kind before this closing instant were queued.
pub async fn is_reminded(
    conn: &mut Conn,
    round_id: &str,
    kind: &str,
    closes_at: Timestamp,
) -> Result<bool, sqlx::Error> {
    let found: Option<(String,)> =
        sqlx::query_as("SELECT queued_at FROM round_reminders WHERE round_id = $1 AND kind = $2 AND closes_at = $3")
            .bind(round_id)
            .bind(kind)
            .bind(closes_at)
            .fetch_optional(conn)
            .await?;
    Ok(found.is_some())
}

/// Notes that they are queued; answers whether nobody did before.
pub async fn remind(
    tx: &mut Tx,
    round_id: &str,
    kind: &str,
    closes_at: Timestamp,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let noted = sqlx::query(
        "INSERT INTO round_reminders (round_id, kind, closes_at, queued_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (round_id, kind, closes_at) DO NOTHING",
    )
    .bind(round_id)
    .bind(kind)
    .bind(closes_at)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(noted.rows_affected() == 1)
}

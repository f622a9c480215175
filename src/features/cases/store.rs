//! SQL of cases.

use crate::features::cases::{Case, CaseKind, Found};
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

pub async fn insert(tx: &mut Tx, id: &str, found: &Found<'_>, now: Timestamp) -> Result<bool, sqlx::Error> {
    let remedy = found.remedy.as_ref();
    let inserted = sqlx::query(
        "INSERT INTO cases (id, kind, subject_id, amount_cents, detail, state, debit, credit, posting_cents, pledge_id,
             opened_at, reason)
         VALUES ($1, $2, $3, $4, $5, 'open', $6, $7, $8, $9, $10, '') ON CONFLICT (kind, subject_id) DO NOTHING",
    )
    .bind(id)
    .bind(found.kind)
    .bind(found.subject_id)
    .bind(found.amount)
    .bind(found.detail)
    .bind(remedy.map(|remedy| remedy.debit.to_string()).unwrap_or_default())
    .bind(remedy.map(|remedy| remedy.credit.to_string()).unwrap_or_default())
    .bind(remedy.map_or(0, |remedy| remedy.amount.0))
    .bind(found.pledge_id)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

pub async fn by_subject(conn: &mut Conn, kind: CaseKind, subject_id: &str) -> Result<Option<Case>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM cases WHERE kind = $1 AND subject_id = $2")
        .bind(kind)
        .bind(subject_id)
        .fetch_optional(conn)
        .await
}

/// Ends an open case; answers whether it was open.
pub async fn close(tx: &mut Tx, id: &str, by: &str, reason: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let closed = sqlx::query(
        "UPDATE cases SET state = 'closed', closed_by = $2, reason = $3, closed_at = $4 WHERE id = $1 AND state = 'open'",
    )
    .bind(id)
    .bind(by)
    .bind(reason)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(closed.rows_affected() == 1)
}

//! SQL of who proposed, and of proposals whose time is over.

use crate::features::approvals::Proposal;
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

pub async fn proposed(conn: &mut Conn, user_id: &str) -> Result<Vec<Proposal>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM proposals WHERE proposed_by = $1 ORDER BY proposed_at, id")
        .bind(user_id)
        .fetch_all(conn)
        .await
}

pub async fn forget_old(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, sqlx::Error> {
    let forgotten = sqlx::query(
        "UPDATE proposals SET content = '', reason = '' WHERE id IN (
             SELECT id FROM proposals WHERE state <> 'proposed' AND proposed_at < $1 AND (content <> '' OR reason <> '')
             ORDER BY id LIMIT $2)",
    )
    .bind(before)
    .bind(limit)
    .execute(&mut **tx)
    .await?;
    Ok(forgotten.rows_affected())
}

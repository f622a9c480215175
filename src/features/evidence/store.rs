//! SQL of evidence.

pub mod personal;

use crate::features::evidence::Evidence;
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

pub async fn insert(tx: &mut Tx, evidence: &Evidence, by: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO evidence (id, project_id, wave_id, indicator, kind, title, visibility, state, sha256, bytes, keep_until,
             added_by, added_at, reason)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '')",
    )
    .bind(&evidence.id)
    .bind(&evidence.project_id)
    .bind(&evidence.wave_id)
    .bind(&evidence.indicator)
    .bind(evidence.kind)
    .bind(&evidence.title)
    .bind(evidence.visibility)
    .bind(evidence.state)
    .bind(&evidence.sha256)
    .bind(evidence.bytes)
    .bind(&evidence.keep_until)
    .bind(by)
    .bind(evidence.added_at)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// How many files a project has whose bytes are there, and how many bytes.
pub async fn kept_of(conn: &mut Conn, project_id: &str) -> Result<(i64, i64), sqlx::Error> {
    sqlx::query_as(
        "SELECT COUNT(*), CAST(COALESCE(SUM(bytes), 0) AS BIGINT) FROM evidence WHERE project_id = $1 AND state <> 'deleted'",
    )
    .bind(project_id)
    .fetch_one(conn)
    .await
}

pub async fn of_project(conn: &mut Conn, project_id: &str) -> Result<Vec<Evidence>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, project_id, wave_id, indicator, kind, title, visibility, state, sha256, bytes, keep_until, added_at, decided_at,
             reason, frozen_at
         FROM evidence WHERE project_id = $1 ORDER BY added_at DESC, id DESC",
    )
    .bind(project_id)
    .fetch_all(conn)
    .await
}

pub async fn find(conn: &mut Conn, id: &str) -> Result<Option<Evidence>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, project_id, wave_id, indicator, kind, title, visibility, state, sha256, bytes, keep_until, added_at, decided_at,
             reason, frozen_at
         FROM evidence WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await
}

pub async fn waiting(conn: &mut Conn) -> Result<Vec<Evidence>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, project_id, wave_id, indicator, kind, title, visibility, state, sha256, bytes, keep_until, added_at, decided_at,
             reason, frozen_at
         FROM evidence WHERE state = 'waiting' ORDER BY added_at, id",
    )
    .fetch_all(conn)
    .await
}

/// Files whose last day is before this one, the oldest first.
pub async fn due(conn: &mut Conn, day: &str, limit: i64) -> Result<Vec<Evidence>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, project_id, wave_id, indicator, kind, title, visibility, state, sha256, bytes, keep_until, added_at, decided_at,
             reason, frozen_at
         FROM evidence WHERE state <> 'deleted' AND keep_until < $1 ORDER BY keep_until, id LIMIT $2",
    )
    .bind(day)
    .bind(limit)
    .fetch_all(conn)
    .await
}

pub async fn set_keep_until(tx: &mut Tx, id: &str, day: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE evidence SET keep_until = $2 WHERE id = $1").bind(id).bind(day).execute(&mut **tx).await?;
    Ok(())
}

/// Who of the team decided, when and why, and how long it is kept now.
pub async fn decide(
    tx: &mut Tx,
    id: &str,
    by: &str,
    reason: &str,
    keep_until: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE evidence SET decided_by = $2, decided_at = $3, reason = $4, keep_until = $5 WHERE id = $1")
        .bind(id)
        .bind(by)
        .bind(now)
        .bind(reason)
        .bind(keep_until)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn freeze(tx: &mut Tx, wave_id: &str, indicator: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE evidence SET frozen_at = $3 WHERE wave_id = $1 AND (indicator = $2 OR indicator = '') AND frozen_at IS NULL
             AND (state = 'waiting' OR state = 'accepted')",
    )
    .bind(wave_id)
    .bind(indicator)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Its bytes are gone, and what was said of it.
pub async fn forget(tx: &mut Tx, id: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE evidence SET title = '', reason = '', deleted_at = $2 WHERE id = $1")
        .bind(id)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

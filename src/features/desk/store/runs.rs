//! SQL of deeds for many things.

use crate::features::desk::{BulkLineState, Line, Run, RunState};
use crate::infra::db::bulk;
use crate::infra::db::life_cycle::step;
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

pub async fn insert_run(tx: &mut Tx, run: &Run) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO bulk_runs (id, kind, state, made_by, made_at, reason, target) VALUES ($1, $2, $3, $4, $5, '', $6)",
    )
    .bind(&run.id)
    .bind(run.kind)
    .bind(run.state)
    .bind(&run.made_by)
    .bind(run.made_at)
    .bind(&run.target)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn insert_lines(tx: &mut Tx, run_id: &str, lines: &[Line]) -> Result<(), sqlx::Error> {
    const COLUMNS: [&str; 6] = ["id", "run_id", "position", "subject_id", "state", "refusal"];
    let row = |line: &Line| {
        vec![
            line.id.as_str().into(),
            run_id.into(),
            line.position.into(),
            line.subject_id.as_str().into(),
            line.state.as_str().into(),
            line.refusal.as_str().into(),
        ]
    };
    bulk::insert(tx, "bulk_lines", &COLUMNS, lines.iter().map(row).collect()).await
}

pub async fn run(conn: &mut Conn, id: &str) -> Result<Option<Run>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM bulk_runs WHERE id = $1").bind(id).fetch_optional(conn).await
}

pub async fn lock_run(tx: &mut Tx, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE bulk_runs SET id = id WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(())
}

/// The newest runs of all.
pub async fn latest_runs(conn: &mut Conn, limit: i64) -> Result<Vec<Run>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM bulk_runs ORDER BY id DESC LIMIT $1").bind(limit).fetch_all(conn).await
}

pub async fn runs_of(conn: &mut Conn, user_id: &str) -> Result<Vec<Run>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM bulk_runs WHERE made_by = $1 ORDER BY made_at, id")
        .bind(user_id)
        .fetch_all(conn)
        .await
}

pub async fn lines(conn: &mut Conn, run_id: &str) -> Result<Vec<Line>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, position, subject_id, state, refusal FROM bulk_lines WHERE run_id = $1 ORDER BY position",
    )
    .bind(run_id)
    .fetch_all(conn)
    .await
}

/// The next line that nothing was done to.
pub async fn next_line(conn: &mut Conn, run_id: &str) -> Result<Option<Line>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, position, subject_id, state, refusal FROM bulk_lines WHERE run_id = $1 AND state = 'waiting'
         ORDER BY position LIMIT 1",
    )
    .bind(run_id)
    .fetch_optional(conn)
    .await
}

pub async fn line_counts(conn: &mut Conn, run_id: &str) -> Result<Vec<(BulkLineState, i64)>, sqlx::Error> {
    sqlx::query_as("SELECT state, COUNT(*) FROM bulk_lines WHERE run_id = $1 GROUP BY state")
        .bind(run_id)
        .fetch_all(conn)
        .await
}

/// Answers `false` when something was done to it before.
pub async fn end_line(tx: &mut Tx, id: &str, to: BulkLineState, refusal: &str) -> Result<bool, sqlx::Error> {
    if !step(tx, id, BulkLineState::Waiting, to).await? {
        return Ok(false);
    }
    sqlx::query("UPDATE bulk_lines SET refusal = $2 WHERE id = $1").bind(id).bind(refusal).execute(&mut **tx).await?;
    Ok(true)
}

pub async fn start_run(tx: &mut Tx, id: &str, reason: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    if !step(tx, id, RunState::Prepared, RunState::Running).await? {
        return Ok(false);
    }
    sqlx::query("UPDATE bulk_runs SET reason = $2, started_at = $3 WHERE id = $1")
        .bind(id)
        .bind(reason)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(true)
}

pub async fn end_run(tx: &mut Tx, id: &str, from: RunState, to: RunState, now: Timestamp) -> Result<bool, sqlx::Error> {
    if !step(tx, id, from, to).await? {
        return Ok(false);
    }
    sqlx::query("UPDATE bulk_runs SET ended_at = $2 WHERE id = $1").bind(id).bind(now).execute(&mut **tx).await?;
    Ok(true)
}

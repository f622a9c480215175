//! SQL of terminations.

use crate::features::terminations::{Line, Plan, Termination};
use crate::infra::db::{Conn, Tx, bulk};
use crate::values::{Cents, Timestamp};

pub async fn insert(tx: &mut Tx, termination: &Termination, plan: &Plan) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO terminations (id, project_id, hash, reason, start_cents, result_cents, proposed_by, approved_by, approved_at,
             match_start_cents, match_result_cents)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(&termination.id)
    .bind(&termination.project_id)
    .bind(&termination.hash)
    .bind(&termination.reason)
    .bind(termination.start)
    .bind(termination.result)
    .bind(&termination.proposed_by)
    .bind(&termination.approved_by)
    .bind(termination.approved_at)
    .bind(termination.match_start)
    .bind(termination.match_result)
    .execute(&mut **tx)
    .await?;
    let id = termination.id.as_str();
    let row = |line: &Line| vec![id.into(), line.id.as_str().into(), line.start.0.into(), line.result.0.into()];
    let rows = plan.lines.iter().map(row).collect();
    bulk::insert(tx, "termination_lines", &["termination_id", "pledge_id", "start_cents", "result_cents"], rows)
        .await?;
    let rows = plan.matches.iter().map(row).collect();
    bulk::insert(tx, "termination_matches", &["termination_id", "match_id", "start_cents", "result_cents"], rows).await
}

pub async fn lock(tx: &mut Tx, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE terminations SET id = id WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(())
}

pub async fn by_id(conn: &mut Conn, id: &str) -> Result<Option<Termination>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM terminations WHERE id = $1").bind(id).fetch_optional(conn).await
}

pub async fn of_project(conn: &mut Conn, project_id: &str) -> Result<Option<Termination>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM terminations WHERE project_id = $1").bind(project_id).fetch_optional(conn).await
}

pub async fn all(conn: &mut Conn) -> Result<Vec<Termination>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM terminations ORDER BY approved_at, id").fetch_all(conn).await
}

/// Lines that are to be carried out: pledge, start, result.
pub async fn waiting(conn: &mut Conn, id: &str, limit: i64) -> Result<Vec<(String, Cents, Cents)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT pledge_id, start_cents, result_cents FROM termination_lines
         WHERE termination_id = $1 AND done_at IS NULL ORDER BY pledge_id LIMIT $2",
    )
    .bind(id)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// All lines.
pub async fn lines(conn: &mut Conn, id: &str) -> Result<Vec<(String, Cents, Cents)>, sqlx::Error> {
    sqlx::query_as("SELECT pledge_id, start_cents, result_cents FROM termination_lines WHERE termination_id = $1")
        .bind(id)
        .fetch_all(conn)
        .await
}

/// Matches that are to give back: match, start, result.
pub async fn waiting_matches(
    conn: &mut Conn,
    id: &str,
    limit: i64,
) -> Result<Vec<(String, Cents, Cents)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT match_id, start_cents, result_cents FROM termination_matches
         WHERE termination_id = $1 AND done_at IS NULL ORDER BY match_id LIMIT $2",
    )
    .bind(id)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// All matches.
pub async fn matches(conn: &mut Conn, id: &str) -> Result<Vec<(String, Cents, Cents)>, sqlx::Error> {
    sqlx::query_as("SELECT match_id, start_cents, result_cents FROM termination_matches WHERE termination_id = $1")
        .bind(id)
        .fetch_all(conn)
        .await
}

/// Answers whether the match was still to give back.
pub async fn match_done(tx: &mut Tx, id: &str, match_id: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE termination_matches SET done_at = $3 WHERE termination_id = $1 AND match_id = $2 AND done_at IS NULL",
    )
    .bind(id)
    .bind(match_id)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Matches that gave back without their fund having it.
pub async fn matches_apart(conn: &mut Conn) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT m.match_id FROM termination_matches m JOIN matches t ON t.id = m.match_id
         WHERE m.done_at IS NOT NULL AND t.returned_cents < m.start_cents + m.result_cents",
    )
    .fetch_all(conn)
    .await
}

/// How many lines there are, and how many are carried out.
pub async fn counts(conn: &mut Conn, id: &str) -> Result<(i64, i64), sqlx::Error> {
    sqlx::query_as("SELECT COUNT(*), COUNT(done_at) FROM termination_lines WHERE termination_id = $1")
        .bind(id)
        .fetch_one(conn)
        .await
}

/// Answers whether the line was still to be carried out.
pub async fn line_done(tx: &mut Tx, id: &str, pledge_id: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE termination_lines SET done_at = $3 WHERE termination_id = $1 AND pledge_id = $2 AND done_at IS NULL",
    )
    .bind(id)
    .bind(pledge_id)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn finish(tx: &mut Tx, id: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE terminations SET finished_at = $2 WHERE id = $1 AND finished_at IS NULL")
        .bind(id)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Lines that were carried out without their refund, or have one of another amount, or one before they were.
pub async fn lines_apart(conn: &mut Conn) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT l.pledge_id FROM termination_lines l
             LEFT JOIN refunds r ON r.pledge_id = l.pledge_id AND r.cause = 'terminated'
         WHERE (l.done_at IS NULL) <> (r.id IS NULL) OR r.amount_cents <> l.start_cents + l.result_cents",
    )
    .fetch_all(conn)
    .await
}

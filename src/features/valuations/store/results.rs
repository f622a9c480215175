//! SQL of the meetings' results and of the owners' answers.

use crate::features::valuations::{Answer, AnswerState, MeetingResult, ResultState};
use crate::infra::db::life_cycle::step;
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

pub async fn result(conn: &mut Conn, id: &str) -> Result<Option<MeetingResult>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM valuation_results WHERE id = $1").bind(id).fetch_optional(conn).await
}

/// The results of a project, the newest first.
pub async fn results(conn: &mut Conn, project_id: &str) -> Result<Vec<MeetingResult>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM valuation_results WHERE project_id = $1 ORDER BY recorded_at DESC, id DESC")
        .bind(project_id)
        .fetch_all(conn)
        .await
}

pub async fn insert_result(tx: &mut Tx, result: &MeetingResult) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO valuation_results (id, project_id, round_id, state, verdict, impact_hundredths, threshold_hundredths,
             asked_impact_hundredths, asked_threshold_hundredths, reason_nl, reason_en, recorded_by, recorded_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(&result.id)
    .bind(&result.project_id)
    .bind(&result.round_id)
    .bind(result.state)
    .bind(result.verdict)
    .bind(result.impact)
    .bind(result.threshold)
    .bind(result.asked_impact)
    .bind(result.asked_threshold)
    .bind(&result.reason_nl)
    .bind(&result.reason_en)
    .bind(&result.recorded_by)
    .bind(result.recorded_at)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Confirms a proposed result or takes it back; answers whether it was still proposed.
pub async fn decide_result(
    tx: &mut Tx,
    id: &str,
    to: ResultState,
    by: &str,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    // the table wants these facts with the new state
    let noted = sqlx::query(
        "UPDATE valuation_results SET decided_by = $2, decided_at = $3 WHERE id = $1 AND state = 'proposed'",
    )
    .bind(id)
    .bind(by)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(noted.rows_affected() == 1 && step(tx, id, ResultState::Proposed, to).await?)
}

/// The answers of a project, the newest first.
pub async fn answers(conn: &mut Conn, project_id: &str) -> Result<Vec<Answer>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM valuation_answers WHERE project_id = $1 ORDER BY given_at DESC, result_id DESC")
        .bind(project_id)
        .fetch_all(conn)
        .await
}

pub async fn insert_answer(
    tx: &mut Tx,
    result_id: &str,
    project_id: &str,
    body: &str,
    by: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO valuation_answers (result_id, project_id, state, body, given_by, given_at, reason_nl, reason_en)
         VALUES ($1, $2, 'given', $3, $4, $5, '', '')",
    )
    .bind(result_id)
    .bind(project_id)
    .bind(body)
    .bind(by)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Decides on an answer; answers whether nobody did before.
pub async fn decide_answer(
    tx: &mut Tx,
    result_id: &str,
    to: AnswerState,
    (reason_nl, reason_en): &(String, String),
    by: &str,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    // the table wants these facts with the new state
    let noted = sqlx::query(
        "UPDATE valuation_answers SET reason_nl = $2, reason_en = $3, decided_by = $4, decided_at = $5
         WHERE result_id = $1 AND state = 'given'",
    )
    .bind(result_id)
    .bind(reason_nl)
    .bind(reason_en)
    .bind(by)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(noted.rows_affected() == 1 && step(tx, result_id, AnswerState::Given, to).await?)
}

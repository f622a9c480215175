//! SQL of criteria, reviews and scores; that of results and answers stands below.

pub mod personal;
mod results;

use crate::features::valuations::{Criterion, Review, ReviewState, Score};
use crate::infra::db::life_cycle::step;
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

pub use results::{answers, decide_answer, decide_result, insert_answer, insert_result, result, results};

pub async fn criteria(conn: &mut Conn, round_id: &str) -> Result<Vec<Criterion>, sqlx::Error> {
    sqlx::query_as(
        "SELECT position, name_nl, name_en, guidance_nl, guidance_en, weight_percent, scale_least, scale_most
         FROM valuation_criteria WHERE round_id = $1 ORDER BY position",
    )
    .bind(round_id)
    .fetch_all(conn)
    .await
}

/// Forgets the criteria of a round, to write others in their place.
pub async fn clear_criteria(tx: &mut Tx, round_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM valuation_criteria WHERE round_id = $1").bind(round_id).execute(&mut **tx).await?;
    Ok(())
}

pub async fn add_criterion(
    tx: &mut Tx,
    round_id: &str,
    position: i64,
    criterion: &Criterion,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO valuation_criteria (round_id, position, name_nl, name_en, guidance_nl, guidance_en, weight_percent,
             scale_least, scale_most)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(round_id)
    .bind(position)
    .bind(&criterion.name_nl)
    .bind(&criterion.name_en)
    .bind(&criterion.guidance_nl)
    .bind(&criterion.guidance_en)
    .bind(criterion.weight_percent)
    .bind(criterion.scale_least)
    .bind(criterion.scale_most)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn reviews(conn: &mut Conn, project_id: &str, round_id: &str) -> Result<Vec<Review>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM valuation_reviews WHERE project_id = $1 AND round_id = $2 ORDER BY expert_id")
        .bind(project_id)
        .bind(round_id)
        .fetch_all(conn)
        .await
}

pub async fn reviews_of(conn: &mut Conn, expert_id: &str) -> Result<Vec<Review>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM valuation_reviews WHERE expert_id = $1 AND state <> 'removed' ORDER BY id DESC")
        .bind(expert_id)
        .fetch_all(conn)
        .await
}

pub async fn review_of(
    conn: &mut Conn,
    project_id: &str,
    round_id: &str,
    expert_id: &str,
) -> Result<Option<Review>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM valuation_reviews WHERE project_id = $1 AND round_id = $2 AND expert_id = $3")
        .bind(project_id)
        .bind(round_id)
        .bind(expert_id)
        .fetch_optional(conn)
        .await
}

pub async fn insert_review(tx: &mut Tx, review: &Review) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO valuation_reviews (id, project_id, round_id, expert_id, state, conflict_reason, assigned_by, assigned_at,
             handed_in_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&review.id)
    .bind(&review.project_id)
    .bind(&review.round_id)
    .bind(&review.expert_id)
    .bind(review.state)
    .bind(&review.conflict_reason)
    .bind(&review.assigned_by)
    .bind(review.assigned_at)
    .bind(review.handed_in_at)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Moves a review; answers whether it was in the state it should come from.
pub async fn move_review(
    tx: &mut Tx,
    id: &str,
    from: ReviewState,
    to: ReviewState,
    conflict_reason: &str,
    handed_in_at: Option<Timestamp>,
) -> Result<bool, sqlx::Error> {
    // the table wants a moment with the one, a reason with the other
    let is_noted = matches!(to, ReviewState::HandedIn | ReviewState::Excluded);
    if is_noted {
        note_review(tx, id, conflict_reason, handed_in_at).await?;
    }
    if !step(tx, id, from, to).await? {
        return Ok(false);
    }
    if !is_noted {
        note_review(tx, id, conflict_reason, handed_in_at).await?;
    }
    Ok(true)
}

async fn note_review(
    tx: &mut Tx,
    id: &str,
    conflict_reason: &str,
    handed_in_at: Option<Timestamp>,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE valuation_reviews SET conflict_reason = $2, handed_in_at = $3 WHERE id = $1")
        .bind(id)
        .bind(conflict_reason)
        .bind(handed_in_at)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn scores(conn: &mut Conn, review_id: &str) -> Result<Vec<Score>, sqlx::Error> {
    sqlx::query_as("SELECT position, score, reason FROM valuation_scores WHERE review_id = $1 ORDER BY position")
        .bind(review_id)
        .fetch_all(conn)
        .await
}

pub async fn put_score(tx: &mut Tx, review_id: &str, score: &Score) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO valuation_scores (review_id, position, score, reason) VALUES ($1, $2, $3, $4)
         ON CONFLICT (review_id, position) DO UPDATE SET score = excluded.score, reason = excluded.reason",
    )
    .bind(review_id)
    .bind(score.position)
    .bind(score.score)
    .bind(&score.reason)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

//! SQL of what updates answer.

use crate::features::updates::answers::{Answer, Question};
use crate::infra::db::{Conn, Tx};

pub async fn of_update(conn: &mut Conn, update_id: &str) -> Result<Option<Question>, sqlx::Error> {
    sqlx::query_as("SELECT coalition_id, question_nl, question_en FROM update_answers WHERE update_id = $1")
        .bind(update_id)
        .fetch_optional(conn)
        .await
}

pub async fn all(conn: &mut Conn) -> Result<Vec<Answer>, sqlx::Error> {
    sqlx::query_as(
        "SELECT a.coalition_id, a.question_nl, a.question_en, p.slug, p.title_nl AS project_nl, p.title_en AS project_en,
             u.number, u.title_nl, u.title_en, u.body_nl, u.body_en, u.published_at
         FROM update_answers a JOIN updates u ON u.id = a.update_id JOIN projects p ON p.id = u.project_id
         WHERE u.state = 'published' AND u.audience = 'everybody' AND p.hidden = 0
             AND p.state NOT IN ('draft', 'submitted', 'returned', 'in_valuation', 'rejected')
         ORDER BY u.published_at DESC, u.id",
    )
    .fetch_all(conn)
    .await
}

pub async fn delete(tx: &mut Tx, update_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM update_answers WHERE update_id = $1").bind(update_id).execute(&mut **tx).await?;
    Ok(())
}

pub async fn insert(tx: &mut Tx, update_id: &str, question: &Question) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO update_answers (update_id, coalition_id, question_nl, question_en) VALUES ($1, $2, $3, $4)",
    )
    .bind(update_id)
    .bind(&question.coalition_id)
    .bind(&question.text_nl)
    .bind(&question.text_en)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

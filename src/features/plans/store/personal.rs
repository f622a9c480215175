//! SQL of who handed plans in and spoke about them.

use crate::infra::db::Conn;
use crate::values::Timestamp;

pub async fn handed_in(conn: &mut Conn, user_id: &str) -> Result<Vec<(String, i64, Timestamp)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT p.slug, v.number, v.submitted_at FROM plan_versions v JOIN projects p ON p.id = v.project_id
         WHERE v.submitted_by = $1 ORDER BY v.submitted_at, v.id",
    )
    .bind(user_id)
    .fetch_all(conn)
    .await
}

/// Remarks this person wrote and answers they gave, each with its moment.
pub async fn remarks(conn: &mut Conn, user_id: &str) -> Result<Vec<(String, String, Timestamp)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT p.slug, c.text, c.written_at FROM plan_comments c JOIN projects p ON p.id = c.project_id WHERE c.author_id = $1
         UNION ALL
         SELECT p.slug, c.answer, c.answered_at FROM plan_comments c JOIN projects p ON p.id = c.project_id
         WHERE c.answered_by = $1 AND c.answered_at IS NOT NULL
         ORDER BY 3, 1",
    )
    .bind(user_id)
    .fetch_all(conn)
    .await
}

//! SQL of who wrote measurements down.

use crate::infra::db::Conn;
use crate::values::Timestamp;

pub async fn written(
    conn: &mut Conn,
    user_id: &str,
) -> Result<Vec<(String, String, String, String, Timestamp)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT p.slug, w.measured_on, w.note_nl, w.note_en, w.created_at FROM waves w JOIN projects p ON p.id = w.project_id
         WHERE w.author_id = $1 ORDER BY w.created_at, w.id",
    )
    .bind(user_id)
    .fetch_all(conn)
    .await
}

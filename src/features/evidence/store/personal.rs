//! SQL of who sent evidence and who decided about it.

use crate::infra::db::Conn;
use crate::values::Timestamp;

/// Project, title and hash of every file a person sent.
pub async fn sent(conn: &mut Conn, user_id: &str) -> Result<Vec<(String, String, String, Timestamp)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT p.slug, e.title, e.sha256, e.added_at FROM evidence e JOIN projects p ON p.id = e.project_id
         WHERE e.added_by = $1 ORDER BY e.added_at, e.id",
    )
    .bind(user_id)
    .fetch_all(conn)
    .await
}

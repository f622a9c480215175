//! SQL of who said something about a figure.

use crate::infra::db::Conn;
use crate::values::Timestamp;

pub async fn said(conn: &mut Conn, user_id: &str) -> Result<Vec<(String, String, String, Timestamp)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT p.slug, m.kind, m.body, m.at FROM verification_messages m JOIN verifications v ON v.id = m.verification_id
             JOIN projects p ON p.id = v.project_id WHERE m.author_id = $1 ORDER BY m.at, m.id",
    )
    .bind(user_id)
    .fetch_all(conn)
    .await
}

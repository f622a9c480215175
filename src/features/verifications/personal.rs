//! Verifications are of figures and name nobody; known is who wrote a question, an answer or a remark.

use crate::features::verifications::store::personal as rows;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::personal::{Part, Record};

/// What a person said about figures.
pub async fn given(conn: &mut Conn, user_id: &str) -> Result<Vec<Part>> {
    let records = rows::said(conn, user_id).await?.into_iter().map(|(slug, kind, body, at)| {
        Record::new().text("project", slug).text("kind", kind).text("text", body).moment("created_at", at)
    });
    Ok(vec![Part::of("verification_messages", records)])
}

//! Evidence names nobody; known is who sent it.

use crate::features::evidence::store::personal as rows;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::personal::{Part, Record};

/// The files a person sent.
pub async fn given(conn: &mut Conn, user_id: &str) -> Result<Vec<Part>> {
    let records = rows::sent(conn, user_id).await?.into_iter().map(|(slug, title, sha256, at)| {
        Record::new().text("project", slug).text("title", title).text("sha256", sha256).moment("created_at", at)
    });
    Ok(vec![Part::of("evidence_sent", records)])
}

//! Measurements are counts and name nobody; known is who wrote them down.

use crate::features::outcomes::store::personal as rows;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::personal::{Part, Record};

/// The measurements a person wrote down.
pub async fn given(conn: &mut Conn, user_id: &str) -> Result<Vec<Part>> {
    let records = rows::written(conn, user_id).await?.into_iter().map(|(slug, measured_on, nl, en, at)| {
        Record::new()
            .text("project", slug)
            .text("measured_on", measured_on)
            .text("text", if nl.is_empty() { en } else { nl })
            .moment("created_at", at)
    });
    Ok(vec![Part::of("measurements_written", records)])
}

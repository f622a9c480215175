//! Plans that somebody handed in, and what they said about plans.

use crate::features::plans::store::personal as rows;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::personal::{Part, Record};

/// The plans a person handed in, and their remarks and answers.
pub async fn given(conn: &mut Conn, user_id: &str) -> Result<Vec<Part>> {
    let handed_in = rows::handed_in(conn, user_id).await?.into_iter().map(|(slug, number, at)| {
        Record::new().text("project", slug).number("number", number).moment("submitted_at", at)
    });
    let remarks = rows::remarks(conn, user_id).await?.into_iter();
    let remarks =
        remarks.map(|(slug, text, at)| Record::new().text("project", slug).text("text", text).moment("written_at", at));
    Ok(vec![Part::of("plans_handed_in", handed_in), Part::of("plan_remarks", remarks)])
}

//! What a backer chose about a part of a pledge that no result earned.

use crate::features::results::store;
use crate::features::{pledges, projects};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::personal::{Part, Record};

/// The choices of a person.
pub async fn given(conn: &mut Conn, user_id: &str) -> Result<Vec<Part>> {
    let mut records = Vec::new();
    for pledge in pledges::actions::all_of_user(conn, user_id).await? {
        let Some(line) = store::choice_line(conn, &pledge.id).await? else { continue };
        let Some(choice) = line.choice else { continue };
        let project = match &line.project_id {
            Some(id) => projects::actions::get(conn, id).await?.slug,
            None => String::new(),
        };
        records.push(
            Record::new()
                .text("reference", &pledge.reference)
                .word("choice", choice.as_str(), "rest-state")
                .text("project", project)
                .cents("amount_cents", line.amount)
                .moment("chosen_at", line.chosen_at),
        );
    }
    Ok(vec![Part::of("rest_choices", records)])
}

//! What a backer chose when a project nearly reached its threshold.

use crate::features::consents::store;
use crate::features::pledges;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::personal::{Part, Record};

/// The choices of a person.
pub async fn given(conn: &mut Conn, user_id: &str) -> Result<Vec<Part>> {
    let mut records = Vec::new();
    for pledge in pledges::actions::all_of_user(conn, user_id).await? {
        if let Some(chosen) = store::chosen(conn, &pledge.id).await? {
            records.push(
                Record::new()
                    .text("reference", &pledge.reference)
                    .word("choice", chosen.choice.as_str(), "choice-state")
                    .moment("chosen_at", chosen.chosen_at),
            );
        }
    }
    Ok(vec![Part::of("near_miss_choices", records)])
}

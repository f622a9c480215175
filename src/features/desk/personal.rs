//! What is known of somebody of the team here: the lists they kept, and what they did to many things.

use crate::features::desk::store;
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::infra::personal::{Part, Record};

/// The views and runs of a person.
pub async fn given(conn: &mut Conn, user_id: &str) -> Result<Vec<Part>> {
    let views = store::all_views(conn, user_id).await?.into_iter().map(|view| {
        Record::new()
            .text("list", view.list)
            .text("name", view.name)
            .text("query", view.query)
            .moment("created_at", view.created_at)
    });
    let runs = store::runs_of(conn, user_id).await?.into_iter().map(|run| {
        Record::new()
            .word("kind", run.kind.as_str(), "bulk-deed")
            .word("state", run.state.as_str(), "bulk-state")
            .text("reason", run.reason)
            .moment("created_at", run.made_at)
    });
    Ok(vec![Part::of("desk_views", views), Part::of("desk_runs", runs)])
}

/// Removes a person's views.
pub async fn forget(tx: &mut Tx, user_id: &str) -> Result<()> {
    Ok(store::forget_views(tx, user_id).await?)
}

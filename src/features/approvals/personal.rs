//! What somebody proposed and decided, and how what was typed goes when its time is over.

use crate::features::approvals::store::personal as rows;
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::infra::personal::{Part, Record};
use crate::values::Timestamp;

/// The proposals a person made.
pub async fn given(conn: &mut Conn, user_id: &str) -> Result<Vec<Part>> {
    let records = rows::proposed(conn, user_id).await?.into_iter().map(|proposal| {
        Record::new()
            .text("kind", proposal.kind)
            .text("reason", proposal.reason)
            .word("state", proposal.state.as_str(), "proposal-state")
            .moment("proposed_at", proposal.proposed_at)
            .moment("decided_at", proposal.decided_at)
    });
    Ok(vec![Part::of("proposals", records)])
}

/// Empties content and reason of some proposals that were decided before a moment; how many. The hash stays.
pub async fn forget_old(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64> {
    Ok(rows::forget_old(tx, before, limit).await?)
}

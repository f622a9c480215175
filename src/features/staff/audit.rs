//! Entries of the log about what the team takes out of the program.

use crate::infra::Services;
use crate::infra::error::Result;
use crate::infra::history::{self, Action, Entry};

/// Notes that somebody of the team took a list out of the program, before it goes.
pub(super) async fn exported(s: &Services, actor: &str, list: &str, what: &str) -> Result<()> {
    let mut tx = s.db.begin().await?;
    let entry = Entry { subject: "list", subject_id: list, from: "", to: "", actor, reason: what };
    history::note(&mut tx, s.clock.now(), Action::Exported, entry).await?;
    Ok(tx.commit_quietly().await?)
}

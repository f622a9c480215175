//! Notes of waves, which others see once somebody of the team looked at them.
//!
//! | note | what it means for the owner |
//! | --- | --- |
//! | `waiting` | nobody of the team has looked at it; others do not see it |
//! | `shown` | everybody sees it |
//! | `refused` | it is not shown, and the team says why; written anew it waits again |

use crate::features::outcomes::{NoteReview, Refusal, Wave, store};
use crate::features::projects::{self, Project};
use crate::features::users::{self, StaffRole};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::infra::history;
use crate::values::Timestamp;
use crate::values::text::many_lines;

/// The longest reason why a note is not shown, in characters.
const LONGEST_REASON: usize = 500;

/// Notes that wait to be looked at, each with its project's id, the oldest first.
pub async fn waiting(conn: &mut Conn) -> Result<Vec<(String, Wave)>> {
    Ok(store::notes_waiting(conn).await?)
}

/// The wave with this id and its project, if there is one.
pub async fn find(conn: &mut Conn, wave_id: &str) -> Result<Option<(String, Wave)>> {
    Ok(store::wave_by_id(conn, wave_id).await?)
}

/// Everybody may see the note of a wave.
///
/// # Errors
/// Not a checker, or there is no such note any more.
pub async fn show(tx: &mut Tx, wave_id: &str, by: &str, now: Timestamp) -> Result<()> {
    decide(tx, wave_id, NoteReview::Shown, "", by, now).await
}

/// The note of a wave is not shown, or no longer; its owner reads why.
///
/// # Errors
/// No reason, not a checker, or there is no such note any more.
pub async fn refuse(tx: &mut Tx, wave_id: &str, reason: &str, by: &str, now: Timestamp) -> Result<()> {
    let reason = many_lines(reason, LONGEST_REASON).filter(|reason| !reason.is_empty());
    decide(tx, wave_id, NoteReview::Refused, &reason.ok_or(Refusal::NoteReasonMissing)?, by, now).await
}

async fn decide(tx: &mut Tx, wave_id: &str, to: NoteReview, reason: &str, by: &str, now: Timestamp) -> Result<()> {
    let (project_id, _) = store::wave_by_id(tx, wave_id).await?.ok_or(Refusal::NoNote)?;
    let project = projects::actions::lock(tx, &project_id).await?;
    require_checker(tx, &project, by).await?;
    let (_, wave) = store::wave_by_id(tx, wave_id).await?.ok_or(Refusal::NoNote)?;
    let from = wave.note_review;
    if !wave.has_note() || from == to || !store::decide_note(tx, wave_id, (from, to), reason, by, now).await? {
        return Err(Refusal::NoNote.into());
    }
    let (from, to) = (from.as_str(), to.as_str());
    let entry = history::Entry { subject: "note", subject_id: wave_id, from, to, actor: by, reason };
    Ok(history::record(tx, now, entry).await?)
}

/// Whoever looks at what a project tells of its outcomes: an expert or reviewer who belongs to no organisation that carries it out. Rights
/// are read again where they are used.
///
/// # Errors
/// [`Refusal::NotChecker`] or [`Refusal::OwnProject`].
pub async fn require_checker(conn: &mut Conn, project: &Project, user_id: &str) -> Result<()> {
    let roles = users::actions::roles(conn, user_id).await?;
    if !roles.contains(&StaffRole::Expert) && !roles.contains(&StaffRole::Reviewer) {
        return Err(Refusal::NotChecker.into());
    }
    match projects::actions::related(conn, project, user_id).await? {
        Some(name) => Err(Refusal::OwnProject { name }.into()),
        None => Ok(()),
    }
}

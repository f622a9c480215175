//! What of a project waits for its owner, and the letter that reminds them of it: a plan that was sent back, and questions about figures.
//! Owners of one project are reminded at most once a day, by whomever of the team.

use crate::features::desk::Refusal;
use crate::features::desk::letters::REMINDER;
use crate::features::projects::{Project, ProjectState};
use crate::features::verifications::{self, VerificationState};
use crate::features::{organisations, projects};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::infra::{history, letters};
use crate::values::Timestamp;

/// What waits for the owners of a project.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waiting {
    /// The plan was sent back with remarks.
    pub plan: bool,
    /// Questions about figures.
    pub questions: usize,
}

impl Waiting {
    pub fn is_nothing(self) -> bool {
        self == Waiting::default()
    }
}

/// What waits now.
pub async fn waiting(conn: &mut Conn, project: &Project) -> Result<Waiting> {
    let figures = verifications::actions::of_project(conn, &project.id).await?;
    let questions = figures.iter().filter(|one| one.state == VerificationState::Asked).count();
    Ok(Waiting { plan: project.state == ProjectState::Returned, questions })
}

/// Queues a letter to every owner of a project.
///
/// # Errors
/// A [`Refusal`]: nothing waits for them, or they were reminded today.
pub async fn remind(tx: &mut Tx, project_id: &str, by: &str, reason: &str, now: Timestamp) -> Result<()> {
    projects::actions::find(tx, project_id).await?.ok_or(Refusal::Gone)?;
    let project = projects::actions::lock(tx, project_id).await?;
    if waiting(tx, &project).await?.is_nothing() {
        return Err(Refusal::NothingWaits.into());
    }
    let cause = format!("{project_id}/{}", now.day());
    if !letters::counts_of(tx, REMINDER, &cause).await?.is_empty() {
        return Err(Refusal::RemindedToday.into());
    }
    let owners = organisations::actions::owners(tx, &project.organisation_id).await?;
    letters::queue_many(tx, now, REMINDER, &cause, &owners).await?;
    let (from, to) = (project.state.as_str(), "reminded");
    let entry = history::Entry { subject: "project", subject_id: project_id, from, to, actor: by, reason };
    Ok(history::record(tx, now, entry).await?)
}

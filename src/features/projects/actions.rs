//! What can be done with projects.

use crate::features::projects::{Project, ProjectState, store};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::history;
use crate::values::Timestamp;

/// The project with this id; it must be there.
pub async fn get(conn: &mut Conn, id: &str) -> Result<Project> {
    store::by_id(conn, id).await?.ok_or_else(|| Error::broken(format!("no project {id}")))
}

/// The project with this slug, whatever its state.
pub async fn by_slug(conn: &mut Conn, slug: &str) -> Result<Option<Project>> {
    Ok(store::by_slug(conn, slug).await?)
}

/// The project with this slug when everybody may see it.
pub async fn public_by_slug(conn: &mut Conn, slug: &str) -> Result<Option<Project>> {
    Ok(store::by_slug(conn, slug).await?.filter(|project| project.state.is_public()))
}

/// All projects of a round, by number.
pub async fn of_round(conn: &mut Conn, round_id: &str) -> Result<Vec<Project>> {
    Ok(store::of_round(conn, round_id).await?)
}

/// Moves a project to another state and records who did it and why.
///
/// # Errors
/// `Broken` when the life cycle has no such step or the project was not in that state.
pub async fn move_to(
    tx: &mut Tx,
    project: &Project,
    to: ProjectState,
    actor: &str,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    if !project.state.may_become(to) || !store::move_to(tx, &project.id, project.state, to, now).await? {
        return Err(Error::broken(format!("project {} cannot go from {} to {to}", project.id, project.state)));
    }
    let entry = history::Entry {
        subject: "project",
        subject_id: &project.id,
        from: project.state.as_str(),
        to: to.as_str(),
        actor,
        reason,
    };
    Ok(history::record(tx, now, entry).await?)
}

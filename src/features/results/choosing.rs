//! What a backer chooses about a part that no result earned, by the rule of a round that lets them choose.

use crate::features::projects::{self, Filter, Project, ProjectState};
use crate::features::results::{CARRY_OUT, Choice, ChoiceLine, NoChoice, STANDS_HOURS, store};
use crate::features::{pledges, rounds};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::infra::{history, jobs};
use crate::values::{Cents, Timestamp};

/// A project to which a part can move.
#[derive(Debug, Clone)]
pub struct Target {
    pub project: Project,
    /// What can still be pledged for it.
    pub room: Cents,
    /// What of the part goes there; the odd cents go back.
    pub amount: Cents,
}

/// The part of a pledge that its backer chooses, or chose, about; nothing by any other rule.
pub async fn of_pledge(conn: &mut Conn, pledge_id: &str) -> Result<Option<ChoiceLine>> {
    Ok(store::choice_line(conn, pledge_id).await?)
}

/// The other parts of the same backer in the same release.
pub async fn others(conn: &mut Conn, line: &ChoiceLine) -> Result<Vec<ChoiceLine>> {
    let mut lines = store::lines_of_backer(conn, &line.release_id, &line.pledge_id).await?;
    lines.retain(|other| other.pledge_id != line.pledge_id);
    Ok(lines)
}

/// When a choice made now is carried out: it stands for a day, or until the time to choose is over.
pub fn stands_until(line: &ChoiceLine, now: Timestamp) -> Timestamp {
    now.plus_seconds(STANDS_HOURS * 3_600).min(line.choose_until)
}

/// The projects to which a part can move: those that sell now and still when the choice is carried out, and have room for it.
pub async fn targets(conn: &mut Conn, line: &ChoiceLine, now: Timestamp) -> Result<Vec<Target>> {
    let mut found = Vec::new();
    let filter = Filter { state: ProjectState::Listed.to_string(), ..Filter::default() };
    for listing in projects::actions::listing(conn, &filter).await? {
        if let Some(target) = target(conn, line, &listing.id, now).await? {
            found.push(target);
        }
    }
    found.sort_by_key(|target| target.project.number);
    Ok(found)
}

async fn target(conn: &mut Conn, line: &ChoiceLine, project_id: &str, now: Timestamp) -> Result<Option<Target>> {
    let project = projects::actions::get(conn, project_id).await?;
    let sells_now =
        project.state == ProjectState::Listed && rounds::actions::get(conn, &project.round_id).await?.sells_at(now);
    let then = stands_until(line, now);
    let fits = pledges::actions::fits(conn, project_id, line.amount, then).await?;
    let Ok((amount, ..)) = fits else { return Ok(None) };
    let room = pledges::actions::standing(conn, project_id).await?.available();
    Ok(sells_now.then_some(Target { project, room, amount }))
}

/// Notes a choice: back, or to this project. The same once more changes nothing, and does not begin its day anew.
///
/// # Errors
/// A [`NoChoice`].
pub async fn choose(tx: &mut Tx, pledge_id: &str, project_id: Option<&str>, now: Timestamp) -> Result<()> {
    let Some(line) = store::choice_line(tx, pledge_id).await? else { return Err(NoChoice::Nothing.into()) };
    store::lock(tx, &line.release_id).await?;
    let line = store::choice_line(tx, pledge_id).await?.unwrap_or(line);
    if !line.is_open_at(now) {
        return Err(NoChoice::TooLate.into());
    }
    let choice = if project_id.is_some() { Choice::Move } else { Choice::Back };
    if line.choice == Some(choice) && line.project_id.as_deref() == project_id {
        return Ok(());
    }
    if let Some(project_id) = project_id
        && target(tx, &line, project_id, now).await?.is_none()
    {
        return Err(NoChoice::NotThere.into());
    }
    store::choose(tx, &line, choice, project_id, now).await?;
    let pledge = pledges::actions::get(tx, pledge_id).await?;
    let from = line.choice.map_or("", Choice::as_str);
    let (subject, to, reason) = ("rest", choice.as_str(), project_id.unwrap_or_default());
    let entry = history::Entry { subject, subject_id: pledge_id, from, to, actor: &pledge.user_id, reason };
    history::record(tx, now, entry).await?;
    Ok(jobs::enqueue(tx, now, CARRY_OUT, &line.release_id, stands_until(&line, now)).await?)
}

//! What an owner changes of a project while it is a plan. A change begins with [`begin`] and ends with [`saved`]; in between it
//! writes the parts. Nothing of this can be done to a project that was handed in.

use crate::features::organisations;
use crate::features::projects::store::plan as rows;
use crate::features::projects::{
    BudgetLine, PlanningStep, Project, Refusal, Term, TermKind, Texts, actions, search_text, store,
};
use crate::infra::db::Tx;
use crate::infra::error::Result;
use crate::values::{Rikx, Timestamp};

/// Who changes which project, and what it looked like to them.
#[derive(Debug, Clone, Copy)]
pub struct Change<'a> {
    pub project_id: &'a str,
    /// The project's `updated_at` when the form was opened.
    pub version: Timestamp,
    /// A user's id.
    pub actor: &'a str,
    pub now: Timestamp,
}

/// Locks the project and reads it.
///
/// # Errors
/// `ChangedMeanwhile` when it was saved since the form was opened, `PlanFixed` when it is no plan in its owner's hands.
pub async fn begin(tx: &mut Tx, change: Change<'_>) -> Result<Project> {
    let project = actions::lock(tx, change.project_id).await?;
    if !project.state.plan_may_change() {
        return Err(Refusal::PlanFixed.into());
    }
    if project.updated_at != change.version {
        return Err(Refusal::ChangedMeanwhile.into());
    }
    Ok(project)
}

/// Ends a change: a new version of the row, findable by its new words, and on record. `what` names the part.
pub async fn saved(tx: &mut Tx, change: Change<'_>, what: &str) -> Result<()> {
    let project = actions::get(tx, change.project_id).await?;
    let organisation = organisations::actions::get(tx, &project.organisation_id).await?;
    let terms = store::terms_of(tx, &project.id).await?;
    let search = search_text(&Texts::of(&project), &organisation.name, &terms.iter().collect::<Vec<_>>());
    rows::touch(tx, &project.id, &search, actions::next_version(&project, change.now)).await?;
    actions::note_change(tx, &project, change.actor, what, change.now).await
}

/// Replaces the terms of these lists by the chosen ones.
pub async fn set_terms(tx: &mut Tx, project: &Project, kinds: &[TermKind], chosen: &[&Term]) -> Result<()> {
    for kind in kinds {
        rows::delete_terms(tx, &project.id, *kind).await?;
    }
    for term in chosen.iter().filter(|term| kinds.contains(&term.kind)) {
        store::add_term(tx, &project.id, term.kind, &term.code).await?;
    }
    Ok(())
}

pub async fn set_participants(tx: &mut Tx, project: &Project, participants: i64) -> Result<()> {
    Ok(rows::set_participants(tx, &project.id, participants).await?)
}

/// Replaces start, duration and steps. `start_day` may be empty: not known yet.
pub async fn set_planning(
    tx: &mut Tx,
    project: &Project,
    start_day: &str,
    months: i64,
    steps: &[PlanningStep],
) -> Result<()> {
    rows::set_dates(tx, &project.id, start_day, months).await?;
    rows::delete_steps(tx, &project.id).await?;
    for (position, step) in (1..).zip(steps) {
        store::add_step(tx, &project.id, position, step).await?;
    }
    Ok(())
}

pub async fn set_budget(tx: &mut Tx, project: &Project, lines: &[BudgetLine]) -> Result<()> {
    rows::delete_budget(tx, &project.id).await?;
    for (position, line) in (1..).zip(lines) {
        store::add_budget_line(tx, &project.id, position, line).await?;
    }
    Ok(())
}

/// Impact value and threshold as the owner asks for them, until experts have valued the plan.
pub async fn set_asked(tx: &mut Tx, project: &Project, impact: Rikx, threshold: Rikx) -> Result<()> {
    Ok(rows::set_asked(tx, &project.id, impact, threshold).await?)
}

pub async fn set_round(tx: &mut Tx, project: &Project, round_id: &str) -> Result<()> {
    Ok(rows::set_round(tx, &project.id, round_id).await?)
}

/// The number of the next project; until the end of the transaction nobody else is given one.
pub async fn next_number(tx: &mut Tx) -> Result<i64> {
    rows::lock_numbers(tx).await?;
    Ok(store::highest_number(tx).await? + 1)
}

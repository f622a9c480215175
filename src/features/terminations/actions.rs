//! Deciding to stop a project: one treasurer proposes, another approves.

use crate::features::approvals::{self, Asked, Decider, Proposal};
use crate::features::ledger::{self, Account, Check};
use crate::features::payments::disputes;
use crate::features::projects::{Project, ProjectState};
use crate::features::terminations::{CARRY_OUT, Line, Plan, Refusal, STOP, Termination, store};
use crate::features::{match_funds, organisations, payouts, pledges, projects, settlement};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::{jobs, letters, random};
use crate::values::{Cents, Timestamp};

/// What would go back if the project were stopped now.
pub async fn plan(conn: &mut Conn, project: &Project) -> Result<Plan> {
    let disputed = disputes::of_project(conn, &project.id).await?;
    let mut kept = pledges::actions::released_of_project(conn, &project.id).await?;
    kept.retain(|(pledge_id, _)| !disputed.contains(pledge_id));
    let start = payouts::actions::payable(conn, &project.id, &project.organisation_id).await?.left();
    let result = ledger::actions::balance(conn, &Account::ResultMoney(project.id.clone())).await?.negated();
    let matches = match_funds::actions::released_of_project(conn, &project.id).await?;
    let matches: Vec<(String, Cents)> = matches.into_iter().map(|one| (one.id.clone(), one.kept())).collect();
    Ok(Plan::of(start, result, &kept, &matches))
}

/// The hash that is shown, posted back and compared.
pub fn hash_of(project_id: &str, plan: &Plan) -> String {
    approvals::actions::hash(STOP, project_id, &plan.content())
}

/// Why a project cannot be stopped now; nothing when it can.
///
/// # Errors
/// The database.
pub async fn obstacle(conn: &mut Conn, project: &Project) -> Result<Option<Refusal>> {
    use ProjectState::{Funded, Reporting, Running};
    if !matches!(project.state, Funded | Running | Reporting) {
        return Ok(Some(Refusal::NotFunded));
    }
    if !settlement::actions::is_carried_out(conn, &project.id).await? {
        return Ok(Some(Refusal::StillClosing));
    }
    if payouts::actions::has_open_tranches(conn, &project.id).await? {
        return Ok(Some(Refusal::TranchesOpen));
    }
    Ok(None)
}

/// A treasurer proposes to stop a project; backers and owners will read the reason.
///
/// # Errors
/// A [`Refusal`], or one of the approvals.
pub async fn propose(tx: &mut Tx, by: Decider<'_>, project_id: &str, reason: &str, now: Timestamp) -> Result<Proposal> {
    let project = lock(tx, project_id).await?;
    let content = plan(tx, &project).await?.content();
    let asked = Asked { kind: STOP, subject_id: project_id, content: &content, reason };
    approvals::actions::propose(tx, by, asked, now).await
}

/// Another treasurer approves exactly this list: the project is stopped, and the refunds begin.
///
/// # Errors
/// A [`Refusal`], or one of the approvals.
pub async fn approve(tx: &mut Tx, by: Decider<'_>, project_id: &str, hash: &str, now: Timestamp) -> Result<()> {
    let project = lock(tx, project_id).await?;
    let plan = plan(tx, &project).await?;
    let approved = approvals::actions::approve(tx, by, (STOP, project_id), hash, &plan.content(), now).await?;
    let termination = Termination {
        id: random::id("ter", now),
        project_id: project_id.to_owned(),
        hash: approved.hash,
        reason: approved.reason,
        start: plan.start(),
        result: plan.result(),
        match_start: plan.to_funds().0,
        match_result: plan.to_funds().1,
        proposed_by: approved.proposed_by,
        approved_by: by.user_id.to_owned(),
        approved_at: now,
        finished_at: None,
    };
    store::insert(tx, &termination, &plan).await?;
    projects::actions::move_to(tx, &project, ProjectState::Terminated, by.user_id, &termination.reason, now).await?;
    let owners = organisations::actions::owners(tx, &project.organisation_id).await?;
    letters::queue_many(tx, now, "project_stopped", &termination.id, &owners).await?;
    Ok(jobs::enqueue(tx, now, CARRY_OUT, &termination.id, now).await?)
}

/// A treasurer takes the proposal back.
///
/// # Errors
/// One of the approvals.
pub async fn withdraw(tx: &mut Tx, by: Decider<'_>, project_id: &str, reason: &str, now: Timestamp) -> Result<()> {
    approvals::actions::withdraw(tx, by, (STOP, project_id), reason, now).await
}

/// Locks project and payable money, so that nothing is given out meanwhile.
async fn lock(tx: &mut Tx, project_id: &str) -> Result<Project> {
    let owed_to = projects::actions::get(tx, project_id).await?.organisation_id;
    payouts::actions::lock_payable(tx, project_id, &owed_to).await?;
    let project = projects::actions::lock(tx, project_id).await?;
    match obstacle(tx, &project).await? {
        Some(refusal) => Err(refusal.into()),
        None => Ok(project),
    }
}

/// The termination with this id; it must be there.
pub async fn get(conn: &mut Conn, id: &str) -> Result<Termination> {
    store::by_id(conn, id).await?.ok_or_else(|| Error::broken(format!("no termination {id}")))
}

/// The termination of a project, when it was stopped.
pub async fn of_project(conn: &mut Conn, project_id: &str) -> Result<Option<Termination>> {
    Ok(store::of_project(conn, project_id).await?)
}

/// How many backers get money back, and for how many the refund is due or done.
pub async fn progress(conn: &mut Conn, id: &str) -> Result<(i64, i64)> {
    Ok(store::counts(conn, id).await?)
}

/// Checks that what goes back of stopped projects is what two people approved.
pub async fn verify(conn: &mut Conn) -> Result<Vec<Check>> {
    let all = store::all(conn).await?;
    let checked = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let mut other = Vec::new();
    for termination in all {
        let line = |(id, start, result): (String, Cents, Cents)| Line { id, start, result };
        let mut plan = Plan {
            lines: store::lines(conn, &termination.id).await?.into_iter().map(line).collect(),
            matches: store::matches(conn, &termination.id).await?.into_iter().map(line).collect(),
        };
        plan.lines.sort_by(|a, b| a.id.cmp(&b.id));
        plan.matches.sort_by(|a, b| a.id.cmp(&b.id));
        let sums = (plan.start(), plan.result()) == (termination.start, termination.result)
            && plan.to_funds() == (termination.match_start, termination.match_result);
        if hash_of(&termination.project_id, &plan) != termination.hash || !sums {
            other.push(termination.id);
        }
    }
    let mut apart: Vec<String> = store::lines_apart(conn).await?.into_iter().map(|(id,)| id).collect();
    apart.extend(store::matches_apart(conn).await?.into_iter().map(|(id,)| id));
    Ok(vec![
        Check { name: "I9", what: "a stopped project's list is the one that was approved", checked, offending: other },
        Check { name: "I9", what: "each of its lines was carried out as decided", checked, offending: apart },
    ])
}

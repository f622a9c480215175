//! What can be done with a plan: writing and fixing it, reporting a milestone, proposing to pay a part.

use crate::features::approvals::{self, Asked, Decider};
use crate::features::organisations::{self, members, registration};
use crate::features::payouts::actions::{self, set_aside, tell_owners};
use crate::features::payouts::plan::{
    Followed, NewPart, PLAN, PartStanding, Plan, PlanState, WaitsFor, content, fixed, followed, open, parts_of,
};
use crate::features::payouts::{ConnectedState, Refusal, accounts, connected, store};
use crate::features::projects::{self, Project};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::infra::{history, random};
use crate::values::text::many_lines;
use crate::values::{Cents, Timestamp};

/// The longest word of an owner on a milestone, in characters.
const LONGEST_REPORT: usize = 1_000;

/// Writes a plan over all that can be given out, in place of one that was only drafted. An owner's waits for a treasurer.
///
/// # Errors
/// The project is not funded, nothing is left, the parts are not the whole, or treasurers decide on a plan just now.
pub async fn write(tx: &mut Tx, project_id: &str, by: &str, parts: &[NewPart], now: Timestamp) -> Result<Plan> {
    let project = locked(tx, project_id).await?;
    let left = actions::payable(tx, project_id, &project.organisation_id).await?.left();
    if !project.state.is_paid() || left == Cents::ZERO {
        return Err(Refusal::PlanNotPossible.into());
    }
    if parts.is_empty() || parts.iter().any(|part| part.amount <= Cents::ZERO) || sum_of(parts) != Some(left) {
        return Err(Refusal::PlanOutdated.into());
    }
    match open(tx, project_id).await? {
        Some(old) if old.state == PlanState::Drafted => step(tx, &old, PlanState::Withdrawn, by, "", now).await?,
        Some(_) => return Err(Refusal::PlanOpen.into()),
        None => {}
    }
    let plan = Plan {
        id: random::id("pln", now),
        project_id: project_id.to_owned(),
        state: PlanState::Drafted,
        amount: left,
        written_by: by.to_owned(),
        written_at: now,
        fixed_at: None,
    };
    store::insert_plan(tx, &plan).await?;
    for (position, part) in (1..).zip(parts) {
        store::insert_part(tx, &plan.id, position, part).await?;
    }
    record(tx, &plan.id, "", PlanState::Drafted, by, "", now).await?;
    Ok(plan)
}

fn sum_of(parts: &[NewPart]) -> Option<Cents> {
    parts.iter().try_fold(Cents::ZERO, |sum, part| sum.checked_add(part.amount))
}

/// An owner suggests a plan.
///
/// # Errors
/// As [`write`], or no owner.
pub async fn suggest(tx: &mut Tx, project_id: &str, by: &str, parts: &[NewPart], now: Timestamp) -> Result<()> {
    let project = projects::actions::get(tx, project_id).await?;
    members::require_owner(tx, &project.organisation_id, by).await?;
    write(tx, project_id, by, parts, now).await.map(|_| ())
}

/// A treasurer proposes the plan that is written.
///
/// # Errors
/// A refusal of `approvals`, none is written, or something was given out since.
pub async fn propose(tx: &mut Tx, by: Decider<'_>, project_id: &str, reason: &str, now: Timestamp) -> Result<()> {
    let project = locked(tx, project_id).await?;
    let plan = open(tx, project_id).await?.ok_or(Refusal::NoPlan)?;
    still_whole(tx, &project, &plan).await?;
    let content = content(&plan, &parts_of(tx, &plan.id).await?);
    let asked = Asked { kind: PLAN, subject_id: project_id, content: &content, reason };
    let proposal = approvals::actions::propose(tx, by, asked, now).await?;
    if plan.state == PlanState::Drafted {
        step(tx, &plan, PlanState::Proposed, by.user_id, &proposal.reason, now).await?;
    }
    Ok(())
}

/// Another treasurer fixes the plan; it takes the place of the one before. The organisation's owners are told.
///
/// # Errors
/// A refusal of `approvals`, none is proposed, or something was given out since.
pub async fn approve(tx: &mut Tx, by: Decider<'_>, project_id: &str, hash: &str, now: Timestamp) -> Result<()> {
    let project = locked(tx, project_id).await?;
    let plan = open(tx, project_id).await?.filter(|plan| plan.state == PlanState::Proposed).ok_or(Refusal::NoPlan)?;
    let content = content(&plan, &parts_of(tx, &plan.id).await?);
    approvals::actions::approve(tx, by, (PLAN, project_id), hash, &content, now).await?;
    still_whole(tx, &project, &plan).await?;
    if let Some(old) = fixed(tx, project_id).await? {
        step(tx, &old, PlanState::Replaced, by.user_id, "", now).await?;
    }
    step(tx, &plan, PlanState::Fixed, by.user_id, "", now).await?;
    tell_owners(tx, &project.organisation_id, "plan_fixed", &plan.id, now).await
}

/// A treasurer takes the written plan back, proposed or not.
///
/// # Errors
/// No reason, not a treasurer, or none is written.
pub async fn withdraw(tx: &mut Tx, by: Decider<'_>, project_id: &str, reason: &str, now: Timestamp) -> Result<()> {
    locked(tx, project_id).await?;
    let plan = open(tx, project_id).await?.ok_or(Refusal::NoPlan)?;
    let reason = approvals::actions::withdraw_if_open(tx, by, (PLAN, project_id), reason, now).await?;
    step(tx, &plan, PlanState::Withdrawn, by.user_id, &reason, now).await
}

/// Refuses a plan that is not over exactly what can be given out now.
async fn still_whole(conn: &mut Conn, project: &Project, plan: &Plan) -> Result<()> {
    let left = actions::payable(conn, &project.id, &project.organisation_id).await?.left();
    if project.state.is_paid() && left == plan.amount { Ok(()) } else { Err(Refusal::PlanOutdated.into()) }
}

/// An owner reports that a milestone is reached: with a word, and the number of the update that tells more. Until the part is decided on,
/// the word can be written anew.
///
/// # Errors
/// No owner, no such milestone in the fixed plan, given out already, or no word.
pub async fn report(
    tx: &mut Tx,
    project_id: &str,
    position: i64,
    by: &str,
    (word, update_number): (&str, Option<i64>),
    now: Timestamp,
) -> Result<()> {
    let project = locked(tx, project_id).await?;
    members::require_owner(tx, &project.organisation_id, by).await?;
    let word = many_lines(word, LONGEST_REPORT).filter(|word| !word.is_empty()).ok_or(Refusal::WordMissing)?;
    let (plan, followed) = part_of(tx, project_id, position, now).await?;
    if followed.part.waits_for != WaitsFor::Milestone {
        return Err(Refusal::NoPlan.into());
    }
    if !followed.is_open() {
        return Err(Refusal::PartGiven.into());
    }
    store::report_part(tx, &plan.id, position, (&word, update_number), by, now).await?;
    let subject_id = format!("{}/{position}", plan.id);
    let (from, to) = (followed.standing.as_str(), "reported");
    let entry = history::Entry { subject: "payout_part", subject_id: &subject_id, from, to, actor: by, reason: &word };
    Ok(history::record(tx, now, entry).await?)
}

/// A treasurer proposes to pay a part that is ready. Answers the decision's id.
///
/// # Errors
/// Not ready, given out already, its organisation cannot be paid yet, or a refusal of [`actions::propose`].
pub async fn propose_part(
    tx: &mut Tx,
    by: Decider<'_>,
    project_id: &str,
    position: i64,
    reason: &str,
    now: Timestamp,
) -> Result<String> {
    approvals::actions::require_treasurer(tx, by).await?;
    let project = locked(tx, project_id).await?;
    let (plan, followed) = part_of(tx, project_id, position, now).await?;
    match followed.standing {
        PartStanding::Ready => {}
        PartStanding::Waits => return Err(Refusal::PartNotReady.into()),
        _ => return Err(Refusal::PartGiven.into()),
    }
    require_payable(tx, &project).await?;
    let decision_id = set_aside(tx, by, &project, followed.part.amount, reason, now).await?;
    store::give_part(tx, &plan.id, position, &decision_id).await?;
    Ok(decision_id)
}

/// Refuses while the project's organisation cannot be paid: nobody looked it up yet, or it has no account that was checked.
///
/// # Errors
/// `organisations::Refusal::NotConfirmed`, [`Refusal::AccountNotVerified`].
pub async fn require_payable(conn: &mut Conn, project: &Project) -> Result<()> {
    let organisation_id = &project.organisation_id;
    registration::require_confirmed(conn, organisation_id).await?;
    let connected = connected::of(conn, organisation_id).await?;
    if connected.is_some_and(|connected| connected.state == ConnectedState::Verified)
        || accounts::verified(conn, organisation_id).await?.is_some()
    {
        return Ok(());
    }
    Err(Refusal::AccountNotVerified.into())
}

/// Why the project's organisation cannot be paid now: the key of a sentence.
pub async fn obstacle(conn: &mut Conn, project: &Project) -> Result<Option<&'static str>> {
    use crate::infra::error::Refusal as _;
    let Err(error) = require_payable(conn, project).await else { return Ok(None) };
    match (error.refusal::<Refusal>(), error.refusal::<organisations::Refusal>()) {
        (Some(refusal), _) => Ok(Some(refusal.key())),
        (_, Some(refusal)) => Ok(Some(refusal.key())),
        _ => Err(error),
    }
}

async fn part_of(conn: &mut Conn, project_id: &str, position: i64, now: Timestamp) -> Result<(Plan, Followed)> {
    let plan = fixed(conn, project_id).await?.ok_or(Refusal::NoPlan)?;
    let parts = followed(conn, &plan.id, now).await?;
    let followed = parts.into_iter().find(|followed| followed.part.position == position).ok_or(Refusal::NoPlan)?;
    Ok((plan, followed))
}

/// The project, when what is decided about its money takes turns.
async fn locked(tx: &mut Tx, project_id: &str) -> Result<Project> {
    let organisation_id = projects::actions::get(tx, project_id).await?.organisation_id;
    store::lock_totals(tx, project_id, &organisation_id).await?;
    // read once more: whoever stopped the project meanwhile was waited for
    projects::actions::get(tx, project_id).await
}

async fn step(tx: &mut Tx, plan: &Plan, to: PlanState, actor: &str, reason: &str, now: Timestamp) -> Result<()> {
    if !plan.state.may_become(to) || !store::move_plan(tx, &plan.id, plan.state, to, now).await? {
        return Err(Refusal::NoPlan.into());
    }
    record(tx, &plan.id, plan.state.as_str(), to, actor, reason, now).await
}

async fn record(
    tx: &mut Tx,
    id: &str,
    from: &str,
    to: PlanState,
    actor: &str,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    let entry = history::Entry { subject: "payout_plan", subject_id: id, from, to: to.as_str(), actor, reason };
    Ok(history::record(tx, now, entry).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_goes_only_where_its_table_says() {
        use PlanState::{Drafted, Fixed, Proposed, Replaced, Withdrawn};
        let allowed =
            [(Drafted, Proposed), (Drafted, Withdrawn), (Proposed, Fixed), (Proposed, Withdrawn), (Fixed, Replaced)];
        for from in PlanState::ALL {
            for to in PlanState::ALL {
                assert_eq!(from.may_become(*to), allowed.contains(&(*from, *to)), "{from} to {to}");
            }
        }
    }
}

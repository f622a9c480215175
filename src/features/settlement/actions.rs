//! What can be done to close a round, and what can be asked about it.
//!
//! Locks are taken in one order everywhere: the round, its settlement, the totals of its projects by id.

use crate::features::consents;
use crate::features::payments::refunds;
use crate::features::projects::ProjectState;
use crate::features::rounds::{Round, RoundState};
pub use crate::features::settlement::reading::{
    all_of_round, decision_of, decisions, decisions_by, decisions_of_round, fresh_plan, get, in_state, is_carried_out,
    of_round, readiness,
};
use crate::features::settlement::{
    Decision, EXECUTE, Effect, LONGEST_REASON, PROPOSAL_SECONDS, Plan, Refusal, Settlement, SettlementState, Treasurer,
    store,
};
use crate::features::users::{self, StaffRole};
use crate::features::{payments, pledges, projects, rounds};
use crate::infra::db::Tx;
use crate::infra::error::{Error, Result};
use crate::infra::{Services, history, jobs, random};
use crate::values::Timestamp;
use crate::values::text::many_lines;

/// Begins the closing of every round whose instant has come. Answers how many.
pub async fn begin_due(s: &Services) -> Result<usize> {
    let now = s.clock.now();
    let due = |round: &Round| round.state == RoundState::Selling && round.closes_at <= now;
    let waiting: Vec<Round> = rounds::actions::all(&mut *s.db.read().await?).await?.into_iter().filter(due).collect();
    let mut begun = 0;
    for round in waiting {
        let mut tx = s.db.begin().await?;
        let round = rounds::actions::lock(&mut tx, &round.id).await?;
        if due(&round) && close_sale(&mut tx, &round, "schedule", "the closing instant has come", now).await? {
            tx.commit().await?;
            begun += 1;
        }
    }
    Ok(begun)
}

/// A treasurer ends the sale of a round before its closing instant.
///
/// # Errors
/// A [`Refusal`]: no reason, not a treasurer, or the round does not sell (any more).
pub async fn begin(s: &Services, round_id: &str, by: Treasurer<'_>, reason: &str) -> Result<()> {
    let reason = checked_reason(reason)?;
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let round = rounds::actions::lock(&mut tx, round_id).await?;
    require_treasurer(&mut tx, by).await?;
    if round.state != RoundState::Selling || !close_sale(&mut tx, &round, by.user_id, &reason, now).await? {
        return Err(Refusal::NotSelling.into());
    }
    Ok(tx.commit().await?)
}

/// Selling → closing. The totals of all projects are locked, so that whoever reserves or pays at this moment is waited for, and
/// sees the closed round when the locks are free. Open sessions are ended by the jobs that this asks for.
async fn close_sale(tx: &mut Tx, round: &Round, actor: &str, reason: &str, now: Timestamp) -> Result<bool> {
    if !rounds::actions::move_on(tx, round, actor, reason, now).await? {
        return Ok(false);
    }
    lock_projects(tx, &round.id).await?;
    payments::actions::check_round(tx, &round.id, now).await?;
    Ok(true)
}

/// Locks the totals of all projects of a round, by id.
async fn lock_projects(tx: &mut Tx, round_id: &str) -> Result<()> {
    let mut ids: Vec<String> =
        projects::actions::of_round(tx, round_id).await?.into_iter().map(|project| project.id).collect();
    ids.sort();
    for id in ids {
        pledges::actions::lock_project(tx, &id).await?;
    }
    Ok(())
}

/// A treasurer proposes the plan with this hash. What is not ready is accepted by the reason, and recorded with it.
///
/// # Errors
/// A [`Refusal`]: the round is not closing, the hash is not that of the plan as it is now, or a proposal waits already. An older
/// proposal that is too late or of another plan gives way to this one.
pub async fn propose(s: &Services, round_id: &str, by: Treasurer<'_>, hash: &str, reason: &str) -> Result<Settlement> {
    let reason = checked_reason(reason)?;
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let round = rounds::actions::lock(&mut tx, round_id).await?;
    require_treasurer(&mut tx, by).await?;
    let latest = store::latest_of_round(&mut tx, round_id).await?;
    let is_running = |latest: &Settlement| match latest.state {
        SettlementState::Executing | SettlementState::Paused => true,
        SettlementState::Done => round.state != RoundState::Closing,
        SettlementState::Proposed | SettlementState::Expired => false,
    };
    if latest.as_ref().is_some_and(is_running) {
        return Err(Refusal::AlreadyApproved.into());
    }
    if round.state != RoundState::Closing {
        return Err(Refusal::NotClosing.into());
    }
    let plan = fresh_plan(&mut tx, &round).await?;
    let is_later = latest.as_ref().is_some_and(|latest| latest.state == SettlementState::Done);
    if is_later && plan.projects.is_empty() {
        return Err(Refusal::NothingDue.into());
    }
    let open = latest.filter(|latest| latest.state == SettlementState::Proposed);
    if plan.hash != hash {
        return Err(Refusal::Outdated.into());
    }
    if let Some(open) = open {
        if open.hash == hash && open.expires_at > now {
            return Err(Refusal::AlreadyProposed.into());
        }
        let why = if open.hash == hash { "nobody approved it in time" } else { "the plan is another one by now" };
        expire(&mut tx, &open, by.user_id, why, now).await?;
    }
    let accepted = readiness(&mut tx, &round, &plan).await?;
    let proposal = Settlement {
        id: random::id("stl", now),
        round_id: round_id.to_owned(),
        state: SettlementState::Proposed,
        hash: plan.hash,
        reason,
        proposed_by: by.user_id.to_owned(),
        proposed_at: now,
        expires_at: now.plus_seconds(PROPOSAL_SECONDS),
        approved_by: None,
        approved_at: None,
        finished_at: None,
    };
    store::insert(&mut tx, &proposal).await?;
    let mut note = proposal.reason.clone();
    for (name, count, _) in accepted.parts().iter().filter(|(_, count, _)| *count > 0) {
        note.push_str(&format!(" [{name}: {count}]"));
    }
    record(&mut tx, now, &proposal.id, "", proposal.state, by.user_id, &note).await?;
    tx.commit().await?;
    Ok(proposal)
}

/// Another treasurer approves what was proposed. The plan is computed again under locks; when it still has this hash it is frozen,
/// the projects are decided and the job is asked for, all in one transaction.
///
/// # Errors
/// A [`Refusal`]: own proposal, factor not fresh, too late, or another plan by now (the proposal has then expired).
pub async fn approve(s: &Services, round_id: &str, by: Treasurer<'_>, hash: &str) -> Result<Settlement> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let round = rounds::actions::lock(&mut tx, round_id).await?;
    require_treasurer(&mut tx, by).await?;
    let open = store::latest_of_round(&mut tx, round_id).await?.ok_or(Refusal::NothingProposed)?;
    may_approve(&open, by, hash, now)?;
    if open.expires_at <= now {
        expire(&mut tx, &open, by.user_id, "nobody approved it in time", now).await?;
        tx.commit().await?;
        return Err(Refusal::ProposalExpired.into());
    }
    if round.state != RoundState::Closing {
        return Err(Refusal::NotClosing.into());
    }
    store::lock(&mut tx, &open.id).await?;
    lock_projects(&mut tx, round_id).await?;
    let plan = fresh_plan(&mut tx, &round).await?;
    if plan.hash != open.hash {
        expire(&mut tx, &open, by.user_id, "the plan is another one by now", now).await?;
        tx.commit().await?;
        return Err(Refusal::Outdated.into());
    }
    if !store::approve(&mut tx, &open.id, hash, by.user_id, now).await? {
        return Err(Refusal::AlreadyApproved.into());
    }
    record(&mut tx, now, &open.id, open.state.as_str(), SettlementState::Executing, by.user_id, "").await?;
    freeze(&mut tx, &round, &open.id, &plan, now).await?;
    decide_projects(&mut tx, &open.id, &plan, by.user_id, now).await?;
    jobs::enqueue(&mut tx, now, EXECUTE, &open.id, now).await?;
    let settlement = get(&mut tx, &open.id).await?;
    tx.commit().await?;
    Ok(settlement)
}

/// Whether this person may approve this proposal by this hash at all.
fn may_approve(open: &Settlement, by: Treasurer<'_>, hash: &str, now: Timestamp) -> std::result::Result<(), Refusal> {
    if open.state != SettlementState::Proposed {
        return Err(Refusal::AlreadyApproved);
    }
    if open.proposed_by == by.user_id {
        return Err(Refusal::OwnProposal);
    }
    if by.fresh_until <= now {
        return Err(Refusal::FactorNotFresh);
    }
    if open.hash != hash {
        return Err(Refusal::Outdated);
    }
    Ok(())
}

/// Writes the decisions and lines of the plan. With the rest of the transaction: all of them or none.
async fn freeze(tx: &mut Tx, round: &Round, settlement_id: &str, plan: &Plan, now: Timestamp) -> Result<()> {
    for project in &plan.projects {
        if project.decision != Decision::NearMiss {
            store::freeze_project(tx, settlement_id, project).await?;
            continue;
        }
        let lines = plan.lines.iter().filter(|line| line.project_id == project.project_id);
        let found = consents::Found {
            project_id: &project.project_id,
            round_id: &round.id,
            settlement_id,
            percent: round.near_miss_percent,
            threshold: project.threshold,
            held: project.held,
            pledges: project.pledges,
            backers: project.backers,
            lines: lines.map(|line| (line.pledge_id.as_str(), line.amount)).collect(),
        };
        consents::actions::open(tx, &found, now).await?;
    }
    for line in &plan.lines {
        if line.effect != Effect::Consent {
            store::freeze_line(tx, settlement_id, line).await?;
        }
        for one in &line.matches {
            store::freeze_match(tx, settlement_id, line, one).await?;
        }
    }
    Ok(())
}

/// Listed → funded, near miss or failed; near miss → funded or failed.
async fn decide_projects(tx: &mut Tx, settlement_id: &str, plan: &Plan, actor: &str, now: Timestamp) -> Result<()> {
    for decided in &plan.projects {
        let project = projects::actions::get(tx, &decided.project_id).await?;
        let was_near = project.state == ProjectState::NearMiss;
        let (to, reason) = match decided.decision {
            Decision::Funded if was_near => (ProjectState::Funded, "enough was kept to go on with less"),
            Decision::Funded => (ProjectState::Funded, "the threshold was held at the close"),
            Decision::NearMiss => (ProjectState::NearMiss, "close below the threshold at the close"),
            Decision::Failed if was_near => (ProjectState::Failed, "too little was kept to go on with less"),
            Decision::Failed => (ProjectState::Failed, "the threshold was not held at the close"),
        };
        if was_near {
            consents::actions::decided(tx, &project.id, settlement_id, actor, now).await?;
        }
        projects::actions::move_to(tx, &project, to, actor, reason, now).await?;
    }
    Ok(())
}

/// Stops an execution: no new batch begins, and refunds of the round that are only due stay so. What is at the provider goes on.
///
/// # Errors
/// A [`Refusal`] when nothing is being carried out.
pub async fn pause(s: &Services, round_id: &str, by: Treasurer<'_>) -> Result<()> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    require_treasurer(&mut tx, by).await?;
    let open = lock_open(&mut tx, round_id).await?.ok_or(Refusal::NotRunning)?;
    let (from, to) = (SettlementState::Executing, SettlementState::Paused);
    if open.state != from || !store::move_to(&mut tx, &open.id, from, to, None).await? {
        return Err(Refusal::NotRunning.into());
    }
    refunds::hold_back(&mut tx, round_id, now).await?;
    record(&mut tx, now, &open.id, from.as_str(), to, by.user_id, "").await?;
    Ok(tx.commit().await?)
}

/// Goes on after a pause; also takes up again what the job had to leave aside.
///
/// # Errors
/// A [`Refusal`] when nothing is paused and nothing was left aside.
pub async fn resume(s: &Services, round_id: &str, by: Treasurer<'_>) -> Result<()> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    require_treasurer(&mut tx, by).await?;
    let open = lock_open(&mut tx, round_id).await?.ok_or(Refusal::NotPaused)?;
    let aside = store::faults(&mut tx, &open.id).await?;
    match open.state {
        SettlementState::Paused => {
            let to = SettlementState::Executing;
            if !store::move_to(&mut tx, &open.id, open.state, to, None).await? {
                return Err(Refusal::NotPaused.into());
            }
            refunds::let_go(&mut tx, round_id, now).await?;
            record(&mut tx, now, &open.id, open.state.as_str(), to, by.user_id, "").await?;
        }
        SettlementState::Executing if !aside.is_empty() => {}
        _ => return Err(Refusal::NotPaused.into()),
    }
    store::clear_faults(&mut tx, &open.id).await?;
    jobs::enqueue(&mut tx, now, EXECUTE, &open.id, now).await?;
    Ok(tx.commit().await?)
}

/// Locks the living settlement of a round and reads it.
async fn lock_open(tx: &mut Tx, round_id: &str) -> Result<Option<Settlement>> {
    let Some(open) = store::latest_of_round(tx, round_id).await? else { return Ok(None) };
    store::lock(tx, &open.id).await?;
    Ok(store::by_id(tx, &open.id).await?)
}

/// Ends a proposal that can no longer be approved.
async fn expire(tx: &mut Tx, open: &Settlement, actor: &str, why: &str, now: Timestamp) -> Result<()> {
    let to = SettlementState::Expired;
    if !store::move_to(tx, &open.id, open.state, to, None).await? {
        return Err(Error::broken(format!("settlement {} changed while its round was locked", open.id)));
    }
    record(tx, now, &open.id, open.state.as_str(), to, actor, why).await
}

/// Rights are read again where they are used: a page may have been open since before they were taken away.
async fn require_treasurer(tx: &mut Tx, by: Treasurer<'_>) -> Result<()> {
    if users::actions::roles(tx, by.user_id).await?.contains(&StaffRole::Treasurer) {
        return Ok(());
    }
    Err(Refusal::NotTreasurer.into())
}

fn checked_reason(typed: &str) -> std::result::Result<String, Refusal> {
    match many_lines(typed, LONGEST_REASON) {
        Some(reason) if reason.is_empty() => Err(Refusal::ReasonMissing),
        Some(reason) => Ok(reason),
        None => Err(Refusal::ReasonTooLong),
    }
}

pub(super) async fn record(
    tx: &mut Tx,
    now: Timestamp,
    id: &str,
    from: &str,
    to: SettlementState,
    actor: &str,
    reason: &str,
) -> Result<()> {
    let entry = history::Entry { subject: "settlement", subject_id: id, from, to: to.as_str(), actor, reason };
    Ok(history::record(tx, now, entry).await?)
}

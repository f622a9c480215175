//! What can be asked about the closing of a round: the plan as it would be now, what is not ready, what was decided.

use crate::features::consents::{self, NearMissState};
use crate::features::ledger::{self, Account};
use crate::features::payments::{PaymentState, RefundState, refunds};
use crate::features::pledges::PledgeState;
use crate::features::projects::ProjectState;
use crate::features::rounds::Round;
use crate::features::settlement::{
    Added, Candidate, Decided, Plan, Question, Readiness, Settlement, SettlementState, plan, store,
};
use crate::features::{match_funds, payments, pledges, projects};
use crate::infra::db::Conn;
use crate::infra::error::{Error, Result};
use crate::infra::planted::{self, Mistake};
use crate::values::Cents;

/// The plan as it would be now: of the projects for sale, or of the near misses whose time has come. The pledges of those that still
/// wait are no part of it.
///
/// # Errors
/// `Broken` when a price or sum does not fit: nothing can be decided then.
pub async fn fresh_plan(conn: &mut Conn, round: &Round) -> Result<Plan> {
    let mut candidates = Vec::new();
    for project in projects::actions::of_round(conn, &round.id).await? {
        if project.state == ProjectState::Listed {
            let threshold = project.threshold.price(round.unit_price_eur);
            let threshold =
                threshold.ok_or_else(|| Error::broken(format!("the threshold of {} does not fit", project.id)))?;
            let question = Question::Sale { near_miss_percent: round.near_miss_percent };
            candidates.push(Candidate { id: project.id, threshold, question });
        }
    }
    let mut held = pledges::actions::held_of_round(conn, &round.id).await?;
    for miss in consents::actions::of_round(conn, &round.id).await?.into_iter().filter(|miss| miss.state.waits()) {
        if miss.state == NearMissState::Due {
            let mut pledges = consents::actions::kept_pledges(conn, &miss.project_id).await?;
            if planted::is(Mistake::ChoicesIgnored) {
                pledges.extend(held.iter().map(|pledge| pledge.id.clone()));
            }
            let question = Question::Kept { percent: miss.percent, pledges };
            candidates.push(Candidate { id: miss.project_id, threshold: miss.threshold, question });
        } else {
            held.retain(|pledge| pledge.project_id != miss.project_id);
        }
    }
    let reserved = match_funds::actions::reserved_of_round(conn, &round.id).await?.into_iter();
    let added: Vec<Added> =
        reserved.map(|one| Added { amount: one.kept(), match_id: one.id, pledge_id: one.pledge_id }).collect();
    plan(&round.id, &candidates, &held, &added)
}

/// What is not finished in a round. `plan` is the fresh one.
pub async fn readiness(conn: &mut Conn, round: &Round, plan: &Plan) -> Result<Readiness> {
    let unfinished = payments::actions::unfinished_of_round(conn, &round.id).await?;
    let count = |wanted: &[PaymentState]| count(unfinished.iter().filter(|(_, state)| wanted.contains(state)).count());
    let states = pledges::actions::counts_of_round(conn, &round.id).await?;
    let refunds = refunds::sums_of_round(conn, &round.id).await?;
    let under_way = [RefundState::Due, RefundState::Requested, RefundState::Pending];
    let in_books = ledger::actions::held_by_project(conn).await?;
    let differs = |id: &String, held: Cents| in_books.get(id).copied().unwrap_or_default() != held;
    let differing = plan.projects.iter().filter(|project| differs(&project.project_id, project.held)).count();
    let suspense = ledger::actions::balance(conn, &Account::Suspense).await?;
    Ok(Readiness {
        open_sessions: count(&[PaymentState::Created, PaymentState::Open]),
        processing: count(&[PaymentState::Processing]),
        disputes: states.get(&PledgeState::Disputed).copied().unwrap_or_default(),
        refunds: refunds.iter().filter(|(state, ..)| under_way.contains(state)).map(|(_, count, _)| count).sum(),
        differences: self::count(differing) + plan.strays + i64::from(suspense != Cents::ZERO),
    })
}

fn count(len: usize) -> i64 {
    i64::try_from(len).unwrap_or(i64::MAX)
}

/// The settlement with this id; it must be there.
pub async fn get(conn: &mut Conn, id: &str) -> Result<Settlement> {
    store::by_id(conn, id).await?.ok_or_else(|| Error::broken(format!("no settlement {id}")))
}

/// The latest settlement of a round that is not expired: proposed, executing, paused or done. A proposal whose time is over counts
/// until it is replaced; see [`Settlement::expires_at`].
pub async fn of_round(conn: &mut Conn, round_id: &str) -> Result<Option<Settlement>> {
    Ok(store::latest_of_round(conn, round_id).await?)
}

/// All settlements of a round that were approved, the oldest first.
pub async fn all_of_round(conn: &mut Conn, round_id: &str) -> Result<Vec<Settlement>> {
    Ok(store::approved_of_round(conn, round_id).await?)
}

/// Whether a round has a near miss that is not decided.
pub(super) async fn has_waiting(conn: &mut Conn, round_id: &str) -> Result<bool> {
    Ok(consents::actions::of_round(conn, round_id).await?.iter().any(|miss| miss.state.waits()))
}

/// What a settlement decided, by project id: near misses that it found among it.
pub async fn decisions_by(conn: &mut Conn, settlement: &Settlement) -> Result<Vec<Decided>> {
    let mut decided = store::decisions_of(conn, &settlement.id).await?;
    let at = settlement.approved_at.unwrap_or(settlement.proposed_at);
    for miss in consents::actions::found_by(conn, &settlement.id).await? {
        let matches = store::frozen_matches(conn, &settlement.id, &miss.project_id).await?;
        let matched = matches.iter().map(|one| one.amount).sum();
        decided.push(Decided::found(miss, matched, at));
    }
    decided.sort_by(|a, b| a.project_id.cmp(&b.project_id));
    Ok(decided)
}

/// The settlements in a state, the oldest first.
pub async fn in_state(conn: &mut Conn, state: SettlementState) -> Result<Vec<Settlement>> {
    Ok(store::in_state(conn, state).await?)
}

/// The last word on a project, once it is approved: funded or failed.
pub async fn decision_of(conn: &mut Conn, project_id: &str) -> Result<Option<Decided>> {
    Ok(store::decision_of(conn, project_id).await?)
}

/// Whether the plan that decided a project is carried out, every line and refund of it.
pub async fn is_carried_out(conn: &mut Conn, project_id: &str) -> Result<bool> {
    Ok(store::settlement_of(conn, project_id).await?.is_some_and(|found| found.state == SettlementState::Done))
}

/// All decisions that are approved.
pub async fn decisions(conn: &mut Conn) -> Result<Vec<Decided>> {
    Ok(store::decisions(conn).await?)
}

/// The decisions of a round, once they are approved, by project id.
pub async fn decisions_of_round(conn: &mut Conn, round_id: &str) -> Result<Vec<Decided>> {
    Ok(store::decisions_of_round(conn, round_id).await?)
}

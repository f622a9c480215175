//! The invariants of a closing: two people, one decision, a frozen list that is what was approved and what was carried out.

use std::collections::{BTreeMap, HashMap};

use crate::features::consents::{self, NearMissState};
use crate::features::ledger::Check;
use crate::features::rounds::{self, RoundState};
use crate::features::settlement::{
    Decision, Effect, Funds, LinePlan, MatchPlan, ProjectPlan, Settlement, SettlementState, decide_kept, plan, store,
};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::values::Cents;

/// Checks all settlements.
pub async fn verify(conn: &mut Conn) -> Result<Vec<Check>> {
    let mut approved = Vec::new();
    for state in [SettlementState::Executing, SettlementState::Paused, SettlementState::Done] {
        approved.extend(store::in_state(conn, state).await?);
    }
    let count = i64::try_from(approved.len()).unwrap_or(i64::MAX);
    let alone = approved
        .iter()
        .filter(|s| {
            s.approved_by.is_none() || s.approved_by.as_ref() == Some(&s.proposed_by) || s.approved_at.is_none()
        })
        .map(|s| s.id.clone());
    let mut unapproved: Vec<String> = alone.collect();
    unapproved.extend(store::unapproved_postings(conn).await?.into_iter().map(|(id,)| id));
    let twice = store::decided_twice(conn).await?.into_iter().map(|(id,)| id).collect();
    let (mut lists, mut sums) = (Vec::new(), Vec::new());
    for settlement in &approved {
        let (projects, lines) = frozen(conn, &settlement.id).await?;
        if plan::hash(&settlement.round_id, &projects, &lines) != settlement.hash {
            lists.push(settlement.id.clone());
        }
        let near: HashMap<String, i64> = consents::actions::decided_by(conn, &settlement.id)
            .await?
            .into_iter()
            .map(|miss| (miss.project_id, miss.percent))
            .collect();
        sums.extend(unequal(&projects, &lines, &near));
    }
    let unfinished = unfinished(conn, &approved).await?;
    let mut apart: Vec<String> = store::lines_apart(conn).await?.into_iter().map(|(id,)| id).collect();
    apart.extend(store::matches_apart(conn).await?.into_iter().map(|(id,)| id));
    let lines = store::count_lines(conn).await?;
    Ok(vec![
        Check {
            name: "I8",
            what: "money moves by a decision of two people only",
            checked: count,
            offending: unapproved,
        },
        Check { name: "I9", what: "each project is decided once", checked: count, offending: twice },
        Check { name: "I9", what: "the frozen list is the one that was approved", checked: count, offending: lists },
        Check { name: "I9", what: "the decisions equal the sums of their lines", checked: lines, offending: sums },
        Check { name: "I9", what: "each line was carried out as decided", checked: lines, offending: apart },
        Check { name: "I9", what: "what is done is done to the last line", checked: count, offending: unfinished },
    ])
}

/// The frozen list of a settlement in its canonical order.
async fn frozen(conn: &mut Conn, settlement_id: &str) -> Result<(Vec<ProjectPlan>, Vec<LinePlan>)> {
    let mut matches: HashMap<String, Vec<MatchPlan>> = HashMap::new();
    let mut matched: HashMap<String, i64> = HashMap::new();
    for one in store::frozen_matches(conn, settlement_id, "").await? {
        *matched.entry(one.project_id).or_default() += one.amount.0;
        let (match_id, amount, start, result) = (one.match_id, one.amount, one.start, one.result);
        matches.entry(one.pledge_id).or_default().push(MatchPlan { match_id, amount, start, result });
    }
    matches.values_mut().for_each(|of_pledge| of_pledge.sort_by(|a, b| a.match_id.cmp(&b.match_id)));
    let rows = store::frozen_projects(conn, settlement_id).await?.into_iter();
    let mut projects: Vec<ProjectPlan> = rows
        .map(|row| ProjectPlan {
            project_id: row.project_id,
            decision: row.decision,
            threshold: row.threshold_cents,
            held: row.held_cents,
            start: row.start_cents,
            result: row.result_cents,
            refund: row.refund_cents,
            pledges: row.pledges,
            backers: row.backers,
            funds: row.funds,
        })
        .collect();
    projects.extend(consents::actions::found_by(conn, settlement_id).await?.into_iter().map(|miss| ProjectPlan {
        funds: Funds { matched: Cents(matched.get(&miss.project_id).copied().unwrap_or_default()), ..Funds::default() },
        project_id: miss.project_id,
        decision: Decision::NearMiss,
        threshold: miss.threshold,
        held: miss.held,
        start: Cents::ZERO,
        result: Cents::ZERO,
        refund: Cents::ZERO,
        pledges: miss.pledges,
        backers: miss.backers,
    }));
    projects.sort_by(|a, b| a.project_id.cmp(&b.project_id));
    let rows = store::frozen_lines(conn, settlement_id).await?.into_iter();
    let mut lines: Vec<LinePlan> = rows
        .map(|(project_id, pledge_id, effect, amount, start, result)| LinePlan {
            matches: matches.remove(&pledge_id).unwrap_or_default(),
            project_id,
            pledge_id,
            effect,
            amount,
            start,
            result,
        })
        .collect();
    let waiting = consents::actions::frozen_by(conn, settlement_id).await?.into_iter();
    lines.extend(waiting.map(|(project_id, pledge_id, amount)| LinePlan {
        matches: matches.remove(&pledge_id).unwrap_or_default(),
        project_id,
        pledge_id,
        effect: Effect::Consent,
        amount,
        start: Cents::ZERO,
        result: Cents::ZERO,
    }));
    lines.sort_by(|a, b| (&a.project_id, &a.pledge_id).cmp(&(&b.project_id, &b.pledge_id)));
    Ok((projects, lines))
}

/// The sums of a project's lines.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
struct Sums {
    lines: i64,
    start: i64,
    result: i64,
    refund: i64,
    waits: i64,
    funds: Funds,
}

/// The projects whose decision does not equal its lines or its own rule. `near`: those that had been near misses, with the percentage
/// of the threshold that had to be kept.
fn unequal(projects: &[ProjectPlan], lines: &[LinePlan], near: &HashMap<String, i64>) -> Vec<String> {
    let mut sums: BTreeMap<&str, Sums> = BTreeMap::new();
    for line in lines {
        let sum = sums.entry(&line.project_id).or_default();
        sum.lines += 1;
        sum.start += line.start.0;
        sum.result += line.result.0;
        for one in &line.matches {
            sum.funds.matched.0 += one.amount.0;
            sum.funds.start.0 += one.start.0;
            sum.funds.result.0 += one.result.0;
            sum.funds.returned.0 += if line.effect == Effect::Refund { one.amount.0 } else { 0 };
        }
        match line.effect {
            Effect::Release => {}
            Effect::Refund => sum.refund += line.amount.0,
            Effect::Consent => sum.waits += line.amount.0,
        }
    }
    let wrong = |p: &&ProjectPlan| {
        let sum = sums.get(p.project_id.as_str()).copied().unwrap_or_default();
        let planned = Sums {
            lines: p.pledges,
            start: p.start.0,
            result: p.result.0,
            refund: p.refund.0,
            waits: p.waits().0,
            funds: p.funds,
        };
        let funds = p.funds;
        let start = Cents(p.start.0 + funds.start.0);
        let kept = Cents(start.0 + p.result.0 + funds.result.0);
        let all = Cents(p.held.0 + funds.matched.0);
        let back = Cents(p.refund.0 + funds.returned.0);
        let rule = match (p.decision, near.get(&p.project_id)) {
            (Decision::Funded, None) => all >= p.threshold && start == p.threshold && back == Cents::ZERO,
            (Decision::Funded, Some(percent)) => {
                decide_kept(kept, p.threshold, *percent) == Decision::Funded && start == p.threshold.min(kept)
            }
            (Decision::NearMiss, _) => all < p.threshold && p.waits() == p.held && back == Cents::ZERO,
            (Decision::Failed, None) => all < p.threshold && back == all,
            (Decision::Failed, Some(_)) => back == all,
        };
        sum != planned || !rule
    };
    projects.iter().filter(wrong).map(|p| p.project_id.clone()).collect()
}

/// Settlements that say they are done and are not, or whose round says something else than they do. A round goes on while a near miss
/// waits, and until the money of one that its owner took back is on its way.
async fn unfinished(conn: &mut Conn, approved: &[Settlement]) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for settlement in approved {
        let is_done = settlement.state == SettlementState::Done;
        let is_settled = rounds::actions::get(conn, &settlement.round_id).await?.state == RoundState::Settled;
        let misses = consents::actions::of_round(conn, &settlement.round_id).await?;
        let may_go_on = misses.iter().any(|miss| miss.state.waits() || miss.state == NearMissState::Withdrawn);
        let all = store::approved_of_round(conn, &settlement.round_id).await?;
        let all_done = all.iter().all(|other| other.state == SettlementState::Done);
        let fits = if is_settled { is_done } else { !all_done || may_go_on };
        if !fits || (is_done && store::undone(conn, &settlement.id).await? > 0) {
            wrong.push(settlement.id.clone());
        }
    }
    Ok(wrong)
}

//! The invariants of a closing: two people, one decision, a frozen list that is what was approved and what was carried out.

use std::collections::{BTreeMap, HashSet};

use crate::features::ledger::Check;
use crate::features::settlement::{Decision, Effect, LinePlan, ProjectPlan, Settlement, SettlementState, plan, store};
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
    let mut rounds = HashSet::new();
    let twice = approved.iter().filter(|s| !rounds.insert(s.round_id.clone())).map(|s| s.id.clone()).collect();
    let (mut lists, mut sums) = (Vec::new(), Vec::new());
    for settlement in &approved {
        let (projects, lines) = frozen(conn, &settlement.id).await?;
        if plan::hash(&settlement.round_id, &projects, &lines) != settlement.hash {
            lists.push(settlement.id.clone());
        }
        sums.extend(unequal(&projects, &lines));
    }
    let unfinished = unfinished(conn, &approved).await?;
    let apart = store::lines_apart(conn).await?.into_iter().map(|(id,)| id).collect();
    let lines = store::count_lines(conn).await?;
    Ok(vec![
        Check {
            name: "I8",
            what: "money moves by a decision of two people only",
            checked: count,
            offending: unapproved,
        },
        Check { name: "I9", what: "each round is decided once", checked: count, offending: twice },
        Check { name: "I9", what: "the frozen list is the one that was approved", checked: count, offending: lists },
        Check { name: "I9", what: "the decisions equal the sums of their lines", checked: lines, offending: sums },
        Check { name: "I9", what: "each line was carried out as decided", checked: lines, offending: apart },
        Check { name: "I9", what: "what is done is done to the last line", checked: count, offending: unfinished },
    ])
}

/// The frozen list of a settlement in its canonical order.
async fn frozen(conn: &mut Conn, settlement_id: &str) -> Result<(Vec<ProjectPlan>, Vec<LinePlan>)> {
    let rows = store::frozen_projects(conn, settlement_id).await?.into_iter();
    let mut projects: Vec<ProjectPlan> = rows
        .map(|(project_id, decision, threshold, held, start, result, refund, pledges, backers)| ProjectPlan {
            project_id,
            decision,
            threshold,
            held,
            start,
            result,
            refund,
            pledges,
            backers,
        })
        .collect();
    projects.sort_by(|a, b| a.project_id.cmp(&b.project_id));
    let rows = store::frozen_lines(conn, settlement_id).await?.into_iter();
    let mut lines: Vec<LinePlan> = rows
        .map(|(project_id, pledge_id, effect, amount, start, result)| LinePlan {
            project_id,
            pledge_id,
            effect,
            amount,
            start,
            result,
        })
        .collect();
    lines.sort_by(|a, b| (&a.project_id, &a.pledge_id).cmp(&(&b.project_id, &b.pledge_id)));
    Ok((projects, lines))
}

/// The projects whose decision does not equal its lines or its own rule.
fn unequal(projects: &[ProjectPlan], lines: &[LinePlan]) -> Vec<String> {
    let mut sums: BTreeMap<&str, (i64, i64, i64, i64)> = BTreeMap::new();
    for line in lines {
        let sum = sums.entry(&line.project_id).or_default();
        sum.0 += 1;
        sum.1 += line.start.0;
        sum.2 += line.result.0;
        sum.3 += if line.effect == Effect::Refund { line.amount.0 } else { 0 };
    }
    let wrong = |p: &&ProjectPlan| {
        let sum = sums.get(p.project_id.as_str()).copied().unwrap_or_default();
        let rule = match p.decision {
            Decision::Funded => p.held >= p.threshold && p.start == p.threshold && p.refund == Cents::ZERO,
            Decision::NearMiss => p.held < p.threshold,
            Decision::Failed => p.held < p.threshold && p.refund == p.held,
        };
        sum != (p.pledges, p.start.0, p.result.0, p.refund.0) || !rule
    };
    projects.iter().filter(wrong).map(|p| p.project_id.clone()).collect()
}

/// Settlements that say they are done and are not, or whose round says something else than they do.
async fn unfinished(conn: &mut Conn, approved: &[Settlement]) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for settlement in approved {
        let is_done = settlement.state == SettlementState::Done;
        let round = crate::features::rounds::actions::get(conn, &settlement.round_id).await?;
        let is_settled = round.state == crate::features::rounds::RoundState::Settled;
        if is_done != is_settled || (is_done && store::undone(conn, &settlement.id).await? > 0) {
            wrong.push(settlement.id.clone());
        }
    }
    Ok(wrong)
}

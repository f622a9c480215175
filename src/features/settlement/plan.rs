//! The plan of a round: a pure function of its projects for sale and its held pledges, with a canonical text and a hash over it.
//!
//! Two people approve a hash, so the same facts must give the same text whatever the order in which they were read, and one cent
//! of difference must give another.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::features::pledges::actions::HeldPledge;
use crate::features::settlement::{Decision, Effect};
use crate::infra::error::{Error, Result};
use crate::values::{Cents, split};

/// A project for sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub id: String,
    /// The price of its threshold.
    pub threshold: Cents,
}

/// What becomes of a project, in sums.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectPlan {
    pub project_id: String,
    pub decision: Decision,
    pub threshold: Cents,
    pub held: Cents,
    pub start: Cents,
    pub result: Cents,
    pub refund: Cents,
    pub pledges: i64,
    /// Different people.
    pub backers: i64,
}

/// What becomes of a pledge. `start` and `result` sum to the amount of a release and are zero for a refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinePlan {
    pub project_id: String,
    pub pledge_id: String,
    pub effect: Effect,
    pub amount: Cents,
    pub start: Cents,
    pub result: Cents,
}

/// The whole plan: projects by id, lines by project and pledge id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub projects: Vec<ProjectPlan>,
    pub lines: Vec<LinePlan>,
    /// Held pledges of projects that are not for sale: the plan does not touch them, and the round cannot end while there are any.
    pub strays: i64,
    pub hash: String,
}

impl Plan {
    /// Everything held by the projects for sale.
    pub fn held(&self) -> Cents {
        self.projects.iter().map(|project| project.held).sum()
    }

    pub fn start(&self) -> Cents {
        self.projects.iter().map(|project| project.start).sum()
    }

    pub fn result(&self) -> Cents {
        self.projects.iter().map(|project| project.result).sum()
    }

    pub fn refund(&self) -> Cents {
        self.projects.iter().map(|project| project.refund).sum()
    }

    /// How many pledges have this effect.
    pub fn count(&self, effect: Effect) -> i64 {
        count(self.lines.iter().filter(|line| line.effect == effect).count())
    }
}

/// The decision on a project: an exact comparison of whole cents. `near_miss_share` is a percentage of the threshold.
pub fn decide(held: Cents, threshold: Cents, near_miss_share: Option<i64>) -> Decision {
    if held >= threshold {
        return Decision::Funded;
    }
    match near_miss_share {
        Some(share) if i128::from(held.0) * 100 >= i128::from(threshold.0) * i128::from(share) => Decision::NearMiss,
        _ => Decision::Failed,
    }
}

/// The plan of a round.
///
/// # Errors
/// `Broken` when a sum does not fit into 64 bits: then nothing is decided.
pub fn plan(
    round_id: &str,
    candidates: &[Candidate],
    held: &[HeldPledge],
    near_miss_share: Option<i64>,
) -> Result<Plan> {
    let mut of_project: BTreeMap<&str, (Cents, Vec<&HeldPledge>)> =
        candidates.iter().map(|candidate| (candidate.id.as_str(), (candidate.threshold, Vec::new()))).collect();
    let mut strays = 0;
    for pledge in held {
        match of_project.get_mut(pledge.project_id.as_str()) {
            Some((_, pledges)) => pledges.push(pledge),
            None => strays += 1,
        }
    }
    let mut projects = Vec::with_capacity(of_project.len());
    let mut lines = Vec::with_capacity(held.len());
    let mut whole = Cents::ZERO;
    for (project_id, (threshold, mut pledges)) in of_project {
        pledges.sort_by(|a, b| a.id.cmp(&b.id));
        let project = plan_project(project_id, threshold, &pledges, near_miss_share, &mut lines)?;
        whole =
            whole.checked_add(project.held).ok_or_else(|| Error::broken("the held money of a round does not fit"))?;
        projects.push(project);
    }
    let hash = hash(round_id, &projects, &lines);
    Ok(Plan { projects, lines, strays, hash })
}

/// Decides one project and adds the lines of its pledges, which are in the order of their ids.
fn plan_project(
    project_id: &str,
    threshold: Cents,
    pledges: &[&HeldPledge],
    near_miss_share: Option<i64>,
    lines: &mut Vec<LinePlan>,
) -> Result<ProjectPlan> {
    let held = pledges
        .iter()
        .try_fold(Cents::ZERO, |sum, pledge| sum.checked_add(pledge.amount))
        .ok_or_else(|| Error::broken(format!("the held money of project {project_id} does not fit")))?;
    let decision = decide(held, threshold, near_miss_share);
    let line = |pledge: &HeldPledge, effect, start: Cents, result: Cents| LinePlan {
        project_id: project_id.to_owned(),
        pledge_id: pledge.id.clone(),
        effect,
        amount: pledge.amount,
        start,
        result,
    };
    match decision {
        Decision::Funded => {
            let amounts: Vec<i64> = pledges.iter().map(|pledge| pledge.amount.0).collect();
            let starts = split::in_proportion(threshold, &amounts);
            lines.extend(
                pledges
                    .iter()
                    .zip(starts)
                    .map(|(pledge, start)| line(pledge, Effect::Release, start, Cents(pledge.amount.0 - start.0))),
            );
        }
        // The choice of owner and backers comes later and gives the lines; until then a frozen near miss is refused by the
        // schema, whose sums it does not meet.
        Decision::NearMiss => {}
        Decision::Failed => {
            lines.extend(pledges.iter().map(|pledge| line(pledge, Effect::Refund, Cents::ZERO, Cents::ZERO)));
        }
    }
    let (start, result, refund) = match decision {
        Decision::Funded => (threshold, Cents(held.0 - threshold.0), Cents::ZERO),
        Decision::NearMiss => (Cents::ZERO, Cents::ZERO, Cents::ZERO),
        Decision::Failed => (Cents::ZERO, Cents::ZERO, held),
    };
    let backers: HashSet<&str> = pledges.iter().map(|pledge| pledge.user_id.as_str()).collect();
    Ok(ProjectPlan {
        project_id: project_id.to_owned(),
        decision,
        threshold,
        held,
        start,
        result,
        refund,
        pledges: count(pledges.len()),
        backers: count(backers.len()),
    })
}

/// The hash of the canonical list: SHA-256 in hexadecimal. Projects must be in the order of their ids, lines in the order of
/// project and pledge id; the order is that of bytes, never that of a database's language.
pub(super) fn hash(round_id: &str, projects: &[ProjectPlan], lines: &[LinePlan]) -> String {
    let mut hasher = Sha256::new();
    let mut text = format!("settlement 1\nround {round_id}\n");
    let infallible = "writing to a String cannot fail";
    for p in projects {
        writeln!(
            text,
            "project {} {} {} {} {} {} {} {} {}",
            p.project_id, p.decision, p.threshold.0, p.held.0, p.start.0, p.result.0, p.refund.0, p.pledges, p.backers
        )
        .expect(infallible);
    }
    let decisions: BTreeMap<&str, Decision> = projects.iter().map(|p| (p.project_id.as_str(), p.decision)).collect();
    for l in lines {
        hasher.update(text.as_bytes());
        text.clear();
        let decision = decisions.get(l.project_id.as_str()).map_or("-", |decision| decision.as_str());
        writeln!(
            text,
            "{} {decision} {} {} {} {} {}",
            l.project_id, l.pledge_id, l.effect, l.amount.0, l.start.0, l.result.0
        )
        .expect(infallible);
    }
    hasher.update(text.as_bytes());
    hex::encode(hasher.finalize())
}

fn count(len: usize) -> i64 {
    i64::try_from(len).unwrap_or(i64::MAX)
}

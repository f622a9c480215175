//! The plan of a round: a pure function of the projects that are to be decided and their held pledges, with a canonical text and a hash over it.
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

/// A project that is to be decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub id: String,
    /// The price of its threshold.
    pub threshold: Cents,
    pub question: Question,
}

/// By what a project is decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// At the close of the sale, by all that is held. From this percentage of the threshold on it is a near miss; 0: never.
    Sale { near_miss_percent: i64 },
    /// A near miss whose time has come, by what its backers keep: these pledges, and this percentage of the threshold at least.
    Kept { percent: i64, pledges: HashSet<String> },
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

impl ProjectPlan {
    /// Held money that no line moves: of a near miss.
    pub fn waits(&self) -> Cents {
        Cents(self.held.0 - self.start.0 - self.result.0 - self.refund.0)
    }
}

/// What becomes of a pledge. `start` and `result` sum to the amount of a release and are zero for any other effect.
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
    /// Held pledges of projects that are not to be decided: the plan does not touch them, and the round cannot end while there are any.
    pub strays: i64,
    pub hash: String,
}

impl Plan {
    /// Everything held by the projects that are to be decided.
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

    /// What stays held for near misses.
    pub fn waits(&self) -> Cents {
        self.projects.iter().map(ProjectPlan::waits).sum()
    }

    /// How many pledges have this effect.
    pub fn count(&self, effect: Effect) -> i64 {
        count(self.lines.iter().filter(|line| line.effect == effect).count())
    }
}

/// The decision on a project at the close of its sale: an exact comparison of whole cents. `near_miss_percent` is of the threshold; 0
/// means that there is no near miss.
pub fn decide(held: Cents, threshold: Cents, near_miss_percent: i64) -> Decision {
    if held >= threshold {
        Decision::Funded
    } else if near_miss_percent > 0 && is_share(held, threshold, near_miss_percent) {
        Decision::NearMiss
    } else {
        Decision::Failed
    }
}

/// The decision on a near miss by what is kept.
pub fn decide_kept(kept: Cents, threshold: Cents, percent: i64) -> Decision {
    if is_share(kept, threshold, percent) { Decision::Funded } else { Decision::Failed }
}

/// Whether an amount is at least this percentage of the threshold.
fn is_share(amount: Cents, threshold: Cents, percent: i64) -> bool {
    i128::from(amount.0) * 100 >= i128::from(threshold.0) * i128::from(percent)
}

/// The plan of a round.
///
/// # Errors
/// `Broken` when a sum does not fit into 64 bits: then nothing is decided.
pub fn plan(round_id: &str, candidates: &[Candidate], held: &[HeldPledge]) -> Result<Plan> {
    let mut of_project: BTreeMap<&str, (&Candidate, Vec<&HeldPledge>)> =
        candidates.iter().map(|candidate| (candidate.id.as_str(), (candidate, Vec::new()))).collect();
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
    for (candidate, mut pledges) in of_project.into_values() {
        pledges.sort_by(|a, b| a.id.cmp(&b.id));
        let project = plan_project(candidate, &pledges, &mut lines)?;
        whole =
            whole.checked_add(project.held).ok_or_else(|| Error::broken("the held money of a round does not fit"))?;
        projects.push(project);
    }
    let hash = hash(round_id, &projects, &lines);
    Ok(Plan { projects, lines, strays, hash })
}

/// Decides one project and adds the lines of its pledges, which are in the order of their ids.
fn plan_project(candidate: &Candidate, pledges: &[&HeldPledge], lines: &mut Vec<LinePlan>) -> Result<ProjectPlan> {
    let (project_id, threshold) = (&candidate.id, candidate.threshold);
    let held = sum(project_id, pledges.iter().copied())?;
    let stays = |pledge: &HeldPledge| match &candidate.question {
        Question::Sale { .. } => true,
        Question::Kept { pledges, .. } => pledges.contains(&pledge.id),
    };
    let kept = sum(project_id, pledges.iter().copied().filter(|pledge| stays(pledge)))?;
    let decision = match &candidate.question {
        Question::Sale { near_miss_percent } => decide(held, threshold, *near_miss_percent),
        Question::Kept { percent, .. } => decide_kept(kept, threshold, *percent),
    };
    let (start, result, refund) = match decision {
        Decision::Funded => {
            let start = threshold.min(kept);
            (start, Cents(kept.0 - start.0), Cents(held.0 - kept.0))
        }
        Decision::NearMiss => (Cents::ZERO, Cents::ZERO, Cents::ZERO),
        Decision::Failed => (Cents::ZERO, Cents::ZERO, held),
    };
    // of each pledge what counts for the split: nothing of one that goes back
    let weights: Vec<i64> = pledges.iter().map(|pledge| if stays(pledge) { pledge.amount.0 } else { 0 }).collect();
    let starts = split::in_proportion(start, &weights);
    for (pledge, start) in pledges.iter().zip(starts) {
        let effect = match decision {
            Decision::Funded if stays(pledge) => Effect::Release,
            Decision::NearMiss => Effect::Consent,
            _ => Effect::Refund,
        };
        let result = if effect == Effect::Release { Cents(pledge.amount.0 - start.0) } else { Cents::ZERO };
        lines.push(LinePlan {
            project_id: project_id.clone(),
            pledge_id: pledge.id.clone(),
            effect,
            amount: pledge.amount,
            start,
            result,
        });
    }
    let backers: HashSet<&str> = pledges.iter().map(|pledge| pledge.user_id.as_str()).collect();
    Ok(ProjectPlan {
        project_id: project_id.clone(),
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

fn sum<'a>(project_id: &str, mut pledges: impl Iterator<Item = &'a HeldPledge>) -> Result<Cents> {
    pledges
        .try_fold(Cents::ZERO, |sum, pledge| sum.checked_add(pledge.amount))
        .ok_or_else(|| Error::broken(format!("the held money of project {project_id} does not fit")))
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

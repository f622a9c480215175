//! The plan of a round: a pure function of the projects that are to be decided and their held pledges, with a canonical text and a hash over it.
//!
//! Two people approve a hash, so the same facts must give the same text whatever the order in which they were read, and one cent
//! of difference must give another.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::features::pledges::actions::HeldPledge;
use crate::features::settlement::{Decision, Effect, Funds};
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
    /// What match funds added to the held money.
    pub funds: Funds,
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
    /// What funds added to it, in the order of the matches' ids.
    pub matches: Vec<MatchPlan>,
}

/// What becomes of a match: the same as of its pledge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatchPlan {
    pub match_id: String,
    pub amount: Cents,
    pub start: Cents,
    pub result: Cents,
}

/// What a fund added to a held pledge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added {
    pub match_id: String,
    pub pledge_id: String,
    pub amount: Cents,
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
pub fn plan(round_id: &str, candidates: &[Candidate], held: &[HeldPledge], added: &[Added]) -> Result<Plan> {
    let mut matches: HashMap<&str, Vec<&Added>> = HashMap::new();
    for one in added {
        matches.entry(&one.pledge_id).or_default().push(one);
    }
    for of_pledge in matches.values_mut() {
        of_pledge.sort_by(|a, b| a.match_id.cmp(&b.match_id));
    }
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
        let project = plan_project(candidate, &pledges, &matches, &mut lines)?;
        let all = whole.checked_add(project.held).and_then(|sum| sum.checked_add(project.funds.matched));
        whole = all.ok_or_else(|| Error::broken("the held money of a round does not fit"))?;
        projects.push(project);
    }
    let hash = hash(round_id, &projects, &lines);
    Ok(Plan { projects, lines, strays, hash })
}

/// Decides one project and adds the lines of its pledges, which are in the order of their ids.
fn plan_project(
    candidate: &Candidate,
    pledges: &[&HeldPledge],
    matches: &HashMap<&str, Vec<&Added>>,
    lines: &mut Vec<LinePlan>,
) -> Result<ProjectPlan> {
    let (project_id, threshold) = (&candidate.id, candidate.threshold);
    let stays = |pledge: &HeldPledge| match &candidate.question {
        Question::Sale { .. } => true,
        Question::Kept { pledges, .. } => pledges.contains(&pledge.id),
    };
    let of = |pledge: &HeldPledge| matches.get(pledge.id.as_str()).map_or(&[][..], Vec::as_slice);
    let sum = |only_kept: bool| -> Result<(Cents, Cents)> {
        let counted = || pledges.iter().filter(|pledge| !only_kept || stays(pledge));
        let own = total(project_id, counted().map(|pledge| pledge.amount))?;
        Ok((own, total(project_id, counted().flat_map(|pledge| of(pledge)).map(|one| one.amount))?))
    };
    let ((held, matched), (kept, kept_matched)) = (sum(false)?, sum(true)?);
    let (all, all_kept) = (total(project_id, [held, matched])?, total(project_id, [kept, kept_matched])?);
    let decision = match &candidate.question {
        Question::Sale { near_miss_percent } => decide(all, threshold, *near_miss_percent),
        Question::Kept { percent, .. } => decide_kept(all_kept, threshold, *percent),
    };
    let whole_start = if decision == Decision::Funded { threshold.min(all_kept) } else { Cents::ZERO };
    // pledges and matches, each right after its pledge, with what counts for the split: nothing of one that goes back
    let weight = |pledge: &HeldPledge, amount: Cents| if stays(pledge) { amount.0 } else { 0 };
    let weights: Vec<i64> = pledges
        .iter()
        .flat_map(|pledge| {
            std::iter::once(pledge.amount).chain(of(pledge).iter().map(|one| one.amount)).map(|a| weight(pledge, a))
        })
        .collect();
    let mut starts = split::in_proportion(whole_start, &weights).into_iter();
    let (mut own, mut funds) = ((Cents::ZERO, Cents::ZERO), Funds { matched, ..Funds::default() });
    for pledge in pledges {
        let effect = match decision {
            Decision::Funded if stays(pledge) => Effect::Release,
            Decision::NearMiss => Effect::Consent,
            _ => Effect::Refund,
        };
        let mut part = |amount: Cents| {
            let start = starts.next().unwrap_or_default();
            (start, if effect == Effect::Release { Cents(amount.0 - start.0) } else { Cents::ZERO })
        };
        let (start, result) = part(pledge.amount);
        (own.0.0, own.1.0) = (own.0.0 + start.0, own.1.0 + result.0);
        let mut of_pledge = Vec::new();
        for one in of(pledge) {
            let (start, result) = part(one.amount);
            (funds.start.0, funds.result.0) = (funds.start.0 + start.0, funds.result.0 + result.0);
            of_pledge.push(MatchPlan { match_id: one.match_id.clone(), amount: one.amount, start, result });
        }
        lines.push(LinePlan {
            project_id: project_id.clone(),
            pledge_id: pledge.id.clone(),
            effect,
            amount: pledge.amount,
            start,
            result,
            matches: of_pledge,
        });
    }
    let goes_back = |all: Cents, kept: Cents| match decision {
        Decision::Funded => Cents(all.0 - kept.0),
        Decision::NearMiss => Cents::ZERO,
        Decision::Failed => all,
    };
    funds.returned = goes_back(matched, kept_matched);
    let backers: HashSet<&str> = pledges.iter().map(|pledge| pledge.user_id.as_str()).collect();
    Ok(ProjectPlan {
        project_id: project_id.clone(),
        decision,
        threshold,
        held,
        start: own.0,
        result: own.1,
        refund: goes_back(held, kept),
        pledges: count(pledges.len()),
        backers: count(backers.len()),
        funds,
    })
}

fn total(project_id: &str, amounts: impl IntoIterator<Item = Cents>) -> Result<Cents> {
    amounts
        .into_iter()
        .try_fold(Cents::ZERO, Cents::checked_add)
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
        if p.funds.matched > Cents::ZERO {
            let Funds { matched, start, result, returned } = p.funds;
            writeln!(text, "matched {} {} {} {} {}", p.project_id, matched.0, start.0, result.0, returned.0)
                .expect(infallible);
        }
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
        for m in &l.matches {
            writeln!(text, "match {} {} {} {} {}", m.match_id, l.effect, m.amount.0, m.start.0, m.result.0)
                .expect(infallible);
        }
    }
    hasher.update(text.as_bytes());
    hex::encode(hasher.finalize())
}

fn count(len: usize) -> i64 {
    i64::try_from(len).unwrap_or(i64::MAX)
}

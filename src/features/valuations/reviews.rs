//! The experts of a project: assigned by staff, each says whether there is a conflict, scores for themselves and hands in.

use crate::features::projects::{Project, ProjectState};
use crate::features::rounds::RoundState;
use crate::features::users::{self, StaffRole, User};
use crate::features::valuations::{
    Criterion, LONGEST_SCORE_REASON, Refusal, ResultState, Review, ReviewState, Score, store,
};
use crate::features::{projects, rounds};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::{history, random};
use crate::values::Timestamp;
use crate::values::text::many_lines;

/// The reviews of a project in its round, by expert.
pub async fn of_project(conn: &mut Conn, project: &Project) -> Result<Vec<Review>> {
    Ok(store::reviews(conn, &project.id, &project.round_id).await?)
}

/// All reviews an expert was asked for and not taken from, the newest first.
pub async fn of_expert(conn: &mut Conn, expert_id: &str) -> Result<Vec<Review>> {
    Ok(store::reviews_of(conn, expert_id).await?)
}

/// What an expert gave so far.
pub async fn scores(conn: &mut Conn, review_id: &str) -> Result<Vec<Score>> {
    Ok(store::scores(conn, review_id).await?)
}

/// Everybody with the role of expert.
pub async fn experts(conn: &mut Conn) -> Result<Vec<User>> {
    let mut experts = Vec::new();
    for user in users::actions::staff(conn).await? {
        if users::actions::roles(conn, &user.id).await?.contains(&StaffRole::Expert) {
            experts.push(user);
        }
    }
    Ok(experts)
}

/// Staff ask an expert to value a project. Who belongs to it is excluded at once.
///
/// # Errors
/// A [`Refusal`].
pub async fn assign(tx: &mut Tx, project_id: &str, expert_id: &str, actor: &str, now: Timestamp) -> Result<()> {
    let project = in_valuation(tx, project_id).await?;
    require_staff(tx, actor).await?;
    if !users::actions::roles(tx, expert_id).await?.contains(&StaffRole::Expert) {
        return Err(Refusal::NotAnExpert.into());
    }
    let related = projects::actions::related(tx, &project, expert_id).await?;
    let state = if related.is_some() { ReviewState::Excluded } else { ReviewState::Assigned };
    let why = related.unwrap_or_default();
    let known = store::review_of(tx, project_id, &project.round_id, expert_id).await?;
    if let Some(review) = known {
        if review.state != ReviewState::Removed {
            return Err(Refusal::AlreadyAssigned.into());
        }
        return step(tx, &review, state, &why, actor, now).await;
    }
    let review = Review {
        id: random::id("rev", now),
        project_id: project_id.to_owned(),
        round_id: project.round_id,
        expert_id: expert_id.to_owned(),
        state,
        conflict_reason: why,
        assigned_by: actor.to_owned(),
        assigned_at: now,
        handed_in_at: None,
    };
    store::insert_review(tx, &review).await?;
    record(tx, &review, "", state, actor, &review.conflict_reason, now).await
}

/// Staff ask somebody else instead of an expert who has not handed in.
///
/// # Errors
/// A [`Refusal`].
pub async fn remove(
    tx: &mut Tx,
    project_id: &str,
    expert_id: &str,
    reason: &str,
    actor: &str,
    now: Timestamp,
) -> Result<()> {
    let project = in_valuation(tx, project_id).await?;
    require_staff(tx, actor).await?;
    let review = of(tx, &project, expert_id).await?;
    match review.state {
        ReviewState::Assigned | ReviewState::Open => {}
        ReviewState::HandedIn => return Err(Refusal::HandedIn.into()),
        _ => return Err(Refusal::NotYours.into()),
    }
    step(tx, &review, ReviewState::Removed, &checked_reason(reason)?, actor, now).await
}

/// An expert says whether there is a conflict of interest; the reason of one is kept.
///
/// # Errors
/// A [`Refusal`].
pub async fn declare(
    tx: &mut Tx,
    project_id: &str,
    expert_id: &str,
    conflict: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    let project = in_valuation(tx, project_id).await?;
    let review = own(tx, &project, expert_id).await?;
    if let Some(name) = projects::actions::related(tx, &project, expert_id).await? {
        return step(tx, &review, ReviewState::Excluded, &name, expert_id, now).await;
    }
    match conflict {
        Some(reason) => step(tx, &review, ReviewState::Excluded, &checked_reason(reason)?, expert_id, now).await,
        None if review.state == ReviewState::Open => Ok(()),
        None => step(tx, &review, ReviewState::Open, "", expert_id, now).await,
    }
}

/// What is wrong with scores: the form's field and the key of the sentence. A draft may leave things open.
pub fn wrong_scores(criteria: &[Criterion], scores: &[Score], is_final: bool) -> Vec<(String, &'static str)> {
    let mut wrong = Vec::new();
    for criterion in criteria {
        let found = scores.iter().find(|score| score.position == criterion.position);
        let (score, reason) = found.map_or((None, ""), |found| (found.score, found.reason.as_str()));
        if score.map_or(is_final, |score| !criterion.allows(score)) {
            wrong.push((format!("score_{}", criterion.position), "valuation-score-wrong"));
        }
        if is_final && reason.is_empty() {
            wrong.push((format!("reason_{}", criterion.position), "valuation-score-reason-missing"));
        }
        if reason.chars().count() > LONGEST_SCORE_REASON {
            wrong.push((format!("reason_{}", criterion.position), "round-text-too-long"));
        }
    }
    wrong
}

/// An expert saves scores as a draft, or hands them in.
///
/// # Errors
/// A [`Refusal`].
pub async fn score(
    tx: &mut Tx,
    project_id: &str,
    expert_id: &str,
    scores: &[Score],
    is_final: bool,
    now: Timestamp,
) -> Result<()> {
    let project = in_valuation(tx, project_id).await?;
    let review = own(tx, &project, expert_id).await?;
    if rounds::actions::get(tx, &project.round_id).await?.state != RoundState::Valuation {
        return Err(Refusal::RoundNotValuing.into());
    }
    if let Some(name) = projects::actions::related(tx, &project, expert_id).await? {
        step(tx, &review, ReviewState::Excluded, &name, expert_id, now).await?;
        return Ok(());
    }
    if review.state != ReviewState::Open {
        return Err(Refusal::NotYours.into());
    }
    let criteria = store::criteria(tx, &project.round_id).await?;
    let is_known = |score: &Score| criteria.iter().any(|criterion| criterion.position == score.position);
    if !scores.iter().all(is_known) || !wrong_scores(&criteria, scores, is_final).is_empty() {
        return Err(Refusal::ScoresWrong.into());
    }
    for score in scores {
        store::put_score(tx, &review.id, score).await?;
    }
    if is_final { step(tx, &review, ReviewState::HandedIn, "", expert_id, now).await } else { Ok(()) }
}

/// Staff give an expert's scores back before a result is recorded; the reason is kept.
///
/// # Errors
/// A [`Refusal`].
pub async fn give_back(
    tx: &mut Tx,
    project_id: &str,
    expert_id: &str,
    reason: &str,
    actor: &str,
    now: Timestamp,
) -> Result<()> {
    let project = in_valuation(tx, project_id).await?;
    require_staff(tx, actor).await?;
    let results = store::results(tx, project_id).await?;
    // a meeting was held on them, or its result waits
    if results.iter().any(|result| result.round_id == project.round_id && result.state != ResultState::Withdrawn) {
        return Err(Refusal::ResultOpen.into());
    }
    let review = of(tx, &project, expert_id).await?;
    if review.state != ReviewState::HandedIn {
        return Err(Refusal::NotHandedIn.into());
    }
    step(tx, &review, ReviewState::Open, &checked_reason(reason)?, actor, now).await
}

/// Locks a project that is being valued.
pub(super) async fn in_valuation(tx: &mut Tx, project_id: &str) -> Result<Project> {
    let project = projects::actions::lock(tx, project_id).await?;
    if project.state == ProjectState::InValuation { Ok(project) } else { Err(Refusal::NotInValuation.into()) }
}

/// Rights are read again where they are used.
pub(super) async fn require_staff(tx: &mut Tx, user_id: &str) -> Result<()> {
    let roles = users::actions::roles(tx, user_id).await?;
    if roles.contains(&StaffRole::Reviewer) || roles.contains(&StaffRole::Admin) {
        return Ok(());
    }
    Err(Refusal::NoRole.into())
}

async fn of(tx: &mut Tx, project: &Project, expert_id: &str) -> Result<Review> {
    let review = store::review_of(tx, &project.id, &project.round_id, expert_id).await?;
    Ok(review.ok_or(Refusal::NotYours)?)
}

/// The review of an expert who may still work on it, and still is one.
async fn own(tx: &mut Tx, project: &Project, expert_id: &str) -> Result<Review> {
    let review = of(tx, project, expert_id).await?;
    if !users::actions::roles(tx, expert_id).await?.contains(&StaffRole::Expert) {
        return Err(Refusal::NotYours.into());
    }
    match review.state {
        ReviewState::Assigned | ReviewState::Open => Ok(review),
        ReviewState::HandedIn => Err(Refusal::HandedIn.into()),
        ReviewState::Excluded | ReviewState::Removed => Err(Refusal::NotYours.into()),
    }
}

pub(super) fn checked_reason(typed: &str) -> std::result::Result<String, Refusal> {
    many_lines(typed, LONGEST_SCORE_REASON).filter(|reason| !reason.is_empty()).ok_or(Refusal::ReasonMissing)
}

async fn step(tx: &mut Tx, review: &Review, to: ReviewState, reason: &str, actor: &str, now: Timestamp) -> Result<()> {
    let conflict = if to == ReviewState::Excluded { reason } else { "" };
    let handed_in_at = (to == ReviewState::HandedIn).then_some(now);
    if !store::move_review(tx, &review.id, review.state, to, conflict, handed_in_at).await? {
        return Err(Error::broken(format!("review {} changed while its project was locked", review.id)));
    }
    record(tx, review, review.state.as_str(), to, actor, reason, now).await
}

async fn record(
    tx: &mut Tx,
    review: &Review,
    from: &str,
    to: ReviewState,
    actor: &str,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    let entry = history::Entry { subject: "review", subject_id: &review.id, from, to: to.as_str(), actor, reason };
    Ok(history::record(tx, now, entry).await?)
}

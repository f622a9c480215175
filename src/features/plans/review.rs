//! What reviewers do with a plan that was handed in, and what its owner answers.

use crate::features::plans::actions::{locked, tell_owners};
use crate::features::plans::{Comment, CommentState, Field, LONGEST_REMARK, Refusal, Version, store};
use crate::features::projects::{self, Project, ProjectState};
use crate::features::rounds::RoundState;
use crate::infra::db::Tx;
use crate::infra::error::Result;
use crate::infra::{history, random};
use crate::values::Timestamp;
use crate::values::text::many_lines;

/// Notes a remark on a field of the newest version. The owner sees it when the plan comes back.
///
/// # Errors
/// `NotNow` when the plan is not handed in; `RemarkEmpty`, `RemarkTooLong`.
pub async fn comment(
    tx: &mut Tx,
    project_id: &str,
    field: Field,
    text: &str,
    author: &str,
    now: Timestamp,
) -> Result<String> {
    let (_, version) = handed_in(tx, project_id).await?;
    let text = many_lines(text, LONGEST_REMARK).ok_or(Refusal::RemarkTooLong)?;
    if text.is_empty() {
        return Err(Refusal::RemarkEmpty.into());
    }
    let comment = Comment {
        id: random::id("pcm", now),
        project_id: project_id.to_owned(),
        version: version.number,
        field,
        text,
        author_id: author.to_owned(),
        written_at: now,
        state: CommentState::Written,
        answer: String::new(),
        answered_at: None,
    };
    store::insert_comment(tx, &comment).await?;
    record(tx, &comment.id, "", CommentState::Written, author, now).await?;
    Ok(comment.id)
}

/// Takes a remark away that the owner has not seen.
///
/// # Errors
/// `NotNow` when the owner has it by now, or it is gone.
pub async fn take_away(tx: &mut Tx, project_id: &str, id: &str) -> Result<()> {
    projects::actions::lock(tx, project_id).await?;
    if store::delete_written(tx, project_id, id).await? { Ok(()) } else { Err(Refusal::NotNow.into()) }
}

/// Gives a plan back to its owner with the remarks on it, and tells the owner by letter.
///
/// # Errors
/// `NotNow` when the plan is not handed in, `NoRemarks` when none was written.
pub async fn give_back(tx: &mut Tx, project_id: &str, actor: &str, now: Timestamp) -> Result<()> {
    let (project, version) = handed_in(tx, project_id).await?;
    let comments = store::comments(tx, project_id).await?;
    let written: Vec<&Comment> = comments.iter().filter(|comment| comment.state == CommentState::Written).collect();
    if written.is_empty() {
        return Err(Refusal::NoRemarks.into());
    }
    for comment in &written {
        step(tx, &comment.id, CommentState::Written, CommentState::Open, actor, now).await?;
    }
    projects::actions::move_to(tx, &project, ProjectState::Returned, actor, "", now).await?;
    tell_owners(tx, &project, "plan_returned", &version.id, now).await
}

/// Passes a plan on to the experts, and tells the owner by letter.
///
/// # Errors
/// `NotNow` when the plan is not handed in or its round sells already, `RemarksWaiting` when remarks were written and not sent; those
/// of [`projects::shares::require_ready`].
pub async fn accept(tx: &mut Tx, project_id: &str, actor: &str, now: Timestamp) -> Result<()> {
    let (round, _) = locked(tx, project_id).await?;
    let (project, version) = handed_in(tx, project_id).await?;
    if !matches!(round.state, RoundState::Submissions | RoundState::Valuation) {
        return Err(Refusal::NotNow.into());
    }
    let comments = store::comments(tx, project_id).await?;
    if comments.iter().any(|comment| comment.state == CommentState::Written) {
        return Err(Refusal::RemarksWaiting.into());
    }
    projects::shares::require_ready(tx, &project).await?;
    projects::actions::move_to(tx, &project, ProjectState::InValuation, actor, "", now).await?;
    tell_owners(tx, &project, "plan_accepted", &version.id, now).await
}

/// The owner says that a remark was dealt with, in words if there is something to say.
///
/// # Errors
/// `NotNow` when it is not open, `AnswerTooLong`.
pub async fn answer(tx: &mut Tx, project_id: &str, id: &str, answer: &str, actor: &str, now: Timestamp) -> Result<()> {
    projects::actions::lock(tx, project_id).await?;
    let text = many_lines(answer, LONGEST_REMARK).ok_or(Refusal::AnswerTooLong)?;
    let comments = store::comments(tx, project_id).await?;
    if !comments.iter().any(|comment| comment.id == id) {
        return Err(Refusal::NotNow.into());
    }
    step(tx, id, CommentState::Open, CommentState::Done, actor, now).await?;
    Ok(store::set_answer(tx, id, &text, actor, now).await?)
}

/// The locked plan that lies with the reviewers, and the version they read.
async fn handed_in(tx: &mut Tx, project_id: &str) -> Result<(Project, Version)> {
    let project = projects::actions::lock(tx, project_id).await?;
    let newest = store::versions(tx, project_id).await?.pop();
    match newest {
        Some(version) if project.state == ProjectState::Submitted => Ok((project, version)),
        _ => Err(Refusal::NotNow.into()),
    }
}

async fn step(tx: &mut Tx, id: &str, from: CommentState, to: CommentState, actor: &str, now: Timestamp) -> Result<()> {
    if !store::move_comment(tx, id, from, to).await? {
        return Err(Refusal::NotNow.into());
    }
    record(tx, id, from.as_str(), to, actor, now).await
}

async fn record(tx: &mut Tx, id: &str, from: &str, to: CommentState, actor: &str, now: Timestamp) -> Result<()> {
    let entry = history::Entry { subject: "plan_comment", subject_id: id, from, to: to.as_str(), actor, reason: "" };
    Ok(history::record(tx, now, entry).await?)
}

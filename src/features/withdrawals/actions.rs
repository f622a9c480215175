//! Taking a project back, and making due what was held.

use crate::features::organisations::{self, MemberRole};
use crate::features::payments::{self, RefundCause, refunds};
use crate::features::projects::ProjectState;
use crate::features::withdrawals::{CARRY_OUT, LONGEST_REASON, Refusal, SETTLE, Withdrawal, obstacle, store};
use crate::features::{consents, match_funds, pledges, projects, rounds};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::letters::{self, Letter};
use crate::infra::{Services, jobs};
use crate::values::Timestamp;
use crate::values::text::many_lines;

/// Pledges made due back in one transaction.
const BATCH: i64 = 200;
/// Who acts, in history and books: the program, on the owner's word.
const ACTOR: &str = "withdrawals";

/// An owner takes a project back. Locks come in the order of the closing: the round, the project's totals.
///
/// # Errors
/// A [`Refusal`]: not an owner, no reason, or the project is decided.
pub async fn withdraw(tx: &mut Tx, project_id: &str, by: &str, reason: &str, now: Timestamp) -> Result<()> {
    let reason = checked_reason(reason)?;
    let round_id = projects::actions::get(tx, project_id).await?.round_id;
    rounds::actions::lock(tx, &round_id).await?;
    pledges::actions::lock_project(tx, project_id).await?;
    let project = projects::actions::lock(tx, project_id).await?;
    let role = organisations::actions::member_role(tx, &project.organisation_id, by).await?;
    if role != Some(MemberRole::Owner) {
        return Err(Refusal::NotOwner.into());
    }
    if let Some(refusal) = obstacle(project.state) {
        return Err(refusal.into());
    }
    store::insert(tx, project_id, &reason, by, now).await?;
    projects::actions::move_to(tx, &project, ProjectState::Withdrawn, by, &reason, now).await?;
    if project.state == ProjectState::NearMiss {
        consents::actions::withdraw(tx, project_id, by, now).await?;
    }
    payments::actions::check_project(tx, project_id, now).await?;
    let owners = organisations::actions::owners(tx, &project.organisation_id).await?;
    letters::queue_many(tx, now, "project_taken_back", project_id, &owners).await?;
    Ok(jobs::enqueue(tx, now, CARRY_OUT, project_id, now).await?)
}

fn checked_reason(typed: &str) -> std::result::Result<String, Refusal> {
    match many_lines(typed, LONGEST_REASON) {
        Some(reason) if reason.is_empty() => Err(Refusal::ReasonMissing),
        Some(reason) => Ok(reason),
        None => Err(Refusal::ReasonTooLong),
    }
}

/// The job: one batch, and it asks for itself again as long as something is held.
///
/// # Errors
/// The database. What was committed stays; the next run goes on from there.
pub async fn carry_out(s: &Services, project_id: &str) -> Result<()> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    pledges::actions::lock_project(&mut tx, project_id).await?;
    match_funds::actions::lock_of_projects(&mut tx, [project_id]).await?;
    let held = pledges::actions::held_of_project(&mut tx, project_id, BATCH).await?;
    if held.is_empty() {
        store::finish(&mut tx, project_id, now).await?;
        let round_id = projects::actions::get(&mut tx, project_id).await?.round_id;
        jobs::enqueue(&mut tx, now, SETTLE, &round_id, now).await?;
        return Ok(tx.commit().await?);
    }
    for pledge in held {
        let payment = payments::actions::of_pledge(&mut tx, &pledge.id).await?;
        let payment = payment.ok_or_else(|| Error::broken(format!("pledge {} has no payment", pledge.id)))?;
        pledges::actions::begin_refund(&mut tx, &pledge, ACTOR, "the project was withdrawn", now).await?;
        refunds::make_due(&mut tx, &payment, &pledge, RefundCause::Withdrawn, now).await?;
        let letter = Letter {
            kind: "project_withdrawn",
            cause_id: &pledge.id,
            user_id: &pledge.user_id,
            language: pledge.language,
            due: now,
            secret: "",
        };
        letters::queue(&mut tx, now, letter).await?;
    }
    jobs::enqueue(&mut tx, now, CARRY_OUT, project_id, now).await?;
    Ok(tx.commit().await?)
}

/// The withdrawal of a project, when it was taken back.
pub async fn of_project(conn: &mut Conn, project_id: &str) -> Result<Option<Withdrawal>> {
    Ok(store::of_project(conn, project_id).await?)
}

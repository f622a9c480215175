//! Proposing, approving, withdrawing. The effect itself belongs to the noun that asks.

use sha2::{Digest, Sha256};

use crate::features::approvals::{
    Asked, Decider, LONGEST_REASON, PROPOSAL_SECONDS, Proposal, ProposalState, Refusal, role_of, store,
};
use crate::features::users::{self, StaffRole};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::{history, random};
use crate::values::Timestamp;
use crate::values::text::many_lines;

/// Why a proposal ended.
const NEWER: &str = "a newer proposal took its place";

/// The hash that is shown, posted back and compared.
pub fn hash(kind: &str, subject_id: &str, content: &str) -> String {
    hex::encode(Sha256::digest(format!("{kind}\n{subject_id}\n{content}").as_bytes()))
}

/// Writes a proposal. One of the same kind about the same thing that is too late or of other content gives way.
///
/// # Errors
/// A [`Refusal`]: no reason, not the role, or the same is proposed already.
pub async fn propose(tx: &mut Tx, by: Decider<'_>, asked: Asked<'_>, now: Timestamp) -> Result<Proposal> {
    let reason = checked_reason(asked.reason)?;
    require(tx, by, role_of(asked.kind)).await?;
    let hash = hash(asked.kind, asked.subject_id, asked.content);
    if let Some(old) = store::open_of(tx, asked.kind, asked.subject_id).await? {
        if old.hash == hash && old.expires_at > now {
            return Err(Refusal::AlreadyProposed.into());
        }
        decide(tx, &old, ProposalState::Expired, by, NEWER, now).await?;
    }
    let proposal = Proposal {
        id: random::id("prp", now),
        kind: asked.kind.to_owned(),
        subject_id: asked.subject_id.to_owned(),
        content: asked.content.to_owned(),
        hash,
        reason,
        state: ProposalState::Proposed,
        proposed_by: by.user_id.to_owned(),
        proposed_at: now,
        expires_at: now.plus_seconds(PROPOSAL_SECONDS),
        decided_by: None,
        decided_at: None,
    };
    store::insert(tx, &proposal).await?;
    record(tx, &proposal.id, "", ProposalState::Proposed, by, &proposal.reason, now).await?;
    Ok(proposal)
}

/// Another person approves what was proposed of this kind about this thing, by its hash. `content` is what would happen now: when
/// it is no longer what was proposed, the approval is refused. The caller carries it out in the same transaction.
///
/// # Errors
/// A [`Refusal`]: nothing proposed, own proposal, factor not fresh, too late, or something else by now.
pub async fn approve(
    tx: &mut Tx,
    by: Decider<'_>,
    (kind, subject_id): (&str, &str),
    posted_hash: &str,
    content: &str,
    now: Timestamp,
) -> Result<Proposal> {
    store::lock_open(tx, kind, subject_id).await?;
    let open = store::open_of(tx, kind, subject_id).await?.ok_or(Refusal::NothingProposed)?;
    require(tx, by, role_of(kind)).await?;
    if open.proposed_by == by.user_id {
        return Err(Refusal::OwnProposal.into());
    }
    if by.fresh_until <= now {
        return Err(Refusal::FactorNotFresh.into());
    }
    if open.expires_at <= now {
        return Err(Refusal::Expired.into());
    }
    if open.hash != posted_hash || open.hash != hash(kind, subject_id, content) {
        return Err(Refusal::Outdated.into());
    }
    decide(tx, &open, ProposalState::Approved, by, "", now).await?;
    Ok(open)
}

/// Somebody with the role takes an open proposal back.
///
/// # Errors
/// A [`Refusal`]: no reason, not the role, or nothing is proposed.
pub async fn withdraw(
    tx: &mut Tx,
    by: Decider<'_>,
    (kind, subject_id): (&str, &str),
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    let reason = checked_reason(reason)?;
    require(tx, by, role_of(kind)).await?;
    let open = store::open_of(tx, kind, subject_id).await?.ok_or(Refusal::NothingProposed)?;
    decide(tx, &open, ProposalState::Withdrawn, by, &reason, now).await
}

/// Takes the proposal of a thing back, when one is still open: one that nobody approved in time has ended, and what it had set aside must
/// not stay so. Answers the reason as it is kept.
///
/// # Errors
/// A [`Refusal`]: no reason, or not a treasurer.
pub async fn withdraw_if_open(
    tx: &mut Tx,
    by: Decider<'_>,
    (kind, subject_id): (&str, &str),
    reason: &str,
    now: Timestamp,
) -> Result<String> {
    let reason = checked_reason(reason)?;
    require_treasurer(tx, by).await?;
    if let Some(open) = store::open_of(tx, kind, subject_id).await? {
        decide(tx, &open, ProposalState::Withdrawn, by, &reason, now).await?;
    }
    Ok(reason)
}

/// A newer proposal of the caller's takes the place of one that may still be open.
///
/// # Errors
/// A [`Refusal`]: not the role.
pub async fn give_way(tx: &mut Tx, by: Decider<'_>, (kind, subject_id): (&str, &str), now: Timestamp) -> Result<()> {
    require(tx, by, role_of(kind)).await?;
    if let Some(open) = store::open_of(tx, kind, subject_id).await? {
        decide(tx, &open, ProposalState::Expired, by, NEWER, now).await?;
    }
    Ok(())
}

/// Ends the proposals that nobody approved in time. Answers how many.
pub async fn expire_due(tx: &mut Tx, now: Timestamp) -> Result<usize> {
    let late = store::late(tx, now).await?;
    for proposal in &late {
        if !store::expire(tx, &proposal.id).await? {
            continue;
        }
        let (from, to) = (proposal.state.as_str(), ProposalState::Expired.as_str());
        let reason = "nobody approved it in time";
        let entry =
            history::Entry { subject: "proposal", subject_id: &proposal.id, from, to, actor: "schedule", reason };
        history::record(tx, now, entry).await?;
    }
    Ok(late.len())
}

/// The open proposal of a kind about a thing; one that is too late is none.
pub async fn open_of(conn: &mut Conn, kind: &str, subject_id: &str, now: Timestamp) -> Result<Option<Proposal>> {
    Ok(store::open_of(conn, kind, subject_id).await?.filter(|proposal| proposal.expires_at > now))
}

/// All proposals that wait for a second person, the oldest first.
pub async fn waiting(conn: &mut Conn, now: Timestamp) -> Result<Vec<Proposal>> {
    Ok(store::waiting(conn, now).await?)
}

/// A reason as it is kept.
///
/// # Errors
/// Missing, or too long.
pub fn checked_reason(typed: &str) -> std::result::Result<String, Refusal> {
    match many_lines(typed, LONGEST_REASON) {
        Some(reason) if reason.is_empty() => Err(Refusal::ReasonMissing),
        Some(reason) => Ok(reason),
        None => Err(Refusal::ReasonTooLong),
    }
}

/// Rights are read again where they are used: a page may have been open since before they were taken away.
pub async fn require_treasurer(tx: &mut Tx, by: Decider<'_>) -> Result<()> {
    require(tx, by, StaffRole::Treasurer).await
}

async fn require(tx: &mut Tx, by: Decider<'_>, role: StaffRole) -> Result<()> {
    if users::actions::roles(tx, by.user_id).await?.contains(&role) {
        return Ok(());
    }
    Err(Refusal::NoRole.into())
}

async fn decide(
    tx: &mut Tx,
    open: &Proposal,
    to: ProposalState,
    by: Decider<'_>,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    if !store::decide(tx, &open.id, to, by.user_id, now).await? {
        return Err(Error::from(Refusal::NothingProposed));
    }
    record(tx, &open.id, open.state.as_str(), to, by, reason, now).await
}

async fn record(
    tx: &mut Tx,
    id: &str,
    from: &str,
    to: ProposalState,
    by: Decider<'_>,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    let entry =
        history::Entry { subject: "proposal", subject_id: id, from, to: to.as_str(), actor: by.user_id, reason };
    Ok(history::record(tx, now, entry).await?)
}

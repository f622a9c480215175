//! What can be done with rounds.

use crate::features::cases::{self, CaseKind};
use crate::features::rounds::{Outline, Refusal, Round, RoundState, store};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::{history, random};
use crate::values::Timestamp;

/// The round with this id; it must be there.
pub async fn get(conn: &mut Conn, id: &str) -> Result<Round> {
    store::by_id(conn, id).await?.ok_or_else(|| Error::broken(format!("no round {id}")))
}

pub async fn by_number(conn: &mut Conn, number: i64) -> Result<Option<Round>> {
    Ok(store::by_number(conn, number).await?)
}

/// All rounds, the newest first.
pub async fn all(conn: &mut Conn) -> Result<Vec<Round>> {
    Ok(store::all(conn).await?)
}

/// Locks the round for the rest of the transaction and reads it.
pub async fn lock(tx: &mut Tx, id: &str) -> Result<Round> {
    store::lock(tx, id).await?;
    get(tx, id).await
}

/// Writes a new round.
pub async fn insert(tx: &mut Tx, round: &Round) -> Result<()> {
    Ok(store::insert(tx, round).await?)
}

/// Moves a locked round to the state that follows; a round closed before its time gets this moment as its closing instant.
/// Answers `false` when it was not in the state it should come from (somebody else was first).
pub async fn move_on(tx: &mut Tx, round: &Round, actor: &str, reason: &str, now: Timestamp) -> Result<bool> {
    let Some(next) = round.state.next() else { return Ok(false) };
    let settled_at = (next == RoundState::Settled).then_some(now);
    if !store::move_on(tx, &round.id, round.state, next, settled_at).await? {
        return Ok(false);
    }
    if next == RoundState::Closing {
        store::close_at(tx, &round.id, now).await?;
    }
    let entry = history::Entry {
        subject: "round",
        subject_id: &round.id,
        from: round.state.as_str(),
        to: next.as_str(),
        actor,
        reason,
    };
    history::record(tx, now, entry).await?;
    Ok(true)
}

/// Announces a new round.
///
/// # Errors
/// A [`Refusal`]: something is not as it must be, or the number is taken.
pub async fn make(tx: &mut Tx, outline: &Outline, actor: &str, now: Timestamp) -> Result<Round> {
    if !outline.wrong(None, now).is_empty() {
        return Err(Refusal::NotAllowed.into());
    }
    if by_number(tx, outline.number).await?.is_some() {
        return Err(Refusal::NumberTaken.into());
    }
    let round = outline.round(random::id("rnd", now));
    store::insert(tx, &round).await?;
    let changed = outline.changes(None);
    note(tx, &round, "made", actor, &changed, now).await?;
    Ok(round)
}

/// Changes what a round offers and when, as far as its state allows. Who changed what stays on record with before and after.
///
/// # Errors
/// A [`Refusal`]: something may not change any more, is not as it must be, or the number is taken.
pub async fn change(tx: &mut Tx, id: &str, outline: &Outline, actor: &str, now: Timestamp) -> Result<()> {
    let round = lock(tx, id).await?;
    if !outline.wrong(Some(&round), now).is_empty() {
        return Err(Refusal::NotAllowed.into());
    }
    if outline.number != round.number && by_number(tx, outline.number).await?.is_some() {
        return Err(Refusal::NumberTaken.into());
    }
    let changed = outline.changes(Some(&round));
    if changed.is_empty() {
        return Ok(());
    }
    if !store::change(tx, id, round.state, outline).await? {
        return Err(Error::broken(format!("round {id} changed while it was locked")));
    }
    // that it could not begin was about its old dates
    cases::actions::ended(tx, CaseKind::RoundNotBegun, id, "schedule", "the round was changed", now).await?;
    note(tx, &round, "changed", actor, &changed, now).await
}

/// Moves the closing instant of a locked round that sells. Answers `false` when it does not sell until then (any more).
pub async fn extend(
    tx: &mut Tx,
    round: &Round,
    closes_at: Timestamp,
    actor: &str,
    reason: &str,
    now: Timestamp,
) -> Result<bool> {
    if !store::extend(tx, &round.id, round.closes_at, closes_at).await? {
        return Ok(false);
    }
    let what = format!("closes_at: {} → {closes_at}\n{reason}", round.closes_at);
    note(tx, round, "extended", actor, &what, now).await?;
    Ok(true)
}

async fn note(tx: &mut Tx, round: &Round, what: &str, actor: &str, changed: &str, now: Timestamp) -> Result<()> {
    let entry = history::Entry {
        subject: "round_plan",
        subject_id: &round.id,
        from: round.state.as_str(),
        to: what,
        actor,
        reason: changed,
    };
    Ok(history::record(tx, now, entry).await?)
}

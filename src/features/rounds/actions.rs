//! What can be done with rounds.

use crate::features::rounds::{Round, RoundState, store};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::history;
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

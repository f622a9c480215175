//! What can be done with transfers.

use crate::features::transfers::{NewTransfer, Purpose, Transfer, TransferState, store};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::{history, random};
use crate::values::{Cents, Timestamp};

pub use crate::features::transfers::batches::{
    approve, batch, batches, content, file, hash_of, in_batch, mark_downloaded, propose, sent, withdraw,
};
pub use crate::features::transfers::outcome::{confirm, returned};

/// Plans a transfer, or finds the living one for the same thing. Answers its id.
pub async fn plan(tx: &mut Tx, new: &NewTransfer<'_>, now: Timestamp) -> Result<String> {
    let id = random::id("trf", now);
    if store::insert(tx, &id, new, now).await? {
        return Ok(id);
    }
    Ok(store::living(tx, new.purpose, new.subject_id).await?.map(|transfer| transfer.id).unwrap_or_default())
}

/// Plans the transfer of a tranche: of a project's money that the books owe to `owed_to`, with the fee that the platform keeps beside
/// it. Answers its id.
pub async fn plan_tranche(
    tx: &mut Tx,
    new: &NewTransfer<'_>,
    (project_id, owed_to): (&str, &str),
    fee: Cents,
    now: Timestamp,
) -> Result<String> {
    let id = plan(tx, new, now).await?;
    store::set_owed(tx, &id, project_id, owed_to, fee).await?;
    Ok(id)
}

/// Takes the planned transfer for a thing back, because it is no longer needed. Answers `false` when it stands in a file by now.
pub async fn cancel(tx: &mut Tx, purpose: Purpose, subject_id: &str, actor: &str, now: Timestamp) -> Result<bool> {
    let Some(living) = store::living(tx, purpose, subject_id).await? else { return Ok(true) };
    if !store::move_to(tx, &living.id, TransferState::Planned, TransferState::Cancelled, Some(now)).await? {
        return Ok(false);
    }
    record(tx, &living, TransferState::Cancelled, actor, "", now).await?;
    Ok(true)
}

/// The transfers for a thing, the newest first.
pub async fn of_subject(conn: &mut Conn, subject_id: &str) -> Result<Vec<Transfer>> {
    Ok(store::of_subject(conn, subject_id).await?)
}

/// What the transfer with this id pays: the id of a refund, a line of a statement, or a tranche.
pub async fn subject_of(conn: &mut Conn, id: &str) -> Result<String> {
    Ok(get(conn, id).await?.subject_id)
}

/// The transfers that wait for a file, the oldest first.
pub async fn planned(conn: &mut Conn) -> Result<Vec<Transfer>> {
    Ok(store::in_state(conn, TransferState::Planned).await?)
}

/// The transfer with this id; it must be there.
pub(super) async fn get(conn: &mut Conn, id: &str) -> Result<Transfer> {
    store::by_id(conn, id).await?.ok_or_else(|| Error::broken(format!("no transfer {id}")))
}

pub(super) async fn record(
    tx: &mut Tx,
    transfer: &Transfer,
    to: TransferState,
    actor: &str,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    let entry = history::Entry {
        subject: "transfer",
        subject_id: &transfer.id,
        from: transfer.state.as_str(),
        to: to.as_str(),
        actor,
        reason,
    };
    Ok(history::record(tx, now, entry).await?)
}

/// The transfer that carries this reference at the bank.
pub async fn by_end_to_end_id(conn: &mut Conn, end_to_end_id: &str) -> Result<Option<Transfer>> {
    let Some(rest) = end_to_end_id.strip_prefix("trf") else { return Ok(None) };
    Ok(store::by_id(conn, &format!("trf_{rest}")).await?)
}

/// Transfers that a statement shows: id, the line by which it left, the line by which it came back; empty where there is none.
pub async fn shown(conn: &mut Conn) -> Result<Vec<(String, String, String)>> {
    Ok(store::shown(conn).await?)
}

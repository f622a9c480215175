//! Files of transfers: proposed by one treasurer, approved by another, downloaded, brought to the bank.
//!
//! Each action locks the batch first; a transfer moves only from the state it is said to be in.

use sha2::{Digest, Sha256};

use crate::features::approvals::{self, Asked, Decider};
use crate::features::transfers::actions::record;
use crate::features::transfers::{
    BATCH, Batch, BatchState, MOST_IN_BATCH, Purpose, Refusal, TRANCHE_MOVED, Transfer, TransferState, store,
};
use crate::infra::bank::pain::{self, File, Payer, Payment};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::settings::BankSettings;
use crate::infra::{history, jobs, random};
use crate::values::target::next_banking_day;
use crate::values::{Cents, Timestamp};

/// Puts planned transfers into a new file and proposes it. Answers the batch's id.
///
/// # Errors
/// A refusal of ours (nothing chosen, no longer planned) or of `approvals`.
pub async fn propose(tx: &mut Tx, by: Decider<'_>, ids: &[String], reason: &str, now: Timestamp) -> Result<String> {
    approvals::actions::require_treasurer(tx, by).await?;
    approvals::actions::checked_reason(reason)?;
    let mut ids = ids.to_vec();
    ids.sort();
    ids.dedup();
    if ids.is_empty() || ids.len() > MOST_IN_BATCH {
        return Err(Refusal::NothingChosen.into());
    }
    let batch_id = random::id("trb", now);
    let mut sum = Cents::ZERO;
    for id in &ids {
        let Some(transfer) = store::by_id(tx, id).await? else { return Err(Refusal::NotPlanned.into()) };
        if !store::put_into(tx, id, &batch_id).await? {
            return Err(Refusal::NotPlanned.into());
        }
        record(tx, &transfer, TransferState::Batched, by.user_id, "", now).await?;
        sum = sum.checked_add(transfer.amount).ok_or_else(|| Error::broken("a sum of transfers does not fit"))?;
    }
    let count = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    store::insert_batch(tx, &batch_id, count, sum, by.user_id, now).await?;
    let content = content(&store::in_batch(tx, &batch_id).await?);
    let asked = Asked { kind: BATCH, subject_id: &batch_id, content: &content, reason };
    approvals::actions::propose(tx, by, asked, now).await?;
    record_batch(tx, &batch_id, "", BatchState::Proposed, by.user_id, reason, now).await?;
    Ok(batch_id)
}

/// The canonical list of a file: what is approved. Id, account and cents of each transfer.
pub fn content(transfers: &[Transfer]) -> String {
    let mut lines: Vec<String> = transfers.iter().map(|t| format!("{} {} {}\n", t.id, t.iban, t.amount.0)).collect();
    lines.sort();
    lines.concat()
}

/// The hash over the canonical list of a batch, to be shown and posted back.
pub fn hash_of(batch_id: &str, transfers: &[Transfer]) -> String {
    approvals::actions::hash(BATCH, batch_id, &content(transfers))
}

/// Another treasurer approves exactly this file. The bank is asked to pay on the next day on which banks work.
///
/// # Errors
/// A refusal of `approvals`, or the batch is no longer proposed.
pub async fn approve(tx: &mut Tx, by: Decider<'_>, batch_id: &str, hash: &str, now: Timestamp) -> Result<()> {
    store::lock_batch(tx, batch_id).await?;
    let content = content(&store::in_batch(tx, batch_id).await?);
    approvals::actions::approve(tx, by, (BATCH, batch_id), hash, &content, now).await?;
    let day = next_banking_day(&now.day());
    if !store::approved(tx, batch_id, by.user_id, &day, now).await? {
        return Err(Refusal::NotApproved.into());
    }
    record_batch(tx, batch_id, "proposed", BatchState::Approved, by.user_id, "", now).await
}

/// The file for the bank and its hash: the same bytes at every download.
///
/// # Errors
/// Not approved; or it does not fit into the message, which stops it before anybody gets it.
pub async fn file(conn: &mut Conn, bank: &BankSettings, batch_id: &str) -> Result<(String, String)> {
    let batch = batch(conn, batch_id).await?.ok_or(Refusal::NotApproved)?;
    let approved_at = batch.approved_at.filter(|_| batch.state != BatchState::Withdrawn).ok_or(Refusal::NotApproved)?;
    let payments = store::in_batch(conn, batch_id).await?.into_iter().map(|transfer| Payment {
        end_to_end_id: transfer.end_to_end_id(),
        iban: transfer.iban,
        name: transfer.name,
        amount: transfer.amount,
        text: transfer.remittance,
    });
    let file = File {
        message_id: batch.id.replacen('_', "", 1),
        created_at: approved_at,
        execution_day: batch.execution_day,
        payer: Payer { name: bank.name.clone(), iban: bank.iban.clone(), bic: bank.bic.clone() },
        payments: payments.collect(),
    };
    if pain::control_sum(&file) != Some(batch.amount) || i64::try_from(file.payments.len()) != Ok(batch.transfers) {
        return Err(Error::broken(format!("the transfers of {batch_id} are not those that were approved")));
    }
    let text = pain::write(&file).map_err(Error::broken)?;
    let hash = hex::encode(Sha256::digest(text.as_bytes()));
    Ok((text, hash))
}

/// Notes that the file was handed out: from then on it may be at the bank.
pub async fn mark_downloaded(tx: &mut Tx, by: Decider<'_>, batch_id: &str, now: Timestamp) -> Result<()> {
    approvals::actions::require_treasurer(tx, by).await?;
    if store::downloaded(tx, batch_id, now).await? {
        tracing::info!(batch = batch_id, user = by.user_id, "a file of transfers was handed out");
    }
    Ok(())
}

/// A treasurer says that the file is at the bank.
///
/// # Errors
/// It was not approved, or nobody downloaded it.
pub async fn sent(tx: &mut Tx, by: Decider<'_>, batch_id: &str, now: Timestamp) -> Result<()> {
    approvals::actions::require_treasurer(tx, by).await?;
    store::lock_batch(tx, batch_id).await?;
    let batch = batch(tx, batch_id).await?.ok_or(Refusal::NotApproved)?;
    if batch.state == BatchState::Approved && batch.downloaded_at.is_none() {
        return Err(Refusal::NotDownloaded.into());
    }
    mark_sent(tx, &batch, by.user_id, now).await
}

/// approved → sent, with its transfers. By a treasurer, or by the statement that shows the first of them.
pub(super) async fn mark_sent(tx: &mut Tx, batch: &Batch, actor: &str, now: Timestamp) -> Result<()> {
    if !store::batch_sent(tx, &batch.id, actor, now).await? {
        return Err(Refusal::NotApproved.into());
    }
    record_batch(tx, &batch.id, batch.state.as_str(), BatchState::Sent, actor, "", now).await?;
    for transfer in store::in_batch(tx, &batch.id).await? {
        if !store::move_to(tx, &transfer.id, TransferState::Batched, TransferState::Sent, None).await? {
            return Err(Error::broken(format!("transfer {} of a file is {}", transfer.id, transfer.state)));
        }
        record(tx, &transfer, TransferState::Sent, actor, "", now).await?;
        if transfer.purpose == Purpose::Tranche {
            jobs::enqueue(tx, now, TRANCHE_MOVED, &transfer.subject_id, now).await?;
        }
    }
    Ok(())
}

/// A treasurer takes a file back; its transfers are planned again.
///
/// # Errors
/// No reason, or somebody may have brought it to the bank already.
pub async fn withdraw(tx: &mut Tx, by: Decider<'_>, batch_id: &str, reason: &str, now: Timestamp) -> Result<()> {
    store::lock_batch(tx, batch_id).await?;
    let batch = batch(tx, batch_id).await?.ok_or(Refusal::NotWithdrawable)?;
    let reason = approvals::actions::withdraw_if_open(tx, by, (BATCH, batch_id), reason, now).await?;
    if !store::batch_withdrawn(tx, &batch, now).await? {
        return Err(Refusal::NotWithdrawable.into());
    }
    for transfer in store::in_batch(tx, batch_id).await? {
        if !store::take_out(tx, &transfer.id).await? {
            return Err(Error::broken(format!("transfer {} of a file is {}", transfer.id, transfer.state)));
        }
        record(tx, &transfer, TransferState::Planned, by.user_id, "", now).await?;
    }
    record_batch(tx, batch_id, batch.state.as_str(), BatchState::Withdrawn, by.user_id, &reason, now).await
}

/// Ends a file when the statement has shown all of it.
pub(super) async fn finish(tx: &mut Tx, batch_id: &str, now: Timestamp) -> Result<()> {
    store::lock_batch(tx, batch_id).await?;
    if store::open_in_batch(tx, batch_id).await? == 0 && store::batch_confirmed(tx, batch_id, now).await? {
        record_batch(tx, batch_id, "sent", BatchState::Confirmed, "bank", "", now).await?;
    }
    Ok(())
}

/// The batch with this id.
pub async fn batch(conn: &mut Conn, id: &str) -> Result<Option<Batch>> {
    Ok(store::batch(conn, id).await?)
}

/// The newest batches.
pub async fn batches(conn: &mut Conn, limit: i64) -> Result<Vec<Batch>> {
    Ok(store::batches(conn, limit).await?)
}

/// The transfers of a batch, by id.
pub async fn in_batch(conn: &mut Conn, batch_id: &str) -> Result<Vec<Transfer>> {
    Ok(store::in_batch(conn, batch_id).await?)
}

async fn record_batch(
    tx: &mut Tx,
    id: &str,
    from: &str,
    to: BatchState,
    actor: &str,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    let entry = history::Entry { subject: "batch", subject_id: id, from, to: to.as_str(), actor, reason };
    Ok(history::record(tx, now, entry).await?)
}

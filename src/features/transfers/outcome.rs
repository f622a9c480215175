//! What the bank's statement says of a transfer: it was paid, or it came back.

use crate::features::cases::{self, CaseKind, Found};
use crate::features::ledger::{self, Account, Kind, Posting};
use crate::features::match_funds;
use crate::features::payments::by_bank;
use crate::features::pledges;
use crate::features::transfers::actions::{get, record};
use crate::features::transfers::{BatchState, Purpose, TRANCHE_MOVED, Transfer, TransferState, batches, store};
use crate::infra::db::Tx;
use crate::infra::error::{Error, Result};
use crate::infra::jobs;
use crate::values::{Cents, Timestamp};

/// Who acts, in history and books.
const ACTOR: &str = "bank";

/// The statement's line `line_id` shows that `amount` (above zero) left the account with this end-to-end reference. Moves the
/// transfer, the books and what was paid. Answers `false`, with nothing posted, when no transfer of ours explains the line: an
/// unknown reference, another amount (a case says so), one that is confirmed by another line, or a file nobody approved.
/// The same line twice changes nothing.
pub async fn confirm(tx: &mut Tx, end_to_end_id: &str, amount: Cents, line_id: &str, now: Timestamp) -> Result<bool> {
    let Some(transfer) = locked(tx, end_to_end_id).await? else { return Ok(false) };
    if transfer.line_id.is_some() {
        return Ok(transfer.line_id.as_deref() == Some(line_id));
    }
    if transfer.amount != amount {
        differs(tx, &transfer, amount, line_id, now).await?;
        return Ok(false);
    }
    let transfer = match transfer.state {
        TransferState::Sent => transfer,
        // its return was seen first and posted both ways: only the line was missing
        TransferState::Returned => return Ok(store::set_line(tx, &transfer.id, line_id).await?),
        TransferState::Batched if approved_unmarked(tx, &transfer, now).await? => get(tx, &transfer.id).await?,
        _ => return Ok(false),
    };
    paid(tx, &transfer, now).await?;
    store::set_line(tx, &transfer.id, line_id).await?;
    if let Some(batch_id) = &transfer.batch_id {
        batches::finish(tx, batch_id, now).await?;
    }
    Ok(true)
}

/// The statement's line `line_id` shows that `amount` came back to the account with this end-to-end reference. The money is owed
/// again: to the backer, to the organisation, or it is set aside. Answers `false`, with nothing posted, when no transfer of ours
/// explains the line. The same line twice changes nothing.
pub async fn returned(
    tx: &mut Tx,
    end_to_end_id: &str,
    amount: Cents,
    line_id: &str,
    reason: &str,
    now: Timestamp,
) -> Result<bool> {
    let Some(transfer) = locked(tx, end_to_end_id).await? else { return Ok(false) };
    if transfer.return_line_id.is_some() {
        return Ok(transfer.return_line_id.as_deref() == Some(line_id));
    }
    if transfer.amount != amount {
        differs(tx, &transfer, amount, line_id, now).await?;
        return Ok(false);
    }
    let transfer = match transfer.state {
        TransferState::Confirmed => transfer,
        // the way out is not on a statement yet; without it nothing could come back
        TransferState::Sent => {
            paid(tx, &transfer, now).await?;
            get(tx, &transfer.id).await?
        }
        _ => return Ok(false),
    };
    if !store::returned(tx, &transfer.id, line_id, reason, now).await? {
        return Err(Error::broken(format!("transfer {} changed while locked", transfer.id)));
    }
    record(tx, &transfer, TransferState::Returned, ACTOR, reason, now).await?;
    owed_again(tx, &transfer, reason, now).await?;
    let found = Found {
        kind: CaseKind::TransferReturned,
        subject_id: &transfer.id,
        amount: transfer.amount,
        detail: &format!("{} {}: {reason}", transfer.purpose, transfer.subject_id),
        pledge_id: None,
        remedy: None,
    };
    cases::actions::open(tx, &found, now).await?;
    if let Some(batch_id) = &transfer.batch_id {
        batches::finish(tx, batch_id, now).await?;
    }
    Ok(true)
}

/// The transfer with this reference, locked. Where it concerns a pledge, the pledge is locked before it, as everywhere.
async fn locked(tx: &mut Tx, end_to_end_id: &str) -> Result<Option<Transfer>> {
    let Some(rest) = end_to_end_id.strip_prefix("trf") else { return Ok(None) };
    let Some(transfer) = store::by_id(tx, &format!("trf_{rest}")).await? else { return Ok(None) };
    if matches!(transfer.purpose, Purpose::Refund | Purpose::Claim) {
        let refund = crate::features::payments::refunds::get(tx, &transfer.subject_id).await?;
        pledges::actions::lock(tx, &refund.pledge_id).await?;
    }
    store::lock(tx, &transfer.id).await?;
    get(tx, &transfer.id).await.map(Some)
}

/// A file that two people approved and somebody brought to the bank without saying so here.
async fn approved_unmarked(tx: &mut Tx, transfer: &Transfer, now: Timestamp) -> Result<bool> {
    let Some(batch_id) = &transfer.batch_id else { return Ok(false) };
    store::lock_batch(tx, batch_id).await?;
    let batch = batches::batch(tx, batch_id).await?;
    let Some(batch) = batch.filter(|batch| batch.state == BatchState::Approved) else { return Ok(false) };
    batches::mark_sent(tx, &batch, ACTOR, now).await?;
    Ok(true)
}

async fn differs(tx: &mut Tx, transfer: &Transfer, amount: Cents, line_id: &str, now: Timestamp) -> Result<()> {
    let found = Found {
        kind: CaseKind::StatementDiffers,
        subject_id: &transfer.id,
        amount: Cents(amount.0 - transfer.amount.0),
        detail: &format!("line {line_id} shows {} cents, the transfer is of {}", amount.0, transfer.amount.0),
        pledge_id: None,
        remedy: None,
    };
    cases::actions::open(tx, &found, now).await?;
    Ok(())
}

/// sent → confirmed, with the books and what was paid.
async fn paid(tx: &mut Tx, transfer: &Transfer, now: Timestamp) -> Result<()> {
    if !store::move_to(tx, &transfer.id, TransferState::Sent, TransferState::Confirmed, Some(now)).await? {
        return Err(Error::broken(format!("transfer {} changed while locked", transfer.id)));
    }
    record(tx, transfer, TransferState::Confirmed, ACTOR, "", now).await?;
    let subject = transfer.subject_id.as_str();
    match transfer.purpose {
        Purpose::Refund => by_bank::refund_paid(tx, subject, &transfer.id, now).await?,
        Purpose::Claim => by_bank::claim_paid(tx, subject, &transfer.id, now).await?,
        Purpose::Return => {
            post(tx, transfer, Kind::BankPaid, &Account::Suspense, &Account::Bank, now).await?;
            for kind in [CaseKind::BankUnknown, CaseKind::BankOver, CaseKind::BankPartial] {
                cases::actions::ended(tx, kind, subject, ACTOR, "the money was sent back", now).await?;
            }
        }
        Purpose::Tranche => {
            let owed = owed(transfer)?;
            let posting = posting(transfer, Kind::Tranche, &owed, &Account::Bank, now);
            let posting = posting.moving(transfer.fee, &owed, &Account::PlatformFees, None);
            ledger::actions::post(tx, now, &posting).await?;
            jobs::enqueue(tx, now, TRANCHE_MOVED, subject, now).await?;
        }
        Purpose::GiveBack => match_funds::actions::give_back_paid(tx, subject, &transfer.id, now).await?,
    }
    for earlier in store::of_subject(tx, subject).await? {
        let why = "it was paid by another transfer";
        cases::actions::ended(tx, CaseKind::TransferReturned, &earlier.id, ACTOR, why, now).await?;
    }
    Ok(())
}

/// The books and what was paid, after it came back.
async fn owed_again(tx: &mut Tx, transfer: &Transfer, reason: &str, now: Timestamp) -> Result<()> {
    let subject = transfer.subject_id.as_str();
    match transfer.purpose {
        Purpose::Refund | Purpose::Claim => by_bank::came_back(tx, subject, &transfer.id, now).await,
        Purpose::Return => post(tx, transfer, Kind::TransferReturned, &Account::Bank, &Account::Suspense, now).await,
        Purpose::Tranche => {
            let owed = owed(transfer)?;
            let posting = posting(transfer, Kind::TransferReturned, &Account::Bank, &owed, now);
            let posting = posting.moving(transfer.fee, &Account::PlatformFees, &owed, None);
            ledger::actions::post(tx, now, &posting).await?;
            Ok(jobs::enqueue(tx, now, TRANCHE_MOVED, subject, now).await?)
        }
        Purpose::GiveBack => match_funds::actions::give_back_returned(tx, subject, &transfer.id, reason, now).await,
    }
}

fn owed(transfer: &Transfer) -> Result<Account> {
    match (&transfer.project_id, &transfer.organisation_id) {
        (Some(project), Some(organisation)) => Ok(Account::OwnerPayable(project.clone(), organisation.clone())),
        _ => Err(Error::broken(format!("transfer {} does not say whose money it is", transfer.id))),
    }
}

async fn post(
    tx: &mut Tx,
    transfer: &Transfer,
    kind: Kind,
    debit: &Account,
    credit: &Account,
    now: Timestamp,
) -> Result<()> {
    ledger::actions::post(tx, now, &posting(transfer, kind, debit, credit, now)).await?;
    Ok(())
}

fn posting(transfer: &Transfer, kind: Kind, debit: &Account, credit: &Account, now: Timestamp) -> Posting {
    let key = format!("{}:{}", kind.as_str(), transfer.id);
    Posting::new(kind, key, now, ACTOR, &transfer.id).moving(transfer.amount, debit, credit, None)
}

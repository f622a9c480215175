//! Refunds that go by bank: those of pledges that were paid by transfer, and those that could not arrive otherwise.
//!
//! A refund that failed becomes *unclaimed*: its backer is asked for an account, reminded after 30 and 90 days, and gives it on the
//! pledge's page. What the bank's statement then says comes here from the noun of transfers, inside its transaction and with the
//! pledge locked.

use crate::features::ledger::{self, Account, Kind, Posting};
use crate::features::payments::actions::letter;
use crate::features::payments::refunds::get;
use crate::features::payments::{Claim, Claimed, OpenClaim, Refund, RefundState, Refusal, store};
use crate::features::pledges::{self, Pledge, PledgeState};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::letters::{self, Letter};
use crate::infra::{Services, history, jobs};
use crate::values::text::one_line;
use crate::values::{Iban, Timestamp};

/// The job that asks the backer of a failed refund for an account, and reminds; its subject is the refund.
pub const CLAIM: &str = "claim.ask";
/// When a backer is reminded, in days after the first letter, and by which letter.
const REMINDERS: [(i64, &str); 2] = [(30, "claim_reminder"), (90, "claim_last_reminder")];
/// The longest name of an account's holder, in characters: what a credit transfer takes.
pub const LONGEST_HOLDER: usize = 70;

/// The job. The first time it makes the refund unclaimed; then it sends the reminders that are due as long as no account was
/// given. Answers when to look again.
pub async fn ask(s: &Services, refund_id: &str) -> Result<Option<Timestamp>> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let pledge_id = get(&mut tx, refund_id).await?.pledge_id;
    let pledge = pledges::actions::lock(&mut tx, &pledge_id).await?;
    let refund = get(&mut tx, refund_id).await?;
    if refund.state == RefundState::Failed {
        step(&mut tx, &refund, RefundState::Unclaimed, "the backer was asked for an account", None, now).await?;
        store::insert_claim(&mut tx, refund_id, &refund.pledge_id, now).await?;
    }
    let next = remind(&mut tx, refund_id, &pledge, now).await?;
    tx.commit().await?;
    Ok(next)
}

/// The reminder that is due, if any; answers the moment of the next.
async fn remind(tx: &mut Tx, refund_id: &str, pledge: &Pledge, now: Timestamp) -> Result<Option<Timestamp>> {
    let state = get(tx, refund_id).await?.state;
    let Some(claim) = store::claim(tx, refund_id).await? else { return Ok(None) };
    if state != RefundState::Unclaimed || claim.is_given() {
        return Ok(None);
    }
    for (number, (days, kind)) in (1..).zip(REMINDERS) {
        let due = claim.asked_at.plus_days(days);
        if claim.reminders >= number {
            continue;
        }
        if due > now {
            return Ok(Some(due));
        }
        store::reminded(tx, refund_id, number).await?;
        letter(tx, pledge, kind, refund_id, now).await?;
    }
    Ok(None)
}

/// An account as it was typed, checked.
///
/// # Errors
/// A [`Refusal`] beside the field that is wrong.
pub fn checked_account(iban: &str, holder: &str) -> std::result::Result<(Iban, String), Refusal> {
    if iban.trim().is_empty() {
        return Err(Refusal::IbanMissing);
    }
    let iban = Iban::parse(iban).ok_or(Refusal::IbanWrong)?;
    Ok((iban, checked_holder(holder)?))
}

/// The name of an account's holder, as it is kept.
///
/// # Errors
/// Missing, too long, or without a letter.
pub fn checked_holder(typed: &str) -> std::result::Result<String, Refusal> {
    match one_line(typed, LONGEST_HOLDER) {
        Some(holder) if holder.chars().any(char::is_alphabetic) => Ok(holder),
        Some(_) => Err(Refusal::HolderMissing),
        None => Err(Refusal::HolderTooLong),
    }
}

/// Keeps the account a backer gave, in place of an earlier one, and tells the backer by mail. The caller plans the transfer in the
/// same transaction. The pledge must be locked.
///
/// # Errors
/// [`Refusal::NothingToClaim`]: the refund is not unclaimed.
pub async fn give(tx: &mut Tx, pledge: &Pledge, iban: &Iban, holder: &str, now: Timestamp) -> Result<Refund> {
    let Some(Claimed { refund, claim }) = claim_of(tx, &pledge.id).await? else {
        return Err(Refusal::NothingToClaim.into());
    };
    if refund.state != RefundState::Unclaimed {
        return Err(Refusal::NothingToClaim.into());
    }
    let number = claim.changes + 1;
    store::give_claim(tx, &refund.id, &iban.to_string(), holder, number, now).await?;
    let kind = if claim.is_given() { "claim_changed" } else { "claim_received" };
    let cause = format!("{}:{number}", refund.id);
    let letter =
        Letter { kind, cause_id: &cause, user_id: &pledge.user_id, language: pledge.language, due: now, secret: "" };
    letters::queue(tx, now, letter).await?;
    Ok(refund)
}

/// The newest claim of a pledge with its refund.
pub async fn claim_of(conn: &mut Conn, pledge_id: &str) -> Result<Option<Claimed>> {
    let Some(claim) = store::claim_of_pledge(conn, pledge_id).await? else { return Ok(None) };
    let refund = get(conn, &claim.refund_id).await?;
    Ok(Some(Claimed { refund, claim }))
}

/// The claim of a refund; it must be there.
pub async fn claim(conn: &mut Conn, refund_id: &str) -> Result<Claim> {
    store::claim(conn, refund_id).await?.ok_or_else(|| Error::broken(format!("no claim for {refund_id}")))
}

/// The refunds that wait for their backers, the oldest first.
pub async fn open_claims(conn: &mut Conn) -> Result<Vec<OpenClaim>> {
    Ok(store::open_claims(conn).await?)
}

/// A refund by transfer arrived: books, refund, pledge and letter.
pub async fn refund_paid(tx: &mut Tx, refund_id: &str, transfer_id: &str, now: Timestamp) -> Result<()> {
    let refund = get(tx, refund_id).await?;
    if !matches!(refund.state, RefundState::Due | RefundState::Requested | RefundState::Pending) {
        return Err(Error::broken(format!("refund {refund_id} is {} and was paid by bank", refund.state)));
    }
    let due = Account::RefundsDue(refund.project_id.clone());
    post(tx, &refund, Kind::BankPaid, transfer_id, (&due, &Account::Bank), now).await?;
    step(tx, &refund, RefundState::Succeeded, "", Some(now), now).await?;
    let pledge = pledges::actions::get(tx, &refund.pledge_id).await?;
    is_back(tx, &pledge, now).await?;
    letter(tx, &pledge, "refund_sent", refund_id, now).await
}

/// A claim was paid: books, refund, pledge and letter.
pub async fn claim_paid(tx: &mut Tx, refund_id: &str, transfer_id: &str, now: Timestamp) -> Result<()> {
    let refund = get(tx, refund_id).await?;
    if refund.state != RefundState::Unclaimed {
        return Err(Error::broken(format!("refund {refund_id} is {} and was paid as a claim", refund.state)));
    }
    post(tx, &refund, Kind::ClaimPaid, transfer_id, (&Account::UnclaimedRefunds, &Account::Bank), now).await?;
    step(tx, &refund, RefundState::PaidByBank, "", Some(now), now).await?;
    let pledge = pledges::actions::get(tx, &refund.pledge_id).await?;
    is_back(tx, &pledge, now).await?;
    letter(tx, &pledge, "claim_paid", transfer_id, now).await
}

/// A pledge of which all goes back is refunded; one of which a part goes back stays as it is.
async fn is_back(tx: &mut Tx, pledge: &Pledge, now: Timestamp) -> Result<()> {
    if pledge.state == PledgeState::Refunding {
        pledges::actions::refunded(tx, pledge, now).await?;
    }
    Ok(())
}

/// The receiver's bank sent it back: the money is unclaimed (again), the account given is forgotten, the backer is asked anew.
pub async fn came_back(tx: &mut Tx, refund_id: &str, transfer_id: &str, now: Timestamp) -> Result<()> {
    let refund = get(tx, refund_id).await?;
    if !matches!(refund.state, RefundState::Succeeded | RefundState::PaidByBank) {
        return Err(Error::broken(format!("refund {refund_id} is {} and came back", refund.state)));
    }
    post(tx, &refund, Kind::TransferReturned, transfer_id, (&Account::Bank, &Account::UnclaimedRefunds), now).await?;
    step(tx, &refund, RefundState::Unclaimed, "the bank sent it back", None, now).await?;
    store::insert_claim(tx, refund_id, &refund.pledge_id, now).await?;
    store::ask_claim_again(tx, refund_id, now).await?;
    let pledge = pledges::actions::get(tx, &refund.pledge_id).await?;
    if pledge.state == PledgeState::Refunded {
        pledges::actions::refund_returned(tx, &pledge, now).await?;
    }
    letter(tx, &pledge, "claim_returned", transfer_id, now).await?;
    Ok(jobs::enqueue(tx, now, CLAIM, refund_id, now.plus_days(REMINDERS[0].0)).await?)
}

async fn post(
    tx: &mut Tx,
    refund: &Refund,
    kind: Kind,
    transfer_id: &str,
    (debit, credit): (&Account, &Account),
    now: Timestamp,
) -> Result<()> {
    let posting = Posting::new(kind, format!("{}:{transfer_id}", kind.as_str()), now, "bank", transfer_id).moving(
        refund.amount,
        debit,
        credit,
        Some(&refund.pledge_id),
    );
    ledger::actions::post(tx, now, &posting).await?;
    Ok(())
}

async fn step(
    tx: &mut Tx,
    refund: &Refund,
    to: RefundState,
    reason: &str,
    finished_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<()> {
    if !refund.state.may_become(to) || !store::refund_by_bank(tx, &refund.id, refund.state, to, finished_at).await? {
        return Err(Error::broken(format!("refund {} changed while locked", refund.id)));
    }
    let from = refund.state.as_str();
    let entry =
        history::Entry { subject: "refund", subject_id: &refund.id, from, to: to.as_str(), actor: "bank", reason };
    Ok(history::record(tx, now, entry).await?)
}

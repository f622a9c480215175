//! Pledges that are paid by bank transfer: the place is kept for days, the backer gets a reference, and the bank's statement says what
//! arrived. There is no session at the provider: the noun `bank` calls [`arrived`] when all of a pledge's money is there.

use crate::features::ledger::{self, Account, Kind, Posting};
use crate::features::match_funds;
use crate::features::payments::{Payment, PaymentState, TRANSFER, actions, store};
use crate::features::pledges::{self, Pledge};
use crate::features::rounds::Round;
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::letters::{self, Letter};
use crate::infra::{Services, history, jobs};
use crate::values::{Cents, Timestamp};

/// How long a place is kept for a transfer, in days.
pub const TRANSFER_DAYS: i64 = 14;
/// After how many days the backer is reminded, once.
const REMINDER_DAYS: i64 = 7;
/// How long money may be on its way, in days: a weekend with a bank holiday.
const LONGEST_WAY_DAYS: i64 = 4;
/// The job that sends the refund of a pledge paid by transfer back by bank; its subject is the refund's id. Served by the noun `bank`.
pub const REFUND: &str = "bank.refund";

crate::refusals! {
    /// Why a pledge cannot be paid by transfer.
    pub enum Refusal {
        TooLate => Invalid("method") "transfer-too-late",
    }
}

/// Whether a transfer begun now can arrive before the round closes.
pub fn is_in_time(round: &Round, now: Timestamp) -> bool {
    now.plus_days(LONGEST_WAY_DAYS) < round.closes_at
}

/// Until when the place is kept: two weeks, or until the round closes.
pub fn until(round: &Round, now: Timestamp) -> Timestamp {
    now.plus_days(TRANSFER_DAYS).min(round.closes_at)
}

/// The page that tells how to pay.
pub fn instructions_address(s: &Services, pledge: &Pledge) -> String {
    let key = s.keys.derive("pledge", &pledge.id);
    s.url(&format!("/{}/pledges/{}/transfer?key={key}", pledge.language, pledge.reference))
}

/// Opens a payment by transfer and queues its letters: how to pay now, a reminder after a week.
pub async fn open(s: &Services, payment_id: &str) -> Result<String> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let payment = actions::get(&mut tx, payment_id).await?;
    let pledge = pledges::actions::lock(&mut tx, &payment.pledge_id).await?;
    let url = instructions_address(s, &pledge);
    if !store::opened_for_transfer(&mut tx, payment_id, &url).await? {
        return Ok(actions::get(&mut tx, payment_id).await?.checkout_url);
    }
    letter(&mut tx, &pledge, "transfer_instructions", payment_id, now, now).await?;
    let reminder = now.plus_days(REMINDER_DAYS);
    if reminder.plus_days(1) < payment.expires_at {
        letter(&mut tx, &pledge, "transfer_reminder", payment_id, reminder, now).await?;
    }
    tx.commit().await?;
    Ok(url)
}

async fn letter(
    tx: &mut Tx,
    pledge: &Pledge,
    kind: &'static str,
    payment_id: &str,
    due: Timestamp,
    now: Timestamp,
) -> Result<()> {
    let (user_id, language) = (&pledge.user_id, pledge.language);
    let letter = Letter { kind, cause_id: payment_id, user_id, language, due, secret: "" };
    Ok(letters::queue(tx, now, letter).await?)
}

/// All of a pledge's money is at the bank. `postings` move it, in whole, to what is held for the project. The pledge is held when the
/// money counts; else it is refunded, by bank. Answers whether it is held. The pledge must be locked.
///
/// # Errors
/// The payment is not one that waits for a transfer.
pub async fn arrived(
    tx: &mut Tx,
    payment: &Payment,
    pledge: &Pledge,
    postings: &[Posting],
    at: Timestamp,
    now: Timestamp,
) -> Result<bool> {
    let may = payment.method == TRANSFER && payment.state.may_become(PaymentState::Succeeded);
    if !may || !store::move_to(tx, &payment.id, payment.state, PaymentState::Succeeded).await? {
        return Err(Error::broken(format!("payment {} is {} and was paid by bank", payment.id, payment.state)));
    }
    store::set_succeeded_at(tx, &payment.id, at).await?;
    match_funds::actions::lock_for(tx, &pledge.round_id, &pledge.project_id).await?;
    // the bank takes nothing of a transfer
    store::set_fee(tx, &payment.id, Cents::ZERO).await?;
    for posting in postings {
        ledger::actions::post(tx, now, posting).await?;
    }
    actions::keep_or_return(tx, payment, pledge, at, now).await
}

/// The bank took a held pledge's money back: it stands where it came from, so the pledge ends as refunded. The pledge must be locked.
pub async fn taken_back(tx: &mut Tx, pledge: &Pledge, line_id: &str, now: Timestamp) -> Result<()> {
    match_funds::actions::lock_for(tx, &pledge.round_id, &pledge.project_id).await?;
    let held = Account::PledgesHeld(pledge.project_id.clone());
    let posting = Posting::new(Kind::BankReversed, format!("bank:{line_id}"), now, "bank", line_id).moving(
        pledge.amount,
        &held,
        &Account::Bank,
        Some(&pledge.id),
    );
    ledger::actions::post(tx, now, &posting).await?;
    pledges::actions::begin_refund(tx, pledge, "bank", "the bank took the payment back", now).await?;
    jobs::enqueue(tx, now, pledges::actions::PAPERS, &pledge.id, now).await?;
    let pledge = pledges::actions::get(tx, &pledge.id).await?;
    pledges::actions::refunded(tx, &pledge, now).await?;
    match_funds::actions::follow(tx, &pledge.id, now).await
}

/// The transfer of a refund is planned: due → requested.
pub async fn refund_planned(tx: &mut Tx, refund_id: &str, now: Timestamp) -> Result<bool> {
    if !store::refund_requested(tx, refund_id).await? {
        return Ok(false);
    }
    let entry = history::Entry {
        subject: "refund",
        subject_id: refund_id,
        from: "due",
        to: "requested",
        actor: "bank",
        reason: "",
    };
    history::record(tx, now, entry).await?;
    Ok(true)
}

/// A pledge that waits for a transfer, or whose place has gone since.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Awaited {
    pub pledge_id: String,
    pub reference: String,
    #[sqlx(rename = "amount_cents")]
    pub amount: Cents,
    pub name: String,
    pub company_name: String,
    pub email: String,
    pub state: PaymentState,
    pub created_at: Timestamp,
}

/// Payments by transfer that were not paid, the newest first.
pub async fn awaited(conn: &mut Conn, limit: i64) -> Result<Vec<Awaited>> {
    Ok(store::awaited(conn, limit).await?)
}

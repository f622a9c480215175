//! Money that was moved from one pledge to another: the payment of the other names the one that really came in.
//!
//! Nothing comes in or goes out by a move, so the provider knows nothing of it. All that goes back later of the pledge it became goes to
//! the payment that came in: through [`origin`], which every refund asks. What went back of the first pledge and what goes back of the
//! others is together no more than was paid, because what was moved left the first.

use crate::features::ledger::{self, Account, Kind, Posting};
use crate::features::payments::{MOVED, Payment, PaymentState, actions, store};
use crate::features::pledges::{self, Pledge};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::{history, jobs, random};
use crate::values::{Cents, Timestamp};

/// The payment that really came in: the one itself, or the one from which its money was moved.
pub async fn origin(conn: &mut Conn, payment: &Payment) -> Result<Payment> {
    match &payment.moved_from {
        Some(id) => actions::get(conn, id).await,
        None => Ok(payment.clone()),
    }
}

/// Moves result money that no result earned from a released pledge to one for another project, which was just made: the payment, the books,
/// and what is left of the first. `cause_id` is the decision by which it is free. Both projects must be locked.
pub async fn from_result_money(tx: &mut Tx, old: &Pledge, new: &Pledge, cause_id: &str, now: Timestamp) -> Result<()> {
    let paid = actions::of_pledge(tx, &old.id).await?;
    let paid = paid.ok_or_else(|| Error::broken(format!("pledge {} has no payment", old.id)))?;
    let payment = Payment {
        id: random::id("pay", now),
        pledge_id: new.id.clone(),
        method: MOVED.to_owned(),
        amount: new.amount,
        state: PaymentState::Succeeded,
        generation: 1,
        session_id: None,
        intent_id: None,
        checkout_url: String::new(),
        fee: Some(Cents::ZERO),
        created_at: now,
        expires_at: now,
        succeeded_at: Some(now),
        moved_from: Some(origin(tx, &paid).await?.id),
    };
    store::insert(tx, &[(&payment, None)]).await?;
    let (state, actor) = (PaymentState::Succeeded.as_str(), new.user_id.as_str());
    let (subject, reason) = ("payment", "moved from another pledge");
    let entry = history::Entry { subject, subject_id: &payment.id, from: "", to: state, actor, reason };
    history::record(tx, now, entry).await?;
    pledges::actions::return_part(tx, old, new.amount, "moved to another project", now).await?;
    let from = Account::ResultMoney(old.project_id.clone());
    let to = Account::PledgesHeld(new.project_id.clone());
    let posting = Posting::new(Kind::Moved, format!("moved:{}", payment.id), now, "payments", cause_id).passing(
        new.amount,
        (&from, &old.id),
        (&to, &new.id),
    );
    ledger::actions::post(tx, now, &posting).await?;
    // what the one proves no longer holds for the part that the other proves now
    Ok(jobs::enqueue(tx, now, pledges::actions::PAPERS, &old.id, now).await?)
}

/// A part of a pledge's money that was moved on.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Moved {
    pub payment_id: String,
    /// The pledge it became.
    pub pledge_id: String,
    #[sqlx(rename = "amount_cents")]
    pub amount: Cents,
    #[sqlx(rename = "created_at")]
    pub at: Timestamp,
}

/// What was moved on of a pledge, the oldest first.
pub async fn out_of(conn: &mut Conn, pledge_id: &str) -> Result<Vec<Moved>> {
    Ok(store::moved_out_of(conn, pledge_id).await?)
}

/// The pledge from which the money of this one was moved.
pub async fn before(conn: &mut Conn, pledge_id: &str) -> Result<Option<String>> {
    Ok(store::moved_into(conn, pledge_id).await?.map(|(id,)| id))
}

/// Locks the pledges that hold money of a payment which was moved on, in the order of their ids.
pub(super) async fn lock_moved(tx: &mut Tx, payment_id: &str) -> Result<Vec<Pledge>> {
    let mut pledges = Vec::new();
    for (pledge_id,) in store::moved_from_payment(tx, payment_id).await? {
        pledges.push(pledges::actions::lock(tx, &pledge_id).await?);
    }
    Ok(pledges)
}

/// Whether more went back of a payment than came in.
pub(super) async fn overdrawn(conn: &mut Conn) -> Result<Vec<String>> {
    Ok(store::overdrawn_payments(conn).await?.into_iter().map(|(id,)| id).collect())
}

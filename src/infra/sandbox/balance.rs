//! The balance: every movement of money is a balance transaction, pending until it is available; a payout takes what is available
//! to the account holder's bank.

use serde_json::Value;

use super::errors::ApiError;
use super::idempotency::Body;
use super::rows::{Method, Payout, PayoutStatus, Snapshot, Transaction, TransactionKind};
use super::state::{Record, Work};
use super::{ids, objects};

/// How long a payout is on its way, in seconds.
const PAYOUT_SECONDS: i64 = 2 * 24 * 60 * 60;

/// What a movement of money is made of.
pub(super) struct Booking<'a> {
    pub kind: TransactionKind,
    /// The id of the object that moves it; may be empty.
    pub source: &'a str,
    pub method: Method,
    /// Negative when money leaves.
    pub amount_cents: i64,
    pub fee_cents: i64,
    /// How long it stays pending.
    pub pending_seconds: i64,
}

/// Makes a balance transaction now.
pub(super) fn book(work: &mut Work<'_>, booking: Booking<'_>) -> Transaction {
    let transaction = Transaction {
        id: ids::new("txn_3", 23),
        created: work.now,
        available_on: work.now + booking.pending_seconds,
        amount_cents: booking.amount_cents,
        fee_cents: booking.fee_cents,
        currency: "eur".to_owned(),
        kind: booking.kind,
        method: booking.method,
        source: booking.source.to_owned(),
        payout: None,
    };
    work.put(Record::Transaction(Box::new(transaction.clone())));
    transaction
}

/// What is available and what is pending, in cents.
pub(super) fn sums(work: &Work<'_>) -> (i64, i64) {
    let (mut available_cents, mut pending_cents) = (0, 0);
    for transaction in work.state.transactions.iter() {
        let net_cents = transaction.amount_cents - transaction.fee_cents;
        if transaction.available_on <= work.now { available_cents += net_cents } else { pending_cents += net_cents }
    }
    (available_cents, pending_cents)
}

/// `GET /v1/balance`.
pub(super) fn total(work: &Work<'_>) -> Value {
    let (available_cents, pending_cents) = sums(work);
    objects::balance(available_cents, pending_cents)
}

/// `GET /v1/payouts/{id}`.
pub(super) fn payout(work: &Work<'_>, id: &str) -> Result<Body, ApiError> {
    let payout = work.state.payouts.get(id).ok_or_else(|| ApiError::no_such("payout", id, "payout"))?;
    Ok(Body::Object(Box::new(Snapshot::Payout(payout.clone()))))
}

/// Pays out everything that is available.
///
/// # Errors
/// A sentence when nothing is.
pub(super) fn pay_out(work: &mut Work<'_>) -> Result<Payout, String> {
    let (amount_cents, _) = sums(work);
    if amount_cents <= 0 {
        return Err(format!("nothing is available: {amount_cents} cents"));
    }
    let id = ids::new("po_1", 23);
    let is_in = |row: &&Transaction| row.payout.is_none() && row.available_on <= work.now;
    let parts: Vec<Transaction> = work.state.transactions.iter().filter(is_in).cloned().collect();
    for part in parts {
        work.put(Record::Transaction(Box::new(Transaction { payout: Some(id.clone()), ..part })));
    }
    let own = move_payout(work, &id, TransactionKind::Payout, -amount_cents);
    work.put(Record::Transaction(Box::new(Transaction { payout: Some(id.clone()), ..own.clone() })));
    let payout = Payout {
        id,
        created: work.now,
        amount_cents,
        arrival: work.now + PAYOUT_SECONDS,
        status: PayoutStatus::InTransit,
        transaction: own.id,
        failure_transaction: None,
    };
    work.put(Record::Payout(Box::new(payout.clone())));
    work.emit("payout.created", Snapshot::Payout(payout.clone()));
    Ok(payout)
}

/// The bank sends a payout back, also one that had arrived.
///
/// # Errors
/// A sentence when there is no such payout or it has failed.
pub(super) fn fail_payout(work: &mut Work<'_>, id: &str) -> Result<Payout, String> {
    let payout = work.state.payouts.get(id).cloned().ok_or_else(|| format!("no payout {id}"))?;
    if payout.status == PayoutStatus::Failed {
        return Err(format!("payout {id} has failed"));
    }
    let returned = move_payout(work, id, TransactionKind::PayoutFailure, payout.amount_cents);
    let payout = Payout { status: PayoutStatus::Failed, failure_transaction: Some(returned.id), ..payout };
    work.put(Record::Payout(Box::new(payout.clone())));
    work.emit("payout.failed", Snapshot::Payout(payout.clone()));
    Ok(payout)
}

/// Payouts arrive by the clock.
pub(super) fn catch_up(work: &mut Work<'_>) {
    while let Some(payout) = work.state.first_to_arrive(work.now).cloned() {
        let payout = Payout { status: PayoutStatus::Paid, ..payout };
        work.put(Record::Payout(Box::new(payout.clone())));
        work.emit("payout.paid", Snapshot::Payout(payout));
    }
}

fn move_payout(work: &mut Work<'_>, source: &str, kind: TransactionKind, amount_cents: i64) -> Transaction {
    book(work, Booking { kind, source, method: Method::Card, amount_cents, fee_cents: 0, pending_seconds: 0 })
}

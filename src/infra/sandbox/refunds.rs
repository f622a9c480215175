//! Refunds: never more than was paid, each with its balance transaction, and failing when told to.

use super::balance::{self, Booking};
use super::errors::ApiError;
use super::faults::Refunds;
use super::idempotency::Body;
use super::params::Params;
use super::rows::{Method, Payment, PaymentStatus, Refund, RefundStatus, Snapshot, TransactionKind};
use super::state::{Record, Work};
use super::{disputes, ids, payments};

const KNOWN: [&str; 7] = ["payment_intent", "charge", "amount", "metadata.*", "reason", "expand", "expand.#"];

/// Stripe's words for why a refund is asked.
const REASONS: [&str; 3] = ["duplicate", "fraudulent", "requested_by_customer"];

/// `POST /v1/refunds`.
pub(super) fn create(work: &mut Work<'_>, params: &Params) -> Result<Body, ApiError> {
    params.only(&KNOWN)?;
    let amount = params.integer("amount")?;
    if amount.is_some_and(|amount| amount < 1) {
        return Err(ApiError::invalid("amount", "This value must be greater than or equal to 1.")
            .with_code("parameter_invalid_integer"));
    }
    let reason = params.text("reason");
    if reason.is_some_and(|reason| !REASONS.contains(&reason)) {
        return Err(ApiError::invalid("reason", format!("Invalid reason: must be one of {}", REASONS.join(", "))));
    }
    let metadata = params.metadata("metadata")?;
    let payment = payment_to_refund(work, params)?;
    let charge = payment.charge.as_ref().filter(|_| payment.status == PaymentStatus::Succeeded).ok_or_else(|| {
        ApiError::refused(format!("This PaymentIntent ({}) does not have a successful charge to refund.", payment.id))
    })?;
    if disputes::blocks_refunds(work, &payment.id) {
        let message = format!("Charge {} has been charged back and cannot be refunded.", charge.id);
        return Err(ApiError::refused(message).with_code("charge_disputed"));
    }
    let refunded_cents = if work.state.faults.refunds_unlimited { 0 } else { payment.refunded_cents };
    let rest_cents = payment.amount_cents - refunded_cents;
    if rest_cents == 0 {
        return Err(ApiError::refused(format!("Charge {} has already been refunded.", charge.id))
            .with_code("charge_already_refunded"));
    }
    let amount_cents = amount.unwrap_or(rest_cents);
    if amount_cents > rest_cents {
        let (asked, rest) = (euros(amount_cents), euros(rest_cents));
        let message = format!("Refund amount ({asked}) is greater than unrefunded amount on charge ({rest})");
        return Err(ApiError::refused(message).with_param("amount"));
    }
    let refund = Refund {
        id: ids::new(if payment.method == Method::Card { "re_3" } else { "pyr_1" }, 23),
        created: work.now,
        amount_cents,
        currency: payment.currency.clone(),
        payment: payment.id.clone(),
        charge: charge.id.clone(),
        method: payment.method,
        status: RefundStatus::Pending,
        reason: reason.map(str::to_owned),
        failure_reason: None,
        metadata,
        idempotency_key: work.idempotency_key.clone(),
        transaction: None,
        failure_transaction: None,
        pending_reason: None,
    };
    let refund = match work.state.faults.refunds {
        Refunds::Succeed => pay_back(work, refund),
        Refunds::Pend => refund,
        Refunds::ByBalance => pay_back_when_possible(work, refund),
    };
    let payment = Payment { refunded_cents: payment.refunded_cents + amount_cents, ..payment };
    work.put(Record::Payment(Box::new(payment.clone())));
    work.put(Record::Refund(Box::new(refund.clone())));
    work.emit("refund.created", Snapshot::Refund(refund.clone()));
    work.emit("charge.refunded", Snapshot::Charge(payment));
    Ok(Body::Object(Box::new(Snapshot::Refund(refund))))
}

/// `GET /v1/refunds/{id}`.
pub(super) fn retrieve(work: &Work<'_>, id: &str) -> Result<Body, ApiError> {
    let refund = work.state.refunds.get(id).ok_or_else(|| ApiError::no_such("refund", id, "refund"))?;
    Ok(Body::Object(Box::new(Snapshot::Refund(refund.clone()))))
}

/// What happens to a refund after it was made: a pending one succeeds, and a pending or succeeded one fails (a bank may still send
/// the money back). The money of a failed refund returns to the balance and can be refunded again.
///
/// # Errors
/// A sentence when there is no such refund or the change is not one of these.
pub(super) fn change(
    work: &mut Work<'_>,
    id: &str,
    status: RefundStatus,
    failure_reason: Option<String>,
) -> Result<Refund, String> {
    let refund = work.state.refunds.get(id).cloned().ok_or_else(|| format!("no refund {id}"))?;
    match (refund.status, status) {
        (RefundStatus::Pending, RefundStatus::RequiresAction) => {
            let refund = Refund { status, ..refund };
            work.put(Record::Refund(Box::new(refund.clone())));
            work.emit("refund.updated", Snapshot::Refund(refund.clone()));
            Ok(refund)
        }
        (RefundStatus::Pending | RefundStatus::RequiresAction, RefundStatus::Succeeded) => {
            let refund = pay_back(work, refund);
            work.put(Record::Refund(Box::new(refund.clone())));
            work.emit("refund.updated", Snapshot::Refund(refund.clone()));
            Ok(refund)
        }
        (RefundStatus::Pending | RefundStatus::RequiresAction, RefundStatus::Canceled)
        | (RefundStatus::Pending | RefundStatus::RequiresAction | RefundStatus::Succeeded, RefundStatus::Failed) => {
            Ok(fail(work, refund, status, failure_reason))
        }
        (from, to) => Err(format!("a refund that is {} does not become {}", from.as_str(), to.as_str())),
    }
}

fn fail(work: &mut Work<'_>, refund: Refund, status: RefundStatus, failure_reason: Option<String>) -> Refund {
    let returned = refund.transaction.is_some().then(|| book(work, &refund, TransactionKind::RefundFailure));
    let refund = Refund {
        status,
        failure_reason: Some(failure_reason.unwrap_or_else(|| "unknown".to_owned())),
        failure_transaction: returned,
        ..refund
    };
    if let Some(payment) = work.state.payments.get(&refund.payment).cloned() {
        let refunded_cents = payment.refunded_cents - refund.amount_cents;
        work.put(Record::Payment(Box::new(Payment { refunded_cents, ..payment })));
    }
    work.put(Record::Refund(Box::new(refund.clone())));
    work.emit("refund.updated", Snapshot::Refund(refund.clone()));
    work.emit("refund.failed", Snapshot::Refund(refund.clone()));
    refund
}

/// Takes the money from the balance when its charge and enough of it are available; else the refund waits.
fn pay_back_when_possible(work: &mut Work<'_>, refund: Refund) -> Refund {
    let charge = work.state.transactions.iter().find(|transaction| transaction.source == refund.charge);
    let is_settled = charge.is_some_and(|charge| charge.available_on <= work.now);
    let reason = match is_settled {
        false => "charge_pending",
        true if balance::sums(work).0 < refund.amount_cents => "insufficient_funds",
        true => return pay_back(work, Refund { pending_reason: None, ..refund }),
    };
    Refund { pending_reason: Some(reason.to_owned()), ..refund }
}

/// Refunds that waited for money are paid in the order in which they were asked for.
pub(super) fn catch_up(work: &mut Work<'_>) {
    if work.state.faults.refunds != Refunds::ByBalance {
        return;
    }
    let is_waiting = |refund: &&Refund| refund.status == RefundStatus::Pending && refund.pending_reason.is_some();
    let waiting: Vec<Refund> = work.state.refunds.iter().filter(is_waiting).cloned().collect();
    for refund in waiting {
        let before = refund.pending_reason.clone();
        let refund = pay_back_when_possible(work, refund);
        if refund.pending_reason != before {
            work.put(Record::Refund(Box::new(refund.clone())));
            work.emit("refund.updated", Snapshot::Refund(refund));
        }
    }
}

/// Takes the money from the balance.
fn pay_back(work: &mut Work<'_>, refund: Refund) -> Refund {
    let transaction = book(work, &refund, TransactionKind::Refund);
    Refund { status: RefundStatus::Succeeded, transaction: Some(transaction), ..refund }
}

/// Makes a balance transaction of a refund and answers its id.
fn book(work: &mut Work<'_>, refund: &Refund, kind: TransactionKind) -> String {
    let amount_cents = if kind == TransactionKind::Refund { -refund.amount_cents } else { refund.amount_cents };
    let (source, method) = (refund.id.as_str(), refund.method);
    balance::book(work, Booking { kind, source, method, amount_cents, fee_cents: 0, pending_seconds: 0 }).id
}

fn payment_to_refund(work: &mut Work<'_>, params: &Params) -> Result<Payment, ApiError> {
    let by_charge = match params.text("charge") {
        Some(id) => Some(payments::find_by_charge(work, id).ok_or_else(|| ApiError::no_such("charge", id, "charge"))?),
        None => None,
    };
    let Some(id) = params.text("payment_intent") else {
        let message = "One of the following params should be provided for this request: payment_intent or charge.";
        return by_charge.ok_or_else(|| ApiError::invalid("payment_intent", message).with_code("parameter_missing"));
    };
    let payment = payments::find(work, id).ok_or_else(|| ApiError::no_such("payment_intent", id, "payment_intent"))?;
    if by_charge.is_some_and(|other| other.id != payment.id) {
        return Err(ApiError::invalid("charge", "The charge does not belong to the payment intent."));
    }
    Ok(payment)
}

/// `€12.34`, as Stripe's messages write amounts.
fn euros(cents: i64) -> String {
    format!("€{}.{:02}", cents / 100, cents % 100)
}

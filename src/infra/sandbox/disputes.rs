//! Disputes and the card networks' early warnings: opened and decided through `/control` or on the bank page.
//!
//! | status | money |
//! | --- | --- |
//! | `warning_needs_response`, `warning_under_review` | stays: the bank only asks |
//! | `warning_closed` | stays |
//! | `needs_response`, `under_review` | taken from the balance, with a fee |
//! | `won` | given back; the fee is not |
//! | `lost` | gone |

use axum::Json;
use axum::extract::State;
use serde::Deserialize;

use super::balance::{self, Booking};
use super::control::{Answer, Refusal};
use super::errors::ApiError;
use super::idempotency::Body;
use super::rows::{Dispute, Payment, PaymentStatus, Snapshot, TransactionKind, Warning};
use super::state::{Record, Work};
use super::{Sandbox, ids, objects, payments};

/// What Stripe keeps for a dispute, in cents.
const FEE_CENTS: i64 = 2_000;

/// `GET /v1/disputes/{id}`.
pub(super) fn retrieve(work: &Work<'_>, id: &str) -> Result<Body, ApiError> {
    let dispute = work.state.disputes.get(id).ok_or_else(|| ApiError::no_such("dispute", id, "dispute"))?;
    Ok(Body::Object(Box::new(Snapshot::Dispute(dispute.clone()))))
}

/// `GET /v1/radar/early_fraud_warnings/{id}`.
pub(super) fn warning(work: &Work<'_>, id: &str) -> Result<Body, ApiError> {
    let warning = work
        .state
        .warnings
        .get(id)
        .ok_or_else(|| ApiError::no_such("early_fraud_warning", id, "early_fraud_warning"))?;
    Ok(Body::Object(Box::new(Snapshot::Warning(warning.clone()))))
}

/// Whether a dispute has taken the money of this payment, so that it cannot be refunded.
pub(super) fn blocks_refunds(work: &Work<'_>, payment: &str) -> bool {
    let blocks = |dispute: &Dispute| {
        dispute.payment == payment && matches!(dispute.status.as_str(), "needs_response" | "under_review" | "lost")
    };
    work.state.disputes.iter().any(blocks)
}

/// The dispute about this payment that has taken its money and is not decided.
pub(super) fn undecided(work: &Work<'_>, payment: &str) -> Option<String> {
    let is_open = |dispute: &&Dispute| {
        dispute.payment == payment && matches!(dispute.status.as_str(), "needs_response" | "under_review")
    };
    work.state.disputes.iter().find(is_open).map(|dispute| dispute.id.clone())
}

/// Opens a dispute about a payment.
///
/// # Errors
/// A sentence when the payment has not succeeded, or the status is none to begin with.
pub(super) fn open(
    work: &mut Work<'_>,
    payment: &Payment,
    status: &str,
    amount: Option<i64>,
) -> Result<Dispute, String> {
    if !matches!(status, "warning_needs_response" | "needs_response") {
        return Err(format!("status: a dispute does not begin as `{status}`"));
    }
    let charge = payment.charge.as_ref().filter(|_| payment.status == PaymentStatus::Succeeded);
    let charge = charge.ok_or("the payment has no charge that succeeded")?;
    let dispute = Dispute {
        id: ids::new("du_1", 23),
        created: work.now,
        amount_cents: amount.unwrap_or(payment.amount_cents),
        payment: payment.id.clone(),
        charge: charge.id.clone(),
        method: payment.method,
        reason: "fraudulent".to_owned(),
        status: status.to_owned(),
        transactions: Vec::new(),
    };
    let dispute = if status == "needs_response" { take(work, dispute) } else { dispute };
    keep(work, &dispute, "charge.dispute.created");
    if !dispute.transactions.is_empty() {
        work.emit("charge.dispute.funds_withdrawn", Snapshot::Dispute(dispute.clone()));
    }
    Ok(dispute)
}

/// Moves a dispute on.
///
/// # Errors
/// A sentence when this dispute cannot become that.
pub(super) fn change(work: &mut Work<'_>, id: &str, status: &str) -> Result<Dispute, String> {
    let dispute = work.state.disputes.get(id).cloned().ok_or_else(|| format!("no dispute {id}"))?;
    let dispute = match (dispute.status.as_str(), status) {
        ("warning_needs_response", "warning_under_review")
        | ("warning_needs_response" | "warning_under_review", "warning_closed")
        | ("needs_response", "under_review")
        | ("needs_response" | "under_review", "lost") => Dispute { status: status.to_owned(), ..dispute },
        ("warning_needs_response" | "warning_under_review", "needs_response") => {
            take(work, Dispute { status: status.to_owned(), ..dispute })
        }
        ("needs_response" | "under_review", "won") => {
            let back = move_money(work, &dispute, TransactionKind::DisputeReversal, dispute.amount_cents, 0);
            let mut dispute = Dispute { status: status.to_owned(), ..dispute };
            dispute.transactions.push(back);
            dispute
        }
        (from, to) => return Err(format!("a dispute that is {from} does not become {to}")),
    };
    let is_over = matches!(status, "won" | "lost" | "warning_closed");
    keep(work, &dispute, if is_over { "charge.dispute.closed" } else { "charge.dispute.updated" });
    match status {
        "won" => work.emit("charge.dispute.funds_reinstated", Snapshot::Dispute(dispute.clone())),
        "needs_response" => work.emit("charge.dispute.funds_withdrawn", Snapshot::Dispute(dispute.clone())),
        _ => {}
    }
    Ok(dispute)
}

fn take(work: &mut Work<'_>, dispute: Dispute) -> Dispute {
    let taken = move_money(work, &dispute, TransactionKind::Dispute, -dispute.amount_cents, FEE_CENTS);
    Dispute { transactions: vec![taken], ..dispute }
}

fn move_money(
    work: &mut Work<'_>,
    dispute: &Dispute,
    kind: TransactionKind,
    amount_cents: i64,
    fee_cents: i64,
) -> super::rows::Transaction {
    let (source, method) = (dispute.id.as_str(), dispute.method);
    balance::book(work, Booking { kind, source, method, amount_cents, fee_cents, pending_seconds: 0 })
}

fn keep(work: &mut Work<'_>, dispute: &Dispute, event: &str) {
    work.put(Record::Dispute(Box::new(dispute.clone())));
    work.emit(event, Snapshot::Dispute(dispute.clone()));
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Order {
    /// A new dispute: about this payment, or the one of this session.
    payment_intent: Option<String>,
    session: Option<String>,
    amount: Option<i64>,
    /// A known dispute that moves on.
    dispute: Option<String>,
    /// Where to; a new dispute begins with `needs_response`.
    status: Option<String>,
}

/// `POST /control/dispute`: opens a dispute, or moves one on.
pub(super) async fn control(State(sandbox): State<Sandbox>, Json(order): Json<Order>) -> Answer {
    let done = sandbox.durably(|work| {
        let status = order.status.as_deref().unwrap_or("needs_response");
        match &order.dispute {
            Some(id) => change(work, id, status),
            None => {
                let payment = payment_of(work, order.session.as_deref(), order.payment_intent.as_deref())?;
                open(work, &payment, status, order.amount)
            }
        }
    });
    Ok(Json(objects::dispute(&done.await.map_err(Refusal)?)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Warn {
    payment_intent: Option<String>,
    session: Option<String>,
}

/// `POST /control/warning`: the card network warns about a payment.
pub(super) async fn control_warning(State(sandbox): State<Sandbox>, Json(order): Json<Warn>) -> Answer {
    let done = sandbox.durably(|work| {
        let payment = payment_of(work, order.session.as_deref(), order.payment_intent.as_deref())?;
        let charge = payment.charge.as_ref().ok_or("the payment has no charge")?.id.clone();
        let warning = Warning { id: ids::new("issfr_1", 23), created: work.now, payment: payment.id.clone(), charge };
        work.put(Record::Warning(Box::new(warning.clone())));
        work.emit("radar.early_fraud_warning.created", Snapshot::Warning(warning.clone()));
        Ok::<_, String>(warning)
    });
    Ok(Json(objects::warning(&done.await.map_err(Refusal)?)))
}

fn payment_of(work: &mut Work<'_>, session: Option<&str>, payment: Option<&str>) -> Result<Payment, String> {
    let of_session = |id: &str| work.state.sessions.get(id).and_then(|session| session.payment.clone());
    let id = payment.map(str::to_owned).or_else(|| session.and_then(of_session));
    let id = id.ok_or("payment_intent or session: one that was paid")?;
    payments::find(work, &id).ok_or_else(|| format!("no payment {id}"))
}

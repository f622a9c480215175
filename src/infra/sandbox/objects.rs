//! Rows as Stripe's JSON.
//!
//! Every object starts from an example that Stripe published (`objects.json`), so that none of the fields a strict client insists
//! on is missing; only what a row knows is then written over it.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::connect;
use super::rows::{
    Dispute, Event, Method, Payment, PaymentStatus, Payout, PayoutStatus, Refund, RefundStatus, Session, Snapshot,
    Transaction, Warning,
};

/// The API version whose shapes these are.
pub(super) const API_VERSION: &str = "2026-09-30.endive";

static EXAMPLES: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("objects.json")).expect("objects.json is valid and part of the program")
});

/// The example of `kind` with `facts` written over it.
pub(super) fn filled(kind: &str, facts: Value) -> Value {
    let mut object = EXAMPLES["resources"][kind].clone();
    if let (Some(fields), Value::Object(facts)) = (object.as_object_mut(), facts) {
        fields.extend(facts);
    }
    object
}

pub(super) fn snapshot(snapshot: &Snapshot, public_base: &str) -> Value {
    match snapshot {
        Snapshot::Session(row) => session(row, public_base),
        Snapshot::Payment(row) => payment(row),
        Snapshot::Charge(row) => charge(row),
        Snapshot::Refund(row) => refund(row),
        Snapshot::Payout(row) => payout(row),
        Snapshot::Transfer(row) => connect::transfer_object(row),
        Snapshot::Dispute(row) => dispute(row),
        Snapshot::Warning(row) => warning(row),
    }
}

pub(super) fn session(row: &Session, public_base: &str) -> Value {
    let is_open = row.status == super::rows::SessionStatus::Open;
    let methods = method_words(&row.methods);
    let mut object = filled(
        "checkout.session",
        json!({
            "id": row.id,
            "created": row.created,
            "expires_at": row.expires_at,
            "amount_subtotal": row.amount_cents,
            "amount_total": row.amount_cents,
            "currency": row.currency,
            "client_reference_id": row.client_reference_id,
            "customer_email": row.customer_email,
            "metadata": row.metadata,
            "success_url": row.success_url,
            "cancel_url": row.cancel_url,
            "locale": row.locale,
            "payment_method_types": methods,
            "allowed_payment_method_types": row.methods_were_a_filter.then_some(&methods),
            "status": row.status.as_str(),
            "payment_status": if row.paid { "paid" } else { "unpaid" },
            "payment_intent": row.payment,
            "url": is_open.then(|| format!("{public_base}/pay/{}", row.id)),
        }),
    );
    object["customer_details"]["email"] = json!(row.customer_email);
    object
}

pub(super) fn payment(row: &Payment) -> Value {
    let succeeded = row.status == PaymentStatus::Succeeded;
    filled(
        "payment_intent",
        json!({
            "id": row.id,
            "client_secret": format!("{}_secret_sandbox", row.id),
            "created": row.created,
            "amount": row.amount_cents,
            "amount_received": if succeeded { row.amount_cents } else { 0 },
            "currency": row.currency,
            "metadata": row.metadata,
            "receipt_email": row.receipt_email,
            "payment_method_types": method_words(&row.methods),
            "payment_method": row.charge.as_ref().map(|_| payment_method_id(&row.id)),
            "status": row.status.as_str(),
            "latest_charge": row.charge.as_ref().map(|charge| &charge.id),
            "last_payment_error": row.refused.then(|| refusal(row.method)),
            "processing": (row.status == PaymentStatus::Processing && row.method == Method::Card).then(|| json!({ "type": "card" })),
        }),
    )
}

/// Why the last attempt failed, as Stripe words it for a card and for a bank redirect.
fn refusal(method: Method) -> Value {
    if method == Method::Card {
        return json!({
            "type": "card_error",
            "code": "card_declined",
            "decline_code": "generic_decline",
            "doc_url": "https://stripe.com/docs/error-codes/card-declined",
            "message": "Your card was declined.",
        });
    }
    json!({
        "type": "invalid_request_error",
        "code": "payment_intent_payment_attempt_failed",
        "doc_url": "https://stripe.com/docs/error-codes/payment-intent-payment-attempt-failed",
        "message": "The customer or their bank did not authorise the payment.",
    })
}

/// The charge of a payment; null when there is none.
pub(super) fn charge(row: &Payment) -> Value {
    let Some(part) = &row.charge else {
        return Value::Null;
    };
    let status = match row.status {
        PaymentStatus::Succeeded => "succeeded",
        PaymentStatus::Processing => "pending",
        PaymentStatus::RequiresPaymentMethod => "failed",
    };
    let failed = status == "failed";
    let mut object = filled(
        "charge",
        json!({
            "id": part.id,
            "created": part.created,
            "amount": row.amount_cents,
            "amount_captured": if failed { 0 } else { row.amount_cents },
            "amount_refunded": row.refunded_cents,
            "refunded": row.refunded_cents == row.amount_cents,
            "captured": !failed,
            "paid": status == "succeeded",
            "status": status,
            "currency": row.currency,
            "metadata": row.metadata,
            "receipt_email": row.receipt_email,
            "balance_transaction": part.transaction,
            "payment_intent": row.id,
            "payment_method": payment_method_id(&row.id),
            "payment_method_details": method_details(row.method),
            "failure_code": failed.then_some("generic_decline"),
            "failure_message": failed.then_some("The payment was refused by the bank."),
        }),
    );
    object["billing_details"]["email"] = json!(row.receipt_email);
    object
}

pub(super) fn refund(row: &Refund) -> Value {
    let mut details = Map::new();
    details.insert("type".to_owned(), json!(row.method.as_str()));
    match row.method {
        Method::Card => details.insert("card".to_owned(), json!({ "type": "refund" })),
        Method::Ideal | Method::Bancontact | Method::SepaDebit => {
            details.insert(row.method.as_str().to_owned(), json!({}))
        }
    };
    let mut object = filled(
        "refund",
        json!({
            "id": row.id,
            "created": row.created,
            "amount": row.amount_cents,
            "currency": row.currency,
            "payment_intent": row.payment,
            "charge": row.charge,
            "status": row.status.as_str(),
            "reason": row.reason,
            "metadata": row.metadata,
            "balance_transaction": row.transaction,
            "destination_details": details,
            "payment_method": payment_method_id(&row.payment),
        }),
    );
    if !row.status.is_living() {
        object["failure_reason"] = json!(row.failure_reason);
        object["failure_balance_transaction"] = json!(row.failure_transaction);
    }
    if row.status == RefundStatus::Pending {
        object["pending_reason"] = json!(row.pending_reason.as_deref().unwrap_or("processing"));
    }
    object
}

pub(super) fn transaction(row: &Transaction, now: i64) -> Value {
    let fee_details = match row.fee_cents {
        0 => json!([]),
        fee => json!([{
            "amount": fee, "application": null, "currency": row.currency,
            "description": "Stripe processing fees", "type": "stripe_fee",
        }]),
    };
    filled(
        "balance_transaction",
        json!({
            "id": row.id,
            "created": row.created,
            "available_on": row.available_on,
            "amount": row.amount_cents,
            "fee": row.fee_cents,
            "fee_details": fee_details,
            "net": row.amount_cents - row.fee_cents,
            "currency": row.currency,
            "type": row.kind.word(row.method),
            "reporting_category": row.kind.category(),
            "source": (!row.source.is_empty()).then_some(&row.source),
            "status": if row.available_on <= now { "available" } else { "pending" },
        }),
    )
}

pub(super) fn payout(row: &Payout) -> Value {
    let failed = row.status == PayoutStatus::Failed;
    filled(
        "payout",
        json!({
            "id": row.id,
            "created": row.created,
            "amount": row.amount_cents,
            "arrival_date": row.arrival,
            "balance_transaction": row.transaction,
            "failure_balance_transaction": row.failure_transaction,
            "failure_code": failed.then_some("account_closed"),
            "failure_message": failed.then_some("The bank account has been closed."),
            "trace_id": { "status": "supported", "value": trace(&row.id) },
            "status": row.status.as_str(),
        }),
    )
}

/// What the bank calls a payout: on its statement it stands in capitals.
fn trace(payout: &str) -> String {
    format!("SBX{}", payout.chars().skip(4).take(12).collect::<String>().to_uppercase())
}

pub(super) fn dispute(row: &Dispute) -> Value {
    let transactions: Vec<Value> = row.transactions.iter().map(|row| transaction(row, row.available_on)).collect();
    let is_warning = row.status.starts_with("warning_");
    filled(
        "dispute",
        json!({
            "id": row.id,
            "created": row.created,
            "amount": row.amount_cents,
            "charge": row.charge,
            "payment_intent": row.payment,
            "reason": row.reason,
            "status": row.status,
            "balance_transactions": transactions,
            "is_charge_refundable": is_warning,
        }),
    )
}

pub(super) fn warning(row: &Warning) -> Value {
    filled(
        "radar.early_fraud_warning",
        json!({ "id": row.id, "created": row.created, "charge": row.charge, "payment_intent": row.payment }),
    )
}

pub(super) fn event(row: &Event, public_base: &str) -> Value {
    filled(
        "event",
        json!({
            "id": row.id,
            "api_version": API_VERSION,
            "created": row.created,
            "type": row.kind,
            "data": { "object": snapshot(&row.object, public_base) },
            "pending_webhooks": i32::from(!row.delivered),
            "request": { "id": row.request, "idempotency_key": row.idempotency_key },
        }),
    )
}

/// The balance in euros, the only currency the sandbox takes.
pub(super) fn balance(available_cents: i64, pending_cents: i64) -> Value {
    let amount = |cents: i64| json!([{ "amount": cents, "currency": "eur", "source_types": { "card": cents } }]);
    filled("balance", json!({ "available": amount(available_cents), "pending": amount(pending_cents) }))
}

/// A page of a list.
pub(super) fn list(url: &str, data: Vec<Value>, has_more: bool) -> Value {
    json!({ "object": "list", "url": url, "data": data, "has_more": has_more })
}

fn method_words(methods: &[Method]) -> Vec<&'static str> {
    methods.iter().map(|method| method.as_str()).collect()
}

fn method_details(method: Method) -> Value {
    let word = method.as_str();
    json!({ "type": word, word: EXAMPLES["payment_method_details"][word] })
}

fn payment_method_id(payment: &str) -> String {
    payment.replacen("pi_", "pm_", 1)
}

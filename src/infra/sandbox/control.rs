//! `/control`: what tests and developers use to make things happen and to see what happened.
//!
//! Bodies must be `application/json`: a page on another site cannot send that to a developer's machine without asking first.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::balance::{self, Booking};
use super::payments::{self, Action};
use super::rows::{Method, PaymentStatus, RefundStatus, SessionStatus, TransactionKind};
use super::state::Record;
use super::{Sandbox, faults, objects, refunds};

pub(super) type Answer = Result<Json<Value>, Refusal>;

/// A sentence on what was wrong, as 400.
pub(super) struct Refusal(pub(super) String);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (StatusCode::BAD_REQUEST, Json(json!({ "error": self.0 }))).into_response()
    }
}

/// `GET /control/faults`: what is switched on.
pub(super) async fn show_faults(State(sandbox): State<Sandbox>) -> Json<Value> {
    Json(sandbox.lock().faults.to_json())
}

/// `POST /control/faults`: switches faults on or off.
pub(super) async fn order_faults(State(sandbox): State<Sandbox>, Json(order): Json<faults::Order>) -> Answer {
    let mut state = sandbox.lock();
    state.faults.order(order).map_err(Refusal)?;
    Ok(Json(state.faults.to_json()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Resend {
    event_id: String,
}

/// `POST /control/resend`: sends an event's webhook again at once, whatever became of it before.
pub(super) async fn resend(State(sandbox): State<Sandbox>, Json(order): Json<Resend>) -> Answer {
    let body = {
        let state = sandbox.lock();
        let event = state.events.get(&order.event_id).ok_or_else(|| Refusal(format!("no event {}", order.event_id)))?;
        objects::event(event, &state.public_base).to_string()
    };
    let Some((client, url)) = sandbox.webhook_target() else {
        return Err(Refusal("webhooks go nowhere".to_owned()));
    };
    let arrived = super::webhooks::post(&sandbox, client, url, &body).await;
    if arrived {
        sandbox.durably(|work| work.put(Record::Delivered(order.event_id.clone()))).await;
    }
    Ok(Json(json!({ "arrived": arrived })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settle {
    session: String,
    outcome: String,
}

/// `POST /control/settle`: the bank decides a processing payment.
pub(super) async fn settle(State(sandbox): State<Sandbox>, Json(order): Json<Settle>) -> Answer {
    let succeeds = match order.outcome.as_str() {
        "succeed" => true,
        "fail" => false,
        other => {
            return Err(Refusal(format!("outcome: `{other}` is neither succeed nor fail")));
        }
    };
    let settled = sandbox.durably(|work| {
        let session = work.state.sessions.get(&order.session).ok_or_else(|| format!("no session {}", order.session))?;
        let payment = session.payment.as_ref().and_then(|payment| work.state.payments.get(payment)).cloned();
        let payment = payment
            .filter(|payment| payment.status == PaymentStatus::Processing)
            .ok_or("its payment is not processing")?;
        let id = payment.id.clone();
        payments::settle(work, payment, succeeds);
        Ok::<_, String>(work.state.payments.get(&id).map(objects::payment))
    });
    Ok(Json(json!(settled.await.map_err(Refusal)?)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeRefund {
    refund: String,
    status: String,
    failure_reason: Option<String>,
}

/// `POST /control/refund`: a refund succeeds or fails.
pub(super) async fn change_refund(State(sandbox): State<Sandbox>, Json(order): Json<ChangeRefund>) -> Answer {
    let status = RefundStatus::ALL.into_iter().find(|status| status.as_str() == order.status);
    let status = status.ok_or_else(|| Refusal(format!("status: `{}` is not known", order.status)))?;
    let changed =
        sandbox.durably(|work| refunds::change(work, &order.refund, status, order.failure_reason.clone())).await;
    Ok(Json(objects::refund(&changed.map_err(Refusal)?)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pay {
    session: String,
    action: Option<String>,
    method: Option<String>,
}

/// `POST /control/pay`: what the bank page does, without the page; for load tests.
pub(super) async fn pay(State(sandbox): State<Sandbox>, Json(order): Json<Pay>) -> Answer {
    let action = order.action.as_deref().unwrap_or("pay");
    let action =
        Action::parse(action).ok_or_else(|| Refusal(format!("action: `{action}` is none of pay fail cancel wait")))?;
    let method = match order.method.as_deref() {
        Some(word) => Some(Method::parse(word).ok_or_else(|| Refusal(format!("method: `{word}` is not known")))?),
        None => None,
    };
    let acted = sandbox.durably(|work| {
        let session =
            work.state.sessions.get(&order.session).cloned().ok_or_else(|| format!("no session {}", order.session))?;
        if session.status != SessionStatus::Open {
            return Err(format!("the session is {}", session.status.as_str()));
        }
        let method = method.unwrap_or_else(|| session.usual_method());
        let session = payments::act(work, session, action, method);
        Ok(objects::session(&session, &work.state.public_base))
    });
    Ok(Json(acted.await.map_err(Refusal)?))
}

/// `GET /control/effects`: what really happened, for tests that look for too much or too little of it. Sessions and payments made up
/// for demo data count only where they were refunded.
pub(super) async fn effects(State(sandbox): State<Sandbox>) -> Json<Value> {
    sandbox.durably(|_| ()).await;
    let state = sandbox.lock();
    let refunds: Vec<Value> = state.refunds.iter().map(|refund| {
        json!({
            "id": refund.id, "payment_intent": refund.payment, "amount": refund.amount_cents, "status": refund.status.as_str(),
            "idempotency_key": refund.idempotency_key, "metadata": refund.metadata,
        })
    }).collect();
    let mut refunded = Map::new();
    for payment in state.refunds_of.keys() {
        let cents: i64 = state
            .refunds_of(payment)
            .filter(|refund| refund.status.is_living())
            .map(|refund| refund.amount_cents)
            .sum();
        refunded.insert(payment.clone(), json!(cents));
    }
    Json(json!({
        "sessions": state.sessions.len(),
        "payments_succeeded": state.payments_succeeded,
        "refunds": refunds,
        "refunded_by_payment": refunded,
    }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PayByHand {
    amount: i64,
    method: Option<String>,
}

/// `POST /control/payment`: a payment that somebody made in the dashboard, without a session and without metadata.
pub(super) async fn payment(State(sandbox): State<Sandbox>, Json(order): Json<PayByHand>) -> Answer {
    let word = order.method.as_deref().unwrap_or("card");
    let method = Method::parse(word).ok_or_else(|| Refusal(format!("method: `{word}` is not known")))?;
    if !(1..=99_999_999).contains(&order.amount) {
        return Err(Refusal(format!("amount: {} cents cannot be paid", order.amount)));
    }
    let paid = sandbox.durably(|work| objects::payment(&payments::by_hand(work, order.amount, method)));
    Ok(Json(paid.await))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Book {
    /// Stripe's reporting category: `charge`, `fee`, `transfer` …
    category: String,
    amount: i64,
    #[serde(default)]
    fee: i64,
    #[serde(default)]
    source: String,
    #[serde(default)]
    pending_seconds: i64,
}

/// `POST /control/book`: a balance transaction that nothing else explains.
pub(super) async fn book(State(sandbox): State<Sandbox>, Json(order): Json<Book>) -> Answer {
    let kind = TransactionKind::ALL.into_iter().find(|kind| kind.category() == order.category);
    let kind = kind.ok_or_else(|| Refusal(format!("category: `{}` is not known", order.category)))?;
    let booked = sandbox.durably(|work| {
        let booking = Booking {
            kind,
            source: &order.source,
            method: Method::Card,
            amount_cents: order.amount,
            fee_cents: order.fee,
            pending_seconds: order.pending_seconds,
        };
        let transaction = balance::book(work, booking);
        objects::transaction(&transaction, work.now)
    });
    Ok(Json(booked.await))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PayOut {
    /// A payout that fails; without it, everything available is paid out.
    fail: Option<String>,
}

/// `POST /control/payout`: pays out what is available, or lets a payout fail.
pub(super) async fn payout(State(sandbox): State<Sandbox>, Json(order): Json<PayOut>) -> Answer {
    let payout = sandbox.durably(|work| match &order.fail {
        Some(id) => balance::fail_payout(work, id),
        None => balance::pay_out(work),
    });
    Ok(Json(objects::payout(&payout.await.map_err(Refusal)?)))
}

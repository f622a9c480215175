//! The provider's events: believed by signature, noted once, then the payment itself is read again. An event is only a hint.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;

use crate::features::payments::{actions, refunds, store};
use crate::infra::error::Result;
use crate::infra::stripe::signature::{self, Event, Forged};
use crate::infra::{Services, jobs};

/// The largest event we read.
const LARGEST_EVENT: usize = 256 * 1024;

/// Routes that other programs call without our cookies or pages.
pub fn open() -> Router<Services> {
    Router::new().route("/webhooks/stripe", post(receive)).layer(DefaultBodyLimit::max(LARGEST_EVENT))
}

async fn receive(State(s): State<Services>, headers: HeaderMap, body: Bytes) -> Response {
    let header = headers.get("stripe-signature").and_then(|value| value.to_str().ok());
    let event = match signature::verify(header, &body, &s.settings.stripe.webhook_secrets, s.clock.now()) {
        Ok(event) => event,
        Err(forged) => {
            tracing::warn!(?forged, "an event was not believed");
            let text = if forged == Forged::TooOld { "too old" } else { "not signed by us" };
            return (StatusCode::BAD_REQUEST, text).into_response();
        }
    };
    if s.settings.production() != event.live {
        tracing::error!(event = event.id, live = event.live, "an event of the wrong mode");
        return (StatusCode::BAD_REQUEST, "wrong mode").into_response();
    }
    match note(&s, &event).await {
        Ok(Noted::Stored) => (StatusCode::OK, "noted").into_response(),
        Ok(Noted::TooEarly) => (StatusCode::CONFLICT, "not known yet, send again").into_response(),
        Err(error) => {
            tracing::error!(event = event.id, %error, "an event could not be noted");
            (StatusCode::SERVICE_UNAVAILABLE, "try again").into_response()
        }
    }
}

enum Noted {
    Stored,
    /// It carries our id, but our row is not there yet: the provider shall send it again.
    TooEarly,
}

/// Notes an event and asks for the follow-up work in one transaction; a repeated event does nothing.
async fn note(s: &Services, event: &Event) -> Result<Noted> {
    let now = s.clock.now();
    let mut tx = s.db.begin_together().await?;
    let is_refund = event.our_id.starts_with("rfd_") || event.object_kind == "refund";
    if is_refund {
        let refund = match store::refund(&mut tx, &event.our_id).await? {
            Some(refund) => Some(refund),
            None => store::refund_by_provider_id(&mut tx, &event.object_id).await?,
        };
        match refund {
            Some(refund) => {
                if store::note_event(&mut tx, event, &refund.payment_id, now).await? {
                    jobs::enqueue(&mut tx, now, refunds::CHECK, &refund.id, now).await?;
                }
            }
            None if event.our_id.starts_with("rfd_") => return Ok(Noted::TooEarly),
            None => unknown(&mut tx, event, now).await?,
        }
        tx.commit().await?;
        return Ok(Noted::Stored);
    }
    let mut payment = store::by_id(&mut tx, &event.our_id).await?;
    for provider_id in [&event.object_id, &event.intent_id] {
        if payment.is_none() && !provider_id.is_empty() {
            payment = store::by_provider_id(&mut tx, provider_id).await?;
        }
    }
    match payment {
        Some(payment) => {
            // the session may be ours although our own note of it is not written yet
            if payment.session_id.is_none() {
                return Ok(Noted::TooEarly);
            }
            if store::note_event(&mut tx, event, &payment.id, now).await? {
                jobs::enqueue(&mut tx, now, actions::CHECK, &payment.id, now).await?;
                store::close_event(&mut tx, &event.id, "payment looked at", now).await?;
            }
        }
        None if event.our_id.starts_with("pay_") => return Ok(Noted::TooEarly),
        None => unknown(&mut tx, event, now).await?,
    }
    tx.commit().await?;
    Ok(Noted::Stored)
}

/// An event that is about nothing of ours, or of a kind we do not use: kept, so that it can be counted and looked at.
async fn unknown(tx: &mut crate::infra::db::Tx, event: &Event, now: crate::values::Timestamp) -> Result<()> {
    if store::note_event(tx, event, "", now).await? {
        store::close_event(tx, &event.id, "not about a payment of ours", now).await?;
    }
    Ok(())
}

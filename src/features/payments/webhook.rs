//! The provider's events: believed by signature, noted once, then the payment itself is read again. An event is only a hint.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;

use crate::features::payments::events::{self, Noted};
use crate::infra::Services;
use crate::infra::stripe::signature::{self, Forged};

/// The largest event we read.
const LARGEST_EVENT: usize = 256 * 1024;

/// Routes that other programs call without our cookies or pages.
pub fn open() -> Router<Services> {
    Router::new().route("/webhooks/stripe", post(receive)).layer(DefaultBodyLimit::max(LARGEST_EVENT))
}

async fn receive(State(s): State<Services>, headers: HeaderMap, body: Bytes) -> Response {
    let header = headers.get("stripe-signature").and_then(|value| value.to_str().ok());
    let event = match signature::verify(header, &body, &s.stripe.keys().webhook_secrets, s.clock.now()) {
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
    if !event.is_ours() {
        tracing::error!(event = event.id, account = event.account, "an event of another account");
        return (StatusCode::BAD_REQUEST, "wrong account").into_response();
    }
    match events::note(&s, &event).await {
        Ok(Noted::Stored) => (StatusCode::OK, "noted").into_response(),
        Ok(Noted::TooEarly) => (StatusCode::CONFLICT, "not known yet, send again").into_response(),
        Err(error) => {
            tracing::error!(event = event.id, %error, "an event could not be noted");
            (StatusCode::SERVICE_UNAVAILABLE, "try again").into_response()
        }
    }
}

//! `/webhooks/mail`: where a mail server or provider posts what it says of our letters, as the letter that it is.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use subtle::ConstantTimeEq;

use crate::features::updates::actions;
use crate::infra::Services;

/// A report holds the letter that it is about.
const LARGEST_REPORT: usize = 1024 * 1024;

pub(super) fn open() -> Router<Services> {
    Router::new().route("/webhooks/mail", post(receive)).layer(DefaultBodyLimit::max(LARGEST_REPORT))
}

async fn receive(State(s): State<Services>, headers: HeaderMap, body: Bytes) -> Response {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let given = given.strip_prefix("Bearer ").unwrap_or_default();
    let is_known = s
        .settings
        .mail_reports
        .secret
        .as_ref()
        .is_some_and(|secret| bool::from(secret.as_bytes().ct_eq(given.as_bytes())));
    if !is_known {
        return (StatusCode::UNAUTHORIZED, "the secret is missing or wrong").into_response();
    }
    match actions::take_report(&s, &body).await {
        Ok(Some(_)) => (StatusCode::OK, "noted").into_response(),
        Ok(None) => (StatusCode::OK, "nothing about a letter of ours").into_response(),
        Err(error) => {
            tracing::error!(%error, "a report about a letter could not be noted");
            (StatusCode::SERVICE_UNAVAILABLE, "try again").into_response()
        }
    }
}

//! How a call reaches the provider: over HTTP, or handed to the sandbox's routes within the process.
//!
//! The second way is for simulations, which make millions of calls and must repeat themselves exactly: no socket, no timer. What
//! the calls consist of is the same on both ways, and so is what is made of their answers.

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Method, Request, header};
use miniserde::json::from_str;
use stripe::{CustomizedStripeRequest, StripeError};
use stripe_client_core::{StripeClient, StripeMethod};
use tower::ServiceExt;

use crate::infra::stripe::line::Line;

/// The largest answer that is read, in bytes: a list of a hundred objects.
const LARGEST_ANSWER: usize = 4 * 1024 * 1024;

/// Cheap to clone.
#[derive(Clone)]
pub(super) enum Transport {
    Http(Box<Line>),
    InProcess { routes: Router, secret_key: String },
}

impl StripeClient for Transport {
    type Err = StripeError;

    async fn execute(&self, request: CustomizedStripeRequest) -> Result<Bytes, StripeError> {
        match self {
            Transport::Http(line) => line.execute(request).await,
            Transport::InProcess { routes, secret_key } => hand_over(routes.clone(), secret_key, request).await,
        }
    }
}

/// Hands one request to the routes. An answer that breaks off is a lost connection, as over HTTP.
async fn hand_over(routes: Router, secret_key: &str, request: CustomizedStripeRequest) -> Result<Bytes, StripeError> {
    let (request, options) = request.into_pieces();
    let query = request.query.map(|query| format!("?{query}")).unwrap_or_default();
    let method = match request.method {
        StripeMethod::Get => Method::GET,
        StripeMethod::Post => Method::POST,
        StripeMethod::Delete => Method::DELETE,
    };
    let mut call = Request::builder()
        .method(method)
        .uri(format!("/v1{}{query}", request.path))
        .header(header::AUTHORIZATION, format!("Bearer {secret_key}"));
    if request.body.is_some() {
        call = call.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    }
    if let Some(key) = options.request_strategy.and_then(|strategy| strategy.get_key()) {
        call = call.header("idempotency-key", key.as_str());
    }
    if let Some(account) = options.account_id {
        call = call.header("stripe-account", account.as_str());
    }
    let call = call
        .body(Body::from(request.body.unwrap_or_default()))
        .map_err(|error| StripeError::ConfigError(error.to_string()))?;
    let answer = match routes.oneshot(call).await {
        Ok(answer) => answer,
        Err(never) => match never {},
    };
    let status = answer.status();
    let lost = |error: axum::Error| StripeError::ClientError(error.to_string());
    let bytes = to_bytes(answer.into_body(), LARGEST_ANSWER).await.map_err(lost)?;
    if status.is_success() {
        return Ok(bytes);
    }
    let unreadable = |_| StripeError::JSONDeserialize(format!("the error of an answer {status} cannot be read"));
    let text = std::str::from_utf8(&bytes).map_err(|error| StripeError::JSONDeserialize(error.to_string()))?;
    let told: stripe_shared::Error = from_str(text).map_err(unreadable)?;
    Err(StripeError::Stripe(told.error, status.as_u16()))
}

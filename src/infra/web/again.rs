//! Carrying out a form once more when the database broke its transaction off: two waited for each other crosswise (a deadlock), or
//! could not be put in an order. Locks are taken in one order everywhere, so this is the net below that.
//!
//! Only for forms that are one transaction: nothing of it has happened when it was broken off, and effects outside are rows of it, so
//! the whole of it can be done anew.

use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::header;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::infra::history::mask;
use crate::infra::web::form::LARGEST_LONG_FORM;
use crate::infra::web::problem::Failure;

/// How often a form is carried out at most.
const MOST: u32 = 3;
/// How long it waits before the second time; before the third twice as long.
const PAUSE: Duration = Duration::from_millis(20);

/// Layer around forms of one transaction each. What carries a file, and what is no form, passes through.
pub async fn carry_out(request: Request, next: Next) -> Response {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if request.method().is_safe() || !kind.starts_with("application/x-www-form-urlencoded") {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_LONG_FORM).await else { return Failure::too_large().into_response() };
    for time in 1..MOST {
        let response = next.clone().run(copy(&parts, &body)).await;
        if !response.extensions().get::<Failure>().is_some_and(Failure::was_broken_off) {
            return response;
        }
        tracing::warn!(path = %mask::masked(parts.uri.path()), time, "a transaction was broken off; the form is carried out again");
        tokio::time::sleep(PAUSE * time).await;
    }
    next.run(copy(&parts, &body)).await
}

fn copy(parts: &Parts, body: &Bytes) -> Request {
    Request::from_parts(parts.clone(), Body::from(body.clone()))
}

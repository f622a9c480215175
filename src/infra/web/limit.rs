//! Limits that no handler needs to know of: searches, and guessing at addresses that are secret.

use axum::extract::{MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::infra::Services;
use crate::infra::limits::{self, SEARCHES, WRONG_KEYS};
use crate::infra::web::client::Client;
use crate::infra::web::problem::Failure;

/// Whether a query has something to look for.
pub fn is_counted(query: Option<&str>) -> bool {
    let query = query.unwrap_or_default().as_bytes();
    form_urlencoded::parse(query).any(|(name, value)| name == "q" && !value.is_empty())
}

/// Layer around pages with a search: only a query with something to look for counts.
pub async fn searches(State(s): State<Services>, client: Client, request: Request, next: Next) -> Response {
    if is_counted(request.uri().query())
        && let Err(error) = s.recent.count(&s, SEARCHES, &client.network)
    {
        return Failure::from(error).into_response();
    }
    next.run(request).await
}

/// Layer around pages that a secret in their address opens: a wrong one is counted. Right ones open always.
pub async fn wrong_keys(
    State(s): State<Services>,
    client: Client,
    path: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let has_secret = path.is_some_and(|path| {
        let path = path.as_str();
        (path.contains("/pledges/{reference}") && !path.contains("/staff/")) || path.contains("/{token}")
    });
    let response = next.run(request).await;
    if has_secret
        && response.status() == StatusCode::NOT_FOUND
        && let Err(error) = limits::count_alone(&s, &[(WRONG_KEYS, &client.network)]).await
    {
        return Failure::from(error).into_response();
    }
    response
}

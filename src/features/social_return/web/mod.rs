//! Pages of social return: the calculator, the statements of a purchase, and looking up whether a statement holds.

mod calculator;
mod check;
mod statements;

use axum::Router;
use axum::routing::get;

use crate::infra::Services;

/// Pages that look the same for everybody.
pub fn public() -> Router<Services> {
    Router::new().route("/{lang}/social-return", get(calculator::show))
}

/// Pages that a key, a code or a sign-in opens.
pub fn personal() -> Router<Services> {
    Router::new()
        .route("/{lang}/pledges/{reference}/social-return", get(statements::list).post(statements::choose))
        .route("/{lang}/pledges/{reference}/social-return/{number}", get(statements::show))
        .route("/api/v1/pledges/{reference}/social-return", get(statements::api))
        .route("/{lang}/social-return/check", get(check::ask))
        .route("/{lang}/social-return/check/{token}", get(check::show))
}

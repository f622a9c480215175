//! All routes, and the layers around them.

use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::timeout::TimeoutLayer;

use crate::app::{dev, dev_components, dev_mail, dev_statement};
use crate::features::{
    backing, evidence, open_data, outcomes, payments, plans, privacy, receipts, site, social_return, staff, studio,
    updates, users, verifications,
};
use crate::infra::history::origin;
use crate::infra::web::form::LARGEST_FORM;
use crate::infra::web::problem::Failure;
use crate::infra::web::{again, assets, cache, headers, latency, limit, problem, reports, token};
use crate::infra::{Services, files, traces};

/// How long an answer may take, the body of its request included.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// The whole site. Tests and production build it here and nowhere else.
pub fn build(services: Services) -> Router {
    let bank = services.bank.clone();
    let site = around(services.clone(), routes(&services), ANSWER_WITHIN);
    let site = Router::new()
        .fallback_service(site)
        .layer(from_fn_with_state(services, cache::front))
        .layer(from_fn(latency::count));
    match bank {
        Some(bank) => site.nest("/dev/bank", bank.router()),
        None => site,
    }
}

/// Routes inside what all of them have in common: limits, headers, a page for whatever goes wrong.
pub fn around(services: Services, routes: Router<Services>, answer_within: Duration) -> Router {
    routes
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .layer(from_fn_with_state(services.clone(), headers::only_ours))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, answer_within))
        .layer(CatchPanicLayer::custom(|_| Failure::broken("a panic").into_response()))
        .layer(from_fn_with_state(services.clone(), problem::render))
        .layer(from_fn_with_state(services.clone(), origin::layer))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(headers::content_policy(&services), headers::secure))
        .layer(from_fn(traces::request))
        .with_state(services)
}

fn routes(services: &Services) -> Router<Services> {
    let public = Router::new()
        .merge(site::public())
        .merge(open_data::web::public())
        .merge(social_return::web::public())
        .merge(privacy::web::public())
        // kept as they are compressed
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(services.clone(), cache::serve))
        .layer(from_fn_with_state(services.clone(), limit::searches));
    // what makers and the team decide is one transaction for each form
    let decided = Router::new()
        .merge(studio::web::personal())
        .merge(verifications::web::personal())
        .merge(staff::web::personal())
        .layer(from_fn(again::carry_out));
    let development = if services.settings.production() { Router::new() } else { dev_mail::routes() };
    let personal = Router::new()
        .merge(dev::routes())
        .merge(dev_statement::routes())
        .merge(development)
        .merge(dev_components::routes())
        .merge(users::web::personal())
        .merge(backing::personal())
        .merge(receipts::web::personal())
        .merge(social_return::web::personal())
        .merge(updates::web::personal())
        .merge(outcomes::web::personal())
        .merge(evidence::web::personal())
        .merge(plans::web::personal())
        .merge(privacy::web::personal())
        .merge(site::personal())
        .merge(decided)
        .layer(from_fn_with_state(services.clone(), users::web::kept::keep))
        .layer(from_fn_with_state(services.clone(), limit::wrong_keys))
        .layer(from_fn_with_state(services.clone(), token::guard));
    let guarded = Router::new().merge(public).merge(personal).layer(CsrfLayer::new());
    Router::new()
        .merge(guarded)
        .merge(payments::webhook::open())
        .merge(updates::web::open())
        .merge(reports::routes())
        .merge(site::open())
        .merge(files::routes())
        .route("/", get(choose_language))
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready))
        .route("/static/{name}", get(assets::serve))
}

/// The front door: the visitor's language.
async fn choose_language(headers: HeaderMap) -> Response {
    let lang = crate::infra::web::ctx::preferred_lang(&headers);
    ([("vary", "Accept-Language")], Redirect::to(&format!("/{lang}"))).into_response()
}

/// Whether this process can serve: the database answers, and the clock agrees with it.
async fn ready(axum::extract::State(services): axum::extract::State<Services>) -> Response {
    let trouble = if services.clock.is_wrong() {
        "the clock is wrong"
    } else if !services.db.is_there().await {
        "the database does not answer"
    } else {
        return "ready".into_response();
    };
    (StatusCode::SERVICE_UNAVAILABLE, trouble).into_response()
}

//! The public pages and the JSON API for reading: what everybody sees of rounds, projects, makers, results and books.
//!
//! Nothing here writes and nothing reads a cookie, so every answer may be kept until the next commit (`infra::web::cache`).
//! Amounts and counts of other nouns come in through [`numbers`], and only there.

mod api;
mod card;
mod filter;
mod home;
mod impact;
mod list;
mod machines;
mod numbers;
mod organisations;
mod parts;
mod project;
mod rounds;
mod shapes;
mod texts;
mod view;

use axum::Router;
use axum::routing::get;

use crate::infra::Services;

/// Routes that look the same for everybody.
pub fn public() -> Router<Services> {
    Router::new()
        .route("/{lang}", get(home::show))
        .route("/{lang}/projects", get(list::show))
        .route("/{lang}/projects/{slug}", get(project::show))
        .route("/{lang}/projects/{slug}/updates", get(parts::updates))
        .route("/{lang}/projects/{slug}/updates/{number}", get(parts::update))
        .route("/{lang}/projects/{slug}/outcomes", get(parts::outcomes))
        .route("/{lang}/projects/{slug}/books", get(parts::books))
        .route("/{lang}/rounds", get(rounds::all))
        .route("/{lang}/rounds/{number}", get(rounds::show))
        .route("/{lang}/organisations/{slug}", get(organisations::show))
        .route("/{lang}/coalitions/{slug}", get(organisations::coalition))
        .route("/{lang}/impact", get(impact::show))
        .route("/{lang}/learning", get(impact::learning))
        .route("/og/{file}", get(card::show))
        .merge(texts::routes())
        .merge(machines::routes())
        .nest("/api/v1", api::routes())
}

//! The public pages and the JSON API for reading: what everybody sees of rounds, projects, makers, results and books.
//!
//! Nothing here writes, and nothing but the preview reads a cookie, so every answer may be kept until the next commit (`infra::web::cache`).
//! Amounts and counts of other nouns come in through [`numbers`], and only there.

mod api;
mod card;
mod figures;
mod filter;
mod home;
mod impact;
mod learning;
mod list;
mod live;
mod machines;
mod map;
mod numbers;
mod organisations;
mod outcome_pictures;
mod outcome_shapes;
mod outcomes;
mod parts;
mod payouts;
mod pictures;
mod preview;
mod project;
mod rounds;
mod shapes;
mod sharing;
mod summed;
mod texts;
mod view;

use axum::Router;
use axum::routing::get;

use crate::infra::Services;

/// The preview of what is not public yet, for its makers, its partners and the team: the one page here that reads who is signed in.
pub fn personal() -> Router<Services> {
    Router::new()
        .route("/{lang}/studio/projects/{slug}/preview", get(preview::for_member))
        .route("/{lang}/studio/organisations/{slug}/shares/{id}/preview", get(preview::for_partner))
        .route("/{lang}/staff/projects/{id}/preview", get(preview::for_staff))
}

/// Streams and cards for other places: not kept between requests, and the same for everybody.
pub fn open() -> Router<Services> {
    Router::new().route("/events/projects/{slug}", get(live::project))
}

/// Routes that look the same for everybody.
pub fn public() -> Router<Services> {
    Router::new()
        .route("/{lang}", get(home::show))
        .route("/{lang}/projects", get(list::show))
        .route("/{lang}/projects/{slug}", get(project::show))
        .route("/{lang}/projects/{slug}/updates", get(parts::updates))
        .route("/{lang}/projects/{slug}/updates/{number}", get(parts::update))
        .route("/{lang}/projects/{slug}/outcomes", get(outcomes::show))
        .route("/{lang}/projects/{slug}/books", get(parts::books))
        .route("/{lang}/rounds", get(rounds::all))
        .route("/{lang}/rounds/{number}", get(rounds::show))
        .route("/{lang}/organisations/{slug}", get(organisations::show))
        .route("/{lang}/coalitions/{slug}", get(organisations::coalition))
        .route("/{lang}/impact", get(impact::show))
        .route("/{lang}/learning", get(learning::show))
        .route("/og/{file}", get(card::show))
        .merge(texts::routes())
        .merge(machines::routes())
        .merge(sharing::routes())
        .nest("/api/v1", api::routes())
}

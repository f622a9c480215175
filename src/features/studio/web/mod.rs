//! The pages of the studio.

mod backers;
mod home;
mod payouts;
mod picture;
mod project;
mod share;
mod texts;

use axum::Router;
use axum::routing::{get, post};

use crate::infra::Services;
use crate::infra::web::upload;

pub fn personal() -> Router<Services> {
    Router::new()
        .route("/{lang}/studio", get(home::show))
        .route("/{lang}/studio/payouts", get(payouts::show))
        .route("/{lang}/studio/payouts/{slug}/connect", post(payouts::connect))
        .route("/{lang}/studio/payouts/{slug}/connected", get(payouts::connected))
        .route("/{lang}/studio/payouts/{slug}/account", post(payouts::enter))
        .route("/{lang}/studio/payouts/{slug}/account/{id}/withdraw", post(payouts::take_back))
        .route("/{lang}/studio/projects/{slug}", get(project::show))
        .route("/{lang}/studio/projects/{slug}/backers", get(backers::show))
        .route("/{lang}/studio/projects/{slug}/backers.csv", get(backers::csv))
        .route("/{lang}/studio/projects/{slug}/share", get(share::show))
        .route("/{lang}/studio/projects/{slug}/poster.pdf", get(share::poster))
        .route("/{lang}/studio/projects/{slug}/texts", get(texts::show).post(texts::save))
        .route("/{lang}/studio/projects/{slug}/picture", get(picture::show).post(picture::save).layer(upload::limit()))
}

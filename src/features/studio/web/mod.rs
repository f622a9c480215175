//! The pages of the studio.

mod backers;
mod coalitions;
mod home;
mod joint;
mod match_funds;
mod members;
mod near_miss;
mod organisations;
mod payout_plan;
mod payouts;
mod picture;
mod project;
mod results;
mod share;
mod shares;
mod texts;
mod valuation;
mod withdraw;

use axum::Router;
use axum::routing::{get, post};

use crate::infra::Services;
use crate::infra::web::upload;

pub fn personal() -> Router<Services> {
    Router::new()
        .route("/{lang}/studio", get(home::show))
        .route("/{lang}/studio/match-funds", get(match_funds::show))
        .route("/{lang}/studio/match-funds/{id}/used.csv", get(match_funds::table))
        .route("/{lang}/studio/payouts", get(payouts::show))
        .route("/{lang}/studio/payouts/{slug}/connect", post(payouts::connect))
        .route("/{lang}/studio/payouts/{slug}/connected", get(payouts::connected))
        .route("/{lang}/studio/payouts/{slug}/account", post(payouts::enter))
        .route("/{lang}/studio/payouts/{slug}/account/{id}/withdraw", post(payouts::take_back))
        .merge(of_organisations())
        .route("/{lang}/studio/projects/{slug}/shares", get(shares::show).post(shares::save))
        .route("/{lang}/studio/projects/{slug}/results", get(results::show))
        .route("/{lang}/studio/projects/{slug}/payouts", get(payout_plan::show).post(payout_plan::suggest))
        .route("/{lang}/studio/projects/{slug}/payouts/parts/{position}/reached", post(payout_plan::report))
        .route("/{lang}/studio/projects/{slug}", get(project::show))
        .route("/{lang}/studio/projects/{slug}/backers", get(backers::show))
        .route("/{lang}/studio/projects/{slug}/backers.csv", get(backers::csv))
        .route("/{lang}/studio/projects/{slug}/share", get(share::show))
        .route("/{lang}/studio/projects/{slug}/poster.pdf", get(share::poster))
        .route("/{lang}/studio/projects/{slug}/near-miss", get(near_miss::show).post(near_miss::say))
        .route("/{lang}/studio/projects/{slug}/withdraw", get(withdraw::show).post(withdraw::withdraw))
        .route("/{lang}/studio/projects/{slug}/texts", get(texts::show).post(texts::save))
        .route("/{lang}/studio/projects/{slug}/valuation", get(valuation::show).post(valuation::answer))
        .route("/{lang}/studio/projects/{slug}/picture", get(picture::show).post(picture::save).layer(upload::limit()))
}

/// Registering an organisation, its members and its coalitions.
fn of_organisations() -> Router<Services> {
    Router::new()
        .route("/{lang}/studio/invitations/{token}", get(members::invitation).post(members::accept))
        .route("/{lang}/studio/invitations/{token}/decline", post(members::decline))
        .route("/{lang}/studio/organisations/new", get(organisations::new).post(organisations::register))
        .route("/{lang}/studio/organisations/{slug}", get(organisations::show))
        .route("/{lang}/studio/organisations/{slug}/edit", get(organisations::edit).post(organisations::save))
        .route("/{lang}/studio/organisations/{slug}/withdraw", post(organisations::withdraw))
        .route("/{lang}/studio/organisations/{slug}/members", get(members::show))
        .route("/{lang}/studio/organisations/{slug}/members/invite", post(members::invite))
        .route("/{lang}/studio/organisations/{slug}/members/{id}/role", post(members::set_role))
        .route("/{lang}/studio/organisations/{slug}/members/{id}/remove", post(members::remove))
        .route("/{lang}/studio/organisations/{slug}/invitations/{id}/withdraw", post(members::take_back))
        .route("/{lang}/studio/organisations/{slug}/coalitions/new", get(coalitions::new).post(coalitions::found))
        .route("/{lang}/studio/organisations/{slug}/coalitions/{id}", get(coalitions::show).post(coalitions::save))
        .route("/{lang}/studio/organisations/{slug}/coalitions/{id}/invite", post(coalitions::invite))
        .route("/{lang}/studio/organisations/{slug}/coalitions/{id}/remove", post(coalitions::remove))
        .route("/{lang}/studio/organisations/{slug}/coalitions/{id}/answer", post(coalitions::answer))
        .route("/{lang}/studio/organisations/{slug}/shares/{id}", get(joint::show))
        .route("/{lang}/studio/organisations/{slug}/shares/{id}/agree", post(joint::agree))
        .route("/{lang}/studio/organisations/{slug}/shares/{id}/refuse", post(joint::refuse))
}

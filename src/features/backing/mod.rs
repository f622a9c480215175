//! The way of a backer: three screens (amount, you, check), the bank's page, and the page of the pledge afterwards; the same for
//! programs as one JSON call. It shows and starts what `pledges` and `payments` decide.

pub mod actions;
pub mod api;
mod choice;
mod claim;
pub mod claim_letters;
mod form;
pub mod letters;
mod line;
mod own_impact;
mod page;
mod remainder;
mod reserving;
mod returned;
pub mod transfer;
mod web;

use axum::Router;
use tower::limit::GlobalConcurrencyLimitLayer;

use crate::infra::Services;

/// So many pledges are made at the same moment; who comes then waits for a turn before anything of the database is held, so that other
/// pages find a connection as always.
const AT_ONCE: usize = 64;

/// Pages that show what is one person's.
pub fn personal() -> Router<Services> {
    let in_turn = GlobalConcurrencyLimitLayer::new(AT_ONCE);
    web::routes(in_turn.clone())
        .merge(page::routes())
        .merge(own_impact::routes())
        .merge(claim::routes())
        .merge(choice::routes())
        .merge(remainder::routes())
        .merge(transfer::routes())
        .merge(api::routes(in_turn))
}

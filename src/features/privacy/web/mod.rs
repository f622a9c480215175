//! Pages about personal data: what is held and for how long, the own copy, and leaving.

mod data;
mod erase;
mod page;
mod rows;

use axum::Router;
use axum::routing::{get, post};

pub use rows::{ActivityRow, KindRow, record, table};

use crate::infra::Services;

/// Routes that look the same for everybody.
pub fn public() -> Router<Services> {
    Router::new().route("/{lang}/privacy", get(page::show))
}

/// Routes that read cookies.
pub fn personal() -> Router<Services> {
    Router::new()
        .route("/{lang}/account/data", get(data::show))
        .route("/{lang}/account/data.json", get(data::file))
        .route("/{lang}/account/erase", get(erase::show).post(erase::ask))
        .route("/{lang}/account/erase/undo", post(erase::undo))
        .route("/{lang}/erasure/{token}", get(erase::show_link).post(erase::undo_by_link))
}

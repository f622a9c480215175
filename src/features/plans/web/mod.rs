//! The pages on which owners write their plans: one to begin, one per step, one to look over and hand in, one to compare versions.

mod budget;
mod desk;
mod new;
mod overview;
mod people;
mod place;
mod planning;
mod promises;
mod reading;
mod risks;
mod versions;

use axum::Router;
use axum::routing::{get, post};

pub use self::overview::{Remark, remarks_for_owner};
pub use self::place::named_dots;
pub use self::versions::{Comparison, comparison};
use crate::infra::Services;

pub fn personal() -> Router<Services> {
    Router::new()
        .route("/{lang}/studio/plans/new", get(new::show).post(new::begin))
        .route("/{lang}/studio/projects/{slug}/plan", get(overview::show))
        .route("/{lang}/studio/projects/{slug}/plan/submit", post(overview::submit))
        .route("/{lang}/studio/projects/{slug}/plan/withdraw", post(overview::withdraw))
        .route("/{lang}/studio/projects/{slug}/plan/move", post(overview::move_to_round))
        .route("/{lang}/studio/projects/{slug}/plan/remarks/{id}", post(overview::answer))
        .route("/{lang}/studio/projects/{slug}/plan/versions", get(versions::show))
        .route("/{lang}/studio/projects/{slug}/plan/people", get(people::show).post(people::save))
        .route("/{lang}/studio/projects/{slug}/plan/place", get(place::show).post(place::save))
        .route("/{lang}/studio/projects/{slug}/plan/planning", get(planning::show).post(planning::save))
        .route("/{lang}/studio/projects/{slug}/plan/budget", get(budget::show).post(budget::save))
        .route("/{lang}/studio/projects/{slug}/plan/promises", get(promises::show).post(promises::save))
        .route("/{lang}/studio/projects/{slug}/plan/risks", get(risks::show).post(risks::save))
}

//! The promises of a project with what was verified of them and released for them.

use std::collections::HashMap;

use crate::features::outcomes::PromiseFigure;
use crate::features::results::{Figure, store};
use crate::features::verifications;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::values::{Cents, Timestamp, time};

/// The promises in their order, each with what the plan needs of it.
pub async fn of_project(conn: &mut Conn, project_id: &str, now: Timestamp) -> Result<Vec<(PromiseFigure, Figure)>> {
    let today = now.day();
    let before: HashMap<String, Cents> = store::released_by_promise(conn, project_id).await?.into_iter().collect();
    let standings = verifications::actions::standings(conn, project_id).await?;
    let figure = |standing: verifications::Standing| {
        let promise = standing.promise;
        let figure = Figure {
            promise_id: promise.id.clone(),
            share_percent: promise.share_percent,
            baseline: promise.baseline,
            target: promise.target,
            floor_percent: promise.floor_percent,
            cap_percent: promise.cap_percent,
            verified: standing.verified,
            level: standing.level.map(|level| level.to_string()).unwrap_or_default(),
            is_open: standing.is_open,
            is_due: promise.due_day < today,
            before: before.get(&promise.id).copied().unwrap_or_default(),
        };
        (promise, figure)
    };
    Ok(standings.into_iter().map(figure).collect())
}

/// From when on what was not verified counts as nothing: so many days after the last due day. Nothing without promises.
pub fn late_from(promises: &[PromiseFigure], late_days: i64) -> Option<Timestamp> {
    let last = promises.iter().map(|promise| promise.due_day.as_str()).max()?;
    Timestamp::start_of_day(&time::days_after(last, late_days + 1)?)
}

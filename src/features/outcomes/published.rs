//! Published figures: what the public may see of everything that a project measured, stored as it is shown.
//!
//! Pages, the API, exports and all sums read these rows and never the true figures. [`refresh`] writes them in the transaction that
//! changes a figure; which value a row has is decided by [`super::cells`] alone. Sums over projects add up published values, so that
//! they tell nothing that the pages of the projects do not tell, whatever they are filtered by.
//!
//! What the public sees of the ladder is three bands of two rungs for a project with fewer than a hundred participants, six rungs
//! otherwise: that is fixed by its target and never changes with its figures, so the two are never there both. Its movement is the
//! difference of the published averages, half a rung each, and not of the true ones: so each moment tells of itself alone. Places have
//! names and no counts.

use std::collections::HashMap;

use sqlx::FromRow;

use crate::features::outcomes::cells::{Average, Shown};
use crate::features::outcomes::{actions, store};
use crate::features::projects;
use crate::infra::Services;
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::infra::jobs;
use crate::values::Timestamp;

mod rows;

pub use crate::features::outcomes::published::rows::all;
pub use crate::features::outcomes::store::published::{Counted, Group, Total, Wanted};

/// The job that publishes the figures of a project anew; its subject is the project's id.
pub const PUBLISH: &str = "outcomes.publish";
/// Of so many participants on the ladder is told by rung, of fewer by bands of two rungs.
pub const RUNGS_FROM: i64 = 100;
/// The bands as they stand in rows, the lowest first.
pub const BANDS: [&str; 3] = ["1-2", "3-4", "5-6"];

crate::words! {
    /// Whether a value is told.
    pub enum PublishedState {
        Shown = "shown",
        /// From 1 to 9.
        Small = "small",
        /// Because a small one could be worked out from it.
        Withheld = "withheld",
    }
}

crate::words! {
    /// How far a figure was checked; with evidence a declared one is documented.
    pub enum Checked {
        Declared = "declared",
        StaffChecked = "staff_checked",
        ThirdParty = "third_party",
    }
}

/// A published value.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Published {
    pub wave_id: String,
    /// The indicator's code.
    pub indicator: String,
    /// Empty: the figure itself. `n`: of how many people a mean is. `mean`: the average rung. Otherwise a rung, band or rung of the grid.
    pub cell_row: String,
    /// Of the grid the kind of place; of `mean` the lower (`low`) and upper (`high`) end of what is told.
    pub cell_col: String,
    pub state: PublishedState,
    /// In the scale of the indicator.
    pub value: Option<i64>,
    pub level: Checked,
    /// A day; empty when nobody checked.
    pub checked_on: String,
    pub year: String,
    /// 1: no later moment has this figure; and the same within its year.
    pub newest: i16,
    pub newest_of_year: i16,
}

impl Published {
    /// As it is written; `is_rounded` says that it counts people.
    pub fn shown(&self, is_rounded: bool) -> Shown {
        match (self.state, self.value) {
            (PublishedState::Small, _) => Shown::Below10,
            (PublishedState::Shown, Some(0)) if is_rounded => Shown::Exact0,
            (PublishedState::Shown, Some(value)) if is_rounded => Shown::Rounded(value),
            (PublishedState::Shown, Some(value)) => Shown::Exact(value),
            _ => Shown::Withheld,
        }
    }
}

/// What somebody found who checked a figure.
#[derive(Debug, Clone, FromRow)]
pub struct Check {
    pub wave_id: String,
    pub indicator: String,
    pub level: Checked,
    pub value: i64,
    pub checked_on: String,
}

/// Writes down what was found for a figure, or that it is not checked any more, and publishes it.
pub async fn checked(
    tx: &mut Tx,
    project_id: &str,
    (wave_id, indicator): (&str, &str),
    found: Option<(Checked, i64)>,
    now: Timestamp,
) -> Result<()> {
    store::published::delete_check(tx, wave_id, indicator).await?;
    if let Some((level, value)) = found {
        let check =
            Check { wave_id: wave_id.to_owned(), indicator: indicator.to_owned(), level, value, checked_on: now.day() };
        store::published::insert_check(tx, &check).await?;
    }
    refresh(tx, project_id).await
}

/// The job: publishes the figures of a project that were measured before there were published ones.
pub async fn publish(s: &Services, project_id: &str) -> Result<()> {
    let mut tx = s.db.begin().await?;
    projects::actions::lock(&mut tx, project_id).await?;
    refresh(&mut tx, project_id).await?;
    Ok(tx.commit().await?)
}

/// Asks for the figures of every project that measured this indicator to be published anew: what it is a part of has changed.
pub async fn all_again(tx: &mut Tx, indicator: &str, now: Timestamp) -> Result<()> {
    for project_id in store::published::projects_with(tx, indicator).await? {
        jobs::enqueue(tx, now, PUBLISH, &project_id, now).await?;
    }
    Ok(())
}

/// Publishes the figures of a project as they are now.
pub async fn refresh(tx: &mut Tx, project_id: &str) -> Result<()> {
    let project = projects::actions::get(tx, project_id).await?;
    let waves = actions::measured(tx, project_id).await?;
    let indicators = actions::indicators(tx).await?;
    let checks = store::published::checks(tx, project_id).await?;
    let rows = all(&indicators, project.participants_target, &waves, &checks);
    Ok(store::published::replace(tx, project_id, &rows).await?)
}

/// What is published of a project, by moment and indicator.
pub async fn of_project(conn: &mut Conn, project_id: &str) -> Result<Vec<Published>> {
    Ok(store::published::of_project(conn, project_id).await?)
}

/// Sums of the newest published values by indicator, over public projects that were or are carried out.
pub async fn totals(conn: &mut Conn, wanted: &Wanted) -> Result<Vec<Total>> {
    Ok(store::published::totals(conn, wanted).await?)
}

/// The same of one indicator by year.
pub async fn by_year(conn: &mut Conn, wanted: &Wanted, indicator: &str) -> Result<Vec<Group>> {
    Ok(store::published::by_year(conn, wanted, indicator).await?)
}

/// The same of one indicator by term of a list, such as `area`.
pub async fn by_term(conn: &mut Conn, wanted: &Wanted, indicator: &str, kind: &str) -> Result<Vec<Group>> {
    Ok(store::published::by_term(conn, wanted, indicator, kind).await?)
}

/// The public projects that are wanted, each with its state.
pub async fn counted(conn: &mut Conn, wanted: &Wanted) -> Result<Vec<Counted>> {
    Ok(store::published::counted(conn, wanted).await?)
}

/// What was promised by the same projects as in [`totals`], summed by indicator.
pub async fn targets(conn: &mut Conn, wanted: &Wanted) -> Result<HashMap<String, i64>> {
    Ok(store::published::targets(conn, wanted).await?.into_iter().collect())
}

/// The years in which something was measured.
pub async fn years(conn: &mut Conn) -> Result<Vec<String>> {
    Ok(store::published::years(conn).await?)
}

/// The published average rung of a moment, in hundredths.
pub fn mean_of(rows: &[Published], wave_id: &str, indicator: &str) -> Option<Average> {
    let end = |col: &str| {
        let is_it = |row: &&Published| {
            row.wave_id == wave_id && row.indicator == indicator && row.cell_row == "mean" && row.cell_col == col
        };
        rows.iter().find(is_it).and_then(|row| row.value)
    };
    Some(Average { low: end("low")?, high: end("high")? })
}

/// The rungs gained between two moments, in hundredths, from what is published of both.
pub fn movement(rows: &[Published], indicator: &str, first: &str, now: &str) -> Option<Average> {
    let (first, now) = (mean_of(rows, first, indicator)?, mean_of(rows, now, indicator)?);
    Some(Average { low: now.low - first.high, high: now.high - first.low })
}

#[cfg(test)]
mod tests;

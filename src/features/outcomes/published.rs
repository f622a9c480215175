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

use crate::features::outcomes::cells::{Average, Shown, average, parts, public_count, table};
use crate::features::outcomes::{Indicator, Observation, Rung, Shape, WaveMeasured, Workplace, actions, store};
use crate::features::projects;
use crate::infra::Services;
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::values::Timestamp;

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

/// The rows of all moments, in order.
pub fn all(
    indicators: &[Indicator],
    participants_target: i64,
    waves: &[WaveMeasured],
    checks: &[Check],
) -> Vec<Published> {
    let known: HashMap<&str, &Indicator> = indicators.iter().map(|one| (one.code.as_str(), one)).collect();
    let mut rows = Vec::new();
    for (at, wave) in waves.iter().enumerate() {
        let year = wave.wave.measured_on.get(..4).unwrap_or_default();
        let has_later = |code: &str, within_year: bool| {
            waves[at + 1..]
                .iter()
                .any(|later| later.of(code).is_some() && (!within_year || later.wave.measured_on.starts_with(year)))
        };
        let check = |code: &str| checks.iter().find(|one| one.wave_id == wave.wave.id && one.indicator == code);
        for line in lines(&known, participants_target < RUNGS_FROM, wave, &check) {
            let found = check(&line.indicator);
            rows.push(Published {
                wave_id: wave.wave.id.clone(),
                cell_row: line.row,
                cell_col: line.col,
                state: match line.shown {
                    Shown::Below10 => PublishedState::Small,
                    Shown::Withheld => PublishedState::Withheld,
                    _ => PublishedState::Shown,
                },
                value: line.shown.number(),
                level: found.map_or(Checked::Declared, |found| found.level),
                checked_on: found.map(|found| found.checked_on.clone()).unwrap_or_default(),
                year: year.to_owned(),
                newest: i16::from(!has_later(&line.indicator, false)),
                newest_of_year: i16::from(!has_later(&line.indicator, true)),
                indicator: line.indicator,
            });
        }
    }
    rows
}

struct Line {
    indicator: String,
    row: String,
    col: String,
    shown: Shown,
}

fn line(indicator: &str, row: &str, col: &str, shown: Shown) -> Line {
    Line { indicator: indicator.to_owned(), row: row.to_owned(), col: col.to_owned(), shown }
}

fn lines<'a>(
    known: &HashMap<&str, &Indicator>,
    in_bands: bool,
    wave: &WaveMeasured,
    check: &impl Fn(&str) -> Option<&'a Check>,
) -> Vec<Line> {
    let mut counts: Vec<(&Indicator, i64)> = Vec::new();
    let mut lines = Vec::new();
    for observation in &wave.observations {
        let Some(indicator) = known.get(observation.indicator.as_str()).copied() else { continue };
        let found = check(&indicator.code).map_or(observation.value, |check| check.value);
        match indicator.shape {
            Shape::Count | Shape::Milestones if indicator.counts_people() => counts.push((indicator, found)),
            Shape::Count | Shape::Milestones => lines.push(line(&indicator.code, "", "", Shown::Exact(found))),
            Shape::Mean => mean(&mut lines, observation, found),
            Shape::Ladder => ladder(&mut lines, observation, in_bands),
            Shape::Grid => grid(&mut lines, observation),
        }
    }
    let is_there = |code: &str| counts.iter().any(|(indicator, _)| indicator.code == code);
    // from those that are part of nothing here down to their parts; a circle of parts would never be reached and is told to nobody
    let mut open: Vec<(&Indicator, Shown)> = Vec::new();
    for (indicator, count) in &counts {
        if !is_there(&indicator.part_of) {
            open.push((indicator, public_count(*count)));
        }
    }
    while let Some((whole, shown)) = open.pop() {
        lines.push(line(&whole.code, "", "", shown));
        let of_it: Vec<&(&Indicator, i64)> = counts.iter().filter(|(one, _)| one.part_of == whole.code).collect();
        let values: Vec<i64> = of_it.iter().map(|(_, count)| *count).collect();
        let told = parts(shown, &values);
        open.extend(of_it.iter().map(|(one, _)| *one).zip(told));
    }
    lines
}

/// A mean to one decimal, of ten people or more.
fn mean(lines: &mut Vec<Line>, observation: &Observation, hundredths: i64) {
    let people = public_count(observation.n.unwrap_or(0));
    let shown = match people {
        Shown::Rounded(_) | Shown::Exact(_) => Shown::Exact((hundredths + 5).div_euclid(10) * 10),
        _ => Shown::Withheld,
    };
    lines.push(line(&observation.indicator, "", "", shown));
    lines.push(line(&observation.indicator, "n", "", people));
}

/// The people on the ladder, its bands or rungs, and the average rung.
fn ladder(lines: &mut Vec<Line>, observation: &Observation, in_bands: bool) {
    let (code, rungs) = (&observation.indicator, observation.rungs());
    let people: i64 = rungs.iter().sum();
    lines.push(line(code, "", "", public_count(people)));
    let shown = if in_bands {
        let bands = [rungs[0] + rungs[1], rungs[2] + rungs[3], rungs[4] + rungs[5]];
        let shown = table(people, &bands);
        lines.extend(BANDS.iter().zip(&shown).map(|(band, shown)| line(code, band, "", *shown)));
        shown
    } else {
        let shown = table(people, &rungs);
        lines.extend(super::LADDER.iter().zip(&shown).map(|(rung, shown)| line(code, rung, "", *shown)));
        shown
    };
    if let Some(Average { low, high }) = average(&rungs, &shown) {
        lines.push(line(code, "mean", "low", Shown::Exact(low)));
        lines.push(line(code, "mean", "high", Shown::Exact(high)));
    }
}

/// The nine cells over all places.
fn grid(lines: &mut Vec<Line>, observation: &Observation) {
    let code = &observation.indicator;
    let places = || Rung::ALL.iter().flat_map(|rung| Workplace::ALL.iter().map(move |place| (*rung, *place)));
    let cells: Vec<i64> = places().map(|(rung, place)| observation.at(rung, place)).collect();
    let people = cells.iter().sum();
    lines.push(line(code, "", "", public_count(people)));
    let shown = table(people, &cells);
    lines.extend(places().zip(shown).map(|((rung, place), shown)| line(code, rung.as_str(), place.as_str(), shown)));
}

#[cfg(test)]
mod tests;

//! The shapes of the JSON answers about results. As of the others, a field that stands here is not renamed or dropped.

use serde::Serialize;

use crate::features::outcomes::published::Published;
use crate::features::outcomes::{Shape, Shown, Wave};
use crate::features::projects::Project;
use crate::features::site::figures::{Figures, Promised, Told};
use crate::features::site::summed::{Money, Sum};
use crate::infra::web::Ctx;

/// A promise with what was published of it. Values are in the promise's `scale`: whole numbers, or hundredths. A count of people below
/// ten is `null`, others are rounded to five.
#[derive(Serialize)]
pub struct PromiseShape {
    indicator: String,
    name: String,
    unit: String,
    shape: &'static str,
    family: &'static str,
    scale: i64,
    baseline: i64,
    target: i64,
    due: String,
    share_percent: i64,
    floor_percent: i64,
    cap_percent: i64,
    counts: Vec<CountShape>,
    /// The newest; of a ladder the rungs gained, from `low` to `high`.
    result: Option<ResultShape>,
}

#[derive(Serialize)]
struct CountShape {
    wave: &'static str,
    measured_on: String,
    count: Option<i64>,
}

#[derive(Serialize)]
struct ResultShape {
    low: Option<i64>,
    high: Option<i64>,
    /// `declared`, `documented`, `staff_checked` or `third_party`.
    level: &'static str,
    checked_on: Option<String>,
}

impl PromiseShape {
    pub fn new(ctx: &Ctx, figures: &Figures, promise: &Promised) -> PromiseShape {
        let indicator = &promise.indicator;
        let count = |wave: &Wave| {
            let row = figures.row(&wave.id, &indicator.code, "", "")?;
            // how many stand on a ladder is not what it promises
            let count = row.value.filter(|_| indicator.shape != Shape::Ladder);
            Some(CountShape { wave: wave.kind.as_str(), measured_on: wave.measured_on.clone(), count })
        };
        let result = figures.outcome(indicator).map(|outcome| {
            let (low, high) = match outcome.value {
                Told::Value(shown) => (shown.number(), shown.number()),
                Told::Rungs(average) => (Some(average.low), Some(average.high)),
            };
            let checked_on = Some(outcome.checked_on).filter(|day| !day.is_empty());
            ResultShape { low, high, level: outcome.word, checked_on }
        });
        PromiseShape {
            indicator: indicator.code.clone(),
            name: indicator.name(ctx.lang).to_owned(),
            unit: indicator.unit(ctx.lang).to_owned(),
            shape: indicator.shape.as_str(),
            family: indicator.family.as_str(),
            scale: indicator.shape.scale(),
            baseline: promise.baseline,
            target: promise.target,
            due: promise.due_day.clone(),
            share_percent: promise.share_percent,
            floor_percent: promise.floor_percent,
            cap_percent: promise.cap_percent,
            counts: figures.waves.iter().filter_map(count).collect(),
            result,
        }
    }
}

/// A published value.
#[derive(Serialize)]
pub struct FigureShape {
    wave: &'static str,
    measured_on: String,
    indicator: String,
    /// Empty: the figure itself. `n`: of how many people a mean is. `mean`: the average rung. Otherwise a rung, a band of rungs or a
    /// rung of the work ladder.
    row: String,
    /// Of the work ladder the kind of place; of `mean` `low` or `high`.
    column: String,
    /// `shown`, `small` (from 1 to 9) or `withheld`.
    state: &'static str,
    /// As a machine reads it: `25`, `7.40`.
    value: Option<String>,
    level: &'static str,
    checked_on: Option<String>,
}

#[derive(Serialize)]
pub struct Outcomes {
    pub project: String,
    pub status: &'static str,
    pub promises: Vec<PromiseShape>,
    pub figures: Vec<FigureShape>,
    /// The names of its places.
    pub locations: Vec<String>,
}

impl Outcomes {
    pub fn new(ctx: &Ctx, project: &Project, figures: &Figures) -> Outcomes {
        let of_wave = |wave: &Wave| -> Vec<FigureShape> {
            let own = figures.rows.iter().filter(|row| row.wave_id == wave.id);
            let shape = |row: &Published| FigureShape {
                wave: wave.kind.as_str(),
                measured_on: wave.measured_on.clone(),
                indicator: row.indicator.clone(),
                row: row.cell_row.clone(),
                column: row.cell_col.clone(),
                state: row.state.as_str(),
                value: figures.plain(row),
                level: figures.level(row),
                checked_on: Some(row.checked_on.clone()).filter(|day| !day.is_empty()),
            };
            own.map(shape).collect()
        };
        Outcomes {
            project: project.slug.clone(),
            status: project.state.as_str(),
            promises: figures.promises.iter().map(|promise| PromiseShape::new(ctx, figures, promise)).collect(),
            figures: figures.waves.iter().flat_map(of_wave).collect(),
            locations: figures.locations.clone(),
        }
    }
}

/// What one indicator came to over the projects that are asked for: sums of published values.
#[derive(Serialize)]
pub struct SumShape {
    indicator: String,
    name: String,
    unit: String,
    family: &'static str,
    /// Projects that measured it, those of them whose value is not told, and those somebody checked.
    projects: i64,
    hidden: i64,
    checked: i64,
    /// Nothing when values of different projects cannot be added up.
    target: Option<i64>,
    value: Option<i64>,
}

impl SumShape {
    pub fn new(ctx: &Ctx, sum: &Sum) -> SumShape {
        let indicator = &sum.indicator;
        SumShape {
            indicator: indicator.code.clone(),
            name: indicator.name(ctx.lang).to_owned(),
            unit: indicator.unit(ctx.lang).to_owned(),
            family: indicator.family.as_str(),
            projects: sum.total.projects,
            hidden: sum.total.hidden,
            checked: sum.total.checked,
            target: (indicator.additive == 1).then_some(sum.target),
            value: sum.shown().and_then(Shown::number),
        }
    }
}

/// What became of the money.
#[derive(Serialize)]
pub struct MoneyShape {
    held_cents: i64,
    released_for_start_cents: i64,
    released_for_results_cents: i64,
    waiting_for_results_cents: i64,
    returned_cents: i64,
}

impl From<Money> for MoneyShape {
    fn from(money: Money) -> MoneyShape {
        MoneyShape {
            held_cents: money.held.0,
            released_for_start_cents: money.for_start.0,
            released_for_results_cents: money.for_results.0,
            waiting_for_results_cents: money.waiting.0,
            returned_cents: money.returned.0,
        }
    }
}

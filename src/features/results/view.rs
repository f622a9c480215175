//! A plan as the pages of team and makers show it: a line for each promise, in the reader's words.

use crate::features::outcomes::PromiseFigure;
use crate::features::results::{FrozenPromise, Row, Why};
use crate::infra::web::Ctx;
use crate::values::Cents;
use crate::values::fee::show_percent;

/// What one promise earned.
#[derive(Debug, Clone)]
pub struct Line {
    pub name: String,
    pub share_percent: i64,
    pub part: Cents,
    pub target: String,
    pub verified: String,
    /// How it was verified; empty when it was not.
    pub level: String,
    /// In percent of the way to the target.
    pub reached: String,
    /// Floor and cap, where they are not the usual ones.
    pub limits: String,
    /// Why it is not simply what was reached; empty when it is.
    pub why: String,
    pub due: Cents,
    pub before: Cents,
    pub now: Cents,
}

/// How the promises stand now.
pub fn lines(ctx: &Ctx, rows: &[Row]) -> Vec<Line> {
    let frozen = |row: &Row| {
        let (earned, figure) = (&row.earned, &row.earned.figure);
        FrozenPromise {
            promise_id: figure.promise_id.clone(),
            share_percent: figure.share_percent,
            part: earned.part,
            target: figure.target,
            verified: figure.verified,
            level: figure.level.clone(),
            reached_points: earned.reached_points,
            why: earned.why,
            due: earned.due,
            before: figure.before,
            amount: earned.now,
        }
    };
    rows.iter().map(|row| line(ctx, &row.promise, &frozen(row))).collect()
}

/// What the promises earned by a release.
pub fn frozen_lines(ctx: &Ctx, promises: &[PromiseFigure], frozen: &[FrozenPromise]) -> Vec<Line> {
    let of = |one: &FrozenPromise| promises.iter().find(|promise| promise.id == one.promise_id);
    frozen.iter().filter_map(|one| Some(line(ctx, of(one)?, one))).collect()
}

fn line(ctx: &Ctx, promise: &PromiseFigure, one: &FrozenPromise) -> Line {
    let show = |value: i64| format!("{} {}", promise.shape.show(value, ctx.lang), promise.unit(ctx.lang));
    let limits = match (promise.floor_percent, promise.cap_percent) {
        (0, 100) => String::new(),
        (floor, 100) => ctx.t1("results-floor", "percent", floor),
        (0, cap) => ctx.t1("results-cap", "percent", cap),
        (floor, cap) => ctx.t2("results-floor-and-cap", "floor", floor, "cap", cap),
    };
    Line {
        name: promise.name(ctx.lang).to_owned(),
        share_percent: one.share_percent,
        part: one.part,
        target: show(one.target),
        verified: one.verified.map_or_else(|| ctx.t("results-not-verified"), show),
        level: if one.level.is_empty() { String::new() } else { ctx.t(format!("results-level-{}", one.level)) },
        reached: if one.verified.is_some() { show_percent(one.reached_points, ctx.lang) } else { String::new() },
        limits,
        why: if one.why == Why::Nothing { String::new() } else { ctx.t(format!("results-why-{}", one.why)) },
        due: one.due,
        before: one.before,
        now: one.amount,
    }
}

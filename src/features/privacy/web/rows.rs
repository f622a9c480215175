//! The table of personal data in words: for the page about privacy, and as the record of processing for the team.

use crate::features::privacy::retention::{Activity, KINDS, Keep, Kind};
use crate::infra::web::Ctx;

/// A kind of data as pages show it.
pub struct KindRow {
    pub what: String,
    pub ground: String,
    pub time: String,
    pub then: String,
    /// Tables and columns, for the team.
    pub place: String,
}

/// An activity of the record of processing, with its kinds.
pub struct ActivityRow {
    pub code: &'static str,
    pub name: String,
    pub purpose: String,
    pub people: String,
    pub receivers: String,
    pub kinds: Vec<KindRow>,
}

/// Every kind.
pub fn table(ctx: &Ctx) -> Vec<KindRow> {
    KINDS.iter().map(|kind| row(ctx, kind)).collect()
}

/// Every kind by what it is kept for.
pub fn record(ctx: &Ctx) -> Vec<ActivityRow> {
    let of = |activity: &Activity| ActivityRow {
        code: activity.as_str(),
        name: ctx.t(format!("activity-{activity}")),
        purpose: ctx.t(format!("activity-{activity}-purpose")),
        people: ctx.t(format!("activity-{activity}-people")),
        receivers: ctx.t(format!("activity-{activity}-receivers")),
        kinds: KINDS.iter().filter(|kind| kind.activity == *activity).map(|kind| row(ctx, kind)).collect(),
    };
    Activity::ALL.iter().map(of).collect()
}

fn row(ctx: &Ctx, kind: &Kind) -> KindRow {
    let from = ctx.t(format!("retention-{}-from", kind.code));
    let time = match kind.keep {
        Keep::Days(days) => ctx.t2("keep-days", "count", days, "from", &from),
        Keep::TaxYears(years) => ctx.t2("keep-tax-years", "count", years, "from", &from),
        Keep::Account => ctx.t1("keep-account", "from", &from),
        Keep::Work => ctx.t1("keep-work", "from", &from),
    };
    let place = kind.columns.iter().map(|(table, columns)| format!("{table}: {}", columns.replace(' ', ", ")));
    let place = match kind.columns {
        [] => ctx.t("retention-outside"),
        _ => place.collect::<Vec<_>>().join("; "),
    };
    KindRow {
        what: ctx.t(format!("retention-{}", kind.code)),
        ground: ctx.t(format!("ground-{}", kind.ground)),
        time,
        then: ctx.t(format!("then-{}", kind.then)),
        place,
    }
}

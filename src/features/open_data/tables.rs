//! Tables for a spreadsheet: projects with their money, promises with their results. Amounts are whole cents.

use crate::features::open_data::actions::Told;
use crate::features::open_data::giving::disbursed;
use crate::features::open_data::names::Publisher;
use crate::features::outcomes::told::Promised;
use crate::features::projects::{Project, TermKind};
use crate::features::rounds::Round;
use crate::infra::csv;
use crate::values::Cents;

/// What a table is sent as.
pub const SENT_AS: &str = "text/csv; charset=utf-8";

/// The columns of the table of projects.
pub const PROJECT_COLUMNS: [&str; 23] = [
    "round",
    "number",
    "slug",
    "title_nl",
    "title_en",
    "status",
    "organisation",
    "organisation_id",
    "areas",
    "themes",
    "start_day",
    "months",
    "participants_target",
    "unit_price_cents",
    "threshold_cents",
    "impact_value_cents",
    "held_cents",
    "matched_cents",
    "backers",
    "start_money_cents",
    "result_money_cents",
    "returned_cents",
    "paid_out_cents",
];

/// The columns of the table of results: one line for each promise and moment of measuring, and one without a moment where there is none.
pub const RESULT_COLUMNS: [&str; 16] = [
    "round",
    "number",
    "slug",
    "status",
    "indicator",
    "scheme",
    "name_nl",
    "name_en",
    "unit_nl",
    "unit_en",
    "target",
    "due_day",
    "share_percent",
    "wave",
    "measured_on",
    "published",
];

/// Money as it stands while the round sells, and as it was decided afterwards.
pub fn projects(publisher: &Publisher, round: &Round, told: &[Told]) -> String {
    let mut table = csv::line(&PROJECT_COLUMNS.map(str::to_owned));
    for one in told {
        let (project, decided) = (&one.project, one.decided.as_ref());
        let codes = |kind: TermKind| {
            let of_kind = one.terms.iter().filter(|term| term.kind == kind);
            of_kind.map(|term| term.code.as_str()).collect::<Vec<_>>().join(" ")
        };
        let cents = |amount: Cents| amount.0.to_string();
        let of_decision = |part: fn(&crate::features::settlement::Decided) -> i64| {
            decided.map(|decided| part(decided).to_string()).unwrap_or_default()
        };
        table.push_str(&csv::line(&[
            round.number.to_string(),
            project.number.to_string(),
            project.slug.clone(),
            project.title_nl.clone(),
            project.title_en.clone(),
            project.state.to_string(),
            one.maker.name.clone(),
            publisher.organisation_id(&one.maker, &one.legal),
            codes(TermKind::Area),
            codes(TermKind::Theme),
            project.start_day.clone(),
            project.months.to_string(),
            project.participants_target.to_string(),
            (round.unit_price_eur * 100).to_string(),
            cents(project.threshold_price(round.unit_price_eur)),
            cents(project.cap(round.unit_price_eur)),
            decided.map_or(one.standing.held, |decided| decided.held).0.to_string(),
            decided.map_or(one.standing.matched, |decided| decided.funds.matched).0.to_string(),
            decided.map_or(one.standing.backers, |decided| decided.backers).to_string(),
            of_decision(|decided| decided.start.0 + decided.funds.start.0),
            of_decision(|decided| decided.result.0 + decided.funds.result.0),
            of_decision(|decided| decided.refund.0 + decided.funds.returned.0),
            cents(disbursed(one)),
        ]));
    }
    table
}

/// What was promised and, moment by moment, what is published of what was counted: empty where a count is too small to be told.
pub fn results(round: &Round, projects: &[(Project, Vec<Promised>)]) -> String {
    let mut table = csv::line(&RESULT_COLUMNS.map(str::to_owned));
    for (project, promised) in projects {
        for one in promised {
            let promise = &one.promise;
            let mut row = |wave: &str, day: &str, published: String| {
                table.push_str(&csv::line(&[
                    round.number.to_string(),
                    project.number.to_string(),
                    project.slug.clone(),
                    project.state.to_string(),
                    promise.code.clone(),
                    promise.scheme.clone(),
                    promise.name_nl.clone(),
                    promise.name_en.clone(),
                    promise.unit_nl.clone(),
                    promise.unit_en.clone(),
                    promise.shape.plain(promise.target),
                    promise.due_day.clone(),
                    promise.share_percent.to_string(),
                    wave.to_owned(),
                    day.to_owned(),
                    published,
                ]));
            };
            for report in &one.reports {
                row(report.wave.as_str(), &report.day, report.plain(promise.shape).unwrap_or_default());
            }
            if one.reports.is_empty() {
                row("", "", String::new());
            }
        }
    }
    table
}

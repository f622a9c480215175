//! What all projects together reached: a page of sums that are narrowed by the address alone.

use askama::Template;
use axum::extract::{RawQuery, State};

use crate::features::outcomes::cells::number;
use crate::features::outcomes::published::Group;
use crate::features::outcomes::{Family, Indicator};
use crate::features::projects::{ProjectState, TermKind};
use crate::features::site::pictures::{Fill, Picture, Table, bars};
use crate::features::site::summed::{Asked, Sum, Summed, shown};
use crate::infra::Services;
use crate::infra::web::{Answer, Ctx};

/// A list to choose from: the field's name, the key of its label, and (value, text, chosen).
struct Choice {
    name: &'static str,
    label: &'static str,
    options: Vec<(String, String, bool)>,
}

/// One indicator as a row.
struct Row {
    name: String,
    projects: i64,
    target: String,
    result: String,
    /// That counts of some projects are not in it; empty when all are.
    hidden: String,
    checked: i64,
}

#[derive(Template)]
#[template(path = "site/impact.html")]
struct Impact<'a> {
    ctx: &'a Ctx,
    choices: Vec<Choice>,
    is_narrowed: bool,
    /// Whether any project is meant.
    has_projects: bool,
    stats: Vec<(String, String)>,
    money: Vec<(String, String)>,
    rows: Vec<Row>,
    pictures: Vec<Picture>,
    csv_url: String,
}

/// `/{lang}/impact`
pub async fn show(ctx: Ctx, State(s): State<Services>, RawQuery(query): RawQuery) -> Answer {
    let mut conn = s.db.read_public().await?;
    let summed = Summed::read(&mut conn, Asked::parse(query.as_deref())).await?;
    let csv_url = match summed.asked.query().as_str() {
        "" => "/api/v1/statistics.csv".to_owned(),
        query => format!("/api/v1/statistics.csv?{query}"),
    };
    let page = Impact {
        choices: choices(&ctx, &summed),
        is_narrowed: summed.asked.is_narrowed(),
        has_projects: !summed.states.is_empty(),
        stats: stats(&ctx, &summed),
        money: money(&ctx, &summed),
        rows: summed.sums.iter().map(|sum| row(&ctx, sum)).collect(),
        pictures: pictures(&ctx, &summed, &csv_url),
        csv_url,
        ctx: &ctx,
    };
    ctx.page(&page)
}

/// What was carried out, goes on and did not start are three numbers, never one.
fn stats(ctx: &Ctx, summed: &Summed) -> Vec<(String, String)> {
    use ProjectState::{Completed, Failed, Funded, Reporting, Running, Terminated};
    let of = |states: &[ProjectState]| number(summed.in_states(states), ctx.lang);
    vec![
        (ctx.t("project-state-completed"), of(&[Completed])),
        (ctx.t("site-tally-going-label"), of(&[Funded, Running, Reporting])),
        (ctx.t("site-tally-failed-label"), of(&[Failed])),
        (ctx.t("project-state-terminated"), of(&[Terminated])),
    ]
}

fn money(ctx: &Ctx, summed: &Summed) -> Vec<(String, String)> {
    let money = &summed.money;
    [
        ("impact-held", money.held),
        ("impact-for-start", money.for_start),
        ("impact-for-results", money.for_results),
        ("impact-waiting", money.waiting),
        ("impact-returned", money.returned),
    ]
    .into_iter()
    .map(|(key, amount)| (ctx.t(key), ctx.euros(amount)))
    .collect()
}

fn hidden(ctx: &Ctx, hidden: i64) -> String {
    if hidden == 0 { String::new() } else { ctx.t1("impact-and-hidden", "count", hidden) }
}

fn row(ctx: &Ctx, sum: &Sum) -> Row {
    let indicator = &sum.indicator;
    let with_unit = |value: String| format!("{value} {}", indicator.unit(ctx.lang));
    Row {
        name: indicator.name(ctx.lang).to_owned(),
        projects: sum.total.projects,
        target: match (indicator.additive, sum.target) {
            (1, target) if target > 0 => with_unit(number(target, ctx.lang)),
            _ => "-".to_owned(),
        },
        result: sum.shown().map_or_else(|| ctx.t("impact-not-additive"), |shown| shown.show(ctx.lang)),
        hidden: if indicator.additive == 1 { hidden(ctx, sum.total.hidden) } else { String::new() },
        checked: sum.total.checked,
    }
}

fn choices(ctx: &Ctx, summed: &Summed) -> Vec<Choice> {
    let asked = &summed.asked;
    let of = |name, label, kind, chosen: &str| Choice {
        name,
        label,
        options: summed
            .terms
            .iter()
            .filter(|term| term.kind == kind)
            .map(|term| (term.code.clone(), term.name(ctx.lang).to_owned(), term.code == chosen))
            .collect(),
    };
    let rounds = summed.rounds.iter().map(|round| {
        let number = round.number.to_string();
        (number.clone(), round.title(ctx.lang).to_owned(), asked.round == number)
    });
    let years = summed.years.iter().map(|year| (year.clone(), year.clone(), asked.year == *year));
    let families = Family::ALL
        .iter()
        .map(|family| (family.to_string(), ctx.t(format!("figures-family-{family}")), asked.family == family.as_str()));
    vec![
        Choice { name: "round", label: "site-round", options: rounds.collect() },
        of("theme", "site-theme", TermKind::Theme, &asked.theme),
        of("area", "site-area", TermKind::Area, &asked.area),
        of("function", "site-fact-function", TermKind::Function, &asked.function),
        Choice { name: "year", label: "impact-year", options: years.collect() },
        Choice { name: "family", label: "impact-family", options: families.collect() },
    ]
}

fn pictures(ctx: &Ctx, summed: &Summed, csv: &str) -> Vec<Picture> {
    let Some(main) = &summed.main else { return Vec::new() };
    let name = main.name(ctx.lang);
    let mut pictures = Vec::new();
    let title = |key: &str| ctx.t1(key, "name", name);
    let years = summed.by_year.iter().map(|group| (group.key.clone(), group));
    let mut by_year = picture(ctx, main, ("by-year", title("impact-by-year")), years.collect(), csv);
    if let Some(picture) = &mut by_year {
        let rows: Vec<bars::Row> =
            summed.by_year.iter().map(|group| bar(ctx, main, group.key.clone(), group)).collect();
        picture.drawing = bars::columns(&rows);
    }
    pictures.extend(by_year);
    for (id, key, kind, groups) in [
        ("by-area", "impact-by-area", TermKind::Area, &summed.by_area),
        ("by-theme", "impact-by-theme", TermKind::Theme, &summed.by_theme),
    ] {
        let named = groups.iter().map(|group| (summed.term(ctx.lang, kind, &group.key), group));
        pictures.extend(picture(ctx, main, (id, title(key)), named.collect(), csv));
    }
    pictures
}

fn bar(ctx: &Ctx, main: &Indicator, name: String, group: &Group) -> bars::Row {
    let shown = shown(main, group.value, group.hidden);
    bars::Row {
        name,
        words: shown.number().map_or_else(|| "-".to_owned(), |value| number(value, ctx.lang)),
        value: shown.number(),
        is_small: false,
        target: None,
        fill: Fill::Checked,
    }
}

fn picture(
    ctx: &Ctx,
    main: &Indicator,
    (id, title): (&'static str, String),
    groups: Vec<(String, &Group)>,
    csv: &str,
) -> Option<Picture> {
    if groups.is_empty() {
        return None;
    }
    let rows: Vec<bars::Row> = groups.iter().map(|(name, group)| bar(ctx, main, name.clone(), group)).collect();
    let words = |group: &Group| {
        let told = shown(main, group.value, group.hidden).show(ctx.lang);
        [told, hidden(ctx, group.hidden)].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ")
    };
    let sentences: Vec<String> = groups.iter().map(|(name, group)| format!("{name}: {}.", words(group))).collect();
    let row = |(name, group): &(String, &Group)| vec![name.clone(), number(group.projects, ctx.lang), words(group)];
    Some(Picture {
        id,
        title,
        description: sentences.join(" "),
        drawing: bars::together(&rows),
        legend: Vec::new(),
        table: Table {
            columns: vec![ctx.t("impact-group"), ctx.t("site-stat-projects"), main.unit(ctx.lang).to_owned()],
            rows: groups.iter().map(row).collect(),
        },
        csv: csv.to_owned(),
    })
}

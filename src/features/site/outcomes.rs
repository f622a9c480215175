//! The part of a project's page on results: what was promised, what came of it, and how far that was checked.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::IntoResponse;

use crate::features::evidence::Evidence;
use crate::features::outcomes::published::Checked;
use crate::features::outcomes::{Family, Indicator, Shape};
use crate::features::projects::{ProjectState, actions as projects};
use crate::features::site::figures::{self, Figures};
use crate::features::site::numbers::{self, Books};
use crate::features::site::outcome_pictures as drawn;
use crate::features::site::pictures::Picture;
use crate::features::site::project::{Head, Part};
use crate::infra::Services;
use crate::infra::web::{Answer, Ctx, Failure};
use crate::values::Timestamp;

/// A promise as a row.
struct Row {
    name: String,
    target: String,
    result: String,
    level: String,
    due: String,
    share_percent: i64,
}

/// A figure with its value in each moment.
struct Series {
    name: String,
    values: Vec<String>,
}

#[derive(Template)]
#[template(path = "site/outcomes.html")]
struct Outcomes<'a> {
    ctx: &'a Ctx,
    head: &'a Head,
    tabs: Vec<(String, String, bool)>,
    rows: Vec<Row>,
    pictures: Vec<Picture>,
    /// The moments of measuring: which, and on what day.
    waves: Vec<(String, String)>,
    series: Vec<Series>,
    /// What its makers wrote beside a moment and the team looked at.
    notes: Vec<(String, String)>,
    /// The page of files that support the figures, when there is one for everybody or for backers.
    evidence_url: Option<String>,
    /// When, which figure, and why.
    corrections: Vec<(Timestamp, String, String)>,
    locations: String,
    csv_url: String,
    has_ladder: bool,
    /// Closed without being carried out: then there is nothing to count.
    is_never_carried_out: bool,
}

/// `/{lang}/projects/{slug}/outcomes`
pub async fn show(ctx: Ctx, State(s): State<Services>, Path((_, slug)): Path<(String, String)>) -> Answer {
    let mut conn = s.db.read_public().await?;
    let head = Head::read(&ctx, &mut conn, &slug).await?;
    let figures = Figures::read(&mut conn, &head.project.id).await?;
    let books = numbers::books(&mut conn, &head.project.id, &head.maker.id).await?;
    let csv_url = format!("/api/v1/projects/{}/outcomes.csv", head.project.slug);
    let page = Outcomes {
        tabs: head.tabs(&ctx, Part::Outcomes),
        rows: figures.promises.iter().map(|promise| row(&ctx, &figures, promise)).collect(),
        pictures: pictures(&ctx, &head, &figures, &books, &csv_url),
        waves: figures
            .waves
            .iter()
            .map(|wave| (ctx.t(format!("site-wave-{}", wave.kind)), ctx.day(&wave.measured_on)))
            .collect(),
        series: figures.indicators.iter().map(|indicator| series(&ctx, &figures, indicator)).collect(),
        notes: notes(&ctx, &figures),
        evidence_url: figures
            .evidence
            .iter()
            .any(Evidence::is_shown)
            .then(|| ctx.path(&format!("/projects/{}/evidence", head.project.slug))),
        corrections: corrections(&ctx, &figures),
        locations: figures.locations.join(", "),
        has_ladder: figures.indicators.iter().any(|one| one.shape == Shape::Ladder),
        is_never_carried_out: matches!(head.project.state, ProjectState::Failed | ProjectState::Withdrawn),
        csv_url,
        head: &head,
        ctx: &ctx,
    };
    ctx.page(&page)
}

fn row(ctx: &Ctx, figures: &Figures, promise: &figures::Promised) -> Row {
    let indicator = &promise.indicator;
    let outcome = figures.outcome(indicator);
    Row {
        name: indicator.name(ctx.lang).to_owned(),
        target: figures::target(ctx.lang, indicator, promise.target),
        result: outcome
            .as_ref()
            .map_or_else(|| ctx.t("site-not-counted"), |outcome| outcome.value.show(ctx, indicator)),
        level: outcome.map(|outcome| figures::level(ctx, outcome.word, &outcome.checked_on)).unwrap_or_default(),
        due: ctx.day(&promise.due_day),
        share_percent: promise.share_percent,
    }
}

fn series(ctx: &Ctx, figures: &Figures, indicator: &Indicator) -> Series {
    let name = match indicator.shape {
        Shape::Ladder => ctx.t("figures-ladder-mean"),
        _ => indicator.name(ctx.lang).to_owned(),
    };
    let told = |wave_id: &str| figures.told(indicator, wave_id);
    let value = |wave_id: &str| told(wave_id).map_or_else(|| "-".to_owned(), |told| told.show(ctx, indicator));
    Series { name, values: figures.waves.iter().map(|wave| value(&wave.id)).collect() }
}

fn notes(ctx: &Ctx, figures: &Figures) -> Vec<(String, String)> {
    let noted = figures.waves.iter().filter(|wave| !wave.public_note(ctx.lang).is_empty());
    noted.map(|wave| (drawn::moment(ctx, wave), wave.public_note(ctx.lang).to_owned())).collect()
}

fn corrections(ctx: &Ctx, figures: &Figures) -> Vec<(Timestamp, String, String)> {
    let name = |code: &str| figures.indicator(code).map(|one| one.name(ctx.lang).to_owned()).unwrap_or_default();
    let told = figures.corrections.iter().map(|one| (one.at, name(&one.indicator), one.reason.clone()));
    told.collect()
}

/// The pictures that this project has something for.
fn pictures(ctx: &Ctx, head: &Head, figures: &Figures, books: &Books, csv_url: &str) -> Vec<Picture> {
    let mut pictures = Vec::new();
    pictures.extend(drawn::promises(ctx, figures, csv_url));
    pictures.extend(drawn::milestones(ctx, figures, csv_url));
    pictures.extend(drawn::ladder(ctx, figures, csv_url));
    pictures.extend(drawn::grid(ctx, figures, csv_url));
    pictures.extend(drawn::family(ctx, figures, Family::Outflow, csv_url));
    pictures.extend(drawn::funding(ctx, head, books));
    pictures
}

/// `/api/v1/projects/{slug}/outcomes.csv`: everything that is published.
pub async fn csv(State(s): State<Services>, Path(slug): Path<String>) -> Answer {
    let mut conn = s.db.read_public().await?;
    let project = projects::public_by_slug(&mut conn, &slug).await?.ok_or_else(Failure::not_found)?;
    let figures = Figures::read(&mut conn, &project.id).await?;
    let name = format!("attachment; filename=\"{slug}-outcomes.csv\"");
    let headers = [("content-type", "text/csv; charset=utf-8"), ("content-disposition", name.as_str())];
    Ok((headers, figures.csv()).into_response())
}

/// Whether somebody other than the maker checked it.
pub fn is_checked(level: Checked) -> bool {
    level != Checked::Declared
}

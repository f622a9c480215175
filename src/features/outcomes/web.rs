//! The owner's page of figures: what was promised and counted, and the form to enter or correct a wave.

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use serde::Deserialize;

use crate::features::outcomes;
use crate::features::outcomes::actions::{self, Entered};
use crate::features::outcomes::cells::number;
use crate::features::outcomes::{
    Indicator, NewWave, NotANumber, Observation, PromiseFigure, Wave, WaveKind, faults, is_measured, wave_due,
};
use crate::features::projects::guard::Editor;
use crate::infra::Services;
use crate::infra::error::{Error, Refusal};
use crate::infra::texts;
use crate::infra::web::{Answer, Ctx, Form, Posted};
use crate::values::text::many_lines;
use crate::values::time::read_day;

pub fn personal() -> Router<Services> {
    Router::new().route("/{lang}/studio/projects/{slug}/outcomes", get(show).post(enter))
}

const FIXED_FIELDS: [&str; 5] = ["kind", "day", "note_nl", "note_en", "step"];

#[derive(Template)]
#[template(path = "outcomes/studio.html")]
struct FiguresPage<'a> {
    ctx: &'a Ctx,
    own: &'a Editor,
    figures: &'a [PromiseFigure],
    waves: &'a [Wave],
    form: &'a Form,
    /// Pairs for the choice of the kind.
    kinds: Vec<(&'static str, String)>,
    can_enter: bool,
    due: Option<String>,
}

#[derive(Template)]
#[template(path = "outcomes/check.html")]
struct CheckPage<'a> {
    ctx: &'a Ctx,
    own: &'a Editor,
    figures: &'a [PromiseFigure],
    form: &'a Form,
    wave: &'a NewWave,
    kind: String,
    /// Whether a wave of this kind and day is there already.
    replaces: bool,
}

impl FiguresPage<'_> {
    /// The newest count against the target: `12 van 20`.
    fn reached(&self, figure: &PromiseFigure) -> Option<String> {
        let latest = figure.latest?;
        let of = number(figure.target, self.ctx.lang);
        Some(self.ctx.t2("outcomes-of", "count", number(latest, self.ctx.lang), "target", of))
    }

    fn kind(&self, kind: &WaveKind) -> String {
        kind_name(self.ctx, *kind)
    }

    fn count(&self, count: &Option<i64>) -> String {
        count.map_or_else(|| self.ctx.t("outcomes-not-counted"), |count| number(count, self.ctx.lang))
    }

    fn whole(&self, count: &i64) -> String {
        number(*count, self.ctx.lang)
    }
}

impl CheckPage<'_> {
    fn new_count(&self, figure: &PromiseFigure) -> String {
        let found = self.wave.observations.iter().find(|found| found.indicator == figure.code);
        found.map_or_else(|| self.ctx.t("outcomes-not-counted"), |found| number(found.value, self.ctx.lang))
    }

    /// What stands there now, when this replaces it.
    fn old_count(&self, figure: &PromiseFigure) -> String {
        let old = figure.waves.iter().find(|(kind, day, _)| *kind == self.wave.kind && *day == self.wave.day);
        let count = old.and_then(|(_, _, count)| *count);
        count.map_or_else(|| self.ctx.t("outcomes-not-counted"), |count| number(count, self.ctx.lang))
    }
}

fn kind_name(ctx: &Ctx, kind: WaveKind) -> String {
    ctx.t(format!("outcomes-kind-{}", kind.as_str().replace('_', "-")))
}

/// `?wave=…` fills the form with a wave that is to be corrected.
#[derive(Deserialize)]
struct Correct {
    wave: Option<String>,
}

async fn show(ctx: Ctx, State(s): State<Services>, own: Editor, Query(query): Query<Correct>) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let mut conn = s.db.read().await?;
    let figures = actions::figures(&mut conn, &own.project.id).await?;
    let waves = actions::waves_of(&mut conn, &own.project.id).await?;
    let chosen = waves.iter().position(|wave| Some(&wave.id) == query.wave.as_ref());
    let form = chosen.map_or_else(Form::default, |at| filled(&waves[at], at, &figures));
    page(&ctx, &own, &figures, &waves, &form)
}

/// A form that shows a wave: `at` is its place among the project's waves.
fn filled(wave: &Wave, at: usize, figures: &[PromiseFigure]) -> Form {
    let mut form = Form::with(&[
        ("kind", wave.kind.as_str()),
        ("day", &wave.measured_on),
        ("note_nl", &wave.note_nl),
        ("note_en", &wave.note_en),
    ]);
    for figure in figures {
        if let Some((_, _, Some(count))) = figure.waves.get(at) {
            form.set(&format!("count-{}", figure.code), &count.to_string());
        }
    }
    form
}

fn page(ctx: &Ctx, own: &Editor, figures: &[PromiseFigure], waves: &[Wave], form: &Form) -> Answer {
    let status = if form.has_errors() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = FiguresPage {
        ctx,
        own,
        figures,
        waves,
        form,
        kinds: WaveKind::ALL.iter().map(|kind| (kind.as_str(), kind_name(ctx, *kind))).collect(),
        can_enter: is_measured(own.project.state) && !figures.is_empty(),
        due: wave_due(&own.project, waves, &ctx.now.day()).map(|kind| kind_name(ctx, kind)),
    };
    ctx.page_with(status, &page)
}

/// The three steps of the form: `check` shows what was typed, `change` returns to the form, `save` writes.
async fn enter(ctx: Ctx, State(s): State<Services>, own: Editor, posted: Posted) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let mut conn = s.db.read().await?;
    let figures = actions::figures(&mut conn, &own.project.id).await?;
    let waves = actions::waves_of(&mut conn, &own.project.id).await?;
    let measured = actions::indicators_of(&mut conn, &own.project.id).await?;
    drop(conn);
    let counts: Vec<String> = figures.iter().map(|figure| format!("count-{}", figure.code)).collect();
    let known: Vec<&str> = FIXED_FIELDS.into_iter().chain(counts.iter().map(String::as_str)).collect();
    let mut form = posted.allow(&known)?;
    if form.is("step", "change") {
        return page(&ctx, &own, &figures, &waves, &form);
    }
    let Some(wave) = read(&ctx, &own, (&figures, &measured), &mut form) else {
        return page(&ctx, &own, &figures, &waves, &form);
    };
    if form.is("step", "save") {
        return match save(&ctx, &s, &own, &wave).await {
            Ok(done) => Ok(ctx.redirect_done(&own.studio_path("/outcomes"), done)),
            Err(Error::Refused(refusal)) => {
                form.fail("", texts::text_with(ctx.lang, refusal.key(), &refusal.args()));
                page(&ctx, &own, &figures, &waves, &form)
            }
            Err(other) => Err(other.into()),
        };
    }
    let replaces = waves.iter().any(|old| old.kind == wave.kind && old.measured_on == wave.day);
    let kind = kind_name(&ctx, wave.kind);
    ctx.page(&CheckPage { ctx: &ctx, own: &own, figures: &figures, form: &form, wave: &wave, kind, replaces })
}

async fn save(ctx: &Ctx, s: &Services, own: &Editor, wave: &NewWave) -> Result<&'static str, Error> {
    let mut tx = s.db.begin().await?;
    let entered = actions::enter(&mut tx, &own.project.id, wave, &own.person.user.id, ctx.now).await?;
    tx.commit().await?;
    Ok(match entered {
        Entered::New => "flash-outcomes-entered",
        Entered::Corrected => "flash-outcomes-corrected",
        Entered::Unchanged => "flash-outcomes-unchanged",
    })
}

/// The wave that was typed; nothing when something is wrong, which then stands beside its field.
fn read(
    ctx: &Ctx,
    own: &Editor,
    (figures, measured): (&[PromiseFigure], &[Indicator]),
    form: &mut Form,
) -> Option<NewWave> {
    let kind = WaveKind::from_word(form.value("kind"));
    if kind.is_none() {
        form.fail_key(ctx.lang, "kind", "outcomes-kind-missing");
    }
    let mut observations = Vec::new();
    let mut unreadable = Vec::new();
    for figure in figures {
        let field = format!("count-{}", figure.code);
        if form.value(&field).trim().is_empty() {
            continue;
        }
        match figure.shape.read(form.value(&field)) {
            Ok(count) => observations.push(Observation::count(&figure.code, count)),
            Err(NotANumber) => unreadable.push(field),
        }
    }
    let wave = NewWave {
        kind: kind.unwrap_or(WaveKind::Intake),
        day: read_day(form.value("day")).unwrap_or_default(),
        observations,
        note_nl: many_lines(form.value("note_nl"), usize::MAX).unwrap_or_default(),
        note_en: many_lines(form.value("note_en"), usize::MAX).unwrap_or_default(),
    };
    let mut found = faults(&own.project, measured, &[], &wave, &ctx.now.day());
    if !unreadable.is_empty() {
        found.retain(|(_, refusal)| *refusal != outcomes::Refusal::NothingCounted);
    }
    let mut messages: Vec<(String, String)> =
        found.into_iter().map(|(field, refusal)| (field, refusal_text(ctx, &refusal))).collect();
    messages.extend(unreadable.into_iter().map(|field| (field, ctx.t("outcomes-count-unreadable"))));
    messages.sort_by_key(|(field, _)| place(figures, field));
    for (field, message) in messages {
        form.fail(&field, message);
    }
    if !wave.day.is_empty() {
        form.set("day", &wave.day);
    }
    (!form.has_errors()).then_some(wave)
}

/// Where a field stands in the form, so that messages come in that order.
fn place(figures: &[PromiseFigure], field: &str) -> usize {
    match field {
        "" => 0,
        "day" => 1,
        "note_nl" => usize::MAX - 1,
        "note_en" => usize::MAX,
        _ => figures.iter().position(|figure| field == format!("count-{}", figure.code)).map_or(2, |at| at + 2),
    }
}

/// The sentence of a refusal; a day in it is written out.
fn refusal_text(ctx: &Ctx, refusal: &outcomes::Refusal) -> String {
    let args: Vec<_> = refusal.args().into_iter().map(|(name, value)| (name, ctx.day(&value))).collect();
    texts::text_with(ctx.lang, refusal.key(), &args)
}

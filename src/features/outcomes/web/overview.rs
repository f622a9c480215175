//! The first page of a project's figures: promises and what came of them, every wave, and the form for the next one.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::Deserialize;

use crate::features::outcomes::web::entry::{self, FamilyEntries};
use crate::features::outcomes::web::{Measuring, kind_name};
use crate::features::outcomes::{
    Indicator, NoteReview, PromiseFigure, Shape, WaveKind, WaveMeasured, is_measured, wave_due,
};
use crate::features::projects::guard::Editor;
use crate::infra::Services;
use crate::infra::web::{Answer, Ctx, Form};

#[derive(Template)]
#[template(path = "outcomes/studio.html")]
struct FiguresPage<'a> {
    ctx: &'a Ctx,
    own: &'a Editor,
    measuring: &'a Measuring,
    form: &'a Form,
    families: Vec<FamilyEntries>,
    /// Pairs for the choice of the kind.
    kinds: Vec<(&'static str, String)>,
    can_enter: bool,
    due: Option<String>,
}

impl FiguresPage<'_> {
    /// The newest value against the target: `12 van 20`.
    fn reached(&self, figure: &PromiseFigure) -> Option<String> {
        let latest = figure.shape.show(figure.latest?, self.ctx.lang);
        Some(self.ctx.t2("outcomes-of", "count", latest, "target", self.value(figure, figure.target)))
    }

    fn value(&self, figure: &PromiseFigure, value: impl std::borrow::Borrow<i64>) -> String {
        figure.shape.show(*value.borrow(), self.ctx.lang)
    }

    fn kind(&self, kind: &WaveKind) -> String {
        kind_name(self.ctx, *kind)
    }

    /// What a wave found for an indicator, in one line.
    fn found(&self, wave: &WaveMeasured, indicator: &Indicator) -> String {
        let Some(observation) = wave.of(&indicator.code) else { return self.ctx.t("outcomes-not-counted") };
        let value = indicator.shape.show(observation.value, self.ctx.lang);
        match observation.n {
            Some(people) => format!("{value} (n = {people})"),
            None => value,
        }
    }

    /// What the team says of a wave's note; nothing when there is none.
    fn note_told(&self, wave: &WaveMeasured) -> String {
        match wave.wave.note_review {
            NoteReview::Refused => self.ctx.t1("measuring-note-refused", "reason", &wave.wave.note_reason),
            state => self.ctx.t(format!("measuring-note-{state}")),
        }
    }
}

/// `?wave=…` fills the form with a wave that is to be corrected.
#[derive(Deserialize)]
pub struct Correct {
    wave: Option<String>,
}

pub async fn show(ctx: Ctx, State(s): State<Services>, own: Editor, Query(query): Query<Correct>) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let measuring = Measuring::of(&mut *s.db.read().await?, &own.project.id).await?;
    let chosen = measuring.waves.iter().find(|one| Some(&one.wave.id) == query.wave.as_ref());
    let form = chosen.map_or_else(Form::default, |wave| filled(&ctx, wave, &measuring));
    page(&ctx, &own, &measuring, &form)
}

/// A form that shows a wave.
fn filled(ctx: &Ctx, wave: &WaveMeasured, measuring: &Measuring) -> Form {
    let mut form = Form::with(&[
        ("kind", wave.wave.kind.as_str()),
        ("day", &wave.wave.measured_on),
        ("note_nl", &wave.wave.note_nl),
        ("note_en", &wave.wave.note_en),
    ]);
    for indicator in &measuring.indicators {
        if let Some(observation) = wave.of(&indicator.code) {
            entry::fill(ctx, &mut form, indicator, observation);
        }
    }
    form
}

/// The page with a form; 422 when something in it is wrong.
pub fn page(ctx: &Ctx, own: &Editor, measuring: &Measuring, form: &Form) -> Answer {
    let status = if form.has_errors() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let kind = WaveKind::from_word(form.value("kind"));
    let day = crate::values::time::read_day(form.value("day")).unwrap_or_default();
    let same = kind.and_then(|kind| measuring.same(kind, &day));
    let hint = |indicator: &Indicator| hint(ctx, measuring, indicator);
    let fixed = |indicator: &Indicator| {
        let same = same.filter(|wave| wave.is_fixed(&indicator.code))?;
        Some(entry::in_lines(ctx, indicator, &measuring.locations, same.of(&indicator.code)?))
    };
    let waves: Vec<_> = measuring.waves.iter().map(|one| one.wave.clone()).collect();
    let page = FiguresPage {
        ctx,
        own,
        measuring,
        form,
        families: entry::families(ctx, &measuring.indicators, &measuring.locations, hint, fixed),
        kinds: WaveKind::ALL.iter().map(|kind| (kind.as_str(), kind_name(ctx, *kind))).collect(),
        can_enter: is_measured(own.project.state) && !measuring.indicators.is_empty(),
        due: wave_due(&own.project, &waves, &ctx.now.day()).map(|kind| kind_name(ctx, kind)),
    };
    ctx.page_with(status, &page)
}

/// What stands beside an indicator: its target when it was promised, else its unit.
fn hint(ctx: &Ctx, measuring: &Measuring, indicator: &Indicator) -> String {
    if let Some(hint) = hint_of_people(ctx, indicator.shape) {
        return hint;
    }
    let unit = indicator.unit(ctx.lang);
    match measuring.figures.iter().find(|figure| figure.code == indicator.code) {
        Some(figure) => {
            let target = figure.shape.show(figure.target, ctx.lang);
            ctx.t2("outcomes-count-hint", "target", target, "unit", unit)
        }
        None => ctx.t1("measuring-unit-hint", "unit", unit),
    }
}

/// What a distribution asks for; its target speaks of what follows from it.
fn hint_of_people(ctx: &Ctx, shape: Shape) -> Option<String> {
    match shape {
        Shape::Ladder => Some(ctx.t("measuring-ladder-hint")),
        Shape::Grid => Some(ctx.t("measuring-grid-hint")),
        Shape::Count | Shape::Milestones | Shape::Mean => None,
    }
}

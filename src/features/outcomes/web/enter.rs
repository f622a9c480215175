//! Entering a wave by hand, in three steps: `check` shows what was typed, `change` returns to the form, `save` writes.

use askama::Template;
use axum::extract::State;

use crate::features::outcomes::actions::{self, Entered};
use crate::features::outcomes::web::entry::{self, field_of};
use crate::features::outcomes::web::overview::page;
use crate::features::outcomes::web::{Measuring, kind_name};
use crate::features::outcomes::{Indicator, NewWave, Observation, Refusal, Shape, WaveKind, WaveMeasured, faults};
use crate::features::projects::guard::Editor;
use crate::infra::Services;
use crate::infra::error::Error;
use crate::infra::texts;
use crate::infra::web::form::PostedWide;
use crate::infra::web::{Answer, Ctx, Form};
use crate::values::text::many_lines;
use crate::values::time::read_day;

const FIXED_FIELDS: [&str; 5] = ["kind", "day", "note_nl", "note_en", "step"];
/// The indicator of unique people reached (IRIS+): what distributions of people are held against.
const PEOPLE_REACHED: &str = "PI4060";

/// One figure of a wave on the check page.
pub struct Line {
    pub name: String,
    /// Empty when it was not measured.
    pub new: Vec<String>,
    /// What stands there now, when the wave replaces one.
    pub old: Option<Vec<String>>,
    pub is_fixed: bool,
}

#[derive(Template)]
#[template(path = "outcomes/check.html")]
struct CheckPage<'a> {
    ctx: &'a Ctx,
    own: &'a Editor,
    form: &'a Form,
    wave: &'a NewWave,
    kind: String,
    lines: Vec<Line>,
    warnings: Vec<String>,
    /// Whether a wave of this kind and day is there already.
    replaces: bool,
}

pub async fn enter(ctx: Ctx, State(s): State<Services>, own: Editor, PostedWide(posted): PostedWide) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let measuring = Measuring::of(&mut *s.db.read().await?, &own.project.id).await?;
    let numbers: Vec<String> =
        measuring.indicators.iter().flat_map(|one| entry::names(one, &measuring.locations)).collect();
    let known: Vec<&str> = FIXED_FIELDS.into_iter().chain(numbers.iter().map(String::as_str)).collect();
    let mut form = posted.allow(&known)?;
    if form.is("step", "change") {
        return page(&ctx, &own, &measuring, &form);
    }
    let Some(wave) = read(&ctx, &own, &measuring, &mut form) else {
        return page(&ctx, &own, &measuring, &form);
    };
    if form.is("step", "save") {
        return match save(&ctx, &s, &own, &wave).await {
            Ok(done) => Ok(ctx.redirect_done(&own.studio_path("/outcomes"), done)),
            Err(Error::Refused(refusal)) => {
                let text = match refusal.as_any().downcast_ref::<Refusal>() {
                    Some(refusal) => measuring.refusal_text(&ctx, refusal),
                    None => texts::text_with(ctx.lang, refusal.key(), &refusal.args()),
                };
                form.fail("", text);
                page(&ctx, &own, &measuring, &form)
            }
            Err(other) => Err(other.into()),
        };
    }
    let page = CheckPage {
        ctx: &ctx,
        own: &own,
        form: &form,
        kind: kind_name(&ctx, wave.kind),
        lines: lines(&ctx, &measuring, &wave),
        warnings: warnings(&ctx, &measuring.indicators, own.project.participants_target, &wave),
        replaces: measuring.same(wave.kind, &wave.day).is_some(),
        wave: &wave,
    };
    ctx.page(&page)
}

/// Every figure of a wave beside what stands there now.
pub fn lines(ctx: &Ctx, measuring: &Measuring, wave: &NewWave) -> Vec<Line> {
    let same = measuring.same(wave.kind, &wave.day);
    let line = |indicator: &Indicator| {
        let say = |one: &Observation| entry::in_lines(ctx, indicator, &measuring.locations, one);
        let new = wave.observations.iter().find(|one| one.indicator == indicator.code);
        Line {
            name: indicator.name(ctx.lang).to_owned(),
            new: new.map(say).unwrap_or_default(),
            old: same.map(|old| old.of(&indicator.code).map(say).unwrap_or_default()),
            is_fixed: same.is_some_and(|old| old.is_fixed(&indicator.code)),
        }
    };
    measuring.indicators.iter().map(line).collect()
}

/// What looks odd and may be right all the same: people on a ladder or in a grid who are more or fewer than were reached.
pub fn warnings(ctx: &Ctx, indicators: &[Indicator], participants: i64, wave: &NewWave) -> Vec<String> {
    let reached = wave.observations.iter().find(|one| one.indicator == PEOPLE_REACHED).map(|one| one.value);
    let mut found = Vec::new();
    for one in &wave.observations {
        let Some(indicator) = indicators.iter().find(|indicator| indicator.code == one.indicator) else { continue };
        let people = match indicator.shape {
            Shape::Ladder => one.n.unwrap_or_default(),
            Shape::Grid => one.value,
            Shape::Count | Shape::Milestones | Shape::Mean => continue,
        };
        let args = |others: i64| {
            [
                ("name", indicator.name(ctx.lang).to_owned()),
                ("people", people.to_string()),
                ("others", others.to_string()),
            ]
        };
        match reached {
            Some(reached) if reached != people => {
                found.push(texts::text_with(ctx.lang, "measuring-warn-reached", &args(reached)));
            }
            None if people > participants => {
                found.push(texts::text_with(ctx.lang, "measuring-warn-participants", &args(participants)));
            }
            _ => {}
        }
    }
    found
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
fn read(ctx: &Ctx, own: &Editor, measuring: &Measuring, form: &mut Form) -> Option<NewWave> {
    let kind = WaveKind::from_word(form.value("kind"));
    if kind.is_none() {
        form.fail_key(ctx.lang, "kind", "outcomes-kind-missing");
    }
    let day = read_day(form.value("day")).unwrap_or_default();
    let same = kind.and_then(|kind| measuring.same(kind, &day));
    let mut typed = form.clone();
    let mut observations = Vec::new();
    for indicator in &measuring.indicators {
        observations.extend(one(ctx, &mut typed, indicator, measuring, same));
    }
    let wave = NewWave {
        kind: kind.unwrap_or(WaveKind::Intake),
        day,
        observations,
        note_nl: many_lines(form.value("note_nl"), usize::MAX).unwrap_or_default(),
        note_en: many_lines(form.value("note_en"), usize::MAX).unwrap_or_default(),
    };
    let unreadable = typed.errors()[form.errors().len()..].to_vec();
    let places: Vec<&str> = measuring.locations.iter().map(|place| place.id.as_str()).collect();
    let mut found = faults(&own.project, &measuring.indicators, &places, &wave, &ctx.now.day());
    if !unreadable.is_empty() {
        found.retain(|(_, refusal)| *refusal != Refusal::NothingCounted);
    }
    let mut messages: Vec<(String, String)> =
        found.into_iter().map(|(field, refusal)| (field, measuring.refusal_text(ctx, &refusal))).collect();
    messages.extend(unreadable);
    messages.sort_by_key(|(field, _)| place(measuring, field));
    for (field, message) in messages {
        form.fail(&field, message);
    }
    if !wave.day.is_empty() {
        form.set("day", &wave.day);
    }
    (!form.has_errors()).then_some(wave)
}

/// The figure of one indicator: as typed, or as it stands fixed.
fn one(
    ctx: &Ctx,
    form: &mut Form,
    indicator: &Indicator,
    measuring: &Measuring,
    same: Option<&WaveMeasured>,
) -> Option<Observation> {
    let typed = entry::read(ctx, form, indicator, &measuring.locations);
    match same.filter(|wave| wave.is_fixed(&indicator.code)).and_then(|wave| wave.of(&indicator.code)) {
        // what is fixed has no fields; typed all the same, the action says that it cannot be
        Some(fixed) => typed.or_else(|| Some(fixed.clone())),
        None => typed,
    }
}

/// Where a field stands in the form, so that messages come in that order.
fn place(measuring: &Measuring, field: &str) -> usize {
    match field {
        "" => 0,
        "day" => 1,
        "note_nl" => usize::MAX - 1,
        "note_en" => usize::MAX,
        _ => {
            let is_of = |one: &Indicator| {
                field == field_of(&one.code) || entry::names(one, &measuring.locations).iter().any(|name| name == field)
            };
            let mut families: Vec<&Indicator> = measuring.indicators.iter().collect();
            families.sort_by_key(|one| one.family);
            families.into_iter().position(is_of).map_or(2, |at| at + 2)
        }
    }
}

//! The owner's pages of checked figures: handing them in, questions and answers, disputes and corrections.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};

use crate::features::evidence::{self, Evidence};
use crate::features::outcomes::web::entry::{self, Entry};
use crate::features::outcomes::web::{Measuring, kind_name};
use crate::features::outcomes::{Indicator, WaveMeasured, is_measured};
use crate::features::projects::guard::Editor;
use crate::features::verifications::{DISPUTE_DAYS, Message, Verification, VerificationState, actions};
use crate::infra::Services;
use crate::infra::db::Tx;
use crate::infra::error::{Error, Result};
use crate::infra::texts;
use crate::infra::web::form::PostedWide;
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};

pub fn personal() -> Router<Services> {
    Router::new()
        .route("/{lang}/studio/projects/{slug}/checking", get(show).post(hand_in))
        .route("/{lang}/studio/projects/{slug}/checking/{id}", get(detail))
        .route("/{lang}/studio/projects/{slug}/checking/{id}/answer", post(answer))
        .route("/{lang}/studio/projects/{slug}/checking/{id}/dispute", post(dispute))
        .route("/{lang}/studio/projects/{slug}/checking/{id}/withdraw", post(withdraw))
        .route("/{lang}/studio/projects/{slug}/checking/{id}/correct", get(correction).post(correct))
}

/// A figure of a wave, and how far it was checked.
struct Figure {
    /// The name of its box.
    field: String,
    name: String,
    value: String,
    /// `declared`, `documented`, or a state of a verification.
    standing: String,
    /// The verification to look at.
    verification: Option<Verification>,
}

struct WaveFigures {
    name: String,
    figures: Vec<Figure>,
}

#[derive(Template)]
#[template(path = "verifications/studio.html")]
struct CheckingPage<'a> {
    ctx: &'a Ctx,
    own: &'a Editor,
    form: &'a Form,
    waves: Vec<WaveFigures>,
    can_hand_in: bool,
}

fn field_of(wave: &WaveMeasured, indicator: &Indicator) -> String {
    format!("figure-{}-{}", wave.wave.id, indicator.code)
}

/// Everything the pages show of a project.
struct Checked {
    measuring: Measuring,
    verifications: Vec<Verification>,
    evidence: Vec<Evidence>,
}

impl Checked {
    async fn of(s: &Services, project_id: &str) -> Result<Checked> {
        let mut conn = s.db.read().await?;
        Ok(Checked {
            measuring: Measuring::of(&mut conn, project_id).await?,
            verifications: actions::of_project(&mut conn, project_id).await?,
            evidence: evidence::actions::of_project(&mut conn, project_id).await?,
        })
    }

    /// The living verification of a figure.
    fn living(&self, wave_id: &str, code: &str) -> Option<&Verification> {
        use VerificationState::{Corrected, Withdrawn};
        let is_it = |one: &&Verification| one.wave_id == wave_id && one.indicator == code;
        self.verifications.iter().filter(is_it).find(|one| !matches!(one.state, Corrected | Withdrawn))
    }

    fn wave_name(&self, ctx: &Ctx, wave_id: &str) -> String {
        let wave = self.measuring.waves.iter().find(|one| one.wave.id == wave_id);
        wave.map_or_else(String::new, |one| name_of(ctx, one))
    }
}

fn name_of(ctx: &Ctx, one: &WaveMeasured) -> String {
    format!("{}, {}", kind_name(ctx, one.wave.kind), ctx.day(&one.wave.measured_on))
}

async fn show(ctx: Ctx, State(s): State<Services>, own: Editor) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    page(&ctx, &s, &own, &Form::default(), StatusCode::OK).await
}

async fn page(ctx: &Ctx, s: &Services, own: &Editor, form: &Form, status: StatusCode) -> Answer {
    let checked = Checked::of(s, &own.project.id).await?;
    let mut waves = Vec::new();
    for wave in checked.measuring.waves.iter().rev() {
        let measured = checked.measuring.indicators.iter().filter(|one| wave.of(&one.code).is_some());
        let figures: Vec<Figure> = measured.map(|indicator| figure(ctx, &checked, wave, indicator)).collect();
        waves.push(WaveFigures { name: name_of(ctx, wave), figures });
    }
    let is_free = |figure: &Figure| figure.verification.is_none();
    let can_hand_in = is_measured(own.project.state) && waves.iter().any(|wave| wave.figures.iter().any(is_free));
    ctx.page_with(status, &CheckingPage { ctx, own, form, waves, can_hand_in })
}

fn figure(ctx: &Ctx, checked: &Checked, wave: &WaveMeasured, indicator: &Indicator) -> Figure {
    let living = checked.living(&wave.wave.id, &indicator.code);
    let is_documented = checked.evidence.iter().any(|one| one.supports(&wave.wave.id, &indicator.code));
    let standing = match living {
        Some(living) if living.state == VerificationState::Verified => living.level.clone(),
        Some(living) => living.state.to_string(),
        None if is_documented => "documented".to_owned(),
        None => "declared".to_owned(),
    };
    let lines = wave.of(&indicator.code).map(|one| entry::in_lines(ctx, indicator, &checked.measuring.locations, one));
    Figure {
        field: field_of(wave, indicator),
        name: indicator.name(ctx.lang).to_owned(),
        // of a distribution the last line is what follows from it
        value: lines.and_then(|mut lines| lines.pop()).unwrap_or_default(),
        standing: ctx.t(format!("verifying-standing-{}", standing.replace('_', "-"))),
        verification: living.cloned(),
    }
}

async fn hand_in(ctx: Ctx, State(s): State<Services>, own: Editor, PostedWide(posted): PostedWide) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let measuring = Measuring::of(&mut *s.db.read().await?, &own.project.id).await?;
    let mut known = Vec::new();
    for wave in &measuring.waves {
        known.extend(
            measuring.indicators.iter().map(|one| (field_of(wave, one), wave.wave.id.as_str(), one.code.as_str())),
        );
    }
    let mut form = posted.allow(&known.iter().map(|(field, ..)| field.as_str()).collect::<Vec<_>>())?;
    let chosen: Vec<(&str, &str)> =
        known.iter().filter(|(field, ..)| form.ticked(field)).map(|(_, wave, code)| (*wave, *code)).collect();
    if chosen.is_empty() {
        form.fail_key(ctx.lang, "", "verifying-nothing-chosen");
        return page(&ctx, &s, &own, &form, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let mut tx = s.db.begin().await?;
    let mut done = Ok(());
    for figure in chosen {
        let handed_in = actions::hand_in(&mut tx, &own.project.id, figure, &own.person.user.id, ctx.now).await;
        if let Err(error) = handed_in {
            done = Err(error);
            break;
        }
    }
    match end(tx, done).await {
        Ok(()) => Ok(ctx.redirect_done(&own.studio_path("/checking"), "flash-verifying-handed-in")),
        Err(Error::Refused(refusal)) => {
            form.fail("", texts::text_with(ctx.lang, refusal.key(), &refusal.args()));
            page(&ctx, &s, &own, &form, Failure::from(&*refusal).status()).await
        }
        Err(error) => Err(error.into()),
    }
}

/// A refused step leaves nothing behind.
async fn end<T>(tx: Tx, done: Result<T>) -> Result<T> {
    let done = done?;
    tx.commit().await?;
    Ok(done)
}

#[derive(Template)]
#[template(path = "verifications/detail.html")]
struct DetailPage<'a> {
    ctx: &'a Ctx,
    own: &'a Editor,
    form: &'a Form,
    verification: &'a Verification,
    name: String,
    facts: Vec<(String, String)>,
    messages: &'a [Message],
    evidence: Vec<&'a Evidence>,
    may_dispute: bool,
}

type Address = Path<(String, String, String)>;

/// The verification of this address, when it is the project's.
async fn asked(s: &Services, own: &Editor, id: &str) -> std::result::Result<Verification, Failure> {
    let found = actions::find(&mut *s.db.read().await?, id).await?;
    found.filter(|one| one.project_id == own.project.id).ok_or_else(Failure::not_found)
}

async fn detail(ctx: Ctx, State(s): State<Services>, own: Editor, Path((_lang, _slug, id)): Address) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    detail_page(&ctx, &s, &own, &id, &Form::default(), StatusCode::OK).await
}

async fn detail_page(ctx: &Ctx, s: &Services, own: &Editor, id: &str, form: &Form, status: StatusCode) -> Answer {
    let verification = asked(s, own, id).await?;
    let checked = Checked::of(s, &own.project.id).await?;
    let messages = actions::messages(&mut *s.db.read().await?, id).await?;
    let indicator = checked.measuring.indicator(&verification.indicator).ok_or_else(Failure::not_found)?;
    let supports = |one: &&Evidence| one.supports(&verification.wave_id, &verification.indicator);
    let page = DetailPage {
        ctx,
        own,
        form,
        name: indicator.name(ctx.lang).to_owned(),
        facts: facts(ctx, &checked.wave_name(ctx, &verification.wave_id), indicator, &verification),
        messages: &messages,
        evidence: checked.evidence.iter().filter(supports).collect(),
        may_dispute: verification.dispute_until().is_some_and(|until| ctx.now <= until),
        verification: &verification,
    };
    ctx.page_with(status, &page)
}

/// What is known of a verification, for owner and team.
pub fn facts(ctx: &Ctx, wave: &str, indicator: &Indicator, one: &Verification) -> Vec<(String, String)> {
    let value = |value: i64| format!("{} {}", indicator.shape.show(value, ctx.lang), indicator.unit(ctx.lang));
    let mut facts = vec![
        (ctx.t("verifying-wave"), wave.to_owned()),
        (ctx.t("verifying-declared"), value(one.declared)),
        (ctx.t("verifying-handed-in-at"), ctx.moment(one.handed_in_at)),
    ];
    facts.extend(one.verified.map(|verified| (ctx.t("verifying-verified"), value(verified))));
    facts.extend(one.level().map(|level| {
        (ctx.t("verifying-level"), ctx.t(format!("verifying-standing-{}", level.as_str().replace('_', "-"))))
    }));
    facts.extend((!one.checker.is_empty()).then(|| (ctx.t("verifying-checker"), one.checker.clone())));
    facts.extend(one.decided_at.map(|at| (ctx.t("verifying-decided-at"), ctx.moment(at))));
    facts.extend((!one.deadline_day.is_empty()).then(|| (ctx.t("verifying-deadline"), ctx.day(&one.deadline_day))));
    facts.extend((!one.reason.is_empty()).then(|| (ctx.t("verifying-corrected-because"), one.reason.clone())));
    facts.extend(
        one.dispute_until().map(|until| (ctx.t1("verifying-dispute-until", "days", DISPUTE_DAYS), ctx.moment(until))),
    );
    facts
}

async fn answer(
    ctx: Ctx,
    State(s): State<Services>,
    own: Editor,
    Path((_l, _s, id)): Address,
    posted: Posted,
) -> Answer {
    let form = posted.allow(&["message"])?;
    asked(&s, &own, &id).await?;
    let mut tx = s.db.begin().await?;
    let done = actions::answer(&mut tx, &id, form.value("message"), &own.person.user.id, ctx.now).await;
    let done = end(tx, done).await;
    outcome(&ctx, &s, &own, &id, form, done, "flash-verifying-answered").await
}

async fn dispute(
    ctx: Ctx,
    State(s): State<Services>,
    own: Editor,
    Path((_l, _s, id)): Address,
    posted: Posted,
) -> Answer {
    let form = posted.allow(&["message"])?;
    asked(&s, &own, &id).await?;
    let mut tx = s.db.begin().await?;
    let done = actions::dispute(&mut tx, &id, form.value("message"), &own.person.user.id, ctx.now).await;
    let done = end(tx, done).await;
    outcome(&ctx, &s, &own, &id, form, done, "flash-verifying-disputed").await
}

async fn withdraw(
    ctx: Ctx,
    State(s): State<Services>,
    own: Editor,
    Path((_l, _s, id)): Address,
    posted: Posted,
) -> Answer {
    let form = posted.allow(&[])?;
    asked(&s, &own, &id).await?;
    let mut tx = s.db.begin().await?;
    let done = actions::withdraw(&mut tx, &id, &own.person.user.id, ctx.now).await;
    let done = end(tx, done).await;
    outcome(&ctx, &s, &own, &id, form, done, "flash-verifying-withdrawn").await
}

/// 303 when it was done; the page with the refusal when a rule said no.
async fn outcome(
    ctx: &Ctx,
    s: &Services,
    own: &Editor,
    id: &str,
    mut form: Form,
    done: Result<()>,
    flash: &str,
) -> Answer {
    match done {
        Ok(()) => Ok(ctx.redirect_done(&own.studio_path(&format!("/checking/{id}")), flash)),
        Err(Error::Refused(refusal)) => {
            // what seems to name somebody is a fault of the one text there is
            let field =
                if refusal.key().starts_with("outcomes-note-") { "message" } else { refusal.field().unwrap_or("") };
            form.fail(field, texts::text_with(ctx.lang, refusal.key(), &refusal.args()));
            let ctx = ctx.clone().signed_in_as(own.person.label());
            detail_page(&ctx, s, own, id, &form, Failure::from(&*refusal).status()).await
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "verifications/correct.html")]
struct CorrectPage<'a> {
    ctx: &'a Ctx,
    own: &'a Editor,
    form: &'a Form,
    verification: &'a Verification,
    name: String,
    wave: String,
    entry: Entry,
}

async fn correction(ctx: Ctx, State(s): State<Services>, own: Editor, Path((_l, _s, id)): Address) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let verification = asked(&s, &own, &id).await?;
    let checked = Checked::of(&s, &own.project.id).await?;
    let indicator = checked.measuring.indicator(&verification.indicator).ok_or_else(Failure::not_found)?;
    let wave = checked.measuring.waves.iter().find(|one| one.wave.id == verification.wave_id);
    let mut form = Form::default();
    if let Some(observation) = wave.and_then(|wave| wave.of(&indicator.code)) {
        entry::fill(&ctx, &mut form, indicator, observation);
    }
    correction_page(&ctx, &own, &checked, &verification, indicator, &form, StatusCode::OK)
}

fn correction_page(
    ctx: &Ctx,
    own: &Editor,
    checked: &Checked,
    verification: &Verification,
    indicator: &Indicator,
    form: &Form,
    status: StatusCode,
) -> Answer {
    let hint = ctx.t1("measuring-unit-hint", "unit", indicator.unit(ctx.lang));
    let page = CorrectPage {
        ctx,
        own,
        form,
        verification,
        name: indicator.name(ctx.lang).to_owned(),
        wave: checked.wave_name(ctx, &verification.wave_id),
        entry: entry::entry(ctx, indicator, &checked.measuring.locations, hint, None),
    };
    ctx.page_with(status, &page)
}

async fn correct(
    ctx: Ctx,
    State(s): State<Services>,
    own: Editor,
    Path((_l, _s, id)): Address,
    PostedWide(posted): PostedWide,
) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let verification = asked(&s, &own, &id).await?;
    let checked = Checked::of(&s, &own.project.id).await?;
    let indicator = checked.measuring.indicator(&verification.indicator).ok_or_else(Failure::not_found)?;
    let names = entry::names(indicator, &checked.measuring.locations);
    let mut form = posted.allow(&names.iter().map(String::as_str).chain(["reason"]).collect::<Vec<_>>())?;
    let read = entry::read(&ctx, &mut form, indicator, &checked.measuring.locations);
    let field = entry::field_of(&indicator.code);
    if read.is_none() && !form.has_errors() {
        form.fail_key(ctx.lang, &field, "outcomes-nothing-counted");
    }
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let (Some(observation), false) = (read, form.has_errors()) {
        let mut tx = s.db.begin().await?;
        let reason = form.value("reason").to_owned();
        let done = actions::correct(&mut tx, &id, &observation, &reason, &own.person.user.id, ctx.now).await;
        match end(tx, done).await {
            Ok(new) => {
                let path = own.studio_path(&format!("/checking/{}", new.id));
                return Ok(ctx.redirect_done(&path, "flash-verifying-corrected"));
            }
            Err(Error::Refused(refusal)) => {
                let of_reason = refusal.key().starts_with("outcomes-note-") || refusal.field() == Some("message");
                let place = match refusal.field() {
                    _ if of_reason => "reason",
                    Some("count") => field.as_str(),
                    other => other.unwrap_or(""),
                };
                form.fail(place, texts::text_with(ctx.lang, refusal.key(), &refusal.args()));
                status = Failure::from(&*refusal).status();
            }
            Err(error) => return Err(error.into()),
        }
    }
    correction_page(&ctx, &own, &checked, &verification, indicator, &form, status)
}

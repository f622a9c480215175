//! Checking figures: what waits, and one figure with its promise, all waves, evidence and what was said; asking and deciding.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::features::evidence::{self, Evidence};
use crate::features::outcomes::web::{Measuring, entry, kind_name};
use crate::features::outcomes::{Indicator, Shape};
use crate::features::projects;
use crate::features::staff::treasurer::{Outcome, end, outcome};
use crate::features::staff::{Changes, Known, changes_of};
use crate::features::users::StaffRole;
use crate::features::users::guard::Staff;
use crate::features::users::roles::{Checker, With};
use crate::features::verifications::web::facts;
use crate::features::verifications::{Level, Message, Refusal, Verdict, Verification, VerificationState, actions};
use crate::infra::Services;
use crate::infra::error::Result;
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};
use crate::values::time::{days_after, read_day};

const PATH: &str = "/staff/verifications";
/// How long an organisation has for an answer, unless the question says otherwise.
const DAYS_TO_ANSWER: i64 = 14;

/// A figure that waits.
struct Row {
    verification: Verification,
    project: String,
    name: String,
    wave: String,
    declared: String,
}

#[derive(Template)]
#[template(path = "staff/verifications.html")]
struct ListPage<'a> {
    ctx: &'a Ctx,
    rows: Vec<Row>,
}

pub async fn list(ctx: Ctx, State(s): State<Services>, staff: Staff) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let mut conn = s.db.read().await?;
    let mut known = Known::default();
    let mut rows = Vec::new();
    for verification in actions::waiting(&mut conn).await? {
        let measuring = Measuring::of(&mut conn, &verification.project_id).await?;
        let wave = measuring.waves.iter().find(|one| one.wave.id == verification.wave_id);
        let indicator = measuring.indicator(&verification.indicator);
        rows.push(Row {
            project: known.project(&mut conn, &verification.project_id).await?.title(ctx.lang).to_owned(),
            name: indicator.map(|one| one.name(ctx.lang).to_owned()).unwrap_or_default(),
            wave: wave.map(|one| kind_name(&ctx, one.wave.kind)).unwrap_or_default(),
            declared: indicator.map(|one| one.shape.show(verification.declared, ctx.lang)).unwrap_or_default(),
            verification,
        });
    }
    ctx.page(&ListPage { ctx: &ctx, rows })
}

#[derive(Template)]
#[template(path = "staff/verification.html")]
struct ShowPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    verification: &'a Verification,
    project_title: String,
    project_slug: String,
    name: String,
    facts: Vec<(String, String)>,
    /// Every wave with what it found for this indicator, the one that is checked marked.
    waves: Vec<(String, Vec<String>, bool)>,
    evidence: Vec<Evidence>,
    messages: &'a [Message],
    changes: &'a Changes,
    levels: Vec<(&'static str, String)>,
    /// Why this person does not decide; nothing when they may.
    obstacle: Option<&'static str>,
}

impl ShowPage<'_> {
    /// Whether somebody of the team can say something about it now.
    fn is_open(&self) -> bool {
        matches!(self.verification.state, VerificationState::Open | VerificationState::Disputed)
    }

    fn is_disputed(&self) -> bool {
        self.verification.state == VerificationState::Disputed
    }
}

type Id = Path<(String, String)>;

pub async fn show(ctx: Ctx, State(s): State<Services>, staff: Staff, Path((_lang, id)): Id) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    page(&ctx, &s, &staff, &id, None, StatusCode::OK).await
}

async fn found(s: &Services, id: &str) -> std::result::Result<Verification, Failure> {
    actions::find(&mut *s.db.read().await?, id).await?.ok_or_else(Failure::not_found)
}

async fn page(ctx: &Ctx, s: &Services, staff: &Staff, id: &str, form: Option<&Form>, status: StatusCode) -> Answer {
    let verification = found(s, id).await?;
    let mut conn = s.db.read().await?;
    let project = projects::actions::get(&mut conn, &verification.project_id).await?;
    let measuring = Measuring::of(&mut conn, &project.id).await?;
    let indicator = measuring.indicator(&verification.indicator).ok_or_else(Failure::not_found)?;
    let mut evidence = evidence::actions::of_project(&mut conn, &project.id).await?;
    evidence.retain(|one| one.supports(&verification.wave_id, &verification.indicator));
    let filled = filled(ctx, indicator, &verification);
    let wave = |one: &crate::features::outcomes::WaveMeasured| {
        let lines = one.of(&indicator.code).map(|found| entry::in_lines(ctx, indicator, &measuring.locations, found));
        let name = format!("{}, {}", kind_name(ctx, one.wave.kind), ctx.day(&one.wave.measured_on));
        (name, lines.unwrap_or_default(), one.wave.id == verification.wave_id)
    };
    let waves: Vec<_> = measuring.waves.iter().map(wave).collect();
    let own = waves.iter().find(|(.., is_it)| *is_it).map(|(name, ..)| name.clone()).unwrap_or_default();
    let mut told = facts(ctx, &own, indicator, &verification);
    if let Some(figure) = measuring.figures.iter().find(|figure| figure.code == indicator.code) {
        let show = |value: i64| figure.shape.show(value, ctx.lang);
        told.insert(0, (ctx.t("outcomes-start"), show(figure.baseline)));
        told.insert(1, (ctx.t("outcomes-target"), show(figure.target)));
        told.insert(2, (ctx.t("outcomes-due"), ctx.day(&figure.due_day)));
        told.insert(3, (ctx.t("outcomes-share"), format!("{} %", figure.share_percent)));
    }
    let is_checker = staff.has(StaffRole::Expert) || staff.has(StaffRole::Reviewer);
    let obstacle = if !is_checker {
        Some("verifying-no-role")
    } else if projects::actions::related(&mut conn, &project, &staff.0.user.id).await?.is_some() {
        Some("verifying-related")
    } else if verification.state == VerificationState::Disputed
        && verification.decided_by.as_deref() == Some(staff.0.user.id.as_str())
    {
        Some("verifying-own-verdict")
    } else {
        None
    };
    let level =
        |level: &Level| (level.as_str(), ctx.t(format!("verifying-standing-{}", level.as_str().replace('_', "-"))));
    let page = ShowPage {
        ctx,
        form: form.unwrap_or(&filled),
        project_title: project.title(ctx.lang).to_owned(),
        project_slug: project.slug.clone(),
        name: indicator.name(ctx.lang).to_owned(),
        facts: told,
        waves,
        evidence,
        messages: &actions::messages(&mut conn, id).await?,
        changes: &changes_of(&mut conn, &[id]).await?,
        levels: Level::ALL.iter().map(level).collect(),
        obstacle,
        verification: &verification,
    };
    ctx.page_with(status, &page)
}

/// The forms as they begin: as much as was declared, or what was found before a dispute.
fn filled(ctx: &Ctx, indicator: &Indicator, verification: &Verification) -> Form {
    let value = verification.verified.unwrap_or(verification.declared);
    let level = verification.level().unwrap_or(Level::StaffChecked);
    Form::with(&[
        ("deadline", &days_after(&ctx.now.day(), DAYS_TO_ANSWER).unwrap_or_default()),
        (
            "value",
            &indicator
                .shape
                .show(value, ctx.lang)
                .replace(if ctx.lang == crate::values::Lang::Nl { '.' } else { '\u{2c}' }, ""),
        ),
        ("level", level.as_str()),
        ("checker", &verification.checker),
    ])
}

pub async fn ask(
    ctx: Ctx,
    State(s): State<Services>,
    With(staff, ..): With<Checker>,
    Path((_lang, id)): Id,
    posted: Posted,
) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let form = posted.allow(&["message", "deadline"])?;
    found(&s, &id).await?;
    let day = read_day(form.value("deadline")).unwrap_or_default();
    let mut tx = s.db.begin().await?;
    let done = actions::ask(&mut tx, &id, (form.value("message"), &day), &staff.0.user.id, ctx.now).await;
    let done = end(tx, done).await;
    decided(&ctx, &s, &staff, &id, form, done, "flash-verifying-asked").await
}

/// The value that somebody found; on the ladder it may be negative.
fn value_of(shape: Shape, typed: &str) -> Option<i64> {
    let typed = typed.trim();
    match typed.strip_prefix(['-', '\u{2212}']) {
        Some(rest) if shape == Shape::Ladder => shape.read(rest).ok().and_then(i64::checked_neg),
        _ => shape.read(typed).ok(),
    }
}

pub async fn decide(
    ctx: Ctx,
    State(s): State<Services>,
    With(staff, ..): With<Checker>,
    Path((_lang, id)): Id,
    posted: Posted,
) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let mut form = posted.allow(&["level", "value", "checker", "remark"])?;
    let verification = found(&s, &id).await?;
    let measuring = Measuring::of(&mut *s.db.read().await?, &verification.project_id).await?;
    let shape = measuring.indicator(&verification.indicator).map_or(Shape::Count, |one| one.shape);
    let (level, value) = (Level::from_word(form.value("level")), value_of(shape, form.value("value")));
    let (Some(level), Some(value)) = (level, value) else {
        if level.is_none() {
            form.fail_key(ctx.lang, "level", "verifying-level-missing");
        }
        if value.is_none() {
            form.refuse(ctx.lang, &Refusal::ValueWrong);
        }
        return page(&ctx, &s, &staff, &id, Some(&form), StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let (checker, remark) = (form.value("checker"), form.value("remark"));
    let verdict = Verdict { level, value, checker, remark };
    let by = staff.0.user.id.as_str();
    let mut tx = s.db.begin().await?;
    let done = match verification.state {
        VerificationState::Disputed => actions::decide_dispute(&mut tx, &id, verdict, by, ctx.now).await,
        _ => actions::verify(&mut tx, &id, verdict, by, ctx.now).await,
    };
    let done = end(tx, done).await;
    decided(&ctx, &s, &staff, &id, form, done, "flash-verifying-decided").await
}

async fn decided(
    ctx: &Ctx,
    s: &Services,
    staff: &Staff,
    id: &str,
    form: Form,
    done: Result<()>,
    flash: &str,
) -> Answer {
    match outcome(staff, ctx, &format!("{PATH}/{id}"), form, done, "message")? {
        Outcome::Done(()) => Ok(ctx.redirect_done(&format!("{PATH}/{id}"), flash)),
        Outcome::Refused(form, status) => page(ctx, s, staff, id, Some(&form), status).await,
    }
}

/// A file of evidence, for anybody of the team.
pub async fn file(
    State(s): State<Services>,
    _staff: Staff,
    Path((_lang, id)): Id,
) -> std::result::Result<Response, Failure> {
    let evidence = evidence::actions::get(&mut *s.db.read().await?, &id).await?;
    evidence::web::file(&s, &evidence).await
}

//! What owners send that others may see once somebody of the team looked at it: notes of waves, and evidence.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::features::evidence::{self, Evidence};
use crate::features::outcomes::{Wave, kind_name, notes};
use crate::features::staff::Known;
use crate::features::staff::treasurer::{Outcome, end, outcome};
use crate::features::users::StaffRole;
use crate::features::users::guard::Staff;
use crate::features::users::roles::{Checker, With};
use crate::infra::Services;
use crate::infra::error::Result;
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};

const PATH: &str = "/staff/moderation";

struct NoteRow {
    wave: Wave,
    project: String,
    name: String,
}

struct EvidenceRow {
    evidence: Evidence,
    project: String,
}

#[derive(Template)]
#[template(path = "staff/moderation.html")]
struct ModerationPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    notes: Vec<NoteRow>,
    evidence: Vec<EvidenceRow>,
    may_decide: bool,
}

pub async fn list(ctx: Ctx, State(s): State<Services>, staff: Staff) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    page(&ctx, &s, &staff, &Form::default(), StatusCode::OK).await
}

async fn page(ctx: &Ctx, s: &Services, staff: &Staff, form: &Form, status: StatusCode) -> Answer {
    let mut conn = s.db.read().await?;
    let mut known = Known::default();
    let mut of_notes = Vec::new();
    for (project_id, wave) in notes::waiting(&mut conn).await? {
        let project = known.project(&mut conn, &project_id).await?.title(ctx.lang).to_owned();
        let name = format!("{}, {}", kind_name(ctx, wave.kind), ctx.day(&wave.measured_on));
        of_notes.push(NoteRow { wave, project, name });
    }
    let mut of_evidence = Vec::new();
    for evidence in evidence::actions::waiting(&mut conn).await? {
        let project = known.project(&mut conn, &evidence.project_id).await?.title(ctx.lang).to_owned();
        of_evidence.push(EvidenceRow { evidence, project });
    }
    let may_decide = staff.has(StaffRole::Expert) || staff.has(StaffRole::Reviewer);
    ctx.page_with(status, &ModerationPage { ctx, form, notes: of_notes, evidence: of_evidence, may_decide })
}

type Id = Path<(String, String)>;

/// Shows a note to everybody, or refuses it with a reason.
pub async fn note(
    ctx: Ctx,
    State(s): State<Services>,
    With(staff, ..): With<Checker>,
    Path((_lang, id)): Id,
    posted: Posted,
) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let reason = format!("reason-{id}");
    let form = posted.allow(&["step", &reason])?;
    let mut tx = s.db.begin().await?;
    let by = staff.0.user.id.as_str();
    let done = match form.value("step") {
        "show" => notes::show(&mut tx, &id, by, ctx.now).await,
        "refuse" => notes::refuse(&mut tx, &id, form.value(&reason), by, ctx.now).await,
        step => return Err(Failure::bad_request(format!("no step {step:.20}"))),
    };
    let done = end(tx, done).await;
    decided(&ctx, &s, &staff, form, done, &reason).await
}

/// Accepts a file, or refuses it with a reason.
pub async fn evidence(
    ctx: Ctx,
    State(s): State<Services>,
    With(staff, ..): With<Checker>,
    Path((_lang, id)): Id,
    posted: Posted,
) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let reason = format!("reason-{id}");
    let form = posted.allow(&["step", &reason])?;
    let mut tx = s.db.begin().await?;
    let by = staff.0.user.id.as_str();
    let done = match form.value("step") {
        "accept" => evidence::actions::accept(&mut tx, &id, by, ctx.now).await,
        "refuse" => evidence::actions::refuse(&mut tx, &id, form.value(&reason), by, ctx.now).await,
        step => return Err(Failure::bad_request(format!("no step {step:.20}"))),
    };
    let done = end(tx, done).await;
    decided(&ctx, &s, &staff, form, done, &reason).await
}

async fn decided(ctx: &Ctx, s: &Services, staff: &Staff, form: Form, done: Result<()>, reason: &str) -> Answer {
    match outcome(staff, ctx, PATH, form, done, reason)? {
        Outcome::Done(()) => Ok(ctx.redirect_done(PATH, "flash-moderated")),
        Outcome::Refused(form, status) => page(ctx, s, staff, &form, status).await,
    }
}

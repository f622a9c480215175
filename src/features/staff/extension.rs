//! Extending the sale of a round once: the decision of two treasurers.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::features::approvals::{self, Proposal};
use crate::features::calendar::{EXTEND, Extension, NewExtension, extension as actions};
use crate::features::rounds::{self, Round};
use crate::features::staff::moments;
use crate::features::staff::treasurer::{Outcome, Treasurer, end};
use crate::features::users::StaffRole;
use crate::features::users::guard::Staff;
use crate::infra::Services;
use crate::infra::db::Conn;
use crate::infra::error::{Refusal as _, Result};
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};

type Id = Path<(String, String)>;

#[derive(Template)]
#[template(path = "staff/extension.html")]
struct ExtensionPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    round: &'a Round,
    /// Why it cannot be extended now.
    obstacle: Option<String>,
    extension: Option<Extension>,
    /// With what it asks for.
    proposal: Option<(Proposal, NewExtension)>,
    is_treasurer: bool,
    is_own: bool,
}

impl ExtensionPage<'_> {
    fn action(&self, step: &str) -> String {
        self.ctx.path(&format!("{}/{step}", path(&self.round.id)))
    }
}

/// The path of this page for a round.
pub fn path(round_id: &str) -> String {
    format!("/staff/extensions/{round_id}")
}

pub async fn show(ctx: Ctx, State(s): State<Services>, staff: Staff, Path((_lang, id)): Id) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    page(&ctx, &s, &staff, &id, &Form::default(), StatusCode::OK).await
}

async fn round(conn: &mut Conn, id: &str) -> std::result::Result<Round, Failure> {
    let all = rounds::actions::all(conn).await?;
    all.into_iter().find(|round| round.id == id).ok_or_else(Failure::not_found)
}

async fn page(ctx: &Ctx, s: &Services, staff: &Staff, id: &str, form: &Form, status: StatusCode) -> Answer {
    let mut conn = s.db.read().await?;
    let round = round(&mut conn, id).await?;
    let extension = actions::of_round(&mut conn, id).await?;
    let obstacle = match &extension {
        Some(_) => None,
        None => actions::obstacle(&mut conn, &round, ctx.now).await?.map(|refusal| ctx.t(refusal.key())),
    };
    let open = approvals::actions::open_of(&mut conn, EXTEND, id, ctx.now).await?;
    let proposal = open.and_then(|open| actions::asked_for(&open).map(|new| (open, new)));
    let page = ExtensionPage {
        ctx,
        form,
        round: &round,
        obstacle,
        extension,
        is_treasurer: staff.has(StaffRole::Treasurer),
        is_own: proposal.as_ref().is_some_and(|(open, _)| open.proposed_by == staff.0.user.id),
        proposal,
    };
    ctx.page_with(status, &page)
}

async fn decided(desk: Treasurer, id: &str, form: Form, done: Result<()>, flash: &str) -> Answer {
    match desk.outcome(&path(id), form, done, "reason")? {
        Outcome::Done(()) => Ok(desk.ctx.redirect_done(&path(id), flash)),
        Outcome::Refused(form, status) => page(&desk.ctx, &desk.s, &desk.staff, id, &form, status).await,
    }
}

pub async fn propose(desk: Treasurer, Path((_lang, id)): Id, posted: Posted) -> Answer {
    let mut form = posted.allow(&["closes_day", "closes_time", "reason_nl", "reason_en"])?;
    let Some(closes_at) = moments::read(desk.ctx.lang, &mut form, "closes", None) else {
        return page(&desk.ctx, &desk.s, &desk.staff, &id, &form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let mut tx = desk.s.db.begin().await?;
    round(&mut tx, &id).await?;
    let (reason_nl, reason_en) = (form.value("reason_nl").to_owned(), form.value("reason_en").to_owned());
    let new = NewExtension { closes_at, reason_nl, reason_en };
    let done = actions::propose(&mut tx, desk.decider(), &id, &new, desk.ctx.now).await;
    let done = end(tx, done).await.map(|_| ());
    decided(desk, &id, form, done, "flash-extension-proposed").await
}

pub async fn approve(desk: Treasurer, Path((_lang, id)): Id, posted: Posted) -> Answer {
    let form = posted.allow(&["hash"])?;
    let mut tx = desk.s.db.begin().await?;
    round(&mut tx, &id).await?;
    let done = actions::approve(&mut tx, desk.decider(), &id, form.value("hash"), desk.ctx.now).await;
    let done = end(tx, done).await;
    decided(desk, &id, form, done, "flash-extension-approved").await
}

pub async fn withdraw(desk: Treasurer, Path((_lang, id)): Id, posted: Posted) -> Answer {
    let form = posted.allow(&["reason"])?;
    let mut tx = desk.s.db.begin().await?;
    round(&mut tx, &id).await?;
    let done = actions::withdraw(&mut tx, desk.decider(), &id, form.value("reason"), desk.ctx.now).await;
    let done = end(tx, done).await;
    decided(desk, &id, form, done, "flash-extension-withdrawn").await
}

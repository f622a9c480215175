//! The plan of a project's payouts, as treasurers decide on it: writing or taking up one, fixing it by two, paying what is ready.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::features::approvals::{self, Proposal};
use crate::features::payouts::plan::{self, Followed, Part, PartStanding, Plan, PlanState};
use crate::features::payouts::{Payable, actions, plan_form};
use crate::features::projects::{self, Project};
use crate::features::rounds;
use crate::features::staff::actor_name;
use crate::features::staff::treasurer::{Outcome, Treasurer, end};
use crate::features::users::StaffRole;
use crate::features::users::guard::Staff;
use crate::infra::Services;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};
use crate::values::Cents;

type Id = Path<(String, String)>;

#[derive(Template)]
#[template(path = "staff/payout_plan.html")]
struct PlanPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    project: &'a Project,
    payable: Payable,
    /// What the platform keeps of each payout, in a sentence.
    fee: Option<String>,
    obstacle: Option<&'static str>,
    fixed: Option<Plan>,
    parts: &'a [Followed],
    open: Option<Plan>,
    open_parts: &'a [Part],
    written_by: String,
    hash: String,
    proposal: Option<Proposal>,
    rows: Vec<plan_form::Row>,
    units: Vec<(&'static str, String)>,
    choices: Vec<(&'static str, String)>,
    is_treasurer: bool,
    is_own: bool,
}

impl PlanPage<'_> {
    fn action(&self, step: &str) -> String {
        self.ctx.path(&format!("{}/{step}", path(&self.project.id)))
    }

    fn can_pay(&self, followed: &Followed) -> bool {
        self.is_treasurer && self.obstacle.is_none() && followed.standing == PartStanding::Ready
    }

    fn can_write(&self) -> bool {
        self.is_treasurer && self.proposal.is_none() && self.payable.left() > Cents::ZERO && !self.is_stuck()
    }

    /// A plan was proposed and nobody approved it in time: it is taken back first.
    fn is_stuck(&self) -> bool {
        self.proposal.is_none() && self.open.as_ref().is_some_and(|plan| plan.state == PlanState::Proposed)
    }
}

fn path(project_id: &str) -> String {
    format!("/staff/projects/{project_id}/payouts")
}

pub async fn show(ctx: Ctx, State(s): State<Services>, staff: Staff, Path((_lang, id)): Id) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    page(&ctx, &s, &staff, &id, &Form::default(), StatusCode::OK).await
}

async fn project(conn: &mut Conn, id: &str) -> std::result::Result<Project, Failure> {
    projects::actions::find(conn, id).await?.ok_or_else(Failure::not_found)
}

async fn page(ctx: &Ctx, s: &Services, staff: &Staff, id: &str, form: &Form, status: StatusCode) -> Answer {
    let mut conn = s.db.read().await?;
    let project = project(&mut conn, id).await?;
    let fixed = plan::fixed(&mut conn, id).await?;
    let parts = match &fixed {
        Some(fixed) => plan::followed(&mut conn, &fixed.id, ctx.now).await?,
        None => Vec::new(),
    };
    let open = plan::open(&mut conn, id).await?;
    let (mut open_parts, mut hash, mut proposal, mut written_by) = (Vec::new(), String::new(), None, String::new());
    if let Some(open) = &open {
        open_parts = plan::parts_of(&mut conn, &open.id).await?;
        hash = plan::hash_of(open, &open_parts);
        proposal = approvals::actions::open_of(&mut conn, plan::PLAN, id, ctx.now).await?;
        written_by = actor_name(&mut conn, &open.written_by).await?;
    }
    let page = PlanPage {
        ctx,
        form,
        payable: actions::payable(&mut conn, id, &project.organisation_id).await?,
        fee: rounds::actions::get(&mut conn, &project.round_id).await?.fee_for_maker(ctx.lang),
        obstacle: plan::obstacle(&mut conn, &project).await?,
        fixed,
        parts: &parts,
        open,
        open_parts: &open_parts,
        written_by,
        hash,
        rows: plan_form::rows(form),
        units: plan_form::units(ctx),
        choices: plan_form::choices(ctx),
        is_treasurer: staff.has(StaffRole::Treasurer),
        is_own: proposal.as_ref().is_some_and(|open| open.proposed_by == staff.0.user.id),
        proposal,
        project: &project,
    };
    ctx.page_with(status, &page)
}

/// 303 when it was done; the same page with the refusal above it when a rule said no.
async fn decided(desk: Treasurer, id: &str, form: Form, done: Result<()>, flash: &str) -> Answer {
    match desk.outcome(&path(id), form, done, "reason")? {
        Outcome::Done(()) => Ok(desk.ctx.redirect_done(&path(id), flash)),
        Outcome::Refused(form, status) => page(&desk.ctx, &desk.s, &desk.staff, id, &form, status).await,
    }
}

/// A treasurer writes a plan and proposes it.
pub async fn write(desk: Treasurer, Path((_lang, id)): Id, posted: Posted) -> Answer {
    let mut names = plan_form::fields();
    names.push("reason".to_owned());
    let mut form = posted.allow(&names.iter().map(String::as_str).collect::<Vec<_>>())?;
    let mut conn = desk.s.db.read().await?;
    let project = project(&mut conn, &id).await?;
    let left = actions::payable(&mut conn, &id, &project.organisation_id).await?.left();
    drop(conn);
    let Some(parts) = plan_form::read(desk.ctx.lang, &mut form, left) else {
        return page(&desk.ctx, &desk.s, &desk.staff, &id, &form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let mut tx = desk.s.db.begin().await?;
    let done = match plan::write(&mut tx, &id, desk.decider().user_id, &parts, desk.ctx.now).await {
        Ok(_) => plan::propose(&mut tx, desk.decider(), &id, form.value("reason"), desk.ctx.now).await,
        Err(error) => Err(error),
    };
    let done = end(tx, done).await;
    decided(desk, &id, form, done, "flash-payplan-proposed").await
}

/// A treasurer proposes what the organisation suggested.
pub async fn propose(desk: Treasurer, Path((_lang, id)): Id, posted: Posted) -> Answer {
    let form = posted.allow(&["reason"])?;
    let mut tx = desk.s.db.begin().await?;
    project(&mut tx, &id).await?;
    let done = plan::propose(&mut tx, desk.decider(), &id, form.value("reason"), desk.ctx.now).await;
    let done = end(tx, done).await;
    decided(desk, &id, form, done, "flash-payplan-proposed").await
}

pub async fn approve(desk: Treasurer, Path((_lang, id)): Id, posted: Posted) -> Answer {
    let form = posted.allow(&["hash"])?;
    let mut tx = desk.s.db.begin().await?;
    project(&mut tx, &id).await?;
    let done = plan::approve(&mut tx, desk.decider(), &id, form.value("hash"), desk.ctx.now).await;
    let done = end(tx, done).await;
    decided(desk, &id, form, done, "flash-payplan-fixed").await
}

pub async fn withdraw(desk: Treasurer, Path((_lang, id)): Id, posted: Posted) -> Answer {
    let form = posted.allow(&["reason"])?;
    let mut tx = desk.s.db.begin().await?;
    project(&mut tx, &id).await?;
    let done = plan::withdraw(&mut tx, desk.decider(), &id, form.value("reason"), desk.ctx.now).await;
    let done = end(tx, done).await;
    decided(desk, &id, form, done, "flash-payplan-withdrawn").await
}

/// A treasurer proposes to pay a part that is ready; the decision has a page of its own.
pub async fn pay(
    desk: Treasurer,
    Path((_lang, id, position)): Path<(String, String, String)>,
    posted: Posted,
) -> Answer {
    let form = posted.allow(&["reason"])?;
    let position: i64 = position.parse().map_err(|_| Failure::not_found())?;
    let mut tx = desk.s.db.begin().await?;
    project(&mut tx, &id).await?;
    let reason = form.value("reason");
    let done = plan::propose_part(&mut tx, desk.decider(), &id, position, reason, desk.ctx.now).await;
    let done = end(tx, done).await;
    match desk.outcome(&path(&id), form, done, "reason")? {
        Outcome::Done(decision) => {
            Ok(desk.ctx.redirect_done(&format!("/staff/payouts/{decision}"), "flash-payouts-proposed"))
        }
        Outcome::Refused(form, status) => page(&desk.ctx, &desk.s, &desk.staff, &id, &form, status).await,
    }
}

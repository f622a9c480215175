//! Stopping a project that was funded: what would go back, and the decision of two treasurers.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::features::approvals::{self, Proposal};
use crate::features::projects::{self, Project};
use crate::features::staff::actor_name;
use crate::features::staff::treasurer::{Outcome, Treasurer, end};
use crate::features::terminations::{Plan, STOP, Termination, actions};
use crate::features::users::StaffRole;
use crate::features::users::guard::Staff;
use crate::infra::Services;
use crate::infra::db::Conn;
use crate::infra::error::{Refusal as _, Result};
use crate::infra::history::{self, Change};
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};

type Id = Path<(String, String)>;

#[derive(Template)]
#[template(path = "staff/stop.html")]
struct StopPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    project: &'a Project,
    /// Why it cannot be stopped now.
    obstacle: Option<String>,
    plan: Plan,
    hash: String,
    proposal: Option<Proposal>,
    /// What was decided, with how many backers get money back and for how many the refund is due or done.
    stopped: Option<(Termination, i64, i64)>,
    changes: &'a [(Change, String)],
    is_treasurer: bool,
    is_own: bool,
}

impl StopPage<'_> {
    fn action(&self, step: &str) -> String {
        self.ctx.path(&format!("{}/{step}", path(&self.project.id)))
    }
}

fn path(id: &str) -> String {
    format!("/staff/projects/{id}/stop")
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
    let stopped = match actions::of_project(&mut conn, &project.id).await? {
        Some(stopped) => {
            let (all, done) = actions::progress(&mut conn, &stopped.id).await?;
            Some((stopped, all, done))
        }
        None => None,
    };
    let obstacle = match &stopped {
        Some(_) => None,
        None => actions::obstacle(&mut conn, &project).await?.map(|refusal| ctx.t(refusal.key())),
    };
    let plan = if stopped.is_some() { Plan::default() } else { actions::plan(&mut conn, &project).await? };
    let mut changes = Vec::new();
    for change in history::of(&mut conn, &project.id).await? {
        let name = actor_name(&mut conn, &change.actor).await?;
        changes.push((change, name));
    }
    let proposal = approvals::actions::open_of(&mut conn, STOP, &project.id, ctx.now).await?;
    let page = StopPage {
        ctx,
        form,
        obstacle,
        hash: actions::hash_of(&project.id, &plan),
        plan,
        stopped,
        changes: &changes,
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

pub async fn propose(desk: Treasurer, Path((_lang, id)): Id, posted: Posted) -> Answer {
    let form = posted.allow(&["reason"])?;
    let mut tx = desk.s.db.begin().await?;
    let project = project(&mut tx, &id).await?;
    let done = actions::propose(&mut tx, desk.decider(), &project.id, form.value("reason"), desk.ctx.now).await;
    let done = end(tx, done).await.map(|_| ());
    decided(desk, &id, form, done, "flash-stop-proposed").await
}

pub async fn approve(desk: Treasurer, Path((_lang, id)): Id, posted: Posted) -> Answer {
    let form = posted.allow(&["hash"])?;
    let mut tx = desk.s.db.begin().await?;
    let project = project(&mut tx, &id).await?;
    let done = actions::approve(&mut tx, desk.decider(), &project.id, form.value("hash"), desk.ctx.now).await;
    let done = end(tx, done).await;
    decided(desk, &id, form, done, "flash-stop-approved").await
}

pub async fn withdraw(desk: Treasurer, Path((_lang, id)): Id, posted: Posted) -> Answer {
    let form = posted.allow(&["reason"])?;
    let mut tx = desk.s.db.begin().await?;
    let project = project(&mut tx, &id).await?;
    let done = actions::withdraw(&mut tx, desk.decider(), &project.id, form.value("reason"), desk.ctx.now).await;
    let done = end(tx, done).await;
    decided(desk, &id, form, done, "flash-stop-withdrawn").await
}

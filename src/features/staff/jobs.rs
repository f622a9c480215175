//! Work that waits and work that fails, the letters that could not be sent, and the tasks that happen by themselves, each with its
//! switch.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::features::approvals;
use crate::features::staff::home::grouped;
use crate::features::staff::{Changes, changes_of, duration};
use crate::features::users::StaffRole;
use crate::features::users::guard::Staff;
use crate::features::users::roles::{TreasurerOrAdmin, With};
use crate::infra::error::Result;
use crate::infra::jobs::{self, Troubled};
use crate::infra::periodic::{self, Rhythm, Standing, Task};
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};
use crate::infra::{Services, letters};

/// Rows shown at most.
const MOST: i64 = 200;

#[derive(Template)]
#[template(path = "staff/jobs.html")]
struct JobsPage<'a> {
    ctx: &'a Ctx,
    numbers: &'a [(String, String)],
    jobs: &'a [Troubled],
    tasks: &'a [Shown],
}

/// A task as its page shows it.
struct Shown {
    task: &'static Task,
    /// Nothing until a worker has looked at it.
    standing: Option<Standing>,
}

impl Shown {
    fn is_on(&self) -> bool {
        self.standing.as_ref().is_none_or(|standing| standing.off_at.is_none())
    }

    fn what(&self, ctx: &Ctx) -> String {
        ctx.t(format!("task-{}", self.task.name.replace('.', "-")))
    }

    fn rhythm(&self, ctx: &Ctx) -> String {
        match self.task.rhythm {
            Rhythm::Always => ctx.t("staff-rhythm-always"),
            Rhythm::Jobs => ctx.t("staff-rhythm-jobs"),
            Rhythm::Every(seconds) => ctx.t1("staff-rhythm-every", "time", duration(ctx, seconds)),
            Rhythm::Daily(hour) => ctx.t1("staff-rhythm-daily", "hour", hour),
        }
    }

    fn ran(&self) -> Option<&Standing> {
        self.standing.as_ref().filter(|standing| standing.ran_at.is_some())
    }

    fn failed(&self) -> bool {
        self.standing.as_ref().is_some_and(|standing| standing.outcome == "failed")
    }
}

async fn shown(s: &Services, task: Option<&'static Task>) -> Result<Vec<Shown>> {
    let rows = periodic::all(&mut *s.db.read().await?).await?;
    let of = |task: &'static Task| Shown { task, standing: rows.iter().find(|row| row.name == task.name).cloned() };
    Ok(match task {
        Some(task) => vec![of(task)],
        None => periodic::TASKS.iter().map(of).collect(),
    })
}

pub async fn show(ctx: Ctx, State(s): State<Services>, staff: Staff) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let mut conn = s.db.read().await?;
    let (waiting, oldest) = jobs::waiting(&mut conn, ctx.now).await?;
    let mut numbers = vec![(ctx.t("staff-jobs-waiting"), grouped(&ctx, waiting))];
    if let Some(oldest) = oldest {
        let seconds = ctx.now.seconds() - oldest.seconds();
        numbers.push((ctx.t("staff-jobs-oldest"), ctx.t1("staff-seconds", "count", seconds)));
    }
    for (state, count) in letters::counts(&mut conn).await? {
        numbers.push((ctx.t(format!("staff-letters-{state}")), grouped(&ctx, count)));
    }
    let jobs = jobs::troubled(&mut conn, MOST).await?;
    let tasks = shown(&s, None).await?;
    ctx.page(&JobsPage { ctx: &ctx, numbers: &numbers, jobs: &jobs, tasks: &tasks })
}

#[derive(Template)]
#[template(path = "staff/task.html")]
struct TaskPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    shown: &'a Shown,
    may_switch: bool,
    changes: &'a Changes,
}

impl TaskPage<'_> {
    fn facts(&self) -> Vec<(String, String)> {
        let ctx = self.ctx;
        let mut facts = vec![(ctx.t("staff-task-rhythm"), self.shown.rhythm(ctx))];
        let Some(standing) = &self.shown.standing else { return facts };
        if let Some(off_at) = standing.off_at {
            facts.push((ctx.t("staff-task-off-since"), ctx.moment(off_at)));
        } else if self.shown.task.is_by_the_clock() {
            facts.push((ctx.t("staff-task-next"), ctx.moment(standing.due_at)));
        }
        if let Some(ran_at) = standing.ran_at {
            facts.push((ctx.t("staff-task-ran"), ctx.moment(ran_at)));
            facts.push((ctx.t("staff-task-took"), ctx.t1("staff-milliseconds", "count", standing.took_millis)));
            facts.push((ctx.t("staff-task-outcome"), ctx.t(format!("staff-task-{}", standing.outcome))));
        }
        if standing.failures > 0 {
            facts.push((ctx.t("staff-task-failures"), standing.failures.to_string()));
        }
        if !standing.result.is_empty() {
            facts.push((ctx.t("staff-task-result"), standing.result.clone()));
        }
        facts
    }
}

type Name = Path<(String, String)>;

pub async fn task(ctx: Ctx, State(s): State<Services>, staff: Staff, Path((_lang, name)): Name) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let task = periodic::find(&name).ok_or_else(Failure::not_found)?;
    task_page(&ctx, &s, &staff, task, &Form::default(), StatusCode::OK).await
}

async fn task_page(
    ctx: &Ctx,
    s: &Services,
    staff: &Staff,
    task: &'static Task,
    form: &Form,
    status: StatusCode,
) -> Answer {
    let shown = shown(s, Some(task)).await?.remove(0);
    let changes = changes_of(&mut *s.db.read().await?, &[task.name]).await?;
    let page = TaskPage { ctx, form, shown: &shown, may_switch: may_switch(staff), changes: &changes };
    ctx.page_with(status, &page)
}

/// Whoever answers for money or for the platform switches what happens by itself.
pub(super) fn may_switch(staff: &Staff) -> bool {
    staff.has(StaffRole::Treasurer) || staff.has(StaffRole::Admin)
}

pub async fn switch(
    ctx: Ctx,
    State(s): State<Services>,
    With(staff, ..): With<TreasurerOrAdmin>,
    Path((_lang, name)): Name,
    posted: Posted,
) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let task = periodic::find(&name).ok_or_else(Failure::not_found)?;
    let mut form = posted.allow(&["to", "reason"])?;
    let reason = match approvals::actions::checked_reason(form.value("reason")) {
        Ok(reason) => reason,
        Err(refusal) => {
            form.refuse(ctx.lang, &refusal);
            return task_page(&ctx, &s, &staff, task, &form, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    let on = match form.value("to") {
        "on" => true,
        "off" => false,
        other => return Err(Failure::bad_request(format!("a switch has no position {other:.20}"))),
    };
    periodic::begin(&s.db, ctx.now).await?;
    let mut tx = s.db.begin().await?;
    periodic::switch(&mut tx, task, on, &staff.0.user.id, &reason, ctx.now).await?;
    tx.commit().await?;
    let flash = if on { "flash-task-on" } else { "flash-task-off" };
    Ok(ctx.redirect_done(&format!("/staff/jobs/{}", task.name), flash))
}

pub async fn run(
    ctx: Ctx,
    State(s): State<Services>,
    _staff: With<TreasurerOrAdmin>,
    Path((_lang, name)): Name,
    posted: Posted,
) -> Answer {
    posted.allow(&[])?;
    let task = periodic::find(&name).ok_or_else(Failure::not_found)?;
    periodic::begin(&s.db, ctx.now).await?;
    let mut tx = s.db.begin().await?;
    if !periodic::ask(&mut tx, task, ctx.now).await? {
        return Err(Failure::bad_request("this task cannot be asked for"));
    }
    tx.commit().await?;
    Ok(ctx.redirect_done(&format!("/staff/jobs/{}", task.name), "flash-task-asked"))
}

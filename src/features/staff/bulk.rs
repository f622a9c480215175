//! One deed for many things: looked at, confirmed, watched, and taken home as a report.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;

use crate::features::desk::bulk;
use crate::features::desk::{BulkLineState, Deed, Line, Run, RunState, Tally};
use crate::features::staff::actor_name;
use crate::features::staff::audit::exported;
use crate::features::staff::treasurer::{Outcome, end, outcome};
use crate::features::users::guard::Staff;
use crate::features::{cases, evidence, outcomes, projects};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted, reload};
use crate::infra::{Services, csv};

pub(super) const PATH: &str = "/staff/bulk";
/// Runs on the list.
const MOST_RUNS: i64 = 50;

/// A run in the list.
struct Listed {
    run: Run,
    by: String,
    tally: Tally,
}

#[derive(Template)]
#[template(path = "staff/bulk_runs.html")]
struct RunsPage<'a> {
    ctx: &'a Ctx,
    runs: Vec<Listed>,
}

pub async fn list(ctx: Ctx, State(s): State<Services>, staff: Staff) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let mut conn = s.db.read().await?;
    let mut runs = Vec::new();
    for run in bulk::latest(&mut conn, MOST_RUNS).await? {
        let by = actor_name(&mut conn, &run.made_by).await?;
        let tally = bulk::tally(&mut conn, &run.id).await?;
        runs.push(Listed { run, by, tally });
    }
    ctx.page(&RunsPage { ctx: &ctx, runs })
}

/// One thing of a run, as the page and the report show it.
struct Shown {
    line: Line,
    name: String,
    url: String,
    /// What becomes or became of it.
    state: String,
    /// Why not.
    refusal: String,
}

#[derive(Template)]
#[template(path = "staff/bulk_run.html")]
struct RunPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    run: &'a Run,
    by: String,
    /// To whom things are assigned; empty where nothing is.
    to: String,
    tally: Tally,
    lines: Vec<Shown>,
    is_own: bool,
    reloads: bool,
}

impl RunPage<'_> {
    fn url(&self, part: &str) -> String {
        self.ctx.path(&format!("{PATH}/{}{part}", self.run.id))
    }

    fn is_prepared(&self) -> bool {
        self.run.state == RunState::Prepared
    }

    /// State before and after, and how many there are in each: before, and once the run is over.
    fn numbers(&self) -> [(String, i64, i64); 2] {
        let (before, after) = self.run.kind.states();
        let open = self.tally.all();
        [(self.ctx.t(before), open, self.tally.refused), (self.ctx.t(after), 0, self.tally.waiting + self.tally.done)]
    }
}

type Id = Path<(String, String)>;

pub async fn show(
    ctx: Ctx,
    State(s): State<Services>,
    staff: Staff,
    Path((_lang, id)): Id,
    RawQuery(query): RawQuery,
) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let reloads = reload::wanted(query.as_deref());
    page(&ctx, &s, &staff, &id, (&Form::default(), StatusCode::OK), reloads).await
}

/// `reloads`: the page comes again by itself as long as the run goes on.
async fn page(
    ctx: &Ctx,
    s: &Services,
    staff: &Staff,
    id: &str,
    (form, status): (&Form, StatusCode),
    reloads: bool,
) -> Answer {
    let mut conn = s.db.read().await?;
    let run = bulk::find(&mut conn, id).await?.ok_or_else(Failure::not_found)?;
    let page = RunPage {
        form,
        by: actor_name(&mut conn, &run.made_by).await?,
        to: actor_name(&mut conn, &run.target).await?,
        tally: bulk::tally(&mut conn, id).await?,
        lines: lines(ctx, &mut conn, &run).await?,
        is_own: run.made_by == staff.0.user.id,
        reloads,
        run: &run,
        ctx,
    };
    let response = ctx.page_with(status, &page)?;
    if reloads && run.state == RunState::Running { reload::again(response, &page.url("")) } else { Ok(response) }
}

async fn lines(ctx: &Ctx, conn: &mut Conn, run: &Run) -> Result<Vec<Shown>> {
    let (before, after) = run.kind.states();
    let mut shown = Vec::new();
    for line in bulk::lines(conn, &run.id).await? {
        let (name, url) = thing(ctx, conn, run.kind, &line.subject_id).await?;
        let state = match line.state {
            BulkLineState::Waiting => format!("{} → {}", ctx.t(before), ctx.t(after)),
            BulkLineState::Done => ctx.t("bulk-line-done"),
            BulkLineState::Refused => ctx.t("bulk-line-refused"),
        };
        let refusal = if line.refusal.is_empty() { String::new() } else { ctx.t(&line.refusal) };
        shown.push(Shown { line, name, url, state, refusal });
    }
    Ok(shown)
}

/// What a thing is called, and its page; the id alone when it is gone.
async fn thing(ctx: &Ctx, conn: &mut Conn, deed: Deed, id: &str) -> Result<(String, String)> {
    let moderation = ctx.path("/staff/moderation");
    Ok(match deed {
        Deed::CloseCases | Deed::AssignCases => match cases::actions::find(conn, id).await? {
            Some(case) => {
                let name = format!("{}, {}", ctx.t(format!("case-{}", case.kind)), case.subject_id);
                (name, ctx.path(&format!("/staff/cases/{id}")))
            }
            None => (id.to_owned(), String::new()),
        },
        Deed::RemindOwners => match projects::actions::find(conn, id).await? {
            Some(project) => (project.title(ctx.lang).to_owned(), ctx.path(&format!("/staff/projects/{id}"))),
            None => (id.to_owned(), String::new()),
        },
        Deed::ShowNotes => match outcomes::notes::find(conn, id).await? {
            Some((project_id, wave)) => {
                let project = projects::actions::get(conn, &project_id).await?;
                let kind = outcomes::kind_name(ctx, wave.kind);
                (format!("{}: {kind}, {}", project.title(ctx.lang), ctx.day(&wave.measured_on)), moderation)
            }
            None => (id.to_owned(), String::new()),
        },
        Deed::AcceptEvidence => match evidence::actions::find(conn, id).await? {
            Some(file) => {
                let project = projects::actions::get(conn, &file.project_id).await?;
                (format!("{}: {}", project.title(ctx.lang), file.title), ctx.path(&format!("/staff/evidence/{id}")))
            }
            None => (id.to_owned(), String::new()),
        },
    })
}

/// Somebody else's run is not decided about; the action asks once more.
async fn own(s: &Services, staff: &Staff, id: &str) -> std::result::Result<(), Failure> {
    let run = bulk::find(&mut *s.db.read().await?, id).await?.ok_or_else(Failure::not_found)?;
    if run.made_by == staff.0.user.id { Ok(()) } else { Err(Failure::forbidden()) }
}

/// Whoever prepared it lets it begin. What may need a fresh factor for one needs it for many.
pub async fn confirm(
    ctx: Ctx,
    State(s): State<Services>,
    staff: Staff,
    Path((_lang, id)): Id,
    posted: Posted,
) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    own(&s, &staff, &id).await?;
    let form = posted.allow(&["reason"])?;
    let path = format!("{PATH}/{id}");
    let mut tx = s.db.begin().await?;
    let done = bulk::confirm(&mut tx, &id, &staff.0.user.id, form.value("reason"), ctx.now).await;
    let done = end(tx, done).await;
    match outcome(&staff, &ctx, &path, form, done, "reason")? {
        Outcome::Done(()) => Ok(ctx.redirect_done(&path, "flash-bulk-started")),
        Outcome::Refused(form, status) => page(&ctx, &s, &staff, &id, (&form, status), false).await,
    }
}

pub async fn drop_it(
    ctx: Ctx,
    State(s): State<Services>,
    staff: Staff,
    Path((_lang, id)): Id,
    posted: Posted,
) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    own(&s, &staff, &id).await?;
    let form = posted.allow(&[])?;
    let path = format!("{PATH}/{id}");
    let mut tx = s.db.begin().await?;
    let done = bulk::drop_it(&mut tx, &id, &staff.0.user.id, ctx.now).await;
    let done = end(tx, done).await;
    match outcome(&staff, &ctx, &path, form, done, "reason")? {
        Outcome::Done(()) => Ok(ctx.redirect_done(&path, "flash-bulk-dropped")),
        Outcome::Refused(form, status) => page(&ctx, &s, &staff, &id, (&form, status), false).await,
    }
}

/// What became of each thing, as a file.
pub async fn report(ctx: Ctx, State(s): State<Services>, staff: Staff, Path((_lang, id)): Id) -> Answer {
    let mut conn = s.db.read().await?;
    let run = bulk::find(&mut conn, &id).await?.ok_or_else(Failure::not_found)?;
    let heads = ["bulk-number", "bulk-thing", "bulk-id", "bulk-outcome", "bulk-why-not"];
    let mut text = csv::line(&heads.map(|key| ctx.t(key)));
    for shown in lines(&ctx, &mut conn, &run).await? {
        let Shown { line, name, state, refusal, .. } = shown;
        text.push_str(&csv::line(&[line.position.to_string(), name, line.subject_id, state, refusal]));
    }
    drop(conn);
    exported(&s, &staff.0.user.id, "bulk", &id).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{id}.csv\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, text).into_response())
}

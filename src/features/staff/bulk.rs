//! One deed for many things: chosen in a list, looked at, confirmed, watched, and taken home as a report.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;

use crate::features::desk::bulk::{self, Order};
use crate::features::desk::{BulkLineState, Deed, Line, Run, RunState, Tally};
use crate::features::staff::actor_name;
use crate::features::staff::audit::exported;
use crate::features::staff::list::{self, List};
use crate::features::staff::treasurer::{Outcome, end, outcome};
use crate::features::users::guard::Staff;
use crate::features::users::roles::{Checker, TreasurerOnly, With};
use crate::features::{cases, evidence, outcomes, projects};
use crate::infra::db::Conn;
use crate::infra::error::{Error, Result};
use crate::infra::listing::Asked;
use crate::infra::web::form::PostedWide;
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted, reload};
use crate::infra::{Services, csv};

const PATH: &str = "/staff/bulk";
/// What a chosen row sends begins with this.
const PICK: &str = "pick-";
/// Runs on the list.
const MOST_RUNS: i64 = 50;

/// The things that a form chose, in its order.
fn chosen(form: &Form) -> Vec<String> {
    form.fields().filter_map(|(name, _)| name.strip_prefix(PICK)).map(str::to_owned).collect()
}

/// What was chosen in a list, or all that it finds.
async fn of_list<L: List>(ctx: &Ctx, s: &Services, form: &Form) -> Result<Vec<String>> {
    match form.value("which") {
        "all" => all::<L>(ctx, s, form.value("query")).await,
        _ => Ok(chosen(form)),
    }
}

/// Cases from their list: closed with an explanation, or given to somebody; to the viewer when nobody is named.
pub async fn of_cases(
    ctx: Ctx,
    State(s): State<Services>,
    With(staff, ..): With<TreasurerOnly>,
    PostedWide(posted): PostedWide,
) -> Answer {
    let form = posted.allow_with(&["query", "which", "deed", "to"], PICK)?;
    let own = staff.0.user.id.as_str();
    let (deed, target) = match (Deed::from_word(form.value("deed")), form.value("to")) {
        (Some(Deed::AssignCases), "") => (Deed::AssignCases, own),
        (Some(Deed::AssignCases), to) => (Deed::AssignCases, to),
        (Some(Deed::CloseCases) | None, _) => (Deed::CloseCases, ""),
        _ => return Err(Failure::bad_request("no such deed")),
    };
    let subjects = of_list::<list::cases::Cases>(&ctx, &s, &form).await?;
    prepared(&ctx, &s, Order { deed, by: own, target }, subjects, "/staff/cases").await
}

/// Projects from their list, of whose owners something is waited for.
pub async fn of_projects(
    ctx: Ctx,
    State(s): State<Services>,
    With(staff, ..): With<Checker>,
    PostedWide(posted): PostedWide,
) -> Answer {
    let form = posted.allow_with(&["query", "which", "deed"], PICK)?;
    let deed = match Deed::from_word(form.value("deed")) {
        Some(deed @ Deed::RemindOwners) => deed,
        _ => return Err(Failure::bad_request("no such deed")),
    };
    let subjects = of_list::<list::projects::Projects>(&ctx, &s, &form).await?;
    prepared(&ctx, &s, Order { deed, by: &staff.0.user.id, target: "" }, subjects, "/staff/projects").await
}

/// Notes or files from the page that shows them.
pub async fn of_moderation(
    ctx: Ctx,
    State(s): State<Services>,
    With(staff, ..): With<Checker>,
    PostedWide(posted): PostedWide,
) -> Answer {
    let form = posted.allow_with(&["deed"], PICK)?;
    let deed = match Deed::from_word(form.value("deed")) {
        Some(deed @ (Deed::ShowNotes | Deed::AcceptEvidence)) => deed,
        _ => return Err(Failure::bad_request("no such deed")),
    };
    let order = Order { deed, by: &staff.0.user.id, target: "" };
    prepared(&ctx, &s, order, chosen(&form), "/staff/moderation").await
}

/// The ids of all that a list finds, up to what one run takes.
async fn all<L: List>(ctx: &Ctx, s: &Services, query: &str) -> Result<Vec<String>> {
    let mut conn = s.db.read().await?;
    let fields = L::fields(ctx, &mut conn).await?;
    let asked = Asked::read(Some(query), L::COLUMNS, &fields, L::ORDER);
    let most = i64::try_from(bulk::MOST).unwrap_or(i64::MAX);
    let found = L::found(ctx, &mut conn, &asked.wanted(most, 0)).await?;
    Ok(found.rows.into_iter().map(|row| row.id).collect())
}

async fn prepared(ctx: &Ctx, s: &Services, order: Order<'_>, subjects: Vec<String>, from: &str) -> Answer {
    match bulk::prepare(s, order, subjects, ctx.now).await {
        Ok(id) => Ok(ctx.redirect(&format!("{PATH}/{id}"))),
        Err(Error::Refused(refusal)) if refusal.key() == "bulk-nothing-chosen" => {
            Ok(ctx.redirect_done(from, "flash-bulk-nothing-chosen"))
        }
        Err(error) => Err(error.into()),
    }
}

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

//! Result money: what each project could be given for verified results, and the decision of two treasurers.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::features::approvals::{self, Proposal};
use crate::features::projects::{self, Project};
use crate::features::results::view::{Line, frozen_lines, lines};
use crate::features::results::{Earned, Kind, Outlook, RELEASE, Release, ReleaseState, Why, actions};
use crate::features::rounds::remainder_text;
use crate::features::staff::actor_name;
use crate::features::staff::treasurer::{Outcome, Treasurer, end};
use crate::features::users::StaffRole;
use crate::features::users::guard::Staff;
use crate::features::{organisations, outcomes};
use crate::infra::Services;
use crate::infra::db::Conn;
use crate::infra::error::{Refusal as _, Result};
use crate::infra::history::{self, Change};
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};
use crate::values::Cents;

const PATH: &str = "/staff/results";

type Slug = Path<(String, String)>;

/// A project of the list.
struct Listed {
    outlook: Outlook,
    /// The release that waits for a second person.
    proposed: bool,
}

impl Listed {
    fn open(&self) -> usize {
        self.outlook.plan.promises.iter().filter(|earned| earned.figure.is_open).count()
    }

    fn unverified(&self) -> usize {
        let waits = |earned: &&Earned| matches!(earned.why, Why::Waits);
        self.outlook.plan.promises.iter().filter(waits).count()
    }
}

#[derive(Template)]
#[template(path = "staff/results.html")]
struct ListPage<'a> {
    ctx: &'a Ctx,
    rows: &'a [Listed],
}

impl ListPage<'_> {
    /// Days until what is not verified counts as nothing.
    fn days(&self, listed: &Listed) -> String {
        listed.outlook.late_from.map_or(String::new(), |from| self.ctx.now.days_until(from).to_string())
    }
}

pub async fn list(ctx: Ctx, State(s): State<Services>, staff: Staff) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let mut conn = s.db.read().await?;
    let mut rows = Vec::new();
    for project in actions::waiting(&mut conn).await? {
        let outlook = actions::outlook(&mut conn, &project, ctx.now).await?;
        let open = actions::open_of(&mut conn, &project.id).await?;
        let proposed = match open {
            Some(open) => approvals::actions::open_of(&mut conn, RELEASE, &open.id, ctx.now).await?.is_some(),
            None => false,
        };
        rows.push(Listed { outlook, proposed });
    }
    ctx.page(&ListPage { ctx: &ctx, rows: &rows })
}

/// A release with what its promises earned.
struct Decided {
    release: Release,
    lines: Vec<Line>,
    /// How many backers get money back, and for how many the refund is due or done.
    back: (i64, i64),
    changes: Vec<(Change, String)>,
}

#[derive(Template)]
#[template(path = "staff/result.html")]
struct ShowPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    project: &'a Project,
    outlook: &'a Outlook,
    lines: Vec<Line>,
    payees: Vec<(String, Cents)>,
    /// Why nothing can be released now.
    obstacle: Option<String>,
    /// The name of the fund that the rule names.
    remainder: String,
    proposed: Option<(Release, Proposal)>,
    /// One that nobody approved in time.
    is_stale: bool,
    hash: String,
    decided: Vec<Decided>,
    is_treasurer: bool,
    is_own: bool,
}

impl ShowPage<'_> {
    fn action(&self, step: &str) -> String {
        self.ctx.path(&format!("{PATH}/{}/{step}", self.project.slug))
    }
}

pub async fn show(ctx: Ctx, State(s): State<Services>, staff: Staff, Path((_lang, slug)): Slug) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    page(&ctx, &s, &staff, &slug, &Form::default(), StatusCode::OK).await
}

async fn project(conn: &mut Conn, slug: &str) -> std::result::Result<Project, Failure> {
    projects::actions::public_by_slug(conn, slug).await?.ok_or_else(Failure::not_found)
}

async fn page(ctx: &Ctx, s: &Services, staff: &Staff, slug: &str, form: &Form, status: StatusCode) -> Answer {
    let mut conn = s.db.read().await?;
    let project = project(&mut conn, slug).await?;
    let outlook = actions::outlook(&mut conn, &project, ctx.now).await?;
    let mut payees = Vec::new();
    for (id, amount) in &outlook.payees {
        payees.push((organisations::actions::get(&mut conn, id).await?.name, *amount));
    }
    let open = actions::open_of(&mut conn, &project.id).await?;
    let open = open.filter(|release| release.state == ReleaseState::Proposed);
    let (mut proposed, mut is_stale) = (None, false);
    let hash = open.as_ref().map(|release| actions::hash_of(&release.id, &outlook)).unwrap_or_default();
    if let Some(release) = open {
        let proposal = approvals::actions::open_of(&mut conn, RELEASE, &release.id, ctx.now).await?;
        is_stale = proposal.as_ref().is_none_or(|proposal| proposal.hash != hash);
        proposed = proposal.map(|proposal| (release, proposal));
    }
    let page = ShowPage {
        ctx,
        form,
        lines: lines(ctx, &outlook.rows()),
        payees,
        obstacle: outlook.obstacle.as_ref().map(|refusal| ctx.t(refusal.key())),
        remainder: remainder(ctx, &outlook),
        is_own: proposed.as_ref().is_some_and(|(_, proposal)| proposal.proposed_by == staff.0.user.id),
        proposed,
        is_stale,
        hash,
        decided: decided(ctx, &mut conn, &project).await?,
        is_treasurer: staff.has(StaffRole::Treasurer),
        project: &project,
        outlook: &outlook,
    };
    ctx.page_with(status, &page)
}

/// What becomes of the rest, in a sentence.
fn remainder(ctx: &Ctx, outlook: &Outlook) -> String {
    let rest = outlook.remainder.as_ref();
    let fund = rest.and_then(|rest| rest.fund.as_ref()).map(|fund| fund.name(ctx.lang).to_owned());
    let rule = rest.map_or(outlook.round.remainder_rule, |rest| rest.rule);
    remainder_text(ctx.lang, rule, &fund.unwrap_or_default())
}

/// The releases of a project, the oldest first.
async fn decided(ctx: &Ctx, conn: &mut Conn, project: &Project) -> Result<Vec<Decided>> {
    let figures = outcomes::actions::figures(conn, &project.id).await?;
    let mut found = Vec::new();
    for release in actions::of_project(conn, &project.id).await? {
        let mut changes = Vec::new();
        for change in history::of(conn, &release.id).await? {
            let name = actor_name(conn, &change.actor).await?;
            changes.push((change, name));
        }
        let lines = frozen_lines(ctx, &figures, &actions::promises_of(conn, &release.id).await?);
        let back = actions::progress(conn, &release.id).await?;
        found.push(Decided { lines, back, changes, release });
    }
    Ok(found)
}

/// 303 when it was done; the same page with the refusal above it when a rule said no.
async fn answered(desk: Treasurer, slug: &str, form: Form, done: Result<()>, flash: &str) -> Answer {
    let path = format!("{PATH}/{slug}");
    match desk.outcome(&path, form, done, "reason")? {
        Outcome::Done(()) => Ok(desk.ctx.redirect_done(&path, flash)),
        Outcome::Refused(form, status) => page(&desk.ctx, &desk.s, &desk.staff, slug, &form, status).await,
    }
}

pub async fn propose(desk: Treasurer, Path((_lang, slug)): Slug, posted: Posted) -> Answer {
    let form = posted.allow(&["reason"])?;
    let mut tx = desk.s.db.begin().await?;
    let project = project(&mut tx, &slug).await?;
    let done = actions::propose(&mut tx, desk.decider(), &project.id, form.value("reason"), desk.ctx.now).await;
    let done = end(tx, done).await.map(|_| ());
    answered(desk, &slug, form, done, "flash-results-proposed").await
}

pub async fn approve(desk: Treasurer, Path((_lang, slug)): Slug, posted: Posted) -> Answer {
    let form = posted.allow(&["hash"])?;
    let mut tx = desk.s.db.begin().await?;
    let project = project(&mut tx, &slug).await?;
    let done = actions::approve(&mut tx, desk.decider(), &project.id, form.value("hash"), desk.ctx.now).await;
    let done = end(tx, done).await;
    answered(desk, &slug, form, done, "flash-results-approved").await
}

pub async fn withdraw(desk: Treasurer, Path((_lang, slug)): Slug, posted: Posted) -> Answer {
    let form = posted.allow(&["reason"])?;
    let mut tx = desk.s.db.begin().await?;
    let project = project(&mut tx, &slug).await?;
    let done = actions::withdraw(&mut tx, desk.decider(), &project.id, form.value("reason"), desk.ctx.now).await;
    let done = end(tx, done).await;
    answered(desk, &slug, form, done, "flash-results-withdrawn").await
}

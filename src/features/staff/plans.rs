//! Plans that were handed in, as reviewers read them: always the version that was handed in, never what its owner is still writing.

use askama::Template;
use axum::extract::{FromRequestParts, Path, RawQuery, State};
use axum::http::StatusCode;
use axum::http::request::Parts;

use crate::features::organisations;
use crate::features::plans::web::{Comparison, comparison};
use crate::features::plans::{
    Comment, CommentState, Content, Field, Line, Names, Step, Version, actions, field_name, lines, review, takes_plans,
};
use crate::features::projects::{self, Project, ProjectState};
use crate::features::rounds::{self, Round};
use crate::features::staff::project;
use crate::features::staff::timeline::Timeline;
use crate::features::users::StaffRole;
use crate::features::users::guard::Staff;
use crate::infra::Services;
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};

type Id = Path<(String, String)>;

#[derive(Template)]
#[template(path = "staff/plan.html")]
struct PlanPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    project: Project,
    organisation: String,
    round: Round,
    version: Version,
    lines: Vec<Line>,
    comments: Vec<Comment>,
    /// Pairs for the choice of what a remark is about.
    fields: Vec<(&'static str, String)>,
    timeline: Timeline,
    is_reviewer: bool,
    /// Whether the round takes plans now.
    open: bool,
}

impl PlanPage<'_> {
    fn path(&self, part: &str) -> String {
        self.ctx.path(&path(&self.project.id, part))
    }

    fn steps(&self) -> &'static [Step] {
        Step::ALL
    }

    fn step_name(&self, step: &Step) -> String {
        self.ctx.t(format!("plans-step-{step}"))
    }

    fn lines_of(&self, step: &Step) -> Vec<&Line> {
        self.lines.iter().filter(|line| line.field.step() == Some(*step)).collect()
    }

    fn comments_of(&self, step: &Step) -> Vec<&Comment> {
        self.comments.iter().filter(|comment| comment.field.step() == Some(*step)).collect()
    }

    fn comments_on_whole(&self) -> Vec<&Comment> {
        self.comments.iter().filter(|comment| comment.field.step().is_none()).collect()
    }

    /// What a remark is about, in words.
    fn about(&self, comment: &Comment) -> String {
        field_name(self.ctx.lang, comment.field)
    }

    /// Whether it can still be taken away: the owner has not got it.
    fn may_remove(&self, comment: &Comment) -> bool {
        self.may_comment() && comment.state == CommentState::Written
    }

    /// Whether the plan lies with the reviewers.
    fn is_open(&self) -> bool {
        self.project.state == ProjectState::Submitted
    }

    fn has_preview(&self) -> bool {
        matches!(self.project.state, ProjectState::Submitted | ProjectState::InValuation)
    }

    fn may_comment(&self) -> bool {
        self.is_reviewer && self.is_open()
    }

    /// Remarks that the owner has not got yet.
    fn unsent(&self) -> usize {
        self.comments.iter().filter(|comment| comment.state == CommentState::Written).count()
    }
}

fn path(id: &str, part: &str) -> String {
    format!("/staff/projects/{id}{part}")
}

/// The project with this id and its newest version; nothing of a plan that was never handed in.
async fn handed_in(conn: &mut Conn, id: &str) -> std::result::Result<(Project, Version), Failure> {
    let project = projects::actions::find(conn, id).await?.ok_or_else(Failure::not_found)?;
    let version = actions::versions(conn, id).await?.pop().ok_or_else(Failure::not_found)?;
    Ok((project, version))
}

/// A project that is no draft and has no plan here. What its owner is still writing is nobody else's business.
async fn never_handed_in(conn: &mut Conn, id: &str) -> Result<Option<Project>> {
    let Some(project) = projects::actions::find(conn, id).await? else { return Ok(None) };
    let is_bare = project.state != ProjectState::Draft && actions::versions(conn, id).await?.is_empty();
    Ok(is_bare.then_some(project))
}

pub async fn show(
    ctx: Ctx,
    State(s): State<Services>,
    staff: Staff,
    Path((_lang, id)): Id,
    RawQuery(query): RawQuery,
) -> Answer {
    let unseen = never_handed_in(&mut *s.db.read().await?, &id).await?;
    if let Some(project) = unseen {
        return project::page(ctx, &s, &staff, &project, &path(&id, "")).await;
    }
    let ctx = ctx.signed_in_as(staff.0.label());
    let mut asked = form_urlencoded::parse(query.as_deref().unwrap_or_default().as_bytes());
    let field = asked.find(|(name, _)| name == "field").and_then(|(_, field)| Field::from_word(&field));
    let form = Form::with(&[("field", field.unwrap_or(Field::Whole).as_str())]);
    page(&ctx, &s, &staff, &id, &form, StatusCode::OK).await
}

async fn page(ctx: &Ctx, s: &Services, staff: &Staff, id: &str, form: &Form, status: StatusCode) -> Answer {
    let mut conn = s.db.read().await?;
    let (project, version) = handed_in(&mut conn, id).await?;
    let round = rounds::actions::get(&mut conn, &project.round_id).await?;
    let content: Content = actions::content_of(&version)?;
    let names = Names::read(&mut conn).await?;
    let timeline = project::history(ctx, &mut conn, &project, &path(id, "")).await?;
    let page = PlanPage {
        ctx,
        form,
        organisation: organisations::actions::get(&mut conn, &project.organisation_id).await?.name,
        lines: lines::lines(&content, &names, ctx.lang),
        comments: actions::comments(&mut conn, id).await?,
        fields: Field::ALL.iter().map(|field| (field.as_str(), field_name(ctx.lang, *field))).collect(),
        timeline,
        is_reviewer: staff.has(StaffRole::Reviewer),
        open: takes_plans(&round, ctx.now),
        project,
        round,
        version,
    };
    ctx.page_with(status, &page)
}

#[derive(Template)]
#[template(path = "staff/plan_versions.html")]
struct VersionsPage<'a> {
    ctx: &'a Ctx,
    project: Project,
    compared: Comparison,
}

impl VersionsPage<'_> {
    fn action(&self) -> String {
        self.ctx.path(&path(&self.project.id, "/versions"))
    }
}

pub async fn versions(
    ctx: Ctx,
    State(s): State<Services>,
    staff: Staff,
    Path((_lang, id)): Id,
    RawQuery(query): RawQuery,
) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let mut conn = s.db.read().await?;
    let (project, _) = handed_in(&mut conn, &id).await?;
    let compared = comparison(&ctx, &mut conn, &id, query.as_deref()).await?;
    ctx.page(&VersionsPage { ctx: &ctx, project, compared })
}

/// The request of a reviewer. A handler that takes one is for reviewers only.
pub struct Reviewer {
    ctx: Ctx,
    s: Services,
    staff: Staff,
}

impl FromRequestParts<Services> for Reviewer {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> std::result::Result<Reviewer, Failure> {
        let staff = Staff::from_request_parts(parts, services).await?;
        staff.require(StaffRole::Reviewer)?;
        let ctx = Ctx::from_request_parts(parts, services).await?.signed_in_as(staff.0.label());
        Ok(Reviewer { ctx, s: services.clone(), staff })
    }
}

impl Reviewer {
    fn id(&self) -> &str {
        &self.staff.0.user.id
    }

    /// The transaction of a step on this plan, which must have been handed in.
    async fn begin(&self, id: &str) -> std::result::Result<Tx, Failure> {
        let mut tx = self.s.db.begin().await?;
        handed_in(&mut tx, id).await?;
        Ok(tx)
    }

    /// 303 when it was done; the page with the refusal in it when a rule said no.
    async fn end(self, tx: Tx, id: &str, mut form: Form, done: Result<()>, flash: &str) -> Answer {
        match done {
            Ok(()) => {
                tx.commit().await?;
                Ok(self.ctx.redirect_done(&path(id, ""), flash))
            }
            Err(Error::Refused(refusal)) => {
                drop(tx);
                form.refuse(self.ctx.lang, &*refusal);
                let status = Failure::from(&*refusal).status();
                page(&self.ctx, &self.s, &self.staff, id, &form, status).await
            }
            Err(error) => Err(error.into()),
        }
    }
}

pub async fn comment(desk: Reviewer, Path((_lang, id)): Id, posted: Posted) -> Answer {
    let form = posted.allow(&["field", "text"])?;
    let field = Field::from_word(form.value("field")).ok_or_else(|| Failure::bad_request("no such field"))?;
    let mut tx = desk.begin(&id).await?;
    let done = review::comment(&mut tx, &id, field, form.value("text"), desk.id(), desk.ctx.now).await.map(|_| ());
    desk.end(tx, &id, form, done, "flash-plans-comment-written").await
}

pub async fn remove(
    desk: Reviewer,
    Path((_lang, id, comment)): Path<(String, String, String)>,
    posted: Posted,
) -> Answer {
    let form = posted.allow(&[])?;
    let mut tx = desk.begin(&id).await?;
    let done = review::take_away(&mut tx, &id, &comment).await;
    desk.end(tx, &id, form, done, "flash-plans-comment-removed").await
}

pub async fn give_back(desk: Reviewer, Path((_lang, id)): Id, posted: Posted) -> Answer {
    let form = posted.allow(&[])?;
    let mut tx = desk.begin(&id).await?;
    let done = review::give_back(&mut tx, &id, desk.id(), desk.ctx.now).await;
    desk.end(tx, &id, form, done, "flash-plans-returned").await
}

pub async fn accept(desk: Reviewer, Path((_lang, id)): Id, posted: Posted) -> Answer {
    let form = posted.allow(&[])?;
    let mut tx = desk.begin(&id).await?;
    let done = review::accept(&mut tx, &id, desk.id(), desk.ctx.now).await;
    desk.end(tx, &id, form, done, "flash-plans-accepted").await
}

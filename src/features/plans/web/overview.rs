//! The plan as a whole: what is missing, what reviewers say, all that was filled in, and handing it in.

use askama::Template;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;

use crate::features::plans::content::Gap;
use crate::features::plans::{
    Comment, CommentState, Content, Field, Line, Names, Refusal, Step, Version, actions, field_name, lines, review,
    takes_plans,
};
use crate::features::projects::guard::{Editor, Member};
use crate::features::projects::plan::Change;
use crate::features::projects::shares::{self, RefusalKind, Share};
use crate::features::projects::{self, Project};
use crate::features::rounds::{self, Round};
use crate::features::{organisations, organisations::MemberRole};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::texts::text_with;
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};
use crate::infra::{Services, limits};
use crate::values::Timestamp;

/// A remark as its owner sees it.
#[derive(Debug, Clone)]
pub struct Remark {
    pub comment: Comment,
}

impl Remark {
    pub fn is_about(&self, field: &str) -> bool {
        self.comment.field.as_str() == field
    }

    pub fn is_open(&self) -> bool {
        self.comment.state == CommentState::Open
    }

    /// What it is about, in words.
    pub fn about(&self, ctx: &Ctx) -> String {
        field_name(ctx.lang, self.comment.field)
    }
}

/// The remarks an owner may see: not those a reviewer is still writing. Of an earlier return only what is still open.
pub async fn remarks_for_owner(conn: &mut Conn, project_id: &str) -> Result<Vec<Remark>> {
    let comments = actions::comments(conn, project_id).await?;
    let newest = comments.iter().filter(|c| c.state != CommentState::Written).map(|c| c.version).max().unwrap_or(0);
    let seen = comments.into_iter().filter(|comment| match comment.state {
        CommentState::Written => false,
        CommentState::Open => true,
        CommentState::Done => comment.version == newest,
    });
    Ok(seen.map(|comment| Remark { comment }).collect())
}

#[derive(Template)]
#[template(path = "plans/overview.html")]
struct OverviewPage<'a> {
    ctx: &'a Ctx,
    own: &'a Member,
    form: &'a Form,
    project: Project,
    round: Round,
    gaps: Vec<Gap>,
    remarks: Vec<Remark>,
    lines: Vec<Line>,
    versions: Vec<Version>,
    /// Rounds it can go to instead: pairs for the choice.
    rounds: Vec<(String, String)>,
    /// The remark whose answer was posted.
    posted: &'a str,
    blank: Form,
    open: bool,
    /// What keeps a whole plan from being handed in, besides its partners: its organisation.
    obstacle: Option<String>,
    /// Whether others carry it out too, or are asked to.
    is_joint: bool,
    /// What is still missing of their agreement, in words.
    partners: Vec<String>,
}

impl OverviewPage<'_> {
    fn steps(&self) -> &'static [Step] {
        Step::ALL
    }

    fn step_name(&self, step: &Step) -> String {
        self.ctx.t(format!("plans-step-{step}"))
    }

    fn step_url(&self, step: &Step) -> String {
        self.ctx.path(&self.own.studio_path(&step.path()))
    }

    /// What a step still misses, in words.
    fn missing(&self, step: &Step) -> Vec<String> {
        self.gaps.iter().filter(|gap| gap.step() == Some(*step)).map(|gap| gap_text(self.ctx, gap)).collect()
    }

    /// Whether a step is empty that may be.
    fn is_left_out(&self, step: &Step) -> bool {
        *step == Step::Picture && self.project.picture_id.is_none()
    }

    fn may_edit(&self) -> bool {
        self.own.role.may_edit()
    }

    /// Whether the owner can write and hand in.
    fn may_change(&self) -> bool {
        self.may_edit() && self.project.state.plan_may_change()
    }

    /// Whether partners can still be asked, let go or divided anew.
    fn shares_wait(&self) -> bool {
        self.project.state.shares_may_change() && !self.partners.is_empty()
    }

    fn is_owner(&self) -> bool {
        self.own.role == MemberRole::Owner
    }

    fn missing_count(&self) -> usize {
        self.gaps.len() + self.partners.len()
    }

    fn form_of(&self, remark: &Remark) -> &Form {
        if remark.comment.id == self.posted { self.form } else { &self.blank }
    }

    fn open_remarks(&self) -> usize {
        self.remarks.iter().filter(|remark| remark.is_open()).count()
    }
}

fn gap_text(ctx: &Ctx, gap: &Gap) -> String {
    match gap {
        Gap::Empty(field @ (Field::Title | Field::Aim | Field::TargetGroup | Field::Text)) => {
            ctx.t1("plans-gap-both", "field", field_name(ctx.lang, *field))
        }
        Gap::Empty(field) => ctx.t1("plans-gap-empty", "field", field_name(ctx.lang, *field)),
        Gap::Shares(sum) => ctx.t1("plans-gap-shares", "sum", sum),
        Gap::StartsTooEarly => ctx.t("plans-gap-start"),
        Gap::DueTooEarly(_) => ctx.t("plans-gap-due"),
    }
}

/// What of a joint plan's shares is not agreed yet: a sentence for each partner.
async fn partners_missing(ctx: &Ctx, conn: &mut Conn, project: &Project, asked: &[Share]) -> Result<Vec<String>> {
    let mut missing = Vec::new();
    for share in asked.iter().filter(|share| share.agreed == 0) {
        let name = organisations::actions::get(conn, &share.organisation_id).await?.name;
        missing.push(match share.refusal {
            None => ctx.t2("plans-gap-partner", "name", name, "percent", share.share_percent),
            Some(_) if share.reason.is_empty() => ctx.t1("plans-gap-partner-gone", "name", name),
            Some(RefusalKind::Refused) => ctx.t2("plans-gap-partner-refused", "name", name, "reason", &share.reason),
            Some(RefusalKind::Left) => ctx.t2("plans-gap-partner-left", "name", name, "reason", &share.reason),
        });
    }
    if missing.is_empty() && !shares::all_agreed(project, asked) {
        let given: i64 = asked.iter().map(|share| share.share_percent).sum();
        missing.push(ctx.t1("shares-not-whole", "given", given));
    }
    Ok(missing)
}

pub async fn show(ctx: Ctx, State(s): State<Services>, own: Member) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    page(&ctx, &s, &own, &Form::default(), "", StatusCode::OK).await
}

async fn page(ctx: &Ctx, s: &Services, own: &Member, form: &Form, posted: &str, status: StatusCode) -> Answer {
    let mut conn = s.db.read().await?;
    let project = projects::actions::get(&mut conn, &own.project.id).await?;
    let round = rounds::actions::get(&mut conn, &project.round_id).await?;
    let content: Content = actions::content(&mut conn, &project).await?;
    let names = Names::read(&mut conn).await?;
    let others = rounds::actions::all(&mut conn).await?;
    let others = others.into_iter().filter(|other| other.id != round.id && takes_plans(other, ctx.now));
    let confirmed = organisations::registration::require_confirmed(&mut conn, &project.organisation_id).await;
    let obstacle = match confirmed {
        Err(Error::Refused(refusal)) => Some(text_with(ctx.lang, refusal.key(), &refusal.args())),
        Err(error) => return Err(error.into()),
        Ok(()) => None,
    };
    let asked = shares::of_project(&mut conn, &project.id).await?;
    let page = OverviewPage {
        ctx,
        own,
        obstacle,
        is_joint: !asked.is_empty(),
        partners: partners_missing(ctx, &mut conn, &project, &asked).await?,
        form,
        gaps: content.gaps(&round),
        remarks: remarks_for_owner(&mut conn, &project.id).await?,
        lines: lines::lines(&content, &names, ctx.lang),
        versions: actions::versions(&mut conn, &project.id).await?,
        rounds: others.map(|other| (other.number.to_string(), other.title(ctx.lang).to_owned())).collect(),
        posted,
        blank: Form::default(),
        open: takes_plans(&round, ctx.now),
        round,
        project,
    };
    ctx.page_with(status, &page)
}

/// The request of somebody who acts on the plan as a whole.
pub struct Acting {
    ctx: Ctx,
    s: Services,
    own: Member,
}

impl FromRequestParts<Services> for Acting {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> std::result::Result<Acting, Failure> {
        Editor::from_request_parts(parts, services).await?;
        let own = Member::from_request_parts(parts, services).await?;
        let ctx = Ctx::from_request_parts(parts, services).await?.signed_in_as(own.person.label());
        Ok(Acting { ctx, s: services.clone(), own })
    }
}

impl Acting {
    fn actor(&self) -> &str {
        &self.own.person.user.id
    }

    /// 303 when it was done; the page with the refusal above it when a rule said no.
    async fn end(self, tx: Tx, mut form: Form, posted: &str, done: Result<()>, flash: &str) -> Answer {
        match done {
            Ok(()) => {
                tx.commit().await?;
                Ok(self.ctx.redirect_done(&self.own.studio_path("/plan"), flash))
            }
            Err(Error::Refused(refusal)) => {
                drop(tx);
                form.fail(refusal.field().unwrap_or(""), self.sentence(&*refusal).await?);
                let status = Failure::from(&*refusal).status();
                page(&self.ctx, &self.s, &self.own, &form, posted, status).await
            }
            Err(error) => Err(error.into()),
        }
    }

    /// A refusal in words; of a closed window with the moment at which it closed.
    async fn sentence(&self, refusal: &dyn crate::infra::error::Refusal) -> Result<String> {
        if refusal.as_any().downcast_ref() == Some(&Refusal::WindowClosed) {
            let mut conn = self.s.db.read().await?;
            let round = rounds::actions::get(&mut conn, &self.own.project.round_id).await?;
            let args = [("round", round.number.to_string()), ("moment", self.ctx.moment(round.valuation_at))];
            return Ok(text_with(self.ctx.lang, "plans-window-of", &args));
        }
        Ok(text_with(self.ctx.lang, refusal.key(), &refusal.args()))
    }
}

pub async fn submit(acting: Acting, posted: Posted) -> Answer {
    let form = posted.allow(&[])?;
    let mut tx = acting.s.db.begin().await?;
    limits::count(&acting.s, &mut tx, &[(limits::SUBMISSIONS, acting.actor())]).await?;
    let done = actions::submit(&mut tx, &acting.own.project.id, acting.actor(), acting.ctx.now).await.map(|_| ());
    acting.end(tx, form, "", done, "flash-plans-submitted").await
}

pub async fn withdraw(acting: Acting, posted: Posted) -> Answer {
    let mut form = posted.allow(&["sure"])?;
    if !form.ticked("sure") {
        form.fail_key(acting.ctx.lang, "sure", "plans-withdraw-unsure");
        return page(&acting.ctx, &acting.s, &acting.own, &form, "", StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let mut tx = acting.s.db.begin().await?;
    let done = actions::withdraw(&mut tx, &acting.own.project.id, acting.actor(), acting.ctx.now).await;
    acting.end(tx, form, "", done, "flash-plans-withdrawn").await
}

pub async fn move_to_round(acting: Acting, posted: Posted) -> Answer {
    let mut form = posted.allow(&["round", "version"])?;
    let version: Timestamp = form.value("version").parse().map_err(Failure::bad_request)?;
    let number: i64 = form.value("round").parse().unwrap_or(0);
    let round = rounds::actions::by_number(&mut *acting.s.db.read().await?, number).await?;
    let Some(round) = round else {
        form.fail_key(acting.ctx.lang, "round", "plans-choose-round");
        return page(&acting.ctx, &acting.s, &acting.own, &form, "", StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let mut tx = acting.s.db.begin().await?;
    let change = Change { project_id: &acting.own.project.id, version, actor: acting.actor(), now: acting.ctx.now };
    let done = actions::move_to_round(&mut tx, change, &round.id).await;
    acting.end(tx, form, "", done, "flash-plans-moved").await
}

pub async fn answer(
    acting: Acting,
    Path((_lang, _slug, id)): Path<(String, String, String)>,
    posted: Posted,
) -> Answer {
    let form = posted.allow(&["answer"])?;
    let mut tx = acting.s.db.begin().await?;
    let (project_id, text) = (&acting.own.project.id, form.value("answer"));
    let done = review::answer(&mut tx, project_id, &id, text, acting.actor(), acting.ctx.now).await;
    acting.end(tx, form, &id, done, "flash-plans-answered").await
}

//! How a project's money goes out, as its organisation sees it: every step with its date, a plan to suggest, and milestones to report.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::features::organisations::MemberRole;
use crate::features::payouts::plan::{self, Followed, Plan, WaitsFor};
use crate::features::payouts::{Payable, actions, plan_form};
use crate::features::projects::Project;
use crate::features::projects::guard::{MoneyReader, ProjectOwner};
use crate::features::rounds;
use crate::features::studio::web::members::ended;
use crate::features::updates::{self, Audience, Update, UpdateState};
use crate::features::users::guard::Fresh;
use crate::infra::Services;
use crate::infra::error::{Error, Result};
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};
use crate::values::Cents;

#[derive(Template)]
#[template(path = "studio/payout_plan.html")]
struct PlanPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    project: &'a Project,
    is_owner: bool,
    payable: Payable,
    /// What the platform keeps of each payout, in a sentence.
    fee: Option<String>,
    /// Why the organisation cannot be paid now.
    obstacle: Option<&'static str>,
    /// The plan by which it is paid.
    fixed: Option<Plan>,
    parts: &'a [Followed],
    /// The plan that is written and not decided on, with its parts.
    open: Option<(Plan, Vec<plan::Part>)>,
    rows: Vec<plan_form::Row>,
    units: Vec<(&'static str, String)>,
    choices: Vec<(&'static str, String)>,
    /// Updates that can be pointed to: number and title.
    updates: Vec<(String, String)>,
}

impl PlanPage<'_> {
    fn can_suggest(&self) -> bool {
        self.is_owner && self.payable.left() > Cents::ZERO && !self.is_decided_on()
    }

    /// Whether treasurers decide on a plan just now.
    fn is_decided_on(&self) -> bool {
        self.open.as_ref().is_some_and(|(plan, _)| plan.state == plan::PlanState::Proposed)
    }

    fn can_report(&self, followed: &Followed) -> bool {
        self.is_owner && followed.part.waits_for == WaitsFor::Milestone && followed.is_open()
    }

    fn path(&self) -> String {
        self.ctx.path(&path(self.project))
    }
}

/// The address of the page, behind the language.
fn path(project: &Project) -> String {
    format!("/studio/projects/{}/payouts", project.slug)
}

pub async fn show(ctx: Ctx, State(s): State<Services>, own: MoneyReader) -> Answer {
    let ctx = ctx.signed_in_as(own.person.label());
    let is_owner = own.role == MemberRole::Owner;
    page(&ctx, &s, &own.project, is_owner, &Form::default(), StatusCode::OK).await
}

async fn page(ctx: &Ctx, s: &Services, project: &Project, is_owner: bool, form: &Form, status: StatusCode) -> Answer {
    let mut conn = s.db.read().await?;
    let fixed = plan::fixed(&mut conn, &project.id).await?;
    let parts = match &fixed {
        Some(fixed) => plan::followed(&mut conn, &fixed.id, ctx.now).await?,
        None => Vec::new(),
    };
    let open = match plan::open(&mut conn, &project.id).await? {
        Some(open) => {
            let parts = plan::parts_of(&mut conn, &open.id).await?;
            Some((open, parts))
        }
        None => None,
    };
    let told = updates::actions::of_project(&mut conn, &project.id).await?;
    let told = told.iter().filter(|update| is_public(update));
    let page = PlanPage {
        ctx,
        form,
        is_owner,
        payable: actions::payable(&mut conn, &project.id, &project.organisation_id).await?,
        fee: rounds::actions::get(&mut conn, &project.round_id).await?.fee_for_maker(ctx.lang),
        obstacle: plan::obstacle(&mut conn, project).await?,
        fixed,
        parts: &parts,
        open,
        rows: plan_form::rows(form),
        units: plan_form::units(ctx),
        choices: plan_form::choices(ctx),
        updates: told.map(|update| (update.number.to_string(), update.title(ctx.lang).to_owned())).collect(),
        project,
    };
    ctx.page_with(status, &page)
}

/// 303 when it was done; the page with the refusal when a rule said no.
async fn decided(ctx: &Ctx, s: &Services, project: &Project, mut form: Form, done: Result<()>, flash: &str) -> Answer {
    match done {
        Ok(()) => Ok(ctx.redirect_done(&path(project), flash)),
        Err(Error::Refused(refusal)) => {
            form.refuse(ctx.lang, &*refusal);
            page(ctx, s, project, true, &form, Failure::from(&*refusal).status()).await
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn suggest(ctx: Ctx, State(s): State<Services>, Fresh(own): Fresh<ProjectOwner>, posted: Posted) -> Answer {
    let ProjectOwner { person, project } = own;
    let ctx = ctx.signed_in_as(person.label());
    let names = plan_form::fields();
    let mut form = posted.allow(&names.iter().map(String::as_str).collect::<Vec<_>>())?;
    let mut conn = s.db.read().await?;
    let left = actions::payable(&mut conn, &project.id, &project.organisation_id).await?.left();
    drop(conn);
    let Some(parts) = plan_form::read(ctx.lang, &mut form, left) else {
        return page(&ctx, &s, &project, true, &form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let mut tx = s.db.begin().await?;
    let done = plan::suggest(&mut tx, &project.id, &person.user.id, &parts, ctx.now).await;
    let done = ended(tx, done).await;
    decided(&ctx, &s, &project, form, done, "flash-payplan-suggested").await
}

/// A milestone is reached, says its owner.
pub async fn report(
    ctx: Ctx,
    State(s): State<Services>,
    Fresh(own): Fresh<ProjectOwner>,
    Path((_lang, _slug, position)): Path<(String, String, String)>,
    posted: Posted,
) -> Answer {
    let ProjectOwner { person, project } = own;
    let ctx = ctx.signed_in_as(person.label());
    let mut form = posted.allow(&["word", "update"])?;
    let position: i64 = position.parse().map_err(|_| Failure::not_found())?;
    let update = match form.value("update") {
        "" => None,
        typed => match published(&s, &project, typed).await? {
            Some(number) => Some(number),
            None => {
                form.fail_key(ctx.lang, "update", "form-choose-one");
                return page(&ctx, &s, &project, true, &form, StatusCode::UNPROCESSABLE_ENTITY).await;
            }
        },
    };
    let mut tx = s.db.begin().await?;
    let told = (form.value("word"), update);
    let done = plan::report(&mut tx, &project.id, position, &person.user.id, told, ctx.now).await;
    let done = ended(tx, done).await;
    decided(&ctx, &s, &project, form, done, "flash-payplan-reported").await
}

/// The number of a published update of this project.
async fn published(s: &Services, project: &Project, typed: &str) -> Result<Option<i64>> {
    let all = updates::actions::of_project(&mut *s.db.read().await?, &project.id).await?;
    let found = all.iter().find(|update| is_public(update) && update.number.to_string() == typed);
    Ok(found.map(|update| update.number))
}

fn is_public(update: &Update) -> bool {
    update.state == UpdateState::Published && update.audience == Audience::Everybody
}

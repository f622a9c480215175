//! The form of a match fund: for a new one, and for one that is still a draft.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::features::match_funds::{FIELDS, Fund, Terms, actions};
use crate::features::projects::Project;
use crate::features::rounds::Round;
use crate::features::staff::match_funds::PATH;
use crate::features::staff::treasurer::{Outcome, Treasurer, end};
use crate::features::users::roles::{TreasurerOnly, With};
use crate::features::{organisations, projects, rounds};
use crate::infra::Services;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};

/// What a new fund begins with.
const BEGIN: [(&str, &str); 4] =
    [("ratio", "100"), ("most_per_project", "50"), ("least_backers", "0"), ("starting", "0")];

#[derive(Template)]
#[template(path = "staff/match_fund_form.html")]
struct FormPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    round: &'a Round,
    projects: &'a [Project],
    givers: Vec<(String, String)>,
    /// Where it is posted to, and where it leads back.
    action: String,
    back: String,
}

impl FormPage<'_> {
    fn field(&self, project: &Project) -> String {
        field(project)
    }

    fn is_ticked(&self, project: &Project) -> bool {
        self.form.ticked(&field(project))
    }
}

/// The field of a project's tick.
fn field(project: &Project) -> String {
    format!("project-{}", project.slug)
}

/// What the form is about.
struct Subject {
    round: Round,
    projects: Vec<Project>,
    fund: Option<Fund>,
}

impl Subject {
    async fn of_round(conn: &mut Conn, number: &str) -> std::result::Result<Subject, Failure> {
        let number: i64 = number.parse().map_err(|_| Failure::not_found())?;
        let round = rounds::actions::by_number(conn, number).await?.ok_or_else(Failure::not_found)?;
        let projects = projects::actions::of_round(conn, &round.id).await?;
        Ok(Subject { round, projects, fund: None })
    }

    async fn of_fund(conn: &mut Conn, id: &str) -> std::result::Result<Subject, Failure> {
        let fund = actions::by_id(conn, id).await?.ok_or_else(Failure::not_found)?;
        let round = rounds::actions::get(conn, &fund.round_id).await?;
        let projects = projects::actions::of_round(conn, &round.id).await?;
        Ok(Subject { round, projects, fund: Some(fund) })
    }

    /// The terms as they were typed; what is wrong stands beside its field.
    fn read(&self, ctx: &Ctx, form: &mut Form) -> Option<Terms> {
        let ticked = self.projects.iter().filter(|project| form.ticked(&field(project)));
        let ids = ticked.map(|project| project.id.clone()).collect();
        let read = Terms::read(|name| form.value(name), ids);
        match read {
            Ok(terms) => Some(terms),
            Err(wrong) => {
                wrong.iter().for_each(|refusal| form.refuse(ctx.lang, refusal));
                None
            }
        }
    }

    fn allowed(&self, posted: Posted) -> std::result::Result<Form, Failure> {
        let ticks: Vec<String> = self.projects.iter().map(field).collect();
        let names: Vec<&str> = FIELDS.iter().copied().chain(ticks.iter().map(String::as_str)).collect();
        posted.allow(&names)
    }

    async fn page(&self, ctx: &Ctx, s: &Services, form: &Form, status: StatusCode) -> Answer {
        let mut conn = s.db.read().await?;
        let givers = organisations::actions::all(&mut conn).await?;
        let (action, back) = match &self.fund {
            Some(fund) => (format!("{PATH}/{}/terms", fund.id), format!("{PATH}/{}", fund.id)),
            None => (format!("{PATH}/new/{}", self.round.number), PATH.to_owned()),
        };
        let page = FormPage {
            ctx,
            form,
            round: &self.round,
            projects: &self.projects,
            givers: givers.into_iter().map(|giver| (giver.id, giver.name)).collect(),
            action: ctx.path(&action),
            back: ctx.path(&back),
        };
        ctx.page_with(status, &page)
    }
}

pub async fn begin(
    ctx: Ctx,
    State(s): State<Services>,
    With(staff, ..): With<TreasurerOnly>,
    Path((_lang, round)): Path<(String, String)>,
) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let subject = Subject::of_round(&mut *s.db.read().await?, &round).await?;
    subject.page(&ctx, &s, &Form::with(&BEGIN), StatusCode::OK).await
}

pub async fn create(desk: Treasurer, Path((_lang, round)): Path<(String, String)>, posted: Posted) -> Answer {
    let subject = Subject::of_round(&mut *desk.s.db.read().await?, &round).await?;
    let mut form = subject.allowed(posted)?;
    let Some(terms) = subject.read(&desk.ctx, &mut form) else {
        return subject.page(&desk.ctx, &desk.s, &form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let mut tx = desk.s.db.begin().await?;
    let done = actions::create(&mut tx, desk.decider(), &subject.round.id, &terms, desk.ctx.now).await;
    let done = end(tx, done).await;
    saved(desk, &subject, form, done).await
}

pub async fn show(
    ctx: Ctx,
    State(s): State<Services>,
    With(staff, ..): With<TreasurerOnly>,
    Path((_lang, id)): Path<(String, String)>,
) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let mut conn = s.db.read().await?;
    let subject = Subject::of_fund(&mut conn, &id).await?;
    let Some(fund) = &subject.fund else { return Err(Failure::not_found()) };
    let mut form = Form::with(&[
        ("name_nl", &fund.name_nl),
        ("name_en", &fund.name_en),
        ("giver", &fund.giver_id),
        ("ratio", &fund.ratio_percent.to_string()),
        ("most_per_pledge", &fund.most_per_pledge.plain()),
        ("most_per_project", &fund.most_per_project_percent.to_string()),
        ("least_backers", &fund.least_backers.to_string()),
        ("starting", &fund.starting_percent.to_string()),
    ]);
    let ticked = actions::projects_of(&mut conn, &id).await?;
    for project in subject.projects.iter().filter(|project| ticked.contains(&project.id)) {
        form.set(&field(project), "yes");
    }
    drop(conn);
    subject.page(&ctx, &s, &form, StatusCode::OK).await
}

pub async fn change(desk: Treasurer, Path((_lang, id)): Path<(String, String)>, posted: Posted) -> Answer {
    let subject = Subject::of_fund(&mut *desk.s.db.read().await?, &id).await?;
    let mut form = subject.allowed(posted)?;
    let Some(terms) = subject.read(&desk.ctx, &mut form) else {
        return subject.page(&desk.ctx, &desk.s, &form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let mut tx = desk.s.db.begin().await?;
    let done = actions::change(&mut tx, desk.decider(), &id, &terms, desk.ctx.now).await.map(|()| id.clone());
    let done = end(tx, done).await;
    saved(desk, &subject, form, done).await
}

/// 303 to the fund when it was saved; the form with the refusal when a rule said no.
async fn saved(desk: Treasurer, subject: &Subject, form: Form, done: Result<String>) -> Answer {
    match desk.outcome(PATH, form, done, "")? {
        Outcome::Done(id) => Ok(desk.ctx.redirect_done(&format!("{PATH}/{id}"), "flash-match-saved")),
        Outcome::Refused(form, status) => subject.page(&desk.ctx, &desk.s, &form, status).await,
    }
}

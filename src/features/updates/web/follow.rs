//! Following: ask, and confirm by the letter's link.
//!
//! GET never changes anything: mail programs and their scanners open every link.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;

use crate::features::projects::{self, Project};
use crate::features::updates::{Follow, UpdateRefusal, actions, follows};
use crate::features::users::User;
use crate::infra::Services;
use crate::infra::web::client::Client;
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted, human};

/// A person takes longer to type an address.
const LEAST_SECONDS: i64 = 1;

pub(super) fn routes() -> Router<Services> {
    Router::new()
        .route("/{lang}/projects/{slug}/follow", get(ask_form).post(ask))
        .route("/{lang}/follow/{token}", get(confirm_form).post(confirm))
}

#[derive(Template)]
#[template(path = "updates/follow.html")]
struct AskPage<'a> {
    ctx: &'a Ctx,
    project: &'a Project,
    form: Form,
}

#[derive(Template)]
#[template(path = "updates/button.html")]
struct ButtonPage<'a> {
    ctx: &'a Ctx,
    title: String,
    text: String,
    /// The words on the button; none when it is done.
    button: Option<String>,
    action: String,
    project: &'a Project,
}

async fn public_project(s: &Services, slug: &str) -> Result<Project, Failure> {
    let mut conn = s.db.read().await?;
    projects::actions::public_by_slug(&mut conn, slug).await?.ok_or_else(Failure::not_found)
}

async fn ask_form(ctx: Ctx, State(s): State<Services>, Path((_lang, slug)): Path<(String, String)>) -> Answer {
    let project = public_project(&s, &slug).await?;
    ctx.page(&AskPage { ctx: &ctx, project: &project, form: Form::default() })
}

/// The answer is the same for every address, so that it tells nothing about who follows what.
async fn ask(
    ctx: Ctx,
    State(s): State<Services>,
    Path((_lang, slug)): Path<(String, String)>,
    client: Client,
    posted: Posted,
) -> Answer {
    let mut form = posted.allow(&["email", "remind", human::TRAP])?;
    let project = public_project(&s, &slug).await?;
    if let Some(key) = human::doubt(&s, &mut form, LEAST_SECONDS) {
        form.fail_key(ctx.lang, "", key);
        return ctx.page_with(StatusCode::UNPROCESSABLE_ENTITY, &AskPage { ctx: &ctx, project: &project, form });
    }
    match actions::ask(&s, &project, form.value("email"), form.ticked("remind"), ctx.lang, &client.network).await {
        Ok(()) => Ok(ctx.redirect_done(&format!("/projects/{slug}"), "flash-follow-asked")),
        Err(error) => match error.refusal::<UpdateRefusal>() {
            Some(refusal) => {
                form.refuse(ctx.lang, refusal);
                ctx.page_with(StatusCode::UNPROCESSABLE_ENTITY, &AskPage { ctx: &ctx, project: &project, form })
            }
            None => Err(error.into()),
        },
    }
}

/// The follow behind a link, with its person and project.
pub(super) async fn behind(s: &Services, purpose: &str, token: &str) -> Result<(Follow, User, Project), Failure> {
    let mut conn = s.db.read().await?;
    let found = follows::by_token(s, &mut conn, purpose, token).await?;
    let (follow, user) = found.ok_or_else(Failure::not_found)?;
    let project = projects::actions::get(&mut conn, &follow.project_id).await?;
    Ok((follow, user, project))
}

async fn confirm_form(ctx: Ctx, State(s): State<Services>, Path((_lang, token)): Path<(String, String)>) -> Answer {
    let (_, user, project) = behind(&s, "follow", &token).await?;
    ctx.page(&ButtonPage {
        title: ctx.t("follow-confirm-title"),
        text: ctx.t2("follow-confirm-text", "project", project.title(ctx.lang), "email", &user.email),
        button: Some(ctx.t("follow-confirm-button")),
        action: ctx.path(&format!("/follow/{token}")),
        project: &project,
        ctx: &ctx,
    })
}

async fn confirm(
    ctx: Ctx,
    State(s): State<Services>,
    Path((_lang, token)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    posted.allow(&[])?;
    let (follow, _, project) = behind(&s, "follow", &token).await?;
    follows::confirm(&s, &follow, ctx.lang).await?;
    ctx.page(&ButtonPage {
        title: ctx.t("follow-confirmed-title"),
        text: ctx.t1("follow-confirmed-text", "project", project.title(ctx.lang)),
        button: None,
        action: String::new(),
        project: &project,
        ctx: &ctx,
    })
}

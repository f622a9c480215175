//! Following: ask, confirm by the letter's link, end by the letter's link or from the account.
//!
//! GET never changes anything: mail programs and their scanners open every link.

use askama::Template;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};

use crate::features::projects::{self, Project};
use crate::features::updates::choices::Way;
use crate::features::updates::{Follow, UpdateRefusal, actions, follows};
use crate::features::users::User;
use crate::features::users::guard::SignedIn;
use crate::infra::Services;
use crate::infra::web::client::Client;
use crate::infra::web::form::LARGEST_FORM;
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted, human};
use crate::values::Lang;

/// A person takes longer to type an address.
const LEAST_SECONDS: i64 = 1;
/// What a mail program posts (RFC 8058, section 3.1).
const ONE_CLICK: &[u8] = b"List-Unsubscribe=One-Click";

pub(super) fn routes() -> Router<Services> {
    Router::new()
        .route("/{lang}/projects/{slug}/follow", get(ask_form).post(ask))
        .route("/{lang}/follow/{token}", get(confirm_form).post(confirm))
        .route("/{lang}/account/mail", get(list))
        .route("/{lang}/account/mail/end", post(end_mine))
        .route("/{lang}/account/mail/remind", post(remind_me))
}

pub(super) fn open() -> Router<Services> {
    let largest = DefaultBodyLimit::max(LARGEST_FORM);
    Router::new().route("/unsubscribe/{token}", get(end_form).post(end).layer(largest))
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

#[derive(Template)]
#[template(path = "updates/account.html")]
struct AccountPage<'a> {
    ctx: &'a Ctx,
    email: &'a str,
    follows: Vec<(Follow, Project)>,
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
async fn behind(s: &Services, purpose: &str, token: &str) -> Result<(Follow, User, Project), Failure> {
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

/// A page without a language in its address speaks the person's own.
fn context(s: &Services, lang: Lang) -> Ctx {
    let home = format!("/{lang}");
    Ctx::new(s, lang, &home, None)
}

async fn end_form(State(s): State<Services>, Path(token): Path<String>) -> Answer {
    let (follow, user, project) = behind(&s, "unsubscribe", &token).await?;
    let ctx = context(&s, user.language);
    if follow.ended_at.is_some() {
        return ended(&ctx, &project);
    }
    ctx.page(&ButtonPage {
        title: ctx.t("unsubscribe-title"),
        text: ctx.t2("unsubscribe-text", "project", project.title(ctx.lang), "email", &user.email),
        button: Some(ctx.t("unsubscribe-button")),
        action: format!("/unsubscribe/{token}"),
        project: &project,
        ctx: &ctx,
    })
}

/// Ends the follow at once, whatever the body says: the button's is empty, a mail program's is `List-Unsubscribe=One-Click`.
async fn end(State(s): State<Services>, Path(token): Path<String>, body: Bytes) -> Answer {
    let (follow, user, project) = behind(&s, "unsubscribe", &token).await?;
    let one_click = body.windows(ONE_CLICK.len()).any(|part| part == ONE_CLICK);
    let way = if one_click { Way::OneClick } else { Way::Unsubscribe };
    follows::end(&s, &follow, way, user.language).await?;
    ended(&context(&s, user.language), &project)
}

fn ended(ctx: &Ctx, project: &Project) -> Answer {
    ctx.page(&ButtonPage {
        ctx,
        title: ctx.t("unsubscribed-title"),
        text: ctx.t1("unsubscribed-text", "project", project.title(ctx.lang)),
        button: None,
        action: String::new(),
        project,
    })
}

async fn list(ctx: Ctx, person: SignedIn, State(s): State<Services>) -> Answer {
    let mut conn = s.db.read().await?;
    let mut follows = Vec::new();
    for follow in actions::follows_of(&mut conn, &person.user.id).await? {
        let project = projects::actions::get(&mut conn, &follow.project_id).await?;
        follows.push((follow, project));
    }
    let ctx = ctx.signed_in_as(person.label());
    ctx.page(&AccountPage { ctx: &ctx, email: &person.user.email, follows })
}

/// Switches the reminder before the close on or off.
async fn remind_me(ctx: Ctx, person: SignedIn, State(s): State<Services>, posted: Posted) -> Answer {
    let form = posted.allow(&["follow", "remind"])?;
    let mine = actions::follows_of(&mut *s.db.read().await?, &person.user.id).await?;
    let follow = mine.iter().find(|follow| follow.id == form.value("follow")).ok_or_else(Failure::not_found)?;
    follows::set_reminder(&s, follow, form.ticked("remind"), ctx.lang).await?;
    Ok(ctx.redirect_done("/account/mail", "flash-reminder-set"))
}

async fn end_mine(ctx: Ctx, person: SignedIn, State(s): State<Services>, posted: Posted) -> Answer {
    let form = posted.allow(&["follow"])?;
    let mine = actions::follows_of(&mut *s.db.read().await?, &person.user.id).await?;
    let follow = mine.iter().find(|follow| follow.id == form.value("follow")).ok_or_else(Failure::not_found)?;
    follows::end(&s, follow, Way::Account, ctx.lang).await?;
    Ok(ctx.redirect_done("/account/mail", "flash-unfollowed"))
}

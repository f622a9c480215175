//! The own account: name and language, what else is there, sessions, signing out.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Redirect};
use axum_extra::extract::cookie::CookieJar;

use crate::features::users::guard::{self, SignedIn};
use crate::features::users::{Session, actions};
use crate::infra::Services;
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};
use crate::values::{Lang, text};

const LONGEST_NAME: usize = 80;

#[derive(Template)]
#[template(path = "users/account.html")]
struct AccountPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    person: &'a SignedIn,
    sessions: Vec<Session>,
    languages: Vec<(&'static str, String)>,
}

pub(super) async fn show(ctx: Ctx, State(s): State<Services>, person: SignedIn) -> Answer {
    let form = Form::with(&[("name", &person.user.name), ("language", person.user.language.code())]);
    page(ctx, &s, &person, &form, StatusCode::OK).await
}

async fn page(ctx: Ctx, s: &Services, person: &SignedIn, form: &Form, status: StatusCode) -> Answer {
    let ctx = ctx.signed_in_as(person.label());
    let mut conn = s.db.read().await?;
    let sessions = actions::sessions(&mut conn, &person.user.id, person.is_staff(), ctx.now).await?;
    let languages = Lang::ALL.map(|lang| (lang.code(), ctx.t(format!("users-language-{lang}")))).to_vec();
    ctx.page_with(status, &AccountPage { ctx: &ctx, form, person, sessions, languages })
}

pub(super) async fn save(ctx: Ctx, State(s): State<Services>, person: SignedIn, posted: Posted) -> Answer {
    let mut form = posted.allow(&["name", "language"])?;
    let name = text::one_line(form.value("name"), LONGEST_NAME);
    let lang = Lang::from_code(form.value("language"));
    if name.is_none() {
        form.fail_key(ctx.lang, "name", "users-name-long");
    }
    if lang.is_none() {
        form.fail_key(ctx.lang, "language", "users-language-wrong");
    }
    let (Some(name), Some(lang)) = (name, lang) else {
        return page(ctx, &s, &person, &form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let mut tx = s.db.begin().await?;
    actions::rename(&mut tx, &person.user.id, &name).await?;
    actions::set_language(&mut tx, &person.user.id, lang).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/{lang}/account?done=users-saved")).into_response())
}

pub(super) async fn end_session(
    ctx: Ctx,
    State(s): State<Services>,
    person: SignedIn,
    Path((_lang, id)): Path<(String, String)>,
) -> Answer {
    let mut tx = s.db.begin().await?;
    if !actions::end_session(&mut tx, &person.user.id, &id).await? {
        return Err(Failure::not_found());
    }
    tx.commit().await?;
    Ok(ctx.redirect_done("/account", "flash-users-session-ended"))
}

pub(super) async fn end_other_sessions(ctx: Ctx, State(s): State<Services>, person: SignedIn) -> Answer {
    let mut tx = s.db.begin().await?;
    actions::end_other_sessions(&mut tx, &person.user.id, &person.session.id).await?;
    tx.commit().await?;
    Ok(ctx.redirect_done("/account", "flash-users-sessions-ended"))
}

/// Signing out works also when the session has ended already.
pub(super) async fn sign_out(ctx: Ctx, State(s): State<Services>, jar: CookieJar) -> Answer {
    if let Some(token) = guard::token_of(&s, &jar) {
        let mut tx = s.db.begin().await?;
        actions::end_session_with(&mut tx, &token).await?;
        tx.commit().await?;
    }
    let jar = jar.remove(guard::cookie(&s, String::new()));
    let clear = [(HeaderName::from_static("clear-site-data"), "\"cache\", \"cookies\", \"storage\"")];
    Ok((clear, jar, ctx.redirect_done("/sign-in", "flash-users-signed-out")).into_response())
}

//! Where somebody is signed in: a list to end one or all others from, and signing out here.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderName;
use axum::response::IntoResponse;
use axum_extra::extract::cookie::CookieJar;

use crate::features::users::guard::{self, SignedIn};
use crate::features::users::{Session, actions};
use crate::infra::Services;
use crate::infra::web::{Answer, Ctx, Failure, Posted};

#[derive(Template)]
#[template(path = "users/sessions.html")]
struct SessionsPage<'a> {
    ctx: &'a Ctx,
    person: &'a SignedIn,
    sessions: Vec<Session>,
}

impl SessionsPage<'_> {
    fn device(&self, session: &Session) -> String {
        if session.device.is_empty() { self.ctx.t("users-device-unknown") } else { session.device.clone() }
    }
}

pub(super) async fn show(ctx: Ctx, State(s): State<Services>, person: SignedIn) -> Answer {
    let ctx = ctx.signed_in_as(person.label());
    let mut conn = s.db.read().await?;
    let sessions = actions::sessions(&mut conn, &person.user.id, person.is_staff(), ctx.now).await?;
    ctx.page(&SessionsPage { ctx: &ctx, person: &person, sessions })
}

pub(super) async fn end(
    ctx: Ctx,
    State(s): State<Services>,
    person: SignedIn,
    Path((_lang, id)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    posted.allow(&[])?;
    let mut tx = s.db.begin().await?;
    if !actions::end_session(&mut tx, &person.user.id, &id).await? {
        return Err(Failure::not_found());
    }
    tx.commit().await?;
    Ok(ctx.redirect_done("/account/sessions", "flash-users-session-ended"))
}

pub(super) async fn end_others(ctx: Ctx, State(s): State<Services>, person: SignedIn, posted: Posted) -> Answer {
    posted.allow(&[])?;
    let mut tx = s.db.begin().await?;
    actions::end_other_sessions(&mut tx, &person.user.id, &person.session.id).await?;
    tx.commit().await?;
    Ok(ctx.redirect_done("/account/sessions", "flash-users-sessions-ended"))
}

/// Signing out works also when the session has ended already. The browser forgets everything of this site.
pub(super) async fn sign_out(ctx: Ctx, State(s): State<Services>, jar: CookieJar, posted: Posted) -> Answer {
    posted.allow(&[])?;
    if let Some(token) = guard::token_of(&s, &jar) {
        let mut tx = s.db.begin().await?;
        actions::sign_out(&mut tx, &token, ctx.now).await?;
        tx.commit().await?;
    }
    let jar = jar.remove(guard::cookie(&s, String::new()));
    let clear = [(HeaderName::from_static("clear-site-data"), "\"cache\", \"cookies\", \"storage\"")];
    Ok((clear, jar, ctx.redirect_done("/sign-in", "flash-users-signed-out")).into_response())
}

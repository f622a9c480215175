//! Pages of the second factor: giving it, and enrolling an authenticator app with a link.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::cookie::CookieJar;

use super::{kept, next_of};
use crate::features::users::factor::{self, Checked, Enrolled, Enrolling, Factors};
use crate::features::users::guard::{self, SignedIn, with_next};
use crate::features::users::passkeys::{self, Answered};
use crate::features::users::{local_path, totp};
use crate::infra::Services;
use crate::infra::web::client::Client;
use crate::infra::web::qr::Qr;
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};

#[derive(Template)]
#[template(path = "users/factor.html")]
struct FactorPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    is_staff: bool,
    takes_app: bool,
    takes_passkey: bool,
}

impl FactorPage<'_> {
    /// Where somebody without a factor gets one, and then back.
    fn security_url(&self) -> String {
        self.ctx.path(&with_next("/account/security", self.form.value("next")))
    }
}

pub(super) async fn show(ctx: Ctx, State(s): State<Services>, person: SignedIn, RawQuery(query): RawQuery) -> Answer {
    let form = Form::with(&[("next", next_of(query.as_deref()).as_str())]);
    page(ctx, &s, &person, &form, StatusCode::OK).await
}

async fn page(ctx: Ctx, s: &Services, person: &SignedIn, form: &Form, status: StatusCode) -> Answer {
    let ctx = ctx.signed_in_as(person.label());
    let factors: Factors = factor::of_user(&mut *s.db.read().await?, &person.user.id).await?;
    let is_staff = person.is_staff();
    let takes_app = factor::takes_app(is_staff, factors, s.settings.production());
    let takes_passkey = factors.passkeys > 0 && passkeys::possible(&s.settings);
    ctx.page_with(status, &FactorPage { ctx: &ctx, form, is_staff, takes_app, takes_passkey })
}

/// What the browser's script hands to the device.
pub(super) async fn question(State(s): State<Services>, person: SignedIn, posted: Posted) -> Answer {
    posted.allow(&[])?;
    let question = passkeys::ask_to_confirm(&s, &person.session).await?.ok_or_else(Failure::not_found)?;
    Ok(json(question))
}

pub(super) fn json(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], text).into_response()
}

/// Takes a code of the app, or the answer of a passkey.
pub(super) async fn check(
    ctx: Ctx,
    State(s): State<Services>,
    person: SignedIn,
    jar: CookieJar,
    posted: Posted,
) -> Answer {
    let mut form = posted.allow(&["code", "answer", "next"])?;
    let given = if form.value("answer").is_empty() {
        factor::check(&s, &person.session, person.is_staff(), form.value("code")).await?
    } else {
        match passkeys::confirm(&s, &person.session, form.value("answer")).await? {
            Answered::Right(token) => Checked::Right(token),
            _ => {
                form.set("answer", "");
                form.fail_key(ctx.lang, "", "passkey-wrong");
                return page(ctx, &s, &person, &form, StatusCode::UNPROCESSABLE_ENTITY).await;
            }
        }
    };
    let (status, key) = match given {
        Checked::Right(token) => {
            let home = if person.is_staff() { "/staff" } else { "/account" };
            let next = local_path(form.value("next")).unwrap_or(home);
            let answer = match kept::take(&s, &person.session).await? {
                Some(kept) => kept::page(&ctx.signed_in_as(person.label()), &kept, next)?,
                None => ctx.redirect(next),
            };
            return Ok((jar.add(guard::cookie(&s, token)), answer).into_response());
        }
        Checked::Wrong => (StatusCode::UNPROCESSABLE_ENTITY, "users-factor-wrong"),
        Checked::Paused => (StatusCode::TOO_MANY_REQUESTS, "users-factor-paused"),
        Checked::NoApp => return page(ctx, &s, &person, &form, StatusCode::CONFLICT).await,
    };
    form.fail_key(ctx.lang, "code", key);
    form.set("code", "");
    page(ctx, &s, &person, &form, status).await
}

/// The page on which an app is connected: by a link of the team, or from the own account.
#[derive(Template)]
#[template(path = "users/enrol.html")]
pub(super) struct EnrolPage<'a> {
    pub ctx: &'a Ctx,
    pub form: &'a Form,
    pub email: &'a str,
    /// In groups of four, to be typed over.
    pub secret: String,
    pub qr: Option<Qr>,
    /// Connecting signs in.
    pub signs_in: bool,
}

#[derive(Template)]
#[template(path = "users/enrol_ended.html")]
struct EndedPage<'a> {
    ctx: &'a Ctx,
}

pub(super) async fn show_enrol(
    ctx: Ctx,
    State(s): State<Services>,
    Path((_lang, token)): Path<(String, String)>,
) -> Answer {
    enrol_page(&ctx, &s, &token, StatusCode::OK, &Form::default()).await
}

pub(super) async fn enrol(
    ctx: Ctx,
    State(s): State<Services>,
    Path((_lang, token)): Path<(String, String)>,
    jar: CookieJar,
    client: Client,
    posted: Posted,
) -> Answer {
    let mut form = posted.allow(&["code"])?;
    let old = guard::token_of(&s, &jar);
    let enrolled = factor::enrol(&s, &token, form.value("code"), old.as_deref(), &client.device).await?;
    if let Enrolled::Done(session) = enrolled {
        return Ok((jar.add(guard::cookie(&s, session)), ctx.redirect("/staff")).into_response());
    }
    form.fail_key(ctx.lang, "code", "users-factor-wrong");
    form.set("code", "");
    enrol_page(&ctx, &s, &token, StatusCode::UNPROCESSABLE_ENTITY, &form).await
}

/// The secret and the form while the enrolment lives; otherwise why it ended.
async fn enrol_page(ctx: &Ctx, s: &Services, token: &str, status: StatusCode, form: &Form) -> Answer {
    let mut conn = s.db.read().await?;
    let Some(Enrolling { user, secret }) = factor::enrolling(&mut conn, &s.keys, token, ctx.now).await? else {
        return ctx.page_with(StatusCode::GONE, &EndedPage { ctx });
    };
    let qr = Qr::of(&totp::key_uri(&user.email, &secret));
    let page = EnrolPage { ctx, form, email: &user.email, secret: totp::grouped(&secret), qr, signs_in: true };
    ctx.page_with(status, &page)
}

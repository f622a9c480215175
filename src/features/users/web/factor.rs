//! Pages of the second factor: enrolling an authenticator app, and giving its code.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum_extra::extract::cookie::CookieJar;

use super::next_of;
use crate::features::users::factor::{self, Checked, Enrolled, Enrolling};
use crate::features::users::guard::{self, SignedIn};
use crate::features::users::{local_path, totp};
use crate::infra::Services;
use crate::infra::web::qr::Qr;
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};

#[derive(Template)]
#[template(path = "users/factor.html")]
struct FactorPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    has_app: bool,
}

pub(super) async fn show(ctx: Ctx, State(s): State<Services>, person: SignedIn, RawQuery(query): RawQuery) -> Answer {
    let ctx = staff_ctx(ctx, &person)?;
    let mut conn = s.db.read().await?;
    let has_app = factor::has_app(&mut conn, &person.user.id).await?;
    let form = Form::with(&[("next", next_of(query.as_deref()).as_str())]);
    ctx.page(&FactorPage { ctx: &ctx, form: &form, has_app })
}

pub(super) async fn check(
    ctx: Ctx,
    State(s): State<Services>,
    person: SignedIn,
    jar: CookieJar,
    posted: Posted,
) -> Answer {
    let ctx = staff_ctx(ctx, &person)?;
    let mut form = posted.allow(&["code", "next"])?;
    let (status, key) = match factor::check(&s, &person.session, form.value("code")).await? {
        Checked::Right(token) => {
            let next = local_path(form.value("next")).unwrap_or("/staff");
            return Ok((jar.add(guard::cookie(&s, token)), ctx.redirect(next)).into_response());
        }
        Checked::Wrong => (StatusCode::UNPROCESSABLE_ENTITY, "users-factor-wrong"),
        Checked::Paused => (StatusCode::TOO_MANY_REQUESTS, "users-factor-paused"),
        Checked::NoApp => {
            let page = FactorPage { ctx: &ctx, form: &form, has_app: false };
            return ctx.page_with(StatusCode::CONFLICT, &page);
        }
    };
    form.fail_key(ctx.lang, "code", key);
    form.set("code", "");
    ctx.page_with(status, &FactorPage { ctx: &ctx, form: &form, has_app: true })
}

/// Only the platform's team has a second factor.
fn staff_ctx(ctx: Ctx, person: &SignedIn) -> Result<Ctx, Failure> {
    if person.is_staff() { Ok(ctx.signed_in_as(person.label())) } else { Err(Failure::forbidden()) }
}

#[derive(Template)]
#[template(path = "users/enrol.html")]
struct EnrolPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    email: &'a str,
    /// In groups of four, to be typed over.
    secret: String,
    qr: Option<Qr>,
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
    posted: Posted,
) -> Answer {
    let mut form = posted.allow(&["code"])?;
    let old = guard::token_of(&s, &jar);
    if let Enrolled::Done(session) = factor::enrol(&s, &token, form.value("code"), old.as_deref()).await? {
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
    let page = EnrolPage { ctx, form, email: &user.email, secret: totp::grouped(&secret), qr };
    ctx.page_with(status, &page)
}

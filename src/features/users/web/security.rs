//! How somebody signs in safely: passkeys and app, what changed lately, and the way to sessions and to another address.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum_extra::extract::cookie::CookieJar;

use super::factor::{EnrolPage, json};
use super::next_of;
use crate::features::users::events::{self, Event};
use crate::features::users::factor::{self, Factors, MayChange};
use crate::features::users::guard::{self, Fresh, SignedIn, with_next};
use crate::features::users::passkeys::{self, Answered, NamedKey};
use crate::features::users::proved::Proved;
use crate::features::users::{local_path, totp};
use crate::infra::Services;
use crate::infra::error::{Error, Result};
use crate::infra::web::qr::Qr;
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};

/// Where this page is.
const PATH: &str = "/account/security";

#[derive(Template)]
#[template(path = "users/security.html")]
struct SecurityPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    person: &'a SignedIn,
    keys: Vec<NamedKey>,
    events: Vec<Event>,
    factors: Factors,
    may: MayChange,
    /// Passkeys can be used at the site's address.
    possible: bool,
    /// The team in production works with a passkey.
    needs_passkey: bool,
    /// An app is of use to this person.
    offers_app: bool,
}

impl SecurityPage<'_> {
    fn event(&self, event: &Event) -> String {
        event.told(self.ctx)
    }

    /// Where to go on to once there is a factor; empty when nothing waits.
    fn next_url(&self) -> String {
        match self.form.value("next") {
            "" => String::new(),
            next => self.ctx.path(next),
        }
    }
}

pub(super) async fn show(ctx: Ctx, State(s): State<Services>, person: SignedIn, RawQuery(query): RawQuery) -> Answer {
    let form = Form::with(&[("next", next_of(query.as_deref()).as_str())]);
    page(ctx, &s, &person, &form, StatusCode::OK).await
}

async fn page(ctx: Ctx, s: &Services, person: &SignedIn, form: &Form, status: StatusCode) -> Answer {
    let ctx = ctx.signed_in_as(person.label());
    let mut conn = s.db.read().await?;
    let factors = factor::of_user(&mut conn, &person.user.id).await?;
    let team = person.is_staff() && s.settings.production();
    let page = SecurityPage {
        form,
        person,
        keys: passkeys::of_user(&mut conn, &person.user.id).await?,
        events: events::lately(&mut conn, &person.user.id).await?,
        factors,
        may: factor::may_change(&person.session, person.is_staff(), factors, ctx.now),
        possible: passkeys::possible(&s.settings),
        needs_passkey: team && factors.passkeys == 0,
        offers_app: !team,
        ctx: &ctx,
    };
    ctx.page_with(status, &page)
}

/// What the browser's script hands to the device that makes a passkey.
pub(super) async fn question(State(s): State<Services>, Proved(person): Proved, posted: Posted) -> Answer {
    posted.allow(&[])?;
    Ok(json(passkeys::ask_to_register(&s, &person.session, &person.user).await?))
}

pub(super) async fn add_passkey(
    ctx: Ctx,
    State(s): State<Services>,
    Proved(person): Proved,
    jar: CookieJar,
    posted: Posted,
) -> Answer {
    let mut form = posted.allow(&["name", "answer", "next"])?;
    let next = local_path(form.value("next")).unwrap_or_default().to_owned();
    let (field, key) = match passkeys::register(&s, &person.session, form.value("name"), form.value("answer")).await? {
        Answered::Right(token) => {
            let done = ctx.redirect_done(&with_next(PATH, &next), "flash-passkey-added");
            return Ok((jar.add(guard::cookie(&s, token)), done).into_response());
        }
        Answered::NameWrong => ("name", "passkey-name-wrong"),
        Answered::Taken => ("name", "passkey-taken"),
        Answered::Wrong if form.value("answer").is_empty() => ("name", "passkey-needs-script"),
        Answered::Wrong => ("name", "passkey-not-made"),
    };
    form.set("answer", "");
    form.fail_key(ctx.lang, field, key);
    page(ctx, &s, &person, &form, StatusCode::UNPROCESSABLE_ENTITY).await
}

pub(super) async fn remove_passkey(
    ctx: Ctx,
    State(s): State<Services>,
    Fresh(person): Fresh<SignedIn>,
    Path((_lang, id)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    posted.allow(&[])?;
    remove(ctx, &s, &person, Some(&id), "flash-passkey-removed").await
}

pub(super) async fn remove_app(
    ctx: Ctx,
    State(s): State<Services>,
    Fresh(person): Fresh<SignedIn>,
    posted: Posted,
) -> Answer {
    posted.allow(&[])?;
    remove(ctx, &s, &person, None, "flash-app-removed").await
}

async fn remove(ctx: Ctx, s: &Services, person: &SignedIn, passkey: Option<&str>, flash: &str) -> Answer {
    match removed(s, person, passkey).await {
        Ok(()) => Ok(ctx.redirect_done(PATH, flash)),
        Err(Error::Refused(refusal)) => {
            let mut form = Form::default();
            form.refuse(ctx.lang, &*refusal);
            page(ctx, s, person, &form, Failure::from(&*refusal).status()).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn removed(s: &Services, person: &SignedIn, passkey: Option<&str>) -> Result<()> {
    let mut tx = s.db.begin().await?;
    factor::remove(&mut tx, &person.session, person.is_staff(), passkey, s.clock.now()).await?;
    Ok(tx.commit().await?)
}

pub(super) async fn show_app(ctx: Ctx, State(s): State<Services>, Proved(person): Proved) -> Answer {
    app_page(ctx, &s, &person, &Form::default(), StatusCode::OK)
}

fn app_page(ctx: Ctx, s: &Services, person: &SignedIn, form: &Form, status: StatusCode) -> Answer {
    let ctx = ctx.signed_in_as(person.label());
    let secret = factor::own_secret(&s.keys, &person.session)?;
    let email = &person.user.email;
    let qr = Qr::of(&totp::key_uri(email, &secret));
    let page = EnrolPage { ctx: &ctx, form, email, secret: totp::grouped(&secret), qr, signs_in: false };
    ctx.page_with(status, &page)
}

pub(super) async fn connect_app(
    ctx: Ctx,
    State(s): State<Services>,
    Proved(person): Proved,
    jar: CookieJar,
    posted: Posted,
) -> Answer {
    let mut form = posted.allow(&["code"])?;
    if let Some(token) = factor::enrol_own(&s, &person.session, form.value("code")).await? {
        let done = ctx.redirect_done(PATH, "flash-app-connected");
        return Ok((jar.add(guard::cookie(&s, token)), done).into_response());
    }
    form.fail_key(ctx.lang, "code", "users-factor-wrong");
    form.set("code", "");
    app_page(ctx, &s, &person, &form, StatusCode::UNPROCESSABLE_ENTITY)
}

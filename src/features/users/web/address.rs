//! Going over to another address: asking, the code that went there, and the link with which the old address takes the account back.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::features::users::address::{self, Change};
use crate::features::users::guard::SignedIn;
use crate::features::users::proved::Proved;
use crate::infra::Services;
use crate::infra::error::Error;
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};

const CODE_PATH: &str = "/account/address/code";

#[derive(Template)]
#[template(path = "users/address.html")]
struct AddressPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    person: &'a SignedIn,
}

pub(super) async fn show(ctx: Ctx, Proved(person): Proved) -> Answer {
    page(ctx, &person, &Form::default(), StatusCode::OK)
}

fn page(ctx: Ctx, person: &SignedIn, form: &Form, status: StatusCode) -> Answer {
    let ctx = ctx.signed_in_as(person.label());
    ctx.page_with(status, &AddressPage { ctx: &ctx, form, person })
}

pub(super) async fn ask(ctx: Ctx, State(s): State<Services>, Proved(person): Proved, posted: Posted) -> Answer {
    let mut form = posted.allow(&["email"])?;
    match address::ask(&s, &person.session, &person.user, form.value("email")).await {
        Ok(()) => Ok(ctx.redirect(CODE_PATH)),
        Err(Error::Refused(refusal)) => {
            form.refuse(ctx.lang, &*refusal);
            page(ctx, &person, &form, Failure::from(&*refusal).status())
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "users/address_code.html")]
struct CodePage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    /// What was asked for in this session; nothing when no code works any more.
    change: Option<&'a Change>,
}

pub(super) async fn show_code(ctx: Ctx, State(s): State<Services>, person: SignedIn) -> Answer {
    code_page(ctx, &s, &person, &Form::default(), StatusCode::OK).await
}

async fn code_page(ctx: Ctx, s: &Services, person: &SignedIn, form: &Form, status: StatusCode) -> Answer {
    let ctx = ctx.signed_in_as(person.label());
    let change = address::waiting(&mut *s.db.read().await?, &person.session.id, ctx.now).await?;
    ctx.page_with(status, &CodePage { ctx: &ctx, form, change: change.as_ref() })
}

/// The code works in the session that asked for it, which confirmed then who it is.
pub(super) async fn confirm(ctx: Ctx, State(s): State<Services>, person: SignedIn, posted: Posted) -> Answer {
    let mut form = posted.allow(&["code"])?;
    match address::confirm(&s, &person.session, &person.user, form.value("code")).await {
        Ok(()) => Ok(ctx.redirect_done("/account/security", "flash-address-changed")),
        Err(Error::Refused(refusal)) => {
            form.refuse(ctx.lang, &*refusal);
            code_page(ctx, &s, &person, &form, Failure::from(&*refusal).status()).await
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "users/restore.html")]
struct RestorePage<'a> {
    ctx: &'a Ctx,
    /// What the button takes back; nothing when the link does not work any more.
    change: Option<&'a Change>,
}

impl RestorePage<'_> {
    fn until(&self, change: &Change) -> String {
        change.undo_until(self.ctx.now).map(|until| self.ctx.moment(until)).unwrap_or_default()
    }
}

/// The page behind the link. Opening it changes nothing: a mail program may do that too.
pub(super) async fn show_restore(
    ctx: Ctx,
    State(s): State<Services>,
    Path((_lang, token)): Path<(String, String)>,
) -> Answer {
    let change = address::behind(&mut *s.db.read().await?, &token, ctx.now).await?;
    restore_page(&ctx, change.as_ref())
}

fn restore_page(ctx: &Ctx, change: Option<&Change>) -> Answer {
    let status = if change.is_some() { StatusCode::OK } else { StatusCode::GONE };
    ctx.page_with(status, &RestorePage { ctx, change })
}

pub(super) async fn restore(
    ctx: Ctx,
    State(s): State<Services>,
    Path((_lang, token)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    posted.allow(&[])?;
    if address::restore(&s, &token).await? {
        return Ok(ctx.redirect_done("/sign-in", "flash-address-restored"));
    }
    restore_page(&ctx, None)
}

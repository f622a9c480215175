//! Leaving: what goes, what stays and why, what stands in the way, the button; and the way back, in the account or by the letter's link.
//!
//! Opening a page changes nothing.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::features::privacy::Refusal;
use crate::features::privacy::erasure::{self, Erasure};
use crate::features::users::guard::SignedIn;
use crate::features::users::proved::Proved;
use crate::infra::Services;
use crate::infra::error::{Error, Refusal as _};
use crate::infra::texts;
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};

#[derive(Template)]
#[template(path = "privacy/erase.html")]
struct ErasePage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    email: &'a str,
    obstacles: &'a [Refusal],
    /// What was asked for and waits.
    open: Option<&'a Erasure>,
}

impl ErasePage<'_> {
    fn words(&self, obstacle: &Refusal) -> String {
        texts::text_with(self.ctx.lang, obstacle.key(), &obstacle.args())
    }
}

pub(super) async fn show(ctx: Ctx, State(s): State<Services>, Proved(person): Proved) -> Answer {
    page(ctx, &s, &person, &Form::default(), StatusCode::OK).await
}

async fn page(ctx: Ctx, s: &Services, person: &SignedIn, form: &Form, status: StatusCode) -> Answer {
    let ctx = ctx.signed_in_as(person.label());
    let mut conn = s.db.read().await?;
    let open = erasure::open_of(&mut conn, &person.user.id).await?;
    let obstacles = erasure::obstacles(&mut conn, &person.user.id).await?;
    let page = ErasePage { ctx: &ctx, form, email: &person.user.email, obstacles: &obstacles, open: open.as_ref() };
    ctx.page_with(status, &page)
}

pub(super) async fn ask(ctx: Ctx, State(s): State<Services>, Proved(person): Proved, posted: Posted) -> Answer {
    let mut form = posted.allow(&["confirm"])?;
    let done = match form.ticked("confirm") {
        true => erasure::ask(&s, &person.user, ctx.lang).await,
        false => Err(Refusal::NotConfirmed.into()),
    };
    match done {
        Ok(()) => Ok(ctx.redirect_done("/account/erase", "flash-erase-asked")),
        Err(Error::Refused(refusal)) => {
            form.refuse(ctx.lang, &*refusal);
            page(ctx, &s, &person, &form, Failure::from(&*refusal).status()).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The person takes it back. No fresh proof is asked for: it keeps what there is.
pub(super) async fn undo(ctx: Ctx, State(s): State<Services>, person: SignedIn, posted: Posted) -> Answer {
    posted.allow(&[])?;
    let open = erasure::open_of(&mut *s.db.read().await?, &person.user.id).await?;
    if let Some(open) = open {
        erasure::take_back(&s, &open).await?;
    }
    Ok(ctx.redirect_done("/account", "flash-erase-undone"))
}

#[derive(Template)]
#[template(path = "privacy/undo.html")]
struct UndoPage<'a> {
    ctx: &'a Ctx,
    /// What the button takes back; nothing when the link does not work any more.
    open: Option<&'a Erasure>,
}

pub(super) async fn show_link(
    ctx: Ctx,
    State(s): State<Services>,
    Path((_lang, token)): Path<(String, String)>,
) -> Answer {
    let open = erasure::behind(&mut *s.db.read().await?, &token).await?;
    link_page(&ctx, open.as_ref())
}

fn link_page(ctx: &Ctx, open: Option<&Erasure>) -> Answer {
    let status = if open.is_some() { StatusCode::OK } else { StatusCode::GONE };
    ctx.page_with(status, &UndoPage { ctx, open })
}

pub(super) async fn undo_by_link(
    ctx: Ctx,
    State(s): State<Services>,
    Path((_lang, token)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    posted.allow(&[])?;
    let open = erasure::behind(&mut *s.db.read().await?, &token).await?;
    match open {
        Some(open) if erasure::take_back(&s, &open).await? => Ok(ctx.redirect_done("/sign-in", "flash-erase-undone")),
        _ => link_page(&ctx, None),
    }
}

//! The own account: name and language, and what else is there.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};

use crate::features::users::actions;
use crate::features::users::guard::SignedIn;
use crate::infra::Services;
use crate::infra::web::{Answer, Ctx, Form, Posted};
use crate::values::{Lang, text};

const LONGEST_NAME: usize = 80;

#[derive(Template)]
#[template(path = "users/account.html")]
struct AccountPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    person: &'a SignedIn,
    languages: Vec<(&'static str, String)>,
}

pub(super) async fn show(ctx: Ctx, person: SignedIn) -> Answer {
    let form = Form::with(&[("name", &person.user.name), ("language", person.user.language.code())]);
    page(ctx, &person, &form, StatusCode::OK)
}

fn page(ctx: Ctx, person: &SignedIn, form: &Form, status: StatusCode) -> Answer {
    let ctx = ctx.signed_in_as(person.label());
    let languages = Lang::ALL.map(|lang| (lang.code(), ctx.t(format!("users-language-{lang}")))).to_vec();
    ctx.page_with(status, &AccountPage { ctx: &ctx, form, person, languages })
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
        return page(ctx, &person, &form, StatusCode::UNPROCESSABLE_ENTITY);
    };
    let mut tx = s.db.begin().await?;
    actions::rename(&mut tx, &person.user.id, &name).await?;
    actions::set_language(&mut tx, &person.user.id, lang).await?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/{lang}/account?done=users-saved")).into_response())
}

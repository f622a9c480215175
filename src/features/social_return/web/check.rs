//! Whether a statement holds, for who has its code: a municipality to which a company handed it.

use askama::Template;
use axum::extract::{Path, RawQuery, State};

use crate::features::social_return::{Facts, Statement, actions};
use crate::infra::Services;
use crate::infra::web::{Answer, Ctx, Failure, Form};

#[derive(Template)]
#[template(path = "social_return/check.html")]
struct AskPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
}

#[derive(Template)]
#[template(path = "social_return/checked.html")]
struct CheckedPage<'a> {
    ctx: &'a Ctx,
    statement: &'a Statement,
    facts: &'a Facts,
    /// The number of the one that replaced it.
    replaced_by: Option<String>,
}

/// `/{lang}/social-return/check`: asks for a code, and sends on to its page.
pub async fn ask(ctx: Ctx, RawQuery(query): RawQuery) -> Answer {
    let query = query.unwrap_or_default();
    let typed = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "code");
    let typed = typed.map(|(_, value)| value.into_owned()).unwrap_or_default();
    let code = actions::code(&typed);
    if !code.is_empty() {
        return Ok(ctx.redirect(&format!("/social-return/check/{code}")));
    }
    ctx.page(&AskPage { ctx: &ctx, form: &Form::default() })
}

pub async fn show(ctx: Ctx, State(s): State<Services>, Path((_, code)): Path<(String, String)>) -> Answer {
    let mut conn = s.db.read().await?;
    let statement = actions::by_code(&mut conn, &code).await?.ok_or_else(Failure::not_found)?;
    let all = actions::of_pledge(&mut conn, &statement.pledge_id).await?;
    let newest = all.last().filter(|newest| newest.id != statement.id);
    let page = CheckedPage {
        ctx: &ctx,
        replaced_by: newest.map(|newest| newest.number.clone()),
        facts: &Facts::of(&statement)?,
        statement: &statement,
    };
    ctx.page(&page)
}

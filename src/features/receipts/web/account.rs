//! Yearly statements in the account of a backer.

use askama::Template;
use axum::extract::{Path, State};

use crate::features::receipts::paper::Say;
use crate::features::receipts::paper::paper;
use crate::features::receipts::web::papers::PaperPage;
use crate::features::receipts::web::{Row, asked, file};
use crate::features::receipts::{Document, DocumentKind, actions, statements, year_of};
use crate::features::users::guard::SignedIn;
use crate::infra::Services;
use crate::infra::pdf::Block;
use crate::infra::web::{Answer, Ctx, Failure, Posted};

/// Where issued statements live.
const PATH: &str = "/account/documents";

#[derive(Template)]
#[template(path = "receipts/years.html")]
struct YearsPage<'a> {
    ctx: &'a Ctx,
    years: Vec<i64>,
}

#[derive(Template)]
#[template(path = "receipts/year.html")]
struct YearPage<'a> {
    ctx: &'a Ctx,
    year: i64,
    blocks: Vec<Block>,
    issued: Vec<Row>,
    is_over: bool,
    can_issue: bool,
}

pub async fn years(ctx: Ctx, State(s): State<Services>, person: SignedIn) -> Answer {
    let ctx = ctx.signed_in_as(person.label());
    let years = statements::years(&mut *s.db.read().await?, &person.user.id).await?;
    ctx.page(&YearsPage { ctx: &ctx, years })
}

/// The year as it is now, and the statements that were issued for it.
pub async fn year(
    ctx: Ctx,
    State(s): State<Services>,
    person: SignedIn,
    Path((_, year)): Path<(String, i64)>,
) -> Answer {
    let ctx = ctx.signed_in_as(person.label());
    let foundation = s.settings.foundation.as_ref().ok_or_else(Failure::not_found)?;
    let mut conn = s.db.read().await?;
    let facts = statements::now(&mut conn, &person.user, year, foundation).await?;
    let issued = statements::issued(&mut conn, &person.user.id, year).await?;
    if facts.lines.is_empty() && issued.is_empty() {
        return Err(Failure::not_found());
    }
    let is_over = year < year_of(ctx.now);
    let page = YearPage {
        can_issue: is_over && !facts.lines.is_empty() && statements::differs(&facts, issued.last())?,
        is_over,
        blocks: Say { lang: ctx.lang }.statement(&facts),
        issued: issued.iter().map(|document| Row::of(&ctx, document, PATH, "")).collect(),
        year,
        ctx: &ctx,
    };
    ctx.page(&page)
}

pub async fn issue(
    ctx: Ctx,
    State(s): State<Services>,
    person: SignedIn,
    Path((_, year)): Path<(String, i64)>,
    posted: Posted,
) -> Answer {
    posted.allow(&[])?;
    let document = statements::issue_for(&s, &person.user, year).await?;
    Ok(ctx.redirect_done(&format!("{PATH}/{}", document.number), "flash-paper-issued"))
}

pub async fn show(
    ctx: Ctx,
    State(s): State<Services>,
    person: SignedIn,
    Path((_, number)): Path<(String, String)>,
) -> Answer {
    let ctx = ctx.signed_in_as(person.label());
    let (number, as_pdf) = asked(&number);
    let document = actions::by_number(&mut *s.db.read().await?, &number).await?;
    let is_own_statement = |d: &Document| d.kind == DocumentKind::YearlyStatement && d.user_id == person.user.id;
    let document = document.filter(is_own_statement).ok_or_else(Failure::not_found)?;
    if as_pdf {
        return file(&ctx, &document);
    }
    let paper = paper(&document, ctx.lang)?;
    let pdf_url = Row::of(&ctx, &document, PATH, "").pdf_url;
    ctx.page(&PaperPage { ctx: &ctx, paper: &paper, pdf_url, back_url: ctx.path("/account/statements") })
}

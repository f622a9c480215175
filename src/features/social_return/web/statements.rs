//! The statements of a purchase: for who has the pledge's key, its buyer when signed in, and the team.

use askama::Template;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use crate::features::pledges::{self, Pledge, PledgeKind};
use crate::features::social_return::paper::paper;
use crate::features::social_return::{Facts, PLEDGE, Refusal, Statement, Table, actions, tables};
use crate::features::users::guard::SignedIn;
use crate::infra::error;
use crate::infra::pdf::{self, Block, Paper};
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};
use crate::infra::{Services, jobs};

#[derive(Deserialize)]
pub struct Key {
    #[serde(default)]
    key: String,
}

#[derive(Template)]
#[template(path = "social_return/statements.html")]
struct ListPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    pledge: &'a Pledge,
    rows: Vec<Row>,
    regions: Vec<(&'a str, String)>,
    /// It is final, or there is no table of any region.
    is_fixed: bool,
    /// A statement is being made.
    waiting: bool,
    back_url: String,
    action: String,
}

/// A statement in the list.
struct Row {
    title: String,
    date: String,
    kept: String,
    url: String,
    pdf_url: String,
    /// For who came with the key, which programs need.
    json_url: Option<String>,
}

#[derive(Template)]
#[template(path = "receipts/paper.html")]
struct PaperPage<'a> {
    ctx: &'a Ctx,
    paper: &'a Paper,
    pdf_url: String,
    back_url: String,
}

/// The purchase with this reference, for who may read its statements. For others it looks like a wrong reference.
async fn readable(s: &Services, reference: &str, key: &str, person: Option<&SignedIn>) -> Result<Pledge, Failure> {
    let mut conn = s.db.read().await?;
    let pledge = pledges::actions::by_reference(&mut conn, &reference.to_uppercase()).await?;
    let pledge = pledge.filter(|pledge| pledge.kind == PledgeKind::Purchase).ok_or_else(Failure::not_found)?;
    let is_own = person.is_some_and(|person| person.user.id == pledge.user_id);
    let is_team = person.is_some_and(|person| person.is_staff() && person.session.factor_given());
    if is_own || is_team || s.keys.opens(key, "pledge", &pledge.id) { Ok(pledge) } else { Err(Failure::not_found()) }
}

/// What the links carry on.
fn query(key: &str) -> String {
    if key.is_empty() { String::new() } else { format!("?key={key}") }
}

fn path(pledge: &Pledge) -> String {
    format!("/pledges/{}/social-return", pledge.reference)
}

/// Where the code of a statement is looked up, as it stands on paper.
fn check_url(ctx: &Ctx) -> String {
    format!("{}{}", ctx.public_url, ctx.path("/social-return/check"))
}

pub async fn list(
    ctx: Ctx,
    State(s): State<Services>,
    Path((_, reference)): Path<(String, String)>,
    Query(Key { key }): Query<Key>,
    person: Option<SignedIn>,
) -> Answer {
    let pledge = readable(&s, &reference, &key, person.as_ref()).await?;
    let region = actions::region_of(&mut *s.db.read().await?, &pledge.id).await?.unwrap_or_default();
    page(&ctx, &s, &pledge, &key, &Form::with(&[("region", &region)])).await
}

async fn page(ctx: &Ctx, s: &Services, pledge: &Pledge, key: &str, form: &Form) -> Answer {
    let mut conn = s.db.read().await?;
    let statements = actions::of_pledge(&mut conn, &pledge.id).await?;
    let held: Vec<Table> = match pledge.held_at {
        Some(held_at) => tables::of_day(&mut conn, &held_at.day()).await?,
        None => Vec::new(),
    };
    let query = query(key);
    let row = |statement: &Statement| {
        let base = ctx.path(&format!("{}/{}", path(pledge), statement.number));
        Row {
            title: ctx.t1(format!("sr-title-{}", statement.kind), "number", &statement.number),
            date: ctx.date(statement.issued_at),
            kept: ctx.euros(statement.kept),
            url: format!("{base}{query}"),
            pdf_url: format!("{base}.pdf{query}"),
            json_url: (!key.is_empty())
                .then(|| format!("/api/v1{}?number={}&key={key}", path(pledge), statement.number)),
        }
    };
    let status = if form.has_errors() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = ListPage {
        rows: statements.iter().rev().map(row).collect(),
        is_fixed: held.is_empty() || actions::is_final(&mut conn, &pledge.project_id).await?,
        regions: held.iter().map(|table| (table.region.as_str(), table.name(ctx.lang).to_owned())).collect(),
        waiting: s.settings.foundation.is_some()
            && pledge.held_at.is_some()
            && (jobs::waits(&mut conn, PLEDGE, &pledge.id).await?
                || jobs::waits(&mut conn, pledges::actions::PAPERS, &pledge.id).await?),
        back_url: ctx.path(&match key {
            "" => "/account/pledges".to_owned(),
            key => format!("/pledges/{}?key={key}", pledge.reference),
        }),
        action: format!("{}{query}", ctx.path(&path(pledge))),
        pledge,
        form,
        ctx,
    };
    ctx.page_with(status, &page)
}

/// The buyer says for which region's obligation the purchase counts.
pub async fn choose(
    ctx: Ctx,
    State(s): State<Services>,
    Path((_, reference)): Path<(String, String)>,
    Query(Key { key }): Query<Key>,
    person: Option<SignedIn>,
    posted: Posted,
) -> Answer {
    let pledge = readable(&s, &reference, &key, person.as_ref()).await?;
    let is_own = person.as_ref().is_some_and(|person| person.user.id == pledge.user_id);
    if !is_own && !s.keys.opens(&key, "pledge", &pledge.id) {
        // the team reads what the buyer says
        return Err(Failure::forbidden());
    }
    let mut form = posted.allow(&["region"])?;
    let region = form.value("region").to_owned();
    let mut tx = s.db.begin().await?;
    match actions::choose_region(&mut tx, &pledge, &region, &pledge.user_id, ctx.now).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(ctx.redirect_done(&format!("{}{}", path(&pledge), query(&key)), "flash-sr-region"))
        }
        Err(error) => match error.refusal::<Refusal>() {
            Some(refusal @ Refusal::NoRegion) => {
                form.refuse(ctx.lang, refusal);
                drop(tx);
                page(&ctx, &s, &pledge, &key, &form).await
            }
            Some(refusal) => Err(Failure::from(refusal as &dyn error::Refusal)),
            None => Err(error.into()),
        },
    }
}

/// A statement as page, or as PDF when its number ends so.
pub async fn show(
    ctx: Ctx,
    State(s): State<Services>,
    Path((_, reference, number)): Path<(String, String, String)>,
    Query(Key { key }): Query<Key>,
    person: Option<SignedIn>,
) -> Answer {
    let pledge = readable(&s, &reference, &key, person.as_ref()).await?;
    let (number, as_pdf) = match number.strip_suffix(".pdf") {
        Some(number) => (number.to_uppercase(), true),
        None => (number.to_uppercase(), false),
    };
    let all = actions::of_pledge(&mut *s.db.read().await?, &pledge.id).await?;
    let statement = all.into_iter().find(|statement| statement.number == number).ok_or_else(Failure::not_found)?;
    let paper = paper(&statement, &check_url(&ctx), ctx.lang)?;
    if as_pdf {
        let headers = [
            (header::CONTENT_TYPE, "application/pdf".to_owned()),
            (header::CONTENT_DISPOSITION, format!("inline; filename=\"{number}.pdf\"")),
            (header::CACHE_CONTROL, "private, no-store".to_owned()),
        ];
        let response: Response = (headers, pdf::write(&paper).map_err(Failure::from)?).into_response();
        return Ok(response);
    }
    let base = ctx.path(&path(&pledge));
    let pdf_url = format!("{base}/{number}.pdf{}", query(&key));
    ctx.page(&PaperPage { ctx: &ctx, paper: &paper, pdf_url, back_url: format!("{base}{}", query(&key)) })
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    key: String,
    /// Of an older statement; the newest without it.
    #[serde(default)]
    number: String,
}

/// A statement as programs read it.
#[derive(Serialize)]
struct Shape {
    /// Whether it is the newest about its purchase.
    current: bool,
    sha256: String,
    statement: Facts,
}

/// `GET /pledges/{reference}/social-return?key=`
pub async fn api(
    State(s): State<Services>,
    Path(reference): Path<String>,
    Query(Asked { key, number }): Query<Asked>,
) -> Answer {
    let pledge = readable(&s, &reference, &key, None).await?;
    let all = actions::of_pledge(&mut *s.db.read().await?, &pledge.id).await?;
    let newest = all.last().map(|newest| newest.number.clone()).ok_or_else(Failure::not_found)?;
    let wanted = if number.is_empty() { newest.clone() } else { number.to_uppercase() };
    let found = all.into_iter().find(|statement| statement.number == wanted).ok_or_else(Failure::not_found)?;
    let shape = Shape { current: found.number == newest, statement: Facts::of(&found)?, sha256: found.sha256 };
    Ok(([(header::CACHE_CONTROL, "private, no-store")], Json(shape)).into_response())
}

//! The papers of one pledge.

use askama::Template;
use axum::extract::{Path, Query, State};
use serde::Deserialize;

use crate::features::pledges::{self, Pledge};
use crate::features::receipts::actions;
use crate::features::receipts::paper::paper;
use crate::features::receipts::web::{Row, asked, file};
use crate::features::users::guard::SignedIn;
use crate::infra::pdf::{Block, Paper};
use crate::infra::web::{Answer, Ctx, Failure};
use crate::infra::{Services, jobs};

#[derive(Deserialize)]
pub struct Key {
    #[serde(default)]
    key: String,
}

#[derive(Template)]
#[template(path = "receipts/list.html")]
struct ListPage<'a> {
    ctx: &'a Ctx,
    pledge: Pledge,
    rows: Vec<Row>,
    /// A paper is being made.
    waiting: bool,
    pledge_url: Option<String>,
}

#[derive(Template)]
#[template(path = "receipts/paper.html")]
pub(super) struct PaperPage<'a> {
    pub ctx: &'a Ctx,
    pub paper: &'a Paper,
    pub pdf_url: String,
    pub back_url: String,
}

/// The pledge with this reference, for who may read its papers. For others it looks like a wrong reference.
async fn readable(s: &Services, reference: &str, key: &str, person: Option<&SignedIn>) -> Result<Pledge, Failure> {
    let mut conn = s.db.read().await?;
    let pledge = pledges::actions::by_reference(&mut conn, &reference.to_uppercase()).await?;
    let pledge = pledge.ok_or_else(Failure::not_found)?;
    let is_own = person.is_some_and(|person| person.user.id == pledge.user_id);
    let is_team = person.is_some_and(|person| person.is_staff() && person.session.factor_given());
    if is_own || is_team || s.keys.opens(key, "pledge", &pledge.id) { Ok(pledge) } else { Err(Failure::not_found()) }
}

/// What the links of these papers carry on.
fn query(key: &str) -> String {
    if key.is_empty() { String::new() } else { format!("?key={key}") }
}

pub async fn list(
    ctx: Ctx,
    State(s): State<Services>,
    Path((_, reference)): Path<(String, String)>,
    Query(Key { key }): Query<Key>,
    person: Option<SignedIn>,
) -> Answer {
    let pledge = readable(&s, &reference, &key, person.as_ref()).await?;
    let mut conn = s.db.read().await?;
    let documents = actions::of_pledge(&mut conn, &pledge.id).await?;
    let path = format!("/pledges/{}/documents", pledge.reference);
    let page = ListPage {
        ctx: &ctx,
        rows: documents.iter().map(|document| Row::of(&ctx, document, &path, &query(&key))).collect(),
        waiting: s.settings.foundation.is_some()
            && jobs::waits(&mut conn, pledges::actions::PAPERS, &pledge.id).await?,
        pledge_url: (!key.is_empty()).then(|| ctx.path(&format!("/pledges/{}?key={key}", pledge.reference))),
        pledge,
    };
    ctx.page(&page)
}

pub async fn show(
    ctx: Ctx,
    State(s): State<Services>,
    Path((_, reference, number)): Path<(String, String, String)>,
    Query(Key { key }): Query<Key>,
    person: Option<SignedIn>,
) -> Answer {
    let pledge = readable(&s, &reference, &key, person.as_ref()).await?;
    let (number, as_pdf) = asked(&number);
    let document = actions::by_number(&mut *s.db.read().await?, &number).await?;
    let document = document.filter(|document| document.pledge_id.as_ref() == Some(&pledge.id));
    let document = document.ok_or_else(Failure::not_found)?;
    if as_pdf {
        return file(&ctx, &document);
    }
    let path = format!("/pledges/{}/documents", pledge.reference);
    let row = Row::of(&ctx, &document, &path, &query(&key));
    let back_url = ctx.path(&format!("{path}{}", query(&key)));
    ctx.page(&PaperPage { ctx: &ctx, paper: &paper(&document, ctx.lang)?, pdf_url: row.pdf_url, back_url })
}

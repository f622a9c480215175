//! Development only: plays the bank. Makes a statement that follows on the last one, with one payment on it, and imports it or hands
//! it out.

use askama::Template;
use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;

use crate::app::dev::Dev;
use crate::app::played_bank;
use crate::features::bank;
use crate::features::payments::PaymentState;
use crate::features::payments::incoming::{self, Awaited};
use crate::infra::Services;
use crate::infra::bank::files::Input;
use crate::infra::web::{Answer, Ctx, Form, Posted};
use crate::values::text::one_line;
use crate::values::{Cents, CreditorReference};

/// Pledges that are offered.
const MOST_AWAITED: i64 = 50;

pub fn routes() -> Router<Services> {
    Router::new().route("/dev/bank-statement", get(show).post(make))
}

#[derive(Template)]
#[template(path = "dev/statement.html")]
struct StatementPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    /// Pledges that wait, with the reference that their backers were told.
    awaited: Vec<(Awaited, String)>,
    done: Option<bank::Imported>,
}

async fn show(Dev(ctx): Dev, State(s): State<Services>, RawQuery(query): RawQuery) -> Answer {
    let pairs = form_urlencoded::parse(query.as_deref().unwrap_or_default().as_bytes());
    let mut form = Form::default();
    for (name, value) in pairs.filter(|(name, _)| ["reference", "amount"].contains(&name.as_ref())) {
        form.set(&name, &value);
    }
    page(&ctx, &s, StatusCode::OK, &form, None).await
}

async fn page(ctx: &Ctx, s: &Services, status: StatusCode, form: &Form, done: Option<bank::Imported>) -> Answer {
    let awaited = incoming::awaited(&mut *s.db.read().await?, MOST_AWAITED).await?;
    let awaited = awaited.into_iter().filter(|one| one.state == PaymentState::Open);
    let awaited = awaited.filter_map(|one| {
        let reference = CreditorReference::of_pledge(&one.reference)?.to_string();
        Some((one, reference))
    });
    ctx.page_with(status, &StatementPage { ctx, form, awaited: awaited.collect(), done })
}

/// Makes the statement; `do` says whether it is imported or downloaded.
async fn make(Dev(ctx): Dev, State(s): State<Services>, headers: HeaderMap, posted: Posted) -> Answer {
    let mut form = posted.allow(&["reference", "amount", "do"])?;
    let Ok(amount) = Cents::parse(form.value("amount")) else {
        form.fail_key(ctx.lang, "amount", "amount-not-a-number");
        return page(&ctx, &s, StatusCode::UNPROCESSABLE_ENTITY, &form, None).await;
    };
    let Some(remittance) = one_line(form.value("reference"), 140).filter(|_| amount > Cents::ZERO) else {
        form.fail_key(ctx.lang, "reference", "text-too-long");
        return page(&ctx, &s, StatusCode::UNPROCESSABLE_ENTITY, &form, None).await;
    };
    let statement = played_bank::statement(&s, amount, "B. Backer", remittance).await?;
    if form.value("do") == "download" {
        let kind = (header::CONTENT_TYPE, "application/xml; charset=utf-8");
        let name = (header::CONTENT_DISPOSITION, "attachment; filename=\"statement.xml\"");
        return Ok(([kind, name], statement).into_response());
    }
    let done = bank::actions::import(&s, "statement.xml", Input::InMemory(statement.into()), "development").await?;
    crate::app::worker::run_due(&s).await?;
    if headers.get(header::ACCEPT).is_some_and(|accept| accept == "application/json") {
        let answer = serde_json::json!({ "lines": done.lines, "matched": done.matched, "waiting": done.waiting });
        return Ok(axum::Json(answer).into_response());
    }
    page(&ctx, &s, StatusCode::OK, &Form::default(), Some(done)).await
}

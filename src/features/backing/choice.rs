//! The choice of a backer of a near miss, on the page of the pledge and as a JSON call: keep, raise or withdraw.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;

use crate::features::backing::actions::{Made, PATIENCE};
use crate::features::backing::page::{Key, opened, page};
use crate::features::backing::{actions, api, form as fields};
use crate::features::consents::{self, Choice, Chosen, NearMiss, Refusal};
use crate::features::match_funds::Fund;
use crate::features::payments::{METHODS, TRANSFER, method};
use crate::features::pledges::{Company, NewPledge, Pledge, PledgeKind, PledgeState, rikx_for};
use crate::features::{match_funds, payments, pledges, projects, rounds, users};
use crate::infra::db::Conn;
use crate::infra::error::{Error, Result};
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};
use crate::infra::{Services, random, texts};
use crate::values::text::Email;
use crate::values::{Cents, Timestamp};

pub fn routes() -> Router<Services> {
    Router::new()
        .route("/{lang}/pledges/{reference}/choice", post(choose))
        .route("/api/v1/pledges/{reference}/choice", post(choose_by_call))
}

/// What the page of a pledge shows of the choice about it.
pub struct Choosing {
    pub miss: NearMiss,
    pub chosen: Chosen,
    /// What was added to it, whatever became of that.
    pub added: Vec<Pledge>,
    pub is_open: bool,
    /// What can still be added.
    pub available: Cents,
    pub minimum: Cents,
    /// The funds that add to what is added, and how much at most.
    pub funds: Vec<(Fund, Cents)>,
}

impl Choosing {
    /// The part of the text key for how far the near miss is.
    pub fn stage(&self) -> &'static str {
        self.miss.state.as_str()
    }

    /// Whether match funds add to what is added: a sentence for each that does, or that none does.
    pub fn matched(&self, ctx: &Ctx) -> Vec<String> {
        let say = |(fund, most): &(Fund, Cents)| {
            let args = [
                ("name", fund.name(ctx.lang).to_owned()),
                ("ratio", fund.ratio_percent.to_string()),
                ("most", most.show(ctx.lang)),
            ];
            texts::text_with(ctx.lang, "choice-matched", &args)
        };
        if self.funds.is_empty() { vec![ctx.t("choice-not-matched")] } else { self.funds.iter().map(say).collect() }
    }
}

/// The choice about a pledge; nothing when none is or was asked.
pub async fn of_pledge(conn: &mut Conn, pledge: &Pledge, now: Timestamp) -> Result<Option<Choosing>> {
    let Some(chosen) = consents::actions::chosen(conn, &pledge.id).await? else { return Ok(None) };
    let Some(miss) = consents::actions::of_project(conn, &pledge.project_id).await? else { return Ok(None) };
    let round = rounds::actions::get(conn, &pledge.round_id).await?;
    let project = projects::actions::get(conn, &pledge.project_id).await?;
    let standing = pledges::actions::standing(conn, &pledge.project_id).await?;
    Ok(Some(Choosing {
        is_open: miss.may_choose_at(now) && pledge.state == PledgeState::Held,
        added: pledges::actions::raising(conn, &pledge.id).await?,
        funds: match_funds::actions::on_raise(conn, &project, &round, &standing, &pledge.id).await?,
        available: standing.available(),
        minimum: round.minimum_cents,
        miss,
        chosen,
    }))
}

/// Notes a choice. Raising makes a pledge that adds to this one, and answers it with the bank's page.
///
/// # Errors
/// A refusal of `consents`, or of `pledges` and `payments` for what is added: then nothing was changed.
async fn decide(s: &Services, pledge: &Pledge, choice: Choice, amount: Cents, key: &str) -> Result<Option<Made>> {
    if choice == Choice::Raise {
        let new = addition(s, pledge, amount, key).await?;
        return actions::raise(s, &new, pledge).await.map(Some);
    }
    let mut tx = s.db.begin().await?;
    consents::actions::choose(&mut tx, &pledge.id, choice, s.clock.now()).await?;
    tx.commit().await?;
    if choice == Choice::Withdraw {
        end_additions(s, pledge).await?;
    }
    Ok(None)
}

/// What adds to a pledge: of the same person, in the same manner, paid the same way. A transfer may come too late, so that is left
/// out.
async fn addition(s: &Services, pledge: &Pledge, amount: Cents, key: &str) -> Result<NewPledge> {
    let mut conn = s.db.read().await?;
    let user = users::actions::by_id(&mut conn, &pledge.user_id).await?;
    let email = user.and_then(|user| Email::parse(&user.email)).ok_or(Refusal::NotHeld)?;
    let paid_by = payments::actions::of_pledge(&mut conn, &pledge.id).await?.map(|payment| payment.method);
    let is_shielded = payments::shield::is_up(&mut conn, s.clock.now()).await?;
    let paid_by = paid_by
        .filter(|code| code != TRANSFER && method(code).is_some_and(|method| method.bank_confirms || !is_shielded));
    let company = Company {
        name: pledge.company_name.clone(),
        kvk_number: pledge.kvk_number.clone(),
        contract_reference: pledge.contract_reference.clone(),
        po_number: pledge.po_number.clone(),
        vat_id: pledge.vat_id.clone(),
        address: pledge.address.clone(),
        postcode: pledge.postcode.clone(),
        city: pledge.city.clone(),
    };
    Ok(NewPledge {
        project_id: pledge.project_id.clone(),
        kind: pledge.kind,
        amount,
        email,
        name: pledge.name.clone(),
        anonymous: pledge.anonymous == 1,
        updates: pledge.updates == 1,
        language: pledge.language,
        method: paid_by.unwrap_or_else(|| METHODS[0].code.to_owned()),
        company: (pledge.kind == PledgeKind::Purchase).then_some(company),
        request_key: format!("raise:{}:{key}", pledge.id),
    })
}

/// Ends the bank's pages of what was to be added: who withdraws pays nothing more. What cannot be reached now ends with the term.
async fn end_additions(s: &Services, pledge: &Pledge) -> Result<()> {
    let additions = pledges::actions::raising(&mut *s.db.read().await?, &pledge.id).await?;
    for added in additions {
        let payment = payments::actions::of_pledge(&mut *s.db.read().await?, &added.id).await?;
        let Some(payment) = payment.filter(|_| added.state == PledgeState::Reserved) else { continue };
        match tokio::time::timeout(PATIENCE, payments::actions::close_session(s, &payment.id)).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => {
                tracing::warn!(pledge = added.id, %error, "the bank's page of an addition could not be ended")
            }
            Err(_) => {
                tracing::warn!(pledge = added.id, "the bank's page of an addition could not be ended in time");
                break;
            }
        }
    }
    Ok(())
}

async fn choose(
    ctx: Ctx,
    State(s): State<Services>,
    Path((_, reference)): Path<(String, String)>,
    Query(Key { key }): Query<Key>,
    posted: Posted,
) -> Answer {
    let pledge = opened(&s, &reference, &key).await?;
    let mut form = posted.allow(&["choice", "amount", "form_key"])?;
    let Some(choice) = Choice::from_word(form.value("choice")).filter(|choice| *choice != Choice::Silent) else {
        form.fail_key(ctx.lang, "choice", "form-choose-one");
        return page(&ctx, &s, pledge, key, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let amount = match choice {
        Choice::Raise => amount(&ctx, &s, &pledge, &mut form).await?,
        _ => Some(Cents::ZERO),
    };
    let Some(amount) = amount else {
        return page(&ctx, &s, pledge, key, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    if form.value("form_key").is_empty() || form.value("form_key").len() > 100 {
        form.set("form_key", &random::secret());
    }
    match decide(&s, &pledge, choice, amount, form.value("form_key")).await {
        Ok(None) => Ok(ctx.redirect_done(&format!("/pledges/{reference}?key={key}"), "flash-choice-made")),
        Ok(Some(made)) => {
            let own_page = payments::actions::page_address(&s, &made.pledge);
            let target = made.checkout_url.filter(|url| !url.is_empty() && made.is_new).unwrap_or(own_page);
            Ok(Redirect::to(&target).into_response())
        }
        Err(error) => refused(&ctx, &s, pledge, key, form, error).await,
    }
}

/// The same page with what a rule said: about the amount beside it, anything else above the form.
async fn refused(ctx: &Ctx, s: &Services, pledge: Pledge, key: String, mut form: Form, error: Error) -> Answer {
    let sentence = match (error.refusal::<pledges::Refusal>(), error.refusal::<payments::Refusal>()) {
        (Some(refusal), _) => Some(fields::sentence(ctx.lang, refusal)),
        (_, Some(refusal)) => Some(fields::method_sentence(ctx.lang, refusal)),
        _ => None,
    };
    let status = match (&error, sentence) {
        (Error::Refused(_), Some(sentence)) => {
            form.fail("amount", sentence);
            StatusCode::UNPROCESSABLE_ENTITY
        }
        (Error::Refused(refusal), None) => {
            form.refuse(ctx.lang, &**refusal);
            StatusCode::CONFLICT
        }
        _ => return Err(error.into()),
    };
    page(ctx, s, pledge, key, form, status).await
}

/// The amount to add; what is wrong with it stands beside its field.
async fn amount(ctx: &Ctx, s: &Services, pledge: &Pledge, form: &mut Form) -> Result<Option<Cents>> {
    let round = rounds::actions::get(&mut *s.db.read().await?, &pledge.round_id).await?;
    match Cents::parse(form.value("amount")) {
        Err(error) => form.fail_key(ctx.lang, "amount", fields::amount_key(error)),
        Ok(amount) => match rikx_for(amount, round.minimum_cents, round.unit_price_eur) {
            Ok(_) => return Ok(Some(amount)),
            Err(refusal) => form.fail("amount", fields::sentence(ctx.lang, &refusal)),
        },
    }
    Ok(None)
}

/// What a program sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    choice: String,
    #[serde(default)]
    amount_cents: Option<i64>,
}

/// The same as one JSON call. A raise is answered with its pledge and the bank's page.
async fn choose_by_call(
    State(s): State<Services>,
    Path(reference): Path<String>,
    Query(Key { key }): Query<Key>,
    headers: axum::http::HeaderMap,
    body: axum::body::Bytes,
) -> Answer {
    let pledge = opened(&s, &reference, &key).await?;
    let body: Body = serde_json::from_slice(&body).map_err(|error| api::wrong("body", error.to_string()))?;
    let choice = Choice::from_word(&body.choice).filter(|choice| *choice != Choice::Silent);
    let choice = choice.ok_or_else(|| api::wrong_key("choice", "form-choose-one"))?;
    let amount = match (choice, body.amount_cents) {
        (Choice::Raise, None) => return Err(api::wrong_key("amount_cents", "amount-empty")),
        (_, amount) => Cents(amount.unwrap_or_default()),
    };
    let own_key = headers.get("idempotency-key").and_then(|value| value.to_str().ok()).unwrap_or_default().trim();
    // a raise is new money: when its answer is lost, the same call must not make another
    if choice == Choice::Raise && (own_key.is_empty() || own_key.len() > 255) {
        return Err(api::wrong_key("Idempotency-Key", "api-key-needed"));
    }
    let made = decide(&s, &pledge, choice, amount, own_key).await?;
    let mut answer = api::described(&s, &pledge.id).await?;
    if let Some(made) = made {
        let mut added = api::summary(&s, &made.pledge);
        added["checkout_url"] = json!(made.checkout_url);
        answer["raise"] = added;
    }
    let response: Response = Json(answer).into_response();
    Ok::<_, Failure>(response)
}

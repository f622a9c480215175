//! The same as one JSON call: make a pledge with an idempotency key, read it, cancel it.

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use tower::limit::GlobalConcurrencyLimitLayer;

use crate::features::backing::page::{Key, opened};
use crate::features::backing::returned::{Returned, Way};
use crate::features::backing::{actions, choice, form, returned};
use crate::features::consents::Choice;
use crate::features::payments::line::Place;
use crate::features::payments::{METHODS, Payment, method};
use crate::features::pledges::{Company, NewPledge, Pledge, PledgeKind, Refusal, rikx_for};
use crate::features::rounds::Round;
use crate::features::{match_funds, payments, pledges, projects};
use crate::infra::error::{Result, Sort};
use crate::infra::web::client::Client;
use crate::infra::web::{Answer, Failure};
use crate::infra::{Services, history, texts};
use crate::values::text::{Email, kvk_number, one_line, vat_id};
use crate::values::{Cents, Lang, Rikx, Timestamp};

pub fn routes(in_turn: GlobalConcurrencyLimitLayer) -> Router<Services> {
    Router::new()
        .route("/api/v1/projects/{slug}/pledges", post(create).layer(in_turn))
        .route("/api/v1/pledges/{reference}", get(read))
        .route("/api/v1/pledges/{reference}/cancel", post(cancel))
}

/// What a program sends. Unknown members are refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    #[serde(default)]
    kind: Option<String>,
    amount_cents: Option<i64>,
    rikx: Option<String>,
    #[serde(default)]
    email: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    anonymous: bool,
    /// Progress by mail; a program that does not ask gets its person the updates, each with a way to end them.
    #[serde(default = "yes")]
    updates: bool,
    #[serde(default)]
    language: Option<String>,
    #[serde(default)]
    method: Option<String>,
    #[serde(default)]
    company: Option<CompanyBody>,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CompanyBody {
    name: String,
    #[serde(default)]
    kvk_number: String,
    #[serde(default)]
    contract_reference: String,
    #[serde(default)]
    po_number: String,
    #[serde(default)]
    vat_id: String,
    #[serde(default)]
    address: String,
    #[serde(default)]
    postcode: String,
    #[serde(default)]
    city: String,
}

/// Errors gathered over all members, so that a program sees them at once.
#[derive(Default)]
struct Wrong(Vec<Value>);

impl Wrong {
    fn add(&mut self, field: &str, key: &str) {
        self.say(field, texts::text(Lang::En, key));
    }

    fn say(&mut self, field: &str, message: String) {
        self.0.push(json!({ "field": field, "message": message }));
    }

    fn failure(self) -> Failure {
        Failure::of(Sort::Invalid, 422, "problem-invalid").with(json!({ "errors": self.0 }))
    }
}

async fn create(
    State(s): State<Services>,
    Path(slug): Path<String>,
    client: Client,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let mut wrong = Wrong::default();
    let key = headers.get("idempotency-key").and_then(|v| v.to_str().ok()).unwrap_or_default().trim().to_owned();
    if key.is_empty() || key.len() > 255 {
        wrong.add("Idempotency-Key", "api-key-needed");
        return Err(wrong.failure());
    }
    let body: Body = serde_json::from_slice(&body).map_err(|error| self::wrong("body", error.to_string()))?;
    let sale = projects::actions::public_sale(&s, &slug).await?.ok_or_else(Failure::not_found)?;
    let new = command(body, &sale.project_id, &sale.round, &key, &mut wrong).ok_or_else(|| wrong.failure())?;
    if !sale.sells_at(s.clock.now()) {
        // a repeated call still finds what it made while the round sold
        let known = pledges::actions::by_request(&mut *s.db.read().await?, &new).await?;
        if known.is_none_or(|pledge| pledge.request_hash != new.request_hash()) {
            return Err(Failure::of(Sort::Conflict, 409, "pledge-not-selling"));
        }
    }
    let made = actions::pledge(&s, &new, &client.network).await.map_err(|error| match error.refusal::<Refusal>() {
        Some(Refusal::Over { available_cents }) => {
            Failure::of(Sort::Conflict, 409, "pledge-over-api").with(json!({ "available_cents": available_cents }))
        }
        Some(Refusal::SoldOut) => {
            Failure::of(Sort::Conflict, 409, "pledge-sold-out").with(json!({ "available_cents": 0 }))
        }
        _ => Failure::from(error),
    })?;
    if let Some(place) = made.place {
        return Err(in_line(&made.pledge, place));
    }
    let Some(checkout_url) = made.checkout_url else {
        return Err(Failure::unavailable("problem-bank", "no session").with(json!({ "pledge": made.pledge.reference })));
    };
    let mut answer = summary(&s, &made.pledge);
    answer["checkout_url"] = json!(checkout_url);
    let replayed = if made.is_new { "false" } else { "true" };
    Ok((StatusCode::CREATED, [("idempotent-replayed", replayed)], Json(answer)).into_response())
}

/// More people come than the bank takes at once. The place is kept: the same call later answers the same pledge with the bank's page.
fn in_line(pledge: &Pledge, place: Place) -> Failure {
    let members = json!({ "pledge": pledge.reference, "place": place.number, "wait_seconds": place.wait.as_secs() });
    Failure::busy("api-in-line", place.look_again_seconds()).with(members)
}

/// The pledge a body asks for; notes everything that is wrong.
fn command(body: Body, project_id: &str, round: &Round, key: &str, wrong: &mut Wrong) -> Option<NewPledge> {
    let kind = match body.kind.as_deref() {
        None => Some(PledgeKind::Gift),
        Some(word) => PledgeKind::from_word(word),
    };
    if kind.is_none() {
        wrong.add("kind", "form-choose-one");
    }
    let amount = amount(body.amount_cents, body.rikx.as_deref(), round, wrong);
    let email = Email::parse(&body.email);
    if email.is_none() {
        wrong.add("email", "email-wrong");
    }
    let name = one_line(&body.name, 100);
    if name.is_none() {
        wrong.add("name", "text-too-long");
    }
    let language = body.language.as_deref().map_or(Some(Lang::Nl), Lang::from_code);
    if language.is_none() {
        wrong.add("language", "form-choose-one");
    }
    let method_code = body.method.as_deref().unwrap_or(METHODS[0].code);
    match (method(method_code), amount) {
        (None, _) => wrong.add("method", "form-choose-one"),
        (Some(method), Some(amount)) => {
            if let Err(refusal) = method.takes(amount) {
                wrong.say("method", form::method_sentence(Lang::En, &refusal));
            }
        }
        (Some(_), None) => {}
    }
    let company = body.company.map(|company| company_of(company, wrong));
    if kind == Some(PledgeKind::Purchase) && company.is_none() {
        wrong.add("company", "company-empty");
    }
    if !wrong.0.is_empty() {
        return None;
    }
    Some(NewPledge {
        project_id: project_id.to_owned(),
        kind: kind?,
        amount: amount?,
        email: email?,
        name: name?,
        anonymous: body.anonymous,
        updates: body.updates,
        language: language?,
        method: method_code.to_owned(),
        company: company.filter(|_| kind == Some(PledgeKind::Purchase)),
        request_key: format!("api:{key}"),
    })
}

fn amount(cents: Option<i64>, rikx: Option<&str>, round: &Round, wrong: &mut Wrong) -> Option<Cents> {
    let (field, amount) = match (cents, rikx) {
        (Some(cents), None) => ("amount_cents", Some(Cents(cents))),
        (None, Some(text)) => ("rikx", Rikx::parse_plain(text).and_then(|rikx| rikx.price(round.unit_price_eur))),
        _ => {
            wrong.add("amount_cents", "api-one-amount");
            return None;
        }
    };
    let Some(amount) = amount else {
        wrong.add(field, "amount-not-rikx");
        return None;
    };
    match rikx_for(amount, round.minimum_cents, round.unit_price_eur) {
        Ok(_) => Some(amount),
        Err(refusal) => {
            wrong.say(field, form::sentence(Lang::En, &refusal));
            None
        }
    }
}

fn company_of(body: CompanyBody, wrong: &mut Wrong) -> Company {
    let number = if body.kvk_number.trim().is_empty() { Some(String::new()) } else { kvk_number(&body.kvk_number) };
    if number.is_none() {
        wrong.add("company.kvk_number", "kvk-wrong");
    }
    let name = one_line(&body.name, 200).unwrap_or_default();
    if name.is_empty() {
        wrong.add("company.name", "company-empty");
    }
    let vat_number = vat_id(&body.vat_id);
    if vat_number.is_none() {
        wrong.add("company.vat_id", "vat-id-wrong");
    }
    let mut line = |field: &str, text: &str, most: usize| {
        one_line(text, most).unwrap_or_else(|| {
            wrong.add(&format!("company.{field}"), "text-too-long");
            String::new()
        })
    };
    Company {
        name,
        kvk_number: number.unwrap_or_default(),
        contract_reference: line("contract_reference", &body.contract_reference, 100),
        po_number: line("po_number", &body.po_number, 50),
        vat_id: vat_number.unwrap_or_default(),
        address: line("address", &body.address, 200),
        postcode: line("postcode", &body.postcode, 12),
        city: line("city", &body.city, 100),
    }
}

pub(super) fn summary(s: &Services, pledge: &Pledge) -> Value {
    json!({
        "reference": pledge.reference,
        "key": s.keys.derive("pledge", &pledge.id),
        "status": pledge.state.as_str(),
        "amount_cents": pledge.amount.0,
        "rikx": pledge.rikx.plain(),
        "expires_at": pledge.expires_at.to_string(),
    })
}

async fn read(State(s): State<Services>, Path(reference): Path<String>, Query(Key { key }): Query<Key>) -> Answer {
    let pledge = opened(&s, &reference, &key).await?;
    answer(&s, &pledge.id).await
}

async fn answer(s: &Services, pledge_id: &str) -> Answer {
    Ok(Json(described(s, pledge_id).await?).into_response())
}

/// One thing that is wrong with what a program sent.
pub(super) fn wrong(field: &str, message: String) -> Failure {
    let mut wrong = Wrong::default();
    wrong.say(field, message);
    wrong.failure()
}

/// The same by the key of its text.
pub(super) fn wrong_key(field: &str, key: &str) -> Failure {
    wrong(field, texts::text(Lang::En, key))
}

/// A pledge as programs read it.
pub(super) async fn described(s: &Services, pledge_id: &str) -> Result<Value> {
    let mut conn = s.db.read().await?;
    let pledge = pledges::actions::get(&mut conn, pledge_id).await?;
    let payment = payments::actions::of_pledge(&mut conn, pledge_id).await?;
    let history: Vec<Value> = history::of(&mut conn, pledge_id)
        .await?
        .into_iter()
        .filter(|change| change.subject == "pledge")
        .map(|change| json!({ "status": change.to_state, "at": change.at.to_string() }))
        .collect();
    let mut answer = summary(s, &pledge);
    answer["kind"] = json!(pledge.kind.as_str());
    let went = returned::of_pledge(&mut conn, &pledge, payment.as_ref()).await?;
    let origin = match &payment {
        Some(payment) => Some(payments::moves::origin(&mut conn, payment).await?),
        None => None,
    };
    let returns: Vec<Value> = went.iter().map(|one| went_back(one, origin.as_ref())).collect();
    answer["returned_cents"] = json!(returned::arrived(&pledge, &went).0);
    answer["returns"] = json!(returns);
    let matched: Cents =
        match_funds::actions::of_pledge(&mut conn, pledge_id).await?.iter().map(|(_, one)| one.kept()).sum();
    answer["matched_cents"] = json!(matched.0);
    answer["payment_status"] = json!(payment.map(|payment| payment.state.as_str()));
    answer["held_at"] = json!(pledge.held_at.map(|at: Timestamp| at.to_string()));
    answer["history"] = json!(history);
    if let Some(choosing) = choice::of_pledge(&mut conn, &pledge, s.clock.now()).await? {
        let made = choosing.chosen.choice;
        answer["choice"] = if made == Choice::Silent { Value::Null } else { json!(made.as_str()) };
        answer["choice_until"] = json!(choosing.miss.choose_until.map(|at| at.to_string()));
        answer["choice_open"] = json!(choosing.is_open);
    }
    Ok(answer)
}

/// Money that went back, or is on its way: `to` is the code of a method, the end of an account, or `bank` when a bank took it.
fn went_back(one: &Returned, payment: Option<&Payment>) -> Value {
    let to = match one.way {
        Way::Method => payment.map(|payment| payment.method.as_str()).unwrap_or_default(),
        Way::Account => one.account.as_str(),
        Way::Bank => one.way.as_str(),
    };
    let at = one.at.map(|at| at.to_string());
    json!({ "amount_cents": one.amount.0, "status": one.state.as_str(), "at": at, "to": to })
}

async fn cancel(State(s): State<Services>, Path(reference): Path<String>, Query(Key { key }): Query<Key>) -> Answer {
    let pledge = opened(&s, &reference, &key).await?;
    payments::actions::cancel(&s, &pledge.id).await?;
    let answered: Response = answer(&s, &pledge.id).await?;
    Ok(answered)
}

//! Connected accounts and transfers to them: the account, the page on which it tells who it is, transfers out of what is available,
//! and their reversals.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::balance::{self, Booking};
use super::errors::ApiError;
use super::idempotency::Body;
use super::params::{Params, mail_address, web_address};
use super::rows::{Metadata, Method, Snapshot, TransactionKind};
use super::state::{Record, Work};
use super::{Sandbox, ids, objects};

/// An organisation's account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Account {
    pub id: String,
    pub created: i64,
    pub kind: String,
    pub country: String,
    pub email: Option<String>,
    pub metadata: Metadata,
    /// It told who it is, and can receive.
    pub complete: bool,
    /// Where its page leads back to.
    pub return_url: Option<String>,
}

/// Money sent to an account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Transfer {
    pub id: String,
    pub created: i64,
    pub amount_cents: i64,
    pub destination: String,
    pub group: Option<String>,
    pub metadata: Metadata,
    pub transaction: String,
    pub reversals: Vec<Reversal>,
}

impl Transfer {
    fn reversed_cents(&self) -> i64 {
        self.reversals.iter().map(|reversal| reversal.amount_cents).sum()
    }
}

/// A transfer taken back, whole or in part.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Reversal {
    pub id: String,
    pub created: i64,
    pub amount_cents: i64,
    pub transaction: String,
}

/// `POST /v1/accounts`.
pub(super) fn create_account(work: &mut Work<'_>, params: &Params) -> Result<Body, ApiError> {
    params.only(&["type", "country", "email", "capabilities.transfers.requested", "metadata.*"])?;
    let kind = params.text("type").unwrap_or("standard");
    if !["standard", "express", "custom"].contains(&kind) {
        return Err(ApiError::invalid("type", format!("Invalid type: {kind}")));
    }
    let account = Account {
        id: ids::new("acct_1", 16),
        created: work.now,
        kind: kind.to_owned(),
        country: params.text("country").unwrap_or("NL").to_owned(),
        email: params.text("email").map(|email| mail_address("email", email)).transpose()?.map(str::to_owned),
        metadata: params.metadata("metadata")?,
        complete: false,
        return_url: None,
    };
    work.put(Record::Account(Box::new(account.clone())));
    Ok(Body::Text(object_of(&account).to_string()))
}

/// `GET /v1/accounts/{id}`.
pub(super) fn account(work: &Work<'_>, id: &str) -> Result<Body, ApiError> {
    Ok(Body::Text(object_of(find(work, id, "account")?).to_string()))
}

fn find<'a>(work: &'a Work<'_>, id: &str, param: &str) -> Result<&'a Account, ApiError> {
    work.state.accounts.get(id).ok_or_else(|| ApiError::no_such("account", id, param))
}

/// `POST /v1/account_links`.
pub(super) fn create_link(work: &mut Work<'_>, params: &Params) -> Result<Body, ApiError> {
    params.only(&["account", "type", "refresh_url", "return_url"])?;
    if params.required("type")? != "account_onboarding" {
        return Err(ApiError::invalid("type", "The sandbox knows account_onboarding only."));
    }
    web_address("refresh_url", params.required("refresh_url")?)?;
    let back = web_address("return_url", params.required("return_url")?)?.to_owned();
    let account = Account { return_url: Some(back), ..find(work, params.required("account")?, "account")?.clone() };
    let url = format!("{}/onboarding/{}", work.state.public_base, account.id);
    work.put(Record::Account(Box::new(account)));
    let facts = json!({ "created": work.now, "expires_at": work.now + 300, "url": url });
    Ok(Body::Text(objects::filled("account_link", facts).to_string()))
}

/// `POST /v1/transfers`: out of what is available, and never more.
pub(super) fn create_transfer(work: &mut Work<'_>, params: &Params) -> Result<Body, ApiError> {
    params.only(&["amount", "currency", "destination", "transfer_group", "metadata.*"])?;
    let amount_cents = params.integer("amount")?.ok_or_else(|| ApiError::missing("amount"))?;
    if amount_cents < 1 {
        return Err(ApiError::invalid("amount", "This value must be greater than or equal to 1.")
            .with_code("parameter_invalid_integer"));
    }
    if params.required("currency")? != "eur" {
        return Err(ApiError::invalid("currency", "The sandbox takes eur only."));
    }
    let account = find(work, params.required("destination")?, "destination")?;
    if !account.complete {
        let message =
            "Your destination account needs to have at least one of the following capabilities enabled: transfers";
        return Err(ApiError::refused(message).with_code("insufficient_capabilities_for_transfer"));
    }
    let destination = account.id.clone();
    if balance::sums(work).0 < amount_cents {
        return Err(ApiError::refused("You have insufficient available funds in your Stripe account.")
            .with_code("balance_insufficient"));
    }
    let metadata = params.metadata("metadata")?;
    let id = ids::new("tr_1", 23);
    let transaction = move_money(work, TransactionKind::Transfer, &id, -amount_cents);
    let transfer = Transfer {
        id,
        created: work.now,
        amount_cents,
        destination,
        group: params.text("transfer_group").map(str::to_owned),
        metadata,
        transaction,
        reversals: Vec::new(),
    };
    work.put(Record::Transfer(Box::new(transfer.clone())));
    work.emit("transfer.created", Snapshot::Transfer(transfer.clone()));
    Ok(Body::Object(Box::new(Snapshot::Transfer(transfer))))
}

fn move_money(work: &mut Work<'_>, kind: TransactionKind, source: &str, amount_cents: i64) -> String {
    let booking = Booking { kind, source, method: Method::Card, amount_cents, fee_cents: 0, pending_seconds: 0 };
    balance::book(work, booking).id
}

fn transfer_row<'a>(work: &'a Work<'_>, id: &str) -> Result<&'a Transfer, ApiError> {
    work.state.transfers.get(id).ok_or_else(|| ApiError::no_such("transfer", id, "id"))
}

/// `GET /v1/transfers/{id}`.
pub(super) fn transfer(work: &Work<'_>, id: &str) -> Result<Body, ApiError> {
    Ok(Body::Object(Box::new(Snapshot::Transfer(transfer_row(work, id)?.clone()))))
}

/// `POST /v1/transfers/{id}/reversals`: without an amount, all that is left of it.
pub(super) fn reverse(work: &mut Work<'_>, id: &str, params: &Params) -> Result<Body, ApiError> {
    params.only(&["amount"])?;
    let transfer = transfer_row(work, id)?.clone();
    let left = transfer.amount_cents - transfer.reversed_cents();
    let amount_cents = params.integer("amount")?.unwrap_or(left);
    if amount_cents < 1 || amount_cents > left {
        return Err(ApiError::invalid("amount", "Reversal amount is greater than the unreversed amount."));
    }
    let reversal_id = ids::new("trr_1", 23);
    let transaction = move_money(work, TransactionKind::TransferRefund, &reversal_id, amount_cents);
    let reversal = Reversal { id: reversal_id, created: work.now, amount_cents, transaction };
    let mut transfer = transfer;
    transfer.reversals.push(reversal.clone());
    work.put(Record::Transfer(Box::new(transfer.clone())));
    let object = reversal_object(&transfer, &reversal);
    work.emit("transfer.reversed", Snapshot::Transfer(transfer));
    Ok(Body::Text(object.to_string()))
}

/// The object behind the source of a balance transaction: a transfer or a reversal.
pub(super) fn source(state: &super::state::State, id: &str) -> Option<Value> {
    if let Some(transfer) = state.transfers.get(id) {
        return Some(transfer_object(transfer));
    }
    state.transfers.iter().find_map(|transfer| {
        let reversal = transfer.reversals.iter().find(|reversal| reversal.id == id)?;
        Some(reversal_object(transfer, reversal))
    })
}

fn object_of(row: &Account) -> Value {
    let ability = if row.complete { "active" } else { "inactive" };
    let mut object = objects::filled(
        "account",
        json!({
            "id": row.id,
            "created": row.created,
            "type": row.kind,
            "country": row.country,
            "default_currency": "eur",
            "email": row.email,
            "metadata": row.metadata,
            "capabilities": { "card_payments": "inactive", "transfers": ability },
            "charges_enabled": row.complete,
            "payouts_enabled": row.complete,
            "details_submitted": row.complete,
        }),
    );
    object["external_accounts"]["url"] = json!(format!("/v1/accounts/{}/external_accounts", row.id));
    object
}

pub(super) fn transfer_object(row: &Transfer) -> Value {
    let reversed_cents = row.reversed_cents();
    let reversals: Vec<Value> = row.reversals.iter().rev().map(|reversal| reversal_object(row, reversal)).collect();
    objects::filled(
        "transfer",
        json!({
            "id": row.id,
            "created": row.created,
            "amount": row.amount_cents,
            "amount_reversed": reversed_cents,
            "balance_transaction": row.transaction,
            "currency": "eur",
            "destination": row.destination,
            "destination_payment": format!("py_{}", row.id.trim_start_matches("tr_")),
            "metadata": row.metadata,
            "reversals": objects::list(&format!("/v1/transfers/{}/reversals", row.id), reversals, false),
            "reversed": reversed_cents == row.amount_cents,
            "transfer_group": row.group,
        }),
    )
}

fn reversal_object(transfer: &Transfer, row: &Reversal) -> Value {
    objects::filled(
        "transfer_reversal",
        json!({
            "id": row.id,
            "created": row.created,
            "amount": row.amount_cents,
            "balance_transaction": row.transaction,
            "currency": "eur",
            "transfer": transfer.id,
        }),
    )
}

/// `GET /onboarding/{account}`: the page on which an organisation would tell who it is.
pub(super) async fn show(State(sandbox): State<Sandbox>, Path(id): Path<String>) -> Response {
    let known = sandbox.durably(|work| work.state.accounts.get(&id).is_some()).await;
    if !known {
        return (StatusCode::NOT_FOUND, "no such account").into_response();
    }
    const PAGE: &str = "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
        <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Onboarding | Sandbox bank</title></head><body>\
        <main><h1>Who are you?</h1><p>The real provider asks an organisation for its papers here. The sandbox believes everybody.</p>\
        <form method=\"post\"><p><button type=\"submit\" name=\"action\" value=\"complete\">Everything is filled in</button></p>\
        <p><button type=\"submit\" name=\"action\" value=\"later\">Do it later</button></p></form></main></body></html>";
    let policy = [(header::CONTENT_SECURITY_POLICY, "default-src 'none'; form-action *; frame-ancestors 'none'")];
    (policy, Html(PAGE)).into_response()
}

/// `POST /onboarding/{account}`, field `action`: complete or later. Leads back to where the link came from.
pub(super) async fn choose(State(sandbox): State<Sandbox>, Path(id): Path<String>, body: Bytes) -> Response {
    let params = Params::parse("", &body);
    let complete = params.text("action") == Some("complete");
    let back = sandbox.durably(|work| {
        let account = work.state.accounts.get(&id).cloned()?;
        let back = account.return_url.clone()?;
        if complete {
            work.put(Record::Account(Box::new(Account { complete: true, ..account })));
        }
        Some(back)
    });
    match back.await {
        Some(back) => Redirect::to(&back).into_response(),
        None => (StatusCode::NOT_FOUND, "no such account").into_response(),
    }
}

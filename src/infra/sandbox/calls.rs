//! The calls of the API: which address means which, and the function behind each.

use axum::http::Method;
use serde_json::Value;

use super::errors::ApiError;
use super::idempotency::Body;
use super::params::Params;
use super::rows::Snapshot;
use super::state::Work;
use super::{balance, connect, disputes, expand, lists, objects, payments, refunds, sessions};

/// The names by which faults know the endpoints.
pub(super) const ENDPOINTS: [&str; 13] = [
    "accounts",
    "account_links",
    "transfers",
    "checkout/sessions",
    "payment_intents",
    "refunds",
    "charges",
    "balance_transactions",
    "balance",
    "payouts",
    "disputes",
    "radar/early_fraud_warnings",
    "events",
];

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Call {
    CreateSession,
    Sessions,
    Session(String),
    ExpireSession(String),
    Payments,
    Payment(String),
    CreateRefund,
    Refunds,
    Refund(String),
    Charge(String),
    Transactions,
    Transaction(String),
    Balance,
    CreateAccount,
    Account(String),
    CreateLink,
    CreateTransfer,
    Transfers,
    Transfer(String),
    Reverse(String),
    Payouts,
    Payout(String),
    Disputes,
    Dispute(String),
    Warnings,
    Warning(String),
    Events,
    Event(String),
}

impl Call {
    /// The kind of object in the answer (Stripe's `object` word), and whether it is a list of them.
    fn answers_with(&self) -> (&'static str, bool) {
        match self {
            Call::CreateSession | Call::Session(_) | Call::ExpireSession(_) => ("checkout.session", false),
            Call::Sessions => ("checkout.session", true),
            Call::Payment(_) => ("payment_intent", false),
            Call::Payments => ("payment_intent", true),
            Call::CreateRefund | Call::Refund(_) => ("refund", false),
            Call::Refunds => ("refund", true),
            Call::Charge(_) => ("charge", false),
            Call::Transaction(_) => ("balance_transaction", false),
            Call::Transactions => ("balance_transaction", true),
            Call::Balance => ("balance", false),
            Call::CreateAccount | Call::Account(_) => ("account", false),
            Call::CreateLink => ("account_link", false),
            Call::CreateTransfer | Call::Transfer(_) => ("transfer", false),
            Call::Transfers => ("transfer", true),
            Call::Reverse(_) => ("transfer_reversal", false),
            Call::Payout(_) => ("payout", false),
            Call::Payouts => ("payout", true),
            Call::Dispute(_) => ("dispute", false),
            Call::Disputes => ("dispute", true),
            Call::Warning(_) => ("radar.early_fraud_warning", false),
            Call::Warnings => ("radar.early_fraud_warning", true),
            Call::Event(_) => ("event", false),
            Call::Events => ("event", true),
        }
    }
}

/// The endpoint and the call behind an address.
pub(super) fn route(method: &Method, path: &str) -> Option<(&'static str, Call)> {
    let post = match *method {
        Method::POST => true,
        Method::GET => false,
        _ => return None,
    };
    let parts: Vec<&str> = path.strip_prefix("/v1/")?.split('/').collect();
    let id = |id: &str| (!id.is_empty()).then(|| id.to_owned());
    let call = match (post, parts.as_slice()) {
        (true, ["checkout", "sessions"]) => ("checkout/sessions", Call::CreateSession),
        (false, ["checkout", "sessions"]) => ("checkout/sessions", Call::Sessions),
        (false, ["checkout", "sessions", session]) => ("checkout/sessions", Call::Session(id(session)?)),
        (true, ["checkout", "sessions", session, "expire"]) => ("checkout/sessions", Call::ExpireSession(id(session)?)),
        (false, ["payment_intents"]) => ("payment_intents", Call::Payments),
        (false, ["payment_intents", payment]) => ("payment_intents", Call::Payment(id(payment)?)),
        (true, ["refunds"]) => ("refunds", Call::CreateRefund),
        (false, ["refunds"]) => ("refunds", Call::Refunds),
        (false, ["refunds", refund]) => ("refunds", Call::Refund(id(refund)?)),
        (false, ["charges", charge]) => ("charges", Call::Charge(id(charge)?)),
        (false, ["balance_transactions"]) => ("balance_transactions", Call::Transactions),
        (false, ["balance_transactions", transaction]) => ("balance_transactions", Call::Transaction(id(transaction)?)),
        (false, ["balance"]) => ("balance", Call::Balance),
        (true, ["accounts"]) => ("accounts", Call::CreateAccount),
        (false, ["accounts", account]) => ("accounts", Call::Account(id(account)?)),
        (true, ["account_links"]) => ("account_links", Call::CreateLink),
        (true, ["transfers"]) => ("transfers", Call::CreateTransfer),
        (false, ["transfers"]) => ("transfers", Call::Transfers),
        (false, ["transfers", transfer]) => ("transfers", Call::Transfer(id(transfer)?)),
        (true, ["transfers", transfer, "reversals"]) => ("transfers", Call::Reverse(id(transfer)?)),
        (false, ["payouts"]) => ("payouts", Call::Payouts),
        (false, ["payouts", payout]) => ("payouts", Call::Payout(id(payout)?)),
        (false, ["disputes"]) => ("disputes", Call::Disputes),
        (false, ["disputes", dispute]) => ("disputes", Call::Dispute(id(dispute)?)),
        (false, ["radar", "early_fraud_warnings"]) => ("radar/early_fraud_warnings", Call::Warnings),
        (false, ["radar", "early_fraud_warnings", warning]) => {
            ("radar/early_fraud_warnings", Call::Warning(id(warning)?))
        }
        (false, ["events"]) => ("events", Call::Events),
        (false, ["events", event]) => ("events", Call::Event(id(event)?)),
        _ => return None,
    };
    Some(call)
}

/// Does what is asked; an error from before the first change leaves everything as it was.
pub(super) fn execute(work: &mut Work<'_>, call: &Call, params: &Params) -> Result<Body, ApiError> {
    let paths = params.list("expand");
    let (kind, in_a_list) = call.answers_with();
    expand::check(kind, &paths, in_a_list)?;
    let has_its_own_parameters = in_a_list
        || matches!(
            call,
            Call::CreateSession
                | Call::CreateRefund
                | Call::CreateAccount
                | Call::CreateLink
                | Call::CreateTransfer
                | Call::Reverse(_)
        );
    if !has_its_own_parameters {
        params.only(&["expand", "expand.#"])?;
    }
    let body = perform(work, call, params)?;
    Ok(match body {
        Body::Object(snapshot) if !paths.is_empty() => {
            let mut object = objects::snapshot(&snapshot, &work.state.public_base);
            expand::apply(work.state, work.now, &mut object, &paths);
            Body::Text(object.to_string())
        }
        body => body,
    })
}

fn perform(work: &mut Work<'_>, call: &Call, params: &Params) -> Result<Body, ApiError> {
    let whole = |value: Value| Ok(Body::Text(value.to_string()));
    match call {
        Call::CreateSession => sessions::create(work, params),
        Call::Session(id) => sessions::retrieve(work, id),
        Call::ExpireSession(id) => sessions::expire(work, id),
        Call::Payment(id) => {
            let payment = payments::find(work, id).ok_or_else(|| ApiError::no_such("payment_intent", id, "intent"))?;
            Ok(Body::Object(Box::new(Snapshot::Payment(payment))))
        }
        Call::CreateRefund => refunds::create(work, params),
        Call::Refund(id) => refunds::retrieve(work, id),
        Call::Charge(id) => {
            let found = payments::find_by_charge(work, id);
            let payment = found.ok_or_else(|| ApiError::no_such("charge", id, "charge"))?;
            Ok(Body::Object(Box::new(Snapshot::Charge(payment))))
        }
        Call::Transaction(id) => {
            let found = payments::find_transaction(work, id);
            let transaction = found.ok_or_else(|| ApiError::no_such("balance transaction", id, "id"))?;
            let mut object = objects::transaction(&transaction, work.now);
            expand::apply(work.state, work.now, &mut object, &params.list("expand"));
            whole(object)
        }
        Call::Event(id) => {
            let event = work.state.events.get(id).ok_or_else(|| ApiError::no_such("event", id, "id"))?;
            whole(objects::event(event, &work.state.public_base))
        }
        Call::Balance => whole(balance::total(work)),
        Call::CreateAccount => connect::create_account(work, params),
        Call::Account(id) => connect::account(work, id),
        Call::CreateLink => connect::create_link(work, params),
        Call::CreateTransfer => connect::create_transfer(work, params),
        Call::Transfer(id) => connect::transfer(work, id),
        Call::Reverse(id) => connect::reverse(work, id, params),
        Call::Transfers => whole(lists::transfers(work, params)?),
        Call::Payout(id) => balance::payout(work, id),
        Call::Dispute(id) => disputes::retrieve(work, id),
        Call::Warning(id) => disputes::warning(work, id),
        Call::Disputes => whole(lists::disputes(work, params)?),
        Call::Warnings => whole(lists::warnings(work, params)?),
        Call::Payouts => whole(lists::payouts(work, params)?),
        Call::Sessions => whole(lists::sessions(work, params)?),
        Call::Payments => whole(lists::payments(work, params)?),
        Call::Refunds => whole(lists::refunds(work, params)?),
        Call::Transactions => whole(lists::transactions(work, params)?),
        Call::Events => whole(lists::events(work, params)?),
    }
}

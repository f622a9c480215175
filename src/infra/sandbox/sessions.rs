//! Checkout Sessions: the API's side of a payment page.

use super::errors::ApiError;
use super::idempotency::Body;
use super::params::{Params, mail_address, web_address};
use super::rows::{Method, Session, SessionStatus, Snapshot};
use super::state::{Record, Work};
use super::{ids, payments};

const SHORTEST_SECONDS: i64 = 30 * 60;
const LONGEST_SECONDS: i64 = 24 * 60 * 60;

/// Stripe's least and greatest amount in euros, in cents.
const LEAST_CENTS: i64 = 50;
const MOST_CENTS: i64 = 99_999_999;

const KNOWN: [&str; 22] = [
    "mode",
    "line_items.#.price_data.currency",
    "line_items.#.price_data.unit_amount",
    "line_items.#.price_data.product_data.name",
    "line_items.#.price_data.product_data.description",
    "line_items.#.quantity",
    "client_reference_id",
    "metadata.*",
    "payment_intent_data.metadata.*",
    "customer_email",
    "success_url",
    "cancel_url",
    "expires_at",
    "locale",
    "payment_method_types",
    "payment_method_types.#",
    "allowed_payment_method_types",
    "allowed_payment_method_types.#",
    "submit_type",
    "currency",
    "expand",
    "expand.#",
];

const LOCALES: [&str; 41] = [
    "auto", "bg", "cs", "da", "de", "el", "en", "en-GB", "es", "es-419", "et", "fi", "fil", "fr", "fr-CA", "hr", "hu",
    "id", "it", "ja", "ko", "lt", "lv", "ms", "mt", "nb", "nl", "pl", "pt", "pt-BR", "ro", "ru", "sk", "sl", "sv",
    "th", "tr", "vi", "zh", "zh-HK", "zh-TW",
];

/// `POST /v1/checkout/sessions`.
pub(super) fn create(work: &mut Work<'_>, params: &Params) -> Result<Body, ApiError> {
    let session = read(work.now, params)?;
    work.put(Record::Session(Box::new(session.clone())));
    Ok(Body::Object(Box::new(Snapshot::Session(session))))
}

/// `GET /v1/checkout/sessions/{id}`.
pub(super) fn retrieve(work: &Work<'_>, id: &str) -> Result<Body, ApiError> {
    Ok(Body::Object(Box::new(Snapshot::Session(find(work, id)?))))
}

/// `POST /v1/checkout/sessions/{id}/expire`.
pub(super) fn expire(work: &mut Work<'_>, id: &str) -> Result<Body, ApiError> {
    let session = find(work, id)?;
    if session.status != SessionStatus::Open {
        let status = session.status.as_str();
        return Err(ApiError::refused(format!(
            "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of `{status}`."
        )));
    }
    let session = payments::expire(work, session);
    Ok(Body::Object(Box::new(Snapshot::Session(session))))
}

fn find(work: &Work<'_>, id: &str) -> Result<Session, ApiError> {
    work.state.sessions.get(id).cloned().ok_or_else(|| ApiError::no_such("checkout.session", id, "session"))
}

/// Builds the session that the parameters ask for.
fn read(now: i64, params: &Params) -> Result<Session, ApiError> {
    params.only(&KNOWN)?;
    let mode = params.required("mode")?;
    if mode != "payment" {
        return Err(ApiError::invalid("mode", format!("Invalid mode: the sandbox knows only payment, not {mode}")));
    }
    let success_url = web_address("success_url", params.required("success_url")?)?;
    let cancel_url = params.text("cancel_url").map(|url| web_address("cancel_url", url)).transpose()?;
    let customer_email =
        params.text("customer_email").map(|email| mail_address("customer_email", email)).transpose()?;
    let locale = params.text("locale");
    if let Some(locale) = locale.filter(|locale| !LOCALES.contains(locale)) {
        return Err(ApiError::invalid(
            "locale",
            format!("Invalid locale: must be one of {}, not {locale}", LOCALES.join(", ")),
        ));
    }
    let reference = params.text("client_reference_id");
    if reference.is_some_and(|reference| reference.chars().count() > 200) {
        return Err(ApiError::invalid("client_reference_id", "Invalid string: must be at most 200 characters"));
    }
    let (amount_cents, title) = line_items(params)?;
    let (methods, methods_were_a_filter) = methods(params)?;
    Ok(Session {
        id: ids::new("cs_test_a1", 56),
        created: now,
        expires_at: expiry(now, params)?,
        amount_cents,
        currency: "eur".to_owned(),
        title,
        client_reference_id: reference.map(str::to_owned),
        customer_email: customer_email.map(str::to_owned),
        metadata: params.metadata("metadata")?,
        payment_metadata: params.metadata("payment_intent_data[metadata]")?,
        success_url: success_url.to_owned(),
        cancel_url: cancel_url.map(str::to_owned),
        locale: locale.map(str::to_owned),
        methods,
        methods_were_a_filter,
        status: SessionStatus::Open,
        paid: false,
        payment: None,
    })
}

/// Between 30 minutes and 24 hours ahead, to the second, as Stripe has it; 24 hours when not given.
fn expiry(now: i64, params: &Params) -> Result<i64, ApiError> {
    let Some(expires_at) = params.integer("expires_at")? else {
        return Ok(now + LONGEST_SECONDS);
    };
    if expires_at < now + SHORTEST_SECONDS {
        return Err(ApiError::invalid(
            "expires_at",
            "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.",
        ));
    }
    if expires_at > now + LONGEST_SECONDS {
        return Err(ApiError::invalid(
            "expires_at",
            "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.",
        ));
    }
    Ok(expires_at)
}

/// The total of the line items in cents, and the name of the first.
fn line_items(params: &Params) -> Result<(i64, String), ApiError> {
    let mut total_cents: i64 = 0;
    let mut title = None;
    for place in 0..100 {
        let item = format!("line_items[{place}]");
        let currency_name = format!("{item}[price_data][currency]");
        let Some(currency) = params.text(&currency_name) else {
            break;
        };
        if !currency.eq_ignore_ascii_case("eur") {
            return Err(ApiError::invalid(
                &currency_name,
                format!("Invalid currency: {currency}. The sandbox takes eur."),
            ));
        }
        let amount_name = format!("{item}[price_data][unit_amount]");
        let unit_cents = params.integer(&amount_name)?.ok_or_else(|| ApiError::missing(&amount_name))?;
        let quantity_name = format!("{item}[quantity]");
        let quantity = params.integer(&quantity_name)?.ok_or_else(|| ApiError::missing(&quantity_name))?;
        let name = params.required(&format!("{item}[price_data][product_data][name]"))?;
        if unit_cents < 0 || quantity < 1 {
            return Err(ApiError::invalid(
                &item,
                "Invalid integer: amounts are not negative and quantities at least 1",
            ));
        }
        let item_cents = unit_cents.checked_mul(quantity).filter(|cents| *cents <= MOST_CENTS).ok_or_else(too_large)?;
        total_cents += item_cents;
        title.get_or_insert(name);
    }
    let title = title.ok_or_else(|| ApiError::missing("line_items"))?;
    if total_cents < LEAST_CENTS {
        let message = "The Checkout Session's total amount due must add up to at least €0.50 eur";
        return Err(ApiError::invalid("line_items", message).with_code("amount_too_small"));
    }
    if total_cents > MOST_CENTS {
        return Err(too_large());
    }
    Ok((total_cents, title.to_owned()))
}

fn too_large() -> ApiError {
    ApiError::invalid("line_items", "The Checkout Session's total amount must be no more than €999,999.99")
        .with_code("amount_too_large")
}

/// The methods offered, and whether they were given as a filter (the newer parameter) rather than a list.
fn methods(params: &Params) -> Result<(Vec<Method>, bool), ApiError> {
    let filter = params.list("allowed_payment_method_types");
    let list = params.list("payment_method_types");
    let (param, words) = if filter.is_empty() {
        ("payment_method_types", list)
    } else {
        ("allowed_payment_method_types", filter.clone())
    };
    let mut methods = Vec::new();
    for word in words {
        let method = Method::parse(word).ok_or_else(|| {
            ApiError::invalid(
                param,
                format!("Invalid {param}: the sandbox knows ideal, card, bancontact and sepa_debit, not {word}"),
            )
        })?;
        if !methods.contains(&method) {
            methods.push(method);
        }
    }
    if methods.is_empty() {
        methods = Method::ALL.to_vec();
    }
    Ok((methods, !filter.is_empty()))
}

//! Lists, newest first, with Stripe's cursors.

use serde_json::Value;

use super::connect::{self, Transfer};
use super::errors::ApiError;
use super::params::Params;
use super::rows::{Dispute, Event, Payment, Payout, Refund, Session, Transaction, Warning};
use super::state::{Table, Work};
use super::{expand, objects, payments};

/// What every list takes.
const CURSORS: [&str; 10] = [
    "limit",
    "starting_after",
    "ending_before",
    "created",
    "created.gt",
    "created.gte",
    "created.lt",
    "created.lte",
    "expand",
    "expand.#",
];

/// A row that can be listed.
trait Row {
    fn created(&self) -> i64;
}

macro_rules! rows {
    ($($row:ty),*) => { $(impl Row for $row {
        fn created(&self) -> i64 { self.created }
    })* };
}
rows!(Session, Transfer, Payment, Refund, Transaction, Payout, Dispute, Warning, Event);

/// `GET /v1/checkout/sessions`.
pub(super) fn sessions(work: &mut Work<'_>, params: &Params) -> Result<Value, ApiError> {
    known(params, &["payment_intent", "status", "customer_details.email"])?;
    let (payment, status, email) =
        (params.text("payment_intent"), params.text("status"), params.text("customer_details[email]"));
    let state = &*work.state;
    let only: Option<Vec<usize>> = payment.map(|payment| {
        let session = state.payments.get(payment).and_then(|payment| payment.session.as_deref());
        session.and_then(|session| state.sessions.place(session)).into_iter().collect()
    });
    let keep = |row: &Session| {
        status.is_none_or(|status| row.status.as_str() == status)
            && email.is_none_or(|email| row.customer_email.as_deref() == Some(email))
    };
    let (rows, has_more) = page(&state.sessions, only.as_deref(), params, keep)?;
    let data = rows.into_iter().map(|row| objects::session(row, &state.public_base)).collect();
    Ok(listed(work, "/v1/checkout/sessions", data, has_more, params))
}

/// `GET /v1/payment_intents`.
pub(super) fn payments(work: &mut Work<'_>, params: &Params) -> Result<Value, ApiError> {
    known(params, &[])?;
    let (rows, has_more) = page(&work.state.payments, None, params, |_| true)?;
    let data = rows.into_iter().map(objects::payment).collect();
    Ok(listed(work, "/v1/payment_intents", data, has_more, params))
}

/// `GET /v1/refunds`.
pub(super) fn refunds(work: &mut Work<'_>, params: &Params) -> Result<Value, ApiError> {
    known(params, &["payment_intent", "charge"])?;
    let payment = match (params.text("payment_intent"), params.text("charge")) {
        (Some(id), _) => {
            Some(payments::find(work, id).ok_or_else(|| ApiError::no_such("payment_intent", id, "payment_intent"))?)
        }
        (None, Some(id)) => {
            Some(payments::find_by_charge(work, id).ok_or_else(|| ApiError::no_such("charge", id, "charge"))?)
        }
        (None, None) => None,
    };
    let charge = params.text("charge");
    let only = payment.map(|payment| work.state.refunds_of.get(&payment.id).map(Vec::as_slice).unwrap_or_default());
    let keep = |row: &Refund| charge.is_none_or(|charge| row.charge == charge);
    let (rows, has_more) = page(&work.state.refunds, only, params, keep)?;
    let data = rows.into_iter().map(objects::refund).collect();
    Ok(listed(work, "/v1/refunds", data, has_more, params))
}

/// `GET /v1/balance_transactions`.
pub(super) fn transactions(work: &mut Work<'_>, params: &Params) -> Result<Value, ApiError> {
    known(params, &["type", "source", "currency", "payout"])?;
    let now = work.now;
    let (kind, source, currency) = (params.text("type"), params.text("source"), params.text("currency"));
    let payout = params.text("payout");
    let keep = |row: &Transaction| {
        source.is_none_or(|source| row.source == source)
            && currency.is_none_or(|currency| row.currency == currency)
            && payout.is_none_or(|payout| row.payout.as_deref() == Some(payout))
            && kind.is_none_or(|kind| row.kind.word(row.method) == kind)
    };
    let (rows, has_more) = page(&work.state.transactions, None, params, keep)?;
    let data = rows.into_iter().map(|row| objects::transaction(row, now)).collect();
    Ok(listed(work, "/v1/balance_transactions", data, has_more, params))
}

/// `GET /v1/transfers`.
pub(super) fn transfers(work: &mut Work<'_>, params: &Params) -> Result<Value, ApiError> {
    known(params, &["destination", "transfer_group"])?;
    let (destination, group) = (params.text("destination"), params.text("transfer_group"));
    let keep = |row: &Transfer| {
        destination.is_none_or(|destination| row.destination == destination)
            && group.is_none_or(|group| row.group.as_deref() == Some(group))
    };
    let (rows, has_more) = page(&work.state.transfers, None, params, keep)?;
    let data = rows.into_iter().map(connect::transfer_object).collect();
    Ok(listed(work, "/v1/transfers", data, has_more, params))
}

/// `GET /v1/payouts`.
pub(super) fn payouts(work: &mut Work<'_>, params: &Params) -> Result<Value, ApiError> {
    known(params, &["status"])?;
    let status = params.text("status");
    let keep = |row: &Payout| status.is_none_or(|status| row.status.as_str() == status);
    let (rows, has_more) = page(&work.state.payouts, None, params, keep)?;
    let data = rows.into_iter().map(objects::payout).collect();
    Ok(listed(work, "/v1/payouts", data, has_more, params))
}

/// `GET /v1/disputes`.
pub(super) fn disputes(work: &mut Work<'_>, params: &Params) -> Result<Value, ApiError> {
    known(params, &["payment_intent", "charge"])?;
    let (payment, charge) = (params.text("payment_intent"), params.text("charge"));
    let keep = |row: &Dispute| {
        payment.is_none_or(|payment| row.payment == payment) && charge.is_none_or(|charge| row.charge == charge)
    };
    let (rows, has_more) = page(&work.state.disputes, None, params, keep)?;
    let data = rows.into_iter().map(objects::dispute).collect();
    Ok(listed(work, "/v1/disputes", data, has_more, params))
}

/// `GET /v1/radar/early_fraud_warnings`.
pub(super) fn warnings(work: &mut Work<'_>, params: &Params) -> Result<Value, ApiError> {
    known(params, &["payment_intent", "charge"])?;
    let (payment, charge) = (params.text("payment_intent"), params.text("charge"));
    let keep = |row: &Warning| {
        payment.is_none_or(|payment| row.payment == payment) && charge.is_none_or(|charge| row.charge == charge)
    };
    let (rows, has_more) = page(&work.state.warnings, None, params, keep)?;
    let data = rows.into_iter().map(objects::warning).collect();
    Ok(listed(work, "/v1/radar/early_fraud_warnings", data, has_more, params))
}

/// `GET /v1/events`. A type may end in `.*`.
pub(super) fn events(work: &mut Work<'_>, params: &Params) -> Result<Value, ApiError> {
    known(params, &["type", "types", "types.#", "delivery_success"])?;
    let mut types = params.list("types");
    types.extend(params.text("type"));
    let delivered = params.text("delivery_success").map(|word| word == "true");
    let keep = |row: &Event| {
        let wanted = types.is_empty() || types.iter().any(|kind| is_of_type(&row.kind, kind));
        wanted && delivered.is_none_or(|delivered| row.delivered == delivered)
    };
    let (rows, has_more) = page(&work.state.events, None, params, keep)?;
    let data = rows.into_iter().map(|row| objects::event(row, &work.state.public_base)).collect();
    Ok(objects::list("/v1/events", data, has_more))
}

fn is_of_type(kind: &str, wanted: &str) -> bool {
    wanted == "*"
        || kind == wanted
        || wanted.strip_suffix('*').is_some_and(|start| start.ends_with('.') && kind.starts_with(start))
}

fn known(params: &Params, own: &[&str]) -> Result<(), ApiError> {
    let all: Vec<&str> = CURSORS.iter().chain(own).copied().collect();
    params.only(&all)
}

fn listed(work: &Work<'_>, url: &str, mut data: Vec<Value>, has_more: bool, params: &Params) -> Value {
    let paths = params.list("expand");
    for object in &mut data {
        expand::apply(work.state, work.now, object, &paths);
    }
    objects::list(url, data, has_more)
}

/// One page of a table (or of the given places in it, oldest first), and whether there are more rows beyond it.
fn page<'a, T: Row>(
    table: &'a Table<T>,
    only: Option<&[usize]>,
    params: &Params,
    keep: impl Fn(&T) -> bool,
) -> Result<(Vec<&'a T>, bool), ApiError> {
    let limit = params.integer("limit")?.unwrap_or(10);
    let limit = usize::try_from(limit).ok().filter(|limit| (1..=100).contains(limit)).ok_or_else(|| {
        ApiError::invalid("limit", format!("Invalid integer: limit must be between 1 and 100, not {limit}"))
    })?;
    let place_of = |param: &str| match params.text(param) {
        Some(id) => table.place(id).map(Some).ok_or_else(|| ApiError::no_such("object", id, param)),
        None => Ok(None),
    };
    let (after, before) = (place_of("starting_after")?, place_of("ending_before")?);
    if after.is_some() && before.is_some() {
        return Err(ApiError::invalid("ending_before", "You can not supply both starting_after and ending_before."));
    }
    let in_time = time_window(params)?;
    let place_fits =
        |place: &usize| after.is_none_or(|after| *place < after) && before.is_none_or(|before| *place > before);
    let row_fits = |row: &&T| in_time(row.created()) && keep(row);
    let end = after.unwrap_or(table.len());
    let start = before.map_or(0, |before| before + 1);
    let places: Box<dyn DoubleEndedIterator<Item = usize> + '_> = match only {
        Some(places) => Box::new(places.iter().copied().filter(place_fits)),
        None => Box::new(start..end),
    };
    let rows = |places: &mut dyn Iterator<Item = usize>| -> Vec<&'a T> {
        places.map(|place| table.at(place)).filter(row_fits).take(limit + 1).collect()
    };
    // Newest first; before a cursor, the rows nearest to it.
    let mut found = if before.is_some() { rows(&mut { places }) } else { rows(&mut places.rev()) };
    let has_more = found.len() > limit;
    found.truncate(limit);
    if before.is_some() {
        found.reverse();
    }
    Ok((found, has_more))
}

/// `created`, `created[gte]` and its three siblings as one test.
fn time_window(params: &Params) -> Result<impl Fn(i64) -> bool + use<>, ApiError> {
    let exactly = params.integer("created")?;
    let (gt, gte) = (params.integer("created[gt]")?, params.integer("created[gte]")?);
    let (lt, lte) = (params.integer("created[lt]")?, params.integer("created[lte]")?);
    Ok(move |created: i64| {
        exactly.is_none_or(|moment| created == moment)
            && gt.is_none_or(|moment| created > moment)
            && gte.is_none_or(|moment| created >= moment)
            && lt.is_none_or(|moment| created < moment)
            && lte.is_none_or(|moment| created <= moment)
    })
}

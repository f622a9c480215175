//! SQL of payments and the provider's events; refunds and claims stand beside it.

mod balance;
mod claims;
mod disputes;
mod line;
mod listed;
mod moves;
pub mod personal;
mod refunds;
mod shield;
mod strays;

pub use balance::*;
pub use claims::*;
pub use disputes::*;
pub use line::*;
pub use listed::*;
pub use moves::*;
pub use refunds::*;
pub use shield::*;
pub use strays::*;

use crate::features::payments::incoming::Awaited;
use crate::features::payments::{Payment, PaymentState};
use crate::infra::db::bulk::{self, Value};
use crate::infra::db::life_cycle::step;
use crate::infra::db::{Conn, Tx};
use crate::infra::stripe::signature::Event;
use crate::values::{Cents, Timestamp};

pub async fn by_id(conn: &mut Conn, id: &str) -> Result<Option<Payment>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM payments WHERE id = $1").bind(id).fetch_optional(conn).await
}

pub async fn by_ids(conn: &mut Conn, ids: &[&str]) -> Result<Vec<Payment>, sqlx::Error> {
    bulk::select(conn, "SELECT * FROM payments WHERE id IN", ids.iter().copied()).await
}

pub async fn by_pledge(conn: &mut Conn, pledge_id: &str) -> Result<Option<Payment>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM payments WHERE pledge_id = $1").bind(pledge_id).fetch_optional(conn).await
}

pub async fn by_pledges(conn: &mut Conn, pledge_ids: &[&str]) -> Result<Vec<Payment>, sqlx::Error> {
    bulk::select(conn, "SELECT * FROM payments WHERE pledge_id IN", pledge_ids.iter().copied()).await
}

/// The payment an object of the provider belongs to: by session or by intent.
pub async fn by_provider_id(conn: &mut Conn, provider_id: &str) -> Result<Option<Payment>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM payments WHERE session_id = $1 OR intent_id = $1")
        .bind(provider_id)
        .fetch_optional(conn)
        .await
}

/// The session stands: created → open. Answers whether this call was the one that made it.
pub async fn opened(tx: &mut Tx, id: &str, generation: i64, session_id: &str, url: &str) -> Result<bool, sqlx::Error> {
    let opened = sqlx::query(
        "UPDATE payments SET session_id = $3, checkout_url = $4 WHERE id = $1 AND state = 'created' AND generation = $2",
    )
    .bind(id)
    .bind(generation)
    .bind(session_id)
    .bind(url)
    .execute(&mut **tx)
    .await?;
    Ok(opened.rows_affected() == 1 && step(tx, id, PaymentState::Created, PaymentState::Open).await?)
}

/// The backer was told how to transfer: created → open. Answers whether this call was the one that opened it.
pub async fn opened_for_transfer(tx: &mut Tx, id: &str, url: &str) -> Result<bool, sqlx::Error> {
    if !step(tx, id, PaymentState::Created, PaymentState::Open).await? {
        return Ok(false);
    }
    sqlx::query("UPDATE payments SET checkout_url = $2 WHERE id = $1").bind(id).bind(url).execute(&mut **tx).await?;
    Ok(true)
}

/// Payments by transfer that were not paid, the newest first.
pub async fn awaited(conn: &mut Conn, limit: i64) -> Result<Vec<Awaited>, sqlx::Error> {
    sqlx::query_as(
        "SELECT y.pledge_id, p.reference, y.amount_cents, p.name, p.company_name, u.email, y.state, y.created_at
         FROM payments y JOIN pledges p ON p.id = y.pledge_id JOIN users u ON u.id = p.user_id
         WHERE y.method = 'transfer' AND y.state IN ('created', 'open', 'expired')
         ORDER BY y.created_at DESC, y.id DESC LIMIT $1",
    )
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// A new generation with a new end, for a session that was never made.
pub async fn renew(tx: &mut Tx, id: &str, generation: i64, expires_at: Timestamp) -> Result<bool, sqlx::Error> {
    let renewed = sqlx::query(
        "UPDATE payments SET generation = generation + 1, expires_at = $3
         WHERE id = $1 AND state = 'created' AND generation = $2",
    )
    .bind(id)
    .bind(generation)
    .bind(expires_at)
    .execute(&mut **tx)
    .await?;
    Ok(renewed.rows_affected() == 1)
}

pub async fn move_to(tx: &mut Tx, id: &str, from: PaymentState, to: PaymentState) -> Result<bool, sqlx::Error> {
    step(tx, id, from, to).await
}

pub async fn set_intent(tx: &mut Tx, id: &str, intent_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE payments SET intent_id = $2 WHERE id = $1 AND intent_id IS NULL")
        .bind(id)
        .bind(intent_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn set_succeeded_at(tx: &mut Tx, id: &str, at: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE payments SET succeeded_at = $2 WHERE id = $1").bind(id).bind(at).execute(&mut **tx).await?;
    Ok(())
}

pub async fn set_fee(tx: &mut Tx, id: &str, fee: Cents) -> Result<bool, sqlx::Error> {
    let set = sqlx::query("UPDATE payments SET fee_cents = $2 WHERE id = $1 AND fee_cents IS NULL")
        .bind(id)
        .bind(fee)
        .execute(&mut **tx)
        .await?;
    Ok(set.rows_affected() == 1)
}

/// Open or processing payments of a round's pledges.
pub async fn unfinished_of_round(conn: &mut Conn, round_id: &str) -> Result<Vec<(String, PaymentState)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT y.id, y.state FROM payments y JOIN pledges p ON p.id = y.pledge_id
         WHERE p.round_id = $1 AND p.state IN ('reserved', 'processing') ORDER BY y.id",
    )
    .bind(round_id)
    .fetch_all(conn)
    .await
}

pub async fn unfinished_of_project(conn: &mut Conn, project_id: &str) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT y.id FROM payments y JOIN pledges p ON p.id = y.pledge_id
         WHERE p.project_id = $1 AND p.state IN ('reserved', 'processing') ORDER BY y.id",
    )
    .bind(project_id)
    .fetch_all(conn)
    .await
}

/// Notes an event; answers `false` when it was noted before.
pub async fn note_event(tx: &mut Tx, event: &Event, payment_id: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let noted = sqlx::query(
        "INSERT INTO provider_events (id, type, object_id, payment_id, occurred_at, received_at, outcome)
         VALUES ($1, $2, $3, $4, $5, $6, '') ON CONFLICT (id) DO NOTHING",
    )
    .bind(&event.id)
    .bind(&event.kind)
    .bind(&event.object_id)
    .bind(payment_id)
    .bind(event.occurred_at)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(noted.rows_affected() == 1)
}

pub async fn is_noted(conn: &mut Conn, event_id: &str) -> Result<bool, sqlx::Error> {
    let row: Option<(String,)> =
        sqlx::query_as("SELECT id FROM provider_events WHERE id = $1").bind(event_id).fetch_optional(conn).await?;
    Ok(row.is_some())
}

/// Events that wait to be worked on: how many, and when the oldest came in.
pub async fn waiting_events(conn: &mut Conn) -> Result<(i64, Option<Timestamp>), sqlx::Error> {
    sqlx::query_as("SELECT COUNT(*), MIN(received_at) FROM provider_events WHERE processed_at IS NULL")
        .fetch_one(conn)
        .await
}

/// When the newest event happened and when it came in.
pub async fn newest_event(conn: &mut Conn) -> Result<Option<(Timestamp, Timestamp)>, sqlx::Error> {
    sqlx::query_as("SELECT occurred_at, received_at FROM provider_events ORDER BY received_at DESC LIMIT 1")
        .fetch_optional(conn)
        .await
}

pub async fn close_event(tx: &mut Tx, id: &str, outcome: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE provider_events SET processed_at = $2, outcome = $3 WHERE id = $1 AND processed_at IS NULL")
        .bind(id)
        .bind(now)
        .bind(outcome)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Inserts payments. From its moment on the line may ask for a payment's session; none for those that have one or need none.
pub async fn insert(tx: &mut Tx, payments: &[(&Payment, Option<Timestamp>)]) -> Result<(), sqlx::Error> {
    const COLUMNS: [&str; 15] = [
        "id",
        "pledge_id",
        "method",
        "amount_cents",
        "state",
        "generation",
        "session_id",
        "intent_id",
        "checkout_url",
        "fee_cents",
        "created_at",
        "expires_at",
        "succeeded_at",
        "moved_from",
        "open_after",
    ];
    let text = |value: &Option<String>| value.as_deref().map_or(Value::Nothing, Value::from);
    let rows = payments
        .iter()
        .map(|(p, open_after)| {
            vec![
                p.id.as_str().into(),
                p.pledge_id.as_str().into(),
                p.method.as_str().into(),
                p.amount.0.into(),
                p.state.as_str().into(),
                p.generation.into(),
                text(&p.session_id),
                text(&p.intent_id),
                p.checkout_url.as_str().into(),
                p.fee.map_or(Value::NoNumber, |fee| fee.0.into()),
                p.created_at.to_string().into(),
                p.expires_at.to_string().into(),
                p.succeeded_at.map_or(Value::Nothing, |at| at.to_string().into()),
                text(&p.moved_from),
                open_after.map_or_else(String::new, |at| at.to_string()).into(),
            ]
        })
        .collect();
    bulk::insert(tx, "payments", &COLUMNS, rows).await
}

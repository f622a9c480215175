//! SQL of payments that belong to no pledge, and of their way back.

use crate::features::payments::strays::{Return, ReturnState, Stray};
use crate::features::payments::{Payment, PaymentState};
use crate::infra::db::life_cycle::step;
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

/// The payment whose money stands in suspense under this id: of a line of the balance, or of a payment of ours.
pub async fn stray(conn: &mut Conn, subject_id: &str) -> Result<Option<Stray>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, intent_id, amount_cents, fee_cents, created_at FROM balance_transactions
         WHERE category = 'charge' AND currency = 'eur' AND intent_id <> ''
           AND ((id = $1 AND matched_kind = 'unknown') OR (matched_kind = 'payment' AND matched_id = $1 AND posting_key = $2))",
    )
    .bind(subject_id)
    .bind(format!("unexplained:{subject_id}"))
    .fetch_optional(conn)
    .await
}

/// The pledge's payment is this one from now on. Answers whether it was in the state in which it was read.
pub async fn give_stray(tx: &mut Tx, payment: &Payment, stray: &Stray) -> Result<bool, sqlx::Error> {
    if !step(tx, &payment.id, payment.state, PaymentState::Succeeded).await? {
        return Ok(false);
    }
    sqlx::query("UPDATE payments SET intent_id = $2, fee_cents = $3, succeeded_at = $4 WHERE id = $1")
        .bind(&payment.id)
        .bind(&stray.intent_id)
        .bind(stray.fee)
        .bind(stray.paid_at)
        .execute(&mut **tx)
        .await?;
    Ok(true)
}

/// Writes the row of a return; answers `false` when there is one already that has not failed.
pub async fn insert_return(
    tx: &mut Tx,
    id: &str,
    subject_id: &str,
    stray: &Stray,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let inserted = sqlx::query(
        "INSERT INTO provider_returns (id, subject_id, intent_id, amount_cents, state, generation, failure, taken, created_at)
         VALUES ($1, $2, $3, $4, 'due', 1, '', 0, $5) ON CONFLICT (subject_id) WHERE state <> 'failed' DO NOTHING",
    )
    .bind(id)
    .bind(subject_id)
    .bind(&stray.intent_id)
    .bind(stray.amount)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

pub async fn lock_return(tx: &mut Tx, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE provider_returns SET id = id WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(())
}

pub async fn return_by_id(conn: &mut Conn, id: &str) -> Result<Option<Return>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM provider_returns WHERE id = $1").bind(id).fetch_optional(conn).await
}

pub async fn return_by_provider_id(conn: &mut Conn, provider_id: &str) -> Result<Option<Return>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM provider_returns WHERE provider_id = $1").bind(provider_id).fetch_optional(conn).await
}

pub async fn returns_of(conn: &mut Conn, subject_id: &str) -> Result<Vec<Return>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM provider_returns WHERE subject_id = $1 ORDER BY created_at, id")
        .bind(subject_id)
        .fetch_all(conn)
        .await
}

/// A new key for a return that was asked for under this one.
pub async fn renew_return(tx: &mut Tx, id: &str, generation: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE provider_returns SET generation = generation + 1 WHERE id = $1 AND generation = $2 AND state = 'due'",
    )
    .bind(id)
    .bind(generation)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn return_taken(tx: &mut Tx, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE provider_returns SET taken = 1 WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(())
}

/// Records how a return went; answers whether it was in the state in which it was read.
pub async fn move_return(
    tx: &mut Tx,
    back: &Return,
    to: ReturnState,
    provider_id: Option<&str>,
    failure: &str,
    finished_at: Option<Timestamp>,
) -> Result<bool, sqlx::Error> {
    if !step(tx, &back.id, back.state, to).await? {
        return Ok(false);
    }
    sqlx::query(
        "UPDATE provider_returns SET provider_id = COALESCE($2, provider_id), failure = $3, finished_at = $4 WHERE id = $1",
    )
        .bind(&back.id)
        .bind(provider_id)
        .bind(failure)
        .bind(finished_at)
        .execute(&mut **tx)
        .await?;
    Ok(true)
}

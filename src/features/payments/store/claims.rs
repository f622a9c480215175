//! SQL of claims: the accounts backers gave for refunds that could not arrive.

use crate::features::payments::{Claim, OpenClaim, RefundState};
use crate::infra::db::life_cycle::step;
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

pub async fn insert_claim(tx: &mut Tx, refund_id: &str, pledge_id: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO claims (refund_id, pledge_id, asked_at, iban, holder, changes, reminders)
         VALUES ($1, $2, $3, '', '', 0, 0) ON CONFLICT (refund_id) DO NOTHING",
    )
    .bind(refund_id)
    .bind(pledge_id)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn claim(conn: &mut Conn, refund_id: &str) -> Result<Option<Claim>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM claims WHERE refund_id = $1").bind(refund_id).fetch_optional(conn).await
}

pub async fn claim_of_pledge(conn: &mut Conn, pledge_id: &str) -> Result<Option<Claim>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM claims WHERE pledge_id = $1 ORDER BY asked_at DESC, refund_id DESC LIMIT 1")
        .bind(pledge_id)
        .fetch_optional(conn)
        .await
}

pub async fn give_claim(
    tx: &mut Tx,
    refund_id: &str,
    iban: &str,
    holder: &str,
    number: i64,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE claims SET iban = $2, holder = $3, changes = $4, given_at = $5 WHERE refund_id = $1")
        .bind(refund_id)
        .bind(iban)
        .bind(holder)
        .bind(number)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn ask_claim_again(tx: &mut Tx, refund_id: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE claims SET iban = '', holder = '', given_at = NULL, asked_at = $2, reminders = 0 WHERE refund_id = $1",
    )
    .bind(refund_id)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn reminded(tx: &mut Tx, refund_id: &str, number: i64) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE claims SET reminders = $2 WHERE refund_id = $1")
        .bind(refund_id)
        .bind(number)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Refunds that are unclaimed, with what their backers gave so far.
pub async fn open_claims(conn: &mut Conn) -> Result<Vec<OpenClaim>, sqlx::Error> {
    sqlx::query_as(
        "SELECT c.refund_id, p.reference, r.amount_cents, r.failure, c.asked_at, c.given_at, c.reminders
         FROM claims c JOIN refunds r ON r.id = c.refund_id JOIN pledges p ON p.id = c.pledge_id
         WHERE r.state = 'unclaimed' ORDER BY c.asked_at, c.refund_id",
    )
    .fetch_all(conn)
    .await
}

/// Moves a refund that goes by bank.
pub async fn refund_by_bank(
    tx: &mut Tx,
    id: &str,
    from: RefundState,
    to: RefundState,
    finished_at: Option<Timestamp>,
) -> Result<bool, sqlx::Error> {
    if !step(tx, id, from, to).await? {
        return Ok(false);
    }
    sqlx::query("UPDATE refunds SET finished_at = $2 WHERE id = $1")
        .bind(id)
        .bind(finished_at)
        .execute(&mut **tx)
        .await?;
    Ok(true)
}

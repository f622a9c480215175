//! SQL of rounds.

use crate::features::rounds::{Outline, Round, RoundState};
use crate::infra::db::life_cycle::step;
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

pub async fn by_id(conn: &mut Conn, id: &str) -> Result<Option<Round>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM rounds WHERE id = $1").bind(id).fetch_optional(conn).await
}

pub async fn by_number(conn: &mut Conn, number: i64) -> Result<Option<Round>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM rounds WHERE number = $1").bind(number).fetch_optional(conn).await
}

pub async fn all(conn: &mut Conn) -> Result<Vec<Round>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM rounds ORDER BY number DESC").fetch_all(conn).await
}

/// Locks the round for the rest of the transaction.
pub async fn lock(tx: &mut Tx, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE rounds SET id = id WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(())
}

/// Moves a round on; answers whether it was in the state it should come from.
pub async fn move_on(
    tx: &mut Tx,
    id: &str,
    from: RoundState,
    to: RoundState,
    settled_at: Option<Timestamp>,
) -> Result<bool, sqlx::Error> {
    if !step(tx, id, from, to).await? {
        return Ok(false);
    }
    sqlx::query("UPDATE rounds SET settled_at = $2 WHERE id = $1").bind(id).bind(settled_at).execute(&mut **tx).await?;
    Ok(true)
}

/// Brings the closing instant forward to now.
pub async fn close_at(tx: &mut Tx, id: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE rounds SET closes_at = $2 WHERE id = $1 AND closes_at > $2")
        .bind(id)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn insert(tx: &mut Tx, round: &Round) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO rounds (id, number, title_nl, title_en, state, unit_price_eur, minimum_cents, rule_nl, rule_en,
             submissions_at, valuation_at, selling_at, closes_at, settled_at, near_miss_percent, fee_basis_points,
             remainder_rule, remainder_fund_id, late_days)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
    )
    .bind(&round.id)
    .bind(round.number)
    .bind(&round.title_nl)
    .bind(&round.title_en)
    .bind(round.state)
    .bind(round.unit_price_eur)
    .bind(round.minimum_cents)
    .bind(&round.rule_nl)
    .bind(&round.rule_en)
    .bind(round.submissions_at)
    .bind(round.valuation_at)
    .bind(round.selling_at)
    .bind(round.closes_at)
    .bind(round.settled_at)
    .bind(round.near_miss_percent)
    .bind(round.fee_basis_points)
    .bind(round.remainder_rule)
    .bind(&round.remainder_fund_id)
    .bind(round.late_days)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Writes what a round offers and when; answers whether it was still in this state.
pub async fn change(tx: &mut Tx, id: &str, state: RoundState, outline: &Outline) -> Result<bool, sqlx::Error> {
    let changed = sqlx::query(
        "UPDATE rounds SET number = $3, title_nl = $4, title_en = $5, unit_price_eur = $6, minimum_cents = $7, rule_nl = $8,
             rule_en = $9, submissions_at = $10, valuation_at = $11, selling_at = $12, closes_at = $13, near_miss_percent = $14,
             fee_basis_points = $15, remainder_rule = $16, remainder_fund_id = $17, late_days = $18
         WHERE id = $1 AND state = $2",
    )
    .bind(id)
    .bind(state)
    .bind(outline.number)
    .bind(&outline.title_nl)
    .bind(&outline.title_en)
    .bind(outline.unit_price_eur)
    .bind(outline.minimum)
    .bind(&outline.rule_nl)
    .bind(&outline.rule_en)
    .bind(outline.moments[0])
    .bind(outline.moments[1])
    .bind(outline.moments[2])
    .bind(outline.moments[3])
    .bind(outline.near_miss_percent)
    .bind(outline.fee_basis_points)
    .bind(outline.remainder_rule)
    .bind(&outline.remainder_fund_id)
    .bind(outline.late_days)
    .execute(&mut **tx)
    .await?;
    Ok(changed.rows_affected() == 1)
}

/// Moves the closing instant of a round that sells until `from`; answers whether it still does.
pub async fn extend(tx: &mut Tx, id: &str, from: Timestamp, to: Timestamp) -> Result<bool, sqlx::Error> {
    let moved = sqlx::query("UPDATE rounds SET closes_at = $3 WHERE id = $1 AND state = 'selling' AND closes_at = $2")
        .bind(id)
        .bind(from)
        .bind(to)
        .execute(&mut **tx)
        .await?;
    Ok(moved.rows_affected() == 1)
}

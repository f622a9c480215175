//! SQL of what match funds added to the pledges of a settlement, frozen beside its lines.

use sqlx::FromRow;

use crate::features::settlement::{LinePlan, MatchPlan};
use crate::infra::db::{Conn, Tx};
use crate::values::Cents;

/// A frozen match goes the way of its pledge's line.
pub async fn freeze_match(
    tx: &mut Tx,
    settlement_id: &str,
    line: &LinePlan,
    one: &MatchPlan,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO settlement_matches (settlement_id, match_id, pledge_id, project_id, effect, amount_cents, start_cents,
             result_cents) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(settlement_id)
    .bind(&one.match_id)
    .bind(&line.pledge_id)
    .bind(&line.project_id)
    .bind(line.effect)
    .bind(one.amount)
    .bind(one.start)
    .bind(one.result)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A frozen match as it stands.
#[derive(Debug, Clone, FromRow)]
pub struct FrozenMatch {
    pub match_id: String,
    pub pledge_id: String,
    pub project_id: String,
    #[sqlx(rename = "amount_cents")]
    pub amount: Cents,
    #[sqlx(rename = "start_cents")]
    pub start: Cents,
    #[sqlx(rename = "result_cents")]
    pub result: Cents,
}

/// The frozen matches of a settlement, or of one of its projects.
pub async fn frozen_matches(
    conn: &mut Conn,
    settlement_id: &str,
    project_id: &str,
) -> Result<Vec<FrozenMatch>, sqlx::Error> {
    sqlx::query_as(
        "SELECT match_id, pledge_id, project_id, amount_cents, start_cents, result_cents FROM settlement_matches
         WHERE settlement_id = $1 AND ($2 = '' OR project_id = $2)",
    )
    .bind(settlement_id)
    .bind(project_id)
    .fetch_all(conn)
    .await
}

/// The frozen matches of one pledge.
pub async fn matches_of_line(
    conn: &mut Conn,
    settlement_id: &str,
    pledge_id: &str,
) -> Result<Vec<FrozenMatch>, sqlx::Error> {
    sqlx::query_as(
        "SELECT match_id, pledge_id, project_id, amount_cents, start_cents, result_cents FROM settlement_matches
         WHERE settlement_id = $1 AND pledge_id = $2 ORDER BY match_id",
    )
    .bind(settlement_id)
    .bind(pledge_id)
    .fetch_all(conn)
    .await
}

/// Whether funds added to anything that this settlement releases.
pub async fn releases_matches(conn: &mut Conn, settlement_id: &str) -> Result<bool, sqlx::Error> {
    let row: Option<(String,)> = sqlx::query_as(
        "SELECT match_id FROM settlement_matches WHERE settlement_id = $1 AND effect = 'release' LIMIT 1",
    )
    .bind(settlement_id)
    .fetch_optional(conn)
    .await?;
    Ok(row.is_some())
}

/// Matches that did not go the way of their line, and matches released without one.
pub async fn matches_apart(conn: &mut Conn) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT m.match_id FROM settlement_matches m JOIN matches t ON t.id = m.match_id
             JOIN settlement_lines l ON l.settlement_id = m.settlement_id AND l.pledge_id = m.pledge_id
         WHERE l.effect <> m.effect OR t.pledge_id <> m.pledge_id OR t.amount_cents < m.amount_cents
            OR (l.done_at IS NULL AND t.state = 'released')
            OR (l.done_at IS NOT NULL AND t.state = 'reserved')
            OR (l.done_at IS NOT NULL AND l.effect = 'refund' AND t.state <> 'returned')
         UNION
         SELECT t.id FROM matches t LEFT JOIN settlement_matches m ON m.match_id = t.id AND m.effect = 'release'
         WHERE t.state = 'released' AND m.match_id IS NULL",
    )
    .fetch_all(conn)
    .await
}

//! SQL of the team's list of pledges.

use crate::features::pledges::{Pledge, PledgeState};
use crate::infra::db::Conn;
use crate::infra::listing::Wanted;
use crate::values::{Cents, Rikx};

/// A part of the pledges that are wanted.
pub async fn listed(conn: &mut Conn, wanted: &Wanted) -> Result<Vec<Pledge>, sqlx::Error> {
    let query = crate::ordered!(
        wanted,
        "SELECT * FROM pledges
         WHERE ($1 = '' OR state = $1) AND ($2 = '' OR kind = $2) AND ($3 = '' OR round_id = $3) AND ($4 = '' OR project_id = $4)
             AND ($5 = '' OR LOWER(reference) LIKE $5 ESCAPE '\\' OR LOWER(name) LIKE $5 ESCAPE '\\'
                 OR LOWER(company_name) LIKE $5 ESCAPE '\\')",
        "id",
        "LIMIT $6 OFFSET $7",
        "amount" => "amount_cents",
        "rikx" => "rikx_hundredths",
        "state" => "state",
        "kind" => "kind",
        "reference" => "reference",
        "held" => "COALESCE(held_at, '')",
        "until" => "expires_at",
    );
    sqlx::query_as(query)
        .bind(wanted.value("state"))
        .bind(wanted.value("kind"))
        .bind(wanted.value("round"))
        .bind(wanted.value("project"))
        .bind(wanted.like("q"))
        .bind(wanted.limit)
        .bind(wanted.offset)
        .fetch_all(conn)
        .await
}

/// How many of all that are wanted are in each state, and what they come to.
pub async fn listed_sums(
    conn: &mut Conn,
    wanted: &Wanted,
) -> Result<Vec<(PledgeState, i64, Cents, Rikx)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT state, COUNT(*), CAST(COALESCE(SUM(amount_cents), 0) AS BIGINT),
             CAST(COALESCE(SUM(rikx_hundredths), 0) AS BIGINT) FROM pledges
         WHERE ($1 = '' OR kind = $1) AND ($2 = '' OR round_id = $2) AND ($3 = '' OR project_id = $3)
             AND ($4 = '' OR LOWER(reference) LIKE $4 ESCAPE '\\' OR LOWER(name) LIKE $4 ESCAPE '\\'
                 OR LOWER(company_name) LIKE $4 ESCAPE '\\')
         GROUP BY state",
    )
    .bind(wanted.value("kind"))
    .bind(wanted.value("round"))
    .bind(wanted.value("project"))
    .bind(wanted.like("q"))
    .fetch_all(conn)
    .await
}

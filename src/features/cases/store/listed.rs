//! SQL of the team's list of cases.

use crate::features::cases::{Case, CaseState};
use crate::infra::db::Conn;
use crate::infra::listing::Wanted;
use crate::values::Cents;

/// A part of the cases that are wanted.
pub async fn listed(conn: &mut Conn, wanted: &Wanted) -> Result<Vec<Case>, sqlx::Error> {
    let query = crate::ordered!(
        wanted,
        "SELECT * FROM cases
         WHERE ($1 = '' OR state = $1) AND ($2 = '' OR kind = $2)
             AND ($3 = '' OR LOWER(subject_id) LIKE $3 ESCAPE '\\' OR LOWER(detail) LIKE $3 ESCAPE '\\')
             AND ($4 = '' OR COALESCE(assigned_to, '-') = $4)",
        "id",
        "LIMIT $5 OFFSET $6",
        "since" => "opened_at",
        "amount" => "amount_cents",
        "what" => "kind",
        "closed" => "COALESCE(closed_at, '')",
    );
    sqlx::query_as(query)
        .bind(wanted.value("state"))
        .bind(wanted.value("kind"))
        .bind(wanted.like("q"))
        .bind(wanted.value("assigned"))
        .bind(wanted.limit)
        .bind(wanted.offset)
        .fetch_all(conn)
        .await
}

/// How many of all that are wanted are in each state, and the amounts in question.
pub async fn listed_sums(conn: &mut Conn, wanted: &Wanted) -> Result<Vec<(CaseState, i64, Cents)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT state, COUNT(*), CAST(COALESCE(SUM(amount_cents), 0) AS BIGINT) FROM cases
         WHERE ($1 = '' OR kind = $1)
             AND ($2 = '' OR LOWER(subject_id) LIKE $2 ESCAPE '\\' OR LOWER(detail) LIKE $2 ESCAPE '\\')
             AND ($3 = '' OR COALESCE(assigned_to, '-') = $3)
         GROUP BY state",
    )
    .bind(wanted.value("kind"))
    .bind(wanted.like("q"))
    .bind(wanted.value("assigned"))
    .fetch_all(conn)
    .await
}

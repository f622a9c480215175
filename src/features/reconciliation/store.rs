//! SQL of comparisons that were made.

mod alarms;
mod checks;

pub use alarms::*;
pub use checks::*;

use crate::features::reconciliation::{Reconciliation, Way};
use crate::infra::db::{Conn, Tx};

pub async fn insert(tx: &mut Tx, row: &Reconciliation) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO reconciliations (id, way, day, matched, matched_cents, differing, differing_cents, started_at,
             finished_at, started_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(&row.id)
    .bind(row.way)
    .bind(&row.day)
    .bind(row.matched)
    .bind(row.matched_cents)
    .bind(row.differing)
    .bind(row.differing_cents)
    .bind(row.started_at)
    .bind(row.finished_at)
    .bind(&row.started_by)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn latest(conn: &mut Conn, way: Way) -> Result<Option<Reconciliation>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM reconciliations WHERE way = $1 ORDER BY started_at DESC, id DESC LIMIT 1")
        .bind(way)
        .fetch_optional(conn)
        .await
}

pub async fn newest(conn: &mut Conn, limit: i64) -> Result<Vec<Reconciliation>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM reconciliations ORDER BY started_at DESC, id DESC LIMIT $1")
        .bind(limit)
        .fetch_all(conn)
        .await
}

/// The last day that was compared this way.
pub async fn last_day(conn: &mut Conn, way: Way) -> Result<Option<String>, sqlx::Error> {
    let row: Option<(String,)> =
        sqlx::query_as("SELECT day FROM reconciliations WHERE way = $1 ORDER BY day DESC LIMIT 1")
            .bind(way)
            .fetch_optional(conn)
            .await?;
    Ok(row.map(|(day,)| day))
}

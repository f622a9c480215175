//! SQL of statements whose time is over.

use crate::features::social_return::Statement;
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

/// Some statements of the years before this one that still name a company.
pub async fn named_before(conn: &mut Conn, year: i64, limit: i64) -> Result<Vec<Statement>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM credit_statements WHERE year < $1 AND forgotten_at IS NULL ORDER BY id LIMIT $2")
        .bind(year)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub async fn forget(tx: &mut Tx, id: &str, facts: &str, sha256: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE credit_statements SET facts = $2, sha256 = $3, forgotten_at = $4 WHERE id = $1 AND forgotten_at IS NULL",
    )
    .bind(id)
    .bind(facts)
    .bind(sha256)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

//! SQL of the line before the bank.

use crate::infra::db::{Conn, Db, Tx};
use crate::values::Timestamp;

/// The ids of payments that wait for a session, first come first. A transfer needs none.
pub async fn without_session(conn: &mut Conn, limit: i64) -> Result<Vec<String>, sqlx::Error> {
    // the index gives this order as it is; with the id behind it PostgreSQL would sort all who wait
    let rows: Vec<(String,)> = sqlx::query_as(
        "SELECT id FROM payments WHERE state = 'created' AND method <> 'transfer' ORDER BY created_at LIMIT $1",
    )
    .bind(limit)
    .fetch_all(conn)
    .await?;
    Ok(in_order(rows))
}

/// Takes the payments that have waited longest in hand, for so many seconds, as in `jobs::claim`.
pub async fn take_without_session(
    db: &Db,
    now: Timestamp,
    lease_seconds: i64,
    most: i64,
) -> Result<Vec<String>, sqlx::Error> {
    let waiting: Option<(i64,)> =
        sqlx::query_as("SELECT CAST(1 AS BIGINT) FROM payments WHERE state = 'created' AND open_after <= $1 LIMIT 1")
            .bind(now)
            .fetch_optional(&mut *db.read().await?)
            .await?;
    if waiting.is_none() {
        return Ok(Vec::new());
    }
    let mut tx = db.begin_together().await?;
    let statement = tx.claiming(
        "UPDATE payments SET open_after = $2 WHERE open_after <= $1
             AND id IN (SELECT id FROM payments WHERE state = 'created' AND open_after <= $1
                        ORDER BY created_at LIMIT $3 /* what others hold is passed over */)
         RETURNING id",
    );
    let rows: Vec<(String,)> = sqlx::query_as(statement)
        .bind(now)
        .bind(now.plus_seconds(lease_seconds))
        .bind(most)
        .fetch_all(&mut *tx)
        .await?;
    tx.commit_quietly().await?;
    Ok(in_order(rows))
}

/// Ids are in the order of time, those of one moment too.
fn in_order(rows: Vec<(String,)>) -> Vec<String> {
    let mut ids: Vec<String> = rows.into_iter().map(|(id,)| id).collect();
    ids.sort_unstable();
    ids
}

/// The line comes to this payment at `at`, unless its session is there by then.
pub async fn set_open_after(tx: &mut Tx, id: &str, at: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE payments SET open_after = $2 WHERE id = $1 AND state = 'created'")
        .bind(id)
        .bind(at)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

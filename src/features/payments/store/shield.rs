//! SQL of the shield against the testing of cards.

use crate::features::payments::shield::Shield;
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

pub async fn shield(conn: &mut Conn) -> Result<Shield, sqlx::Error> {
    sqlx::query_as("SELECT up_until, reason FROM card_shield WHERE id = 'cards'").fetch_one(conn).await
}

/// Locks the shield for the rest of the transaction.
pub async fn lock_shield(tx: &mut Tx) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE card_shield SET id = id WHERE id = 'cards'").execute(&mut **tx).await?;
    Ok(())
}

/// Down → up until a moment. `false` when it was up.
pub async fn raise_shield(tx: &mut Tx, until: Timestamp, reason: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let raised = sqlx::query("UPDATE card_shield SET up_until = $1, reason = $2 WHERE id = 'cards' AND up_until <= $3")
        .bind(until)
        .bind(reason)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(raised.rows_affected() == 1)
}

/// Up → down. `false` when it was down.
pub async fn lower_shield(tx: &mut Tx, reason: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let lowered = sqlx::query("UPDATE card_shield SET up_until = '', reason = $1 WHERE id = 'cards' AND up_until > $2")
        .bind(reason)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(lowered.rows_affected() == 1)
}

/// Events of a type that happened since a moment.
pub async fn count_events(conn: &mut Conn, kind: &str, since: Timestamp) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM provider_events WHERE type = $1 AND occurred_at > $2")
        .bind(kind)
        .bind(since)
        .fetch_one(conn)
        .await?;
    Ok(count)
}

//! SQL of where people sign in from: browsers they used before, who asked for letters lately, and what changed in accounts.

use crate::features::users::events::{Event, EventKind};
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

/// How many browsers this user signed in with before.
pub async fn count_devices(conn: &mut Conn, user_id: &str) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) =
        sqlx::query_as("SELECT COUNT(*) FROM known_devices WHERE user_id = $1").bind(user_id).fetch_one(conn).await?;
    Ok(count)
}

/// Whether this user signed in with this browser, or from this place, before.
pub async fn knows_device(conn: &mut Conn, user_id: &str, device_hash: &str) -> Result<bool, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM known_devices WHERE user_id = $1 AND device_hash = $2")
        .bind(user_id)
        .bind(device_hash)
        .fetch_one(conn)
        .await?;
    Ok(count > 0)
}

/// Notes a browser; `true` when it was not known.
pub async fn note_device(tx: &mut Tx, user_id: &str, device_hash: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let inserted = sqlx::query(
        "INSERT INTO known_devices (user_id, device_hash, seen_at) VALUES ($1, $2, $3)
         ON CONFLICT (user_id, device_hash) DO NOTHING",
    )
    .bind(user_id)
    .bind(device_hash)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    if inserted.rows_affected() == 1 {
        return Ok(true);
    }
    sqlx::query("UPDATE known_devices SET seen_at = $3 WHERE user_id = $1 AND device_hash = $2")
        .bind(user_id)
        .bind(device_hash)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(false)
}

/// Notes that somebody asked for a letter.
pub async fn note_ask(tx: &mut Tx, id: &str, network: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO sign_in_asks (id, network, at) VALUES ($1, $2, $3)")
        .bind(id)
        .bind(network)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// How often letters were asked for from a network since a moment.
pub async fn asks_from(conn: &mut Conn, network: &str, since: Timestamp) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM sign_in_asks WHERE network = $1 AND at > $2")
        .bind(network)
        .bind(since)
        .fetch_one(conn)
        .await?;
    Ok(count)
}

/// How often letters were asked for at all since a moment.
pub async fn asks_since(conn: &mut Conn, since: Timestamp) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) =
        sqlx::query_as("SELECT COUNT(*) FROM sign_in_asks WHERE at > $1").bind(since).fetch_one(conn).await?;
    Ok(count)
}

/// Forgets who asked before a moment.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM sign_in_asks WHERE at < $1").bind(before).execute(&mut **tx).await?;
    Ok(())
}

/// Forgets every browser of a user.
pub async fn forget_devices(tx: &mut Tx, user_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM known_devices WHERE user_id = $1").bind(user_id).execute(&mut **tx).await?;
    Ok(())
}

pub async fn insert_event(
    tx: &mut Tx,
    id: &str,
    user_id: &str,
    kind: EventKind,
    detail: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO account_events (id, user_id, kind, detail, at) VALUES ($1, $2, $3, $4, $5)")
        .bind(id)
        .bind(user_id)
        .bind(kind)
        .bind(detail)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn event(conn: &mut Conn, id: &str) -> Result<Option<Event>, sqlx::Error> {
    sqlx::query_as("SELECT id, user_id, kind, detail, at FROM account_events WHERE id = $1")
        .bind(id)
        .fetch_optional(conn)
        .await
}

/// What changed in an account, the newest first.
pub async fn events_of(conn: &mut Conn, user_id: &str, limit: i64) -> Result<Vec<Event>, sqlx::Error> {
    sqlx::query_as("SELECT id, user_id, kind, detail, at FROM account_events WHERE user_id = $1 ORDER BY at DESC, id DESC LIMIT $2")
        .bind(user_id)
        .bind(limit)
        .fetch_all(conn)
        .await
}

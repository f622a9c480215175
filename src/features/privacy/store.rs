//! SQL of erasures, and of accounts to which nothing belongs.

use crate::features::privacy::erasure::Erasure;
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

/// Begins an erasure; `false` when one is open already.
pub async fn insert(tx: &mut Tx, erasure: &Erasure, undo_hash: &str) -> Result<bool, sqlx::Error> {
    let inserted = sqlx::query(
        "INSERT INTO erasures (id, user_id, language, undo_hash, asked_at, due_at)
         SELECT $1, $2, $3, $4, $5, $6 FROM users WHERE id = $2
             AND NOT EXISTS (SELECT 1 FROM erasures WHERE user_id = $2 AND undone_at IS NULL AND done_at IS NULL)",
    )
    .bind(&erasure.id)
    .bind(&erasure.user_id)
    .bind(erasure.language)
    .bind(undo_hash)
    .bind(erasure.asked_at)
    .bind(erasure.due_at)
    .execute(&mut **tx)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

pub async fn by_id(conn: &mut Conn, id: &str) -> Result<Option<Erasure>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM erasures WHERE id = $1").bind(id).fetch_optional(conn).await
}

/// The erasure of this person that waits.
pub async fn open_of(conn: &mut Conn, user_id: &str) -> Result<Option<Erasure>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM erasures WHERE user_id = $1 AND undone_at IS NULL AND done_at IS NULL")
        .bind(user_id)
        .fetch_optional(conn)
        .await
}

/// All of this person, the oldest first.
pub async fn of_user(conn: &mut Conn, user_id: &str) -> Result<Vec<Erasure>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM erasures WHERE user_id = $1 ORDER BY asked_at, id")
        .bind(user_id)
        .fetch_all(conn)
        .await
}

/// The erasure that this link takes back.
pub async fn open_by_undo(conn: &mut Conn, undo_hash: &str) -> Result<Option<Erasure>, sqlx::Error> {
    sqlx::query_as(
        "SELECT * FROM erasures WHERE undo_hash = $1 AND undo_hash <> '' AND undone_at IS NULL AND done_at IS NULL",
    )
    .bind(undo_hash)
    .fetch_optional(conn)
    .await
}

/// Some that are due, after an id, in the order of their ids.
pub async fn due(conn: &mut Conn, now: Timestamp, after: &str, limit: i64) -> Result<Vec<Erasure>, sqlx::Error> {
    sqlx::query_as(
        "SELECT * FROM erasures WHERE due_at <= $1 AND undone_at IS NULL AND done_at IS NULL AND id > $2
         ORDER BY id LIMIT $3",
    )
    .bind(now)
    .bind(after)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// Takes an open erasure back; how many rows were hit.
pub async fn undo(tx: &mut Tx, id: &str, now: Timestamp) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE erasures SET undone_at = $2, undo_hash = '' WHERE id = $1 AND undone_at IS NULL AND done_at IS NULL",
    )
    .bind(id)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected())
}

/// Marks an open erasure as carried out; how many rows were hit.
pub async fn done(tx: &mut Tx, id: &str, now: Timestamp) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE erasures SET done_at = $2, undo_hash = '' WHERE id = $1 AND undone_at IS NULL AND done_at IS NULL",
    )
    .bind(id)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected())
}

/// Removes some that ended before a moment; how many.
pub async fn remove_old(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, sqlx::Error> {
    let removed = sqlx::query(
        "DELETE FROM erasures WHERE id IN (
             SELECT id FROM erasures WHERE undone_at < $1 OR done_at < $1 ORDER BY id LIMIT $2)",
    )
    .bind(before)
    .bind(limit)
    .execute(&mut **tx)
    .await?;
    Ok(removed.rows_affected())
}

/// Some accounts to which nothing belongs any more. `was_used`: those to which nobody signed in since `before`; else those
/// that were made by typing an address before then, and never used. Pledges hold an account until their names have had their time.
pub async fn unused_accounts(
    conn: &mut Conn,
    was_used: bool,
    before: Timestamp,
    paid_before: Timestamp,
    unpaid_before: Timestamp,
    limit: i64,
) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT u.id FROM users u
         WHERE u.erased_at IS NULL AND u.created_at < $1
             AND (($4 = 0 AND u.signed_in_at = '') OR ($4 = 1 AND u.signed_in_at <> '' AND u.signed_in_at < $1))
             AND NOT EXISTS (SELECT 1 FROM sessions x WHERE x.user_id = u.id)
             AND NOT EXISTS (SELECT 1 FROM staff_roles x WHERE x.user_id = u.id)
             AND NOT EXISTS (SELECT 1 FROM memberships x WHERE x.user_id = u.id)
             AND NOT EXISTS (SELECT 1 FROM invitations x WHERE x.email = u.email AND x.state = 'open')
             AND NOT EXISTS (SELECT 1 FROM follows x WHERE x.user_id = u.id AND x.confirmed_at IS NOT NULL AND x.ended_at IS NULL)
             AND NOT EXISTS (SELECT 1 FROM erasures x WHERE x.user_id = u.id AND x.undone_at IS NULL AND x.done_at IS NULL)
             AND NOT EXISTS (SELECT 1 FROM letters x WHERE x.user_id = u.id AND x.state = 'queued')
             AND NOT EXISTS (SELECT 1 FROM pledges x WHERE x.user_id = u.id
                 AND ((x.state = 'expired' AND x.held_at IS NULL AND x.expires_at >= $3)
                     OR ((x.state <> 'expired' OR x.held_at IS NOT NULL)
                         AND (x.created_at >= $2 OR x.state NOT IN ('released', 'refunded', 'expired') OR x.request_hash <> ''))))
         ORDER BY u.id LIMIT $5",
    )
    .bind(before)
    .bind(paid_before)
    .bind(unpaid_before)
    .bind(i64::from(was_used))
    .bind(limit)
    .fetch_all(conn)
    .await
}

//! SQL of changes of address.

use crate::features::users::address::{AddressState, Change};
use crate::infra::db::life_cycle::step;
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

pub async fn insert(tx: &mut Tx, change: &Change) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO address_changes (id, user_id, session_id, old_email, new_email, code_hash, attempts, state, undo_hash, asked_at)
         VALUES ($1, $2, $3, $4, $5, $6, 0, $7, '', $8)",
    )
    .bind(&change.id)
    .bind(&change.user_id)
    .bind(&change.session_id)
    .bind(&change.old_email)
    .bind(&change.new_email)
    .bind(&change.code_hash)
    .bind(change.state)
    .bind(change.asked_at)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn by_id(conn: &mut Conn, id: &str) -> Result<Option<Change>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM address_changes WHERE id = $1").bind(id).fetch_optional(conn).await
}

/// The account that left this address last since a moment, and can still take it back.
pub async fn left(conn: &mut Conn, email: &str, since: Timestamp) -> Result<Option<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT c.user_id FROM address_changes c JOIN users u ON u.id = c.user_id
         WHERE c.old_email = $1 AND c.state = 'changed' AND c.changed_at > $2 AND u.erased_at IS NULL
         ORDER BY c.changed_at DESC LIMIT 1",
    )
    .bind(email)
    .bind(since)
    .fetch_optional(conn)
    .await
}

/// How often this user asked since a moment.
pub async fn asked_since(conn: &mut Conn, user_id: &str, since: Timestamp) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM address_changes WHERE user_id = $1 AND asked_at > $2")
        .bind(user_id)
        .bind(since)
        .fetch_one(conn)
        .await?;
    Ok(count)
}

/// The ids of what this user asked for and did not confirm.
pub async fn asked(conn: &mut Conn, user_id: &str) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(String,)> = sqlx::query_as("SELECT id FROM address_changes WHERE user_id = $1 AND state = 'asked'")
        .bind(user_id)
        .fetch_all(conn)
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The change that waits for its code in this session.
pub async fn waiting(conn: &mut Conn, session_id: &str, since: Timestamp) -> Result<Option<Change>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM address_changes WHERE session_id = $1 AND state = 'asked' AND asked_at > $2")
        .bind(session_id)
        .bind(since)
        .fetch_optional(conn)
        .await
}

/// Counts a try of its code, and answers it; nothing when none waits or there were too many.
pub async fn count_try(
    tx: &mut Tx,
    session_id: &str,
    most: i64,
    since: Timestamp,
) -> Result<Option<Change>, sqlx::Error> {
    sqlx::query_as(
        "UPDATE address_changes SET attempts = attempts + 1
         WHERE session_id = $1 AND state = 'asked' AND asked_at > $2 AND attempts < $3 RETURNING *",
    )
    .bind(session_id)
    .bind(since)
    .bind(most)
    .fetch_optional(&mut **tx)
    .await
}

/// Writes down that the address changed; answers whether it was still asked for.
pub async fn changed(tx: &mut Tx, id: &str, undo_hash: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    // the table wants the moment with the new state
    let noted =
        sqlx::query("UPDATE address_changes SET undo_hash = $2, changed_at = $3 WHERE id = $1 AND state = 'asked'")
            .bind(id)
            .bind(undo_hash)
            .bind(now)
            .execute(&mut **tx)
            .await?;
    Ok(noted.rows_affected() == 1 && step(tx, id, AddressState::Asked, AddressState::Changed).await?)
}

/// The change that this link takes back.
pub async fn by_undo(conn: &mut Conn, undo_hash: &str) -> Result<Option<Change>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM address_changes WHERE undo_hash = $1 AND undo_hash <> ''")
        .bind(undo_hash)
        .fetch_optional(conn)
        .await
}

/// The ids of the changes of this user since a moment, that one included.
pub async fn changed_since(conn: &mut Conn, user_id: &str, since: Timestamp) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "SELECT id FROM address_changes WHERE user_id = $1 AND state = 'changed' AND changed_at >= $2 ORDER BY changed_at",
    )
    .bind(user_id)
    .bind(since)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Gives a user another address, unless somebody else has it; how many rows were hit.
pub async fn set_email(tx: &mut Tx, user_id: &str, email: &str) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE users SET email = $2 WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM users other WHERE other.email = $2 AND other.id <> $1)",
    )
    .bind(user_id)
    .bind(email)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected())
}

//! SQL of passkeys and of the questions that wait for their answer.

use crate::features::users::passkeys::{NamedKey, Purpose};
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

pub async fn of_user(conn: &mut Conn, user_id: &str) -> Result<Vec<NamedKey>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, name, credential_id, credential, uses, created_at, used_at FROM passkeys WHERE user_id = $1
         ORDER BY created_at, id",
    )
    .bind(user_id)
    .fetch_all(conn)
    .await
}

pub async fn count(conn: &mut Conn, user_id: &str) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) =
        sqlx::query_as("SELECT COUNT(*) FROM passkeys WHERE user_id = $1").bind(user_id).fetch_one(conn).await?;
    Ok(count)
}

/// Inserts a passkey; `false` when somebody has it already.
pub async fn insert(tx: &mut Tx, user_id: &str, key: &NamedKey) -> Result<bool, sqlx::Error> {
    let inserted = sqlx::query(
        "INSERT INTO passkeys (id, user_id, name, credential_id, credential, uses, created_at, used_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (credential_id) DO NOTHING",
    )
    .bind(&key.id)
    .bind(user_id)
    .bind(&key.name)
    .bind(&key.credential_id)
    .bind(&key.credential)
    .bind(key.uses)
    .bind(key.created_at)
    .bind(key.used_at)
    .execute(&mut **tx)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Writes down a use; how many rows were hit: none when the device's counter did not go on.
pub async fn used(
    tx: &mut Tx,
    id: &str,
    credential: &str,
    (before, after): (i64, i64),
    now: Timestamp,
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query("UPDATE passkeys SET credential = $2, uses = $4, used_at = $5 WHERE id = $1 AND uses = $3")
        .bind(id)
        .bind(credential)
        .bind(before)
        .bind(after)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected())
}

/// Removes a passkey of this user; its name, when there was one.
pub async fn remove(tx: &mut Tx, user_id: &str, id: &str) -> Result<Option<String>, sqlx::Error> {
    let row: Option<(String,)> = sqlx::query_as("DELETE FROM passkeys WHERE id = $1 AND user_id = $2 RETURNING name")
        .bind(id)
        .bind(user_id)
        .fetch_optional(&mut **tx)
        .await?;
    Ok(row.map(|(name,)| name))
}

/// Removes the passkeys of a user that were added at or after a moment.
pub async fn remove_since(tx: &mut Tx, user_id: &str, since: &str) -> Result<u64, sqlx::Error> {
    let done = sqlx::query("DELETE FROM passkeys WHERE user_id = $1 AND created_at >= $2")
        .bind(user_id)
        .bind(since)
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected())
}

/// Keeps a question in the place of an older one of the same session and purpose.
pub async fn ask(
    tx: &mut Tx,
    session_id: &str,
    purpose: Purpose,
    question: &str,
    expires_at: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO passkey_questions (session_id, purpose, question, expires_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (session_id, purpose) DO UPDATE SET question = excluded.question, expires_at = excluded.expires_at",
    )
    .bind(session_id)
    .bind(purpose)
    .bind(question)
    .bind(expires_at)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Takes the question away, so that it is answered once; nothing when there is none.
pub async fn take(tx: &mut Tx, session_id: &str, purpose: Purpose) -> Result<Option<(String, Timestamp)>, sqlx::Error> {
    sqlx::query_as(
        "DELETE FROM passkey_questions WHERE session_id = $1 AND purpose = $2 RETURNING question, expires_at",
    )
    .bind(session_id)
    .bind(purpose)
    .fetch_optional(&mut **tx)
    .await
}

/// Forgets questions that ended before a moment.
pub async fn forget_questions(tx: &mut Tx, moment: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM passkey_questions WHERE expires_at < $1").bind(moment).execute(&mut **tx).await?;
    Ok(())
}

//! SQL of what is known of a person, of erasing, and of what is past its time.

use std::collections::BTreeSet;

use crate::features::users::StaffRole;
use crate::features::users::address::Change;
use crate::features::users::events::Event;
use crate::infra::db::{Conn, Tx, bulk};
use crate::values::Timestamp;

/// When the account was made, and when its last session began (empty: never).
pub async fn dates(conn: &mut Conn, user_id: &str) -> Result<(Timestamp, String), sqlx::Error> {
    sqlx::query_as("SELECT created_at, signed_in_at FROM users WHERE id = $1").bind(user_id).fetch_one(conn).await
}

pub async fn signed_in(tx: &mut Tx, user_id: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE users SET signed_in_at = $2 WHERE id = $1").bind(user_id).bind(now).execute(&mut **tx).await?;
    Ok(())
}

pub async fn roles(conn: &mut Conn, user_id: &str) -> Result<Vec<(StaffRole, Timestamp)>, sqlx::Error> {
    sqlx::query_as("SELECT role, granted_at FROM staff_roles WHERE user_id = $1 ORDER BY role")
        .bind(user_id)
        .fetch_all(conn)
        .await
}

pub async fn devices(conn: &mut Conn, user_id: &str) -> Result<Vec<(Timestamp,)>, sqlx::Error> {
    sqlx::query_as("SELECT seen_at FROM known_devices WHERE user_id = $1 ORDER BY seen_at")
        .bind(user_id)
        .fetch_all(conn)
        .await
}

pub async fn apps(conn: &mut Conn, user_id: &str) -> Result<Vec<(Option<Timestamp>,)>, sqlx::Error> {
    sqlx::query_as("SELECT confirmed_at FROM authenticators WHERE user_id = $1").bind(user_id).fetch_all(conn).await
}

pub async fn events(conn: &mut Conn, user_id: &str) -> Result<Vec<Event>, sqlx::Error> {
    sqlx::query_as("SELECT id, user_id, kind, detail, at FROM account_events WHERE user_id = $1 ORDER BY at, id")
        .bind(user_id)
        .fetch_all(conn)
        .await
}

pub async fn addresses(conn: &mut Conn, user_id: &str) -> Result<Vec<Change>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM address_changes WHERE user_id = $1 ORDER BY asked_at, id")
        .bind(user_id)
        .fetch_all(conn)
        .await
}

/// Holds the row of the user with this address; nothing when nobody has it (any more).
pub async fn lock_by_email(tx: &mut Tx, email: &str) -> Result<Option<String>, sqlx::Error> {
    Ok(lock_by_emails(tx, &BTreeSet::from([email])).await?.pop().map(|(_, id)| id))
}

/// The same for several addresses: each that is known with its user's id.
pub async fn lock_by_emails(tx: &mut Tx, emails: &BTreeSet<&str>) -> Result<Vec<(String, String)>, sqlx::Error> {
    bulk::lock(tx, "SELECT email, id FROM users WHERE email IN", "email", emails).await
}

/// Takes name and address away; `false` when that was done before.
pub async fn erase(tx: &mut Tx, user_id: &str, address: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let erased = sqlx::query(
        "UPDATE users SET email = $2, name = '', in_organisation = 0, erased_at = $3 WHERE id = $1 AND erased_at IS NULL",
    )
    .bind(user_id)
    .bind(address)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(erased.rows_affected() == 1)
}

/// Removes all with which somebody signs in, and what is known of how they did.
pub async fn forget(tx: &mut Tx, user_id: &str, email: &str) -> Result<(), sqlx::Error> {
    for statement in [
        "DELETE FROM passkey_questions WHERE session_id IN (SELECT id FROM sessions WHERE user_id = $1)",
        "DELETE FROM sessions WHERE user_id = $1",
        "DELETE FROM passkeys WHERE user_id = $1",
        "DELETE FROM authenticators WHERE user_id = $1",
        "DELETE FROM known_devices WHERE user_id = $1",
        "DELETE FROM account_events WHERE user_id = $1",
        "DELETE FROM address_changes WHERE user_id = $1",
    ] {
        sqlx::query(statement).bind(user_id).execute(&mut **tx).await?;
    }
    sqlx::query("DELETE FROM sign_in_requests WHERE email = $1").bind(email).execute(&mut **tx).await?;
    Ok(())
}

pub async fn remove_devices(tx: &mut Tx, before: Timestamp) -> Result<u64, sqlx::Error> {
    let removed = sqlx::query("DELETE FROM known_devices WHERE seen_at < $1").bind(before).execute(&mut **tx).await?;
    Ok(removed.rows_affected())
}

pub async fn remove_events(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, sqlx::Error> {
    let removed = sqlx::query(
        "DELETE FROM account_events WHERE id IN (SELECT id FROM account_events WHERE at < $1 ORDER BY at LIMIT $2)",
    )
    .bind(before)
    .bind(limit)
    .execute(&mut **tx)
    .await?;
    Ok(removed.rows_affected())
}

pub async fn remove_addresses(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, sqlx::Error> {
    let removed = sqlx::query(
        "DELETE FROM address_changes WHERE id IN (
             SELECT id FROM address_changes WHERE asked_at < $1 ORDER BY asked_at LIMIT $2)",
    )
    .bind(before)
    .bind(limit)
    .execute(&mut **tx)
    .await?;
    Ok(removed.rows_affected())
}

//! One row for each change of a state: who, when, from which to which, and why.

use sqlx::FromRow;

use crate::infra::db::{Conn, Tx};
use crate::infra::random;
use crate::values::Timestamp;

/// A change that happened.
#[derive(Debug, Clone, FromRow)]
pub struct Change {
    pub subject: String,
    pub from_state: String,
    pub to_state: String,
    pub actor: String,
    pub reason: String,
    pub at: Timestamp,
}

/// What is written of a change. `actor` is a user's id, or the part of the program that acted (`"closing"`).
pub struct Entry<'a> {
    pub subject: &'static str,
    pub subject_id: &'a str,
    pub from: &'a str,
    pub to: &'a str,
    pub actor: &'a str,
    pub reason: &'a str,
}

/// Records a change in the transaction that makes it.
pub async fn record(tx: &mut Tx, now: Timestamp, entry: Entry<'_>) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO state_changes (id, subject, subject_id, from_state, to_state, actor, reason, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(random::id("chg", now))
    .bind(entry.subject)
    .bind(entry.subject_id)
    .bind(entry.from)
    .bind(entry.to)
    .bind(entry.actor)
    .bind(entry.reason)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// All changes of one thing, oldest first.
pub async fn of(conn: &mut Conn, subject_id: &str) -> Result<Vec<Change>, sqlx::Error> {
    sqlx::query_as(
        "SELECT subject, from_state, to_state, actor, reason, at FROM state_changes WHERE subject_id = $1 ORDER BY at, id",
    )
    .bind(subject_id)
    .fetch_all(conn)
    .await
}

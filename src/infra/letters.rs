//! The outbox of mail: a row per person and cause, written in the transaction that causes the letter.
//!
//! The row carries ids only; the noun renders the letter from its data when it is sent. One row per kind, cause and person is
//! the rule that nobody is told twice.

use crate::infra::db::Tx;
use crate::infra::random;
use crate::values::{Lang, Timestamp};

/// A letter to be sent.
pub struct Letter<'a> {
    /// The kind chooses template and stream: `pledge_received`, `update` …
    pub kind: &'static str,
    /// What caused it: the id of a pledge, refund, update.
    pub cause_id: &'a str,
    pub user_id: &'a str,
    pub language: Lang,
    pub due: Timestamp,
    /// What only this letter says (a sign-in code); emptied when sent.
    pub secret: &'a str,
}

/// Queues a letter. The same kind to the same person for the same cause is queued once, ever.
pub async fn queue(tx: &mut Tx, now: Timestamp, letter: Letter<'_>) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO letters (id, kind, cause_id, user_id, language, state, due_at, lease_until, lease_token, attempts,
             last_error, secret, created_at)
         VALUES ($1, $2, $3, $4, $5, 'queued', $6, '', '', 0, '', $7, $8)
         ON CONFLICT (kind, cause_id, user_id) DO NOTHING",
    )
    .bind(random::id("ltr", now))
    .bind(letter.kind)
    .bind(letter.cause_id)
    .bind(letter.user_id)
    .bind(letter.language)
    .bind(letter.due)
    .bind(letter.secret)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

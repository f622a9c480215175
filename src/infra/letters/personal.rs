//! Letters as a person asks for them: what was sent, what is ended when somebody is erased, and what is past its time.

use crate::infra::db::life_cycle::step;
use crate::infra::db::{Conn, Tx};
use crate::infra::letters::LetterState;
use crate::infra::personal::{Part, Record};
use crate::values::Timestamp;

/// The letters of somebody, the oldest first. What they said is written anew from its cause when they are sent, and not kept.
pub async fn given(conn: &mut Conn, user_id: &str) -> Result<Part, sqlx::Error> {
    let rows: Vec<(String, LetterState, String, Timestamp, Option<Timestamp>)> = sqlx::query_as(
        "SELECT kind, state, address, created_at, sent_at FROM letters WHERE user_id = $1 ORDER BY created_at, id",
    )
    .bind(user_id)
    .fetch_all(conn)
    .await?;
    let record = |(kind, state, address, created_at, sent_at): (String, LetterState, String, Timestamp, _)| {
        Record::new()
            .text("kind", kind)
            .word("state", state.as_str(), "data-letter")
            .text("address", address)
            .moment("created_at", created_at)
            .moment("sent_at", sent_at)
    };
    Ok(Part::of("letters", rows.into_iter().map(record)))
}

/// Ends what still waits for somebody, and empties what only letters say: another address, a secret, a mail server's answer.
pub async fn forget(tx: &mut Tx, user_id: &str) -> Result<(), sqlx::Error> {
    let waiting: Vec<(String,)> = sqlx::query_as("SELECT id FROM letters WHERE user_id = $1 AND state = 'queued'")
        .bind(user_id)
        .fetch_all(&mut **tx)
        .await?;
    for (id,) in waiting {
        step(tx, &id, LetterState::Queued, LetterState::Skipped).await?;
    }
    sqlx::query(
        "UPDATE letters SET address = '', secret = '', last_error = ''
         WHERE user_id = $1 AND (address <> '' OR secret <> '' OR last_error <> '')",
    )
    .bind(user_id)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Removes some letters from before a moment that were sent or ended; how many. That somebody was told of a refund belongs to the books
/// (I17): of those rows the ids stay, and no more.
pub async fn remove_old(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, sqlx::Error> {
    let removed = sqlx::query(
        "DELETE FROM letters WHERE id IN (
             SELECT id FROM letters WHERE state <> 'queued' AND kind <> 'refund_sent' AND created_at < $1
             ORDER BY created_at LIMIT $2)",
    )
    .bind(before)
    .bind(limit)
    .execute(&mut **tx)
    .await?;
    sqlx::query(
        "UPDATE letters SET address = '', secret = '', last_error = ''
         WHERE kind = 'refund_sent' AND state <> 'queued' AND created_at < $1
             AND (address <> '' OR secret <> '' OR last_error <> '')",
    )
    .bind(before)
    .execute(&mut **tx)
    .await?;
    Ok(removed.rows_affected())
}

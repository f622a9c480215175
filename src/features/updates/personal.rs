//! What somebody follows, chose about mail and wrote; and how it goes.

use crate::features::updates::store::{choices as log, personal as rows};
use crate::features::updates::{choices, rhythm};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::infra::personal::{Part, Record};
use crate::values::Timestamp;

/// The follows of a person, the log of mail choices, and the updates they wrote.
pub async fn given(conn: &mut Conn, user_id: &str) -> Result<Vec<Part>> {
    let follows = rows::follows(conn, user_id).await?.into_iter().map(|(slug, created_at, follow)| {
        Record::new()
            .text("project", slug)
            .moment("created_at", created_at)
            .moment("confirmed_at", follow.confirmed_at)
            .moment("ended_at", follow.ended_at)
            .flag("reminder", follow.remind == 1)
            .word("rhythm", follow.rhythm.as_str(), "mail-wish")
    });
    let general = Record::new().word("rhythm", rhythm::general(conn, user_id).await?.as_str(), "mail-wish");
    let gathered = rows::digest_items(conn, user_id).await?.into_iter().map(|(slug, number, digest, at)| {
        Record::new().text("project", slug).number("number", number).text("digest", digest).moment("created_at", at)
    });
    let slugs: std::collections::HashMap<String, String> = rows::projects(conn, user_id).await?.into_iter().collect();
    let chosen = choices::of_user(conn, user_id).await?.into_iter().map(|(choice, words)| {
        Record::new()
            .text("project", choice.project_id.and_then(|id| slugs.get(&id).cloned()).unwrap_or_default())
            .word("choice", choice.choice.as_str(), "mail-choice")
            .word("from", choice.from_wish.as_str(), "mail-wish")
            .word("to", choice.to_wish.as_str(), "mail-wish")
            .word("way", choice.way.as_str(), "mail-way")
            .text("text_version", choice.text_hash)
            .text("text_shown", words)
            .moment("at", choice.at)
    });
    let written = rows::written(conn, user_id).await?.into_iter().map(|(slug, number, nl, en, at)| {
        Record::new()
            .text("project", slug)
            .number("number", number)
            .text("title", if nl.is_empty() { en } else { nl })
            .moment("created_at", at)
    });
    Ok(vec![
        Part::of("follows", follows),
        Part::of("mail_rhythm", [general]),
        Part::of("digest_items", gathered),
        Part::of("mail_choices", chosen),
        Part::of("updates_written", written),
    ])
}

/// Removes a person's follows, what waits for a digest, and the log of their choices: there is nobody left whose consent it would prove.
pub async fn forget(tx: &mut Tx, user_id: &str) -> Result<()> {
    log::remove_of(tx, user_id).await?;
    Ok(rows::remove_follows_of(tx, user_id).await?)
}

/// Removes some follows that ended, or were asked for and never confirmed, before a moment; how many.
pub async fn remove_old_follows(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64> {
    Ok(rows::remove_old_follows(tx, before, limit).await?)
}

/// Removes some rows of digests from before a moment; how many.
pub async fn remove_old_items(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64> {
    Ok(rows::remove_old_items(tx, before, limit).await?)
}

/// Removes some rows of the log of choices from before a moment, but those by which mail still comes; how many.
pub async fn remove_old_choices(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64> {
    Ok(log::remove_old(tx, before, limit).await?)
}

//! SQL of the log of mail choices. Rows are only added; what is past its time is removed as a whole.

use crate::features::updates::choices::{Choice, MailChoice, Wish};
use crate::infra::db::{Conn, Tx};
use crate::values::{Lang, Timestamp};

pub async fn insert(tx: &mut Tx, row: &MailChoice) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO mail_choices (id, user_id, project_id, choice, from_wish, to_wish, way, text_hash, at, act)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(&row.id)
    .bind(&row.user_id)
    .bind(&row.project_id)
    .bind(row.choice)
    .bind(row.from_wish)
    .bind(row.to_wish)
    .bind(row.way)
    .bind(&row.text_hash)
    .bind(row.at)
    .bind(&row.act)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn keep_words(tx: &mut Tx, hash: &str, lang: Lang, words: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO mail_choice_texts (hash, language, words) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING",
    )
    .bind(hash)
    .bind(lang)
    .bind(words)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn words(conn: &mut Conn, hash: &str) -> Result<Option<String>, sqlx::Error> {
    let row: Option<(String,)> =
        sqlx::query_as("SELECT words FROM mail_choice_texts WHERE hash = $1").bind(hash).fetch_optional(conn).await?;
    Ok(row.map(|(words,)| words))
}

/// What was chosen last. A choice of a pledge counts from when it was made, so the order is that of the rows.
pub async fn last(
    conn: &mut Conn,
    user_id: &str,
    project_id: &str,
    choice: Choice,
) -> Result<Option<Wish>, sqlx::Error> {
    let row: Option<(Wish,)> = sqlx::query_as(
        "SELECT to_wish FROM mail_choices WHERE user_id = $1 AND project_id = $2 AND choice = $3 ORDER BY at DESC, id DESC LIMIT 1",
    )
    .bind(user_id)
    .bind(project_id)
    .bind(choice)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|(wish,)| wish))
}

pub async fn of_user(conn: &mut Conn, user_id: &str) -> Result<Vec<MailChoice>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM mail_choices WHERE user_id = $1 ORDER BY at, id").bind(user_id).fetch_all(conn).await
}

pub async fn of_act(conn: &mut Conn, act: &str) -> Result<Vec<MailChoice>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM mail_choices WHERE act = $1 AND act <> '' ORDER BY id")
        .bind(act)
        .fetch_all(conn)
        .await
}

/// Removes some rows from before a moment whose mail does not come any more; how many.
pub async fn remove_old(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, sqlx::Error> {
    let removed = sqlx::query(
        "DELETE FROM mail_choices WHERE id IN (
             SELECT c.id FROM mail_choices c
             WHERE c.at < $1 AND NOT EXISTS (SELECT 1 FROM follows f WHERE f.user_id = c.user_id
                 AND f.project_id = c.project_id AND f.confirmed_at IS NOT NULL AND f.ended_at IS NULL)
             ORDER BY c.at LIMIT $2)",
    )
    .bind(before)
    .bind(limit)
    .execute(&mut **tx)
    .await?;
    Ok(removed.rows_affected())
}

pub async fn remove_of(tx: &mut Tx, user_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM mail_choices WHERE user_id = $1").bind(user_id).execute(&mut **tx).await?;
    Ok(())
}

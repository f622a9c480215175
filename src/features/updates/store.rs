//! SQL of updates and follows.

pub mod answers;
pub mod choices;
pub mod digest;
pub mod personal;
pub mod rhythm;

use crate::features::updates::{Follow, Texts, Update, UpdateState};
use crate::infra::db::life_cycle::step;
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

pub async fn by_id(conn: &mut Conn, id: &str) -> Result<Option<Update>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, project_id, number, state, audience, title_nl, title_en, body_nl, body_en, picture_id, picture_alt, created_at,
             publish_at, published_at
         FROM updates WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await
}

pub async fn by_number(conn: &mut Conn, project_id: &str, number: i64) -> Result<Option<Update>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, project_id, number, state, audience, title_nl, title_en, body_nl, body_en, picture_id, picture_alt, created_at,
             publish_at, published_at
         FROM updates WHERE project_id = $1 AND number = $2",
    )
    .bind(project_id)
    .bind(number)
    .fetch_optional(conn)
    .await
}

/// All updates of a project, newest first.
pub async fn of_project(conn: &mut Conn, project_id: &str) -> Result<Vec<Update>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, project_id, number, state, audience, title_nl, title_en, body_nl, body_en, picture_id, picture_alt, created_at,
             publish_at, published_at
         FROM updates WHERE project_id = $1 ORDER BY number DESC",
    )
    .bind(project_id)
    .fetch_all(conn)
    .await
}

/// Adds a draft with the next number; answers whether the number was still free.
pub async fn insert(
    tx: &mut Tx,
    id: &str,
    project_id: &str,
    texts: &Texts,
    picture_id: Option<&str>,
    author_id: &str,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let added = sqlx::query(
        "INSERT INTO updates (id, project_id, number, state, title_nl, title_en, body_nl, body_en, picture_id, picture_alt,
             author_id, created_at, audience)
         SELECT $1, $2, COALESCE(MAX(number), 0) + 1, 'draft', $3, $4, $5, $6, $7, $8, $9, $10, $11
         FROM updates WHERE project_id = $2
         ON CONFLICT (project_id, number) DO NOTHING",
    )
    .bind(id)
    .bind(project_id)
    .bind(&texts.title_nl)
    .bind(&texts.title_en)
    .bind(&texts.body_nl)
    .bind(&texts.body_en)
    .bind(picture_id)
    .bind(&texts.picture_alt)
    .bind(author_id)
    .bind(now)
    .bind(texts.audience)
    .execute(&mut **tx)
    .await?;
    Ok(added.rows_affected() == 1)
}

/// Changes a draft; answers whether it still was one.
pub async fn change(tx: &mut Tx, id: &str, texts: &Texts, picture_id: Option<&str>) -> Result<bool, sqlx::Error> {
    let changed = sqlx::query(
        "UPDATE updates SET title_nl = $2, title_en = $3, body_nl = $4, body_en = $5, picture_id = $6, picture_alt = $7,
             audience = $8
         WHERE id = $1 AND state = 'draft'",
    )
    .bind(id)
    .bind(&texts.title_nl)
    .bind(&texts.title_en)
    .bind(&texts.body_nl)
    .bind(&texts.body_en)
    .bind(picture_id)
    .bind(&texts.picture_alt)
    .bind(texts.audience)
    .execute(&mut **tx)
    .await?;
    Ok(changed.rows_affected() == 1)
}

/// Moves an update to another state; answers whether it was in the state it should come from.
pub async fn move_to(
    tx: &mut Tx,
    id: &str,
    from: UpdateState,
    to: UpdateState,
    publish_at: Option<Timestamp>,
    published_at: Option<Timestamp>,
) -> Result<bool, sqlx::Error> {
    if !step(tx, id, from, to).await? {
        return Ok(false);
    }
    sqlx::query("UPDATE updates SET publish_at = $2, published_at = $3 WHERE id = $1")
        .bind(id)
        .bind(publish_at)
        .bind(published_at)
        .execute(&mut **tx)
        .await?;
    Ok(true)
}

/// Whether a message to the backers of a project goes out or went out after this moment.
pub async fn has_message_since(conn: &mut Conn, project_id: &str, since: Timestamp) -> Result<bool, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as(
        "SELECT COUNT(*) FROM updates
         WHERE project_id = $1 AND audience = 'backers' AND state IN ('scheduled', 'published') AND publish_at > $2",
    )
    .bind(project_id)
    .bind(since)
    .fetch_one(conn)
    .await?;
    Ok(count > 0)
}

/// Locks the update for the rest of the transaction.
pub async fn lock(tx: &mut Tx, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE updates SET id = id WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(())
}

/// How many people get the updates of a project.
pub async fn count_followers(conn: &mut Conn, project_id: &str) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as(
        "SELECT COUNT(*) FROM follows f LEFT JOIN mail_rhythms m ON m.user_id = f.user_id
         WHERE f.project_id = $1 AND f.confirmed_at IS NOT NULL AND f.ended_at IS NULL
             AND NOT (f.rhythm = 'general' AND COALESCE(m.rhythm, 'at_once') = 'off')",
    )
    .bind(project_id)
    .fetch_one(conn)
    .await?;
    Ok(count)
}

/// The follows of a project, active or not, of the users from `first` to `last`, without those that were
/// ended and people who want no mail about projects: user and follow.
pub async fn not_ended_between(
    conn: &mut Conn,
    project_id: &str,
    first: &str,
    last: &str,
) -> Result<Vec<(String, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT f.user_id, f.id FROM follows f LEFT JOIN mail_rhythms m ON m.user_id = f.user_id
         WHERE f.project_id = $1 AND f.user_id >= $2 AND f.user_id <= $3 AND f.ended_at IS NULL
             AND NOT (f.rhythm = 'general' AND COALESCE(m.rhythm, 'at_once') = 'off')",
    )
    .bind(project_id)
    .bind(first)
    .bind(last)
    .fetch_all(conn)
    .await
}

/// Who gets the updates of a project among the users from `first` to `last`: user and follow.
pub async fn followers_between(
    conn: &mut Conn,
    project_id: &str,
    first: &str,
    last: &str,
) -> Result<Vec<(String, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT f.user_id, f.id FROM follows f LEFT JOIN mail_rhythms m ON m.user_id = f.user_id
         WHERE f.project_id = $1 AND f.user_id >= $2 AND f.user_id <= $3 AND f.confirmed_at IS NOT NULL AND f.ended_at IS NULL
             AND NOT (f.rhythm = 'general' AND COALESCE(m.rhythm, 'at_once') = 'off')",
    )
    .bind(project_id)
    .bind(first)
    .bind(last)
    .fetch_all(conn)
    .await
}

pub async fn follow(conn: &mut Conn, user_id: &str, project_id: &str) -> Result<Option<Follow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, user_id, project_id, confirmed_at, ended_at, remind, rhythm FROM follows WHERE user_id = $1 AND project_id = $2",
    )
    .bind(user_id)
    .bind(project_id)
    .fetch_optional(conn)
    .await
}

pub async fn follow_by_id(conn: &mut Conn, id: &str) -> Result<Option<Follow>, sqlx::Error> {
    sqlx::query_as("SELECT id, user_id, project_id, confirmed_at, ended_at, remind, rhythm FROM follows WHERE id = $1")
        .bind(id)
        .fetch_optional(conn)
        .await
}

/// What somebody follows now.
pub async fn follows_of(conn: &mut Conn, user_id: &str) -> Result<Vec<Follow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, user_id, project_id, confirmed_at, ended_at, remind, rhythm FROM follows
         WHERE user_id = $1 AND confirmed_at IS NOT NULL AND ended_at IS NULL ORDER BY id",
    )
    .bind(user_id)
    .fetch_all(conn)
    .await
}

/// Adds a follow where there is none, not confirmed.
pub async fn insert_follow(
    tx: &mut Tx,
    id: &str,
    user_id: &str,
    project_id: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO follows (id, user_id, project_id, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (user_id, project_id) DO NOTHING",
    )
    .bind(id)
    .bind(user_id)
    .bind(project_id)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Confirms a follow that is not active; one that was ended before `chosen_at` begins again. Answers whether it did.
pub async fn confirm(tx: &mut Tx, id: &str, chosen_at: Timestamp, now: Timestamp) -> Result<bool, sqlx::Error> {
    let confirmed = sqlx::query(
        "UPDATE follows SET confirmed_at = $3, ended_at = NULL
         WHERE id = $1 AND (ended_at IS NOT NULL OR confirmed_at IS NULL) AND (ended_at IS NULL OR ended_at < $2)",
    )
    .bind(id)
    .bind(chosen_at)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(confirmed.rows_affected() == 1)
}

/// Ends a follow; answers whether it was not ended yet.
pub async fn end_follow(tx: &mut Tx, id: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let ended = sqlx::query("UPDATE follows SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL")
        .bind(id)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(ended.rows_affected() == 1)
}

/// The follows of somebody that were not ended, confirmed or not.
pub async fn not_ended_of(conn: &mut Conn, user_id: &str) -> Result<Vec<Follow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, user_id, project_id, confirmed_at, ended_at, remind, rhythm FROM follows
         WHERE user_id = $1 AND ended_at IS NULL ORDER BY id",
    )
    .bind(user_id)
    .fetch_all(conn)
    .await
}

/// Notes on the page's word that somebody wants to be reminded; it counts from the confirmation on.
pub async fn ask_reminder(tx: &mut Tx, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE follows SET remind_asked = 1 WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(())
}

/// What was asked for on the page is confirmed.
pub async fn confirm_reminder(tx: &mut Tx, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE follows SET remind = 1, remind_asked = 0 WHERE id = $1 AND remind_asked = 1")
        .bind(id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Whether somebody is reminded of the close; also forgets what was only asked for.
pub async fn set_reminder(tx: &mut Tx, id: &str, remind: bool) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE follows SET remind = $2, remind_asked = 0 WHERE id = $1")
        .bind(id)
        .bind(i16::from(remind))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Whether a reminder was asked for and waits for its confirmation.
pub async fn reminder_waits(conn: &mut Conn, id: &str) -> Result<bool, sqlx::Error> {
    let found: Option<(String,)> = sqlx::query_as("SELECT id FROM follows WHERE id = $1 AND remind_asked = 1")
        .bind(id)
        .fetch_optional(conn)
        .await?;
    Ok(found.is_some())
}

/// Who wants to be reminded of a project's close.
pub async fn to_remind(conn: &mut Conn, project_id: &str) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT user_id FROM follows
         WHERE project_id = $1 AND confirmed_at IS NOT NULL AND ended_at IS NULL AND remind = 1 ORDER BY user_id",
    )
    .bind(project_id)
    .fetch_all(conn)
    .await
}

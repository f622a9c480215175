//! SQL of what waits for digests and what stands in them.

use crate::features::updates::digest::{Gathered, Waiting};
use crate::infra::db::bulk::{self, Value};
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

/// Lets an update wait for the digests of some people; who has it already keeps that.
pub async fn keep(tx: &mut Tx, update_id: &str, user_ids: &[String], now: Timestamp) -> Result<(), sqlx::Error> {
    let row = |user: &String| vec![update_id.into(), user.clone().into(), "".into(), Value::Text(now.to_string())];
    let rows = user_ids.iter().map(row).collect();
    let columns = &["update_id", "user_id", "gathered_for", "created_at"];
    bulk::insert_or(tx, "digest_items", columns, rows, "ON CONFLICT (update_id, user_id) DO NOTHING").await.map(|_| ())
}

/// Which of the users from `first` to `last` hear of an update in a digest, or did.
pub async fn holders_between(
    conn: &mut Conn,
    update_id: &str,
    first: &str,
    last: &str,
) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(String,)> =
        sqlx::query_as("SELECT user_id FROM digest_items WHERE update_id = $1 AND user_id >= $2 AND user_id <= $3")
            .bind(update_id)
            .bind(first)
            .bind(last)
            .fetch_all(conn)
            .await?;
    Ok(rows.into_iter().map(|(user_id,)| user_id).collect())
}

/// The next people, after this one, for whom something waits from before a moment.
pub async fn waiting_users(
    conn: &mut Conn,
    after_user_id: &str,
    before: Timestamp,
    limit: i64,
) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "SELECT DISTINCT user_id FROM digest_items
         WHERE gathered_for = '' AND user_id > $1 AND created_at < $2 ORDER BY user_id LIMIT $3",
    )
    .bind(after_user_id)
    .bind(before)
    .bind(limit)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|(user_id,)| user_id).collect())
}

/// What waits from before a moment for the users from `first` to `last`, by user, with how they want it now.
pub async fn waiting_between(
    conn: &mut Conn,
    first: &str,
    last: &str,
    before: Timestamp,
) -> Result<Vec<Waiting>, sqlx::Error> {
    sqlx::query_as(
        "SELECT i.user_id, i.update_id, i.created_at,
             CASE WHEN f.id IS NULL OR f.confirmed_at IS NULL OR f.ended_at IS NOT NULL THEN 'off'
                  WHEN f.rhythm <> 'general' THEN f.rhythm ELSE COALESCE(m.rhythm, 'at_once') END AS rhythm
         FROM digest_items i JOIN updates u ON u.id = i.update_id
             LEFT JOIN follows f ON f.user_id = i.user_id AND f.project_id = u.project_id
             LEFT JOIN mail_rhythms m ON m.user_id = i.user_id
         WHERE i.gathered_for = '' AND i.user_id >= $1 AND i.user_id <= $2 AND i.created_at < $3
         ORDER BY i.user_id, i.update_id",
    )
    .bind(first)
    .bind(last)
    .bind(before)
    .fetch_all(conn)
    .await
}

/// Gives what waits to a digest.
pub async fn gather(tx: &mut Tx, user_id: &str, update_id: &str, cause: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE digest_items SET gathered_for = $3 WHERE user_id = $1 AND update_id = $2 AND gathered_for = ''",
    )
    .bind(user_id)
    .bind(update_id)
    .bind(cause)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn drop(tx: &mut Tx, user_id: &str, update_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM digest_items WHERE user_id = $1 AND update_id = $2 AND gathered_for = ''")
        .bind(user_id)
        .bind(update_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn count_of(conn: &mut Conn, update_id: &str) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM digest_items WHERE update_id = $1")
        .bind(update_id)
        .fetch_one(conn)
        .await?;
    Ok(count)
}

/// What a digest tells the users from `first` to `last` now: still published, of a project that can be seen, and still wanted. By user,
/// project and time.
pub async fn gathered_between(
    conn: &mut Conn,
    cause: &str,
    first: &str,
    last: &str,
) -> Result<Vec<Gathered>, sqlx::Error> {
    sqlx::query_as(
        "SELECT i.user_id, i.update_id, u.project_id
         FROM digest_items i JOIN updates u ON u.id = i.update_id JOIN projects p ON p.id = u.project_id
             JOIN follows f ON f.user_id = i.user_id AND f.project_id = u.project_id
             LEFT JOIN mail_rhythms m ON m.user_id = i.user_id
         WHERE i.gathered_for = $1 AND i.user_id >= $2 AND i.user_id <= $3 AND u.state = 'published' AND p.hidden = 0
             AND f.confirmed_at IS NOT NULL AND f.ended_at IS NULL
             AND NOT (f.rhythm = 'general' AND COALESCE(m.rhythm, 'at_once') = 'off')
         ORDER BY i.user_id, u.project_id, u.published_at, u.id",
    )
    .bind(cause)
    .bind(first)
    .bind(last)
    .fetch_all(conn)
    .await
}

//! SQL of how often somebody gets updates.

use crate::features::updates::Follow;
use crate::features::updates::rhythm::{Own, Reader, Rhythm};
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

/// One change at a time of what somebody chose.
pub async fn lock(tx: &mut Tx, user_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE follows SET id = id WHERE user_id = $1").bind(user_id).execute(&mut **tx).await?;
    Ok(())
}

pub async fn general(conn: &mut Conn, user_id: &str) -> Result<Option<Rhythm>, sqlx::Error> {
    let row: Option<(Rhythm,)> =
        sqlx::query_as("SELECT rhythm FROM mail_rhythms WHERE user_id = $1").bind(user_id).fetch_optional(conn).await?;
    Ok(row.map(|(rhythm,)| rhythm))
}

pub async fn set_general(tx: &mut Tx, user_id: &str, rhythm: Rhythm, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO mail_rhythms (user_id, rhythm, changed_at) VALUES ($1, $2, $3)
         ON CONFLICT (user_id) DO UPDATE SET rhythm = excluded.rhythm, changed_at = excluded.changed_at",
    )
    .bind(user_id)
    .bind(rhythm)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn set_own(tx: &mut Tx, follow_id: &str, own: Own) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE follows SET rhythm = $2 WHERE id = $1").bind(follow_id).bind(own).execute(&mut **tx).await?;
    Ok(())
}

/// Takes the end of a follow back; answers whether it was ended.
pub async fn begin_again(tx: &mut Tx, follow_id: &str) -> Result<bool, sqlx::Error> {
    let begun = sqlx::query("UPDATE follows SET ended_at = NULL WHERE id = $1 AND ended_at IS NOT NULL")
        .bind(follow_id)
        .execute(&mut **tx)
        .await?;
    Ok(begun.rows_affected() == 1)
}

/// The next people who get the updates of a project, by user, after this one, and when they get them.
pub async fn readers_after(
    conn: &mut Conn,
    project_id: &str,
    after_user_id: &str,
    limit: i64,
) -> Result<Vec<Reader>, sqlx::Error> {
    sqlx::query_as(
        "SELECT f.user_id, CASE WHEN f.rhythm <> 'general' THEN f.rhythm ELSE COALESCE(m.rhythm, 'at_once') END AS rhythm
         FROM follows f LEFT JOIN mail_rhythms m ON m.user_id = f.user_id
         WHERE f.project_id = $1 AND f.confirmed_at IS NOT NULL AND f.ended_at IS NULL AND f.user_id > $2
         ORDER BY f.user_id LIMIT $3",
    )
    .bind(project_id)
    .bind(after_user_id)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// What somebody follows, or followed and ended; what was only asked for is not there.
pub async fn ever_followed(conn: &mut Conn, user_id: &str) -> Result<Vec<Follow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, user_id, project_id, confirmed_at, ended_at, remind, rhythm FROM follows
         WHERE user_id = $1 AND confirmed_at IS NOT NULL ORDER BY id",
    )
    .bind(user_id)
    .fetch_all(conn)
    .await
}

//! SQL of what somebody follows and wrote.

use sqlx::FromRow;

use crate::features::updates::Follow;
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

#[derive(FromRow)]
struct Followed {
    slug: String,
    created_at: Timestamp,
    #[sqlx(flatten)]
    follow: Follow,
}

pub async fn follows(conn: &mut Conn, user_id: &str) -> Result<Vec<(String, Timestamp, Follow)>, sqlx::Error> {
    let rows: Vec<Followed> = sqlx::query_as(
        "SELECT p.slug, f.id, f.user_id, f.project_id, f.created_at, f.confirmed_at, f.ended_at, f.remind, f.rhythm
         FROM follows f JOIN projects p ON p.id = f.project_id WHERE f.user_id = $1 ORDER BY f.created_at, f.id",
    )
    .bind(user_id)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.slug, row.created_at, row.follow)).collect())
}

/// Of each project about whose mail somebody chose: id and slug.
pub async fn projects(conn: &mut Conn, user_id: &str) -> Result<Vec<(String, String)>, sqlx::Error> {
    sqlx::query_as("SELECT id, slug FROM projects WHERE id IN (SELECT project_id FROM mail_choices WHERE user_id = $1)")
        .bind(user_id)
        .fetch_all(conn)
        .await
}

/// The updates somebody wrote: project, number, both titles, when.
pub async fn written(
    conn: &mut Conn,
    user_id: &str,
) -> Result<Vec<(String, i64, String, String, Timestamp)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT p.slug, u.number, u.title_nl, u.title_en, u.created_at FROM updates u JOIN projects p ON p.id = u.project_id
         WHERE u.author_id = $1 ORDER BY u.created_at, u.id",
    )
    .bind(user_id)
    .fetch_all(conn)
    .await
}

/// The updates that somebody heard or hears of in a digest: project, number, digest, when.
pub async fn digest_items(
    conn: &mut Conn,
    user_id: &str,
) -> Result<Vec<(String, i64, String, Timestamp)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT p.slug, u.number, i.gathered_for, i.created_at
         FROM digest_items i JOIN updates u ON u.id = i.update_id JOIN projects p ON p.id = u.project_id
         WHERE i.user_id = $1 ORDER BY i.created_at, i.update_id",
    )
    .bind(user_id)
    .fetch_all(conn)
    .await
}

/// Removes some rows of digests from before a moment; how many.
pub async fn remove_old_items(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, sqlx::Error> {
    let removed = sqlx::query(
        "DELETE FROM digest_items WHERE update_id || '/' || user_id IN (
             SELECT update_id || '/' || user_id FROM digest_items WHERE created_at < $1 LIMIT $2)",
    )
    .bind(before)
    .bind(limit)
    .execute(&mut **tx)
    .await?;
    Ok(removed.rows_affected())
}

pub async fn remove_follows_of(tx: &mut Tx, user_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM digest_items WHERE user_id = $1").bind(user_id).execute(&mut **tx).await?;
    sqlx::query("DELETE FROM mail_rhythms WHERE user_id = $1").bind(user_id).execute(&mut **tx).await?;
    sqlx::query("DELETE FROM follows WHERE user_id = $1").bind(user_id).execute(&mut **tx).await?;
    Ok(())
}

pub async fn remove_old_follows(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, sqlx::Error> {
    let removed = sqlx::query(
        "DELETE FROM follows WHERE id IN (
             SELECT id FROM follows WHERE ended_at < $1 OR (confirmed_at IS NULL AND created_at < $1)
             ORDER BY id LIMIT $2)",
    )
    .bind(before)
    .bind(limit)
    .execute(&mut **tx)
    .await?;
    Ok(removed.rows_affected())
}

//! SQL of the desk.

mod runs;

pub use runs::*;

use crate::features::desk::View;
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

/// Locks somebody's views.
pub async fn lock_owner(tx: &mut Tx, user_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE users SET id = id WHERE id = $1").bind(user_id).execute(&mut **tx).await?;
    Ok(())
}

pub async fn views(conn: &mut Conn, user_id: &str, list: &str) -> Result<Vec<View>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, list, name, query, created_at FROM staff_views WHERE user_id = $1 AND list = $2 ORDER BY name, id",
    )
    .bind(user_id)
    .bind(list)
    .fetch_all(conn)
    .await
}

pub async fn all_views(conn: &mut Conn, user_id: &str) -> Result<Vec<View>, sqlx::Error> {
    sqlx::query_as("SELECT id, list, name, query, created_at FROM staff_views WHERE user_id = $1 ORDER BY list, name")
        .bind(user_id)
        .fetch_all(conn)
        .await
}

pub async fn view(conn: &mut Conn, user_id: &str, id: &str) -> Result<Option<View>, sqlx::Error> {
    sqlx::query_as("SELECT id, list, name, query, created_at FROM staff_views WHERE user_id = $1 AND id = $2")
        .bind(user_id)
        .bind(id)
        .fetch_optional(conn)
        .await
}

pub async fn count_views(conn: &mut Conn, user_id: &str, list: &str) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM staff_views WHERE user_id = $1 AND list = $2")
        .bind(user_id)
        .bind(list)
        .fetch_one(conn)
        .await?;
    Ok(count)
}

/// Answers `false` when the owner has a view of this name already.
pub async fn insert_view(
    tx: &mut Tx,
    id: &str,
    (user_id, list): (&str, &str),
    name: &str,
    query: &str,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let inserted = sqlx::query(
        "INSERT INTO staff_views (id, user_id, list, name, query, created_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (user_id, list, name) DO NOTHING",
    )
    .bind(id)
    .bind(user_id)
    .bind(list)
    .bind(name)
    .bind(query)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

pub async fn rename_view(tx: &mut Tx, user_id: &str, id: &str, name: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE staff_views SET name = $3 WHERE user_id = $1 AND id = $2")
        .bind(user_id)
        .bind(id)
        .bind(name)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn remove_view(tx: &mut Tx, user_id: &str, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM staff_views WHERE user_id = $1 AND id = $2")
        .bind(user_id)
        .bind(id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn forget_views(tx: &mut Tx, user_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM staff_views WHERE user_id = $1").bind(user_id).execute(&mut **tx).await?;
    Ok(())
}

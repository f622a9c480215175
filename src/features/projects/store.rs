//! SQL of projects.

use crate::features::projects::{Project, ProjectState};
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

pub async fn by_id(conn: &mut Conn, id: &str) -> Result<Option<Project>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM projects WHERE id = $1").bind(id).fetch_optional(conn).await
}

pub async fn by_slug(conn: &mut Conn, slug: &str) -> Result<Option<Project>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM projects WHERE slug = $1").bind(slug).fetch_optional(conn).await
}

pub async fn of_round(conn: &mut Conn, round_id: &str) -> Result<Vec<Project>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM projects WHERE round_id = $1 ORDER BY number").bind(round_id).fetch_all(conn).await
}

/// Changes a project's state; answers whether it was in the state it should come from.
pub async fn move_to(
    tx: &mut Tx,
    id: &str,
    from: ProjectState,
    to: ProjectState,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let moved = sqlx::query("UPDATE projects SET state = $3, updated_at = $4 WHERE id = $1 AND state = $2")
        .bind(id)
        .bind(from)
        .bind(to)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(moved.rows_affected() == 1)
}

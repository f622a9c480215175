//! SQL of projects.

use crate::features::projects::{Picture, Project, ProjectState, Texts};
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

/// Locks the project for the rest of the transaction.
pub async fn lock(tx: &mut Tx, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE projects SET id = id WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(())
}

pub async fn owned_by(conn: &mut Conn, organisation_id: &str) -> Result<Vec<Project>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM projects WHERE organisation_id = $1 ORDER BY number DESC")
        .bind(organisation_id)
        .fetch_all(conn)
        .await
}

pub async fn save_texts(
    tx: &mut Tx,
    id: &str,
    texts: &Texts,
    search_text: &str,
    version: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE projects SET title_nl = $2, title_en = $3, aim_nl = $4, aim_en = $5, text_nl = $6, text_en = $7,
             target_group_nl = $8, target_group_en = $9, contact = $10, search_text = $11, updated_at = $12
         WHERE id = $1",
    )
    .bind(id)
    .bind(&texts.title_nl)
    .bind(&texts.title_en)
    .bind(&texts.aim_nl)
    .bind(&texts.aim_en)
    .bind(&texts.text_nl)
    .bind(&texts.text_en)
    .bind(&texts.target_group_nl)
    .bind(&texts.target_group_en)
    .bind(&texts.contact)
    .bind(search_text)
    .bind(version)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn save_picture(tx: &mut Tx, id: &str, picture: &Picture, version: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE projects SET picture_id = $2, picture_alt_nl = $3, picture_alt_en = $4, updated_at = $5 WHERE id = $1",
    )
    .bind(id)
    .bind(picture.file_id.clone())
    .bind(&picture.alt_nl)
    .bind(&picture.alt_en)
    .bind(version)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

//! SQL of plans: what was asked for, money from elsewhere, risks, team, versions, remarks.

pub mod personal;

use crate::features::plans::{Asked, CoFunding, Comment, CommentState, Risk, TeamFunction, Version};
use crate::infra::db::life_cycle::step;
use crate::infra::db::{Conn, Tx};
use crate::values::{Cents, Timestamp};

pub async fn asked(conn: &mut Conn, project_id: &str) -> Result<Option<Asked>, sqlx::Error> {
    sqlx::query_as("SELECT minimum_cents, full_cents, latitude, longitude FROM plans WHERE project_id = $1")
        .bind(project_id)
        .fetch_optional(conn)
        .await
}

/// Where projects are, of those that said it: project, latitude, longitude.
pub async fn points(conn: &mut Conn) -> Result<Vec<(String, String, String)>, sqlx::Error> {
    sqlx::query_as("SELECT project_id, latitude, longitude FROM plans WHERE latitude <> ''").fetch_all(conn).await
}

/// What is asked for; a point that is there stays.
pub async fn put_asked(tx: &mut Tx, project_id: &str, minimum: Cents, full: Cents) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO plans (project_id, minimum_cents, full_cents, latitude, longitude) VALUES ($1, $2, $3, '', '')
         ON CONFLICT (project_id) DO UPDATE SET minimum_cents = excluded.minimum_cents, full_cents = excluded.full_cents",
    )
    .bind(project_id)
    .bind(minimum)
    .bind(full)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn set_point(tx: &mut Tx, project_id: &str, latitude: &str, longitude: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE plans SET latitude = $2, longitude = $3 WHERE project_id = $1")
        .bind(project_id)
        .bind(latitude)
        .bind(longitude)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn co_funding(conn: &mut Conn, project_id: &str) -> Result<Vec<CoFunding>, sqlx::Error> {
    sqlx::query_as("SELECT name, amount_cents, state FROM co_funding WHERE project_id = $1 ORDER BY position")
        .bind(project_id)
        .fetch_all(conn)
        .await
}

pub async fn delete_co_funding(tx: &mut Tx, project_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM co_funding WHERE project_id = $1").bind(project_id).execute(&mut **tx).await?;
    Ok(())
}

pub async fn add_co_funding(
    tx: &mut Tx,
    project_id: &str,
    position: i64,
    funder: &CoFunding,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO co_funding (project_id, position, name, amount_cents, state) VALUES ($1, $2, $3, $4, $5)")
        .bind(project_id)
        .bind(position)
        .bind(&funder.name)
        .bind(funder.amount)
        .bind(funder.state)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn risks(conn: &mut Conn, project_id: &str) -> Result<Vec<Risk>, sqlx::Error> {
    sqlx::query_as("SELECT risk_nl, risk_en, measure_nl, measure_en FROM risks WHERE project_id = $1 ORDER BY position")
        .bind(project_id)
        .fetch_all(conn)
        .await
}

pub async fn delete_risks(tx: &mut Tx, project_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM risks WHERE project_id = $1").bind(project_id).execute(&mut **tx).await?;
    Ok(())
}

pub async fn add_risk(tx: &mut Tx, project_id: &str, position: i64, risk: &Risk) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO risks (project_id, position, risk_nl, risk_en, measure_nl, measure_en)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(project_id)
    .bind(position)
    .bind(&risk.risk_nl)
    .bind(&risk.risk_en)
    .bind(&risk.measure_nl)
    .bind(&risk.measure_en)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn team(conn: &mut Conn, project_id: &str) -> Result<Vec<TeamFunction>, sqlx::Error> {
    sqlx::query_as("SELECT name_nl, name_en FROM team_functions WHERE project_id = $1 ORDER BY position")
        .bind(project_id)
        .fetch_all(conn)
        .await
}

pub async fn delete_team(tx: &mut Tx, project_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM team_functions WHERE project_id = $1").bind(project_id).execute(&mut **tx).await?;
    Ok(())
}

pub async fn add_function(
    tx: &mut Tx,
    project_id: &str,
    position: i64,
    function: &TeamFunction,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO team_functions (project_id, position, name_nl, name_en) VALUES ($1, $2, $3, $4)")
        .bind(project_id)
        .bind(position)
        .bind(&function.name_nl)
        .bind(&function.name_en)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn insert_version(tx: &mut Tx, version: &Version) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO plan_versions (id, project_id, number, content, submitted_by, submitted_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(&version.id)
    .bind(&version.project_id)
    .bind(version.number)
    .bind(&version.content)
    .bind(&version.submitted_by)
    .bind(version.submitted_at)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn versions(conn: &mut Conn, project_id: &str) -> Result<Vec<Version>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM plan_versions WHERE project_id = $1 ORDER BY number")
        .bind(project_id)
        .fetch_all(conn)
        .await
}

pub async fn version_by_id(conn: &mut Conn, id: &str) -> Result<Option<Version>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM plan_versions WHERE id = $1").bind(id).fetch_optional(conn).await
}

pub async fn comments(conn: &mut Conn, project_id: &str) -> Result<Vec<Comment>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, project_id, version, field, text, author_id, written_at, state, answer, answered_at
         FROM plan_comments WHERE project_id = $1 ORDER BY written_at, id",
    )
    .bind(project_id)
    .fetch_all(conn)
    .await
}

pub async fn insert_comment(tx: &mut Tx, comment: &Comment) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO plan_comments (id, project_id, version, field, text, author_id, written_at, state, answer)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '')",
    )
    .bind(&comment.id)
    .bind(&comment.project_id)
    .bind(comment.version)
    .bind(comment.field)
    .bind(&comment.text)
    .bind(&comment.author_id)
    .bind(comment.written_at)
    .bind(comment.state)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Takes a remark away that nobody but reviewers has seen; answers whether there was one.
pub async fn delete_written(tx: &mut Tx, project_id: &str, id: &str) -> Result<bool, sqlx::Error> {
    let gone = sqlx::query("DELETE FROM plan_comments WHERE project_id = $1 AND id = $2 AND state = 'written'")
        .bind(project_id)
        .bind(id)
        .execute(&mut **tx)
        .await?;
    Ok(gone.rows_affected() == 1)
}

/// Moves a remark; answers whether it was in the state it should come from.
pub async fn move_comment(tx: &mut Tx, id: &str, from: CommentState, to: CommentState) -> Result<bool, sqlx::Error> {
    step(tx, id, from, to).await
}

pub async fn set_answer(tx: &mut Tx, id: &str, answer: &str, user_id: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE plan_comments SET answer = $2, answered_by = $3, answered_at = $4 WHERE id = $1")
        .bind(id)
        .bind(answer)
        .bind(user_id)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

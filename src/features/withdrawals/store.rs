//! SQL of withdrawals.

use crate::features::withdrawals::Withdrawal;
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

pub async fn insert(tx: &mut Tx, project_id: &str, reason: &str, by: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO withdrawals (project_id, reason, withdrawn_by, withdrawn_at) VALUES ($1, $2, $3, $4)")
        .bind(project_id)
        .bind(reason)
        .bind(by)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn of_project(conn: &mut Conn, project_id: &str) -> Result<Option<Withdrawal>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM withdrawals WHERE project_id = $1").bind(project_id).fetch_optional(conn).await
}

/// Notes once that everything held was made due back.
pub async fn finish(tx: &mut Tx, project_id: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE withdrawals SET finished_at = $2 WHERE project_id = $1 AND finished_at IS NULL")
        .bind(project_id)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

//! SQL of what an owner writes while a project is a plan.

use crate::features::projects::TermKind;
use crate::infra::db::Tx;
use crate::values::{Rikx, Timestamp};

/// Locks the project with the highest number, so that the next number is given once.
pub async fn lock_numbers(tx: &mut Tx) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE projects SET id = id WHERE number = (SELECT MAX(number) FROM projects)")
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn delete_terms(tx: &mut Tx, project_id: &str, kind: TermKind) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM project_terms WHERE project_id = $1 AND kind = $2")
        .bind(project_id)
        .bind(kind)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn set_participants(tx: &mut Tx, id: &str, participants: i64) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE projects SET participants_target = $2 WHERE id = $1")
        .bind(id)
        .bind(participants)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn set_dates(tx: &mut Tx, id: &str, start_day: &str, months: i64) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE projects SET start_day = $2, months = $3 WHERE id = $1")
        .bind(id)
        .bind(start_day)
        .bind(months)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn delete_steps(tx: &mut Tx, project_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM planning_steps WHERE project_id = $1").bind(project_id).execute(&mut **tx).await?;
    Ok(())
}

pub async fn delete_budget(tx: &mut Tx, project_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM budget_lines WHERE project_id = $1").bind(project_id).execute(&mut **tx).await?;
    Ok(())
}

pub async fn set_asked(tx: &mut Tx, id: &str, impact: Rikx, threshold: Rikx) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE projects SET impact_hundredths = $2, threshold_hundredths = $3 WHERE id = $1")
        .bind(id)
        .bind(impact)
        .bind(threshold)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn set_round(tx: &mut Tx, id: &str, round_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE projects SET round_id = $2 WHERE id = $1").bind(id).bind(round_id).execute(&mut **tx).await?;
    Ok(())
}

pub async fn hide(tx: &mut Tx, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE projects SET hidden = 1 WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(())
}

pub async fn touch(tx: &mut Tx, id: &str, search_text: &str, version: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE projects SET search_text = $2, updated_at = $3 WHERE id = $1")
        .bind(id)
        .bind(search_text)
        .bind(version)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

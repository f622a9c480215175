//! SQL of the shares of joint projects.

use crate::features::projects::Partner;
use crate::features::projects::shares::Share;
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

pub async fn shares(conn: &mut Conn, project_id: &str) -> Result<Vec<Share>, sqlx::Error> {
    sqlx::query_as(
        "SELECT project_id, organisation_id, share_percent, agreed, agreed_at, asked FROM project_partners
         WHERE project_id = $1 ORDER BY position, organisation_id",
    )
    .bind(project_id)
    .fetch_all(conn)
    .await
}

/// The shares of an organisation that it has not agreed to.
pub async fn shares_asked(conn: &mut Conn, organisation_id: &str) -> Result<Vec<Share>, sqlx::Error> {
    sqlx::query_as(
        "SELECT project_id, organisation_id, share_percent, agreed, agreed_at, asked FROM project_partners
         WHERE organisation_id = $1 AND agreed = 0 ORDER BY project_id",
    )
    .bind(organisation_id)
    .fetch_all(conn)
    .await
}

/// Writes a share, or another one in its place; `agreed` when who sets it is who gets it.
pub async fn put_share(
    tx: &mut Tx,
    project_id: &str,
    position: i64,
    share: &Partner,
    agreed: bool,
    by: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO project_partners (project_id, organisation_id, position, share_percent, agreed, agreed_by, agreed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (project_id, organisation_id) DO UPDATE SET position = excluded.position,
             share_percent = excluded.share_percent, agreed = excluded.agreed, agreed_by = excluded.agreed_by,
             agreed_at = excluded.agreed_at, asked = project_partners.asked + 1",
    )
    .bind(project_id)
    .bind(&share.organisation_id)
    .bind(position)
    .bind(share.share_percent)
    .bind(i16::from(agreed))
    .bind(agreed.then(|| by.to_owned()))
    .bind(agreed.then_some(now))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn remove_share(tx: &mut Tx, project_id: &str, organisation_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM project_partners WHERE project_id = $1 AND organisation_id = $2")
        .bind(project_id)
        .bind(organisation_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Notes that a share was agreed to; answers whether it is the one that was shown.
pub async fn agree(
    tx: &mut Tx,
    project_id: &str,
    organisation_id: &str,
    share_percent: i64,
    by: &str,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let agreed = sqlx::query(
        "UPDATE project_partners SET agreed = 1, agreed_by = $4, agreed_at = $5
         WHERE project_id = $1 AND organisation_id = $2 AND share_percent = $3 AND agreed = 0",
    )
    .bind(project_id)
    .bind(organisation_id)
    .bind(share_percent)
    .bind(by)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(agreed.rows_affected() == 1)
}

pub async fn set_coalition(tx: &mut Tx, project_id: &str, coalition_id: Option<&str>) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE projects SET coalition_id = $2 WHERE id = $1")
        .bind(project_id)
        .bind(coalition_id.map(ToOwned::to_owned))
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The projects of a coalition in which an organisation takes part without owning them.
pub async fn joint_projects(
    conn: &mut Conn,
    coalition_id: &str,
    organisation_id: &str,
) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "SELECT p.id FROM projects p JOIN project_partners w ON w.project_id = p.id
         WHERE p.coalition_id = $1 AND w.organisation_id = $2 AND p.organisation_id <> $2 ORDER BY p.id",
    )
    .bind(coalition_id)
    .bind(organisation_id)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

pub async fn set_search_text(tx: &mut Tx, project_id: &str, text: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE projects SET search_text = $2 WHERE id = $1")
        .bind(project_id)
        .bind(text)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

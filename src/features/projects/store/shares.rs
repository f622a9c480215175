//! SQL of the shares of joint projects.

use crate::features::projects::Partner;
use crate::features::projects::shares::{RefusalKind, Share};
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

pub async fn shares(conn: &mut Conn, project_id: &str) -> Result<Vec<Share>, sqlx::Error> {
    sqlx::query_as(
        "SELECT w.project_id, w.organisation_id, w.share_percent, w.agreed, w.agreed_at, w.asked, r.kind AS refusal,
             COALESCE(r.reason, '') AS reason
         FROM project_partners w LEFT JOIN share_refusals r
             ON r.project_id = w.project_id AND r.organisation_id = w.organisation_id AND r.asked = w.asked
         WHERE w.project_id = $1 ORDER BY w.position, w.organisation_id",
    )
    .bind(project_id)
    .fetch_all(conn)
    .await
}

/// The shares of an organisation in what others lead, whatever the state of it; not those it refused.
pub async fn shares_with_others(conn: &mut Conn, organisation_id: &str) -> Result<Vec<Share>, sqlx::Error> {
    sqlx::query_as(
        "SELECT w.project_id, w.organisation_id, w.share_percent, w.agreed, w.agreed_at, w.asked, r.kind AS refusal,
             COALESCE(r.reason, '') AS reason
         FROM project_partners w JOIN projects p ON p.id = w.project_id LEFT JOIN share_refusals r
             ON r.project_id = w.project_id AND r.organisation_id = w.organisation_id AND r.asked = w.asked
         WHERE w.organisation_id = $1 AND p.organisation_id <> $1 AND r.kind IS NULL ORDER BY w.project_id",
    )
    .bind(organisation_id)
    .fetch_all(conn)
    .await
}

/// Writes a share, or another one in its place; `agreed_by` is who sets it, when it is who gets it.
pub async fn put_share(
    tx: &mut Tx,
    project_id: &str,
    position: i64,
    share: &Partner,
    asked: i64,
    agreed_by: Option<&str>,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO project_partners (project_id, organisation_id, position, share_percent, asked, agreed, agreed_by,
             agreed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (project_id, organisation_id) DO UPDATE SET position = excluded.position,
             share_percent = excluded.share_percent, asked = excluded.asked, agreed = excluded.agreed,
             agreed_by = excluded.agreed_by, agreed_at = excluded.agreed_at",
    )
    .bind(project_id)
    .bind(&share.organisation_id)
    .bind(position)
    .bind(share.share_percent)
    .bind(asked)
    .bind(i16::from(agreed_by.is_some()))
    .bind(agreed_by.map(ToOwned::to_owned))
    .bind(agreed_by.map(|_| now))
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

/// Writes that a partner says no to a share, and takes back what it agreed to; answers whether it is the first no to it.
pub async fn refuse(
    tx: &mut Tx,
    share: &Share,
    kind: RefusalKind,
    reason: &str,
    by: &str,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let written = sqlx::query(
        "INSERT INTO share_refusals (project_id, organisation_id, asked, kind, reason, refused_by, refused_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (project_id, organisation_id, asked) DO NOTHING",
    )
    .bind(&share.project_id)
    .bind(&share.organisation_id)
    .bind(share.asked)
    .bind(kind)
    .bind(reason)
    .bind(by)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    sqlx::query(
        "UPDATE project_partners SET agreed = 0, agreed_by = NULL, agreed_at = NULL
         WHERE project_id = $1 AND organisation_id = $2",
    )
    .bind(&share.project_id)
    .bind(&share.organisation_id)
    .execute(&mut **tx)
    .await?;
    Ok(written.rows_affected() == 1)
}

/// The reason of a no, by project, partner and which question.
pub async fn reason(
    conn: &mut Conn,
    project_id: &str,
    organisation_id: &str,
    asked: i64,
) -> Result<Option<String>, sqlx::Error> {
    let row: Option<(String,)> = sqlx::query_as(
        "SELECT reason FROM share_refusals WHERE project_id = $1 AND organisation_id = $2 AND asked = $3",
    )
    .bind(project_id)
    .bind(organisation_id)
    .bind(asked)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|(reason,)| reason))
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

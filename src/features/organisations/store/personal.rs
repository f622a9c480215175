//! SQL of what organisations know of a person.

use crate::features::organisations::MemberRole;
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

pub async fn memberships(conn: &mut Conn, user_id: &str) -> Result<Vec<(String, MemberRole, Timestamp)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT o.name, m.role, m.created_at FROM memberships m JOIN organisations o ON o.id = m.organisation_id
         WHERE m.user_id = $1 ORDER BY m.created_at",
    )
    .bind(user_id)
    .fetch_all(conn)
    .await
}

pub async fn invitations(
    conn: &mut Conn,
    email: &str,
) -> Result<Vec<(String, MemberRole, Timestamp, Timestamp)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT o.name, i.role, i.created_at, i.expires_at FROM invitations i JOIN organisations o ON o.id = i.organisation_id
         WHERE i.email = $1 ORDER BY i.created_at",
    )
    .bind(email)
    .fetch_all(conn)
    .await
}

pub async fn remove_invitations_to(tx: &mut Tx, email: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM invitations WHERE email = $1").bind(email).execute(&mut **tx).await?;
    Ok(())
}

pub async fn remove_old_invitations(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, sqlx::Error> {
    let removed = sqlx::query(
        "DELETE FROM invitations WHERE id IN (SELECT id FROM invitations WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)",
    )
    .bind(before)
    .bind(limit)
    .execute(&mut **tx)
    .await?;
    Ok(removed.rows_affected())
}

//! SQL of organisations, members and coalitions.

use sqlx::FromRow;

use crate::features::organisations::{Member, MemberRole, Organisation};
use crate::infra::db::Conn;

pub async fn by_id(conn: &mut Conn, id: &str) -> Result<Option<Organisation>, sqlx::Error> {
    sqlx::query_as("SELECT id, slug, name, kind, description_nl, description_en, area FROM organisations WHERE id = $1")
        .bind(id)
        .fetch_optional(conn)
        .await
}

pub async fn by_slug(conn: &mut Conn, slug: &str) -> Result<Option<Organisation>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, slug, name, kind, description_nl, description_en, area FROM organisations WHERE slug = $1",
    )
    .bind(slug)
    .fetch_optional(conn)
    .await
}

pub async fn member_role(
    conn: &mut Conn,
    organisation_id: &str,
    user_id: &str,
) -> Result<Option<MemberRole>, sqlx::Error> {
    let row: Option<(MemberRole,)> =
        sqlx::query_as("SELECT role FROM memberships WHERE organisation_id = $1 AND user_id = $2")
            .bind(organisation_id)
            .bind(user_id)
            .fetch_optional(conn)
            .await?;
    Ok(row.map(|(role,)| role))
}

#[derive(FromRow)]
struct Membership {
    role: MemberRole,
    #[sqlx(flatten)]
    organisation: Organisation,
}

pub async fn of_user(conn: &mut Conn, user_id: &str) -> Result<Vec<(Organisation, MemberRole)>, sqlx::Error> {
    let rows: Vec<Membership> = sqlx::query_as(
        "SELECT m.role, o.id, o.slug, o.name, o.kind, o.description_nl, o.description_en, o.area
         FROM memberships m JOIN organisations o ON o.id = m.organisation_id
         WHERE m.user_id = $1 ORDER BY o.name, o.id",
    )
    .bind(user_id)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.organisation, row.role)).collect())
}

pub async fn members(conn: &mut Conn) -> Result<Vec<Member>, sqlx::Error> {
    sqlx::query_as(
        "SELECT m.user_id, m.role, o.name AS organisation FROM memberships m JOIN organisations o ON o.id = m.organisation_id
         ORDER BY o.slug, m.created_at, m.user_id",
    )
    .fetch_all(conn)
    .await
}

//! SQL of organisations and members; registration and coalitions stand beside it.

mod coalitions;
pub mod personal;
mod registration;

use sqlx::FromRow;

pub use coalitions::*;
pub use registration::*;

use crate::features::organisations::{Legal, Member, MemberRole, Organisation};
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

/// How many ids [`by_ids`] takes at once.
pub const MOST_IDS: usize = 12;

pub async fn by_id(conn: &mut Conn, id: &str) -> Result<Option<Organisation>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM organisations WHERE id = $1").bind(id).fetch_optional(conn).await
}

pub async fn legal(conn: &mut Conn, id: &str) -> Result<Option<Legal>, sqlx::Error> {
    sqlx::query_as("SELECT legal_form, kvk_number, rsin, anbi FROM organisations WHERE id = $1")
        .bind(id)
        .fetch_optional(conn)
        .await
}

pub async fn set_legal(tx: &mut Tx, id: &str, legal: &Legal) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE organisations SET legal_form = $2, kvk_number = $3, rsin = $4, anbi = $5 WHERE id = $1")
        .bind(id)
        .bind(&legal.legal_form)
        .bind(&legal.kvk_number)
        .bind(&legal.rsin)
        .bind(legal.anbi)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn by_slug(conn: &mut Conn, slug: &str) -> Result<Option<Organisation>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM organisations WHERE slug = $1").bind(slug).fetch_optional(conn).await
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
        "SELECT m.role, o.*
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

/// The organisations with these ids, at most [`MOST_IDS`].
pub async fn by_ids(conn: &mut Conn, ids: &[&str]) -> Result<Vec<Organisation>, sqlx::Error> {
    let mut query = sqlx::query_as(
        "SELECT * FROM organisations
         WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    );
    for at in 0..MOST_IDS {
        query = query.bind(ids.get(at).copied().unwrap_or_default().to_owned());
    }
    query.fetch_all(conn).await
}

pub async fn all(conn: &mut Conn) -> Result<Vec<Organisation>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM organisations ORDER BY name").fetch_all(conn).await
}

pub async fn insert(tx: &mut Tx, organisation: &Organisation, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO organisations (id, slug, name, kind, description_nl, description_en, area, state, was_confirmed, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(&organisation.id)
    .bind(&organisation.slug)
    .bind(&organisation.name)
    .bind(organisation.kind)
    .bind(&organisation.description_nl)
    .bind(&organisation.description_en)
    .bind(&organisation.area)
    .bind(organisation.state)
    .bind(organisation.was_confirmed)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn add_member(
    tx: &mut Tx,
    organisation_id: &str,
    user_id: &str,
    role: MemberRole,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO memberships (organisation_id, user_id, role, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (organisation_id, user_id) DO NOTHING",
    )
    .bind(organisation_id)
    .bind(user_id)
    .bind(role)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn makers(conn: &mut Conn) -> Result<Vec<Organisation>, sqlx::Error> {
    sqlx::query_as(
        "SELECT * FROM organisations
         WHERE kind = 'maker' ORDER BY slug",
    )
    .fetch_all(conn)
    .await
}

pub async fn lock(tx: &mut Tx, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE organisations SET id = id WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(())
}

pub async fn owners(conn: &mut Conn, organisation_id: &str) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as("SELECT user_id FROM memberships WHERE organisation_id = $1 AND role = 'owner' ORDER BY user_id")
        .bind(organisation_id)
        .fetch_all(conn)
        .await
}

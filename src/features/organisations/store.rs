//! SQL of organisations, members and coalitions.

use sqlx::FromRow;

use crate::features::organisations::{Coalition, CoalitionStep, Legal, Member, MemberRole, Organisation};
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

/// How many ids [`by_ids`] takes at once.
pub const MOST_IDS: usize = 12;

pub async fn by_id(conn: &mut Conn, id: &str) -> Result<Option<Organisation>, sqlx::Error> {
    sqlx::query_as("SELECT id, slug, name, kind, description_nl, description_en, area FROM organisations WHERE id = $1")
        .bind(id)
        .fetch_optional(conn)
        .await
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

/// The organisations with these ids, at most [`MOST_IDS`].
pub async fn by_ids(conn: &mut Conn, ids: &[&str]) -> Result<Vec<Organisation>, sqlx::Error> {
    let mut query = sqlx::query_as(
        "SELECT id, slug, name, kind, description_nl, description_en, area FROM organisations
         WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    );
    for at in 0..MOST_IDS {
        query = query.bind(ids.get(at).copied().unwrap_or_default().to_owned());
    }
    query.fetch_all(conn).await
}

pub async fn all(conn: &mut Conn) -> Result<Vec<Organisation>, sqlx::Error> {
    sqlx::query_as("SELECT id, slug, name, kind, description_nl, description_en, area FROM organisations ORDER BY name")
        .fetch_all(conn)
        .await
}

pub async fn coalitions(conn: &mut Conn) -> Result<Vec<Coalition>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM coalitions ORDER BY title").fetch_all(conn).await
}

pub async fn coalition_by_id(conn: &mut Conn, id: &str) -> Result<Option<Coalition>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM coalitions WHERE id = $1").bind(id).fetch_optional(conn).await
}

pub async fn coalition_by_slug(conn: &mut Conn, slug: &str) -> Result<Option<Coalition>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM coalitions WHERE slug = $1").bind(slug).fetch_optional(conn).await
}

pub async fn coalitions_of(conn: &mut Conn, organisation_id: &str) -> Result<Vec<Coalition>, sqlx::Error> {
    sqlx::query_as(
        "SELECT * FROM coalitions WHERE founder_id = $1
             OR id IN (SELECT coalition_id FROM coalition_partners WHERE organisation_id = $1) ORDER BY title",
    )
    .bind(organisation_id)
    .fetch_all(conn)
    .await
}

pub async fn partners(conn: &mut Conn, coalition_id: &str) -> Result<Vec<Organisation>, sqlx::Error> {
    sqlx::query_as(
        "SELECT o.id, o.slug, o.name, o.kind, o.description_nl, o.description_en, o.area FROM coalition_partners p
         JOIN organisations o ON o.id = p.organisation_id WHERE p.coalition_id = $1 ORDER BY p.position",
    )
    .bind(coalition_id)
    .fetch_all(conn)
    .await
}

pub async fn steps(conn: &mut Conn, coalition_id: &str) -> Result<Vec<CoalitionStep>, sqlx::Error> {
    sqlx::query_as(
        "SELECT coalition_id, text_nl, text_en FROM coalition_steps WHERE $1 = '' OR coalition_id = $1
         ORDER BY coalition_id, position",
    )
    .bind(coalition_id)
    .fetch_all(conn)
    .await
}

pub async fn insert(tx: &mut Tx, organisation: &Organisation, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO organisations (id, slug, name, kind, description_nl, description_en, area, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(&organisation.id)
    .bind(&organisation.slug)
    .bind(&organisation.name)
    .bind(organisation.kind)
    .bind(&organisation.description_nl)
    .bind(&organisation.description_en)
    .bind(&organisation.area)
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

pub async fn insert_coalition(tx: &mut Tx, coalition: &Coalition) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO coalitions (id, slug, title, kind, description_nl, description_en, founder_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&coalition.id)
    .bind(&coalition.slug)
    .bind(&coalition.title)
    .bind(coalition.kind)
    .bind(&coalition.description_nl)
    .bind(&coalition.description_en)
    .bind(&coalition.founder_id)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn add_coalition_partner(
    tx: &mut Tx,
    coalition_id: &str,
    organisation_id: &str,
    position: i64,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO coalition_partners (coalition_id, organisation_id, position) VALUES ($1, $2, $3)")
        .bind(coalition_id)
        .bind(organisation_id)
        .bind(position)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn add_coalition_step(
    tx: &mut Tx,
    coalition_id: &str,
    position: i64,
    nl: &str,
    en: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO coalition_steps (coalition_id, position, text_nl, text_en) VALUES ($1, $2, $3, $4)")
        .bind(coalition_id)
        .bind(position)
        .bind(nl)
        .bind(en)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn makers(conn: &mut Conn) -> Result<Vec<Organisation>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, slug, name, kind, description_nl, description_en, area FROM organisations
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

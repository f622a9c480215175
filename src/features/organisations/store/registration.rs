//! SQL of what organisations say of themselves, and of their invitations.

use crate::features::organisations::{Colleague, Details, Invitation, InvitationState, MemberRole, OrganisationState};
use crate::infra::db::life_cycle::step;
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

/// Writes a registered organisation; answers whether slug and number were free.
pub async fn register(
    tx: &mut Tx,
    id: &str,
    slug: &str,
    details: &Details,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let written = sqlx::query(
        "INSERT INTO organisations (id, slug, name, kind, kvk_number, legal_form, rsin, anbi, pso, pso_until, area,
             description_nl, description_en, state, was_confirmed, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'registered', 0, $14)
         ON CONFLICT DO NOTHING",
    )
    .bind(id)
    .bind(slug)
    .bind(&details.name)
    .bind(details.kind)
    .bind(&details.kvk_number)
    .bind(&details.legal_form)
    .bind(&details.rsin)
    .bind(details.anbi)
    .bind(details.pso)
    .bind(&details.pso_until)
    .bind(&details.area)
    .bind(&details.description_nl)
    .bind(&details.description_en)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(written.rows_affected() == 1)
}

pub async fn kvk_is_taken(conn: &mut Conn, kvk_number: &str) -> Result<bool, sqlx::Error> {
    Ok(id_by_kvk(conn, kvk_number).await?.is_some())
}

/// The living organisation with this number.
pub async fn id_by_kvk(conn: &mut Conn, kvk_number: &str) -> Result<Option<String>, sqlx::Error> {
    let row: Option<(String,)> = sqlx::query_as(
        "SELECT id FROM organisations WHERE kvk_number = $1 AND kvk_number <> '' AND state <> 'withdrawn'",
    )
    .bind(kvk_number)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|(id,)| id))
}

pub async fn details(conn: &mut Conn, id: &str) -> Result<Option<Details>, sqlx::Error> {
    sqlx::query_as(
        "SELECT name, kind, kvk_number, legal_form, rsin, anbi, pso, pso_until, area, description_nl, description_en
         FROM organisations WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await
}

pub async fn change(tx: &mut Tx, id: &str, details: &Details) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE organisations SET name = $2, kind = $3, kvk_number = $4, legal_form = $5, rsin = $6, anbi = $7, pso = $8,
             pso_until = $9, area = $10, description_nl = $11, description_en = $12, version = version + 1
         WHERE id = $1",
    )
    .bind(id)
    .bind(&details.name)
    .bind(details.kind)
    .bind(&details.kvk_number)
    .bind(&details.legal_form)
    .bind(&details.rsin)
    .bind(details.anbi)
    .bind(details.pso)
    .bind(&details.pso_until)
    .bind(&details.area)
    .bind(&details.description_nl)
    .bind(&details.description_en)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Changes the state with what the team asks; answers whether it was in the state it should come from.
pub async fn move_to(
    tx: &mut Tx,
    id: &str,
    from: OrganisationState,
    to: OrganisationState,
    question: &str,
) -> Result<bool, sqlx::Error> {
    if !step(tx, id, from, to).await? {
        return Ok(false);
    }
    sqlx::query(
        "UPDATE organisations SET question = $3,
             was_confirmed = CASE WHEN $2 = 'confirmed' THEN 1 ELSE was_confirmed END WHERE id = $1",
    )
    .bind(id)
    .bind(to)
    .bind(question)
    .execute(&mut **tx)
    .await?;
    Ok(true)
}

pub async fn colleagues(conn: &mut Conn, organisation_id: &str) -> Result<Vec<Colleague>, sqlx::Error> {
    sqlx::query_as(
        "SELECT m.user_id, u.email, u.name, m.role, m.created_at FROM memberships m JOIN users u ON u.id = m.user_id
         WHERE m.organisation_id = $1 ORDER BY m.created_at, m.user_id",
    )
    .bind(organisation_id)
    .fetch_all(conn)
    .await
}

/// Gives another role; answers whether the member had the one it should come from.
pub async fn set_role(
    tx: &mut Tx,
    organisation_id: &str,
    user_id: &str,
    from: MemberRole,
    to: MemberRole,
) -> Result<bool, sqlx::Error> {
    let set = sqlx::query("UPDATE memberships SET role = $4 WHERE organisation_id = $1 AND user_id = $2 AND role = $3")
        .bind(organisation_id)
        .bind(user_id)
        .bind(from)
        .bind(to)
        .execute(&mut **tx)
        .await?;
    Ok(set.rows_affected() == 1)
}

pub async fn remove_member(tx: &mut Tx, organisation_id: &str, user_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM memberships WHERE organisation_id = $1 AND user_id = $2")
        .bind(organisation_id)
        .bind(user_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn insert_invitation(tx: &mut Tx, invitation: &Invitation, token_hash: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO invitations (id, organisation_id, email, role, state, token_hash, invited_by, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(&invitation.id)
    .bind(&invitation.organisation_id)
    .bind(&invitation.email)
    .bind(invitation.role)
    .bind(invitation.state)
    .bind(token_hash)
    .bind(&invitation.invited_by)
    .bind(invitation.created_at)
    .bind(invitation.expires_at)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn invitation(conn: &mut Conn, id: &str) -> Result<Option<Invitation>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, organisation_id, email, role, state, invited_by, created_at, expires_at FROM invitations WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await
}

pub async fn invitation_by_hash(conn: &mut Conn, token_hash: &str) -> Result<Option<Invitation>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, organisation_id, email, role, state, invited_by, created_at, expires_at FROM invitations
         WHERE token_hash = $1",
    )
    .bind(token_hash)
    .fetch_optional(conn)
    .await
}

pub async fn open_invitations(conn: &mut Conn, organisation_id: &str) -> Result<Vec<Invitation>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, organisation_id, email, role, state, invited_by, created_at, expires_at FROM invitations
         WHERE organisation_id = $1 AND state = 'open' ORDER BY created_at, id",
    )
    .bind(organisation_id)
    .fetch_all(conn)
    .await
}

pub async fn open_invitation(
    conn: &mut Conn,
    organisation_id: &str,
    email: &str,
) -> Result<Option<Invitation>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, organisation_id, email, role, state, invited_by, created_at, expires_at FROM invitations
         WHERE organisation_id = $1 AND email = $2 AND state = 'open'",
    )
    .bind(organisation_id)
    .bind(email)
    .fetch_optional(conn)
    .await
}

pub async fn invitations_since(conn: &mut Conn, organisation_id: &str, since: Timestamp) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) =
        sqlx::query_as("SELECT COUNT(*) FROM invitations WHERE organisation_id = $1 AND created_at > $2")
            .bind(organisation_id)
            .bind(since)
            .fetch_one(conn)
            .await?;
    Ok(count)
}

/// Ends an open invitation; answers whether it was open.
pub async fn decide_invitation(
    tx: &mut Tx,
    id: &str,
    to: InvitationState,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    if !step(tx, id, InvitationState::Open, to).await? {
        return Ok(false);
    }
    sqlx::query("UPDATE invitations SET decided_at = $2 WHERE id = $1").bind(id).bind(now).execute(&mut **tx).await?;
    Ok(true)
}

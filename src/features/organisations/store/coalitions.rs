//! SQL of coalitions: their partners and steps.

use crate::features::organisations::coalitions::Draft;
use crate::features::organisations::{Coalition, CoalitionPartner, CoalitionStep, Organisation, PartnerState};
use crate::infra::db::life_cycle::step;
use crate::infra::db::{Conn, Tx};

pub async fn coalitions(conn: &mut Conn) -> Result<Vec<Coalition>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM coalitions ORDER BY title").fetch_all(conn).await
}

pub async fn coalition_by_id(conn: &mut Conn, id: &str) -> Result<Option<Coalition>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM coalitions WHERE id = $1").bind(id).fetch_optional(conn).await
}

pub async fn coalition_by_slug(conn: &mut Conn, slug: &str) -> Result<Option<Coalition>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM coalitions WHERE slug = $1").bind(slug).fetch_optional(conn).await
}

/// The coalitions an organisation founded or takes part in.
pub async fn coalitions_of(conn: &mut Conn, organisation_id: &str) -> Result<Vec<Coalition>, sqlx::Error> {
    sqlx::query_as(
        "SELECT * FROM coalitions WHERE founder_id = $1
             OR id IN (SELECT coalition_id FROM coalition_partners WHERE organisation_id = $1 AND state = 'member')
         ORDER BY title",
    )
    .bind(organisation_id)
    .fetch_all(conn)
    .await
}

/// Those to which it is invited too.
pub async fn all_coalitions_of(conn: &mut Conn, organisation_id: &str) -> Result<Vec<Coalition>, sqlx::Error> {
    sqlx::query_as(
        "SELECT * FROM coalitions WHERE founder_id = $1
             OR id IN (SELECT coalition_id FROM coalition_partners
                       WHERE organisation_id = $1 AND state IN ('invited', 'member'))
         ORDER BY title",
    )
    .bind(organisation_id)
    .fetch_all(conn)
    .await
}

/// The partners that take part, in their order.
pub async fn partners(conn: &mut Conn, coalition_id: &str) -> Result<Vec<Organisation>, sqlx::Error> {
    sqlx::query_as(
        "SELECT o.* FROM coalition_partners p JOIN organisations o ON o.id = p.organisation_id
         WHERE p.coalition_id = $1 AND p.state = 'member' ORDER BY p.position",
    )
    .bind(coalition_id)
    .fetch_all(conn)
    .await
}

pub async fn coalition_partners(conn: &mut Conn, coalition_id: &str) -> Result<Vec<CoalitionPartner>, sqlx::Error> {
    sqlx::query_as(
        "SELECT coalition_id, organisation_id, state, asked FROM coalition_partners WHERE coalition_id = $1
         ORDER BY position, organisation_id",
    )
    .bind(coalition_id)
    .fetch_all(conn)
    .await
}

pub async fn coalition_partner(
    conn: &mut Conn,
    coalition_id: &str,
    organisation_id: &str,
) -> Result<Option<CoalitionPartner>, sqlx::Error> {
    sqlx::query_as(
        "SELECT coalition_id, organisation_id, state, asked FROM coalition_partners
         WHERE coalition_id = $1 AND organisation_id = $2",
    )
    .bind(coalition_id)
    .bind(organisation_id)
    .fetch_optional(conn)
    .await
}

pub async fn steps(conn: &mut Conn, coalition_id: &str) -> Result<Vec<CoalitionStep>, sqlx::Error> {
    sqlx::query_as(
        "SELECT coalition_id, text_nl, text_en, organisation_id FROM coalition_steps WHERE $1 = '' OR coalition_id = $1
         ORDER BY coalition_id, position",
    )
    .bind(coalition_id)
    .fetch_all(conn)
    .await
}

/// Writes a new coalition; answers whether its slug was free.
pub async fn found(tx: &mut Tx, coalition: &Coalition) -> Result<bool, sqlx::Error> {
    let written = sqlx::query(
        "INSERT INTO coalitions (id, slug, title, kind, description_nl, description_en, founder_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (slug) DO NOTHING",
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
    Ok(written.rows_affected() == 1)
}

pub async fn lock_coalition(tx: &mut Tx, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE coalitions SET id = id WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(())
}

pub async fn change_coalition(tx: &mut Tx, id: &str, draft: &Draft) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE coalitions SET title = $2, kind = $3, description_nl = $4, description_en = $5, version = version + 1
         WHERE id = $1",
    )
    .bind(id)
    .bind(&draft.title)
    .bind(draft.kind)
    .bind(&draft.description_nl)
    .bind(&draft.description_en)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A partner that takes part from the beginning.
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

/// A partner that is invited, behind the others.
pub async fn ask_partner(tx: &mut Tx, coalition_id: &str, organisation_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO coalition_partners (coalition_id, organisation_id, position, state)
         SELECT $1, $2, CAST(COALESCE(MAX(position), 0) AS BIGINT) + 1, 'invited' FROM coalition_partners
         WHERE coalition_id = $1",
    )
    .bind(coalition_id)
    .bind(organisation_id)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Asks a partner again that declined or left; answers whether it had.
pub async fn ask_partner_again(tx: &mut Tx, partner: &CoalitionPartner) -> Result<bool, sqlx::Error> {
    if !move_partner(tx, partner, PartnerState::Invited).await? {
        return Ok(false);
    }
    sqlx::query("UPDATE coalition_partners SET asked = asked + 1 WHERE coalition_id = $1 AND organisation_id = $2")
        .bind(&partner.coalition_id)
        .bind(&partner.organisation_id)
        .execute(&mut **tx)
        .await?;
    Ok(true)
}

/// Changes how a partner stands; answers whether it stood as it should.
pub async fn move_partner(tx: &mut Tx, partner: &CoalitionPartner, to: PartnerState) -> Result<bool, sqlx::Error> {
    let id = format!("{}/{}", partner.coalition_id, partner.organisation_id);
    step(tx, &id, partner.state, to).await
}

pub async fn add_coalition_step(
    tx: &mut Tx,
    coalition_id: &str,
    position: i64,
    (nl, en): (&str, &str),
    organisation_id: Option<String>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO coalition_steps (coalition_id, position, text_nl, text_en, organisation_id)
         VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(coalition_id)
    .bind(position)
    .bind(nl)
    .bind(en)
    .bind(organisation_id)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn clear_steps(tx: &mut Tx, coalition_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM coalition_steps WHERE coalition_id = $1").bind(coalition_id).execute(&mut **tx).await?;
    Ok(())
}

/// The steps of an organisation that left are nobody's.
pub async fn free_steps(tx: &mut Tx, coalition_id: &str, organisation_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE coalition_steps SET organisation_id = NULL WHERE coalition_id = $1 AND organisation_id = $2")
        .bind(coalition_id)
        .bind(organisation_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

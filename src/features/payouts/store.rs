//! SQL of tranches and of what is payable; accounts stand beside it.

mod accounts;
mod plans;

pub use accounts::*;
pub use plans::*;

use crate::features::payouts::{Tranche, TrancheState};
use crate::infra::db::life_cycle::step;
use crate::infra::db::{Conn, Tx};
use crate::values::{Cents, Timestamp};

/// The row of an organisation's money of a project, made when there is none, held until the transaction ends.
pub async fn lock_totals(tx: &mut Tx, project_id: &str, organisation_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO payable_totals (project_id, organisation_id, payable_cents, given_cents) VALUES ($1, $2, 0, 0)
         ON CONFLICT (project_id, organisation_id) DO NOTHING",
    )
    .bind(project_id)
    .bind(organisation_id)
    .execute(&mut **tx)
    .await?;
    sqlx::query("UPDATE payable_totals SET project_id = project_id WHERE project_id = $1 AND organisation_id = $2")
        .bind(project_id)
        .bind(organisation_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// What ever became payable never grows less.
pub async fn raise_payable(
    tx: &mut Tx,
    project_id: &str,
    organisation_id: &str,
    payable: Cents,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE payable_totals SET payable_cents = $3
         WHERE project_id = $1 AND organisation_id = $2 AND payable_cents < $3",
    )
    .bind(project_id)
    .bind(organisation_id)
    .bind(payable)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Gives out an amount when so much is left; guard and change in one statement.
pub async fn give(tx: &mut Tx, project_id: &str, organisation_id: &str, amount: Cents) -> Result<bool, sqlx::Error> {
    let given = sqlx::query(
        "UPDATE payable_totals SET given_cents = given_cents + $3
         WHERE project_id = $1 AND organisation_id = $2 AND given_cents + $3 <= payable_cents",
    )
    .bind(project_id)
    .bind(organisation_id)
    .bind(amount)
    .execute(&mut **tx)
    .await?;
    Ok(given.rows_affected() == 1)
}

pub async fn take_back(
    tx: &mut Tx,
    project_id: &str,
    organisation_id: &str,
    amount: Cents,
) -> Result<bool, sqlx::Error> {
    let taken = sqlx::query(
        "UPDATE payable_totals SET given_cents = given_cents - $3
         WHERE project_id = $1 AND organisation_id = $2 AND given_cents >= $3",
    )
    .bind(project_id)
    .bind(organisation_id)
    .bind(amount)
    .execute(&mut **tx)
    .await?;
    Ok(taken.rows_affected() == 1)
}

pub async fn given(conn: &mut Conn, project_id: &str, organisation_id: &str) -> Result<Cents, sqlx::Error> {
    let row: Option<(Cents,)> =
        sqlx::query_as("SELECT given_cents FROM payable_totals WHERE project_id = $1 AND organisation_id = $2")
            .bind(project_id)
            .bind(organisation_id)
            .fetch_optional(conn)
            .await?;
    Ok(row.map(|(given,)| given).unwrap_or_default())
}

/// Project, organisation, what the guard counts as given, and what the tranches say.
pub async fn all_totals(conn: &mut Conn) -> Result<Vec<(String, String, Cents, Cents)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT p.project_id, p.organisation_id, p.given_cents,
             CAST(COALESCE(SUM(CASE WHEN t.state NOT IN ('returned', 'withdrawn') THEN t.amount_cents + t.fee_cents ELSE 0 END), 0)
             AS BIGINT)
         FROM payable_totals p LEFT JOIN tranches t ON t.project_id = p.project_id AND t.owed_to = p.organisation_id
         GROUP BY p.project_id, p.organisation_id, p.given_cents",
    )
    .fetch_all(conn)
    .await
}

/// Tranches on their way, or gone, without the approval of a second person: of their decision, or of the file that took them.
pub async fn undecided(conn: &mut Conn) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT t.id FROM tranches t WHERE t.state IN ('approved', 'sent', 'confirmed', 'returned') AND t.decision_id NOT IN
             (SELECT p.subject_id FROM proposals p WHERE p.kind IN ('payouts.tranches', 'results.release') AND p.state = 'approved'
                  AND p.decided_by <> p.proposed_by)
         UNION ALL
         SELECT f.id FROM transfers f WHERE f.state IN ('sent', 'confirmed', 'returned') AND f.batch_id NOT IN
             (SELECT p.subject_id FROM proposals p WHERE p.kind = 'transfers.batch' AND p.state = 'approved'
                  AND p.decided_by <> p.proposed_by)",
    )
    .fetch_all(conn)
    .await
}

pub async fn count(conn: &mut Conn) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM tranches").fetch_one(conn).await?;
    Ok(count)
}

pub async fn insert(tx: &mut Tx, tranche: &Tranche) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO tranches (id, decision_id, project_id, organisation_id, owed_to, kind, amount_cents, reason, state, way,
             generation, waits_for, planned_by, created_at, fee_cents)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
    )
    .bind(&tranche.id)
    .bind(&tranche.decision_id)
    .bind(&tranche.project_id)
    .bind(&tranche.organisation_id)
    .bind(&tranche.owed_to)
    .bind(tranche.kind)
    .bind(tranche.amount)
    .bind(&tranche.reason)
    .bind(tranche.state)
    .bind(&tranche.way)
    .bind(tranche.generation)
    .bind(&tranche.waits_for)
    .bind(&tranche.planned_by)
    .bind(tranche.created_at)
    .bind(tranche.fee)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn lock(tx: &mut Tx, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE tranches SET id = id WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(())
}

pub async fn lock_decision(tx: &mut Tx, decision_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE tranches SET id = id WHERE decision_id = $1").bind(decision_id).execute(&mut **tx).await?;
    Ok(())
}

pub async fn by_id(conn: &mut Conn, id: &str) -> Result<Option<Tranche>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM tranches WHERE id = $1").bind(id).fetch_optional(conn).await
}

pub async fn of_decision(conn: &mut Conn, decision_id: &str) -> Result<Vec<Tranche>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM tranches WHERE decision_id = $1 ORDER BY id").bind(decision_id).fetch_all(conn).await
}

pub async fn of_organisation(conn: &mut Conn, organisation_id: &str) -> Result<Vec<Tranche>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM tranches WHERE organisation_id = $1 ORDER BY created_at DESC, id DESC")
        .bind(organisation_id)
        .fetch_all(conn)
        .await
}

pub async fn of_project(conn: &mut Conn, project_id: &str) -> Result<Vec<Tranche>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM tranches WHERE project_id = $1 ORDER BY created_at, id")
        .bind(project_id)
        .fetch_all(conn)
        .await
}

/// The tranches of a project whose money is or was on its way, the oldest first.
pub async fn moved_of(conn: &mut Conn, project_id: &str) -> Result<Vec<Tranche>, sqlx::Error> {
    sqlx::query_as(
        "SELECT * FROM tranches WHERE project_id = $1 AND state IN ('sent', 'confirmed', 'returned')
         ORDER BY sent_at, id",
    )
    .bind(project_id)
    .fetch_all(conn)
    .await
}

pub async fn latest(conn: &mut Conn, limit: i64) -> Result<Vec<Tranche>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM tranches ORDER BY created_at DESC, id DESC LIMIT $1")
        .bind(limit)
        .fetch_all(conn)
        .await
}

/// Approved tranches of an organisation that have no way yet.
pub async fn waiting_of(conn: &mut Conn, organisation_id: &str) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as("SELECT id FROM tranches WHERE organisation_id = $1 AND state = 'approved' AND way = '' ORDER BY id")
        .bind(organisation_id)
        .fetch_all(conn)
        .await
}

pub async fn move_to(
    tx: &mut Tx,
    id: &str,
    from: TrancheState,
    to: TrancheState,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    if !step(tx, id, from, to).await? {
        return Ok(false);
    }
    sqlx::query(
        "UPDATE tranches SET sent_at = CASE WHEN $2 = 'sent' THEN $3 ELSE sent_at END,
             finished_at = CASE WHEN $2 IN ('confirmed', 'returned', 'withdrawn') THEN $3 ELSE finished_at END WHERE id = $1",
    )
        .bind(id)
        .bind(to)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(true)
}

/// Notes why an approved tranche is not on its way.
pub async fn waits(tx: &mut Tx, id: &str, waits_for: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE tranches SET waits_for = $2 WHERE id = $1 AND state = 'approved'")
        .bind(id)
        .bind(waits_for)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Notes how an approved tranche goes.
pub async fn goes(tx: &mut Tx, id: &str, way: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE tranches SET way = $2, waits_for = '' WHERE id = $1 AND state = 'approved'")
        .bind(id)
        .bind(way)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// A transfer exists for an approved tranche.
pub async fn set_provider_id(tx: &mut Tx, id: &str, provider_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE tranches SET provider_id = $2 WHERE id = $1 AND provider_id IS NULL")
        .bind(id)
        .bind(provider_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The provider said no, or broke down: the next call has a new key.
pub async fn provider_refused(tx: &mut Tx, id: &str, way: &str, waits_for: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE tranches SET way = $2, waits_for = $3, generation = generation + 1 WHERE id = $1 AND state = 'approved'",
    )
    .bind(id)
    .bind(way)
    .bind(waits_for)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// How many tranches of a project may still be paid, or are on their way.
pub async fn open_tranches(conn: &mut Conn, project_id: &str) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as(
        "SELECT COUNT(*) FROM tranches WHERE project_id = $1 AND state IN ('planned', 'proposed', 'approved', 'sent')",
    )
    .bind(project_id)
    .fetch_one(conn)
    .await?;
    Ok(count)
}

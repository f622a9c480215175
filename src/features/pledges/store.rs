//! SQL of pledges and of the totals that guard them.

mod backers;
mod checks;
mod listed;
pub mod personal;

use std::collections::BTreeSet;

use sqlx::FromRow;

pub use backers::*;
pub use checks::*;
pub use listed::*;

use crate::features::pledges::{Pledge, PledgeState};
use crate::infra::db::bulk::{self, Value};
use crate::infra::db::life_cycle::{step, step_each};
use crate::infra::db::{Conn, Tx};
use crate::infra::history;
use crate::infra::planted::{self, Mistake};
use crate::values::{Cents, Timestamp};

/// Reserves an amount for each project, in cents. Answers whether all fit, which the statement that counts them looks at; when not, nothing of
/// the transaction may be kept.
pub async fn reserve(tx: &mut Tx, amounts: &[(&str, i64)]) -> Result<bool, sqlx::Error> {
    let text = if planted::is(Mistake::NoReservationGuard) {
        "UPDATE pledge_totals SET reserved_cents = reserved_cents + column2 FROM PAIRS AS sold WHERE project_id = column1"
    } else {
        "UPDATE pledge_totals SET reserved_cents = reserved_cents + column2 FROM PAIRS AS sold
         WHERE project_id = column1 AND reserved_cents + processing_cents + held_cents + matched_cents + column2 <= cap_cents"
    };
    Ok(usize::try_from(bulk::add(tx, text, amounts).await?) == Ok(amounts.len()))
}

/// Locks the totals of projects for the rest of the transaction, and reads them.
pub async fn lock_totals(tx: &mut Tx, project_ids: &BTreeSet<&str>) -> Result<Vec<Totals>, sqlx::Error> {
    bulk::lock(tx, "SELECT * FROM pledge_totals WHERE project_id IN", "project_id", project_ids).await
}

/// Locks a project's totals for the rest of the transaction.
pub async fn lock(tx: &mut Tx, project_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE pledge_totals SET project_id = project_id WHERE project_id = $1")
        .bind(project_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Moves amounts between the parts of the totals; each part may change by a positive or negative amount.
pub async fn shift(
    tx: &mut Tx,
    project_id: &str,
    reserved: Cents,
    processing: Cents,
    held: Cents,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE pledge_totals SET reserved_cents = reserved_cents + $2, processing_cents = processing_cents + $3,
             held_cents = held_cents + $4 WHERE project_id = $1",
    )
    .bind(project_id)
    .bind(reserved)
    .bind(processing)
    .bind(held)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Counts what a fund adds, when it still fits.
pub async fn add_matched(tx: &mut Tx, project_id: &str, amount: Cents) -> Result<bool, sqlx::Error> {
    let fits = sqlx::query(
        "UPDATE pledge_totals SET matched_cents = matched_cents + $2
         WHERE project_id = $1 AND reserved_cents + processing_cents + held_cents + matched_cents + $2 <= cap_cents",
    )
    .bind(project_id)
    .bind(amount)
    .execute(&mut **tx)
    .await?;
    Ok(fits.rows_affected() == 1)
}

/// Counts it no longer; answers whether so much was counted.
pub async fn take_matched(tx: &mut Tx, project_id: &str, amount: Cents) -> Result<bool, sqlx::Error> {
    let taken = sqlx::query(
        "UPDATE pledge_totals SET matched_cents = matched_cents - $2 WHERE project_id = $1 AND matched_cents >= $2",
    )
    .bind(project_id)
    .bind(amount)
    .execute(&mut **tx)
    .await?;
    Ok(taken.rows_affected() == 1)
}

/// The row of a project's totals.
#[derive(Debug, FromRow)]
pub struct Totals {
    pub project_id: String,
    #[sqlx(rename = "cap_cents")]
    pub cap: Cents,
    #[sqlx(rename = "reserved_cents")]
    pub reserved: Cents,
    #[sqlx(rename = "processing_cents")]
    pub processing: Cents,
    #[sqlx(rename = "held_cents")]
    pub held: Cents,
    #[sqlx(rename = "matched_cents")]
    pub matched: Cents,
}

impl Totals {
    /// What can still be reserved.
    pub fn room(&self) -> Cents {
        Cents(self.cap.0 - self.reserved.0 - self.processing.0 - self.held.0 - self.matched.0)
    }
}

pub async fn totals(conn: &mut Conn, project_id: &str) -> Result<Option<Totals>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM pledge_totals WHERE project_id = $1").bind(project_id).fetch_optional(conn).await
}

pub async fn all_totals(conn: &mut Conn) -> Result<Vec<Totals>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM pledge_totals").fetch_all(conn).await
}

/// Locks the totals of all projects for the rest of the transaction.
pub async fn lock_all_totals(tx: &mut Tx) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE pledge_totals SET project_id = project_id").execute(&mut **tx).await?;
    Ok(())
}

pub async fn insert_totals(tx: &mut Tx, project_id: &str, cap: Cents) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO pledge_totals (project_id, cap_cents, reserved_cents, processing_cents, held_cents)
         VALUES ($1, $2, 0, 0, 0) ON CONFLICT (project_id) DO NOTHING",
    )
    .bind(project_id)
    .bind(cap)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn by_id(conn: &mut Conn, id: &str) -> Result<Option<Pledge>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM pledges WHERE id = $1").bind(id).fetch_optional(conn).await
}

pub async fn by_ids(conn: &mut Conn, ids: &[&str]) -> Result<Vec<Pledge>, sqlx::Error> {
    bulk::select(conn, "SELECT * FROM pledges WHERE id IN", ids.iter().copied()).await
}

pub async fn by_reference(conn: &mut Conn, reference: &str) -> Result<Option<Pledge>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM pledges WHERE reference = $1").bind(reference).fetch_optional(conn).await
}

pub async fn by_request_key(conn: &mut Conn, key_hash: &str) -> Result<Option<Pledge>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM pledges WHERE request_key = $1").bind(key_hash).fetch_optional(conn).await
}

pub async fn of_user(conn: &mut Conn, user_id: &str) -> Result<Vec<Pledge>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM pledges WHERE user_id = $1 ORDER BY created_at DESC LIMIT 500")
        .bind(user_id)
        .fetch_all(conn)
        .await
}

pub async fn all_of_user(conn: &mut Conn, user_id: &str) -> Result<Vec<Pledge>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM pledges WHERE user_id = $1 ORDER BY created_at, id")
        .bind(user_id)
        .fetch_all(conn)
        .await
}

/// The newest pledges of all: ids grow with time.
pub async fn latest(conn: &mut Conn, limit: i64) -> Result<Vec<Pledge>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM pledges ORDER BY id DESC LIMIT $1").bind(limit).fetch_all(conn).await
}

/// All held pledges of a round: id, project, user, amount, language.
pub async fn held_of_round(
    conn: &mut Conn,
    round_id: &str,
) -> Result<Vec<(String, String, String, Cents)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, project_id, user_id, amount_cents - returned_cents FROM pledges WHERE round_id = $1 AND state = 'held' ORDER BY id",
    )
    .bind(round_id)
    .fetch_all(conn)
    .await
}

pub async fn released_of_project(conn: &mut Conn, project_id: &str) -> Result<Vec<(String, Cents)>, sqlx::Error> {
    sqlx::query_as("SELECT id, amount_cents - returned_cents FROM pledges WHERE project_id = $1 AND state = 'released'")
        .bind(project_id)
        .fetch_all(conn)
        .await
}

/// Held pledges of a project, the oldest first.
pub async fn held_of_project(conn: &mut Conn, project_id: &str, limit: i64) -> Result<Vec<Pledge>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM pledges WHERE project_id = $1 AND state = 'held' ORDER BY id LIMIT $2")
        .bind(project_id)
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub async fn purchases_of(conn: &mut Conn, project_id: &str) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id FROM pledges WHERE project_id = $1 AND kind = 'purchase' AND held_at IS NOT NULL ORDER BY id",
    )
    .bind(project_id)
    .fetch_all(conn)
    .await
}

/// What adds to a pledge, the oldest first.
pub async fn raising(conn: &mut Conn, pledge_id: &str) -> Result<Vec<Pledge>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM pledges WHERE raises_id = $1 ORDER BY id").bind(pledge_id).fetch_all(conn).await
}

/// The projects of a round with pledges that are reserved, on their way or held.
pub async fn unsettled_projects(conn: &mut Conn, round_id: &str) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT DISTINCT project_id FROM pledges WHERE round_id = $1 AND state IN ('reserved', 'processing', 'held')",
    )
    .bind(round_id)
    .fetch_all(conn)
    .await
}

/// Pledges of a round that are neither paid nor ended: count per state.
pub async fn open_of_round(conn: &mut Conn, round_id: &str) -> Result<Vec<(PledgeState, i64)>, sqlx::Error> {
    sqlx::query_as("SELECT state, COUNT(*) FROM pledges WHERE round_id = $1 GROUP BY state")
        .bind(round_id)
        .fetch_all(conn)
        .await
}

/// The ids of a round's pledges in a state, for follow-up work.
pub async fn ids_in_state(conn: &mut Conn, round_id: &str, state: PledgeState) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as("SELECT id FROM pledges WHERE round_id = $1 AND state = $2 ORDER BY id")
        .bind(round_id)
        .bind(state)
        .fetch_all(conn)
        .await
}

/// Changes a state; answers whether the pledge was in the one it should come from.
pub async fn move_to(tx: &mut Tx, id: &str, from: PledgeState, to: PledgeState) -> Result<bool, sqlx::Error> {
    step(tx, id, from, to).await
}

pub async fn move_each_to(tx: &mut Tx, ids: &[&str], from: PledgeState, to: PledgeState) -> Result<bool, sqlx::Error> {
    step_each(tx, ids, from, to).await
}

pub async fn set_held_at(tx: &mut Tx, id: &str, at: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE pledges SET held_at = $2 WHERE id = $1").bind(id).bind(at).execute(&mut **tx).await?;
    Ok(())
}

/// Part of a held pledge went back; answers whether it was held.
pub async fn return_part(tx: &mut Tx, id: &str, from: PledgeState, amount: Cents) -> Result<bool, sqlx::Error> {
    let returned = sqlx::query(
        "UPDATE pledges SET returned_cents = returned_cents + $2
         WHERE id = $1 AND state = $3 AND returned_cents + $2 < amount_cents",
    )
    .bind(id)
    .bind(amount)
    .bind(from)
    .execute(&mut **tx)
    .await?;
    Ok(returned.rows_affected() == 1)
}

pub async fn set_expiry(tx: &mut Tx, id: &str, at: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE pledges SET expires_at = $2 WHERE id = $1 AND state = 'reserved'")
        .bind(id)
        .bind(at)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// How many pledges there are in a state.
pub async fn count_in(conn: &mut Conn, state: PledgeState) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) =
        sqlx::query_as("SELECT COUNT(*) FROM pledges WHERE state = $1").bind(state).fetch_one(conn).await?;
    Ok(count)
}

/// How many pledges there are in each state.
pub async fn counts(conn: &mut Conn) -> Result<Vec<(PledgeState, i64)>, sqlx::Error> {
    sqlx::query_as("SELECT state, COUNT(*) FROM pledges GROUP BY state").fetch_all(conn).await
}

/// Inserts pledges, each under the hash of its request's key.
pub async fn insert(tx: &mut Tx, pledges: &[(&Pledge, String)]) -> Result<(), sqlx::Error> {
    const COLUMNS: [&str; 27] = [
        "id",
        "reference",
        "project_id",
        "round_id",
        "user_id",
        "kind",
        "amount_cents",
        "rikx_hundredths",
        "state",
        "anonymous",
        "updates",
        "name",
        "language",
        "company_name",
        "kvk_number",
        "contract_reference",
        "po_number",
        "vat_id",
        "address",
        "postcode",
        "city",
        "request_key",
        "request_hash",
        "created_at",
        "expires_at",
        "held_at",
        "raises_id",
    ];
    let row = |(p, key_hash): &(&Pledge, String)| {
        vec![
            p.id.as_str().into(),
            p.reference.as_str().into(),
            p.project_id.as_str().into(),
            p.round_id.as_str().into(),
            p.user_id.as_str().into(),
            p.kind.as_str().into(),
            p.amount.0.into(),
            p.rikx.0.into(),
            p.state.as_str().into(),
            i64::from(p.anonymous).into(),
            i64::from(p.updates).into(),
            p.name.as_str().into(),
            p.language.code().into(),
            p.company_name.as_str().into(),
            p.kvk_number.as_str().into(),
            p.contract_reference.as_str().into(),
            p.po_number.as_str().into(),
            p.vat_id.as_str().into(),
            p.address.as_str().into(),
            p.postcode.as_str().into(),
            p.city.as_str().into(),
            key_hash.as_str().into(),
            p.request_hash.as_str().into(),
            p.created_at.to_string().into(),
            p.expires_at.to_string().into(),
            p.held_at.map_or(Value::Nothing, |at| at.to_string().into()),
            p.raises_id.as_deref().map_or(Value::Nothing, Value::from),
        ]
    };
    bulk::insert(tx, "pledges", &COLUMNS, pledges.iter().map(row).collect()).await
}

/// Which of these hashes of keys have made a pledge.
pub async fn known_keys(conn: &mut Conn, hashes: &[String]) -> Result<Vec<String>, sqlx::Error> {
    let before = "SELECT request_key FROM pledges WHERE request_key IN";
    let known: Vec<(String,)> = bulk::select(conn, before, hashes.iter().map(String::as_str)).await?;
    Ok(known.into_iter().map(|(hash,)| hash).collect())
}

/// Writes many pledges that are no longer waiting for anybody, with one line of history each.
pub async fn import(tx: &mut Tx, pledges: &[Pledge]) -> Result<(), sqlx::Error> {
    let rows: Vec<(&Pledge, String)> = pledges.iter().map(|p| (p, format!("import:{}", p.id))).collect();
    insert(tx, &rows).await?;
    let change = |p: &Pledge| {
        let at = p.held_at.unwrap_or(p.created_at);
        (p.id.replacen("plg", "chg", 1), p.id.clone(), p.state.as_str(), at)
    };
    history::import(tx, "pledge", pledges.iter().map(change).collect()).await
}

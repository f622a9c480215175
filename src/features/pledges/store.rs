//! SQL of pledges and of the totals that guard them.

use sqlx::FromRow;

use crate::features::pledges::{Pledge, PledgeState};
use crate::infra::db::bulk::{self, Value};
use crate::infra::db::life_cycle::step;
use crate::infra::db::{Conn, Tx};
use crate::infra::planted::{self, Mistake};
use crate::values::{Cents, Timestamp};

/// Locks a project's totals and reserves the amount when it still fits. One statement: lock and guard cannot come apart.
pub async fn reserve(tx: &mut Tx, project_id: &str, amount: Cents) -> Result<bool, sqlx::Error> {
    if planted::is(Mistake::NoReservationGuard) {
        shift(tx, project_id, amount, Cents::ZERO, Cents::ZERO).await?;
        return Ok(true);
    }
    let fits = sqlx::query(
        "UPDATE pledge_totals SET reserved_cents = reserved_cents + $2
         WHERE project_id = $1 AND reserved_cents + processing_cents + held_cents + matched_cents + $2 <= cap_cents",
    )
    .bind(project_id)
    .bind(amount)
    .execute(&mut **tx)
    .await?;
    Ok(fits.rows_affected() == 1)
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

/// Number of different people with held or released money, per project.
pub async fn backers(conn: &mut Conn) -> Result<Vec<(String, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT project_id, COUNT(DISTINCT user_id) FROM pledges WHERE state IN ('held', 'released') GROUP BY project_id",
    )
    .fetch_all(conn)
    .await
}

pub async fn backers_of(conn: &mut Conn, project_id: &str) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as(
        "SELECT COUNT(DISTINCT user_id) FROM pledges WHERE project_id = $1 AND state IN ('held', 'released')",
    )
    .bind(project_id)
    .fetch_one(conn)
    .await?;
    Ok(count)
}

/// The next people with held or released money in a project, by user, after this one.
pub async fn backers_after(
    conn: &mut Conn,
    project_id: &str,
    after_user_id: &str,
    limit: i64,
) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT DISTINCT user_id FROM pledges
         WHERE project_id = $1 AND state IN ('held', 'released') AND user_id > $2 ORDER BY user_id LIMIT $3",
    )
    .bind(project_id)
    .bind(after_user_id)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// Held and released pledges of a project with a smaller id, the newest first; an empty id begins with the newest.
pub async fn backing_before(
    conn: &mut Conn,
    project_id: &str,
    before_id: &str,
    limit: i64,
) -> Result<Vec<Pledge>, sqlx::Error> {
    sqlx::query_as(
        "SELECT * FROM pledges
         WHERE project_id = $1 AND state IN ('held', 'released') AND ($2 = '' OR id < $2) ORDER BY id DESC LIMIT $3",
    )
    .bind(project_id)
    .bind(before_id)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// Inserts a reserved pledge under the hash of its request's key.
/// Who has money in a project, held or released, among the users from `first` to `last`.
pub async fn backers_between(
    conn: &mut Conn,
    project_id: &str,
    first: &str,
    last: &str,
) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT DISTINCT user_id FROM pledges
         WHERE project_id = $1 AND state IN ('held', 'released') AND user_id >= $2 AND user_id <= $3",
    )
    .bind(project_id)
    .bind(first)
    .bind(last)
    .fetch_all(conn)
    .await
}

pub async fn insert(tx: &mut Tx, pledge: &Pledge, key_hash: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO pledges (id, reference, project_id, round_id, user_id, kind, amount_cents, rikx_hundredths, state,
             anonymous, updates, name, language, company_name, kvk_number, contract_reference, address, postcode, city,
             request_key, request_hash, created_at, expires_at, po_number, vat_id, raises_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'reserved', $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
             $21, $22, $23, $24, $25)",
    )
    .bind(&pledge.id)
    .bind(&pledge.reference)
    .bind(&pledge.project_id)
    .bind(&pledge.round_id)
    .bind(&pledge.user_id)
    .bind(pledge.kind)
    .bind(pledge.amount)
    .bind(pledge.rikx)
    .bind(pledge.anonymous)
    .bind(pledge.updates)
    .bind(&pledge.name)
    .bind(pledge.language)
    .bind(&pledge.company_name)
    .bind(&pledge.kvk_number)
    .bind(&pledge.contract_reference)
    .bind(&pledge.address)
    .bind(&pledge.postcode)
    .bind(&pledge.city)
    .bind(key_hash)
    .bind(&pledge.request_hash)
    .bind(pledge.created_at)
    .bind(pledge.expires_at)
    .bind(&pledge.po_number)
    .bind(&pledge.vat_id)
    .bind(&pledge.raises_id)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn by_id(conn: &mut Conn, id: &str) -> Result<Option<Pledge>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM pledges WHERE id = $1").bind(id).fetch_optional(conn).await
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

/// The newest pledges of a round, for the staff's list.
pub async fn latest(conn: &mut Conn, limit: i64) -> Result<Vec<Pledge>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM pledges ORDER BY created_at DESC, id DESC LIMIT $1").bind(limit).fetch_all(conn).await
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

/// The next people with a pledge of a round that is paid, being paid or waited for, by user, after this one.
pub async fn backers_of_round_after(
    conn: &mut Conn,
    round_id: &str,
    after_user_id: &str,
    limit: i64,
) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT DISTINCT user_id FROM pledges
         WHERE round_id = $1 AND state IN ('reserved', 'processing', 'held') AND user_id > $2 ORDER BY user_id LIMIT $3",
    )
    .bind(round_id)
    .bind(after_user_id)
    .bind(limit)
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

/// Pledges made after their round closed that add to no pledge of a near miss: there must be none.
pub async fn made_after_close(conn: &mut Conn) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT p.id FROM pledges p JOIN rounds r ON r.id = p.round_id LEFT JOIN pledges o ON o.id = p.raises_id
         WHERE r.state IN ('closing', 'settled') AND ((p.raises_id IS NULL AND p.state = 'held' AND p.created_at > r.closes_at)
            OR (p.raises_id IS NOT NULL AND (o.project_id <> p.project_id OR o.user_id <> p.user_id OR o.raises_id IS NOT NULL)))",
    )
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

/// A pledge, and what the books say of it in each group of accounts.
#[derive(Debug, FromRow)]
pub struct InBooks {
    pub id: String,
    pub state: PledgeState,
    #[sqlx(rename = "amount_cents")]
    pub amount: Cents,
    #[sqlx(rename = "returned_cents")]
    pub returned: Cents,
    pub held: Cents,
    pub released: Cents,
    /// Due back, or unclaimed.
    pub owed: Cents,
    pub sent: Cents,
    /// Set aside while a dispute lasts.
    pub set_aside: Cents,
    /// Taken back by a dispute that was lost.
    pub taken: Cents,
}

/// What the books say of each pledge.
pub async fn against_the_books(conn: &mut Conn) -> Result<Vec<InBooks>, sqlx::Error> {
    sqlx::query_as(
        "SELECT p.id, p.state, p.amount_cents, p.returned_cents,
             CAST(COALESCE(SUM(CASE WHEN e.account LIKE 'pledges_held:%' THEN -e.amount_cents ELSE 0 END), 0) AS BIGINT)
                 AS held,
             CAST(COALESCE(SUM(CASE WHEN e.account LIKE 'owner_payable:%' OR e.account LIKE 'result_money:%'
                 THEN -e.amount_cents ELSE 0 END), 0) AS BIGINT) AS released,
             CAST(COALESCE(SUM(CASE WHEN e.account LIKE 'refunds_due:%' OR e.account = 'unclaimed_refunds'
                 THEN -e.amount_cents ELSE 0 END), 0) AS BIGINT) AS owed,
             CAST(COALESCE(SUM(CASE WHEN (e.account = 'psp_available' AND e.transaction_id NOT IN
                     (SELECT id FROM ledger_transactions WHERE kind = 'paid')) OR (e.account = 'bank' AND e.transaction_id IN
                     (SELECT id FROM ledger_transactions
                      WHERE kind IN ('bank_paid', 'claim_paid', 'transfer_returned', 'bank_reversed')))
                 THEN -e.amount_cents ELSE 0 END), 0) AS BIGINT) AS sent,
             CAST(COALESCE(SUM(CASE WHEN e.account = 'dispute_hold' THEN -e.amount_cents ELSE 0 END), 0) AS BIGINT)
                 AS set_aside,
             CAST(COALESCE(SUM(CASE WHEN e.account = 'psp_disputed' THEN -e.amount_cents ELSE 0 END), 0) AS BIGINT) AS taken
         FROM pledges p LEFT JOIN ledger_entries e ON e.pledge_id = p.id
         GROUP BY p.id, p.state, p.amount_cents, p.returned_cents",
    )
    .fetch_all(conn)
    .await
}

/// What the pledges say of each project: id, reserved, processing, held.
pub async fn folded_totals(conn: &mut Conn) -> Result<Vec<(String, Cents, Cents, Cents)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT project_id,
             CAST(COALESCE(SUM(CASE WHEN state = 'reserved' THEN amount_cents - returned_cents ELSE 0 END), 0) AS BIGINT),
             CAST(COALESCE(SUM(CASE WHEN state = 'processing' THEN amount_cents - returned_cents ELSE 0 END), 0) AS BIGINT),
             CAST(COALESCE(SUM(CASE WHEN state = 'held' THEN amount_cents - returned_cents ELSE 0 END), 0) AS BIGINT)
         FROM pledges GROUP BY project_id",
    )
    .fetch_all(conn)
    .await
}

/// Held pledges of rounds that are settled: there must be none.
pub async fn held_after_settlement(conn: &mut Conn) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT p.id FROM pledges p JOIN rounds r ON r.id = p.round_id
         WHERE r.state = 'settled' AND p.state = 'held'",
    )
    .fetch_all(conn)
    .await
}

/// A page of pledges, the newest first: ids grow with time.
pub async fn page(
    conn: &mut Conn,
    state: Option<PledgeState>,
    limit: i64,
    offset: i64,
) -> Result<Vec<Pledge>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM pledges WHERE ($1 = '' OR state = $1) ORDER BY id DESC LIMIT $2 OFFSET $3")
        .bind(state.map_or("", PledgeState::as_str))
        .bind(limit)
        .bind(offset)
        .fetch_all(conn)
        .await
}

pub async fn counts(conn: &mut Conn) -> Result<Vec<(PledgeState, i64)>, sqlx::Error> {
    sqlx::query_as("SELECT state, COUNT(*) FROM pledges GROUP BY state").fetch_all(conn).await
}

/// Writes many pledges that are no longer waiting for anybody, with one line of history each.
pub async fn import(tx: &mut Tx, pledges: &[Pledge]) -> Result<(), sqlx::Error> {
    const COLUMNS: [&str; 26] = [
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
    ];
    const CHANGE: [&str; 8] = ["id", "subject", "subject_id", "from_state", "to_state", "actor", "reason", "at"];
    let (mut rows, mut changes) = (Vec::with_capacity(pledges.len()), Vec::with_capacity(pledges.len()));
    for p in pledges {
        rows.push(vec![
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
            format!("import:{}", p.id).into(),
            p.request_hash.as_str().into(),
            p.created_at.to_string().into(),
            p.expires_at.to_string().into(),
            p.held_at.map_or(Value::Nothing, |at| at.to_string().into()),
        ]);
        changes.push(vec![
            p.id.replacen("plg", "chg", 1).into(),
            "pledge".into(),
            p.id.as_str().into(),
            "".into(),
            p.state.as_str().into(),
            "import".into(),
            "".into(),
            p.held_at.unwrap_or(p.created_at).to_string().into(),
        ]);
    }
    bulk::insert(tx, "pledges", &COLUMNS, rows).await?;
    bulk::insert(tx, "state_changes", &CHANGE, changes).await
}

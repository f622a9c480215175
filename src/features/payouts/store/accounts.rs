//! SQL of the accounts of organisations.

use crate::features::payouts::{AccountState, Connected, ConnectedState, OrganisationAccount};
use crate::infra::db::life_cycle::step;
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

pub async fn insert_account(tx: &mut Tx, account: &OrganisationAccount) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO organisation_accounts (id, organisation_id, iban, holder, state, entered_by, entered_at, usable_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(&account.id)
    .bind(&account.organisation_id)
    .bind(&account.iban)
    .bind(&account.holder)
    .bind(account.state)
    .bind(&account.entered_by)
    .bind(account.entered_at)
    .bind(account.usable_at)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn account(conn: &mut Conn, id: &str) -> Result<Option<OrganisationAccount>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM organisation_accounts WHERE id = $1").bind(id).fetch_optional(conn).await
}

/// The account of an organisation in a state of which there is one at most.
pub async fn account_in(
    conn: &mut Conn,
    organisation_id: &str,
    state: AccountState,
) -> Result<Option<OrganisationAccount>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM organisation_accounts WHERE organisation_id = $1 AND state = $2")
        .bind(organisation_id)
        .bind(state)
        .fetch_optional(conn)
        .await
}

/// Whether payouts of an organisation ever had an account to go to.
pub async fn was_verified(conn: &mut Conn, organisation_id: &str) -> Result<bool, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as(
        "SELECT COUNT(*) FROM organisation_accounts WHERE organisation_id = $1 AND verified_at IS NOT NULL",
    )
    .bind(organisation_id)
    .fetch_one(conn)
    .await?;
    Ok(count > 0)
}

pub async fn accounts_entered(conn: &mut Conn) -> Result<Vec<OrganisationAccount>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM organisation_accounts WHERE state = 'entered' ORDER BY entered_at, id")
        .fetch_all(conn)
        .await
}

pub async fn move_account(
    tx: &mut Tx,
    id: &str,
    from: AccountState,
    to: AccountState,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    if !step(tx, id, from, to).await? {
        return Ok(false);
    }
    sqlx::query(
        "UPDATE organisation_accounts SET verified_at = CASE WHEN $2 = 'verified' THEN $3 ELSE verified_at END WHERE id = $1",
    )
        .bind(id)
        .bind(to)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(true)
}

/// The row of an account at the provider, made when there is none; answers whether there was none.
pub async fn insert_connected(tx: &mut Tx, organisation_id: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let made = sqlx::query(
        "INSERT INTO connected_accounts (organisation_id, state, generation, created_at) VALUES ($1, 'asked', 1, $2)
         ON CONFLICT (organisation_id) DO NOTHING",
    )
    .bind(organisation_id)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(made.rows_affected() == 1)
}

pub async fn connected(conn: &mut Conn, organisation_id: &str) -> Result<Option<Connected>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM connected_accounts WHERE organisation_id = $1")
        .bind(organisation_id)
        .fetch_optional(conn)
        .await
}

/// The provider has made it; answers whether it was only asked for until then.
pub async fn set_connected(tx: &mut Tx, organisation_id: &str, provider_id: &str) -> Result<bool, sqlx::Error> {
    let made = sqlx::query(
        "UPDATE connected_accounts SET provider_id = $2 WHERE organisation_id = $1 AND provider_id IS NULL",
    )
    .bind(organisation_id)
    .bind(provider_id)
    .execute(&mut **tx)
    .await?;
    Ok(made.rows_affected() == 1
        && step(tx, organisation_id, ConnectedState::Asked, ConnectedState::Incomplete).await?)
}

/// The next call that makes it has a new key.
pub async fn renew_connected(tx: &mut Tx, organisation_id: &str, generation: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE connected_accounts SET generation = generation + 1
         WHERE organisation_id = $1 AND generation = $2 AND provider_id IS NULL",
    )
    .bind(organisation_id)
    .bind(generation)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What the provider said of it, and when. Answers whether it was in the state in which it was read.
pub async fn connected_checked(
    tx: &mut Tx,
    row: &Connected,
    state: ConnectedState,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    if row.state != state && !step(tx, &row.organisation_id, row.state, state).await? {
        return Ok(false);
    }
    sqlx::query("UPDATE connected_accounts SET checked_at = $2 WHERE organisation_id = $1")
        .bind(&row.organisation_id)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(true)
}

/// Empties some accounts that are no longer used and were entered before a moment; how many.
pub async fn forget_old(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, sqlx::Error> {
    let forgotten = sqlx::query(
        "UPDATE organisation_accounts SET iban = '', holder = '' WHERE id IN (
             SELECT id FROM organisation_accounts WHERE state IN ('replaced', 'withdrawn') AND entered_at < $1 AND iban <> ''
             ORDER BY id LIMIT $2)",
    )
    .bind(before)
    .bind(limit)
    .execute(&mut **tx)
    .await?;
    Ok(forgotten.rows_affected())
}

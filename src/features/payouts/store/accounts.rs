//! SQL of the accounts of organisations.

use crate::features::payouts::{AccountState, OrganisationAccount};
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
    let moved = sqlx::query(
        "UPDATE organisation_accounts SET state = $3, verified_at = CASE WHEN $3 = 'verified' THEN $4 ELSE verified_at END
         WHERE id = $1 AND state = $2",
    )
    .bind(id)
    .bind(from)
    .bind(to)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(moved.rows_affected() == 1)
}

//! The bank accounts of organisations: an owner enters one, two treasurers check it, and a changed one waits three days.

use crate::features::approvals::{self, Asked, Decider};
use crate::features::organisations::{self, members};
use crate::features::payouts::actions::tell_owners;
use crate::features::payouts::{ACCOUNT, AccountState, COOL_DOWN_SECONDS, OrganisationAccount, Refusal, pay, store};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::infra::{history, random};
use crate::values::{Iban, Timestamp};

/// An owner enters an account, in place of one that was not checked yet. Every owner is told by mail. Answers its id.
///
/// # Errors
/// No owner at this moment.
pub async fn enter(
    tx: &mut Tx,
    organisation_id: &str,
    user_id: &str,
    iban: &Iban,
    holder: &str,
    now: Timestamp,
) -> Result<String> {
    organisations::actions::lock(tx, organisation_id).await?;
    members::require_owner(tx, organisation_id, user_id).await?;
    if let Some(open) = store::account_in(tx, organisation_id, AccountState::Entered).await? {
        step(tx, &open, AccountState::Withdrawn, user_id, "another was entered", now).await?;
    }
    let is_change = store::was_verified(tx, organisation_id).await?;
    let account = OrganisationAccount {
        id: random::id("oac", now),
        organisation_id: organisation_id.to_owned(),
        iban: iban.to_string(),
        holder: holder.to_owned(),
        state: AccountState::Entered,
        entered_by: user_id.to_owned(),
        entered_at: now,
        usable_at: if is_change { now.plus_seconds(COOL_DOWN_SECONDS) } else { now },
        verified_at: None,
    };
    store::insert_account(tx, &account).await?;
    record(tx, &account.id, "", AccountState::Entered, user_id, "", now).await?;
    tell_owners(tx, organisation_id, "account_entered", &account.id, now).await?;
    Ok(account.id)
}

/// An owner takes an account back that is not used yet: one that was not checked, or one whose three days are not over.
///
/// # Errors
/// [`Refusal::NoSuchAccount`]: there is none of this organisation that can be taken back; or no owner at this moment.
pub async fn take_back(
    tx: &mut Tx,
    organisation_id: &str,
    account_id: &str,
    user_id: &str,
    now: Timestamp,
) -> Result<()> {
    organisations::actions::lock(tx, organisation_id).await?;
    members::require_owner(tx, organisation_id, user_id).await?;
    let account = store::account(tx, account_id).await?.filter(|a| a.organisation_id == organisation_id);
    let open = |a: &OrganisationAccount| match a.state {
        AccountState::Entered => true,
        AccountState::Verified => a.usable_at > now,
        AccountState::Replaced | AccountState::Withdrawn => false,
    };
    let account = account.filter(open).ok_or(Refusal::NoSuchAccount)?;
    step(tx, &account, AccountState::Withdrawn, user_id, "taken back by an owner", now).await
}

/// A treasurer who checked whose account it is proposes to pay to it.
///
/// # Errors
/// A refusal of `approvals`, or it was taken back.
pub async fn propose(tx: &mut Tx, by: Decider<'_>, account_id: &str, reason: &str, now: Timestamp) -> Result<()> {
    let account = entered(tx, account_id).await?;
    let asked = Asked { kind: ACCOUNT, subject_id: account_id, content: &content(&account), reason };
    approvals::actions::propose(tx, by, asked, now).await?;
    Ok(())
}

/// What is approved: whose account, which, and as entered when.
pub fn content(account: &OrganisationAccount) -> String {
    format!("{} {} {} {}\n", account.organisation_id, account.iban, account.entered_at, account.holder)
}

/// Another treasurer approves; the account takes the place of the one before, and tranches that waited for it go on.
///
/// # Errors
/// A refusal of `approvals`, or it was taken back.
pub async fn approve(tx: &mut Tx, by: Decider<'_>, account_id: &str, hash: &str, now: Timestamp) -> Result<()> {
    let organisation_id = entered(tx, account_id).await?.organisation_id;
    organisations::actions::lock(tx, &organisation_id).await?;
    let account = entered(tx, account_id).await?;
    approvals::actions::approve(tx, by, (ACCOUNT, account_id), hash, &content(&account), now).await?;
    if let Some(old) = verified(tx, &organisation_id).await? {
        step(tx, &old, AccountState::Replaced, by.user_id, "", now).await?;
    }
    step(tx, &account, AccountState::Verified, by.user_id, "", now).await?;
    tell_owners(tx, &organisation_id, "account_verified", account_id, now).await?;
    pay::wake(tx, &organisation_id, now).await
}

async fn entered(conn: &mut Conn, account_id: &str) -> Result<OrganisationAccount> {
    let account = store::account(conn, account_id).await?;
    Ok(account.filter(|account| account.state == AccountState::Entered).ok_or(Refusal::NoSuchAccount)?)
}

/// The account payouts of an organisation go to, once its days are over.
pub async fn verified(conn: &mut Conn, organisation_id: &str) -> Result<Option<OrganisationAccount>> {
    Ok(store::account_in(conn, organisation_id, AccountState::Verified).await?)
}

/// The account with this id.
pub async fn account(conn: &mut Conn, id: &str) -> Result<Option<OrganisationAccount>> {
    Ok(store::account(conn, id).await?)
}

/// The accounts that wait to be checked, the oldest first.
pub async fn waiting(conn: &mut Conn) -> Result<Vec<OrganisationAccount>> {
    Ok(store::accounts_entered(conn).await?)
}

/// The accounts of an organisation that count or wait: the entered and the verified one.
pub async fn of_organisation(conn: &mut Conn, organisation_id: &str) -> Result<Vec<OrganisationAccount>> {
    let mut found = Vec::new();
    for state in [AccountState::Verified, AccountState::Entered] {
        found.extend(store::account_in(conn, organisation_id, state).await?);
    }
    Ok(found)
}

async fn step(
    tx: &mut Tx,
    account: &OrganisationAccount,
    to: AccountState,
    actor: &str,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    if !store::move_account(tx, &account.id, account.state, to, now).await? {
        return Err(Refusal::NoSuchAccount.into());
    }
    record(tx, &account.id, account.state.as_str(), to, actor, reason, now).await
}

async fn record(
    tx: &mut Tx,
    id: &str,
    from: &str,
    to: AccountState,
    actor: &str,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    let entry = history::Entry { subject: "account", subject_id: id, from, to: to.as_str(), actor, reason };
    Ok(history::record(tx, now, entry).await?)
}

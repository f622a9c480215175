//! What is left of an ended match fund goes back to its giver, to the bank account that was checked: one treasurer proposes, another
//! approves exactly this amount to exactly this account.

use crate::features::approvals::{self, Asked, Decider, Proposal};
use crate::features::match_funds::{self, Fund, FundState};
use crate::features::payouts::{GIVE_BACK, OrganisationAccount, Refusal, accounts};
use crate::features::transfers::{self, NewTransfer, Purpose};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::infra::texts;
use crate::values::{Cents, Lang, Timestamp};

/// The longest text for a receiver, in characters.
const LONGEST_REMITTANCE: usize = 140;

/// The giver's account, when money can be sent to it now.
pub async fn account_of(conn: &mut Conn, fund: &Fund, now: Timestamp) -> Result<Option<OrganisationAccount>> {
    Ok(accounts::verified(conn, &fund.giver_id).await?.filter(|account| account.usable_at <= now))
}

/// A treasurer proposes to give back what is left.
///
/// # Errors
/// A refusal: the fund has not ended, nothing is left, the giver has no account yet; or one of `approvals`.
pub async fn propose(tx: &mut Tx, by: Decider<'_>, fund_id: &str, reason: &str, now: Timestamp) -> Result<Proposal> {
    let fund = match_funds::actions::lock(tx, fund_id).await?;
    let (content, _) = content(tx, &fund, now).await?;
    let asked = Asked { kind: GIVE_BACK, subject_id: fund_id, content: &content, reason };
    approvals::actions::propose(tx, by, asked, now).await
}

/// Another treasurer approves; the transfer waits for the next file.
///
/// # Errors
/// The same.
pub async fn approve(tx: &mut Tx, by: Decider<'_>, fund_id: &str, hash: &str, now: Timestamp) -> Result<()> {
    let fund = match_funds::actions::lock(tx, fund_id).await?;
    let (content, account) = content(tx, &fund, now).await?;
    approvals::actions::approve(tx, by, (GIVE_BACK, fund_id), hash, &content, now).await?;
    let amount = fund.left();
    let id = match_funds::actions::plan_give_back(tx, fund_id, amount, by.user_id, now).await?;
    let remittance = texts::text_with(Lang::Nl, "match-give-back-text", &[("name", fund.name_nl.clone())]);
    let remittance: String = remittance.chars().take(LONGEST_REMITTANCE).collect();
    let new = NewTransfer {
        purpose: Purpose::GiveBack,
        subject_id: &id,
        iban: &account.iban,
        name: &account.holder,
        amount,
        remittance: &remittance,
    };
    transfers::actions::plan(tx, &new, now).await?;
    Ok(())
}

/// A treasurer takes the proposal back.
///
/// # Errors
/// One of `approvals`.
pub async fn withdraw(tx: &mut Tx, by: Decider<'_>, fund_id: &str, reason: &str, now: Timestamp) -> Result<()> {
    approvals::actions::withdraw(tx, by, (GIVE_BACK, fund_id), reason, now).await
}

/// The proposal that waits for a second person.
pub async fn proposed(conn: &mut Conn, fund_id: &str, now: Timestamp) -> Result<Option<Proposal>> {
    approvals::actions::open_of(conn, GIVE_BACK, fund_id, now).await
}

/// What is decided on: how much, and to whose account.
async fn content(conn: &mut Conn, fund: &Fund, now: Timestamp) -> Result<(String, OrganisationAccount)> {
    if fund.state != FundState::Ended {
        return Err(match_funds::Refusal::NotEnded.into());
    }
    if fund.left() <= Cents::ZERO {
        return Err(match_funds::Refusal::NothingLeft.into());
    }
    let account = account_of(conn, fund, now).await?.ok_or(Refusal::NoAccountYet)?;
    let content = format!(
        "{GIVE_BACK}\nfund {}\ncents {}\nto {} {} {}\n",
        fund.id,
        fund.left().0,
        fund.giver_id,
        account.iban,
        account.holder
    );
    Ok((content, account))
}

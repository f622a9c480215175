//! What people do with a case: take it on or give it to another, settle it with a posting that two decide on, or close it with a written
//! reason.

use crate::features::approvals::{self, Asked, Decider, Proposal};
use crate::features::cases::{Case, CaseState, POST, POSTED, Refusal, Remedy, actions, store};
use crate::features::ledger::{self, Account, Kind, Posting};
use crate::features::users;
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::{history, jobs};
use crate::values::{Cents, Timestamp};

/// A posting as somebody typed it.
#[derive(Debug, Clone, Copy)]
pub struct Typed<'a> {
    pub debit: &'a str,
    pub credit: &'a str,
    pub amount: &'a str,
}

/// A treasurer proposes the posting that settles a case.
///
/// # Errors
/// A [`Refusal`], or one of `approvals`.
pub async fn propose(
    tx: &mut Tx,
    by: Decider<'_>,
    case_id: &str,
    typed: Typed<'_>,
    reason: &str,
    now: Timestamp,
) -> Result<Proposal> {
    let case = lock_open(tx, case_id).await?;
    let posting = read(tx, typed).await?;
    require_settles(tx, &case, &posting).await?;
    let content = content(&posting);
    approvals::actions::propose(tx, by, Asked { kind: POST, subject_id: &case.id, content: &content, reason }, now)
        .await
}

/// Another treasurer approves it: the posting is made and the case closes.
///
/// # Errors
/// A [`Refusal`], or one of `approvals`.
pub async fn approve(tx: &mut Tx, by: Decider<'_>, case_id: &str, hash: &str, now: Timestamp) -> Result<()> {
    let case = lock_open(tx, case_id).await?;
    let proposed = approvals::actions::open_of(tx, POST, &case.id, now).await?.map(|open| open.content);
    let proposed = proposed.unwrap_or_default();
    let approved = approvals::actions::approve(tx, by, (POST, &case.id), hash, &proposed, now).await?;
    let remedy = proposed_posting(&approved)
        .ok_or_else(|| Error::broken(format!("proposal {} holds no posting", approved.id)))?;
    require_settles(tx, &case, &remedy).await?;
    let key = format!("correction:{}", approved.id);
    let posting = Posting::new(Kind::Correction, key, now, by.user_id, &case.subject_id).moving(
        remedy.amount,
        &remedy.debit,
        &remedy.credit,
        None,
    );
    ledger::actions::post(tx, now, &posting).await?;
    jobs::enqueue(tx, now, POSTED, &case.subject_id, now).await?;
    close(tx, &case, by.user_id, &approved.reason, now).await
}

/// A treasurer takes a proposal back.
///
/// # Errors
/// One of `approvals`.
pub async fn withdraw(tx: &mut Tx, by: Decider<'_>, case_id: &str, reason: &str, now: Timestamp) -> Result<()> {
    approvals::actions::withdraw(tx, by, (POST, case_id), reason, now).await
}

/// A treasurer closes a case that needs no posting, with a written reason.
///
/// # Errors
/// A [`Refusal`]: money stands in suspense for it, or it is closed; or one of `approvals`.
pub async fn explain(tx: &mut Tx, by: Decider<'_>, case_id: &str, reason: &str, now: Timestamp) -> Result<()> {
    let reason = approvals::actions::checked_reason(reason)?;
    approvals::actions::require_treasurer(tx, by).await?;
    let case = lock_open(tx, case_id).await?;
    if ledger::actions::suspense_of(tx, &case.subject_id).await? != Cents::ZERO {
        return Err(Refusal::MoneyInSuspense.into());
    }
    close(tx, &case, by.user_id, &reason, now).await
}

/// Gives an open case to a treasurer, who looks after it from now on. Nothing else of it changes.
///
/// # Errors
/// A [`Refusal`]: it is closed, or theirs already, or they decide about no money.
pub async fn assign(tx: &mut Tx, case_id: &str, to: &str, by: &str, reason: &str, now: Timestamp) -> Result<()> {
    store::lock(tx, case_id).await?;
    let case = actions::get(tx, case_id).await?;
    if case.state != CaseState::Open {
        return Err(Refusal::NotOpen.into());
    }
    let treasurers = users::actions::treasurers(tx).await?;
    let person = treasurers.iter().find(|person| person.id == to).ok_or(Refusal::NoTreasurer)?;
    if case.assigned_to.as_deref() == Some(to) {
        return Err(Refusal::AlreadyAssigned.into());
    }
    store::assign(tx, case_id, to).await?;
    let reason = if reason.is_empty() { person.called() } else { format!("{}: {reason}", person.called()) };
    let (from, to) = (CaseState::Open.as_str(), "assigned");
    let entry = history::Entry { subject: "case", subject_id: case_id, from, to, actor: by, reason: &reason };
    Ok(history::record(tx, now, entry).await?)
}

/// The proposal that waits for a second person, and its posting.
pub async fn waiting(conn: &mut Conn, case_id: &str, now: Timestamp) -> Result<Option<(Proposal, Remedy)>> {
    let open = approvals::actions::open_of(conn, POST, case_id, now).await?;
    Ok(open.and_then(|proposal| proposed_posting(&proposal).map(|remedy| (proposal, remedy))))
}

/// Locks a case about which something is decided now.
///
/// # Errors
/// A [`Refusal`]: it is closed, or its money is leaving.
pub async fn lock_open(tx: &mut Tx, case_id: &str) -> Result<Case> {
    store::lock(tx, case_id).await?;
    let case = actions::get(tx, case_id).await?;
    if case.state != CaseState::Open {
        return Err(Refusal::NotOpen.into());
    }
    if !case.is_free() {
        return Err(Refusal::OnItsWay.into());
    }
    Ok(case)
}

async fn close(tx: &mut Tx, case: &Case, by: &str, reason: &str, now: Timestamp) -> Result<()> {
    if !store::close(tx, &case.id, by, reason, now).await? {
        return Err(Refusal::NotOpen.into());
    }
    let (from, to) = (CaseState::Open.as_str(), CaseState::Closed.as_str());
    let entry = history::Entry { subject: "case", subject_id: &case.id, from, to, actor: by, reason };
    Ok(history::record(tx, now, entry).await?)
}

/// Reads a typed posting and holds its accounts against the books.
async fn read(conn: &mut Conn, typed: Typed<'_>) -> Result<Remedy> {
    let debit = known(conn, typed.debit).await?.ok_or(Refusal::AccountUnknown { account: short(typed.debit) })?;
    let credit = known(conn, typed.credit).await?.ok_or(Refusal::CreditUnknown { account: short(typed.credit) })?;
    if debit == credit {
        return Err(Refusal::SameAccount.into());
    }
    // what is held for pledges follows their states; a posting alone would part the two
    if [&debit, &credit].iter().any(|account| matches!(account, Account::PledgesHeld(_))) {
        return Err(Refusal::PledgeMoney.into());
    }
    // the same goes for what funds have added, or have to add
    if [&debit, &credit].iter().any(|account| matches!(account, Account::MatchHeld(_) | Account::Matched(..))) {
        return Err(Refusal::MatchMoney.into());
    }
    match Cents::parse(typed.amount) {
        Ok(amount) if amount > Cents::ZERO => Ok(Remedy { debit, credit, amount }),
        _ => Err(Refusal::AmountWrong.into()),
    }
}

async fn known(conn: &mut Conn, typed: &str) -> Result<Option<Account>> {
    let Some(account) = Account::parse(typed.trim()) else { return Ok(None) };
    Ok(ledger::actions::is_known(conn, &account).await?.then_some(account))
}

fn short(typed: &str) -> String {
    typed.chars().filter(|c| !c.is_control()).take(80).collect()
}

/// A posting settles a case when nothing stands in suspense for it afterwards.
async fn require_settles(conn: &mut Conn, case: &Case, posting: &Remedy) -> Result<()> {
    let before = ledger::actions::suspense_of(conn, &case.subject_id).await?;
    let change = match (&posting.debit, &posting.credit) {
        (Account::Suspense, _) => posting.amount,
        (_, Account::Suspense) => posting.amount.negated(),
        _ => Cents::ZERO,
    };
    if before.checked_add(change) != Some(Cents::ZERO) {
        return Err(Refusal::LeavesSuspense.into());
    }
    Ok(())
}

/// The canonical text of a posting.
fn content(posting: &Remedy) -> String {
    format!("debit {}\ncredit {}\ncents {}\n", posting.debit, posting.credit, posting.amount.0)
}

/// The posting of a proposal.
fn proposed_posting(proposal: &Proposal) -> Option<Remedy> {
    let mut lines = proposal.content.lines();
    let debit = Account::parse(lines.next()?.strip_prefix("debit ")?)?;
    let credit = Account::parse(lines.next()?.strip_prefix("credit ")?)?;
    let amount = Cents(lines.next()?.strip_prefix("cents ")?.parse().ok()?);
    Some(Remedy { debit, credit, amount })
}

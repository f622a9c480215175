//! What two people decide about a line that waits: it belongs to a pledge or to a match fund, it goes back to its sender, or it is
//! written off.

use crate::features::approvals::{self, Asked, Decider, Proposal};
use crate::features::bank::place::{Source, get, give, settled, step};
use crate::features::bank::{BankLine, Decision, LineState, Refusal, store};
use crate::features::cases;
use crate::features::ledger::{self, Account, Kind, Posting};
use crate::features::match_funds::{self, FundState};
use crate::features::payments::{self, PaymentState, TRANSFER};
use crate::features::pledges::{self, PledgeState};
use crate::features::transfers::{self, NewTransfer, Purpose};
use crate::infra::bank::Direction;
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::values::{Cents, Timestamp};

/// How long a receiver's name and the text for a receiver may be in a credit transfer, in characters.
const LONGEST_NAME: usize = 70;
const LONGEST_REMITTANCE: usize = 140;

/// Proposes what shall happen with a line. `whose` is a pledge's reference for [`Decision::Apply`], a fund's id for
/// [`Decision::Fund`].
///
/// # Errors
/// A [`Refusal`], or one of the approvals.
pub async fn propose(
    tx: &mut Tx,
    by: Decider<'_>,
    line_id: &str,
    (decision, whose): (Decision, &str),
    reason: &str,
    now: Timestamp,
) -> Result<Proposal> {
    store::lock(tx, line_id).await?;
    let line = get(tx, line_id).await?;
    let content = content(tx, &line, decision, whose.trim()).await?;
    let asked = Asked { kind: decision.kind(), subject_id: line_id, content: &content, reason };
    approvals::actions::propose(tx, by, asked, now).await
}

/// Another person approves what was proposed; it happens at once.
///
/// # Errors
/// A [`Refusal`], or one of the approvals.
pub async fn approve(
    tx: &mut Tx,
    by: Decider<'_>,
    line_id: &str,
    decision: Decision,
    hash: &str,
    now: Timestamp,
) -> Result<()> {
    // as everywhere, the pledge is locked before what belongs to it
    let open = approvals::actions::open_of(tx, decision.kind(), line_id, now).await?;
    let named = |prefix: &str| open.as_ref().map(|open| named_in(&open.content, prefix).to_owned()).unwrap_or_default();
    let (pledge, fund) = (named("pledge "), named("fund "));
    let pledge_id = pledges::actions::by_reference(tx, &pledge).await?.map(|pledge| pledge.id);
    if let Some(pledge_id) = &pledge_id {
        pledges::actions::lock(tx, pledge_id).await?;
    }
    store::lock(tx, line_id).await?;
    cases::actions::lock_about(tx, line_id).await?;
    let line = get(tx, line_id).await?;
    let content = content(tx, &line, decision, if decision == Decision::Fund { &fund } else { &pledge }).await?;
    let approved = approvals::actions::approve(tx, by, (decision.kind(), line_id), hash, &content, now).await?;
    match (decision, pledge_id) {
        (Decision::Apply, Some(pledge_id)) => give(tx, &line, &pledge_id, Source::Suspense, now).await,
        (Decision::Apply, None) => Err(Refusal::NoSuchPledge.into()),
        (Decision::Fund, _) => {
            let cause = (line.id.as_str(), approved.proposed_by.as_str());
            match_funds::actions::receive(tx, &fund, line.open, cause, now).await?;
            step(tx, &line, LineState::Matched, Cents::ZERO, None, now).await?;
            settled(tx, &line, now).await
        }
        (Decision::Return, _) => send_back(tx, &line, now).await,
        (Decision::WriteOff, _) => write_off(tx, &line, &approved, now).await,
    }
}

/// Plans the transfer back to the sender; the line ends when the bank's statement shows it.
async fn send_back(tx: &mut Tx, line: &BankLine, now: Timestamp) -> Result<()> {
    let cut = |text: &str, most: usize| text.chars().take(most).collect::<String>();
    let name = if line.name.is_empty() { "-".to_owned() } else { cut(&line.name, LONGEST_NAME) };
    let remittance = cut(&format!("Retour van uw betaling: {}", line.remittance), LONGEST_REMITTANCE);
    let new = NewTransfer {
        purpose: Purpose::Return,
        subject_id: &line.id,
        iban: &line.iban,
        name: &name,
        amount: line.open,
        remittance: remittance.trim(),
    };
    transfers::actions::plan(tx, &new, now).await?;
    cases::actions::wait(tx, &line.id, cases::BY_BANK).await?;
    step(tx, line, LineState::Returning, line.open, None, now).await
}

/// Books what came in as income of the foundation, and what left as its costs.
async fn write_off(tx: &mut Tx, line: &BankLine, approved: &Proposal, now: Timestamp) -> Result<()> {
    let (debit, credit) = match line.direction {
        Direction::In => (Account::Suspense, Account::PlatformFees),
        Direction::Out => (Account::PspFees, Account::Suspense),
    };
    let posting =
        Posting::new(Kind::Correction, format!("written_off:{}", line.id), now, &approved.proposed_by, &line.id)
            .moving(line.open, &debit, &credit, None);
    ledger::actions::post(tx, now, &posting).await?;
    step(tx, line, LineState::WrittenOff, Cents::ZERO, None, now).await?;
    settled(tx, line, now).await
}

/// All that would happen, the same text for the same effects.
async fn content(conn: &mut Conn, line: &BankLine, decision: Decision, whose: &str) -> Result<String> {
    if !matches!(line.state, LineState::Open | LineState::Partial) {
        return Err(Refusal::NothingOpen.into());
    }
    if ledger::actions::suspense_of(conn, &line.id).await? == Cents::ZERO {
        // a posting settled its case just now
        return Err(Refusal::NothingOpen.into());
    }
    let what = match decision {
        Decision::Apply => applied(conn, line, whose).await?,
        Decision::Fund | Decision::Return if line.direction == Direction::Out => {
            return Err(Refusal::OnlyIncoming.into());
        }
        Decision::Fund => for_fund(conn, whose).await?,
        Decision::Return if line.iban.is_empty() => return Err(Refusal::NoAccount.into()),
        Decision::Return => format!("to {} {}", line.iban, line.name),
        Decision::WriteOff => String::new(),
    };
    Ok(format!("{decision}\nline {}\ncents {}\n{what}", line.id, line.open.0))
}

async fn applied(conn: &mut Conn, line: &BankLine, reference: &str) -> Result<String> {
    if line.direction == Direction::Out {
        return Err(Refusal::OnlyIncoming.into());
    }
    let pledge = pledges::actions::by_reference(conn, &reference.to_uppercase()).await?;
    let pledge = pledge.ok_or(Refusal::NoSuchPledge)?;
    let payment = payments::actions::of_pledge(conn, &pledge.id).await?.ok_or(Refusal::NoSuchPledge)?;
    if payment.method != TRANSFER {
        return Err(Refusal::NotByTransfer.into());
    }
    let waits = matches!(pledge.state, PledgeState::Reserved | PledgeState::Expired);
    if payment.state == PaymentState::Succeeded || !waits {
        return Err(Refusal::AlreadyPaid.into());
    }
    let parts: i64 =
        store::parts_of(conn, &pledge.id).await?.iter().filter(|part| part.id != line.id).map(|part| part.open.0).sum();
    Ok(format!("pledge {} {} cents, {parts} here", pledge.reference, pledge.amount.0))
}

/// The fund takes money as long as it has not ended.
async fn for_fund(conn: &mut Conn, fund_id: &str) -> Result<String> {
    let fund = match_funds::actions::by_id(conn, fund_id).await?.filter(|fund| fund.state != FundState::Ended);
    let fund = fund.ok_or(Refusal::NoSuchFund)?;
    Ok(format!("fund {} {}", fund.id, fund.name_nl))
}

/// The first word after a prefix in a proposal: a pledge's reference, or the id of a fund.
fn named_in<'a>(content: &'a str, prefix: &str) -> &'a str {
    let line = content.lines().find_map(|line| line.strip_prefix(prefix));
    line.and_then(|line| line.split(' ').next()).unwrap_or_default()
}

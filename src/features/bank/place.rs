//! What a payment on the statement is: whose money, and where it stands in the books. Each line posts its effect on the account once,
//! under the key `bank:{line}`, or has the transfer of ours do it.

use crate::features::bank::import::ACTOR;
use crate::features::bank::{BankLine, LineState, store};
use crate::features::cases::{self, CaseKind, Found};
use crate::features::ledger::{self, Account, Kind, Posting};
use crate::features::payments::balance::{self, Arrived};
use crate::features::payments::{Payment, PaymentState, TRANSFER, incoming};
use crate::features::pledges::{Pledge, PledgeState};
use crate::features::transfers::Purpose;
use crate::features::{payments, pledges, transfers};
use crate::infra::bank::Direction;
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::history;
use crate::values::creditor_reference::pledges_in;
use crate::values::text::folded;
use crate::values::{Cents, Timestamp};

/// Where a line's money is taken from when it is given to a pledge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The line is new.
    Bank,
    /// It waited.
    Suspense,
}

/// Places a new line. Answers it as it then stands.
pub async fn place(tx: &mut Tx, line_id: &str, now: Timestamp) -> Result<BankLine> {
    let line = get(tx, line_id).await?;
    match (line.direction, line.is_reversal == 1, line.is_return == 1) {
        (Direction::In, false, false) => came_in(tx, &line, now).await?,
        (Direction::In, _, _) => came_back(tx, &line, now).await?,
        (Direction::Out, true, _) => taken_back(tx, &line, now).await?,
        (Direction::Out, false, _) => went_out(tx, &line, now).await?,
    }
    get(tx, line_id).await
}

/// The line with this id; it must be there.
pub async fn get(conn: &mut Conn, line_id: &str) -> Result<BankLine> {
    store::line(conn, line_id).await?.ok_or_else(|| Error::broken(format!("no bank line {line_id}")))
}

async fn came_in(tx: &mut Tx, line: &BankLine, now: Timestamp) -> Result<()> {
    if is_payout(tx, line, now).await? {
        return post(tx, line, Kind::BankReceived, (&Account::Bank, &Account::PspInTransit), now).await;
    }
    match meant_for(tx, line).await? {
        Some(pledge_id) => give(tx, line, &pledge_id, Source::Bank, now).await,
        None => set_aside(tx, line, CaseKind::BankUnknown, None, "no pledge explains it", now).await,
    }
}

/// Whether the payment provider paid out: the line names a payout that is on its way, or says who sent it; and the books expect at
/// least this much.
async fn is_payout(tx: &mut Tx, line: &BankLine, now: Timestamp) -> Result<bool> {
    if ledger::actions::balance(tx, &Account::PspInTransit).await? < line.amount {
        return Ok(false);
    }
    let texts = [&line.name, &line.remittance, &line.end_to_end_id, &line.bank_reference, &line.reference];
    let texts = texts.map(String::as_str);
    let says_who = texts.iter().any(|text| folded(text).contains("stripe") || text.contains("po_"));
    let arrived = balance::payout_arrived(tx, (&line.id, &texts), line.amount, says_who, now).await?;
    Ok(arrived == Arrived::Known || (says_who && arrived == Arrived::Unknown))
}

/// The pledge whose reference stands on the line, when it can be paid by transfer.
async fn meant_for(conn: &mut Conn, line: &BankLine) -> Result<Option<String>> {
    for text in [&line.reference, &line.remittance, &line.end_to_end_id] {
        for reference in pledges_in(text) {
            let Some(pledge) = pledges::actions::by_reference(conn, &reference).await? else { continue };
            let payment = payments::actions::of_pledge(conn, &pledge.id).await?;
            if payment.is_some_and(|payment| payment.method == TRANSFER) {
                return Ok(Some(pledge.id));
            }
        }
    }
    Ok(None)
}

/// Gives a line's money to a pledge, together with the parts that wait for it: held when it is all there, waiting when it is not, and
/// what is too much set aside.
pub async fn give(tx: &mut Tx, line: &BankLine, pledge_id: &str, source: Source, now: Timestamp) -> Result<()> {
    let pledge = pledges::actions::lock(tx, pledge_id).await?;
    let payment = payments::actions::of_pledge(tx, pledge_id).await?;
    let payment = payment.ok_or_else(|| Error::broken(format!("pledge {pledge_id} has no payment")))?;
    let waits = matches!(pledge.state, PledgeState::Reserved | PledgeState::Expired);
    if !waits || payment.state == PaymentState::Succeeded {
        let detail = format!("pledge {} was paid before", pledge.reference);
        return set_aside(tx, line, CaseKind::BankOver, Some(pledge_id), &detail, now).await;
    }
    let here = if source == Source::Bank { line.amount } else { line.open };
    let parts: Vec<BankLine> =
        store::parts_of(tx, pledge_id).await?.into_iter().filter(|part| part.id != line.id).collect();
    for part in &parts {
        cases::actions::lock_about(tx, &part.id).await?;
    }
    let before = Cents(parts.iter().map(|part| part.open.0).sum());
    let total = before.checked_add(here).ok_or_else(|| Error::broken("a sum of parts"))?;
    if total < pledge.amount {
        return part(tx, line, &pledge, (here, total), source, now).await;
    }
    whole(tx, line, (&pledge, &payment), (here, Cents(total.0 - pledge.amount.0)), &parts, source, now).await
}

/// Part of a pledge: it waits for the rest.
async fn part(
    tx: &mut Tx,
    line: &BankLine,
    pledge: &Pledge,
    (here, total): (Cents, Cents),
    source: Source,
    now: Timestamp,
) -> Result<()> {
    if source == Source::Bank {
        post(tx, line, Kind::BankReceived, (&Account::Bank, &Account::Suspense), now).await?;
    } else {
        settled(tx, line, now).await?;
    }
    step(tx, line, LineState::Partial, here, Some(&pledge.id), now).await?;
    let detail = format!("{} of {} cents of pledge {} ({})", total.0, pledge.amount.0, pledge.reference, pledge.state);
    open_case(tx, line, CaseKind::BankPartial, here, Some(&pledge.id), &detail, now).await
}

/// All of a pledge is there, with the rest of the line set aside.
async fn whole(
    tx: &mut Tx,
    line: &BankLine,
    (pledge, payment): (&Pledge, &Payment),
    (here, rest): (Cents, Cents),
    parts: &[BankLine],
    source: Source,
    now: Timestamp,
) -> Result<()> {
    let held = Account::PledgesHeld(pledge.project_id.clone());
    let used = Cents(here.0 - rest.0);
    let (kind, key, from) = match source {
        Source::Bank => (Kind::BankReceived, format!("bank:{}", line.id), Account::Bank),
        Source::Suspense => (Kind::Applied, format!("applied:{}:{}", line.id, pledge.id), Account::Suspense),
    };
    let mut posting =
        Posting::new(kind, key, line.paid_at(), ACTOR, &line.id).moving(used, &from, &held, Some(&pledge.id));
    if source == Source::Bank {
        posting = posting.moving(rest, &Account::Bank, &Account::Suspense, None);
    } else {
        settled(tx, line, now).await?;
    }
    let mut postings = vec![posting];
    for part in parts {
        let key = format!("applied:{}:{}", part.id, pledge.id);
        let applied = Posting::new(Kind::Applied, key, line.paid_at(), ACTOR, &part.id);
        postings.push(applied.moving(part.open, &Account::Suspense, &held, Some(&pledge.id)));
    }
    incoming::arrived(tx, payment, pledge, &postings, line.paid_at(), now).await?;
    for part in parts {
        step(tx, part, LineState::Matched, Cents::ZERO, Some(&pledge.id), now).await?;
        cases::actions::ended(tx, CaseKind::BankPartial, &part.id, ACTOR, "the rest arrived", now).await?;
    }
    if rest == Cents::ZERO {
        return step(tx, line, LineState::Matched, Cents::ZERO, Some(&pledge.id), now).await;
    }
    step(tx, line, LineState::Open, rest, Some(&pledge.id), now).await?;
    let detail = format!("{} cents more than pledge {}", rest.0, pledge.reference);
    open_case(tx, line, CaseKind::BankOver, rest, Some(&pledge.id), &detail, now).await
}

/// The cases that a line can have.
const KINDS: [CaseKind; 5] = [
    CaseKind::BankUnknown,
    CaseKind::BankPartial,
    CaseKind::BankOver,
    CaseKind::BankReversal,
    CaseKind::BankOutUnknown,
];

/// A line that is placed after all no longer needs its cases, nor does what could not be sent back before.
pub async fn settled(tx: &mut Tx, line: &BankLine, now: Timestamp) -> Result<()> {
    for kind in KINDS {
        cases::actions::ended(tx, kind, &line.id, ACTOR, "two people decided", now).await?;
    }
    for transfer in transfers::actions::of_subject(tx, &line.id).await? {
        let why = "its money was placed after all";
        cases::actions::ended(tx, CaseKind::TransferReturned, &transfer.id, ACTOR, why, now).await?;
    }
    Ok(())
}

/// All of a line waits for people. One that waited already keeps waiting.
async fn set_aside(
    tx: &mut Tx,
    line: &BankLine,
    kind: CaseKind,
    pledge_id: Option<&str>,
    detail: &str,
    now: Timestamp,
) -> Result<()> {
    if line.open != Cents::ZERO {
        return Ok(());
    }
    let (posting, accounts) = match line.direction {
        Direction::In => (Kind::BankReceived, (&Account::Bank, &Account::Suspense)),
        Direction::Out if line.is_reversal == 1 => (Kind::BankReversed, (&Account::Suspense, &Account::Bank)),
        Direction::Out => (Kind::BankPaid, (&Account::Suspense, &Account::Bank)),
    };
    post(tx, line, posting, accounts, now).await?;
    step(tx, line, LineState::Open, line.amount, pledge_id, now).await?;
    open_case(tx, line, kind, line.amount, pledge_id, detail, now).await
}

/// Money of ours came back: a transfer that could not arrive, or a debit that the bank took back.
async fn came_back(tx: &mut Tx, line: &BankLine, now: Timestamp) -> Result<()> {
    let reason = if line.is_return == 1 { "the receiver's bank sent it back" } else { "the bank took it back" };
    if transfers::actions::returned(tx, &line.end_to_end_id, line.amount, &line.id, reason, now).await? {
        return reopen_returned(tx, &line.end_to_end_id, now).await;
    }
    set_aside(tx, line, CaseKind::BankReversal, None, "money came back that no transfer explains", now).await
}

/// The return of a line to its sender failed: the line waits again.
async fn reopen_returned(tx: &mut Tx, end_to_end_id: &str, now: Timestamp) -> Result<()> {
    let transfer = transfers::actions::by_end_to_end_id(tx, end_to_end_id).await?;
    if let Some(transfer) = transfer.filter(|transfer| transfer.purpose == Purpose::Return) {
        let returned = get(tx, &transfer.subject_id).await?;
        step(tx, &returned, LineState::Open, transfer.amount, None, now).await?;
        cases::actions::wait(tx, &returned.id, "").await?;
        let mut kind = CaseKind::BankUnknown;
        for known in KINDS {
            if cases::actions::about(tx, known, &returned.id).await?.is_some() {
                kind = known;
            }
        }
        open_case(tx, &returned, kind, transfer.amount, None, "its return to the sender came back", now).await?;
    }
    Ok(())
}

async fn went_out(tx: &mut Tx, line: &BankLine, now: Timestamp) -> Result<()> {
    if transfers::actions::confirm(tx, &line.end_to_end_id, line.amount, &line.id, now).await? {
        let transfer = transfers::actions::by_end_to_end_id(tx, &line.end_to_end_id).await?;
        if let Some(transfer) = transfer.filter(|transfer| transfer.purpose == Purpose::Return) {
            let returned = get(tx, &transfer.subject_id).await?;
            step(tx, &returned, LineState::Returned, Cents::ZERO, None, now).await?;
            settled(tx, &returned, now).await?;
        }
        return Ok(());
    }
    set_aside(tx, line, CaseKind::BankOutUnknown, None, "money left that we did not send", now).await
}

/// The bank took back what it had paid in: a line that waits is undone; a held pledge ends; anything else waits for people.
async fn taken_back(tx: &mut Tx, line: &BankLine, now: Timestamp) -> Result<()> {
    let same = store::reversible(tx, line.amount, &line.end_to_end_id, &line.bank_reference).await?;
    for original in same {
        if original.open == original.amount {
            post(tx, line, Kind::BankReversed, (&Account::Suspense, &Account::Bank), now).await?;
            return undone(tx, &original, now).await;
        }
        let Some(pledge_id) = original.pledge_id.clone().filter(|_| original.open == Cents::ZERO) else { continue };
        let pledge = pledges::actions::lock(tx, &pledge_id).await?;
        if pledge.state == PledgeState::Held && pledge.amount == original.amount {
            incoming::taken_back(tx, &pledge, &line.id, now).await?;
            step(tx, &original, LineState::Reversed, Cents::ZERO, None, now).await?;
            step(tx, line, LineState::Matched, Cents::ZERO, Some(&pledge_id), now).await?;
            let detail = format!("the bank took back the payment of pledge {}", pledge.reference);
            return open_case(tx, line, CaseKind::BankReversal, line.amount, Some(&pledge_id), &detail, now).await;
        }
    }
    set_aside(tx, line, CaseKind::BankReversal, None, "the bank took back money that has gone on", now).await
}

/// A line that waited was taken back before anybody used it.
async fn undone(tx: &mut Tx, original: &BankLine, now: Timestamp) -> Result<()> {
    step(tx, original, LineState::Reversed, Cents::ZERO, None, now).await?;
    for kind in [CaseKind::BankUnknown, CaseKind::BankOver, CaseKind::BankPartial] {
        cases::actions::ended(tx, kind, &original.id, ACTOR, "the bank took the payment back", now).await?;
    }
    Ok(())
}

/// The line's effect on the account.
async fn post(
    tx: &mut Tx,
    line: &BankLine,
    kind: Kind,
    (debit, credit): (&Account, &Account),
    now: Timestamp,
) -> Result<()> {
    let posting = Posting::new(kind, format!("bank:{}", line.id), line.paid_at(), ACTOR, &line.id);
    ledger::actions::post(tx, now, &posting.moving(line.amount, debit, credit, None)).await?;
    Ok(())
}

/// A change of a line's state, with its history.
pub async fn step(
    tx: &mut Tx,
    line: &BankLine,
    to: LineState,
    open: Cents,
    pledge_id: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    if !store::set(tx, &line.id, line.state, to, open, pledge_id).await? {
        return Err(Error::broken(format!("bank line {} is no longer {}", line.id, line.state)));
    }
    if line.state == to {
        return Ok(());
    }
    let entry = history::Entry {
        subject: "bank_line",
        subject_id: &line.id,
        from: line.state.as_str(),
        to: to.as_str(),
        actor: ACTOR,
        reason: "",
    };
    Ok(history::record(tx, now, entry).await?)
}

async fn open_case(
    tx: &mut Tx,
    line: &BankLine,
    kind: CaseKind,
    amount: Cents,
    pledge_id: Option<&str>,
    detail: &str,
    now: Timestamp,
) -> Result<()> {
    let found = Found { kind, subject_id: &line.id, amount, detail, pledge_id, remedy: None };
    // a line that was decided about and waits again has the same case
    cases::actions::see(tx, &found, now).await?;
    Ok(())
}

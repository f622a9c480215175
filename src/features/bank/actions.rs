//! What can be done with statements and their lines.

use crate::features::approvals::{self, Decider, Proposal};
use crate::features::bank::place::step;
use crate::features::bank::{BankLine, Decision, LineState, Statement, Suggestion, store};
use crate::features::ledger;
use crate::features::payments::incoming::{self, Awaited};
use crate::features::payments::{self, RefundState, refunds};
use crate::features::pledges;
use crate::features::transfers::{self, NewTransfer, Purpose};
use crate::infra::Services;
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::values::text::folded;
use crate::values::{Cents, Iban, Timestamp};

pub use crate::features::bank::decide::{approve, propose};
pub use crate::features::bank::import::{closing, run as import};
pub use crate::features::bank::place::get;

/// Pledges that are looked at for a suggestion, and suggestions that are shown.
const MOST_AWAITED: i64 = 5_000;
const MOST_SUGGESTIONS: usize = 5;
/// How many characters of a reference may be wrong for it to be suggested.
const MOST_TYPOS: usize = 2;
/// The longest name of a receiver, in characters.
const LONGEST_NAME: usize = 70;

/// The job of [`cases::POSTED`]: a posting settled the case of a line, so nothing of the line waits any more.
pub async fn posted(s: &Services, line_id: &str) -> Result<()> {
    let mut tx = s.db.begin().await?;
    store::lock(&mut tx, line_id).await?;
    let Some(line) = store::line(&mut tx, line_id).await? else { return Ok(()) };
    let waits = matches!(line.state, LineState::Open | LineState::Partial);
    if waits && ledger::actions::suspense_of(&mut tx, line_id).await? == Cents::ZERO {
        let now = s.clock.now();
        step(&mut tx, &line, LineState::Posted, Cents::ZERO, None, now).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The job that sends a refund by bank: plans the transfer to the account the money came from. Answers when to look again.
pub async fn refund(s: &Services, refund_id: &str) -> Result<Option<Timestamp>> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let pledge_id = refunds::get(&mut tx, refund_id).await?.pledge_id;
    let pledge = pledges::actions::lock(&mut tx, &pledge_id).await?;
    let refund = refunds::get(&mut tx, refund_id).await?;
    if refund.state != RefundState::Due {
        return Ok(None);
    }
    if refund.due_at > now {
        // its round is paused
        return Ok(Some(now.plus_seconds(3_600).min(refund.due_at)));
    }
    // of the pledge for which it came in: it may have been moved to this one
    let paid_for = payments::actions::get(&mut tx, &refund.payment_id).await?.pledge_id;
    let lines = store::of_pledge(&mut tx, &paid_for).await?;
    let sender = lines.iter().find(|line| line.state != LineState::Reversed && Iban::parse(&line.iban).is_some());
    let Some(sender) = sender else {
        refunds::without_account(&mut tx, refund_id, &pledge, now).await?;
        tx.commit().await?;
        return Ok(None);
    };
    let name = [&sender.name, &pledge.name, &pledge.company_name].into_iter().find(|name| !name.is_empty());
    let name: String = name.map_or("-", String::as_str).chars().take(LONGEST_NAME).collect();
    let new = NewTransfer {
        purpose: Purpose::Refund,
        subject_id: refund_id,
        iban: &sender.iban,
        name: &name,
        amount: refund.amount,
        remittance: &format!("Drempel {}", pledge.reference),
    };
    transfers::actions::plan(&mut tx, &new, now).await?;
    incoming::refund_planned(&mut tx, refund_id, now).await?;
    tx.commit().await?;
    Ok(None)
}

/// The open proposal about a line, with what it is to do.
pub async fn proposed(conn: &mut Conn, line_id: &str, now: Timestamp) -> Result<Option<(Decision, Proposal)>> {
    for decision in Decision::ALL {
        if let Some(open) = approvals::actions::open_of(conn, decision.kind(), line_id, now).await? {
            return Ok(Some((*decision, open)));
        }
    }
    Ok(None)
}

/// Takes a proposal about a line back.
///
/// # Errors
/// A refusal of the approvals.
pub async fn withdraw(
    tx: &mut Tx,
    by: Decider<'_>,
    line_id: &str,
    decision: Decision,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    approvals::actions::withdraw(tx, by, (decision.kind(), line_id), reason, now).await
}

/// Pledges that a line may be meant for, by amount, reference and name; the best first.
pub async fn suggestions(conn: &mut Conn, line: &BankLine) -> Result<Vec<Suggestion>> {
    let text = folded(&format!("{} {}", line.reference, line.remittance)).to_uppercase();
    let text: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    let awaited = incoming::awaited(conn, MOST_AWAITED).await?;
    let mut found: Vec<Suggestion> = awaited.iter().filter_map(|pledge| compare(line, &text, pledge)).collect();
    found.sort_by_key(|s| (s.typos.unwrap_or(MOST_TYPOS + 1), !s.same_amount, std::cmp::Reverse(s.same_words)));
    found.truncate(MOST_SUGGESTIONS);
    Ok(found)
}

/// What speaks for a pledge; nothing when nothing does.
fn compare(line: &BankLine, text: &str, pledge: &Awaited) -> Option<Suggestion> {
    let own: String = pledge.reference.chars().filter(|c| *c != '-').collect();
    let typos = nearest(text, &own);
    let same_amount = pledge.amount == line.open || pledge.amount == line.amount;
    let same_words = words(&line.name)
        .iter()
        .filter(|word| words(&format!("{} {} {}", pledge.name, pledge.company_name, pledge.email)).contains(word))
        .count();
    (typos.is_some() || same_amount || same_words > 0).then(|| Suggestion {
        reference: pledge.reference.clone(),
        amount: pledge.amount,
        name: if pledge.company_name.is_empty() { pledge.name.clone() } else { pledge.company_name.clone() },
        same_amount,
        typos,
        same_words,
    })
}

/// Words of at least three letters.
fn words(text: &str) -> Vec<String> {
    let folded = folded(text);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() >= 3);
    words.map(str::to_owned).collect()
}

/// The fewest wrong characters with which a reference stands somewhere in a text.
fn nearest(text: &str, reference: &str) -> Option<usize> {
    let (text, reference) = (text.as_bytes(), reference.as_bytes());
    let differing = |window: &[u8]| window.iter().zip(reference).filter(|(a, b)| a != b).count();
    text.windows(reference.len()).map(differing).min().filter(|count| *count <= MOST_TYPOS)
}

/// A statement by its id.
pub async fn statement(conn: &mut Conn, id: &str) -> Result<Option<Statement>> {
    Ok(store::statement(conn, id).await?)
}

/// The line with this id, if there is one.
pub async fn line(conn: &mut Conn, id: &str) -> Result<Option<BankLine>> {
    Ok(store::line(conn, id).await?)
}

/// The statements, the newest first.
pub async fn statements(conn: &mut Conn, limit: i64, offset: i64) -> Result<Vec<Statement>> {
    Ok(store::statements(conn, limit, offset).await?)
}

/// The lines that a statement brought, and how many there are.
pub async fn lines_of(conn: &mut Conn, statement_id: &str, limit: i64, offset: i64) -> Result<(Vec<BankLine>, i64)> {
    let lines = store::of_statement(conn, statement_id, limit, offset).await?;
    Ok((lines, store::count_of_statement(conn, statement_id).await?))
}

/// Lines that wait for people or for the rest of a pledge, the oldest first.
pub async fn waiting(conn: &mut Conn, limit: i64) -> Result<Vec<BankLine>> {
    Ok(store::waiting(conn, limit).await?)
}

/// The lines of a pledge.
pub async fn of_pledge(conn: &mut Conn, pledge_id: &str) -> Result<Vec<BankLine>> {
    Ok(store::of_pledge(conn, pledge_id).await?)
}

/// How many lines are in each state, and what of them stands in suspense.
pub async fn counts(conn: &mut Conn) -> Result<Vec<(LineState, i64, Cents)>> {
    Ok(store::counts(conn).await?)
}

/// The lines booked on a day.
pub async fn booked_on(conn: &mut Conn, day: &str) -> Result<Vec<BankLine>> {
    Ok(store::booked_on(conn, day).await?)
}

/// The ids of all lines.
pub async fn line_ids(conn: &mut Conn) -> Result<Vec<String>> {
    Ok(store::line_ids(conn).await?.into_iter().map(|(id,)| id).collect())
}

/// The imported statements of an account in the order of their days.
pub async fn in_order(conn: &mut Conn, iban: &str) -> Result<Vec<Statement>> {
    Ok(store::in_order(conn, iban).await?)
}

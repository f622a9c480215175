//! The provider's balance, line by line: a sweep reads its balance transactions, keeps a mirror of them, and finds for each the one
//! thing of ours that explains it. Fees come from here, and the moment at which money becomes available.
//!
//! | category | explained by | posted here |
//! | --- | --- | --- |
//! | `charge` | the payment | its fee, if it was not known yet |
//! | `refund`, `refund_failure` | the refund, also one made by hand, or of a payment that belonged to no pledge | nothing |
//! | `dispute`, `dispute_reversal` | the dispute | nothing |
//! | `payout`, `payout_reversal` | the payout | `payout`, `payout_failed` |
//! | `transfer`, `transfer_reversal` | the tranche in its metadata | nothing |
//! | `fee` | itself | `fee` |
//! | anything else | nobody: a case | `unexplained`, against suspense |
//!
//! What is explained and available moves from pending to available, many in one posting.

mod check;
mod matching;

pub use check::verify;

use std::collections::HashSet;

use sqlx::FromRow;

use crate::features::ledger::{self, Account, Kind, Posting};
use crate::features::payments::store;
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::{Services, facts, periodic};
use crate::values::{Cents, Timestamp};

/// The job that looks at a payout; its subject is the provider's id.
pub const PAYOUT: &str = "payments.payout";
/// The name of the fact that says until when the balance was read.
const CHECKPOINT: &str = "balance_sweep";
/// The fact that says up to when everything that was read has been looked at: a sweep that is killed between reading and explaining
/// has read more than it could explain.
const EXPLAINED: &str = "balance_explained";
/// How far before the last time a reading begins, in seconds: the provider may list a little late, and our clock may have been off.
const OVERLAP_SECONDS: i64 = 6 * 3_600;
/// How far back the first reading goes.
const FIRST_DAYS: i64 = 400;
/// How long after it was made a payout may reach the bank, in days.
const PAYOUT_DAYS: i64 = 60;
/// The shortest name by which a payout is known on a statement, in characters: a shorter one may stand there by chance.
const SHORTEST_NAME: usize = 6;
/// Rows explained, or moved to available, in one transaction.
const BATCH: i64 = 200;

/// A line of the provider's balance as a reconciliation reads it.
#[derive(Debug, Clone, FromRow)]
pub struct MirrorLine {
    pub id: String,
    pub category: String,
    #[sqlx(rename = "net_cents")]
    pub net: Cents,
    /// What explains it; empty until something does.
    pub matched_kind: String,
    /// Keys of the postings for it and for its fee; empty where there is none.
    pub posting_key: String,
    pub fee_key: String,
}

/// The lines of the provider's balance in euros from one moment until before another.
pub async fn lines_between(conn: &mut Conn, from: Timestamp, until: Timestamp) -> Result<Vec<MirrorLine>> {
    Ok(store::lines_between(conn, from, until).await?)
}

/// The keys of all postings that a line of the provider's balance names.
pub async fn named_keys(conn: &mut Conn) -> Result<HashSet<String>> {
    let rows = store::keys(conn).await?;
    Ok(rows.into_iter().flat_map(|(posting, fee)| [posting, fee]).filter(|key| !key.is_empty()).collect())
}

/// What the provider's balance holds of lines for which no posting of their own stands in the books.
pub async fn unposted(conn: &mut Conn) -> Result<Cents> {
    Ok(store::unposted(conn).await?)
}

/// The sweep: reads what is new, explains it, moves what has become available. Answers how many lines became available.
///
/// # Errors
/// The provider or the database does not answer. What was kept stays; the next sweep goes on from there.
pub async fn sweep(s: &Services) -> Result<i64> {
    let begun = s.clock.now();
    read(s).await?;
    explain(s).await?;
    let mut tx = s.db.begin_together().await?;
    facts::set(&mut tx, EXPLAINED, &begun.to_string()).await?;
    tx.commit_quietly().await?;
    let mut settled = 0;
    loop {
        let rows = settle(s).await?;
        settled += rows;
        if rows < BATCH {
            return Ok(settled);
        }
    }
}

/// Reads a payout at the provider after news of it; its postings come with its line of the balance.
///
/// # Errors
/// The provider or the database does not answer.
pub async fn check_payout(s: &Services, payout_id: &str) -> Result<()> {
    let payout = s.stripe.payout(payout_id).await?;
    let mut tx = s.db.begin().await?;
    store::keep_payout(&mut tx, &payout, matching::payout_state(&payout.status)).await?;
    if let Some(task) = periodic::find(periodic::BALANCE) {
        periodic::ask(&mut tx, task, s.clock.now()).await?;
    }
    Ok(tx.commit().await?)
}

/// What a line of the bank's statement is to the payouts of the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrived {
    /// It is the payout that it names, or one of its amount.
    Known,
    /// It names a payout of another amount, or one that arrived before or failed.
    Another,
    /// No payout is known that it could be.
    Unknown,
}

/// Finds the payout that arrived with a line of the bank, and notes that: by its name on the line (the provider's id, or what the bank
/// calls it); by its amount, the oldest first, when it says only that it is from the provider.
pub async fn payout_arrived(
    tx: &mut Tx,
    (line_id, texts): (&str, &[&str]),
    amount: Cents,
    says_who: bool,
    now: Timestamp,
) -> Result<Arrived> {
    let payouts = store::payouts_since(tx, now.plus_days(-PAYOUT_DAYS)).await?;
    let plain = |text: &str| text.split_whitespace().collect::<String>().to_uppercase();
    let texts: Vec<String> = texts.iter().map(|text| plain(text)).collect();
    let stands = |name: &str| name.len() >= SHORTEST_NAME && texts.iter().any(|text| text.contains(&plain(name)));
    let named = payouts.iter().find(|(id, trace_id, ..)| stands(id) || stands(trace_id));
    let by_amount = || payouts.iter().find(|(.., other, is_open)| says_who && *other == amount && *is_open == 1);
    let Some((id, _, expected, is_open)) = named.or_else(by_amount) else { return Ok(Arrived::Unknown) };
    if *expected != amount || *is_open != 1 || !store::payout_arrived(tx, id, line_id).await? {
        return Ok(Arrived::Another);
    }
    Ok(Arrived::Known)
}

/// Reads page by page what the provider has since the last time. The checkpoint moves when the last page is kept.
async fn read(s: &Services) -> Result<()> {
    let begun = s.clock.now();
    let last = facts::get(&mut *s.db.read().await?, CHECKPOINT).await?.unwrap_or_default();
    let from = match last.parse::<Timestamp>() {
        Ok(last) => last.plus_seconds(-OVERLAP_SECONDS),
        Err(_) => begun.plus_days(-FIRST_DAYS),
    };
    let mut after: Option<String> = None;
    loop {
        let (rows, has_more) = s.stripe.balance_page(from, after.as_deref()).await?;
        let mut tx = s.db.begin().await?;
        for row in &rows {
            store::mirror(&mut tx, row).await?;
        }
        after = rows.last().map(|row| row.id.clone());
        if !has_more || after.is_none() {
            facts::set(&mut tx, CHECKPOINT, &begun.to_string()).await?;
            return Ok(tx.commit_quietly().await?);
        }
        tx.commit_quietly().await?;
    }
}

/// Looks once at everything that nothing explains yet.
async fn explain(s: &Services) -> Result<()> {
    let mut beyond = (String::new(), String::new());
    loop {
        let rows = store::unexplained(&mut *s.db.read().await?, &beyond, BATCH).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        beyond = (last.created_at.to_string(), last.id.clone());
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            if let Some(explanation) = matching::explanation(s, &row).await? {
                found.push((row, explanation));
            }
        }
        let now = s.clock.now();
        let mut tx = s.db.begin().await?;
        store::lock_sweep(&mut tx).await?;
        for (row, explanation) in found {
            matching::record(&mut tx, &row, explanation, now).await?;
        }
        tx.commit().await?;
    }
}

/// Moves a batch of what has become available, in one posting. Answers how many rows it was.
async fn settle(s: &Services) -> Result<i64> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    store::lock_sweep(&mut tx).await?;
    let rows = store::to_settle(&mut tx, now, BATCH).await?;
    let Some((first, _, _)) = rows.first() else { return Ok(0) };
    let key = format!("settled:{first}");
    let mut sum = Cents::ZERO;
    for (id, is_pending, net) in &rows {
        if *is_pending == 1 {
            sum = sum.checked_add(*net).ok_or_else(|| Error::broken("a sum of the balance does not fit"))?;
        }
        if !store::set_available(&mut tx, id).await? {
            return Err(Error::broken(format!("{id} became available twice")));
        }
    }
    let (available, pending) = (Account::PspAvailable, Account::PspPending);
    let (debit, credit, amount) =
        if sum < Cents::ZERO { (pending, available, sum.negated()) } else { (available, pending, sum) };
    let posting = Posting::new(Kind::Settled, key, now, "balance", first).moving(amount, &debit, &credit, None);
    if !posting.is_empty() {
        ledger::actions::post(&mut tx, now, &posting).await?;
    }
    tx.commit().await?;
    Ok(i64::try_from(rows.len()).unwrap_or(i64::MAX))
}

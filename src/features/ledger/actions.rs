//! Posting, reading, sealing and checking the books.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::features::ledger::{Account, AtBank, AtProvider, Check, Kind, LIABILITIES, Posting, store};
use crate::infra::db::{Conn, Db, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::random;
use crate::values::{Cents, Timestamp};

/// Rows over which the cached balance of an account is spread, so that a busy one is not a single row.
const SLOTS: u64 = 8;
/// Links added in one transaction.
const SEAL_BATCH: i64 = 500;

/// Writes a posting. Answers `false` when its cause was posted before: then nothing is written.
///
/// # Errors
/// A sum that does not fit, or the database. An empty posting is `Broken`.
pub async fn post(tx: &mut Tx, now: Timestamp, posting: &Posting) -> Result<bool> {
    if store::is_posted(tx, &posting.idem_key).await? {
        return Ok(false);
    }
    post_new(tx, now, std::slice::from_ref(posting)).await.map(|()| true)
}

/// Writes postings whose causes were never posted.
///
/// # Errors
/// As [`post`]; a cause that was posted breaks a unique rule of the database.
pub async fn post_new(tx: &mut Tx, now: Timestamp, postings: &[Posting]) -> Result<()> {
    if let Some(empty) = postings.iter().find(|posting| posting.is_empty()) {
        return Err(Error::broken(format!("an empty posting {}", empty.idem_key)));
    }
    let rows: Vec<(String, &Posting)> = postings.iter().map(|posting| (random::id("ltx", now), posting)).collect();
    store::insert(tx, &rows, now).await?;
    let mut sums: BTreeMap<&str, Cents> = BTreeMap::new();
    for line in postings.iter().flat_map(|posting| &posting.lines) {
        let sum = sums.entry(&line.account).or_default();
        *sum = sum.checked_add(line.amount).ok_or_else(|| Error::broken("a sum in the ledger does not fit"))?;
    }
    // one order for all, the busiest account first: two transactions that share a slot wait for each other at its first row and
    // never crosswise; all postings of a transaction use the same slot
    let mut sums: Vec<(&str, Cents)> = sums.into_iter().collect();
    sums.sort_by_key(|(account, _)| !account.starts_with("psp_"));
    let slot = i64::try_from(tx.number() % SLOTS).unwrap_or_default();
    Ok(store::add_to_balances(tx, slot, &sums).await?)
}

/// Whether this cause was posted.
pub async fn is_posted(conn: &mut Conn, idem_key: &str) -> Result<bool> {
    Ok(store::is_posted(conn, idem_key).await?)
}

/// Every posting that moved money at the provider, for holding it against the provider's own list.
pub async fn at_provider(conn: &mut Conn) -> Result<Vec<AtProvider>> {
    Ok(store::at_provider(conn).await?)
}

/// The balance of an account: debits positive.
pub async fn balance(conn: &mut Conn, account: &Account) -> Result<Cents> {
    Ok(store::balance(conn, &account.to_string()).await?)
}

/// What is held for each project, as positive amounts.
pub async fn held_by_project(conn: &mut Conn) -> Result<BTreeMap<String, Cents>> {
    let rows = store::balances(conn, "pledges_held:").await?;
    Ok(rows
        .into_iter()
        .filter_map(|(account, sum)| Some((account.strip_prefix("pledges_held:")?.to_owned(), sum.negated())))
        .collect())
}

/// What became of the money of a project after its round was decided, in positive amounts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Went {
    /// To those who carry it out, because it started.
    pub for_start: Cents,
    /// To them, because results were verified.
    pub for_results: Cents,
    /// Waiting for results.
    pub waiting: Cents,
    /// Set apart to go back to backers.
    pub returned: Cents,
}

/// What became of the money of each project, by its id.
pub async fn went_by_project(conn: &mut Conn) -> Result<BTreeMap<String, Went>> {
    let mut found: BTreeMap<String, Went> = BTreeMap::new();
    for prefix in ["owner_payable:", "result_money:", "refunds_due:"] {
        for (account, kind, sum) in store::by_kind(conn, prefix).await? {
            let project = account.split(':').nth(1).unwrap_or_default();
            let went = found.entry(project.to_owned()).or_default();
            match (prefix, kind.as_str()) {
                ("result_money:", _) => went.waiting.0 -= sum.0,
                ("refunds_due:", "refund_due") => went.returned.0 -= sum.0,
                ("owner_payable:", "result_released") => went.for_results.0 -= sum.0,
                // a stopped project gives back what was not paid out yet
                ("owner_payable:", "released" | "match_released" | "refund_due" | "match_returned") => {
                    went.for_start.0 -= sum.0;
                }
                _ => {}
            }
        }
    }
    Ok(found)
}

/// What funds have added to the pledges of a project and still stands there.
pub async fn matched_of(conn: &mut Conn, project_id: &str) -> Result<Cents> {
    Ok(store::balances(conn, &format!("matched:{project_id}:")).await?.into_iter().map(|(_, sum)| sum.negated()).sum())
}

/// The same for each project.
pub async fn matched_by_project(conn: &mut Conn) -> Result<BTreeMap<String, Cents>> {
    let mut found: BTreeMap<String, Cents> = BTreeMap::new();
    for (account, sum) in store::balances(conn, "matched:").await? {
        if let Some(Account::Matched(project, _)) = Account::parse(&account) {
            found.entry(project).or_default().0 -= sum.0;
        }
    }
    Ok(found)
}

/// What moved the money of each fund: account, kind of posting, sum (debits positive).
pub async fn of_funds(conn: &mut Conn) -> Result<Vec<(String, String, Cents)>> {
    Ok(store::by_kind(conn, "match_held:").await?)
}

/// All that was ever owed on an account of an organisation, as a positive amount: what left as a tranche, or came back, does not
/// change it.
pub async fn ever_owed(conn: &mut Conn, account: &Account) -> Result<Cents> {
    Ok(store::without_tranches(conn, &account.to_string()).await?.negated())
}

/// All result money that ever came to a project, as a positive amount: what was released for results, went back or went on does not
/// lessen it.
pub async fn ever_result_money(conn: &mut Conn, project_id: &str) -> Result<Cents> {
    let account = Account::ResultMoney(project_id.to_owned());
    Ok(store::as_it_came(conn, &account.to_string()).await?.negated())
}

/// The projects that have result money.
pub async fn with_result_money(conn: &mut Conn) -> Result<BTreeSet<String>> {
    let accounts = store::balances(conn, "result_money:").await?;
    let of = |(account, sum): &(String, Cents)| {
        account.strip_prefix("result_money:").filter(|_| sum.0 != 0).map(str::to_owned)
    };
    Ok(accounts.iter().filter_map(of).collect())
}

/// What postings of result money that was released moved: the decision that caused it, the project, and the amount.
pub async fn results_released(conn: &mut Conn) -> Result<Vec<(String, String, Cents)>> {
    let rows = store::by_cause(conn, "result_money:", "result_released").await?;
    let project = |account: &str| account.strip_prefix("result_money:").unwrap_or(account).to_owned();
    Ok(rows.into_iter().map(|(cause, account, sum)| (cause, project(&account), sum)).collect())
}

/// What was moved to pledges for other projects by each decision that caused it.
pub async fn moved_by_cause(conn: &mut Conn) -> Result<BTreeMap<String, Cents>> {
    let rows = store::by_cause(conn, "result_money:", Kind::Moved.as_str()).await?;
    Ok(rows.into_iter().map(|(cause, _, sum)| (cause, sum)).collect())
}

/// Project and organisation of every account that owes an organisation something, or did.
pub async fn owners_owed(conn: &mut Conn) -> Result<Vec<(String, String)>> {
    let mut found: Vec<(String, String)> = Vec::new();
    for (account, _) in store::balances(conn, "owner_payable:").await? {
        let pieces = account.strip_prefix("owner_payable:").and_then(|rest| rest.split_once(':'));
        found.extend(pieces.map(|(project, organisation)| (project.to_owned(), organisation.to_owned())));
    }
    found.sort();
    Ok(found)
}

/// The sums per account of one pledge.
pub async fn of_pledge(conn: &mut Conn, pledge_id: &str) -> Result<Vec<(String, Cents)>> {
    Ok(store::of_pledge(conn, pledge_id).await?)
}

/// A line of a project's public books: day (Amsterdam's), kind of posting, account, sum.
pub type DayLine = (String, String, String, Cents);

/// The public books of a project: its accounts per day, what the provider took for its payments, and what the platform took of its
/// payouts. No names, no pledges.
pub async fn books(conn: &mut Conn, project_id: &str, organisation_id: &str) -> Result<Vec<DayLine>> {
    let project = project_id.to_owned();
    let accounts = [
        Account::PledgesHeld(project.clone()),
        Account::ResultMoney(project.clone()),
        Account::RefundsDue(project.clone()),
        Account::OwnerPayable(project, organisation_id.to_owned()),
    ];
    let mut lines = store::hours(conn, accounts.map(|account| account.to_string())).await?;
    for (matched, _) in store::balances(conn, &format!("matched:{project_id}:")).await? {
        lines.extend(store::hours_of(conn, &matched).await?);
    }
    // hours of UTC lie whole in one day of Amsterdam
    let day = |hour: String| format!("{hour}:00:00.000Z").parse().map_or(hour, |at: Timestamp| at.day());
    Ok(lines.into_iter().map(|(hour, kind, account, sum)| (day(hour), kind, account, sum)).collect())
}

/// All postings that moved the bank account.
pub async fn at_bank(conn: &mut Conn) -> Result<Vec<AtBank>> {
    Ok(store::at_bank(conn).await?)
}

/// The sum of the entries of each account.
pub async fn folded(conn: &mut Conn) -> Result<BTreeMap<String, Cents>> {
    Ok(store::folded(conn).await?.into_iter().collect())
}

/// The balance kept of each account.
pub async fn balances(conn: &mut Conn) -> Result<BTreeMap<String, Cents>> {
    Ok(store::balances(conn, "").await?.into_iter().collect())
}

/// Whether an account stands in the books: one of the platform's own always, one of somebody's own when something was booked on it.
pub async fn is_known(conn: &mut Conn, account: &Account) -> Result<bool> {
    Ok(!account.is_of_somebody() || store::is_known(conn, &account.to_string()).await?)
}

/// What stands in suspense for each cause that put it there; debits positive, nothing that is zero.
pub async fn suspense_by_cause(conn: &mut Conn) -> Result<BTreeMap<String, Cents>> {
    Ok(store::suspense_by_cause(conn).await?.into_iter().collect())
}

/// What stands in suspense for one cause; debits positive.
pub async fn suspense_of(conn: &mut Conn, cause_id: &str) -> Result<Cents> {
    Ok(store::suspense_of(conn, cause_id).await?)
}

/// Adds the waiting transactions to the hash chain, in the order of their ids. Answers how many.
pub async fn seal(db: &Db) -> Result<usize> {
    let mut sealed = 0;
    while store::has_unsealed(&mut *db.read().await?).await? {
        let mut tx = db.begin().await?;
        store::lock_chain(&mut tx).await?;
        let (mut seq, mut previous) = store::last_link(&mut tx).await?.unwrap_or((0, String::new()));
        let begun = seq;
        let mut links = Vec::new();
        let (heads, entries) = store::unsealed(&mut tx, SEAL_BATCH).await?;
        for head in heads {
            let lines = entries.get(&head.id).map(Vec::as_slice).unwrap_or_default();
            let hash = link_hash(&previous, &head, lines);
            seq += 1;
            links.push((seq, head.id, std::mem::replace(&mut previous, hash.clone()), hash));
        }
        sealed += links.len();
        store::link(&mut tx, begun, links).await?;
        tx.commit_quietly().await?;
    }
    Ok(sealed)
}

/// The hash of a link: over the one before and every column of the transaction and its lines.
fn link_hash(previous: &str, head: &store::Head, entries: &[store::Entry]) -> String {
    let mut text = format!(
        "{previous}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n",
        head.id, head.kind, head.idem_key, head.occurred_at, head.recorded_at, head.actor, head.cause_id
    );
    for entry in entries {
        let pledge = entry.pledge_id.as_deref().unwrap_or("-");
        text.push_str(&format!("{} {} {} {pledge}\n", entry.position, entry.account, entry.amount_cents.0));
    }
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// Keeps every other posting waiting for the rest of the transaction. Postings write the balances last, so none is half seen.
pub async fn lock_balances(tx: &mut Tx) -> Result<()> {
    Ok(store::lock_balances(tx).await?)
}

/// Drops the cached balances and folds them again from the entries.
pub async fn rebuild_balances(tx: &mut Tx) -> Result<()> {
    store::forget_balances(tx).await?;
    let folded = store::folded(tx).await?;
    let sums: Vec<(&str, Cents)> = folded.iter().map(|(account, sum)| (account.as_str(), *sum)).collect();
    Ok(store::add_to_balances(tx, 0, &sums).await?)
}

/// Checks the books themselves.
pub async fn verify(conn: &mut Conn) -> Result<Vec<Check>> {
    let (entries, sum) = store::count(conn).await?;
    let transactions = store::transactions(conn).await?;
    let unbalanced = store::unbalanced(conn).await?.into_iter().map(|(id,)| id).collect();
    let folded: BTreeMap<String, Cents> = store::folded(conn).await?.into_iter().collect();
    let cached: BTreeMap<String, Cents> = store::balances(conn, "").await?.into_iter().collect();
    let accounts = i64::try_from(folded.len()).unwrap_or(i64::MAX);
    let differing = folded
        .keys()
        .chain(cached.keys().filter(|account| !folded.contains_key(*account)))
        .filter(|account| folded.get(*account).unwrap_or(&Cents::ZERO) != cached.get(*account).unwrap_or(&Cents::ZERO))
        .cloned()
        .collect();
    let overdrawn = folded
        .iter()
        .filter(|(account, sum)| sum.0 > 0 && LIABILITIES.iter().any(|prefix| account.starts_with(prefix)))
        .map(|(account, _)| account.clone())
        .collect();
    let wrong_sum = if sum == Cents::ZERO { Vec::new() } else { vec![format!("sum {}", sum.0)] };
    Ok(vec![
        Check { name: "I1", what: "all entries sum to zero", checked: entries, offending: wrong_sum },
        Check {
            name: "I2",
            what: "each transaction has two lines or more and sums to zero",
            checked: transactions,
            offending: unbalanced,
        },
        Check { name: "I3", what: "cached balances equal the folded entries", checked: accounts, offending: differing },
        Check { name: "I4", what: "no liability is overdrawn", checked: accounts, offending: overdrawn },
        chain(conn).await?,
    ])
}

/// Follows the chain from its first link.
async fn chain(conn: &mut Conn) -> Result<Check> {
    let mut offending = Vec::new();
    let (mut seq, mut previous) = (0, String::new());
    loop {
        let links = store::links(conn, seq + 1, 1_000).await?;
        if links.is_empty() {
            break;
        }
        for (number, transaction_id, before, hash) in links {
            let expected = match store::head(conn, &transaction_id).await? {
                Some(head) => link_hash(&previous, &head, &store::entries(conn, &transaction_id).await?),
                None => String::new(),
            };
            if number != seq + 1 || before != previous || hash != expected {
                offending.push(transaction_id);
            }
            (seq, previous) = (number, hash);
        }
    }
    if store::transactions(conn).await? != seq && !store::has_unsealed(conn).await? {
        offending.push("the chain is shorter than the ledger".to_owned());
    }
    Ok(Check { name: "I19", what: "the hash chain is unbroken", checked: seq, offending })
}

/// A line of the books about one pledge: when outside, kind of posting, account, amount (debits positive).
pub type PledgeLine = (Timestamp, String, String, Cents);

/// The lines of one pledge in the order of the books.
pub async fn lines_of_pledge(conn: &mut Conn, pledge_id: &str) -> Result<Vec<PledgeLine>> {
    Ok(store::lines_of_pledge(conn, pledge_id).await?)
}

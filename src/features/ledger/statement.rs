//! The statement of an account over a period, and the trial balance of all accounts, as a bookkeeper wants them.
//!
//! A period goes by the moment of recording: the books only grow, so a period that is over never changes. The moment outside
//! (`occurred_at`) stands beside it.

use std::collections::{BTreeSet, HashMap};

use crate::features::ledger::store::statement as store;
use crate::infra::db::Conn;
use crate::infra::error::{Error, Result};
use crate::values::{Cents, Timestamp};

pub use store::Line;

/// From the first moment up to, not with, the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    pub from: Timestamp,
    pub before: Timestamp,
}

/// A line with what stands on the other side, and the balance after it.
#[derive(Debug, Clone)]
pub struct Entry {
    pub line: Line,
    pub counter_accounts: Vec<String>,
    pub balance: Cents,
}

impl Entry {
    pub fn debit(&self) -> Cents {
        Cents(self.line.amount.0.max(0))
    }

    pub fn credit(&self) -> Cents {
        Cents(self.line.amount.negated().0.max(0))
    }
}

/// Where reading an account has come; begin with [`Place::first`].
#[derive(Debug, Clone)]
pub struct Place {
    after: (String, String, i64),
    /// After the line before it.
    pub balance: Cents,
}

impl Place {
    /// Before the first line of the period, with the opening balance.
    pub async fn first(conn: &mut Conn, account: &str, period: Period) -> Result<Place> {
        let balance = store::balance_before(conn, account, period.from).await?;
        Ok(Place { after: (String::new(), String::new(), 0), balance })
    }
}

/// At most `limit` lines that follow a place, and the place after them: memory does not grow with the period.
pub async fn page(
    conn: &mut Conn,
    account: &str,
    period: Period,
    place: &Place,
    limit: i64,
) -> Result<(Vec<Entry>, Place)> {
    let (moment, transaction, position) = &place.after;
    let after = (moment.as_str(), transaction.as_str(), *position);
    let lines = store::lines(conn, account, period.from, period.before, after, limit).await?;
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return Ok((Vec::new(), place.clone())) };
    let mut others: HashMap<String, Vec<(Option<String>, String)>> = HashMap::new();
    for (transaction, pledge_id, other) in store::opposite(conn, account, first.recorded_at, last.recorded_at).await? {
        others.entry(transaction).or_default().push((pledge_id, other));
    }
    let after = (last.recorded_at.to_string(), last.transaction_id.clone(), last.position);
    let mut balance = place.balance;
    let mut entries = Vec::with_capacity(lines.len());
    for line in lines {
        balance = balance.checked_add(line.amount).ok_or_else(|| Error::broken("a balance does not fit"))?;
        let counter_accounts = opposite(&line, others.get(&line.transaction_id));
        entries.push(Entry { line, counter_accounts, balance });
    }
    Ok((entries, Place { after, balance }))
}

/// The accounts that stand opposite a line, by name. In a transaction about many pledges only what is of the same pledge, or of
/// none, stands opposite; where that is nothing, money passed from one pledge to another, and all the others do.
fn opposite(line: &Line, others: Option<&Vec<(Option<String>, String)>>) -> Vec<String> {
    let fits = |pledge: &Option<String>| pledge.is_none() || line.pledge_id.is_none() || *pledge == line.pledge_id;
    let all = || others.into_iter().flatten();
    let mut accounts: BTreeSet<&String> =
        all().filter(|(pledge, _)| fits(pledge)).map(|(_, account)| account).collect();
    if accounts.is_empty() {
        accounts.extend(all().map(|(_, account)| account));
    }
    accounts.into_iter().cloned().collect()
}

/// An account in the trial balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turnover {
    pub account: String,
    pub opening: Cents,
    pub debit: Cents,
    pub credit: Cents,
}

impl Turnover {
    pub fn closing(&self) -> Cents {
        Cents(self.opening.0 + self.debit.0 - self.credit.0)
    }
}

/// All accounts with anything in or before the period. Debits and credits have the same sum, and all balances sum to zero.
pub async fn trial_balance(conn: &mut Conn, period: Period) -> Result<Vec<Turnover>> {
    let rows = store::turnover(conn, period.from, period.before).await?;
    let turnover = |(account, opening, debit, credit)| Turnover { account, opening, debit, credit };
    Ok(rows.into_iter().map(turnover).collect())
}

//! The books against the mirror of the provider's balance.

use std::collections::{HashMap, HashSet};

use crate::features::ledger::{self, Account, Check, Kind};
use crate::features::payments::balance::EXPLAINED;
use crate::features::payments::store;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::facts;
use crate::values::{Cents, Timestamp};

/// How long the provider may take to list what it did, in days: fees of some methods come late.
const IN_FLIGHT_DAYS: i64 = 14;

/// Each line of the balance is explained by one posting, and the amounts agree to the cent.
pub async fn verify(conn: &mut Conn) -> Result<Vec<Check>> {
    let rows = store::explained(conn).await?;
    let checked = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let postings: HashMap<String, ledger::AtProvider> = ledger::actions::at_provider(conn)
        .await?
        .into_iter()
        .map(|posting| (posting.idem_key.clone(), posting))
        .collect();
    let sum = |key: &str| postings.get(key).map_or(0, |posting| posting.pending.0 + posting.available.0);
    let (mut shared, mut differing) = (Vec::new(), Vec::new());
    let mut named: HashSet<&str> = HashSet::new();
    let mut pending = 0;
    for (id, posting_key, fee_key, net, is_pending) in &rows {
        let is_there = postings.contains_key(posting_key.as_str());
        if !is_there || !named.insert(posting_key) {
            shared.push(id.clone());
        }
        if !fee_key.is_empty() {
            named.insert(fee_key);
        }
        if sum(posting_key) + if fee_key.is_empty() { 0 } else { sum(fee_key) } != net.0 {
            differing.push(id.clone());
        }
        pending += net.0 * is_pending;
    }
    let unnamed = |posting: &&ledger::AtProvider| {
        posting.kind != Kind::Settled.as_str() && !named.contains(posting.idem_key.as_str())
    };
    shared.extend(overdue(conn, postings.values().filter(unnamed)).await?);
    let in_flight: i64 = postings.values().filter(unnamed).map(|posting| posting.pending.0).sum();
    let booked = ledger::actions::balance(conn, &Account::PspPending).await?;
    if booked != Cents(pending + in_flight) {
        differing.push(format!("psp_pending is {} and not {}", booked.0, pending + in_flight));
    }
    Ok(vec![
        Check {
            name: "I12",
            what: "each line of the provider's balance is one posting, and the reverse",
            checked,
            offending: shared,
        },
        Check {
            name: "I13",
            what: "the provider's accounts equal its balance but for what is on its way",
            checked,
            offending: differing,
        },
    ])
}

/// Postings that the provider should have listed by now. A refund that failed before it left has two that cancel out.
async fn overdue(conn: &mut Conn, unnamed: impl Iterator<Item = &ledger::AtProvider>) -> Result<Vec<String>> {
    let last = facts::get(conn, EXPLAINED).await?.unwrap_or_default();
    // before the first reading nothing is known
    let Ok(last) = last.parse::<Timestamp>() else { return Ok(Vec::new()) };
    let mut by_cause: HashMap<&str, (i64, bool)> = HashMap::new();
    for posting in unnamed.filter(|posting| posting.actor != "import") {
        let cause = by_cause.entry(&posting.cause_id).or_default();
        cause.0 += posting.pending.0 + posting.available.0;
        cause.1 |= posting.recorded_at.plus_days(IN_FLIGHT_DAYS) < last;
    }
    Ok(by_cause
        .into_iter()
        .filter(|(_, (sum, is_old))| *sum != 0 && *is_old)
        .map(|(cause, _)| cause.to_owned())
        .collect())
}

//! What must hold at the end of a simulation, beyond the invariants that the program itself can check.

use std::collections::BTreeMap;

use drempel::features::settlement;
use drempel::infra::sandbox::simulated::Books;
use drempel::values::{Cents, Timestamp};

use crate::process::Process;
use crate::run::Backer;

async fn rows<T>(process: &Process, sql: &'static str) -> Vec<T>
where
    T: Send + Unpin + for<'r> sqlx::FromRow<'r, sqlx::any::AnyRow>,
{
    let mut conn = process.s.db.read().await.expect("a connection");
    sqlx::query_as(sql).fetch_all(&mut *conn).await.expect("rows")
}

/// When a job, refund or letter is due next, by the program's clock; the execution of a closing apart, which looks again every
/// few seconds for as long as a refund is on its way.
pub async fn next_due(process: &Process) -> (Option<Timestamp>, Option<Timestamp>) {
    let due: Vec<(String, String)> = rows(
        process,
        "SELECT kind, CASE WHEN lease_until > due_at THEN lease_until ELSE due_at END FROM jobs UNION ALL
         SELECT '', CASE WHEN lease_until > due_at THEN lease_until ELSE due_at END FROM refunds
             WHERE state IN ('due', 'requested', 'pending') UNION ALL
         SELECT '', CASE WHEN lease_until > due_at THEN lease_until ELSE due_at END FROM letters WHERE state = 'queued'",
    )
    .await;
    let first = |patient: bool| {
        let of_this_sort = due.iter().filter(|(kind, _)| (kind == settlement::EXECUTE) == patient);
        of_this_sort.map(|(_, at)| at).min().and_then(|at| at.parse().ok())
    };
    (first(false), first(true))
}

/// What still waits, for a message.
pub async fn left_over(process: &Process) -> Vec<(String, String, String)> {
    rows(
        process,
        "SELECT kind, due_at, last_error FROM jobs UNION ALL
         SELECT 'refund ' || state, due_at, last_error FROM refunds WHERE state IN ('due', 'requested', 'pending') UNION ALL
         SELECT 'letter ' || kind, due_at, last_error FROM letters WHERE state = 'queued'",
    )
    .await
}

/// No job came upon what must not happen, nor did the program's own hourly check.
pub async fn nothing_broke(process: &Process) -> Result<(), String> {
    let broken: Vec<(String, String, String)> = rows(
        process,
        "SELECT kind, subject, last_error FROM jobs
         WHERE last_error LIKE 'broken%' OR (last_error LIKE 'database%' AND last_error NOT LIKE '%closed pool%')",
    )
    .await;
    if !broken.is_empty() {
        return Err(format!("jobs broke: {broken:?}"));
    }
    let cases: Vec<(String, String)> =
        rows(process, "SELECT subject_id, detail FROM cases WHERE kind = 'invariant_broken'").await;
    if cases.is_empty() { Ok(()) } else { Err(format!("for a while there was broken: {cases:?}")) }
}

/// Nothing is half done, and everything that was acknowledged exists.
pub async fn at_rest(process: &Process, backers: &[Backer]) -> Result<(), String> {
    let rounds: Vec<(String,)> = rows(process, "SELECT state FROM rounds").await;
    if rounds.iter().any(|(state,)| state != "settled") {
        return Err(format!("the round is {rounds:?}: {:?}", left_over(process).await));
    }
    let waiting = left_over(process).await;
    if !waiting.is_empty() {
        return Err(format!("left over: {waiting:?}"));
    }
    let states: Vec<(String, String)> = rows(process, "SELECT reference, state FROM pledges").await;
    let states: BTreeMap<String, String> = states.into_iter().collect();
    for backer in backers.iter().filter(|backer| !backer.reference.is_empty()) {
        match states.get(&backer.reference).map(String::as_str) {
            None => return Err(format!("pledge {} was acknowledged and is gone", backer.reference)),
            Some(state @ ("reserved" | "processing" | "held")) => {
                return Err(format!("pledge {} is still {state}", backer.reference));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// The bank's books and ours agree to the cent, line by line: every charge and fee is posted once, every refund once, and nothing
/// else is (I12); and what our accounts say is at the bank is there (I13).
pub async fn books_agree(process: &Process, bank: &Books) -> Result<(), String> {
    let lines: Vec<(String, String, String, Cents)> = rows(
        process,
        "SELECT t.kind, t.cause_id, e.account, e.amount_cents FROM ledger_entries e
         JOIN ledger_transactions t ON t.id = e.transaction_id WHERE e.account LIKE 'psp_%' AND t.kind <> 'settled'",
    )
    .await;
    let refunds: Vec<(String, String)> =
        rows(process, "SELECT id, COALESCE(provider_id, '') FROM refunds WHERE provider_id IS NOT NULL").await;
    let refunds: BTreeMap<String, String> = refunds.into_iter().map(|(ours, theirs)| (theirs, ours)).collect();
    let mut ours: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    let mut at_the_bank = 0;
    for (kind, cause, account, Cents(amount)) in lines {
        if account != "psp_fees" {
            at_the_bank += amount;
            ours.entry(format!("{kind} {cause}")).or_default().push(amount);
        }
    }
    let mut theirs: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    for charge in &bank.charged {
        theirs.entry(format!("paid {}", charge.our_id)).or_default().push(charge.amount_cents);
        theirs.entry(format!("fee {}", charge.our_id)).or_default().push(-charge.fee_cents);
    }
    for refund in &bank.sent_back {
        if refund.our_id.is_empty() || refunds.get(&refund.id) != Some(&refund.our_id) {
            return Err(format!("the bank made a refund that we know nothing of: {refund:?}"));
        }
        theirs.entry(format!("refund_accepted {}", refund.our_id)).or_default().push(-refund.amount_cents);
        if refund.failed {
            theirs.entry(format!("refund_failed {}", refund.our_id)).or_default().push(refund.amount_cents);
        }
    }
    // a refund that failed before we heard of it was never posted as accepted, nor as returned
    for refund in bank.sent_back.iter().filter(|refund| refund.failed) {
        let (accepted, failed) =
            (format!("refund_accepted {}", refund.our_id), format!("refund_failed {}", refund.our_id));
        if !ours.contains_key(&accepted) && !ours.contains_key(&failed) {
            theirs.remove(&accepted);
            theirs.remove(&failed);
        }
    }
    for key in ours.keys().chain(theirs.keys()) {
        if ours.get(key) != theirs.get(key) {
            let (our, their) = (ours.get(key), theirs.get(key));
            return Err(format!("I12 broken: {key}: our books say {our:?}, the bank's {their:?}"));
        }
    }
    if at_the_bank != bank.balance_cents {
        return Err(format!("I13 broken: we say {at_the_bank} is at the bank, it says {}", bank.balance_cents));
    }
    Ok(())
}

/// Each letter left once. A process killed between handing a letter over and noting it sends that letter again, with the same id;
/// at most 32 are in doubt at each death.
pub async fn letters(process: &Process, taken: &BTreeMap<String, u64>, crashes: u64) -> Result<(), String> {
    let sent: Vec<(String, String)> = rows(process, "SELECT id, state FROM letters WHERE state <> 'skipped'").await;
    let mut again = 0;
    for (id, state) in &sent {
        match (state.as_str(), taken.get(id).copied().unwrap_or_default()) {
            ("sent", 1..) => again += taken[id] - 1,
            (state, times) => return Err(format!("letter {id} is {state} and left {times} times")),
        }
    }
    if again > crashes * 32 {
        return Err(format!("{again} letters left more than once, with {crashes} deaths of a process"));
    }
    Ok(())
}

/// The books and states as text, for the journal.
pub async fn dump(process: &Process) -> String {
    let transactions: Vec<(String, String)> =
        rows(process, "SELECT id, idem_key FROM ledger_transactions ORDER BY id").await;
    let pledges: Vec<(String, String)> = rows(process, "SELECT id, state FROM pledges ORDER BY id").await;
    format!("{transactions:?}{pledges:?}")
}

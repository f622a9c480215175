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

/// What came in for a project, and where it is.
#[derive(Debug, Default)]
struct Sum {
    /// From backers, by the bank's books, and from match funds.
    from_backers: i64,
    from_funds: i64,
    /// Back to backers by the bank's books, and back to funds.
    to_backers: i64,
    to_funds: i64,
    to_makers: i64,
    /// What could not arrive and waits for its backer's account.
    unclaimed: i64,
    /// By our books: held for pledges and matches, due back, and the project's own.
    held: i64,
    due: i64,
    own: i64,
}

impl Sum {
    fn is_whole(&self) -> bool {
        let gone = self.to_backers + self.to_funds + self.to_makers;
        self.from_backers + self.from_funds == gone + self.unclaimed + self.held + self.due + self.own
    }

    fn add(&mut self, other: &Sum) {
        self.from_backers += other.from_backers;
        self.from_funds += other.from_funds;
        self.to_backers += other.to_backers;
        self.to_funds += other.to_funds;
        self.to_makers += other.to_makers;
        self.unclaimed += other.unclaimed;
        self.held += other.held;
        self.due += other.due;
        self.own += other.own;
    }
}

/// For every project and in all: refunds, payouts and what is back in the funds, with what is still there under a name, are what came
/// in, to the cent. What came in and what went back is read from the bank, not from our books. And nothing stands where nothing
/// may be left: held money of a decided project, money due back, money of a project that failed, was taken back or stopped, money
/// of a fund that has ended, suspense.
pub async fn nothing_is_lost(process: &Process, bank: &Books) -> Result<(), String> {
    let mut sums: BTreeMap<String, Sum> = BTreeMap::new();
    let payments: Vec<(String, String)> =
        rows(process, "SELECT y.id, p.project_id FROM payments y JOIN pledges p ON p.id = y.pledge_id").await;
    let payments: BTreeMap<String, String> = payments.into_iter().collect();
    for charge in &bank.charged {
        let project = payments.get(&charge.our_id).ok_or_else(|| format!("a charge of nobody: {charge:?}"))?;
        sums.entry(project.clone()).or_default().from_backers += charge.amount_cents;
    }
    let refunds: Vec<(String, String, String, Cents)> =
        rows(process, "SELECT id, project_id, state, amount_cents FROM refunds").await;
    for (_, project, _, Cents(amount)) in refunds.iter().filter(|(_, _, state, _)| state == "unclaimed") {
        sums.entry(project.clone()).or_default().unclaimed += amount;
    }
    let refunds: BTreeMap<String, String> = refunds.into_iter().map(|(id, project, ..)| (id, project)).collect();
    for refund in bank.sent_back.iter().filter(|refund| !refund.failed) {
        let project = refunds.get(&refund.our_id).ok_or_else(|| format!("a refund of nobody: {refund:?}"))?;
        sums.entry(project.clone()).or_default().to_backers += refund.amount_cents;
    }
    let matches: Vec<(String, Cents, Cents)> =
        rows(process, "SELECT project_id, amount_cents, returned_cents FROM matches").await;
    for (project, Cents(amount), Cents(returned)) in matches {
        let sum = sums.entry(project).or_default();
        (sum.from_funds, sum.to_funds) = (sum.from_funds + amount, sum.to_funds + returned);
    }
    let paid: Vec<(String, Cents)> = rows(
        process,
        "SELECT project_id, amount_cents FROM transfers WHERE purpose = 'tranche' AND state = 'confirmed'",
    )
    .await;
    for (project, Cents(amount)) in paid {
        sums.entry(project).or_default().to_makers += amount;
    }
    let mut left: Vec<String> = Vec::new();
    let books: Vec<(String, Cents)> =
        rows(process, "SELECT account, CAST(SUM(amount_cents) AS BIGINT) FROM ledger_entries GROUP BY account").await;
    for (account, Cents(balance)) in books {
        let mut pieces = account.split(':');
        let (kind, owner) = (pieces.next().unwrap_or_default(), pieces.next().unwrap_or_default());
        match kind {
            "pledges_held" | "matched" => sums.entry(owner.to_owned()).or_default().held -= balance,
            "refunds_due" => sums.entry(owner.to_owned()).or_default().due -= balance,
            "result_money" | "owner_payable" => sums.entry(owner.to_owned()).or_default().own -= balance,
            "suspense" | "dispute_hold" | "psp_disputed" if balance != 0 => left.push(format!("{account} {balance}")),
            _ => {}
        }
    }
    let states: Vec<(String, String)> = rows(process, "SELECT id, state FROM projects").await;
    for (project, state) in states {
        let sum = sums.entry(project.clone()).or_default();
        let is_over = matches!(state.as_str(), "failed" | "withdrawn" | "terminated");
        if sum.held != 0 || sum.due != 0 || (is_over && sum.own != 0) {
            left.push(format!("{project} is {state} and keeps {sum:?}"));
        }
    }
    let funds: Vec<(String, String, Cents, Cents, Cents)> =
        rows(process, "SELECT id, state, received_cents, used_cents, given_back_cents FROM match_funds").await;
    for (id, state, Cents(received), Cents(used), Cents(given_back)) in funds {
        if state == "ended" && received != used + given_back {
            left.push(format!("fund {id} has ended and keeps {} of {received}", received - used - given_back));
        }
    }
    if !left.is_empty() {
        return Err(format!("left where nothing may be left: {left:?}"));
    }
    let mut all = Sum::default();
    for (project, sum) in &sums {
        if !sum.is_whole() {
            return Err(format!("of project {project} not every cent is where it should be: {sum:?}"));
        }
        all.add(sum);
    }
    if all.is_whole() { Ok(()) } else { Err(format!("in all not every cent is where it should be: {all:?}")) }
}

/// Counts how the seed ended.
pub async fn what_came_of_it(process: &Process, counts: &mut BTreeMap<&'static str, u64>) {
    for (what, sql) in [
        ("match made", "SELECT COUNT(*) FROM matches"),
        ("match given back", "SELECT COUNT(*) FROM matches WHERE returned_cents > 0"),
        ("fund ran dry", "SELECT COUNT(*) FROM match_funds WHERE received_cents > 0 AND used_cents = received_cents"),
        ("give-back paid", "SELECT COUNT(*) FROM match_give_backs WHERE state = 'paid'"),
        ("give-back came back", "SELECT COUNT(*) FROM match_give_backs WHERE state = 'returned'"),
        ("part of a payout paid", "SELECT COUNT(*) FROM tranches WHERE state = 'confirmed'"),
        ("part of a payout came back", "SELECT COUNT(*) FROM tranches WHERE state = 'returned'"),
        (
            "near miss saved",
            "SELECT COUNT(*) FROM near_misses m JOIN settlement_projects d ON d.settlement_id = m.decision_id
                 AND d.project_id = m.project_id WHERE d.decision = 'funded'",
        ),
        (
            "near miss lost",
            "SELECT COUNT(*) FROM near_misses m JOIN settlement_projects d ON d.settlement_id = m.decision_id
                 AND d.project_id = m.project_id WHERE d.decision = 'failed'",
        ),
    ] {
        let found: Vec<(i64,)> = rows(process, sql).await;
        let count = found.first().map_or(0, |(count,)| u64::try_from(*count).unwrap_or(0));
        if count > 0 {
            *counts.entry(what).or_default() += count;
        }
    }
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

//! The comparisons: both sides in, lines out. Nothing here reads or writes.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::features::bank::{BankLine, Statement};
use crate::features::cases::Remedy;
use crate::features::ledger::{Account, AtBank, AtProvider, Kind};
use crate::features::payments::balance::MirrorLine;
use crate::features::pledges::actions::TotalsRow;
use crate::features::reconciliation::Line;
use crate::infra::bank::Direction;
use crate::values::{Cents, Timestamp};

/// The provider's side of a comparison.
pub struct AtTheProvider<'a> {
    /// Balance transactions of the day.
    pub lines: &'a [MirrorLine],
    /// All our postings at the provider's accounts.
    pub postings: &'a [AtProvider],
    /// Keys of the postings that a balance transaction names.
    pub named: &'a HashSet<String>,
}

/// The balance transactions of a day and our postings of that day, one line each.
pub fn provider_day(side: &AtTheProvider<'_>, from: Timestamp, until: Timestamp) -> Vec<Line> {
    let sums: HashMap<&str, Cents> = side.postings.iter().map(|p| (p.idem_key.as_str(), total(p))).collect();
    let mut lines: Vec<Line> = side.lines.iter().filter_map(|row| provider_line(row, &sums)).collect();
    // a refund that failed before it left has two postings that cancel out
    let mut by_cause: HashMap<&str, Cents> = HashMap::new();
    let unnamed = |p: &&AtProvider| is_ours_alone(p, side.named);
    for posting in side.postings.iter().filter(unnamed) {
        let sum = by_cause.entry(&posting.cause_id).or_default();
        *sum = Cents(sum.0.saturating_add(total(posting).0));
    }
    let of_the_day = |p: &&AtProvider| p.recorded_at >= from && p.recorded_at < until;
    for posting in side.postings.iter().filter(unnamed).filter(of_the_day) {
        if by_cause.get(posting.cause_id.as_str()).copied().unwrap_or_default() != Cents::ZERO {
            let note = format!("posting {} for {} is in no balance transaction", posting.kind, posting.cause_id);
            lines.push(Line {
                thing: posting.idem_key.clone(),
                books: Some(total(posting)),
                other: None,
                note,
                remedy: None,
            });
        }
    }
    lines
}

/// Imported money came before the books did, and what only moves from pending to available leaves the sum as it is.
fn is_ours_alone(posting: &AtProvider, named: &HashSet<String>) -> bool {
    posting.kind != Kind::Settled.as_str() && posting.actor != "import" && !named.contains(&posting.idem_key)
}

fn total(posting: &AtProvider) -> Cents {
    Cents(posting.pending.0.saturating_add(posting.available.0))
}

fn provider_line(row: &MirrorLine, sums: &HashMap<&str, Cents>) -> Option<Line> {
    let is_explained_elsewhere = row.posting_key.is_empty() && !row.matched_kind.is_empty();
    if is_explained_elsewhere || (row.net == Cents::ZERO && row.posting_key.is_empty()) {
        return None;
    }
    let found = |key: &str| if key.is_empty() { None } else { sums.get(key).copied() };
    let fee = found(&row.fee_key).unwrap_or_default();
    let books = found(&row.posting_key).map(|sum| Cents(sum.0.saturating_add(fee.0)));
    let remedy = books.and_then(|books| provider_remedy(books, row.net));
    let note = format!("balance transaction {} ({})", row.id, row.category);
    Some(Line { thing: row.id.clone(), books, other: Some(row.net), note, remedy })
}

/// A small difference on a line that both sides have is most often a fee.
fn provider_remedy(books: Cents, other: Cents) -> Option<Remedy> {
    let difference = books.checked_sub(other)?;
    let (debit, credit) = (Account::PspFees, Account::PspAvailable);
    match difference.0 {
        0 => None,
        1.. => Some(Remedy { debit, credit, amount: difference }),
        _ => Some(Remedy { debit: credit, credit: debit, amount: difference.negated() }),
    }
}

/// The provider's accounts in the books against its own balance, but for what is on its way: I13.
///
/// `unposted` is what the provider's balance holds of balance transactions for which nothing stands in the books by name.
pub fn provider_balance(
    booked: Cents,
    postings: &[AtProvider],
    named: &HashSet<String>,
    unposted: Cents,
    balance: Cents,
) -> Line {
    let not_listed = postings.iter().filter(|p| p.kind != Kind::Settled.as_str() && !named.contains(&p.idem_key));
    let on_its_way: i64 = not_listed.map(|posting| total(posting).0).sum();
    let books = Cents(booked.0 - on_its_way + unposted.0);
    let note = format!(
        "psp_pending and psp_available hold {} cents, {on_its_way} of them on their way; the provider's balance is {}",
        booked.0, balance.0
    );
    Line {
        thing: "balance".to_owned(),
        books: Some(books),
        other: Some(balance),
        note,
        remedy: provider_remedy(books, balance),
    }
}

/// The bank's side of a comparison.
pub struct AtTheBank<'a> {
    /// Lines of the day.
    pub lines: &'a [BankLine],
    /// All our postings on the bank account.
    pub postings: &'a [AtBank],
    /// Ids of all lines there are.
    pub known: &'a HashSet<String>,
    /// Transfers on a statement: id, the line by which it left, the line by which it came back.
    pub transfers: &'a [(String, String, String)],
}

/// The lines of a day, and our postings of that day that no line shows. A posting names its line or its transfer in its key.
pub fn bank_day(side: &AtTheBank<'_>, from: Timestamp, until: Timestamp) -> Vec<Line> {
    let mut by_name: HashMap<&str, Vec<&AtBank>> = HashMap::new();
    for posting in side.postings {
        for name in names(posting) {
            by_name.entry(name).or_default().push(posting);
        }
    }
    let mut lines: Vec<Line> = side.lines.iter().map(|row| bank_line(row, &by_name, side.transfers)).collect();
    let shown: HashSet<&str> = side.transfers.iter().map(|(id, _, _)| id.as_str()).collect();
    for posting in side.postings.iter().filter(|p| p.recorded_at >= from && p.recorded_at < until) {
        let is_shown = names(posting).any(|name| side.known.contains(name) || shown.contains(name));
        if !is_shown && !posting.idem_key.starts_with("bank_opening:") {
            let note = format!("posting for {} is on no statement", posting.cause_id);
            let (thing, books) = (posting.idem_key.clone(), Some(posting.amount));
            lines.push(Line { thing, books, other: None, note, remedy: None });
        }
    }
    lines
}

fn names(posting: &AtBank) -> impl Iterator<Item = &str> {
    let in_key: HashSet<&str> = posting.idem_key.split(':').chain([posting.cause_id.as_str()]).collect();
    in_key.into_iter()
}

fn bank_line(row: &BankLine, by_name: &HashMap<&str, Vec<&AtBank>>, transfers: &[(String, String, String)]) -> Line {
    let other = if row.direction == Direction::In { row.amount } else { row.amount.negated() };
    let own = by_name.get(row.id.as_str()).map(|found| found.iter().map(|posting| posting.amount.0).sum::<i64>());
    let of_transfer = || {
        let (id, _, _) = transfers.iter().find(|(_, left, back)| *left == row.id || *back == row.id)?;
        // it left by one posting and came back by another
        let same_way = |posting: &&&AtBank| (posting.amount.0 > 0) == (other.0 > 0);
        let found = by_name.get(id.as_str())?;
        Some(found.iter().filter(same_way).map(|posting| posting.amount.0).sum::<i64>())
    };
    let books = own.or_else(of_transfer).map(Cents);
    let note = format!("line {} of {}, {} {}", row.id, row.booked_on, row.end_to_end_id, row.bank_reference);
    Line { thing: row.id.clone(), books, other: Some(other), note: note.trim_end().to_owned(), remedy: None }
}

/// The bank account in the books against the last statement, and each statement against the one before it.
pub fn bank_balances(booked: Cents, statements: &[Statement]) -> Vec<Line> {
    let Some(last) = statements.last() else { return Vec::new() };
    let mut lines = vec![Line {
        thing: format!("closing:{}", last.id),
        books: Some(booked),
        other: Some(last.closing),
        note: format!("closing balance of {}", last.closed_on),
        remedy: None,
    }];
    // statements of the same days may overlap; those that follow each other meet
    let follow = statements.windows(2).filter(|pair| pair[1].opened_on >= pair[0].closed_on);
    lines.extend(follow.map(|pair| Line {
        thing: format!("opening:{}", pair[1].id),
        books: Some(pair[0].closing),
        other: Some(pair[1].opening),
        note: format!("the statement of {} begins where that of {} ends", pair[1].closed_on, pair[0].closed_on),
        remedy: None,
    }));
    lines
}

/// The totals of each project: reserved and processing against its pledges, held against its pledges and the entries.
pub fn totals(rows: &[TotalsRow], folded: &BTreeMap<String, Cents>) -> Vec<Line> {
    let mut lines = Vec::new();
    for row in rows {
        let account = Account::PledgesHeld(row.project_id.clone()).to_string();
        let in_books = folded.get(&account).copied().unwrap_or_default().negated();
        for (part, books, shown) in [
            ("reserved", row.from_pledges.0, row.shown.0),
            ("processing", row.from_pledges.1, row.shown.1),
            ("held", in_books, row.shown.2),
            ("held-by-pledges", in_books, row.from_pledges.2),
        ] {
            lines.push(Line {
                thing: format!("{part}:{}", row.project_id),
                books: Some(books),
                other: Some(shown),
                note: format!("{part} of project {}", row.project_id),
                remedy: None,
            });
        }
    }
    lines
}

/// The balances kept beside the entries against the entries.
pub fn balances(folded: &BTreeMap<String, Cents>, kept: &BTreeMap<String, Cents>) -> Vec<Line> {
    let accounts: std::collections::BTreeSet<&String> = folded.keys().chain(kept.keys()).collect();
    let line = |account: &String| Line {
        thing: format!("account:{account}"),
        books: Some(folded.get(account).copied().unwrap_or_default()),
        other: Some(kept.get(account).copied().unwrap_or_default()),
        note: format!("balance of {account}"),
        remedy: None,
    };
    accounts.into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posting(key: &str, kind: &str, cause: &str, pending: i64, available: i64) -> AtProvider {
        AtProvider {
            idem_key: key.to_owned(),
            kind: kind.to_owned(),
            cause_id: cause.to_owned(),
            actor: "payments".to_owned(),
            recorded_at: Timestamp::from_seconds(1_000),
            pending: Cents(pending),
            available: Cents(available),
        }
    }

    fn row(id: &str, net: i64, posting_key: &str, fee_key: &str) -> MirrorLine {
        MirrorLine {
            id: id.to_owned(),
            category: "charge".to_owned(),
            net: Cents(net),
            matched_kind: if posting_key.is_empty() { String::new() } else { "payment".to_owned() },
            posting_key: posting_key.to_owned(),
            fee_key: fee_key.to_owned(),
        }
    }

    fn differing(lines: &[Line]) -> Vec<(&str, i64)> {
        lines.iter().filter(|line| line.differs()).map(|line| (line.thing.as_str(), line.difference().0)).collect()
    }

    #[test]
    fn i12_each_kind_of_difference_with_the_provider_is_one_line() {
        let postings = [
            posting("paid:1", "paid", "pay_1", 2_500, 0),
            posting("fee:1", "fee", "pay_1", -29, 0),
            posting("paid:2", "paid", "pay_2", 1_000, 0),
            posting("paid:3", "paid", "pay_3", 700, 0),
            posting("refund_accepted:4", "refund_accepted", "rfd_4", 0, -400),
            posting("refund_failed:4", "refund_failed", "rfd_4", 0, 400),
            posting("settled:1", "settled", "x", -2_471, 2_471),
        ];
        let named: HashSet<String> = ["paid:1", "fee:1", "paid:2"].map(str::to_owned).into();
        let rows = [row("txn_1", 2_471, "paid:1", "fee:1"), row("txn_2", 990, "paid:2", ""), row("txn_9", 55, "", "")];
        let side = AtTheProvider { lines: &rows, postings: &postings, named: &named };
        let lines = provider_day(&side, Timestamp::from_seconds(0), Timestamp::from_seconds(2_000));
        assert_eq!(lines.len(), 4);
        assert_eq!(differing(&lines), [("txn_2", 10), ("txn_9", 55), ("paid:3", 700)]);
        let remedy = lines[1].remedy.as_ref().expect("a posting");
        assert_eq!((remedy.debit.to_string(), remedy.amount.0), ("psp_fees".to_owned(), 10));
        // ours of another day are another day's lines
        let lines = provider_day(&side, Timestamp::from_seconds(1_001), Timestamp::from_seconds(2_000));
        assert_eq!(differing(&lines), [("txn_2", 10), ("txn_9", 55)]);
    }

    #[test]
    fn i13_the_balance_agrees_but_for_what_is_on_its_way() {
        let postings = [posting("paid:1", "paid", "pay_1", 2_500, 0), posting("paid:2", "paid", "pay_2", 1_000, 0)];
        let named: HashSet<String> = ["paid:1".to_owned()].into();
        assert!(!provider_balance(Cents(3_500), &postings, &named, Cents::ZERO, Cents(2_500)).differs());
        assert!(!provider_balance(Cents(3_500), &postings, &named, Cents(40), Cents(2_540)).differs());
        let line = provider_balance(Cents(3_500), &postings, &named, Cents::ZERO, Cents(2_499));
        assert_eq!(line.difference(), Cents(1));
    }

    fn at_bank(key: &str, cause: &str, amount: i64) -> AtBank {
        let (idem_key, cause_id) = (key.to_owned(), cause.to_owned());
        AtBank { idem_key, cause_id, recorded_at: Timestamp::from_seconds(1_000), amount: Cents(amount) }
    }

    fn on_statement(id: &str, direction: Direction, amount: i64) -> BankLine {
        let empty = String::new;
        BankLine {
            id: id.to_owned(),
            statement_id: empty(),
            direction,
            amount: Cents(amount),
            open: Cents::ZERO,
            is_reversal: 0,
            is_return: 0,
            booked_on: "1970-01-01".to_owned(),
            booked_at: None,
            bank_reference: empty(),
            end_to_end_id: empty(),
            name: empty(),
            iban: empty(),
            reference: empty(),
            remittance: empty(),
            state: crate::features::bank::LineState::Matched,
            pledge_id: None,
            created_at: Timestamp::from_seconds(1_000),
        }
    }

    #[test]
    fn each_kind_of_difference_with_the_bank_is_one_line() {
        let postings = [
            at_bank("bank:bln_1", "bln_1", 2_500),
            at_bank("bank:bln_2", "bln_2", 990),
            at_bank("claim_paid:trf_3", "rfd_3", -700),
            at_bank("transfer_returned:trf_3", "trf_3", 700),
            at_bank("correction:prp_1", "x", -5),
            at_bank("bank_opening:NL00", "bst_1", 10),
        ];
        let (r#in, out) = (Direction::In, Direction::Out);
        let lines = [
            on_statement("bln_1", r#in, 2_500),
            on_statement("bln_2", r#in, 1_000),
            on_statement("bln_3", out, 700),
            on_statement("bln_4", r#in, 700),
            on_statement("bln_5", out, 40),
        ];
        let known: HashSet<String> = lines.iter().map(|line| line.id.clone()).collect();
        let transfers = [("trf_3".to_owned(), "bln_3".to_owned(), "bln_4".to_owned())];
        let side = AtTheBank { lines: &lines, postings: &postings, known: &known, transfers: &transfers };
        let found = bank_day(&side, Timestamp::from_seconds(0), Timestamp::from_seconds(2_000));
        assert_eq!(found.len(), 6);
        assert_eq!(differing(&found), [("bln_2", 10), ("bln_5", 40), ("correction:prp_1", 5)]);
        assert_eq!(bank_day(&side, Timestamp::from_seconds(1_001), Timestamp::from_seconds(2_000)).len(), 5);
    }

    #[test]
    fn f61_each_total_is_held_against_the_books() {
        let shown = (Cents(100), Cents(200), Cents(300));
        let right = TotalsRow { project_id: "prj_1".to_owned(), shown, from_pledges: shown };
        let folded = |held: i64| BTreeMap::from([("pledges_held:prj_1".to_owned(), Cents(-held))]);
        assert!(differing(&totals(std::slice::from_ref(&right), &folded(300))).is_empty());
        let wrong = TotalsRow { shown: (Cents(101), Cents(200), Cents(350)), ..right };
        assert_eq!(differing(&totals(&[wrong], &folded(300))), [("reserved:prj_1", 1), ("held:prj_1", 50)]);
        assert_eq!(differing(&balances(&folded(300), &BTreeMap::new())), [("account:pledges_held:prj_1", 300)]);
        assert!(differing(&balances(&folded(300), &folded(300))).is_empty());
    }
}

//! The books: double entry, integer cents, append-only. The amounts people see are folds of these entries.
//!
//! A [`Posting`] can only be made balanced; the database checks it again when its head is written and refuses any later change.
//! Every posting has an idempotency key: the same cause posted twice is posted once. Links of a hash chain are added shortly
//! after (see [`actions::seal`]), so that postings of different projects do not wait for each other.
//!
//! | posting | debit | credit |
//! | --- | --- | --- |
//! | `paid` | `psp_pending` | `pledges_held` |
//! | `fee` | `psp_fees` | `psp_pending` |
//! | `refund_due` | `pledges_held` | `refunds_due` |
//! | `refund_accepted` | `refunds_due` | `psp_available` |
//! | `refund_failed` | `refunds_due`, or `psp_available` when it had been accepted | `unclaimed_refunds` |
//! | `released` | `pledges_held` | `owner_payable` (start money), `result_money` |
//! | `unexplained` | `psp_pending` | `suspense` |
//! | `settled` | `psp_available` | `psp_pending` |
//! | `dispute_opened` | `psp_disputed`; while held also `pledges_held` | `psp_available`; `dispute_hold` |
//! | `dispute_won` | `psp_available`, `dispute_hold` | `psp_disputed`, `pledges_held` |
//! | `dispute_lost` | `dispute_hold`, or `dispute_loss` when the money had gone on | `psp_disputed` |
//! | `dispute_fee` | `psp_fees` | `psp_available` |
//! | `refund_by_hand` | `pledges_held` | `refunds_due`, and from there as any refund |
//! | `payout` | `psp_in_transit` | `psp_available` |
//! | `bank_received` | `bank` | `pledges_held`, `psp_in_transit`, or `suspense` until somebody knows |
//! | `bank_paid` | what the transfer was for, or `suspense` | `bank` |
//! | `bank_reversed` | `suspense` or what had been credited | `bank` |
//! | `applied` | `suspense` | where it belongs |
//! | `claim_paid` | `unclaimed_refunds` | `bank` |
//! | `tranche` | `owner_payable` | `bank`, or `psp_available` by transfer to a connected account; the fee to `platform_fees` |
//! | `transfer_returned` | `bank`; the fee from `platform_fees` | what the transfer was for |
//! | `matched` | `match_held` | `matched` |
//! | `match_returned` | `matched`; of a stopped project `owner_payable`, `result_money` | `match_held` |
//! | `match_released` | `matched` | `owner_payable` (start money), `result_money` |
//! | `match_given_back` | `match_held` | `bank` |
//! | `result_released` | `result_money` | `owner_payable`: results were verified |
//! | `result_moved` | `result_money` | `match_held`: no result earned it, and so says the round's rule |
//! | `moved` | `result_money` of the one project | `pledges_held` of another: no result earned it, and its backer chose so |
//! | `correction` | as two people decided in a case | |

pub mod actions;
pub mod statement;
mod store;

use std::fmt;

use sqlx::FromRow;

use crate::values::{Cents, Timestamp};

/// An account. Debits are positive, credits negative; a liability normally stands at or below zero.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Account {
    PspPending,
    PspAvailable,
    /// Taken out of the provider's balance by a dispute that is not decided yet.
    PspDisputed,
    /// Paid out by the provider, not yet on the bank's statement.
    PspInTransit,
    /// Equal to the balance of the last imported statement.
    Bank,
    PspFees,
    PlatformFees,
    DisputeLoss,
    Suspense,
    UnclaimedRefunds,
    /// Owed to a project or to a backer, depending on how a dispute ends.
    DisputeHold,
    /// Paid and safe, waiting for the round to be decided. By project.
    PledgesHeld(String),
    /// Money above the threshold, waiting for verified results. By project.
    ResultMoney(String),
    /// Start money that may be paid out. By project and organisation.
    OwnerPayable(String, String),
    /// By project.
    RefundsDue(String),
    /// Money of a match fund that is not added to anything. By fund.
    MatchHeld(String),
    /// Added by a fund to pledges of a project, waiting for the round to be decided. By project and fund.
    Matched(String, String),
}

/// Accounts that owe somebody something: their balance is never above zero.
pub const LIABILITIES: [&str; 8] = [
    "pledges_held:",
    "result_money:",
    "owner_payable:",
    "refunds_due:",
    "unclaimed_refunds",
    "dispute_hold",
    "match_held:",
    "matched:",
];

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Account::PspPending => f.write_str("psp_pending"),
            Account::PspAvailable => f.write_str("psp_available"),
            Account::PspDisputed => f.write_str("psp_disputed"),
            Account::PspInTransit => f.write_str("psp_in_transit"),
            Account::Bank => f.write_str("bank"),
            Account::PspFees => f.write_str("psp_fees"),
            Account::PlatformFees => f.write_str("platform_fees"),
            Account::DisputeLoss => f.write_str("dispute_loss"),
            Account::DisputeHold => f.write_str("dispute_hold"),
            Account::Suspense => f.write_str("suspense"),
            Account::UnclaimedRefunds => f.write_str("unclaimed_refunds"),
            Account::PledgesHeld(project) => write!(f, "pledges_held:{project}"),
            Account::ResultMoney(project) => write!(f, "result_money:{project}"),
            Account::OwnerPayable(project, organisation) => write!(f, "owner_payable:{project}:{organisation}"),
            Account::RefundsDue(project) => write!(f, "refunds_due:{project}"),
            Account::MatchHeld(fund) => write!(f, "match_held:{fund}"),
            Account::Matched(project, fund) => write!(f, "matched:{project}:{fund}"),
        }
    }
}

impl Account {
    /// The account with this code; nothing when there is no such account. Whether project and organisation exist is not known
    /// here: see [`actions::is_known`].
    pub fn parse(text: &str) -> Option<Account> {
        let is_id = |id: &str| !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b));
        let (head, rest) = text.split_once(':').unwrap_or((text, ""));
        let one = || is_id(rest).then(|| rest.to_owned());
        let two = || {
            let (first, second) = rest.split_once(':')?;
            (is_id(first) && is_id(second)).then(|| (first.to_owned(), second.to_owned()))
        };
        let plain = |account: Account| (text == head).then_some(account);
        match head {
            "psp_pending" => plain(Account::PspPending),
            "psp_available" => plain(Account::PspAvailable),
            "psp_disputed" => plain(Account::PspDisputed),
            "psp_in_transit" => plain(Account::PspInTransit),
            "bank" => plain(Account::Bank),
            "psp_fees" => plain(Account::PspFees),
            "platform_fees" => plain(Account::PlatformFees),
            "dispute_loss" => plain(Account::DisputeLoss),
            "dispute_hold" => plain(Account::DisputeHold),
            "suspense" => plain(Account::Suspense),
            "unclaimed_refunds" => plain(Account::UnclaimedRefunds),
            "pledges_held" => one().map(Account::PledgesHeld),
            "result_money" => one().map(Account::ResultMoney),
            "refunds_due" => one().map(Account::RefundsDue),
            "match_held" => one().map(Account::MatchHeld),
            "owner_payable" => two().map(|(project, organisation)| Account::OwnerPayable(project, organisation)),
            "matched" => two().map(|(project, fund)| Account::Matched(project, fund)),
            _ => None,
        }
    }

    /// Whether it is one of a project's, an organisation's or a fund's own.
    pub fn is_of_somebody(&self) -> bool {
        use Account::{MatchHeld, Matched, OwnerPayable, PledgesHeld, RefundsDue, ResultMoney};
        matches!(self, PledgesHeld(_) | ResultMoney(_) | RefundsDue(_) | OwnerPayable(..) | MatchHeld(_) | Matched(..))
    }
}

crate::words! {
    /// Why money moved in the books.
    pub enum Kind {
        Paid = "paid",
        Fee = "fee",
        RefundDue = "refund_due",
        RefundAccepted = "refund_accepted",
        RefundFailed = "refund_failed",
        Released = "released",
        Unexplained = "unexplained",
        /// The provider made it available.
        Settled = "settled",
        DisputeOpened = "dispute_opened",
        DisputeWon = "dispute_won",
        DisputeLost = "dispute_lost",
        DisputeFee = "dispute_fee",
        RefundByHand = "refund_by_hand",
        /// The provider pays out to the foundation's bank.
        Payout = "payout",
        PayoutFailed = "payout_failed",
        /// A line of the bank's statement.
        BankReceived = "bank_received",
        BankPaid = "bank_paid",
        BankReversed = "bank_reversed",
        /// Money from suspense put where it belongs.
        Applied = "applied",
        ClaimPaid = "claim_paid",
        Tranche = "tranche",
        TransferReturned = "transfer_returned",
        /// A fund adds to a pledge, takes it back, or gives it to the project for good.
        Matched = "matched",
        MatchReturned = "match_returned",
        MatchReleased = "match_released",
        /// What is left of an ended fund goes back to its giver.
        MatchGivenBack = "match_given_back",
        /// Result money goes to the project for verified results, or on by the rule of its round.
        ResultReleased = "result_released",
        ResultMoved = "result_moved",
        /// A backer moved what was not earned to a pledge for another project.
        Moved = "moved",
        Correction = "correction",
    }
}

/// One line of a posting.
#[derive(Debug, Clone)]
pub struct Line {
    account: String,
    amount: Cents,
    pledge_id: Option<String>,
}

/// A balanced set of lines. It can only be built by moving amounts from one account to another, so it sums to zero.
#[derive(Debug, Clone)]
pub struct Posting {
    kind: Kind,
    idem_key: String,
    occurred_at: Timestamp,
    actor: String,
    cause_id: String,
    lines: Vec<Line>,
}

impl Posting {
    /// An empty posting. `idem_key` names the cause once and for all: `paid:pay_…`.
    pub fn new(kind: Kind, idem_key: String, occurred_at: Timestamp, actor: &str, cause_id: &str) -> Posting {
        let (actor, cause_id) = (actor.to_owned(), cause_id.to_owned());
        Posting { kind, idem_key, occurred_at, actor, cause_id, lines: Vec::new() }
    }

    /// Moves `amount` for a pledge: debits the one account, credits the other. An amount of zero moves nothing.
    #[must_use]
    pub fn moving(mut self, amount: Cents, debit: &Account, credit: &Account, pledge_id: Option<&str>) -> Posting {
        if amount != Cents::ZERO {
            let pledge_id = pledge_id.map(str::to_owned);
            self.lines.push(Line { account: debit.to_string(), amount, pledge_id: pledge_id.clone() });
            self.lines.push(Line { account: credit.to_string(), amount: amount.negated(), pledge_id });
        }
        self
    }

    /// Moves `amount` of one pledge to another: debits the account of the one, credits that of the other.
    #[must_use]
    pub fn passing(
        mut self,
        amount: Cents,
        (debit, from): (&Account, &str),
        (credit, to): (&Account, &str),
    ) -> Posting {
        if amount != Cents::ZERO {
            self.lines.push(Line { account: debit.to_string(), amount, pledge_id: Some(from.to_owned()) });
            let negated = amount.negated();
            self.lines.push(Line { account: credit.to_string(), amount: negated, pledge_id: Some(to.to_owned()) });
        }
        self
    }

    /// Whether it would move nothing.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// What it would move on an account.
    #[cfg(test)]
    pub fn on(&self, account: &Account) -> i128 {
        let account = account.to_string();
        self.lines.iter().filter(|line| line.account == account).map(|line| i128::from(line.amount.0)).sum()
    }

    /// The sum of all its lines.
    #[cfg(test)]
    pub fn sum(&self) -> i128 {
        self.lines.iter().map(|line| i128::from(line.amount.0)).sum()
    }
}

/// What a posting moved at the payment provider.
#[derive(Debug, Clone, FromRow)]
pub struct AtProvider {
    pub idem_key: String,
    pub kind: String,
    pub cause_id: String,
    pub actor: String,
    pub recorded_at: Timestamp,
    #[sqlx(rename = "pending_cents")]
    pub pending: Cents,
    #[sqlx(rename = "available_cents")]
    pub available: Cents,
}

/// A posting that moved the bank account.
#[derive(Debug, Clone, FromRow)]
pub struct AtBank {
    pub idem_key: String,
    pub cause_id: String,
    pub recorded_at: Timestamp,
    /// Into the account; below zero out of it.
    #[sqlx(rename = "amount_cents")]
    pub amount: Cents,
}

/// What a check of the books found. The names I1 to I20 are those of the list of invariants in the README.
#[derive(Debug, Clone)]
pub struct Check {
    pub name: &'static str,
    pub what: &'static str,
    /// How many things were looked at.
    pub checked: i64,
    /// The ids of what is wrong; empty when all is well.
    pub offending: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::Account;

    #[test]
    fn an_account_is_read_back_from_its_code_and_nothing_else_is_one() {
        let (project, organisation) = ("prj_1".to_owned(), "org_0198-a".to_owned());
        for account in [
            Account::PspPending,
            Account::PspAvailable,
            Account::PspDisputed,
            Account::PspInTransit,
            Account::Bank,
            Account::PspFees,
            Account::PlatformFees,
            Account::DisputeLoss,
            Account::Suspense,
            Account::UnclaimedRefunds,
            Account::DisputeHold,
            Account::PledgesHeld(project.clone()),
            Account::ResultMoney(project.clone()),
            Account::OwnerPayable(project.clone(), organisation),
            Account::RefundsDue(project.clone()),
            Account::MatchHeld("mfd_1".to_owned()),
            Account::Matched(project, "mfd_1".to_owned()),
        ] {
            assert_eq!(Account::parse(&account.to_string()), Some(account));
        }
        for wrong in [
            "",
            "cash",
            "bank:",
            "bank:prj_1",
            "Bank",
            "pledges_held",
            "pledges_held:",
            "pledges_held:a b",
            "owner_payable:p",
            "owner_payable:p:",
            "owner_payable:p:o:x",
            "refunds_due:a:b",
            "match_held",
            "matched:prj_1",
        ] {
            assert_eq!(Account::parse(wrong), None, "{wrong}");
        }
    }
}

//! A case: a difference, or money nobody can explain. The program stops that one path, keeps the site, and tells a person.
//!
//! Whoever finds something opens a case once (kind and subject name it) and closes it again when it sees that it has ended. A
//! person closes one with a posting that two approve, or with a written reason. A case can be assigned to a treasurer, who
//! looks after it; it grows old in everybody's sight all the same.
//!
//! Money nobody can place stands in suspense, by a posting whose cause is the subject of its case: the case explains exactly what
//! stands in suspense for its subject. A case cannot be closed while something does, and takes no posting while it is leaving.
//!
//! | state | meaning | next |
//! | --- | --- | --- |
//! | `open` | somebody must look | closed |
//! | `closed` | explained, posted, or over | open again when a check finds it again, unless a person had explained that amount |

pub mod actions;
pub mod desk;
pub mod personal;
mod store;

use sqlx::FromRow;

use crate::features::ledger::Account;
use crate::values::{Cents, Timestamp};

/// The ways by which a case's money can be leaving: as a refund at the provider, or as a transfer.
pub const BY_PROVIDER: &str = "provider";
pub const BY_BANK: &str = "bank";
/// The job that follows a posting by which a case was settled; its subject is the case's. Served by the noun `bank`, for its lines.
pub const POSTED: &str = "cases.posted";
/// The kind of a proposal to settle a case with a posting.
pub const POST: &str = "cases.post";

crate::refusals! {
    /// Why a case cannot be closed.
    pub enum Refusal {
        AccountUnknown { account: String } => Invalid("debit") "case-account-unknown",
        CreditUnknown { account: String } => Invalid("credit") "case-account-unknown",
        SameAccount => Invalid("credit") "case-same-account",
        PledgeMoney => Invalid("debit") "case-pledge-money",
        MatchMoney => Invalid("debit") "case-match-money",
        AmountWrong => Invalid("amount") "case-amount-wrong",
        LeavesSuspense => Invalid("amount") "case-leaves-suspense",
        MoneyInSuspense => Conflict "case-money-in-suspense",
        NotOpen => Conflict "case-not-open",
        OnItsWay => Conflict "case-on-its-way",
        /// Only who can close a case is given one.
        NoTreasurer => Invalid("to") "case-to-no-treasurer",
        AlreadyAssigned => Conflict "case-already-assigned",
    }
}

crate::words! {
    pub enum CaseState {
        Open = "open",
        Closed = "closed",
    }
}

crate::life_cycle! {
    CaseState of "cases" by "id":
    Open => Closed,
    Closed => Open,
}

crate::words! {
    /// What is wrong. Each has a sentence in the texts: `case-{word}`.
    pub enum CaseKind {
        /// A payment's amount or currency is not the pledge's; the money is set aside.
        PaymentDiffers = "payment_differs",
        /// Money at the provider that belongs to no payment of ours.
        PaymentUnknown = "payment_unknown",
        /// Somebody asked their bank to take a payment back.
        Dispute = "dispute",
        /// A payment was taken back after its refund, or after it was paid out.
        Loss = "loss",
        /// The provider warns that a payment may be fraud.
        FraudWarning = "fraud_warning",
        /// A refund was made by hand at the provider.
        RefundByHand = "refund_by_hand",
        /// The provider refuses a refund for good.
        RefundRefused = "refund_refused",
        /// Money arrived at the bank that no pledge explains.
        BankUnknown = "bank_unknown",
        /// Part of a pledge arrived at the bank.
        BankPartial = "bank_partial",
        /// More arrived at the bank than was pledged.
        BankOver = "bank_over",
        /// The bank took back what it had paid in.
        BankReversal = "bank_reversal",
        /// Money left the bank that we did not send.
        BankOutUnknown = "bank_out_unknown",
        /// What we sent by bank came back.
        TransferReturned = "transfer_returned",
        /// The books and the provider's list differ.
        ProviderDiffers = "provider_differs",
        /// The books and the bank's statement differ.
        StatementDiffers = "statement_differs",
        /// A page's totals and the books differ.
        TotalsDiffer = "totals_differ",
        /// Something stays in a state longer than it should.
        Stuck = "stuck",
        /// An invariant of the books does not hold.
        InvariantBroken = "invariant_broken",
        /// A round should be on sale by now, but has no project that could be.
        RoundNotBegun = "round_not_begun",
        /// A verified figure was lowered after money had been released for it.
        ResultLowered = "result_lowered",
    }
}

/// The posting that would settle a case.
#[derive(Debug, Clone)]
pub struct Remedy {
    pub debit: Account,
    pub credit: Account,
    /// Above zero.
    pub amount: Cents,
}

/// What was found.
#[derive(Debug, Clone)]
pub struct Found<'a> {
    pub kind: CaseKind,
    /// What it is about; with the kind it names the case.
    pub subject_id: &'a str,
    /// In question; zero when it is not about an amount.
    pub amount: Cents,
    /// What the program saw, for the staff: ids and figures, no names.
    pub detail: &'a str,
    pub pledge_id: Option<&'a str>,
    pub remedy: Option<Remedy>,
}

#[derive(Debug, Clone, FromRow)]
pub struct Case {
    pub id: String,
    pub kind: CaseKind,
    pub subject_id: String,
    #[sqlx(rename = "amount_cents")]
    pub amount: Cents,
    pub detail: String,
    pub state: CaseState,
    /// Accounts of the posting that would settle it; empty when none is known.
    pub debit: String,
    pub credit: String,
    #[sqlx(rename = "posting_cents")]
    pub posting: Cents,
    pub pledge_id: Option<String>,
    pub opened_at: Timestamp,
    pub closed_at: Option<Timestamp>,
    pub closed_by: Option<String>,
    pub reason: String,
    /// By which way its money is leaving; empty when it is not.
    pub waits_for: String,
    /// Who looks after it.
    pub assigned_to: Option<String>,
}

impl Case {
    /// Whether something can be decided about it.
    pub fn is_free(&self) -> bool {
        self.state == CaseState::Open && self.waits_for.is_empty()
    }
}

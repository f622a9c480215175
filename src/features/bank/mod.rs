//! The foundation's bank account as its statements tell it. Each booked payment becomes a line, once, and posts to the books once, so
//! that the account `bank` equals the balance of the last statement.
//!
//! | state of a line | meaning | next |
//! | --- | --- | --- |
//! | `matched` | all of it stands where it belongs: a pledge, a match fund, a payout of the provider, a transfer of ours | `reversed`; a new line begins here and is placed at once |
//! | `partial` | part of a pledge; waits in suspense for the rest | `matched`, or what two people decide |
//! | `open` | all or some of it waits in suspense until two people decide | `matched`, `returning`, `written_off`, `posted`, `reversed` |
//! | `returning` | what nobody could place goes back to its sender | `returned`, `open` when that fails |
//! | `returned` | it is back at its sender | `open` when the sender's bank refuses it |
//! | `written_off` | two people booked it as income or costs of the foundation | never |
//! | `posted` | two people settled its case with another posting | never |
//! | `reversed` | the bank took it back | never |
//!
//! A payment for a pledge is found by its reference, in the structured field or typed anywhere in the text. All of the pledge's
//! amount: it is held, or refunded when it came too late. A part waits for the rest. What is more than the pledge, paid twice, or
//! known to nobody waits for people, with a case.

pub mod actions;
mod course;
mod decide;
mod import;
mod keys;
pub mod personal;
mod place;
mod store;
pub mod uploads;

use sqlx::FromRow;

use crate::infra::bank::Direction;
use crate::values::{Cents, Timestamp};

crate::words! {
    pub enum LineState {
        Matched = "matched",
        Partial = "partial",
        Open = "open",
        Returning = "returning",
        Returned = "returned",
        WrittenOff = "written_off",
        Posted = "posted",
        Reversed = "reversed",
    }
}

crate::life_cycle! {
    LineState of "bank_lines" by "id"
        // what waits is all of it, unless more is said afterwards
        with "open_cents = CASE WHEN $2 IN ('partial', 'open', 'returning') THEN amount_cents ELSE 0 END":
    // a new line is placed in the transaction that brings it
    Matched => Partial | Open | Reversed,
    Partial => Matched | Open | Returning | WrittenOff | Posted | Reversed,
    Open => Matched | Partial | Returning | WrittenOff | Posted | Reversed,
    Returning => Open | Returned,
    Returned => Open,
}

crate::words! {
    /// What two people can decide about a line that waits. Also the kind of the proposal.
    pub enum Decision {
        /// It belongs to a pledge.
        Apply = "bank.apply",
        /// It is money of a match fund.
        Fund = "bank.fund",
        /// It goes back to its sender.
        Return = "bank.return",
        /// It is booked as income or costs of the foundation.
        WriteOff = "bank.write_off",
    }
}

impl Decision {
    /// The kind as a proposal wants it.
    pub fn kind(self) -> &'static str {
        self.as_str()
    }
}

crate::refusals! {
    /// Why a file is not imported, or a line not decided.
    pub enum Refusal {
        /// `why` is a word of `infra::bank::Why`.
        File { why: String, what: String } => Invalid("file") "bank-file-refused",
        OtherAccount { account: String } => Invalid("file") "bank-other-account",
        NoFile => Invalid("file") "bank-no-file",
        NothingOpen => Conflict "bank-nothing-open",
        NoSuchPledge => Invalid("pledge") "bank-no-such-pledge",
        NotByTransfer => Invalid("pledge") "bank-not-by-transfer",
        AlreadyPaid => Invalid("pledge") "bank-already-paid",
        NoAccount => Invalid("decision") "bank-no-account",
        OnlyIncoming => Invalid("decision") "bank-only-incoming",
        NoSuchFund => Invalid("fund") "bank-no-such-fund",
    }
}

#[derive(Debug, Clone, FromRow)]
pub struct Statement {
    pub id: String,
    pub file_hash: String,
    pub file_name: String,
    pub message_id: String,
    /// The bank's own.
    pub statement_id: String,
    pub number: String,
    pub iban: String,
    pub opened_on: String,
    #[sqlx(rename = "opening_cents")]
    pub opening: Cents,
    pub closed_on: String,
    #[sqlx(rename = "closing_cents")]
    pub closing: Cents,
    pub lines: i64,
    pub imported_by: String,
    pub begun_at: Timestamp,
    pub finished_at: Option<Timestamp>,
}

#[derive(Debug, Clone, FromRow)]
pub struct BankLine {
    pub id: String,
    pub statement_id: String,
    pub direction: Direction,
    /// Above zero.
    #[sqlx(rename = "amount_cents")]
    pub amount: Cents,
    /// What of it stands in suspense.
    #[sqlx(rename = "open_cents")]
    pub open: Cents,
    pub is_reversal: i16,
    pub is_return: i16,
    pub booked_on: String,
    pub booked_at: Option<Timestamp>,
    pub bank_reference: String,
    pub end_to_end_id: String,
    pub name: String,
    pub iban: String,
    pub reference: String,
    pub remittance: String,
    pub state: LineState,
    pub pledge_id: Option<String>,
    pub created_at: Timestamp,
}

impl BankLine {
    /// When it was paid: the bank's moment, or the begin of the day it was booked. A day is all that most banks tell, and it is read in
    /// favour of who paid.
    pub fn paid_at(&self) -> Timestamp {
        self.booked_at.or_else(|| Timestamp::start_of_day(&self.booked_on)).unwrap_or(self.created_at)
    }
}

/// What came of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq, FromRow)]
pub struct Imported {
    pub statements: i64,
    /// Statements that were imported before, in this file or another.
    pub known_statements: i64,
    pub lines: i64,
    /// Lines that an earlier statement had brought.
    pub known_lines: i64,
    pub matched: i64,
    /// Lines that wait for the rest of a pledge, or for people.
    pub waiting: i64,
}

/// A pledge that a line may be meant for, the best first.
#[derive(Debug, Clone)]
pub struct Suggestion {
    pub reference: String,
    pub amount: Cents,
    pub name: String,
    /// The amounts are the same.
    pub same_amount: bool,
    /// How many of the reference's characters were typed wrong; nothing when it was not typed.
    pub typos: Option<usize>,
    /// Words that both names have.
    pub same_words: usize,
}

//! What a bank's statement says, in the program's own words.

use crate::values::{Cents, Timestamp};

crate::words! {
    /// Seen from the account.
    pub enum Direction {
        In = "in",
        Out = "out",
    }
}

/// A balance at the begin or end of a day; below zero when the account is overdrawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    pub amount: Cents,
    /// The day, as `2026-10-03`.
    pub day: String,
}

/// A statement without its bookings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Of the message that brings it.
    pub message_id: String,
    /// The bank's own id of the statement.
    pub id: String,
    /// The bank's number of the statement; empty when it has none.
    pub number: String,
    /// The account, without blanks.
    pub iban: String,
    pub opening: Balance,
    pub closing: Balance,
}

/// One payment on a statement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// Above zero.
    pub amount: Cents,
    pub direction: Option<Direction>,
    /// It takes back an earlier booking.
    pub is_reversal: bool,
    /// The receiver's bank sent it back.
    pub is_return: bool,
    /// The day it was booked, as `2026-10-03`, and the moment where the bank tells it.
    pub booked_on: String,
    pub booked_at: Option<Timestamp>,
    /// The bank's reference of the booking; may be empty or shared by the payments of a batch.
    pub bank_reference: String,
    pub end_to_end_id: String,
    /// The other side's name and account; empty where the bank does not tell.
    pub name: String,
    /// Without blanks.
    pub iban: String,
    /// A structured creditor reference, as it stands there.
    pub reference: String,
    /// The free text.
    pub remittance: String,
}

impl Line {
    /// What the line does to the account.
    pub fn signed(&self) -> Cents {
        match self.direction {
            Some(Direction::Out) => self.amount.negated(),
            _ => self.amount,
        }
    }
}

/// What a reader finds, one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Statement(Head),
    Line(Line),
    /// The statement has ended, and its lines lead from the opening to the closing balance.
    End,
}

//! Files that banks read and write.

pub mod camt;
pub mod epc;
pub mod files;
pub mod pain;
pub mod statement;
pub mod write;
mod xml;

#[cfg(test)]
mod tests;

use std::fmt;

pub use statement::{Balance, Direction, Head, Line, Piece};

crate::words! {
    /// Why a file is refused. Each has a sentence in the texts: `bank-file-{word}`.
    pub enum Why {
        /// It cannot be read at all, or it is empty.
        Unreadable = "unreadable",
        NotWellFormed = "not_well_formed",
        /// Another character encoding than UTF-8.
        Encoding = "encoding",
        /// A document type or an entity: nothing a bank sends, and a known way to attack.
        Doctype = "doctype",
        /// Nested deeper than any statement.
        TooDeep = "too_deep",
        /// Larger than the program reads: the file, one element, or one booking.
        TooLarge = "too_large",
        /// Not a CAMT.053.001.02 or .08.
        Namespace = "namespace",
        /// A part that a statement must have is not there.
        Missing = "missing",
        /// A part holds something else than it may.
        Wrong = "wrong",
        Currency = "currency",
        /// The bookings do not lead from the opening to the closing balance.
        Balance = "balance",
        /// Not a zip with statements in it, or one that unpacks to too much.
        Zip = "zip",
    }
}

/// Why a file was refused, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub why: Why,
    /// The element or value in question, for whoever asks the bank.
    pub what: String,
    /// How far it was read, in bytes.
    pub at: u64,
}

impl Fault {
    pub fn new(why: Why, what: impl fmt::Display) -> Fault {
        Fault { why, what: what.to_string().chars().take(200).collect(), at: 0 }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} (byte {})", self.why, self.what, self.at)
    }
}

impl std::error::Error for Fault {}

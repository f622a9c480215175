//! Numbered papers: receipts of gifts, invoices of purchases, what takes them back, and yearly statements.
//!
//! | paper | when | caused by |
//! | --- | --- | --- |
//! | `gift_receipt` | a gift is held | its payment |
//! | `pro_forma` | a purchase is reserved | its pledge |
//! | `invoice` | a purchase is held | its payment |
//! | `credit_note` | money of an invoiced purchase goes back, whole or in part | its refund, or the dispute that took it |
//! | `withdrawal` | money of a receipted gift goes back, whole or in part | its refund, or the dispute that took it |
//! | `yearly_statement` | a backer asks for it when the year is over | person, year, version |
//!
//! Numbers run per year (Amsterdam's) and kind from 1, without gaps and without doubles: a counter's row is locked first, and
//! the number is taken in the transaction that writes the paper. A paper is written once; what it says is frozen as canonical
//! JSON with its hash, and page and PDF are both drawn from that. Nothing is ever changed or deleted: a paper that is no longer
//! true is followed by another that names it. After seven years the receiver's name leaves it (`personal`).
//!
//! What the papers rest on (rules change: look again, and ask a tax adviser about the own case):
//! - A gift is voluntary and without anything in return, and is proved in writing, by a receipt for instance (Belastingdienst, on the
//!   conditions for deducting ordinary gifts): so the receipt says who gave what, when, for whom with which RSIN, and that nothing
//!   was given in return. Whether it can be deducted depends on the receiver being registered as ANBI, among other things; no paper
//!   says that it can. A purchase has no gift receipt.
//! - Invoices and credit notes name both parties with their legal details and the references that companies ask for.
//! - Where nothing is given in return there is no VAT. How the VAT of a Rikx that a company buys is treated is not settled anywhere we
//!   could find: the paper says the sentence that the foundation has set (`FOUNDATION_VAT_NL`, `FOUNDATION_VAT_EN`), and amounts are not
//!   split.
//! - Papers belong to what is kept for the tax office for seven years: forgetting a person leaves them.

pub mod actions;
mod back;
mod facts;
mod paper;
pub mod personal;
pub mod statements;
mod store;
pub mod web;

use sqlx::FromRow;

pub use facts::{Facts, Issuer, Maker, Receiver, StatementLine, maker};

use crate::values::{Cents, Timestamp};

crate::words! {
    /// In the order in which their counters are locked.
    pub enum DocumentKind {
        GiftReceipt = "gift_receipt",
        ProForma = "pro_forma",
        Invoice = "invoice",
        CreditNote = "credit_note",
        Withdrawal = "withdrawal",
        YearlyStatement = "yearly_statement",
    }
}

impl DocumentKind {
    /// What its numbers begin with.
    fn prefix(self) -> &'static str {
        match self {
            DocumentKind::GiftReceipt => "GR",
            DocumentKind::ProForma => "PF",
            DocumentKind::Invoice => "IN",
            DocumentKind::CreditNote => "CN",
            DocumentKind::Withdrawal => "WN",
            DocumentKind::YearlyStatement => "YS",
        }
    }

    /// The number as people read it: `GR2026-000001`.
    pub fn number(self, year: i64, seq: i64) -> String {
        format!("{}{year}-{seq:06}", self.prefix())
    }
}

crate::refusals! {
    pub enum Refusal {
        YearNotOver => Conflict "paper-year-not-over",
        NothingGiven => Conflict "paper-nothing-given",
        NothingChanged => Conflict "paper-nothing-changed",
        NoFoundation => Conflict "paper-no-foundation",
    }
}

/// A paper as it was issued.
#[derive(Debug, Clone, FromRow)]
pub struct Document {
    pub id: String,
    pub kind: DocumentKind,
    pub year: i64,
    pub seq: i64,
    pub number: String,
    pub user_id: String,
    pub pledge_id: Option<String>,
    pub cause_id: String,
    pub corrects_id: Option<String>,
    #[sqlx(rename = "amount_cents")]
    pub amount: Cents,
    pub issued_at: Timestamp,
    /// See [`Facts`].
    pub facts: String,
    pub sha256: String,
}

/// The year of a moment by Amsterdam's calendar.
pub fn year_of(at: Timestamp) -> i64 {
    at.day().split('-').next().and_then(|year| year.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_year_of_a_number_is_amsterdams() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a moment");
        assert_eq!(year_of(at("2026-12-31T22:59:59.999Z")), 2026);
        assert_eq!(year_of(at("2026-12-31T23:00:00.000Z")), 2027);
        assert_eq!(DocumentKind::Invoice.number(2027, 1), "IN2027-000001");
    }
}

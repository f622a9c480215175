//! Social return: many public contracts oblige a company to spend a part of the sum on people far from work. A municipality says in
//! a *table of building blocks* what counts for how much: a person in work for a year, an hour of volunteering, an invoice of a social
//! enterprise. A company that buys Rikx has a *statement* of what its purchase counts for.
//!
//! # Tables
//!
//! | state | what it means |
//! | --- | --- |
//! | `draft` | the team writes it; nobody else sees it |
//! | `in_use` | everybody can calculate with it and statements rest on it: it is never changed. Other values are another version of the region's table, from a later day on |
//!
//! A block has a unit: a year of full-time work of a person, an hour, an invoice (a percentage of the sum without VAT), or once for a
//! person (a bonus). At most one block of a table says what buying Rikx counts for.
//!
//! # Statements
//!
//! | statement | when |
//! | --- | --- |
//! | `provisional` | the purchase is held, and again whenever what it says has changed: the region, what is kept of the money |
//! | `final` | the results of the project are settled for good; it counts what was kept of the purchase |
//! | `withdrawn` | all of the money went back |
//!
//! What a purchase counts for follows from the table of its region that held on the day on which it was paid, also when another one is in
//! use later. A statement is numbered per year without gaps, frozen as canonical JSON with its hash, and never changed: the next one
//! replaces it. It carries a code with which a municipality sees whether it is the newest. After seven years the company's name leaves it.
//!
//! The platform only calculates: whether a purchase is accepted is the municipality's to say, and each statement says so.

pub mod actions;
pub mod calculation;
mod facts;
mod paper;
pub mod personal;
mod store;
pub mod tables;
pub mod web;

use sqlx::FromRow;

pub use facts::{Counted, Facts, PromiseResult, Reached};

use crate::values::{Cents, Lang, Timestamp};

/// The job that brings the statement of a purchase up to date; its subject is the pledge.
pub const PLEDGE: &str = "social_return.pledge";

crate::words! {
    pub enum TableState {
        Draft = "draft",
        InUse = "in_use",
    }
}

crate::life_cycle! {
    TableState of "credit_tables" by "id":
    Draft => InUse,
}

crate::words! {
    /// By what a block counts.
    pub enum Unit {
        /// A year of full-time work of one person.
        PersonYear = "person_year",
        Hour = "hour",
        /// A percentage of an invoice without VAT.
        Invoice = "invoice",
        /// Once for a person, beside another block.
        Once = "once",
    }
}

crate::words! {
    pub enum StatementKind {
        Provisional = "provisional",
        Final = "final",
        Withdrawn = "withdrawn",
    }
}

crate::refusals! {
    pub enum Refusal {
        /// It is in use.
        TableFixed => Conflict "sr-table-fixed",
        TableWrong => Conflict "sr-table-wrong",
        /// The region has a version from that day on, or from a later one.
        NotLater { last: String } => Invalid("valid_from") "sr-not-later",
        NoRole => Forbidden "problem-forbidden",
        NoRegion => Invalid("region") "sr-no-region",
        NotPurchase => Conflict "sr-not-purchase",
        AlreadyFinal => Conflict "sr-already-final",
    }
}

/// A version of a region's table.
#[derive(Debug, Clone, FromRow)]
pub struct Table {
    pub id: String,
    pub region: String,
    pub name_nl: String,
    pub name_en: String,
    /// A day.
    pub valid_from: String,
    pub source: String,
    /// 1: not to be relied on.
    pub example: i16,
    pub state: TableState,
    pub created_at: Timestamp,
}

impl Table {
    pub fn name(&self, lang: impl std::borrow::Borrow<Lang>) -> &str {
        pick(*lang.borrow(), &self.name_nl, &self.name_en)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Block {
    pub code: String,
    pub name_nl: String,
    pub name_en: String,
    pub unit: Unit,
    /// For one unit.
    #[sqlx(rename = "credit_cents")]
    pub credit: Cents,
    /// Of an invoice.
    pub percent: i64,
    /// 1: buying Rikx counts by it.
    pub for_rikx: i16,
}

impl Block {
    pub fn name(&self, lang: impl std::borrow::Borrow<Lang>) -> &str {
        pick(*lang.borrow(), &self.name_nl, &self.name_en)
    }
}

/// A statement as it was issued.
#[derive(Debug, Clone, FromRow)]
pub struct Statement {
    pub id: String,
    pub kind: StatementKind,
    pub year: i64,
    pub seq: i64,
    pub number: String,
    pub code: String,
    pub pledge_id: String,
    pub replaces_id: Option<String>,
    #[sqlx(rename = "kept_cents")]
    pub kept: Cents,
    pub issued_at: Timestamp,
    /// See [`Facts`].
    pub facts: String,
    pub sha256: String,
}

fn pick<'a>(lang: Lang, nl: &'a str, en: &'a str) -> &'a str {
    let (own, other) = if lang == Lang::Nl { (nl, en) } else { (en, nl) };
    if own.is_empty() { other } else { own }
}

//! The books held against the three things they must agree with, line by line: the provider's balance, the bank's statements, and
//! the totals that pages show. And the clock held against every state that must not last.
//!
//! A comparison is pure: what both sides say, as lines. Each line that differs is one case, with its amount and what it may come
//! from; a difference that has gone closes its case by itself. Running it again changes nothing.
//!
//! Lines of a day carry the day in their case's subject; what stands now (balances, totals) says `now`. A run looks at its own day,
//! and again at each earlier day that has an open case.

pub mod actions;
pub mod alarms;
mod compare;
mod store;
mod verify;

use sqlx::FromRow;

pub use verify::verify;

use crate::features::cases::{CaseKind, Remedy};
use crate::values::{Cents, Timestamp};

crate::words! {
    /// What the books are held against.
    pub enum Way {
        /// The provider's balance transactions and its balance.
        Provider = "provider",
        /// The foundation's bank statements.
        Bank = "bank",
        /// The totals that pages show, and the balances kept beside the entries.
        Totals = "totals",
    }
}

impl Way {
    /// The kind of its cases.
    pub fn case_kind(self) -> CaseKind {
        match self {
            Way::Provider => CaseKind::ProviderDiffers,
            Way::Bank => CaseKind::StatementDiffers,
            Way::Totals => CaseKind::TotalsDiffer,
        }
    }
}

/// The word for what is not of a day.
pub const NOW: &str = "now";

/// One thing as both sides have it.
#[derive(Debug, Clone)]
pub struct Line {
    /// What it is: `txn_…`, `held:prj_…`, `balance`. One line each.
    pub thing: String,
    /// What the books say; nothing when they do not know it.
    pub books: Option<Cents>,
    /// What the other side says; nothing when it does not know it.
    pub other: Option<Cents>,
    /// More about it, for the staff.
    pub note: String,
    /// The posting that would settle a difference, where one is known.
    pub remedy: Option<Remedy>,
}

impl Line {
    pub fn differs(&self) -> bool {
        self.books != self.other
    }

    /// By how much, without sign.
    pub fn difference(&self) -> Cents {
        let of = |side: Option<Cents>| side.unwrap_or_default().0;
        Cents(of(self.books).saturating_sub(of(self.other)).saturating_abs())
    }
}

/// What a comparison of one day found.
#[derive(Debug, Clone)]
pub struct Compared {
    pub way: Way,
    pub day: String,
    pub lines: Vec<Line>,
}

/// A comparison as it is kept.
#[derive(Debug, Clone, FromRow)]
pub struct Reconciliation {
    pub id: String,
    pub way: Way,
    pub day: String,
    /// Lines that agree, and their cents without sign.
    pub matched: i64,
    pub matched_cents: Cents,
    /// Lines that differ, and by how much.
    pub differing: i64,
    pub differing_cents: Cents,
    pub started_at: Timestamp,
    pub finished_at: Timestamp,
    pub started_by: String,
}

crate::refusals! {
    /// Why a day cannot be compared.
    pub enum Refusal {
        NoDay => Invalid("day") "reconciliation-no-day",
        NotOver => Invalid("day") "reconciliation-not-over",
    }
}

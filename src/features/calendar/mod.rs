//! What happens to a round by its dates: it takes its steps up to the sale, people are reminded of its close, and it may be extended
//! once.
//!
//! A round goes on sale with the projects that are listed by then: their totals are opened in the same transaction, and price, rule
//! and figures stand fixed from then on. Projects that are still being valued stay out; without any listed project the round does
//! not begin to sell, and a case tells the staff. The close itself belongs to `settlement`.
//!
//! While a round sells, one treasurer may propose a later closing instant with a reason and another approve it, once per round.
//! A project that was funded runs from its first day and reports when its months are over.
//!
//! Closing and extending both lock the round and look again: at the same moment one of them wins, and the other finds nothing to do.

pub mod actions;
pub mod carrying_out;
pub mod extension;
pub mod letters;
pub mod reminders;
mod store;

use sqlx::FromRow;

use crate::values::{Lang, Timestamp};

/// The kind of the proposal to extend; its subject is the round.
pub const EXTEND: &str = "rounds.extend";
/// The job that writes to owners and backers of an extended round; its subject is the round.
pub const TELL: &str = "calendar.tell";
/// A round may be extended by at most so many days.
pub const LONGEST_EXTENSION_DAYS: i64 = 30;

crate::refusals! {
    /// Why a round is not extended.
    pub enum Refusal {
        NotSelling => Conflict "extension-not-selling",
        AlreadyExtended => Conflict "extension-already",
        NotLater => Invalid("closes_day") "extension-not-later",
        TooLong => Invalid("closes_day") "extension-too-long",
        ReasonNlMissing => Invalid("reason_nl") "extension-reason-missing",
        ReasonEnMissing => Invalid("reason_en") "extension-reason-missing",
        ReasonNlTooLong => Invalid("reason_nl") "approval-reason-too-long",
        ReasonEnTooLong => Invalid("reason_en") "approval-reason-too-long",
    }
}

/// What a treasurer asks for, and what two people decide on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewExtension {
    pub closes_at: Timestamp,
    pub reason_nl: String,
    pub reason_en: String,
}

/// A round that closes later than it first said.
#[derive(Debug, Clone, FromRow)]
pub struct Extension {
    pub round_id: String,
    pub old_closes_at: Timestamp,
    pub closes_at: Timestamp,
    /// Everybody reads it, in Dutch and in English; an extension from before it was asked for in both has no English one.
    #[sqlx(rename = "reason")]
    pub reason_nl: String,
    pub reason_en: String,
    pub proposed_by: String,
    pub approved_by: String,
    pub approved_at: Timestamp,
}

impl Extension {
    /// Why, in this language; in the other where there is none.
    pub fn reason(&self, lang: Lang) -> &str {
        match lang {
            Lang::En if !self.reason_en.is_empty() => &self.reason_en,
            _ => &self.reason_nl,
        }
    }
}

//! Verifications: figures that somebody checks, because money and trust hang on them.
//!
//! A figure is what a wave found for one indicator. Everything an organisation enters is *declared*; with evidence it is *documented*; what
//! it hands in is *checked* by the team or by a third party, who say what they found: as much as declared, more or less. A figure that
//! was handed in is fixed. Once verified it is never changed, only corrected: with a reason, and checked anew.
//!
//! | verification | what it means for the organisation | how one leaves it |
//! | --- | --- | --- |
//! | `open` | the team looks at the figure | verified, a question, or taken back |
//! | `asked` | the team wants to know something, by a day | answered, or taken back |
//! | `verified` | counts for the result money | disputed within 14 days; corrected |
//! | `disputed` | the organisation says that it is wrong: somebody else of the team decides | verified anew |
//! | `corrected` | the figure was corrected: another verification took its place | never |
//! | `withdrawn` | taken back before it was verified; the figure can be changed again | never |
//!
//! Who is a member of an organisation that carries the project out never checks its figures.

pub mod actions;
pub mod letters;
pub mod personal;
pub mod reminders;
mod store;
pub mod web;

use sqlx::FromRow;

use crate::features::outcomes::PromiseFigure;
use crate::values::Timestamp;

/// The job that looks at what a figure that was decided about is worth; its subject is the project. Served by the noun `results`.
pub const LOOK: &str = "results.look";
/// So many days a verified figure may be disputed.
pub const DISPUTE_DAYS: i64 = 14;
/// The longest question, answer or reason, in characters, and the longest name of a third party.
pub const LONGEST_MESSAGE: usize = 2_000;
pub const LONGEST_CHECKER: usize = 120;

crate::words! {
    pub enum VerificationState {
        Open = "open",
        Asked = "asked",
        Verified = "verified",
        Disputed = "disputed",
        Corrected = "corrected",
        Withdrawn = "withdrawn",
    }
}

crate::life_cycle! {
    VerificationState of "verifications" by "id":
    Open => Asked | Verified | Withdrawn,
    Asked => Open | Withdrawn,
    Verified => Disputed | Corrected,
    Disputed => Verified,
}

crate::words! {
    /// Who checked, from the weakest to the strongest.
    pub enum Level {
        /// A person of the platform's team looked at the evidence.
        StaffChecked = "staff_checked",
        /// Somebody independent of organisation and platform did.
        ThirdParty = "third_party",
    }
}

crate::words! {
    pub enum MessageKind {
        Question = "question",
        Answer = "answer",
        Remark = "remark",
        Dispute = "dispute",
    }
}

crate::refusals! {
    /// Why a figure is not handed in, checked or disputed.
    pub enum Refusal {
        NoRole => Forbidden "verifying-no-role",
        /// A member of an organisation that carries the project out.
        Related => Forbidden "verifying-related",
        /// Who verified it does not decide a dispute about it.
        OwnVerdict => Forbidden "verifying-own-verdict",
        NotMeasured => Conflict "verifying-not-measured",
        HandedIn => Conflict "verifying-handed-in",
        WrongState => Conflict "verifying-wrong-state",
        TooLate => Conflict "verifying-too-late",
        ValueWrong => Invalid("value") "verifying-value-wrong",
        CheckerMissing => Invalid("checker") "verifying-checker-missing",
        /// A third party's word is nothing without a file of it.
        EvidenceMissing => Invalid("level") "verifying-evidence-missing",
        MessageMissing => Invalid("message") "verifying-message-missing",
        DeadlineWrong => Invalid("deadline") "verifying-deadline-wrong",
    }
}

/// A figure that is or was checked.
#[derive(Debug, Clone, FromRow)]
pub struct Verification {
    pub id: String,
    pub project_id: String,
    pub wave_id: String,
    /// The indicator's code.
    pub indicator: String,
    pub state: VerificationState,
    /// A [`Level`]'s word; empty until it is verified.
    pub level: String,
    /// As it was handed in, as the value of a promise: of a ladder the rungs gained.
    pub declared: i64,
    /// What was found, in the same unit.
    pub verified: Option<i64>,
    /// The third party; empty otherwise.
    pub checker: String,
    /// Why the figure was corrected; empty for a first one.
    pub reason: String,
    /// The day by which the organisation answers; empty without a question.
    pub deadline_day: String,
    pub handed_in_by: String,
    pub handed_in_at: Timestamp,
    pub decided_by: Option<String>,
    pub decided_at: Option<Timestamp>,
}

impl Verification {
    pub fn level(&self) -> Option<Level> {
        Level::from_word(&self.level)
    }

    /// Whether the figure still waits for somebody.
    pub fn is_open(&self) -> bool {
        matches!(self.state, VerificationState::Open | VerificationState::Asked | VerificationState::Disputed)
    }

    /// What counts of it: also while it is disputed.
    pub fn counts(&self) -> Option<i64> {
        self.verified.filter(|_| matches!(self.state, VerificationState::Verified | VerificationState::Disputed))
    }

    /// Until when it may be disputed; nothing when it is not verified.
    pub fn dispute_until(&self) -> Option<Timestamp> {
        self.decided_at.filter(|_| self.state == VerificationState::Verified).map(|at| at.plus_days(DISPUTE_DAYS))
    }
}

/// What was said about a verification.
#[derive(Debug, Clone, FromRow)]
pub struct Message {
    pub id: String,
    pub kind: MessageKind,
    pub body: String,
    pub author_id: String,
    pub at: Timestamp,
}

/// What somebody found.
#[derive(Debug, Clone, Copy)]
pub struct Verdict<'a> {
    pub level: Level,
    /// As the value of a promise, scaled.
    pub value: i64,
    /// The third party, as typed.
    pub checker: &'a str,
    /// As typed; may be empty.
    pub remark: &'a str,
}

/// How a promise stands: what counts for the result money.
#[derive(Debug, Clone)]
pub struct Standing {
    pub promise: PromiseFigure,
    /// The promise's value by the newest wave whose figure is verified; also while it is disputed.
    pub verified: Option<i64>,
    pub level: Option<Level>,
    /// Whether a figure of it waits for somebody.
    pub is_open: bool,
}

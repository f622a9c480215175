//! Valuation: experts score a project on its round's criteria, each for themselves, and a meeting sets impact value and threshold.
//!
//! Staff assign at least two experts. Each first says whether there is a conflict of interest; who has one is excluded, and so is
//! without asking whoever is a member of an organisation that carries the project out. Until everybody who is left has handed in,
//! nobody sees any score of somebody else. Then the spread is shown and the meeting held: a reviewer who is none of its experts
//! records the result, a second person confirms it.
//!
//! | review | what it means for the expert | how one leaves it |
//! | --- | --- | --- |
//! | `assigned` | is asked to value the project | says whether there is a conflict; staff ask somebody else |
//! | `open` | without a conflict; scores are a draft that only the expert sees | handed in; a conflict after all; somebody else |
//! | `handed_in` | final | staff give it back with a reason, before a result is recorded |
//! | `excluded` | has a conflict, and never sees a score of others for this project | never |
//! | `removed` | somebody else was asked | assigned again |
//!
//! | result | meaning | next |
//! | --- | --- | --- |
//! | `proposed` | recorded after the meeting | confirmed by a second person, or taken back |
//! | `confirmed` | the project is listed with these figures, or rejected | never |
//! | `withdrawn` | taken back | never |
//!
//! | answer | meaning | next |
//! | --- | --- | --- |
//! | `given` | the owner of a rejected project answered, once | staff uphold the rejection or reopen |
//! | `upheld` | the rejection stays | never |
//! | `reopened` | the project is being valued again and needs a new meeting | never |

mod access;
pub mod criteria;
pub mod letters;
pub mod personal;
pub mod results;
pub mod reviews;
mod spread;
mod store;

#[cfg(test)]
mod tests;

use sqlx::FromRow;

pub use access::{View, view};
pub use spread::{Row, Spread, spread};

use crate::values::{Lang, Rikx, Timestamp};

/// So many experts at least value a project.
pub const LEAST_EXPERTS: usize = 2;
/// So many days the owner of a rejected project may answer.
pub const ANSWER_DAYS: i64 = 14;
/// The longest reason of a score, and the longest reason of a result or answer, in characters.
pub const LONGEST_SCORE_REASON: usize = 2_000;
pub const LONGEST_REASON: usize = 6_000;

crate::words! {
    pub enum ReviewState {
        Assigned = "assigned",
        Open = "open",
        HandedIn = "handed_in",
        Excluded = "excluded",
        Removed = "removed",
    }
}

crate::life_cycle! {
    ReviewState of "valuation_reviews" by "id":
    Assigned => Open | Excluded | Removed,
    Open => HandedIn | Excluded | Removed,
    HandedIn => Open,
    Removed => Assigned | Excluded,
}

crate::words! {
    pub enum ResultState {
        Proposed = "proposed",
        Confirmed = "confirmed",
        Withdrawn = "withdrawn",
    }
}

crate::life_cycle! {
    ResultState of "valuation_results" by "id":
    Proposed => Confirmed | Withdrawn,
}

crate::words! {
    pub enum Verdict {
        Listed = "listed",
        Rejected = "rejected",
    }
}

crate::words! {
    pub enum AnswerState {
        Given = "given",
        Upheld = "upheld",
        Reopened = "reopened",
    }
}

crate::life_cycle! {
    AnswerState of "valuation_answers" by "result_id":
    Given => Upheld | Reopened,
}

crate::refusals! {
    pub enum Refusal {
        NoRole => Forbidden "valuation-no-role",
        NotAnExpert => Invalid("expert") "valuation-not-an-expert",
        AlreadyAssigned => Invalid("expert") "valuation-already-assigned",
        NotInValuation => Conflict "valuation-not-in-valuation",
        RoundNotValuing => Conflict "valuation-round-not-valuing",
        CriteriaFixed => Conflict "valuation-criteria-fixed",
        CriteriaWrong => Conflict "valuation-criteria-wrong",
        NotYours => Forbidden "valuation-not-yours",
        HandedIn => Conflict "valuation-handed-in",
        NotHandedIn => Conflict "valuation-not-handed-in",
        ScoresWrong => Conflict "valuation-scores-wrong",
        ReasonMissing => Invalid("reason") "valuation-reason-missing",
        NotComplete => Conflict "valuation-not-complete",
        OwnExpert => Forbidden "valuation-own-expert",
        ImpactWrong => Invalid("impact") "valuation-impact-wrong",
        ThresholdWrong => Invalid("threshold") "valuation-threshold-wrong",
        ReasonNlMissing => Invalid("reason_nl") "valuation-reason-missing",
        ReasonEnMissing => Invalid("reason_en") "valuation-reason-missing",
        ResultOpen => Conflict "valuation-result-open",
        NoResult => Conflict "valuation-no-result",
        OwnResult => Forbidden "valuation-own-result",
        NotConfirmer => Forbidden "valuation-not-confirmer",
        NotRejected => Conflict "valuation-not-rejected",
        AnswerTooLate => Conflict "valuation-answer-too-late",
        AnsweredAlready => Conflict "valuation-answered-already",
        AnswerMissing => Invalid("answer") "valuation-answer-missing",
        NoAnswer => Conflict "valuation-no-answer",
        RoundUnfit => Invalid("round") "valuation-round-unfit",
    }
}

#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Criterion {
    /// From 1.
    pub position: i64,
    pub name_nl: String,
    pub name_en: String,
    pub guidance_nl: String,
    pub guidance_en: String,
    pub weight_percent: i64,
    pub scale_least: i64,
    pub scale_most: i64,
}

impl Criterion {
    pub fn name(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nl => &self.name_nl,
            Lang::En => &self.name_en,
        }
    }

    pub fn guidance(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nl => &self.guidance_nl,
            Lang::En => &self.guidance_en,
        }
    }

    /// Whether a score lies on its scale.
    pub fn allows(&self, score: i64) -> bool {
        (self.scale_least..=self.scale_most).contains(&score)
    }
}

#[derive(Debug, Clone, FromRow)]
pub struct Review {
    pub id: String,
    pub project_id: String,
    pub round_id: String,
    pub expert_id: String,
    pub state: ReviewState,
    pub conflict_reason: String,
    pub assigned_by: String,
    pub assigned_at: Timestamp,
    pub handed_in_at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Score {
    pub position: i64,
    /// None in a draft that leaves it open.
    pub score: Option<i64>,
    pub reason: String,
}

/// What the meeting decided.
#[derive(Debug, Clone, FromRow)]
pub struct MeetingResult {
    pub id: String,
    pub project_id: String,
    pub round_id: String,
    pub state: ResultState,
    pub verdict: Verdict,
    #[sqlx(rename = "impact_hundredths")]
    pub impact: Rikx,
    #[sqlx(rename = "threshold_hundredths")]
    pub threshold: Rikx,
    #[sqlx(rename = "asked_impact_hundredths")]
    pub asked_impact: Rikx,
    #[sqlx(rename = "asked_threshold_hundredths")]
    pub asked_threshold: Rikx,
    pub reason_nl: String,
    pub reason_en: String,
    pub recorded_by: String,
    pub recorded_at: Timestamp,
    pub decided_by: Option<String>,
    pub decided_at: Option<Timestamp>,
}

impl MeetingResult {
    pub fn reason(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nl => &self.reason_nl,
            Lang::En => &self.reason_en,
        }
    }

    /// Until when the owner may answer; nothing when there is nothing to answer to.
    pub fn answer_until(&self) -> Option<Timestamp> {
        let is_rejection = self.state == ResultState::Confirmed && self.verdict == Verdict::Rejected;
        self.decided_at.filter(|_| is_rejection).map(|at| at.plus_days(ANSWER_DAYS))
    }
}

/// The owner's answer to a rejection.
#[derive(Debug, Clone, FromRow)]
pub struct Answer {
    pub result_id: String,
    pub project_id: String,
    pub state: AnswerState,
    pub body: String,
    pub given_by: String,
    pub given_at: Timestamp,
    pub reason_nl: String,
    pub reason_en: String,
    pub decided_by: Option<String>,
    pub decided_at: Option<Timestamp>,
}

impl Answer {
    pub fn reason(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nl => &self.reason_nl,
            Lang::En => &self.reason_en,
        }
    }
}

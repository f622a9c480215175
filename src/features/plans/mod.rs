//! Plans: how a project begins. A maker writes a plan for a round that takes submissions, in steps and in any order; hands it in when
//! nothing is missing; and talks it over with reviewers until it goes to the experts or is withdrawn.
//!
//! A plan *is* a project row in one of its first states (see [`ProjectState`]); here stands what belongs to its way alone: what was
//! asked for, the point on the map, money from elsewhere, risks, team, the frozen versions and the remarks.
//!
//! | state of a remark | what it means |
//! | --- | --- |
//! | `written` | a reviewer noted it; the owner does not see it yet |
//! | `open` | the plan came back with it; the owner sees it beside its field |
//! | `done` | the owner says that it was dealt with |
//!
//! | state of money from elsewhere | |
//! | --- | --- |
//! | `asked`, `promised`, `received` | how sure it is |

pub mod actions;
pub mod compare;
pub mod content;
pub mod letters;
pub mod lines;
pub mod map;
pub mod personal;
pub mod review;
mod store;
pub mod web;

use sqlx::FromRow;

pub use self::content::{Both, Content, Gap};
pub use self::lines::{Line, Names};
use crate::features::projects::ProjectState;
use crate::features::rounds::{Round, RoundState};
use crate::values::{Cents, Lang, Rikx, Timestamp};

/// The most rows a plan can have of each kind: what fits a form.
pub const MOST_STEPS: usize = 15;
pub const MOST_LINES: usize = 12;
pub const MOST_FUNDERS: usize = 8;
pub const MOST_PROMISES: usize = 10;
pub const MOST_RISKS: usize = 10;
pub const MOST_FUNCTIONS: usize = 12;
/// The longest remark and answer, in characters.
pub const LONGEST_REMARK: usize = 2_000;

crate::words! {
    pub enum CommentState {
        Written = "written",
        Open = "open",
        Done = "done",
    }
}

crate::life_cycle! {
    CommentState of "plan_comments" by "id":
    Written => Open,
    Open => Done,
}

crate::words! {
    pub enum FundingState {
        Asked = "asked",
        Promised = "promised",
        Received = "received",
    }
}

crate::words! {
    /// The parts in which a plan is written; each has a page of its own.
    pub enum Step {
        Texts = "texts",
        People = "people",
        Place = "place",
        Planning = "planning",
        Budget = "budget",
        Promises = "promises",
        Risks = "risks",
        Picture = "picture",
    }
}

impl Step {
    /// Its page within the project's pages in the studio. Texts and picture are the pages that every project has.
    pub fn path(self) -> String {
        match self {
            Step::Texts | Step::Picture => format!("/{self}"),
            _ => format!("/plan/{self}"),
        }
    }
}

crate::words! {
    /// What a plan is made of: a remark is about one of these, and two versions are compared by them.
    pub enum Field {
        Whole = "whole",
        Title = "title",
        Aim = "aim",
        TargetGroup = "target_group",
        Text = "text",
        Contact = "contact",
        Participants = "participants",
        Method = "method",
        Sector = "sector",
        Theme = "theme",
        Tag = "tag",
        Track = "track",
        Function = "function",
        LegalBasis = "legal_basis",
        Partners = "partners",
        Area = "area",
        Point = "point",
        Start = "start",
        Months = "months",
        Steps = "steps",
        Asked = "asked",
        Lines = "lines",
        CoFunding = "co_funding",
        Promises = "promises",
        Risks = "risks",
        Team = "team",
        Picture = "picture",
    }
}

impl Field {
    /// The page on which the owner changes it; nothing for the plan as a whole.
    pub fn step(self) -> Option<Step> {
        use Field as F;
        Some(match self {
            F::Whole => return None,
            F::Title | F::Aim | F::TargetGroup | F::Text | F::Contact => Step::Texts,
            F::Participants
            | F::Method
            | F::Sector
            | F::Theme
            | F::Tag
            | F::Track
            | F::Function
            | F::LegalBasis
            | F::Partners => Step::People,
            F::Area | F::Point => Step::Place,
            F::Start | F::Months | F::Steps => Step::Planning,
            F::Asked | F::Lines | F::CoFunding => Step::Budget,
            F::Promises => Step::Promises,
            F::Risks | F::Team => Step::Risks,
            F::Picture => Step::Picture,
        })
    }

    /// The key of its name.
    pub fn key(self) -> String {
        format!("plans-field-{}", self.as_str().replace('_', "-"))
    }
}

crate::refusals! {
    pub enum Refusal {
        /// The round takes no plans now.
        WindowClosed => Conflict "plans-window-closed",
        AlreadyBegun => Invalid("title") "plans-already-begun",
        /// Something is still missing.
        Incomplete => Conflict "plans-incomplete",
        /// The plan is in another state than this step needs: somebody was first.
        NotNow => Conflict "plans-not-now",
        /// A plan goes back only with at least one remark.
        NoRemarks => Conflict "plans-no-remarks",
        /// A plan is not accepted while remarks wait that nobody has read.
        RemarksWaiting => Conflict "plans-remarks-waiting",
        RemarkEmpty => Invalid("text") "plans-remark-empty",
        RemarkTooLong => Invalid("text") "plans-remark-too-long",
        AnswerTooLong => Invalid("answer") "plans-remark-too-long",
    }
}

/// Money from elsewhere, beside the Rikx.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct CoFunding {
    /// An organisation.
    pub name: String,
    #[sqlx(rename = "amount_cents")]
    pub amount: Cents,
    pub state: FundingState,
}

/// What may go wrong, and what is done about it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Risk {
    pub risk_nl: String,
    pub risk_en: String,
    pub measure_nl: String,
    pub measure_en: String,
}

/// A function in the team, never a person.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct TeamFunction {
    pub name_nl: String,
    pub name_en: String,
}

/// What was asked for, and where.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Asked {
    #[sqlx(rename = "minimum_cents")]
    pub minimum: Cents,
    #[sqlx(rename = "full_cents")]
    pub full: Cents,
    /// Decimal degrees with five decimals; empty without a point on the map.
    pub latitude: String,
    pub longitude: String,
}

/// A plan as it was handed in once.
#[derive(Debug, Clone, FromRow)]
pub struct Version {
    pub id: String,
    pub project_id: String,
    /// From 1.
    pub number: i64,
    /// JSON of a [`Content`].
    pub content: String,
    pub submitted_by: String,
    pub submitted_at: Timestamp,
}

/// A reviewer's remark and what the owner says to it.
#[derive(Debug, Clone, FromRow)]
pub struct Comment {
    pub id: String,
    pub project_id: String,
    pub version: i64,
    pub field: Field,
    pub text: String,
    pub author_id: String,
    pub written_at: Timestamp,
    pub state: CommentState,
    pub answer: String,
    pub answered_at: Option<Timestamp>,
}

/// Whether plans can be begun and handed in for a round at this moment. The instant at which valuation begins counts, whether or not
/// the state has followed yet.
pub fn takes_plans(round: &Round, now: Timestamp) -> bool {
    round.state == RoundState::Submissions && now >= round.submissions_at && now < round.valuation_at
}

/// The whole Rikx that cover an amount: what an owner asks for, until the experts have valued the plan.
pub fn asked_rikx(amount: Cents, unit_price_eur: i64) -> Rikx {
    let price = unit_price_eur.saturating_mul(100).max(1);
    let whole = amount.0.div_euclid(price) + i64::from(amount.0.rem_euclid(price) > 0);
    Rikx(whole.saturating_mul(100))
}

/// The name of a field in a language.
pub fn field_name(lang: Lang, field: Field) -> String {
    crate::infra::texts::text(lang, &field.key())
}

/// Whether a version of this project may be read by the team: it was handed in at least once.
pub fn was_submitted(state: ProjectState, versions: &[Version]) -> bool {
    state != ProjectState::Draft || !versions.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::infra::texts;

    #[test]
    fn f90_whole_rikx_cover_what_is_asked_and_are_less_than_one_above_it() {
        for (cents, rikx) in [(1, 1), (9_999, 1), (10_000, 1), (10_001, 2), (18_640_000, 1_864), (18_640_001, 1_865)] {
            assert_eq!(asked_rikx(Cents(cents), 100), Rikx(rikx * 100), "{cents}");
        }
        assert_eq!(asked_rikx(Cents(60_001), 20), Rikx(3_100));
    }

    #[test]
    fn every_field_and_step_has_a_name_in_both_languages() {
        for lang in Lang::ALL {
            for field in Field::ALL {
                assert!(texts::exists(lang, &field.key()), "{lang} {}", field.key());
            }
            for step in Step::ALL {
                assert!(texts::exists(lang, &format!("plans-step-{step}")), "{lang} {step}");
                assert!(Field::ALL.iter().any(|field| field.step() == Some(*step)), "{step} has fields");
            }
            for state in FundingState::ALL {
                assert!(texts::exists(lang, &format!("plans-funding-{state}")), "{lang} {state}");
            }
            for state in CommentState::ALL {
                assert!(texts::exists(lang, &format!("remark-state-{state}")), "{lang} {state}");
            }
        }
    }
}

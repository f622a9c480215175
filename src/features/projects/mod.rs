//! A project: one activity with a begin and an end, participants, an impact value and a threshold.
//!
//! | state | what it means for the people concerned |
//! | --- | --- |
//! | `draft` | its owner writes it |
//! | `submitted` | handed in; reviewers read it |
//! | `returned` | came back with remarks; its owner changes it and hands it in again |
//! | `in_valuation`, `rejected` | with the experts, or refused by them; like those above not public |
//! | `listed` | on sale while its round sells |
//! | `funded` | the threshold was reached at the close |
//! | `near_miss` | close below the threshold: owner and backers decide |
//! | `failed` | the threshold was not reached; everybody is refunded; it was **not** carried out |
//! | `running`, `reporting` | being carried out; results being gathered |
//! | `completed` | carried out |
//! | `withdrawn`, `terminated` | stopped, before or after it was funded; withdrawn as a plan it stays hidden |

pub mod actions;
pub mod guard;
pub mod letters;
mod parts;
pub mod personal;
pub mod plan;
pub mod shares;
mod store;

use std::borrow::Borrow;

use sqlx::FromRow;

use crate::features::rounds::{Round, RoundState};

pub use self::parts::{
    BudgetLine, Filter, Listing, MOST_WORDS, NewProject, Partner, PlanningStep, Term, TermKind, search_text,
};
use crate::values::{Cents, Lang, Rikx, Timestamp};

crate::words! {
    pub enum ProjectState {
        Draft = "draft",
        Submitted = "submitted",
        Returned = "returned",
        InValuation = "in_valuation",
        Listed = "listed",
        Rejected = "rejected",
        Funded = "funded",
        NearMiss = "near_miss",
        Failed = "failed",
        Running = "running",
        Reporting = "reporting",
        Completed = "completed",
        Withdrawn = "withdrawn",
        Terminated = "terminated",
    }
}

crate::life_cycle! {
    ProjectState of "projects" by "id":
    Draft => Submitted | Withdrawn,
    Submitted => Returned | InValuation | Withdrawn,
    Returned => Draft | Submitted | Withdrawn,
    InValuation => Listed | Rejected | Withdrawn,
    Listed => Funded | NearMiss | Failed | Withdrawn,
    // the owner's answer reopened the valuation
    Rejected => InValuation,
    NearMiss => Funded | Failed | Withdrawn,
    Funded => Running | Terminated,
    Running => Reporting | Terminated,
    Reporting => Completed | Terminated,
}

impl ProjectState {
    /// Whether everybody may see the project.
    pub fn is_public(self) -> bool {
        !matches!(
            self,
            ProjectState::Draft
                | ProjectState::Submitted
                | ProjectState::Returned
                | ProjectState::InValuation
                | ProjectState::Rejected
        )
    }

    /// Whether it is still a plan: being written by its owner, or talked over with reviewers.
    pub fn is_plan(self) -> bool {
        matches!(self, ProjectState::Draft | ProjectState::Submitted | ProjectState::Returned)
    }

    /// Whether the owner may change everything of it: before it is handed in, and when it came back.
    pub fn plan_may_change(self) -> bool {
        matches!(self, ProjectState::Draft | ProjectState::Returned)
    }
}

impl ProjectState {
    /// Whether it was funded and is not over: its money goes out.
    pub fn is_paid(self) -> bool {
        matches!(self, ProjectState::Funded | ProjectState::Running | ProjectState::Reporting)
    }

    /// Whether the owner may change texts and picture: not while experts read them, and not when it is over.
    pub fn texts_may_change(self) -> bool {
        use ProjectState::{Completed, Draft, Funded, Listed, NearMiss, Reporting, Returned, Running};
        matches!(self, Draft | Returned | Listed | NearMiss | Funded | Running | Reporting | Completed)
    }
}

/// What decides whether money for a project counts.
#[derive(Debug, Clone, FromRow)]
pub struct Sale {
    pub project_id: String,
    #[sqlx(rename = "project_state")]
    pub state: ProjectState,
    #[sqlx(flatten)]
    pub round: Round,
    /// Until then the backers of a near miss may add to their pledges.
    pub extended_until: Option<Timestamp>,
}

impl Sale {
    /// Whether anybody may pledge at this moment.
    pub fn sells_at(&self, now: Timestamp) -> bool {
        self.state == ProjectState::Listed && self.round.sells_at(now)
    }

    /// Whether a backer may add to a pledge at this moment.
    pub fn is_extended_at(&self, now: Timestamp) -> bool {
        self.state == ProjectState::NearMiss && self.extended_until.is_some_and(|until| now < until)
    }

    /// Whether money counts that was paid at this moment: before the close and when the list is not yet frozen; for what adds to the
    /// pledge of a near miss, before its term is over.
    pub fn counts(&self, raises: bool, paid_at: Timestamp) -> bool {
        if raises {
            return self.is_extended_at(paid_at);
        }
        self.state == ProjectState::Listed
            && matches!(self.round.state, RoundState::Selling | RoundState::Closing)
            && paid_at < self.round.closes_at
    }
}

crate::refusals! {
    pub enum Refusal {
        /// Somebody else saved since the form was opened.
        ChangedMeanwhile => Conflict "studio-changed-meanwhile",
        /// The state does not allow other texts.
        TextsFixed => Conflict "studio-texts-fixed",
        /// It was handed in: what was promised and asked for does not change any more.
        PlanFixed => Conflict "plans-fixed",
        /// The project is listed: backers rely on the shares.
        SharesFixed => Conflict "shares-fixed",
        /// These partners have not agreed, or said no.
        SharesNotAgreed { who: String } => Conflict "shares-not-agreed-by",
        SharesNotWhole { given: i64 } => Conflict "shares-not-whole",
        /// Another share than the page showed.
        ShareChanged => Conflict "shares-changed",
        ShareReasonMissing => Invalid("reason") "shares-reason-missing",
        ShareReasonTooLong => Invalid("reason") "shares-reason-too-long",
        ShareWrong => Invalid("coalition") "shares-wrong",
        SharesTooMuch { given: i64 } => Invalid("coalition") "shares-too-much",
        NotOfCoalition => Invalid("coalition") "shares-not-of-coalition",
    }
}

/// What the owner writes about a project. Impact value, threshold and budget are not among it: they are fixed by the experts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts {
    pub title_nl: String,
    pub title_en: String,
    pub aim_nl: String,
    pub aim_en: String,
    pub text_nl: String,
    pub text_en: String,
    pub target_group_nl: String,
    pub target_group_en: String,
    pub contact: String,
}

/// A project's picture: a file's id, and what it shows for who cannot see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    pub file_id: Option<String>,
    pub alt_nl: String,
    pub alt_en: String,
}

impl Texts {
    pub fn of(project: &Project) -> Texts {
        Texts {
            title_nl: project.title_nl.clone(),
            title_en: project.title_en.clone(),
            aim_nl: project.aim_nl.clone(),
            aim_en: project.aim_en.clone(),
            text_nl: project.text_nl.clone(),
            text_en: project.text_en.clone(),
            target_group_nl: project.target_group_nl.clone(),
            target_group_en: project.target_group_en.clone(),
            contact: project.contact.clone(),
        }
    }

    /// The texts by the names of their form fields and columns.
    pub fn fields(&self) -> [(&'static str, &str); 9] {
        [
            ("title_nl", &self.title_nl),
            ("title_en", &self.title_en),
            ("aim_nl", &self.aim_nl),
            ("aim_en", &self.aim_en),
            ("text_nl", &self.text_nl),
            ("text_en", &self.text_en),
            ("target_group_nl", &self.target_group_nl),
            ("target_group_en", &self.target_group_en),
            ("contact", &self.contact),
        ]
    }

    /// The fields in which two versions differ.
    pub fn differing(&self, other: &Texts) -> Vec<&'static str> {
        let pairs = self.fields().into_iter().zip(other.fields());
        pairs.filter(|(own, theirs)| own.1 != theirs.1).map(|(own, _)| own.0).collect()
    }
}

#[derive(Debug, Clone, FromRow)]
pub struct Project {
    pub id: String,
    pub slug: String,
    pub number: i64,
    pub organisation_id: String,
    pub coalition_id: Option<String>,
    pub round_id: String,
    pub state: ProjectState,
    pub title_nl: String,
    pub title_en: String,
    pub aim_nl: String,
    pub aim_en: String,
    /// Markdown.
    pub text_nl: String,
    pub text_en: String,
    pub target_group_nl: String,
    pub target_group_en: String,
    pub participants_target: i64,
    #[sqlx(rename = "impact_hundredths")]
    pub impact: Rikx,
    #[sqlx(rename = "threshold_hundredths")]
    pub threshold: Rikx,
    /// A day.
    pub start_day: String,
    pub months: i64,
    pub contact: String,
    pub picture_id: Option<String>,
    pub picture_alt_nl: String,
    pub picture_alt_en: String,
    /// 1: a demo project with an assumed figure.
    pub example: i16,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Project {
    pub fn title(&self, lang: impl Borrow<Lang>) -> &str {
        pick(*lang.borrow(), &self.title_nl, &self.title_en)
    }

    pub fn aim(&self, lang: impl Borrow<Lang>) -> &str {
        pick(*lang.borrow(), &self.aim_nl, &self.aim_en)
    }

    pub fn text(&self, lang: impl Borrow<Lang>) -> &str {
        pick(*lang.borrow(), &self.text_nl, &self.text_en)
    }

    pub fn target_group(&self, lang: impl Borrow<Lang>) -> &str {
        pick(*lang.borrow(), &self.target_group_nl, &self.target_group_en)
    }

    /// The price of the whole impact value: the most that can be pledged.
    pub fn cap(&self, unit_price_eur: i64) -> Cents {
        self.impact.price(unit_price_eur).unwrap_or_default()
    }

    /// The price of the threshold.
    pub fn threshold_price(&self, unit_price_eur: i64) -> Cents {
        self.threshold.price(unit_price_eur).unwrap_or_default()
    }
}

/// The text in this language, or the other one where it is empty.
fn pick<'a>(lang: Lang, nl: &'a str, en: &'a str) -> &'a str {
    let (own, other) = match lang {
        Lang::Nl => (nl, en),
        Lang::En => (en, nl),
    };
    if own.is_empty() { other } else { own }
}

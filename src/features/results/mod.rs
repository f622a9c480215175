//! Result money: what of the money above the threshold a project earned by verified results, and what becomes of the rest.
//!
//! Each promise of a project carries its share of all result money that ever came; the parts sum to it to the cent. Of its part a promise
//! earns what was reached of its target, as verified: nothing below its floor, no more than its cap, never more than the whole part,
//! and rounded down to the cent. A *release* gives the project what was earned and not released before. A promise whose figure is
//! being checked, asked about or disputed waits; the others need not wait for it.
//!
//! An *interim* release gives out what is certain. The *final* one comes when no promise waits for anything: each was verified, in full or
//! after its last day, and nothing is open; or after the late days of the round, when what was not verified counts as nothing. With it
//! the project is completed, every backer gets the letter with the results, and what was not earned goes on by the rule of the round:
//! back to backers and match funds in proportion to what they gave, or to a match fund. What match funds had added goes back to them by
//! either rule.
//!
//! By the rule that lets backers choose, each has two weeks to have their part back or to move it to another project that sells; the final
//! release is carried out in full when the last has chosen or the time is over. A choice stands for a day, in which it may be changed, and is
//! then carried out. What cannot move by then (the round closed, too little room, less than the smallest pledge), and what nobody chose
//! about, goes back; so do the odd cents that buy no hundredth of a Rikx. What was moved is a pledge as any other from then on: of the same
//! person, in the same manner, held until that project is decided. Match funds do not add to it: a fund's money is there to bring in new
//! money, and what was moved came in, and may have been matched, once before. See [`payments::moves`](crate::features::payments::moves).
//!
//! What left never comes back: when a figure is corrected downwards after money went out for it, a case tells the team, and the rest goes
//! on.
//!
//! | release | meaning | next |
//! | --- | --- | --- |
//! | `proposed` | a treasurer asked for it | `approved` by another, `withdrawn`, `expired` |
//! | `approved` | its money is on the way to the makers; of a final one the rest is being given back | `done` |
//! | `done` | all of it is carried out | never |
//! | `withdrawn` | a treasurer took it back | never |
//! | `expired` | nobody approved it in time, or a newer one took its place | never |

pub mod actions;
pub mod carry_out;
pub mod choosing;
mod figures;
pub mod letters;
mod moving;
pub mod personal;
mod plan;
mod reading;
mod store;
mod verify;
pub mod view;

use sqlx::FromRow;

use crate::features::rounds::RemainderRule;
use crate::values::{Cents, Timestamp};

pub use plan::{Earned, Figure, Plan, Why};
pub use reading::{Outlook, Remainder, Row};

/// The kind of the proposal; its subject is the release.
pub const RELEASE: &str = "results.release";
/// The job that tells the backers and carries out what becomes of the rest; its subject is the release.
pub const CARRY_OUT: &str = "results.carry_out";
/// The job of whoever waits for the end: all of a final release is carried out. Its subject is the project.
pub const SETTLED: &str = "results.settled";

crate::words! {
    pub enum Kind {
        Interim = "interim",
        Final = "final",
    }
}

crate::words! {
    pub enum ReleaseState {
        Proposed = "proposed",
        Approved = "approved",
        Done = "done",
        Withdrawn = "withdrawn",
        Expired = "expired",
    }
}

crate::life_cycle! {
    ReleaseState of "releases" by "id":
    Proposed => Approved | Withdrawn | Expired,
    Approved => Done,
}

/// How long backers can choose, by that rule, in days; and how long a choice stands before it is carried out, in hours.
pub const CHOOSE_DAYS: i64 = 14;
pub const STANDS_HOURS: i64 = 24;

crate::words! {
    /// What a backer chose about a part that no result earned.
    pub enum Choice {
        Back = "back",
        Move = "move",
    }
}

/// A backer's part of what no result earned, with what was chosen about it.
#[derive(Debug, Clone, FromRow)]
pub struct ChoiceLine {
    pub release_id: String,
    pub pledge_id: String,
    #[sqlx(rename = "amount_cents")]
    pub amount: Cents,
    pub done_at: Option<Timestamp>,
    pub choose_until: Timestamp,
    /// Nothing yet while somebody is silent.
    pub choice: Option<Choice>,
    /// Where it is to go.
    pub project_id: Option<String>,
    pub chosen_at: Option<Timestamp>,
    /// The pledge it became.
    pub moved_id: Option<String>,
}

impl ChoiceLine {
    /// Whether something can be chosen, or chosen otherwise, at this moment.
    pub fn is_open_at(&self, now: Timestamp) -> bool {
        self.done_at.is_none() && now < self.choose_until
    }
}

crate::refusals! {
    /// Why nothing is chosen about a part that no result earned.
    pub enum NoChoice {
        Nothing => Conflict "rest-nothing",
        TooLate => Conflict "rest-too-late",
        /// The other project does not sell for as long as the choice stands, or has too little room.
        NotThere => Invalid("choice") "rest-not-there",
    }
}

crate::refusals! {
    /// Why no result money is released.
    pub enum Refusal {
        NotFunded => Conflict "results-not-funded",
        StillClosing => Conflict "results-still-closing",
        NoPromises => Conflict "results-no-promises",
        /// The rest of a final release is still being given back.
        UnderWay => Conflict "results-under-way",
        NothingNow => Conflict "results-nothing-now",
        /// A correction of the books left less than was promised out.
        TooLittle => Conflict "results-too-little",
    }
}

/// A decision to release result money.
#[derive(Debug, Clone, FromRow)]
pub struct Release {
    pub id: String,
    pub project_id: String,
    pub kind: Kind,
    pub state: ReleaseState,
    pub hash: String,
    /// Owners and backers read it.
    pub reason: String,
    /// All result money that ever came.
    #[sqlx(rename = "result_cents")]
    pub result: Cents,
    /// Released by this decision, the platform's fee included.
    #[sqlx(rename = "amount_cents")]
    pub amount: Cents,
    pub rule: RemainderRule,
    /// Where the rest goes, by the rule that names one.
    pub fund_id: Option<String>,
    /// Of the rest: what backers gave.
    #[sqlx(rename = "back_cents")]
    pub back: Cents,
    /// What match funds had added.
    #[sqlx(rename = "match_cents")]
    pub matched: Cents,
    /// What belongs to nobody: of pledges that a bank took back.
    #[sqlx(rename = "stays_cents")]
    pub stays: Cents,
    pub proposed_by: String,
    pub proposed_at: Timestamp,
    pub decided_by: Option<String>,
    pub decided_at: Option<Timestamp>,
    pub told_to: String,
    pub finished_at: Option<Timestamp>,
    /// By the rule that lets backers choose: until when.
    pub choose_until: Option<Timestamp>,
}

impl Release {
    /// Whether its money went, or goes, to the makers.
    pub fn is_decided(&self) -> bool {
        matches!(self.state, ReleaseState::Approved | ReleaseState::Done)
    }

    pub fn is_final(&self) -> bool {
        self.kind == Kind::Final
    }
}

/// What a promise earned by a release, as it was frozen.
#[derive(Debug, Clone, FromRow)]
pub struct FrozenPromise {
    pub promise_id: String,
    pub share_percent: i64,
    #[sqlx(rename = "part_cents")]
    pub part: Cents,
    pub target: i64,
    pub verified: Option<i64>,
    pub level: String,
    /// In hundredths of a percent.
    pub reached_points: i64,
    pub why: Why,
    #[sqlx(rename = "due_cents")]
    pub due: Cents,
    #[sqlx(rename = "before_cents")]
    pub before: Cents,
    #[sqlx(rename = "amount_cents")]
    pub amount: Cents,
}

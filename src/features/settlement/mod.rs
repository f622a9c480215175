//! Closing a round: what happens with each project and each pledge, decided by two people and carried out by a job.
//!
//! A treasurer sees the plan (a pure function of what is held), proposes it by its hash, and another treasurer approves that same
//! hash. In the transaction of the approval the plan is computed again under locks and frozen as rows; a job carries the rows out.
//!
//! | state | what it means | how one leaves it |
//! | --- | --- | --- |
//! | `proposed` | one treasurer has asked for this plan, by its hash | approved by another within a day, or expired |
//! | `expired` | too late, or money has moved since: the plan was another one | never; a new proposal is made |
//! | `executing` | approved; the list is frozen and a job carries it out | paused, or done |
//! | `paused` | no new batch begins and no refund that is only due is sent; calls that are under way end | resumed |
//! | `done` | every line is carried out and every refund is final | never |
//!
//! Money up to the threshold of a funded project is start money, the rest is result money; both are split over its pledges exactly.
//! Every pledge of a failed project is refunded whole.
//!
//! What match funds added counts with what backers gave: the decision is by both together, start and result money are split over
//! both, and each match goes the way of its pledge, to the project or back to its fund.
//!
//! A project that misses its threshold closely is a near miss, where the round's rule says so: its pledges wait, and its owner and
//! backers choose (`consents`). When the time for that is over, a later plan of the same round decides it by what is kept: by the same
//! steps, the same two people and the same job. The round stays in closing until none waits.

pub mod actions;
mod board;
pub mod execute;
mod plan;
mod protocol;
mod reading;
mod store;
mod verify;

#[cfg(test)]
pub(crate) mod tests;

use sqlx::FromRow;

pub use board::{Board, board};
pub use plan::{Added, Candidate, LinePlan, MatchPlan, Plan, ProjectPlan, Question, decide, decide_kept, plan};
pub use protocol::{PROTOCOL_HEAD, protocol_page};
pub use verify::verify;

use crate::features::consents::NearMiss;
use crate::values::{Cents, Timestamp};

crate::words! {
    pub enum SettlementState {
        Proposed = "proposed",
        Expired = "expired",
        Executing = "executing",
        Paused = "paused",
        Done = "done",
    }
}

crate::life_cycle! {
    SettlementState of "settlements" by "id":
    Proposed => Expired | Executing,
    Executing => Paused | Done,
    Paused => Executing,
}

crate::words! {
    /// What becomes of a project.
    pub enum Decision {
        /// The threshold is held, to the cent.
        Funded = "funded",
        /// Close below the threshold: owner and backers choose, and a later plan decides.
        NearMiss = "near_miss",
        /// Below the threshold.
        Failed = "failed",
    }
}

crate::words! {
    /// What becomes of a pledge.
    pub enum Effect {
        /// The money belongs to the project.
        Release = "release",
        /// The money goes back.
        Refund = "refund",
        /// Nothing moves yet: the backer is asked.
        Consent = "consent",
    }
}

crate::refusals! {
    /// Why a step of the closing cannot be taken.
    pub enum Refusal {
        NotSelling => Conflict "settlement-not-selling",
        NotClosing => Conflict "settlement-not-closing",
        ReasonMissing => Invalid("reason") "settlement-reason-missing",
        ReasonTooLong => Invalid("reason") "settlement-reason-too-long",
        NotTreasurer => Forbidden "settlement-not-treasurer",
        FactorNotFresh => Forbidden "settlement-factor-not-fresh",
        OwnProposal => Forbidden "settlement-own-proposal",
        Outdated => Conflict "settlement-outdated",
        ProposalExpired => Conflict "settlement-proposal-expired",
        NothingProposed => Conflict "settlement-nothing-proposed",
        AlreadyProposed => Conflict "settlement-already-proposed",
        AlreadyApproved => Conflict "settlement-already-approved",
        NothingDue => Conflict "settlement-nothing-due",
        NotRunning => Conflict "settlement-not-running",
        NotPaused => Conflict "settlement-not-paused",
    }
}

/// How long a proposal can be approved, in seconds.
pub const PROPOSAL_SECONDS: i64 = 24 * 3600;
/// The longest reason, in characters.
pub const LONGEST_REASON: usize = 1_000;
/// The job that carries out a settlement; its subject is the settlement's id.
pub const EXECUTE: &str = "settlement.execute";

/// A proposal and what became of it.
#[derive(Debug, Clone, FromRow)]
pub struct Settlement {
    pub id: String,
    pub round_id: String,
    pub state: SettlementState,
    /// Over the canonical list of decisions and effects.
    pub hash: String,
    pub reason: String,
    pub proposed_by: String,
    pub proposed_at: Timestamp,
    /// Until then the proposal can be approved.
    pub expires_at: Timestamp,
    pub approved_by: Option<String>,
    pub approved_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
}

/// What match funds added to the held pledges of a project, and what becomes of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, FromRow)]
pub struct Funds {
    #[sqlx(rename = "matched_cents")]
    pub matched: Cents,
    /// Of the money up to the threshold.
    #[sqlx(rename = "match_start_cents")]
    pub start: Cents,
    /// Of the money above the threshold.
    #[sqlx(rename = "match_result_cents")]
    pub result: Cents,
    /// Back to the funds.
    #[sqlx(rename = "match_return_cents")]
    pub returned: Cents,
}

/// The decision on a project as it was frozen. Amounts are those of backers; what funds added stands apart.
#[derive(Debug, Clone, FromRow)]
pub struct Decided {
    pub project_id: String,
    pub decision: Decision,
    #[sqlx(rename = "threshold_cents")]
    pub threshold: Cents,
    /// Held when it was decided.
    #[sqlx(rename = "held_cents")]
    pub held: Cents,
    /// Money up to the threshold.
    #[sqlx(rename = "start_cents")]
    pub start: Cents,
    /// Money above the threshold.
    #[sqlx(rename = "result_cents")]
    pub result: Cents,
    /// Money that goes back.
    #[sqlx(rename = "refund_cents")]
    pub refund: Cents,
    pub pledges: i64,
    /// Different people with held money when it was decided.
    pub backers: i64,
    #[sqlx(flatten)]
    pub funds: Funds,
    pub decided_at: Timestamp,
}

impl Decided {
    /// A near miss as its plan found it: everything waits.
    fn found(miss: NearMiss, matched: Cents, decided_at: Timestamp) -> Decided {
        Decided {
            project_id: miss.project_id,
            decision: Decision::NearMiss,
            threshold: miss.threshold,
            held: miss.held,
            start: Cents::ZERO,
            result: Cents::ZERO,
            refund: Cents::ZERO,
            pledges: miss.pledges,
            backers: miss.backers,
            funds: Funds { matched, ..Funds::default() },
            decided_at,
        }
    }

    /// Held money that no line moves.
    pub fn waits(&self) -> Cents {
        Cents(self.held.0 - self.start.0 - self.result.0 - self.refund.0)
    }
}

/// The person who takes a step, as known from the session.
#[derive(Debug, Clone, Copy)]
pub struct Treasurer<'a> {
    pub user_id: &'a str,
    /// Until then the second factor counts as fresh.
    pub fresh_until: Timestamp,
}

/// What is not finished in a round; a proposal accepts what is not zero with its reason.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Readiness {
    /// Payments at whose page somebody may still pay.
    pub open_sessions: i64,
    /// Payments the bank has, with an unknown outcome.
    pub processing: i64,
    pub disputes: i64,
    /// Refunds of cancelled or late money that are not final.
    pub refunds: i64,
    /// Projects whose held pledges differ from the books, held pledges of projects that are not for sale, money in suspense.
    pub differences: i64,
}

impl Readiness {
    /// Each part with the last part of its text key and the staff page that lists it.
    pub fn parts(&self) -> [(&'static str, i64, &'static str); 5] {
        [
            ("open-sessions", self.open_sessions, "/staff/payments?state=open"),
            ("processing", self.processing, "/staff/payments?state=processing"),
            ("disputes", self.disputes, "/staff/pledges?state=disputed"),
            ("refunds", self.refunds, "/staff/refunds"),
            ("differences", self.differences, "/staff/payments?state=succeeded"),
        ]
    }

    /// Whether nothing has to be accepted.
    pub fn is_clear(&self) -> bool {
        self.parts().iter().all(|(_, count, _)| *count == 0)
    }
}

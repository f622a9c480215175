//! Two people: one proposes what shall happen with money, another approves exactly that.
//!
//! The noun that carries it out writes all that would happen into a canonical text; the hash over it is shown, posted back and
//! compared. The approver needs the role at that moment, a fresh second factor, and must be somebody else, which the database
//! checks once more. Approving and carrying out are one transaction of the caller.
//!
//! The kind says whose decision it is ([`role_of`]): what is about people is for admins, everything else is about money and for
//! treasurers.
//!
//! | state | meaning | next |
//! | --- | --- | --- |
//! | `proposed` | one person asked for it | approved by another within a day, withdrawn, or expired |
//! | `approved` | another approved; it was carried out in the same transaction | never |
//! | `withdrawn` | somebody took it back | never |
//! | `expired` | nobody approved it in time, or a newer proposal took its place | never |

pub mod actions;
pub mod personal;
mod store;

use sqlx::FromRow;

use crate::features::users::StaffRole;
use crate::values::Timestamp;

crate::words! {
    pub enum ProposalState {
        Proposed = "proposed",
        Approved = "approved",
        Withdrawn = "withdrawn",
        Expired = "expired",
    }
}

crate::life_cycle! {
    ProposalState of "proposals" by "id":
    Proposed => Approved | Withdrawn | Expired,
}

crate::refusals! {
    /// Why something cannot be proposed or approved.
    pub enum Refusal {
        ReasonMissing => Invalid("reason") "approval-reason-missing",
        ReasonTooLong => Invalid("reason") "approval-reason-too-long",
        NoRole => Forbidden "approval-no-role",
        FactorNotFresh => Forbidden "approval-factor-not-fresh",
        OwnProposal => Forbidden "approval-own-proposal",
        Outdated => Conflict "approval-outdated",
        Expired => Conflict "approval-expired",
        NothingProposed => Conflict "approval-nothing-proposed",
        AlreadyProposed => Conflict "approval-already-proposed",
    }
}

/// How long a proposal can be approved, in seconds.
pub const PROPOSAL_SECONDS: i64 = 24 * 3600;
/// The longest reason, in characters.
pub const LONGEST_REASON: usize = 1_000;

/// The role that proposes and approves this kind.
pub fn role_of(kind: &str) -> StaffRole {
    if kind.starts_with("people.") { StaffRole::Admin } else { StaffRole::Treasurer }
}

/// The person who takes a step, as known from the session.
#[derive(Debug, Clone, Copy)]
pub struct Decider<'a> {
    pub user_id: &'a str,
    /// Until then the second factor counts as fresh.
    pub fresh_until: Timestamp,
}

/// What is proposed.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// A word of the noun that carries it out, such as `transfers.batch`.
    pub kind: &'static str,
    pub subject_id: &'a str,
    /// All that would happen, the same text for the same effects.
    pub content: &'a str,
    /// As typed.
    pub reason: &'a str,
}

#[derive(Debug, Clone, FromRow)]
pub struct Proposal {
    pub id: String,
    pub kind: String,
    pub subject_id: String,
    pub content: String,
    pub hash: String,
    pub reason: String,
    pub state: ProposalState,
    pub proposed_by: String,
    pub proposed_at: Timestamp,
    pub expires_at: Timestamp,
    pub decided_by: Option<String>,
    pub decided_at: Option<Timestamp>,
}

//! An owner takes a project back before it is funded: it stops selling at once, open payments are ended, everything held is
//! refunded, and so is money that still comes.
//!
//! A plan that is not handed on to the experts has a way of its own (`plans`). One that is with the experts stays out of sight.
//!
//! The project is withdrawn in one transaction; a job makes the refunds due after it, a batch in each transaction. A project that a
//! plan has decided can no longer be taken back by its owner: the approval of a plan locks the round first, as this does.

pub mod actions;
pub mod letters;
mod store;

use sqlx::FromRow;

use crate::features::projects::ProjectState;
use crate::values::Timestamp;

/// The job that makes the refunds due; its subject is the project.
pub const CARRY_OUT: &str = "withdrawals.carry_out";
/// The job that ends a round when nothing of it is left to come; its subject is the round. Served by the noun `settlement`.
pub const SETTLE: &str = "settlement.settle";
/// The longest reason, in characters.
pub const LONGEST_REASON: usize = 1_000;

crate::refusals! {
    /// Why a project is not taken back.
    pub enum Refusal {
        StillPlan => Conflict "withdraw-still-plan",
        NotOwner => Forbidden "withdraw-not-owner",
        Funded => Conflict "withdraw-funded",
        Over => Conflict "withdraw-over",
        ReasonMissing => Invalid("reason") "withdraw-reason-missing",
        ReasonTooLong => Invalid("reason") "withdraw-reason-too-long",
    }
}

/// A project that was taken back.
#[derive(Debug, Clone, FromRow)]
pub struct Withdrawal {
    pub project_id: String,
    /// Backers read it.
    pub reason: String,
    pub withdrawn_by: String,
    pub withdrawn_at: Timestamp,
    /// When everything held was made due back.
    pub finished_at: Option<Timestamp>,
}

/// Why a project in this state cannot be taken back; nothing when it can.
pub fn obstacle(state: ProjectState) -> Option<Refusal> {
    use ProjectState::{Funded, Reporting, Running};
    if state.is_plan() {
        return Some(Refusal::StillPlan);
    }
    if state.may_become(ProjectState::Withdrawn) {
        return None;
    }
    Some(if matches!(state, Funded | Running | Reporting) { Refusal::Funded } else { Refusal::Over })
}

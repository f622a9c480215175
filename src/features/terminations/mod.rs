//! Stopping a project after it was funded. What has not been paid out goes back to its backers, to each in proportion to what they
//! gave; what was paid out is spent. What match funds had added goes back to them in the same proportion.
//!
//! One treasurer proposes with a reason, another approves exactly the list of what each backer gets back. From then on nothing more
//! is paid to the project, the list is frozen, and a job makes the refunds due, a batch in each transaction. A backer who got all
//! back has a refunded pledge; one who got a part keeps a released pledge with the part noted as returned.
//!
//! A project can be stopped as soon as the plan that decided it is carried out to its last line. Other projects of its round may still
//! wait as near misses: nothing of them is touched, and the round ends when these refunds have ended too.
//!
//! A pledge whose payment is or was disputed after the release is left out: its bank decides, and the loss is the foundation's.

pub mod actions;
pub mod carry_out;
pub mod letters;
mod plan;
mod store;

use sqlx::FromRow;

use crate::values::{Cents, Timestamp};

pub use plan::{Line, Plan};

/// The kind of the proposal; its subject is the project.
pub const STOP: &str = "projects.stop";
/// The job that makes the refunds due; its subject is the termination.
pub const CARRY_OUT: &str = "terminations.carry_out";

crate::refusals! {
    /// Why a project is not stopped.
    pub enum Refusal {
        NotFunded => Conflict "stop-not-funded",
        StillClosing => Conflict "stop-still-closing",
        TranchesOpen => Conflict "stop-tranches-open",
    }
}

/// A project that was stopped.
#[derive(Debug, Clone, FromRow)]
pub struct Termination {
    pub id: String,
    pub project_id: String,
    pub hash: String,
    /// Backers and owners read it.
    pub reason: String,
    #[sqlx(rename = "start_cents")]
    pub start: Cents,
    #[sqlx(rename = "result_cents")]
    pub result: Cents,
    /// What goes back to match funds, apart from the backers'.
    #[sqlx(rename = "match_start_cents")]
    pub match_start: Cents,
    #[sqlx(rename = "match_result_cents")]
    pub match_result: Cents,
    pub proposed_by: String,
    pub approved_by: String,
    pub approved_at: Timestamp,
    pub finished_at: Option<Timestamp>,
}

impl Termination {
    /// All that goes back to backers.
    pub fn total(&self) -> Cents {
        Cents(self.start.0 + self.result.0)
    }

    /// All that goes back to match funds.
    pub fn to_funds(&self) -> Cents {
        Cents(self.match_start.0 + self.match_result.0)
    }
}

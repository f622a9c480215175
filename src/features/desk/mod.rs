//! The desk of the platform's team: lists that somebody kept ([`views`]), and one deed done to many things ([`bulk`]).
//!
//! A view is the address of a list under a name, for its owner alone.
//!
//! A bulk run is prepared from chosen rows, shown with what would happen to each, and confirmed with a reason by whoever prepared it. Then
//! a job does it, one thing and one transaction after another, so that it can be stopped at any instant and goes on where it was. Only
//! deeds that move no money can be done to many; what is decided about money is decided one by one. Owners are reminded of what waits for
//! them ([`remind`]) at most once a day for each project.
//!
//! | state of a run | what it means | how one leaves it |
//! | --- | --- | --- |
//! | prepared | nothing happened yet | its maker confirms or drops it |
//! | running | the job does it | the last line is done |
//! | done, dropped | over | never |

pub mod bulk;
pub mod letters;
pub mod personal;
pub mod remind;
mod store;
pub mod views;

use sqlx::FromRow;

use crate::values::Timestamp;

/// The job that carries a run out; its subject is the run.
pub const CARRY_OUT: &str = "desk.bulk";

crate::refusals! {
    /// Why a view cannot be kept, or a run not be prepared or confirmed.
    pub enum Refusal {
        NameMissing => Invalid("name") "views-name-missing",
        NameTooLong => Invalid("name") "views-name-long",
        NameTaken => Invalid("name") "views-name-taken",
        TooManyViews => Conflict "views-too-many",
        NothingChosen => Conflict "bulk-nothing-chosen",
        NotPrepared => Conflict "bulk-not-prepared",
        /// Only whoever prepared a run confirms or drops it.
        NotOwn => Forbidden "bulk-not-own",
        NoRole => Forbidden "bulk-no-role",
        /// The thing is no longer there.
        Gone => NotFound "bulk-gone",
        /// Nothing of a project waits for its owner.
        NothingWaits => Conflict "remind-nothing",
        RemindedToday => Conflict "remind-today",
    }
}

/// A list that somebody kept.
#[derive(Debug, Clone, FromRow)]
pub struct View {
    pub id: String,
    pub list: String,
    pub name: String,
    pub query: String,
    pub created_at: Timestamp,
}

crate::words! {
    pub enum RunState {
        Prepared = "prepared",
        Running = "running",
        Done = "done",
        Dropped = "dropped",
    }
}

crate::life_cycle! {
    RunState of "bulk_runs" by "id":
    Prepared => Running | Dropped,
    Running => Done,
}

crate::words! {
    pub enum BulkLineState {
        Waiting = "waiting",
        Done = "done",
        Refused = "refused",
    }
}

crate::life_cycle! {
    BulkLineState of "bulk_lines" by "id":
    Waiting => Done | Refused,
}

crate::words! {
    /// What can be done to many things.
    pub enum Deed {
        /// Cases that need no posting are closed with an explanation.
        CloseCases = "close_cases",
        /// Notes beside figures are shown to everybody.
        ShowNotes = "show_notes",
        /// Files that support figures are accepted.
        AcceptEvidence = "accept_evidence",
        /// Cases are given to somebody of the team.
        AssignCases = "assign_cases",
        /// Owners get a letter about what waits for them.
        RemindOwners = "remind_owners",
    }
}

/// A deed for many things.
#[derive(Debug, Clone, FromRow)]
pub struct Run {
    pub id: String,
    pub kind: Deed,
    pub state: RunState,
    pub made_by: String,
    pub made_at: Timestamp,
    pub reason: String,
    /// To whom things are assigned; empty where nothing is.
    pub target: String,
    pub started_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
}

/// One of its things.
#[derive(Debug, Clone, FromRow)]
pub struct Line {
    pub id: String,
    pub position: i64,
    pub subject_id: String,
    pub state: BulkLineState,
    /// The key of the sentence why not.
    pub refusal: String,
}

/// How many lines of a run are in each state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub waiting: i64,
    pub done: i64,
    pub refused: i64,
}

impl Tally {
    pub fn all(self) -> i64 {
        self.waiting + self.done + self.refused
    }
}

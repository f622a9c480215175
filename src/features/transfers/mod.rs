//! Money that leaves by bank: a refund of a transfer, a claim, a return to its sender, a tranche, what is left of a
//! match fund. Each is one credit transfer.
//!
//! | state | meaning | next |
//! | --- | --- | --- |
//! | `planned` | must be paid; waits for the next file | `batched`, `cancelled` |
//! | `batched` | stands in a file that two people decide on | `sent`; `planned` when the file is withdrawn |
//! | `sent` | the file is at the bank | `confirmed`; what comes back had left before |
//! | `confirmed` | the bank's statement shows it; the books say so too | `returned` |
//! | `returned` | the receiver's bank sent it back | never; a new one is planned |
//! | `cancelled` | no longer needed | never |

//!
//! | batch | meaning | next |
//! | --- | --- | --- |
//! | `proposed` | a treasurer chose these transfers | `approved` by another, `withdrawn` |
//! | `approved` | the file can be downloaded and brought to the bank | `sent`; `withdrawn` while nobody downloaded it |
//! | `sent` | the bank has it | `confirmed` |
//! | `confirmed` | the statement shows every line, or its return | never |
//! | `withdrawn` | its transfers are planned again | never |
//!
//! The bank's statement decides: [`actions::confirm`] and [`actions::returned`] move a transfer, the books and what was paid
//! together. A tranche is moved by the noun of payouts, which is asked by a job.

pub mod actions;
mod batches;
mod outcome;
pub mod personal;
mod store;

use sqlx::FromRow;

use crate::values::{Cents, Timestamp};

crate::words! {
    pub enum TransferState {
        Planned = "planned",
        Batched = "batched",
        Sent = "sent",
        Confirmed = "confirmed",
        Returned = "returned",
        Cancelled = "cancelled",
    }
}

crate::life_cycle! {
    TransferState of "transfers" by "id":
    Planned => Batched | Cancelled,
    Batched => Planned | Sent,
    Sent => Confirmed,
    Confirmed => Returned,
}

crate::words! {
    pub enum BatchState {
        Proposed = "proposed",
        Approved = "approved",
        Sent = "sent",
        Confirmed = "confirmed",
        Withdrawn = "withdrawn",
    }
}

crate::life_cycle! {
    BatchState of "transfer_batches" by "id":
    Proposed => Approved | Withdrawn,
    Approved => Sent | Withdrawn,
    Sent => Confirmed,
}

crate::refusals! {
    /// Why a file of transfers cannot be made, or moved on.
    pub enum Refusal {
        NothingChosen => Invalid("ids") "transfers-nothing-chosen",
        NotPlanned => Conflict "transfers-not-planned",
        NotApproved => Conflict "transfers-not-approved",
        NotDownloaded => Conflict "transfers-not-downloaded",
        NotWithdrawable => Conflict "transfers-not-withdrawable",
    }
}

/// The kind of proposal by which a file is approved.
pub const BATCH: &str = "transfers.batch";
/// The job that tells the noun of payouts that the transfer of a tranche moved; its subject is the tranche.
pub const TRANCHE_MOVED: &str = "payouts.moved";
/// The most transfers in one file.
pub const MOST_IN_BATCH: usize = 5_000;

crate::words! {
    /// What is paid.
    pub enum Purpose {
        /// A refund of a pledge that was paid by bank; the subject is the refund.
        Refund = "refund",
        /// A refund that could not arrive, to the account its backer gave; the subject is the refund.
        Claim = "claim",
        /// Money nobody could place, back to its sender; the subject is the line of the bank's statement.
        Return = "return",
        /// A payout to an organisation; the subject is the tranche.
        Tranche = "tranche",
        /// What is left of an ended match fund, to its giver; the subject is the give-back.
        GiveBack = "give_back",
    }
}

/// What is to be paid.
#[derive(Debug, Clone)]
pub struct NewTransfer<'a> {
    pub purpose: Purpose,
    pub subject_id: &'a str,
    /// Checked, without spaces.
    pub iban: &'a str,
    /// Of the account's holder, at most 70 characters.
    pub name: &'a str,
    pub amount: Cents,
    /// What the receiver reads, at most 140 characters.
    pub remittance: &'a str,
}

#[derive(Debug, Clone, FromRow)]
pub struct Transfer {
    pub id: String,
    pub purpose: Purpose,
    pub subject_id: String,
    pub iban: String,
    pub name: String,
    #[sqlx(rename = "amount_cents")]
    pub amount: Cents,
    pub remittance: String,
    pub state: TransferState,
    pub batch_id: Option<String>,
    pub created_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    /// Of a tranche: the project, and the organisation to whom the books owe it.
    pub project_id: Option<String>,
    pub organisation_id: Option<String>,
    /// Of a tranche: what the platform keeps beside it.
    #[sqlx(rename = "fee_cents")]
    pub fee: Cents,
    /// The line of the bank's statement that shows it, and the one by which it came back.
    pub line_id: Option<String>,
    pub return_line_id: Option<String>,
    pub return_reason: Option<String>,
}

impl Transfer {
    /// Its reference at the bank: the id without the underscore, 35 characters.
    pub fn end_to_end_id(&self) -> String {
        self.id.replacen('_', "", 1)
    }
}

#[derive(Debug, Clone, FromRow)]
pub struct Batch {
    pub id: String,
    pub state: BatchState,
    pub transfers: i64,
    #[sqlx(rename = "amount_cents")]
    pub amount: Cents,
    pub execution_day: String,
    pub proposed_by: String,
    pub proposed_at: Timestamp,
    pub approved_by: Option<String>,
    pub approved_at: Option<Timestamp>,
    pub downloaded_at: Option<Timestamp>,
    pub sent_by: Option<String>,
    pub sent_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
}

//! Money that leaves by bank: a refund of a transfer, a claim, a return to its sender, a tranche. Each is one credit transfer.
//!
//! | state | meaning | next |
//! | --- | --- | --- |
//! | `planned` | must be paid; waits for the next file | `batched`, `cancelled` |
//! | `batched` | stands in a file that two people decide on | `sent`; `planned` when the file is withdrawn |
//! | `sent` | the file is at the bank | `confirmed`, `returned` |
//! | `confirmed` | the bank's statement shows it; the books say so too | `returned` |
//! | `returned` | the receiver's bank sent it back | never; a new one is planned |
//! | `cancelled` | no longer needed | never |

pub mod actions;
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
}

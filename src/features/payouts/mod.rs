//! Payouts: money that is an organisation's by the books leaves in tranches, each decided by two treasurers.
//!
//! A decision names an amount of a project's money; it is split exactly over the organisations that carry the project out, by
//! their shares. Every tranche is guarded by the row of `payable_totals`: the database refuses more than ever became payable.
//!
//! Where the round has a fee for the platform, each tranche gives it its part: `fee_of` what the organisation's share is, the rest is
//! sent, and both are booked by the posting that books the payout. A tranche that comes back gives the fee back too. So the fee is
//! taken of money that reached a project and of nothing else: what goes back to backers and funds, of a failed project or of what
//! is left of a stopped one, goes back whole.
//!
//! | tranche | meaning | next |
//! | --- | --- | --- |
//! | `planned` | its amount is set aside | `proposed` |
//! | `proposed` | a treasurer asked for it | `approved` by another, `withdrawn` |
//! | `approved` | will be paid as soon as there is a way: a connected account, or a bank account that was checked | `sent` |
//! | `sent` | the file is at the bank, or the provider was asked | `confirmed` |
//! | `confirmed` | the statement or the provider shows it | `returned` |
//! | `returned` | it came back: the money is payable again | never |
//! | `withdrawn` | its proposal was taken back: the money is payable again | never |
//!
//! | bank account | meaning | next |
//! | --- | --- | --- |
//! | `entered` | an owner typed it; all owners were told by mail | `verified` by two treasurers, `withdrawn` |
//! | `verified` | payouts go there; when it replaced another, not before three days after it was entered | `replaced`, `withdrawn` |
//! | `replaced` | a newer one was verified | never |
//! | `withdrawn` | an owner took it back, or entered another | never |

pub mod accounts;
pub mod actions;
pub mod connected;
pub mod give_back;
pub mod letters;
pub mod pay;
pub mod personal;
pub mod plan;
pub mod plan_form;
pub mod provider;
mod shares;
mod store;

use sqlx::FromRow;

use crate::values::{Cents, Iban, Timestamp};

crate::words! {
    pub enum TrancheState {
        Planned = "planned",
        Proposed = "proposed",
        Approved = "approved",
        Sent = "sent",
        Confirmed = "confirmed",
        Returned = "returned",
        Withdrawn = "withdrawn",
    }
}

crate::life_cycle! {
    TrancheState of "tranches" by "id":
    Planned => Proposed,
    Proposed => Approved | Withdrawn,
    Approved => Sent,
    Sent => Confirmed,
    Confirmed => Returned,
}

crate::words! {
    /// Which of a project's money it is.
    pub enum TrancheKind {
        /// Up to the threshold: what the project needs to begin.
        Start = "start",
        /// For results that were verified.
        Result = "result",
    }
}

crate::words! {
    pub enum AccountState {
        Entered = "entered",
        Verified = "verified",
        Replaced = "replaced",
        Withdrawn = "withdrawn",
    }
}

crate::life_cycle! {
    AccountState of "organisation_accounts" by "id":
    Entered => Verified | Withdrawn,
    Verified => Replaced | Withdrawn,
}

crate::words! {
    /// How an organisation's account at the provider stands.
    pub enum ConnectedState {
        Asked = "asked",
        Incomplete = "incomplete",
        Verified = "verified",
    }
}

crate::life_cycle! {
    ConnectedState of "connected_accounts" by "organisation_id":
    Asked => Incomplete,
    Incomplete => Verified,
    Verified => Incomplete,
}

crate::refusals! {
    /// Why something is not paid out, or an account not taken.
    pub enum Refusal {
        TooMuch => Invalid("amount") "payouts-too-much",
        NotPayable => Conflict "payouts-not-payable",
        NotProposed => Conflict "payouts-not-proposed",
        NoSuchAccount => Conflict "payouts-no-such-account",
        /// The fixed plan holds it back for its parts.
        PlanCovers => Invalid("amount") "payouts-plan-covers",
        PlanNotPossible => Conflict "payplan-not-possible",
        /// The parts are not what can be given out now.
        PlanOutdated => Conflict "payplan-outdated",
        PlanOpen => Conflict "payplan-open",
        NoPlan => Conflict "payplan-none",
        PartNotReady => Conflict "payplan-part-not-ready",
        PartGiven => Conflict "payplan-part-given",
        WordMissing => Invalid("word") "payplan-word-missing",
        AccountNotVerified => Conflict "payplan-account-not-verified",
        NoAccountYet => Conflict "payouts-no-account-yet",
    }
}

/// The kinds of proposals: a decision on tranches, and an organisation's bank account.
pub const TRANCHES: &str = "payouts.tranches";
pub const ACCOUNT: &str = "payouts.account";
/// The kind by which what is left of an ended match fund goes back to its giver.
pub const GIVE_BACK: &str = "match.give_back";
/// The job that finds the way for an approved tranche; its subject is the tranche.
pub const PAY: &str = "payouts.pay";
/// The job that tells backers that money moved; its subject is the tranche.
pub const TOLD: &str = "payouts.told";
/// How long a changed bank account waits before anything is paid to it, in seconds: three days.
pub const COOL_DOWN_SECONDS: i64 = 72 * 3_600;

#[derive(Debug, Clone, FromRow)]
pub struct Tranche {
    pub id: String,
    pub decision_id: String,
    pub project_id: String,
    /// Who gets it.
    pub organisation_id: String,
    /// To whom the books owe it.
    pub owed_to: String,
    pub kind: TrancheKind,
    /// What is sent.
    #[sqlx(rename = "amount_cents")]
    pub amount: Cents,
    /// What the platform keeps beside it.
    #[sqlx(rename = "fee_cents")]
    pub fee: Cents,
    pub reason: String,
    pub state: TrancheState,
    /// `bank`, `provider`, or empty while it is not known.
    pub way: String,
    pub provider_id: Option<String>,
    pub generation: i64,
    /// Why an approved one is not on its way: the last part of a text's key, `payouts-waits-…`; empty when it is.
    pub waits_for: String,
    pub planned_by: String,
    pub created_at: Timestamp,
    pub sent_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
}

impl Tranche {
    /// What of the project's money it takes: the amount and the fee.
    pub fn gross(&self) -> Cents {
        Cents(self.amount.0 + self.fee.0)
    }
}

/// Where an organisation wants its money.
#[derive(Debug, Clone, FromRow)]
pub struct OrganisationAccount {
    pub id: String,
    pub organisation_id: String,
    pub iban: String,
    pub holder: String,
    pub state: AccountState,
    pub entered_by: String,
    pub entered_at: Timestamp,
    pub usable_at: Timestamp,
    pub verified_at: Option<Timestamp>,
}

impl OrganisationAccount {
    /// In groups of four.
    pub fn grouped(&self) -> String {
        Iban::parse(&self.iban).map_or_else(|| self.iban.clone(), |iban| iban.grouped())
    }

    pub fn masked(&self) -> String {
        Iban::parse(&self.iban).map(|iban| iban.masked()).unwrap_or_default()
    }
}

/// An organisation's own account at the provider.
#[derive(Debug, Clone, FromRow)]
pub struct Connected {
    pub organisation_id: String,
    /// Empty until the provider has answered.
    pub provider_id: Option<String>,
    pub state: ConnectedState,
    pub generation: i64,
    pub created_at: Timestamp,
    pub checked_at: Option<Timestamp>,
}

/// What of a project's money an organisation can still be given.
#[derive(Debug, Clone)]
pub struct Payable {
    pub project_id: String,
    /// To whom the books owe it.
    pub organisation_id: String,
    /// All that ever became payable.
    pub payable: Cents,
    /// In tranches that are neither withdrawn nor returned.
    pub given: Cents,
}

impl Payable {
    pub fn left(&self) -> Cents {
        Cents((self.payable.0 - self.given.0).max(0))
    }
}

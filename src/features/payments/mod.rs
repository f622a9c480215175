//! Money asked and received for a pledge, and money sent back.
//!
//! A row is written before every call to the bank's side; the call carries a key made of the row's id and generation. Webhook,
//! return page, poller and staff all end in one function, [`actions::refresh`], which reads the payment at the provider and
//! applies what it finds. It can be called at any time, any number of times, in any order.
//!
//! | payment | meaning | next |
//! | --- | --- | --- |
//! | `created` | the row stands, the bank's page not yet | `open` |
//! | `open` | the backer can pay | any of the rest |
//! | `processing` | the bank has it; days for some methods | `succeeded`, `failed` |
//! | `succeeded` | the money is there | never |
//! | `failed`, `expired` | nothing was paid | `succeeded` when money comes after all |
//!
//! | refund | meaning | next |
//! | --- | --- | --- |
//! | `due` | decided, not yet asked of the provider | `requested` |
//! | `requested` | a worker is asking, or was when it stopped | the rest |
//! | `pending` | accepted, on its way, or waiting for money in the provider's balance | `succeeded`, `failed` |
//! | `succeeded` | sent back | `failed` when the bank returns it |
//! | `failed` | it could not arrive; the money is kept as unclaimed | `unclaimed` when the backer was asked for an account |
//! | `unclaimed` | the backer was asked for an account; once given, two treasurers pay it | `paid_by_bank` |
//! | `paid_by_bank` | the bank's statement shows it | `unclaimed` when the receiver's bank sends it back |
//! | `stopped` | the backer asked their bank instead: the dispute decides | `due` when it is won |

pub mod actions;
pub mod balance;
pub mod by_bank;
mod checkout;
pub mod disputes;
pub mod events;
pub mod fraud;
pub mod incoming;
pub mod letters;
pub mod line;
pub mod moves;
pub mod personal;
pub mod refunds;
pub mod shield;
mod store;
pub mod strays;
pub mod webhook;

use sqlx::FromRow;

use crate::values::{Cents, Timestamp};

crate::words! {
    pub enum PaymentState {
        Created = "created",
        Open = "open",
        Processing = "processing",
        Succeeded = "succeeded",
        Failed = "failed",
        Expired = "expired",
    }
}

crate::life_cycle! {
    /// News of a payment is never a step back, and paid wins over everything.
    PaymentState of "payments" by "id":
    Created => Open | Processing | Succeeded | Failed | Expired,
    Open => Processing | Succeeded | Failed | Expired,
    Processing => Succeeded | Failed,
    Failed => Succeeded,
    Expired => Succeeded,
}

impl PaymentState {
    /// Whether nothing more is expected.
    pub fn is_final(self) -> bool {
        matches!(self, PaymentState::Succeeded | PaymentState::Failed | PaymentState::Expired)
    }
}

crate::words! {
    pub enum RefundState {
        Due = "due",
        Requested = "requested",
        Pending = "pending",
        Succeeded = "succeeded",
        Failed = "failed",
        Unclaimed = "unclaimed",
        PaidByBank = "paid_by_bank",
        Stopped = "stopped",
    }
}

crate::life_cycle! {
    /// A step back never; but what was sent may still come back.
    RefundState of "refunds" by "id":
    Due => Requested | Pending | Succeeded | Failed | Stopped,
    Requested => Pending | Succeeded | Failed | Stopped,
    Pending => Succeeded | Failed,
    Succeeded => Failed | Unclaimed,
    Failed => Unclaimed,
    Unclaimed => PaidByBank,
    PaidByBank => Unclaimed,
    Stopped => Due | Pending | Succeeded | Failed,
}

crate::words! {
    /// Why money goes back.
    pub enum RefundCause {
        RoundFailed = "round_failed",
        Cancelled = "cancelled",
        Late = "late",
        Withdrawn = "withdrawn",
        Terminated = "terminated",
        /// The card network warned of fraud.
        Fraud = "fraud",
        /// Made at the provider, not by us.
        ByHand = "by_hand",
        /// What a dispute that was lost left of the payment.
        Disputed = "disputed",
        /// Result money that no verified result earned.
        Results = "results",
    }
}

crate::words! {
    pub enum DisputeState {
        Warning = "warning",
        Open = "open",
        Won = "won",
        Lost = "lost",
        Closed = "closed",
    }
}

crate::life_cycle! {
    /// A decision is final.
    DisputeState of "disputes" by "id":
    Warning => Open | Won | Lost | Closed,
    Open => Won | Lost,
    Closed => Open | Won | Lost,
}

#[derive(Debug, Clone, FromRow)]
pub struct Dispute {
    /// The provider's.
    pub id: String,
    pub payment_id: String,
    pub pledge_id: String,
    pub project_id: String,
    #[sqlx(rename = "amount_cents")]
    pub amount: Cents,
    #[sqlx(rename = "fee_cents")]
    pub fee: Cents,
    /// What of the pledge was set aside when it was taken.
    #[sqlx(rename = "held_cents")]
    pub held: Cents,
    pub reason: String,
    pub state: DisputeState,
    pub opened_at: Timestamp,
    pub taken_at: Option<Timestamp>,
    pub returned_at: Option<Timestamp>,
    pub settled_at: Option<Timestamp>,
}

/// A dispute as the staff's list shows it.
#[derive(Debug, Clone, FromRow)]
pub struct ListedDispute {
    pub id: String,
    /// Of its pledge.
    pub reference: String,
    pub method: String,
    #[sqlx(rename = "amount_cents")]
    pub amount: Cents,
    #[sqlx(rename = "fee_cents")]
    pub fee: Cents,
    pub state: DisputeState,
    pub reason: String,
    pub opened_at: Timestamp,
}

/// A way to pay. Methods are data: iDEAL becomes Wero without a change of code elsewhere.
#[derive(Debug, Clone, Copy)]
pub struct Method {
    pub code: &'static str,
    /// The provider's word; nothing when the payment does not go through the provider.
    pub provider_word: Option<&'static str>,
    /// Whether the outcome may come days later.
    pub asynchronous: bool,
    /// How long after paying it can be expected to go back the way it came, in days. The provider is always asked: only when it says no to
    /// an older payment is the refund unclaimed.
    pub refundable_days: i64,
    /// Whether the payer's bank may take it back.
    pub disputable: bool,
    /// Whether the payer confirms at the own bank: such ways to pay stay while cards are tested.
    pub bank_confirms: bool,
    /// The least and the most the method takes.
    pub minimum: Cents,
    pub maximum: Cents,
}

/// The methods offered, the usual one first. Names stand in the texts as `method-{code}`. Limits and terms are those of the provider's
/// documentation of each method.
pub const METHODS: [Method; 5] = [
    Method {
        code: "ideal",
        provider_word: Some("ideal"),
        asynchronous: false,
        refundable_days: 180,
        disputable: false,
        bank_confirms: true,
        minimum: Cents(50),
        maximum: Cents(5_000_000),
    },
    Method {
        code: "card",
        provider_word: Some("card"),
        asynchronous: false,
        refundable_days: 365,
        disputable: true,
        bank_confirms: false,
        minimum: Cents(50),
        maximum: Cents(99_999_999),
    },
    Method {
        code: "bancontact",
        provider_word: Some("bancontact"),
        asynchronous: false,
        refundable_days: 180,
        disputable: false,
        bank_confirms: false,
        minimum: Cents(50),
        maximum: Cents(1_000_000),
    },
    Method {
        code: "sepa_debit",
        provider_word: Some("sepa_debit"),
        asynchronous: true,
        refundable_days: 180,
        disputable: true,
        bank_confirms: false,
        minimum: Cents(50),
        maximum: Cents(1_000_000),
    },
    // it goes back by bank, without the provider; the most is that of a SEPA credit transfer
    Method {
        code: TRANSFER,
        provider_word: None,
        asynchronous: true,
        refundable_days: 0,
        disputable: false,
        bank_confirms: true,
        minimum: Cents(1),
        maximum: Cents(99_999_999_999),
    },
];

/// The method without a session at the provider: the backer pays by a transfer to the foundation's account. See [`incoming`].
pub const TRANSFER: &str = "transfer";

/// The method of a pledge whose money was moved from another: nothing came in for it. See [`moves`].
pub const MOVED: &str = "moved";

impl Method {
    /// Whether a payment of then may be too old to go back the way it came.
    pub fn is_past_refund(&self, paid_at: Timestamp, now: Timestamp) -> bool {
        paid_at.plus_days(self.refundable_days) < now
    }

    /// Whether this amount can be paid with it.
    ///
    /// # Errors
    /// Below the least, or above the most.
    pub fn takes(&self, amount: Cents) -> Result<(), Refusal> {
        if amount < self.minimum {
            return Err(Refusal::BelowMethod { minimum: self.minimum.0 });
        }
        if amount > self.maximum {
            return Err(Refusal::AboveMethod { maximum: self.maximum.0 });
        }
        Ok(())
    }
}

/// The method with this code.
pub fn method(code: &str) -> Option<&'static Method> {
    METHODS.iter().find(|method| method.code == code)
}

#[derive(Debug, Clone, FromRow)]
pub struct Payment {
    pub id: String,
    pub pledge_id: String,
    pub method: String,
    #[sqlx(rename = "amount_cents")]
    pub amount: Cents,
    pub state: PaymentState,
    pub generation: i64,
    pub session_id: Option<String>,
    pub intent_id: Option<String>,
    pub checkout_url: String,
    #[sqlx(rename = "fee_cents")]
    pub fee: Option<Cents>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub succeeded_at: Option<Timestamp>,
    /// Of money that was moved from another pledge: the payment that really came in.
    pub moved_from: Option<String>,
}

#[derive(Debug, Clone, FromRow)]
pub struct Refund {
    pub id: String,
    pub pledge_id: String,
    pub payment_id: String,
    pub project_id: String,
    pub cause: RefundCause,
    #[sqlx(rename = "amount_cents")]
    pub amount: Cents,
    pub state: RefundState,
    pub generation: i64,
    pub provider_id: Option<String>,
    pub failure: String,
    pub attempts: i64,
    pub last_error: String,
    pub lease_token: String,
    /// When it is looked at next; far away while its round is paused.
    pub due_at: Timestamp,
    pub created_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    /// The provider's word for what it waits for.
    pub pending_reason: String,
    /// Whether it has left the provider's balance.
    pub taken: i16,
}

crate::refusals! {
    /// Why a method, or an account for a refund, is not taken.
    pub enum Refusal {
        BelowMethod { minimum: i64 } => Invalid("method") "method-below",
        AboveMethod { maximum: i64 } => Invalid("method") "method-above",
        MethodBlocked => Invalid("method") "method-blocked",
        MethodShielded => Invalid("method") "shield-only-bank",
        IbanMissing => Invalid("iban") "claim-iban-missing",
        IbanWrong => Invalid("iban") "claim-iban-wrong",
        HolderMissing => Invalid("holder") "claim-holder-missing",
        HolderTooLong => Invalid("holder") "claim-holder-too-long",
        NothingToClaim => Conflict "claim-nothing",
        BeingPaid => Conflict "claim-being-paid",
    }
}

/// The account a backer gave for a refund that could not arrive.
#[derive(Debug, Clone, FromRow)]
pub struct Claim {
    pub refund_id: String,
    pub pledge_id: String,
    /// When the backer was asked, the last time.
    pub asked_at: Timestamp,
    /// Empty until it is given.
    pub iban: String,
    pub holder: String,
    pub given_at: Option<Timestamp>,
    /// How often an account was given.
    pub changes: i64,
    pub reminders: i64,
}

impl Claim {
    pub fn is_given(&self) -> bool {
        self.given_at.is_some()
    }

    /// The account for whoever gave it, and nobody else.
    pub fn masked(&self) -> String {
        crate::values::Iban::parse(&self.iban).map(|iban| iban.masked()).unwrap_or_default()
    }
}

/// A claim with the refund it is about.
#[derive(Debug, Clone)]
pub struct Claimed {
    pub refund: Refund,
    pub claim: Claim,
}

/// A refund that waits for its backer, as the staff's list shows it.
#[derive(Debug, Clone, FromRow)]
pub struct OpenClaim {
    pub refund_id: String,
    /// Of the pledge.
    pub reference: String,
    #[sqlx(rename = "amount_cents")]
    pub amount: Cents,
    pub failure: String,
    pub asked_at: Timestamp,
    pub given_at: Option<Timestamp>,
    pub reminders: i64,
}

/// A payment as the staff's list shows it.
#[derive(Debug, Clone, FromRow)]
pub struct ListedPayment {
    pub id: String,
    /// Of its pledge.
    pub reference: String,
    pub method: String,
    #[sqlx(rename = "amount_cents")]
    pub amount: Cents,
    #[sqlx(rename = "fee_cents")]
    pub fee: Option<Cents>,
    pub state: PaymentState,
    pub intent_id: Option<String>,
    pub created_at: Timestamp,
    pub succeeded_at: Option<Timestamp>,
}

/// A refund as the staff's list shows it.
#[derive(Debug, Clone, FromRow)]
pub struct ListedRefund {
    pub id: String,
    /// Of its pledge.
    pub reference: String,
    pub cause: RefundCause,
    #[sqlx(rename = "amount_cents")]
    pub amount: Cents,
    pub state: RefundState,
    pub provider_id: Option<String>,
    pub failure: String,
    pub last_error: String,
    pub attempts: i64,
    pub created_at: Timestamp,
    pub finished_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::PaymentState::{self, *};
    use super::{METHODS, Refusal};
    use crate::values::Cents;

    #[test]
    fn each_method_takes_amounts_between_its_limits_to_the_cent() {
        for method in METHODS {
            assert!(method.takes(method.minimum).is_ok() && method.takes(method.maximum).is_ok());
            let below = Refusal::BelowMethod { minimum: method.minimum.0 };
            assert_eq!(method.takes(Cents(method.minimum.0 - 1)), Err(below));
            let above = Refusal::AboveMethod { maximum: method.maximum.0 };
            assert_eq!(method.takes(Cents(method.maximum.0 + 1)), Err(above));
        }
    }

    /// F13, F20: whatever the order in which news comes, the outcome is the same.
    #[test]
    fn every_order_of_news_ends_in_the_same_state() {
        let apply = |order: &[PaymentState]| {
            order.iter().fold(Open, |state, next| if state.may_become(*next) { *next } else { state })
        };
        for news in [[Processing, Succeeded, Expired], [Failed, Succeeded, Processing], [Expired, Succeeded, Open]] {
            for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
                assert_eq!(apply(&order.map(|i: usize| news[i])), Succeeded, "{news:?} {order:?}");
            }
        }
    }
}

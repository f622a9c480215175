//! What Drempel needs of the provider's objects, and nothing more.

use stripe_shared::{
    CheckoutSession, CheckoutSessionPaymentStatus, CheckoutSessionStatus, PaymentIntent, PaymentIntentStatus, Refund,
};
use stripe_types::{Currency, Expandable};

use crate::values::{Cents, Timestamp};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckoutStatus {
    Open,
    Complete,
    Expired,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntentStatus {
    /// Nothing paid yet, or an attempt that failed.
    Unpaid,
    /// The bank has it; the outcome comes later.
    Processing,
    Succeeded,
    Canceled,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundStatus {
    Pending,
    Succeeded,
    Failed,
}

/// A payment at the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    pub id: String,
    pub status: IntentStatus,
    pub received: Cents,
    pub is_euro: bool,
    /// Whether an attempt within this payment was refused.
    pub attempt_failed: bool,
    /// What the provider keeps, once it is known.
    pub fee: Option<Cents>,
    /// When the bank paid, or took it in.
    pub paid_at: Option<Timestamp>,
}

/// A checkout session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkout {
    pub id: String,
    /// Empty when it can no longer be paid.
    pub url: String,
    pub status: CheckoutStatus,
    pub paid: bool,
    pub expires_at: Timestamp,
    /// Our payment's id from the metadata; empty when it is not ours.
    pub our_id: String,
    pub intent_id: Option<String>,
    /// Present when it was asked for.
    pub intent: Option<Intent>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderRefund {
    pub id: String,
    pub amount: Cents,
    pub status: RefundStatus,
    pub failure: String,
    pub our_id: String,
    /// The payment it is of; may be empty.
    pub intent_id: String,
    /// The provider's word for what it waits for; empty when it does not wait.
    pub waits_for: String,
    /// Whether it has left the provider's balance.
    pub taken: bool,
    pub created_at: Timestamp,
}

impl From<CheckoutSession> for Checkout {
    fn from(session: CheckoutSession) -> Checkout {
        let status = match session.status {
            Some(CheckoutSessionStatus::Complete) => CheckoutStatus::Complete,
            Some(CheckoutSessionStatus::Expired) => CheckoutStatus::Expired,
            _ => CheckoutStatus::Open,
        };
        Checkout {
            id: session.id.to_string(),
            url: session.url.unwrap_or_default(),
            status,
            paid: session.payment_status == CheckoutSessionPaymentStatus::Paid,
            expires_at: Timestamp::from_seconds(session.expires_at),
            our_id: session.metadata.and_then(|m| m.get(super::OUR_ID).cloned()).unwrap_or_default(),
            intent_id: session.payment_intent.as_ref().map(|intent| intent.id().to_string()),
            intent: session.payment_intent.and_then(Expandable::into_object).map(Intent::from),
        }
    }
}

impl From<PaymentIntent> for Intent {
    fn from(intent: PaymentIntent) -> Intent {
        let status = match intent.status {
            PaymentIntentStatus::Succeeded => IntentStatus::Succeeded,
            PaymentIntentStatus::Processing => IntentStatus::Processing,
            PaymentIntentStatus::Canceled => IntentStatus::Canceled,
            _ => IntentStatus::Unpaid,
        };
        let charge = intent.latest_charge.and_then(Expandable::into_object);
        let paid_at = charge.as_ref().map(|charge| Timestamp::from_seconds(charge.created));
        let fee = charge
            .and_then(|charge| charge.balance_transaction)
            .and_then(Expandable::into_object)
            .map(|transaction| Cents(transaction.fee));
        Intent {
            id: intent.id.to_string(),
            status,
            received: Cents(intent.amount_received),
            is_euro: intent.currency == Currency::EUR,
            attempt_failed: intent.last_payment_error.is_some(),
            fee,
            paid_at,
        }
    }
}

impl From<Refund> for ProviderRefund {
    fn from(refund: Refund) -> ProviderRefund {
        let word = refund.status.unwrap_or_default();
        let status = match word.as_str() {
            "succeeded" => RefundStatus::Succeeded,
            "failed" | "canceled" => RefundStatus::Failed,
            _ => RefundStatus::Pending,
        };
        let waits_for = match (&status, refund.pending_reason) {
            (RefundStatus::Pending, _) if word == "requires_action" => word.clone(),
            (RefundStatus::Pending, Some(reason)) => reason.as_str().to_owned(),
            _ => String::new(),
        };
        let failure = match refund.failure_reason {
            Some(reason) => reason,
            None if status == RefundStatus::Failed => word,
            None => String::new(),
        };
        ProviderRefund {
            id: refund.id.to_string(),
            amount: Cents(refund.amount),
            status,
            failure,
            intent_id: super::balance::named(&refund.payment_intent),
            waits_for,
            taken: refund.balance_transaction.is_some(),
            created_at: Timestamp::from_seconds(refund.created),
            our_id: refund.metadata.and_then(|m| m.get(super::OUR_ID).cloned()).unwrap_or_default(),
        }
    }
}

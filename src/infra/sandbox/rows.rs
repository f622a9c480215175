//! What the sandbox remembers: one plain row per object, without the dozens of constant fields that Stripe's JSON carries.
//!
//! Rows are small because a load test makes hundreds of thousands of them; `objects` turns a row into Stripe's JSON when it is
//! asked for. An event keeps a copy of the row as it was (`Snapshot`), as Stripe does.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Stripe's `metadata`: at most 50 keys of 40 characters with values of 500.
pub(super) type Metadata = BTreeMap<String, String>;

/// Ways to pay that the test bank knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Method {
    Ideal,
    Card,
    Bancontact,
    SepaDebit,
}

impl Method {
    pub(super) const ALL: [Method; 4] = [Method::Ideal, Method::Card, Method::Bancontact, Method::SepaDebit];

    pub(super) fn parse(word: &str) -> Option<Method> {
        Method::ALL.into_iter().find(|method| method.as_str() == word)
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Method::Ideal => "ideal",
            Method::Card => "card",
            Method::Bancontact => "bancontact",
            Method::SepaDebit => "sepa_debit",
        }
    }

    /// What the payment provider keeps of a payment, in cents: Stripe's Dutch price list; a card costs 1.5 % (half a cent
    /// rounds up) and 25 cents.
    pub(super) fn fee_cents(self, amount_cents: i64) -> i64 {
        match self {
            Method::Ideal => 29,
            Method::Bancontact => 39,
            Method::SepaDebit => 35,
            Method::Card => (amount_cents * 15 + 500) / 1000 + 25,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SessionStatus {
    Open,
    Complete,
    Expired,
}

impl SessionStatus {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            SessionStatus::Open => "open",
            SessionStatus::Complete => "complete",
            SessionStatus::Expired => "expired",
        }
    }
}

/// A Checkout Session. `payment` stays empty until the customer tries to pay, as at Stripe since 2022-08-01.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Session {
    pub id: String,
    pub created: i64,
    pub expires_at: i64,
    pub amount_cents: i64,
    pub currency: String,
    /// What the payment page calls the thing paid for.
    pub title: String,
    pub client_reference_id: Option<String>,
    pub customer_email: Option<String>,
    pub metadata: Metadata,
    pub payment_metadata: Metadata,
    pub success_url: String,
    pub cancel_url: Option<String>,
    pub locale: Option<String>,
    pub methods: Vec<Method>,
    /// Whether the methods came as `allowed_payment_method_types` (the field is echoed) or otherwise.
    pub methods_were_a_filter: bool,
    pub status: SessionStatus,
    pub paid: bool,
    pub payment: Option<String>,
}

impl Session {
    /// The method used when the customer does not choose: iDEAL where it is offered.
    pub(super) fn usual_method(&self) -> Method {
        if self.methods.contains(&Method::Ideal) {
            return Method::Ideal;
        }
        self.methods.first().copied().unwrap_or(Method::Ideal)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum PaymentStatus {
    RequiresPaymentMethod,
    Processing,
    Succeeded,
}

impl PaymentStatus {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            PaymentStatus::RequiresPaymentMethod => "requires_payment_method",
            PaymentStatus::Processing => "processing",
            PaymentStatus::Succeeded => "succeeded",
        }
    }
}

/// A PaymentIntent together with its one charge.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Payment {
    pub id: String,
    pub created: i64,
    pub amount_cents: i64,
    pub currency: String,
    pub metadata: Metadata,
    pub receipt_email: Option<String>,
    /// Empty for a demo payment, which never had a session.
    pub session: Option<String>,
    pub methods: Vec<Method>,
    pub method: Method,
    pub status: PaymentStatus,
    /// When a `processing` payment succeeds by itself; Unix seconds.
    pub settle_at: Option<i64>,
    pub charge: Option<ChargePart>,
    /// The last attempt was refused; shown as `last_payment_error`.
    pub refused: bool,
    /// Refunds that did not fail, in cents.
    pub refunded_cents: i64,
    /// When the balance transaction of a payment that succeeded is to be made, when that was told to be late; Unix seconds.
    #[serde(default)]
    pub book_at: Option<i64>,
}

/// The charge of a payment: pending while the payment is processing, then settled one way or the other.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ChargePart {
    pub id: String,
    pub created: i64,
    /// The balance transaction, present once the money came in.
    pub transaction: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RefundStatus {
    Pending,
    RequiresAction,
    Succeeded,
    Failed,
    Canceled,
}

impl RefundStatus {
    pub(super) const ALL: [RefundStatus; 5] = [
        RefundStatus::Pending,
        RefundStatus::RequiresAction,
        RefundStatus::Succeeded,
        RefundStatus::Failed,
        RefundStatus::Canceled,
    ];

    /// Whether its money goes, or has gone, back to the payer.
    pub(super) fn is_living(self) -> bool {
        !matches!(self, RefundStatus::Failed | RefundStatus::Canceled)
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            RefundStatus::Pending => "pending",
            RefundStatus::RequiresAction => "requires_action",
            RefundStatus::Succeeded => "succeeded",
            RefundStatus::Failed => "failed",
            RefundStatus::Canceled => "canceled",
        }
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Refund {
    pub id: String,
    pub created: i64,
    pub amount_cents: i64,
    pub currency: String,
    pub payment: String,
    pub charge: String,
    pub method: Method,
    pub status: RefundStatus,
    pub reason: Option<String>,
    pub failure_reason: Option<String>,
    pub metadata: Metadata,
    /// The key of the request that made it; only `/control/effects` shows it.
    pub idempotency_key: Option<String>,
    pub transaction: Option<String>,
    pub failure_transaction: Option<String>,
    /// Why it is pending: `insufficient_funds`, `charge_pending`.
    #[serde(default)]
    pub pending_reason: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum TransactionKind {
    Charge,
    Refund,
    RefundFailure,
    /// A dispute takes the money.
    Dispute,
    /// A dispute that was won gives it back.
    DisputeReversal,
    Payout,
    PayoutFailure,
    Transfer,
    TransferRefund,
    /// What the provider charges apart from payments.
    ProviderFee,
}

impl TransactionKind {
    pub(super) const ALL: [TransactionKind; 10] = [
        TransactionKind::Charge,
        TransactionKind::Refund,
        TransactionKind::RefundFailure,
        TransactionKind::Dispute,
        TransactionKind::DisputeReversal,
        TransactionKind::Payout,
        TransactionKind::PayoutFailure,
        TransactionKind::Transfer,
        TransactionKind::TransferRefund,
        TransactionKind::ProviderFee,
    ];

    /// Stripe's reporting category.
    pub(super) fn category(self) -> &'static str {
        match self {
            TransactionKind::Charge => "charge",
            TransactionKind::Refund => "refund",
            TransactionKind::RefundFailure => "refund_failure",
            TransactionKind::Dispute => "dispute",
            TransactionKind::DisputeReversal => "dispute_reversal",
            TransactionKind::Payout => "payout",
            TransactionKind::PayoutFailure => "payout_reversal",
            TransactionKind::Transfer => "transfer",
            TransactionKind::TransferRefund => "transfer_reversal",
            TransactionKind::ProviderFee => "fee",
        }
    }

    /// Stripe's type. It calls what came by card a charge and by any other method a payment.
    pub(super) fn word(self, method: Method) -> &'static str {
        let by_card = method == Method::Card;
        match self {
            TransactionKind::Charge if by_card => "charge",
            TransactionKind::Charge => "payment",
            TransactionKind::Refund if by_card => "refund",
            TransactionKind::Refund => "payment_refund",
            TransactionKind::RefundFailure if by_card => "refund_failure",
            TransactionKind::RefundFailure => "payment_failure_refund",
            TransactionKind::Dispute | TransactionKind::DisputeReversal => "adjustment",
            TransactionKind::Payout => "payout",
            TransactionKind::PayoutFailure => "payout_failure",
            TransactionKind::Transfer => "transfer",
            TransactionKind::TransferRefund => "transfer_refund",
            TransactionKind::ProviderFee => "stripe_fee",
        }
    }
}

/// A balance transaction: `amount_cents - fee_cents` reaches the balance, pending until `available_on`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Transaction {
    pub id: String,
    pub created: i64,
    pub available_on: i64,
    pub amount_cents: i64,
    pub fee_cents: i64,
    pub currency: String,
    pub kind: TransactionKind,
    pub method: Method,
    /// The charge, refund, dispute, payout or transfer it belongs to.
    pub source: String,
    /// The payout that took it to the bank.
    #[serde(default)]
    pub payout: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum PayoutStatus {
    InTransit,
    Paid,
    Failed,
}

impl PayoutStatus {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            PayoutStatus::InTransit => "in_transit",
            PayoutStatus::Paid => "paid",
            PayoutStatus::Failed => "failed",
        }
    }
}

/// Money on its way from the balance to the account holder's bank.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Payout {
    pub id: String,
    pub created: i64,
    pub amount_cents: i64,
    /// When the bank has it; Unix seconds.
    pub arrival: i64,
    pub status: PayoutStatus,
    pub transaction: String,
    pub failure_transaction: Option<String>,
}

/// What a cardholder's or debtor's bank asked for. The words are Stripe's.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Dispute {
    pub id: String,
    pub created: i64,
    pub amount_cents: i64,
    pub payment: String,
    pub charge: String,
    pub method: Method,
    pub reason: String,
    pub status: String,
    /// The balance transactions that took the money and gave it back.
    pub transactions: Vec<Transaction>,
}

/// The card network's word that a payment may be fraud.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Warning {
    pub id: String,
    pub created: i64,
    pub payment: String,
    pub charge: String,
}

/// A row as it was at one moment.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Snapshot {
    Session(Session),
    Payment(Payment),
    Charge(Payment),
    Refund(Refund),
    Payout(Payout),
    Transfer(super::connect::Transfer),
    Dispute(Dispute),
    Warning(Warning),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Event {
    pub id: String,
    pub created: i64,
    pub kind: String,
    pub object: Snapshot,
    pub request: Option<String>,
    pub idempotency_key: Option<String>,
    /// No delivery is waiting: it arrived, was given up, or was to be lost.
    pub delivered: bool,
    /// Not before this moment (Unix seconds), when webhooks are told to be late.
    pub deliver_at: i64,
}

//! What a customer can do at the test bank, and what follows for session, payment, charge and balance.
//!
//! | session | payment | what the customer sees |
//! | --- | --- | --- |
//! | open | none, or `requires_payment_method` after a refused attempt | can pay, try again or leave until the session expires |
//! | complete, paid | `succeeded` | paid |
//! | complete, unpaid | `processing` | the bank will say later |
//! | complete, unpaid | `requires_payment_method` | the bank said no after all |
//! | expired | none, or `requires_payment_method` | too late |

use super::balance::{self, Booking};
use super::ids;
use super::rows::{
    ChargePart, Method, Payment, PaymentStatus, Session, SessionStatus, Snapshot, Transaction, TransactionKind,
};
use super::state::{Record, Work};

/// How long a `processing` payment takes to succeed by itself, in seconds, unless another time was ordered.
pub(super) const PROCESSING_SECONDS: i64 = 60;

/// How long money stays pending before it is available, in seconds: Stripe pays out in the Netherlands after three days.
const PENDING_SECONDS: i64 = 3 * 24 * 60 * 60;

/// How long before its first use a demo payment is said to have been made: long enough to be available.
const DEMO_AGE_SECONDS: i64 = 7 * 24 * 60 * 60;

/// What the customer does at the bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Pay,
    Fail,
    Cancel,
    Wait,
}

impl Action {
    pub(super) fn parse(word: &str) -> Option<Action> {
        match word {
            "pay" => Some(Action::Pay),
            "fail" => Some(Action::Fail),
            "cancel" => Some(Action::Cancel),
            "wait" => Some(Action::Wait),
            _ => None,
        }
    }
}

/// Brings everything up to date with the clock: sessions expire, processing payments succeed, late balance transactions are made,
/// payouts arrive, refunds that waited for money are paid.
pub(super) fn catch_up(work: &mut Work<'_>) {
    while let Some(session) = work.state.first_expired(work.now).cloned() {
        expire(work, session);
    }
    while let Some(payment) = work.state.first_to_settle(work.now).cloned() {
        settle(work, payment, true);
    }
    while let Some(payment) = work.state.first_to_book(work.now).cloned() {
        let payment = book(work, Payment { book_at: None, ..payment });
        work.put(Record::Payment(Box::new(payment.clone())));
        work.emit("charge.updated", Snapshot::Charge(payment));
    }
    balance::catch_up(work);
    super::refunds::catch_up(work);
}

/// Ends an open session unpaid.
pub(super) fn expire(work: &mut Work<'_>, session: Session) -> Session {
    let session = Session { status: SessionStatus::Expired, ..session };
    work.put(Record::Session(Box::new(session.clone())));
    work.emit("checkout.session.expired", Snapshot::Session(session.clone()));
    session
}

/// Does at the bank what the customer chose; the session must be open. Returns the session as it is then.
pub(super) fn act(work: &mut Work<'_>, session: Session, action: Action, method: Method) -> Session {
    match action {
        Action::Cancel => session,
        Action::Pay => {
            let payment = attempt(work, &session, method);
            let payment = succeed(work, payment);
            let session = Session { status: SessionStatus::Complete, paid: true, payment: Some(payment.id), ..session };
            work.put(Record::Session(Box::new(session.clone())));
            work.emit("checkout.session.completed", Snapshot::Session(session.clone()));
            session
        }
        Action::Fail => {
            let payment = Payment { refused: true, ..attempt(work, &session, method) };
            let session = Session { payment: Some(payment.id.clone()), ..session };
            work.put(Record::Payment(Box::new(payment.clone())));
            work.put(Record::Session(Box::new(session.clone())));
            work.emit("payment_intent.payment_failed", Snapshot::Payment(payment));
            session
        }
        Action::Wait => {
            let payment = Payment {
                status: PaymentStatus::Processing,
                settle_at: Some(work.now + work.state.faults.processing_seconds),
                charge: Some(new_charge(work.now, method)),
                ..attempt(work, &session, method)
            };
            let session = Session { status: SessionStatus::Complete, payment: Some(payment.id.clone()), ..session };
            work.put(Record::Payment(Box::new(payment.clone())));
            work.put(Record::Session(Box::new(session.clone())));
            work.emit("payment_intent.processing", Snapshot::Payment(payment));
            work.emit("checkout.session.completed", Snapshot::Session(session.clone()));
            session
        }
    }
}

/// Decides a `processing` payment: the bank says yes, or no.
pub(super) fn settle(work: &mut Work<'_>, payment: Payment, succeeds: bool) {
    let session = payment.session.as_ref().and_then(|session| work.state.sessions.get(session)).cloned();
    if succeeds {
        succeed(work, payment);
    } else {
        let payment =
            Payment { status: PaymentStatus::RequiresPaymentMethod, settle_at: None, refused: true, ..payment };
        work.put(Record::Payment(Box::new(payment.clone())));
        work.emit("payment_intent.payment_failed", Snapshot::Payment(payment));
    }
    let Some(session) = session else { return };
    let session = Session { paid: succeeds, ..session };
    work.put(Record::Session(Box::new(session.clone())));
    let kind =
        if succeeds { "checkout.session.async_payment_succeeded" } else { "checkout.session.async_payment_failed" };
    work.emit(kind, Snapshot::Session(session));
}

/// The session's payment for a new attempt: the one of an earlier attempt, or a new one (not yet recorded).
fn attempt(work: &Work<'_>, session: &Session, method: Method) -> Payment {
    let earlier = session.payment.as_ref().and_then(|payment| work.state.payments.get(payment)).cloned();
    let payment = earlier.unwrap_or_else(|| Payment {
        id: ids::new("pi_3", 23),
        created: work.now,
        amount_cents: session.amount_cents,
        currency: session.currency.clone(),
        metadata: session.payment_metadata.clone(),
        receipt_email: session.customer_email.clone(),
        session: Some(session.id.clone()),
        methods: session.methods.clone(),
        method,
        status: PaymentStatus::RequiresPaymentMethod,
        settle_at: None,
        charge: None,
        refused: false,
        refunded_cents: 0,
        book_at: None,
    });
    Payment { method, refused: false, ..payment }
}

/// A payment that somebody made in the dashboard: no session, no metadata, and the money is there.
pub(super) fn by_hand(work: &mut Work<'_>, amount_cents: i64, method: Method) -> Payment {
    let payment = Payment {
        id: ids::new("pi_3", 23),
        created: work.now,
        amount_cents,
        currency: "eur".to_owned(),
        metadata: super::rows::Metadata::new(),
        receipt_email: None,
        session: None,
        methods: vec![method],
        method,
        status: PaymentStatus::RequiresPaymentMethod,
        settle_at: None,
        charge: None,
        refused: false,
        refunded_cents: 0,
        book_at: None,
    };
    succeed(work, payment)
}

/// The money came in: charge and balance transaction, and their events.
fn succeed(work: &mut Work<'_>, payment: Payment) -> Payment {
    let charge = payment.charge.clone().unwrap_or_else(|| new_charge(work.now, payment.method));
    let payment =
        Payment { status: PaymentStatus::Succeeded, settle_at: None, refused: false, charge: Some(charge), ..payment };
    let payment = match work.state.faults.fees_late_seconds {
        0 => book(work, payment),
        late => Payment { book_at: Some(work.now + late), ..payment },
    };
    work.put(Record::Payment(Box::new(payment.clone())));
    work.emit("charge.succeeded", Snapshot::Charge(payment.clone()));
    work.emit("payment_intent.succeeded", Snapshot::Payment(payment.clone()));
    payment
}

/// Makes the balance transaction of a payment's charge.
fn book(work: &mut Work<'_>, payment: Payment) -> Payment {
    let Some(charge) = payment.charge.clone() else { return payment };
    let transaction = balance::book(
        work,
        Booking {
            kind: TransactionKind::Charge,
            source: &charge.id,
            method: payment.method,
            amount_cents: payment.amount_cents,
            fee_cents: payment.method.fee_cents(payment.amount_cents),
            pending_seconds: PENDING_SECONDS,
        },
    );
    Payment { charge: Some(ChargePart { transaction: Some(transaction.id), ..charge }), ..payment }
}

/// Stripe's charges by anything but a card are called payments and begin with `py_`.
fn new_charge(now: i64, method: Method) -> ChargePart {
    let prefix = if method == Method::Card { "ch_3" } else { "py_3" };
    ChargePart { id: ids::new(prefix, 23), created: now, transaction: None }
}

/// The payment with this id; a demo payment is made up on its first use.
pub(super) fn find(work: &mut Work<'_>, id: &str) -> Option<Payment> {
    if let Some(payment) = work.state.payments.get(id) {
        return Some(payment.clone());
    }
    let rest = id.strip_prefix("pi_demo_")?;
    make_demo(work, rest)
}

/// The payment behind a charge id, demo charges included.
pub(super) fn find_by_charge(work: &mut Work<'_>, charge: &str) -> Option<Payment> {
    if let Some(payment) = work.state.charge(charge) {
        return Some(payment.clone());
    }
    let rest = charge.strip_prefix("ch_demo_")?;
    make_demo(work, rest)
}

/// The balance transaction with this id, that of a demo payment included.
pub(super) fn find_transaction(work: &mut Work<'_>, id: &str) -> Option<Transaction> {
    if let Some(rest) = id.strip_prefix("txn_demo_") {
        find(work, &format!("pi_demo_{rest}"))?;
    }
    work.state.transactions.get(id).cloned()
}

/// `{cents}_{anything}` names an iDEAL payment of so many cents that succeeded a week ago and cost nothing. Demo data has thousands of payments
/// that were never made here; this lets them be read and refunded all the same.
fn make_demo(work: &mut Work<'_>, rest: &str) -> Option<Payment> {
    let (cents, name) = rest.split_once('_')?;
    let amount_cents = cents.parse::<i64>().ok().filter(|cents| (1..=99_999_999).contains(cents))?;
    let sound =
        !name.is_empty() && name.len() <= 200 && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
    if !sound || amount_cents.to_string() != cents {
        return None;
    }
    let created = work.now - DEMO_AGE_SECONDS;
    let transaction = Transaction {
        id: format!("txn_demo_{rest}"),
        created,
        available_on: created + PENDING_SECONDS,
        amount_cents,
        fee_cents: 0,
        currency: "eur".to_owned(),
        kind: TransactionKind::Charge,
        method: Method::Ideal,
        source: format!("ch_demo_{rest}"),
        payout: None,
    };
    let charge = ChargePart { id: transaction.source.clone(), created, transaction: Some(transaction.id.clone()) };
    let payment = Payment {
        id: format!("pi_demo_{rest}"),
        created,
        amount_cents,
        currency: "eur".to_owned(),
        metadata: super::rows::Metadata::new(),
        receipt_email: None,
        session: None,
        methods: vec![Method::Ideal],
        method: Method::Ideal,
        status: PaymentStatus::Succeeded,
        settle_at: None,
        charge: Some(charge),
        refused: false,
        refunded_cents: 0,
        book_at: None,
    };
    work.put(Record::Transaction(Box::new(transaction)));
    work.put(Record::Payment(Box::new(payment.clone())));
    Some(payment)
}

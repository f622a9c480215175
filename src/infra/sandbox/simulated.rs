//! The sandbox in a simulation: no socket and no loop. Whoever simulates takes the news and carries it, late, twice or not at all,
//! and compares the books at the end.

use serde_json::Value;

use super::faults::Order;
use super::payments::Action;
use super::rows::{PaymentStatus, RefundStatus, SessionStatus, Transaction};
use super::{Sandbox, objects, payments, refunds, webhooks};
use crate::infra::stripe::OUR_ID;

/// An event on its way.
#[derive(Clone, Debug)]
pub struct News {
    pub id: String,
    pub body: String,
}

/// Money that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charged {
    pub intent: String,
    /// Our payment's id from the metadata.
    pub our_id: String,
    pub amount_cents: i64,
    pub fee_cents: i64,
}

/// A refund, whatever became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentBack {
    pub id: String,
    pub intent: String,
    /// Our refund's id from the metadata; empty when it was made by hand.
    pub our_id: String,
    pub amount_cents: i64,
    pub failed: bool,
    pub pending: bool,
}

/// What the bank knows of the money.
#[derive(Clone, Debug, Default)]
pub struct Books {
    pub charged: Vec<Charged>,
    pub sent_back: Vec<SentBack>,
    /// All balance transactions together, what is still pending included.
    pub balance_cents: i64,
}

impl Sandbox {
    /// Brings everything up to date with the clock: sessions end, processing payments succeed.
    pub fn look_at_the_clock(&self) {
        let _ = self.with(|_| ());
    }

    /// The events from the `from`-th on.
    pub fn news(&self, from: usize) -> Vec<News> {
        let state = self.lock();
        let events = state.events.iter().skip(from);
        events.map(|e| News { id: e.id.clone(), body: objects::event(e, &state.public_base).to_string() }).collect()
    }

    /// The `Stripe-Signature` header for a body sent now.
    pub fn sign(&self, body: &str) -> String {
        webhooks::signature(self.webhook_secret(), self.now(), body)
    }

    /// An order as `POST /control/faults` takes it.
    ///
    /// # Errors
    /// A sentence saying what the order does not understand.
    pub fn misbehave(&self, order: Value) -> Result<(), String> {
        let order: Order = serde_json::from_value(order).map_err(|error| error.to_string())?;
        self.lock().faults.order(order)
    }

    /// The customer at the page of this session presses a button. Answers whether the page could still be used.
    pub fn press(&self, session: &str, button: &str) -> bool {
        let (pressed, _) = self.with(|work| {
            let (Some(session), Some(action)) = (work.state.sessions.get(session).cloned(), Action::parse(button))
            else {
                return false;
            };
            if session.status != SessionStatus::Open {
                return false;
            }
            let method = session.usual_method();
            payments::act(work, session, action, method);
            true
        });
        pressed
    }

    /// The bank says yes or no to the processing payment of this session. Answers whether there was one.
    pub fn decide(&self, session: &str, succeeds: bool) -> bool {
        let (decided, _) = self.with(|work| {
            let payment = work.state.sessions.get(session).and_then(|session| session.payment.clone());
            let payment = payment.and_then(|payment| work.state.payments.get(&payment)).cloned();
            let payment = payment.filter(|payment| payment.status == PaymentStatus::Processing);
            payment.map(|payment| payments::settle(work, payment, succeeds)).is_some()
        });
        decided
    }

    /// A refund fails: its money returns to the balance. Answers whether that was possible.
    pub fn fail_refund(&self, id: &str) -> bool {
        let why = Some("expired_or_canceled_card".to_owned());
        let (failed, _) = self.with(|work| refunds::change(work, id, RefundStatus::Failed, why).is_ok());
        failed
    }

    /// A pending refund arrives. Answers whether that was possible.
    pub fn finish_refund(&self, id: &str) -> bool {
        let (done, _) = self.with(|work| refunds::change(work, id, RefundStatus::Succeeded, None).is_ok());
        done
    }

    /// The books as they are now.
    pub fn books(&self) -> Books {
        let state = self.lock();
        let net = |row: &Transaction| row.amount_cents - row.fee_cents;
        let mut books = Books { balance_cents: state.transactions.iter().map(net).sum(), ..Books::default() };
        for payment in state.payments.iter().filter(|payment| payment.status == PaymentStatus::Succeeded) {
            let charge = payment.charge.as_ref().and_then(|charge| charge.transaction.as_ref());
            books.charged.push(Charged {
                intent: payment.id.clone(),
                our_id: payment.metadata.get(OUR_ID).cloned().unwrap_or_default(),
                amount_cents: payment.amount_cents,
                fee_cents: charge.and_then(|id| state.transactions.get(id)).map_or(0, |row| row.fee_cents),
            });
        }
        books.sent_back = state
            .refunds
            .iter()
            .map(|refund| SentBack {
                id: refund.id.clone(),
                intent: refund.payment.clone(),
                our_id: refund.metadata.get(OUR_ID).cloned().unwrap_or_default(),
                amount_cents: refund.amount_cents,
                failed: refund.status == RefundStatus::Failed,
                pending: refund.status == RefundStatus::Pending,
            })
            .collect();
        books
    }
}

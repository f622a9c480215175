//! The sandbox's state in memory: tables of rows, the indexes over them, and the one function that changes them.
//!
//! Every change is a `Record`. A request makes records, `apply` puts them into the tables, and the journal keeps them: reading the
//! journal after a restart is applying the same records again.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::connect::{Account, Transfer};
use super::faults::Faults;
use super::idempotency::{Answers, StoredAnswer};
use super::rows::{
    Dispute, Event, Payment, PaymentStatus, Payout, PayoutStatus, Refund, Session, SessionStatus, Snapshot,
    Transaction, Warning,
};
use super::webhooks::Queue;
use super::{Config, ids};

/// One change: the new form of a row.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Record {
    Session(Box<Session>),
    Payment(Box<Payment>),
    Refund(Box<Refund>),
    Transaction(Box<Transaction>),
    Payout(Box<Payout>),
    Account(Box<Account>),
    Transfer(Box<Transfer>),
    Dispute(Box<Dispute>),
    Warning(Box<Warning>),
    Event(Box<Event>),
    /// The webhook of this event needs no further delivery.
    Delivered(String),
    Answer(Box<StoredAnswer>),
}

/// Rows in the order they were made, found by id.
pub(super) struct Table<T> {
    rows: Vec<T>,
    places: HashMap<String, usize>,
}

impl<T> Table<T> {
    fn new() -> Table<T> {
        Table { rows: Vec::new(), places: HashMap::new() }
    }

    /// Inserts or replaces; returns the row's place and whether it is new.
    fn put(&mut self, id: &str, row: T) -> (usize, bool) {
        if let Some(&place) = self.places.get(id) {
            self.rows[place] = row;
            return (place, false);
        }
        self.places.insert(id.to_owned(), self.rows.len());
        self.rows.push(row);
        (self.rows.len() - 1, true)
    }

    pub(super) fn get(&self, id: &str) -> Option<&T> {
        self.places.get(id).map(|&place| &self.rows[place])
    }

    pub(super) fn place(&self, id: &str) -> Option<usize> {
        self.places.get(id).copied()
    }

    pub(super) fn at(&self, place: usize) -> &T {
        &self.rows[place]
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, T> {
        self.rows.iter()
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }
}

/// Everything the sandbox knows.
pub(super) struct State {
    pub sessions: Table<Session>,
    pub payments: Table<Payment>,
    pub refunds: Table<Refund>,
    pub transactions: Table<Transaction>,
    pub payouts: Table<Payout>,
    pub accounts: Table<Account>,
    pub transfers: Table<Transfer>,
    pub disputes: Table<Dispute>,
    pub warnings: Table<Warning>,
    pub events: Table<Event>,
    /// Payment id by charge id.
    pub charges: HashMap<String, String>,
    /// Places in `refunds` by payment id.
    pub refunds_of: HashMap<String, Vec<usize>>,
    /// Open sessions by the moment they expire.
    expiring: BTreeSet<(i64, String)>,
    /// Processing payments by the moment they succeed.
    settling: BTreeSet<(i64, String)>,
    /// Payments whose balance transaction is to be made late, by that moment.
    booking: BTreeSet<(i64, String)>,
    /// Payouts on their way, by the moment they arrive.
    arriving: BTreeSet<(i64, String)>,
    pub payments_succeeded: u64,
    pub answers: Answers,
    pub queue: Queue,
    pub faults: Faults,
    pub public_base: String,
}

impl State {
    pub(super) fn new(config: &Config) -> State {
        State {
            sessions: Table::new(),
            payments: Table::new(),
            refunds: Table::new(),
            transactions: Table::new(),
            payouts: Table::new(),
            accounts: Table::new(),
            transfers: Table::new(),
            disputes: Table::new(),
            warnings: Table::new(),
            events: Table::new(),
            charges: HashMap::new(),
            refunds_of: HashMap::new(),
            expiring: BTreeSet::new(),
            settling: BTreeSet::new(),
            booking: BTreeSet::new(),
            arriving: BTreeSet::new(),
            payments_succeeded: 0,
            answers: Answers::default(),
            queue: Queue::new(config.webhook_url.is_some()),
            faults: Faults::new(config.requests_per_second),
            public_base: config.public_base.clone(),
        }
    }

    /// Puts one record into the tables and keeps the indexes true.
    pub(super) fn apply(&mut self, record: Record) {
        match record {
            Record::Session(session) => {
                let moment = (session.expires_at, session.id.clone());
                if session.status == SessionStatus::Open {
                    self.expiring.insert(moment);
                } else {
                    self.expiring.remove(&moment);
                }
                self.sessions.put(&session.id.clone(), *session);
            }
            Record::Payment(payment) => self.apply_payment(*payment),
            Record::Refund(refund) => {
                let payment = refund.payment.clone();
                let (place, is_new) = self.refunds.put(&refund.id.clone(), *refund);
                if is_new {
                    self.refunds_of.entry(payment).or_default().push(place);
                }
            }
            Record::Transaction(transaction) => {
                self.transactions.put(&transaction.id.clone(), *transaction);
            }
            Record::Dispute(dispute) => {
                self.disputes.put(&dispute.id.clone(), *dispute);
            }
            Record::Warning(warning) => {
                self.warnings.put(&warning.id.clone(), *warning);
            }
            Record::Account(account) => {
                self.accounts.put(&account.id.clone(), *account);
            }
            Record::Transfer(transfer) => {
                self.transfers.put(&transfer.id.clone(), *transfer);
            }
            Record::Payout(payout) => {
                let moment = (payout.arrival, payout.id.clone());
                if payout.status == PayoutStatus::InTransit {
                    self.arriving.insert(moment);
                } else {
                    self.arriving.remove(&moment);
                }
                self.payouts.put(&payout.id.clone(), *payout);
            }
            Record::Event(event) => {
                let (id, deliver_at, wanted) = (event.id.clone(), event.deliver_at, !event.delivered);
                let (place, _) = self.events.put(&id, *event);
                if wanted {
                    self.queue.add(place, deliver_at);
                }
            }
            Record::Delivered(event) => {
                if let Some(place) = self.events.place(&event) {
                    self.events.rows[place].delivered = true;
                    self.queue.remove(place);
                }
            }
            Record::Answer(answer) => self.answers.put(*answer),
        }
    }

    fn apply_payment(&mut self, payment: Payment) {
        if let Some(charge) = &payment.charge {
            self.charges.insert(charge.id.clone(), payment.id.clone());
        }
        let before = self.payments.get(&payment.id);
        if let Some(settle_at) = before.and_then(|before| before.settle_at) {
            self.settling.remove(&(settle_at, payment.id.clone()));
        }
        if let Some(settle_at) = payment.settle_at {
            self.settling.insert((settle_at, payment.id.clone()));
        }
        if let Some(book_at) = before.and_then(|before| before.book_at) {
            self.booking.remove(&(book_at, payment.id.clone()));
        }
        if let Some(book_at) = payment.book_at {
            self.booking.insert((book_at, payment.id.clone()));
        }
        let had_succeeded = before.is_some_and(|before| before.status == PaymentStatus::Succeeded);
        let through_a_session = payment.session.is_some();
        if payment.status == PaymentStatus::Succeeded && !had_succeeded && through_a_session {
            self.payments_succeeded += 1;
        }
        self.payments.put(&payment.id.clone(), payment);
    }

    /// The session whose life ended first, if any has.
    pub(super) fn first_expired(&self, now: i64) -> Option<&Session> {
        let (moment, id) = self.expiring.first()?;
        if *moment > now { None } else { self.sessions.get(id) }
    }

    /// The processing payment that should have succeeded first, if any should.
    pub(super) fn first_to_settle(&self, now: i64) -> Option<&Payment> {
        let (moment, id) = self.settling.first()?;
        if *moment > now { None } else { self.payments.get(id) }
    }

    /// The payment whose balance transaction should have been made first, if any should.
    pub(super) fn first_to_book(&self, now: i64) -> Option<&Payment> {
        let (moment, id) = self.booking.first()?;
        if *moment > now { None } else { self.payments.get(id) }
    }

    /// The payout that arrived first, if any has.
    pub(super) fn first_to_arrive(&self, now: i64) -> Option<&Payout> {
        let (moment, id) = self.arriving.first()?;
        if *moment > now { None } else { self.payouts.get(id) }
    }

    /// The payment that a charge belongs to.
    pub(super) fn charge(&self, id: &str) -> Option<&Payment> {
        self.charges.get(id).and_then(|payment| self.payments.get(payment))
    }

    /// What ties events together whose order matters: the session, or the payment of demo data, which has none.
    pub(super) fn subject<'a>(&'a self, object: &'a Snapshot) -> &'a str {
        match object {
            Snapshot::Session(session) => &session.id,
            Snapshot::Payment(payment) | Snapshot::Charge(payment) => payment.session.as_ref().unwrap_or(&payment.id),
            Snapshot::Refund(refund) => self.subject_of_payment(&refund.payment),
            Snapshot::Dispute(dispute) => self.subject_of_payment(&dispute.payment),
            Snapshot::Warning(warning) => self.subject_of_payment(&warning.payment),
            Snapshot::Payout(payout) => &payout.id,
            Snapshot::Transfer(transfer) => &transfer.id,
        }
    }

    fn subject_of_payment<'a>(&'a self, payment: &'a str) -> &'a str {
        self.payments.get(payment).and_then(|payment| payment.session.as_deref()).unwrap_or(payment)
    }

    /// The refunds of a payment, oldest first.
    pub(super) fn refunds_of(&self, payment: &str) -> impl Iterator<Item = &Refund> {
        let places = self.refunds_of.get(payment).map(Vec::as_slice).unwrap_or_default();
        places.iter().map(|&place| self.refunds.at(place))
    }
}

/// One locked look at the state: the moment, and the records made so far.
pub(super) struct Work<'a> {
    pub state: &'a mut State,
    /// Unix seconds.
    pub now: i64,
    pub records: Vec<Record>,
    pub request: Option<String>,
    pub idempotency_key: Option<String>,
    keeps_records: bool,
    pub emitted: bool,
}

impl<'a> Work<'a> {
    pub(super) fn new(state: &'a mut State, now: i64, keeps_records: bool) -> Work<'a> {
        Work { state, now, records: Vec::new(), request: None, idempotency_key: None, keeps_records, emitted: false }
    }

    /// Makes one change.
    pub(super) fn put(&mut self, record: Record) {
        if self.keeps_records {
            self.records.push(record.clone());
        }
        self.state.apply(record);
    }

    /// Makes an event, and with it a webhook.
    pub(super) fn emit(&mut self, kind: &str, object: Snapshot) {
        let (lost, late_seconds) = self.state.faults.webhooks.on_emission();
        let event = Event {
            id: ids::new("evt_1", 23),
            created: self.now,
            kind: kind.to_owned(),
            object,
            request: self.request.clone(),
            idempotency_key: self.idempotency_key.clone(),
            delivered: lost || !self.state.queue.is_wanted(),
            deliver_at: self.now + late_seconds,
        };
        self.emitted = true;
        self.put(Record::Event(Box::new(event)));
    }
}

//! The model: what the program should do with money, said as plainly as possible. No database, no events, no retries: a pledge is a
//! state, the books are a map of accounts. What leaves stands in `leaving`, what happens by itself in `time`, what the program must
//! show in `reading`.

use std::collections::BTreeMap;
use std::fmt;

use drempel::features::payments::RefundState;
use drempel::features::pledges::PledgeState;
use drempel::features::rounds::RoundState;

use super::leaving::Proposal;
use super::things::*;

#[derive(Clone)]
pub struct Model {
    /// Seconds since the begin.
    pub now: i64,
    /// The clock jumped and nobody has worked since.
    pub jumped: bool,
    pub swept_at: i64,
    pub round: RoundState,
    pub projects: Vec<Project>,
    pub pledges: Vec<Pledge>,
    pub transfers: Vec<Transfer>,
    pub strays: Vec<Stray>,
    pub tranches: usize,
    pub books: BTreeMap<String, i64>,
    pub proposal: Option<Proposal>,
    pub is_approved: bool,
    /// The next refund that is asked for meets a broken answer; what comes of it is the same.
    pub stumbles: bool,
    /// The last command was one after which the program works once more.
    pub worked_again: bool,
    pub reply: Reply,
}

/// A case begins with nothing, so there is nothing to tell of it.
impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a model after {} seconds", self.now)
    }
}

impl Model {
    pub fn new() -> Model {
        let project = Project { funded: None, payable: 0, given: 0 };
        Model {
            now: 0,
            jumped: false,
            swept_at: 0,
            round: RoundState::Selling,
            projects: vec![project; PROJECTS.len()],
            pledges: Vec::new(),
            transfers: Vec::new(),
            strays: Vec::new(),
            tranches: 0,
            books: BTreeMap::new(),
            proposal: None,
            is_approved: false,
            stumbles: false,
            worked_again: false,
            reply: Reply::Done,
        }
    }

    pub fn book(&mut self, cents: i64, debit: &str, credit: &str) {
        *self.books.entry(debit.to_owned()).or_default() += cents;
        *self.books.entry(credit.to_owned()).or_default() -= cents;
    }

    pub fn pledge(&mut self, project: usize, person: usize, cents: i64, method: Method) -> Reply {
        if cents < LEAST {
            return Reply::Status(422, None);
        }
        if !self.sells() {
            return Reply::Status(409, None);
        }
        let available = self.available(project);
        if cents > available {
            return Reply::Status(409, Some(if available < LEAST { 0 } else { available }));
        }
        if method == Method::Transfer && self.now + 4 * DAY >= CLOSES {
            return Reply::Status(422, None);
        }
        let expires = match method {
            Method::Transfer => (self.now + 14 * DAY).min(CLOSES),
            _ => self.now + 31 * MINUTE,
        };
        self.pledges.push(Pledge {
            project,
            person,
            cents,
            method,
            state: PledgeState::Reserved,
            bank: AtBank::Open,
            paid_at: 0,
            is_paid: false,
            expires,
            news: false,
            refund_news: false,
            parts: 0,
            available_at: None,
            refund: None,
            dispute: None,
        });
        Reply::Status(201, None)
    }

    /// The backer pays at the bank, or the bank takes the payment in.
    pub fn press(&mut self, who: usize, bank: AtBank) {
        let now = self.now;
        let pledge = &mut self.pledges[who];
        pledge.news = true;
        pledge.bank = bank;
        if bank != AtBank::Open {
            pledge.paid_at = now;
        }
        if bank == AtBank::Paid {
            pledge.available_at = Some(now + PENDING);
        }
    }

    /// The bank says yes or no to what it took in.
    pub fn decide(&mut self, who: usize, yes: bool) {
        let now = self.now;
        let pledge = &mut self.pledges[who];
        pledge.news = true;
        pledge.bank = if yes { AtBank::Paid } else { AtBank::Ended };
        pledge.available_at = yes.then_some(now + PENDING);
    }

    pub fn decide_refund(&mut self, who: usize, at_bank: RefundState) {
        let pledge = &mut self.pledges[who];
        pledge.refund_news = true;
        pledge.refund.as_mut().expect("a refund").at_bank = Some(at_bank);
    }

    /// All events that wait are delivered.
    pub fn hear(&mut self) {
        for who in 0..self.pledges.len() {
            if self.pledges[who].news {
                self.look(who);
            }
            if self.pledges[who].refund_news {
                self.look_at_refund(who);
            }
            if self.pledges[who].dispute.is_some_and(|dispute| dispute.has_news) {
                self.look_at_dispute(who);
            }
        }
        self.lose_news();
    }

    pub fn lose_news(&mut self) {
        for pledge in &mut self.pledges {
            (pledge.news, pledge.refund_news) = (false, false);
            if let Some(dispute) = &mut pledge.dispute {
                dispute.has_news = false;
            }
        }
    }

    /// Somebody asks the bank about a payment.
    pub fn look(&mut self, who: usize) {
        let pledge = &mut self.pledges[who];
        let waits = matches!(pledge.state, PledgeState::Reserved | PledgeState::Processing);
        match pledge.bank {
            AtBank::Paid if !pledge.is_paid => self.paid(who),
            AtBank::Processing if pledge.state == PledgeState::Reserved => pledge.state = PledgeState::Processing,
            AtBank::Ended if waits => pledge.state = PledgeState::Expired,
            _ => {}
        }
    }

    fn paid(&mut self, who: usize) {
        let Pledge { project, cents, method, paid_at, .. } = self.pledges[who];
        self.book(cents, "psp_pending", &held(project));
        self.book(method.fee(cents), "psp_fees", "psp_pending");
        self.keep_or_return(who, paid_at);
    }

    /// Money that is in the books counts, or goes back.
    fn keep_or_return(&mut self, who: usize, paid_at: i64) {
        self.pledges[who].is_paid = true;
        let Pledge { project, cents, state, .. } = self.pledges[who];
        let is_open = self.projects[project].funded.is_none() && self.round != RoundState::Settled;
        let fits = state != PledgeState::Expired || cents <= self.available(project);
        if is_open && paid_at < CLOSES && fits {
            self.pledges[who].state = PledgeState::Held;
        } else {
            self.refund(who);
        }
    }

    /// What is held of a pledge is due back.
    pub fn refund(&mut self, who: usize) {
        self.refund_from(who, &held(self.pledges[who].project));
    }

    pub fn refund_from(&mut self, who: usize, account: &str) {
        let Pledge { project, cents, .. } = self.pledges[who];
        self.book(cents, account, &due(project));
        let refund = Refund { state: RefundState::Due, at_bank: None, is_claimed: false };
        (self.pledges[who].state, self.pledges[who].refund) = (PledgeState::Refunding, Some(refund));
    }

    pub fn look_at_refund(&mut self, who: usize) {
        let Pledge { project, cents, .. } = self.pledges[who];
        let Some(refund) = &mut self.pledges[who].refund else { return };
        let (was, is) = (refund.state, refund.at_bank);
        match (was, is) {
            (RefundState::Pending, Some(RefundState::Succeeded)) => {
                refund.state = RefundState::Succeeded;
                self.pledges[who].state = PledgeState::Refunded;
                self.book(cents, &due(project), "psp_available");
            }
            (RefundState::Pending | RefundState::Succeeded, Some(RefundState::Failed)) => {
                // the backer is asked for an account at once
                refund.state = RefundState::Unclaimed;
                self.pledges[who].state = PledgeState::Refunding;
                let due = due(project);
                let from = if was == RefundState::Pending { &due } else { "psp_available" };
                self.book(cents, from, "unclaimed_refunds");
            }
            _ => {}
        }
    }

    pub fn cancel(&mut self, who: usize) -> Reply {
        if self.pledges[who].state == PledgeState::Reserved {
            if self.pledges[who].bank == AtBank::Open {
                self.pledges[who].bank = AtBank::Ended;
            }
            self.look(who);
        }
        match self.pledges[who].state {
            PledgeState::Expired => Reply::Status(200, None),
            PledgeState::Held if self.sells() => {
                self.refund(who);
                Reply::Status(200, None)
            }
            _ => Reply::Status(409, None),
        }
    }

    /// Money for a pledge stands on the bank's statement.
    pub fn arrives(&mut self, who: usize, cents: i64) {
        let pledge = &mut self.pledges[who];
        let waits = matches!(pledge.state, PledgeState::Reserved | PledgeState::Expired) && !pledge.is_paid;
        if !waits {
            return self.set_aside(cents);
        }
        let (project, asked, total) = (pledge.project, pledge.cents, pledge.parts + cents);
        if total < asked {
            pledge.parts = total;
            return self.set_aside(cents);
        }
        pledge.parts = 0;
        self.set_aside(cents);
        self.book(asked, "suspense", &held(project));
        self.keep_or_return(who, self.now);
    }

    fn set_aside(&mut self, cents: i64) {
        self.book(cents, "bank", "suspense");
    }

    /// Money that nobody can place.
    pub fn stranger(&mut self, cents: i64) {
        self.strays.push(Stray { cents, waits: true });
        self.set_aside(cents);
    }
}

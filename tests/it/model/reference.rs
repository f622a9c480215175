//! The model: what the program should do with money, said as plainly as possible. No database, no events, no retries: a pledge is a
//! state, the books are a map of accounts. What leaves stands in `leaving`, what the program must show in `reading`.

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

    fn look_at_refund(&mut self, who: usize) {
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
            return self.stranger(cents);
        }
        let (project, asked, total) = (pledge.project, pledge.cents, pledge.parts + cents);
        if total < asked {
            pledge.parts = total;
            return self.stranger(cents);
        }
        pledge.parts = 0;
        self.stranger(cents);
        self.book(asked, "suspense", &held(project));
        self.keep_or_return(who, self.now);
    }

    /// Money that nobody can place, or not yet.
    pub fn stranger(&mut self, cents: i64) {
        self.book(cents, "bank", "suspense");
    }

    /// The clock moves on; nobody works yet.
    pub fn pass(&mut self, seconds: i64) {
        self.now += seconds;
        self.jumped |= seconds >= FAR;
        for pledge in &mut self.pledges {
            if pledge.method != Method::Transfer && pledge.bank == AtBank::Open && pledge.expires <= self.now {
                pledge.bank = AtBank::Ended;
            }
        }
    }

    /// The program does what is due.
    pub fn work(&mut self) {
        let jumped = std::mem::take(&mut self.jumped);
        if self.round == RoundState::Selling && self.now >= CLOSES {
            self.round = RoundState::Closing;
            for who in 0..self.pledges.len() {
                let pledge = &mut self.pledges[who];
                if pledge.bank == AtBank::Open {
                    pledge.bank = AtBank::Ended;
                }
                self.look(who);
            }
        }
        for who in 0..self.pledges.len() {
            let pledge = &mut self.pledges[who];
            if pledge.method == Method::Transfer && pledge.bank == AtBank::Open && pledge.expires < self.now {
                pledge.bank = AtBank::Ended;
            }
            if jumped || pledge.method == Method::Transfer {
                self.look(who);
                self.look_at_refund(who);
            }
            self.send_refund(who);
        }
        for who in 0..self.pledges.len() {
            if jumped {
                self.look_at_dispute(who);
            }
            self.send_refund(who);
        }
        if self.now >= self.swept_at + SWEEP {
            self.sweep();
        }
        if self.is_approved && self.is_at_rest() {
            self.round = RoundState::Settled;
        }
    }

    fn send_refund(&mut self, who: usize) {
        let Pledge { method, cents, dispute, .. } = self.pledges[who];
        let Some(refund) = self.pledges[who].refund.as_mut().filter(|refund| refund.state == RefundState::Due) else {
            return;
        };
        if method == Method::Transfer {
            refund.state = RefundState::Requested;
            return self.plan(Subject::Refund(who), cents);
        }
        self.stumbles = false;
        if dispute.is_some_and(|dispute| dispute.at_bank != Word::Won) {
            // the bank refuses it, and so we learn of the dispute
            refund.state = RefundState::Stopped;
            return self.look_at_dispute(who);
        }
        (refund.state, refund.at_bank) = (RefundState::Pending, Some(RefundState::Pending));
    }

    /// The provider's money that has become available.
    fn sweep(&mut self) {
        self.swept_at = self.now;
        for who in 0..self.pledges.len() {
            let Pledge { cents, method, available_at, is_paid, .. } = self.pledges[who];
            if is_paid && available_at.is_some_and(|at| at <= self.now) {
                self.pledges[who].available_at = None;
                self.book(cents - method.fee(cents), "psp_available", "psp_pending");
            }
        }
    }
}

//! The model of what happens by itself: the clock, the end of the sale, refunds on their way, money that becomes available.

use drempel::features::payments::RefundState;
use drempel::features::rounds::RoundState;

use super::reference::Model;
use super::things::*;

impl Model {
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

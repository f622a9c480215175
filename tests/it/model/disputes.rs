//! The model of disputes: somebody asks their bank to take a payment by card back.

use drempel::features::payments::RefundState;
use drempel::features::pledges::PledgeState;
use drempel::features::rounds::RoundState;

use super::reference::Model;
use super::things::*;

impl Model {
    /// The bank takes the money until it is decided.
    pub fn dispute(&mut self, who: usize) {
        let dispute = Dispute { at_bank: Word::Open, has_news: true, is_known: false, is_settled: false };
        self.pledges[who].dispute = Some(dispute);
    }

    pub fn decide_dispute(&mut self, who: usize, word: Word) {
        let dispute = self.pledges[who].dispute.as_mut().expect("a dispute");
        (dispute.at_bank, dispute.has_news) = (word, true);
    }

    /// We hear of a dispute, and of its end.
    pub fn look_at_dispute(&mut self, who: usize) {
        let Some(dispute) = self.pledges[who].dispute.filter(|dispute| !dispute.is_settled) else { return };
        if !dispute.is_known {
            self.taken(who);
        }
        match dispute.at_bank {
            Word::Open => {}
            Word::Won => self.won(who),
            Word::Lost => self.lost(who),
        }
        let is_settled = dispute.at_bank != Word::Open;
        self.pledges[who].dispute = Some(Dispute { is_known: true, is_settled, ..dispute });
    }

    fn taken(&mut self, who: usize) {
        let Pledge { project, cents, state, .. } = self.pledges[who];
        self.book(cents, "psp_disputed", "psp_available");
        self.book(DISPUTE_FEE, "psp_fees", "psp_available");
        if state == PledgeState::Held {
            self.book(cents, &held(project), "dispute_hold");
            self.pledges[who].state = PledgeState::Disputed;
        }
    }

    /// Held again when it still counts and fits, else due back. A refund that was stopped goes on.
    fn won(&mut self, who: usize) {
        let Pledge { project, cents, state, .. } = self.pledges[who];
        self.book(cents, "psp_available", "psp_disputed");
        let is_open = self.projects[project].funded.is_none() && self.round != RoundState::Settled;
        match state {
            PledgeState::Disputed if is_open && cents <= self.available(project) => {
                self.book(cents, "dispute_hold", &held(project));
                self.pledges[who].state = PledgeState::Held;
            }
            PledgeState::Disputed => self.refund_from(who, "dispute_hold"),
            _ => {
                let stopped = self.pledges[who].refund.as_mut().filter(|refund| refund.state == RefundState::Stopped);
                if let Some(refund) = stopped {
                    refund.state = RefundState::Due;
                }
            }
        }
    }

    /// The backer has the money: from what was set aside or due back, else it is a loss.
    fn lost(&mut self, who: usize) {
        let Pledge { project, cents, state, .. } = self.pledges[who];
        let is_stopped = self.pledges[who].refund.as_ref().is_some_and(|refund| refund.state == RefundState::Stopped);
        let from = match state {
            PledgeState::Disputed => "dispute_hold".to_owned(),
            PledgeState::Refunding if is_stopped => due(project),
            _ => return self.book(cents, "dispute_loss", "psp_disputed"),
        };
        self.book(cents, &from, "psp_disputed");
        self.pledges[who].state = PledgeState::Refunded;
    }
}

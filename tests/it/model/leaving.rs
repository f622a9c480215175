//! The model of what leaves: the closing of a round, transfers by bank, tranches.

use drempel::features::payments::RefundState;
use drempel::features::pledges::PledgeState;
use drempel::features::rounds::RoundState;

use super::reference::Model;
use super::things::*;

/// A proposal to close the round: what was held then, and until when it can be approved.
#[derive(Clone, Debug)]
pub struct Proposal {
    by: usize,
    held: Vec<(usize, i64)>,
    until: i64,
}

impl Model {
    pub fn claim(&mut self, who: usize) -> Reply {
        self.pledges[who].refund.as_mut().expect("a refund").is_claimed = true;
        self.plan(Subject::Claim(who), self.pledges[who].cents);
        Reply::Status(303, None)
    }

    pub fn plan(&mut self, subject: Subject, cents: i64) {
        self.transfers.push(Transfer { subject, cents, sent: Sent::Planned });
    }

    /// Two treasurers send a line back to its sender, or write it off.
    pub fn place(&mut self, which: usize, back: bool) {
        let Stray { cents, .. } = self.strays[which];
        self.strays[which].waits = false;
        match back {
            true => self.plan(Subject::Return(which), cents),
            false => self.book(cents, "suspense", "platform_fees"),
        }
    }

    /// Two treasurers bring everything that is planned to the bank.
    pub fn file(&mut self) -> Reply {
        let planned = self.transfers.iter_mut().filter(|transfer| transfer.sent == Sent::Planned);
        let moved = planned.map(|transfer| transfer.sent = Sent::AtBank).count();
        if moved == 0 { Reply::Refused("NothingChosen") } else { Reply::Done }
    }

    /// The statement shows that a transfer left.
    pub fn left(&mut self, which: usize) {
        self.transfers[which].sent = Sent::Confirmed;
        let Transfer { subject, cents, .. } = self.transfers[which];
        match subject {
            Subject::Refund(who) => {
                self.book(cents, &due(self.pledges[who].project), "bank");
                self.gone(who, RefundState::Succeeded, PledgeState::Refunded);
            }
            Subject::Claim(who) => {
                self.book(cents, "unclaimed_refunds", "bank");
                self.gone(who, RefundState::PaidByBank, PledgeState::Refunded);
            }
            Subject::Tranche(project, _) => self.book(cents, &payable(project), "bank"),
            Subject::Return(_) => self.book(cents, "suspense", "bank"),
        }
    }

    /// The receiver's bank sent a transfer back.
    pub fn came_back(&mut self, which: usize) {
        self.transfers[which].sent = Sent::Returned;
        let Transfer { subject, cents, .. } = self.transfers[which];
        match subject {
            Subject::Refund(who) | Subject::Claim(who) => {
                self.book(cents, "bank", "unclaimed_refunds");
                self.gone(who, RefundState::Unclaimed, PledgeState::Refunding);
                self.pledges[who].refund.as_mut().expect("a refund").is_claimed = false;
            }
            Subject::Tranche(project, _) => {
                self.book(cents, "bank", &payable(project));
                self.projects[project].given -= cents;
            }
            Subject::Return(which) => {
                self.book(cents, "bank", "suspense");
                self.strays[which].waits = true;
            }
        }
    }

    fn gone(&mut self, who: usize, refund: RefundState, pledge: PledgeState) {
        self.pledges[who].state = pledge;
        self.pledges[who].refund.as_mut().expect("a refund").state = refund;
    }

    /// Two treasurers give a project part of its start money.
    pub fn tranche(&mut self, project: usize, cents: i64) -> Reply {
        let Project { funded, payable, given } = self.projects[project];
        if funded == Some(false) {
            return Reply::Refused("NotPayable");
        }
        if given + cents > payable {
            return Reply::Refused("TooMuch");
        }
        self.projects[project].given += cents;
        self.plan(Subject::Tranche(project, self.tranches), cents);
        self.tranches += 1;
        Reply::Done
    }

    pub fn left_to_give(&self, project: usize) -> i64 {
        self.projects[project].payable - self.projects[project].given
    }

    fn all_held(&self) -> Vec<(usize, i64)> {
        let held = self.pledges.iter().enumerate().filter(|(_, pledge)| pledge.state == PledgeState::Held);
        held.map(|(who, pledge)| (who, pledge.cents)).collect()
    }

    pub fn propose(&mut self, by: usize) -> Reply {
        if self.is_approved {
            return Reply::Refused("AlreadyApproved");
        }
        if self.round != RoundState::Closing {
            return Reply::Refused("NotClosing");
        }
        let held = self.all_held();
        if self.proposal.as_ref().is_some_and(|open| open.held == held && open.until > self.now) {
            return Reply::Refused("AlreadyProposed");
        }
        self.proposal = Some(Proposal { by, held, until: self.now + DAY });
        Reply::Done
    }

    pub fn approve(&mut self, by: usize) -> Reply {
        if self.is_approved {
            return Reply::Refused("AlreadyApproved");
        }
        let Some(open) = self.proposal.clone() else { return Reply::Refused("NothingProposed") };
        if open.by == by {
            return Reply::Refused("OwnProposal");
        }
        if open.until <= self.now || open.held != self.all_held() {
            self.proposal = None;
            return Reply::Refused(if open.until <= self.now { "ProposalExpired" } else { "Outdated" });
        }
        self.is_approved = true;
        self.carry_out(&open.held);
        Reply::Done
    }

    fn carry_out(&mut self, lines: &[(usize, i64)]) {
        for (project, (_, threshold)) in PROJECTS.iter().enumerate() {
            let sum = self.sum(project, PledgeState::Held);
            let funded = sum >= *threshold;
            self.projects[project].funded = Some(funded);
            if funded {
                self.book(*threshold, &held(project), &payable(project));
                self.book(sum - threshold, &held(project), &format!("result_money:prj_{project}"));
                self.projects[project].payable = *threshold;
            }
        }
        for (who, _) in lines {
            match self.projects[self.pledges[*who].project].funded {
                Some(true) => self.pledges[*who].state = PledgeState::Released,
                _ => self.refund(*who),
            }
        }
    }

    /// A job looks every few seconds whether the round can end.
    pub fn is_executing(&self) -> bool {
        self.is_approved && self.round == RoundState::Closing
    }

    /// Nothing is under way.
    pub fn is_at_rest(&self) -> bool {
        let under_way = [RefundState::Due, RefundState::Requested, RefundState::Pending];
        let between = [PledgeState::Reserved, PledgeState::Processing, PledgeState::Held];
        let busy = |pledge: &Pledge| {
            let refund = pledge.refund.as_ref().is_some_and(|refund| under_way.contains(&refund.state));
            refund || between.contains(&pledge.state)
        };
        !self.pledges.iter().any(busy)
    }
}

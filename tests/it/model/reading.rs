//! What the model knows that the program must show.

use std::collections::BTreeMap;

use drempel::features::payments::RefundState;
use drempel::features::pledges::PledgeState;
use drempel::features::rounds::RoundState;

use super::reference::Model;
use super::things::*;

impl Model {
    /// The accounts that do not stand at zero; debits positive.
    pub fn balances(&self) -> BTreeMap<String, i64> {
        self.books.iter().filter(|(_, cents)| **cents != 0).map(|(name, cents)| (name.clone(), *cents)).collect()
    }

    /// Cents of a project's pledges in a state.
    pub fn sum(&self, project: usize, state: PledgeState) -> i64 {
        self.pledges.iter().filter(|p| p.project == project && p.state == state).map(|p| p.cents).sum()
    }

    /// What can still be pledged for a project.
    pub fn available(&self, project: usize) -> i64 {
        let taken = [PledgeState::Reserved, PledgeState::Processing, PledgeState::Held];
        PROJECTS[project].0 - taken.map(|state| self.sum(project, state)).iter().sum::<i64>()
    }

    pub fn sells(&self) -> bool {
        self.round == RoundState::Selling && self.now < CLOSES
    }

    /// The bank decides one dispute after the other: of two that are won at once, nobody knows which finds the last place.
    pub fn may_decide_a_dispute(&self) -> bool {
        self.pledges
            .iter()
            .all(|pledge| pledge.dispute.is_none_or(|dispute| dispute.at_bank == Word::Open || dispute.is_settled))
    }

    pub fn has_news(&self) -> bool {
        self.pledges
            .iter()
            .any(|pledge| pledge.news || pledge.refund_news || pledge.dispute.is_some_and(|d| d.has_news))
    }

    /// What the books must say of a pledge: held, released, due back, unclaimed, set aside.
    pub fn parts(&self, who: usize) -> [i64; 5] {
        let Pledge { cents, state, .. } = self.pledges[who];
        let unclaimed = self.pledges[who].refund.as_ref().is_some_and(|r| r.state == RefundState::Unclaimed);
        match state {
            PledgeState::Held => [cents, 0, 0, 0, 0],
            PledgeState::Released => [0, cents, 0, 0, 0],
            PledgeState::Refunding if unclaimed => [0, 0, 0, cents, 0],
            PledgeState::Refunding => [0, 0, cents, 0, 0],
            PledgeState::Disputed => [0, 0, 0, 0, cents],
            _ => [0; 5],
        }
    }

    /// Different people whose money is held for a project, or was released to it.
    pub fn backers(&self, project: usize) -> i64 {
        let counts = [PledgeState::Held, PledgeState::Released];
        let held = self.pledges.iter().filter(|p| p.project == project && counts.contains(&p.state));
        let people: std::collections::BTreeSet<usize> = held.map(|pledge| pledge.person).collect();
        i64::try_from(people.len()).expect("few people")
    }

    pub fn transfers_by_state(&self) -> Vec<(String, i64)> {
        let mut counts: BTreeMap<String, i64> = BTreeMap::new();
        for transfer in &self.transfers {
            let word = match transfer.sent {
                Sent::Planned => "planned",
                Sent::AtBank => "sent",
                Sent::Confirmed => "confirmed",
                Sent::Returned => "returned",
            };
            *counts.entry(word.to_owned()).or_default() += 1;
        }
        counts.into_iter().collect()
    }

    /// The refunds the bank was asked for, and whether they failed there.
    pub fn refunds_at_bank(&self) -> Vec<(i64, bool)> {
        let by_bank = self.pledges.iter().filter(|pledge| pledge.method != Method::Transfer);
        by_bank.filter_map(|p| Some((p.cents, p.refund_at_bank()? == RefundState::Failed))).collect()
    }
}

//! Who gets back what: a pure function, so that it can be tried with all amounts.

use crate::values::Cents;
use crate::values::split::in_proportion;

/// What one backer, or one match's fund, gets back, and from which of the project's money it is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Of the pledge, or of the match.
    pub id: String,
    pub start: Cents,
    pub result: Cents,
}

impl Line {
    pub fn total(&self) -> Cents {
        Cents(self.start.0 + self.result.0)
    }
}

/// The whole list, pledges and matches each in the order of their ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    pub lines: Vec<Line>,
    /// To the match funds.
    pub matches: Vec<Line>,
}

impl Plan {
    /// Splits what is left of start and result money over pledges and matches, given as id and what is kept of each. The sum of the
    /// lines is what is left, or all that was kept when that is less; nobody gets more than was kept. Each differs from its exact
    /// share by less than a cent. Lines of nothing are left out.
    pub fn of(start: Cents, result: Cents, pledges: &[(String, Cents)], matches: &[(String, Cents)]) -> Plan {
        let (mut kept, mut of_funds) = (pledges.to_vec(), matches.to_vec());
        // the databases may order text differently; the hash of the list may not
        kept.sort_by(|a, b| a.0.cmp(&b.0));
        of_funds.sort_by(|a, b| a.0.cmp(&b.0));
        let so_many = kept.len();
        kept.append(&mut of_funds);
        let weights: Vec<i64> = kept.iter().map(|(_, amount)| amount.0).collect();
        let most: i64 = weights.iter().sum();
        let whole = Cents((start.0.max(0) + result.0.max(0)).min(most));
        let mut start_left = start.0.max(0);
        let lines = kept.into_iter().zip(in_proportion(whole, &weights)).map(|((id, _), part)| {
            let from_start = part.0.min(start_left);
            start_left -= from_start;
            Line { id, start: Cents(from_start), result: Cents(part.0 - from_start) }
        });
        let mut lines: Vec<Line> = lines.collect();
        let mut matches = lines.split_off(so_many);
        for list in [&mut lines, &mut matches] {
            list.retain(|line| line.total() > Cents::ZERO);
        }
        Plan { lines, matches }
    }

    pub fn start(&self) -> Cents {
        self.lines.iter().map(|line| line.start).sum()
    }

    pub fn result(&self) -> Cents {
        self.lines.iter().map(|line| line.result).sum()
    }

    pub fn total(&self) -> Cents {
        Cents(self.start().0 + self.result().0)
    }

    /// What goes back to the match funds: of start and of result money.
    pub fn to_funds(&self) -> (Cents, Cents) {
        (self.matches.iter().map(|line| line.start).sum(), self.matches.iter().map(|line| line.result).sum())
    }

    /// The sum of both.
    pub fn back_to_funds(&self) -> Cents {
        self.matches.iter().map(Line::total).sum()
    }

    /// The canonical text of the list: what two people decide on.
    pub fn content(&self) -> String {
        let line = |line: &Line| format!("{} {} {}\n", line.id, line.start.0, line.result.0);
        self.lines.iter().chain(&self.matches).map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_odd_cent_is_given_to_somebody() {
        let kept = ["a", "b", "c"].map(|id| (id.to_owned(), Cents(1_000)));
        let plan = Plan::of(Cents(100), Cents(0), &kept, &[]);
        assert_eq!(plan.lines.iter().map(|line| line.start.0).collect::<Vec<_>>(), [34, 33, 33]);
        assert_eq!(Plan::of(Cents(0), Cents(0), &kept, &[]), Plan::default());
        assert_eq!(Plan::of(Cents(5), Cents(5), &[], &[]), Plan::default());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn f64_what_is_left_goes_back_to_the_cent_and_nobody_gets_more_than_they_gave(
            kept in prop::collection::vec(1i64..5_000_000, 1..60), paid_out in 0i64..=1_000, of_start in 0i64..=1_000,
            of_funds in 0usize..=100
        ) {
            let given: i64 = kept.iter().sum();
            let left = given - given * paid_out / 1_000;
            let start = left * of_start / 1_000;
            let pledges: Vec<(String, Cents)> =
                kept.iter().enumerate().map(|(at, amount)| (format!("plg_{at:03}"), Cents(*amount))).collect();
            // some of the money was added by funds
            let own = pledges.len() * of_funds / 100;
            let plan = Plan::of(Cents(start), Cents(left - start), &pledges[own..], &pledges[..own]);
            let (fund_start, fund_result) = plan.to_funds();
            let all = (Cents(plan.start().0 + fund_start.0), Cents(plan.result().0 + fund_result.0));
            prop_assert_eq!(all, (Cents(start), Cents(left - start)));
            for line in plan.lines.iter().chain(&plan.matches) {
                let gave = pledges.iter().find(|(id, _)| *id == line.id).map_or(0, |(_, amount)| amount.0);
                prop_assert!(line.total().0 <= gave && line.start.0 >= 0 && line.result.0 >= 0);
                let off = i128::from(line.total().0) * i128::from(given) - i128::from(left) * i128::from(gave);
                prop_assert!(off.abs() < i128::from(given), "more than a cent from the exact share");
            }
        }

        #[test]
        fn more_than_was_kept_never_goes_back(kept in prop::collection::vec(1i64..1_000, 1..20), left in 0i64..100_000) {
            let pledges: Vec<(String, Cents)> =
                kept.iter().enumerate().map(|(at, amount)| (format!("plg_{at:03}"), Cents(*amount))).collect();
            let plan = Plan::of(Cents(left), Cents(left), &pledges, &[]);
            prop_assert_eq!(plan.total().0, (2 * left).min(kept.iter().sum()));
        }
    }
}

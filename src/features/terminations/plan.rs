//! Who gets back what: a pure function, so that it can be tried with all amounts.

use crate::values::Cents;
use crate::values::split::in_proportion;

/// What one backer gets back, and from which of the project's money it is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub pledge_id: String,
    pub start: Cents,
    pub result: Cents,
}

impl Line {
    pub fn total(&self) -> Cents {
        Cents(self.start.0 + self.result.0)
    }
}

/// The whole list, in the order of the pledges' ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    pub lines: Vec<Line>,
}

impl Plan {
    /// Splits what is left of start and result money over pledges, given as id and what is kept of each. The sum of the lines is
    /// what is left, or all that was kept when that is less; nobody gets more than was kept of the pledge. Each differs from its
    /// exact share by less than a cent. Lines of nothing are left out.
    pub fn of(start: Cents, result: Cents, kept: &[(String, Cents)]) -> Plan {
        let mut kept = kept.to_vec();
        // the databases may order text differently; the hash of the list may not
        kept.sort_by(|a, b| a.0.cmp(&b.0));
        let weights: Vec<i64> = kept.iter().map(|(_, amount)| amount.0).collect();
        let most: i64 = weights.iter().sum();
        let whole = Cents((start.0.max(0) + result.0.max(0)).min(most));
        let mut start_left = start.0.max(0);
        let lines = kept.into_iter().zip(in_proportion(whole, &weights)).filter(|(_, part)| *part > Cents::ZERO);
        let lines = lines.map(|((pledge_id, _), part)| {
            let from_start = part.0.min(start_left);
            start_left -= from_start;
            Line { pledge_id, start: Cents(from_start), result: Cents(part.0 - from_start) }
        });
        Plan { lines: lines.collect() }
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

    /// The canonical text of the list: what two people decide on.
    pub fn content(&self) -> String {
        let line = |line: &Line| format!("{} {} {}\n", line.pledge_id, line.start.0, line.result.0);
        self.lines.iter().map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_odd_cent_is_given_to_somebody() {
        let kept = ["a", "b", "c"].map(|id| (id.to_owned(), Cents(1_000)));
        let plan = Plan::of(Cents(100), Cents(0), &kept);
        assert_eq!(plan.lines.iter().map(|line| line.start.0).collect::<Vec<_>>(), [34, 33, 33]);
        assert_eq!(Plan::of(Cents(0), Cents(0), &kept), Plan::default());
        assert_eq!(Plan::of(Cents(5), Cents(5), &[]), Plan::default());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn f64_what_is_left_goes_back_to_the_cent_and_nobody_gets_more_than_they_gave(
            kept in prop::collection::vec(1i64..5_000_000, 1..60), paid_out in 0i64..=1_000, of_start in 0i64..=1_000
        ) {
            let given: i64 = kept.iter().sum();
            let left = given - given * paid_out / 1_000;
            let start = left * of_start / 1_000;
            let pledges: Vec<(String, Cents)> =
                kept.iter().enumerate().map(|(at, amount)| (format!("plg_{at:03}"), Cents(*amount))).collect();
            let plan = Plan::of(Cents(start), Cents(left - start), &pledges);
            prop_assert_eq!((plan.start(), plan.result()), (Cents(start), Cents(left - start)));
            for line in &plan.lines {
                let gave = pledges.iter().find(|(id, _)| *id == line.pledge_id).map_or(0, |(_, amount)| amount.0);
                prop_assert!(line.total().0 <= gave && line.start.0 >= 0 && line.result.0 >= 0);
                let off = i128::from(line.total().0) * i128::from(given) - i128::from(left) * i128::from(gave);
                prop_assert!(off.abs() < i128::from(given), "more than a cent from the exact share");
            }
        }

        #[test]
        fn more_than_was_kept_never_goes_back(kept in prop::collection::vec(1i64..1_000, 1..20), left in 0i64..100_000) {
            let pledges: Vec<(String, Cents)> =
                kept.iter().enumerate().map(|(at, amount)| (format!("plg_{at:03}"), Cents(*amount))).collect();
            let plan = Plan::of(Cents(left), Cents(left), &pledges);
            prop_assert_eq!(plan.total().0, (2 * left).min(kept.iter().sum()));
        }
    }
}

//! The plan: sums, edges of the threshold, and a hash that does not depend on the order of reading.

use proptest::prelude::*;

use crate::features::pledges::actions::HeldPledge;
use crate::features::settlement::{Candidate, Decision, Effect, Plan, decide, plan};
use crate::values::Cents;

fn candidate(id: usize, threshold: i64) -> Candidate {
    Candidate { id: format!("prj_{id:02}"), threshold: Cents(threshold) }
}

fn held(id: usize, project: usize, user: usize, amount: i64) -> HeldPledge {
    HeldPledge {
        id: format!("plg_{id:05}"),
        project_id: format!("prj_{project:02}"),
        user_id: format!("usr_{user:03}"),
        amount: Cents(amount),
    }
}

fn planned(candidates: &[Candidate], pledges: &[HeldPledge]) -> Plan {
    plan("rnd_1", candidates, pledges, None).unwrap()
}

#[test]
fn f57_the_threshold_is_compared_to_the_cent() {
    for (sum, decision) in [(99_999, Decision::Failed), (100_000, Decision::Funded), (100_001, Decision::Funded)] {
        let pledges = [held(1, 1, 1, 40_000), held(2, 1, 2, sum - 40_000)];
        let plan = planned(&[candidate(1, 100_000)], &pledges);
        let project = &plan.projects[0];
        assert_eq!(project.decision, decision, "{sum}");
        match decision {
            Decision::Funded => {
                assert_eq!((project.start, project.result), (Cents(100_000), Cents(sum - 100_000)));
                assert_eq!(project.refund, Cents::ZERO);
            }
            _ => assert_eq!((project.start, project.result, project.refund), (Cents::ZERO, Cents::ZERO, Cents(sum))),
        }
    }
}

#[test]
fn a_near_miss_has_its_place_and_is_not_used_yet() {
    assert_eq!(decide(Cents(80), Cents(100), None), Decision::Failed);
    assert_eq!(decide(Cents(80), Cents(100), Some(80)), Decision::NearMiss);
    assert_eq!(decide(Cents(79), Cents(100), Some(80)), Decision::Failed);
    assert_eq!(decide(Cents(100), Cents(100), Some(80)), Decision::Funded);
    assert_eq!(decide(Cents(i64::MAX - 1), Cents(i64::MAX), Some(80)), Decision::NearMiss);
}

#[test]
fn a_project_without_pledges_is_decided_and_in_the_hash() {
    let one = planned(&[candidate(1, 100)], &[]);
    let two = planned(&[candidate(1, 100), candidate(2, 100)], &[]);
    assert_eq!(one.projects[0].decision, Decision::Failed);
    assert_ne!(one.hash, two.hash);
    assert_ne!(one.hash, plan("rnd_2", &[candidate(1, 100)], &[], None).unwrap().hash);
}

#[test]
fn f91_a_sum_that_does_not_fit_decides_nothing() {
    let pledges = [held(1, 1, 1, i64::MAX), held(2, 1, 2, 1)];
    assert!(plan("rnd_1", &[candidate(1, 100)], &pledges, None).is_err());
    let apart = [held(1, 1, 1, i64::MAX), held(2, 2, 2, 1)];
    assert!(plan("rnd_1", &[candidate(1, 100), candidate(2, 100)], &apart, None).is_err());
}

#[test]
fn money_of_a_project_that_is_not_for_sale_is_a_stray() {
    let plan = planned(&[candidate(1, 100)], &[held(1, 1, 1, 100), held(2, 9, 1, 500)]);
    assert_eq!((plan.strays, plan.lines.len()), (1, 1));
}

/// Thresholds of up to five projects, and pledges to them.
fn rounds() -> impl Strategy<Value = (Vec<Candidate>, Vec<HeldPledge>)> {
    let thresholds = prop::collection::vec(1i64..3_000_000, 1..5);
    let pledges = prop::collection::vec((0usize..5, 0usize..9, 500i64..500_000), 0..40);
    (thresholds, pledges).prop_map(|(thresholds, pledges)| {
        let count = thresholds.len();
        let candidates = thresholds.into_iter().enumerate().map(|(id, threshold)| candidate(id, threshold)).collect();
        let held = pledges
            .into_iter()
            .enumerate()
            .map(|(id, (project, user, amount))| held(id, project % count, user, amount));
        (candidates, held.collect())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn every_cent_has_one_place_and_nobody_gets_more_than_paid((candidates, pledges) in rounds()) {
        let plan = planned(&candidates, &pledges);
        prop_assert_eq!(plan.lines.len(), pledges.len());
        prop_assert_eq!(plan.held(), pledges.iter().map(|p| p.amount).sum::<Cents>());
        for project in &plan.projects {
            let lines: Vec<_> = plan.lines.iter().filter(|line| line.project_id == project.project_id).collect();
            let sum = |of: fn(&crate::features::settlement::LinePlan) -> i64| lines.iter().map(|l| of(l)).sum::<i64>();
            prop_assert_eq!(project.held.0, project.start.0 + project.result.0 + project.refund.0);
            prop_assert_eq!(project.held.0, sum(|l| l.amount.0));
            prop_assert_eq!(project.start.0, sum(|l| l.start.0));
            prop_assert_eq!(project.result.0, sum(|l| l.result.0));
            prop_assert_eq!(project.pledges, i64::try_from(lines.len()).unwrap());
            prop_assert!(project.backers <= project.pledges);
            prop_assert_eq!(project.decision == Decision::Funded, project.held >= project.threshold);
            for line in lines {
                prop_assert!(line.start.0 >= 0 && line.result.0 >= 0);
                match line.effect {
                    Effect::Release => prop_assert_eq!(line.start.0 + line.result.0, line.amount.0),
                    Effect::Refund => prop_assert_eq!(line.start.0 + line.result.0, 0),
                }
                prop_assert_eq!(line.effect == Effect::Release, project.decision == Decision::Funded);
            }
        }
    }

    #[test]
    fn the_hash_is_that_of_the_facts_not_of_their_order(
        (candidates, pledges, shuffled, reordered) in rounds().prop_flat_map(|(c, p)| {
            (Just(c.clone()), Just(p.clone()), Just(p).prop_shuffle(), Just(c).prop_shuffle())
        })
    ) {
        let one = planned(&candidates, &pledges);
        prop_assert_eq!(&one, &planned(&reordered, &shuffled));
        if let Some(first) = pledges.first() {
            let mut other = pledges.clone();
            other[0].amount = Cents(first.amount.0 + 1);
            prop_assert_ne!(&one.hash, &planned(&candidates, &other).hash);
            prop_assert_ne!(&one.hash, &planned(&candidates, &pledges[1..]).hash);
        }
    }
}

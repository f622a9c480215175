//! The plan: sums, edges of the threshold, and a hash that does not depend on the order of reading.

use proptest::prelude::*;

use crate::features::pledges::actions::HeldPledge;
use crate::features::settlement::{Added, Candidate, Decision, Effect, Plan, Question, decide, decide_kept, plan};
use crate::values::Cents;

fn candidate(id: usize, threshold: i64) -> Candidate {
    let question = Question::Sale { near_miss_percent: 0 };
    Candidate { id: format!("prj_{id:02}"), threshold: Cents(threshold), question }
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
    plan("rnd_1", candidates, pledges, &[]).unwrap()
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
fn f55_the_band_of_a_near_miss_is_compared_to_the_cent() {
    assert_eq!(decide(Cents(80), Cents(100), 0), Decision::Failed);
    assert_eq!(decide(Cents(0), Cents(100), 0), Decision::Failed);
    assert_eq!(decide(Cents(80), Cents(100), 80), Decision::NearMiss);
    assert_eq!(decide(Cents(79), Cents(100), 80), Decision::Failed);
    assert_eq!(decide(Cents(80), Cents(101), 80), Decision::Failed);
    assert_eq!(decide(Cents(100), Cents(100), 80), Decision::Funded);
    assert_eq!(decide(Cents(i64::MAX - 1), Cents(i64::MAX), 80), Decision::NearMiss);
    assert_eq!(decide_kept(Cents(80), Cents(100), 80), Decision::Funded);
    assert_eq!(decide_kept(Cents(79), Cents(100), 80), Decision::Failed);
}

#[test]
fn a_project_without_pledges_is_decided_and_in_the_hash() {
    let one = planned(&[candidate(1, 100)], &[]);
    let two = planned(&[candidate(1, 100), candidate(2, 100)], &[]);
    assert_eq!(one.projects[0].decision, Decision::Failed);
    assert_ne!(one.hash, two.hash);
    assert_ne!(one.hash, plan("rnd_2", &[candidate(1, 100)], &[], &[]).unwrap().hash);
}

#[test]
fn f91_a_sum_that_does_not_fit_decides_nothing() {
    let pledges = [held(1, 1, 1, i64::MAX), held(2, 1, 2, 1)];
    assert!(plan("rnd_1", &[candidate(1, 100)], &pledges, &[]).is_err());
    let apart = [held(1, 1, 1, i64::MAX), held(2, 2, 2, 1)];
    assert!(plan("rnd_1", &[candidate(1, 100), candidate(2, 100)], &apart, &[]).is_err());
    let added = Added { match_id: "mat_1".to_owned(), pledge_id: held(1, 1, 1, 1).id, amount: Cents(1) };
    assert!(
        plan("rnd_1", &[candidate(1, 100)], &[held(1, 1, 1, i64::MAX)], &[added]).is_err(),
        "with what a fund added"
    );
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
                    _ => prop_assert_eq!(line.start.0 + line.result.0, 0),
                }
                prop_assert_eq!(line.effect == Effect::Release, project.decision == Decision::Funded);
            }
        }
    }

    /// Both plans of a round with a band: what is held at the close is released, refunded or kept waiting to the cent, and so is
    /// what waited when backers have kept, added, withdrawn or said nothing.
    #[test]
    fn f55_both_plans_give_every_cent_one_place(
        (candidates, pledges) in rounds(), percent in 1i64..100, choices in prop::collection::vec((0u8..4, 0i64..50_000), 40)
    ) {
        let banded: Vec<Candidate> = candidates
            .iter()
            .map(|c| Candidate { question: Question::Sale { near_miss_percent: percent }, ..c.clone() })
            .collect();
        let first = planned(&banded, &pledges);
        let (mut second_candidates, mut second_pledges) = (Vec::new(), Vec::new());
        for project in first.projects.iter().filter(|project| project.decision == Decision::NearMiss) {
            prop_assert_eq!(project.waits(), project.held);
            let mut kept = std::collections::HashSet::new();
            let own = pledges.iter().zip(&choices).filter(|(pledge, _)| pledge.project_id == project.project_id);
            for (pledge, (choice, added)) in own {
                second_pledges.push(pledge.clone());
                if *choice < 2 {
                    kept.insert(pledge.id.clone());
                }
                if *choice == 1 && *added > 0 {
                    let more = HeldPledge { id: format!("{}b", pledge.id), amount: Cents(*added), ..pledge.clone() };
                    kept.insert(more.id.clone());
                    second_pledges.push(more);
                }
            }
            let (id, threshold) = (project.project_id.clone(), project.threshold);
            second_candidates.push(Candidate { id, threshold, question: Question::Kept { percent, pledges: kept } });
        }
        let second = planned(&second_candidates, &second_pledges);
        prop_assert_eq!(second.projects.len(), second_candidates.len());
        prop_assert_eq!(second.strays, 0);
        for plan in [&first, &second] {
            for project in &plan.projects {
                let lines: Vec<_> = plan.lines.iter().filter(|line| line.project_id == project.project_id).collect();
                let of = |effect: Effect| lines.iter().filter(|l| l.effect == effect).map(|l| l.amount.0).sum::<i64>();
                prop_assert_eq!(of(Effect::Release), project.start.0 + project.result.0);
                prop_assert_eq!(of(Effect::Refund), project.refund.0);
                prop_assert_eq!(of(Effect::Consent), project.waits().0);
                prop_assert_eq!(lines.iter().map(|l| l.start.0).sum::<i64>(), project.start.0);
                prop_assert!(project.start <= project.threshold);
                prop_assert!(lines.iter().all(|l| l.start.0 >= 0 && l.start.0 + l.result.0 <= l.amount.0));
            }
        }
        prop_assert_eq!(second.waits(), Cents::ZERO);
        for (project, asked) in second.projects.iter().zip(&second_candidates) {
            let Question::Kept { pledges: kept, .. } = &asked.question else { unreachable!() };
            let sum: i64 = second_pledges.iter().filter(|p| kept.contains(&p.id)).map(|p| p.amount.0).sum();
            let enough = i128::from(sum) * 100 >= i128::from(project.threshold.0) * i128::from(percent);
            prop_assert_eq!(project.decision, if enough { Decision::Funded } else { Decision::Failed });
            let released: Vec<_> = second
                .lines
                .iter()
                .filter(|l| l.project_id == project.project_id && l.effect == Effect::Release)
                .collect();
            prop_assert!(released.iter().all(|l| kept.contains(&l.pledge_id)));
            if enough {
                prop_assert_eq!(released.iter().map(|l| l.amount.0).sum::<i64>(), sum);
                prop_assert_eq!(project.start.0, sum.min(project.threshold.0));
            }
        }
        prop_assert_eq!(first.held().0 - first.waits().0, first.start().0 + first.result().0 + first.refund().0);
        prop_assert_eq!(second.held().0, second.start().0 + second.result().0 + second.refund().0);
    }

    /// What funds added counts as what backers gave: it decides, is split with it, and goes the way of its pledge, to the cent.
    #[test]
    fn f67_matched_money_is_released_or_returned_with_its_pledge_to_the_cent(
        (candidates, pledges) in rounds(), percent in 0i64..100, parts in prop::collection::vec((0u8..3, 0i64..40_000), 40),
        kept in prop::collection::vec(any::<bool>(), 40), later in any::<bool>()
    ) {
        let mut added = Vec::new();
        for (pledge, (matches, amount)) in pledges.iter().zip(&parts) {
            for number in 0..*matches {
                let match_id = format!("mat_{}_{number}", pledge.id);
                added.push(Added { match_id, pledge_id: pledge.id.clone(), amount: Cents(amount + 1) });
            }
        }
        let stays: std::collections::HashSet<String> =
            pledges.iter().zip(&kept).filter(|(_, kept)| **kept).map(|(pledge, _)| pledge.id.clone()).collect();
        let question = match later {
            true => Question::Kept { percent: percent.max(1), pledges: stays.clone() },
            false => Question::Sale { near_miss_percent: percent },
        };
        let asked: Vec<Candidate> =
            candidates.iter().map(|one| Candidate { question: question.clone(), ..one.clone() }).collect();
        let made = plan("rnd_1", &asked, &pledges, &added).unwrap();
        for project in &made.projects {
            let lines: Vec<_> = made.lines.iter().filter(|line| line.project_id == project.project_id).collect();
            let funds = project.funds;
            let of = |field: fn(&crate::features::settlement::MatchPlan) -> Cents| {
                lines.iter().flat_map(|line| &line.matches).map(field).sum::<Cents>()
            };
            prop_assert_eq!((of(|m| m.amount), of(|m| m.start), of(|m| m.result)), (funds.matched, funds.start, funds.result));
            let waits = if project.decision == Decision::NearMiss { funds.matched.0 } else { 0 };
            prop_assert_eq!(funds.start.0 + funds.result.0 + funds.returned.0 + waits, funds.matched.0);
            let all = project.held.0 + funds.matched.0;
            let kept = lines.iter().filter(|l| !later || stays.contains(&l.pledge_id));
            let kept: i64 = kept.map(|l| l.amount.0 + l.matches.iter().map(|m| m.amount.0).sum::<i64>()).sum();
            let enough = match later {
                true => i128::from(kept) * 100 >= i128::from(project.threshold.0) * i128::from(percent.max(1)),
                false => all >= project.threshold.0,
            };
            prop_assert_eq!(project.decision == Decision::Funded, enough);
            if enough {
                prop_assert_eq!(project.start.0 + funds.start.0, project.threshold.0.min(kept));
                prop_assert_eq!(project.refund.0 + funds.returned.0, all - kept);
            }
            for line in lines {
                for one in &line.matches {
                    prop_assert!(one.start.0 >= 0 && one.result.0 >= 0);
                    let parts = if line.effect == Effect::Release { one.amount.0 } else { 0 };
                    prop_assert_eq!(one.start.0 + one.result.0, parts);
                }
            }
        }
        let others: Vec<Added> = added.iter().rev().cloned().collect();
        prop_assert_eq!(&plan("rnd_1", &asked, &pledges, &others).unwrap().hash, &made.hash);
        if let Some(first) = added.first() {
            let one_cent_more = [Added { amount: Cents(first.amount.0 + 1), ..first.clone() }];
            let changed: Vec<Added> = one_cent_more.into_iter().chain(added[1..].iter().cloned()).collect();
            prop_assert_ne!(&plan("rnd_1", &asked, &pledges, &changed).unwrap().hash, &made.hash);
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

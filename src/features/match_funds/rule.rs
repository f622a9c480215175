//! How much a fund adds to a pledge, and how much of it stays: pure functions, so that they can be tried with all amounts.

use crate::features::match_funds::{Fund, Match};
use crate::values::Cents;

/// What stands when a pledge has just become held.
#[derive(Debug, Clone)]
pub struct Room {
    /// What counts of the pledge.
    pub pledge: Cents,
    /// The price of the impact value, and that of the threshold.
    pub cap: Cents,
    pub threshold: Cents,
    /// Held for the project, with this pledge.
    pub held: Cents,
    /// Different people with held money, with this backer.
    pub backers: i64,
    /// What the fund has added to the project and is not back.
    pub added: Cents,
    /// Of it: to the pledge that this one adds to, and to what was added to that before.
    pub added_before: Cents,
    /// What is left under the impact value.
    pub available: Cents,
    /// Whole euros for one Rikx: as many cents are one hundredth.
    pub unit_price_eur: i64,
}

impl Fund {
    /// What it adds; nothing while a condition is not met. Never more than it has left, and always whole hundredths of a Rikx.
    pub fn adds(&self, room: &Room) -> Cents {
        if room.backers < self.least_backers || below(room.held, room.threshold, self.starting_percent) {
            return Cents::ZERO;
        }
        let in_project = part(room.cap, self.most_per_project_percent).0 - room.added.0;
        let most = part(room.pledge, self.ratio_percent)
            .min(Cents(self.most_per_pledge.0 - room.added_before.0))
            .min(Cents(in_project))
            .min(self.left())
            .min(room.available);
        whole(most, room.unit_price_eur)
    }
}

impl Match {
    /// What of it stays when this much of its pledge still counts.
    pub fn stays(&self, kept: Cents, unit_price_eur: i64) -> Cents {
        if kept >= self.counted {
            return self.kept();
        }
        let share = i128::from(self.amount.0) * i128::from(kept.0.max(0)) / i128::from(self.counted.0.max(1));
        // at most the amount itself, so it fits
        whole(Cents(i64::try_from(share).unwrap_or(0)), unit_price_eur).min(self.kept())
    }
}

/// So many percent of an amount, rounded down; the largest amount when it does not fit.
fn part(amount: Cents, percent: i64) -> Cents {
    Cents(i64::try_from(i128::from(amount.0) * i128::from(percent) / 100).unwrap_or(i64::MAX))
}

fn below(held: Cents, threshold: Cents, percent: i64) -> bool {
    i128::from(held.0) * 100 < i128::from(threshold.0) * i128::from(percent)
}

/// Rounded down to whole hundredths of a Rikx; nothing below zero.
fn whole(amount: Cents, unit_price_eur: i64) -> Cents {
    let amount = amount.0.max(0);
    Cents(amount - amount % unit_price_eur.max(1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::features::match_funds::{FundState, MatchState};

    fn fund() -> Fund {
        let at = "2026-01-15T12:00:00.000Z".parse().unwrap();
        Fund {
            id: "mfd_1".into(),
            round_id: "rnd_1".into(),
            giver_id: "org_1".into(),
            name_nl: "Fonds".into(),
            name_en: "Fund".into(),
            ratio_percent: 100,
            most_per_pledge: Cents(1_000_000),
            most_per_project_percent: 50,
            least_backers: 0,
            starting_percent: 0,
            state: FundState::Active,
            received: Cents(10_000_000),
            used: Cents::ZERO,
            given_back: Cents::ZERO,
            created_by: "usr_1".into(),
            created_at: at,
            activated_at: Some(at),
            ended_at: None,
        }
    }

    fn room() -> Room {
        Room {
            pledge: Cents(5_000),
            cap: Cents(100_000),
            threshold: Cents(60_000),
            held: Cents(5_000),
            backers: 1,
            added: Cents::ZERO,
            added_before: Cents::ZERO,
            available: Cents(95_000),
            unit_price_eur: 100,
        }
    }

    #[test]
    fn each_limit_alone_decides() {
        let with = |change: fn(&mut Fund, &mut Room)| {
            let (mut fund, mut room) = (fund(), room());
            change(&mut fund, &mut room);
            fund.adds(&room).0
        };
        assert_eq!(with(|_, _| {}), 5_000);
        assert_eq!(with(|fund, _| fund.ratio_percent = 50), 2_500);
        assert_eq!(with(|fund, _| fund.ratio_percent = 33), 1_600, "1.650 is no whole hundredth of a Rikx");
        assert_eq!(with(|fund, _| fund.most_per_pledge = Cents(1_250)), 1_200);
        assert_eq!(with(|fund, room| (fund.most_per_pledge, room.added_before) = (Cents(6_000), Cents(4_500))), 1_500);
        assert_eq!(with(|fund, room| (fund.most_per_pledge, room.added_before) = (Cents(4_500), Cents(4_500))), 0);
        assert_eq!(with(|fund, _| fund.most_per_project_percent = 3), 3_000);
        assert_eq!(with(|_, room| room.added = Cents(48_000)), 2_000);
        assert_eq!(with(|_, room| room.added = Cents(60_000)), 0);
        assert_eq!(with(|fund, _| fund.used = Cents(9_998_000)), 2_000);
        assert_eq!(with(|fund, _| fund.given_back = Cents(10_000_000)), 0);
        assert_eq!(with(|_, room| room.available = Cents(799)), 700);
        assert_eq!(with(|fund, _| fund.least_backers = 2), 0);
        assert_eq!(with(|fund, room| (fund.least_backers, room.backers) = (2, 2)), 5_000);
        assert_eq!(with(|fund, _| fund.starting_percent = 9), 0, "5.000 is less than 9 % of 60.000");
        assert_eq!(with(|fund, room| (fund.starting_percent, room.held) = (9, Cents(5_400))), 5_000);
    }

    fn matched(counted: i64, amount: i64, returned: i64) -> Match {
        Match {
            id: "mat_1".into(),
            fund_id: "mfd_1".into(),
            pledge_id: "plg_1".into(),
            project_id: "prj_1".into(),
            counted: Cents(counted),
            amount: Cents(amount),
            returned: Cents(returned),
            state: MatchState::Reserved,
            created_at: "2026-01-15T12:00:00.000Z".parse().unwrap(),
            ended_at: None,
        }
    }

    #[test]
    fn a_match_keeps_its_pledges_share_and_the_fund_gets_what_rounding_leaves() {
        assert_eq!(matched(5_000, 5_000, 0).stays(Cents(5_000), 100), Cents(5_000));
        assert_eq!(matched(5_000, 5_000, 0).stays(Cents(3_333), 100), Cents(3_300));
        assert_eq!(matched(5_000, 2_000, 0).stays(Cents(2_500), 100), Cents(1_000));
        assert_eq!(matched(5_000, 5_000, 4_000).stays(Cents(3_333), 100), Cents(1_000));
        assert_eq!(matched(5_000, 5_000, 0).stays(Cents(0), 100), Cents(0));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn a_match_keeps_to_every_limit_and_is_whole_hundredths(
            pledge in 1i64..10_000_000, cap in 1i64..100_000_000, percent in 1i64..=100, ratio in 1i64..=1_000,
            most in 1i64..5_000_000, received in 0i64..50_000_000, used_share in 0i64..=100, added in 0i64..50_000_000,
            available in 0i64..100_000_000, unit in 1i64..=200
        ) {
            let used = received * used_share / 100;
            let fund = Fund {
                ratio_percent: ratio, most_per_pledge: Cents(most), most_per_project_percent: percent,
                received: Cents(received), used: Cents(used), ..fund()
            };
            let room = Room {
                pledge: Cents(pledge), cap: Cents(cap), added: Cents(added), available: Cents(available),
                unit_price_eur: unit, ..room()
            };
            let adds = fund.adds(&room).0;
            prop_assert!(adds >= 0 && adds % unit == 0);
            prop_assert!(adds == 0 || (adds * 100 <= pledge * ratio && adds <= most && (added + adds) * 100 <= cap * percent));
            prop_assert!(adds <= received - used && adds <= available);
            // one hundredth more would break a limit
            let more = adds + unit;
            let fits = more * 100 <= pledge * ratio && more <= most && (added + more) * 100 <= cap * percent;
            prop_assert!(!fits || more > received - used || more > available);
        }

        #[test]
        fn whatever_goes_back_of_a_pledge_in_whatever_steps_its_match_follows_to_the_cent(
            counted in 1i64..1_000_000, hundredths in 1i64..10_000, unit in 1i64..=200,
            steps in prop::collection::vec(1i64..200_000, 0..6)
        ) {
            let mut one = matched(counted, hundredths * unit, 0);
            let mut kept = counted;
            for step in steps {
                kept = (kept - step).max(0);
                let stays = one.stays(Cents(kept), unit);
                prop_assert!(stays.0 % unit == 0 && stays <= one.kept() && stays.0 >= 0);
                prop_assert!(i128::from(stays.0) * i128::from(counted) <= i128::from(one.amount.0) * i128::from(kept));
                one.returned = Cents(one.amount.0 - stays.0);
                prop_assert_eq!(one.kept().0 + one.returned.0, one.amount.0);
            }
            // in one step or in many, the same stays
            prop_assert_eq!(one.kept(), matched(counted, hundredths * unit, 0).stays(Cents(kept), unit));
        }
    }
}

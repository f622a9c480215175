//! What each promise earned: a pure function, so that it can be tried with all figures.

use crate::values::Cents;
use crate::values::split::in_proportion;

/// Hundredths of a percent in the whole.
const WHOLE: i64 = 10_000;

/// A promise with what was verified of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    pub promise_id: String,
    pub share_percent: i64,
    pub baseline: i64,
    pub target: i64,
    /// Reached less than this of the way to the target, it earns nothing.
    pub floor_percent: i64,
    /// Of its part it earns at most this.
    pub cap_percent: i64,
    /// The newest figure that was verified.
    pub verified: Option<i64>,
    /// How; empty when it was not.
    pub level: String,
    /// Whether a figure is being checked, asked about or disputed.
    pub is_open: bool,
    /// Whether its last day is over.
    pub is_due: bool,
    /// Released for it earlier.
    pub before: Cents,
}

crate::words! {
    /// Why a promise did not simply earn what was reached. Each has a sentence in the texts: `results-why-{word}`.
    pub enum Why {
        Nothing = "",
        Floor = "floor",
        Cap = "cap",
        /// Its figure is being checked, asked about or disputed.
        Open = "open",
        /// It is not verified yet.
        Waits = "waits",
        /// It was not verified in time.
        Late = "late",
        /// More was released earlier than it earned: a figure was corrected.
        Lowered = "lowered",
    }
}

/// What a promise earned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earned {
    pub figure: Figure,
    /// Its part of all result money.
    pub part: Cents,
    /// Of the way to the target, in hundredths of a percent, cut off.
    pub reached_points: i64,
    pub why: Why,
    /// Earned in all.
    pub due: Cents,
    /// To release now.
    pub now: Cents,
}

impl Earned {
    /// What it keeps of its part: nothing that was released comes back.
    pub fn kept(&self) -> Cents {
        self.due.max(self.figure.before)
    }

    /// What was released beyond what it earned.
    pub fn over(&self) -> Cents {
        Cents((self.figure.before.0 - self.due.0).max(0))
    }
}

/// What all promises of a project earned.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// All result money that ever came.
    pub result: Cents,
    pub promises: Vec<Earned>,
}

impl Plan {
    /// Splits all result money over the promises and says what each earned. When it `is_late`, what was not verified counts as nothing.
    pub fn of(result: Cents, figures: &[Figure], is_late: bool) -> Plan {
        let shares: Vec<i64> = figures.iter().map(|figure| figure.share_percent).collect();
        let parts = in_proportion(result, &shares);
        let promises = figures.iter().zip(parts).map(|(figure, part)| earned(figure.clone(), part, is_late)).collect();
        Plan { result, promises }
    }

    /// To release now.
    pub fn now(&self) -> Cents {
        self.promises.iter().map(|earned| earned.now).sum()
    }

    /// Earned in all.
    pub fn due(&self) -> Cents {
        self.promises.iter().map(|earned| earned.due).sum()
    }

    /// Released earlier.
    pub fn before(&self) -> Cents {
        self.promises.iter().map(|earned| earned.figure.before).sum()
    }

    /// What nothing earned, once all is released.
    pub fn rest(&self) -> Cents {
        let kept: Cents = self.promises.iter().map(Earned::kept).sum();
        Cents((self.result.0 - kept.0).max(0))
    }

    /// Whether a figure of any promise is open.
    pub fn has_open(&self) -> bool {
        self.promises.iter().any(|earned| earned.figure.is_open)
    }

    /// Whether no promise waits for anything: each was verified, nothing is open, and what is not reached in full had its time.
    pub fn is_certain(&self) -> bool {
        let is_certain = |earned: &Earned| {
            earned.figure.verified.is_some() && (earned.figure.is_due || earned.reached_points == WHOLE)
        };
        !self.has_open() && self.promises.iter().all(is_certain)
    }

    /// The canonical text of what each promise earned.
    pub fn content(&self) -> String {
        let line = |earned: &Earned| {
            let figure = &earned.figure;
            let verified = figure.verified.map_or_else(|| "-".to_owned(), |value| value.to_string());
            format!(
                "{} share {} part {} from {} to {} verified {verified} {} due {} before {} now {}\n",
                figure.promise_id,
                figure.share_percent,
                earned.part.0,
                figure.baseline,
                figure.target,
                figure.level,
                earned.due.0,
                figure.before.0,
                earned.now.0,
            )
        };
        format!("result money {}\n{}", self.result.0, self.promises.iter().map(line).collect::<String>())
    }
}

fn earned(figure: Figure, part: Cents, is_late: bool) -> Earned {
    let (reached, whole) = reached(&figure);
    // at most the whole, so it fits
    let reached_points = i64::try_from(reached * i128::from(WHOLE) / whole).unwrap_or(WHOLE);
    let waits = |why: Why| (why, figure.before);
    let (why, due) = match figure.verified {
        _ if figure.is_open => waits(Why::Open),
        None if !is_late => waits(Why::Waits),
        None => (Why::Late, Cents::ZERO),
        Some(_) if reached * 100 < i128::from(figure.floor_percent) * whole => (Why::Floor, Cents::ZERO),
        Some(_) if reached * 100 > i128::from(figure.cap_percent) * whole => {
            (Why::Cap, of(part, i128::from(figure.cap_percent), 100))
        }
        Some(_) => (Why::Nothing, of(part, reached, whole)),
    };
    let why = if due < figure.before { Why::Lowered } else { why };
    let now = Cents((due.0 - figure.before.0).max(0));
    Earned { part, reached_points, why, due, now, figure }
}

/// How far it came from baseline to target, between nothing and the whole: a fraction whose lower part is above zero.
fn reached(figure: &Figure) -> (i128, i128) {
    let Some(verified) = figure.verified else { return (0, 1) };
    let way = i128::from(figure.target) - i128::from(figure.baseline);
    let gone = i128::from(verified) - i128::from(figure.baseline);
    match way {
        // a target that is where it began is reached as long as nothing was lost
        0 => (i128::from(gone >= 0), 1),
        _ => ((gone * way.signum()).clamp(0, way.abs()), way.abs()),
    }
}

/// A fraction of an amount, rounded down to the cent.
fn of(part: Cents, upper: i128, lower: i128) -> Cents {
    // at most the part, so it fits
    Cents(i64::try_from(i128::from(part.0) * upper / lower).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn promised(share_percent: i64, target: i64, verified: Option<i64>) -> Figure {
        Figure {
            promise_id: format!("prm_{target}"),
            share_percent,
            baseline: 0,
            target,
            floor_percent: 0,
            cap_percent: 100,
            verified,
            level: String::new(),
            is_open: false,
            is_due: true,
            before: Cents::ZERO,
        }
    }

    fn due(figure: &Figure) -> (i64, Why) {
        let plan = Plan::of(Cents(10_000), std::slice::from_ref(figure), false);
        (plan.promises[0].due.0, plan.promises[0].why)
    }

    #[test]
    fn a_promise_earns_what_was_reached_rounded_down() {
        assert_eq!(due(&promised(100, 12, Some(8))), (6_666, Why::Nothing));
        assert_eq!(due(&promised(100, 12, Some(0))), (0, Why::Nothing));
        assert_eq!(due(&promised(100, 12, Some(30))), (10_000, Why::Nothing), "more than promised counts as all");
        assert_eq!(due(&promised(100, 12, None)), (0, Why::Waits));
        let less = Figure { baseline: 300, ..promised(100, 100, Some(150)) };
        assert_eq!(due(&less), (7_500, Why::Nothing), "what goes down is counted downwards");
        assert_eq!(due(&Figure { verified: Some(350), ..less }), (0, Why::Nothing), "and no further than nothing");
        let from = Figure { baseline: 4, ..promised(100, 12, Some(8)) };
        assert_eq!(due(&from), (5_000, Why::Nothing));
        let stays = Figure { baseline: 12, ..promised(100, 12, Some(12)) };
        assert_eq!(due(&stays), (10_000, Why::Nothing));
        assert_eq!(due(&Figure { verified: Some(11), ..stays }), (0, Why::Nothing));
    }

    #[test]
    fn floor_and_cap_hold_exactly_at_their_edges() {
        let floor = Figure { floor_percent: 50, ..promised(100, 10, Some(5)) };
        assert_eq!(due(&floor), (5_000, Why::Nothing), "the floor itself is enough");
        assert_eq!(due(&Figure { verified: Some(4), ..floor }), (0, Why::Floor));
        let cap = Figure { cap_percent: 80, ..promised(100, 10, Some(8)) };
        assert_eq!(due(&cap), (8_000, Why::Nothing));
        assert_eq!(due(&Figure { verified: Some(9), ..cap }), (8_000, Why::Cap));
        let third = Figure { floor_percent: 33, ..promised(100, 3, Some(1)) };
        assert_eq!(due(&third), (3_333, Why::Nothing), "a third is more than 33 percent");
        assert_eq!(due(&Figure { floor_percent: 34, ..third }), (0, Why::Floor));
    }

    #[test]
    fn nothing_that_was_released_comes_back_and_the_rest_goes_on() {
        let lowered = Figure { before: Cents(8_000), ..promised(50, 10, Some(5)) };
        let other = promised(50, 4, Some(2));
        let plan = Plan::of(Cents(20_000), &[lowered, other], false);
        let [first, second] = [&plan.promises[0], &plan.promises[1]];
        assert_eq!(
            (first.due, first.now, first.over(), first.why),
            (Cents(5_000), Cents(0), Cents(3_000), Why::Lowered)
        );
        assert_eq!((second.due, second.now), (Cents(5_000), Cents(5_000)));
        assert_eq!((plan.now(), plan.rest()), (Cents(5_000), Cents(7_000)), "20.000 without the 8.000 and the 5.000");
    }

    #[test]
    fn what_is_open_waits_and_what_is_late_counts_as_nothing() {
        let open = Figure { is_open: true, before: Cents(100), ..promised(50, 10, Some(10)) };
        let unverified = promised(50, 10, None);
        let plan = Plan::of(Cents(1_000), &[open.clone(), unverified.clone()], false);
        assert_eq!(plan.promises.iter().map(|one| one.why).collect::<Vec<_>>(), [Why::Open, Why::Waits]);
        assert!((plan.now(), plan.has_open(), plan.is_certain()) == (Cents::ZERO, true, false));
        let plan = Plan::of(Cents(1_000), &[Figure { is_open: false, ..open }, unverified], true);
        assert_eq!(plan.promises.iter().map(|one| one.why).collect::<Vec<_>>(), [Why::Nothing, Why::Late]);
        assert_eq!((plan.now(), plan.rest()), (Cents(400), Cents(500)));
    }

    #[test]
    fn a_promise_that_has_time_left_is_certain_only_when_it_is_reached_in_full() {
        let certain = |figure: Figure| Plan::of(Cents(1_000), &[figure], false).is_certain();
        let early = Figure { is_due: false, ..promised(100, 10, Some(9)) };
        assert!(!certain(early.clone()), "the last one may still come");
        assert!(certain(Figure { verified: Some(10), ..early.clone() }));
        assert!(certain(Figure { is_due: true, ..early.clone() }));
        assert!(!certain(Figure { is_due: true, verified: None, ..early }));
    }

    #[test]
    fn three_promises_of_a_third_share_the_odd_cent() {
        let thirds: Vec<Figure> = [34, 33, 33].iter().map(|share| promised(*share, 3, Some(3))).collect();
        let plan = Plan::of(Cents(10_001), &thirds, false);
        assert_eq!(plan.promises.iter().map(|one| one.part.0).collect::<Vec<_>>(), [3_401, 3_300, 3_300]);
        assert_eq!((plan.now(), plan.rest()), (Cents(10_001), Cents::ZERO));
    }

    fn figure() -> impl Strategy<Value = Figure> {
        let numbers = (1i64..50, -100i64..1_000, -100i64..1_000, prop::option::of(-500i64..3_000));
        (numbers, 0i64..=100, 1i64..=100, any::<bool>(), 0i64..100_000).prop_map(
            |((share_percent, baseline, target, verified), floor_percent, cap_percent, is_open, before)| Figure {
                promise_id: "prm_1".to_owned(),
                share_percent,
                baseline,
                target,
                floor_percent,
                cap_percent,
                verified,
                level: String::new(),
                is_open,
                is_due: true,
                before: Cents(before),
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(5_000))]

        #[test]
        fn parts_sum_to_all_result_money_and_nobody_earns_more_than_a_part(
            result in 0i64..1_000_000_000, figures in prop::collection::vec(figure(), 1..8), is_late in any::<bool>()
        ) {
            let fresh: Vec<Figure> = figures.iter().map(|one| Figure { before: Cents::ZERO, ..one.clone() }).collect();
            let plan = Plan::of(Cents(result), &fresh, is_late);
            prop_assert_eq!(plan.promises.iter().map(|one| one.part).sum::<Cents>(), Cents(result));
            prop_assert_eq!(plan.now().0 + plan.rest().0, result, "what is released and what is left is all");
            for one in &plan.promises {
                prop_assert!(one.due >= Cents::ZERO && one.due <= one.part && one.now == one.due);
                prop_assert!(one.due.0 * 100 <= one.part.0 * one.figure.cap_percent);
            }
        }

        #[test]
        fn releasing_twice_gives_nothing_more_and_never_takes_back(
            result in 0i64..1_000_000, figures in prop::collection::vec(figure(), 1..8), other in prop::option::of(-500i64..3_000)
        ) {
            let fresh: Vec<Figure> = figures.iter().map(|one| Figure { before: Cents::ZERO, ..one.clone() }).collect();
            let first = Plan::of(Cents(result), &fresh, false);
            let after: Vec<Figure> =
                first.promises.iter().map(|one| Figure { before: one.now, ..one.figure.clone() }).collect();
            prop_assert_eq!(Plan::of(Cents(result), &after, false).now(), Cents::ZERO);
            // whatever a correction makes of the figures, in all no more goes out than there is
            let corrected: Vec<Figure> = after.iter().map(|one| Figure { verified: other, ..one.clone() }).collect();
            let second = Plan::of(Cents(result), &corrected, true);
            prop_assert!(second.promises.iter().all(|one| one.now >= Cents::ZERO && one.kept() <= one.part));
            prop_assert_eq!(first.now().0 + second.now().0 + second.rest().0, result);
        }
    }
}

//! Small cells: what the public may see of a count of people.
//!
//! A count below ten could point at somebody, so it is hidden; others are rounded to five, so that the difference of two published
//! counts does not give one away. Nought tells of nobody. Owners and staff see the counts as they are. Counts of things (meals,
//! workshops, events: [`super::Indicator::counts_people`] = 0) are exempt.
//!
//! Sums over several projects go through [`public_count`] after adding, never before: a sum of rounded parts drifts.

use crate::infra::texts;
use crate::values::Lang;
use crate::values::money::grouped;

/// Below this a count of people is hidden.
pub const SMALLEST_SHOWN: i64 = 10;
/// Counts of people are shown as a multiple of this.
pub const ROUNDED_TO: i64 = 5;

/// A count as the public sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Nobody was counted.
    Exact0,
    /// From 1 to 9.
    Below10,
    /// 10 or more, rounded to the nearest five.
    Rounded(i64),
    /// A count of things, as it is.
    Exact(i64),
}

/// What the public may see of a count of people. A count is never negative; one that is counts as nought.
pub fn public_count(count: i64) -> Shown {
    match count {
        ..=0 => Shown::Exact0,
        1..SMALLEST_SHOWN => Shown::Below10,
        _ => Shown::Rounded(count.saturating_add(ROUNDED_TO / 2) / ROUNDED_TO * ROUNDED_TO),
    }
}

impl Shown {
    /// The number, for charts and exports; nothing when it is hidden.
    pub fn number(self) -> Option<i64> {
        match self {
            Shown::Exact0 => Some(0),
            Shown::Below10 => None,
            Shown::Rounded(count) | Shown::Exact(count) => Some(count),
        }
    }

    /// The text: `0`, `minder dan 10`, `ongeveer 25`, `13`.
    pub fn show(self, lang: Lang) -> String {
        match self {
            Shown::Exact0 => "0".to_owned(),
            Shown::Below10 => texts::text(lang, "outcomes-below-10"),
            Shown::Rounded(count) => texts::text_with(lang, "outcomes-about", &[("count", number(count, lang))]),
            Shown::Exact(count) => number(count, lang),
        }
    }
}

/// A whole number with signs between thousands: `1.250` in Dutch, `1,250` in English. A count is never negative.
pub fn number(count: i64, lang: Lang) -> String {
    grouped(count.unsigned_abs(), lang)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn small_counts_are_hidden_and_others_rounded() {
        assert_eq!(public_count(0), Shown::Exact0);
        assert_eq!(public_count(-3), Shown::Exact0);
        for hidden in 1..10 {
            assert_eq!(public_count(hidden), Shown::Below10, "{hidden}");
        }
        for (count, shown) in [(10, 10), (12, 10), (13, 15), (17, 15), (18, 20), (1_000_000, 1_000_000)] {
            assert_eq!(public_count(count), Shown::Rounded(shown), "{count}");
        }
        assert_eq!(number(1_234_567, Lang::Nl), "1.234.567");
        assert_eq!(number(123, Lang::En), "123");
        assert_eq!(Shown::Below10.show(Lang::Nl), "minder dan 10");
        assert_eq!(Shown::Rounded(1_250).show(Lang::En), "about 1,250");
    }

    proptest! {
        #[test]
        fn nothing_between_one_and_nine_is_ever_told(count in any::<i64>()) {
            let shown = public_count(count);
            match shown.number() {
                None => prop_assert!((1..10).contains(&count)),
                Some(0) => prop_assert!(count <= 0),
                Some(told) => {
                    prop_assert!(told >= 10 && told % 5 == 0);
                    prop_assert!(told.abs_diff(count) <= 2 || count > i64::MAX - 5);
                }
            }
        }

        #[test]
        fn a_larger_count_never_shows_smaller(a in 0..2_000_000i64, b in 0..2_000_000i64) {
            let (low, high) = (a.min(b), a.max(b));
            if let (Some(low), Some(high)) = (public_count(low).number(), public_count(high).number()) {
                prop_assert!(low <= high);
            }
        }

        #[test]
        fn five_neighbouring_counts_look_the_same(group in 2..200_000i64) {
            let around = (-2..=2).map(|step| public_count(group * 5 + step)).filter(|shown| *shown != Shown::Below10);
            prop_assert!(around.into_iter().all(|shown| shown == Shown::Rounded(group * 5)));
        }
    }
}

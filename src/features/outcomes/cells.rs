//! Small cells: what the public may see of counts of people, in one place.
//!
//! A count below ten could point at somebody, so it is hidden; others are rounded to five, so that the difference of two published
//! counts does not give one away. Nought tells of nobody. Owners and staff see the counts as they are. Counts of things (meals,
//! workshops, events: [`super::Indicator::counts_people`] = 0) are exempt.
//!
//! Counts that belong together (the steps of a ladder with their sum, an indicator with its parts) go through [`table`] and
//! [`parts`]: there a hidden count could be worked out from the others. The rule looks only at what would be published, never at the
//! counts behind it; so whoever knows the rule learns nothing from which way it went. When what would be published leaves a hidden
//! count fewer than [`LEAST_POSSIBLE`] possible values, the whole table is withheld. The average step of a ladder goes through
//! [`average`], which joins neighbouring answers until each keeps as many.
//!
//! A corrected table is another table: what is told is that it was corrected, never which of its cells stayed as they were.
//!
//! Sums over several projects are made of the published values alone (`super::published`). Each part is off by two at most, so a sum
//! of n parts is off by 2n at most and in practice by about the root of that; in return no filter, date or difference can tell more
//! than the pages of the projects do. How many parts are hidden is told beside each sum.

pub mod average;
pub mod table;

pub use average::{Average, average};
pub use table::{Range, parts, table};

use crate::infra::planted::{self, Mistake};
use crate::infra::texts;
use crate::values::Lang;
use crate::values::money::grouped;

/// Below this a count of people is hidden.
pub const SMALLEST_SHOWN: i64 = 10;
/// Counts of people are shown as a multiple of this.
pub const ROUNDED_TO: i64 = 5;
/// A hidden count of a distribution keeps at least so many possible values. What is withheld must keep three as well, and it does when
/// no fewer tables than by this number are withheld (`preimages` looks at all of them).
pub const LEAST_POSSIBLE: i64 = 4;
/// The same for the parts of a whole, which may be two.
pub const LEAST_OF_PARTS: i64 = 5;

/// A count as the public sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Nobody was counted.
    Exact0,
    /// From 1 to 9.
    Below10,
    /// Not told at all, because a small one could be worked out from it.
    Withheld,
    /// 10 or more, rounded to the nearest five.
    Rounded(i64),
    /// A count of things, as it is.
    Exact(i64),
}

/// What the public may see of a count of people. A count is never negative; one that is counts as nought.
pub fn public_count(count: i64) -> Shown {
    if planted::is(Mistake::SmallCellsShown) {
        return Shown::Exact(count);
    }
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
            Shown::Below10 | Shown::Withheld => None,
            Shown::Rounded(count) | Shown::Exact(count) => Some(count),
        }
    }

    /// The text: `0`, `minder dan 10`, `ongeveer 25`, `13`.
    pub fn show(self, lang: Lang) -> String {
        match self {
            Shown::Exact0 => "0".to_owned(),
            Shown::Below10 => texts::text(lang, "outcomes-below-10"),
            Shown::Withheld => texts::text(lang, "outcomes-withheld"),
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
mod preimages;

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

//! Counts that belong together: a sum with its cells, a whole with its parts.

use crate::features::outcomes::cells::{
    LEAST_OF_PARTS, LEAST_POSSIBLE, ROUNDED_TO, SMALLEST_SHOWN, Shown, public_count,
};
use crate::infra::planted::{self, Mistake};

/// The counts that may stand behind what is shown, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    pub low: i64,
    pub high: i64,
}

impl Range {
    /// What a reader knows of a count that is shown so.
    pub fn of(shown: Shown) -> Range {
        match shown {
            Shown::Exact0 => Range { low: 0, high: 0 },
            Shown::Below10 => Range { low: 1, high: SMALLEST_SHOWN - 1 },
            Shown::Withheld => Range { low: 0, high: i64::from(i32::MAX) },
            Shown::Rounded(about) => {
                let off = ROUNDED_TO / 2;
                Range { low: (about - off).max(SMALLEST_SHOWN), high: about + off }
            }
            Shown::Exact(count) => Range { low: count, high: count },
        }
    }

    /// How many counts it holds.
    pub fn len(self) -> i64 {
        (self.high - self.low + 1).max(0)
    }

    pub fn is_empty(self) -> bool {
        self.high < self.low
    }
}

/// Cells that sum to `total`, as the public sees them beside that sum: each by itself, or none of them. Below ten people there is
/// no distribution at all.
pub fn table(total: i64, cells: &[i64]) -> Vec<Shown> {
    let whole = public_count(total);
    if !matches!(whole, Shown::Rounded(_) | Shown::Exact(_)) {
        return vec![if whole == Shown::Exact0 { whole } else { Shown::Withheld }; cells.len()];
    }
    let shown: Vec<Shown> = cells.iter().map(|count| public_count(*count)).collect();
    let known = narrowed(Range::of(whole), &shown);
    if is_safe(&shown, &known, LEAST_POSSIBLE) { shown } else { vec![Shown::Withheld; cells.len()] }
}

/// The parts of a whole (`whole` as it is shown), each at most as large as it; they may be parts that exclude each other, and all
/// there are. Of a whole that is hidden every part is withheld, also one that is nought.
pub fn parts(whole: Shown, parts: &[i64]) -> Vec<Shown> {
    let shown: Vec<Shown> = parts.iter().map(|count| public_count(*count)).collect();
    if planted::is(Mistake::SmallCellsShown) {
        return shown;
    }
    match whole {
        Shown::Exact0 => {
            shown.into_iter().map(|part| if part == Shown::Exact0 { part } else { Shown::Withheld }).collect()
        }
        Shown::Below10 | Shown::Withheld => vec![Shown::Withheld; parts.len()],
        Shown::Rounded(_) | Shown::Exact(_) => {
            let range = Range::of(whole);
            let apart = narrowed(Range { low: 0, high: range.high }, &shown);
            let all = narrowed(range, &shown);
            // parts that sum to the whole are one possibility among others; where they cannot, nobody supposes it
            let may_be_all = all.iter().all(|range| !range.is_empty());
            // parts that overlap may sum to more than the whole: then nothing follows from the sum
            let may_be_apart = apart.iter().all(|range| !range.is_empty());
            let safe = (!may_be_apart || is_safe(&shown, &apart, LEAST_OF_PARTS))
                && (!may_be_all || is_safe(&shown, &all, LEAST_OF_PARTS));
            if safe { shown } else { vec![Shown::Withheld; parts.len()] }
        }
    }
}

/// What is known of each cell when also the sum is known to lie in `total`. For one sum these ends are exact: every value between
/// them can be completed to a table.
pub fn narrowed(total: Range, shown: &[Shown]) -> Vec<Range> {
    let ranges: Vec<Range> = shown.iter().map(|shown| Range::of(*shown)).collect();
    let (low, high) = ranges.iter().fold((0, 0), |(low, high), range| (low + range.low, high + range.high));
    let of = |range: &Range| Range {
        low: range.low.max(total.low - (high - range.high)),
        high: range.high.min(total.high - (low - range.low)),
    };
    ranges.iter().map(of).collect()
}

fn is_safe(shown: &[Shown], known: &[Range], least: i64) -> bool {
    let mut pairs = shown.iter().zip(known);
    pairs.all(|(shown, range)| *shown != Shown::Below10 || range.len() >= least)
}

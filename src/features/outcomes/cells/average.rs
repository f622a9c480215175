//! The average step of a ladder as the public sees it: rounded to half a step, beside a distribution of three bands.
//!
//! With the bands it could tell a hidden one: of ten people with an average of 1.0 nobody stands high. So all tables that would be
//! published with the same bands are looked at, and neighbouring halves are joined until each answer leaves every hidden band
//! [`LEAST_POSSIBLE`] values. That joining follows from the published bands alone.

use crate::features::outcomes::cells::table::{Range, narrowed};
use crate::features::outcomes::cells::{LEAST_POSSIBLE, Shown, public_count};

/// Half steps from 1 to 6: 2, 3 … 12.
const HALVES: std::ops::RangeInclusive<i64> = 2..=12;
/// A half step in hundredths of a step.
const HALF: i64 = 50;

/// An average in hundredths of a step: one half step, or from the one to the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Average {
    pub low: i64,
    pub high: i64,
}

/// The average of a ladder of which `steps` are the counts of the steps 1 to 6 and `shown` its published cells: three bands of two
/// steps, or six steps. Nothing when the cells are withheld or fewer than ten people stand on it.
pub fn average(steps: &[i64; 6], shown: &[Shown]) -> Option<Average> {
    let people: i64 = steps.iter().sum();
    let whole = public_count(people);
    if !matches!(whole, Shown::Rounded(_) | Shown::Exact(_)) || shown.contains(&Shown::Withheld) {
        return None;
    }
    let sum: i64 = steps.iter().zip(1..).map(|(count, step)| count * step).sum();
    if shown.len() != 3 {
        return Some(of_cells(Range::of(whole), shown));
    }
    let half = rounded(sum, people);
    let (low, high) =
        answers(Range::of(whole), shown).into_iter().find(|(low, high)| (*low..=*high).contains(&half))?;
    Some(Average { low: low * HALF, high: high * HALF })
}

/// The half step nearest to `sum` steps of `people`, in halves.
fn rounded(sum: i64, people: i64) -> i64 {
    (4 * sum + people).div_euclid(2 * people)
}

/// Of six steps: what anybody can work out from the published cells, and no more.
fn of_cells(total: Range, shown: &[Shown]) -> Average {
    let known = narrowed(total, shown);
    let known = &known;
    let ends = |up: bool| {
        // everybody who must be there, then the rest from one side until the sum is reached
        let end = move |people: i64| {
            let mut left = people - known.iter().map(|range| range.low).sum::<i64>();
            let mut sum: i64 = known.iter().zip(1..).map(|(range, step)| range.low * step).sum();
            let mut order: Vec<(i64, &Range)> = (1..).zip(known).collect();
            if up {
                order.reverse();
            }
            for (step, range) in order {
                let more = left.clamp(0, range.high - range.low);
                left -= more;
                sum += more * step;
            }
            (left == 0).then(|| rounded(sum, people))
        };
        (total.low..=total.high).filter_map(end)
    };
    let (low, high) = (ends(false).min().unwrap_or(2), ends(true).max().unwrap_or(12));
    Average { low: low * HALF, high: high * HALF }
}

/// The answers that are given for these bands: from a half step to a half step, in order.
fn answers(total: Range, shown: &[Shown]) -> Vec<(i64, i64)> {
    let known = narrowed(total, shown);
    let hidden: Vec<usize> = (0..3).filter(|at| shown[*at] == Shown::Below10).collect();
    // the halves that are possible with each value of each hidden band, a bit for each half
    let mut possible = vec![[0u16; 10]; hidden.len()];
    let mut reached = 0u16;
    let range = |at: usize| known[at].low..=known[at].high;
    for first in range(0) {
        for second in range(1) {
            for third in range(2) {
                let people = first + second + third;
                if !(total.low..=total.high).contains(&people) {
                    continue;
                }
                let (low, high) = (first + 3 * second + 5 * third, 2 * first + 4 * second + 6 * third);
                let halves = bits(rounded(low, people), rounded(high, people));
                reached |= halves;
                for (bits, at) in possible.iter_mut().zip(&hidden) {
                    let value = usize::try_from([first, second, third][*at]).unwrap_or(0).min(9);
                    bits[value] |= halves;
                }
            }
        }
    }
    joined(reached, |low, high| {
        let group = bits(low, high);
        let values = |bits: &[u16; 10]| bits.iter().filter(|bits| **bits & group != 0).count();
        possible.iter().all(|bits| i64::try_from(values(bits)).is_ok_and(|values| values >= LEAST_POSSIBLE))
    })
}

/// The reached halves in groups, each grown from below until it is safe; what is left over joins the last.
fn joined(reached: u16, is_safe: impl Fn(i64, i64) -> bool) -> Vec<(i64, i64)> {
    let mut groups: Vec<(i64, i64)> = Vec::new();
    let mut open: Option<i64> = None;
    for half in HALVES.filter(|half| reached & bits(*half, *half) != 0) {
        let low = *open.get_or_insert(half);
        if is_safe(low, half) {
            groups.push((low, half));
            open = None;
        }
    }
    if let (Some(low), Some(high)) = (open, HALVES.rev().find(|half| reached & bits(*half, *half) != 0)) {
        match groups.last_mut() {
            Some(last) => last.1 = high,
            None => groups.push((low, high)),
        }
    }
    groups
}

/// Bits `low` to `high`.
fn bits(low: i64, high: i64) -> u16 {
    (low..=high).fold(0, |all, half| all | 1u16.checked_shl(u32::try_from(half).unwrap_or(0)).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_average_is_rounded_to_half_a_step() {
        for (sum, people, half) in [(10, 10, 2), (12, 10, 2), (13, 10, 3), (174, 100, 3), (175, 100, 4), (60, 10, 12)] {
            assert_eq!(rounded(sum, people), half, "{sum} of {people}");
        }
        let of = |steps: [i64; 6]| {
            let bands = [steps[0] + steps[1], steps[2] + steps[3], steps[4] + steps[5]];
            average(&steps, &crate::features::outcomes::cells::table(steps.iter().sum(), &bands))
        };
        assert_eq!(of([0, 0, 20, 0, 0, 0]), Some(Average { low: 300, high: 300 }));
        assert_eq!(of([0, 0, 9, 0, 0, 0]), None, "fewer than ten people");
        assert_eq!(of([10, 0, 1, 0, 0, 0]), None, "withheld");
        // at the end of what is possible the answer is wider
        assert_eq!(of([12, 0, 6, 0, 0, 0]), Some(Average { low: 150, high: 200 }));
    }

    #[test]
    fn of_six_steps_it_tells_what_the_cells_tell() {
        let steps = [0, 60, 60, 0, 0, 0];
        let shown = crate::features::outcomes::cells::table(120, &steps);
        assert_eq!(average(&steps, &shown), Some(Average { low: 250, high: 250 }));
        let steps = [0, 3, 100, 4, 0, 0];
        let shown = crate::features::outcomes::cells::table(107, &steps);
        assert_eq!(average(&steps, &shown), Some(Average { low: 300, high: 300 }));
    }
}

//! What somebody who knows the rule can work out: all small tables are published, those that look the same are put together, and no
//! count from 1 to 9 may have fewer than three values among them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use proptest::prelude::*;

use super::*;

/// What must be left of every small count, whether its table is shown or withheld.
const LEAST_LEFT: usize = 3;

/// Tables by what is published of them. A table is complete when its cells are all a reader wants to know.
struct World<Output> {
    seen: BTreeMap<String, (Output, Vec<Vec<i64>>)>,
}

impl<Output: Debug> World<Output> {
    fn new() -> World<Output> {
        World { seen: BTreeMap::new() }
    }

    fn publish(&mut self, cells: Vec<i64>, output: Output) {
        self.seen.entry(format!("{output:?}")).or_insert_with(|| (output, Vec::new())).1.push(cells);
    }

    /// Cells that are pinned: what was published, and the few values that are left.
    fn pinned(&self, is_whole: impl Fn(&Output) -> bool) -> Vec<(String, usize, BTreeSet<i64>)> {
        let mut found = Vec::new();
        for (shown, (output, tables)) in &self.seen {
            for at in (0..tables[0].len()).filter(|_| is_whole(output)) {
                let values: BTreeSet<i64> = tables.iter().map(|cells| cells[at]).collect();
                let has_small = values.iter().any(|value| (1..SMALLEST_SHOWN).contains(value));
                if has_small && values.len() < LEAST_LEFT {
                    found.push((shown.clone(), at, values));
                }
            }
        }
        found
    }
}

const MOST: i64 = 42;

/// Only sums of which every table with the same published sum was made.
fn is_inside(whole: Shown, most: i64) -> bool {
    whole.number().is_none_or(|number| number + ROUNDED_TO / 2 <= most)
}

fn three_cells() -> World<(Shown, Vec<Shown>)> {
    let mut world = World::new();
    for a in 0..=MOST {
        for b in 0..=MOST - a {
            for c in 0..=MOST - a - b {
                let total = a + b + c;
                world.publish(vec![a, b, c, total], (public_count(total), table(total, &[a, b, c])));
            }
        }
    }
    world
}

#[test]
fn no_table_of_three_pins_a_small_count() {
    let world = three_cells();
    assert!(world.seen.len() > 100);
    assert_eq!(world.pinned(|(whole, _)| is_inside(*whole, MOST)), []);
    // the rule is not to withhold everything
    let withheld = world.seen.values().filter(|((_, cells), _)| cells.contains(&Shown::Withheld));
    let tables: usize = withheld.map(|(_, tables)| tables.len()).sum();
    let all: usize = world.seen.values().map(|(_, tables)| tables.len()).sum();
    assert!(tables * 10 < all, "{tables} of {all}");
}

#[test]
fn rounding_alone_pins_a_small_count() {
    let mut world: World<(Shown, Vec<Shown>)> = World::new();
    for cells in [[10, 1, 0], [10, 2, 0], [11, 1, 0]] {
        let total: i64 = cells.iter().sum();
        world.publish(cells.to_vec(), (public_count(total), cells.map(public_count).to_vec()));
    }
    assert_eq!(world.pinned(|_| true).len(), 1);
}

#[test]
fn no_whole_with_its_parts_pins_a_small_count() {
    const MOST: i64 = 27;
    // parts that may overlap; that exclude each other; that exclude each other and are all there are
    for suppose in [|_: i64, _: i64| true, |sum, whole| sum <= whole, |sum, whole| sum == whole] {
        let mut world = World::new();
        for whole in 0..=MOST {
            let shown = public_count(whole);
            for a in 0..=whole {
                if suppose(a, whole) {
                    world.publish(vec![a, whole], (shown, parts(shown, &[a])));
                }
                for b in 0..=whole {
                    if suppose(a + b, whole) {
                        world.publish(vec![a, b, whole], (shown, parts(shown, &[a, b])));
                    }
                    for c in (0..=whole).filter(|c| suppose(a + b + c, whole)) {
                        world.publish(vec![a, b, c, whole], (shown, parts(shown, &[a, b, c])));
                    }
                }
            }
        }
        assert_eq!(world.pinned(|(whole, _)| is_inside(*whole, MOST)), []);
    }
}

/// Six steps with these three bands and this sum of steps.
fn steps([a, b, c]: [i64; 3], sum: i64) -> [i64; 6] {
    let mut more = sum - a - 3 * b - 5 * c;
    let mut split = |count: i64| {
        let up = more.min(count);
        more -= up;
        [count - up, up]
    };
    let (one, two, three) = (split(a), split(b), split(c));
    [one[0], one[1], two[0], two[1], three[0], three[1]]
}

#[test]
fn no_ladder_with_its_average_pins_a_small_count() {
    const MOST: i64 = 27;
    let mut world = World::new();
    let mut told = 0;
    for a in 0..=MOST {
        for b in 0..=MOST - a {
            for c in 0..=MOST - a - b {
                let total = a + b + c;
                let shown = table(total, &[a, b, c]);
                for sum in a + 3 * b + 5 * c..=2 * a + 4 * b + 6 * c {
                    let average = average(&steps([a, b, c], sum), &shown);
                    told += i64::from(average.is_some_and(|average| average.low == average.high));
                    world.publish(vec![a, b, c], (public_count(total), shown.clone(), average));
                }
            }
        }
    }
    assert!(told > 10_000, "{told}");
    assert_eq!(world.pinned(|(whole, ..)| is_inside(*whole, MOST)), []);
}

/// Values that one place of a table has in other tables that are published as this one. They are found step by step: the place moves
/// by one, and where that shows, one other count moves along. Of what is shown this finds every value; of what is withheld it starts
/// from the same counts in another order too, and from a table that has all but two in one cell.
fn alike(cells: &[i64], at: usize) -> BTreeSet<i64> {
    let publish = |cells: &[i64]| {
        let total = cells.iter().sum();
        (public_count(total), table(total, cells))
    };
    let own = publish(cells);
    let is_alike = |cells: &[i64]| cells.iter().all(|count| *count >= 0) && publish(cells) == own;
    let others = || (0..cells.len()).filter(|other| *other != at);
    let mut lopsided = vec![0; cells.len()];
    if let Shown::Rounded(total) = own.0 {
        lopsided[..3].copy_from_slice(&[1, 1, total - 2]);
    }
    let mut starts = vec![cells.to_vec(), lopsided.clone()];
    for other in others() {
        for start in [cells, &lopsided] {
            let mut swapped = start.to_vec();
            swapped.swap(at, other);
            starts.push(swapped);
        }
    }
    let mut values = BTreeSet::new();
    for start in starts.iter().filter(|start| is_alike(start)) {
        values.insert(start[at]);
        for direction in [-1, 1] {
            let mut moved = start.clone();
            for _ in 0..8 {
                moved[at] += direction;
                if !is_alike(&moved) {
                    let along = others().flat_map(|other| (-8..=8).map(move |by| (other, by)));
                    let found = along.map(|(other, by)| with(&moved, other, by)).find(|cells| is_alike(cells));
                    let Some(found) = found else { break };
                    moved = found;
                }
                values.insert(moved[at]);
            }
        }
    }
    values
}

fn with(cells: &[i64], at: usize, by: i64) -> Vec<i64> {
    let mut moved = cells.to_vec();
    moved[at] += by;
    moved
}

#[test]
fn counts_that_are_far_from_any_other_table_are_not_pinned() {
    for nines in [[9; 6].as_slice(), &[9; 7], &[9, 9, 9, 9, 9, 8]] {
        assert!(alike(nines, 0).len() >= LEAST_LEFT, "{nines:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn no_larger_table_pins_a_small_count(cells in prop::collection::vec(prop_oneof![0..12i64, 0..60i64], 4..10)) {
        for at in 0..cells.len() {
            if (1..SMALLEST_SHOWN).contains(&cells[at]) {
                let values = alike(&cells, at);
                prop_assert!(values.len() >= LEAST_LEFT, "{at} of {cells:?}: {values:?}");
            }
        }
    }

    #[test]
    fn an_average_of_six_steps_tells_what_its_cells_tell(cells in prop::array::uniform6(0..40i64), at in 0..6usize, to in 0..6usize) {
        let total: i64 = cells.iter().sum();
        let shown = table(total, &cells);
        let mut moved = cells;
        if moved[at] > 0 {
            moved[at] -= 1;
            moved[to] += 1;
        }
        if table(total, &moved) == shown {
            prop_assert_eq!(average(&cells, &shown), average(&moved, &shown));
        }
    }
}

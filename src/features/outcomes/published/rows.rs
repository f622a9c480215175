//! From what was measured to what is published: each figure by its shape, parts after their whole.

use std::collections::HashMap;

use crate::features::outcomes::cells::{Average, Shown, average, parts, public_count, table};
use crate::features::outcomes::published::{BANDS, Check, Checked, Published, PublishedState, RUNGS_FROM};
use crate::features::outcomes::{Indicator, LADDER, Observation, Rung, Shape, WaveMeasured, Workplace};

/// The rows of all moments, in order.
pub fn all(
    indicators: &[Indicator],
    participants_target: i64,
    waves: &[WaveMeasured],
    checks: &[Check],
) -> Vec<Published> {
    let known: HashMap<&str, &Indicator> = indicators.iter().map(|one| (one.code.as_str(), one)).collect();
    let mut rows = Vec::new();
    for (at, wave) in waves.iter().enumerate() {
        let year = wave.wave.measured_on.get(..4).unwrap_or_default();
        let has_later = |code: &str, within_year: bool| {
            waves[at + 1..]
                .iter()
                .any(|later| later.of(code).is_some() && (!within_year || later.wave.measured_on.starts_with(year)))
        };
        let check = |code: &str| checks.iter().find(|one| one.wave_id == wave.wave.id && one.indicator == code);
        for line in lines(&known, participants_target < RUNGS_FROM, wave, &check) {
            let found = check(&line.indicator);
            rows.push(Published {
                wave_id: wave.wave.id.clone(),
                cell_row: line.row,
                cell_col: line.col,
                state: match line.shown {
                    Shown::Below10 => PublishedState::Small,
                    Shown::Withheld => PublishedState::Withheld,
                    _ => PublishedState::Shown,
                },
                value: line.shown.number(),
                level: found.map_or(Checked::Declared, |found| found.level),
                checked_on: found.map(|found| found.checked_on.clone()).unwrap_or_default(),
                year: year.to_owned(),
                newest: i16::from(!has_later(&line.indicator, false)),
                newest_of_year: i16::from(!has_later(&line.indicator, true)),
                indicator: line.indicator,
            });
        }
    }
    rows
}

struct Line {
    indicator: String,
    row: String,
    col: String,
    shown: Shown,
}

fn line(indicator: &str, row: &str, col: &str, shown: Shown) -> Line {
    Line { indicator: indicator.to_owned(), row: row.to_owned(), col: col.to_owned(), shown }
}

fn lines<'a>(
    known: &HashMap<&str, &Indicator>,
    in_bands: bool,
    wave: &WaveMeasured,
    check: &impl Fn(&str) -> Option<&'a Check>,
) -> Vec<Line> {
    let mut counts: Vec<(&Indicator, i64)> = Vec::new();
    let mut lines = Vec::new();
    for observation in &wave.observations {
        let Some(indicator) = known.get(observation.indicator.as_str()).copied() else { continue };
        let found = check(&indicator.code).map_or(observation.value, |check| check.value);
        match indicator.shape {
            Shape::Count | Shape::Milestones if indicator.counts_people() => counts.push((indicator, found)),
            Shape::Count | Shape::Milestones => lines.push(line(&indicator.code, "", "", Shown::Exact(found))),
            Shape::Mean => mean(&mut lines, observation, found),
            Shape::Ladder => ladder(&mut lines, observation, in_bands),
            Shape::Grid => grid(&mut lines, observation),
        }
    }
    let is_there = |code: &str| counts.iter().any(|(indicator, _)| indicator.code == code);
    // from those that are part of nothing here down to their parts; a circle of parts would never be reached and is told to nobody
    let mut open: Vec<(&Indicator, Shown)> = Vec::new();
    for (indicator, count) in &counts {
        if !is_there(&indicator.part_of) {
            open.push((indicator, public_count(*count)));
        }
    }
    while let Some((whole, shown)) = open.pop() {
        lines.push(line(&whole.code, "", "", shown));
        let of_it: Vec<&(&Indicator, i64)> = counts.iter().filter(|(one, _)| one.part_of == whole.code).collect();
        let values: Vec<i64> = of_it.iter().map(|(_, count)| *count).collect();
        let told = parts(shown, &values);
        open.extend(of_it.iter().map(|(one, _)| *one).zip(told));
    }
    lines
}

/// A mean to one decimal, of ten people or more.
fn mean(lines: &mut Vec<Line>, observation: &Observation, hundredths: i64) {
    let people = public_count(observation.n.unwrap_or(0));
    let shown = match people {
        Shown::Rounded(_) | Shown::Exact(_) => Shown::Exact((hundredths + 5).div_euclid(10) * 10),
        _ => Shown::Withheld,
    };
    lines.push(line(&observation.indicator, "", "", shown));
    lines.push(line(&observation.indicator, "n", "", people));
}

/// The people on the ladder, its bands or rungs, and the average rung.
fn ladder(lines: &mut Vec<Line>, observation: &Observation, in_bands: bool) {
    let (code, rungs) = (&observation.indicator, observation.rungs());
    let people: i64 = rungs.iter().sum();
    lines.push(line(code, "", "", public_count(people)));
    let shown = if in_bands {
        let bands = [rungs[0] + rungs[1], rungs[2] + rungs[3], rungs[4] + rungs[5]];
        let shown = table(people, &bands);
        lines.extend(BANDS.iter().zip(&shown).map(|(band, shown)| line(code, band, "", *shown)));
        shown
    } else {
        let shown = table(people, &rungs);
        lines.extend(LADDER.iter().zip(&shown).map(|(rung, shown)| line(code, rung, "", *shown)));
        shown
    };
    if let Some(Average { low, high }) = average(&rungs, &shown) {
        lines.push(line(code, "mean", "low", Shown::Exact(low)));
        lines.push(line(code, "mean", "high", Shown::Exact(high)));
    }
}

/// The nine cells over all places.
fn grid(lines: &mut Vec<Line>, observation: &Observation) {
    let code = &observation.indicator;
    let places = || Rung::ALL.iter().flat_map(|rung| Workplace::ALL.iter().map(move |place| (*rung, *place)));
    let cells: Vec<i64> = places().map(|(rung, place)| observation.at(rung, place)).collect();
    let people = cells.iter().sum();
    lines.push(line(code, "", "", public_count(people)));
    let shown = table(people, &cells);
    lines.extend(places().zip(shown).map(|((rung, place), shown)| line(code, rung.as_str(), place.as_str(), shown)));
}

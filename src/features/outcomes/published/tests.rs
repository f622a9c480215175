use super::*;
use crate::features::outcomes::tests::indicator;
use crate::features::outcomes::{Cell, Indicator, NoteReview, Observation, Shape, Wave, WaveKind, WaveMeasured};

fn wave(id: &str, day: &str, observations: Vec<Observation>) -> WaveMeasured {
    let wave = Wave {
        id: id.into(),
        kind: WaveKind::End,
        measured_on: day.into(),
        note_nl: String::new(),
        note_en: String::new(),
        note_review: NoteReview::Waiting,
        note_reason: String::new(),
        created_at: "2026-01-01T00:00:00.000Z".parse().unwrap(),
    };
    WaveMeasured { wave, observations, fixed: Vec::new() }
}

fn known() -> Vec<Indicator> {
    let part = |code: &str, of: &str| Indicator { part_of: of.into(), ..indicator(code, Shape::Count) };
    vec![
        indicator("people", Shape::Count),
        part("work", "people"),
        part("supported", "work"),
        Indicator { counts_people: 0, ..indicator("meals", Shape::Count) },
        indicator("trust", Shape::Mean),
        indicator("ladder", Shape::Ladder),
        indicator("grid", Shape::Grid),
    ]
}

fn told(rows: &[Published], code: &str, row: &str, col: &str) -> Option<(PublishedState, Option<i64>)> {
    let is_it = |one: &&Published| one.indicator == code && one.cell_row == row && one.cell_col == col;
    rows.iter().find(is_it).map(|row| (row.state, row.value))
}

const SMALL: Option<(PublishedState, Option<i64>)> = Some((PublishedState::Small, None));
const WITHHELD: Option<(PublishedState, Option<i64>)> = Some((PublishedState::Withheld, None));

fn shown(value: i64) -> Option<(PublishedState, Option<i64>)> {
    Some((PublishedState::Shown, Some(value)))
}

#[test]
fn parts_of_a_hidden_whole_are_withheld_all_the_way_down() {
    let counts = |people, work, supported| {
        let counts = [("people", people), ("work", work), ("supported", supported), ("meals", 7)];
        counts.map(|(code, count)| Observation::count(code, count)).to_vec()
    };
    let rows = all(&known(), 20, &[wave("w", "2026-05-01", counts(23, 8, 0))], &[]);
    assert_eq!(
        ["people", "work", "supported", "meals"].map(|code| told(&rows, code, "", "")),
        [shown(25), SMALL, WITHHELD, shown(7)]
    );
    let rows = all(&known(), 20, &[wave("w", "2026-05-01", counts(9, 0, 0))], &[]);
    assert_eq!(["people", "work", "supported"].map(|code| told(&rows, code, "", "")), [SMALL, WITHHELD, WITHHELD]);
}

#[test]
fn what_was_checked_is_published_instead_of_what_was_declared() {
    let check = Check {
        wave_id: "w".into(),
        indicator: "people".into(),
        level: Checked::ThirdParty,
        value: 14,
        checked_on: "2026-06-01".into(),
    };
    let rows = all(&known(), 20, &[wave("w", "2026-05-01", vec![Observation::count("people", 30)])], &[check]);
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (rows[0].value, rows[0].level, rows[0].checked_on.as_str()),
        (Some(15), Checked::ThirdParty, "2026-06-01")
    );
}

#[test]
fn a_mean_has_one_decimal_and_ten_people() {
    let rows = all(&known(), 20, &[wave("w", "2026-05-01", vec![Observation::mean("trust", 746, 13)])], &[]);
    assert_eq!((told(&rows, "trust", "", ""), told(&rows, "trust", "n", "")), (shown(750), shown(15)));
    let rows = all(&known(), 20, &[wave("w", "2026-05-01", vec![Observation::mean("trust", 746, 9)])], &[]);
    assert_eq!((told(&rows, "trust", "", ""), told(&rows, "trust", "n", "")), (WITHHELD, SMALL));
}

#[test]
fn a_ladder_is_told_in_bands_or_in_rungs_and_never_both() {
    let of = |target, counts| {
        all(&known(), target, &[wave("w", "2026-05-01", vec![Observation::ladder("ladder", counts)])], &[])
    };
    let small = of(99, [10, 5, 12, 0, 0, 0]);
    assert_eq!(told(&small, "ladder", "", ""), shown(25));
    assert_eq!(["1-2", "3-4", "5-6"].map(|band| told(&small, "ladder", band, "")), [shown(15), shown(10), shown(0)]);
    assert_eq!(told(&small, "ladder", "1", ""), None);
    let large = of(100, [10, 5, 12, 0, 0, 0]);
    assert_eq!((told(&large, "ladder", "1", ""), told(&large, "ladder", "2", "")), (shown(10), SMALL));
    assert_eq!(told(&large, "ladder", "1-2", ""), None);
    let few = of(20, [5, 4, 0, 0, 0, 0]);
    assert_eq!((told(&few, "ladder", "", ""), told(&few, "ladder", "1-2", "")), (SMALL, WITHHELD));
    assert_eq!(mean_of(&few, "w", "ladder"), None);
}

#[test]
fn movement_is_the_difference_of_what_is_published() {
    let waves = [
        wave("a", "2026-01-01", vec![Observation::ladder("ladder", [12, 12, 0, 0, 0, 0])]),
        wave("b", "2026-09-01", vec![Observation::ladder("ladder", [0, 0, 12, 14, 0, 0])]),
    ];
    let rows = all(&known(), 20, &waves, &[]);
    assert_eq!(mean_of(&rows, "a", "ladder"), Some(Average { low: 150, high: 150 }));
    assert_eq!(movement(&rows, "ladder", "a", "b"), Some(Average { low: 200, high: 200 }));
    assert_eq!(movement(&rows, "ladder", "a", "c"), None);
}

#[test]
fn the_grid_sums_its_places() {
    let cell = |row: &str, col: &str, location: &str, count| Cell {
        row: row.into(),
        col: col.into(),
        location_id: location.into(),
        count,
    };
    let cells = vec![
        cell("social", "societal", "a", 6),
        cell("social", "societal", "b", 7),
        cell("work_like", "protected", "a", 12),
    ];
    let rows = all(&known(), 20, &[wave("w", "2026-05-01", vec![Observation::grid("grid", cells)])], &[]);
    assert_eq!(told(&rows, "grid", "social", "societal"), shown(15));
    assert_eq!(told(&rows, "grid", "social", "protected"), shown(0));
    assert_eq!(rows.len(), 10);
}

#[test]
fn the_newest_moment_of_all_and_of_each_year_is_marked() {
    let count = |people| vec![Observation::count("people", people)];
    let waves = [
        wave("a", "2025-03-01", count(20)),
        wave("b", "2025-09-01", count(30)),
        wave("c", "2026-02-01", count(40)),
        wave("d", "2026-03-01", vec![Observation::count("meals", 3)]),
    ];
    let rows = all(&known(), 20, &waves, &[]);
    let marks: Vec<_> = rows.iter().map(|row| (row.wave_id.as_str(), row.newest, row.newest_of_year)).collect();
    assert_eq!(marks, [("a", 0, 0), ("b", 0, 1), ("c", 1, 1), ("d", 1, 1)]);
}

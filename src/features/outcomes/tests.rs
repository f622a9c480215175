use crate::features::outcomes::*;
use crate::values::Rikx;

pub fn project() -> Project {
    let now: Timestamp = "2026-01-01T00:00:00.000Z".parse().unwrap();
    Project {
        id: "prj_1".into(),
        slug: "kas".into(),
        number: 1,
        organisation_id: "org_1".into(),
        coalition_id: None,
        round_id: "rnd_1".into(),
        state: ProjectState::Running,
        title_nl: "Kas".into(),
        title_en: String::new(),
        aim_nl: String::new(),
        aim_en: String::new(),
        text_nl: String::new(),
        text_en: String::new(),
        target_group_nl: String::new(),
        target_group_en: String::new(),
        participants_target: 10,
        impact: Rikx(100),
        threshold: Rikx(100),
        start_day: "2026-02-01".into(),
        months: 12,
        contact: String::new(),
        picture_id: None,
        picture_alt_nl: String::new(),
        picture_alt_en: String::new(),
        example: 0,
        created_at: now,
        updated_at: now,
    }
}

/// An indicator of this shape.
pub fn indicator(code: &str, shape: Shape) -> Indicator {
    Indicator {
        code: code.into(),
        scheme: "OWN".into(),
        name_nl: String::new(),
        name_en: String::new(),
        unit_nl: String::new(),
        unit_en: String::new(),
        additive: 1,
        counts_people: 1,
        shape,
        family: Family::Other,
        direction: Direction::Up,
        licence_nl: String::new(),
        licence_en: String::new(),
        sdg: String::new(),
        part_of: String::new(),
        retired_at: None,
    }
}

fn wave() -> NewWave {
    NewWave {
        kind: WaveKind::Interim,
        day: "2026-08-01".into(),
        observations: vec![Observation::count("PI4060", 12)],
        note_nl: String::new(),
        note_en: String::new(),
    }
}

fn found(wave: &NewWave) -> Vec<(String, Refusal)> {
    let indicators = ["PI4060", "certificates"].map(|code| indicator(code, Shape::Count));
    faults(&project(), &indicators, &[], wave, "2026-09-01")
}

fn measured(kind: WaveKind, day: &str) -> Wave {
    Wave {
        id: "wav_1".into(),
        kind,
        measured_on: day.into(),
        note_nl: String::new(),
        note_en: String::new(),
        note_review: NoteReview::Waiting,
        note_reason: String::new(),
        created_at: "2026-01-01T00:00:00.000Z".parse().unwrap(),
    }
}

#[test]
fn a_right_wave_has_no_faults_on_its_borders() {
    assert_eq!(found(&wave()), []);
    for day in ["2026-09-01", "2025-02-01"] {
        assert_eq!(found(&NewWave { day: day.into(), ..wave() }), [], "{day}");
    }
    for count in [0, LARGEST_COUNT] {
        assert_eq!(found(&NewWave { observations: vec![Observation::count("PI4060", count)], ..wave() }), []);
    }
}

#[test]
fn days_outside_the_project_are_refused() {
    for (day, refusal) in [
        ("2026-09-02", Refusal::DayAhead),
        ("2025-01-31", Refusal::DayTooEarly { first: "2025-02-01".into() }),
        ("", Refusal::DayMissing),
        ("2026-02-30", Refusal::DayMissing),
    ] {
        assert_eq!(found(&NewWave { day: day.into(), ..wave() }), [("day".to_owned(), refusal)]);
    }
}

#[test]
fn counts_are_of_promised_indicators_and_there_is_one() {
    let with = |observations| found(&NewWave { observations, ..wave() });
    assert_eq!(with(vec![]), [("count-PI4060".to_owned(), Refusal::NothingCounted)]);
    for wrong in [-1, LARGEST_COUNT + 1, i64::MAX] {
        let expected = [("count-certificates".to_owned(), Refusal::CountTooLarge)];
        assert_eq!(with(vec![Observation::count("certificates", wrong)]), expected);
    }
    assert_eq!(with(vec![Observation::count("meals", 1)]), [(String::new(), Refusal::NotPromised)]);
}

#[test]
fn notes_are_short_and_name_nobody() {
    let with = |note_en: String| found(&NewWave { note_en, ..wave() });
    assert_eq!(with("x".repeat(LONGEST_NOTE)), []);
    assert_eq!(with("x".repeat(LONGEST_NOTE + 1)), [("note_en".to_owned(), Refusal::NoteTooLong)]);
    assert_eq!(with("ask a@b.nl".into()), [("note_en".to_owned(), Refusal::NoteHasAddress)]);
}

#[test]
fn a_project_that_did_not_happen_has_no_figures() {
    for state in [ProjectState::Draft, ProjectState::Failed, ProjectState::Withdrawn, ProjectState::Rejected] {
        let found = {
            let indicators = [indicator("PI4060", Shape::Count)];
            faults(&Project { state, ..project() }, &indicators, &[], &wave(), "2026-09-01")
        };
        assert_eq!(found, [(String::new(), Refusal::NotMeasured)], "{state}");
    }
}

#[test]
fn the_furthest_wave_that_is_due_is_asked_for() {
    let due = |waves: &[Wave], today: &str| wave_due(&project(), waves, today);
    assert_eq!(due(&[], "2026-01-31"), None);
    assert_eq!(due(&[], "2026-02-01"), Some(WaveKind::Intake));
    assert_eq!(due(&[measured(WaveKind::Intake, "2026-02-01")], "2026-07-31"), None);
    assert_eq!(due(&[measured(WaveKind::Intake, "2026-02-01")], "2026-08-01"), Some(WaveKind::Interim));
    assert_eq!(due(&[measured(WaveKind::Interim, "2026-08-01")], "2026-12-31"), None);
    assert_eq!(due(&[], "2027-02-01"), Some(WaveKind::End));
    assert_eq!(due(&[measured(WaveKind::End, "2027-02-01")], "2027-08-01"), Some(WaveKind::FollowUp6));
    assert_eq!(due(&[], "2030-01-01"), Some(WaveKind::FollowUp12));
    assert_eq!(wave_due(&Project { state: ProjectState::Failed, ..project() }, &[], "2030-01-01"), None);
    assert_eq!(wave_due(&Project { months: 3, ..project() }, &[], "2026-04-30"), Some(WaveKind::Intake));
}

#[test]
fn rungs_gained_count_from_the_first_ladder() {
    let of = |observations: Vec<Observation>| WaveMeasured {
        wave: measured(WaveKind::Interim, "2026-08-01"),
        observations,
        fixed: Vec::new(),
    };
    let waves = [
        of(vec![Observation::count("other", 3)]),
        of(vec![Observation::ladder("ladder", [0, 10, 0, 0, 0, 0])]),
        of(vec![]),
        of(vec![Observation::ladder("ladder", [0, 0, 0, 10, 0, 0])]),
        of(vec![Observation::ladder("ladder", [10, 0, 0, 0, 0, 0])]),
    ];
    let gained = promise_values("ladder", Shape::Ladder, &waves);
    assert_eq!(gained, [None, Some(0), None, Some(200), Some(-100)]);
    assert_eq!(promise_values("other", Shape::Count, &waves)[0], Some(3));
}

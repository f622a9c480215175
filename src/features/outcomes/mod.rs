//! Outcomes: what a project promised, when it was measured, and what was counted then. Counts, never people.
//!
//! A *promise* is an indicator with a target, a day and the share of the impact value it carries. A *wave* is a moment of
//! measuring; its *observations* hold one figure per indicator: a number, or people spread over cells. A wave is known by project,
//! kind and day: entering the same one again replaces its figures, and what stood there before stays in the history. A figure that was
//! handed in to be checked is *fixed*: it changes by a correction with a reason only.
//!
//! The *value* of a promise is what was observed; on the participation ladder it is the rungs gained: the mean rung of the wave less
//! that of the project's first wave with a ladder. Values are whole numbers, of means and rungs in hundredths ([`Shape::scale`]).
//!
//! | wave | when it is due |
//! | --- | --- |
//! | `intake` | at the start of the project |
//! | `interim` | halfway, for a project of four months or more |
//! | `end` | when its months are over |
//! | `follow_up_6`, `follow_up_12` | six and twelve months after the end |

pub mod actions;
pub mod catalogue;
pub mod cells;
pub mod import;
mod indicators;
pub mod letters;
pub mod note;
pub mod notes;
mod observations;
pub mod personal;
pub mod published;
pub mod reminders;
pub mod sheet;
mod store;
pub mod told;
pub mod web;

use sqlx::FromRow;

pub use crate::features::outcomes::cells::{Shown, public_count};
pub use crate::features::outcomes::indicators::{Direction, Family, Indicator, NotANumber, Shape};
pub use crate::features::outcomes::observations::{Cell, LADDER, Observation, Rung, Workplace};
pub use crate::features::outcomes::web::kind_name;
use crate::features::projects::{Project, ProjectState};
use crate::values::time::{is_day, months_after};
use crate::values::{Lang, Timestamp};

crate::words! {
    /// In the order in which they are measured.
    pub enum WaveKind {
        Intake = "intake",
        Interim = "interim",
        End = "end",
        FollowUp6 = "follow_up_6",
        FollowUp12 = "follow_up_12",
    }
}

/// The largest count that can be entered.
pub const LARGEST_COUNT: i64 = 1_000_000;
/// The longest name of a place, in characters, and how many places a project may have.
pub const LONGEST_LOCATION: usize = 60;
pub const MOST_LOCATIONS: usize = 10;
/// The longest note, in characters.
pub const LONGEST_NOTE: usize = 500;

crate::words! {
    /// What became of the note of a wave: others see it once somebody of the team looked at it.
    pub enum NoteReview {
        Waiting = "waiting",
        Shown = "shown",
        Refused = "refused",
    }
}

crate::refusals! {
    pub enum Refusal {
        /// Figures are told from the moment a project is on sale until its follow-up, not for one that did not happen.
        NotMeasured => Conflict "outcomes-not-measured",
        DayMissing => Invalid("day") "outcomes-day-missing",
        DayAhead => Invalid("day") "outcomes-day-ahead",
        DayTooEarly { first: String } => Invalid("day") "outcomes-day-too-early",
        CountTooLarge => Invalid("count") "outcomes-count-too-large",
        NothingCounted => Invalid("count") "outcomes-nothing-counted",
        NotPromised => Invalid("count") "outcomes-not-promised",
        /// A mean does not lie between 0 and 10.
        MeanOutOfRange => Invalid("count") "outcomes-mean-out-of-range",
        /// Nobody was asked, or nobody stands on the ladder.
        PeopleMissing => Invalid("count") "outcomes-people-missing",
        /// The cells are not those of its shape.
        CellsWrong => Invalid("count") "outcomes-cells-wrong",
        /// It was handed in to be checked.
        Fixed { indicator: String } => Conflict "outcomes-fixed",
        NotFixed => Conflict "outcomes-not-fixed",
        NoSuchFigure => Conflict "outcomes-no-such-figure",
        ReasonMissing => Invalid("reason") "outcomes-reason-missing",
        LocationMissing => Invalid("location") "outcomes-location-missing",
        LocationTaken => Invalid("location") "outcomes-location-taken",
        TooManyLocations => Invalid("location") "outcomes-too-many-locations",
        NoSuchIndicator => Invalid("indicator") "outcomes-no-such-indicator",
        NoRole => Forbidden "indicator-no-role",
        CodeWrong => Invalid("code") "indicator-code-wrong",
        CodeTaken => Invalid("code") "indicator-code-taken",
        SchemeWrong => Invalid("scheme") "indicator-scheme-wrong",
        NameNlMissing => Invalid("name_nl") "indicator-name-missing",
        NameEnMissing => Invalid("name_en") "indicator-name-missing",
        UnitNlMissing => Invalid("unit_nl") "indicator-unit-missing",
        UnitEnMissing => Invalid("unit_en") "indicator-unit-missing",
        LicenceTooLong => Invalid("licence_nl") "indicator-licence-too-long",
        GoalWrong => Invalid("sdg") "indicator-goal-wrong",
        PartWrong => Invalid("part_of") "indicator-part-wrong",
        /// More than the people they are among.
        PartTooLarge { whole: String } => Invalid("count") "outcomes-part-too-large",
        /// There is no note that waits to be looked at.
        NoNote => Conflict "outcomes-no-note",
        NoteReasonMissing => Invalid("reason") "outcomes-note-reason-missing",
        /// Neither an expert nor a reviewer.
        NotChecker => Forbidden "outcomes-not-checker",
        /// A member of an organisation that carries the project out.
        OwnProject { name: String } => Forbidden "outcomes-own-project",
        NoteTooLong => Invalid("note_nl") "outcomes-note-too-long",
        NoteHasAddress => Invalid("note_nl") "outcomes-note-address",
        NoteHasNumber => Invalid("note_nl") "outcomes-note-number",
        NoteHasName => Invalid("note_nl") "outcomes-note-name",
    }
}

/// A promise of a project as it is written; `figures` reads it together with what was counted.
#[derive(Debug, Clone)]
pub struct Promise {
    /// From 1.
    pub position: i64,
    pub indicator: String,
    pub baseline: i64,
    pub target: i64,
    pub due_day: String,
    pub share_percent: i64,
    /// Less of the target than this gives nothing; 0 to 100.
    pub floor_percent: i64,
    /// Of its share at most this is given; 1 to 100.
    pub cap_percent: i64,
}

/// A promise with everything that was counted for it.
#[derive(Debug, Clone)]
pub struct PromiseFigure {
    /// The promise's.
    pub id: String,
    /// The indicator's code.
    pub code: String,
    pub scheme: String,
    pub name_nl: String,
    pub name_en: String,
    pub unit_nl: String,
    pub unit_en: String,
    pub counts_people: bool,
    pub shape: Shape,
    pub family: Family,
    pub direction: Direction,
    pub baseline: i64,
    pub target: i64,
    pub due_day: String,
    pub share_percent: i64,
    pub floor_percent: i64,
    pub cap_percent: i64,
    /// Every wave of the project in the order of measuring, with the promise's value when it was measured.
    pub waves: Vec<(WaveKind, String, Option<i64>)>,
    /// The value of the newest wave that has one.
    pub latest: Option<i64>,
}

impl PromiseFigure {
    pub fn name(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nl => &self.name_nl,
            Lang::En => &self.name_en,
        }
    }

    pub fn unit(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nl => &self.unit_nl,
            Lang::En => &self.unit_en,
        }
    }

    /// What the public may see of a count of this indicator when nothing else is told beside it.
    pub fn shown(&self, count: i64) -> Shown {
        if self.counts_people { public_count(count) } else { Shown::Exact(count) }
    }
}

/// A moment of measuring.
#[derive(Debug, Clone, FromRow)]
pub struct Wave {
    pub id: String,
    pub kind: WaveKind,
    /// A day.
    pub measured_on: String,
    pub note_nl: String,
    pub note_en: String,
    /// Whether others see the note.
    pub note_review: NoteReview,
    /// Why it is not shown; its owner reads it.
    pub note_reason: String,
    pub created_at: Timestamp,
}

impl Wave {
    pub fn has_note(&self) -> bool {
        !self.note_nl.is_empty() || !self.note_en.is_empty()
    }

    /// The note in a language, or the other one where it is empty, as the public may see it: nothing until the team looked at it.
    pub fn public_note(&self, lang: Lang) -> &str {
        if self.note_review != NoteReview::Shown {
            return "";
        }
        let (own, other) = match lang {
            Lang::Nl => (&self.note_nl, &self.note_en),
            Lang::En => (&self.note_en, &self.note_nl),
        };
        if own.is_empty() { other } else { own }
    }
}

/// A wave as an owner enters it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWave {
    pub kind: WaveKind,
    /// A day.
    pub day: String,
    /// Only what was measured.
    pub observations: Vec<Observation>,
    pub note_nl: String,
    pub note_en: String,
}

/// A wave with what it found, by the indicator's code.
#[derive(Debug, Clone)]
pub struct WaveMeasured {
    pub wave: Wave,
    pub observations: Vec<Observation>,
    /// The codes of those that were handed in to be checked.
    pub fixed: Vec<String>,
}

impl WaveMeasured {
    pub fn of(&self, indicator: &str) -> Option<&Observation> {
        self.observations.iter().find(|observation| observation.indicator == indicator)
    }

    pub fn is_fixed(&self, indicator: &str) -> bool {
        self.fixed.iter().any(|code| code == indicator)
    }
}

/// A named place of a project.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Location {
    pub id: String,
    pub name: String,
}

/// The value of a promise in each wave: what was observed, or the rungs gained since the first ladder.
pub fn promise_values(indicator: &str, shape: Shape, waves: &[WaveMeasured]) -> Vec<Option<i64>> {
    let observed: Vec<Option<i64>> =
        waves.iter().map(|wave| wave.of(indicator).map(|observation| observation.value)).collect();
    if shape != Shape::Ladder {
        return observed;
    }
    let first = observed.iter().flatten().next().copied().unwrap_or_default();
    observed.into_iter().map(|value| value.map(|value| value - first)).collect()
}

/// Whether figures of a project in this state can be entered.
pub fn is_measured(state: ProjectState) -> bool {
    use ProjectState::{Completed, Funded, Listed, NearMiss, Reporting, Running, Terminated};
    matches!(state, Listed | NearMiss | Funded | Running | Reporting | Completed | Terminated)
}

/// The first day a wave of the project may have: a year before its start.
pub fn first_day(project: &Project) -> String {
    months_after(&project.start_day, -12).unwrap_or_else(|| project.start_day.clone())
}

/// Everything that is wrong with a wave, each with the name of its form field: `day`, `count-{code}`, `note_nl`, `note_en`, or empty.
/// `measured` are the indicators of the project, `locations` the ids of its places, `today` is a day.
pub fn faults(
    project: &Project,
    measured: &[Indicator],
    locations: &[&str],
    wave: &NewWave,
    today: &str,
) -> Vec<(String, Refusal)> {
    let mut found = Vec::new();
    let first = first_day(project);
    if !is_measured(project.state) {
        found.push((String::new(), Refusal::NotMeasured));
    }
    if !is_day(&wave.day) {
        found.push(("day".to_owned(), Refusal::DayMissing));
    } else if wave.day.as_str() > today {
        found.push(("day".to_owned(), Refusal::DayAhead));
    } else if wave.day < first {
        found.push(("day".to_owned(), Refusal::DayTooEarly { first }));
    }
    if wave.observations.is_empty() {
        let field = measured.first().map_or(String::new(), |indicator| format!("count-{}", indicator.code));
        found.push((field, Refusal::NothingCounted));
    }
    for observation in &wave.observations {
        match measured.iter().find(|indicator| indicator.code == observation.indicator) {
            None => found.push((String::new(), Refusal::NotPromised)),
            Some(indicator) => {
                let fault = observation.fault(indicator, locations);
                found.extend(fault.map(|refusal| (format!("count-{}", indicator.code), refusal)));
            }
        }
    }
    found.extend(parts_too_large(measured, wave));
    for (field, text) in [("note_nl", &wave.note_nl), ("note_en", &wave.note_en)] {
        if text.chars().count() > LONGEST_NOTE {
            found.push((field.to_owned(), Refusal::NoteTooLong));
        } else if let Some(refusal) = note::names_somebody(text) {
            found.push((field.to_owned(), refusal));
        }
    }
    found
}

/// Counts of people who are among others, and more than these. Both must be of this wave.
fn parts_too_large(measured: &[Indicator], wave: &NewWave) -> Vec<(String, Refusal)> {
    let of = |code: &str| wave.observations.iter().find(|one| one.indicator == code);
    let mut found = Vec::new();
    for part in measured.iter().filter(|one| !one.part_of.is_empty()) {
        let whole = measured.iter().find(|one| one.code == part.part_of && one.shape.scale() == part.shape.scale());
        if let (Some(some), Some(all)) = (of(&part.code), whole.and_then(|whole| of(&whole.code)))
            && some.value > all.value
        {
            found.push((format!("count-{}", part.code), Refusal::PartTooLarge { whole: part.part_of.clone() }));
        }
    }
    found
}

/// The wave that should have been measured by `today` and was not: the furthest one that is due, unless it or a later one is there.
pub fn wave_due(project: &Project, waves: &[Wave], today: &str) -> Option<WaveKind> {
    wave_due_on(project, waves, today).map(|(kind, _)| kind)
}

/// The same with the day on which it was due.
pub fn wave_due_on(project: &Project, waves: &[Wave], today: &str) -> Option<(WaveKind, String)> {
    use ProjectState::{Completed, Funded, Reporting, Running};
    if !matches!(project.state, Funded | Running | Reporting | Completed) {
        return None;
    }
    let after = |months: i64| months_after(&project.start_day, months);
    let days = [
        (WaveKind::Intake, after(0)),
        (WaveKind::Interim, if project.months >= 4 { after(project.months / 2) } else { None }),
        (WaveKind::End, after(project.months)),
        (WaveKind::FollowUp6, after(project.months + 6)),
        (WaveKind::FollowUp12, after(project.months + 12)),
    ];
    let (due, day) = days.into_iter().rev().find(|(_, day)| day.as_deref().is_some_and(|day| day <= today))?;
    let day = day.filter(|_| waves.iter().all(|wave| wave.kind < due))?;
    Some((due, day))
}

#[cfg(test)]
pub mod tests;

//! Outcomes: what a project promised, when it was measured, and what was counted then. Counts, never people.
//!
//! A *promise* is an indicator with a target, a day and the share of the impact value it carries. A *wave* is a moment of
//! measuring; its *observations* hold one count per indicator. A wave is known by project, kind and day: entering the same one
//! again replaces its counts, and what stood there before stays in the history.
//!
//! | wave | when it is due |
//! | --- | --- |
//! | `intake` | at the start of the project |
//! | `interim` | halfway, for a project of four months or more |
//! | `end` | when its months are over |
//! | `follow_up_6`, `follow_up_12` | six and twelve months after the end |

pub mod actions;
pub mod cells;
pub mod note;
pub mod personal;
mod store;
pub mod web;

use sqlx::FromRow;

pub use crate::features::outcomes::cells::{Shown, public_count};
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
/// The longest note, in characters.
pub const LONGEST_NOTE: usize = 500;

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
        NoteTooLong => Invalid("note_nl") "outcomes-note-too-long",
        NoteHasAddress => Invalid("note_nl") "outcomes-note-address",
        NoteHasNumber => Invalid("note_nl") "outcomes-note-number",
        NoteHasName => Invalid("note_nl") "outcomes-note-name",
    }
}

/// Something that can be counted, in words that are the same for all projects.
#[derive(Debug, Clone, FromRow)]
pub struct Indicator {
    pub code: String,
    /// Where the code comes from: `IRIS+`, `SDG`, `LADDER`, `OWN`.
    pub scheme: String,
    pub name_nl: String,
    pub name_en: String,
    pub unit_nl: String,
    pub unit_en: String,
    /// 1: counts of several projects may be added up.
    pub additive: i16,
    /// 1: it counts people or what stands for one of them, such as a diploma, so small counts are hidden from the public.
    /// 0: it counts things (meals, workshops, events) and is shown as it is.
    pub counts_people: i16,
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
}

/// A promise with everything that was counted for it.
#[derive(Debug, Clone)]
pub struct PromiseFigure {
    /// The indicator's code.
    pub code: String,
    pub scheme: String,
    pub name_nl: String,
    pub name_en: String,
    pub unit_nl: String,
    pub unit_en: String,
    pub counts_people: bool,
    pub baseline: i64,
    pub target: i64,
    pub due_day: String,
    pub share_percent: i64,
    /// Every wave of the project in the order of measuring, with this indicator's count when it was measured.
    pub waves: Vec<(WaveKind, String, Option<i64>)>,
    /// The count of the newest wave that has one.
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

    /// What the public may see of a count of this indicator.
    pub fn shown(&self, count: i64) -> Shown {
        if self.counts_people { public_count(count) } else { Shown::Exact(count) }
    }

    /// What the public may see of the newest count.
    pub fn shown_latest(&self) -> Option<Shown> {
        self.latest.map(|count| self.shown(count))
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
    pub created_at: Timestamp,
}

/// A wave as an owner enters it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWave {
    pub kind: WaveKind,
    /// A day.
    pub day: String,
    /// Count by the indicator's code, only what was measured.
    pub counts: Vec<(String, i64)>,
    pub note_nl: String,
    pub note_en: String,
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
/// `promised` are the codes of the project's indicators, `today` is a day.
pub fn faults(project: &Project, promised: &[&str], wave: &NewWave, today: &str) -> Vec<(String, Refusal)> {
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
    if wave.counts.is_empty() {
        let field = promised.first().map_or(String::new(), |code| format!("count-{code}"));
        found.push((field, Refusal::NothingCounted));
    }
    for (code, count) in &wave.counts {
        if !promised.contains(&code.as_str()) {
            found.push((String::new(), Refusal::NotPromised));
        } else if !(0..=LARGEST_COUNT).contains(count) {
            found.push((format!("count-{code}"), Refusal::CountTooLarge));
        }
    }
    for (field, text) in [("note_nl", &wave.note_nl), ("note_en", &wave.note_en)] {
        if text.chars().count() > LONGEST_NOTE {
            found.push((field.to_owned(), Refusal::NoteTooLong));
        } else if let Some(refusal) = note::names_somebody(text) {
            found.push((field.to_owned(), refusal));
        }
    }
    found
}

/// The wave that should have been measured by `today` and was not: the furthest one that is due, unless it or a later one is there.
pub fn wave_due(project: &Project, waves: &[Wave], today: &str) -> Option<WaveKind> {
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
    let (due, _) = days.into_iter().rev().find(|(_, day)| day.as_deref().is_some_and(|day| day <= today))?;
    waves.iter().all(|wave| wave.kind < due).then_some(due)
}

#[cfg(test)]
pub mod tests;

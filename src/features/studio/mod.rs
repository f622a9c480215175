//! The studio: where makers look after their projects. It shows what organisations, projects, updates and outcomes know, and says what
//! to do next.

pub mod web;

use crate::features::outcomes::{Wave, WaveKind, wave_due};
use crate::features::projects::Project;

/// Something an owner could do next for a project, the most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NextStep {
    /// Figures of this wave should have been entered.
    Measure(WaveKind),
    /// Title, aim or text are missing in one of the two languages.
    Translate,
    /// There is no picture, or nobody can read what it shows.
    AddPicture,
}

impl NextStep {
    /// The part of the studio in which it is done.
    pub fn part(self) -> &'static str {
        match self {
            NextStep::Measure(_) => "/outcomes",
            NextStep::Translate => "/texts",
            NextStep::AddPicture => "/picture",
        }
    }
}

/// What there is to do for a project on a day.
pub fn next_steps(project: &Project, waves: &[Wave], today: &str) -> Vec<NextStep> {
    let mut steps: Vec<NextStep> = wave_due(project, waves, today).map(NextStep::Measure).into_iter().collect();
    if !project.state.texts_may_change() {
        return steps;
    }
    let both = [
        (&project.title_nl, &project.title_en),
        (&project.aim_nl, &project.aim_en),
        (&project.text_nl, &project.text_en),
    ];
    if both.iter().any(|(nl, en)| nl.is_empty() || en.is_empty()) {
        steps.push(NextStep::Translate);
    }
    if project.picture_id.is_none() || project.picture_alt_nl.is_empty() {
        steps.push(NextStep::AddPicture);
    }
    steps
}

//! The studio: where makers look after their projects. It shows what organisations, projects, updates and outcomes know, and says what
//! to do next.

pub mod web;

use crate::features::outcomes::{Wave, WaveKind, wave_due};
use crate::features::projects::{Project, ProjectState};
use crate::features::updates::{Update, UpdateState};
use crate::values::Timestamp;

/// After this many days without an update, backers of a project may wonder.
pub const QUIET_DAYS: i64 = 60;

/// Something an owner could do next for a project, the most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NextStep {
    /// The project is a near miss: how it goes on with less is to be said before this moment.
    SayHow(Timestamp),
    /// An update goes out at this moment, until then it can be undone.
    Scheduled(Timestamp),
    /// A plan was begun, or came back with remarks.
    FinishPlan,
    /// Figures of this wave should have been entered.
    Measure(WaveKind),
    /// Nothing was told for so many days, or (nothing) not yet at all.
    Tell(Option<i64>),
    /// An update was begun and waits to be sent.
    FinishDraft,
    /// Title, aim or text are missing in one of the two languages.
    Translate,
    /// There is no picture, or nobody can read what it shows.
    AddPicture,
}

impl NextStep {
    /// The part of the studio in which it is done.
    pub fn part(self) -> &'static str {
        match self {
            NextStep::SayHow(_) => "/near-miss",
            NextStep::Scheduled(_) | NextStep::Tell(_) | NextStep::FinishDraft => "/updates",
            NextStep::Measure(_) => "/outcomes",
            NextStep::FinishPlan => "/plan",
            NextStep::Translate => "/texts",
            NextStep::AddPicture => "/picture",
        }
    }
}

/// What there is to do for a project at a moment, the most urgent first. `updates` are all of the project's, `waves` too.
pub fn next_steps(project: &Project, updates: &[Update], waves: &[Wave], now: Timestamp) -> Vec<NextStep> {
    let mut steps: Vec<NextStep> = wave_due(project, waves, &now.day()).map(NextStep::Measure).into_iter().collect();
    steps.extend(of_updates(project, updates, now));
    steps.extend(of_texts(project));
    steps.extend(project.state.plan_may_change().then_some(NextStep::FinishPlan));
    steps.sort();
    steps
}

fn of_updates(project: &Project, updates: &[Update], now: Timestamp) -> Vec<NextStep> {
    use ProjectState::{Funded, Listed, NearMiss, Reporting, Running};
    let mut steps = Vec::new();
    let going_out = updates.iter().filter(|update| update.state == UpdateState::Scheduled);
    steps.extend(going_out.filter_map(|update| update.publish_at).map(NextStep::Scheduled));
    if !matches!(project.state, Listed | NearMiss | Funded | Running | Reporting) {
        return steps;
    }
    if updates.iter().any(|update| update.state == UpdateState::Draft) {
        steps.push(NextStep::FinishDraft);
    }
    let told = updates.iter().filter(|update| update.state == UpdateState::Published);
    match told.filter_map(|update| update.published_at).max() {
        _ if !steps.is_empty() => {}
        None => steps.push(NextStep::Tell(None)),
        Some(last) if last.plus_days(QUIET_DAYS) <= now => {
            steps.push(NextStep::Tell(Some((now.millis() - last.millis()) / 86_400_000)));
        }
        Some(_) => {}
    }
    steps
}

fn of_texts(project: &Project) -> Vec<NextStep> {
    let mut steps = Vec::new();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::outcomes::tests::project;
    use crate::features::updates::Audience;

    const NOW: &str = "2026-01-15T12:00:00.000Z";

    fn update(state: UpdateState, at: Timestamp) -> Update {
        Update {
            id: "upd_1".into(),
            project_id: "prj_1".into(),
            number: 1,
            state,
            audience: Audience::Everybody,
            title_nl: "Nieuws".into(),
            title_en: String::new(),
            body_nl: "Nieuws.".into(),
            body_en: String::new(),
            picture_id: None,
            picture_alt: String::new(),
            created_at: at,
            publish_at: Some(at),
            published_at: (state == UpdateState::Published).then_some(at),
        }
    }

    #[test]
    fn a_quiet_project_is_asked_to_tell_and_an_update_on_its_way_is_shown_first() {
        let now: Timestamp = NOW.parse().unwrap();
        let steps = |updates: &[Update]| of_updates(&project(), updates, now);
        assert_eq!(steps(&[]), [NextStep::Tell(None)]);
        assert_eq!(steps(&[update(UpdateState::Published, now.plus_days(-59))]), []);
        assert_eq!(steps(&[update(UpdateState::Published, now.plus_days(-60))]), [NextStep::Tell(Some(60))]);
        assert_eq!(steps(&[update(UpdateState::Draft, now)]), [NextStep::FinishDraft]);
        assert_eq!(steps(&[update(UpdateState::Scheduled, now)]), [NextStep::Scheduled(now)]);
        let over = Project { state: ProjectState::Completed, ..project() };
        assert_eq!(of_updates(&over, &[], now), []);
    }

    #[test]
    fn steps_come_by_urgency_and_a_finished_page_has_none() {
        let now: Timestamp = "2026-03-01T12:00:00.000Z".parse().unwrap();
        let scheduled = [update(UpdateState::Scheduled, now)];
        let all = next_steps(&project(), &scheduled, &[], now);
        let expected =
            [NextStep::Scheduled(now), NextStep::Measure(WaveKind::Intake), NextStep::Translate, NextStep::AddPicture];
        assert_eq!(all, expected);
        let finished = Project {
            title_en: "Greenhouse".into(),
            aim_nl: "x".into(),
            aim_en: "x".into(),
            text_nl: "x".into(),
            text_en: "x".into(),
            picture_id: Some("fil_1".into()),
            picture_alt_nl: "Een kas".into(),
            ..project()
        };
        assert_eq!(of_texts(&finished), []);
        assert_eq!(of_texts(&Project { state: ProjectState::Submitted, ..project() }), []);
    }
}

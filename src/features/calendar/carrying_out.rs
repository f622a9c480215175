//! The steps of a project that was funded, by its own dates: it runs from its first day, and reports when its months are over.

use crate::features::projects::{self, Project, ProjectState};
use crate::infra::Services;
use crate::infra::error::Result;
use crate::values::Timestamp;
use crate::values::time::months_after;

/// Who acts, in the history.
const ACTOR: &str = "schedule";

/// Takes every such step whose day has come. Answers how many.
///
/// # Errors
/// The database; what was taken stays taken.
pub async fn move_due(s: &Services) -> Result<usize> {
    let now = s.clock.now();
    let started = projects::actions::started(&mut *s.db.read().await?, &now.day()).await?;
    let mut taken = 0;
    for project in started.into_iter().filter(|project| next(project, now).is_some()) {
        taken += usize::from(step(s, &project.id, now).await?);
    }
    Ok(taken)
}

/// The state a project gets by its dates; nothing when its day has not come.
fn next(project: &Project, now: Timestamp) -> Option<ProjectState> {
    let today = now.day();
    match project.state {
        ProjectState::Funded if project.start_day <= today => Some(ProjectState::Running),
        ProjectState::Running if months_after(&project.start_day, project.months)? <= today => {
            Some(ProjectState::Reporting)
        }
        _ => None,
    }
}

async fn step(s: &Services, project_id: &str, now: Timestamp) -> Result<bool> {
    let mut tx = s.db.begin().await?;
    let project = projects::actions::lock(&mut tx, project_id).await?;
    let Some(to) = next(&project, now) else { return Ok(false) };
    projects::actions::move_to(&mut tx, &project, to, ACTOR, "its date has come", now).await?;
    tx.commit().await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::outcomes::tests::project;

    #[test]
    fn a_project_runs_and_reports_by_its_dates() {
        let at = |state, day: &str| {
            let now = Timestamp::start_of_day(day).unwrap();
            next(&Project { state, start_day: "2026-02-01".into(), months: 12, ..project() }, now)
        };
        assert_eq!(at(ProjectState::Funded, "2026-01-31"), None);
        assert_eq!(at(ProjectState::Funded, "2026-02-01"), Some(ProjectState::Running));
        assert_eq!(at(ProjectState::Running, "2027-01-31"), None);
        assert_eq!(at(ProjectState::Running, "2027-02-01"), Some(ProjectState::Reporting));
        for state in [ProjectState::Listed, ProjectState::Reporting, ProjectState::Terminated] {
            assert_eq!(at(state, "2030-01-01"), None, "{state}");
        }
    }
}

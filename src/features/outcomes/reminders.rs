//! Reminders to owners that it is time to measure: once for each kind of wave, when it is due and not there.

use crate::features::outcomes::{WaveKind, store, wave_due_on};
use crate::features::projects::{Project, ProjectState};
use crate::features::{organisations, projects, rounds};
use crate::infra::Services;
use crate::infra::error::Result;
use crate::infra::letters;
use crate::values::Timestamp;
use crate::values::time::days_after;

/// The letter; its cause is a project and the kind of wave.
pub const WAVE_DUE: &str = "wave_due";
/// What was due longer ago than this is not written about any more, in days.
const PATIENCE_DAYS: i64 = 60;

/// Queues the reminders whose day has come; one that was queued before is not queued again. Answers for how many waves that are due.
///
/// # Errors
/// The database.
pub async fn look(s: &Services, now: Timestamp) -> Result<usize> {
    let mut conn = s.db.read().await?;
    let mut due = Vec::new();
    for round in rounds::actions::all(&mut conn).await? {
        for project in projects::actions::of_round(&mut conn, &round.id).await? {
            if is_under_way(project.state) {
                let waves = store::waves(&mut conn, &project.id).await?;
                due.extend(wave_due_on(&project, &waves, &now.day()).map(|(kind, day)| (project, kind, day)));
            }
        }
    }
    drop(conn);
    let first = days_after(&now.day(), -PATIENCE_DAYS).unwrap_or_default();
    due.retain(|(_, _, day)| *day >= first);
    for (project, kind, _) in &due {
        remind(s, project, *kind, now).await?;
    }
    Ok(due.len())
}

fn is_under_way(state: ProjectState) -> bool {
    use ProjectState::{Completed, Funded, Reporting, Running};
    matches!(state, Funded | Running | Reporting | Completed)
}

async fn remind(s: &Services, project: &Project, kind: WaveKind, now: Timestamp) -> Result<()> {
    let mut tx = s.db.begin().await?;
    let owners = organisations::actions::owners(&mut tx, &project.organisation_id).await?;
    letters::queue_many(&mut tx, now, WAVE_DUE, &format!("{}/{kind}", project.id), &owners).await?;
    Ok(tx.commit_quietly().await?)
}

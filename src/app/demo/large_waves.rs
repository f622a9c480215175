//! Moments of measuring for a large set: four per project, with counts, an average and a ladder that moves up.

use crate::app::demo::large::Dice;
use crate::features::outcomes::import::{Imported, import};
use crate::features::outcomes::{NoteReview, Observation, Wave, WaveKind, WaveMeasured, actions as outcomes};
use crate::features::projects::Project;
use crate::infra::Services;
use crate::infra::error::{Error, Result};
use crate::values::Timestamp;

/// Projects written in one transaction.
const BATCH: usize = 500;
/// The moments, and how many days ago they were.
const MOMENTS: [(WaveKind, i64); 4] =
    [(WaveKind::Intake, 280), (WaveKind::Interim, 190), (WaveKind::End, 100), (WaveKind::FollowUp6, 10)];

/// Measures in all projects.
pub async fn make(s: &Services, dice: &Dice, projects: &[Project], author: &str, now: Timestamp) -> Result<()> {
    let indicators = outcomes::indicators(&mut *s.db.read().await?).await?;
    for code in ["PI4060", "PI3527", "certificates", "self-confidence", "participation-ladder"] {
        if !indicators.iter().any(|one| one.code == code) {
            return Err(Error::broken(format!("no indicator {code}")));
        }
    }
    for (first, batch) in (0..).step_by(BATCH).zip(projects.chunks(BATCH)) {
        let measured: Vec<Imported> =
            (first..).zip(batch).map(|(number, project)| project_waves(dice, number, project, now)).collect();
        let mut tx = s.db.begin().await?;
        import(&mut tx, &indicators, &measured, author).await?;
        tx.commit().await?;
    }
    Ok(())
}

fn project_waves(dice: &Dice, number: i64, project: &Project, now: Timestamp) -> Imported {
    let people = 8 + dice.below("people", number, 40);
    let waves = MOMENTS.iter().enumerate().map(|(at, (kind, days))| {
        let step = i64::try_from(at).unwrap_or(0);
        let work = dice.below("work", number * 4 + step, people / 2 + 1);
        let certificates = dice.below("certificates", number * 4 + step, people + 1);
        // from the lower rungs to the higher ones, a part at each moment
        let risen = people * step / 5;
        let ladder = [people - risen - (people - risen) / 2, (people - risen) / 2, risen - risen / 2, risen / 2, 0, 0];
        WaveMeasured {
            wave: Wave {
                id: dice.id("wav", number * 4 + step),
                kind: *kind,
                measured_on: now.plus_days(-days).day(),
                note_nl: String::new(),
                note_en: String::new(),
                note_review: NoteReview::Waiting,
                note_reason: String::new(),
                created_at: now.plus_days(-days),
            },
            observations: vec![
                Observation::count("PI4060", people),
                Observation::count("PI3527", work),
                Observation::count("certificates", certificates),
                Observation::ladder("participation-ladder", ladder),
                Observation::mean("self-confidence", 550 + 40 * step, people),
            ],
            fixed: Vec::new(),
        }
    });
    Imported {
        project_id: project.id.clone(),
        participants_target: project.participants_target,
        waves: waves.collect(),
    }
}

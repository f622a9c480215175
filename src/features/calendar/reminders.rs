//! Reminders before the close: owners a week and two days before, followers who asked for it two days before.
//!
//! A reminder belongs to a closing instant. When that moves, what was not yet sent is no longer, and the new instant brings its own.

use crate::features::calendar::store;
use crate::features::projects::{Project, ProjectState};
use crate::features::rounds::Round;
use crate::features::{organisations, projects, rounds, updates};
use crate::infra::Services;
use crate::infra::db::Tx;
use crate::infra::error::Result;
use crate::infra::letters;
use crate::values::Timestamp;

const WEEK_SECONDS: i64 = 7 * 86_400;
const TWO_DAYS_SECONDS: i64 = 2 * 86_400;

/// To owners, a week before.
pub const OWNER_WEEK: &str = "reminder_owner_week";
/// To owners, two days before.
pub const OWNER_TWO_DAYS: &str = "reminder_owner_days";
/// To followers who asked for it, two days before.
pub const FOLLOWER: &str = "reminder_follower";

/// The kinds that are due for a round; the week's no longer when the two days have begun.
fn due(round: &Round, now: Timestamp) -> &'static [&'static str] {
    if !round.sells_at(now) {
        return &[];
    }
    let left = round.closes_at.seconds() - now.seconds();
    if left <= TWO_DAYS_SECONDS {
        &[OWNER_TWO_DAYS, FOLLOWER]
    } else if left <= WEEK_SECONDS {
        &[OWNER_WEEK]
    } else {
        &[]
    }
}

/// Queues the reminders whose moment has come. Answers of how many kinds.
///
/// # Errors
/// The database.
pub async fn look(s: &Services) -> Result<usize> {
    let now = s.clock.now();
    let mut queued = 0;
    let rounds = rounds::actions::all(&mut *s.db.read().await?).await?;
    for round in &rounds {
        for kind in due(round, now) {
            if !store::is_reminded(&mut *s.db.read().await?, &round.id, kind, round.closes_at).await? {
                queued += usize::from(remind(s, round, kind, now).await?);
            }
        }
    }
    Ok(queued)
}

/// All letters of one kind before one closing instant, in one transaction.
async fn remind(s: &Services, seen: &Round, kind: &'static str, now: Timestamp) -> Result<bool> {
    let mut tx = s.db.begin().await?;
    let round = rounds::actions::lock(&mut tx, &seen.id).await?;
    if round.closes_at != seen.closes_at
        || !due(&round, now).contains(&kind)
        || !store::remind(&mut tx, &round.id, kind, round.closes_at, now).await?
    {
        return Ok(false);
    }
    for project in projects::actions::of_round(&mut tx, &round.id).await? {
        if project.state == ProjectState::Listed {
            queue(&mut tx, &round, &project, kind, now).await?;
        }
    }
    tx.commit().await?;
    Ok(true)
}

async fn queue(tx: &mut Tx, round: &Round, project: &Project, kind: &'static str, now: Timestamp) -> Result<()> {
    let people = if kind == FOLLOWER {
        updates::actions::to_remind(tx, &project.id).await?
    } else {
        organisations::actions::owners(tx, &project.organisation_id).await?
    };
    let cause = format!("{}/{}", project.id, round.closes_at);
    Ok(letters::queue_many(tx, now, kind, &cause, &people).await?)
}

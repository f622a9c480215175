//! Reminders of a question that waits for an answer: a week and a day before its day, and once when it has passed.

use crate::features::projects;
use crate::features::verifications::letters::{self, DAY_LEFT, OVERDUE, WEEK_LEFT};
use crate::features::verifications::{MessageKind, Verification, VerificationState, actions, store};
use crate::infra::Services;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::values::Timestamp;
use crate::values::time::days_after;

/// The letter that is due for a question with this last day, when it was asked on that day.
fn due(deadline_day: &str, asked_on: &str, today: &str) -> Option<&'static str> {
    let before = |days: i64| days_after(deadline_day, -days).unwrap_or_default();
    if today > deadline_day {
        return Some(OVERDUE);
    }
    // what was asked a moment ago needs no reminder
    if asked_on >= today {
        return None;
    }
    if before(1).as_str() <= today {
        return Some(DAY_LEFT);
    }
    (before(7).as_str() <= today).then_some(WEEK_LEFT)
}

/// Queues the reminders whose day has come; one that was queued before is not queued again. Answers how many are due.
///
/// # Errors
/// The database.
pub async fn look(s: &Services, now: Timestamp) -> Result<usize> {
    let mut found = 0;
    let waiting = actions::waiting(&mut *s.db.read().await?).await?;
    for seen in waiting.iter().filter(|one| one.state == VerificationState::Asked) {
        found += usize::from(remind(s, seen, now).await?);
    }
    Ok(found)
}

async fn kind_due(conn: &mut Conn, one: &Verification, now: Timestamp) -> Result<Option<&'static str>> {
    if one.state != VerificationState::Asked {
        return Ok(None);
    }
    let said = actions::messages(conn, &one.id).await?;
    let asked = said.iter().rev().find(|message| message.kind == MessageKind::Question).map(|message| message.at.day());
    Ok(due(&one.deadline_day, &asked.unwrap_or_default(), &now.day()))
}

async fn remind(s: &Services, seen: &Verification, now: Timestamp) -> Result<bool> {
    if kind_due(&mut *s.db.read().await?, seen, now).await?.is_none() {
        return Ok(false);
    }
    let mut tx = s.db.begin().await?;
    projects::actions::lock(&mut tx, &seen.project_id).await?;
    let Some(one) = store::by_id(&mut tx, &seen.id).await? else { return Ok(false) };
    let Some(kind) = kind_due(&mut tx, &one, now).await? else { return Ok(false) };
    letters::tell(&mut tx, &one, kind, &one.deadline_day, now).await?;
    tx.commit().await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reminders_come_a_week_and_a_day_before_and_when_it_has_passed() {
        let on = |today: &str| due("2026-12-20", "2026-12-01", today);
        for (today, kind) in [
            ("2026-12-12", None),
            ("2026-12-13", Some(WEEK_LEFT)),
            ("2026-12-18", Some(WEEK_LEFT)),
            ("2026-12-19", Some(DAY_LEFT)),
            ("2026-12-20", Some(DAY_LEFT)),
            ("2026-12-21", Some(OVERDUE)),
        ] {
            assert_eq!(on(today), kind, "{today}");
        }
        assert_eq!(due("2026-12-03", "2026-12-01", "2026-12-01"), None, "asked today");
        assert_eq!(due("2026-12-03", "2026-12-01", "2026-12-02"), Some(DAY_LEFT));
    }
}

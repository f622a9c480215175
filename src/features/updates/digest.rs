//! Digests: one letter that gathers what projects told, for who does not want a letter each time.
//!
//! **Nobody is told twice and nobody misses one.** When an update is published, one transaction per portion of its followers gives each
//! of them one row: a letter of its own, or an item that waits for a digest, by the choice that stands at that moment. The update's row is
//! locked, and who has the one never gets the other: also when the work stops halfway, begins again, and somebody chose anew in between.
//! From then on the row decides and the choice does not: whoever went from daily to at once finds what already waits in the next digest,
//! and a letter that waits goes out to whoever went from at once to daily. An item is given to one digest, in the transaction that queues
//! that digest's letter, and to no other.
//!
//! **When.** A digest is made after seven in the morning, Amsterdam time, of what waited at seven; a weekly one of what waited at seven on
//! Monday. The cause of the letter is that day (`2026-11-27`), or the week (`2026-W48`) when all of it is weekly, so that there is
//! one letter per person and period, ever. Late is no loss: a worker that was away on Monday makes the weekly digests on Tuesday.
//!
//! **What it says** is read when it is sent. What was withdrawn meanwhile is left out, and what somebody ended too; with nothing left the
//! letter is skipped. An item whose reader wants no mail when its digest is made is dropped.

use std::collections::{HashMap, HashSet};

use sqlx::FromRow;

use crate::features::updates::rhythm::{Reader, Rhythm};
use crate::features::updates::store::digest as store;
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::infra::{Services, letters, periodic};
use crate::values::Timestamp;

/// The kind of the letter.
pub const KIND: &str = "digest";
/// The task that makes digests, daily at this hour.
pub const TASK: &str = "digests";
const HOUR: i8 = 7;
/// People whose digests are made in one transaction.
const PEOPLE_AT_ONCE: i64 = 500;

/// An update that waits for somebody's digest.
#[derive(Debug, Clone, FromRow)]
pub struct Waiting {
    pub user_id: String,
    pub update_id: String,
    pub created_at: Timestamp,
    /// How the reader wants this project's updates now.
    pub rhythm: Rhythm,
}

/// An update in a digest that is being sent.
#[derive(Debug, Clone, FromRow)]
pub struct Gathered {
    pub user_id: String,
    pub update_id: String,
    pub project_id: String,
}

/// The moments up to which digests are made.
struct Edges {
    day: Timestamp,
    week: Timestamp,
}

impl Edges {
    fn at(now: Timestamp) -> Edges {
        Edges { day: now.last_hour(HOUR), week: now.last_monday_hour(HOUR) }
    }

    fn daily(&self) -> String {
        self.day.day()
    }

    fn weekly(&self) -> String {
        self.week.week()
    }
}

/// What somebody had already in this period.
#[derive(Debug, Clone, Copy, Default)]
struct Had {
    /// A digest since the last edge of the day.
    today: bool,
    this_week: bool,
}

/// What becomes of what waits for one person.
#[derive(Debug, PartialEq, Eq)]
struct Verdict {
    cause: String,
    taken: Vec<String>,
    /// Nobody wants them any more.
    dropped: Vec<String>,
}

/// Decides about what waited for one person at the edge of the day.
fn decide(edges: &Edges, had: Had, waiting: &[Waiting]) -> Verdict {
    let (mut taken, mut dropped, mut is_weekly) = (Vec::new(), Vec::new(), true);
    for item in waiting {
        match item.rhythm {
            Rhythm::Off => dropped.push(item.update_id.clone()),
            _ if had.today => {}
            Rhythm::Weekly => {
                if item.created_at < edges.week && !had.this_week {
                    taken.push(item.update_id.clone());
                }
            }
            Rhythm::AtOnce | Rhythm::Daily => {
                is_weekly = false;
                taken.push(item.update_id.clone());
            }
        }
    }
    Verdict { cause: if is_weekly { edges.weekly() } else { edges.daily() }, taken, dropped }
}

/// Writes down who hears of an update in a digest; answers who still gets a letter of their own. Who has a letter for it keeps that, and
/// who has an item keeps that.
pub(super) async fn share_out(tx: &mut Tx, update_id: &str, readers: &[Reader], now: Timestamp) -> Result<Vec<String>> {
    let (Some(first), Some(last)) = (readers.first(), readers.last()) else { return Ok(Vec::new()) };
    let (first, last) = (&first.user_id, &last.user_id);
    let waiting: HashSet<String> = store::holders_between(tx, update_id, first, last).await?.into_iter().collect();
    let of = |wanted: fn(Rhythm) -> bool| {
        let readers = readers.iter().filter(move |reader| wanted(reader.rhythm));
        readers.map(|reader| reader.user_id.clone())
    };
    if readers.iter().any(|reader| reader.rhythm.is_gathered()) {
        let had = letters::had_between(tx, "update", (update_id, update_id), first, last).await?;
        let had: HashSet<String> = had.into_iter().map(|had| had.user_id).collect();
        let gathered: Vec<String> = of(Rhythm::is_gathered).filter(|user| !had.contains(user)).collect();
        store::keep(tx, update_id, &gathered, now).await?;
    }
    Ok(of(|rhythm| rhythm == Rhythm::AtOnce).filter(|user| !waiting.contains(user)).collect())
}

/// Work for the task [`TASK`]: queues the digests of everybody for whom something waits, a portion of people in one transaction. It may
/// stop anywhere and begin again. Answers how many digests were queued.
pub async fn queue_due(s: &Services) -> Result<usize> {
    let (mut after, mut queued) = (String::new(), 0);
    loop {
        let now = s.clock.now();
        let edges = Edges::at(now);
        let mut tx = s.db.begin().await?;
        periodic::lock(&mut tx, TASK).await?;
        let users = store::waiting_users(&mut tx, &after, edges.day, PEOPLE_AT_ONCE).await?;
        let (Some(first), Some(last)) = (users.first(), users.last()) else { return Ok(queued) };
        queued += portion(&mut tx, &edges, first, last, now).await?;
        after.clone_from(last);
        tx.commit().await?;
    }
}

async fn portion(tx: &mut Tx, edges: &Edges, first: &str, last: &str, now: Timestamp) -> Result<usize> {
    let (daily, weekly) = (edges.daily(), edges.weekly());
    let mut had: HashMap<String, Had> = HashMap::new();
    for letter in letters::had_between(tx, KIND, (&daily, &weekly), first, last).await? {
        let one = had.entry(letter.user_id).or_default();
        one.today |= letter.cause_id == daily || letter.created_at >= edges.day;
        one.this_week |= letter.cause_id == weekly;
    }
    let waiting = store::waiting_between(tx, first, last, edges.day).await?;
    let mut receivers: HashMap<String, Vec<String>> = HashMap::new();
    for own in waiting.chunk_by(|a, b| a.user_id == b.user_id) {
        let user_id = &own[0].user_id;
        let verdict = decide(edges, had.get(user_id).copied().unwrap_or_default(), own);
        for update_id in &verdict.dropped {
            store::drop(tx, user_id, update_id).await?;
        }
        for update_id in &verdict.taken {
            store::gather(tx, user_id, update_id, &verdict.cause).await?;
        }
        if !verdict.taken.is_empty() {
            receivers.entry(verdict.cause).or_default().push(user_id.clone());
        }
    }
    for (cause, users) in &receivers {
        letters::queue_many(tx, now, KIND, cause, users).await?;
    }
    Ok(receivers.values().map(Vec::len).sum())
}

/// How many people hear of an update in a digest.
pub async fn count_of(conn: &mut Conn, update_id: &str) -> Result<i64> {
    Ok(store::count_of(conn, update_id).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges(now: &str) -> Edges {
        Edges::at(now.parse().expect("a moment"))
    }

    fn item(update: &str, at: &str, rhythm: Rhythm) -> Waiting {
        let created_at = at.parse().expect("a moment");
        Waiting { user_id: "usr_1".to_owned(), update_id: update.to_owned(), created_at, rhythm }
    }

    #[test]
    fn a_day_begins_at_seven_and_a_week_on_monday_also_where_the_year_or_the_clock_turns() {
        for (now, day, week) in [
            ("2026-11-27T06:00:00.000Z", "2026-11-27T06:00:00.000Z", "2026-11-23T06:00:00.000Z"),
            ("2026-11-27T05:59:59.999Z", "2026-11-26T06:00:00.000Z", "2026-11-23T06:00:00.000Z"),
            ("2026-11-23T05:00:00.000Z", "2026-11-22T06:00:00.000Z", "2026-11-16T06:00:00.000Z"),
            // the clock goes back on Sunday 25 October
            ("2026-10-25T05:30:00.000Z", "2026-10-24T05:00:00.000Z", "2026-10-19T05:00:00.000Z"),
            ("2026-10-26T06:00:00.000Z", "2026-10-26T06:00:00.000Z", "2026-10-26T06:00:00.000Z"),
            ("2027-01-03T12:00:00.000Z", "2027-01-03T06:00:00.000Z", "2026-12-28T06:00:00.000Z"),
        ] {
            let edges = edges(now);
            assert_eq!((edges.day.to_string().as_str(), edges.week.to_string().as_str()), (day, week), "{now}");
        }
        assert_eq!(
            (edges("2027-01-03T12:00:00.000Z").weekly(), edges("2026-11-27T12:00:00.000Z").daily()),
            ("2026-W53".to_owned(), "2026-11-27".to_owned())
        );
    }

    #[test]
    fn what_is_weekly_waits_for_monday_and_what_is_not_wanted_is_dropped() {
        let friday = edges("2026-11-27T06:00:01.000Z");
        let waiting = [
            item("upd_daily", "2026-11-26T12:00:00.000Z", Rhythm::Daily),
            item("upd_weekly", "2026-11-26T12:00:00.000Z", Rhythm::Weekly),
            item("upd_late", "2026-11-22T12:00:00.000Z", Rhythm::Weekly),
            item("upd_changed", "2026-11-26T12:00:00.000Z", Rhythm::AtOnce),
            item("upd_off", "2026-11-26T12:00:00.000Z", Rhythm::Off),
        ];
        let verdict = decide(&friday, Had::default(), &waiting);
        assert_eq!(verdict.cause, "2026-11-27");
        assert_eq!(verdict.taken, ["upd_daily", "upd_late", "upd_changed"]);
        assert_eq!(verdict.dropped, ["upd_off"]);
        let had = Had { today: false, this_week: true };
        assert_eq!(decide(&friday, had, &waiting).taken, ["upd_daily", "upd_changed"]);
        let weekly = decide(&friday, Had::default(), &waiting[1..3]);
        assert_eq!((weekly.cause.as_str(), weekly.taken), ("2026-W48", vec!["upd_late".to_owned()]));
        let today = decide(&friday, Had { today: true, this_week: false }, &waiting);
        assert!(today.taken.is_empty() && today.dropped.len() == 1);
    }
}

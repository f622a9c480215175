//! Work that happens by the clock or all the time: one list of all of it, a row for each with its switch and how its last run went.
//!
//! Staff can switch each task off and on again; every process of a database reads the switch before it begins, so it holds within
//! a tick. What was begun is finished. A task by the clock is leased by one worker; one that failed is tried again sooner.

use std::collections::HashMap;
use std::sync::Mutex;

use sqlx::FromRow;

use crate::infra::db::{Conn, Db, Tx};
use crate::infra::{Services, facts, history, random};
use crate::values::Timestamp;

/// When a task runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rhythm {
    /// A loop that looks all the time.
    Always,
    /// The jobs of the kind with the task's name; switched off, they wait.
    Jobs,
    /// Again this long after it began, in seconds.
    Every(i64),
    /// Once a day at this hour in Amsterdam.
    Daily(i8),
}

/// A task that is switched by its name. What it does stands in the texts as `task-{name}`, with dashes for dots.
#[derive(Debug, Clone, Copy)]
pub struct Task {
    pub name: &'static str,
    pub rhythm: Rhythm,
}

const fn task(name: &'static str, rhythm: Rhythm) -> Task {
    Task { name, rhythm }
}

pub const REFUNDS: &str = "refunds";
pub const LETTERS: &str = "letters";
pub const SEALING: &str = "sealing";
pub const SESSIONS: &str = "sessions";
pub const CLOSING: &str = "closing";
pub const CALENDAR: &str = "calendar";
pub const BALANCE: &str = "balance";
pub const PAYOUTS: &str = "payouts.pay";

/// What tells or pays people: off after a backup was put back, until the books were held against the world.
const OUTGOING: [&str; 5] = [REFUNDS, LETTERS, CLOSING, CALENDAR, PAYOUTS];
/// The fact that names what was switched off then, with commas.
const HALTED: &str = "sending_halted";

/// Every task. Those by the clock are carried out in `app::periodic`.
pub const TASKS: [Task; 19] = [
    task(REFUNDS, Rhythm::Always),
    task(LETTERS, Rhythm::Always),
    task(SEALING, Rhythm::Always),
    task(SESSIONS, Rhythm::Always),
    task(CLOSING, Rhythm::Always),
    task(CALENDAR, Rhythm::Always),
    task("payment.check", Rhythm::Jobs),
    task("refund.check", Rhythm::Jobs),
    task("updates.publish", Rhythm::Jobs),
    task("updates.mail", Rhythm::Jobs),
    task(PAYOUTS, Rhythm::Jobs),
    task(BALANCE, Rhythm::Every(15 * 60)),
    task("events", Rhythm::Every(60 * 60)),
    task("reconciliation", Rhythm::Daily(3)),
    task("invariants", Rhythm::Every(3_600)),
    task("forget", Rhythm::Daily(4)),
    task("measuring", Rhythm::Daily(7)),
    task("erasures", Rhythm::Every(3_600)),
    // last: it looks for what the others left lying
    task("alarms", Rhythm::Every(10 * 60)),
];

/// How long a worker may take before another may try, in seconds.
const LEASE_SECONDS: i64 = 900;
/// How often the run of a loop or of jobs is written down at most, in seconds of the system's clock.
const NOTED_SECONDS: i64 = 15;

impl Task {
    /// Whether it has a moment at which it is due.
    pub fn is_by_the_clock(&self) -> bool {
        matches!(self.rhythm, Rhythm::Every(_) | Rhythm::Daily(_))
    }

    /// When it runs next, after a run that began at `now`. After failures in a row sooner: 1, 2, 4 … minutes.
    fn next(&self, now: Timestamp, failures: i64) -> Timestamp {
        let regular = match self.rhythm {
            Rhythm::Every(seconds) => now.plus_seconds(seconds),
            Rhythm::Daily(hour) => now.next_hour(hour),
            // never due by the clock
            Rhythm::Always | Rhythm::Jobs => now.plus_days(36_500),
        };
        if failures == 0 {
            return regular;
        }
        regular.min(now.plus_seconds(60 << (failures - 1).clamp(0, 6)))
    }
}

/// The task with this name.
pub fn find(name: &str) -> Option<&'static Task> {
    TASKS.iter().find(|task| task.name == name)
}

/// How a task stands.
#[derive(Debug, Clone, FromRow)]
pub struct Standing {
    pub name: String,
    pub off_at: Option<Timestamp>,
    pub due_at: Timestamp,
    pub failures: i64,
    pub ran_at: Option<Timestamp>,
    pub took_millis: i64,
    /// `done` or `failed`; empty when it never ran.
    pub outcome: String,
    pub result: String,
}

/// A task in a worker's hands.
#[derive(Debug, Clone)]
pub struct Claimed {
    pub task: &'static Task,
    failures: i64,
    token: String,
}

/// All tasks that have a row.
pub async fn all(conn: &mut Conn) -> Result<Vec<Standing>, sqlx::Error> {
    sqlx::query_as(
        "SELECT name, off_at, due_at, failures, ran_at, took_millis, outcome, result FROM periodic_tasks ORDER BY name",
    )
    .fetch_all(conn)
    .await
}

/// Whether a task is not switched off.
pub async fn is_on(conn: &mut Conn, name: &str) -> Result<bool, sqlx::Error> {
    let off: Option<(i64,)> =
        sqlx::query_as("SELECT CAST(1 AS BIGINT) FROM periodic_tasks WHERE name = $1 AND off_at IS NOT NULL")
            .bind(name)
            .fetch_optional(conn)
            .await?;
    Ok(off.is_none())
}

/// Makes the rows of tasks that have none. A new task by the clock waits for its first moment.
pub async fn begin(db: &Db, now: Timestamp) -> Result<(), sqlx::Error> {
    let known = all(&mut *db.read().await?).await?;
    let missing: Vec<&Task> = TASKS.iter().filter(|task| !known.iter().any(|row| row.name == task.name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let mut tx = db.begin().await?;
    for task in missing {
        sqlx::query(
            "INSERT INTO periodic_tasks (name, due_at, lease_until, lease_token, failures, took_millis, outcome, result)
             VALUES ($1, $2, '', '', 0, 0, '', '') ON CONFLICT (name) DO NOTHING",
        )
        .bind(task.name)
        .bind(task.next(now, 0))
        .execute(&mut *tx)
        .await?;
    }
    tx.commit_quietly().await
}

/// Takes the tasks that are due by the clock.
pub async fn claim(db: &Db, now: Timestamp) -> Result<Vec<Claimed>, sqlx::Error> {
    let due: Vec<&Task> = {
        let rows = all(&mut *db.read().await?).await?;
        if rows.len() < TASKS.len() {
            begin(db, now).await?;
        }
        let is_due = |task: &&Task| {
            let row = rows.iter().find(|row| row.name == task.name);
            task.is_by_the_clock() && row.is_some_and(|row| row.off_at.is_none() && row.due_at <= now)
        };
        TASKS.iter().filter(is_due).collect()
    };
    let mut claimed = Vec::new();
    for task in due {
        let token = random::secret();
        let mut tx = db.begin().await?;
        let row: Option<(i64,)> = sqlx::query_as(
            "UPDATE periodic_tasks SET lease_until = $3, lease_token = $4
             WHERE name = $1 AND off_at IS NULL AND due_at <= $2 AND lease_until <= $2 RETURNING failures",
        )
        .bind(task.name)
        .bind(now)
        .bind(now.plus_seconds(LEASE_SECONDS))
        .bind(&token)
        .fetch_optional(&mut *tx)
        .await?;
        tx.commit_quietly().await?;
        if let Some((failures,)) = row {
            claimed.push(Claimed { task, failures, token });
        }
    }
    Ok(claimed)
}

/// Measures a run.
pub struct Watch {
    began: Timestamp,
    began_micros: i64,
}

impl Watch {
    pub fn start(s: &Services) -> Watch {
        Watch { began: s.clock.now(), began_micros: s.clock.unmoved_micros() }
    }

    /// `result` is what was done, or what went wrong.
    pub fn stop(self, s: &Services, result: Result<String, String>) -> Run {
        let took_millis = (s.clock.unmoved_micros() - self.began_micros).div_euclid(1_000);
        Run { began: self.began, took_millis, result }
    }
}

/// How a run went.
#[derive(Debug, Clone)]
pub struct Run {
    began: Timestamp,
    took_millis: i64,
    result: Result<String, String>,
}

impl Run {
    fn words(&self) -> (&'static str, String) {
        let (outcome, text) = match &self.result {
            Ok(text) => ("done", text),
            Err(text) => ("failed", text),
        };
        (outcome, text.chars().take(500).collect())
    }
}

/// Ends the run of a claimed task and says when it is due again.
pub async fn finish(db: &Db, claimed: &Claimed, run: &Run, now: Timestamp) -> Result<(), sqlx::Error> {
    let failures = if run.result.is_ok() { 0 } else { claimed.failures + 1 };
    let (outcome, result) = run.words();
    let mut tx = db.begin().await?;
    // asked for again while it ran: then it runs again
    sqlx::query(
        "UPDATE periodic_tasks SET lease_until = '', failures = $3, ran_at = $4, took_millis = $5, outcome = $6, result = $7,
             due_at = CASE WHEN due_at > $4 THEN due_at ELSE $8 END
         WHERE name = $1 AND lease_token = $2",
    )
    .bind(claimed.task.name)
    .bind(&claimed.token)
    .bind(failures)
    .bind(run.began)
    .bind(run.took_millis)
    .bind(outcome)
    .bind(result)
    .bind(claimed.task.next(now, failures))
    .execute(&mut *tx)
    .await?;
    tx.commit_quietly().await
}

/// Runs of loops and jobs, written down now and then: a row for each would cost more than the work.
#[derive(Debug, Default)]
pub struct Notes(Mutex<HashMap<&'static str, (i64, bool)>>);

impl Notes {
    /// Writes a run down when the last one was some seconds ago, or ended otherwise. The run is not undone because that did not
    /// work.
    pub async fn note(&self, s: &Services, name: &str, run: &Run) {
        if let Some(task) = find(name)
            && self.is_worth_it(task, run, s.clock.unmoved_micros().div_euclid(1_000_000))
            && let Err(error) = write_down(&s.db, task, run).await
        {
            tracing::warn!(task = name, %error, "a run was not written down");
        }
    }

    fn is_worth_it(&self, task: &'static Task, run: &Run, unmoved_seconds: i64) -> bool {
        let mut last = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let is_done = run.result.is_ok();
        if let Some((at, was_done)) = last.get(task.name)
            && *was_done == is_done
            && unmoved_seconds < at + NOTED_SECONDS
        {
            return false;
        }
        last.insert(task.name, (unmoved_seconds, is_done));
        true
    }
}

async fn write_down(db: &Db, task: &Task, run: &Run) -> Result<(), sqlx::Error> {
    let (outcome, result) = run.words();
    let mut tx = db.begin().await?;
    sqlx::query(
        "UPDATE periodic_tasks SET ran_at = $2, took_millis = $3, outcome = $4, result = $5,
             failures = CASE WHEN $4 = 'failed' THEN failures + 1 ELSE 0 END
         WHERE name = $1",
    )
    .bind(task.name)
    .bind(run.began)
    .bind(run.took_millis)
    .bind(outcome)
    .bind(result)
    .execute(&mut *tx)
    .await?;
    tx.commit_quietly().await
}

/// Switches a task off or on, with who did it and why. Answers whether that changed anything.
pub async fn switch(
    tx: &mut Tx,
    task: &Task,
    on: bool,
    actor: &str,
    reason: &str,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let changed =
        sqlx::query("UPDATE periodic_tasks SET off_at = $2 WHERE name = $1 AND (off_at IS NULL) <> ($2 IS NULL)")
            .bind(task.name)
            .bind((!on).then_some(now))
            .execute(&mut **tx)
            .await?
            .rows_affected();
    if changed == 0 {
        return Ok(false);
    }
    let (from, to) = if on { ("off", "on") } else { ("on", "off") };
    let entry = history::Entry { subject: "task", subject_id: task.name, from, to, actor, reason };
    history::record(tx, now, entry).await?;
    Ok(true)
}

/// Switches off what tells or pays people, because a backup was put back: the books are older than what happened.
pub async fn halt(tx: &mut Tx, now: Timestamp) -> Result<(), sqlx::Error> {
    let mut halted = Vec::new();
    for task in TASKS.iter().filter(|task| OUTGOING.contains(&task.name)) {
        if switch(tx, task, false, "restore", "", now).await? {
            halted.push(task.name);
        }
    }
    facts::set(tx, HALTED, &halted.join(",")).await
}

/// Whether sending waits for the books to be held against the world.
pub async fn is_halted(conn: &mut Conn) -> Result<bool, sqlx::Error> {
    Ok(facts::get(conn, HALTED).await?.is_some_and(|halted| !halted.is_empty()))
}

/// Switches on again what [`halt`] switched off, and nothing that staff switched off themselves.
pub async fn go_on(tx: &mut Tx, now: Timestamp) -> Result<(), sqlx::Error> {
    let halted = facts::get(tx, HALTED).await?.unwrap_or_default();
    for task in halted.split(',').filter_map(find) {
        switch(tx, task, true, "reconciliation", "", now).await?;
    }
    facts::set(tx, HALTED, "").await
}

/// Locks a task's row for the rest of the transaction: for work that must not be done twice at once.
pub async fn lock(tx: &mut Tx, name: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE periodic_tasks SET name = name WHERE name = $1").bind(name).execute(&mut **tx).await?;
    Ok(())
}

/// Makes a task by the clock due now. Answers whether it is one that can run.
pub async fn ask(tx: &mut Tx, task: &Task, now: Timestamp) -> Result<bool, sqlx::Error> {
    if !task.is_by_the_clock() {
        return Ok(false);
    }
    let asked = sqlx::query("UPDATE periodic_tasks SET due_at = $2 WHERE name = $1 AND off_at IS NULL")
        .bind(task.name)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(asked.rows_affected() == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f86_a_daily_task_runs_once_a_day_also_when_the_clock_changes() {
        let task = Task { name: "x", rhythm: Rhythm::Daily(3) };
        for (from, days) in [("2026-10-23T12:00:00.000Z", 4), ("2026-03-27T12:00:00.000Z", 4)] {
            let mut at: Timestamp = from.parse().unwrap();
            let mut seen = std::collections::BTreeSet::new();
            for _ in 0..days {
                at = task.next(at, 0);
                assert!(seen.insert(at.day()), "{at}");
                let start = Timestamp::start_of_day(&at.day()).unwrap();
                assert!((2 * 3600..=4 * 3600).contains(&(at.seconds() - start.seconds())), "{at}");
                assert!(at.show_moment(crate::values::Lang::Nl).ends_with("om 3.00 uur"), "{at}");
            }
        }
    }

    #[test]
    fn a_task_that_failed_is_tried_sooner_and_never_later_than_its_rhythm() {
        let task = Task { name: "x", rhythm: Rhythm::Every(600) };
        let now = Timestamp::from_seconds(1_800_000_000);
        let waits: Vec<i64> = (0..6).map(|failures| task.next(now, failures).seconds() - now.seconds()).collect();
        assert_eq!(waits, [600, 60, 120, 240, 480, 600]);
    }

    #[test]
    fn names_of_tasks_are_different() {
        let names: std::collections::BTreeSet<_> = TASKS.iter().map(|task| task.name).collect();
        assert_eq!(names.len(), TASKS.len());
    }
}

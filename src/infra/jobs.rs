//! Follow-up work as rows: written in the transaction that causes it, leased by a worker, deleted when done.
//!
//! A job carries a kind and one id; the work reads everything else again and may run twice without harm. Asking for the same
//! work while it runs makes it run once more. The lease's token fences off a worker that slept too long.

use sqlx::FromRow;

use crate::infra::db::{Conn, Db, Tx, bulk};
use crate::infra::random;
use crate::values::Timestamp;

/// How long a worker may take before another may try, in seconds.
const LEASE_SECONDS: i64 = 120;

/// A job in a worker's hands.
#[derive(Debug, Clone, FromRow)]
pub struct Job {
    pub id: String,
    pub kind: String,
    pub subject: String,
    pub attempts: i64,
    generation: i64,
    lease_token: String,
}

/// Asks for work on `subject` at `due`. The same work that already waits is brought forward, never doubled.
pub async fn enqueue(
    tx: &mut Tx,
    now: Timestamp,
    kind: &'static str,
    subject: &str,
    due: Timestamp,
) -> Result<(), sqlx::Error> {
    enqueue_each(tx, now, kind, &[subject], due).await
}

/// The same for each of these subjects, of which none stands twice.
pub async fn enqueue_each(
    tx: &mut Tx,
    now: Timestamp,
    kind: &'static str,
    subjects: &[&str],
    due: Timestamp,
) -> Result<(), sqlx::Error> {
    const COLUMNS: [&str; 10] = [
        "id",
        "kind",
        "subject",
        "due_at",
        "lease_until",
        "lease_token",
        "generation",
        "attempts",
        "last_error",
        "created_at",
    ];
    const AGAIN: &str = "ON CONFLICT (kind, subject) DO UPDATE SET generation = jobs.generation + 1,
        due_at = CASE WHEN jobs.due_at < excluded.due_at THEN jobs.due_at ELSE excluded.due_at END";
    let row = |subject: &&str| {
        vec![
            random::id("job", now).into(),
            kind.into(),
            (*subject).into(),
            due.to_string().into(),
            "".into(),
            "".into(),
            1.into(),
            0.into(),
            "".into(),
            now.to_string().into(),
        ]
    };
    bulk::insert_or(tx, "jobs", &COLUMNS, subjects.iter().map(row).collect(), AGAIN).await.map(|_| ())
}

/// Takes up to 50 due jobs of the kinds that are not switched off; what other workers take at the same moment is passed over.
pub async fn claim(db: &Db, now: Timestamp) -> Result<Vec<Job>, sqlx::Error> {
    let waiting: Option<(i64,)> = sqlx::query_as(
        "SELECT 1 FROM jobs WHERE due_at <= $1 AND lease_until <= $1
             AND kind NOT IN (SELECT name FROM periodic_tasks WHERE off_at IS NOT NULL) LIMIT 1",
    )
    .bind(now)
    .fetch_optional(&mut *db.read().await?)
    .await?;
    if waiting.is_none() {
        return Ok(Vec::new());
    }
    let mut tx = db.begin_together().await?;
    let statement = tx.claiming(
        "UPDATE jobs SET lease_until = $2, due_at = $2, lease_token = $3, attempts = attempts + 1
         WHERE lease_until <= $1
           AND id IN (SELECT id FROM jobs WHERE due_at <= $1 AND lease_until <= $1
                          AND kind NOT IN (SELECT name FROM periodic_tasks WHERE off_at IS NOT NULL)
                      ORDER BY due_at LIMIT 50 /* what others hold is passed over */)
         RETURNING id, kind, subject, attempts, generation, lease_token",
    );
    let jobs = sqlx::query_as(statement)
        .bind(now)
        .bind(now.plus_seconds(LEASE_SECONDS))
        .bind(random::secret())
        .fetch_all(&mut *tx)
        .await?;
    tx.commit_quietly().await?;
    Ok(jobs)
}

/// Ends a job. When the same work was asked for meanwhile, it waits for its next run instead.
pub async fn done(db: &Db, job: &Job) -> Result<(), sqlx::Error> {
    let mut tx = db.begin_together().await?;
    let ended = sqlx::query("DELETE FROM jobs WHERE id = $1 AND lease_token = $2 AND generation = $3")
        .bind(&job.id)
        .bind(&job.lease_token)
        .bind(job.generation)
        .execute(&mut *tx)
        .await?
        .rows_affected();
    if ended == 0 {
        sqlx::query("UPDATE jobs SET lease_until = '', attempts = 0 WHERE id = $1 AND lease_token = $2")
            .bind(&job.id)
            .bind(&job.lease_token)
            .execute(&mut *tx)
            .await?;
    }
    tx.commit_quietly().await
}

/// Puts a job back for `due`, with what went wrong (empty when nothing did: it only has to wait).
pub async fn later(db: &Db, job: &Job, due: Timestamp, error: &str) -> Result<(), sqlx::Error> {
    let mut tx = db.begin_together().await?;
    // asked for again while it ran: the moment that was asked for stands, unless this one is earlier
    sqlx::query(
        "UPDATE jobs SET lease_until = '', last_error = $4,
             due_at = CASE WHEN generation = $5 OR $3 < due_at THEN $3 ELSE due_at END
         WHERE id = $1 AND lease_token = $2",
    )
    .bind(&job.id)
    .bind(&job.lease_token)
    .bind(due)
    .bind(error.chars().take(500).collect::<String>())
    .bind(job.generation)
    .execute(&mut *tx)
    .await?;
    tx.commit_quietly().await
}

/// How long to wait after the `attempts`-th failure, in seconds: 2, 4, 8 … at most an hour.
pub fn backoff_seconds(attempts: i64) -> i64 {
    (1i64 << attempts.clamp(1, 12)).min(3600)
}

/// Whether this work waits or is being done.
pub async fn waits(conn: &mut Conn, kind: &str, subject: &str) -> Result<bool, sqlx::Error> {
    let row: Option<(String,)> = sqlx::query_as("SELECT id FROM jobs WHERE kind = $1 AND subject = $2")
        .bind(kind)
        .bind(subject)
        .fetch_optional(conn)
        .await?;
    Ok(row.is_some())
}

/// Jobs that failed several times, for the staff's eyes and the health check.
pub async fn stuck(db: &Db) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM jobs WHERE attempts > 5 AND last_error <> ''")
        .fetch_one(&mut *db.read().await?)
        .await?;
    Ok(count)
}

/// A job that failed at least once and waits for another try.
#[derive(Debug, Clone, FromRow)]
pub struct Troubled {
    pub kind: String,
    pub subject: String,
    pub due_at: Timestamp,
    pub attempts: i64,
    pub last_error: String,
    pub created_at: Timestamp,
}

/// The jobs that failed, those with the most attempts first.
pub async fn troubled(conn: &mut Conn, limit: i64) -> Result<Vec<Troubled>, sqlx::Error> {
    sqlx::query_as(
        "SELECT kind, subject, due_at, attempts, last_error, created_at FROM jobs WHERE last_error <> ''
         ORDER BY attempts DESC, due_at LIMIT $1",
    )
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// How many jobs wait, and since when the oldest that is due and not switched off.
pub async fn waiting(conn: &mut Conn, now: Timestamp) -> Result<(i64, Option<Timestamp>), sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM jobs").fetch_one(&mut *conn).await?;
    let oldest: Option<(Timestamp,)> = sqlx::query_as(
        "SELECT due_at FROM jobs WHERE due_at <= $1 AND lease_until <= $1
                 AND kind NOT IN (SELECT name FROM periodic_tasks WHERE off_at IS NOT NULL) ORDER BY due_at LIMIT 1",
    )
    .bind(now)
    .fetch_optional(conn)
    .await?;
    Ok((count, oldest.map(|(due_at,)| due_at)))
}

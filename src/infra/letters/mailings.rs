//! Letters to many at once: how far they are, one by one and all of the last weeks together.

use sqlx::FromRow;

use crate::infra::db::Conn;
use crate::infra::letters::{LetterState, counts_of};
use crate::infra::random;
use crate::values::Timestamp;

/// How many letters of one cause there are, by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, FromRow)]
pub struct Tally {
    pub sent: i64,
    pub queued: i64,
    /// Not wanted any more when their turn came.
    pub skipped: i64,
    pub failed: i64,
}

impl Tally {
    pub fn all(&self) -> i64 {
        self.done() + self.queued
    }

    /// Those that wait no more.
    pub fn done(&self) -> i64 {
        self.sent + self.skipped + self.failed
    }
}

/// The letters of one kind and cause.
pub async fn of(conn: &mut Conn, kind: &str, cause_id: &str) -> Result<Tally, sqlx::Error> {
    let mut tally = Tally::default();
    for (state, count) in counts_of(conn, kind, cause_id).await? {
        match state {
            LetterState::Sent => tally.sent = count,
            LetterState::Queued => tally.queued = count,
            LetterState::Skipped => tally.skipped = count,
            LetterState::Failed => tally.failed = count,
        }
    }
    Ok(tally)
}

/// A letter that went to many.
#[derive(Debug, Clone, FromRow)]
pub struct Mailing {
    pub kind: String,
    pub cause_id: String,
    pub begun_at: Timestamp,
    #[sqlx(flatten)]
    pub tally: Tally,
}

/// What was written to many since a moment, the newest first. Ids tell the time, so that older letters are not looked at.
pub async fn since(conn: &mut Conn, moment: Timestamp, limit: i64) -> Result<Vec<Mailing>, sqlx::Error> {
    sqlx::query_as(
        "SELECT kind, cause_id, MIN(created_at) AS begun_at,
             CAST(SUM(CASE WHEN state = 'sent' THEN 1 ELSE 0 END) AS BIGINT) AS sent,
             CAST(SUM(CASE WHEN state = 'queued' THEN 1 ELSE 0 END) AS BIGINT) AS queued,
             CAST(SUM(CASE WHEN state = 'skipped' THEN 1 ELSE 0 END) AS BIGINT) AS skipped,
             CAST(SUM(CASE WHEN state = 'failed' THEN 1 ELSE 0 END) AS BIGINT) AS failed
         FROM letters
         WHERE id >= $1 AND kind IN ('update', 'digest', 'tranche_told', 'results_told', 'round_extended_owner', 'round_extended_backer')
         GROUP BY kind, cause_id ORDER BY MIN(created_at) DESC, cause_id, kind LIMIT $2",
    )
    .bind(random::first_id("ltr", moment))
    .bind(limit)
    .fetch_all(conn)
    .await
}

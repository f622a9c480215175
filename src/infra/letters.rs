//! The outbox of mail: a row per person and cause, written in the transaction that causes the letter.
//!
//! The row carries ids only; the noun renders the letter from its data when it is sent. One row per kind, cause and person is
//! the rule that nobody is told twice.
//!
//! | state | what it means for the receiver |
//! | --- | --- |
//! | `queued` | will be sent at `due_at`, or is being sent while a worker holds the lease |
//! | `sent` | a mail server took it |
//! | `skipped` | no longer wanted or no longer true when its turn came |
//! | `failed` | refused for good, or too often; kept with the reason |

pub mod mailings;
mod many;
pub mod personal;

pub use many::{Had, had_between, queue_many};

use sqlx::{AssertSqlSafe, FromRow};

use crate::infra::db::bulk;
use crate::infra::db::life_cycle::step;
use crate::infra::db::{Conn, Db, Tx};
use crate::infra::{periodic, random};
use crate::values::{Lang, Timestamp};

/// Kinds of which one event causes thousands: a receipt or a sign-in code never waits behind them.
const BULK: [&str; 4] = ["update", "digest", "tranche_told", "results_told"];
/// How long a worker may hold letters before another may send them, in seconds.
pub const LEASE_SECONDS: i64 = 120;
/// How many letters a worker takes at a time.
pub const BATCH: usize = 200;
/// Letters marked as sent in one statement.
const MARKED_AT_ONCE: usize = 32;

crate::words! {
    pub enum LetterState {
        Queued = "queued",
        Sent = "sent",
        Skipped = "skipped",
        Failed = "failed",
    }
}

crate::life_cycle! {
    LetterState of "letters" by "id":
    Queued => Sent | Skipped | Failed,
    // a server took it and said later that it could not be delivered
    Sent => Failed,
}

/// A letter to be sent.
pub struct Letter<'a> {
    /// The kind chooses template and stream: `pledge_received`, `update` …
    pub kind: &'static str,
    /// What caused it: the id of a pledge, refund, update.
    pub cause_id: &'a str,
    pub user_id: &'a str,
    pub language: Lang,
    pub due: Timestamp,
    /// What only this letter says (a sign-in code); emptied when sent.
    pub secret: &'a str,
}

/// A letter whose turn has come, in a worker's hands.
#[derive(Debug, Clone, FromRow)]
pub struct Due {
    pub id: String,
    pub kind: String,
    pub cause_id: String,
    pub user_id: String,
    pub language: Lang,
    pub secret: String,
    /// This one included.
    pub attempts: i64,
    pub lease_until: Timestamp,
    pub lease_token: String,
    /// The receiver's address as known now, unless the letter goes to another.
    pub email: String,
    pub name: String,
}

/// What became of a letter that was in a worker's hands.
#[derive(Debug, Clone)]
pub enum Fate {
    Sent,
    Skipped,
    /// Refused for good.
    Failed {
        error: String,
    },
    /// Another attempt at `due`. `counted`: this one was a real attempt.
    Later {
        due: Timestamp,
        error: String,
        counted: bool,
    },
}

/// Queues a letter. The same kind to the same person for the same cause is queued once, ever.
pub async fn queue(tx: &mut Tx, now: Timestamp, letter: Letter<'_>) -> Result<(), sqlx::Error> {
    queue_each(tx, now, &[letter]).await
}

/// The same for letters that have nothing in common.
pub async fn queue_each(tx: &mut Tx, now: Timestamp, letters: &[Letter<'_>]) -> Result<(), sqlx::Error> {
    const COLUMNS: [&str; 14] = [
        "id",
        "kind",
        "cause_id",
        "user_id",
        "language",
        "state",
        "bulk",
        "due_at",
        "lease_until",
        "lease_token",
        "attempts",
        "last_error",
        "secret",
        "created_at",
    ];
    let row = |letter: &Letter<'_>| {
        vec![
            random::id("ltr", now).into(),
            letter.kind.into(),
            letter.cause_id.into(),
            letter.user_id.into(),
            letter.language.code().into(),
            LetterState::Queued.as_str().into(),
            i64::from(BULK.contains(&letter.kind)).into(),
            letter.due.to_string().into(),
            "".into(),
            "".into(),
            0.into(),
            "".into(),
            letter.secret.into(),
            now.to_string().into(),
        ]
    };
    let rows = letters.iter().map(row).collect();
    bulk::insert_or(tx, "letters", &COLUMNS, rows, "ON CONFLICT (kind, cause_id, user_id) DO NOTHING").await.map(|_| ())
}

/// Queues a letter to a user who may not be there: the same statement either way, so that time does not tell which.
pub async fn queue_if_known(tx: &mut Tx, now: Timestamp, letter: Letter<'_>) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO letters (id, kind, cause_id, user_id, language, state, bulk, due_at, lease_until, lease_token, attempts,
             last_error, secret, created_at)
         SELECT $1, $2, $3, id, $5, 'queued', 0, $6, '', '', 0, '', $7, $8 FROM users WHERE id = $4
         ON CONFLICT (kind, cause_id, user_id) DO NOTHING",
    )
    .bind(random::id("ltr", now))
    .bind(letter.kind)
    .bind(letter.cause_id)
    .bind(letter.user_id)
    .bind(letter.language)
    .bind(letter.due)
    .bind(letter.secret)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Queues a letter to another address than the user's own: one they had, or want to have.
pub async fn queue_to(tx: &mut Tx, now: Timestamp, letter: Letter<'_>, address: &str) -> Result<(), sqlx::Error> {
    let (kind, cause_id, user_id) = (letter.kind, letter.cause_id, letter.user_id);
    queue(tx, now, letter).await?;
    sqlx::query(
        "UPDATE letters SET address = $4 WHERE kind = $1 AND cause_id = $2 AND user_id = $3 AND state = 'queued'",
    )
    .bind(kind)
    .bind(cause_id)
    .bind(user_id)
    .bind(address)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// How many letters of one kind and cause there are in each state.
pub async fn counts_of(conn: &mut Conn, kind: &str, cause_id: &str) -> Result<Vec<(LetterState, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT state, COUNT(*) FROM letters WHERE kind = $1 AND cause_id = $2 GROUP BY state ORDER BY state",
    )
    .bind(kind)
    .bind(cause_id)
    .fetch_all(conn)
    .await
}

/// Takes up to [`BATCH`] due letters, bulk or not, as in `jobs::claim`.
pub async fn claim(db: &Db, now: Timestamp, bulk: bool) -> Result<Vec<Due>, sqlx::Error> {
    let waiting: Option<(i64,)> = sqlx::query_as(
        "SELECT 1 FROM letters WHERE state = 'queued' AND bulk = $2 AND due_at <= $1 AND lease_until <= $1 LIMIT 1",
    )
    .bind(now)
    .bind(i16::from(bulk))
    .fetch_optional(&mut *db.read().await?)
    .await?;
    if waiting.is_none() || !periodic::is_on(&mut *db.read().await?, periodic::LETTERS).await? {
        return Ok(Vec::new());
    }
    let mut tx = db.begin_together().await?;
    let statement = tx.claiming(
        "UPDATE letters SET lease_until = $2, lease_token = $3, attempts = attempts + 1
         WHERE lease_until <= $1
           AND id IN (SELECT id FROM letters WHERE state = 'queued' AND bulk = $4 AND due_at <= $1 AND lease_until <= $1
                      ORDER BY due_at, id LIMIT $5 /* what others hold is passed over */)
         RETURNING id, kind, cause_id, user_id, language, secret, attempts, lease_until, lease_token,
             CASE WHEN address <> '' THEN address ELSE (SELECT email FROM users WHERE users.id = letters.user_id) END AS email,
             (SELECT name FROM users WHERE users.id = letters.user_id) AS name",
    );
    let letters = sqlx::query_as(statement)
        .bind(now)
        .bind(now.plus_seconds(LEASE_SECONDS))
        .bind(random::secret())
        .bind(i16::from(bulk))
        .bind(i64::try_from(BATCH).unwrap_or(200))
        .fetch_all(&mut *tx)
        .await?;
    tx.commit_quietly().await?;
    Ok(letters)
}

/// Writes down that letters were sent. That is true whoever holds the lease now.
pub async fn mark_sent(tx: &mut Tx, now: Timestamp, ids: &[&str]) -> Result<(), sqlx::Error> {
    // one statement for each power of two, so that few of them are kept prepared
    for group in ids.chunks(MARKED_AT_ONCE) {
        let width = group.len().next_power_of_two();
        // a bare column has an index, and by that both engines would go through all that wait
        let text = format!(
            "UPDATE letters SET state = 'sent', sent_at = $1, secret = '', last_error = '', lease_until = ''
             WHERE state || '' = 'queued' AND id IN ({})",
            bulk::list(2, width)
        );
        // nothing but numbered parameters was put into the text
        let mut query = sqlx::query(AssertSqlSafe(text)).bind(now);
        for at in 0..width {
            query = query.bind(group[at.min(group.len() - 1)]);
        }
        query.execute(&mut **tx).await?;
    }
    Ok(())
}

/// Writes down what became of a letter that was not sent, which only the holder of the lease may say.
pub async fn mark(tx: &mut Tx, now: Timestamp, letter: &Due, fate: &Fate) -> Result<(), sqlx::Error> {
    match fate {
        Fate::Sent => mark_sent(tx, now, &[&letter.id]).await?,
        Fate::Skipped => end(tx, letter, LetterState::Skipped, "").await?,
        Fate::Failed { error } => end(tx, letter, LetterState::Failed, error).await?,
        Fate::Later { due, error, counted } => {
            sqlx::query(
                "UPDATE letters SET due_at = $3, last_error = $4, attempts = attempts - $5, lease_until = ''
                 WHERE id = $1 AND lease_token = $2 AND state = 'queued'",
            )
            .bind(&letter.id)
            .bind(&letter.lease_token)
            .bind(*due)
            .bind(short(error))
            .bind(i64::from(!counted))
            .execute(&mut **tx)
            .await?;
        }
    }
    Ok(())
}

async fn end(tx: &mut Tx, letter: &Due, state: LetterState, error: &str) -> Result<(), sqlx::Error> {
    let ended = sqlx::query(
        "UPDATE letters SET last_error = $3, secret = '', lease_until = ''
         WHERE id = $1 AND lease_token = $2 AND state = 'queued'",
    )
    .bind(&letter.id)
    .bind(&letter.lease_token)
    .bind(short(error))
    .execute(&mut **tx)
    .await?;
    if ended.rows_affected() == 1 {
        step(tx, &letter.id, LetterState::Queued, state).await?;
    }
    Ok(())
}

/// Who a letter goes to, and the address as that is known now.
#[derive(Debug, Clone, FromRow)]
pub struct Receiver {
    pub user_id: String,
    pub email: String,
    /// 1: it went to another address than the user's own.
    pub elsewhere: i16,
}

/// The receiver of the letter of this id.
pub async fn receiver(conn: &mut Conn, id: &str) -> Result<Option<Receiver>, sqlx::Error> {
    sqlx::query_as(
        "SELECT l.user_id, CASE WHEN l.address <> '' THEN l.address ELSE u.email END AS email,
             CAST(CASE WHEN l.address <> '' THEN 1 ELSE 0 END AS SMALLINT) AS elsewhere
         FROM letters l JOIN users u ON u.id = l.user_id WHERE l.id = $1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await
}

/// Writes down that a letter which had left could not be delivered. Whether it was news.
pub async fn returned(tx: &mut Tx, id: &str, why: &str) -> Result<bool, sqlx::Error> {
    if !step(tx, id, LetterState::Sent, LetterState::Failed).await? {
        return Ok(false);
    }
    sqlx::query("UPDATE letters SET last_error = $2 WHERE id = $1")
        .bind(id)
        .bind(short(why))
        .execute(&mut **tx)
        .await?;
    Ok(true)
}

fn short(error: &str) -> String {
    error.chars().filter(|c| !c.is_control()).take(500).collect()
}

/// A letter as the pages that list letters show it.
#[derive(Debug, Clone, FromRow)]
pub struct Listed {
    pub id: String,
    pub kind: String,
    pub state: LetterState,
    pub language: Lang,
    pub email: String,
    pub attempts: i64,
    pub last_error: String,
    pub created_at: Timestamp,
    pub sent_at: Option<Timestamp>,
}

/// The newest letters of all.
pub async fn newest(conn: &mut Conn, limit: i64) -> Result<Vec<Listed>, sqlx::Error> {
    sqlx::query_as(
        "SELECT l.id, l.kind, l.state, l.language, CASE WHEN l.address <> '' THEN l.address ELSE u.email END AS email,
             l.attempts, l.last_error, l.created_at, l.sent_at
         FROM letters l JOIN users u ON u.id = l.user_id ORDER BY l.id DESC LIMIT $1",
    )
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// The newest letters to one person.
pub async fn of_user(conn: &mut Conn, user_id: &str, limit: i64) -> Result<Vec<Listed>, sqlx::Error> {
    sqlx::query_as(
        "SELECT l.id, l.kind, l.state, l.language, CASE WHEN l.address <> '' THEN l.address ELSE u.email END AS email,
             l.attempts, l.last_error, l.created_at, l.sent_at
         FROM letters l JOIN users u ON u.id = l.user_id WHERE l.user_id = $1 ORDER BY l.id DESC LIMIT $2",
    )
    .bind(user_id)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// How many letters of one lane are due and wait, and since when the one that waits longest.
pub async fn waiting(conn: &mut Conn, now: Timestamp, bulk: bool) -> Result<(i64, Option<Timestamp>), sqlx::Error> {
    sqlx::query_as("SELECT COUNT(*), MIN(due_at) FROM letters WHERE state = 'queued' AND bulk = $2 AND due_at <= $1")
        .bind(now)
        .bind(i16::from(bulk))
        .fetch_one(conn)
        .await
}

/// How many letters could not be sent.
pub async fn failed(conn: &mut Conn) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) =
        sqlx::query_as("SELECT COUNT(*) FROM letters WHERE state = 'failed'").fetch_one(conn).await?;
    Ok(count)
}

/// How many letters there are in each state, for staff and the health check.
pub async fn counts(conn: &mut Conn) -> Result<Vec<(LetterState, i64)>, sqlx::Error> {
    sqlx::query_as("SELECT state, COUNT(*) FROM letters GROUP BY state ORDER BY state").fetch_all(conn).await
}

/// One letter, whatever its state, as it would be rendered now. Its secret is gone once it was sent.
pub async fn find(conn: &mut Conn, id: &str) -> Result<Option<Due>, sqlx::Error> {
    sqlx::query_as(
        "SELECT l.id, l.kind, l.cause_id, l.user_id, l.language, l.secret, l.attempts, l.created_at AS lease_until,
             l.lease_token, CASE WHEN l.address <> '' THEN l.address ELSE u.email END AS email, u.name
         FROM letters l JOIN users u ON u.id = l.user_id WHERE l.id = $1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await
}

/// Marks the waiting letters written before a moment as not to be sent, with the reason: for demo data, whose past is made up and
/// whose people do not exist.
pub async fn skip_waiting(tx: &mut Tx, before: Timestamp, reason: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE letters SET state = 'skipped', last_error = $1 WHERE state = 'queued' AND created_at < $2")
        .bind(reason)
        .bind(before)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

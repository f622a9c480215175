//! One letter to many people: the rows of all of them in few statements, and who has a row already.

use sqlx::{AssertSqlSafe, FromRow};

use crate::infra::db::{Conn, Tx, bulk};
use crate::infra::letters::BULK;
use crate::infra::random;
use crate::values::Timestamp;

/// Rows written in one statement. Names of parameters are looked up one by one, so that more of them would not be faster.
const ROWS_AT_ONCE: usize = 200;

/// Queues the same letter for many, in each one's own language. Ids follow the order of the users, so that one lease holds users
/// that stand beside each other. Who has it already gets no second one.
///
/// # Errors
/// The database.
pub async fn queue_many(
    tx: &mut Tx,
    now: Timestamp,
    kind: &'static str,
    cause_id: &str,
    user_ids: &[String],
) -> Result<(), sqlx::Error> {
    let mut ids: Vec<String> = user_ids.iter().map(|_| random::id("ltr", now)).collect();
    ids.sort_unstable();
    let rows: Vec<(&String, &String)> = ids.iter().zip(user_ids).collect();
    for chunk in rows.chunks(ROWS_AT_ONCE) {
        // both engines call the columns of such a list column1 and column2; SQLite asks for a condition before ON CONFLICT
        let text = format!(
            "INSERT INTO letters (id, kind, cause_id, user_id, language, state, bulk, due_at, lease_until, lease_token,
                 attempts, last_error, secret, created_at)
             SELECT v.column1, $1, $2, v.column2, u.language, 'queued', CAST($3 AS SMALLINT), $4, '', '', 0, '', '', $4
             FROM (VALUES {}) AS v JOIN users u ON u.id = v.column2 WHERE u.id = v.column2
             ON CONFLICT (kind, cause_id, user_id) DO NOTHING",
            bulk::places(5, chunk.len(), 2)
        );
        // nothing but numbered parameters was put into the text
        let mut query = sqlx::query(AssertSqlSafe(text)).bind(kind).bind(cause_id);
        query = query.bind(i16::from(BULK.contains(&kind))).bind(now);
        for (id, user_id) in chunk {
            query = query.bind(id.as_str()).bind(user_id.as_str());
        }
        // a full list comes again and again and is worth keeping prepared
        query.persistent(chunk.len() == ROWS_AT_ONCE || chunk.len() == 1).execute(&mut **tx).await?;
    }
    Ok(())
}

/// That somebody has a letter.
#[derive(Debug, Clone, FromRow)]
pub struct Had {
    pub user_id: String,
    pub cause_id: String,
    pub created_at: Timestamp,
}

/// Which of the users from `first` to `last` have a letter of this kind for one of two causes, whatever became of it.
///
/// # Errors
/// The database.
pub async fn had_between(
    conn: &mut Conn,
    kind: &str,
    causes: (&str, &str),
    first: &str,
    last: &str,
) -> Result<Vec<Had>, sqlx::Error> {
    sqlx::query_as(
        "SELECT user_id, cause_id, created_at FROM letters
         WHERE kind = $1 AND cause_id IN ($2, $3) AND user_id >= $4 AND user_id <= $5",
    )
    .bind(kind)
    .bind(causes.0)
    .bind(causes.1)
    .bind(first)
    .bind(last)
    .fetch_all(conn)
    .await
}

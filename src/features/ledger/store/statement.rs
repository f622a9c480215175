//! SQL of account statements and of the trial balance. Periods are of the moment of recording, which never changes afterwards.

use sqlx::FromRow;

use crate::infra::db::Conn;
use crate::values::{Cents, Timestamp};

/// A line of an account.
#[derive(Debug, Clone, FromRow)]
pub struct Line {
    pub transaction_id: String,
    pub position: i64,
    pub kind: String,
    pub cause_id: String,
    pub occurred_at: Timestamp,
    pub recorded_at: Timestamp,
    /// Debits positive.
    #[sqlx(rename = "amount_cents")]
    pub amount: Cents,
    pub pledge_id: Option<String>,
    /// Of the pledge it is about; may be empty.
    pub reference: String,
}

pub async fn balance_before(conn: &mut Conn, account: &str, before: Timestamp) -> Result<Cents, sqlx::Error> {
    let (sum,): (Cents,) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(e.amount_cents), 0) AS BIGINT)
         FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
         WHERE e.account = $1 AND t.recorded_at < $2",
    )
    .bind(account)
    .bind(before)
    .fetch_one(conn)
    .await?;
    Ok(sum)
}

/// Lines of an account in `from..before` that follow the line `after` (moment, transaction, position), in the order of recording.
pub async fn lines(
    conn: &mut Conn,
    account: &str,
    from: Timestamp,
    before: Timestamp,
    after: (&str, &str, i64),
    limit: i64,
) -> Result<Vec<Line>, sqlx::Error> {
    sqlx::query_as(
        "SELECT e.transaction_id, e.position, t.kind, t.cause_id, t.occurred_at, t.recorded_at, e.amount_cents, e.pledge_id,
             COALESCE(p.reference, '') AS reference
         FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
             LEFT JOIN pledges p ON p.id = e.pledge_id
         WHERE e.account = $1 AND t.recorded_at >= $2 AND t.recorded_at < $3
             AND (t.recorded_at > $4 OR (t.recorded_at = $4 AND (t.id > $5 OR (t.id = $5 AND e.position > $6))))
         ORDER BY t.recorded_at, t.id, e.position LIMIT $7",
    )
    .bind(account)
    .bind(from)
    .bind(before)
    .bind(after.0)
    .bind(after.1)
    .bind(after.2)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// The lines on other accounts of the transactions of an account recorded in `from..=to`: transaction, pledge, account.
pub async fn opposite(
    conn: &mut Conn,
    account: &str,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<(String, Option<String>, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT DISTINCT o.transaction_id, o.pledge_id, o.account FROM ledger_entries o
         WHERE o.account <> $1 AND o.transaction_id IN (
             SELECT e.transaction_id FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
             WHERE e.account = $1 AND t.recorded_at >= $2 AND t.recorded_at <= $3)",
    )
    .bind(account)
    .bind(from)
    .bind(to)
    .fetch_all(conn)
    .await
}

/// Of each account: its code, the balance before the period, the debits and the credits in it.
pub async fn turnover(
    conn: &mut Conn,
    from: Timestamp,
    before: Timestamp,
) -> Result<Vec<(String, Cents, Cents, Cents)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT e.account,
             CAST(COALESCE(SUM(CASE WHEN t.recorded_at < $1 THEN e.amount_cents ELSE 0 END), 0) AS BIGINT),
             CAST(COALESCE(SUM(CASE WHEN t.recorded_at >= $1 AND e.amount_cents > 0 THEN e.amount_cents ELSE 0 END), 0) AS BIGINT),
             CAST(COALESCE(SUM(CASE WHEN t.recorded_at >= $1 AND e.amount_cents < 0 THEN -e.amount_cents ELSE 0 END), 0) AS BIGINT)
         FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
         WHERE t.recorded_at < $2 GROUP BY e.account ORDER BY e.account",
    )
    .bind(from)
    .bind(before)
    .fetch_all(conn)
    .await
}

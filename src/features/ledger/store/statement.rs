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
        "SELECT e.transaction_id, e.position, t.kind, t.cause_id, t.occurred_at, t.recorded_at, e.amount_cents,
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

/// What stands opposite the lines of an account recorded in `from..=to`: transaction, position of the line, other account. In a
/// transaction about many pledges only what is of the same pledge, or of none, stands opposite.
pub async fn counter_accounts(
    conn: &mut Conn,
    account: &str,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<(String, i64, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT DISTINCT e.transaction_id, e.position, o.account
         FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
             JOIN ledger_entries o ON o.transaction_id = e.transaction_id AND o.account <> e.account
                 AND (o.pledge_id = e.pledge_id OR o.pledge_id IS NULL OR e.pledge_id IS NULL)
         WHERE e.account = $1 AND t.recorded_at >= $2 AND t.recorded_at <= $3
         ORDER BY e.transaction_id, e.position, o.account",
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

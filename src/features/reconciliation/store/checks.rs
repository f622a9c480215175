//! Questions of the invariants that go over the tables of several nouns.

use crate::infra::db::Conn;

pub type Ids = Vec<(String,)>;

/// Payments that wait for news and that nobody will look at again.
pub async fn forgotten_payments(conn: &mut Conn) -> Result<Ids, sqlx::Error> {
    sqlx::query_as(
        "SELECT p.id FROM payments p LEFT JOIN jobs j ON j.kind = 'payment.check' AND j.subject = p.id
         WHERE p.state IN ('created', 'open', 'processing') AND j.id IS NULL",
    )
    .fetch_all(conn)
    .await
}

/// Payments that wait for news.
pub async fn waiting_payments(conn: &mut Conn) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) =
        sqlx::query_as("SELECT COUNT(*) FROM payments WHERE state IN ('created', 'open', 'processing')")
            .fetch_one(conn)
            .await?;
    Ok(count)
}

/// Letters that somebody has twice for one cause, letters sent at no moment, and refunds that arrived without a word about it.
pub async fn letters_apart(conn: &mut Conn) -> Result<Ids, sqlx::Error> {
    sqlx::query_as(
        "SELECT MIN(id) FROM letters GROUP BY kind, cause_id, user_id HAVING COUNT(*) > 1
         UNION ALL
         SELECT id FROM letters WHERE state = 'sent' AND sent_at IS NULL
         UNION ALL
         SELECT r.id FROM refunds r JOIN pledges p ON p.id = r.pledge_id
             LEFT JOIN letters l ON l.kind = 'refund_sent' AND l.cause_id = r.id
         WHERE r.state = 'succeeded' AND p.state = 'refunded' AND l.id IS NULL
             AND r.cause IN ('round_failed', 'cancelled', 'late')",
    )
    .fetch_all(conn)
    .await
}

pub async fn count_letters(conn: &mut Conn) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM letters").fetch_one(conn).await?;
    Ok(count)
}

/// The links of the chain: how many, the last number, and how many different transactions they hold.
pub async fn sequence(conn: &mut Conn) -> Result<(i64, i64, i64), sqlx::Error> {
    sqlx::query_as("SELECT COUNT(*), COALESCE(MAX(seq), 0), COUNT(DISTINCT transaction_id) FROM ledger_chain")
        .fetch_one(conn)
        .await
}

/// Transactions that stand neither in the chain nor among those that wait for it, or in both.
pub async fn out_of_sequence(conn: &mut Conn) -> Result<Ids, sqlx::Error> {
    sqlx::query_as(
        "SELECT t.id FROM ledger_transactions t
             LEFT JOIN ledger_chain c ON c.transaction_id = t.id
             LEFT JOIN ledger_unsealed u ON u.transaction_id = t.id
         WHERE (c.transaction_id IS NULL) = (u.transaction_id IS NULL)",
    )
    .fetch_all(conn)
    .await
}

/// Lines of the books whose account names a person: forgetting somebody must change no amount.
pub async fn lines_of_people(conn: &mut Conn) -> Result<Ids, sqlx::Error> {
    sqlx::query_as(
        "SELECT transaction_id FROM ledger_entries WHERE account LIKE '%:usr%' OR account LIKE '%@%'
         UNION ALL
         SELECT e.transaction_id FROM ledger_entries e LEFT JOIN pledges p ON p.id = e.pledge_id
         WHERE e.pledge_id IS NOT NULL AND p.id IS NULL",
    )
    .fetch_all(conn)
    .await
}

pub async fn count_entries(conn: &mut Conn) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM ledger_entries").fetch_one(conn).await?;
    Ok(count)
}

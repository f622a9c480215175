//! SQL of the mirror of the provider's balance.

use sqlx::FromRow;

use crate::features::payments::balance::MirrorLine;
use crate::infra::db::{Conn, Tx};
use crate::infra::stripe::{ProviderPayout, ProviderTransaction};
use crate::values::{Cents, Timestamp};

/// A row of the mirror.
#[derive(Debug, Clone, FromRow)]
pub struct Mirrored {
    pub id: String,
    pub category: String,
    #[sqlx(rename = "amount_cents")]
    pub amount: Cents,
    #[sqlx(rename = "fee_cents")]
    pub fee: Cents,
    #[sqlx(rename = "net_cents")]
    pub net: Cents,
    pub currency: String,
    pub source_id: String,
    pub intent_id: String,
    pub our_id: String,
    pub created_at: Timestamp,
}

/// Locks the mirror for the rest of the transaction, and answers until when it was read; empty before the first time.
pub async fn lock_sweep(tx: &mut Tx) -> Result<String, sqlx::Error> {
    let (value,): (String,) =
        sqlx::query_as("UPDATE facts SET value = value WHERE name = 'balance_sweep' RETURNING value")
            .fetch_one(&mut **tx)
            .await?;
    Ok(value)
}

/// Keeps a balance transaction; answers `false` when it is known.
pub async fn mirror(tx: &mut Tx, row: &ProviderTransaction) -> Result<bool, sqlx::Error> {
    let kept = sqlx::query(
        "INSERT INTO balance_transactions (id, type, category, amount_cents, fee_cents, net_cents, currency, source_id,
             intent_id, our_id, created_at, available_at, state, matched_kind, matched_id, posting_key, fee_key)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'pending', '', '', '', '') ON CONFLICT (id) DO NOTHING",
    )
    .bind(&row.id)
    .bind(&row.kind)
    .bind(&row.category)
    .bind(row.amount)
    .bind(row.fee)
    .bind(row.net)
    .bind(&row.currency)
    .bind(&row.source.id)
    .bind(&row.source.intent_id)
    .bind(&row.source.our_id)
    .bind(row.created_at)
    .bind(row.available_at)
    .execute(&mut **tx)
    .await?;
    Ok(kept.rows_affected() == 1)
}

/// Rows that nothing explains yet, in the order they happened, beyond a place in that order.
pub async fn unexplained(conn: &mut Conn, beyond: &(String, String), limit: i64) -> Result<Vec<Mirrored>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, category, amount_cents, fee_cents, net_cents, currency, source_id, intent_id, our_id, created_at
         FROM balance_transactions
         WHERE posted_at IS NULL AND (created_at > $1 OR (created_at = $1 AND id > $2))
         ORDER BY created_at, id LIMIT $3",
    )
    .bind(&beyond.0)
    .bind(&beyond.1)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// Says what explains a row; answers whether nothing did before.
pub async fn explain(
    tx: &mut Tx,
    id: &str,
    matched: (&str, &str),
    keys: (&str, &str),
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let explained = sqlx::query(
        "UPDATE balance_transactions SET matched_kind = $2, matched_id = $3, posting_key = $4, fee_key = $5, posted_at = $6
         WHERE id = $1 AND posted_at IS NULL",
    )
    .bind(id)
    .bind(matched.0)
    .bind(matched.1)
    .bind(keys.0)
    .bind(keys.1)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(explained.rows_affected() == 1)
}

/// Explained rows that have become available: id, whether the books have them as pending, net.
pub async fn to_settle(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<(String, i64, Cents)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, CASE WHEN matched_kind = 'payment' OR (matched_kind = 'unknown' AND category = 'charge') THEN 1 ELSE 0 END,
             net_cents FROM balance_transactions
         WHERE state = 'pending' AND available_at <= $1 AND posted_at IS NOT NULL ORDER BY id LIMIT $2",
    )
    .bind(now)
    .bind(limit)
    .fetch_all(&mut **tx)
    .await
}

/// A row is available in the books too; answers whether it was pending.
pub async fn set_available(tx: &mut Tx, id: &str) -> Result<bool, sqlx::Error> {
    let set = sqlx::query("UPDATE balance_transactions SET state = 'available' WHERE id = $1 AND state = 'pending'")
        .bind(id)
        .execute(&mut **tx)
        .await?;
    Ok(set.rows_affected() == 1)
}

/// Explained rows for checking: id, key of the posting, key of the fee's posting, net, whether the books have it as pending.
pub async fn explained(conn: &mut Conn) -> Result<Vec<(String, String, String, Cents, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, posting_key, fee_key, net_cents, CASE WHEN state = 'pending' AND
             (matched_kind = 'payment' OR (matched_kind = 'unknown' AND category = 'charge')) THEN 1 ELSE 0 END
         FROM balance_transactions WHERE posted_at IS NOT NULL AND posting_key <> ''",
    )
    .fetch_all(conn)
    .await
}

/// Keeps a payout as the provider has it now; a failed one stays failed.
pub async fn keep_payout(tx: &mut Tx, payout: &ProviderPayout, state: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO provider_payouts (id, amount_cents, state, failure, created_at, arrives_at, trace_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (id) DO UPDATE SET state = excluded.state, failure = excluded.failure,
             arrives_at = excluded.arrives_at, trace_id = excluded.trace_id WHERE provider_payouts.state <> 'failed'",
    )
    .bind(&payout.id)
    .bind(payout.amount)
    .bind(state)
    .bind(&payout.failure)
    .bind(payout.created_at)
    .bind(payout.arrives_at)
    .bind(&payout.trace_id)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Payouts made since this moment, the oldest first: id, what the bank calls it, amount, whether a line of the bank may be it.
pub async fn payouts_since(
    conn: &mut Conn,
    since: Timestamp,
) -> Result<Vec<(String, String, Cents, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, trace_id, amount_cents, CASE WHEN line_id IS NULL AND state <> 'failed' THEN 1 ELSE 0 END
         FROM provider_payouts WHERE created_at >= $1 ORDER BY arrives_at, id",
    )
    .bind(since)
    .fetch_all(conn)
    .await
}

/// A line of the bank shows a payout; answers whether none did before.
pub async fn payout_arrived(tx: &mut Tx, id: &str, line_id: &str) -> Result<bool, sqlx::Error> {
    let arrived = sqlx::query("UPDATE provider_payouts SET line_id = $2 WHERE id = $1 AND line_id IS NULL")
        .bind(id)
        .bind(line_id)
        .execute(&mut **tx)
        .await?;
    Ok(arrived.rows_affected() == 1)
}

pub async fn lines_between(conn: &mut Conn, from: Timestamp, until: Timestamp) -> Result<Vec<MirrorLine>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, category, net_cents, matched_kind, posting_key, fee_key FROM balance_transactions
         WHERE currency = 'eur' AND created_at >= $1 AND created_at < $2 ORDER BY created_at, id",
    )
    .bind(from)
    .bind(until)
    .fetch_all(conn)
    .await
}

/// Keys of the postings that lines name: of the amount and of the fee.
pub async fn keys(conn: &mut Conn) -> Result<Vec<(String, String)>, sqlx::Error> {
    sqlx::query_as("SELECT posting_key, fee_key FROM balance_transactions WHERE posting_key <> ''")
        .fetch_all(conn)
        .await
}

pub async fn unposted(conn: &mut Conn) -> Result<Cents, sqlx::Error> {
    let (sum,): (Cents,) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(net_cents), 0) AS BIGINT) FROM balance_transactions
         WHERE posting_key = '' AND currency = 'eur'",
    )
    .fetch_one(conn)
    .await?;
    Ok(sum)
}

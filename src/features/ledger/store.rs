//! SQL of the ledger.

pub mod statement;

use std::collections::HashMap;

use sqlx::FromRow;

use crate::features::ledger::{AtBank, AtProvider, Posting};
use crate::infra::db::bulk::{self, Value};
use crate::infra::db::{Conn, Tx};
use crate::values::{Cents, Timestamp};

#[derive(Debug, FromRow)]
pub struct Head {
    pub id: String,
    pub kind: String,
    pub idem_key: String,
    pub occurred_at: Timestamp,
    pub recorded_at: Timestamp,
    pub actor: String,
    pub cause_id: String,
}

#[derive(Debug, FromRow)]
pub struct Entry {
    pub position: i64,
    pub account: String,
    pub amount_cents: Cents,
    pub pledge_id: Option<String>,
}

/// A line with the transaction it belongs to.
#[derive(FromRow)]
struct Lined {
    transaction_id: String,
    #[sqlx(flatten)]
    entry: Entry,
}

pub async fn is_posted(conn: &mut Conn, idem_key: &str) -> Result<bool, sqlx::Error> {
    let row: Option<(i64,)> = sqlx::query_as("SELECT 1 FROM ledger_transactions WHERE idem_key = $1")
        .bind(idem_key)
        .fetch_optional(conn)
        .await?;
    Ok(row.is_some())
}

pub async fn at_provider(conn: &mut Conn) -> Result<Vec<AtProvider>, sqlx::Error> {
    sqlx::query_as(
        "SELECT t.idem_key, t.kind, t.cause_id, t.actor, t.recorded_at,
             CAST(SUM(CASE WHEN e.account = 'psp_pending' THEN e.amount_cents ELSE 0 END) AS BIGINT) AS pending_cents,
             CAST(SUM(CASE WHEN e.account = 'psp_available' THEN e.amount_cents ELSE 0 END) AS BIGINT) AS available_cents
         FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
         WHERE e.account IN ('psp_pending', 'psp_available')
         GROUP BY t.idem_key, t.kind, t.cause_id, t.actor, t.recorded_at",
    )
    .fetch_all(conn)
    .await
}

/// Postings under their ids. Lines first, heads last: a head's trigger sums its lines.
pub async fn insert(tx: &mut Tx, postings: &[(String, &Posting)], now: Timestamp) -> Result<(), sqlx::Error> {
    const LINES: [&str; 5] = ["transaction_id", "position", "account", "amount_cents", "pledge_id"];
    const HEADS: [&str; 7] = ["id", "kind", "idem_key", "occurred_at", "recorded_at", "actor", "cause_id"];
    let (mut lines, mut heads, mut unsealed) = (vec![], vec![], vec![]);
    for (id, posting) in postings {
        lines.extend((1i64..).zip(&posting.lines).map(|(position, line)| {
            let pledge = line.pledge_id.as_deref().map_or(Value::Nothing, Value::from);
            vec![id.as_str().into(), position.into(), line.account.as_str().into(), line.amount.0.into(), pledge]
        }));
        heads.push(vec![
            id.as_str().into(),
            posting.kind.as_str().into(),
            posting.idem_key.as_str().into(),
            posting.occurred_at.to_string().into(),
            now.to_string().into(),
            posting.actor.as_str().into(),
            posting.cause_id.as_str().into(),
        ]);
        unsealed.push(vec![id.as_str().into()]);
    }
    bulk::insert(tx, "ledger_entries", &LINES, lines).await?;
    bulk::insert(tx, "ledger_transactions", &HEADS, heads).await?;
    bulk::insert(tx, "ledger_unsealed", &["transaction_id"], unsealed).await
}

/// Adds to the balances of accounts in one slot, in the order in which they are given.
pub async fn add_to_balances(tx: &mut Tx, slot: i64, sums: &[(&str, Cents)]) -> Result<(), sqlx::Error> {
    const COLUMNS: [&str; 3] = ["account", "slot", "amount_cents"];
    const ADD: &str =
        "ON CONFLICT (account, slot) DO UPDATE SET amount_cents = ledger_balances.amount_cents + excluded.amount_cents";
    let rows = sums.iter().map(|(account, sum)| vec![(*account).into(), slot.into(), sum.0.into()]).collect();
    bulk::insert_or(tx, "ledger_balances", &COLUMNS, rows, ADD).await.map(|_| ())
}

pub async fn balance(conn: &mut Conn, account: &str) -> Result<Cents, sqlx::Error> {
    let (sum,): (Cents,) =
        sqlx::query_as("SELECT CAST(COALESCE(SUM(amount_cents), 0) AS BIGINT) FROM ledger_balances WHERE account = $1")
            .bind(account)
            .fetch_one(conn)
            .await?;
    Ok(sum)
}

/// Balances of all accounts whose code begins with `prefix`.
pub async fn balances(conn: &mut Conn, prefix: &str) -> Result<Vec<(String, Cents)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT account, CAST(SUM(amount_cents) AS BIGINT) FROM ledger_balances
         WHERE account LIKE $1 GROUP BY account",
    )
    .bind(format!("{prefix}%"))
    .fetch_all(conn)
    .await
}

pub async fn at_bank(conn: &mut Conn) -> Result<Vec<AtBank>, sqlx::Error> {
    sqlx::query_as(
        "SELECT t.idem_key, t.cause_id, t.recorded_at, CAST(SUM(e.amount_cents) AS BIGINT) AS amount_cents
         FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
         WHERE e.account = 'bank' GROUP BY t.id, t.idem_key, t.cause_id, t.recorded_at ORDER BY t.id",
    )
    .fetch_all(conn)
    .await
}

pub async fn is_known(conn: &mut Conn, account: &str) -> Result<bool, sqlx::Error> {
    let row: Option<(String,)> = sqlx::query_as("SELECT account FROM ledger_entries WHERE account = $1 LIMIT 1")
        .bind(account)
        .fetch_optional(conn)
        .await?;
    Ok(row.is_some())
}

pub async fn suspense_by_cause(conn: &mut Conn) -> Result<Vec<(String, Cents)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT t.cause_id, CAST(SUM(e.amount_cents) AS BIGINT)
         FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
         WHERE e.account = 'suspense' GROUP BY t.cause_id HAVING SUM(e.amount_cents) <> 0",
    )
    .fetch_all(conn)
    .await
}

pub async fn suspense_of(conn: &mut Conn, cause_id: &str) -> Result<Cents, sqlx::Error> {
    let (sum,): (Cents,) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(e.amount_cents), 0) AS BIGINT)
         FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
         WHERE e.account = 'suspense' AND t.cause_id = $1",
    )
    .bind(cause_id)
    .fetch_one(conn)
    .await?;
    Ok(sum)
}

/// Sums per account of one pledge.
pub async fn of_pledge(conn: &mut Conn, pledge_id: &str) -> Result<Vec<(String, Cents)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT account, CAST(SUM(amount_cents) AS BIGINT) FROM ledger_entries WHERE pledge_id = $1 GROUP BY account",
    )
    .bind(pledge_id)
    .fetch_all(conn)
    .await
}

/// Sums of the accounts whose code begins with `prefix`, by kind of posting.
pub async fn by_kind(conn: &mut Conn, prefix: &str) -> Result<Vec<(String, String, Cents)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT e.account, t.kind, CAST(SUM(e.amount_cents) AS BIGINT)
         FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
         WHERE e.account LIKE $1 GROUP BY e.account, t.kind",
    )
    .bind(format!("{prefix}%"))
    .fetch_all(conn)
    .await
}

/// Movements of an account per hour and kind, in the same shape as [`hours`].
pub async fn hours_of(conn: &mut Conn, account: &str) -> Result<Vec<(String, String, String, Cents)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT substr(t.occurred_at, 1, 13), t.kind, e.account, CAST(SUM(e.amount_cents) AS BIGINT)
         FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
         WHERE e.account = $1 GROUP BY substr(t.occurred_at, 1, 13), t.kind, e.account ORDER BY 1, 2",
    )
    .bind(account)
    .fetch_all(conn)
    .await
}

/// Movements of accounts per hour and kind: hour (UTC), kind, account, sum. With the fees of the first one's pledges, and what of the
/// fourth went to the platform.
pub async fn hours(
    conn: &mut Conn,
    accounts: [String; 4],
) -> Result<Vec<(String, String, String, Cents)>, sqlx::Error> {
    let [first, second, third, fourth] = accounts;
    sqlx::query_as(
        "SELECT substr(t.occurred_at, 1, 13), t.kind, e.account, CAST(SUM(e.amount_cents) AS BIGINT)
         FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
         WHERE e.account IN ($1, $2, $3, $4)
             OR (e.account = 'psp_fees'
                 AND e.pledge_id IN (SELECT h.pledge_id FROM ledger_entries h WHERE h.account = $1))
             OR (e.account = 'platform_fees'
                 AND e.transaction_id IN (SELECT p.transaction_id FROM ledger_entries p WHERE p.account = $4))
         GROUP BY substr(t.occurred_at, 1, 13), t.kind, e.account ORDER BY 1, 2, 3",
    )
    .bind(first)
    .bind(second)
    .bind(third)
    .bind(fourth)
    .fetch_all(conn)
    .await
}

pub async fn lock_chain(tx: &mut Tx) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE facts SET value = value WHERE name = 'ledger_chain'").execute(&mut **tx).await?;
    Ok(())
}

pub async fn has_unsealed(conn: &mut Conn) -> Result<bool, sqlx::Error> {
    let row: Option<(String,)> =
        sqlx::query_as("SELECT transaction_id FROM ledger_unsealed LIMIT 1").fetch_optional(conn).await?;
    Ok(row.is_some())
}

pub async fn last_link(conn: &mut Conn) -> Result<Option<(i64, String)>, sqlx::Error> {
    sqlx::query_as("SELECT seq, hash FROM ledger_chain ORDER BY seq DESC LIMIT 1").fetch_optional(conn).await
}

/// The first transactions that wait for their link, by id, and the lines of each.
pub async fn unsealed(conn: &mut Conn, limit: i64) -> Result<(Vec<Head>, HashMap<String, Vec<Entry>>), sqlx::Error> {
    let heads: Vec<Head> = sqlx::query_as(
        "SELECT t.id, t.kind, t.idem_key, t.occurred_at, t.recorded_at, t.actor, t.cause_id
         FROM ledger_unsealed u JOIN ledger_transactions t ON t.id = u.transaction_id
         ORDER BY u.transaction_id LIMIT $1",
    )
    .bind(limit)
    .fetch_all(&mut *conn)
    .await?;
    let mut entries: HashMap<String, Vec<Entry>> = HashMap::new();
    let (Some(first), Some(last)) = (heads.first(), heads.last()) else { return Ok((heads, entries)) };
    // lines of others may lie between them: they are left where they are found
    let rows: Vec<Lined> = sqlx::query_as(
        "SELECT transaction_id, position, account, amount_cents, pledge_id FROM ledger_entries
         WHERE transaction_id >= $1 AND transaction_id <= $2 ORDER BY transaction_id, position",
    )
    .bind(&first.id)
    .bind(&last.id)
    .fetch_all(conn)
    .await?;
    for row in rows {
        entries.entry(row.transaction_id).or_default().push(row.entry);
    }
    Ok((heads, entries))
}

pub async fn entries(conn: &mut Conn, transaction_id: &str) -> Result<Vec<Entry>, sqlx::Error> {
    sqlx::query_as(
        "SELECT position, account, amount_cents, pledge_id FROM ledger_entries
         WHERE transaction_id = $1 ORDER BY position",
    )
    .bind(transaction_id)
    .fetch_all(conn)
    .await
}

/// Adds links (number, transaction, hash before, hash) behind the one numbered `begun`; what they cover no longer waits.
pub async fn link(tx: &mut Tx, begun: i64, links: Vec<(i64, String, String, String)>) -> Result<(), sqlx::Error> {
    const COLUMNS: [&str; 4] = ["seq", "transaction_id", "previous_hash", "hash"];
    let rows =
        links.into_iter().map(|(seq, id, previous, hash)| vec![seq.into(), id.into(), previous.into(), hash.into()]);
    bulk::insert(tx, "ledger_chain", &COLUMNS, rows.collect()).await?;
    sqlx::query(
        "DELETE FROM ledger_unsealed WHERE transaction_id IN (SELECT transaction_id FROM ledger_chain WHERE seq > $1)",
    )
    .bind(begun)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The links from `seq` on, with the heads they cover.
pub async fn links(conn: &mut Conn, seq: i64, limit: i64) -> Result<Vec<(i64, String, String, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT seq, transaction_id, previous_hash, hash FROM ledger_chain WHERE seq >= $1 ORDER BY seq LIMIT $2",
    )
    .bind(seq)
    .bind(limit)
    .fetch_all(conn)
    .await
}

pub async fn head(conn: &mut Conn, id: &str) -> Result<Option<Head>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, kind, idem_key, occurred_at, recorded_at, actor, cause_id FROM ledger_transactions WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await
}

pub async fn count(conn: &mut Conn) -> Result<(i64, Cents), sqlx::Error> {
    sqlx::query_as("SELECT COUNT(*), CAST(COALESCE(SUM(amount_cents), 0) AS BIGINT) FROM ledger_entries")
        .fetch_one(conn)
        .await
}

pub async fn transactions(conn: &mut Conn) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM ledger_transactions").fetch_one(conn).await?;
    Ok(count)
}

pub async fn unbalanced(conn: &mut Conn) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT transaction_id FROM ledger_entries GROUP BY transaction_id
         HAVING COUNT(*) < 2 OR SUM(amount_cents) <> 0",
    )
    .fetch_all(conn)
    .await
}

pub async fn folded(conn: &mut Conn) -> Result<Vec<(String, Cents)>, sqlx::Error> {
    sqlx::query_as("SELECT account, CAST(SUM(amount_cents) AS BIGINT) FROM ledger_entries GROUP BY account")
        .fetch_all(conn)
        .await
}

pub async fn lock_balances(tx: &mut Tx) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE ledger_balances SET slot = slot").execute(&mut **tx).await?;
    Ok(())
}

pub async fn forget_balances(tx: &mut Tx) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM ledger_balances").execute(&mut **tx).await?;
    Ok(())
}

/// The lines of one pledge: moment outside, kind, account, amount.
pub async fn lines_of_pledge(
    conn: &mut Conn,
    pledge_id: &str,
) -> Result<Vec<(Timestamp, String, String, Cents)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT t.occurred_at, t.kind, e.account, e.amount_cents
         FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
         WHERE e.pledge_id = $1 ORDER BY t.recorded_at, t.id, e.position",
    )
    .bind(pledge_id)
    .fetch_all(conn)
    .await
}

/// The sum of an account without the tranches that left it and those that came back.
pub async fn without_tranches(conn: &mut Conn, account: &str) -> Result<Cents, sqlx::Error> {
    let (sum,): (Cents,) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(e.amount_cents), 0) AS BIGINT)
         FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
         WHERE e.account = $1 AND t.kind NOT IN ('tranche', 'transfer_returned')",
    )
    .bind(account)
    .fetch_one(conn)
    .await?;
    Ok(sum)
}

/// The sum of an account without what left it as result money does.
pub async fn as_it_came(conn: &mut Conn, account: &str) -> Result<Cents, sqlx::Error> {
    let (sum,): (Cents,) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(e.amount_cents), 0) AS BIGINT)
         FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
         WHERE e.account = $1 AND t.kind NOT IN ('result_released', 'result_moved', 'moved', 'refund_due',
             'match_returned')",
    )
    .bind(account)
    .fetch_one(conn)
    .await?;
    Ok(sum)
}

/// Sums of postings of a kind by what caused them, on accounts whose code begins with `prefix`.
pub async fn by_cause(conn: &mut Conn, prefix: &str, kind: &str) -> Result<Vec<(String, String, Cents)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT t.cause_id, e.account, CAST(SUM(e.amount_cents) AS BIGINT)
         FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
         WHERE e.account LIKE $1 AND t.kind = $2 GROUP BY t.cause_id, e.account",
    )
    .bind(format!("{prefix}%"))
    .bind(kind)
    .fetch_all(conn)
    .await
}

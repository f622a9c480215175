//! SQL of refunds.

use sqlx::FromRow;

use crate::features::payments::{Payment, Refund, RefundCause, RefundState, TRANSFER};
use crate::features::pledges::Pledge;
use crate::infra::db::life_cycle::step;
use crate::infra::db::{Conn, Tx, bulk};
use crate::infra::stripe::ProviderRefund;
use crate::values::{Cents, Timestamp};

/// Writes refunds that are due: id, the payment they go back to, pledge and amount. Answers whether none of them was there.
pub async fn insert_refunds(
    tx: &mut Tx,
    refunds: &[(String, Payment, &Pledge, Cents)],
    cause: RefundCause,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    const COLUMNS: [&str; 16] = [
        "id",
        "pledge_id",
        "payment_id",
        "project_id",
        "cause",
        "amount_cents",
        "state",
        "generation",
        "failure",
        "due_at",
        "lease_until",
        "lease_token",
        "attempts",
        "last_error",
        "created_at",
        "by_bank",
    ];
    const ONCE: &str = "ON CONFLICT (pledge_id, cause) WHERE cause <> 'by_hand' DO NOTHING";
    let row = |(id, payment, pledge, amount): &(String, Payment, &Pledge, Cents)| {
        vec![
            id.as_str().into(),
            pledge.id.as_str().into(),
            payment.id.as_str().into(),
            pledge.project_id.as_str().into(),
            cause.as_str().into(),
            amount.0.into(),
            RefundState::Due.as_str().into(),
            1.into(),
            "".into(),
            now.to_string().into(),
            "".into(),
            "".into(),
            0.into(),
            "".into(),
            now.to_string().into(),
            i64::from(payment.method == TRANSFER).into(),
        ]
    };
    let written = bulk::insert_or(tx, "refunds", &COLUMNS, refunds.iter().map(row).collect(), ONCE).await?;
    Ok(usize::try_from(written) == Ok(refunds.len()))
}

/// A refund in a worker's hands, with the payment it goes back to.
#[derive(Debug, Clone, FromRow)]
pub struct Claimed {
    pub id: String,
    pub generation: i64,
    pub lease_token: String,
    pub attempts: i64,
    pub payment_id: String,
    #[sqlx(rename = "amount_cents")]
    pub amount: Cents,
    pub provider_id: Option<String>,
    pub created_at: Timestamp,
}

pub async fn refund_is_due(conn: &mut Conn, now: Timestamp) -> Result<bool, sqlx::Error> {
    let row: Option<(String,)> = sqlx::query_as(
        "SELECT id FROM refunds WHERE state IN ('due', 'requested', 'pending') AND by_bank = 0 AND due_at <= $1
             AND lease_until <= $1 LIMIT 1",
    )
    .bind(now)
    .fetch_optional(conn)
    .await?;
    Ok(row.is_some())
}

/// Takes refunds that are due; what was only decided becomes requested. As for jobs, what others take is passed over.
pub async fn claim_refunds(
    tx: &mut Tx,
    now: Timestamp,
    lease_until: Timestamp,
    token: &str,
    limit: i64,
) -> Result<Vec<Claimed>, sqlx::Error> {
    let statement = tx.claiming(
        "UPDATE refunds SET lease_until = $2, lease_token = $3, attempts = attempts + 1,
             state = CASE WHEN state = 'due' THEN 'requested' ELSE state END
         WHERE lease_until <= $1
           AND id IN (SELECT id FROM refunds WHERE state IN ('due', 'requested', 'pending') AND by_bank = 0 AND due_at <= $1
               AND lease_until <= $1 ORDER BY due_at, id LIMIT $4 /* what others hold is passed over */)
         RETURNING id, generation, lease_token, attempts, payment_id, amount_cents, provider_id, created_at",
    );
    sqlx::query_as(statement).bind(now).bind(lease_until).bind(token).bind(limit).fetch_all(&mut **tx).await
}

/// Locks a refund that goes by bank; answers whether it does.
async fn lock_by_bank(tx: &mut Tx, id: &str) -> Result<bool, sqlx::Error> {
    let locked =
        sqlx::query("UPDATE refunds SET id = id WHERE id = $1 AND by_bank = 1").bind(id).execute(&mut **tx).await?;
    Ok(locked.rows_affected() == 1)
}

/// A refund by bank is on its way into a file: due → requested.
pub async fn refund_requested(tx: &mut Tx, id: &str) -> Result<bool, sqlx::Error> {
    Ok(lock_by_bank(tx, id).await? && step(tx, id, RefundState::Due, RefundState::Requested).await?)
}

/// A refund by bank that cannot be sent: due → failed.
pub async fn refund_unsendable(tx: &mut Tx, id: &str, failure: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    if !lock_by_bank(tx, id).await? || !step(tx, id, RefundState::Due, RefundState::Failed).await? {
        return Ok(false);
    }
    sqlx::query("UPDATE refunds SET failure = $2, finished_at = $3 WHERE id = $1")
        .bind(id)
        .bind(failure)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(true)
}

/// The provider refuses a refund for good: requested → failed; only the holder of the lease may say so.
pub async fn refund_given_up(
    tx: &mut Tx,
    id: &str,
    token: &str,
    failure: &str,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let given_up = sqlx::query(
        "UPDATE refunds SET failure = $3, finished_at = $4, lease_until = '', last_error = ''
         WHERE id = $1 AND lease_token = $2 AND state = 'requested' AND provider_id IS NULL",
    )
    .bind(id)
    .bind(token)
    .bind(failure)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(given_up.rows_affected() == 1 && step(tx, id, RefundState::Requested, RefundState::Failed).await?)
}

pub async fn refund(conn: &mut Conn, id: &str) -> Result<Option<Refund>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM refunds WHERE id = $1").bind(id).fetch_optional(conn).await
}

pub async fn refunds_by_ids(conn: &mut Conn, ids: &[&str]) -> Result<Vec<Refund>, sqlx::Error> {
    bulk::select(conn, "SELECT * FROM refunds WHERE id IN", ids.iter().copied()).await
}

pub async fn refund_by_provider_id(conn: &mut Conn, provider_id: &str) -> Result<Option<Refund>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM refunds WHERE provider_id = $1").bind(provider_id).fetch_optional(conn).await
}

pub async fn refunds_of_pledge(conn: &mut Conn, pledge_id: &str) -> Result<Vec<Refund>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM refunds WHERE pledge_id = $1 ORDER BY created_at")
        .bind(pledge_id)
        .fetch_all(conn)
        .await
}

/// Counts and sums of refunds for one round, per state.
pub async fn refund_sums(conn: &mut Conn, round_id: &str) -> Result<Vec<(RefundState, i64, Cents)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT r.state, COUNT(*), CAST(COALESCE(SUM(r.amount_cents), 0) AS BIGINT) FROM refunds r
         JOIN pledges p ON p.id = r.pledge_id WHERE p.round_id = $1 GROUP BY r.state",
    )
    .bind(round_id)
    .fetch_all(conn)
    .await
}

/// Records the provider's answer.
pub async fn refund_answered(
    tx: &mut Tx,
    refund: &Refund,
    to: RefundState,
    found: &ProviderRefund,
    due_at: Timestamp,
    finished_at: Option<Timestamp>,
) -> Result<bool, sqlx::Error> {
    if refund.state != to && !step(tx, &refund.id, refund.state, to).await? {
        return Ok(false);
    }
    let answered = sqlx::query(
        "UPDATE refunds SET provider_id = $3, failure = $4, due_at = $5, finished_at = $6, pending_reason = $7, taken = $8,
             lease_until = '', last_error = '' WHERE id = $1 AND state = $2",
    )
    .bind(&refund.id)
    .bind(to)
    .bind(&found.id)
    .bind(if to == RefundState::Failed { found.failure.as_str() } else { "" })
    .bind(due_at)
    .bind(finished_at)
    .bind(&found.waits_for)
    .bind(refund.taken.max(i16::from(found.taken)))
    .execute(&mut **tx)
    .await?;
    Ok(answered.rows_affected() == 1)
}

/// Puts a refund back; only the holder of the lease may. `new_key` 1 makes the next call use a new key.
pub async fn refund_later(
    tx: &mut Tx,
    id: &str,
    token: &str,
    new_key: i64,
    due_at: Timestamp,
    error: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE refunds SET lease_until = '', due_at = $4, last_error = $5, generation = generation + $3
         WHERE id = $1 AND lease_token = $2 AND state IN ('requested', 'pending')",
    )
    .bind(id)
    .bind(token)
    .bind(new_key)
    .bind(due_at)
    .bind(error)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Keeps a refund that was made at the provider; answers `false` when it is known.
pub async fn insert_refund_by_hand(
    tx: &mut Tx,
    id: &str,
    payment: &Payment,
    project_id: &str,
    found: &ProviderRefund,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let inserted = sqlx::query(
        "INSERT INTO refunds (id, pledge_id, payment_id, project_id, cause, amount_cents, state, generation, provider_id,
             failure, due_at, lease_until, lease_token, attempts, last_error, created_at)
         VALUES ($1, $2, $3, $4, 'by_hand', $5, 'requested', 1, $6, '', $7, '', '', 0, '', $7)
         ON CONFLICT (provider_id) DO NOTHING",
    )
    .bind(id)
    .bind(&payment.pledge_id)
    .bind(&payment.id)
    .bind(project_id)
    .bind(found.amount)
    .bind(&found.id)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// Our refund that is decided and not yet accepted by the provider.
pub async fn unsent_refund(conn: &mut Conn, pledge_id: &str) -> Result<Option<Refund>, sqlx::Error> {
    sqlx::query_as(
        "SELECT * FROM refunds WHERE pledge_id = $1 AND cause <> 'by_hand' AND provider_id IS NULL
             AND state IN ('due', 'requested')",
    )
    .bind(pledge_id)
    .fetch_optional(conn)
    .await
}

/// A smaller refund, with a new key: part of it went back another way.
pub async fn lessen_refund(tx: &mut Tx, id: &str, by: Cents, now: Timestamp) -> Result<bool, sqlx::Error> {
    let lessened = sqlx::query(
        "UPDATE refunds SET amount_cents = amount_cents - $2, generation = generation + 1, due_at = $3, lease_until = '',
             lease_token = '' WHERE id = $1 AND provider_id IS NULL AND amount_cents > $2",
    )
    .bind(id)
    .bind(by)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(lessened.rows_affected() == 1)
}

/// A dispute takes over what was not sent yet. Answers whether the refund was in that state.
pub async fn stop_refund(tx: &mut Tx, id: &str, from: RefundState, why: &str) -> Result<bool, sqlx::Error> {
    if !step(tx, id, from, RefundState::Stopped).await? {
        return Ok(false);
    }
    sqlx::query("UPDATE refunds SET failure = $2, lease_until = '', lease_token = '' WHERE id = $1")
        .bind(id)
        .bind(why)
        .execute(&mut **tx)
        .await?;
    Ok(true)
}

/// A refund that a dispute had stopped is due again, with a new key.
pub async fn restart_refund(tx: &mut Tx, pledge_id: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let stopped: Option<(String,)> =
        sqlx::query_as("SELECT id FROM refunds WHERE pledge_id = $1 AND state = 'stopped' AND provider_id IS NULL")
            .bind(pledge_id)
            .fetch_optional(&mut **tx)
            .await?;
    let Some((id,)) = stopped else { return Ok(false) };
    if !step(tx, &id, RefundState::Stopped, RefundState::Due).await? {
        return Ok(false);
    }
    sqlx::query("UPDATE refunds SET failure = '', due_at = $2, generation = generation + 1 WHERE id = $1")
        .bind(&id)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(true)
}

/// Refunds that wait for money in the provider's balance: the oldest one's id, and the sum of all.
pub async fn waiting_for_money(conn: &mut Conn) -> Result<Option<(String, Cents)>, sqlx::Error> {
    let oldest: Option<(String,)> = sqlx::query_as(
        "SELECT id FROM refunds WHERE state = 'pending' AND pending_reason = 'insufficient_funds'
         ORDER BY created_at, id LIMIT 1",
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some((oldest,)) = oldest else { return Ok(None) };
    let (sum,): (Cents,) = sqlx::query_as(
        "SELECT CAST(COALESCE(SUM(amount_cents), 0) AS BIGINT) FROM refunds
         WHERE state = 'pending' AND pending_reason = 'insufficient_funds'",
    )
    .fetch_one(conn)
    .await?;
    Ok(Some((oldest, sum)))
}

/// More than one living refund of a pledge, which must not be.
pub async fn doubled_refunds(conn: &mut Conn) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT pledge_id FROM refunds WHERE state IN ('due', 'requested', 'pending', 'succeeded') AND cause <> 'by_hand'
         GROUP BY pledge_id HAVING COUNT(*) > 1",
    )
    .fetch_all(conn)
    .await
}

/// Refunds that wait without a time to be looked at.
pub async fn count_refunds(conn: &mut Conn) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM refunds").fetch_one(conn).await?;
    Ok(count)
}

/// Refunds of a round that became final after this moment.
pub async fn refunds_finished_since(conn: &mut Conn, round_id: &str, since: Timestamp) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as(
        "SELECT COUNT(*) FROM refunds r JOIN pledges p ON p.id = r.pledge_id
         WHERE p.round_id = $1 AND r.finished_at > $2",
    )
    .bind(round_id)
    .bind(since)
    .fetch_one(conn)
    .await?;
    Ok(count)
}

/// Refunds of a round that failed, by the provider's word.
pub async fn refund_failures(conn: &mut Conn, round_id: &str) -> Result<Vec<(String, i64, Cents)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT r.failure, COUNT(*), CAST(COALESCE(SUM(r.amount_cents), 0) AS BIGINT) FROM refunds r
         JOIN pledges p ON p.id = r.pledge_id
         WHERE p.round_id = $1 AND r.state IN ('failed', 'unclaimed') GROUP BY r.failure ORDER BY r.failure",
    )
    .bind(round_id)
    .fetch_all(conn)
    .await
}

/// Refunds of a round that are tried again, by their last error.
pub async fn refund_retries(conn: &mut Conn, round_id: &str) -> Result<Vec<(String, i64, Cents)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT r.last_error, COUNT(*), CAST(COALESCE(SUM(r.amount_cents), 0) AS BIGINT) FROM refunds r
         JOIN pledges p ON p.id = r.pledge_id
         WHERE p.round_id = $1 AND r.state IN ('due', 'requested', 'pending') AND r.last_error <> ''
         GROUP BY r.last_error ORDER BY r.last_error",
    )
    .bind(round_id)
    .fetch_all(conn)
    .await
}

/// Moves the moment at which the refunds of a round that are only due are sent.
pub async fn put_off_refunds(tx: &mut Tx, round_id: &str, due_at: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE refunds SET due_at = $2
         WHERE state = 'due' AND pledge_id IN (SELECT id FROM pledges WHERE round_id = $1)",
    )
    .bind(round_id)
    .bind(due_at)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// How many refunds are in each state.
pub async fn refund_counts(conn: &mut Conn) -> Result<Vec<(RefundState, i64)>, sqlx::Error> {
    sqlx::query_as("SELECT state, COUNT(*) FROM refunds GROUP BY state").fetch_all(conn).await
}

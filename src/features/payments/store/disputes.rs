//! SQL of disputes, warnings of fraud, and blocked methods.

use crate::features::payments::{Dispute, DisputeState, ListedDispute, Payment};
use crate::features::pledges::Pledge;
use crate::infra::db::life_cycle::step;
use crate::infra::db::{Conn, Tx, bulk};
use crate::infra::stripe::{ProviderDispute, ProviderWarning};
use crate::values::{Cents, Timestamp};

/// Keeps a dispute; answers `false` when it is known.
pub async fn insert_dispute(
    tx: &mut Tx,
    found: &ProviderDispute,
    payment: &Payment,
    pledge: &Pledge,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let inserted = sqlx::query(
        "INSERT INTO disputes (id, payment_id, pledge_id, project_id, amount_cents, fee_cents, held_cents, reason, state,
             opened_at, changed_at)
         VALUES ($1, $2, $3, $4, $5, 0, 0, $6, 'warning', $7, $8) ON CONFLICT (id) DO NOTHING",
    )
    .bind(&found.id)
    .bind(&payment.id)
    .bind(&pledge.id)
    .bind(&pledge.project_id)
    .bind(found.amount)
    .bind(&found.reason)
    .bind(found.opened_at)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

pub async fn dispute(conn: &mut Conn, id: &str) -> Result<Option<Dispute>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM disputes WHERE id = $1").bind(id).fetch_optional(conn).await
}

pub async fn lost_disputes(conn: &mut Conn, pledge_id: &str) -> Result<Vec<Dispute>, sqlx::Error> {
    sqlx::query_as(
        "SELECT * FROM disputes WHERE pledge_id = $1 AND state = 'lost' AND taken_at IS NOT NULL AND settled_at IS NOT NULL
         ORDER BY opened_at, id",
    )
    .bind(pledge_id)
    .fetch_all(conn)
    .await
}

pub async fn move_dispute(
    tx: &mut Tx,
    dispute: &Dispute,
    to: DisputeState,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    if !step(tx, &dispute.id, dispute.state, to).await? {
        return Ok(false);
    }
    sqlx::query("UPDATE disputes SET changed_at = $2 WHERE id = $1")
        .bind(&dispute.id)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(true)
}

pub async fn dispute_taken(tx: &mut Tx, id: &str, fee: Cents, held: Cents, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE disputes SET taken_at = $4, fee_cents = $2, held_cents = $3 WHERE id = $1 AND taken_at IS NULL",
    )
    .bind(id)
    .bind(fee)
    .bind(held)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn dispute_returned(tx: &mut Tx, id: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE disputes SET returned_at = $2 WHERE id = $1 AND returned_at IS NULL")
        .bind(id)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn dispute_settled(tx: &mut Tx, id: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE disputes SET settled_at = $2 WHERE id = $1 AND settled_at IS NULL")
        .bind(id)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn dispute_page(
    conn: &mut Conn,
    state: Option<DisputeState>,
    limit: i64,
    offset: i64,
) -> Result<Vec<ListedDispute>, sqlx::Error> {
    sqlx::query_as(
        "SELECT d.id, p.reference, y.method, d.amount_cents, d.fee_cents, d.state, d.reason, d.opened_at
         FROM disputes d JOIN pledges p ON p.id = d.pledge_id JOIN payments y ON y.id = d.payment_id
         WHERE ($1 = '' OR d.state = $1) ORDER BY d.opened_at DESC, d.id LIMIT $2 OFFSET $3",
    )
    .bind(state.map_or("", DisputeState::as_str))
    .bind(limit)
    .bind(offset)
    .fetch_all(conn)
    .await
}

pub async fn dispute_counts(conn: &mut Conn) -> Result<Vec<(DisputeState, i64)>, sqlx::Error> {
    sqlx::query_as("SELECT state, COUNT(*) FROM disputes GROUP BY state").fetch_all(conn).await
}

/// Keeps a warning; answers `false` when it is known.
pub async fn insert_warning(
    tx: &mut Tx,
    found: &ProviderWarning,
    payment: &Payment,
    refunded: bool,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let inserted = sqlx::query(
        "INSERT INTO fraud_warnings (id, payment_id, pledge_id, kind, refunded, warned_at, noted_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING",
    )
    .bind(&found.id)
    .bind(&payment.id)
    .bind(&payment.pledge_id)
    .bind(&found.kind)
    .bind(i16::from(refunded))
    .bind(found.warned_at)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// A person can no longer use a method.
pub async fn block_method(
    tx: &mut Tx,
    user_id: &str,
    method: &str,
    cause_id: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO payment_blocks (user_id, method, cause_id, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (user_id, method) DO NOTHING",
    )
    .bind(user_id)
    .bind(method)
    .bind(cause_id)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The methods that these people can no longer use: user and method.
pub async fn blocked(conn: &mut Conn, user_ids: &[&str]) -> Result<Vec<(String, String)>, sqlx::Error> {
    let before = "SELECT user_id, method FROM payment_blocks WHERE user_id IN";
    bulk::select(conn, before, user_ids.iter().copied()).await
}

/// Pledges of a project with a dispute that is open or was lost, also about a payment from which their money was moved.
pub async fn disputed_of_project(conn: &mut Conn, project_id: &str) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT DISTINCT p.id FROM pledges p JOIN payments y ON y.pledge_id = p.id
             JOIN disputes d ON d.payment_id = y.id OR d.payment_id = y.moved_from
         WHERE p.project_id = $1 AND d.state IN ('open', 'lost')",
    )
    .bind(project_id)
    .fetch_all(conn)
    .await
}

//! SQL of the team's lists of payments and refunds.

use crate::features::payments::{ListedPayment, ListedRefund, PaymentState, RefundState};
use crate::infra::db::Conn;
use crate::infra::listing::Wanted;
use crate::values::Cents;

/// A part of the payments that are wanted.
pub async fn listed_payments(conn: &mut Conn, wanted: &Wanted) -> Result<Vec<ListedPayment>, sqlx::Error> {
    let query = crate::ordered!(
        wanted,
        "SELECT y.id, p.reference, y.method, y.amount_cents, y.fee_cents, y.state, y.intent_id, y.created_at, y.succeeded_at
         FROM payments y JOIN pledges p ON p.id = y.pledge_id
         WHERE ($1 = '' OR y.state = $1) AND ($2 = '' OR y.method = $2)
             AND ($3 = '' OR LOWER(p.reference) LIKE $3 ESCAPE '\\' OR LOWER(y.intent_id) LIKE $3 ESCAPE '\\')",
        "y.id",
        "LIMIT $4 OFFSET $5",
        "reference" => "p.reference",
        "amount" => "y.amount_cents",
        "fee" => "COALESCE(y.fee_cents, 0)",
        "state" => "y.state",
        "method" => "y.method",
        "paid" => "COALESCE(y.succeeded_at, '')",
    );
    sqlx::query_as(query)
        .bind(wanted.value("state"))
        .bind(wanted.value("method"))
        .bind(wanted.like("q"))
        .bind(wanted.limit)
        .bind(wanted.offset)
        .fetch_all(conn)
        .await
}

/// How many of all that are wanted are in each state, what they come to, and what they cost. Pledges are looked at only for a reference.
pub async fn payment_sums(
    conn: &mut Conn,
    wanted: &Wanted,
) -> Result<Vec<(PaymentState, i64, Cents, Cents)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT state, COUNT(*), CAST(COALESCE(SUM(amount_cents), 0) AS BIGINT), CAST(COALESCE(SUM(fee_cents), 0) AS BIGINT)
         FROM payments
         WHERE ($1 = '' OR method = $1)
             AND ($2 = '' OR LOWER(intent_id) LIKE $2 ESCAPE '\\'
                 OR pledge_id IN (SELECT id FROM pledges WHERE LOWER(reference) LIKE $2 ESCAPE '\\'))
         GROUP BY state",
    )
    .bind(wanted.value("method"))
    .bind(wanted.like("q"))
    .fetch_all(conn)
    .await
}

/// A part of the refunds that are wanted.
pub async fn listed_refunds(conn: &mut Conn, wanted: &Wanted) -> Result<Vec<ListedRefund>, sqlx::Error> {
    let query = crate::ordered!(
        wanted,
        "SELECT r.id, p.reference, r.cause, r.amount_cents, r.state, r.provider_id, r.failure, r.last_error, r.attempts,
             r.created_at, r.finished_at
         FROM refunds r JOIN pledges p ON p.id = r.pledge_id
         WHERE ($1 = '' OR r.state = $1) AND ($2 = '' OR r.cause = $2)
             AND ($3 = '' OR LOWER(p.reference) LIKE $3 ESCAPE '\\' OR LOWER(r.provider_id) LIKE $3 ESCAPE '\\')",
        "r.id",
        "LIMIT $4 OFFSET $5",
        "reference" => "p.reference",
        "amount" => "r.amount_cents",
        "state" => "r.state",
        "cause" => "r.cause",
        "attempts" => "r.attempts",
        "finished" => "COALESCE(r.finished_at, '')",
    );
    sqlx::query_as(query)
        .bind(wanted.value("state"))
        .bind(wanted.value("cause"))
        .bind(wanted.like("q"))
        .bind(wanted.limit)
        .bind(wanted.offset)
        .fetch_all(conn)
        .await
}

/// How many of all that are wanted are in each state, and what they come to.
pub async fn listed_refund_sums(
    conn: &mut Conn,
    wanted: &Wanted,
) -> Result<Vec<(RefundState, i64, Cents)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT state, COUNT(*), CAST(COALESCE(SUM(amount_cents), 0) AS BIGINT)
         FROM refunds
         WHERE ($1 = '' OR cause = $1)
             AND ($2 = '' OR LOWER(provider_id) LIKE $2 ESCAPE '\\'
                 OR pledge_id IN (SELECT id FROM pledges WHERE LOWER(reference) LIKE $2 ESCAPE '\\'))
         GROUP BY state",
    )
    .bind(wanted.value("cause"))
    .bind(wanted.like("q"))
    .fetch_all(conn)
    .await
}

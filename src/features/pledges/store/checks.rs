//! SQL that holds pledges against the books, the totals and their rounds.

use sqlx::FromRow;

use crate::features::pledges::PledgeState;
use crate::infra::db::Conn;
use crate::values::Cents;

/// A pledge, and what the books say of it in each group of accounts.
#[derive(Debug, FromRow)]
pub struct InBooks {
    pub id: String,
    pub state: PledgeState,
    #[sqlx(rename = "amount_cents")]
    pub amount: Cents,
    #[sqlx(rename = "returned_cents")]
    pub returned: Cents,
    pub held: Cents,
    pub released: Cents,
    /// Due back, or unclaimed.
    pub owed: Cents,
    pub sent: Cents,
    /// Set aside while a dispute lasts.
    pub set_aside: Cents,
    /// Taken back by a dispute that was lost.
    pub taken: Cents,
    /// Gone on to a pledge for another project.
    pub moved: Cents,
}

/// What the books say of each pledge.
pub async fn against_the_books(conn: &mut Conn) -> Result<Vec<InBooks>, sqlx::Error> {
    sqlx::query_as(
        "SELECT p.id, p.state, p.amount_cents, p.returned_cents,
             CAST(COALESCE(SUM(CASE WHEN e.account LIKE 'pledges_held:%' THEN -e.amount_cents ELSE 0 END), 0) AS BIGINT)
                 AS held,
             CAST(COALESCE(SUM(CASE WHEN e.account LIKE 'owner_payable:%' OR e.account LIKE 'result_money:%'
                 THEN -e.amount_cents ELSE 0 END), 0) AS BIGINT) AS released,
             CAST(COALESCE(SUM(CASE WHEN e.account LIKE 'refunds_due:%' OR e.account = 'unclaimed_refunds'
                 THEN -e.amount_cents ELSE 0 END), 0) AS BIGINT) AS owed,
             CAST(COALESCE(SUM(CASE WHEN (e.account = 'psp_available' AND e.transaction_id NOT IN
                     (SELECT id FROM ledger_transactions WHERE kind = 'paid')) OR (e.account = 'bank' AND e.transaction_id IN
                     (SELECT id FROM ledger_transactions
                      WHERE kind IN ('bank_paid', 'claim_paid', 'transfer_returned', 'bank_reversed')))
                 THEN -e.amount_cents ELSE 0 END), 0) AS BIGINT) AS sent,
             CAST(COALESCE(SUM(CASE WHEN e.account = 'dispute_hold' THEN -e.amount_cents ELSE 0 END), 0) AS BIGINT)
                 AS set_aside,
             CAST(COALESCE(SUM(CASE WHEN e.account = 'psp_disputed' THEN -e.amount_cents ELSE 0 END), 0) AS BIGINT) AS taken,
             CAST(COALESCE(SUM(CASE WHEN e.account LIKE 'result_money:%' AND e.transaction_id IN
                     (SELECT id FROM ledger_transactions WHERE kind = 'moved')
                 THEN e.amount_cents ELSE 0 END), 0) AS BIGINT) AS moved
         FROM pledges p LEFT JOIN ledger_entries e ON e.pledge_id = p.id
         GROUP BY p.id, p.state, p.amount_cents, p.returned_cents",
    )
    .fetch_all(conn)
    .await
}

/// What the pledges say of each project: id, reserved, processing, held.
pub async fn folded_totals(conn: &mut Conn) -> Result<Vec<(String, Cents, Cents, Cents)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT project_id,
             CAST(COALESCE(SUM(CASE WHEN state = 'reserved' THEN amount_cents - returned_cents ELSE 0 END), 0) AS BIGINT),
             CAST(COALESCE(SUM(CASE WHEN state = 'processing' THEN amount_cents - returned_cents ELSE 0 END), 0) AS BIGINT),
             CAST(COALESCE(SUM(CASE WHEN state = 'held' THEN amount_cents - returned_cents ELSE 0 END), 0) AS BIGINT)
         FROM pledges GROUP BY project_id",
    )
    .fetch_all(conn)
    .await
}

/// Pledges made after their round closed that add to no pledge of a near miss: there must be none.
pub async fn made_after_close(conn: &mut Conn) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT p.id FROM pledges p JOIN rounds r ON r.id = p.round_id LEFT JOIN pledges o ON o.id = p.raises_id
         WHERE r.state IN ('closing', 'settled') AND ((p.raises_id IS NULL AND p.state = 'held' AND p.created_at > r.closes_at)
            OR (p.raises_id IS NOT NULL AND (o.project_id <> p.project_id OR o.user_id <> p.user_id OR o.raises_id IS NOT NULL)))",
    )
    .fetch_all(conn)
    .await
}

/// Held pledges of rounds that are settled: there must be none.
pub async fn held_after_settlement(conn: &mut Conn) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT p.id FROM pledges p JOIN rounds r ON r.id = p.round_id
         WHERE r.state = 'settled' AND p.state = 'held'",
    )
    .fetch_all(conn)
    .await
}

//! SQL of settlements: proposals, frozen decisions, the protocol and the checks; lines stand in `lines`, what funds added in `matches`.

mod lines;
mod matches;

pub use lines::*;
pub use matches::*;

use sqlx::FromRow;

use crate::features::settlement::{Decided, Decision, Effect, Funds, ProjectPlan, Settlement, SettlementState};
use crate::infra::db::life_cycle::step;
use crate::infra::db::{Conn, Tx};
use crate::values::{Cents, Timestamp};

pub async fn insert(tx: &mut Tx, proposal: &Settlement) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO settlements (id, round_id, state, hash, reason, proposed_by, proposed_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(&proposal.id)
    .bind(&proposal.round_id)
    .bind(proposal.state)
    .bind(&proposal.hash)
    .bind(&proposal.reason)
    .bind(&proposal.proposed_by)
    .bind(proposal.proposed_at)
    .bind(proposal.expires_at)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn by_id(conn: &mut Conn, id: &str) -> Result<Option<Settlement>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM settlements WHERE id = $1").bind(id).fetch_optional(conn).await
}

/// The latest of a round that is not expired.
pub async fn latest_of_round(conn: &mut Conn, round_id: &str) -> Result<Option<Settlement>, sqlx::Error> {
    sqlx::query_as(
        "SELECT * FROM settlements WHERE round_id = $1 AND state <> 'expired' ORDER BY proposed_at DESC, id DESC LIMIT 1",
    )
    .bind(round_id)
    .fetch_optional(conn)
    .await
}

pub async fn approved_of_round(conn: &mut Conn, round_id: &str) -> Result<Vec<Settlement>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM settlements WHERE round_id = $1 AND approved_at IS NOT NULL ORDER BY approved_at, id")
        .bind(round_id)
        .fetch_all(conn)
        .await
}

/// The frozen decisions of a settlement.
pub async fn decisions_of(conn: &mut Conn, settlement_id: &str) -> Result<Vec<Decided>, sqlx::Error> {
    sqlx::query_as(
        "SELECT p.project_id, p.decision, p.threshold_cents, p.held_cents, p.start_cents, p.result_cents, p.refund_cents,
             p.pledges, p.backers, p.matched_cents, p.match_start_cents, p.match_result_cents, p.match_return_cents,
             s.approved_at AS decided_at
         FROM settlement_projects p JOIN settlements s ON s.id = p.settlement_id WHERE s.id = $1",
    )
    .bind(settlement_id)
    .fetch_all(conn)
    .await
}

pub async fn in_state(conn: &mut Conn, state: SettlementState) -> Result<Vec<Settlement>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM settlements WHERE state = $1 ORDER BY proposed_at").bind(state).fetch_all(conn).await
}

/// Locks a settlement for the rest of the transaction.
pub async fn lock(tx: &mut Tx, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE settlements SET id = id WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(())
}

/// Changes a state; answers whether the settlement was in the one it should come from.
pub async fn move_to(
    tx: &mut Tx,
    id: &str,
    from: SettlementState,
    to: SettlementState,
    finished_at: Option<Timestamp>,
) -> Result<bool, sqlx::Error> {
    if !step(tx, id, from, to).await? {
        return Ok(false);
    }
    sqlx::query("UPDATE settlements SET finished_at = $2 WHERE id = $1")
        .bind(id)
        .bind(finished_at)
        .execute(&mut **tx)
        .await?;
    Ok(true)
}

/// Proposed → executing. The table itself refuses an approver who proposed.
pub async fn approve(tx: &mut Tx, id: &str, hash: &str, by: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let approved = sqlx::query(
        "UPDATE settlements SET approved_by = $3, approved_at = $4
         WHERE id = $1 AND hash = $2 AND state = 'proposed' AND expires_at > $4",
    )
    .bind(id)
    .bind(hash)
    .bind(by)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    let (from, to) = (SettlementState::Proposed, SettlementState::Executing);
    Ok(approved.rows_affected() == 1 && step(tx, id, from, to).await?)
}

pub async fn freeze_project(tx: &mut Tx, settlement_id: &str, project: &ProjectPlan) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO settlement_projects (settlement_id, project_id, decision, threshold_cents, held_cents, start_cents,
             result_cents, refund_cents, pledges, backers, matched_cents, match_start_cents, match_result_cents,
             match_return_cents) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(settlement_id)
    .bind(&project.project_id)
    .bind(project.decision)
    .bind(project.threshold)
    .bind(project.held)
    .bind(project.start)
    .bind(project.result)
    .bind(project.refund)
    .bind(project.pledges)
    .bind(project.backers)
    .bind(project.funds.matched)
    .bind(project.funds.start)
    .bind(project.funds.result)
    .bind(project.funds.returned)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The frozen decision on one project.
pub async fn decision_of(conn: &mut Conn, project_id: &str) -> Result<Option<Decided>, sqlx::Error> {
    sqlx::query_as(
        "SELECT p.project_id, p.decision, p.threshold_cents, p.held_cents, p.start_cents, p.result_cents, p.refund_cents,
             p.pledges, p.backers, p.matched_cents, p.match_start_cents, p.match_result_cents, p.match_return_cents,
             s.approved_at AS decided_at
         FROM settlement_projects p JOIN settlements s ON s.id = p.settlement_id WHERE p.project_id = $1",
    )
    .bind(project_id)
    .fetch_optional(conn)
    .await
}

/// The settlement that decided a project for good.
pub async fn settlement_of(conn: &mut Conn, project_id: &str) -> Result<Option<Settlement>, sqlx::Error> {
    sqlx::query_as(
        "SELECT s.* FROM settlements s JOIN settlement_projects p ON p.settlement_id = s.id WHERE p.project_id = $1",
    )
    .bind(project_id)
    .fetch_optional(conn)
    .await
}

/// The frozen decisions of a round.
pub async fn decisions_of_round(conn: &mut Conn, round_id: &str) -> Result<Vec<Decided>, sqlx::Error> {
    sqlx::query_as(
        "SELECT p.project_id, p.decision, p.threshold_cents, p.held_cents, p.start_cents, p.result_cents, p.refund_cents,
             p.pledges, p.backers, p.matched_cents, p.match_start_cents, p.match_result_cents, p.match_return_cents,
             s.approved_at AS decided_at
         FROM settlement_projects p JOIN settlements s ON s.id = p.settlement_id
         WHERE s.round_id = $1 ORDER BY p.project_id",
    )
    .bind(round_id)
    .fetch_all(conn)
    .await
}

/// All frozen decisions.
pub async fn decisions(conn: &mut Conn) -> Result<Vec<Decided>, sqlx::Error> {
    sqlx::query_as(
        "SELECT p.project_id, p.decision, p.threshold_cents, p.held_cents, p.start_cents, p.result_cents, p.refund_cents,
             p.pledges, p.backers, p.matched_cents, p.match_start_cents, p.match_result_cents, p.match_return_cents,
             s.approved_at AS decided_at
         FROM settlement_projects p JOIN settlements s ON s.id = p.settlement_id",
    )
    .fetch_all(conn)
    .await
}

/// A frozen decision as it stands: the columns of a [`ProjectPlan`].
#[derive(Debug, FromRow)]
pub struct ProjectRow {
    pub project_id: String,
    pub decision: Decision,
    pub threshold_cents: Cents,
    pub held_cents: Cents,
    pub start_cents: Cents,
    pub result_cents: Cents,
    pub refund_cents: Cents,
    pub pledges: i64,
    pub backers: i64,
    #[sqlx(flatten)]
    pub funds: Funds,
}

/// The frozen decisions of a settlement.
pub async fn frozen_projects(conn: &mut Conn, settlement_id: &str) -> Result<Vec<ProjectRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT project_id, decision, threshold_cents, held_cents, start_cents, result_cents, refund_cents, pledges, backers,
             matched_cents, match_start_cents, match_result_cents, match_return_cents
         FROM settlement_projects WHERE settlement_id = $1",
    )
    .bind(settlement_id)
    .fetch_all(conn)
    .await
}

/// The frozen lines of a settlement: project, pledge, effect, amount, start, result.
pub async fn frozen_lines(
    conn: &mut Conn,
    settlement_id: &str,
) -> Result<Vec<(String, String, Effect, Cents, Cents, Cents)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT project_id, pledge_id, effect, amount_cents, start_cents, result_cents FROM settlement_lines
         WHERE settlement_id = $1",
    )
    .bind(settlement_id)
    .fetch_all(conn)
    .await
}

/// A line of the protocol.
#[derive(Debug, Clone, FromRow)]
pub struct ProtocolRow {
    pub pledge_id: String,
    pub reference: String,
    pub slug: String,
    pub decision: Decision,
    pub effect: Effect,
    #[sqlx(rename = "amount_cents")]
    pub amount: Cents,
    #[sqlx(rename = "start_cents")]
    pub start: Cents,
    #[sqlx(rename = "result_cents")]
    pub result: Cents,
    pub pledge_state: String,
    pub refund_id: Option<String>,
    pub provider_id: Option<String>,
    pub refund_state: Option<String>,
    pub failure: String,
    pub approved_at: Option<Timestamp>,
    pub done_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
    /// Of what funds added to it.
    #[sqlx(rename = "matched_cents")]
    pub matched: Cents,
    pub match_start_cents: Cents,
    pub match_result_cents: Cents,
}

/// The lines of a settlement whose pledge comes after this one, with what became of them.
pub async fn protocol(
    conn: &mut Conn,
    settlement_id: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<ProtocolRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT l.pledge_id, p.reference, j.slug, d.decision, l.effect, l.amount_cents, l.start_cents, l.result_cents,
             p.state AS pledge_state, r.id AS refund_id, r.provider_id, r.state AS refund_state,
             COALESCE(r.failure, l.fault) AS failure, s.approved_at, l.done_at, r.finished_at,
             (SELECT CAST(COALESCE(SUM(m.amount_cents), 0) AS BIGINT) FROM settlement_matches m
              WHERE m.settlement_id = l.settlement_id AND m.pledge_id = l.pledge_id) AS matched_cents,
             (SELECT CAST(COALESCE(SUM(m.start_cents), 0) AS BIGINT) FROM settlement_matches m
              WHERE m.settlement_id = l.settlement_id AND m.pledge_id = l.pledge_id) AS match_start_cents,
             (SELECT CAST(COALESCE(SUM(m.result_cents), 0) AS BIGINT) FROM settlement_matches m
              WHERE m.settlement_id = l.settlement_id AND m.pledge_id = l.pledge_id) AS match_result_cents
         FROM (
             SELECT n.settlement_id, n.pledge_id, n.project_id, n.effect, n.amount_cents, n.start_cents, n.result_cents, n.fault,
                 n.done_at
             FROM settlement_lines n WHERE n.settlement_id = $1 AND n.pledge_id > $2
             UNION ALL
             SELECT m.settlement_id, w.pledge_id, w.project_id, 'consent', w.amount_cents, 0, 0, '', NULL
             FROM near_miss_pledges w JOIN near_misses m ON m.project_id = w.project_id
             WHERE m.settlement_id = $1 AND w.pledge_id > $2 AND w.joined_at IS NULL
         ) l
         JOIN settlements s ON s.id = l.settlement_id
         JOIN (
             SELECT settlement_id, project_id, decision FROM settlement_projects
             UNION ALL
             SELECT settlement_id, project_id, 'near_miss' FROM near_misses
         ) d ON d.settlement_id = l.settlement_id AND d.project_id = l.project_id
         JOIN pledges p ON p.id = l.pledge_id
         JOIN projects j ON j.id = l.project_id
         LEFT JOIN refunds r ON r.pledge_id = l.pledge_id AND r.cause = 'round_failed' AND l.effect = 'refund'
         ORDER BY l.pledge_id LIMIT $3",
    )
    .bind(settlement_id)
    .bind(after)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// Postings of released money without an approved settlement behind them.
pub async fn unapproved_postings(conn: &mut Conn) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT t.id FROM ledger_transactions t LEFT JOIN settlements s ON s.id = t.cause_id
         WHERE t.kind IN ('released', 'match_released') AND (s.id IS NULL OR s.approved_by IS NULL)",
    )
    .fetch_all(conn)
    .await
}

/// Pledges that are not what their line says (unless their project was stopped later, or did not earn all; part of a refund may go back by hand), and pledges released or refunded by a failed round without a line.
pub async fn lines_apart(conn: &mut Conn) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT l.pledge_id FROM settlement_lines l JOIN pledges p ON p.id = l.pledge_id
             LEFT JOIN refunds r ON r.pledge_id = l.pledge_id AND r.cause = 'round_failed'
             LEFT JOIN refunds t ON t.pledge_id = l.pledge_id AND t.cause IN ('terminated', 'results')
             LEFT JOIN (SELECT DISTINCT e.pledge_id FROM ledger_entries e JOIN ledger_transactions k ON k.id = e.transaction_id
                        WHERE k.kind = 'moved' AND e.amount_cents > 0) m ON m.pledge_id = l.pledge_id
         WHERE l.amount_cents > p.amount_cents OR l.project_id <> p.project_id
            OR (l.amount_cents + p.returned_cents <> p.amount_cents AND t.id IS NULL AND m.pledge_id IS NULL)
            OR (l.done_at IS NULL AND (p.state = 'released' OR r.id IS NOT NULL))
            OR (l.done_at IS NOT NULL AND l.fault = '' AND l.effect = 'release' AND p.state NOT IN ('released', 'disputed')
                AND t.id IS NULL)
            OR (l.done_at IS NOT NULL AND l.fault = '' AND l.effect = 'refund'
                AND (p.state NOT IN ('refunding', 'refunded') OR r.id IS NULL OR r.amount_cents > l.amount_cents))
         UNION
         SELECT p.id FROM pledges p LEFT JOIN settlement_lines l ON l.pledge_id = p.id
         WHERE p.state = 'released' AND l.pledge_id IS NULL
         UNION
         SELECT r.pledge_id FROM refunds r LEFT JOIN settlement_lines l ON l.pledge_id = r.pledge_id
         WHERE r.cause = 'round_failed' AND l.pledge_id IS NULL",
    )
    .fetch_all(conn)
    .await
}

/// Projects decided more than once, and those that a later plan of a round decided without their being near misses.
pub async fn decided_twice(conn: &mut Conn) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT project_id FROM settlement_projects GROUP BY project_id HAVING COUNT(*) > 1
         UNION
         SELECT d.project_id FROM settlement_projects d JOIN settlements s ON s.id = d.settlement_id
             JOIN settlements e ON e.round_id = s.round_id AND e.approved_at < s.approved_at
             LEFT JOIN near_misses m ON m.project_id = d.project_id AND m.decision_id = s.id
         WHERE m.project_id IS NULL",
    )
    .fetch_all(conn)
    .await
}

pub async fn count_lines(conn: &mut Conn) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM settlement_lines").fetch_one(conn).await?;
    Ok(count)
}

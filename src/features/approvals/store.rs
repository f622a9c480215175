//! SQL of proposals.

pub mod personal;

use crate::features::approvals::{Proposal, ProposalState};
use crate::infra::db::life_cycle::step;
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

pub async fn insert(tx: &mut Tx, proposal: &Proposal) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO proposals (id, kind, subject_id, content, hash, reason, state, proposed_by, proposed_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(&proposal.id)
    .bind(&proposal.kind)
    .bind(&proposal.subject_id)
    .bind(&proposal.content)
    .bind(&proposal.hash)
    .bind(&proposal.reason)
    .bind(proposal.state)
    .bind(&proposal.proposed_by)
    .bind(proposal.proposed_at)
    .bind(proposal.expires_at)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Locks the open proposal of a kind about a thing, if there is one.
pub async fn lock_open(tx: &mut Tx, kind: &str, subject_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE proposals SET id = id WHERE kind = $1 AND subject_id = $2 AND state = 'proposed'")
        .bind(kind)
        .bind(subject_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn open_of(conn: &mut Conn, kind: &str, subject_id: &str) -> Result<Option<Proposal>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM proposals WHERE kind = $1 AND subject_id = $2 AND state = 'proposed'")
        .bind(kind)
        .bind(subject_id)
        .fetch_optional(conn)
        .await
}

pub async fn waiting(conn: &mut Conn, now: Timestamp) -> Result<Vec<Proposal>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM proposals WHERE state = 'proposed' AND expires_at > $1 ORDER BY proposed_at, id")
        .bind(now)
        .fetch_all(conn)
        .await
}

/// Ends an open proposal; answers whether it was still open.
pub async fn decide(tx: &mut Tx, id: &str, to: ProposalState, by: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    // the table wants these facts with the new state
    let noted =
        sqlx::query("UPDATE proposals SET decided_by = $2, decided_at = $3 WHERE id = $1 AND state = 'proposed'")
            .bind(id)
            .bind(by)
            .bind(now)
            .execute(&mut **tx)
            .await?;
    Ok(noted.rows_affected() == 1 && step(tx, id, ProposalState::Proposed, to).await?)
}

/// Open proposals that can no longer be approved.
pub async fn late(conn: &mut Conn, now: Timestamp) -> Result<Vec<Proposal>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM proposals WHERE state = 'proposed' AND expires_at <= $1 ORDER BY proposed_at, id")
        .bind(now)
        .fetch_all(conn)
        .await
}

/// Ends an open proposal that nobody decided; answers whether it was still open.
pub async fn expire(tx: &mut Tx, id: &str) -> Result<bool, sqlx::Error> {
    step(tx, id, ProposalState::Proposed, ProposalState::Expired).await
}

//! SQL of cases.

mod listed;
pub mod personal;

pub use listed::*;

use crate::features::cases::{Case, CaseKind, CaseState, Found};
use crate::infra::db::life_cycle::step;
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

pub async fn insert(tx: &mut Tx, id: &str, found: &Found<'_>, now: Timestamp) -> Result<bool, sqlx::Error> {
    let remedy = found.remedy.as_ref();
    let inserted = sqlx::query(
        "INSERT INTO cases (id, kind, subject_id, amount_cents, detail, state, debit, credit, posting_cents, pledge_id,
             opened_at, reason)
         VALUES ($1, $2, $3, $4, $5, 'open', $6, $7, $8, $9, $10, '') ON CONFLICT (kind, subject_id) DO NOTHING",
    )
    .bind(id)
    .bind(found.kind)
    .bind(found.subject_id)
    .bind(found.amount)
    .bind(found.detail)
    .bind(remedy.map(|remedy| remedy.debit.to_string()).unwrap_or_default())
    .bind(remedy.map(|remedy| remedy.credit.to_string()).unwrap_or_default())
    .bind(remedy.map_or(0, |remedy| remedy.amount.0))
    .bind(found.pledge_id)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

pub async fn by_subject(conn: &mut Conn, kind: CaseKind, subject_id: &str) -> Result<Option<Case>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM cases WHERE kind = $1 AND subject_id = $2")
        .bind(kind)
        .bind(subject_id)
        .fetch_optional(conn)
        .await
}

/// Ends an open case; answers whether it was open.
pub async fn close(tx: &mut Tx, id: &str, by: &str, reason: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    // the table wants these facts with the new state
    let noted = sqlx::query(
        "UPDATE cases SET closed_by = $2, reason = $3, closed_at = $4, waits_for = '' WHERE id = $1 AND state = 'open'",
    )
    .bind(id)
    .bind(by)
    .bind(reason)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(noted.rows_affected() == 1 && step(tx, id, CaseState::Open, CaseState::Closed).await?)
}

pub async fn wait(tx: &mut Tx, subject_id: &str, way: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE cases SET waits_for = $2 WHERE subject_id = $1 AND state = 'open'")
        .bind(subject_id)
        .bind(way)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn by_id(conn: &mut Conn, id: &str) -> Result<Option<Case>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM cases WHERE id = $1").bind(id).fetch_optional(conn).await
}

/// Locks the open cases about a thing.
pub async fn lock_about(tx: &mut Tx, subject_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE cases SET id = id WHERE subject_id = $1 AND state = 'open'")
        .bind(subject_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn lock(tx: &mut Tx, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE cases SET id = id WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(())
}

pub async fn assign(tx: &mut Tx, id: &str, user_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE cases SET assigned_to = $2 WHERE id = $1").bind(id).bind(user_id).execute(&mut **tx).await?;
    Ok(())
}

/// Writes what was found into a case that is there; a closed one is open from now on.
pub async fn find_again(tx: &mut Tx, case: &Case, found: &Found<'_>, opened_at: Timestamp) -> Result<(), sqlx::Error> {
    if case.state == CaseState::Closed {
        step(tx, &case.id, case.state, CaseState::Open).await?;
    }
    let remedy = found.remedy.as_ref();
    sqlx::query(
        "UPDATE cases SET amount_cents = $2, detail = $3, debit = $4, credit = $5, posting_cents = $6, opened_at = $7,
             closed_at = NULL, closed_by = NULL, reason = '' WHERE id = $1",
    )
    .bind(&case.id)
    .bind(found.amount)
    .bind(found.detail)
    .bind(remedy.map(|remedy| remedy.debit.to_string()).unwrap_or_default())
    .bind(remedy.map(|remedy| remedy.credit.to_string()).unwrap_or_default())
    .bind(remedy.map_or(0, |remedy| remedy.amount.0))
    .bind(opened_at)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A page of cases: the open ones the oldest first, the closed ones the newest first.
pub async fn page(conn: &mut Conn, state: CaseState, limit: i64, offset: i64) -> Result<Vec<Case>, sqlx::Error> {
    match state {
        CaseState::Open => {
            sqlx::query_as("SELECT * FROM cases WHERE state = 'open' ORDER BY opened_at, id LIMIT $1 OFFSET $2")
                .bind(limit)
                .bind(offset)
                .fetch_all(conn)
                .await
        }
        CaseState::Closed => {
            sqlx::query_as("SELECT * FROM cases WHERE state = 'closed' ORDER BY closed_at DESC, id LIMIT $1 OFFSET $2")
                .bind(limit)
                .bind(offset)
                .fetch_all(conn)
                .await
        }
    }
}

pub async fn counts(conn: &mut Conn) -> Result<Vec<(CaseState, i64)>, sqlx::Error> {
    sqlx::query_as("SELECT state, COUNT(*) FROM cases GROUP BY state").fetch_all(conn).await
}

pub async fn open_of_kind(conn: &mut Conn, kind: CaseKind) -> Result<Vec<Case>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM cases WHERE kind = $1 AND state = 'open' ORDER BY opened_at, id")
        .bind(kind)
        .fetch_all(conn)
        .await
}

pub async fn open_subjects(conn: &mut Conn) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as("SELECT DISTINCT subject_id FROM cases WHERE state = 'open'").fetch_all(conn).await
}

//! SQL of verifications and what was said about them.

pub mod personal;

use crate::features::verifications::{Level, Message, MessageKind, Verification, VerificationState};
use crate::infra::db::life_cycle::step;
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

pub async fn by_id(conn: &mut Conn, id: &str) -> Result<Option<Verification>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM verifications WHERE id = $1").bind(id).fetch_optional(conn).await
}

pub async fn of_project(conn: &mut Conn, project_id: &str) -> Result<Vec<Verification>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM verifications WHERE project_id = $1 ORDER BY handed_in_at, id")
        .bind(project_id)
        .fetch_all(conn)
        .await
}

pub async fn waiting(conn: &mut Conn) -> Result<Vec<Verification>, sqlx::Error> {
    sqlx::query_as(
        "SELECT * FROM verifications WHERE state IN ('open', 'asked', 'disputed') ORDER BY handed_in_at, id LIMIT 500",
    )
    .fetch_all(conn)
    .await
}

/// Answers whether no other verification of the figure lives.
pub async fn insert(tx: &mut Tx, verification: &Verification) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO verifications (id, project_id, wave_id, indicator, state, level, declared, verified, checker, reason,
             deadline_day, handed_in_by, handed_in_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING",
    )
    .bind(&verification.id)
    .bind(&verification.project_id)
    .bind(&verification.wave_id)
    .bind(&verification.indicator)
    .bind(verification.state)
    .bind(&verification.level)
    .bind(verification.declared)
    .bind(verification.verified)
    .bind(&verification.checker)
    .bind(&verification.reason)
    .bind(&verification.deadline_day)
    .bind(&verification.handed_in_by)
    .bind(verification.handed_in_at)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes what was found; the state follows by a step.
pub async fn decide(
    tx: &mut Tx,
    id: &str,
    (level, value, checker): (Level, i64, &str),
    by: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE verifications SET level = $2, verified = $3, checker = $4, decided_by = $5, decided_at = $6 WHERE id = $1",
    )
    .bind(id)
    .bind(level)
    .bind(value)
    .bind(checker)
    .bind(by)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn set_deadline(tx: &mut Tx, id: &str, day: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE verifications SET deadline_day = $2 WHERE id = $1")
        .bind(id)
        .bind(day)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Answers whether it stood there and such a step is drawn.
pub async fn step_to(
    tx: &mut Tx,
    id: &str,
    from: VerificationState,
    to: VerificationState,
) -> Result<bool, sqlx::Error> {
    step(tx, id, from, to).await
}

pub async fn messages(conn: &mut Conn, id: &str) -> Result<Vec<Message>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, kind, body, author_id, at FROM verification_messages WHERE verification_id = $1 ORDER BY at, id",
    )
    .bind(id)
    .fetch_all(conn)
    .await
}

pub async fn say(
    tx: &mut Tx,
    id: &str,
    verification_id: &str,
    (kind, body): (MessageKind, &str),
    by: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO verification_messages (id, verification_id, kind, body, author_id, at) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id)
    .bind(verification_id)
    .bind(kind)
    .bind(body)
    .bind(by)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

//! SQL of transfers.

pub mod personal;

use crate::features::transfers::{Batch, BatchState, NewTransfer, Purpose, Transfer, TransferState};
use crate::infra::db::life_cycle::step;
use crate::infra::db::{Conn, Tx};
use crate::values::{Cents, Timestamp};

pub async fn insert(tx: &mut Tx, id: &str, new: &NewTransfer<'_>, now: Timestamp) -> Result<bool, sqlx::Error> {
    let inserted = sqlx::query(
        "INSERT INTO transfers (id, purpose, subject_id, iban, name, amount_cents, remittance, state, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'planned', $8)
         ON CONFLICT (purpose, subject_id) WHERE state NOT IN ('returned', 'cancelled') DO NOTHING",
    )
    .bind(id)
    .bind(new.purpose)
    .bind(new.subject_id)
    .bind(new.iban)
    .bind(new.name)
    .bind(new.amount)
    .bind(new.remittance)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

pub async fn living(conn: &mut Conn, purpose: Purpose, subject_id: &str) -> Result<Option<Transfer>, sqlx::Error> {
    sqlx::query_as(
        "SELECT * FROM transfers WHERE purpose = $1 AND subject_id = $2 AND state NOT IN ('returned', 'cancelled')",
    )
    .bind(purpose)
    .bind(subject_id)
    .fetch_optional(conn)
    .await
}

pub async fn of_subject(conn: &mut Conn, subject_id: &str) -> Result<Vec<Transfer>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM transfers WHERE subject_id = $1 ORDER BY created_at DESC, id DESC")
        .bind(subject_id)
        .fetch_all(conn)
        .await
}

pub async fn by_id(conn: &mut Conn, id: &str) -> Result<Option<Transfer>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM transfers WHERE id = $1").bind(id).fetch_optional(conn).await
}

pub async fn lock(tx: &mut Tx, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE transfers SET id = id WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(())
}

pub async fn set_owed(tx: &mut Tx, id: &str, project_id: &str, owed_to: &str, fee: Cents) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE transfers SET project_id = $2, organisation_id = $3, fee_cents = $4 WHERE id = $1 AND state = 'planned'",
    )
    .bind(id)
    .bind(project_id)
    .bind(owed_to)
    .bind(fee)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn in_state(conn: &mut Conn, state: TransferState) -> Result<Vec<Transfer>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM transfers WHERE state = $1 ORDER BY created_at, id").bind(state).fetch_all(conn).await
}

pub async fn move_to(
    tx: &mut Tx,
    id: &str,
    from: TransferState,
    to: TransferState,
    finished_at: Option<Timestamp>,
) -> Result<bool, sqlx::Error> {
    if !step(tx, id, from, to).await? {
        return Ok(false);
    }
    sqlx::query("UPDATE transfers SET finished_at = $2 WHERE id = $1")
        .bind(id)
        .bind(finished_at)
        .execute(&mut **tx)
        .await?;
    Ok(true)
}

/// Notes the line that shows it, once.
pub async fn set_line(tx: &mut Tx, id: &str, line_id: &str) -> Result<bool, sqlx::Error> {
    let set = sqlx::query("UPDATE transfers SET line_id = $2 WHERE id = $1 AND line_id IS NULL")
        .bind(id)
        .bind(line_id)
        .execute(&mut **tx)
        .await?;
    Ok(set.rows_affected() == 1)
}

pub async fn returned(tx: &mut Tx, id: &str, line_id: &str, reason: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    if !step(tx, id, TransferState::Confirmed, TransferState::Returned).await? {
        return Ok(false);
    }
    sqlx::query("UPDATE transfers SET return_line_id = $2, return_reason = $3, finished_at = $4 WHERE id = $1")
        .bind(id)
        .bind(line_id)
        .bind(reason)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(true)
}

pub async fn put_into(tx: &mut Tx, id: &str, batch_id: &str) -> Result<bool, sqlx::Error> {
    if !step(tx, id, TransferState::Planned, TransferState::Batched).await? {
        return Ok(false);
    }
    sqlx::query("UPDATE transfers SET batch_id = $2 WHERE id = $1").bind(id).bind(batch_id).execute(&mut **tx).await?;
    Ok(true)
}

pub async fn take_out(tx: &mut Tx, id: &str) -> Result<bool, sqlx::Error> {
    if !step(tx, id, TransferState::Batched, TransferState::Planned).await? {
        return Ok(false);
    }
    sqlx::query("UPDATE transfers SET batch_id = NULL WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(true)
}

pub async fn in_batch(conn: &mut Conn, batch_id: &str) -> Result<Vec<Transfer>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM transfers WHERE batch_id = $1 ORDER BY id").bind(batch_id).fetch_all(conn).await
}

/// Transfers of a batch that no statement has shown yet.
pub async fn open_in_batch(conn: &mut Conn, batch_id: &str) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) =
        sqlx::query_as("SELECT COUNT(*) FROM transfers WHERE batch_id = $1 AND state NOT IN ('confirmed', 'returned')")
            .bind(batch_id)
            .fetch_one(conn)
            .await?;
    Ok(count)
}

pub async fn insert_batch(
    tx: &mut Tx,
    id: &str,
    transfers: i64,
    amount: Cents,
    by: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO transfer_batches (id, state, transfers, amount_cents, execution_day, proposed_by, proposed_at)
         VALUES ($1, 'proposed', $2, $3, '', $4, $5)",
    )
    .bind(id)
    .bind(transfers)
    .bind(amount)
    .bind(by)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn lock_batch(tx: &mut Tx, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE transfer_batches SET id = id WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(())
}

pub async fn batch(conn: &mut Conn, id: &str) -> Result<Option<Batch>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM transfer_batches WHERE id = $1").bind(id).fetch_optional(conn).await
}

pub async fn batches(conn: &mut Conn, limit: i64) -> Result<Vec<Batch>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM transfer_batches ORDER BY proposed_at DESC, id DESC LIMIT $1")
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub async fn approved(tx: &mut Tx, id: &str, by: &str, day: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    // the table wants these facts with the new state
    let noted = sqlx::query(
        "UPDATE transfer_batches SET approved_by = $2, execution_day = $3, approved_at = $4
         WHERE id = $1 AND state = 'proposed'",
    )
    .bind(id)
    .bind(by)
    .bind(day)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(noted.rows_affected() == 1 && step(tx, id, BatchState::Proposed, BatchState::Approved).await?)
}

/// Answers whether this was the first time.
pub async fn downloaded(tx: &mut Tx, id: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE transfer_batches SET downloaded_at = $2 WHERE id = $1 AND downloaded_at IS NULL AND state = 'approved'",
    )
    .bind(id)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn batch_sent(tx: &mut Tx, id: &str, by: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    if !step(tx, id, BatchState::Approved, BatchState::Sent).await? {
        return Ok(false);
    }
    sqlx::query("UPDATE transfer_batches SET sent_by = $2, sent_at = $3 WHERE id = $1")
        .bind(id)
        .bind(by)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(true)
}

/// Only while nobody can have brought the file to the bank.
pub async fn batch_withdrawn(tx: &mut Tx, batch: &Batch, now: Timestamp) -> Result<bool, sqlx::Error> {
    let ended = sqlx::query(
        "UPDATE transfer_batches SET finished_at = $3
         WHERE id = $1 AND state = $2 AND (state = 'proposed' OR downloaded_at IS NULL)",
    )
    .bind(&batch.id)
    .bind(batch.state)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(ended.rows_affected() == 1 && step(tx, &batch.id, batch.state, BatchState::Withdrawn).await?)
}

pub async fn batch_confirmed(tx: &mut Tx, id: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    if !step(tx, id, BatchState::Sent, BatchState::Confirmed).await? {
        return Ok(false);
    }
    sqlx::query("UPDATE transfer_batches SET finished_at = $2 WHERE id = $1")
        .bind(id)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(true)
}

/// Transfers that a statement shows: id, the line by which it left, the line by which it came back; empty where there is none.
pub async fn shown(conn: &mut Conn) -> Result<Vec<(String, String, String)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, COALESCE(line_id, ''), COALESCE(return_line_id, '') FROM transfers
         WHERE line_id IS NOT NULL OR return_line_id IS NOT NULL",
    )
    .fetch_all(conn)
    .await
}

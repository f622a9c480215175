//! SQL of statements and their lines.

pub mod personal;
pub mod uploads;

use crate::features::bank::{BankLine, LineState, Statement};
use crate::infra::bank::{Direction, Head, Line};
use crate::infra::db::life_cycle::step;
use crate::infra::db::{Conn, Tx};
use crate::values::{Cents, Timestamp};

/// What is written of a statement besides its head.
pub struct Origin<'a> {
    pub file_hash: &'a str,
    pub file_name: &'a str,
    pub by: &'a str,
}

pub async fn insert_statement(
    tx: &mut Tx,
    id: &str,
    key: &str,
    head: &Head,
    origin: &Origin<'_>,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let inserted = sqlx::query(
        "INSERT INTO bank_statements (id, key, file_hash, file_name, message_id, statement_id, number, iban, opened_on,
             opening_cents, closed_on, closing_cents, lines, imported_by, begun_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, $13, $14) ON CONFLICT (key) DO NOTHING",
    )
    .bind(id)
    .bind(key)
    .bind(origin.file_hash)
    .bind(origin.file_name)
    .bind(&head.message_id)
    .bind(&head.id)
    .bind(&head.number)
    .bind(&head.iban)
    .bind(&head.opening.day)
    .bind(head.opening.amount)
    .bind(&head.closing.day)
    .bind(head.closing.amount)
    .bind(origin.by)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

pub async fn statement_by_key(conn: &mut Conn, key: &str) -> Result<Option<Statement>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM bank_statements WHERE key = $1").bind(key).fetch_optional(conn).await
}

pub async fn statement(conn: &mut Conn, id: &str) -> Result<Option<Statement>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM bank_statements WHERE id = $1").bind(id).fetch_optional(conn).await
}

/// How many statements of the account there are, this one included.
pub async fn count_statements(conn: &mut Conn, iban: &str) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) =
        sqlx::query_as("SELECT COUNT(*) FROM bank_statements WHERE iban = $1").bind(iban).fetch_one(conn).await?;
    Ok(count)
}

pub async fn finish_statement(tx: &mut Tx, id: &str, lines: i64, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE bank_statements SET lines = $2, finished_at = $3 WHERE id = $1 AND finished_at IS NULL")
        .bind(id)
        .bind(lines)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The statement with the last closing balance.
pub async fn latest(conn: &mut Conn, iban: &str) -> Result<Option<Statement>, sqlx::Error> {
    sqlx::query_as(
        "SELECT * FROM bank_statements WHERE iban = $1 AND finished_at IS NOT NULL
         ORDER BY closed_on DESC, begun_at DESC, id DESC LIMIT 1",
    )
    .bind(iban)
    .fetch_optional(conn)
    .await
}

pub async fn statements(conn: &mut Conn, limit: i64, offset: i64) -> Result<Vec<Statement>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM bank_statements ORDER BY closed_on DESC, begun_at DESC, id DESC LIMIT $1 OFFSET $2")
        .bind(limit)
        .bind(offset)
        .fetch_all(conn)
        .await
}

/// Writes a line; answers `false` when it is known. It begins as matched with nothing open: whoever places it says what it is.
pub async fn insert_line(
    tx: &mut Tx,
    id: &str,
    statement_id: &str,
    key: &str,
    line: &Line,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let inserted = sqlx::query(
        "INSERT INTO bank_lines (id, statement_id, key, direction, amount_cents, open_cents, is_reversal, is_return, booked_on,
             booked_at, bank_reference, end_to_end_id, name, iban, reference, remittance, state, created_at)
         VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 'matched', $16)
         ON CONFLICT (key) DO NOTHING",
    )
    .bind(id)
    .bind(statement_id)
    .bind(key)
    .bind(line.direction.unwrap_or(Direction::In))
    .bind(line.amount)
    .bind(i16::from(line.is_reversal))
    .bind(i16::from(line.is_return))
    .bind(&line.booked_on)
    .bind(line.booked_at)
    .bind(&line.bank_reference)
    .bind(&line.end_to_end_id)
    .bind(&line.name)
    .bind(&line.iban)
    .bind(&line.reference)
    .bind(&line.remittance)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

pub async fn line(conn: &mut Conn, id: &str) -> Result<Option<BankLine>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM bank_lines WHERE id = $1").bind(id).fetch_optional(conn).await
}

/// Locks a line for the rest of the transaction.
pub async fn lock(tx: &mut Tx, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE bank_lines SET id = id WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(())
}

/// Changes what a line is; answers whether it was in the state it should come from.
pub async fn set(
    tx: &mut Tx,
    id: &str,
    from: LineState,
    to: LineState,
    open: Cents,
    pledge_id: Option<&str>,
) -> Result<bool, sqlx::Error> {
    if from != to && !step(tx, id, from, to).await? {
        return Ok(false);
    }
    let set = sqlx::query(
        "UPDATE bank_lines SET open_cents = $3, pledge_id = COALESCE($4, pledge_id) WHERE id = $1 AND state = $2",
    )
    .bind(id)
    .bind(to)
    .bind(open)
    .bind(pledge_id)
    .execute(&mut **tx)
    .await?;
    Ok(set.rows_affected() == 1)
}

/// The lines that are parts of a pledge and wait for the rest.
pub async fn parts_of(conn: &mut Conn, pledge_id: &str) -> Result<Vec<BankLine>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM bank_lines WHERE pledge_id = $1 AND state = 'partial' ORDER BY id")
        .bind(pledge_id)
        .fetch_all(conn)
        .await
}

/// All lines of a pledge, the largest first.
pub async fn of_pledge(conn: &mut Conn, pledge_id: &str) -> Result<Vec<BankLine>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM bank_lines WHERE pledge_id = $1 ORDER BY amount_cents DESC, id")
        .bind(pledge_id)
        .fetch_all(conn)
        .await
}

/// Payments that came in and that a reversal of this amount may take back: by end-to-end id or the bank's reference, the newest first.
pub async fn reversible(
    conn: &mut Conn,
    amount: Cents,
    end_to_end_id: &str,
    bank_reference: &str,
) -> Result<Vec<BankLine>, sqlx::Error> {
    sqlx::query_as(
        "SELECT * FROM bank_lines WHERE direction = 'in' AND is_reversal = 0 AND is_return = 0 AND amount_cents = $1
             AND ((end_to_end_id = $2 AND end_to_end_id <> '') OR (bank_reference = $3 AND bank_reference <> ''))
             AND state IN ('matched', 'partial', 'open') ORDER BY id DESC LIMIT 20",
    )
    .bind(amount)
    .bind(end_to_end_id)
    .bind(bank_reference)
    .fetch_all(conn)
    .await
}

pub async fn of_statement(
    conn: &mut Conn,
    statement_id: &str,
    limit: i64,
    offset: i64,
) -> Result<Vec<BankLine>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM bank_lines WHERE statement_id = $1 ORDER BY id LIMIT $2 OFFSET $3")
        .bind(statement_id)
        .bind(limit)
        .bind(offset)
        .fetch_all(conn)
        .await
}

pub async fn count_of_statement(conn: &mut Conn, statement_id: &str) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM bank_lines WHERE statement_id = $1")
        .bind(statement_id)
        .fetch_one(conn)
        .await?;
    Ok(count)
}

/// Lines that wait for people or for the rest of a pledge, the oldest first.
pub async fn waiting(conn: &mut Conn, limit: i64) -> Result<Vec<BankLine>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM bank_lines WHERE state IN ('partial', 'open', 'returning') ORDER BY id LIMIT $1")
        .bind(limit)
        .fetch_all(conn)
        .await
}

pub async fn counts(conn: &mut Conn) -> Result<Vec<(LineState, i64, Cents)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT state, COUNT(*), CAST(COALESCE(SUM(open_cents), 0) AS BIGINT) FROM bank_lines GROUP BY state ORDER BY state",
    )
    .fetch_all(conn)
    .await
}

/// The lines booked on a day.
pub async fn booked_on(conn: &mut Conn, day: &str) -> Result<Vec<BankLine>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM bank_lines WHERE booked_on = $1 ORDER BY id").bind(day).fetch_all(conn).await
}

pub async fn line_ids(conn: &mut Conn) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as("SELECT id FROM bank_lines").fetch_all(conn).await
}

/// The statements of an account that are imported, in the order of their days.
pub async fn in_order(conn: &mut Conn, iban: &str) -> Result<Vec<Statement>, sqlx::Error> {
    sqlx::query_as(
        "SELECT * FROM bank_statements WHERE iban = $1 AND finished_at IS NOT NULL ORDER BY closed_on, begun_at, id",
    )
    .bind(iban)
    .fetch_all(conn)
    .await
}

//! SQL of papers and their numbers.

pub mod personal;

use crate::features::receipts::{Document, DocumentKind};
use crate::infra::db::{Conn, Tx};

/// Locks the counter of a kind and year for the rest of the transaction, making it where it is not there yet.
pub async fn lock_counter(tx: &mut Tx, kind: DocumentKind, year: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO document_numbers (kind, year, last) VALUES ($1, $2, 0) ON CONFLICT (kind, year) DO NOTHING",
    )
    .bind(kind)
    .bind(year)
    .execute(&mut **tx)
    .await?;
    sqlx::query("UPDATE document_numbers SET last = last WHERE kind = $1 AND year = $2")
        .bind(kind)
        .bind(year)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The next number of a counter that is locked.
pub async fn next(tx: &mut Tx, kind: DocumentKind, year: i64) -> Result<i64, sqlx::Error> {
    let (last,): (i64,) =
        sqlx::query_as("UPDATE document_numbers SET last = last + 1 WHERE kind = $1 AND year = $2 RETURNING last")
            .bind(kind)
            .bind(year)
            .fetch_one(&mut **tx)
            .await?;
    Ok(last)
}

pub async fn insert(tx: &mut Tx, document: &Document) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO documents (id, kind, year, seq, number, user_id, pledge_id, cause_id, corrects_id, amount_cents,
             issued_at, facts, sha256)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(&document.id)
    .bind(document.kind)
    .bind(document.year)
    .bind(document.seq)
    .bind(&document.number)
    .bind(&document.user_id)
    .bind(document.pledge_id.as_deref())
    .bind(&document.cause_id)
    .bind(document.corrects_id.as_deref())
    .bind(document.amount)
    .bind(document.issued_at)
    .bind(&document.facts)
    .bind(&document.sha256)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn by_cause(conn: &mut Conn, kind: DocumentKind, cause_id: &str) -> Result<Option<Document>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM documents WHERE kind = $1 AND cause_id = $2")
        .bind(kind)
        .bind(cause_id)
        .fetch_optional(conn)
        .await
}

pub async fn by_number(conn: &mut Conn, number: &str) -> Result<Option<Document>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM documents WHERE number = $1").bind(number).fetch_optional(conn).await
}

/// The papers about a pledge, oldest first.
pub async fn of_pledge(conn: &mut Conn, pledge_id: &str) -> Result<Vec<Document>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM documents WHERE pledge_id = $1 ORDER BY issued_at, id")
        .bind(pledge_id)
        .fetch_all(conn)
        .await
}

/// A person's papers of all kinds, newest first.
pub async fn all_of_user(conn: &mut Conn, user_id: &str, limit: i64) -> Result<Vec<Document>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM documents WHERE user_id = $1 ORDER BY issued_at DESC, id DESC LIMIT $2")
        .bind(user_id)
        .bind(limit)
        .fetch_all(conn)
        .await
}

/// A person's papers of one kind, oldest first.
pub async fn of_user(conn: &mut Conn, user_id: &str, kind: DocumentKind) -> Result<Vec<Document>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM documents WHERE user_id = $1 AND kind = $2 ORDER BY issued_at, id")
        .bind(user_id)
        .bind(kind)
        .fetch_all(conn)
        .await
}

/// Each counter with the papers it numbered: kind, year, the counter, how many papers, their lowest and highest number.
pub async fn against_counters(conn: &mut Conn) -> Result<Vec<(DocumentKind, i64, i64, i64, i64, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT n.kind, n.year, n.last, COUNT(d.id), CAST(COALESCE(MIN(d.seq), 1) AS BIGINT),
             CAST(COALESCE(MAX(d.seq), 0) AS BIGINT)
         FROM document_numbers n LEFT JOIN documents d ON d.kind = n.kind AND d.year = n.year
         GROUP BY n.kind, n.year, n.last ORDER BY n.kind, n.year",
    )
    .fetch_all(conn)
    .await
}

/// Numbers of papers that no counter gave.
pub async fn uncounted(conn: &mut Conn) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT d.number FROM documents d LEFT JOIN document_numbers n ON n.kind = d.kind AND n.year = d.year
         WHERE n.kind IS NULL ORDER BY d.number",
    )
    .fetch_all(conn)
    .await
}

/// Pledges with more than one receipt or invoice.
pub async fn doubled(conn: &mut Conn) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT pledge_id FROM documents WHERE kind IN ('gift_receipt', 'invoice')
         GROUP BY pledge_id HAVING COUNT(*) > 1",
    )
    .fetch_all(conn)
    .await
}

/// Receipts and invoices from which more was taken back than they say.
pub async fn overdrawn(conn: &mut Conn) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT d.number FROM documents d JOIN documents c ON c.corrects_id = d.id AND c.kind IN ('credit_note', 'withdrawal')
         GROUP BY d.id, d.number, d.amount_cents HAVING SUM(c.amount_cents) > d.amount_cents",
    )
    .fetch_all(conn)
    .await
}

/// Some papers in the order of their ids, after one of them.
pub async fn after(conn: &mut Conn, id: &str, limit: i64) -> Result<Vec<Document>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM documents WHERE id > $1 ORDER BY id LIMIT $2")
        .bind(id)
        .bind(limit)
        .fetch_all(conn)
        .await
}

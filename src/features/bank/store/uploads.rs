//! SQL of files that were handed in on the page.

use crate::features::bank::Imported;
use crate::features::bank::uploads::Upload;
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

pub async fn insert(tx: &mut Tx, upload: &Upload) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO bank_uploads (id, file_name, uploaded_by, uploaded_at, rows_total, rows_done, heads_done, statements,
             known_statements, lines, known_lines, matched, waiting)
         VALUES ($1, $2, $3, $4, $5, 0, 0, 0, 0, 0, 0, 0, 0)",
    )
    .bind(&upload.id)
    .bind(&upload.file_name)
    .bind(&upload.uploaded_by)
    .bind(upload.uploaded_at)
    .bind(upload.rows_total)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn find(conn: &mut Conn, id: &str) -> Result<Option<Upload>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM bank_uploads WHERE id = $1").bind(id).fetch_optional(conn).await
}

/// The newest ones.
pub async fn latest(conn: &mut Conn, limit: i64) -> Result<Vec<Upload>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM bank_uploads ORDER BY uploaded_at DESC, id DESC LIMIT $1")
        .bind(limit)
        .fetch_all(conn)
        .await
}

/// Writes down how far a file is; answers `false` when somebody else went on with it since `from`: statements begun and payments done.
pub async fn note(
    tx: &mut Tx,
    id: &str,
    from: (i64, i64),
    (heads, rows): (i64, i64),
    done: &Imported,
) -> Result<bool, sqlx::Error> {
    let noted = sqlx::query(
        "UPDATE bank_uploads SET heads_done = $4, rows_done = $5, statements = $6, known_statements = $7, lines = $8,
             known_lines = $9, matched = $10, waiting = $11
         WHERE id = $1 AND heads_done = $2 AND rows_done = $3 AND finished_at IS NULL",
    )
    .bind(id)
    .bind(from.0)
    .bind(from.1)
    .bind(heads)
    .bind(rows)
    .bind(done.statements)
    .bind(done.known_statements)
    .bind(done.lines)
    .bind(done.known_lines)
    .bind(done.matched)
    .bind(done.waiting)
    .execute(&mut **tx)
    .await?;
    Ok(noted.rows_affected() == 1)
}

pub async fn finish(tx: &mut Tx, id: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE bank_uploads SET finished_at = $2 WHERE id = $1 AND finished_at IS NULL")
        .bind(id)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

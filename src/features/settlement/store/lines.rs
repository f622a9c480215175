//! SQL of the lines of a settlement: frozen, carried out or left aside, and how far they are.

use sqlx::FromRow;

use crate::features::settlement::{Effect, LinePlan};
use crate::infra::db::{Conn, Tx, bulk};
use crate::values::{Cents, Timestamp};

/// A frozen line that waits for the job.
#[derive(Debug, Clone, FromRow)]
pub struct Waiting {
    pub pledge_id: String,
    pub project_id: String,
    pub effect: Effect,
    #[sqlx(rename = "amount_cents")]
    pub amount: Cents,
    #[sqlx(rename = "start_cents")]
    pub start: Cents,
    #[sqlx(rename = "result_cents")]
    pub result: Cents,
}

pub async fn freeze_line(tx: &mut Tx, settlement_id: &str, line: &LinePlan) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO settlement_lines (settlement_id, pledge_id, project_id, effect, amount_cents, start_cents,
             result_cents, fault) VALUES ($1, $2, $3, $4, $5, $6, $7, '')",
    )
    .bind(settlement_id)
    .bind(&line.pledge_id)
    .bind(&line.project_id)
    .bind(line.effect)
    .bind(line.amount)
    .bind(line.start)
    .bind(line.result)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The next lines to carry out, those of one project together.
pub async fn waiting(conn: &mut Conn, settlement_id: &str, limit: i64) -> Result<Vec<Waiting>, sqlx::Error> {
    sqlx::query_as(
        "SELECT pledge_id, project_id, effect, amount_cents, start_cents, result_cents FROM settlement_lines
         WHERE settlement_id = $1 AND done_at IS NULL AND fault = '' ORDER BY project_id, pledge_id LIMIT $2",
    )
    .bind(settlement_id)
    .bind(limit)
    .fetch_all(conn)
    .await
}

/// Ends lines; answers whether all of them were still waiting.
pub async fn lines_done(
    tx: &mut Tx,
    settlement_id: &str,
    pledge_ids: &[&str],
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    // with the bare column SQLite would go through all lines that wait
    let text = "UPDATE settlement_lines SET done_at = $2
                WHERE settlement_id || '' = $1 AND done_at IS NULL AND pledge_id IN";
    let done = bulk::update(tx, text, &[settlement_id.into(), now.to_string().into()], pledge_ids).await?;
    Ok(usize::try_from(done) == Ok(pledge_ids.len()))
}

/// Leaves a line aside, with the reason.
pub async fn line_aside(tx: &mut Tx, settlement_id: &str, pledge_id: &str, fault: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE settlement_lines SET fault = $3 WHERE settlement_id = $1 AND pledge_id = $2 AND done_at IS NULL",
    )
    .bind(settlement_id)
    .bind(pledge_id)
    .bind(fault)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Ends the lines left aside whose pledge went back another way, by a dispute. They keep their reason. Answers how many.
pub async fn end_aside(tx: &mut Tx, settlement_id: &str, now: Timestamp) -> Result<i64, sqlx::Error> {
    let ended = sqlx::query(
        "UPDATE settlement_lines SET done_at = $2 WHERE settlement_id = $1 AND done_at IS NULL AND fault <> ''
           AND pledge_id IN (SELECT id FROM pledges WHERE state IN ('refunding', 'refunded'))",
    )
    .bind(settlement_id)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(i64::try_from(ended.rows_affected()).unwrap_or(i64::MAX))
}

/// Takes up again what was left aside.
pub async fn clear_faults(tx: &mut Tx, settlement_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE settlement_lines SET fault = '' WHERE settlement_id = $1 AND done_at IS NULL AND fault <> ''")
        .bind(settlement_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Lines not yet carried out, those left aside included.
pub async fn undone(conn: &mut Conn, settlement_id: &str) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) =
        sqlx::query_as("SELECT COUNT(*) FROM settlement_lines WHERE settlement_id = $1 AND done_at IS NULL")
            .bind(settlement_id)
            .fetch_one(conn)
            .await?;
    Ok(count)
}

/// Per effect: planned, done, cents planned, cents done.
pub async fn line_sums(
    conn: &mut Conn,
    settlement_id: &str,
) -> Result<Vec<(Effect, i64, i64, Cents, Cents)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT effect, COUNT(*), COUNT(done_at), CAST(COALESCE(SUM(amount_cents), 0) AS BIGINT),
             CAST(COALESCE(SUM(CASE WHEN done_at IS NULL THEN 0 ELSE amount_cents END), 0) AS BIGINT)
         FROM settlement_lines WHERE settlement_id = $1 GROUP BY effect ORDER BY effect",
    )
    .bind(settlement_id)
    .fetch_all(conn)
    .await
}

pub async fn done_since(conn: &mut Conn, settlement_id: &str, since: Timestamp) -> Result<i64, sqlx::Error> {
    let (count,): (i64,) =
        sqlx::query_as("SELECT COUNT(*) FROM settlement_lines WHERE settlement_id = $1 AND done_at > $2")
            .bind(settlement_id)
            .bind(since)
            .fetch_one(conn)
            .await?;
    Ok(count)
}

/// What was left aside: reason, count, cents.
pub async fn faults(conn: &mut Conn, settlement_id: &str) -> Result<Vec<(String, i64, Cents)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT fault, COUNT(*), CAST(COALESCE(SUM(amount_cents), 0) AS BIGINT) FROM settlement_lines
         WHERE settlement_id = $1 AND done_at IS NULL AND fault <> '' GROUP BY fault ORDER BY fault",
    )
    .bind(settlement_id)
    .fetch_all(conn)
    .await
}

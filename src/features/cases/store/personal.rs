//! SQL of cases whose time is over.

use crate::infra::db::Tx;
use crate::values::Timestamp;

pub async fn forget_old(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, sqlx::Error> {
    let forgotten = sqlx::query(
        "UPDATE cases SET detail = '', reason = '' WHERE id IN (
             SELECT id FROM cases WHERE state = 'closed' AND closed_at < $1 AND (detail <> '' OR reason <> '')
             ORDER BY id LIMIT $2)",
    )
    .bind(before)
    .bind(limit)
    .execute(&mut **tx)
    .await?;
    Ok(forgotten.rows_affected())
}

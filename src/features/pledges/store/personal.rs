//! SQL of what pledges say of their backers. A purchase keeps a dash where a company stood: the table asks for something there.

use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

/// Of each project that somebody backed: id and slug.
pub async fn projects(conn: &mut Conn, user_id: &str) -> Result<Vec<(String, String)>, sqlx::Error> {
    sqlx::query_as("SELECT id, slug FROM projects WHERE id IN (SELECT project_id FROM pledges WHERE user_id = $1)")
        .bind(user_id)
        .fetch_all(conn)
        .await
}

pub async fn lock_all(tx: &mut Tx, user_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE pledges SET id = id WHERE user_id = $1").bind(user_id).execute(&mut **tx).await?;
    Ok(())
}

pub async fn forget(tx: &mut Tx, user_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE pledges SET name = '', anonymous = 1, updates = 0, request_hash = '' WHERE user_id = $1")
        .bind(user_id)
        .execute(&mut **tx)
        .await?;
    sqlx::query(
        "UPDATE pledges SET company_name = '', kvk_number = '', vat_id = '', contract_reference = '', po_number = '',
             address = '', postcode = '', city = ''
         WHERE user_id = $1 AND kind = 'gift'",
    )
    .bind(user_id)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn forget_unpaid(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, sqlx::Error> {
    let forgotten = sqlx::query(
        "UPDATE pledges SET name = '', anonymous = 1, request_hash = '', kvk_number = '', vat_id = '', contract_reference = '',
             po_number = '', address = '', postcode = '', city = '',
             company_name = CASE WHEN kind = 'gift' THEN '' ELSE '-' END
         WHERE id IN (
             SELECT id FROM pledges WHERE state = 'expired' AND held_at IS NULL AND expires_at < $1
                 AND (name <> '' OR request_hash <> '' OR company_name NOT IN ('', '-'))
             ORDER BY id LIMIT $2)",
    )
    .bind(before)
    .bind(limit)
    .execute(&mut **tx)
    .await?;
    Ok(forgotten.rows_affected())
}

pub async fn forget_paid(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64, sqlx::Error> {
    let forgotten = sqlx::query(
        "UPDATE pledges SET name = '', anonymous = 1, request_hash = '', kvk_number = '', vat_id = '', contract_reference = '',
             po_number = '', address = '', postcode = '', city = '',
             company_name = CASE WHEN kind = 'gift' THEN '' ELSE '-' END
         WHERE id IN (
             SELECT p.id FROM pledges p WHERE p.state IN ('released', 'refunded', 'expired') AND p.created_at < $1
                 AND (p.name <> '' OR p.request_hash <> '' OR p.company_name NOT IN ('', '-'))
                 AND NOT EXISTS (SELECT 1 FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
                     WHERE e.pledge_id = p.id AND t.recorded_at >= $1)
             ORDER BY p.id LIMIT $2)",
    )
    .bind(before)
    .bind(limit)
    .execute(&mut **tx)
    .await?;
    Ok(forgotten.rows_affected())
}

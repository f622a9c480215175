//! SQL of tables of building blocks and of statements.

pub mod personal;

use crate::features::social_return::tables::Outline;
use crate::features::social_return::{Block, Statement, Table, TableState};
use crate::infra::db::life_cycle::step;
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

/// By region, the newest version of each first.
pub async fn tables(conn: &mut Conn) -> Result<Vec<Table>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM credit_tables ORDER BY region, valid_from DESC, id").fetch_all(conn).await
}

pub async fn table(conn: &mut Conn, id: &str) -> Result<Option<Table>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM credit_tables WHERE id = $1").bind(id).fetch_optional(conn).await
}

pub async fn blocks(conn: &mut Conn, table_id: &str) -> Result<Vec<Block>, sqlx::Error> {
    sqlx::query_as(
        "SELECT code, name_nl, name_en, unit, credit_cents, percent, for_rikx FROM credit_blocks
         WHERE table_id = $1 ORDER BY position",
    )
    .bind(table_id)
    .fetch_all(conn)
    .await
}

pub async fn lock_table(tx: &mut Tx, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE credit_tables SET id = id WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(())
}

/// Answers `false` when the region has a version of that day.
pub async fn insert_table(tx: &mut Tx, id: &str, outline: &Outline, now: Timestamp) -> Result<bool, sqlx::Error> {
    let made = sqlx::query(
        "INSERT INTO credit_tables (id, region, name_nl, name_en, valid_from, source, example, state, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'draft', $8) ON CONFLICT (region, valid_from) DO NOTHING",
    )
    .bind(id)
    .bind(&outline.region)
    .bind(&outline.name_nl)
    .bind(&outline.name_en)
    .bind(&outline.valid_from)
    .bind(&outline.source)
    .bind(i16::from(outline.is_example))
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(made.rows_affected() == 1)
}

/// Changes a draft. Answers `false` when the region has another version of that day.
pub async fn change_table(tx: &mut Tx, id: &str, outline: &Outline) -> Result<bool, sqlx::Error> {
    let (others,): (i64,) =
        sqlx::query_as("SELECT COUNT(*) FROM credit_tables WHERE region = $1 AND valid_from = $2 AND id <> $3")
            .bind(&outline.region)
            .bind(&outline.valid_from)
            .bind(id)
            .fetch_one(&mut **tx)
            .await?;
    if others > 0 {
        return Ok(false);
    }
    let changed = sqlx::query(
        "UPDATE credit_tables SET region = $2, name_nl = $3, name_en = $4, valid_from = $5, source = $6, example = $7
         WHERE id = $1 AND state = 'draft'",
    )
    .bind(id)
    .bind(&outline.region)
    .bind(&outline.name_nl)
    .bind(&outline.name_en)
    .bind(&outline.valid_from)
    .bind(&outline.source)
    .bind(i16::from(outline.is_example))
    .execute(&mut **tx)
    .await?;
    Ok(changed.rows_affected() == 1)
}

/// Forgets the blocks of a draft, to write others in their place.
pub async fn clear_blocks(tx: &mut Tx, table_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM credit_blocks WHERE table_id = $1").bind(table_id).execute(&mut **tx).await?;
    Ok(())
}

pub async fn insert_block(tx: &mut Tx, table_id: &str, position: i64, block: &Block) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO credit_blocks (table_id, position, code, name_nl, name_en, unit, credit_cents, percent, for_rikx)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(table_id)
    .bind(position)
    .bind(&block.code)
    .bind(&block.name_nl)
    .bind(&block.name_en)
    .bind(block.unit)
    .bind(block.credit)
    .bind(block.percent)
    .bind(block.for_rikx)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn move_to(tx: &mut Tx, id: &str, from: TableState, to: TableState) -> Result<bool, sqlx::Error> {
    step(tx, id, from, to).await
}

/// Locks the counter of a year for the rest of the transaction, making it where it is not there yet.
pub async fn lock_counter(tx: &mut Tx, year: i64) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO statement_numbers (year, last) VALUES ($1, 0) ON CONFLICT (year) DO NOTHING")
        .bind(year)
        .execute(&mut **tx)
        .await?;
    sqlx::query("UPDATE statement_numbers SET last = last WHERE year = $1").bind(year).execute(&mut **tx).await?;
    Ok(())
}

/// The next number of a counter that is locked.
pub async fn next(tx: &mut Tx, year: i64) -> Result<i64, sqlx::Error> {
    let (last,): (i64,) = sqlx::query_as("UPDATE statement_numbers SET last = last + 1 WHERE year = $1 RETURNING last")
        .bind(year)
        .fetch_one(&mut **tx)
        .await?;
    Ok(last)
}

pub async fn insert(tx: &mut Tx, statement: &Statement) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO credit_statements (id, kind, year, seq, number, code, pledge_id, replaces_id, kept_cents, issued_at,
             facts, sha256)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(&statement.id)
    .bind(statement.kind)
    .bind(statement.year)
    .bind(statement.seq)
    .bind(&statement.number)
    .bind(&statement.code)
    .bind(&statement.pledge_id)
    .bind(statement.replaces_id.as_deref())
    .bind(statement.kept)
    .bind(statement.issued_at)
    .bind(&statement.facts)
    .bind(&statement.sha256)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Each replaces the one before it; numbers of later years are larger too.
pub async fn of_pledge(conn: &mut Conn, pledge_id: &str) -> Result<Vec<Statement>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM credit_statements WHERE pledge_id = $1 ORDER BY year, seq")
        .bind(pledge_id)
        .fetch_all(conn)
        .await
}

pub async fn by_code(conn: &mut Conn, code: &str) -> Result<Option<Statement>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM credit_statements WHERE code = $1").bind(code).fetch_optional(conn).await
}

pub async fn region_of(conn: &mut Conn, pledge_id: &str) -> Result<Option<String>, sqlx::Error> {
    let found: Option<(String,)> = sqlx::query_as("SELECT region FROM purchase_regions WHERE pledge_id = $1")
        .bind(pledge_id)
        .fetch_optional(conn)
        .await?;
    Ok(found.map(|(region,)| region))
}

pub async fn say_region(tx: &mut Tx, pledge_id: &str, region: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO purchase_regions (pledge_id, region, said_at) VALUES ($1, $2, $3) ON CONFLICT (pledge_id) DO NOTHING",
    )
    .bind(pledge_id)
    .bind(region)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    sqlx::query("UPDATE purchase_regions SET region = $2, said_at = $3 WHERE pledge_id = $1")
        .bind(pledge_id)
        .bind(region)
        .bind(now)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Answers `false` when it was noted before.
pub async fn settle(tx: &mut Tx, project_id: &str, now: Timestamp) -> Result<bool, sqlx::Error> {
    let noted = sqlx::query(
        "INSERT INTO verified_projects (project_id, settled_at) VALUES ($1, $2) ON CONFLICT (project_id) DO NOTHING",
    )
    .bind(project_id)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(noted.rows_affected() == 1)
}

pub async fn settled_at(conn: &mut Conn, project_id: &str) -> Result<Option<Timestamp>, sqlx::Error> {
    let found: Option<(Timestamp,)> = sqlx::query_as("SELECT settled_at FROM verified_projects WHERE project_id = $1")
        .bind(project_id)
        .fetch_optional(conn)
        .await?;
    Ok(found.map(|(at,)| at))
}

/// Each counter with the statements it numbered: year, the counter, how many, their lowest and highest number.
pub async fn against_counters(conn: &mut Conn) -> Result<Vec<(i64, i64, i64, i64, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT n.year, n.last, COUNT(c.id), CAST(COALESCE(MIN(c.seq), 1) AS BIGINT), CAST(COALESCE(MAX(c.seq), 0) AS BIGINT)
         FROM statement_numbers n LEFT JOIN credit_statements c ON c.year = n.year GROUP BY n.year, n.last ORDER BY n.year",
    )
    .fetch_all(conn)
    .await
}

/// Some statements in the order of their ids, after one of them.
pub async fn after(conn: &mut Conn, id: &str, limit: i64) -> Result<Vec<Statement>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM credit_statements WHERE id > $1 ORDER BY id LIMIT $2")
        .bind(id)
        .bind(limit)
        .fetch_all(conn)
        .await
}

//! All rows of an installation, from one engine to the other.
//!
//! Who calls this freezes the source first (`db::freeze`), so that what is read stays the last word. The order of work:
//!
//! 1. [`Sides::open`] looks whether the two can be: the same schema, a target without rows.
//! 2. [`Sides::carry_over`] writes all rows in one transaction of the target, which also freezes it. Until that commit the target is
//!    as empty as before, whatever happens; after it nobody can work there until the caller thaws it.
//! 3. [`Sides::compare`] reads the target back as anybody would, and holds it against what was read from the source.
//!
//! The two engines have no order of rows in common without sorting, so a table's fingerprint is the sum of the SHA-256 of its rows: the
//! same rows give the same sum in any order, and one row more, less or other gives another.
//!
//! One of the two is PostgreSQL, which knows everything that is asked of a schema: columns, their types, and which keys wait until
//! the commit. Rows of a table come after those they name. Where a key waits until the commit, the program writes the
//! naming row first (the lines of a ledger transaction before its head, which is refused without them), and so does the copy.

mod rows;
mod writer;

use std::collections::BTreeSet;

use sqlx::migrate::MigrateError;

pub use self::rows::Fingerprint;
use self::writer::Writer;
use super::{Conn, Db, Engine, freeze};

/// Written by the steps of the schema themselves: a target made a moment ago has rows here, and they give way.
const SEEDED: [&str; 2] = ["card_shield", "facts"];
const STEPS: &str = "_sqlx_migrations";

/// Why rows cannot be carried over, or are not what they were.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    #[error("both are the same engine: use `drempel backup` for SQLite, pg_dump for PostgreSQL")]
    SameEngine,
    #[error("there is no database at --from")]
    NoSource,
    #[error("the schema at --from lacks {0} steps: run `drempel migrate` there first")]
    Older(usize),
    #[error("the schema at {0} is newer than this program: use the newer program")]
    Newer(&'static str),
    #[error(
        "--from is frozen: it has moved, or a copy was broken off. `drempel copy --release --from URL` undoes that"
    )]
    Frozen,
    #[error("--to is not empty: its table {0} has rows. Name an empty database")]
    NotEmpty(String),
    #[error("the table {0} is on one side only")]
    OneSided(String),
    #[error("the column {0} is of a type that is not copied")]
    Type(String),
    #[error("the keys of these tables go round in a circle: {0}")]
    Circle(String),
    #[error("the table {table} is not the same on both sides: {from} rows at --from, {to} at --to")]
    Differs { table: String, from: u64, to: u64 },
    #[error("the accounts of the books do not stand the same on both sides")]
    Balances,
    #[error("the schema at --to: {0}")]
    Schema(MigrateError),
    #[error("the table {0}: {1}")]
    Table(String, sqlx::Error),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// A table and what stands in its rows.
#[derive(Debug, Clone)]
struct Table {
    name: String,
    columns: Vec<Column>,
}

#[derive(Debug, Clone)]
struct Column {
    name: String,
    is_number: bool,
}

/// The two databases, and the tables in the order in which they can be written.
pub struct Sides {
    pub from: Db,
    pub to: Db,
    to_url: String,
    tables: Vec<Table>,
}

impl Sides {
    /// Opens both and looks whether rows can be carried over. Gives the target its schema; changes nothing else.
    ///
    /// # Errors
    /// Why not.
    pub async fn open(from: &str, to: &str) -> Result<Sides, CopyError> {
        if from.starts_with("sqlite:") == to.starts_with("sqlite:") {
            return Err(CopyError::SameEngine);
        }
        let source = open_source(from).await?;
        match source.missing_steps().await {
            Ok(0) => {}
            Ok(steps) => return Err(CopyError::Older(steps)),
            Err(MigrateError::VersionMissing(_)) => return Err(CopyError::Newer("--from")),
            Err(_) => return Err(CopyError::NoSource),
        }
        if source.is_frozen().await? {
            return Err(CopyError::Frozen);
        }
        let target = Db::open(to, None).await?;
        target.migrate().await.map_err(|error| match error {
            MigrateError::VersionMissing(_) => CopyError::Newer("--to"),
            other => CopyError::Schema(other),
        })?;
        let tables = agreed(&source, &target).await?;
        let sides = Sides { from: source, to: target, to_url: to.to_owned(), tables };
        sides.expect_nothing_at_the_target().await?;
        Ok(sides)
    }

    async fn expect_nothing_at_the_target(&self) -> Result<(), CopyError> {
        let mut conn = self.to.read().await?;
        for table in self.tables.iter().filter(|table| !SEEDED.contains(&table.name.as_str())) {
            if rows::count(&mut conn, table).await? > 0 {
                return Err(CopyError::NotEmpty(table.name.clone()));
            }
        }
        Ok(())
    }

    /// How many rows there are at the source.
    ///
    /// # Errors
    /// The database.
    pub async fn rows(&self) -> Result<u64, CopyError> {
        let mut conn = self.from.read().await?;
        let mut total = 0;
        for table in &self.tables {
            total += rows::count(&mut conn, table).await?;
        }
        Ok(total)
    }

    /// Writes all rows of the source to the target and leaves the target frozen, all or nothing. Answers what was read, table by
    /// table. `told` hears how many rows are done.
    ///
    /// # Errors
    /// A row that cannot be read or written: then the target is as empty as before.
    pub async fn carry_over(&self, told: impl Fn(u64)) -> Result<Vec<Fingerprint>, CopyError> {
        let mut conn = self.from.read().await?;
        let mut writer = Writer::begin(&self.to_url, &SEEDED).await?;
        let mut prints = Vec::new();
        let mut done = 0;
        for table in &self.tables {
            let failed = |error| CopyError::Table(table.name.clone(), error);
            let print = writer.fill(&mut conn, table, |rows| told(done + rows)).await.map_err(failed)?;
            done += print.rows;
            prints.push(print);
        }
        let mut frozen: Vec<String> = self.tables.iter().map(|table| table.name.clone()).collect();
        frozen.push(STEPS.to_owned());
        writer.commit(&freeze::statements(self.to.engine, &frozen)).await?;
        Ok(prints)
    }

    /// Reads the target back and holds it against what was read from the source, and the sums of the accounts as each engine makes
    /// them against each other.
    ///
    /// # Errors
    /// The first that is not the same.
    pub async fn compare(&self, prints: &[Fingerprint], told: impl Fn(u64)) -> Result<(), CopyError> {
        let mut conn = self.to.read().await?;
        let mut done = 0;
        for (table, was) in self.tables.iter().zip(prints) {
            let failed = |error| CopyError::Table(table.name.clone(), error);
            let is = rows::fingerprint(&mut conn, table, |rows| told(done + rows)).await.map_err(failed)?;
            if is != *was {
                return Err(CopyError::Differs { table: table.name.clone(), from: was.rows, to: is.rows });
            }
            done += is.rows;
        }
        let mut source = self.from.read().await?;
        if balances(&mut conn).await? != balances(&mut source).await? {
            return Err(CopyError::Balances);
        }
        Ok(())
    }

    /// Gives the target's planner what it needs to know of so many new rows.
    ///
    /// # Errors
    /// The database.
    pub async fn settle_in(&self) -> Result<(), CopyError> {
        if self.to.engine == Engine::Postgres {
            let mut conn = self.to.read().await?;
            sqlx::query("ANALYZE").execute(&mut *conn).await?;
        }
        Ok(())
    }
}

/// A database that is there already: opening would make an SQLite file.
///
/// # Errors
/// There is none, or it cannot be opened.
pub async fn open_source(url: &str) -> Result<Db, CopyError> {
    if super::backup::file_of(url).is_ok_and(|file| !file.is_file()) {
        return Err(CopyError::NoSource);
    }
    Ok(Db::open(url, None).await?)
}

/// What stands on each account, as the engine adds it up.
async fn balances(conn: &mut Conn) -> Result<BTreeSet<(String, i64)>, sqlx::Error> {
    let rows: Vec<(String, i64)> =
        sqlx::query_as("SELECT account, CAST(SUM(amount_cents) AS BIGINT) FROM ledger_entries GROUP BY account")
            .fetch_all(conn)
            .await?;
    Ok(rows.into_iter().collect())
}

/// The tables that both have, in the order in which they can be written.
async fn agreed(from: &Db, to: &Db) -> Result<Vec<Table>, CopyError> {
    let mut ours: BTreeSet<String> = freeze::tables(&mut *from.read().await?, from.engine).await?.into_iter().collect();
    let theirs: BTreeSet<String> = freeze::tables(&mut *to.read().await?, to.engine).await?.into_iter().collect();
    if let Some(one_sided) = ours.symmetric_difference(&theirs).next() {
        return Err(CopyError::OneSided(one_sided.clone()));
    }
    ours.remove(STEPS);
    let postgres = if from.engine == Engine::Postgres { from } else { to };
    let mut conn = postgres.read().await?;
    let keys: Vec<(String, String)> = sqlx::query_as(
        "SELECT CAST(CASE WHEN k.condeferrable THEN named.relname ELSE naming.relname END AS TEXT),
                CAST(CASE WHEN k.condeferrable THEN naming.relname ELSE named.relname END AS TEXT)
         FROM pg_constraint k JOIN pg_class naming ON naming.oid = k.conrelid JOIN pg_class named ON named.oid = k.confrelid
         WHERE k.contype = 'f' AND naming.oid <> named.oid AND naming.relnamespace = current_schema()::regnamespace",
    )
    .fetch_all(&mut *conn)
    .await?;
    let columns: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT), CAST(data_type AS TEXT)
         FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position",
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut tables = Vec::new();
    for name in in_order(ours, &keys)? {
        let own = columns.iter().filter(|(table, _, _)| *table == name);
        let columns: Result<Vec<Column>, CopyError> =
            own.map(|(table, name, kind)| column(table, name, kind)).collect();
        tables.push(Table { name, columns: columns? });
    }
    Ok(tables)
}

fn column(table: &str, name: &str, kind: &str) -> Result<Column, CopyError> {
    let is_number = match kind {
        "text" => false,
        "bigint" | "smallint" => true,
        _ => return Err(CopyError::Type(format!("{table}.{name}"))),
    };
    Ok(Column { name: name.to_owned(), is_number })
}

/// The names so that each comes after those it needs: `needs` holds pairs of a table and one that comes before it.
fn in_order(mut left: BTreeSet<String>, needs: &[(String, String)]) -> Result<Vec<String>, CopyError> {
    let mut ordered = Vec::new();
    while !left.is_empty() {
        let waits = |name: &String| needs.iter().any(|(later, sooner)| later == name && left.contains(sooner));
        let free: Vec<String> = left.iter().filter(|name| !waits(name)).cloned().collect();
        if free.is_empty() {
            return Err(CopyError::Circle(left.into_iter().collect::<Vec<_>>().join(", ")));
        }
        for name in free {
            left.remove(&name);
            ordered.push(name);
        }
    }
    Ok(ordered)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn what_is_named_comes_first_and_circles_are_told() {
        let needs = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(later, sooner)| ((*later).to_owned(), (*sooner).to_owned())).collect()
        };
        let ordered =
            in_order(names(&["a", "b", "c", "d"]), &needs(&[("a", "b"), ("b", "d"), ("c", "a"), ("c", "gone")]));
        assert_eq!(ordered.unwrap(), ["d", "b", "a", "c"]);
        let circle = in_order(names(&["a", "b", "c"]), &needs(&[("a", "b"), ("b", "a")]));
        assert_eq!(circle.unwrap_err().to_string(), "the keys of these tables go round in a circle: a, b");
    }
}

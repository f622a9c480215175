//! Many rows in one statement, for imports, frozen lists and requests that are worked on together: a row at a time would be the slowest
//! part of them.

use std::collections::BTreeSet;
use std::iter;

use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AssertSqlSafe, FromRow};

use crate::infra::db::{Conn, Engine, Tx};

/// Parameters in one statement; SQLite takes 32,766, PostgreSQL 65,535. Names of parameters are looked up one by one, so that the time
/// for a statement grows with the square of their number.
const MOST_PARAMETERS: usize = 500;
/// What does not fill a statement goes into statements of these numbers of rows: few texts come again and again and stay prepared.
const SMALLER: [usize; 3] = [16, 4, 1];

/// A value of a row.
#[derive(Debug, Clone)]
pub enum Value {
    Text(String),
    Number(i64),
    Nothing,
    /// Nothing in a column of numbers: PostgreSQL asks for the right type of it too.
    NoNumber,
}

impl Value {
    fn bound_to<'q>(&self, query: Query<'q, Any, AnyArguments>) -> Query<'q, Any, AnyArguments> {
        match self {
            Value::Text(text) => query.bind(text.clone()),
            Value::Number(number) => query.bind(*number),
            Value::Nothing => query.bind(None::<String>),
            Value::NoNumber => query.bind(None::<i64>),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Value {
        Value::Number(number)
    }
}

/// Inserts rows. `table` and `columns` are literals of the program; only values are bound.
///
/// # Panics
/// When a row has another number of values than there are columns: a slip of the program.
pub async fn insert(
    tx: &mut Tx,
    table: &'static str,
    columns: &'static [&'static str],
    rows: Vec<Vec<Value>>,
) -> Result<(), sqlx::Error> {
    insert_or(tx, table, columns, rows, "").await.map(|_| ())
}

/// The same with a literal clause for rows that are there already: `ON CONFLICT …`. Answers how many rows were written.
///
/// # Panics
/// As [`insert`].
pub async fn insert_or(
    tx: &mut Tx,
    table: &'static str,
    columns: &'static [&'static str],
    rows: Vec<Vec<Value>>,
    conflict: &'static str,
) -> Result<u64, sqlx::Error> {
    let mut written = 0;
    for part in parts(&rows, columns.len()) {
        let complete = part.iter().all(|row| row.len() == columns.len());
        assert!(complete, "each row of {table} has a value for each column");
        let places = places(1, part.len(), columns.len());
        let text = format!("INSERT INTO {table} ({}) VALUES {places} {conflict}", columns.join(", "));
        // nothing but names and clauses of the program and numbered parameters stands in the text
        let mut query = sqlx::query(AssertSqlSafe(text));
        for value in part.iter().flatten() {
            query = value.bound_to(query);
        }
        written += query.execute(&mut **tx).await?.rows_affected();
    }
    Ok(written)
}

/// Changes the rows that a list of texts names. `before` ends with `IN`, the list follows it; `first` are the parameters in `before`.
/// Answers how many rows were changed.
pub async fn update(tx: &mut Tx, before: &'static str, first: &[Value], names: &[&str]) -> Result<u64, sqlx::Error> {
    let mut changed = 0;
    for part in parts(names, 1) {
        // nothing but a literal of the program and numbered parameters stands in the text
        let mut query = sqlx::query(AssertSqlSafe(format!("{before} ({})", list(first.len() + 1, part.len()))));
        for value in first {
            query = value.bound_to(query);
        }
        for name in part {
            query = query.bind(*name);
        }
        changed += query.execute(&mut **tx).await?.rows_affected();
    }
    Ok(changed)
}

/// Adds to a column of several rows, each its own number: `text` is a literal with `PAIRS` where the names and numbers stand as a table
/// of `column1` and `column2`. Answers how many rows were changed.
pub async fn add(tx: &mut Tx, text: &'static str, pairs: &[(&str, i64)]) -> Result<u64, sqlx::Error> {
    let mut changed = 0;
    for part in parts(pairs, 2) {
        let table = format!("(VALUES {})", places(1, part.len(), 2));
        // nothing but a literal of the program and numbered parameters stands in the text
        let mut query = sqlx::query(AssertSqlSafe(text.replace("PAIRS", &table)));
        for (name, number) in part {
            query = query.bind(*name).bind(*number);
        }
        changed += query.execute(&mut **tx).await?.rows_affected();
    }
    Ok(changed)
}

/// Reads the rows that a list of texts names. `before` ends with `IN`: the list follows it.
pub async fn select<'a, R>(
    conn: &mut Conn,
    before: &'static str,
    names: impl IntoIterator<Item = &'a str>,
) -> Result<Vec<R>, sqlx::Error>
where
    R: for<'r> FromRow<'r, AnyRow> + Send + Unpin,
{
    select_then(conn, before, &names.into_iter().collect::<Vec<_>>(), "").await
}

/// The same, and holds those rows until the end of the transaction, taken in the order of the column with the names: no two wait for each
/// other. On SQLite whoever may write holds all rows.
pub async fn lock<R>(
    tx: &mut Tx,
    before: &'static str,
    column: &'static str,
    names: &BTreeSet<&str>,
) -> Result<Vec<R>, sqlx::Error>
where
    R: for<'r> FromRow<'r, AnyRow> + Send + Unpin,
{
    let names: Vec<&str> = names.iter().copied().collect();
    let after = match tx.engine {
        Engine::Sqlite => String::new(),
        Engine::Postgres => format!("ORDER BY {column} FOR NO KEY UPDATE"),
    };
    select_then(tx, before, &names, &after).await
}

async fn select_then<R>(
    conn: &mut Conn,
    before: &'static str,
    names: &[&str],
    after: &str,
) -> Result<Vec<R>, sqlx::Error>
where
    R: for<'r> FromRow<'r, AnyRow> + Send + Unpin,
{
    let mut rows = Vec::with_capacity(names.len());
    for part in parts(names, 1) {
        // nothing but literals of the program and numbered parameters stands in the text
        let mut query = sqlx::query_as(AssertSqlSafe(format!("{before} ({}) {after}", list(1, part.len()))));
        for name in part {
            query = query.bind(*name);
        }
        rows.extend(query.fetch_all(&mut *conn).await?);
    }
    Ok(rows)
}

/// Rows in parts that make a statement each, with so many parameters a row.
pub fn parts<T>(rows: &[T], parameters: usize) -> impl Iterator<Item = &[T]> {
    let most = (MOST_PARAMETERS / parameters).max(1);
    let mut rest = rows;
    iter::from_fn(move || {
        let fits = |size: &usize| *size <= most.min(rest.len());
        let size = iter::once(most).chain(SMALLER).find(fits)?;
        let (part, later) = rest.split_at(size);
        rest = later;
        Some(part)
    })
}

/// Numbered places for so many rows of so many values, from `$first` on: `($1, $2), ($3, $4)`.
pub fn places(first: usize, rows: usize, values: usize) -> String {
    let row = |at: usize| format!("({})", list(first + at * values, values));
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

/// Numbered places for a list of so many values, from `$first` on: `$1, $2`.
pub fn list(first: usize, values: usize) -> String {
    (first..first + values).map(|number| format!("${number}")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_sizes_of_statements_come_again_and_again() {
        let sizes = |rows: usize, parameters| parts(&vec![(); rows], parameters).map(<[()]>::len).collect::<Vec<_>>();
        assert_eq!(sizes(63, 26), [19, 19, 19, 4, 1, 1]);
        assert_eq!(sizes(2, 4), [1, 1]);
        assert_eq!(sizes(130, 4), [125, 4, 1]);
        assert_eq!(sizes(3, 600), [1, 1, 1]);
        assert!(sizes(0, 4).is_empty());
    }

    #[test]
    fn places_are_numbered_through() {
        assert_eq!(places(3, 2, 2), "($3, $4), ($5, $6)");
        assert_eq!(list(1, 3), "$1, $2, $3");
    }
}

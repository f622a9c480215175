//! Many rows in one statement, for imports, frozen lists and requests that are worked on together: a row at a time would be the slowest
//! part of them.

use std::iter;

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, FromRow};

use crate::infra::db::{Conn, Tx};

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
            query = match value {
                Value::Text(text) => query.bind(text.clone()),
                Value::Number(number) => query.bind(*number),
                Value::Nothing => query.bind(None::<String>),
                Value::NoNumber => query.bind(None::<i64>),
            };
        }
        written += query.execute(&mut **tx).await?.rows_affected();
    }
    Ok(written)
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
    let names: Vec<&str> = names.into_iter().collect();
    let mut rows = Vec::with_capacity(names.len());
    for part in parts(&names, 1) {
        // nothing but a literal of the program and numbered parameters stands in the text
        let mut query = sqlx::query_as(AssertSqlSafe(format!("{before} ({})", list(1, part.len()))));
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

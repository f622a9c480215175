//! Many rows in one statement, for imports and frozen lists: a row at a time would be the slowest part of them.

use sqlx::AssertSqlSafe;

use crate::infra::db::Tx;

/// Parameters in one statement; SQLite takes 32,766, PostgreSQL 65,535. Names of parameters are looked up one by one, so that the time
/// for a statement grows with the square of their number.
const MOST_PARAMETERS: usize = 500;

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
    insert_or(tx, table, columns, rows, "").await
}

/// The same with a literal clause for rows that are there already: `ON CONFLICT …`.
///
/// # Panics
/// As [`insert`].
pub async fn insert_or(
    tx: &mut Tx,
    table: &'static str,
    columns: &'static [&'static str],
    rows: Vec<Vec<Value>>,
    conflict: &'static str,
) -> Result<(), sqlx::Error> {
    for chunk in rows.chunks((MOST_PARAMETERS / columns.len()).max(1)) {
        let mut text = format!("INSERT INTO {table} ({}) VALUES ", columns.join(", "));
        let mut number = 0;
        for (at, row) in chunk.iter().enumerate() {
            assert_eq!(row.len(), columns.len(), "each row of {table} has a value for each column");
            text.push_str(if at == 0 { "(" } else { ", (" });
            for column in 0..row.len() {
                number += 1;
                text.push_str(if column == 0 { "$" } else { ", $" });
                text.push_str(&number.to_string());
            }
            text.push(')');
        }
        text.push(' ');
        text.push_str(conflict);
        // nothing but names and clauses of the program and numbered parameters stands in the text
        let mut query = sqlx::query(AssertSqlSafe(text));
        for value in chunk.iter().flatten() {
            query = match value {
                Value::Text(text) => query.bind(text.clone()),
                Value::Number(number) => query.bind(*number),
                Value::Nothing => query.bind(None::<String>),
                Value::NoNumber => query.bind(None::<i64>),
            };
        }
        // short statements come again and again and are worth keeping prepared
        query.persistent(number <= 64).execute(&mut **tx).await?;
    }
    Ok(())
}

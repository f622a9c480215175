//! Rows as both engines give them, and the fingerprint of a table.

use futures::TryStreamExt;
use sha2::{Digest, Sha256};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};

use super::Table;
use crate::infra::db::Conn;

/// After so many rows somebody hears how far it is.
const TOLD_EVERY: u64 = 10_000;

/// A value of a row.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cell<'r> {
    Nothing,
    Text(&'r str),
    Number(i64),
}

/// How many rows a table has, and the sum of their SHA-256, each four numbers of 64 bits that wrap.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fingerprint {
    pub table: String,
    pub rows: u64,
    sum: [u64; 4],
}

impl Fingerprint {
    /// Of a table of which nothing was read yet.
    pub(super) fn of(table: &Table) -> Fingerprint {
        Fingerprint { table: table.name.clone(), ..Fingerprint::default() }
    }

    /// Takes one more row in. Each value says its kind and length, so that no two rows are read as the same bytes.
    pub(super) fn add(&mut self, cells: &[Cell<'_>]) {
        let mut hash = Sha256::new();
        for cell in cells {
            match cell {
                Cell::Nothing => hash.update([0]),
                Cell::Text(text) => {
                    hash.update([1]);
                    hash.update((text.len() as u64).to_le_bytes());
                    hash.update(text.as_bytes());
                }
                Cell::Number(number) => {
                    hash.update([2]);
                    hash.update(number.to_le_bytes());
                }
            }
        }
        let digest = hash.finalize();
        for (sum, part) in self.sum.iter_mut().zip(digest.as_slice().chunks_exact(8)) {
            let part = part.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
            *sum = sum.wrapping_add(part);
        }
        self.rows += 1;
    }

    /// The sum in hexadecimal digits.
    pub fn sum(&self) -> String {
        self.sum.iter().map(|part| format!("{part:016x}")).collect()
    }
}

/// How many rows the table has.
pub(super) async fn count(conn: &mut Conn, table: &Table) -> Result<u64, sqlx::Error> {
    let question = format!("SELECT COUNT(*) FROM {}", table.name);
    let (rows,): (i64,) = sqlx::query_as(AssertSqlSafe(question)).fetch_one(conn).await?;
    Ok(u64::try_from(rows).unwrap_or_default())
}

/// Hands every row of the table to `take`, in no particular order. Names are those of the schema, which needs no quotes.
pub(super) async fn each(
    conn: &mut Conn,
    table: &Table,
    told: impl Fn(u64),
    mut take: impl AsyncFnMut(&[Cell<'_>]) -> Result<(), sqlx::Error>,
) -> Result<(), sqlx::Error> {
    let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    let question = format!("SELECT {} FROM {}", columns.join(", "), table.name);
    let mut rows = sqlx::query(AssertSqlSafe(question)).persistent(false).fetch(conn);
    let mut number = 0;
    while let Some(row) = rows.try_next().await? {
        let cells = cells(&row, table)?;
        take(&cells).await?;
        number += 1;
        if number % TOLD_EVERY == 0 {
            told(number);
        }
    }
    Ok(())
}

fn cells<'r>(row: &'r AnyRow, table: &Table) -> Result<Vec<Cell<'r>>, sqlx::Error> {
    let mut cells = Vec::with_capacity(table.columns.len());
    for (at, column) in table.columns.iter().enumerate() {
        let cell = if column.is_number {
            row.try_get::<Option<i64>, _>(at)?.map(Cell::Number)
        } else {
            row.try_get::<Option<&str>, _>(at)?.map(Cell::Text)
        };
        cells.push(cell.unwrap_or(Cell::Nothing));
    }
    Ok(cells)
}

/// The fingerprint of a table as it is now.
pub(super) async fn fingerprint(
    conn: &mut Conn,
    table: &Table,
    told: impl Fn(u64),
) -> Result<Fingerprint, sqlx::Error> {
    let mut print = Fingerprint::of(table);
    each(conn, table, told, async |cells| {
        print.add(cells);
        Ok(())
    })
    .await?;
    Ok(print)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rows: &[&[Cell<'_>]]) -> Fingerprint {
        let mut print = Fingerprint::default();
        for row in rows {
            print.add(row);
        }
        print
    }

    #[test]
    fn the_order_of_rows_is_nothing_and_everything_else_counts() {
        let (a, b): ([Cell<'_>; 2], [Cell<'_>; 2]) =
            ([Cell::Text("a"), Cell::Number(1)], [Cell::Text("b"), Cell::Nothing]);
        assert_eq!(of(&[&a, &b]), of(&[&b, &a]));
        assert_eq!(of(&[&a]).sum().len(), 64);
        for other in [
            of(&[&a]),
            of(&[&a, &a]),
            of(&[&a, &b, &b]),
            of(&[&a, &[Cell::Text("b"), Cell::Text("")]]),
            of(&[&a, &[Cell::Text("b"), Cell::Number(0)]]),
            of(&[&a, &[Cell::Nothing, Cell::Text("b")]]),
        ] {
            assert_ne!(of(&[&a, &b]), other);
        }
        assert_ne!(of(&[&[Cell::Text("ab"), Cell::Text("c")]]), of(&[&[Cell::Text("a"), Cell::Text("bc")]]));
    }
}

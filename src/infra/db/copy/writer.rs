//! The way into the target: one transaction, with what each engine has for many rows.
//!
//! PostgreSQL takes a table in one `COPY`, over the driver's own connection: the shared kind has no such call, and rows in statements
//! take several times as long. SQLite takes them in statements of many rows.

use sqlx::any::AnyConnectOptions;
use sqlx::postgres::PgConnection;
use sqlx::{AnyConnection, AssertSqlSafe, ConnectOptions, Connection, Executor};

use super::Table;
use super::rows::{Cell, Fingerprint, each};
use crate::infra::db::{Conn, sqlite_url};

/// Bytes that go to PostgreSQL at once.
const PARCEL: usize = 256 * 1024;
/// Parameters in one statement for SQLite; see `bulk`.
const MOST_PARAMETERS: usize = 500;

/// Where rows go.
pub(super) enum Writer {
    Postgres(PgConnection),
    Sqlite(AnyConnection),
}

/// A value that waits for its statement.
enum Held {
    Nothing,
    Text(String),
    Number(i64),
}

impl Writer {
    /// Begins the transaction, and takes away what the schema's steps wrote themselves.
    pub(super) async fn begin(url: &str, seeded: &[&str]) -> Result<Writer, sqlx::Error> {
        let mut writer = if url.starts_with("sqlite:") {
            let mut connection = sqlite_url(url)?.parse::<AnyConnectOptions>()?.connect().await?;
            // keys are held against each other at the commit: a table may name rows of its own that come later
            let words = "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 15000; \
                         PRAGMA cache_size = -64000; BEGIN IMMEDIATE; PRAGMA defer_foreign_keys = ON";
            connection.execute(words).await?;
            Writer::Sqlite(connection)
        } else {
            let mut connection = PgConnection::connect(url).await?;
            connection.execute("BEGIN").await?;
            Writer::Postgres(connection)
        };
        for table in seeded {
            writer.execute(format!("DELETE FROM {table}")).await?;
        }
        Ok(writer)
    }

    async fn execute(&mut self, statement: String) -> Result<(), sqlx::Error> {
        let statement = AssertSqlSafe(statement);
        match self {
            Writer::Postgres(connection) => connection.execute(statement).await.map(|_| ()),
            Writer::Sqlite(connection) => connection.execute(statement).await.map(|_| ()),
        }
    }

    /// Writes all rows of a table, and answers what was read.
    pub(super) async fn fill(
        &mut self,
        source: &mut Conn,
        table: &Table,
        told: impl Fn(u64),
    ) -> Result<Fingerprint, sqlx::Error> {
        match self {
            Writer::Postgres(connection) => fill_postgres(connection, source, table, told).await,
            Writer::Sqlite(connection) => fill_sqlite(connection, source, table, told).await,
        }
    }

    /// Carries out what ends the transaction, and commits.
    pub(super) async fn commit(mut self, last: &[String]) -> Result<(), sqlx::Error> {
        if matches!(self, Writer::Postgres(_)) {
            // keys that wait for the commit are looked at now: triggers are made on tables that wait for nothing
            self.execute("SET CONSTRAINTS ALL IMMEDIATE".to_owned()).await?;
        }
        for statement in last {
            self.execute(statement.clone()).await?;
        }
        self.execute("COMMIT".to_owned()).await?;
        match self {
            Writer::Postgres(connection) => connection.close().await,
            Writer::Sqlite(connection) => connection.close().await,
        }
    }
}

async fn fill_postgres(
    target: &mut PgConnection,
    source: &mut Conn,
    table: &Table,
    told: impl Fn(u64),
) -> Result<Fingerprint, sqlx::Error> {
    let mut print = Fingerprint::of(table);
    let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    let mut copy = target.copy_in_raw(&format!("COPY {} ({}) FROM STDIN", table.name, columns.join(", "))).await?;
    let mut parcel = Vec::with_capacity(PARCEL + 4096);
    let read = each(source, table, told, async |cells| {
        print.add(cells);
        line(&mut parcel, cells);
        if parcel.len() >= PARCEL {
            copy.send(parcel.as_slice()).await?;
            parcel.clear();
        }
        Ok(())
    })
    .await;
    if let Err(error) = read {
        copy.abort("the source could not be read").await?;
        return Err(error);
    }
    copy.send(parcel.as_slice()).await?;
    copy.finish().await?;
    Ok(print)
}

/// A row as `COPY` reads it in its text format: tabs between values, `\N` for nothing, a backslash before what would end a value.
fn line(parcel: &mut Vec<u8>, cells: &[Cell<'_>]) {
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            parcel.push(b'\t');
        }
        match cell {
            Cell::Nothing => parcel.extend_from_slice(b"\\N"),
            Cell::Number(number) => parcel.extend_from_slice(number.to_string().as_bytes()),
            Cell::Text(text) => {
                for byte in text.bytes() {
                    match byte {
                        b'\\' => parcel.extend_from_slice(b"\\\\"),
                        b'\t' => parcel.extend_from_slice(b"\\t"),
                        b'\n' => parcel.extend_from_slice(b"\\n"),
                        b'\r' => parcel.extend_from_slice(b"\\r"),
                        byte => parcel.push(byte),
                    }
                }
            }
        }
    }
    parcel.push(b'\n');
}

async fn fill_sqlite(
    target: &mut AnyConnection,
    source: &mut Conn,
    table: &Table,
    told: impl Fn(u64),
) -> Result<Fingerprint, sqlx::Error> {
    let mut print = Fingerprint::of(table);
    let width = table.columns.len();
    let at_once = (MOST_PARAMETERS / width.max(1)).max(1) * width;
    let whole = insertion(table, at_once);
    let mut held = Vec::with_capacity(at_once);
    each(source, table, told, async |cells| {
        print.add(cells);
        held.extend(cells.iter().map(|cell| match cell {
            Cell::Nothing => Held::Nothing,
            Cell::Text(text) => Held::Text((*text).to_owned()),
            Cell::Number(number) => Held::Number(*number),
        }));
        if held.len() == at_once { insert(target, whole.clone(), &mut held).await } else { Ok(()) }
    })
    .await?;
    if !held.is_empty() {
        insert(target, insertion(table, held.len()), &mut held).await?;
    }
    Ok(print)
}

/// The statement that inserts so many values.
fn insertion(table: &Table, values: usize) -> String {
    let width = table.columns.len();
    let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    let row = format!("({})", vec!["?"; width].join(", "));
    format!("INSERT INTO {} ({}) VALUES {}", table.name, columns.join(", "), vec![row; values / width].join(", "))
}

async fn insert(target: &mut AnyConnection, text: String, held: &mut Vec<Held>) -> Result<(), sqlx::Error> {
    let mut query = sqlx::query(AssertSqlSafe(text));
    for value in held.drain(..) {
        query = match value {
            Held::Nothing => query.bind(None::<String>),
            Held::Text(text) => query.bind(text),
            Held::Number(number) => query.bind(number),
        };
    }
    query.execute(target).await.map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_ends_its_value() {
        let mut parcel = Vec::new();
        line(&mut parcel, &[Cell::Text("a\tb\\N\r\né"), Cell::Nothing, Cell::Number(-5), Cell::Text("")]);
        assert_eq!(String::from_utf8(parcel).unwrap(), "a\\tb\\\\N\\r\\né\t\\N\t-5\t\n");
    }
}

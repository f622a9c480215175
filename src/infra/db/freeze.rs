//! A frozen installation: everything can be read, and the database itself refuses every change.
//!
//! Freezing gives each table triggers that refuse inserts, updates and deletes, all in one transaction. No change can slip in between,
//! whichever program makes it and however long it had its connection:
//!
//! | | a change that began before | a change that comes after |
//! | --- | --- | --- |
//! | SQLite | the transaction that freezes holds the only right to write, so every other was committed before it began | meets the triggers: they are part of the file |
//! | PostgreSQL | the transaction locks every table against writers, and gets the lock when those who wrote have ended | meets the triggers: a statement reads the table's definition under its own lock |
//!
//! So whatever is read after [`Db::freeze`] returned is the last word. A process that dies leaves the installation frozen, which
//! is the safe side: [`Db::thaw`] undoes it. Visitors see a page that says so (`web::problem`), the worker rests (`app::worker`).

use std::time::Duration;

use sqlx::{AssertSqlSafe, Executor};

use super::{Conn, Db, Engine, is_crossed};

/// What the triggers say. Also how such a refusal is known again: neither engine has a code for it.
const REASON: &str = "this installation is frozen";
/// How often it is tried when it and a writer waited for each other.
const MOST: u32 = 5;
const PAUSE: Duration = Duration::from_millis(200);

/// Whether the database refused a change because the installation is frozen.
pub fn is_frozen(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.message().contains(REASON))
}

impl Db {
    /// Refuses every change from now on, in every process.
    ///
    /// # Errors
    /// It is frozen already, or somebody writes for longer than half a minute.
    pub async fn freeze(&self) -> Result<(), sqlx::Error> {
        let mut times = 1;
        loop {
            match self.try_to_freeze().await {
                Err(error) if is_crossed(&error) && times < MOST => tokio::time::sleep(PAUSE * times).await,
                outcome => return outcome,
            }
            times += 1;
        }
    }

    async fn try_to_freeze(&self) -> Result<(), sqlx::Error> {
        let mut tx = self.begin().await?;
        let tables = tables(&mut tx, self.engine).await?;
        for statement in statements(self.engine, &tables) {
            tx.execute(AssertSqlSafe(statement)).await?;
        }
        tx.commit().await
    }

    /// Lets changes happen again. Does nothing where nothing is frozen.
    ///
    /// # Errors
    /// The database.
    pub async fn thaw(&self) -> Result<(), sqlx::Error> {
        let mut tx = self.begin().await?;
        let drops: Vec<String> = match self.engine {
            Engine::Sqlite => {
                let names: Vec<(String,)> = sqlx::query_as(
                    "SELECT name FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, 7) = 'frozen_'",
                )
                .fetch_all(&mut *tx)
                .await?;
                names.into_iter().map(|(name,)| format!("DROP TRIGGER {name}")).collect()
            }
            Engine::Postgres => {
                let tables = tables(&mut tx, self.engine).await?;
                tables.into_iter().map(|table| format!("DROP TRIGGER IF EXISTS frozen ON {table}")).collect()
            }
        };
        for statement in drops {
            tx.execute(AssertSqlSafe(statement)).await?;
        }
        tx.commit().await
    }

    /// Whether changes are refused.
    ///
    /// # Errors
    /// The database.
    pub async fn is_frozen(&self) -> Result<bool, sqlx::Error> {
        let mut conn = self.read().await?;
        let question = match self.engine {
            Engine::Sqlite => {
                "SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, 7) = 'frozen_'"
            }
            Engine::Postgres => {
                "SELECT COUNT(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
                 WHERE t.tgname = 'frozen' AND c.relnamespace = current_schema()::regnamespace"
            }
        };
        let (triggers,): (i64,) = sqlx::query_as(question).fetch_one(&mut *conn).await?;
        Ok(triggers > 0)
    }
}

/// The names of all tables, sorted.
pub(super) async fn tables(conn: &mut Conn, engine: Engine) -> Result<Vec<String>, sqlx::Error> {
    let question = match engine {
        Engine::Sqlite => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_' ORDER BY name"
        }
        Engine::Postgres => {
            "SELECT CAST(relname AS TEXT) AS name FROM pg_class
             WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') ORDER BY name"
        }
    };
    let names: Vec<(String,)> = sqlx::query_as(question).fetch_all(conn).await?;
    Ok(names.into_iter().map(|(name,)| name).collect())
}

/// What freezes these tables, for a transaction that may write.
pub(super) fn statements(engine: Engine, tables: &[String]) -> Vec<String> {
    let mut statements = Vec::new();
    match engine {
        Engine::Sqlite => {
            for table in tables {
                for change in ["insert", "update", "delete"] {
                    statements.push(format!(
                        "CREATE TRIGGER frozen_{change}_{table} BEFORE {change} ON {table} BEGIN SELECT RAISE(ABORT, '{REASON}'); END"
                    ));
                }
            }
        }
        Engine::Postgres => {
            statements.push("SET LOCAL lock_timeout = '30s'".to_owned());
            statements.push(format!("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", tables.join(", ")));
            statements.push(format!(
                "CREATE OR REPLACE FUNCTION refuse_while_frozen() RETURNS trigger LANGUAGE plpgsql AS
                 $$ BEGIN RAISE EXCEPTION '{REASON}'; END $$"
            ));
            for table in tables {
                statements.push(format!(
                    "CREATE TRIGGER frozen BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
                     FOR EACH STATEMENT EXECUTE FUNCTION refuse_while_frozen()"
                ));
            }
        }
    }
    statements
}

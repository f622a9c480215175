//! The database: SQLite in a file, or PostgreSQL, spoken to with one set of SQL. Only this folder knows that there are two.
//!
//! Reads take a [`Conn`], writes take a [`Tx`]; a `Tx` lends itself as a `Conn`, never the other way. On SQLite all writing goes
//! through one connection (a queue in the order of arrival); every transaction begins with `BEGIN IMMEDIATE`. WAL keeps readers
//! and the writer out of each other's way, and `synchronous=FULL` makes a commit survive a loss of power.

pub mod bulk;
pub mod columns;
mod migrations;
pub mod turns;

use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sqlx::any::AnyPoolOptions;
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyPool, Executor, Transaction};
use tokio::sync::Notify;

use turns::{Turn, Turns};

/// A connection to read with.
pub type Conn = sqlx::AnyConnection;

/// A connection borrowed from the pool of readers.
pub struct Reader {
    inner: PoolConnection<Any>,
    _turn: Option<Turn>,
}

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// The pools of one installation. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    pub engine: Engine,
    writer: AnyPool,
    reader: AnyPool,
    replica: AnyPool,
    commits: Arc<AtomicU64>,
    committed: Arc<Notify>,
    /// In a simulation: who is next.
    turns: Option<Arc<Turns>>,
}

/// A transaction that writes. Dropped without [`Tx::commit`], nothing of it happened.
pub struct Tx {
    inner: Transaction<'static, Any>,
    commits: Arc<AtomicU64>,
    committed: Arc<Notify>,
    turn: Option<Turn>,
}

impl Db {
    /// Opens the database, creating an SQLite file where there is none. The schema is not touched: see [`Db::migrate`].
    ///
    /// # Errors
    /// The database cannot be reached or opened.
    pub async fn open(url: &str, read_url: Option<&str>) -> Result<Db, sqlx::Error> {
        sqlx::any::install_default_drivers();
        let (engine, writer, reader) = if url.starts_with("sqlite:") {
            let url = sqlite_url(url)?;
            let writer = sqlite_pool(&url, 1, false).await?;
            (Engine::Sqlite, writer, sqlite_pool(&url, 8, true).await?)
        } else {
            let pool = postgres_pool(url, 32).await?;
            (Engine::Postgres, pool.clone(), pool)
        };
        let replica = match read_url {
            Some(url) => postgres_pool(url, 16).await?,
            None => reader.clone(),
        };
        Ok(Db { engine, writer, reader, replica, commits: Arc::default(), committed: Arc::default(), turns: None })
    }

    /// The same database for a simulation: one transaction or read at a time, in the order that `turns` decides, until it stops.
    #[must_use]
    pub fn taking_turns(self, turns: Arc<Turns>) -> Db {
        Db { turns: Some(turns), ..self }
    }

    /// Waits for this task's turn, in a simulation.
    async fn turn(&self) -> Result<Option<Turn>, sqlx::Error> {
        match &self.turns {
            Some(turns) => turns.take().await.map(Some),
            None => Ok(None),
        }
    }

    /// Begins a transaction that may write.
    pub async fn begin(&self) -> Result<Tx, sqlx::Error> {
        let statement = match self.engine {
            Engine::Sqlite => "BEGIN IMMEDIATE",
            Engine::Postgres => "BEGIN",
        };
        let turn = self.turn().await?;
        Ok(Tx {
            inner: self.writer.begin_with(statement).await?,
            commits: self.commits.clone(),
            committed: self.committed.clone(),
            turn,
        })
    }

    /// A connection to read with, as fresh as the last commit.
    pub async fn read(&self) -> Result<Reader, sqlx::Error> {
        let turn = self.turn().await?;
        Ok(Reader { inner: self.reader.acquire().await?, _turn: turn })
    }

    /// A connection for public pages; a replica where one is set, so it may lag behind.
    pub async fn read_public(&self) -> Result<Reader, sqlx::Error> {
        let turn = self.turn().await?;
        Ok(Reader { inner: self.replica.acquire().await?, _turn: turn })
    }

    /// Grows with every commit of this process: what was rendered at the same number is still true here.
    pub fn version(&self) -> u64 {
        self.commits.load(Ordering::Acquire)
    }

    /// Waits until this process commits something.
    pub async fn committed(&self) {
        self.committed.notified().await;
    }

    /// Closes all connections; on SQLite this also folds the write-ahead log into the file.
    pub async fn close(&self) {
        self.reader.close().await;
        self.replica.close().await;
        self.writer.close().await;
    }
}

impl Tx {
    /// Makes everything of this transaction durable.
    ///
    /// # Errors
    /// The database refused or was lost: whether the transaction happened is then unknown, and the caller must ask again by key.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        let (commits, committed) = (self.commits.clone(), self.committed.clone());
        self.commit_quietly().await?;
        commits.fetch_add(1, Ordering::Release);
        committed.notify_waiters();
        Ok(())
    }

    /// Like [`Tx::commit`] for what no page shows (leases, limiter slots): kept pages stay valid and nobody is woken.
    ///
    /// # Errors
    /// As [`Tx::commit`].
    pub async fn commit_quietly(self) -> Result<(), sqlx::Error> {
        let Tx { inner, turn, .. } = self;
        if let Some(turn) = &turn {
            turn.step()?;
        }
        inner.commit().await?;
        turn.map_or(Ok(()), |turn| turn.step())
    }
}

impl Deref for Reader {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.inner
    }
}

impl DerefMut for Reader {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.inner
    }
}

impl Deref for Tx {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.inner
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.inner
    }
}

/// Whether the database says that a unique rule would be broken.
pub fn is_taken(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}

/// The address with "create where missing", and the folder made.
fn sqlite_url(url: &str) -> Result<String, sqlx::Error> {
    let path = url.trim_start_matches("sqlite:").trim_start_matches("//");
    let path = path.split('?').next().unwrap_or_default();
    if let Some(folder) = Path::new(path).parent() {
        std::fs::create_dir_all(folder).map_err(sqlx::Error::Io)?;
    }
    Ok(if url.contains('?') { url.to_owned() } else { format!("{url}?mode=rwc") })
}

async fn sqlite_pool(url: &str, connections: u32, read_only: bool) -> Result<AnyPool, sqlx::Error> {
    AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(30))
        .idle_timeout(None)
        .max_lifetime(None)
        .after_connect(move |connection, _| {
            Box::pin(async move {
                connection
                    .execute(
                        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 15000; \
                         PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000;",
                    )
                    .await?;
                if read_only {
                    connection.execute("PRAGMA query_only = ON").await?;
                }
                Ok(())
            })
        })
        .connect(url)
        .await
}

async fn postgres_pool(url: &str, connections: u32) -> Result<AnyPool, sqlx::Error> {
    AnyPoolOptions::new().max_connections(connections).acquire_timeout(Duration::from_secs(30)).connect(url).await
}

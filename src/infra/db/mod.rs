//! The database: SQLite in a file, or PostgreSQL, spoken to with one set of SQL. Only this folder knows that there are two.
//!
//! Reads take a [`Conn`], writes take a [`Tx`]; a `Tx` lends itself as a `Conn`, never the other way. On SQLite all writing goes
//! through one connection (a queue in the order of arrival); every transaction begins with `BEGIN IMMEDIATE`. WAL keeps readers
//! and the writer out of each other's way, and `synchronous=FULL` makes a commit survive a loss of power. Short transactions that
//! many want at once share a commit there (`together`).

pub mod backup;
pub mod bulk;
mod claims;
pub mod columns;
pub mod copy;
pub mod freeze;
pub mod life_cycle;
mod migrations;
mod postgres;
mod readers;
pub mod slow;
mod together;
pub mod turns;

use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyPool, ConnectOptions, Executor, Transaction};
use tokio::sync::Notify;

use self::postgres::Use;
pub use self::postgres::{is_away, notice};
pub use self::readers::Reader;
use self::readers::Readers;
use self::together::{Member, Together};
use self::turns::{Turn, Turns};

/// Connections that read an SQLite file side by side; one more sees what others commit.
const READERS: u32 = 8;
/// How often is looked whether another process committed something.
const LOOK: Duration = Duration::from_millis(250);
/// How long the answer may take before another connection is asked.
const LOOK_WITHIN: Duration = Duration::from_secs(5);

/// A connection to read with.
pub type Conn = sqlx::AnyConnection;

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
    reader: Readers,
    replica: Readers,
    commits: Arc<Commits>,
    /// Where transactions are committed together: on SQLite.
    together: Option<Together>,
    /// In a simulation: who is next.
    turns: Option<Arc<Turns>>,
}

/// A transaction that writes. Dropped without [`Tx::commit`], nothing of it happened.
pub struct Tx {
    engine: Engine,
    inner: Inner,
    commits: Arc<Commits>,
    turn: Option<Turn>,
    number: u64,
}

enum Inner {
    Alone(Transaction<'static, Any>),
    Together(Member),
}

/// How often this process committed what a page may show, and who waits for the next time.
#[derive(Default)]
struct Commits {
    number: AtomicU64,
    news: Notify,
    begun: AtomicU64,
}

impl Commits {
    fn count(&self) {
        self.number.fetch_add(1, Ordering::Release);
        self.news.notify_waiters();
    }
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
            let reader = Readers::kept(sqlite_pool(&url, READERS + 1, true).await?, READERS);
            (Engine::Sqlite, writer, reader)
        } else {
            let pool = postgres::pool(url, 32, Use::Writing).await?;
            (Engine::Postgres, pool.clone(), Readers::of(pool))
        };
        let replica = match read_url {
            Some(url) => Readers::of(postgres::pool(url, 16, Use::Reading).await?),
            None => reader.clone(),
        };
        let commits: Arc<Commits> = Arc::default();
        let together = (engine == Engine::Sqlite).then(|| Together::start(writer.clone(), commits.clone()));
        Ok(Db { engine, writer, reader, replica, commits, together, turns: None })
    }

    /// The same database for a simulation: one transaction or read at a time, in the order that `turns` decides, until it stops.
    /// Nobody shares a commit there.
    #[must_use]
    pub fn taking_turns(self, turns: Arc<Turns>) -> Db {
        Db { turns: Some(turns), together: None, ..self }
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
        let inner = Inner::Alone(self.writer.begin_with(statement).await?);
        Ok(self.tx(inner, turn))
    }

    /// Begins a transaction that is committed together with others that come at the same moment, on SQLite; on PostgreSQL as
    /// [`Db::begin`]. For short work that many do at once. It is rolled back alone, and [`Tx::commit`] answers when it is durable.
    pub async fn begin_together(&self) -> Result<Tx, sqlx::Error> {
        let Some(together) = &self.together else { return self.begin().await };
        Ok(self.tx(Inner::Together(together.join().await?), None))
    }

    fn tx(&self, inner: Inner, turn: Option<Turn>) -> Tx {
        let number = self.commits.begun.fetch_add(1, Ordering::Relaxed);
        Tx { engine: self.engine, inner, commits: self.commits.clone(), turn, number }
    }

    /// A connection to read with, as fresh as the last commit.
    pub async fn read(&self) -> Result<Reader, sqlx::Error> {
        let turn = self.turn().await?;
        self.reader.acquire(turn).await
    }

    /// A connection for public pages; a replica where one is set, so it may lag behind.
    pub async fn read_public(&self) -> Result<Reader, sqlx::Error> {
        let turn = self.turn().await?;
        self.replica.acquire(turn).await
    }

    /// Sees what other processes commit: [`Db::version`] grows and [`Db::committed`] wakes for it too. Asked of the replica where there is
    /// one, so that it tells what is there to be read. Runs until it is dropped.
    pub async fn watch_others(self) {
        let (mut held, mut last) = (None, None);
        loop {
            // a line that leads nowhere since another server took over never answers
            let asked = tokio::time::timeout(LOOK_WITHIN, self.mark(&mut held)).await;
            match asked.unwrap_or(Err(sqlx::Error::PoolTimedOut)) {
                Ok(mark) => {
                    if last.replace(mark.clone()).is_some_and(|last| last != mark) {
                        self.commits.count();
                    }
                }
                Err(error) => {
                    if let Some(mut connection) = held.take() {
                        connection.close_on_drop();
                    }
                    tracing::debug!(%error, "whether others committed could not be asked; it is tried again");
                }
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// What is another after each commit: PostgreSQL's snapshot of the moment; the number that a connection to an SQLite file counts
    /// the commits of all others with.
    async fn mark(&self, held: &mut Option<PoolConnection<Any>>) -> Result<String, sqlx::Error> {
        let connection = match held {
            Some(connection) => connection,
            None => held.insert(self.replica.straight().await?),
        };
        match self.engine {
            Engine::Postgres => {
                let asked = sqlx::query_as("SELECT CAST(pg_current_snapshot() AS TEXT)");
                asked.fetch_one(&mut **connection).await.map(|(mark,)| mark)
            }
            Engine::Sqlite => {
                let asked: (i64,) = sqlx::query_as("PRAGMA data_version").fetch_one(&mut **connection).await?;
                Ok(asked.0.to_string())
            }
        }
    }

    /// Grows with every commit of this process, and of others when they are watched: what was rendered at the same number is still true.
    pub fn version(&self) -> u64 {
        self.commits.number.load(Ordering::Acquire)
    }

    /// Waits until something is committed: by this process, or by others when they are watched.
    pub async fn committed(&self) {
        self.commits.news.notified().await;
    }

    /// Closes all connections; on SQLite this also folds the write-ahead log into the file.
    pub async fn close(&self) {
        self.reader.close().await;
        self.replica.close().await;
        self.writer.close().await;
    }
}

impl Tx {
    /// Which transaction of this process it is: what is spread over rows is spread by it.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Makes everything of this transaction durable.
    ///
    /// # Errors
    /// The database refused or was lost: whether the transaction happened is then unknown, and the caller must ask again by key.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        self.end(false).await
    }

    /// Like [`Tx::commit`] for what no page shows (leases, limiter slots): kept pages stay valid and nobody is woken.
    ///
    /// # Errors
    /// As [`Tx::commit`].
    pub async fn commit_quietly(self) -> Result<(), sqlx::Error> {
        self.end(true).await
    }

    async fn end(self, quiet: bool) -> Result<(), sqlx::Error> {
        let Tx { inner, commits, turn, .. } = self;
        let transaction = match inner {
            Inner::Alone(transaction) => transaction,
            Inner::Together(member) => return member.commit(quiet).await,
        };
        if let Some(turn) = &turn {
            turn.step()?;
        }
        transaction.commit().await?;
        if !quiet {
            commits.count();
        }
        turn.map_or(Ok(()), |turn| turn.step())
    }
}

impl Deref for Tx {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        match &self.inner {
            Inner::Alone(transaction) => transaction,
            Inner::Together(member) => member.conn(),
        }
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        match &mut self.inner {
            Inner::Alone(transaction) => transaction,
            Inner::Together(member) => member.conn_mut(),
        }
    }
}

/// Whether the database says that a unique rule would be broken.
pub fn is_taken(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}

/// Whether the database broke a transaction off because it and another waited for each other (PostgreSQL's 40P01), because the
/// two could not be put in an order (40001), or because the schema has taken a step since a statement was prepared: nothing of it
/// happened, and all of it can be done anew.
pub fn is_crossed(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| code == "40P01" || code == "40001") || postgres::is_outdated(error)
}

/// Whether the disk below the database is full (SQLite's code 13, PostgreSQL's 53100).
pub fn is_full(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(error) => error.kind() == std::io::ErrorKind::StorageFull,
        other => {
            other.as_database_error().and_then(|error| error.code()).is_some_and(|code| code == "13" || code == "53100")
        }
    }
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

/// How to connect: the driver tells of what is slow, and of nothing else.
fn options(url: &str) -> Result<AnyConnectOptions, sqlx::Error> {
    let options = AnyConnectOptions::from_str(url)?.disable_statement_logging();
    Ok(options.log_slow_statements(log::LevelFilter::Warn, slow::SLOW))
}

async fn sqlite_pool(url: &str, connections: u32, read_only: bool) -> Result<AnyPool, sqlx::Error> {
    AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(30))
        .idle_timeout(None)
        .max_lifetime(None)
        // a file does not hang up
        .test_before_acquire(false)
        .after_connect(move |connection, _| {
            Box::pin(async move {
                connection
                    .execute(
                        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 15000; \
                         PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000;",
                    )
                    .await?;
                if read_only {
                    // what is read often the system keeps in memory once for all of them
                    connection.execute("PRAGMA query_only = ON; PRAGMA cache_size = -2000").await?;
                }
                Ok(())
            })
        })
        .connect_with(options(url)?)
        .await
}

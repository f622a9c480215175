//! The schema: one list of steps for both engines, and per engine one small file of triggers that only refuse.
//!
//! On PostgreSQL a step may come while programs of the version before are at work. It then waits for its tables only for moments at a
//! time, as everybody else stands in the queue behind it, and is tried again when it and somebody's work waited for each other.

use std::time::Duration;

use sqlx::Executor;
use sqlx::migrate::{Migrate, MigrateError, Migration, Migrator};

use super::{Conn, Db, Engine, is_crossed};

static SHARED: Migrator = sqlx::migrate!("./migrations");
static SQLITE: Migrator = sqlx::migrate!("./migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("./migrations/postgres");

/// How often a step is tried that did not get its tables. Another process that migrates is waited for as well.
const MOST: u32 = 60;
const PAUSE: Duration = Duration::from_millis(500);

/// Whether this program has the step, for SQLite.
pub(super) fn knows(version: i64) -> bool {
    SHARED.iter().chain(SQLITE.iter()).any(|step| step.version == version)
}

impl Db {
    /// Creates or upgrades the schema; does nothing when it is up to date. Several processes may call it at once.
    ///
    /// # Errors
    /// A step failed, or the database was made by a newer program than this.
    pub async fn migrate(&self) -> Result<(), MigrateError> {
        let migrator = self.migrator();
        let mut connection = self.writer.acquire().await?;
        let newest = connection
            .list_applied_migrations(&migrator.table_name)
            .await
            .ok()
            .and_then(|applied| applied.iter().map(|step| step.version).max());
        if newest.is_some() && newest == migrator.iter().map(|step| step.version).max() {
            return Ok(());
        }
        match self.engine {
            Engine::Sqlite => migrator.run(&mut *connection).await,
            Engine::Postgres => patiently(&migrator, &mut connection).await,
        }
    }

    /// How many steps the schema still lacks. Changes nothing.
    ///
    /// # Errors
    /// The database cannot be read (an empty one has no list of steps), or was made by a newer program than this.
    pub async fn missing_steps(&self) -> Result<usize, MigrateError> {
        let migrator = self.migrator();
        let mut connection = self.writer.acquire().await?;
        let applied = connection.list_applied_migrations(&migrator.table_name).await?;
        match applied.iter().find(|step| !migrator.version_exists(step.version)) {
            Some(newer) => Err(MigrateError::VersionMissing(newer.version)),
            None => Ok(migrator.iter().filter(|step| applied.iter().all(|one| one.version != step.version)).count()),
        }
    }

    fn migrator(&self) -> Migrator {
        let own = match self.engine {
            Engine::Sqlite => &SQLITE,
            Engine::Postgres => &POSTGRES,
        };
        let steps: Vec<Migration> = SHARED.iter().chain(own.iter()).cloned().collect();
        Migrator::with_migrations(steps)
    }
}

/// Each step is one transaction, so one that failed has left nothing behind.
async fn patiently(migrator: &Migrator, connection: &mut Conn) -> Result<(), MigrateError> {
    connection.execute("SET lock_timeout = '3s'").await?;
    let mut tries = 1;
    let migrated = loop {
        match migrator.run(&mut *connection).await {
            Err(error) if tries < MOST && was_in_the_way(&error) => {
                tracing::warn!(%error, tries, "a step of the schema did not get its tables; it is tried again");
                tries += 1;
                // the library keeps its own lock when a step fails; nobody else could step in while we wait
                connection.execute("SELECT pg_advisory_unlock_all()").await?;
                tokio::time::sleep(PAUSE).await;
            }
            outcome => break outcome,
        }
    };
    connection.execute("RESET lock_timeout").await?;
    migrated
}

/// Whether somebody else's work stood in the way: both waited for each other, or the tables were not free in time (55P03).
fn was_in_the_way(error: &MigrateError) -> bool {
    let (MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) = error else { return false };
    is_crossed(error) || error.as_database_error().and_then(|error| error.code()).is_some_and(|code| code == "55P03")
}

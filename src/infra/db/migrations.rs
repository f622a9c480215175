//! The schema: one list of steps for both engines, and per engine one small file of triggers that only refuse.

use sqlx::migrate::{Migrate, MigrateError, Migration, Migrator};

use super::{Db, Engine};

static SHARED: Migrator = sqlx::migrate!("./migrations");
static SQLITE: Migrator = sqlx::migrate!("./migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("./migrations/postgres");

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
        migrator.run(&mut *connection).await
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

//! The schema: one list of steps for both engines, and per engine one small file of triggers that only refuse.

use sqlx::migrate::{Migrate, MigrateError, Migration, Migrator};

use super::{Db, Engine};

static SHARED: Migrator = sqlx::migrate!("./migrations");
static SQLITE: Migrator = sqlx::migrate!("./migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("./migrations/postgres");

impl Db {
    /// Creates or upgrades the schema; does nothing when it is up to date. Several processes may call it at once.
    ///
    /// # Errors
    /// A step failed, or the database was made by a newer program than this.
    pub async fn migrate(&self) -> Result<(), MigrateError> {
        let own = match self.engine {
            Engine::Sqlite => &SQLITE,
            Engine::Postgres => &POSTGRES,
        };
        let steps: Vec<Migration> = SHARED.iter().chain(own.iter()).cloned().collect();
        let migrator = Migrator::with_migrations(steps);
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
}

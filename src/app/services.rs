//! Opens everything an installation needs.

use std::sync::Arc;

use crate::infra::Services;
use crate::infra::clock::Clock;
use crate::infra::db::Db;
use crate::infra::random::Keys;
use crate::infra::settings::Settings;

/// Opens the database and wires the services. The schema is not touched.
///
/// # Errors
/// The database cannot be opened.
pub async fn open(settings: Settings) -> Result<Services, sqlx::Error> {
    let db = Db::open(&settings.database_url, settings.database_read_url.as_deref()).await?;
    Ok(Services {
        db,
        clock: Clock::default(),
        keys: Keys::new(&settings.secret_key),
        settings: Arc::new(settings),
        pages: crate::infra::web::cache::PageCache::default(),
    })
}

//! Opens everything an installation needs.

use std::sync::Arc;

use crate::infra::clock::Clock;
use crate::infra::db::Db;
use crate::infra::files::Place;
use crate::infra::mail::Mailer;
use crate::infra::pictures::Decoder;
use crate::infra::random::Keys;
use crate::infra::settings::{Settings, WrongSetting};
use crate::infra::stripe::{Limiter, Stripe};
use crate::infra::{Parts, Services};

/// Why an installation cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("the database cannot be opened: {0}")]
    Database(#[from] sqlx::Error),
    #[error("the program does not find itself: {0}")]
    Program(#[from] std::io::Error),
    #[error(transparent)]
    Setting(#[from] WrongSetting),
}

/// Opens the database and wires the services. The schema is not touched.
///
/// # Errors
/// The database cannot be opened, or a setting is wrong.
pub async fn open(settings: Settings) -> Result<Services, OpenError> {
    let db = Db::open(&settings.database_url, settings.database_read_url.as_deref()).await?;
    let clock = Clock::default();
    let limiter = Limiter::new(db.clone(), clock.clone(), settings.stripe.rate_per_second);
    let sandbox = format!("http://{}/dev/bank", settings.listen);
    let api_url = settings.stripe.api_url.clone().unwrap_or(sandbox);
    Ok(Services::from(Parts {
        stripe: Stripe::new(&settings.stripe, &api_url, limiter).map_err(|e| sqlx::Error::Configuration(e.into()))?,
        db,
        clock,
        mailer: Mailer::open(&settings)?,
        keys: Keys::new(&settings.secret_key),
        files: Place::of(&settings.files).map_err(|e| sqlx::Error::Configuration(e.into()))?,
        waiting_room: crate::infra::waiting_room::WaitingRoom::new(settings.stripe.rate_per_second),
        settings: Arc::new(settings),
        bank: None,
        pages: crate::infra::web::cache::PageCache::default(),
        live: crate::infra::web::live::Live::default(),
        decoder: Decoder::of_this_program()?,
        recent: crate::infra::limits::Recent::default(),
        batching: crate::infra::batching::Batching::default(),
    }))
}

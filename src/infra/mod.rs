//! Each file wraps one thing outside the program: settings, clock, randomness, database, jobs, texts, the web kit.

pub mod bank;
pub mod batching;
pub mod clock;
pub mod csv;
pub mod db;
pub mod drawing;
pub mod error;
pub mod facts;
pub mod files;
pub mod history;
pub mod http;
pub mod jobs;
pub mod letters;
pub mod limits;
pub mod listing;
pub mod mail;
pub mod markdown;
pub mod pdf;
pub mod periodic;
pub mod personal;
pub mod pictures;
pub mod planted;
pub mod random;
pub mod sandbox;
pub mod settings;
pub mod sheet;
pub mod stripe;
pub mod texts;
pub mod traces;
pub mod waiting_room;
pub mod web;

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use crate::infra::batching::Batching;
use crate::infra::clock::Clock;
use crate::infra::db::Db;
use crate::infra::files::Place;
use crate::infra::limits::Recent;
use crate::infra::mail::Mailer;
use crate::infra::pictures::Decoder;
use crate::infra::random::Keys;
use crate::infra::sandbox::Sandbox;
use crate::infra::settings::Settings;
use crate::infra::stripe::Stripe;
use crate::infra::waiting_room::WaitingRoom;
use crate::infra::web::cache::PageCache;
use crate::infra::web::live::Live;

/// What an action or a handler may need of the outside, handed in as one value. Shared: every layer and request holds a clone.
#[derive(Clone)]
pub struct Services(Arc<Parts>);

/// The services one by one.
#[derive(Clone)]
pub struct Parts {
    pub db: Db,
    pub clock: Clock,
    pub settings: Arc<Settings>,
    /// Where bytes lie that people sent.
    pub files: Place,
    pub keys: Keys,
    pub stripe: Stripe,
    /// The built-in sandbox bank, in a development process that serves it.
    pub bank: Option<Sandbox>,
    pub pages: PageCache,
    pub live: Live,
    /// Who waits for the payment provider.
    pub waiting_room: WaitingRoom,
    pub mailer: Mailer,
    /// Decodes pictures that people send, in a process of its own.
    pub decoder: Decoder,
    /// What is counted in memory alone.
    pub recent: Recent,
    /// Requests that are worked on together.
    pub batching: Batching,
}

impl From<Parts> for Services {
    fn from(parts: Parts) -> Services {
        Services(Arc::new(parts))
    }
}

impl Deref for Services {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// Changes this clone and no other.
impl DerefMut for Services {
    fn deref_mut(&mut self) -> &mut Parts {
        Arc::make_mut(&mut self.0)
    }
}

impl Services {
    /// The whole address of a path of this site.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.settings.public_url)
    }
}

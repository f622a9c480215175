//! A stand-in for Stripe: the part of its API that Drempel uses, a test bank page, signed webhooks, and faults on request.
//!
//! It serves `cargo run` without keys, so that a developer can pay, fail, cancel or wait, and it serves the tests, which need a
//! payment provider that remembers idempotency keys and can be late, repeat itself, reorder, refuse and stall. It speaks HTTP like
//! the real one; nothing in the program knows that it is not. Its objects start from examples Stripe published and are held against
//! them, and an official Stripe client library drives it (`tests/sandbox/drive.py`), so that it cannot drift into fiction.
//!
//! | part | what |
//! | --- | --- |
//! | `api` | the door of `/v1`: key, limit, fault, idempotency, then the call |
//! | `calls`, `sessions`, `payments`, `refunds`, `disputes`, `balance`, `lists` | the calls and their rules |
//! | `rows`, `state`, `journal` | what is remembered, in memory and on disk |
//! | `objects`, `expand`, `errors`, `params` | Stripe's shapes, in and out |
//! | `webhooks` | events on their way |
//! | `connect` | organisations' own accounts, and transfers to them |
//! | `bank_page`, `bank_texts` | the page where a browser pays |
//! | `faults`, `control` | making things go wrong, and seeing what happened |
//! | `simulated` | the same without sockets, for simulations |

mod api;
mod balance;
mod bank_page;
mod bank_texts;
mod calls;
mod connect;
mod control;
mod disputes;
mod errors;
mod expand;
mod faults;
mod idempotency;
mod ids;
mod journal;
mod lists;
mod objects;
mod params;
mod payments;
mod refunds;
mod rows;
mod sessions;
pub mod simulated;
mod state;
mod webhooks;

#[cfg(test)]
mod tests;

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::routing::{any, get, post};
use axum::serve::ListenerExt as _;
use tokio::sync::Notify;
use tokio::time::Duration;

use journal::{Journal, Written};
use state::{State, Work};

/// How a sandbox is set up.
pub struct Config {
    /// Where a browser reaches the router, without a slash at the end: `http://localhost:3000/dev/bank`.
    pub public_base: String,
    /// The API key that callers must send, `sk_test_…`.
    pub secret_key: String,
    /// Where events are delivered (http only); none are sent without it.
    pub webhook_url: Option<String>,
    /// What webhooks are signed with, `whsec_…`.
    pub webhook_secret: String,
    /// The file that lets the state survive a restart; without it everything is forgotten.
    pub journal: Option<PathBuf>,
    /// The clock: Unix seconds.
    pub now: Arc<dyn Fn() -> i64 + Send + Sync>,
    /// More requests than this in one second to one endpoint are answered 429. Stripe's own limit is 25.
    pub requests_per_second: Option<u32>,
}

/// A running sandbox; clones share it.
#[derive(Clone)]
pub struct Sandbox {
    inner: Arc<Inner>,
}

struct Inner {
    secret_key: String,
    webhook_url: Option<String>,
    webhook_secret: String,
    now: Arc<dyn Fn() -> i64 + Send + Sync>,
    state: Mutex<State>,
    journal: Option<Journal>,
    client: reqwest::Client,
    /// Wakes the delivery loop when there is a new event.
    news: Notify,
    /// Held while webhooks are sent, so that no event is sent by two at once.
    delivering: tokio::sync::Mutex<()>,
}

impl Sandbox {
    /// Sets a sandbox up, with what its journal remembers.
    ///
    /// # Errors
    /// The journal cannot be read or written, or webhooks should go to an https address, which a stand-in has no business with.
    pub fn open(config: Config) -> io::Result<Sandbox> {
        if config.webhook_url.as_ref().is_some_and(|url| !url.starts_with("http://")) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "the sandbox delivers webhooks over plain http only",
            ));
        }
        let mut state = State::new(&config);
        let journal = config.journal.as_deref().map(|path| Journal::open(path, &mut state)).transpose()?;
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(10))
            .build()
            .map_err(io::Error::other)?;
        let inner = Inner {
            secret_key: config.secret_key,
            webhook_url: config.webhook_url,
            webhook_secret: config.webhook_secret,
            now: config.now,
            state: Mutex::new(state),
            journal,
            client,
            news: Notify::new(),
            delivering: tokio::sync::Mutex::new(()),
        };
        Ok(Sandbox { inner: Arc::new(inner) })
    }

    /// The sandbox as routes: `/v1/…` (the API), `/pay/{session}` (the bank page) and `/control/…`.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/v1", any(api::handle))
            .route("/v1/{*path}", any(api::handle))
            .route("/", get(bank_page::home))
            .route("/pay/{session}", get(bank_page::show).post(bank_page::choose))
            .route("/onboarding/{account}", get(connect::show).post(connect::choose))
            .route("/control/faults", get(control::show_faults).post(control::order_faults))
            .route("/control/resend", post(control::resend))
            .route("/control/settle", post(control::settle))
            .route("/control/refund", post(control::change_refund))
            .route("/control/pay", post(control::pay))
            .route("/control/dispute", post(disputes::control))
            .route("/control/warning", post(disputes::control_warning))
            .route("/control/book", post(control::book))
            .route("/control/payout", post(control::payout))
            .route("/control/payment", post(control::payment))
            .route("/control/effects", get(control::effects))
            .with_state(self.clone())
    }

    /// Does what the clock asks for: expires sessions, settles processing payments, delivers the webhooks that are due.
    /// Returns when every due webhook has been tried.
    pub async fn tick(&self) {
        self.durably(|_| ()).await;
        webhooks::deliver_due(self).await;
    }

    /// Calls `tick` every second, and at once when something happened.
    pub fn start_delivery(&self) -> tokio::task::JoinHandle<()> {
        let sandbox = self.clone();
        tokio::spawn(async move {
            loop {
                // A second passing without news is as good a reason to look at the clock.
                let _ = tokio::time::timeout(Duration::from_secs(1), sandbox.inner.news.notified()).await;
                sandbox.tick().await;
            }
        })
    }

    /// One look at the state under its lock, brought up to date with the clock first; the changes go to the journal.
    fn with<R>(&self, act: impl FnOnce(&mut Work<'_>) -> R) -> (R, Option<Written>) {
        let now = self.now();
        let mut state = self.lock();
        let mut work = Work::new(&mut state, now, self.inner.journal.is_some());
        payments::catch_up(&mut work);
        let result = act(&mut work);
        let records = std::mem::take(&mut work.records);
        if work.emitted {
            self.inner.news.notify_one();
        }
        let written =
            self.inner.journal.as_ref().filter(|_| !records.is_empty()).map(|journal| journal.append(records));
        (result, written)
    }

    /// The same, and waits until the journal has it. A journal that cannot be written is logged; pages go on without it.
    async fn durably<R>(&self, act: impl FnOnce(&mut Work<'_>) -> R) -> R {
        let (result, written) = self.with(act);
        Sandbox::is_written(written).await;
        result
    }

    /// Whether a line reached the journal; true when there was none to write.
    async fn is_written(written: Option<Written>) -> bool {
        match written {
            Some(written) => written.await.is_ok(),
            None => true,
        }
    }

    /// Waits until everything that was handed to the journal is written.
    async fn flush_journal(&self) -> bool {
        let written = self.inner.journal.as_ref().map(|journal| journal.append(Vec::new()));
        Sandbox::is_written(written).await
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic in one request must not end the test bank for all others.
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> i64 {
        (self.inner.now)()
    }

    fn secret_key(&self) -> &str {
        &self.inner.secret_key
    }

    fn webhook_secret(&self) -> &str {
        &self.inner.webhook_secret
    }

    fn webhook_target(&self) -> Option<(&reqwest::Client, &str)> {
        self.inner.webhook_url.as_deref().map(|url| (&self.inner.client, url))
    }

    async fn delivering(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.inner.delivering.lock().await
    }
}

/// Serves a sandbox alone, delivery included, until it fails or the future is dropped.
///
/// # Errors
/// The listener stops working.
pub async fn serve(listener: tokio::net::TcpListener, sandbox: Sandbox) -> io::Result<()> {
    let delivery = sandbox.start_delivery();
    let listener = listener.tap_io(|stream| {
        // Small answers should not wait for more to send; failing to say so costs only time.
        let _ = stream.set_nodelay(true);
    });
    let served = axum::serve(listener, sandbox.router()).await;
    delivery.abort();
    served
}

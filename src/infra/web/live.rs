//! Streams of events (server-sent events): what many people watch is read once after each commit and sent to all of them.
//!
//! Each subject has one reader as long as somebody watches it. Commits of this process are seen at once, those of others on the same
//! database as soon as they are seen at all (`Db::watch_others`). Who is slow gets the newest news, not all of it. A stream ends by itself after a while; browsers come
//! back on their own.

use std::collections::HashMap;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::http::HeaderValue;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::{StreamExt, stream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::Sleep;
use tokio_util::sync::CancellationToken;

use crate::infra::db::Db;
use crate::infra::error::Result;
use crate::infra::web::problem::Failure;

/// Streams that one process holds open; the door has room for other visitors beside them.
const MOST: usize = 10_000;
/// How long a reader waits after a commit: what is committed at the same moment is told together.
const BREATH: Duration = Duration::from_millis(250);
/// How often a reader looks when nothing is committed: what is told also says how long there is left.
const TICK: Duration = Duration::from_secs(20);
/// A line without news, so that nobody between us and the browser takes the silence for an end.
const SIGN_OF_LIFE: Duration = Duration::from_secs(20);
/// After so long a stream ends.
const LONGEST: Duration = Duration::from_secs(30 * 60);
/// What a browser is asked to wait before it comes back.
const COME_BACK: Duration = Duration::from_secs(5);

/// What is told last of a subject; nothing before it was read for the first time.
type News = Option<Arc<str>>;

/// The streams of one process. Cheap to clone.
#[derive(Clone)]
pub struct Live {
    subjects: Arc<Mutex<HashMap<String, Arc<watch::Sender<News>>>>>,
    places: Arc<Semaphore>,
    end: CancellationToken,
}

impl Default for Live {
    fn default() -> Live {
        Live { subjects: Arc::default(), places: Arc::new(Semaphore::new(MOST)), end: CancellationToken::new() }
    }
}

impl Live {
    /// Answers with a stream of what `read` tells of a subject: at once, and after each commit that changes it.
    ///
    /// # Errors
    /// Too many streams are open.
    pub fn watch<Reading>(
        &self,
        db: &Db,
        subject: &str,
        read: impl Fn() -> Reading + Send + 'static,
    ) -> std::result::Result<Response, Failure>
    where
        Reading: Future<Output = Result<String>> + Send + 'static,
    {
        let place = self.places.clone().try_acquire_owned();
        let place = place.map_err(|_| Failure::unavailable("problem-busy", "too many streams are open"))?;
        let news = self.subscribe(db, subject, read);
        let until = Box::pin(tokio::time::sleep(LONGEST));
        let watcher = Watcher { news, told: None, end: self.end.clone(), until, _place: place };
        let first = stream::once(async { Ok::<Event, Infallible>(Event::default().retry(COME_BACK).comment("")) });
        let events = first.chain(stream::unfold(watcher, Watcher::next));
        let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(SIGN_OF_LIFE)).into_response();
        // nginx would collect what comes until there is enough of it
        response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
        Ok(response)
    }

    /// Ends all streams, and those to come: the process stops.
    pub fn end(&self) {
        self.end.cancel();
    }

    /// How many streams are open.
    pub fn open(&self) -> usize {
        MOST - self.places.available_permits()
    }

    fn subscribe<Reading>(
        &self,
        db: &Db,
        subject: &str,
        read: impl Fn() -> Reading + Send + 'static,
    ) -> watch::Receiver<News>
    where
        Reading: Future<Output = Result<String>> + Send + 'static,
    {
        let mut subjects = self.subjects.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = subjects.get(subject) {
            return sender.subscribe();
        }
        let (sender, news) = watch::channel(None);
        let sender = Arc::new(sender);
        subjects.insert(subject.to_owned(), sender.clone());
        tokio::spawn(self.clone().tell(db.clone(), subject.to_owned(), sender, read));
        news
    }

    /// Reads as long as somebody watches.
    async fn tell<Reading>(
        self,
        db: Db,
        subject: String,
        sender: Arc<watch::Sender<News>>,
        read: impl Fn() -> Reading + Send + 'static,
    ) where
        Reading: Future<Output = Result<String>> + Send + 'static,
    {
        loop {
            match read().await {
                Ok(text) => {
                    sender.send_if_modified(|told| {
                        let is_news = told.as_deref() != Some(&*text);
                        if is_news {
                            *told = Some(Arc::from(text));
                        }
                        is_news
                    });
                }
                Err(error) => tracing::warn!(%error, subject, "what is watched could not be read; it is tried again"),
            }
            tokio::select! {
                () = self.end.cancelled() => return,
                () = db.committed() => tokio::time::sleep(BREATH).await,
                () = tokio::time::sleep(TICK) => {}
                () = sender.closed() => {}
            }
            // under the lock nobody can come in between looking and leaving
            let mut subjects = self.subjects.lock().unwrap_or_else(PoisonError::into_inner);
            if sender.is_closed() {
                subjects.remove(&subject);
                return;
            }
        }
    }
}

/// One open stream.
struct Watcher {
    news: watch::Receiver<News>,
    told: News,
    end: CancellationToken,
    until: Pin<Box<Sleep>>,
    _place: OwnedSemaphorePermit,
}

impl Watcher {
    /// The next event; nothing when the stream ends.
    async fn next(mut self) -> Option<(std::result::Result<Event, Infallible>, Watcher)> {
        loop {
            let news = self.news.borrow_and_update().clone();
            if let Some(text) = &news
                && news != self.told
            {
                let event = Event::default().data(&**text);
                self.told = news;
                return Some((Ok(event), self));
            }
            tokio::select! {
                () = self.end.cancelled() => return None,
                () = &mut self.until => return None,
                changed = self.news.changed() => changed.ok()?,
            }
        }
    }
}

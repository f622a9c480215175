//! Rendered public pages, each kept as it goes over the line: in one language, for one address, compressed in one way.
//!
//! A page is given as long as nothing was committed since its rendering began, and for a few seconds at most, as it also tells the
//! time. So a pledge shows on the next request. What other processes commit on the same database counts as soon as it is seen
//! (`Db::watch_others`, a quarter of a second).
//!
//! Whoever asks while a page is being rendered waits for that rendering, or for one that began after they asked: however many ask, and
//! however often the data change, one page is rendered by one request at a time.
//!
//! Two layers do it. [`serve`] lies around the public routes and renders; [`front`] lies around everything else, so that a page that is kept
//! costs neither routing nor what other requests need. What `serve` has rendered is complete when its answer passes `front`.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

use crate::infra::Services;
use crate::infra::web::headers::is_for_us;
use crate::infra::web::limit::is_counted;

/// The age at which a page is rendered anew even when nothing was committed.
const LONGEST: Duration = Duration::from_secs(3);
const MOST_PAGES: usize = 4_000;
/// What is larger is rendered for each visitor.
const LARGEST_PAGE: usize = 512 * 1024;
/// What all of them may take together, in bytes: an address can be asked for with any query.
const MOST_BYTES: usize = 64 * 1024 * 1024;
/// The ways in which pages are compressed, the best first.
const ENCODINGS: [&str; 2] = ["br", "gzip"];

/// The pages of one process. Cheap to clone.
#[derive(Clone, Default)]
pub struct PageCache(Arc<RwLock<HashMap<String, Arc<Slot>>>>);

/// The place of one page.
#[derive(Default)]
struct Slot {
    kept: RwLock<Option<Kept>>,
    rendering: Mutex<()>,
}

#[derive(Clone)]
struct Kept {
    /// How often was committed when its rendering began.
    version: u64,
    since: Instant,
    headers: HeaderMap,
    /// Whether the headers of the layers around it are among them.
    is_complete: bool,
    body: Bytes,
}

/// A page that was rendered for this answer, and its place.
#[derive(Clone)]
struct Rendered(Arc<Slot>, Kept);

/// Layer around everything that gives what is kept. What must be counted or refused goes the whole way.
pub async fn front(State(services): State<Services>, request: Request, next: Next) -> Response {
    if request.method() == Method::GET
        && !is_counted(request.uri().query())
        && is_for_us(&services, &request)
        && let Some(slot) = services.pages.find(&key(best_encoding(request.headers()), request.uri()))
        && let Some(kept) = slot.kept(services.db.version()).filter(|kept| kept.is_complete)
    {
        return answer(kept, request.headers().get(header::IF_NONE_MATCH));
    }
    let mut response = next.run(request).await;
    if let Some(Rendered(slot, kept)) = response.extensions_mut().remove() {
        let mut headers = response.headers().clone();
        headers.remove(header::CONTENT_LENGTH);
        slot.complete(Kept { headers, is_complete: true, ..kept });
    }
    response
}

/// Layer for routes that look the same for everybody, outside of the one that compresses. Handlers under it must not read cookies.
pub async fn serve(State(services): State<Services>, mut request: Request, next: Next) -> Response {
    if request.method() != Method::GET || request.uri().query().is_some_and(|q| q.len() > 300) {
        return next.run(request).await;
    }
    let version = services.db.version();
    let encoding = one_encoding(request.headers_mut());
    let slot = services.pages.slot(key(encoding, request.uri()));
    let asked = request.headers().get(header::IF_NONE_MATCH).cloned();
    if let Some(kept) = slot.kept(version) {
        return answer(kept, asked.as_ref());
    }
    let _turn = slot.rendering.lock().await;
    if let Some(kept) = slot.kept(version) {
        return answer(kept, asked.as_ref());
    }
    let version = services.db.version();
    match render(version, next.run(request).await).await {
        Ok(kept) => {
            let is_kept = kept.body.len() <= LARGEST_PAGE;
            let mut response = answer(kept.clone(), asked.as_ref());
            if is_kept {
                slot.keep(kept.clone());
                services.pages.make_room();
                response.extensions_mut().insert(Rendered(slot.clone(), kept));
            }
            response
        }
        Err(response) => response,
    }
}

/// Leaves the best encoding in the header that the visitor can read and we can write, and names it; so that a page is kept in few forms.
fn one_encoding(headers: &mut HeaderMap) -> &'static str {
    let encoding = best_encoding(headers);
    headers.remove(header::ACCEPT_ENCODING);
    if !encoding.is_empty() {
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(encoding));
    }
    encoding
}

/// The name of the best encoding that the visitor can read and we can write; empty for none.
fn best_encoding(headers: &HeaderMap) -> &'static str {
    let accepted = headers.get(header::ACCEPT_ENCODING);
    let accepted = accepted.and_then(|value| value.to_str().ok()).unwrap_or_default().to_ascii_lowercase();
    let takes = |wanted: &str| {
        accepted.split(',').any(|one| {
            let (name, weight) = one.split_once(';').unwrap_or((one, ""));
            let is_refused = weight.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()) == Some(0.0);
            name.trim() == wanted && !is_refused
        })
    };
    ENCODINGS.into_iter().find(|one| takes(one)).unwrap_or_default()
}

/// The name of a page: its encoding and its address.
fn key(encoding: &str, address: &Uri) -> String {
    format!("{encoding} {}", address.path_and_query().map_or("", |p| p.as_str()))
}

fn answer(kept: Kept, asked: Option<&HeaderValue>) -> Response {
    let tag = kept.headers.get(header::ETAG).and_then(|tag| tag.to_str().ok()).unwrap_or_default();
    // a proxy that compresses anew marks the tag as weak
    let is_known = asked
        .and_then(|asked| asked.to_str().ok())
        .is_some_and(|asked| asked.split(',').any(|one| one.trim().trim_start_matches("W/") == tag));
    if is_known {
        return (StatusCode::NOT_MODIFIED, kept.headers).into_response();
    }
    (kept.headers, kept.body).into_response()
}

/// The answer as it will be kept, or the answer itself when it is not to be kept.
async fn render(version: u64, response: Response) -> Result<Kept, Response> {
    if response.status() != StatusCode::OK || response.headers().contains_key(header::SET_COOKIE) {
        return Err(response);
    }
    let (mut parts, body) = response.into_parts();
    // our own pages, which lie in memory already
    let body = match to_bytes(body, usize::MAX).await {
        Ok(body) => body,
        Err(error) => {
            tracing::error!(%error, "a page broke off while it was rendered");
            return Err(StatusCode::INTERNAL_SERVER_ERROR.into_response());
        }
    };
    let tag = format!("\"{}\"", hex::encode(&Sha256::digest(&body)[..10]));
    if let Ok(tag) = tag.parse() {
        parts.headers.insert(header::ETAG, tag);
    }
    if parts.headers.contains_key(header::CACHE_CONTROL) {
        return Err(Response::from_parts(parts, Body::from(body)));
    }
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=0, must-revalidate"));
    Ok(Kept { version, since: now(), headers: parts.headers, is_complete: false, body })
}

fn now() -> Instant {
    Instant::now()
}

impl Slot {
    /// The page, when its rendering began after everything that had been committed at `version`.
    fn kept(&self, version: u64) -> Option<Kept> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|kept| kept.version >= version && kept.since.elapsed() < LONGEST).cloned()
    }

    fn keep(&self, page: Kept) {
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = Some(page);
    }

    /// Takes the complete form of a page, unless a newer one has come meanwhile.
    fn complete(&self, page: Kept) {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if kept.as_ref().is_none_or(|newer| newer.version <= page.version) {
            *kept = Some(page);
        }
    }

    fn bytes(&self) -> usize {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).as_ref().map_or(0, |kept| kept.body.len())
    }
}

impl PageCache {
    fn find(&self, key: &str) -> Option<Arc<Slot>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    fn slot(&self, key: String) -> Arc<Slot> {
        if let Some(slot) = self.find(&key) {
            return slot;
        }
        let mut pages = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if pages.len() >= MOST_PAGES {
            pages.clear();
        }
        pages.entry(key).or_default().clone()
    }

    /// How many pages are kept, and how many bytes they are together.
    pub fn held(&self) -> (usize, usize) {
        let pages = self.0.read().unwrap_or_else(PoisonError::into_inner);
        (pages.len(), pages.values().map(|slot| slot.bytes()).sum())
    }

    /// Forgets all pages when they take too much together; those in use are rendered anew.
    fn make_room(&self) {
        if self.held().1 > MOST_BYTES {
            self.0.write().unwrap_or_else(PoisonError::into_inner).clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_way_of_compressing_is_chosen_of_those_that_are_accepted() {
        for (accepted, chosen) in [
            ("gzip, deflate, br, zstd", "br"),
            ("gzip;q=1.0, br;q=0", "gzip"),
            ("GZIP", "gzip"),
            ("deflate", ""),
            ("identity;q=1, *;q=0", ""),
            ("", ""),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted));
            assert_eq!(one_encoding(&mut headers), chosen, "{accepted}");
            let left = headers.get(header::ACCEPT_ENCODING).map(|value| value.to_str().unwrap());
            assert_eq!(left.unwrap_or_default(), chosen, "{accepted}");
        }
    }

    #[tokio::test]
    async fn a_page_that_is_too_large_to_be_kept_is_given_all_the_same() {
        let page = vec![b'x'; LARGEST_PAGE + 1];
        let kept = render(1, page.into_response()).await.unwrap();
        assert_eq!(kept.body.len(), LARGEST_PAGE + 1);
        assert!(kept.headers.contains_key(header::ETAG));
    }

    #[test]
    fn a_page_is_given_until_something_is_committed_after_its_rendering_began() {
        let slot = Slot::default();
        let (headers, body) = (HeaderMap::new(), Bytes::from_static(b"page"));
        slot.keep(Kept { version: 5, since: now(), headers, is_complete: true, body });
        assert!(slot.kept(4).is_some() && slot.kept(5).is_some() && slot.kept(6).is_none());
        let pages = PageCache::default();
        for number in 0..MOST_PAGES + 1 {
            pages.slot(number.to_string());
        }
        assert_eq!(pages.0.read().unwrap().len(), 1, "room is made");
    }
}

//! Rendered public pages, kept while nothing was committed since and for a few seconds at most.
//!
//! A page is valid for the number of commits at which its rendering began, so a pledge shows on the next request. Other
//! processes on the same database are seen when the seconds are over.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::infra::Services;

/// The age at which a page is rendered anew even when this process committed nothing.
const LONGEST: Duration = Duration::from_secs(3);
const MOST_PAGES: usize = 4_000;
const LARGEST_PAGE: usize = 512 * 1024;
/// What all of them may take together, in bytes: an address can be asked for with any query.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// The pages of one process. Cheap to clone.
#[derive(Clone, Default)]
pub struct PageCache(Arc<RwLock<HashMap<String, Kept>>>);

#[derive(Clone)]
struct Kept {
    version: u64,
    since: Instant,
    headers: HeaderMap,
    body: Bytes,
}

/// Layer for routes that look the same for everybody. Handlers under it must not read cookies.
pub async fn serve(State(services): State<Services>, request: Request, next: Next) -> Response {
    if request.method() != Method::GET || request.uri().query().is_some_and(|q| q.len() > 300) {
        return next.run(request).await;
    }
    let key = request.uri().path_and_query().map_or_else(String::new, |p| p.as_str().to_owned());
    let asked = request.headers().get(header::IF_NONE_MATCH).cloned();
    let version = services.db.version();
    let kept = services.pages.0.read().ok().and_then(|pages| pages.get(&key).cloned());
    let kept = match kept.filter(|k| k.version == version && k.since.elapsed() < LONGEST) {
        Some(kept) => kept,
        None => match render(version, next.run(request).await).await {
            Ok(kept) => {
                remember(&services.pages, key, kept.clone());
                kept
            }
            Err(response) => return response,
        },
    };
    if asked.is_some() && asked.as_ref() == kept.headers.get(header::ETAG) {
        return (StatusCode::NOT_MODIFIED, kept.headers).into_response();
    }
    (kept.headers, kept.body).into_response()
}

/// The answer as it will be kept, or the answer itself when it is not to be kept.
async fn render(version: u64, response: Response) -> Result<Kept, Response> {
    if response.status() != StatusCode::OK || response.headers().contains_key(header::SET_COOKIE) {
        return Err(response);
    }
    let (parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_PAGE).await else {
        return Err(StatusCode::INTERNAL_SERVER_ERROR.into_response());
    };
    let mut headers = parts.headers;
    let tag = format!("\"{}\"", hex::encode(&Sha256::digest(&body)[..10]));
    if let Ok(tag) = tag.parse() {
        headers.insert(header::ETAG, tag);
    }
    if headers.contains_key(header::CACHE_CONTROL) {
        return Err(Response::from_parts(with_headers(parts.status, headers), Body::from(body)));
    }
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("public, max-age=0, must-revalidate"));
    Ok(Kept { version, since: now(), headers, body })
}

fn with_headers(status: StatusCode, headers: HeaderMap) -> axum::http::response::Parts {
    let mut response = Response::new(());
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response.into_parts().0
}

fn now() -> Instant {
    Instant::now()
}

fn remember(pages: &PageCache, key: String, kept: Kept) {
    if let Ok(mut pages) = pages.0.write() {
        let bytes: usize = pages.values().map(|page| page.body.len()).sum();
        if pages.len() >= MOST_PAGES || bytes + kept.body.len() > MOST_BYTES {
            pages.clear();
        }
        pages.insert(key, kept);
    }
}

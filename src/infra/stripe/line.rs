//! The line to the payment provider: connections that are kept between calls.
//!
//! The library's own client opens a new connection for every call, with a whole TLS handshake in production; here a refund costs
//! one answer instead of four. Requests, answers and errors are the library's. A kept connection that the other side has closed shows as
//! a lost call, which is tried again under its key like any other.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER, USER_AGENT};
use hyper::{Method, Request};
use stripe::StripeError;
use stripe_client_core::{CustomizedStripeRequest, StripeClient, StripeMethod, VERSION};

use crate::infra::http;

/// How long one attempt may take.
const CALL: Duration = Duration::from_secs(10);

/// For how long the provider asked to be left alone; the library's errors have no place for it. Clones share it.
#[derive(Clone, Default)]
pub(super) struct Wish(Arc<AtomicU64>);

impl Wish {
    /// Hears a refused answer: a number of seconds in `Retry-After`, which is how the provider says it.
    fn hear(&self, headers: &HeaderMap) {
        let seconds = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
        if let Some(seconds) = seconds {
            self.0.fetch_max(seconds, Ordering::Relaxed);
        }
    }

    /// What was asked since the last time.
    pub(super) fn take(&self) -> Option<Duration> {
        let seconds = self.0.swap(0, Ordering::Relaxed);
        (seconds > 0).then(|| Duration::from_secs(seconds))
    }
}

/// Cheap to clone.
#[derive(Clone)]
pub(super) struct Line {
    client: http::Client,
    /// With a slash at its end.
    address: String,
    secret: HeaderValue,
    wish: Wish,
}

impl Line {
    /// A line to this address with this key; nothing is connected yet.
    ///
    /// # Errors
    /// The key or the address cannot be used.
    pub(super) fn new(address: &str, secret_key: &str, wish: Wish) -> Result<Line, StripeError> {
        let wrong = |what: &str| StripeError::ConfigError(what.to_owned());
        address.parse::<hyper::Uri>().map_err(|_| wrong("the address of the payment provider"))?;
        let mut secret = HeaderValue::from_str(&format!("Bearer {secret_key}")).map_err(|_| wrong("the secret key"))?;
        secret.set_sensitive(true);
        Ok(Line { client: http::client(), address: format!("{address}/"), secret, wish })
    }

    fn request(&self, asked: CustomizedStripeRequest) -> Result<Request<Full<Bytes>>, StripeError> {
        let (request, config) = asked.into_pieces();
        let (method, mut address) = (request.method, format!("{}v1{}", self.address, request.path));
        if let Some(query) = request.query {
            address.push('?');
            address.push_str(&query);
        }
        let method = match method {
            StripeMethod::Get => Method::GET,
            StripeMethod::Post => Method::POST,
            StripeMethod::Delete => Method::DELETE,
        };
        let mut builder = Request::builder()
            .method(method)
            .uri(address)
            .header(AUTHORIZATION, self.secret.clone())
            .header(USER_AGENT, concat!("Drempel/", env!("CARGO_PKG_VERSION")))
            .header("stripe-version", VERSION.as_str());
        if let Some(account_id) = config.account_id {
            builder = builder.header("stripe-account", account_id.as_str());
        }
        if let Some(key) = config.request_strategy.and_then(|strategy| strategy.get_key()) {
            builder = builder.header("idempotency-key", key.as_str());
        }
        if request.body.is_some() {
            builder = builder.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        Ok(builder.body(Full::new(Bytes::from(request.body.unwrap_or_default())))?)
    }

    async fn answer(&self, request: Request<Full<Bytes>>) -> Result<Bytes, StripeError> {
        let response = self.client.request(request).await?;
        let status = response.status();
        if !status.is_success() {
            self.wish.hear(response.headers());
        }
        let bytes = response.into_body().collect().await?.to_bytes();
        if status.is_success() {
            return Ok(bytes);
        }
        let text = std::str::from_utf8(&bytes).unwrap_or_default();
        match miniserde::json::from_str::<stripe_shared::Error>(text) {
            Ok(told) => Err(StripeError::Stripe(told.error, status.as_u16())),
            Err(_) => Err(StripeError::JSONDeserialize(format!("an answer {status} without an error in it"))),
        }
    }
}

impl StripeClient for Line {
    type Err = StripeError;

    /// Asks once: who calls decides whether to try again.
    async fn execute(&self, asked: CustomizedStripeRequest) -> Result<Bytes, StripeError> {
        let request = self.request(asked)?;
        tokio::time::timeout(CALL, self.answer(request)).await.unwrap_or(Err(StripeError::Timeout))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use hyper::header::{HeaderMap, HeaderValue, RETRY_AFTER};

    use super::Wish;

    #[test]
    fn the_longest_wish_counts_and_is_heard_once() {
        let wish = Wish::default();
        for said in ["2", " 30 ", "7", "soon", "-1", "Wed, 21 Oct 2026 07:28:00 GMT"] {
            wish.hear(&HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_str(said).expect("a header"))]));
        }
        assert_eq!((wish.take(), wish.take()), (Some(Duration::from_secs(30)), None));
        wish.hear(&HeaderMap::new());
        assert_eq!(wish.take(), None);
    }
}

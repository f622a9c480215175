//! The security headers of every answer, and what may be kept of it.

use axum::extract::{Request, State};
use axum::http::Method;
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use crate::infra::Services;

const FIXED: [(&str, &str); 9] = [
    ("strict-transport-security", "max-age=63072000; includeSubDomains; preload"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("x-frame-options", "DENY"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    ("server", "drempel"),
];

/// The content policy: nothing from elsewhere, nothing inline; forms go to ourselves and to the bank's page.
pub fn content_policy(services: &Services) -> HeaderValue {
    let stripe = match &services.settings.stripe.api_url {
        Some(url) if !services.settings.production() && !url.contains("stripe.com") => origin_of(url),
        Some(_) => "https://checkout.stripe.com https://connect.stripe.com".to_owned(),
        None => String::new(),
    };
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; \
         manifest-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'self' {stripe}"
    );
    // an address that no header can carry lets forms go to ourselves only
    HeaderValue::from_str(policy.trim_end())
        .unwrap_or(HeaderValue::from_static("default-src 'self'; frame-ancestors 'none'"))
}

fn origin_of(url: &str) -> String {
    url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/")
}

/// Whether pages of other sites may read the answer: the API for reading, its errors too. Writing stays closed.
fn is_open_reading(method: &Method, path: &str) -> bool {
    (method == Method::GET || method == Method::HEAD) && path.starts_with("/api/")
}

/// Layer around everything: sets what the answer has not set itself.
pub async fn secure(State(policy): State<HeaderValue>, request: Request, next: Next) -> Response {
    let is_open = is_open_reading(request.method(), request.uri().path());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if is_open {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    }
    for (name, value) in FIXED {
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

//! The security headers of every answer, and what may be kept of it.

use axum::extract::{Request, State};
use axum::http::Method;
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::infra::Services;
use crate::infra::error::Sort;
use crate::infra::web::problem::Failure;

const FIXED: [(&str, &str); 10] = [
    ("strict-transport-security", "max-age=63072000; includeSubDomains; preload"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("x-frame-options", "DENY"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    ("reporting-endpoints", "csp=\"/csp-reports\""),
    ("server", "drempel"),
];

/// The policy of what others show in a frame.
const FRAMED_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; \
                             frame-ancestors *";

/// The content policy: nothing from elsewhere, nothing inline; forms go to ourselves and to the bank's page.
pub fn content_policy(services: &Services) -> HeaderValue {
    let stripe = match &services.settings.stripe.api_url {
        Some(url) if !services.settings.production() && !url.contains("stripe.com") => origin_of(url),
        Some(_) => "https://checkout.stripe.com https://connect.stripe.com".to_owned(),
        None => String::new(),
    };
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
         base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action {}; report-to csp",
        format!("'self' {stripe}").trim_end()
    );
    // an address that no header can carry lets forms go to ourselves only
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'self'; frame-ancestors 'none'"))
}

fn origin_of(url: &str) -> String {
    url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/")
}

/// Whether pages of other sites may read the answer: the API for reading, its errors too. Writing stays closed.
fn is_open_reading(method: &Method, path: &str) -> bool {
    (method == Method::GET || method == Method::HEAD) && path.starts_with("/api/")
}

/// Layer around all routes: what we never serve is refused before anybody looks at it. In production that is another host's page, too.
pub async fn only_ours(State(s): State<Services>, request: Request, next: Next) -> Response {
    // an address for programs says itself which of them it takes
    let is_for_programs = request.uri().path().starts_with("/api/");
    if !is_for_programs && ![Method::GET, Method::HEAD, Method::POST].contains(request.method()) {
        let mut response = Failure::of(Sort::Invalid, 405, "problem-method").into_response();
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET,HEAD,POST"));
        return response;
    }
    if !is_for_us(&s, &request) {
        return Failure::of(Sort::Invalid, 421, "problem-bad-request").into_response();
    }
    next.run(request).await
}

/// Whether a request names our host, which is asked in production only. Whoever asks whether we are well asks this machine.
pub fn is_for_us(s: &Services, request: &Request) -> bool {
    let asks_health = ["/healthz", "/readyz"].contains(&request.uri().path());
    !s.settings.production() || asks_health || is_our_host(&s.settings.public_url, request)
}

/// By its name, whatever the port: a proxy may say it or not. A request that names no host can only mean us, and so does one from this
/// machine.
fn is_our_host(public_url: &str, request: &Request) -> bool {
    let own = public_url.split("://").nth(1).unwrap_or_default();
    let named = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let named = named.or(request.uri().authority().map(|authority| authority.as_str()));
    let name = |host: &str| host.rsplit_once(':').map_or(host, |(name, _)| name).to_ascii_lowercase();
    named.is_none_or(|host| [name(own).as_str(), "localhost", "127.0.0.1", "[::1]"].contains(&name(host).as_str()))
}

/// Text says how it is encoded.
fn with_charset(kind: &HeaderValue) -> Option<HeaderValue> {
    let kind = kind.to_str().ok()?;
    let essence = kind.split(';').next()?.trim();
    let is_text = essence.starts_with("text/") || essence.ends_with("+xml") || essence.ends_with("/xml");
    (is_text && !kind.contains("charset")).then(|| HeaderValue::from_str(&format!("{kind}; charset=utf-8")).ok())?
}

/// Layer around everything: sets what the answer has not set itself.
pub async fn secure(State(policy): State<HeaderValue>, request: Request, next: Next) -> Response {
    let is_open = is_open_reading(request.method(), request.uri().path());
    // the picture of a project that other sites show beside a link, and what their programs ask for
    let path = request.uri().path();
    let is_framed = path.starts_with("/embed/");
    let is_for_others = is_framed || path.starts_with("/og/") || path == "/oembed";
    let is_asked_for = is_open || path == "/oembed" || path.starts_with("/events/") || path.starts_with("/feeds/");
    let mut response = next.run(request).await;
    let is_framed = is_framed && response.status().is_success();
    let headers = response.headers_mut();
    if is_asked_for {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    }
    if is_asked_for || is_for_others {
        headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    }
    for (name, value) in FIXED {
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    if let Some(kind) = headers.get(header::CONTENT_TYPE).and_then(with_charset) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    if is_framed {
        // the one page that others may show in a frame: it has no form, no script and nothing of a person
        headers.remove(header::X_FRAME_OPTIONS);
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(FRAMED_POLICY));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

//! The token in every form: it shows that the form came from a page that we gave to this very browser.
//!
//! It is an HMAC over who holds the page and when, under a new mask in every answer, so that compression cannot betray it (BREACH).
//! Who is signed in is known by the session's cookie; a visitor gets a cookie for it on the first page that has such a form, so
//! that all other pages stay without. The token also tells when the form was begun: an answer to a form passes that moment on.
//!
//! One layer looks at every form before its handler does. A wrong token, or one of another browser or session, is refused always. A
//! missing one is refused in production; in development only what a browser sends, so that a script can post by hand.

use std::sync::{Arc, OnceLock};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use futures::StreamExt;
use futures::stream;

use crate::infra::Services;
use crate::infra::error::Sort;
use crate::infra::history::mask;
use crate::infra::random::{self, Keys};
use crate::infra::web::form::LARGEST_LONG_FORM;
use crate::infra::web::problem::Failure;
use crate::values::Timestamp;

/// The field that carries it.
pub const FIELD: &str = "form_token";
/// So much of a form with a file is looked at for its first part, which is the token.
const MOST_BEFORE_FILE: usize = 4 * 1024;
/// The part of a session's token that stays when the token is renewed.
const FAMILY_LENGTH: usize = 16;

/// The session cookie's name: bound to the host in production, plain on a development address without TLS.
pub fn session_cookie_name(s: &Services) -> &'static str {
    if s.settings.production() { "__Host-session" } else { "drempel_session" }
}

/// A new token for a session: its first part follows from the session's id and stays when the session goes on under a new token,
/// so that a form that was open meanwhile still works. The rest is 128 random bits.
pub fn session_token(session_id: &str) -> String {
    format!("{}{}", &random::hash(session_id)[..FAMILY_LENGTH], &random::secret()[..32])
}

fn visitor_cookie_name(s: &Services) -> &'static str {
    if s.settings.production() { "__Host-form" } else { "drempel_form" }
}

fn visitor_cookie(s: &Services, secret: &str) -> Cookie<'static> {
    Cookie::build((visitor_cookie_name(s), secret.to_owned()))
        .path("/")
        .http_only(true)
        .secure(s.settings.production())
        .same_site(SameSite::Lax)
        .build()
}

tokio::task_local! {
    static PAGE: Arc<Page>;
}

/// What the forms of one answer are bound to.
struct Page {
    keys: Keys,
    now: Timestamp,
    /// Those who may hold the form: the session, the visitor. New tokens are for the first.
    holders: Vec<String>,
    /// A cookie made for this answer.
    made: OnceLock<String>,
    /// When the form that was posted was begun.
    began: OnceLock<Timestamp>,
}

impl Page {
    fn of(s: &Services, headers: &HeaderMap) -> Page {
        let jar = CookieJar::from_headers(headers);
        let value = |name| jar.get(name).map(Cookie::value).filter(|value| is_secret(value));
        let session = value(session_cookie_name(s)).map(|token| format!("session {}", &token[..FAMILY_LENGTH]));
        let visitor = value(visitor_cookie_name(s)).map(|secret| format!("visitor {secret}"));
        Page {
            keys: s.keys.clone(),
            now: s.clock.now(),
            holders: session.into_iter().chain(visitor).collect(),
            made: OnceLock::new(),
            began: OnceLock::new(),
        }
    }

    /// A token for a form of this answer.
    fn token(&self) -> String {
        let visitor = || format!("visitor {}", self.made.get_or_init(random::secret));
        let holder = self.holders.first().cloned().unwrap_or_else(visitor);
        let began = self.began.get().unwrap_or(&self.now).millis();
        let mask = &random::secret()[..32];
        format!("{began:x}.{mask}.{}", self.sign(&holder, &format!("{began:x}.{mask}")))
    }

    fn sign(&self, holder: &str, what: &str) -> String {
        self.keys.derive("form", &format!("{holder} {what}"))
    }

    /// When the form with this token was begun; nothing when it is not one of this browser's.
    fn opened(&self, token: &str) -> Option<Timestamp> {
        let (what, signature) = token.rsplit_once('.')?;
        let (began, _) = what.split_once('.')?;
        let is_own = self.holders.iter().any(|holder| random::same(&self.sign(holder, what), signature));
        is_own.then_some(Timestamp::from_millis(i64::from_str_radix(began, 16).ok()?))
    }
}

/// A secret of ours has this shape.
fn is_secret(value: &str) -> bool {
    value.len() == 48 && value.bytes().all(|b| b.is_ascii_hexdigit())
}

/// The hidden field for a form of this answer; nothing on a page whose forms are not looked at.
pub fn field() -> String {
    let token = PAGE.try_with(|page| page.token()).unwrap_or_default();
    if token.is_empty() { token } else { format!("<input type=\"hidden\" name=\"{FIELD}\" value=\"{token}\">") }
}

/// When the form that is being answered was begun; nothing when it came without a token.
pub fn began() -> Option<Timestamp> {
    PAGE.try_with(|page| page.began.get().copied()).ok().flatten()
}

/// Layer around all routes that take forms. Calls of programs take no cookie, so that they never act for whoever is signed in.
pub async fn guard(State(s): State<Services>, mut request: Request, next: Next) -> Response {
    if request.uri().path().starts_with("/api/") {
        request.headers_mut().remove(header::COOKIE);
        return next.run(request).await;
    }
    let page = Arc::new(Page::of(&s, request.headers()));
    if !request.method().is_safe() {
        request = match look_at(&s, &page, request).await {
            Ok(request) => request,
            Err(failure) => return failure.into_response(),
        };
    }
    let mut response = PAGE.scope(page.clone(), next.run(request)).await;
    let made = page.made.get().map(|secret| visitor_cookie(&s, secret).to_string());
    if let Some(Ok(cookie)) = made.map(|cookie| HeaderValue::from_str(&cookie)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The same request, when its form may be looked at by its handler.
async fn look_at(s: &Services, page: &Page, request: Request) -> Result<Request, Failure> {
    let (parts, body) = request.into_parts();
    let is_needed = s.settings.production() || is_of_browser(&parts.headers);
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (token, body) = if kind.starts_with("multipart/form-data") {
        token_before_file(body).await?
    } else if kind.is_empty() || kind.starts_with("application/x-www-form-urlencoded") {
        let body = to_bytes(body, LARGEST_LONG_FORM).await.map_err(|_| Failure::too_large())?;
        let token = form_urlencoded::parse(&body).find(|(name, _)| name == FIELD).map(|(_, value)| value.into_owned());
        (token, Body::from(body))
    } else {
        (None, body)
    };
    match token.map(|token| page.opened(&token)) {
        Some(Some(began)) => {
            page.began.get_or_init(|| began);
        }
        None if !is_needed => {}
        Some(None) | None => {
            tracing::info!(path = %mask::masked(parts.uri.path()), "a form without a token of its own was refused");
            return Err(Failure::of(Sort::Forbidden, 403, "problem-form"));
        }
    }
    Ok(Request::from_parts(parts, body))
}

/// Browsers say where a form comes from; scripts do not.
fn is_of_browser(headers: &HeaderMap) -> bool {
    headers.contains_key("sec-fetch-site") || headers.contains_key(header::ORIGIN)
}

/// The token of a form with a file: its first part, since it stands first in the form. What was read is put back.
async fn token_before_file(body: Body) -> Result<(Option<String>, Body), Failure> {
    let mut rest = body.into_data_stream();
    let mut read = Vec::new();
    let mut token = None;
    while read.len() < MOST_BEFORE_FILE && token.is_none() {
        match rest.next().await {
            Some(Ok(chunk)) => read.extend_from_slice(&chunk),
            Some(Err(error)) => return Err(Failure::bad_request(error)),
            None => break,
        }
        token = token_in(&read);
    }
    let read = stream::iter([Ok::<Bytes, axum::Error>(Bytes::from(read))]);
    Ok((token, Body::from_stream(read.chain(rest))))
}

/// The value of the first part, when it is the token and all of it was read.
fn token_in(read: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(&read[..read.len().min(MOST_BEFORE_FILE)]);
    let (boundary, rest) = text.split_once("\r\n")?;
    let (head, rest) = rest.split_once("\r\n\r\n")?;
    let (value, _) = rest.split_once(&format!("\r\n{boundary}"))?;
    let is_token = head.lines().any(|line| {
        line.split_once(':').is_some_and(|(name, value)| {
            name.eq_ignore_ascii_case("content-disposition") && value.contains(&format!("name=\"{FIELD}\""))
        })
    });
    is_token.then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(holders: &[&str], millis: i64) -> Page {
        Page {
            keys: Keys::new(b"a secret of this installation..."),
            now: Timestamp::from_millis(millis),
            holders: holders.iter().map(|holder| (*holder).to_owned()).collect(),
            made: OnceLock::new(),
            began: OnceLock::new(),
        }
    }

    #[test]
    fn a_token_opens_for_its_holder_only_and_never_looks_the_same_twice() {
        let own = page(&["session a"], 1_000);
        let (first, second) = (own.token(), own.token());
        assert_ne!(first, second);
        for token in [&first, &second] {
            assert_eq!(page(&["session a"], 9_000).opened(token).map(|t| t.millis()), Some(1_000));
            assert_eq!(page(&["session b"], 9_000).opened(token), None);
            assert_eq!(page(&["visitor a"], 9_000).opened(token), None);
            assert_eq!(page(&[], 9_000).opened(token), None);
        }
        for wrong in ["", ".", "..", "0.0.0", &first[1..], &first.replacen("3e8", "3e7", 1)] {
            assert_eq!(own.opened(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_visitor_who_signs_in_can_send_the_form_that_was_open_and_the_answer_knows_when_it_was_begun() {
        let visitor = page(&[], 1_000);
        let token = visitor.token();
        let holder = format!("visitor {}", visitor.made.get().expect("a cookie was made"));
        let later = page(&["session a", &holder], 5_000);
        let began = later.opened(&token).expect("it opens");
        later.began.get_or_init(|| began);
        assert_eq!(page(&["session a"], 0).opened(&later.token()), Some(began));
    }

    #[test]
    fn a_session_that_goes_on_under_a_new_token_keeps_its_forms() {
        let (first, second, other) = (session_token("ses_1"), session_token("ses_1"), session_token("ses_2"));
        assert!(is_secret(&first) && first != second);
        assert_eq!(first[..FAMILY_LENGTH], second[..FAMILY_LENGTH]);
        assert_ne!(first[..FAMILY_LENGTH], other[..FAMILY_LENGTH]);
    }

    #[test]
    fn the_token_of_a_form_with_a_file_is_its_first_part() {
        let part = |name: &str| {
            format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n1.2.3\r\n--x\r\nContent-Disp")
        };
        assert_eq!(token_in(part(FIELD).as_bytes()).as_deref(), Some("1.2.3"));
        assert_eq!(token_in(part("title").as_bytes()), None);
        let half = part(FIELD);
        assert_eq!(token_in(&half.as_bytes()[..60]), None);
        assert_eq!(token_in(b"\xff\x00\r\n\r\n\r\n\r\n"), None);
    }
}

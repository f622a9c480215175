//! One place where what went wrong becomes an answer: a calm page in the visitor's language, or a problem document (RFC 9457)
//! for programs. The cause is logged once with a reference number; a visitor sees only the number.

use askama::Template;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde_json::json;

use crate::infra::error::{Error, Refusal, Sort};
use crate::infra::history::{mask, origin};
use crate::infra::web::ctx::{Ctx, preferred_lang};
use crate::infra::{Services, db, texts};
use crate::values::Lang;

/// What a handler answers.
pub type Answer = Result<Response, Failure>;

/// An answer that is not what was asked for. Turned into a page or document by [`render`].
#[derive(Clone, Debug)]
pub struct Failure(Box<Details>);

#[derive(Clone, Debug)]
struct Details {
    status: StatusCode,
    key: String,
    args: Vec<(&'static str, String)>,
    field: Option<&'static str>,
    /// Where to sign in first, for a page that needs it.
    redirect: Option<String>,
    retry_after_seconds: Option<u32>,
    extra: Option<serde_json::Value>,
    cause: Option<String>,
    /// The database broke the transaction off, and the whole of it can be done anew.
    broken_off: bool,
}

impl Failure {
    /// A refusal with a status of its own.
    pub fn of(sort: Sort, status: u16, key: &str) -> Failure {
        let status = StatusCode::from_u16(status).unwrap_or_else(|_| status_of(sort));
        Failure(Box::new(Details {
            status,
            key: key.to_owned(),
            args: Vec::new(),
            field: None,
            redirect: None,
            retry_after_seconds: None,
            extra: None,
            cause: None,
            broken_off: false,
        }))
    }

    pub fn not_found() -> Failure {
        Failure::of(Sort::NotFound, 404, "problem-not-found")
    }

    pub fn forbidden() -> Failure {
        Failure::of(Sort::Forbidden, 403, "problem-forbidden")
    }

    pub fn too_large() -> Failure {
        Failure::of(Sort::Invalid, 413, "problem-too-large")
    }

    pub fn bad_request(cause: impl ToString) -> Failure {
        Failure::of(Sort::Invalid, 400, "problem-bad-request").because(cause)
    }

    pub fn broken(cause: impl ToString) -> Failure {
        Failure::of(Sort::Conflict, 500, "problem-broken").because(cause)
    }

    pub fn unavailable(key: &str, cause: impl ToString) -> Failure {
        let mut failure = Failure::of(Sort::Unavailable, 503, key).because(cause);
        failure.0.retry_after_seconds = Some(10);
        failure
    }

    /// For now; the same may be asked again in so many seconds. Nothing is wrong, so there is no reference number.
    pub fn busy(key: &str, again_in_seconds: u32) -> Failure {
        let mut failure = Failure::of(Sort::Unavailable, 503, key);
        failure.0.retry_after_seconds = Some(again_in_seconds);
        failure
    }

    /// A redirect in place of the page: to sign in, or to prove the second factor again.
    pub fn first(path: String) -> Failure {
        let mut failure = Failure::of(Sort::Forbidden, 303, "problem-sign-in");
        failure.0.redirect = Some(path);
        failure
    }

    /// Adds members to the problem document.
    #[must_use]
    pub fn with(mut self, extra: serde_json::Value) -> Failure {
        self.0.extra = Some(extra);
        self
    }

    fn because(mut self, cause: impl ToString) -> Failure {
        self.0.cause = Some(cause.to_string());
        self
    }

    /// Where it sends to first, when it does.
    pub fn way(&self) -> Option<&str> {
        self.0.redirect.as_deref()
    }

    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// Whether nothing was wrong but that two transactions stood in each other's way.
    pub fn was_broken_off(&self) -> bool {
        self.0.broken_off
    }
}

fn status_of(sort: Sort) -> StatusCode {
    match sort {
        Sort::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Sort::Conflict => StatusCode::CONFLICT,
        Sort::Forbidden => StatusCode::FORBIDDEN,
        Sort::NotFound => StatusCode::NOT_FOUND,
        Sort::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Sort::TooMany => StatusCode::TOO_MANY_REQUESTS,
    }
}

impl From<&dyn Refusal> for Failure {
    fn from(refusal: &dyn Refusal) -> Failure {
        let mut failure = Failure::of(refusal.sort(), status_of(refusal.sort()).as_u16(), refusal.key());
        failure.0.args = refusal.args();
        failure.0.field = refusal.field();
        if matches!(refusal.sort(), Sort::Unavailable | Sort::TooMany) {
            failure.0.retry_after_seconds = refusal.retry_after_seconds().or(Some(10));
        }
        failure
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        match error {
            Error::Refused(refusal) => Failure::from(&*refusal),
            Error::Database(sqlx::Error::RowNotFound) => Failure::not_found(),
            Error::Database(sqlx::Error::PoolTimedOut) => {
                Failure::unavailable("problem-busy", "no database connection")
            }
            Error::Database(error) if db::is_full(&error) => Failure::unavailable("problem-full", error),
            Error::Database(error) if db::is_crossed(&error) => {
                let mut failure = Failure::unavailable("problem-busy", error);
                failure.0.broken_off = true;
                failure
            }
            Error::Database(error) if db::freeze::is_frozen(&error) => Failure::busy("problem-moving", 60),
            Error::Database(error) if db::is_away(&error) => Failure::unavailable("problem-away", error),
            Error::Outside(cause) => Failure::unavailable("problem-outside", cause),
            other => Failure::broken(other),
        }
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Failure {
        Failure::from(Error::from(error))
    }
}

/// The answer with the word when to try once more, for a form that comes back because something was done too often.
pub fn try_later(mut response: Response, refusal: &dyn Refusal) -> Response {
    if let Some(seconds) = refusal.retry_after_seconds() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.0.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    ctx: &'a Ctx,
    status: u16,
    title: String,
    text: String,
    reference: Option<String>,
}

/// Layer around everything: renders failures, and gives bare 404 and 405 answers of the router the same page.
pub async fn render(State(services): State<Services>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let fallback_lang = preferred_lang(request.headers());
    let response = next.run(request).await;
    let allowed = response.headers().get(header::ALLOW).cloned();
    let failure = match response.extensions().get::<Failure>() {
        Some(failure) => failure.0.clone(),
        None if response.headers().contains_key(header::CONTENT_TYPE) && !is_of_the_router(&response) => {
            return response;
        }
        None => match bare(response.status()) {
            Some(failure) => failure.0,
            None => return response,
        },
    };
    if let Some(target) = &failure.redirect {
        return Redirect::to(target).into_response();
    }
    let reference = failure.cause.as_ref().map(|cause| {
        let reference = origin::request_code();
        // links carry their key in the path
        let path = mask::masked(&path);
        if failure.status.is_server_error() {
            tracing::error!(%reference, %path, cause, "a request failed");
        } else {
            tracing::debug!(%reference, %path, cause, "a request was refused");
        }
        reference
    });
    let mut response = if path.starts_with("/api/") {
        document(&failure, reference.as_deref())
    } else {
        page(&services, &path, fallback_lang, &failure, reference)
    };
    if let Some(seconds) = failure.retry_after_seconds {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if let Some(allowed) = allowed {
        response.headers_mut().insert(header::ALLOW, allowed);
    }
    response
}

/// Whether the answer is a line of text by what reads bodies for us.
fn is_of_the_router(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    [413, 415, 422].contains(&response.status().as_u16()) && kind.starts_with("text/plain")
}

/// The router's own refusals come without a body.
fn bare(status: StatusCode) -> Option<Failure> {
    match status.as_u16() {
        404 => Some(Failure::not_found()),
        400 | 415 | 422 => Some(Failure::of(Sort::Invalid, status.as_u16(), "problem-bad-request")),
        403 => Some(Failure::forbidden()),
        405 => Some(Failure::of(Sort::Invalid, 405, "problem-method")),
        413 => Some(Failure::too_large()),
        408 => Some(Failure::of(Sort::Unavailable, 408, "problem-time")),
        500 => Some(Failure::of(Sort::Conflict, 500, "problem-broken")),
        _ => None,
    }
}

/// `type` is stable: programs may rely on it.
fn document(failure: &Details, reference: Option<&str>) -> Response {
    let message = texts::text_with(Lang::En, &failure.key, &failure.args);
    let mut body = json!({
        "type": format!("urn:drempel:problem:{}", failure.key.trim_start_matches("problem-")),
        "title": message,
        "status": failure.status.as_u16(),
    });
    if let Some(field) = failure.field {
        body["errors"] = json!([{ "field": field, "message": message }]);
    }
    if let Some(reference) = reference {
        body["reference"] = json!(reference);
    }
    if let (Some(extra), Some(members)) = (failure.extra.as_ref().and_then(|e| e.as_object()), body.as_object_mut()) {
        members.extend(extra.clone());
    }
    let kind = [(header::CONTENT_TYPE, "application/problem+json")];
    (failure.status, kind, Json(body).into_response().into_body()).into_response()
}

fn page(services: &Services, path: &str, fallback: Lang, failure: &Details, reference: Option<String>) -> Response {
    let code = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    let lang = Lang::from_code(code).unwrap_or(fallback);
    let mut ctx = Ctx::new(services, lang, path, None);
    if Lang::from_code(code).is_none() {
        ctx.rest = String::new();
    }
    let titles = [format!("{}-title", failure.key), format!("problem-title-{}", failure.status.as_u16())];
    let title_key = titles.into_iter().find(|key| texts::exists(lang, key)).unwrap_or("problem-title".to_owned());
    let page = ProblemPage {
        status: failure.status.as_u16(),
        title: ctx.t(&title_key),
        text: texts::text_with(lang, &failure.key, &failure.args),
        reference,
        ctx: &ctx,
    };
    match page.render() {
        Ok(html) => (failure.status, Html(html)).into_response(),
        Err(_) => (failure.status, "Drempel").into_response(),
    }
}

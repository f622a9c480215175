//! The API's one door: who asks, what for, whether too often, which fault is met, whether it was asked before, and then the work.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use tokio::time::{Duration, sleep};

use super::calls::{Call, execute, route};
use super::errors::ApiError;
use super::faults::FaultKind;
use super::idempotency::{Body, StoredAnswer, fingerprint};
use super::params::Params;
use super::state::{Record, Work};
use super::{Sandbox, ids, objects};

/// How long an answer that was told never to come keeps its caller waiting.
const TIMEOUT_SECONDS: u64 = 120;

struct Request {
    id: String,
    path: String,
    call: Call,
    params: Params,
    idempotency_key: Option<String>,
}

/// What a request is told in spite of what it did.
enum Plan {
    Work,
    WorkThenSay(ApiError),
    Say(ApiError),
}

struct Reply {
    status: StatusCode,
    text: String,
    replayed: bool,
    /// Stripe's advice in `Stripe-Should-Retry`, where it gives one.
    should_retry: Option<bool>,
    /// For how many seconds it wants to be left alone.
    retry_after: Option<u32>,
}

impl Reply {
    fn error(error: &ApiError) -> Reply {
        let should_retry = match error.status {
            StatusCode::CONFLICT | StatusCode::TOO_MANY_REQUESTS => Some(true),
            status if status.is_server_error() => Some(!error.stored),
            _ => None,
        };
        let retry_after = (error.status == StatusCode::TOO_MANY_REQUESTS).then_some(1);
        Reply { status: error.status, text: error.to_json().to_string(), replayed: false, should_retry, retry_after }
    }
}

/// Answers everything under `/v1`.
pub(super) async fn handle(
    State(sandbox): State<Sandbox>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let request_id = ids::new("req_", 14);
    let reply = match admit(&sandbox, &method, &uri, &headers, &body, &request_id) {
        Ok((request, fault)) => answer_with_fault(&sandbox, request, fault).await,
        Err(error) => Reply::error(&error),
    };
    into_response(reply, &request_id, headers.get("idempotency-key"))
}

/// Everything that comes before the work: the key, the address, the limit, and the fault to be met.
fn admit(
    sandbox: &Sandbox,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: &[u8],
    request_id: &str,
) -> Result<(Request, Option<FaultKind>), ApiError> {
    authorise(headers, sandbox.secret_key())?;
    let path = uri.path();
    let (endpoint, call) = route(method, path).ok_or_else(|| ApiError::unknown_address(method.as_str(), path))?;
    let key = if method == Method::POST { idempotency_key(headers)? } else { None };
    let mut state = sandbox.lock();
    if !state.faults.admit(method.as_str(), endpoint) {
        return Err(ApiError::rate_limited());
    }
    let fault = state.faults.take(method.as_str(), endpoint);
    let params = Params::parse(uri.query().unwrap_or_default(), body);
    let request = Request { id: request_id.to_owned(), path: path.to_owned(), call, params, idempotency_key: key };
    Ok((request, fault))
}

/// The API key as a bearer token or as the user of basic authentication.
fn authorise(headers: &HeaderMap, secret_key: &str) -> Result<(), ApiError> {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let given = match value.split_once(' ') {
        Some(("Bearer", token)) => Some(token.trim().to_owned()),
        Some(("Basic", encoded)) => {
            let decoded = base64::engine::general_purpose::STANDARD.decode(encoded.trim()).ok();
            let text = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
            text.map(|text| text.split(':').next().unwrap_or_default().to_owned())
        }
        _ => None,
    };
    match given {
        Some(key) if key == secret_key => Ok(()),
        Some(_) => Err(ApiError::unauthorised("Invalid API Key provided.")),
        None => Err(ApiError::unauthorised(
            "You did not provide an API key. Send it as `Authorization: Bearer YOUR_SECRET_KEY`.",
        )),
    }
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let Some(value) = headers.get("idempotency-key") else {
        return Ok(None);
    };
    let key = value.to_str().ok().filter(|key| !key.is_empty() && key.len() <= 255);
    let wrong = || ApiError::invalid("Idempotency-Key", "Idempotency keys are 1 to 255 printable characters.");
    key.map(|key| Some(key.to_owned())).ok_or_else(wrong)
}

async fn answer_with_fault(sandbox: &Sandbox, request: Request, fault: Option<FaultKind>) -> Reply {
    match fault {
        None => answer(sandbox, &request, Plan::Work).await,
        Some(FaultKind::TooManyRequests) => Reply::error(&ApiError::rate_limited()),
        Some(FaultKind::ComeLater(seconds)) => {
            Reply { retry_after: Some(seconds), ..Reply::error(&ApiError::rate_limited()) }
        }
        Some(FaultKind::Conflict) => {
            Reply::error(&ApiError::key_in_use(request.idempotency_key.as_deref().unwrap_or("none")))
        }
        Some(FaultKind::Server(stored)) => {
            let error = ApiError { stored, ..ApiError::server("The sandbox was told to fail before doing anything.") };
            answer(sandbox, &request, Plan::Say(error)).await
        }
        Some(FaultKind::ServerAfterEffect) => {
            let error = ApiError {
                stored: true,
                ..ApiError::server("The sandbox was told to fail after doing what was asked.")
            };
            answer(sandbox, &request, Plan::WorkThenSay(error)).await
        }
        Some(FaultKind::Timeout) => {
            answer(sandbox, &request, Plan::Work).await;
            sleep(Duration::from_secs(TIMEOUT_SECONDS)).await;
            Reply::error(&ApiError::timeout())
        }
        Some(FaultKind::Stall(milliseconds)) => stall(sandbox.clone(), request, milliseconds).await,
    }
}

/// Works later. In a task of its own, because a payment provider goes on working when its caller hangs up.
async fn stall(sandbox: Sandbox, request: Request, milliseconds: u64) -> Reply {
    if let Some(key) = &request.idempotency_key {
        let print = fingerprint(&request.path, &request.params.canonical());
        let now = sandbox.now();
        let mut state = sandbox.lock();
        if let Err(error) = state.answers.find(key, &print, now) {
            return Reply::error(&error);
        }
        state.answers.begin(key);
    }
    let task = tokio::spawn(async move {
        sleep(Duration::from_millis(milliseconds)).await;
        if let Some(key) = &request.idempotency_key {
            sandbox.lock().answers.end(key);
        }
        answer(&sandbox, &request, Plan::Work).await
    });
    task.await.unwrap_or_else(|_| Reply::error(&ApiError::server("The sandbox failed.")))
}

/// Replays or does the work, remembers the answer, and waits until the journal has it.
async fn answer(sandbox: &Sandbox, request: &Request, plan: Plan) -> Reply {
    let print = request.idempotency_key.as_ref().map(|_| fingerprint(&request.path, &request.params.canonical()));
    let (reply, written) = sandbox.with(|work| {
        if let (Some(key), Some(print)) = (&request.idempotency_key, &print) {
            match work.state.answers.find(key, print, work.now) {
                Ok(Some(stored)) => return replay(&stored.clone(), &work.state.public_base),
                Ok(None) => {}
                Err(error) => return Reply::error(&error),
            }
        }
        work.request = Some(request.id.clone());
        work.idempotency_key.clone_from(&request.idempotency_key);
        let result = match plan {
            Plan::Work => execute(work, &request.call, &request.params),
            Plan::WorkThenSay(error) => execute(work, &request.call, &request.params).and(Err(error)),
            Plan::Say(error) => Err(error),
        };
        remember(work, request, print, &result);
        match result {
            Ok(body) => Reply {
                status: StatusCode::OK,
                text: to_text(&body, &work.state.public_base),
                replayed: false,
                should_retry: None,
                retry_after: None,
            },
            Err(error) => Reply::error(&error),
        }
    });
    match Sandbox::is_written(written).await {
        true => reply,
        false => Reply::error(&ApiError::server("The sandbox cannot write its journal.")),
    }
}

fn remember(work: &mut Work<'_>, request: &Request, print: Option<String>, result: &Result<Body, ApiError>) {
    let (Some(key), Some(fingerprint)) = (request.idempotency_key.clone(), print) else {
        return;
    };
    let (status, body) = match result {
        Ok(body) => (StatusCode::OK, body.clone()),
        Err(error) if error.stored => (error.status, Body::Text(error.to_json().to_string())),
        Err(_) => return,
    };
    let answer = StoredAnswer { key, created: work.now, fingerprint, status: status.as_u16(), body };
    work.put(Record::Answer(Box::new(answer)));
}

fn replay(stored: &StoredAnswer, public_base: &str) -> Reply {
    let status = StatusCode::from_u16(stored.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let should_retry = status.is_server_error().then_some(false);
    Reply { status, text: to_text(&stored.body, public_base), replayed: true, should_retry, retry_after: None }
}

fn to_text(body: &Body, public_base: &str) -> String {
    match body {
        Body::Object(snapshot) => objects::snapshot(snapshot, public_base).to_string(),
        Body::Text(text) => text.clone(),
    }
}

fn into_response(reply: Reply, request_id: &str, key: Option<&HeaderValue>) -> Response {
    let mut response = (reply.status, [(header::CONTENT_TYPE, "application/json")], reply.text).into_response();
    let headers = response.headers_mut();
    let mut set = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    set("request-id", request_id);
    set("stripe-version", objects::API_VERSION);
    if let Some(key) = key.and_then(|key| key.to_str().ok()) {
        set("idempotency-key", key);
    }
    if reply.replayed {
        set("idempotent-replayed", "true");
    }
    if let Some(should_retry) = reply.should_retry {
        set("stripe-should-retry", if should_retry { "true" } else { "false" });
    }
    if let Some(seconds) = reply.retry_after {
        set("retry-after", &seconds.to_string());
    }
    response
}

//! The test bank's page: where a browser is sent to pay, and where the customer chooses how that ends.
//!
//! It stands on its own: no style sheet, no script, two languages, and a policy that forbids everything but its own form and the
//! way back to the shop.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};

use super::params::Params;
use super::payments::{self, Action};
use super::rows::{Method, Session, SessionStatus};
use super::state::Work;
use super::{Sandbox, bank_texts, disputes};

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<!DOCTYPE html>
<html lang="{{ texts.lang }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{{ heading }} | {{ texts.bank }}</title>
</head>
<body>
<main>
<h1>{{ heading }}</h1>
<p>{{ texts.what }}</p>
{%- if !title.is_empty() %}
<dl>
<dt>{{ texts.for_what }}</dt>
<dd>{{ title }}</dd>
<dt>{{ texts.amount }}</dt>
<dd><strong>{{ amount }}</strong></dd>
</dl>
{%- endif %}
{%- if !message.is_empty() %}
<p role="{% if refused %}alert{% else %}status{% endif %}">{{ message }}</p>
{%- endif %}
{%- if open %}
<form method="post">
{%- if methods.len() > 1 %}
<p><label for="method">{{ texts.method }}</label>
<select id="method" name="method">
{%- for method in methods %}
<option value="{{ method.as_str() }}"{% if *method == chosen %} selected{% endif %}>{{ texts.method_name(method) }}</option>
{%- endfor %}
</select></p>
{%- endif %}
<p><button type="submit" name="action" value="pay">{{ texts.pay }}</button> {{ texts.pay_hint }}</p>
<p><button type="submit" name="action" value="fail">{{ texts.fail }}</button> {{ texts.fail_hint }}</p>
<p><button type="submit" name="action" value="cancel">{{ texts.cancel }}</button> {{ texts.cancel_hint }}</p>
<p><button type="submit" name="action" value="wait">{{ texts.wait }}</button> {{ texts.wait_hint }}</p>
</form>
{%- endif %}
{%- if contest != Contest::Impossible %}
<form method="post">
{%- if contest == Contest::Possible %}
<p><button type="submit" name="action" value="dispute">{{ texts.dispute }}</button> {{ texts.dispute_hint }}</p>
{%- else %}
<p><button type="submit" name="action" value="dispute_won">{{ texts.dispute_won }}</button>
<button type="submit" name="action" value="dispute_lost">{{ texts.dispute_lost }}</button></p>
{%- endif %}
</form>
{%- endif %}
{%- if !back.is_empty() %}
<p><a href="{{ back }}">{{ texts.back }}</a></p>
{%- endif %}
</main>
</body>
</html>
"##
)]
struct Page<'a> {
    texts: &'a bank_texts::Texts,
    heading: &'a str,
    title: &'a str,
    amount: String,
    message: &'a str,
    refused: bool,
    open: bool,
    methods: &'a [Method],
    chosen: Method,
    contest: Contest,
    back: String,
}

/// Whether the payer can ask the bank to take a payment back.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Contest {
    Impossible,
    Possible,
    /// It is asked, and to be decided.
    Open,
}

/// The bank's front door: there is nothing to do here but to know what this is.
pub(super) async fn home() -> Response {
    const PAGE: &str = "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
        <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Sandbox bank</title></head><body>\
        <main><h1>Sandbox bank</h1><p>This bank moves no real money. A pledge leads to its page, where one can pay, fail, \
        cancel or wait.</p></main></body></html>";
    Html(PAGE).into_response()
}

/// `GET /pay/{session}`.
pub(super) async fn show(State(sandbox): State<Sandbox>, Path(id): Path<String>) -> Response {
    let found = sandbox.durably(|work| {
        let session = work.state.sessions.get(&id).cloned()?;
        let contest = contest(work, &session);
        Some((session, contest))
    });
    match found.await {
        Some((session, contest)) => page(&session, session.usual_method(), false, contest),
        None => unknown(),
    }
}

/// `POST /pay/{session}`, field `action`: pay, fail, cancel or wait; field `method` where there is a choice.
pub(super) async fn choose(State(sandbox): State<Sandbox>, Path(id): Path<String>, body: Bytes) -> Response {
    let params = Params::parse("", &body);
    if let Some(step) = params.text("action").filter(|action| action.starts_with("dispute")) {
        return contest_step(&sandbox, &id, step).await;
    }
    let Some(action) = params.text("action").and_then(Action::parse) else {
        return (StatusCode::BAD_REQUEST, "action: pay, fail, cancel or wait").into_response();
    };
    let wanted = params.text("method").and_then(Method::parse);
    let outcome = sandbox.durably(|work| {
        let session = work.state.sessions.get(&id).cloned()?;
        let method = wanted.filter(|method| session.methods.contains(method)).unwrap_or_else(|| session.usual_method());
        let was_open = session.status == SessionStatus::Open;
        let session = if was_open { payments::act(work, session, action, method) } else { session };
        Some((session, method, was_open))
    });
    let Some((session, method, was_open)) = outcome.await else {
        return unknown();
    };
    match (action, session.status) {
        // Also on a second click: the first one paid.
        (Action::Pay | Action::Wait, SessionStatus::Complete) => {
            Redirect::to(&success_address(&session)).into_response()
        }
        (Action::Cancel, SessionStatus::Open) => match &session.cancel_url {
            Some(url) => Redirect::to(url).into_response(),
            None => page(&session, method, false, Contest::Impossible),
        },
        _ => page(&session, method, was_open, Contest::Impossible),
    }
}

/// Opens or decides a dispute about what was paid here, and shows the page again.
async fn contest_step(sandbox: &Sandbox, session: &str, step: &str) -> Response {
    let done = sandbox.durably(|work| {
        let session = work.state.sessions.get(session).ok_or("no session")?;
        let payment = session.payment.as_ref().and_then(|payment| work.state.payments.get(payment));
        let payment = payment.cloned().ok_or("nothing was paid")?;
        match step {
            "dispute" => disputes::open(work, &payment, "needs_response", None).map(|_| ()),
            _ => {
                let open = disputes::undecided(work, &payment.id).ok_or("no dispute")?;
                disputes::change(work, &open, if step == "dispute_won" { "won" } else { "lost" }).map(|_| ())
            }
        }
    });
    match done.await {
        Ok(()) => Redirect::to(session).into_response(),
        Err(why) => (StatusCode::BAD_REQUEST, why).into_response(),
    }
}

/// What a payer can do with a payment that succeeded.
fn contest(work: &Work<'_>, session: &Session) -> Contest {
    match &session.payment {
        Some(payment) if session.paid && disputes::undecided(work, payment).is_some() => Contest::Open,
        Some(payment) if session.paid && !disputes::blocks_refunds(work, payment) => Contest::Possible,
        _ => Contest::Impossible,
    }
}

fn page(session: &Session, chosen: Method, refused: bool, contest: Contest) -> Response {
    let texts = bank_texts::for_locale(session.locale.as_deref());
    let open = session.status == SessionStatus::Open;
    let (heading, message) = match session.status {
        SessionStatus::Open if refused => (texts.pay_heading, texts.refused),
        SessionStatus::Open => (texts.pay_heading, ""),
        SessionStatus::Complete => (texts.finished_heading, texts.finished),
        SessionStatus::Expired => (texts.expired_heading, texts.expired),
    };
    let back = match session.status {
        SessionStatus::Complete => success_address(session),
        SessionStatus::Open | SessionStatus::Expired => session.cancel_url.clone().unwrap_or_default(),
    };
    let page = Page {
        texts,
        heading,
        title: &session.title,
        amount: texts.euros(session.amount_cents),
        message,
        refused,
        open,
        methods: &session.methods,
        chosen,
        contest,
        back,
    };
    let mut origins = vec![origin(&session.success_url)];
    origins.extend(session.cancel_url.as_deref().map(origin));
    origins.sort_unstable();
    origins.dedup();
    respond(StatusCode::OK, &page, &origins.join(" "))
}

fn unknown() -> Response {
    let texts = bank_texts::for_locale(None);
    let page = Page {
        texts,
        heading: texts.unknown_heading,
        title: "",
        amount: String::new(),
        message: texts.unknown,
        refused: false,
        open: false,
        methods: &[],
        chosen: Method::Ideal,
        contest: Contest::Impossible,
        back: String::new(),
    };
    respond(StatusCode::NOT_FOUND, &page, "")
}

fn respond(status: StatusCode, page: &Page<'_>, shop_origins: &str) -> Response {
    let Ok(html) = page.render() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    // A form's target includes where it redirects to, so the shop must be named.
    let policy =
        format!("default-src 'none'; form-action 'self' {shop_origins}; base-uri 'none'; frame-ancestors 'none'");
    let headers = [
        (header::CONTENT_SECURITY_POLICY, policy.as_str()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, Html(html)).into_response()
}

/// The shop's address after paying, with the session's id filled in.
fn success_address(session: &Session) -> String {
    session.success_url.replace("{CHECKOUT_SESSION_ID}", &session.id).replace("%7BCHECKOUT_SESSION_ID%7D", &session.id)
}

/// Scheme, host and port of a web address.
fn origin(url: &str) -> &str {
    let host_start = url.find("://").map_or(0, |place| place + 3);
    let end = url[host_start..].find(['/', '?', '#']).map_or(url.len(), |place| host_start + place);
    // A character that would end the directive cannot be part of an origin.
    if url[..end].contains([';', ',', '\'', '"', ' ']) { "" } else { &url[..end] }
}

#[cfg(test)]
mod tests {
    use super::origin;

    #[test]
    fn an_origin_ends_before_the_path() {
        assert_eq!(origin("http://localhost:3000/nl/pledges/x?key=1"), "http://localhost:3000");
        assert_eq!(origin("https://shop.example?x"), "https://shop.example");
        assert_eq!(origin("https://shop.example;script-src *"), "");
    }
}

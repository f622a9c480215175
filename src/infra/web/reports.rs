//! What browsers report about our content policy: something on a page of ours wanted what the policy forbids. Read in a bounded way,
//! written to the log without queries, and counted.

use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::post;
use serde_json::Value;

use crate::infra::Services;
use crate::infra::error::Sort;
use crate::infra::history::mask;
use crate::infra::limits::REPORTS;
use crate::infra::web::client::Client;
use crate::infra::web::problem::{Answer, Failure};

const LARGEST: usize = 16 * 1024;
/// So many of one letter are written to the log.
const MOST_LOGGED: usize = 5;

/// How many came in since this process began.
static SEEN: AtomicI64 = AtomicI64::new(0);

pub fn seen() -> i64 {
    SEEN.load(Ordering::Relaxed)
}

/// Where the headers of every answer send them: by browsers themselves, with no form and no cookie.
pub fn routes() -> Router<Services> {
    Router::new().route("/csp-reports", post(take))
}

async fn take(State(s): State<Services>, client: Client, request: Request<Body>) -> Answer {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !["application/reports+json", "application/csp-report"].iter().any(|known| kind.starts_with(known)) {
        return Err(Failure::of(Sort::Invalid, 415, "problem-media-type"));
    }
    s.recent.count(&s, REPORTS, &client.network)?;
    let body = to_bytes(request.into_body(), LARGEST).await.map_err(|_| Failure::too_large())?;
    let sent: Value = serde_json::from_slice(&body).map_err(Failure::bad_request)?;
    let reports = match &sent {
        Value::Array(reports) => reports.as_slice(),
        one => std::slice::from_ref(one),
    };
    SEEN.fetch_add(i64::try_from(reports.len()).unwrap_or_default(), Ordering::Relaxed);
    for report in reports.iter().take(MOST_LOGGED) {
        let told = Told::of(report);
        tracing::warn!(
            page = told.page,
            blocked = told.blocked,
            directive = told.directive,
            "the content policy was not kept"
        );
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// What the log keeps of a report.
#[derive(Debug, PartialEq, Eq)]
struct Told {
    page: String,
    blocked: String,
    directive: String,
}

impl Told {
    /// Both ways of writing it: that of the Reporting API, and the older one.
    fn of(report: &Value) -> Told {
        let body = [&report["body"], &report["csp-report"]].into_iter().find(|body| body.is_object());
        let text = |names: [&str; 2]| {
            let found = names.iter().find_map(|name| body?[*name].as_str());
            let without_query = found.unwrap_or_default().split(['?', '#']).next().unwrap_or_default();
            let text: String = without_query.chars().filter(|c| !c.is_control()).take(200).collect();
            // links of letters carry their key in the path
            mask::masked(&text).into_owned()
        };
        Told {
            page: text(["documentURL", "document-uri"]),
            blocked: text(["blockedURL", "blocked-uri"]),
            directive: text(["effectiveDirective", "effective-directive"]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn both_ways_of_reporting_are_read_and_no_secret_is_kept() {
        let new = json!({ "type": "csp-violation", "body": { "documentURL": "https://d.example/nl/pledges/X?key=secret",
            "blockedURL": "https://evil.example/x.js#y", "effectiveDirective": "script-src-elem\r\nfake" } });
        let old = json!({ "csp-report": { "document-uri": "https://d.example/nl/pledges/X?key=secret",
            "blocked-uri": "https://evil.example/x.js", "effective-directive": "script-src-elemfake" } });
        assert_eq!(Told::of(&new), Told::of(&old));
        assert_eq!(Told::of(&new).page, "https://d.example/nl/pledges/X");
        let link = "https://d.example/nl/sign-in/link/0123456789abcdef0123456789abcdef0123456789abcdef";
        let of_link = json!({ "csp-report": { "document-uri": link } });
        assert_eq!(Told::of(&of_link).page, "https://d.example/nl/sign-in/link/***");
        assert_eq!(Told::of(&json!("nonsense")).page, "");
    }
}

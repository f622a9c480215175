//! What Prometheus asks for, on an address of its own: is money stuck, does work wait, can the provider be reached. Alert rules that
//! use these names lie beside this file.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::SocketAddr;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::features::cases::CaseState;
use crate::features::{cases, ledger, payments, reconciliation};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::web::{latency, reports};
use crate::infra::{Services, jobs, letters, periodic};
use crate::values::Timestamp;

/// The media type of the text format.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Listens where the settings say, if they do, until `stop`.
///
/// # Errors
/// The address cannot be listened on.
pub async fn listen(s: &Services, stop: &CancellationToken) -> std::io::Result<Option<SocketAddr>> {
    let Some(address) = s.settings.metrics_listen else { return Ok(None) };
    let listener = TcpListener::bind(address).await?;
    let bound = listener.local_addr()?;
    let stop = stop.clone();
    let served = axum::serve(listener, routes(s.clone())).with_graceful_shutdown(stop.cancelled_owned());
    tokio::spawn(async move {
        if let Err(error) = served.await {
            tracing::error!(%error, "metrics are not served any more");
        }
    });
    Ok(Some(bound))
}

fn routes(s: Services) -> Router {
    Router::new().route("/metrics", get(answer)).with_state(s)
}

async fn answer(State(s): State<Services>) -> Response {
    match text(&s).await {
        Ok(text) => ([(header::CONTENT_TYPE, TEXT)], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "metrics could not be gathered");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// All figures of this moment.
///
/// # Errors
/// The database.
pub async fn text(s: &Services) -> Result<String> {
    let now = s.clock.now();
    let age = |since: Timestamp| (now.millis() - since.millis()).max(0) / 1_000;
    let mut conn = s.db.read().await?;
    let mut page = Page::default();

    page.gauge("drempel_info", "The version that runs.", &[(label("version", env!("CARGO_PKG_VERSION")), 1)]);
    let is_down = i64::from(s.stripe.is_down());
    page.gauge("drempel_provider_down", "1 while the payment provider does not answer.", &[(String::new(), is_down)]);

    let is_up = i64::from(payments::shield::is_up(&mut conn, now).await?);
    page.gauge(
        "drempel_card_shield",
        "1 while only ways to pay that the bank confirms are taken.",
        &[(String::new(), is_up)],
    );
    let tries = payments::shield::tries(&mut conn, now).await?;
    let tries = [(label("outcome", "failed"), tries.failed), (label("outcome", "paid"), tries.all - tries.failed)];
    page.gauge("drempel_payment_tries", "Attempts to pay in the last five minutes.", &tries);

    let help = "Reports of browsers that a page broke the content policy, since this process began.";
    page.gauge("drempel_csp_reports", help, &[(String::new(), reports::seen())]);

    let mut sums: BTreeMap<String, i64> = BTreeMap::new();
    for (account, balance) in ledger::actions::balances(&mut conn).await? {
        // one figure per kind of account, not one per project
        *sums.entry(account.split(':').next().unwrap_or_default().to_owned()).or_default() += balance.0;
    }
    let sums: Vec<_> = sums.iter().map(|(account, cents)| (label("account", account), *cents)).collect();
    page.gauge("drempel_books_cents", "Balance of each kind of account of the books, in euro cents.", &sums);

    let (mut counts, mut ages, mut limits) = (Vec::new(), Vec::new(), Vec::new());
    for (alarm, count, oldest) in reconciliation::alarms::waiting(&mut conn, now).await? {
        let name = label("state", alarm.name);
        counts.push((name.clone(), count));
        ages.push((name.clone(), oldest.map_or(0, age)));
        limits.push((name, alarm.longest_seconds));
    }
    page.gauge("drempel_waiting", "How many things are in a state that must not last.", &counts);
    page.gauge("drempel_waiting_oldest_seconds", "How long the oldest of them has been, 0 when there is none.", &ages);
    page.gauge("drempel_waiting_longest_seconds", "How long one may be in that state.", &limits);

    let (events, oldest) = payments::actions::waiting_events(&mut conn).await?;
    page.gauge("drempel_webhooks_waiting", "Events of the provider that came in and wait.", &[(String::new(), events)]);
    let waits = oldest.map_or(0, age);
    let help = "How long the oldest of them has waited.";
    page.gauge("drempel_webhooks_waiting_oldest_seconds", help, &[(String::new(), waits)]);
    if let Some((occurred_at, received_at)) = payments::actions::newest_event(&mut conn).await? {
        let lag = (received_at.millis() - occurred_at.millis()).max(0) / 1_000;
        let help = "How long the newest event took from the provider to us.";
        page.gauge("drempel_webhook_lag_seconds", help, &[(String::new(), lag)]);
    }

    waiting(&mut page, &mut conn, now).await?;
    process(&mut page, s);

    let counts = cases::actions::counts(&mut conn).await?;
    let open = CaseState::ALL.iter().map(|state| (label("state", state.as_str()), counts.get(state).map_or(0, |n| *n)));
    page.gauge(
        "drempel_cases",
        "Cases where a person must look, and those that are closed.",
        &open.collect::<Vec<_>>(),
    );

    let (mut failures, mut off, mut ran) = (Vec::new(), Vec::new(), Vec::new());
    for task in periodic::all(&mut conn).await? {
        let name = label("task", &task.name);
        failures.push((name.clone(), task.failures));
        off.push((name.clone(), i64::from(task.off_at.is_some())));
        ran.extend(task.ran_at.map(|at| (name, age(at))));
    }
    page.gauge("drempel_task_failures", "Failures of a task since it last succeeded.", &failures);
    page.gauge("drempel_task_off", "1 while somebody of the team has switched the task off.", &off);
    page.gauge("drempel_task_ran_seconds", "How long ago the task ran.", &ran);
    Ok(page.0)
}

/// Work and letters that are due and not done.
async fn waiting(page: &mut Page, conn: &mut Conn, now: Timestamp) -> Result<()> {
    let queues = [
        ("jobs", jobs::waiting(conn, now).await?),
        ("letters", letters::waiting(conn, now, false).await?),
        ("letters-bulk", letters::waiting(conn, now, true).await?),
    ];
    let counts = queues.map(|(name, (count, _))| (label("queue", name), count));
    page.gauge("drempel_queue", "Jobs that wait, and letters that are due.", &counts);
    let late = |due: Timestamp| (now.millis() - due.millis()).max(0) / 1_000;
    let ages = queues.map(|(name, (_, oldest))| (label("queue", name), oldest.map_or(0, late)));
    page.gauge("drempel_queue_oldest_seconds", "How long the oldest of them has been due.", &ages);
    Ok(())
}

/// What this process holds, and how long its answers took.
fn process(page: &mut Page, s: &Services) {
    let plain = |count: usize| [(String::new(), i64::try_from(count).unwrap_or(i64::MAX))];
    let (pages, bytes) = s.pages.held();
    page.gauge("drempel_kept_pages", "Rendered pages that are kept.", &plain(pages));
    page.gauge("drempel_kept_pages_bytes", "What they take together.", &plain(bytes));
    page.gauge("drempel_streams", "Open streams of events.", &plain(s.live.open()));
    let off = [(String::new(), s.clock.off_millis())];
    page.gauge("drempel_clock_off_millis", "How far this machine's clock is ahead of the database's.", &off);
    if let Some(bytes) = resident_bytes() {
        page.gauge("drempel_memory_bytes", "Memory of this process that is in use.", &plain(bytes));
    }
    latency::write("drempel_answer_seconds", &mut page.0);
}

/// What the system says that this process has in memory; nothing where it does not say so.
fn resident_bytes() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<usize>().ok()? * 1_024)
}

/// A label as it stands in braces. Our names have no quotes in them.
fn label(name: &str, value: &str) -> String {
    format!("{{{name}=\"{value}\"}}")
}

/// The text format of Prometheus.
#[derive(Default)]
struct Page(String);

impl Page {
    fn gauge(&mut self, name: &str, help: &str, samples: &[(String, i64)]) {
        // writing into a string cannot fail
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} gauge");
        for (labels, value) in samples {
            let _ = writeln!(self.0, "{name}{labels} {value}");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    /// Every name in the alert rules and in the dashboard is one that is served.
    #[test]
    fn alert_rules_and_dashboard_ask_for_what_there_is() {
        let source = include_str!("metrics.rs");
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        for (asked, least) in [(include_str!("alert_rules.yml"), 8), (include_str!("dashboard.json"), 14)] {
            let names: BTreeSet<&str> = asked
                .split(|c| !is_part(c))
                .filter(|word| word.starts_with("drempel_") && *word != "drempel_")
                .map(|word| word.strip_suffix("_bucket").unwrap_or(word))
                .map(|word| word.strip_suffix("_count").unwrap_or(word))
                .collect();
            assert!(names.len() >= least, "{names:?}");
            for name in names {
                assert!(source.contains(&format!("\"{name}\"")), "{name} is not served");
            }
        }
        let dashboard: serde_json::Value = serde_json::from_str(include_str!("dashboard.json")).expect("JSON");
        assert!(dashboard["panels"].as_array().is_some_and(|panels| panels.len() >= 10));
    }
}

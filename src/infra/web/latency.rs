//! How long answers take: counted per kind of address, class of status and bound of time since the process began, as Prometheus reads a
//! histogram. Streams of events are left out: they take as long as somebody watches.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;

/// Kinds of addresses.
const KINDS: [&str; 5] = ["page", "personal", "api", "webhook", "file"];
/// Classes of statuses, from 1 on.
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];
/// Upper bounds in milliseconds; one more stands for all that took longer.
const BOUNDS: [u64; 11] = [1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 10_000];
/// The first parts of addresses, behind the language, that belong to one person or to the team.
const PERSONAL: [&str; 6] = ["account", "follow", "pledges", "sign-in", "staff", "studio"];

/// One histogram.
struct Series {
    /// How many took so long, each bound by itself.
    counts: [AtomicU64; BOUNDS.len() + 1],
    micros: AtomicU64,
}

static SERIES: [[Series; CLASSES.len()]; KINDS.len()] = [const {
    [const { Series { counts: [const { AtomicU64::new(0) }; BOUNDS.len() + 1], micros: AtomicU64::new(0) } };
        CLASSES.len()]
}; KINDS.len()];

/// Layer that counts how long each answer took until its head was there.
pub async fn count(request: Request, next: Next) -> Response {
    let Some(kind) = kind(request.uri().path()) else { return next.run(request).await };
    let began = now();
    let response = next.run(request).await;
    let micros = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
    let class = usize::from(response.status().as_u16() / 100).clamp(1, CLASSES.len()) - 1;
    let series = &SERIES[kind][class];
    series.counts[bucket(micros)].fetch_add(1, Ordering::Relaxed);
    series.micros.fetch_add(micros, Ordering::Relaxed);
    response
}

fn now() -> Instant {
    Instant::now()
}

fn bucket(micros: u64) -> usize {
    BOUNDS.iter().position(|bound| micros <= bound * 1_000).unwrap_or(BOUNDS.len())
}

/// The place of an address among the kinds; nothing for a stream.
fn kind(path: &str) -> Option<usize> {
    let mut parts = path.trim_start_matches('/').split('/');
    let name = match parts.next().unwrap_or_default() {
        "events" => return None,
        "api" => "api",
        "webhooks" => "webhook",
        "static" | "files" | "icons" | "og" => "file",
        "unsubscribe" | "evidence" => "personal",
        _ if PERSONAL.contains(&parts.next().unwrap_or_default()) => "personal",
        _ => "page",
    };
    KINDS.iter().position(|one| *one == name)
}

/// Writes the histogram of that name in the text format of Prometheus; what never happened is left out.
pub fn write(name: &str, out: &mut String) {
    // writing into a string cannot fail
    let _ = writeln!(out, "# HELP {name} Seconds until the head of an answer was there.\n# TYPE {name} histogram");
    for (kind, classes) in KINDS.iter().zip(&SERIES) {
        for (class, series) in CLASSES.iter().zip(classes) {
            let labels = format!("kind=\"{kind}\",status=\"{class}\"");
            let mut so_far = 0;
            let counts: Vec<u64> = series.counts.iter().map(|count| count.load(Ordering::Relaxed)).collect();
            let all: u64 = counts.iter().sum();
            if all == 0 {
                continue;
            }
            for (bound, count) in BOUNDS.iter().zip(&counts) {
                so_far += count;
                let _ = writeln!(out, "{name}_bucket{{{labels},le=\"{}\"}} {so_far}", seconds(bound * 1_000));
            }
            let _ = writeln!(out, "{name}_bucket{{{labels},le=\"+Inf\"}} {all}");
            let _ = writeln!(out, "{name}_sum{{{labels}}} {}", seconds(series.micros.load(Ordering::Relaxed)));
            let _ = writeln!(out, "{name}_count{{{labels}}} {all}");
        }
    }
}

/// `0.025` of 25,000 microseconds.
fn seconds(micros: u64) -> String {
    let text = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_has_its_kind() {
        for (path, wanted) in [
            ("/nl/projects/kookclub", Some("page")),
            ("/", Some("page")),
            ("/nl/pledges/DR-1", Some("personal")),
            ("/en/staff/rounds", Some("personal")),
            ("/unsubscribe/abc", Some("personal")),
            ("/api/v1/projects", Some("api")),
            ("/webhooks/stripe", Some("webhook")),
            ("/static/site.css", Some("file")),
            ("/events/projects/kookclub", None),
        ] {
            assert_eq!(kind(path).map(|kind| KINDS[kind]), wanted, "{path}");
        }
    }

    #[test]
    fn what_took_long_is_counted_under_the_first_bound_that_holds_it() {
        for (micros, bound) in [(0, 0), (1_000, 0), (1_001, 1), (25_000, 3), (10_000_000, 10), (10_000_001, 11)] {
            assert_eq!(bucket(micros), bound, "{micros}");
        }
        let written: Vec<String> = [0, 1_000, 25_000, 1_500_000, 10_000_000].map(seconds).to_vec();
        assert_eq!(written, ["0", "0.001", "0.025", "1.5", "10"]);
    }
}

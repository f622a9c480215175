//! Traces leave for a collector, and tell nothing about anybody.

use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use drempel::infra::settings::{Settings, Source};

use crate::support::App;

/// A program that is ended when the test is over.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A collector on a port of its own, and what it was sent: names and values stand in it as plain text.
async fn collector() -> (String, Arc<Mutex<String>>) {
    let told: Arc<Mutex<String>> = Arc::default();
    let taken = told.clone();
    let take = move |body: Bytes| async move {
        taken.lock().expect("a lock").push_str(&String::from_utf8_lossy(&body));
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/v1/traces", post(take))).await });
    (address, told)
}

#[tokio::test]
async fn spans_tell_routes_jobs_and_calls_but_no_address_and_no_person() {
    let app = App::start().await;
    let (collector, told) = collector().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let listen = listener.local_addr().expect("an address").to_string();
    drop(listener);
    let child = Command::new(env!("CARGO_BIN_EXE_drempel"))
        .current_dir(app.letters_folder())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .env("DATABASE_URL", &app.s.settings.database_url)
        .env("LISTEN", &listen)
        .env("PUBLIC_URL", format!("http://{listen}"))
        .env("LIMITS", "off")
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", &collector)
        .env("OTEL_BSP_SCHEDULE_DELAY", "100")
        .spawn()
        .expect("the program");
    let _running = Running(child);
    let base = format!("http://{listen}");
    for _ in 0..200 {
        if app.http.get(format!("{base}/healthz")).send().await.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let body =
        serde_json::json!({ "amount_cents": 500, "email": "geheim@example.org", "name": "Geheim", "language": "nl" });
    let call = app.http.post(format!("{base}/api/v1/projects/kookclub/pledges")).header("Idempotency-Key", "spans");
    let made: serde_json::Value = call.json(&body).send().await.expect("an answer").json().await.expect("JSON");
    let (reference, key) = (made["reference"].as_str().expect("a reference"), made["key"].as_str().expect("a key"));
    app.http.get(format!("{base}/nl/pledges/{reference}?key={key}")).send().await.expect("a page");
    let expected = [
        "POST /api/v1/projects/{slug}/pledges",
        "GET /{lang}/pledges/{reference}",
        "pledge_received",
        "checkout.create",
    ];
    let found = || {
        let told = told.lock().expect("a lock").clone();
        (expected.iter().all(|name| told.contains(name)), told)
    };
    for _ in 0..200 {
        if found().0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let (complete, told) = found();
    assert!(complete, "{expected:?} in {told}");
    for secret in [reference, key, "geheim", "Geheim", "plg_", "usr_", "pay_"] {
        assert!(!told.contains(secret), "{secret} is told");
    }
}

#[test]
fn the_address_of_a_collector_is_checked() {
    let read = |url: &str| Settings::read(&Source::of(&[("OTEL_EXPORTER_OTLP_ENDPOINT", url)])).err();
    assert!(read("https://collector.example:4318").is_none() && read("http://127.0.0.1:4318/").is_none());
    for wrong in ["collector", "ftp://collector.example", "http://"] {
        let told = read(wrong).expect("an error").to_string();
        assert!(told.contains("OTEL_EXPORTER_OTLP_ENDPOINT") && told.contains(wrong), "{told}");
    }
}

//! What tells the people who run it how an installation is: metrics, and `drempel doctor`.

use std::collections::HashMap;
use std::process::Command;

use drempel::app::metrics;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::support::App;

/// Figures by name and labels; how long answers took is looked at apart.
fn figures(text: &str) -> HashMap<String, i64> {
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.starts_with("drempel_answer_seconds"));
    lines
        .map(|line| {
            let (name, value) = line.rsplit_once(' ').expect("a name and a value");
            (name.to_owned(), value.parse().expect("a whole number"))
        })
        .collect()
}

#[tokio::test]
async fn metrics_tell_of_money_and_of_what_waits_on_an_address_of_their_own() {
    let mut app = App::start().await;
    let mut settings = (*app.s.settings).clone();
    settings.metrics_listen = Some("127.0.0.1:0".parse().expect("an address"));
    app.s.settings = std::sync::Arc::new(settings);
    let stop = CancellationToken::new();
    let address = metrics::listen(&app.s, &stop).await.expect("a free port").expect("an address");

    app.paid_gift(2_500, "Anna").await;
    app.settle().await;
    let answer = app.http.get(format!("http://{address}/metrics")).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    assert!(answer.headers()["content-type"].to_str().is_ok_and(|kind| kind.starts_with("text/plain; version=0.0.4")));
    let answer = answer.text().await.expect("text");
    let calls = "drempel_answer_seconds_bucket{kind=\"api\",status=\"2xx\",le=";
    let counted: Vec<u64> =
        answer.lines().filter_map(|line| line.strip_prefix(calls)?.rsplit_once(' ')?.1.parse().ok()).collect();
    assert!(counted.len() == 12 && counted.is_sorted() && counted[11] >= 1, "{answer}");
    let told = figures(&answer);
    assert_eq!((told["drempel_queue{queue=\"letters\"}"], told["drempel_streams"]), (0, 0), "{told:?}");
    assert!(told["drempel_memory_bytes"] > 1_000_000 && told.contains_key("drempel_kept_pages"), "{told:?}");
    assert_eq!(told["drempel_books_cents{account=\"pledges_held\"}"].abs(), 2_500, "{told:?}");
    assert_eq!(told.get("drempel_books_cents{account=\"suspense\"}").copied().unwrap_or(0), 0);
    assert_eq!(told["drempel_waiting{state=\"refund-due\"}"], 0);
    assert_eq!(told["drempel_waiting_longest_seconds{state=\"refund-due\"}"], 3_600);
    assert_eq!(told["drempel_webhooks_waiting"], 0);
    assert!(told["drempel_webhook_lag_seconds"] < 60);
    assert_eq!(told["drempel_provider_down"], 0);
    assert_eq!(told["drempel_task_off{task=\"refunds\"}"], 0);

    // the site itself does not show them
    assert_eq!(app.http.get(app.url("/metrics")).send().await.expect("an answer").status(), 404);
    assert_eq!(app.http.get(format!("http://{address}/nl")).send().await.expect("an answer").status(), 404);
    stop.cancel();
}

/// Runs the doctor in a folder of its own, with these settings.
async fn doctor(settings: Vec<(&'static str, String)>) -> (Option<i32>, HashMap<String, Value>, Vec<Value>) {
    let folder = std::env::temp_dir().join(format!("drempel-doctor-{}", drempel::infra::random::secret()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_drempel"));
    command.args(["--json", "doctor"]).current_dir(&folder).env("RUST_LOG", "error").envs(settings);
    let output =
        tokio::task::spawn_blocking(move || command.output()).await.expect("a thread").expect("the program runs");
    std::fs::remove_dir_all(&folder).expect("the folder is ours");
    let text = String::from_utf8(output.stdout).expect("text");
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let (records, checks): (Vec<Value>, Vec<Value>) = lines.partition(|line| line["record"].is_string());
    let by_name = checks.into_iter().map(|one| (one["check"].as_str().unwrap_or_default().to_owned(), one)).collect();
    (output.status.code(), by_name, records)
}

#[tokio::test]
async fn the_doctor_says_what_is_well_and_how_the_rest_is_cured() {
    let app = App::start().await;
    let known = |more: &[(&'static str, &str)]| {
        let mut settings =
            vec![("DATABASE_URL", app.s.settings.database_url.clone()), ("STRIPE_API_URL", app.url("/dev/bank"))];
        settings.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
        settings
    };
    let (status, checks, records) = doctor(known(&[])).await;
    assert_eq!(status, Some(0), "{checks:?}");
    assert!(
        ["settings", "mail", "files", "database", "provider", "clock"].iter().all(|name| checks[*name]["ok"] == true)
    );
    assert!(records.is_empty(), "nothing is sent in development");

    // a provider that is not there, and a mail server that is not there
    let gone = [("STRIPE_API_URL", "http://127.0.0.1:9"), ("SMTP_URL", "smtp://127.0.0.1:9")];
    let (status, checks, _) = doctor(known(&gone)).await;
    assert_eq!(status, Some(1));
    for name in ["mail", "provider", "clock"] {
        assert!(checks[name]["ok"] == false && checks[name]["cure"].is_string(), "{name}: {checks:?}");
    }
    assert_eq!(checks["database"]["ok"], true);
}

#[tokio::test]
async fn the_doctor_makes_no_database_and_prints_the_records_of_production() {
    let seed = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=";
    let key = std::env::temp_dir().join(format!("drempel-dkim-{}", drempel::infra::random::secret()));
    std::fs::write(&key, seed).expect("a key");
    let settings = [
        ("PUBLIC_URL", "https://drempel.example"),
        ("SECRET_KEY", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="),
        ("STRIPE_SECRET_KEY", "sk_test_1"),
        ("STRIPE_WEBHOOK_SECRETS", "whsec_1"),
        ("SMTP_URL", "smtp://127.0.0.1:9"),
        ("MAIL_FROM", "Drempel <geld@drempel.example>"),
        ("MAIL_FROM_UPDATES", "Drempel <nieuws@post.drempel.example>"),
        ("DKIM_KEY_FILE", key.to_str().expect("a path")),
        ("DKIM_SELECTOR", "een"),
        ("DKIM_DOMAIN", "drempel.example"),
        ("BANK_IBAN", "NL91ABNA0417164300"),
        ("BANK_BIC", "ABNANL2A"),
        ("BANK_NAME", "Stichting Drempel"),
    ];
    let (status, checks, records) =
        doctor(settings.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()).await;
    std::fs::remove_file(&key).expect("the key is ours");
    assert_eq!(status, Some(1));
    assert!(checks["settings"]["found"].as_str().is_some_and(|found| found.contains("test key")), "{checks:?}");
    assert!(checks["database"]["cure"].as_str().is_some_and(|cure| cure.contains("migrate")), "{checks:?}");
    let value = |name: &str, kind: &str| {
        let of_name = records.iter().filter(|one| one["record"] == name && one["type"] == kind);
        of_name.map(|one| one["value"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    // the public half of that key, as another implementation of RFC 8032 makes it
    let public = "v=DKIM1; k=ed25519; p=6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iw=";
    assert_eq!(value("een._domainkey.drempel.example", "TXT"), [format!("\"{public}\"")], "{records:?}");
    for domain in ["drempel.example", "post.drempel.example"] {
        assert!(value(domain, "TXT")[0].contains("v=spf1"), "{records:?}");
        assert!(value(&format!("_dmarc.{domain}"), "TXT")[0].contains("v=DMARC1"), "{records:?}");
    }
    assert_eq!(value("drempel.example", "CAA").len(), 2);
}

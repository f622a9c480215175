//! Pictures and evidence in a store that speaks S3: moto's server behind a door that checks every signature (`tests/tools/file_store.py`).

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::StatusCode;
use drempel::infra::error::Error;
use drempel::infra::files::{self, Place};
use drempel::infra::pictures::Picture;
use drempel::infra::settings::{BucketSettings, FilesSettings};
use drempel::infra::{Services, random};
use sha2::{Digest, Sha256};

use crate::support::App;

const BYTES: &[u8] = b"what somebody sent \xff\x00";

/// The server, ended with the test. Wants the Python with the test packages, which `tests/run` sets up.
struct Store {
    address: String,
    process: Child,
}

impl Store {
    fn start() -> Store {
        let python = std::env::var("TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tools/file_store.py");
        let mut command = Command::new(python);
        command.arg(script).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().expect("a Python");
        let mut address = String::new();
        BufReader::new(process.stdout.take().expect("its words")).read_line(&mut address).expect("a line");
        assert!(address.starts_with("http://"), "the store of files did not start: {address:?}");
        Store { address: address.trim().to_owned(), process }
    }

    fn stop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.stop();
    }
}

fn bucket(endpoint: &str, bucket: &str, secret: &str) -> Place {
    let settings = FilesSettings::Bucket(BucketSettings {
        endpoint: endpoint.to_owned(),
        region: "eu-test".to_owned(),
        bucket: bucket.to_owned(),
        prefix: "site/one".to_owned(),
        access_key_id: "test-key".to_owned(),
        secret_access_key: secret.to_owned(),
    });
    Place::of(&settings).expect("a place")
}

/// The same program with its files elsewhere.
fn with(app: &App, place: Place) -> Services {
    let mut s = app.s.clone();
    s.files = place;
    s
}

fn picture() -> Picture {
    Picture { jpeg: b"a whole picture".to_vec(), card: b"a small one".to_vec(), width: 40, height: 20 }
}

async fn keep(app: &App) -> Result<String, Error> {
    let mut tx = app.s.db.begin().await?;
    let id = files::keep(&app.s, &mut tx, "prj_1", &picture()).await?;
    tx.commit().await?;
    Ok(id)
}

async fn rows(app: &App) -> i64 {
    let mut conn = app.s.db.read().await.expect("a connection");
    let (rows,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM files").fetch_one(&mut *conn).await.expect("files");
    rows
}

async fn look(app: &App, path: &str) -> (u16, Vec<u8>) {
    let answer = app.http.get(app.url(path)).send().await.expect("an answer");
    (answer.status().as_u16(), answer.bytes().await.expect("bytes").to_vec())
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_kept_read_and_taken_away_and_a_store_that_is_away_loses_nothing() {
    let mut store = Store::start();
    let app = App::start_set(&[
        ("FILES_URL", "s3://drempel-files/site/one"),
        ("S3_ENDPOINT", &store.address),
        ("S3_REGION", "eu-test"),
        ("S3_ACCESS_KEY_ID", "test-key"),
        ("S3_SECRET_ACCESS_KEY", "test-secret"),
    ])
    .await;
    app.s.files.check().await.expect("a store that works");
    let id = keep(&app).await.expect("kept");
    assert_eq!(look(&app, &format!("/files/{id}")).await, (200, b"a whole picture".to_vec()));
    assert_eq!(look(&app, &format!("/files/{id}?size=card")).await, (200, b"a small one".to_vec()));
    let missing = random::id("fil", app.s.clock.now());
    assert_eq!(look(&app, &format!("/files/{missing}")).await.0, 404);
    assert!(!app.files_folder().exists(), "nothing lies on this machine");

    let evidence = random::id("evi", app.s.clock.now());
    files::put(&app.s, &evidence, BYTES).await.expect("kept");
    let hash: String = Sha256::digest(BYTES).iter().map(|byte| format!("{byte:02x}")).collect();
    let same = files::read_same(&app.s, &evidence, &hash).await.expect("read");
    assert_eq!(same.as_deref(), Some(BYTES));
    files::put(&app.s, &evidence, b"something else").await.expect("kept");
    let other = files::read_same(&app.s, &evidence, &hash).await.expect_err("other bytes than those that were kept");
    assert!(matches!(other, Error::Broken(_)), "{other}");
    files::remove(&app.s, &evidence).await.expect("taken away");
    assert_eq!(files::read(&app.s, &evidence).await.expect("read"), None);
    files::remove(&app.s, &evidence).await.expect("a second time is no fault");

    let stranger = with(&app, bucket(&store.address, "drempel-files", "another-secret"));
    let refused = files::read(&stranger, &id).await.expect_err("a wrong signature").to_string();
    assert!(
        refused.contains("the store of files refused: 403") && refused.contains("SignatureDoesNotMatch"),
        "{refused}"
    );
    let nowhere = with(&app, bucket(&store.address, "no-such-bucket", "test-secret"));
    let refused = files::put(&nowhere, &id, BYTES).await.expect_err("no bucket").to_string();
    assert!(refused.contains("NoSuchBucket"), "{refused}");

    store.stop();
    assert_eq!(look(&app, &format!("/files/{id}")).await.0, 503, "it is not gone: it cannot be reached");
    let away = keep(&app).await.expect_err("nobody took it").to_string();
    assert!(away.contains("the store of files did not answer"), "{away}");
    assert!(app.s.files.check().await.is_err());
    assert_eq!(rows(&app).await, 1, "no row without its bytes, and none is lost");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_is_lost_is_made_again_and_one_that_is_refused_is_not() {
    let app = App::start().await;
    let calls = Arc::new(AtomicU64::new(0));
    let counted = calls.clone();
    let busy = axum::Router::new().fallback(move |method: axum::http::Method| {
        let call = counted.fetch_add(1, Ordering::Relaxed);
        async move {
            match (method.as_str(), call) {
                ("DELETE", _) => (StatusCode::FORBIDDEN, "<Error><Code>AccessDenied</Code></Error>"),
                (_, 0 | 1) => (StatusCode::SERVICE_UNAVAILABLE, "<Error><Code>SlowDown</Code></Error>"),
                _ => (StatusCode::OK, "here it is"),
            }
        }
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, busy).await });
    let s = with(&app, bucket(&address, "drempel-files", "test-secret"));
    let id = random::id("evi", app.s.clock.now());
    assert_eq!(files::read(&s, &id).await.expect("read").as_deref(), Some(b"here it is".as_slice()));
    assert_eq!(calls.load(Ordering::Relaxed), 3);
    let refused = files::remove(&s, &id).await.expect_err("not allowed").to_string();
    assert!(refused.contains("403 Forbidden AccessDenied"), "{refused}");
    assert_eq!(calls.load(Ordering::Relaxed), 4, "it would be refused again");
}

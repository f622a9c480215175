//! What the benchmark measures against: the bare library doing the same work, and the load that is put on both.
//!
//! Started by `tests/bench/run.py`, which makes the ratios. Every command prints a port, or JSON with counts and times.

#![expect(clippy::disallowed_methods, reason = "a benchmark measures with the real clock and makes its own keys")]

mod ledger;
mod load;
mod mail;
mod rows;
mod streams;

use std::error::Error;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::routing::get;
use serde_json::{Value, json};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use uuid::Uuid;

type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

const USAGE: &str = "the baselines of tests/bench/run.py; commands:
  axum-static [PATH BODY_FILE HEADERS_FILE]...   fixed answers, prints its port
  axum-streams TEXT_FILE                         streams of events; what is posted to /news goes to all, prints its port
  sqlite-rows FILE TASKS SECONDS                 the rows of one pledge, a transaction each
  postgres-rows URL TASKS SECONDS
  sqlite-grouped FILE SECONDS                    the rows of 64 pledges on one project in one transaction, one after the other
  postgres-grouped URL SECONDS
  ledger URL TASKS SECONDS                       postings on one project by Drempel's own ledger, a transaction each
  sqlite-ledger FILE TASKS SECONDS               the rows of such a posting by the bare driver
  postgres-ledger URL TASKS SECONDS
  smtp-sink [SAMPLE_FILE]                        takes letters and counts them (COUNT), prints its port
  smtp-loop HOST:PORT LETTER_FILE CONNECTIONS LETTERS        the same bytes again and again
  smtp-build HOST:PORT LETTER_FILE CONNECTIONS LETTERS       each letter built anew, to a receiver of its own
  load-get HOST:PORT PATH CLIENTS SECONDS
  load-pledges HOST:PORT SLUG,SLUG... CENTS CLIENTS SECONDS
  load-rush HOST:PORT SLUG CENTS PEOPLE CLIENTS     each of so many people pledges once
  load-streams HOST:PORT PATH STREAMS               holds streams of events; each line it reads is a text that they wait for";

#[tokio::main]
async fn main() -> Outcome {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["axum-static", files @ ..] => axum_static(files).await,
        ["axum-streams", file] => streams::axum_streams(file).await,
        ["sqlite-rows", file, tasks, seconds] => rows::sqlite(file, tasks.parse()?, seconds.parse()?, 1).await,
        ["postgres-rows", url, tasks, seconds] => rows::postgres(url, tasks.parse()?, seconds.parse()?, 1).await,
        ["sqlite-grouped", file, seconds] => rows::sqlite(file, 1, seconds.parse()?, rows::GROUP).await,
        ["postgres-grouped", url, seconds] => rows::postgres(url, 1, seconds.parse()?, rows::GROUP).await,
        ["ledger", url, tasks, seconds] => ledger::ours(url, tasks.parse()?, seconds.parse()?).await,
        ["sqlite-ledger", file, tasks, seconds] => ledger::sqlite(file, tasks.parse()?, seconds.parse()?).await,
        ["postgres-ledger", url, tasks, seconds] => ledger::postgres(url, tasks.parse()?, seconds.parse()?).await,
        ["smtp-sink", sample @ ..] => mail::smtp_sink(sample.first().map(|path| (*path).to_owned())).await,
        ["smtp-loop", address, letter, connections, letters] => {
            let bytes = std::fs::read(letter)?;
            mail::smtp_loop(address, connections.parse()?, letters.parse()?, move |_| Ok(bytes.clone())).await
        }
        ["smtp-build", address, letter, connections, letters] => {
            let build = mail::builder(std::fs::read(letter)?)?;
            mail::smtp_loop(address, connections.parse()?, letters.parse()?, build).await
        }
        ["load-get", address, path, clients, seconds] => {
            load::get(address, path, clients.parse()?, seconds.parse()?).await
        }
        ["load-pledges", address, slugs, cents, clients, seconds] => {
            load::pledges(address, slugs, cents, clients.parse()?, seconds.parse()?, usize::MAX).await
        }
        ["load-rush", address, slug, cents, people, clients] => {
            let clients: usize = clients.parse()?;
            let each = people.parse::<usize>()? / clients;
            load::pledges(address, slug, cents, clients, load::RUSH_SECONDS, each).await
        }
        ["load-streams", address, path, count] => streams::hold(address, path, count.parse()?).await,
        _ => {
            println!("{USAGE}");
            Ok(())
        }
    }
}

async fn axum_static(files: &[&str]) -> Outcome {
    let mut router = Router::new();
    for file in files.chunks_exact(3) {
        let body = Bytes::from(std::fs::read(file[1])?);
        let mut headers = HeaderMap::new();
        for line in std::fs::read_to_string(file[2])?.lines() {
            let (name, value) = line.split_once(": ").ok_or("a header without a value")?;
            headers.append(name.parse::<HeaderName>()?, value.parse::<HeaderValue>()?);
        }
        router = router.route(file[0], get(move || async move { (headers, body) }));
    }
    serve(router).await
}

/// Serves on a port of its own, which is printed.
async fn serve(router: Router) -> Outcome {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    Ok(axum::serve(listener, router).await?)
}

/// One writer, set as Drempel sets it.
async fn sqlite_pool(file: &str) -> Outcome<SqlitePool> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .pragma("temp_store", "MEMORY")
        .pragma("cache_size", "-16000");
    Ok(SqlitePoolOptions::new().max_connections(1).connect_with(options).await?)
}

/// Runs so many tasks until the time is over, each of which does one thing after the other; answers when it began and how long each
/// thing took.
async fn repeat<F, D>(tasks: usize, seconds: u64, once: F) -> Outcome<(Instant, Vec<u128>)>
where
    F: Fn(usize) -> D + Clone + Send + Sync + 'static,
    D: Future<Output = Outcome> + Send + 'static,
{
    let began = Instant::now();
    let until = began + Duration::from_secs(seconds);
    let mut running = JoinSet::new();
    for task in 0..tasks {
        let once = once.clone();
        running.spawn(async move {
            let mut micros = Vec::new();
            while Instant::now() < until {
                let asked = Instant::now();
                once(task + micros.len()).await?;
                micros.push(asked.elapsed().as_micros());
            }
            Outcome::Ok(micros)
        });
    }
    let mut micros = Vec::new();
    while let Some(task) = running.join_next().await {
        micros.extend(task??);
    }
    Ok((began, micros))
}

/// How many since when, and the middle and the slowest of the times.
fn told(count: usize, began: Instant, mut micros: Vec<u128>) -> Value {
    let millis = millis(began);
    micros.sort_unstable();
    let part = |hundredths: usize| micros.get(micros.len() * hundredths / 100).copied().unwrap_or_default();
    json!({ "count": count, "millis": millis, "p50_micros": part(50), "p99_micros": part(99) })
}

fn id(prefix: &str) -> String {
    format!("{prefix}_{}", Uuid::now_v7())
}

fn millis(since: Instant) -> u128 {
    since.elapsed().as_millis().max(1)
}

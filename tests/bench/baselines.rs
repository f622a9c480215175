//! What the benchmark measures against: the bare library doing the same work, and the load that is put on both.
//!
//! Started by `tests/bench/run.py`, which makes the ratios. Every command prints one line: a port, or JSON with counts and times.

#![expect(clippy::disallowed_methods, reason = "a benchmark measures with the real clock and makes its own keys")]

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::routing::get;
use drempel::features::ledger::{Account, Kind, Posting};
use drempel::infra::clock::Clock;
use drempel::infra::db::Db;
use drempel::values::Cents;
use lettre::message::header;
use lettre::message::{Mailbox, Message, MultiPart};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use uuid::Uuid;

type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

const USAGE: &str = "the baselines of tests/bench/run.py; commands:
  axum-static [PATH BODY_FILE HEADERS_FILE]...   fixed answers, prints its port
  sqlite-rows FILE TASKS SECONDS                 the rows of one pledge, a transaction each
  postgres-rows URL TASKS SECONDS
  ledger URL TASKS SECONDS                       postings on one project by Drempel's own ledger, a transaction each
  sqlite-ledger FILE TASKS SECONDS               the rows of such a posting by the bare driver
  postgres-ledger URL TASKS SECONDS
  smtp-sink [SAMPLE_FILE]                        takes letters and counts them (COUNT), prints its port
  smtp-loop HOST:PORT LETTER_FILE CONNECTIONS LETTERS        the same bytes again and again
  smtp-build HOST:PORT LETTER_FILE CONNECTIONS LETTERS       each letter built anew, to a receiver of its own
  load-get HOST:PORT PATH CLIENTS SECONDS
  load-pledges HOST:PORT SLUG,SLUG... CENTS CLIENTS SECONDS
  load-rush HOST:PORT SLUG CENTS PEOPLE CLIENTS     each of so many people pledges once";

#[tokio::main]
async fn main() -> Outcome {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["axum-static", files @ ..] => axum_static(files).await,
        ["sqlite-rows", file, tasks, seconds] => sqlite_rows(file, tasks.parse()?, seconds.parse()?).await,
        ["postgres-rows", url, tasks, seconds] => postgres_rows(url, tasks.parse()?, seconds.parse()?).await,
        ["ledger", url, tasks, seconds] => ledger(url, tasks.parse()?, seconds.parse()?).await,
        ["sqlite-ledger", file, tasks, seconds] => sqlite_ledger(file, tasks.parse()?, seconds.parse()?).await,
        ["postgres-ledger", url, tasks, seconds] => postgres_ledger(url, tasks.parse()?, seconds.parse()?).await,
        ["smtp-sink", sample @ ..] => smtp_sink(sample.first().map(|path| (*path).to_owned())).await,
        ["smtp-loop", address, letter, connections, letters] => {
            let bytes = std::fs::read(letter)?;
            smtp_loop(address, connections.parse()?, letters.parse()?, move |_| Ok(bytes.clone())).await
        }
        ["smtp-build", address, letter, connections, letters] => {
            let build = builder(std::fs::read(letter)?)?;
            smtp_loop(address, connections.parse()?, letters.parse()?, build).await
        }
        ["load-get", address, path, clients, seconds] => {
            let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n\r\n");
            load(address, clients.parse()?, seconds.parse()?, usize::MAX, move |_, _| request.clone()).await
        }
        ["load-pledges", address, slugs, cents, clients, seconds] => {
            let (host, cents) = ((*address).to_owned(), (*cents).to_owned());
            let slugs: Vec<String> = slugs.split(',').map(str::to_owned).collect();
            let pledge = move |client: usize, number: usize| pledge(&host, &slugs, &cents, client, number);
            load(address, clients.parse()?, seconds.parse()?, usize::MAX, pledge).await
        }
        ["load-rush", address, slug, cents, people, clients] => {
            let (host, cents, slugs) = ((*address).to_owned(), (*cents).to_owned(), [(*slug).to_owned()]);
            let clients: usize = clients.parse()?;
            let each = people.parse::<usize>()? / clients;
            let pledge = move |client: usize, number: usize| pledge(&host, &slugs, &cents, client, number);
            load(address, clients, RUSH_SECONDS, each, pledge).await
        }
        _ => {
            println!("{USAGE}");
            Ok(())
        }
    }
}

// the web

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
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    Ok(axum::serve(listener, router).await?)
}

// rows

const RESERVE: &str = "UPDATE pledge_totals SET reserved_cents = reserved_cents + $2
    WHERE project_id = $1 AND reserved_cents + processing_cents + held_cents + $2 <= cap_cents";
const USER: &str = "INSERT INTO users (id, email, name, language, created_at) VALUES ($1, $2, '', 'nl', $3)";
const PLEDGE: &str = "INSERT INTO pledges (id, reference, project_id, round_id, user_id, kind, amount_cents, rikx_hundredths, state,
    anonymous, updates, name, language, company_name, kvk_number, contract_reference, address, postcode, city, request_key,
    request_hash, created_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, 'gift', $6, 1, 'reserved', 0, 1, 'Sam', 'nl', '', '', '', '', '', '', $7, $7, $8, $8)";
const CHANGE: &str = "INSERT INTO state_changes (id, subject, subject_id, from_state, to_state, actor, reason, at)
    VALUES ($1, 'pledge', $2, '', 'reserved', $3, '', $4)";
const PAYMENT: &str =
    "INSERT INTO payments (id, pledge_id, method, amount_cents, state, generation, checkout_url, created_at,
    expires_at) VALUES ($1, $2, 'ideal', $3, 'created', 1, '', $4, $4)";
const JOB: &str =
    "INSERT INTO jobs (id, kind, subject, due_at, lease_until, lease_token, generation, attempts, last_error,
    created_at) VALUES ($1, 'payment.check', $2, $3, '', '', 1, 0, '', $3)";
const LETTER: &str =
    "INSERT INTO letters (id, kind, cause_id, user_id, language, state, bulk, due_at, lease_until, lease_token,
    attempts, last_error, secret, created_at)
    VALUES ($1, 'pledge_received', $2, $3, 'nl', 'queued', 0, $4, '', '', 0, '', '', $4)";
const PROJECTS: &str = "SELECT p.id, p.round_id FROM projects p JOIN pledge_totals t ON t.project_id = p.id
    WHERE p.state = 'listed' ORDER BY t.cap_cents - t.held_cents - t.processing_cents - t.reserved_cents DESC LIMIT 50";

/// The rows of one pledge in one transaction, by so many tasks until the time is over; the same text for both drivers.
macro_rules! write_rows {
    ($pool:expr, $begin:expr, $tasks:expr, $seconds:expr) => {{
        let pool = $pool;
        let projects: Arc<Vec<(String, String)>> = Arc::new(sqlx::query_as(PROJECTS).fetch_all(&pool).await?);
        let began = Instant::now();
        let until = began + Duration::from_secs($seconds);
        let mut tasks = JoinSet::new();
        for task in 0..$tasks {
            let (pool, projects) = (pool.clone(), projects.clone());
            tasks.spawn(async move {
                let mut written: u64 = 0;
                let now = "2026-01-31T09:30:00.000Z";
                while Instant::now() < until {
                    let turn = usize::try_from(written)? + task;
                    let (project, round) = &projects[turn % projects.len()];
                    let (user, pledge, payment) = (id("usr"), id("plg"), id("pay"));
                    let mut tx = pool.begin_with($begin).await?;
                    sqlx::query(RESERVE).bind(project).bind(1_i64).execute(&mut *tx).await?;
                    sqlx::query(USER).bind(&user).bind(format!("{user}@bench.example")).bind(now).execute(&mut *tx).await?;
                    sqlx::query(PLEDGE)
                        .bind(&pledge)
                        .bind(id("ref"))
                        .bind(project)
                        .bind(round)
                        .bind(&user)
                        .bind(1_i64)
                        .bind(id("key"))
                        .bind(now)
                        .execute(&mut *tx)
                        .await?;
                    sqlx::query(CHANGE).bind(id("chg")).bind(&pledge).bind(&user).bind(now).execute(&mut *tx).await?;
                    sqlx::query(LETTER).bind(id("ltr")).bind(&pledge).bind(&user).bind(now).execute(&mut *tx).await?;
                    sqlx::query(PAYMENT).bind(&payment).bind(&pledge).bind(1_i64).bind(now).execute(&mut *tx).await?;
                    sqlx::query(JOB).bind(id("job")).bind(&payment).bind(now).execute(&mut *tx).await?;
                    tx.commit().await?;
                    written += 1;
                }
                Outcome::Ok(written)
            });
        }
        let mut written = 0;
        while let Some(task) = tasks.join_next().await {
            written += task??;
        }
        println!("{}", serde_json::json!({ "count": written, "millis": millis(began) }));
        Ok(())
    }};
}

async fn sqlite_rows(file: &str, tasks: usize, seconds: u64) -> Outcome {
    let pool = sqlite_pool(file).await?;
    write_rows!(pool, "BEGIN IMMEDIATE", tasks, seconds)
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

async fn postgres_rows(url: &str, tasks: usize, seconds: u64) -> Outcome {
    let pool = PgPoolOptions::new().max_connections(32).connect(url).await?;
    write_rows!(pool, "BEGIN", tasks, seconds)
}

// the ledger

const ENTRIES: &str = "INSERT INTO ledger_entries (transaction_id, position, account, amount_cents, pledge_id)
    VALUES ($1, 1, 'psp_pending', CAST($2 AS BIGINT), NULL), ($1, 2, $3, -CAST($2 AS BIGINT), NULL)";
const HEAD: &str = "INSERT INTO ledger_transactions (id, kind, idem_key, occurred_at, recorded_at, actor, cause_id)
    VALUES ($1, 'paid', $2, $3, $3, 'bench', $2)";
const UNSEALED: &str = "INSERT INTO ledger_unsealed (transaction_id) VALUES ($1)";
const BALANCES: &str =
    "INSERT INTO ledger_balances (account, slot, amount_cents) VALUES ('psp_pending', $1, CAST($2 AS BIGINT)), ($3, $1, -CAST($2 AS BIGINT))
    ON CONFLICT (account, slot) DO UPDATE SET amount_cents = ledger_balances.amount_cents + excluded.amount_cents";
/// The one project that all postings are about, and the slots of its balances.
const PROJECT: &str = "prj_bench";
const SLOTS: usize = 8;

/// Runs so many tasks until the time is over, each of which does one thing after the other, and prints how many were done.
async fn repeat<F, D>(tasks: usize, seconds: u64, once: F) -> Outcome
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
            let mut done: u64 = 0;
            while Instant::now() < until {
                once(task + usize::try_from(done)?).await?;
                done += 1;
            }
            Outcome::Ok(done)
        });
    }
    let mut done = 0;
    while let Some(task) = running.join_next().await {
        done += task??;
    }
    println!("{}", serde_json::json!({ "count": done, "millis": millis(began) }));
    Ok(())
}

async fn ledger(url: &str, tasks: usize, seconds: u64) -> Outcome {
    let db = Db::open(url, None).await?;
    repeat(tasks, seconds, move |_| {
        let db = db.clone();
        async move {
            let now = Clock::default().now();
            let held = Account::PledgesHeld(PROJECT.to_owned());
            let posting = Posting::new(Kind::Paid, id("paid"), now, "bench", "bench");
            let posting = posting.moving(Cents(500), &Account::PspPending, &held, None);
            let mut tx = db.begin_together().await?;
            drempel::features::ledger::actions::post(&mut tx, now, &posting).await?;
            tx.commit().await?;
            Ok(())
        }
    })
    .await
}

/// The rows of a posting in one transaction, the same text for both drivers.
macro_rules! post_rows {
    ($pool:expr, $begin:expr, $tasks:expr, $seconds:expr) => {{
        let pool = $pool;
        repeat($tasks, $seconds, move |turn| {
            let pool = pool.clone();
            async move {
                let (transaction, held, now) =
                    (id("ltx"), format!("pledges_held:{PROJECT}"), "2026-01-31T09:30:00.000Z");
                let slot = i64::try_from(turn % SLOTS)?;
                let mut tx = pool.begin_with($begin).await?;
                sqlx::query(ENTRIES).bind(&transaction).bind(500_i64).bind(&held).execute(&mut *tx).await?;
                sqlx::query(HEAD).bind(&transaction).bind(id("key")).bind(now).execute(&mut *tx).await?;
                sqlx::query(UNSEALED).bind(&transaction).execute(&mut *tx).await?;
                sqlx::query(BALANCES).bind(slot).bind(500_i64).bind(&held).execute(&mut *tx).await?;
                tx.commit().await?;
                Ok(())
            }
        })
        .await
    }};
}

async fn sqlite_ledger(file: &str, tasks: usize, seconds: u64) -> Outcome {
    post_rows!(sqlite_pool(file).await?, "BEGIN IMMEDIATE", tasks, seconds)
}

async fn postgres_ledger(url: &str, tasks: usize, seconds: u64) -> Outcome {
    post_rows!(PgPoolOptions::new().max_connections(32).connect(url).await?, "BEGIN", tasks, seconds)
}

fn id(prefix: &str) -> String {
    format!("{prefix}_{}", Uuid::now_v7())
}

fn millis(since: Instant) -> u128 {
    since.elapsed().as_millis().max(1)
}

// mail

async fn smtp_sink(sample: Option<String>) -> Outcome {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    let count = Arc::new(AtomicU64::new(0));
    loop {
        let (socket, _) = listener.accept().await?;
        let (count, sample) = (count.clone(), sample.clone());
        tokio::spawn(async move {
            if let Err(error) = take_letters(socket, &count, sample.as_deref()).await {
                eprintln!("smtp-sink: {error}");
            }
        });
    }
}

/// One conversation; ends with `QUIT` or when the other side hangs up.
async fn take_letters(socket: TcpStream, count: &AtomicU64, sample: Option<&str>) -> Outcome {
    let mut line = Line::new(socket)?;
    line.write(b"220 sink\r\n").await?;
    loop {
        let Some(command) = line.read_until(b"\r\n").await? else { return Ok(()) };
        let verb: String = command.iter().take(4).map(|byte| char::from(*byte).to_ascii_uppercase()).collect();
        match verb.as_str() {
            "EHLO" => line.write(b"250-sink\r\n250 8BITMIME\r\n").await?,
            "DATA" => {
                line.write(b"354 go on\r\n").await?;
                let Some(letter) = line.read_until(b"\r\n.\r\n").await? else { return Ok(()) };
                if count.fetch_add(1, Ordering::Relaxed) == 0
                    && let Some(path) = sample
                {
                    std::fs::write(path, letter)?;
                }
                line.write(b"250 taken\r\n").await?;
            }
            "COUN" => line.write(format!("250 {}\r\n", count.load(Ordering::Relaxed)).as_bytes()).await?,
            "QUIT" => return line.write(b"221 bye\r\n").await,
            _ => line.write(b"250 ok\r\n").await?,
        }
    }
}

/// Builds a letter like this one with the library, to the receiver of this number.
fn builder(like: Vec<u8>) -> Outcome<impl Fn(usize) -> Outcome<Vec<u8>> + Send + Sync + 'static> {
    let like = mail_parser::MessageParser::default().parse(&like).ok_or("no letter")?;
    let (subject, unsubscribe) = (like.subject().unwrap_or_default().to_owned(), "<https://bench.example/x>");
    let text = like.body_text(0).ok_or("no text")?.into_owned();
    let html = like.body_html(0).ok_or("no html")?.into_owned();
    Ok(move |number: usize| {
        let message = Message::builder()
            .from("Bench <bench@localhost.example>".parse()?)
            .to(Mailbox::new(None, format!("sam{number}@bench.example").parse()?))
            .subject(subject.clone())
            .message_id(Some(format!("<{number}@bench.example>")))
            .raw_header(header::HeaderValue::new(
                header::HeaderName::new_from_ascii_str("List-Unsubscribe"),
                unsubscribe.to_owned(),
            ))
            .multipart(MultiPart::alternative_plain_html(text.clone(), html.clone()))?;
        Ok(message.formatted())
    })
}

async fn smtp_loop(
    address: &str,
    connections: usize,
    letters: usize,
    letter: impl Fn(usize) -> Outcome<Vec<u8>> + Send + Sync + 'static,
) -> Outcome {
    let letter = Arc::new(letter);
    let mut tasks = JoinSet::new();
    let began = Instant::now();
    for task in 0..connections {
        let (address, letter) = (address.to_owned(), letter.clone());
        tasks.spawn(async move {
            let socket = TcpStream::connect(&address).await?;
            socket.set_nodelay(true)?;
            let hello = ClientId::Domain("localhost".to_owned());
            let mut connection = AsyncSmtpConnection::connect_with_transport(Box::new(socket), &hello).await?;
            for number in 0..letters / connections {
                let bytes = letter(number * connections + task)?;
                connection.command(Mail::new(Some("bench@localhost.example".parse()?), Vec::new())).await?;
                connection.command(Rcpt::new("sam@bench.example".parse()?, Vec::new())).await?;
                connection.command(Data).await?;
                connection.message(&bytes).await?;
            }
            connection.quit().await?;
            Outcome::Ok(())
        });
    }
    while let Some(task) = tasks.join_next().await {
        task??;
    }
    let sent = letters / connections * connections;
    println!("{}", serde_json::json!({ "count": sent, "millis": millis(began) }));
    Ok(())
}

// load

/// One pledge as a program sends it: its own key, its own backer.
fn pledge(host: &str, slugs: &[String], cents: &str, client: usize, number: usize) -> String {
    let slug = &slugs[(client + number) % slugs.len()];
    let key = Uuid::now_v7();
    let body = format!(r#"{{"amount_cents":{cents},"email":"{key}@bench.example","name":"Sam"}}"#);
    format!(
        "POST /api/v1/projects/{slug}/pledges HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\n\
         idempotency-key: {key}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// How long a rush may take.
const RUSH_SECONDS: u64 = 300;

/// Clients on kept connections, one request at a time each, until the time is over or each has sent so many.
async fn load<F>(address: &str, clients: usize, seconds: u64, most: usize, request: F) -> Outcome
where
    F: Fn(usize, usize) -> String + Send + Sync + 'static,
{
    let request = Arc::new(request);
    let mut tasks = JoinSet::new();
    let began = Instant::now();
    let until = began + Duration::from_secs(seconds);
    for client in 0..clients {
        let (address, request) = (address.to_owned(), request.clone());
        tasks.spawn(async move {
            let mut line = Line::new(TcpStream::connect(&address).await?)?;
            let mut seen: Vec<(u16, u128)> = Vec::new();
            while seen.len() < most && Instant::now() < until {
                let asked = Instant::now();
                line.write(request(client, seen.len()).as_bytes()).await?;
                seen.push((line.answer().await?, asked.elapsed().as_micros()));
            }
            Outcome::Ok(seen)
        });
    }
    let mut seen = Vec::new();
    while let Some(task) = tasks.join_next().await {
        seen.extend(task??);
    }
    let millis = millis(began);
    let mut statuses: BTreeMap<String, u64> = BTreeMap::new();
    for (status, _) in &seen {
        *statuses.entry(status.to_string()).or_default() += 1;
    }
    let mut micros: Vec<u128> = seen.iter().map(|(_, micros)| *micros).collect();
    micros.sort_unstable();
    let part = |hundredths: usize| micros.get(micros.len() * hundredths / 100).copied().unwrap_or_default();
    let (p50, p99) = (part(50), part(99));
    println!(
        "{}",
        serde_json::json!({
            "count": seen.len(), "millis": millis, "statuses": statuses, "p50_micros": p50, "p99_micros": p99,
        })
    );
    Ok(())
}

/// A connection and what was read of it too far.
struct Line {
    socket: TcpStream,
    held: Vec<u8>,
}

impl Line {
    fn new(socket: TcpStream) -> Outcome<Line> {
        socket.set_nodelay(true)?;
        Ok(Line { socket, held: Vec::new() })
    }

    async fn write(&mut self, mut bytes: &[u8]) -> Outcome {
        while !bytes.is_empty() {
            match self.socket.try_write(bytes) {
                Ok(written) => bytes = &bytes[written..],
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => self.socket.writable().await?,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Reads what is there; `false` at the end.
    async fn more(&mut self) -> Outcome<bool> {
        let mut room = [0_u8; 16_384];
        loop {
            match self.socket.try_read(&mut room) {
                Ok(read) => {
                    self.held.extend_from_slice(&room[..read]);
                    return Ok(read > 0);
                }
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => self.socket.readable().await?,
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// What comes before `end`, which is taken as well; `None` when the other side hung up.
    async fn read_until(&mut self, end: &[u8]) -> Outcome<Option<Vec<u8>>> {
        let mut from = 0;
        loop {
            if let Some(at) = self.held[from..].windows(end.len()).position(|window| window == end) {
                let rest = self.held.split_off(from + at + end.len());
                let mut taken = std::mem::replace(&mut self.held, rest);
                taken.truncate(from + at);
                return Ok(Some(taken));
            }
            from = (self.held.len() + 1).saturating_sub(end.len());
            if !self.more().await? {
                return Ok(None);
            }
        }
    }

    /// Reads one whole answer and gives its status.
    async fn answer(&mut self) -> Outcome<u16> {
        let head = self.read_until(b"\r\n\r\n").await?.ok_or("the server hung up")?;
        let head = String::from_utf8(head)?.to_ascii_lowercase();
        let status = head.get(9..12).ok_or("no status")?.parse()?;
        let length = head.split("\r\n").find_map(|header| header.strip_prefix("content-length: "));
        let length: usize = length.ok_or("an answer without a length")?.trim().parse()?;
        while self.held.len() < length {
            if !self.more().await? {
                return Err("half an answer".into());
            }
        }
        self.held.drain(..length);
        Ok(status)
    }
}

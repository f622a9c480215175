//! Streams of events: bare ones to measure against, and a crowd that holds streams open and tells when each has heard the news.

use std::convert::Infallible;
use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::{get, post};
use futures::stream;
use serde_json::json;
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, mpsc, watch};

use crate::load::Line;
use crate::{Outcome, serve};

/// Connections that are being made at once.
const OPENING: usize = 256;
/// How long all streams together have to open, and later to hear the news.
const PATIENCE: Duration = Duration::from_secs(120);
/// What is kept of a stream: longer than one event.
const KEPT: usize = 16 * 1024;

type News = watch::Sender<Arc<str>>;

/// Tells the text of the file at once, and everybody what is posted.
pub async fn axum_streams(file: &str) -> Outcome {
    let (news, _) = watch::channel(Arc::from(std::fs::read_to_string(file)?));
    let router = Router::new().route("/events", get(listen)).route("/news", post(tell)).with_state(Arc::new(news));
    serve(router).await
}

async fn listen(State(news): State<Arc<News>>) -> impl IntoResponse {
    let mut news = news.subscribe();
    news.mark_changed();
    let events = stream::unfold(news, |mut news| async move {
        news.changed().await.ok()?;
        let text = news.borrow_and_update().clone();
        Some((Ok::<_, Infallible>(Event::default().data(&*text)), news))
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(20)))
}

async fn tell(State(news): State<Arc<News>>, text: String) {
    news.send_replace(Arc::from(text));
}

/// What a stream has to say.
enum Said {
    Opened,
    /// It heard the text of this number.
    Heard(usize, Instant),
    Ended(String),
}

/// Opens the streams and prints how many are open. Then each line of the input is a text that all wait for: `waiting` is printed, and
/// when all have heard it, or the time is over, how long that took from there. Ends with the input.
pub async fn hold(address: &str, path: &str, count: usize) -> Outcome {
    let (wanted, _) = watch::channel::<(usize, Arc<str>)>((0, Arc::from("")));
    let (say, mut said) = mpsc::unbounded_channel();
    let opening = Arc::new(Semaphore::new(OPENING));
    let request: Arc<str> =
        Arc::from(format!("GET {path} HTTP/1.1\r\nhost: {address}\r\naccept: text/event-stream\r\n\r\n"));
    for _ in 0..count {
        let one = Stream {
            address: address.to_owned(),
            request: request.clone(),
            wanted: wanted.subscribe(),
            say: say.clone(),
        };
        let opening = opening.clone();
        tokio::spawn(async move {
            let say = one.say.clone();
            let why = one.listen(&opening).await.err().map_or_else(|| "it ended".to_owned(), |error| error.to_string());
            let _ = say.send(Said::Ended(why));
        });
    }
    let (mut open, mut ended, mut why) = (0, 0, String::new());
    let until = tokio::time::Instant::now() + PATIENCE;
    while open + ended < count {
        match tokio::time::timeout_at(until, said.recv()).await {
            Ok(Some(Said::Opened)) => open += 1,
            Ok(Some(Said::Ended(because))) => (ended, why) = (ended + 1, because),
            Ok(_) => {}
            Err(_) => break,
        }
    }
    print(&json!({ "open": open, "ended": ended, "why": why }).to_string())?;
    let mut lines = input();
    let mut number = 0;
    ended = 0; // from here on those that were open
    while let Some(text) = lines.recv().await {
        number += 1;
        wanted.send_replace((number, Arc::from(text)));
        let began = Instant::now();
        print("waiting")?;
        let until = tokio::time::Instant::now() + PATIENCE;
        let mut micros = Vec::with_capacity(open);
        while micros.len() + ended < open {
            match tokio::time::timeout_at(until, said.recv()).await {
                Ok(Some(Said::Heard(which, at))) if which == number => micros.push((at - began).as_micros()),
                Ok(Some(Said::Ended(because))) => (ended, why) = (ended + 1, because),
                Ok(_) => {}
                Err(_) => break,
            }
        }
        micros.sort_unstable();
        let part =
            |hundredths: usize| micros.get((micros.len() * hundredths / 100).min(micros.len().saturating_sub(1)));
        print(
            &json!({
                "heard": micros.len(), "ended": ended, "why": why, "first_micros": micros.first(), "p50_micros": part(50),
                "p99_micros": part(99), "last_micros": micros.last(),
            })
            .to_string(),
        )?;
    }
    Ok(())
}

fn print(line: &str) -> Outcome {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

/// The lines of the input as they come.
fn input() -> mpsc::UnboundedReceiver<String> {
    let (send, lines) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            if send.send(line).is_err() {
                return;
            }
        }
    });
    lines
}

struct Stream {
    address: String,
    request: Arc<str>,
    wanted: watch::Receiver<(usize, Arc<str>)>,
    say: mpsc::UnboundedSender<Said>,
}

impl Stream {
    /// Until the other side hangs up.
    async fn listen(self, opening: &Semaphore) -> Outcome {
        let turn = opening.acquire().await?;
        let mut line = Line::new(TcpStream::connect(&self.address).await?)?;
        line.write(self.request.as_bytes()).await?;
        let head = line.read_until(b"\r\n\r\n").await?.ok_or("the server hung up")?;
        if !head.starts_with(b"HTTP/1.1 200") {
            return Err(String::from_utf8_lossy(&head).lines().next().unwrap_or_default().into());
        }
        line.read_until(b"data:").await?.ok_or("the server hung up")?;
        drop(turn);
        self.say.send(Said::Opened)?;
        let mut heard = 0;
        while line.more().await? {
            let at = Instant::now();
            let (number, text) = self.wanted.borrow().clone();
            if number > heard && String::from_utf8_lossy(&line.held).contains(&*text) {
                heard = number;
                self.say.send(Said::Heard(number, at))?;
            }
            if heard == number {
                line.held.clear();
            } else if line.held.len() > KEPT {
                let from = line.held.len() - KEPT;
                line.held.drain(..from);
            }
        }
        Ok(())
    }
}

//! Clients on kept connections, and what they ask for.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::net::TcpStream;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::{Outcome, told};

/// How long a rush may take.
pub const RUSH_SECONDS: u64 = 300;

pub async fn get(address: &str, path: &str, clients: usize, seconds: u64) -> Outcome {
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n\r\n");
    load(address, clients, seconds, usize::MAX, move |_, _| request.clone()).await
}

/// Pledges on these projects by turns; `most` is how many each client makes.
pub async fn pledges(address: &str, slugs: &str, cents: &str, clients: usize, seconds: u64, most: usize) -> Outcome {
    let (host, cents) = (address.to_owned(), cents.to_owned());
    let slugs: Vec<String> = slugs.split(',').map(str::to_owned).collect();
    let pledge = move |client: usize, number: usize| pledge(&host, &slugs, &cents, client, number);
    load(address, clients, seconds, most, pledge).await
}

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
    let mut statuses: BTreeMap<String, u64> = BTreeMap::new();
    for (status, _) in &seen {
        *statuses.entry(status.to_string()).or_default() += 1;
    }
    let mut told = told(seen.len(), began, seen.iter().map(|(_, micros)| *micros).collect());
    told["statuses"] = serde_json::json!(statuses);
    println!("{told}");
    Ok(())
}

/// A connection and what was read of it too far.
pub struct Line {
    socket: TcpStream,
    pub held: Vec<u8>,
}

impl Line {
    pub fn new(socket: TcpStream) -> Outcome<Line> {
        socket.set_nodelay(true)?;
        Ok(Line { socket, held: Vec::new() })
    }

    pub async fn write(&mut self, mut bytes: &[u8]) -> Outcome {
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
    pub async fn more(&mut self) -> Outcome<bool> {
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
    pub async fn read_until(&mut self, end: &[u8]) -> Outcome<Option<Vec<u8>>> {
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

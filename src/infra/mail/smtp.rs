//! The line to the mail server: a few connections that are kept, used by one letter at a time.
//!
//! The library's own pool leaves Nagle's algorithm on, which costs 43 ms per letter against a receiver that delays its
//! acknowledgements (measured: 23 letters a second instead of 3,000 on one connection). So the socket is opened here, with
//! TCP_NODELAY, and handed to the library. The conversation is spoken here as well: the library hangs up after every refused
//! address, we reset and go on; and it waits for each answer, where most servers take sender, receiver and DATA in one go
//! (PIPELINING, RFC 2920), which saves two of four journeys per letter.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use lettre::transport::smtp::authentication::Mechanism;
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream, TlsParameters};
use lettre::transport::smtp::commands::{Data, Ehlo, Mail, Noop, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_rustls::client::TlsStream;

use crate::infra::mail::Fault;
use crate::infra::mail::address::{Address, Tls};
use crate::infra::mail::answers::{Stage, fault};
use crate::infra::mail::domains::Domains;
use crate::infra::mail::message::Sealed;

/// Connections to the server, all together.
pub(super) const CONNECTIONS: usize = 8;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// RFC 5321 allows minutes; a relay that needs longer than this for one letter is treated as lost.
const LETTER_TIMEOUT: Duration = Duration::from_secs(45);
/// A connection that was idle for this long is asked whether it is still there.
const IDLE: Duration = Duration::from_secs(5);

type SmtpError = lettre::transport::smtp::Error;

/// A connection that is ready for a letter.
struct Line {
    connection: AsyncSmtpConnection,
    /// Whether the server takes several commands in one go.
    pipelines: bool,
}

/// The connections to one server.
pub struct Pool {
    address: Address,
    hello: ClientId,
    idle: Mutex<Vec<(Line, Instant)>>,
    slots: Semaphore,
    pub(super) domains: Arc<Domains>,
}

impl Pool {
    /// `per_domain`: letters on their way to one receiving domain at the same time, at most.
    pub(super) fn new(address: Address, host: &str, per_domain: usize) -> Pool {
        let hello = ClientId::Domain(host.to_owned());
        let (idle, slots, domains) = (Mutex::default(), Semaphore::new(CONNECTIONS), Domains::new(per_domain));
        Pool { address, hello, idle, slots, domains }
    }

    /// Hands one letter to the server; after `Ok` it is the server's.
    pub(super) async fn send(&self, letter: &Sealed) -> Result<(), Fault> {
        let _slot = self.slots.acquire().await.map_err(|e| Fault::Down(e.to_string()))?;
        let mut line = self.line().await?;
        let outcome = match timeout(LETTER_TIMEOUT, converse(&mut line, letter)).await {
            Ok(outcome) => outcome,
            Err(_) => return Err(Fault::Later("no answer in time".to_owned())),
        };
        let Err((stage, error)) = outcome else {
            self.keep(line);
            return Ok(());
        };
        if !hangs_up(&error) && matches!(timeout(CONNECT_TIMEOUT, line.connection.command(Rset)).await, Ok(Ok(_))) {
            self.keep(line);
        }
        Err(fault(stage, &error))
    }

    /// Whether the server lets us in.
    pub(super) async fn check(&self) -> Result<(), Fault> {
        let line = self.line().await?;
        self.keep(line);
        Ok(())
    }

    fn keep(&self, line: Line) {
        if let Ok(mut idle) = self.idle.lock() {
            idle.push((line, Instant::now()));
        }
    }

    /// A kept connection that still answers, or a new one.
    async fn line(&self) -> Result<Line, Fault> {
        loop {
            let kept = self.idle.lock().ok().and_then(|mut idle| idle.pop());
            let Some((mut line, since)) = kept else { break };
            if since.elapsed() < IDLE || matches!(timeout(IDLE, line.connection.command(Noop)).await, Ok(Ok(_))) {
                return Ok(line);
            }
        }
        match timeout(CONNECT_TIMEOUT, self.connect()).await {
            Ok(Ok(line)) => Ok(line),
            Ok(Err(error)) => Err(Fault::Down(error)),
            Err(_) => Err(Fault::Down(format!("{}: no answer in time", self.address.host))),
        }
    }

    async fn connect(&self) -> Result<Line, String> {
        let Address { host, port, tls, credentials } = &self.address;
        let socket = TcpStream::connect((host.as_str(), *port)).await.map_err(|e| format!("{host}:{port}: {e}"))?;
        socket.set_nodelay(true).map_err(|e| e.to_string())?;
        let stream: Box<dyn AsyncTokioStream> = match tls {
            Tls::FromTheFirstByte => Box::new(encrypted(socket, host).await?),
            _ => Box::new(socket),
        };
        let mut connection =
            AsyncSmtpConnection::connect_with_transport(stream, &self.hello).await.map_err(|e| e.to_string())?;
        if *tls == Tls::Required || (*tls == Tls::Opportunistic && connection.can_starttls()) {
            let parameters = TlsParameters::new_rustls(host.clone()).map_err(|e| e.to_string())?;
            connection.starttls(parameters, &self.hello).await.map_err(|e| e.to_string())?;
        }
        // the library does not keep this part of the greeting; asking again changes nothing
        let greeting = connection.command(Ehlo::new(self.hello.clone())).await.map_err(|e| e.to_string())?;
        let pipelines = greeting.message().any(|line| line.trim().eq_ignore_ascii_case("PIPELINING"));
        if let Some(credentials) = credentials {
            connection.auth(&[Mechanism::Plain, Mechanism::Login], credentials).await.map_err(|e| e.to_string())?;
        }
        Ok(Line { connection, pipelines })
    }
}

/// Whether nothing more can be said on this connection.
fn hangs_up(error: &SmtpError) -> bool {
    error.status().is_none_or(|code| code.to_string() == "421")
}

/// Several commands in one go.
struct Together(Mail, Rcpt, Data);

impl fmt::Display for Together {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", self.0, self.1, self.2)
    }
}

async fn converse(line: &mut Line, letter: &Sealed) -> Result<(), (Stage, SmtpError)> {
    let connection = &mut line.connection;
    let eight_bit = connection.server_info().supports_feature(Extension::EightBitMime);
    let options = if eight_bit { vec![MailParameter::Body(MailBodyParameter::EightBitMime)] } else { Vec::new() };
    let from = Mail::new(letter.envelope.from().cloned(), options);
    match letter.envelope.to() {
        [to] if line.pipelines => together(connection, Together(from, Rcpt::new(to.clone(), Vec::new()), Data)).await?,
        all => {
            connection.command(from).await.map_err(|e| (Stage::Sender, e))?;
            for to in all {
                connection.command(Rcpt::new(to.clone(), Vec::new())).await.map_err(|e| (Stage::Receiver, e))?;
            }
            connection.command(Data).await.map_err(|e| (Stage::Content, e))?;
        }
    }
    connection.message(&letter.bytes).await.map_err(|e| (Stage::Content, e))?;
    Ok(())
}

/// Says all of it, then hears the three answers. The first refusal counts. A server that asks for content all the same gets none: an empty
/// letter to nobody, which it refuses (RFC 2920, 3.1).
async fn together(connection: &mut AsyncSmtpConnection, commands: Together) -> Result<(), (Stage, SmtpError)> {
    let mut heard = connection.command(commands).await.map(|_| ()).map_err(|e| (Stage::Sender, e));
    for stage in [Stage::Receiver, Stage::Content] {
        if heard.as_ref().is_err_and(|(_, error)| hangs_up(error)) {
            return heard;
        }
        let next = connection.read_response().await.map(|_| ()).map_err(|e| (stage, e));
        if stage == Stage::Content && heard.is_err() && next.is_ok() {
            let _ = connection.message(b"").await;
        }
        heard = heard.and(next);
    }
    heard
}

/// TLS from the first byte over a socket whose delay is already off.
async fn encrypted(socket: TcpStream, host: &str) -> Result<Encrypted, String> {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| e.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(host.to_owned()).map_err(|e| e.to_string())?;
    let stream = tokio_rustls::TlsConnector::from(Arc::new(config)).connect(name, socket).await;
    stream.map(Encrypted).map_err(|e| format!("{host}: {e}"))
}

/// A TLS stream in the shape that the library takes.
struct Encrypted(TlsStream<TcpStream>);

impl fmt::Debug for Encrypted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Encrypted")
    }
}

impl AsyncTokioStream for Encrypted {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.0.get_ref().0.peer_addr()
    }
}

impl AsyncRead for Encrypted {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Encrypted {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

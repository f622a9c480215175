//! The door for browsers: HTTP/1.1 with a limit on everything. Who sends the head of a request slowly, too much of it, or nothing at all
//! is let go; a proxy before us speaks TLS and HTTP/2.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// The head of a request must be there so soon; a connection without a request is let go after the same time.
pub const HEAD_WITHIN: Duration = Duration::from_secs(10);
/// The largest head of a request, and so many lines of it.
const LARGEST_HEAD: usize = 16 * 1024;
const MOST_HEADERS: usize = 100;
/// So many connections at once, streams of events among them; more wait at the door.
const MOST_CONNECTIONS: usize = 12_000;
/// After the system has no room for another connection.
const PAUSE: Duration = Duration::from_secs(1);
/// So long who comes at the moment of a stop is let in, and after that has time to say what for.
const LAST: Duration = Duration::from_millis(100);

/// Serves until `stop`, and then what is under way to its end. Who stands at the door in that moment is let in and answered.
pub async fn serve(listener: TcpListener, app: Router, head_within: Duration, stop: CancellationToken) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(head_within).max_buf_size(LARGEST_HEAD).max_headers(MOST_HEADERS);
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let connections = GracefulShutdown::new();
    let closing = async {
        stop.cancelled().await;
        tokio::time::sleep(LAST).await;
    };
    tokio::pin!(closing);
    let take = |(stream, peer, place): Accepted| {
        let app = app.clone();
        let answer = service_fn(move |request: Request<Incoming>| {
            let app = app.clone();
            async move {
                let mut request = request.map(Body::new);
                request.extensions_mut().insert(ConnectInfo(peer));
                app.oneshot(request).await.map_err(|never: Infallible| never)
            }
        });
        let served = connections.watch(http.serve_connection(TokioIo::new(stream), answer));
        tokio::spawn(async move {
            if let Err(error) = served.await {
                tracing::debug!(%error, "a connection ended early");
            }
            drop(place);
        });
    };
    loop {
        tokio::select! {
            accepted = accept(&listener, &places) => accepted.map(&take),
            () = &mut closing => break,
        };
    }
    at_the_door(listener, &places).for_each(take);
    // a connection on which nothing has been said yet would be ended although its request is on the way
    tokio::time::sleep(LAST).await;
    connections.shutdown().await;
}

type Accepted = (TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit);

/// Shuts the door, and takes those who stand there: closing it would break off what they say.
fn at_the_door(listener: TcpListener, places: &Arc<Semaphore>) -> impl Iterator<Item = Accepted> {
    let door = listener.into_std();
    if let Err(error) = &door {
        tracing::warn!(%error, "who stood at the door was not let in");
    }
    // one after the other, without waiting: the socket is a non-blocking one
    let next = move || {
        let place = places.clone().try_acquire_owned().ok()?;
        let (stream, peer) = door.as_ref().ok()?.accept().ok()?;
        stream.set_nonblocking(true).ok()?;
        let _ = stream.set_nodelay(true);
        Some((TcpStream::from_std(stream).ok()?, peer, place))
    };
    std::iter::from_fn(next).take(MOST_CONNECTIONS)
}

/// The next connection, when there is room for it.
async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> Option<Accepted> {
    let place = places.clone().acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => {
            // an answer does not wait for more to send; failing to say so costs only time
            let _ = stream.set_nodelay(true);
            Some((stream, peer, place))
        }
        Err(error) => {
            tracing::warn!(%error, "a connection could not be taken");
            tokio::time::sleep(PAUSE).await;
            None
        }
    }
}

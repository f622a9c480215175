//! One process of the program over the database of a simulation: web, worker and letters without a socket, until it is stopped.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use drempel::app::router;
use drempel::infra::clock::Clock;
use drempel::infra::db::Db;
use drempel::infra::db::turns::Turns;
use drempel::infra::mail::{Fault, Mailer};
use drempel::infra::random::{Keys, Sequence};
use drempel::infra::sandbox::Sandbox;
use drempel::infra::settings::{Settings, Source};
use drempel::infra::stripe::{Limiter, Stripe};
use drempel::infra::web::cache::PageCache;
use drempel::infra::{Parts, Services};
use serde_json::{Value, json};
use tower::ServiceExt;

/// How long the client waits for an answer: the time-out of the program's own client.
const PATIENCE: Duration = Duration::from_secs(10);

/// What stands outside the program and outlives its processes.
#[derive(Clone)]
pub struct Outside {
    pub bank: Sandbox,
    pub clock: Clock,
    pub weather: Arc<Mutex<Weather>>,
}

/// How the bank's interface and the mail server behave.
pub struct Weather {
    pub chance: Sequence,
    /// Of a thousand calls, so many meet a fault.
    pub faults_per_mille: usize,
    /// How often each fault was met.
    pub met: BTreeMap<&'static str, u64>,
    /// How often each letter was taken.
    pub letters: BTreeMap<String, u64>,
    /// Requests whose client gave up, and which the bank will carry out all the same.
    pub stalled: Vec<Stalled>,
}

/// A request that is still under way at the bank.
pub struct Stalled {
    head: axum::http::request::Parts,
    body: Bytes,
}

impl Weather {
    pub fn new(seed: u64, faults_per_mille: usize) -> Weather {
        Weather {
            chance: Sequence::new(seed),
            faults_per_mille,
            met: BTreeMap::new(),
            letters: BTreeMap::new(),
            stalled: Vec::new(),
        }
    }

    fn fault(&mut self) -> Option<&'static str> {
        const KINDS: [&str; 7] =
            ["429", "409", "500", "500 remembered", "500 after effect", "answer lost", "stalled for 30 s"];
        if self.chance.below(1_000) >= self.faults_per_mille {
            return None;
        }
        let kind = KINDS[self.chance.below(KINDS.len())];
        *self.met.entry(kind).or_default() += 1;
        Some(kind)
    }
}

/// A running process.
#[derive(Clone)]
pub struct Process {
    pub s: Services,
    pub turns: Arc<Turns>,
    router: Router,
}

impl Process {
    /// Starts over the database of an installation.
    pub async fn start(database: &Path, outside: &Outside, seed: u64) -> Process {
        let url = format!("sqlite://{}", database.display());
        let settings = settings(&url);
        let turns = Turns::new(seed);
        let db = Db::open(&url, None).await.expect("a database").taking_turns(turns.clone());
        let clock = outside.clock.clone();
        let limiter = Limiter::new(db.clone(), clock.clone(), settings.stripe.rate_per_second);
        let routes = outside.bank.router().layer(from_fn_with_state((outside.clone(), turns.clone()), call_the_bank));
        let s = Services::from(Parts {
            stripe: Stripe::in_process(&settings, routes, limiter).expect("no production"),
            db,
            clock,
            keys: Keys::new(&settings.secret_key),
            files: drempel::infra::files::Place::of(&settings.files).expect("a folder"),
            mailer: mailer(&settings, outside, &turns),
            settings: Arc::new(settings),
            bank: None,
            pages: PageCache::default(),
            live: Default::default(),
            waiting_room: drempel::infra::waiting_room::WaitingRoom::new(100_000),
            recent: Default::default(),
            batching: Default::default(),
            decoder: drempel::infra::pictures::Decoder::of_this_program().expect("a program"),
        });
        let router = router::build(s.clone());
        Process { s, turns, router }
    }

    /// Sends a request to the web part.
    pub async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: String) -> (u16, Value) {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(Body::from(body)).expect("a request");
        request.extensions_mut().insert(ConnectInfo(std::net::SocketAddr::from(([127, 0, 0, 1], 1))));
        let answer = match self.router.clone().oneshot(request).await {
            Ok(answer) => answer,
            Err(never) => match never {},
        };
        let status = answer.status().as_u16();
        let bytes = to_bytes(answer.into_body(), 1 << 20).await.unwrap_or_default();
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    pub async fn stop(self) {
        self.s.db.close().await;
    }
}

/// The settings of an installation under simulation.
pub fn settings(database_url: &str) -> Settings {
    Settings::read(&Source::of(&[
        ("DATABASE_URL", database_url),
        ("PUBLIC_URL", "http://localhost:3000"),
        ("SECRET_KEY", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="),
        ("STRIPE_RATE_PER_SECOND", "100000"),
        ("FILES_URL", "file:///dev/shm/drempel-sim-files"),
        ("LIMITS", "off"),
    ]))
    .expect("settings")
}

/// Between the program and the bank: what a network and a provider do to a call. Each call is two steps at which the process may
/// be stopped: before anything left, and after the bank did its work but before the answer was read.
async fn call_the_bank(
    State((outside, turns)): State<(Outside, Arc<Turns>)>,
    request: Request,
    next: Next,
) -> Response {
    if turns.step().is_err() {
        return broken_off();
    }
    let fault = outside.weather.lock().unwrap_or_else(PoisonError::into_inner).fault();
    let order = |kind: &str, stored: bool| {
        let order = json!({ "endpoint": "*", "kind": kind, "stored": stored });
        outside.bank.misbehave(order).expect("a fault the bank knows");
    };
    match fault {
        Some("429") => order("429", false),
        Some("409") => order("409", false),
        Some("500") => order("500", false),
        Some("500 remembered") => order("500", true),
        Some("500 after effect") => order("500_after_effect", true),
        Some("stalled for 30 s") => {
            let (head, body) = request.into_parts();
            let body = to_bytes(body, 1 << 20).await.unwrap_or_default();
            outside.weather.lock().unwrap_or_else(PoisonError::into_inner).stalled.push(Stalled { head, body });
            outside.clock.pass(PATIENCE);
            return broken_off();
        }
        _ => {}
    }
    let answer = next.run(request).await;
    if fault == Some("answer lost") {
        outside.clock.pass(PATIENCE);
        return broken_off();
    }
    if turns.step().is_err() { broken_off() } else { answer }
}

/// A connection that is gone.
fn broken_off() -> Response {
    let lost = futures::stream::once(async { Err::<Bytes, _>(std::io::Error::other("the connection is gone")) });
    (StatusCode::OK, Body::from_stream(lost)).into_response()
}

/// The bank carries out what it was busy with when its clients gave up.
pub async fn finish_stalled(outside: &Outside) -> usize {
    let stalled = std::mem::take(&mut outside.weather.lock().unwrap_or_else(PoisonError::into_inner).stalled);
    let count = stalled.len();
    for Stalled { head, body } in stalled {
        let request = Request::from_parts(head, Body::from(body));
        let _ = outside.bank.router().oneshot(request).await;
    }
    count
}

/// Letters are taken and counted; now and then the server is busy. A process that was stopped sends nothing.
fn mailer(settings: &Settings, outside: &Outside, turns: &Arc<Turns>) -> Mailer {
    let (weather, turns) = (outside.weather.clone(), turns.clone());
    let take = move |id: &str, _: &[u8]| {
        if turns.is_stopped() {
            return Err(Fault::Down("stopped".to_owned()));
        }
        let mut weather = weather.lock().unwrap_or_else(PoisonError::into_inner);
        if weather.faults_per_mille > 0 && weather.chance.below(50) == 0 {
            *weather.met.entry("mail refused for now").or_default() += 1;
            return Err(Fault::Later("450 busy".to_owned()));
        }
        *weather.letters.entry(id.to_owned()).or_default() += 1;
        Ok(())
    };
    Mailer::handing_to(Arc::new(take), settings).expect("no production")
}

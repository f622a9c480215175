//! The program under test: the real router, worker and actions over a database of its own, the sandbox bank without sockets, a clock
//! that stands still until a command moves it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request};
use drempel::app::{router, worker};
use drempel::infra::clock::Clock;
use drempel::infra::db::Db;
use drempel::infra::mail::Mailer;
use drempel::infra::random::{self, Keys};
use drempel::infra::sandbox::{self, Sandbox};
use drempel::infra::settings::{Settings, Source};
use drempel::infra::stripe::{Limiter, Stripe};
use drempel::infra::web::cache::PageCache;
use drempel::infra::{Parts, Services};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::ground::{Ground, Plot, begins};
use super::things::Reply;

/// A pledge that was made.
pub struct Made {
    pub path: String,
    pub key: String,
    pub body: Value,
    pub reference: String,
    pub secret: String,
    /// At the bank; the last part of the address where it is paid.
    pub session: String,
    pub id: String,
    /// The bank's, once there is one.
    pub dispute: String,
}

pub struct Program {
    runtime: std::rc::Rc<tokio::runtime::Runtime>,
    pub s: Services,
    pub bank: Sandbox,
    router: Router,
    plot: Plot,
    pub made: Vec<Made>,
    pub tranches: Vec<String>,
    /// Lines of the statement that nobody can place.
    pub strays: Vec<String>,
    /// How many of the bank's events were delivered or lost.
    pub heard: usize,
    /// Counts keys, statements and their lines.
    pub number: u64,
    /// How often each letter left.
    pub letters: Arc<Mutex<BTreeMap<String, u64>>>,
    pub reply: Reply,
}

fn settings(database_url: &str) -> Settings {
    Settings::read(&Source::of(&[
        ("DATABASE_URL", database_url),
        ("PUBLIC_URL", "http://localhost:3000"),
        ("SECRET_KEY", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="),
        ("STRIPE_RATE_PER_SECOND", "100000"),
        ("FILES_URL", "file:///dev/shm/drempel-model-files"),
        ("LIMITS", "off"),
    ]))
    .expect("settings")
}

fn bank_with(clock: &Clock) -> Sandbox {
    let theirs = clock.of_another_machine();
    let bank = Sandbox::open(sandbox::Config {
        public_base: "http://localhost:3000/dev/bank".to_owned(),
        secret_key: "sk_test_sandbox".to_owned(),
        webhook_url: None,
        webhook_secret: "whsec_sandbox".to_owned(),
        journal: None,
        now: Arc::new(move || theirs.now().seconds()),
        requests_per_second: None,
    })
    .expect("a bank");
    // the bank decides when a command says so, and hides no second refund of ours
    let order = json!({ "refunds": "pending", "refunds_unlimited": true, "processing_seconds": 400 * 86_400 });
    bank.misbehave(order).expect("an order");
    bank
}

impl Program {
    pub fn start(ground: &Ground) -> Program {
        // the same commands must fail the same way every time
        random::repeatable(1);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let letters: Arc<Mutex<BTreeMap<String, u64>>> = Arc::default();
        let (s, bank, plot) = runtime.block_on(async {
            let plot = ground.plot().await;
            let settings = settings(&plot.url);
            let db = Db::open(&settings.database_url, None).await.expect("a database");
            let clock = Clock::made_up(begins());
            let bank = bank_with(&clock);
            let limiter = Limiter::new(db.clone(), clock.clone(), settings.stripe.rate_per_second);
            let taken = letters.clone();
            let take = move |id: &str, _: &[u8]| {
                *taken.lock().expect("letters").entry(id.to_owned()).or_default() += 1;
                Ok(())
            };
            let s = Services::from(Parts {
                stripe: Stripe::in_process(&settings, bank.router(), limiter).expect("no production"),
                db,
                clock,
                keys: Keys::new(&settings.secret_key),
                files: drempel::infra::files::Place::of(&settings.files).expect("a folder"),
                mailer: Mailer::handing_to(Arc::new(take), &settings).expect("no production"),
                settings: Arc::new(settings),
                bank: None,
                pages: PageCache::default(),
                live: Default::default(),
                waiting_room: drempel::infra::waiting_room::WaitingRoom::new(100_000),
                recent: Default::default(),
                batching: Default::default(),
                decoder: drempel::infra::pictures::Decoder::of_this_program().expect("a program"),
            });
            worker::run_due(&s).await.expect("the tasks by the clock begin");
            (s, bank, plot)
        });
        Program {
            router: router::build(s.clone()),
            runtime: runtime.into(),
            s,
            bank,
            plot,
            made: Vec::new(),
            tranches: Vec::new(),
            strays: Vec::new(),
            heard: 0,
            number: 0,
            letters,
            reply: Reply::Done,
        }
    }

    pub fn handle(&self) -> std::rc::Rc<tokio::runtime::Runtime> {
        self.runtime.clone()
    }

    pub fn next_number(&mut self) -> u64 {
        self.number += 1;
        self.number
    }

    pub fn pass(&self, seconds: i64) {
        self.s.clock.pass(Duration::from_secs(u64::try_from(seconds).expect("forwards")));
        self.bank.look_at_the_clock();
    }

    /// Makes something happen at the bank.
    pub async fn at_the_bank(&self, what: &str, order: &Value) -> Value {
        let headers = [("content-type", "application/json")];
        let (status, answer) = send(self.bank.router(), &format!("/control/{what}"), &headers, order.to_string()).await;
        assert_eq!(status, 200, "{what} {order}: {answer}");
        answer
    }

    /// Sends a request to the web part.
    pub async fn send(&self, path: &str, headers: &[(&str, &str)], body: String) -> (u16, Value) {
        send(self.router.clone(), path, headers, body).await
    }
}

async fn send(router: Router, path: &str, headers: &[(&str, &str)], body: String) -> (u16, Value) {
    let mut request = Request::builder().method("POST").uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(Body::from(body)).expect("a request");
    request.extensions_mut().insert(ConnectInfo(std::net::SocketAddr::from(([127, 0, 0, 1], 1))));
    let answer = match router.oneshot(request).await {
        Ok(answer) => answer,
        Err(never) => match never {},
    };
    let status = answer.status().as_u16();
    let bytes = to_bytes(answer.into_body(), 1 << 20).await.expect("a body");
    (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
}

impl Drop for Program {
    fn drop(&mut self) {
        self.runtime.block_on(self.s.db.close());
        self.plot.clear();
    }
}

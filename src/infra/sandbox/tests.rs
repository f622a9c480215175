//! The sandbox tried over HTTP, as the program uses it: with the same client library, a clock that is moved by hand, and a receiver
//! of webhooks.

mod delivery;
mod faults;
mod rules;

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use stripe::{Client, ClientBuilder, IdempotencyKey, RequestStrategy, StripeRequest as _};
use stripe_checkout::checkout_session as checkout;
use stripe_core::{payment_intent, refund};
use stripe_shared::{CheckoutSessionMode, CheckoutSessionStatus};
use stripe_types::Expandable;

use super::{Config, Sandbox};

const KEY: &str = "sk_test_of_the_tests";
const SECRET: &str = "whsec_of_the_tests";

/// A sandbox on a port of its own, with its clock and what its webhooks brought.
struct Bank {
    base: String,
    sandbox: Sandbox,
    clock: Arc<AtomicI64>,
    http: reqwest::Client,
    received: Arc<Mutex<Vec<Value>>>,
    /// What the receiver of webhooks answers.
    receiver_says: Arc<AtomicU16>,
}

/// A body for a new session of so many cents.
fn session_form(cents: i64) -> Vec<(&'static str, String)> {
    vec![
        ("mode", "payment".to_owned()),
        ("line_items[0][price_data][currency]", "eur".to_owned()),
        ("line_items[0][price_data][unit_amount]", cents.to_string()),
        ("line_items[0][price_data][product_data][name]", "Fietsen voor Zuid".to_owned()),
        ("line_items[0][quantity]", "1".to_owned()),
        ("success_url", "http://shop.test/done?session={CHECKOUT_SESSION_ID}".to_owned()),
        ("cancel_url", "http://shop.test/back".to_owned()),
        ("locale", "nl".to_owned()),
    ]
}

impl Bank {
    async fn open() -> Bank {
        Bank::open_with(None, None).await
    }

    async fn open_with(journal: Option<PathBuf>, requests_per_second: Option<u32>) -> Bank {
        let received = Arc::new(Mutex::new(Vec::new()));
        let receiver_says = Arc::new(AtomicU16::new(200));
        let hook = receiver(received.clone(), receiver_says.clone()).await;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        // Below a path, as in the program.
        let base = format!("http://{}/dev/bank", listener.local_addr().expect("bound"));
        let clock = Arc::new(AtomicI64::new(1_790_000_000));
        let hands = clock.clone();
        let sandbox = Sandbox::open(Config {
            public_base: base.clone(),
            secret_key: KEY.to_owned(),
            webhook_url: Some(hook),
            webhook_secret: SECRET.to_owned(),
            journal,
            now: Arc::new(move || hands.load(Ordering::SeqCst)),
            requests_per_second,
        })
        .expect("opens");
        let router = axum::Router::new().nest("/dev/bank", sandbox.router());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Bank { base, sandbox, clock, http: no_redirects(), received, receiver_says }
    }

    fn advance(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }

    fn now(&self) -> i64 {
        self.clock.load(Ordering::SeqCst)
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        let request = self.http.get(format!("{}{path}", self.base)).bearer_auth(KEY);
        read(request).await
    }

    async fn post(&self, path: &str, form: &[(&str, String)], key: Option<&str>) -> (StatusCode, Value) {
        let mut request = self.http.post(format!("{}{path}", self.base)).bearer_auth(KEY).form(form);
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        read(request).await
    }

    async fn control(&self, what: &str, order: Value) -> Value {
        let request = self.http.post(format!("{}/control/{what}", self.base)).json(&order);
        let (status, answer) = read(request).await;
        assert_eq!(status, StatusCode::OK, "{what} {order}: {answer}");
        answer
    }

    async fn effects(&self) -> Value {
        self.get("/control/effects").await.1
    }

    async fn new_session(&self, cents: i64) -> String {
        let (status, session) = self.post("/v1/checkout/sessions", &session_form(cents), None).await;
        assert_eq!(status, StatusCode::OK, "{session}");
        text(&session["id"])
    }

    /// A payment that succeeded: its id.
    async fn paid(&self, cents: i64) -> String {
        let session = self.new_session(cents).await;
        let session = self.control("pay", json!({ "session": session })).await;
        text(&session["payment_intent"])
    }

    async fn refund(&self, payment: &str, cents: Option<i64>, key: Option<&str>) -> (StatusCode, Value) {
        let mut form = vec![("payment_intent", payment.to_owned())];
        form.extend(cents.map(|cents| ("amount", cents.to_string())));
        self.post("/v1/refunds", &form, key).await
    }

    /// Presses a button of the bank page: the status and where it leads, and the page.
    async fn press(&self, session: &str, action: &str) -> (StatusCode, String, String) {
        let url = format!("{}/pay/{session}", self.base);
        let answer = self.http.post(url).form(&[("action", action)]).send().await.expect("answers");
        let location = answer.headers().get("location").map(|value| value.to_str().expect("text").to_owned());
        (answer.status(), location.unwrap_or_default(), answer.text().await.expect("a page"))
    }

    /// The kinds of the webhooks that arrived, in that order.
    fn received_kinds(&self) -> Vec<String> {
        self.received.lock().expect("not poisoned").iter().map(|event| text(&event["type"])).collect()
    }

    fn stripe(&self) -> Client {
        // Building a TLS client needs a provider even where only http is spoken; a second installation changes nothing.
        let _ = rustls::crypto::ring::default_provider().install_default();
        ClientBuilder::new(KEY).url(format!("{}/", self.base)).build().expect("a client")
    }
}

fn no_redirects() -> reqwest::Client {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client")
}

async fn read(request: reqwest::RequestBuilder) -> (StatusCode, Value) {
    let answer = request.send().await.expect("answers");
    let status = answer.status();
    (status, answer.json().await.expect("JSON"))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}")).to_owned()
}

/// A server that keeps the webhooks whose signature is right.
async fn receiver(received: Arc<Mutex<Vec<Value>>>, says: Arc<AtomicU16>) -> String {
    let take = move |headers: HeaderMap, body: String| {
        let (received, says) = (received.clone(), says.clone());
        async move {
            let header = headers["stripe-signature"].to_str().expect("text").to_owned();
            let time = header.split(['=', ',']).nth(1).and_then(|time| time.parse().ok()).expect("a time");
            assert_eq!(header, super::webhooks::signature(SECRET, time, &body));
            let status = says.load(Ordering::SeqCst);
            if status == 200 {
                received.lock().expect("not poisoned").push(serde_json::from_str(&body).expect("JSON"));
            }
            StatusCode::from_u16(status).expect("a status")
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("bound");
    let router = axum::Router::new().route("/hook", axum::routing::post(take));
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}/hook")
}

/// The library's strict types accept every object, through one whole payment.
#[tokio::test]
async fn the_client_library_reads_all_objects() {
    let bank = Bank::open().await;
    let client = bank.stripe();
    let session = create(&client, bank.now()).await;
    assert_eq!(session.status, Some(CheckoutSessionStatus::Open));
    assert_eq!((session.amount_total, session.client_reference_id.as_deref()), (Some(2_500), Some("plg_1")));

    assert_eq!(bank.press(session.id.as_str(), "pay").await.0, StatusCode::SEE_OTHER);
    let paid = checkout::RetrieveCheckoutSession::new(session.id.clone())
        .expand(vec!["payment_intent.latest_charge.balance_transaction".to_owned()])
        .send(&client)
        .await
        .expect("a session");
    assert_eq!(paid.status, Some(CheckoutSessionStatus::Complete));
    let Some(Expandable::Object(intent)) = paid.payment_intent else { panic!("not expanded") };
    let Some(Expandable::Object(charge)) = &intent.latest_charge else { panic!("not expanded") };
    let Some(Expandable::Object(transaction)) = &charge.balance_transaction else { panic!("not expanded") };
    assert_eq!((transaction.amount, transaction.fee, transaction.net), (2_500, 29, 2_471));

    let intent = payment_intent::RetrievePaymentIntent::new(intent.id.clone())
        .expand(vec!["latest_charge.balance_transaction".to_owned()])
        .send(&client)
        .await
        .expect("an intent");
    assert_eq!(intent.metadata.get("pledge").map(String::as_str), Some("plg_1"));

    let give_back = refund::CreateRefund::new().payment_intent(intent.id.as_str()).amount(1_000);
    let key = IdempotencyKey::new("rfd_1:1").expect("short enough");
    let once = || give_back.customize().request_strategy(RequestStrategy::Idempotent(key.clone())).send(&client);
    let (first, again) = (once().await.expect("a refund"), once().await.expect("the same"));
    assert_eq!((first.id.as_str(), first.amount), (again.id.as_str(), 1_000));
    let refunds = refund::ListRefund::new().payment_intent(intent.id.as_str()).send(&client).await.expect("a list");
    assert_eq!(refunds.data.len(), 1);
    refund::RetrieveRefund::new(first.id).send(&client).await.expect("a refund");

    let too_much = refund::CreateRefund::new().payment_intent(intent.id.as_str()).amount(1_501).send(&client).await;
    assert!(matches!(too_much, Err(stripe::StripeError::Stripe(_, 400))), "{too_much:?}");
    let sessions = checkout::ListCheckoutSession::new().payment_intent(intent.id.as_str()).send(&client).await;
    assert_eq!(sessions.expect("a list").data.len(), 1);
}

/// A refused, a waiting and an expired payment are readable too, and so are the events about them.
#[tokio::test]
async fn the_client_library_reads_the_less_happy_objects() {
    let bank = Bank::open().await;
    let client = bank.stripe();
    for action in ["fail", "wait"] {
        let session = create(&client, bank.now()).await;
        bank.press(session.id.as_str(), action).await;
        let retrieve = checkout::RetrieveCheckoutSession::new(session.id)
            .expand(vec!["payment_intent.latest_charge".to_owned()])
            .send(&client)
            .await;
        assert!(retrieve.expect("a session").payment_intent.is_some(), "{action}");
    }
    let session = create(&client, bank.now()).await;
    let expired = checkout::ExpireCheckoutSession::new(session.id).send(&client).await.expect("a session");
    assert_eq!((expired.status, expired.url), (Some(CheckoutSessionStatus::Expired), None));
    let events = stripe_core::event::ListEvent::new().limit(100).send(&client).await.expect("a list");
    assert_eq!(events.data.len(), 4);
    let demo = payment_intent::RetrievePaymentIntent::new("pi_demo_1250_x1").send(&client).await.expect("an intent");
    assert_eq!(demo.amount_received, 1_250);
}

async fn create(client: &Client, now: i64) -> stripe_shared::CheckoutSession {
    use checkout::{
        CreateCheckoutSession, CreateCheckoutSessionAllowedPaymentMethodTypes as Allowed,
        CreateCheckoutSessionLineItems, CreateCheckoutSessionLineItemsPriceData as PriceData,
        CreateCheckoutSessionPaymentIntentData as IntentData, ProductData as Product,
    };
    let price = PriceData {
        product_data: Some(Product::new("Fietsen voor Zuid")),
        unit_amount: Some(2_500),
        ..PriceData::new(stripe_types::Currency::EUR)
    };
    let item = CreateCheckoutSessionLineItems { price_data: Some(price), quantity: Some(1), ..Default::default() };
    let metadata: std::collections::HashMap<String, String> = [("pledge".to_owned(), "plg_1".to_owned())].into();
    CreateCheckoutSession::new()
        .mode(CheckoutSessionMode::Payment)
        .line_items(vec![item])
        .allowed_payment_method_types(vec![Allowed::Ideal, Allowed::Card])
        .client_reference_id("plg_1")
        .customer_email("backer1@drempel.example")
        .metadata(metadata.clone())
        .payment_intent_data(IntentData { metadata: Some(metadata), ..Default::default() })
        .locale(stripe_shared::CheckoutSessionLocale::Nl)
        .expires_at(now + 31 * 60)
        .success_url("http://shop.test/done?session={CHECKOUT_SESSION_ID}")
        .cancel_url("http://shop.test/back")
        .send(client)
        .await
        .expect("a session")
}

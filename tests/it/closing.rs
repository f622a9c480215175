//! Closing a round over HTTP: two treasurers on the pages, the worker, the sandbox bank; and the money that comes too late.

use drempel::features::rounds::{self, RoundState};
use drempel::features::settlement::{Decision, actions as settlements};
use drempel::infra::stripe::{Limiter, Stripe};
use scraper::{Html, Selector};
use serde_json::{Value, json};

use crate::support::App;

const CLOSING: &str = "/nl/staff/rounds/1/closing";
const TEN_DAYS: i64 = 10 * 86_400;

/// A treasurer with a browser of its own.
struct Treasurer<'a> {
    app: &'a App,
    http: reqwest::Client,
}

impl<'a> Treasurer<'a> {
    /// Signed in with a fresh second factor.
    async fn sign_in(app: &'a App, email: &str) -> Treasurer<'a> {
        let policy = reqwest::redirect::Policy::none();
        let http = reqwest::Client::builder().redirect(policy).cookie_store(true).build().expect("a client");
        let answer = http.post(app.url("/dev/sign-in")).form(&[("email", email)]).send().await.expect("an answer");
        assert_eq!(answer.status(), 303);
        Treasurer { app, http }
    }

    async fn read(&self, path: &str) -> String {
        let answer = self.http.get(self.app.url(path)).send().await.expect("an answer");
        assert_eq!(answer.status(), 200, "{path}");
        answer.text().await.expect("a page")
    }

    async fn hash(&self) -> String {
        let page = Html::parse_document(&self.read(CLOSING).await);
        let marked = Selector::parse("[data-hash]").expect("a selector");
        let found = page.select(&marked).next().and_then(|element| element.attr("data-hash"));
        found.expect("the page shows a hash").to_owned()
    }

    async fn press(&self, part: &str, form: &[(&str, &str)]) -> u16 {
        let url = self.app.url(&format!("{CLOSING}/{part}"));
        self.http.post(url).form(form).send().await.expect("an answer").status().as_u16()
    }
}

/// Proposed by the one, approved by the other.
pub async fn decide(app: &App) {
    let one = Treasurer::sign_in(app, "treasurer1@drempel.example").await;
    let two = Treasurer::sign_in(app, "treasurer2@drempel.example").await;
    let hash = one.hash().await;
    assert_eq!(one.press("propose", &[("hash", &hash), ("reason", "alles is klaar")]).await, 303);
    assert_eq!(one.press("approve", &[("hash", &hash)]).await, 403);
    assert_eq!(two.press("approve", &[("hash", &hash)]).await, 303);
    assert_eq!(two.press("approve", &[("hash", &hash)]).await, 409);
}

async fn round_state(app: &App) -> RoundState {
    let mut conn = app.s.db.read().await.expect("a connection");
    rounds::actions::by_number(&mut conn, 1).await.expect("a read").expect("a round").state
}

/// What the bank refunded in all, in cents, each payment at most once.
async fn refunded(app: &App) -> Vec<i64> {
    let effects = app.effects().await;
    let by_payment = effects["refunded_by_payment"].as_object().expect("an object");
    let mut cents: Vec<i64> = by_payment.values().filter_map(Value::as_i64).collect();
    assert_eq!(effects["refunds"].as_array().map(Vec::len), Some(cents.len()));
    cents.sort_unstable();
    cents
}

#[tokio::test]
async fn a_funded_project_gets_start_and_result_money_and_late_money_goes_back() {
    let app = App::start().await;
    let anna = app.paid_gift(40_000, "Anna").await;
    let bert = app.paid_gift(25_000, "Bert").await;
    app.advance(TEN_DAYS - 600).await;
    let unpaid = app.gift(5_000, "Carla").await;
    app.advance(570).await;
    let late = app.gift(5_000, "Dirk").await;
    app.at_the_bank(&late, "wait").await;
    app.settle().await;
    assert_eq!(app.status(&late).await, "processing");
    app.advance(31).await;
    assert_eq!(round_state(&app).await, RoundState::Closing);
    assert_eq!(app.status(&unpaid).await, "expired");
    assert_ne!(app.at_the_bank(&unpaid, "pay").await, 303);
    let (status, _) =
        app.pledge("kookclub", "later", &json!({ "amount_cents": 2_500, "email": "e@example.org" })).await;
    assert_eq!(status, 409);
    decide(&app).await;
    app.settle().await;
    assert_eq!(app.status(&anna).await, "released");
    assert_eq!(app.status(&bert).await, "released");
    // one payment is still on its way: the round waits for it
    assert_eq!(round_state(&app).await, RoundState::Closing);
    app.verify().await;
    app.advance(120).await;
    app.advance(120).await;
    assert_eq!(app.status(&late).await, "refunded");
    assert_eq!(refunded(&app).await, [5_000]);
    assert_eq!(round_state(&app).await, RoundState::Settled);
    assert!(app.letters("anna@example.org").await.contains(&"round_won".to_owned()));
    let mut conn = app.s.db.read().await.expect("a connection");
    let decided = settlements::decision_of(&mut conn, "prj_1").await.expect("a read").expect("a decision");
    drop(conn);
    assert_eq!((decided.decision, decided.backers), (Decision::Funded, 2));
    assert_eq!((decided.held.0, decided.start.0, decided.result.0, decided.refund.0), (65_000, 60_000, 5_000, 0));
    app.verify().await;
}

#[tokio::test]
async fn one_hundredth_short_everybody_gets_everything_back_once() {
    // one hundredth of a Rikx short; the bank does the first refund and breaks down before it says so
    let app = App::start_with(1_000, 301).await;
    app.paid_gift(20_000, "Anna").await;
    app.paid_gift(10_000, "Bert").await;
    app.fault(json!({ "endpoint": "refunds", "kind": "500_after_effect", "times": 1, "method": "POST" })).await;
    app.advance(TEN_DAYS).await;
    decide(&app).await;
    app.settle().await;
    for _ in 0..3 {
        app.advance(60).await;
    }
    assert_eq!(refunded(&app).await, [10_000, 20_000]);
    assert_eq!(round_state(&app).await, RoundState::Settled);
    let letters = app.letters("bert@example.org").await;
    let expected = ["payment_received", "pledge_received", "refund_sent", "round_lost"];
    assert_eq!(letters, expected);
    let treasurer = Treasurer::sign_in(&app, "treasurer1@drempel.example").await;
    let protocol = treasurer.read(&format!("{CLOSING}/protocol.csv")).await;
    assert_eq!(protocol.lines().count(), 3);
    assert!(protocol.contains(",failed,refund,20000,0,0,refunded,rfd_") && !protocol.contains('@'));
    app.verify().await;
}

#[tokio::test]
async fn paused_nothing_is_sent_to_the_bank() {
    let app = App::start().await;
    let anna = app.paid_gift(20_000, "Anna").await;
    app.advance(TEN_DAYS).await;
    decide(&app).await;
    let treasurer = Treasurer::sign_in(&app, "treasurer1@drempel.example").await;
    assert_eq!(treasurer.press("pause", &[]).await, 303);
    app.settle().await;
    app.advance(3_600).await;
    assert_eq!(app.status(&anna).await, "held");
    assert!(refunded(&app).await.is_empty());
    let treasurer = Treasurer::sign_in(&app, "treasurer2@drempel.example").await;
    assert_eq!(treasurer.press("resume", &[]).await, 303);
    app.settle().await;
    app.advance(5).await;
    assert_eq!(app.status(&anna).await, "refunded");
    assert_eq!(round_state(&app).await, RoundState::Settled);
    app.verify().await;
}

#[tokio::test]
async fn many_refunds_within_the_rate_never_wait_for_each_other_crosswise() {
    let mut app = App::start().await;
    for number in 0..24 {
        app.paid_gift(500, &format!("Backer{number}")).await;
    }
    app.advance(TEN_DAYS).await;
    decide(&app).await;
    // few slots at a time, so that calls go to the database for more while answers are recorded
    let limiter = Limiter::new(app.s.db.clone(), app.s.clock.clone(), 20);
    let api = app.url("/dev/bank");
    app.s.stripe = Stripe::new(&app.s.settings.stripe, &api, limiter).expect("a client");
    let settled = async {
        app.settle().await;
        app.advance(5).await;
    };
    tokio::time::timeout(std::time::Duration::from_secs(25), settled).await.expect("nothing stands still");
    assert_eq!(refunded(&app).await, [500; 24]);
    assert_eq!(round_state(&app).await, RoundState::Settled);
    app.verify().await;
}

#[tokio::test]
async fn f32_a_line_whose_pledge_is_disputed_waits_for_the_dispute_and_the_round_then_ends() {
    for ending in ["won", "lost"] {
        let app = App::start().await;
        let anna = app.paid_gift(70_000, "Anna").await;
        let bert = app.paid_gift(2_500, "Bert").await;
        app.advance(TEN_DAYS).await;
        decide(&app).await;
        let treasurer = Treasurer::sign_in(&app, "treasurer1@drempel.example").await;
        assert_eq!(treasurer.press("pause", &[]).await, 303);
        let dispute = app.told("dispute", json!({ "session": App::session(&bert), "status": "needs_response" })).await;
        app.settle().await;
        assert_eq!(treasurer.press("resume", &[]).await, 303);
        app.settle().await;
        app.advance(5).await;
        assert_eq!((app.status(&anna).await, app.status(&bert).await), ("released".to_owned(), "disputed".to_owned()));
        assert_eq!(round_state(&app).await, RoundState::Closing);
        app.control("dispute", json!({ "dispute": dispute["id"], "status": ending })).await;
        app.settle().await;
        app.advance(60).await;
        assert_eq!(app.status(&bert).await, "refunded", "{ending}");
        assert_eq!(round_state(&app).await, RoundState::Settled, "{ending}");
        app.verify().await;
    }
}

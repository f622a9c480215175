//! Events that are lost, strange or not for us; keys that change; methods with their limits; a provider that does not answer.

use std::io::Write;

use drempel::features::ledger::Account;
use drempel::features::payments::events;
use drempel::infra::settings::{Settings, Source};
use drempel::infra::stripe::Secrets;
use drempel::infra::stripe::signature::sign;
use serde_json::{Value, json};

use crate::support::App;

impl App {
    /// Sends an event as the provider would, signed with this secret.
    async fn event(&self, event: &Value, secret: &str) -> u16 {
        let body = event.to_string();
        let now = self.s.clock.now().seconds();
        let header = format!("t={now},v1={}", sign(secret, now, body.as_bytes()));
        let url = self.url("/webhooks/stripe");
        let sent = self.http.post(url).header("stripe-signature", header).body(body).send().await;
        sent.expect("an answer").status().as_u16()
    }

    async fn events_noted(&self) -> i64 {
        self.count("SELECT COUNT(*) FROM provider_events").await
    }
}

fn event(id: &str, kind: &str, object: Value) -> Value {
    json!({ "id": id, "object": "event", "type": kind, "created": 1_000, "livemode": false, "data": { "object": object } })
}

#[tokio::test]
async fn f22_an_event_that_never_came_is_found_in_the_providers_list() {
    let app = App::start().await;
    app.fault(json!({ "webhooks": "lost" })).await;
    let anna = app.gift(2_500, "Anna").await;
    app.at_the_bank(&anna, "pay").await;
    app.settle().await;
    assert_eq!(app.state_in_database(&anna).await, "reserved");
    assert!(events::sweep(&app.s).await.expect("a sweep") > 0);
    app.settle().await;
    assert_eq!(app.state_in_database(&anna).await, "held");
    // what is noted stays noted
    assert_eq!(events::sweep(&app.s).await.expect("a sweep"), 0);
    app.verify().await;
}

#[tokio::test]
async fn f23_an_event_of_an_unknown_kind_is_stored_and_counted() {
    let app = App::start().await;
    let strange = event("evt_strange", "moon.phase_changed", json!({ "id": "moon_1", "object": "moon" }));
    for _ in 0..3 {
        assert_eq!(app.event(&strange, "whsec_sandbox").await, 200);
    }
    assert_eq!(app.events_noted().await, 1);
    assert_eq!(
        app.count("SELECT COUNT(*) FROM provider_events WHERE outcome = 'not about a payment of ours'").await,
        1
    );
}

#[tokio::test]
async fn f24_f26_forged_events_and_those_of_another_account_or_mode_leave_nothing() {
    let app = App::start().await;
    let object = json!({ "id": "pi_1", "object": "payment_intent" });
    let good = event("evt_1", "payment_intent.succeeded", object);
    assert_eq!(app.event(&good, "whsec_guessed").await, 400);
    let mut live = good.clone();
    live["livemode"] = json!(true);
    assert_eq!(app.event(&live, "whsec_sandbox").await, 400);
    let mut foreign = good.clone();
    foreign["account"] = json!("acct_other");
    assert_eq!(app.event(&foreign, "whsec_sandbox").await, 400);
    assert_eq!(app.events_noted().await, 0);
    // of a connected account only its own state concerns us
    let mut own = event("evt_2", "account.updated", json!({ "id": "acct_other", "object": "account" }));
    own["account"] = json!("acct_other");
    assert_eq!(app.event(&own, "whsec_sandbox").await, 200);
    assert_eq!(app.events_noted().await, 1);
}

#[test]
fn f25_secrets_change_while_the_program_runs() {
    let mut file = tempfile();
    file.1.write_all(b"STRIPE_WEBHOOK_SECRETS=whsec_old\n").expect("written");
    let path = file.0.display().to_string();
    let settings = Settings::read(&Source::of(&[
        ("SECRET_KEY", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="),
        ("STRIPE_SECRETS_FILE", &path),
    ]))
    .expect("settings");
    let secrets = Secrets::new(&settings.stripe);
    assert_eq!(secrets.now().webhook_secrets, ["whsec_old"]);
    std::fs::write(&file.0, "STRIPE_WEBHOOK_SECRETS=whsec_old,whsec_new\nSTRIPE_SECRET_KEY=sk_test_new\n")
        .expect("written");
    let now = secrets.now();
    assert_eq!((now.webhook_secrets.len(), now.secret_key.as_str()), (2, "sk_test_new"));
    std::fs::remove_file(&file.0).expect("removed");
    assert_eq!(secrets.now(), now, "a file that is gone changes nothing");
}

fn tempfile() -> (std::path::PathBuf, std::fs::File) {
    let path = std::env::temp_dir().join(format!("drempel-secrets-{}", std::process::id()));
    let file = std::fs::File::create(&path).expect("a file");
    (path, file)
}

#[tokio::test]
async fn a_method_takes_only_amounts_between_its_limits_and_nobody_who_is_blocked() {
    let app = App::start_with(2_000_000, 600).await;
    let pay = |cents: i64, method: &str| json!({ "amount_cents": cents, "email": "anna@example.org", "method": method, "language": "nl" });
    let (status, problem) = app.pledge("kookclub", "big", &pay(1_500_000, "bancontact")).await;
    assert_eq!((status, problem["errors"][0]["field"].as_str()), (422, Some("method")), "{problem}");
    let (status, _) = app.pledge("kookclub", "debit", &pay(2_500, "sepa_debit")).await;
    assert_eq!(status, 201);
    app.sql(
        "INSERT INTO payment_blocks (user_id, method, cause_id, created_at) SELECT id, 'sepa_debit', 'du_1', created_at
             FROM users WHERE email = 'anna@example.org'",
    )
    .await
    .expect("a block");
    let (status, problem) = app.pledge("kookclub", "again", &pay(2_500, "sepa_debit")).await;
    assert_eq!((status, problem["errors"][0]["field"].as_str()), (422, Some("method")), "{problem}");
    assert_eq!(app.standing().await.reserved.0, 2_500, "nothing was kept of the refused ones");
}

#[tokio::test]
async fn f18_a_debit_is_pending_for_days_and_dropped_when_it_fails() {
    let app = App::start().await;
    let body = json!({ "amount_cents": 2_500, "email": "anna@example.org", "method": "sepa_debit", "language": "nl" });
    let (status, anna) = app.pledge("kookclub", "debit", &body).await;
    assert_eq!(status, 201, "{anna}");
    app.at_the_bank(&anna, "wait").await;
    app.settle().await;
    assert_eq!((app.status(&anna).await.as_str(), app.standing().await.held.0), ("processing", 0));
    app.control("settle", json!({ "session": App::session(&anna), "outcome": "fail" })).await;
    app.settle().await;
    assert_eq!((app.status(&anna).await.as_str(), app.standing().await.processing.0), ("expired", 0));
    app.verify().await;
}

#[tokio::test]
async fn f05_a_session_made_behind_a_broken_answer_is_found_and_not_made_twice() {
    let app = App::start().await;
    app.fault(json!({ "endpoint": "checkout/sessions", "method": "POST", "kind": "500_after_effect", "times": 1 }))
        .await;
    let anna = app.gift(2_500, "Anna").await;
    assert_eq!(app.effects().await["sessions"], 1);
    app.at_the_bank(&anna, "pay").await;
    app.settle().await;
    assert_eq!(app.status(&anna).await, "held");
    app.verify().await;
}

#[tokio::test]
async fn f08_f11_when_the_provider_is_down_the_form_says_so_and_pages_go_on() {
    let app = App::start().await;
    app.fault(json!({ "kind": "500", "times": 1_000 })).await;
    let body = json!({ "amount_cents": 2_500, "email": "anna@example.org", "language": "nl" });
    for number in 0..5 {
        let (status, _) = app.pledge("kookclub", &format!("down-{number}"), &body).await;
        assert_eq!(status, 503);
    }
    assert!(app.s.stripe.is_down());
    let page = app.http.get(app.url("/nl/projects/kookclub/pledge")).send().await.expect("a page");
    assert_eq!(page.status(), 200);
    assert!(page.text().await.expect("a page").contains("Betalen lukt nu niet"));
    // nothing is half made, and it recovers without hands
    app.fault(json!({ "clear": true })).await;
    app.advance(120).await;
    let (status, _) = app.pledge("kookclub", "up", &body).await;
    assert_eq!(status, 201);
    assert!(!app.s.stripe.is_down());
    app.verify().await;
}

#[tokio::test]
async fn f27_another_amount_is_set_aside_with_a_case_and_the_place_is_free() {
    let app = App::start_with(100, 50).await;
    let pledge = app.gift(10_000, "Anna").await;
    // as if another amount had been asked for than stands at the provider
    app.sql("UPDATE payments SET amount_cents = 9000").await.expect("a change");
    app.at_the_bank(&pledge, "pay").await;
    app.settle().await;
    assert_eq!(app.status(&pledge).await, "expired");
    assert_eq!(app.account(Account::Suspense).await, -10_000);
    let open = "SELECT COUNT(*) FROM cases WHERE kind = 'payment_differs' AND state = 'open' AND amount_cents = 10000";
    assert_eq!(app.count(open).await, 1);
    app.verify().await;
    app.paid_gift(10_000, "Bert").await;
    app.verify().await;
}

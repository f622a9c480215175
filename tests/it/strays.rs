//! Payments at the provider that belong to no pledge: two treasurers give one to a pledge, or send it back to its payer.

use drempel::features::cases::{self, CaseKind, CaseState};
use drempel::features::ledger::Account;
use serde_json::{Value, json};

use crate::support::{App, Browser};

const DAY: i64 = 24 * 3_600;
const GIVE: &str = "provider.give";
const RETURN: &str = "provider.return";

/// A payment made in the dashboard, read from the balance: its object at the provider and the address of its case.
async fn by_hand(app: &App, cents: i64) -> (Value, String) {
    let payment = app.told("payment", json!({ "amount": cents })).await;
    app.read_the_balance().await;
    let mut conn = app.s.db.read().await.expect("a connection");
    let (subject,): (String,) = sqlx::query_as("SELECT id FROM balance_transactions WHERE intent_id = $1")
        .bind(payment["id"].as_str())
        .fetch_one(&mut *conn)
        .await
        .expect("a line of the balance");
    let case = cases::actions::about(&mut conn, CaseKind::PaymentUnknown, &subject).await.expect("a read");
    (payment, case.expect("a case").id)
}

async fn case(app: &App, id: &str) -> cases::Case {
    cases::actions::get(&mut app.s.db.read().await.expect("a connection"), id).await.expect("a case")
}

async fn propose(browser: &Browser, id: &str, decision: &str, pledge: &str) -> u16 {
    let form = [("decision", decision), ("pledge", pledge), ("why", "the payer called")];
    browser.post(&format!("/nl/staff/cases/{id}/money/propose"), &form).await.0
}

async fn approve(browser: &Browser, id: &str, decision: &str) -> u16 {
    let hash = browser.marked(&format!("/nl/staff/cases/{id}"), "data-hash").await;
    let form = [("decision", decision), ("hash", hash.as_str())];
    browser.post(&format!("/nl/staff/cases/{id}/money/approve"), &form).await.0
}

fn reference(pledge: &Value) -> &str {
    pledge["reference"].as_str().expect("a reference")
}

#[tokio::test]
async fn f28_a_payment_without_a_pledge_is_given_to_one_by_two_treasurers() {
    let app = App::start().await;
    app.read_the_balance().await;
    let pledge = app.gift(2_500, "Anna").await;
    let (payment, id) = by_hand(&app, 2_500).await;
    assert_eq!(app.account(Account::Suspense).await, -2_500);
    let (one, two) = (Browser::treasurer(&app, 1).await, Browser::treasurer(&app, 2).await);
    let reviewer = Browser::signed_in(&app, "reviewer@drempel.example").await;
    assert_eq!(propose(&reviewer, &id, GIVE, reference(&pledge)).await, 403);
    assert_eq!(propose(&one, &id, GIVE, "DR-0000-0000-00").await, 422);
    assert_eq!(propose(&one, &id, "", reference(&pledge)).await, 422);
    let other = app.gift(2_600, "Bert").await;
    assert_eq!(propose(&one, &id, GIVE, reference(&other)).await, 422, "another amount");
    let paid = app.paid_gift(2_500, "Cato").await;
    assert_eq!(propose(&one, &id, GIVE, reference(&paid)).await, 422, "paid already");
    assert_eq!(propose(&one, &id, GIVE, &reference(&pledge).to_lowercase()).await, 303);
    for lang in ["nl", "en"] {
        let page = two.read(&format!("/{lang}/staff/cases/{id}")).await;
        assert!(
            page.contains(reference(&pledge)) && !page.contains("stray-") && !page.contains("/propose\""),
            "{page}"
        );
    }
    assert!(two.read("/en/staff/approvals").await.contains("Giving a payment to a pledge"));
    assert_eq!(approve(&one, &id, GIVE).await, 403, "the own proposal");
    assert_eq!(approve(&reviewer, &id, GIVE).await, 403);
    assert_eq!(app.status(&pledge).await, "reserved");
    assert_eq!(approve(&two, &id, GIVE).await, 303);
    app.settle().await;
    assert_eq!(app.status(&pledge).await, "held");
    assert_eq!(case(&app, &id).await.state, CaseState::Closed);
    assert_eq!(app.account(Account::Suspense).await, 0);
    assert_eq!((app.standing().await.held.0, app.standing().await.reserved.0), (5_000, 2_600));
    assert_eq!(app.intent(&pledge).await, payment["id"].as_str().expect("an id"));
    assert_eq!(app.letters("anna@example.org").await, ["payment_received", "pledge_received"]);
    // nobody can pay at the page that was open
    assert_ne!(app.at_the_bank(&pledge, "pay").await, 303);
    assert_eq!(propose(&one, &id, RETURN, "").await, 409, "the case is closed");
    app.advance(1_000).await;
    app.verify().await;
    // from here on it is a pledge as any other
    assert_eq!(app.cancel(&pledge).await, 200);
    app.settle().await;
    assert_eq!(app.status(&pledge).await, "refunded");
    app.advance(4 * DAY).await;
    assert_eq!(app.at_the_provider().await.0, app.account(Account::PspAvailable).await);
    app.verify().await;
}

#[tokio::test]
async fn f28_a_pledge_whose_place_has_gone_takes_the_payment_only_while_there_is_room() {
    let app = App::start_with(100, 50).await;
    app.read_the_balance().await;
    let anna = app.gift(6_000, "Anna").await;
    app.advance(32 * 60).await;
    assert_eq!(app.status(&anna).await, "expired");
    let (_, id) = by_hand(&app, 6_000).await;
    let bert = app.gift(5_000, "Bert").await;
    let one = Browser::treasurer(&app, 1).await;
    assert_eq!(propose(&one, &id, GIVE, reference(&anna)).await, 422, "no room");
    app.advance(32 * 60).await;
    assert_eq!(app.status(&bert).await, "expired");
    let (one, two) = (Browser::treasurer(&app, 1).await, Browser::treasurer(&app, 2).await);
    assert_eq!(propose(&one, &id, GIVE, reference(&anna)).await, 303);
    // what was true when it was proposed is looked at again
    let bert = app.gift(4_100, "Bert").await;
    assert_eq!(approve(&two, &id, GIVE).await, 422);
    app.advance(32 * 60).await;
    assert_eq!(app.status(&bert).await, "expired");
    let two = Browser::treasurer(&app, 2).await;
    assert_eq!(approve(&two, &id, GIVE).await, 303);
    assert_eq!(app.status(&anna).await, "held");
    app.verify().await;
}

#[tokio::test]
async fn f28_after_the_close_a_payment_goes_back_to_its_payer() {
    let app = App::start().await;
    app.read_the_balance().await;
    let pledge = app.gift(2_500, "Anna").await;
    app.advance(11 * DAY).await;
    let (payment, id) = by_hand(&app, 2_500).await;
    let (one, two) = (Browser::treasurer(&app, 1).await, Browser::treasurer(&app, 2).await);
    assert_eq!(propose(&one, &id, GIVE, reference(&pledge)).await, 422, "too late");
    assert_eq!(propose(&one, &id, RETURN, "").await, 303);
    let path = format!("/en/staff/cases/{id}");
    let posting = [("debit", "suspense"), ("credit", "platform_fees"), ("amount", "25"), ("reason", "x")];
    app.fault(json!({ "refunds": "pending" })).await;
    assert_eq!(approve(&two, &id, RETURN).await, 303);
    app.settle().await;
    assert!(one.read(&path).await.contains("goes back to its payer"));
    assert_eq!(one.post(&format!("{path}/propose"), &posting).await.0, 409, "its money is leaving");
    assert_eq!(propose(&one, &id, RETURN, "").await, 409);
    assert_eq!((case(&app, &id).await.state, app.account(Account::Suspense).await), (CaseState::Open, -2_500));
    let refund = app.effects().await["refunds"][0].clone();
    assert_eq!((refund["payment_intent"].as_str(), refund["amount"].as_i64()), (payment["id"].as_str(), Some(2_500)));
    app.control("refund", json!({ "refund": refund["id"], "status": "succeeded" })).await;
    app.settle().await;
    assert_eq!((case(&app, &id).await.state, app.account(Account::Suspense).await), (CaseState::Closed, 0));
    app.advance(1_000).await;
    app.advance(4 * DAY).await;
    assert_eq!(app.count("SELECT COUNT(*) FROM balance_transactions WHERE matched_kind = 'return'").await, 1);
    assert_eq!(app.count("SELECT COUNT(*) FROM cases WHERE state = 'open'").await, 0);
    assert_eq!(app.at_the_provider().await.0, app.account(Account::PspAvailable).await);
    app.verify().await;
    // the bank sends it back after all: people decide again
    app.control("refund", json!({ "refund": refund["id"], "status": "failed" })).await;
    app.settle().await;
    assert_eq!((case(&app, &id).await.state, app.account(Account::Suspense).await), (CaseState::Open, -2_500));
    app.advance(1_000).await;
    app.verify().await;
    let (one, two) = (Browser::treasurer(&app, 1).await, Browser::treasurer(&app, 2).await);
    app.fault(json!({ "refunds": "succeeded" })).await;
    assert_eq!(propose(&one, &id, RETURN, "").await, 303);
    assert_eq!(approve(&two, &id, RETURN).await, 303);
    app.settle().await;
    app.advance(1_000).await;
    assert_eq!((case(&app, &id).await.state, app.account(Account::Suspense).await), (CaseState::Closed, 0));
    app.verify().await;
}

#[tokio::test]
async fn f28_a_return_is_made_once_whatever_the_provider_answers() {
    let app = App::start().await;
    app.read_the_balance().await;
    let (payment, id) = by_hand(&app, 1_200).await;
    let (one, two) = (Browser::treasurer(&app, 1).await, Browser::treasurer(&app, 2).await);
    assert_eq!(propose(&one, &id, RETURN, "").await, 303);
    app.fault(json!({ "endpoint": "refunds", "kind": "500_after_effect", "times": 1, "method": "POST" })).await;
    assert_eq!(approve(&two, &id, RETURN).await, 303);
    for _ in 0..5 {
        app.advance(100).await;
    }
    let intent = payment["id"].as_str().expect("an id");
    assert_eq!(app.effects().await["refunded_by_payment"][intent], 1_200);
    assert_eq!(app.effects().await["refunds"].as_array().map(Vec::len), Some(1));
    assert_eq!((case(&app, &id).await.state, app.account(Account::Suspense).await), (CaseState::Closed, 0));
    app.advance(1_000).await;
    app.verify().await;
}

#[tokio::test]
async fn f28_what_was_sent_back_by_hand_is_refused_and_stays_with_people() {
    let app = App::start().await;
    app.read_the_balance().await;
    let (payment, id) = by_hand(&app, 1_200).await;
    let (one, two) = (Browser::treasurer(&app, 1).await, Browser::treasurer(&app, 2).await);
    assert_eq!(propose(&one, &id, RETURN, "").await, 303);
    let form = [("payment_intent", payment["id"].as_str().expect("an id"))];
    let key = &app.s.settings.stripe.secret_key;
    let made = app.http.post(app.url("/dev/bank/v1/refunds")).bearer_auth(key).form(&form).send().await;
    assert!(made.expect("the bank").status().is_success());
    assert_eq!(approve(&two, &id, RETURN).await, 303);
    app.settle().await;
    let case = case(&app, &id).await;
    assert!(case.is_free() && case.detail.contains("charge_already_refunded"), "{case:?}");
    app.advance(1_000).await;
    // both lines of the balance wait for people, and nothing is missing
    assert_eq!(app.account(Account::Suspense).await, 0);
    assert_eq!(app.count("SELECT COUNT(*) FROM cases WHERE kind = 'payment_unknown' AND state = 'open'").await, 2);
    app.verify().await;
}

#[tokio::test]
async fn f27_another_amount_than_asked_goes_back_to_its_payer() {
    let app = App::start().await;
    app.read_the_balance().await;
    let pledge = app.gift(2_500, "Anna").await;
    // as if another amount had been asked for than stands at the provider
    app.sql("UPDATE payments SET amount_cents = 2400").await.expect("a change");
    app.at_the_bank(&pledge, "pay").await;
    app.settle().await;
    app.read_the_balance().await;
    assert_eq!(app.account(Account::Suspense).await, -2_500);
    let mut conn = app.s.db.read().await.expect("a connection");
    let open = cases::actions::open_of_kind(&mut conn, CaseKind::PaymentDiffers).await.expect("cases");
    drop(conn);
    let id = open[0].id.clone();
    let (one, two) = (Browser::treasurer(&app, 1).await, Browser::treasurer(&app, 2).await);
    assert_eq!(propose(&one, &id, GIVE, reference(&pledge)).await, 422);
    assert_eq!(propose(&one, &id, RETURN, "").await, 303);
    assert_eq!(approve(&two, &id, RETURN).await, 303);
    app.settle().await;
    assert_eq!((case(&app, &id).await.state, app.account(Account::Suspense).await), (CaseState::Closed, 0));
    app.advance(1_000).await;
    assert_eq!(app.count("SELECT COUNT(*) FROM cases WHERE state = 'open'").await, 0);
    assert_eq!(app.state_in_database(&pledge).await, "expired");
    app.verify().await;
}

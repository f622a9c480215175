//! A pledge's whole life over HTTP: reserve, pay, fail, expire, cancel, and every way in which the bank's news can arrive.

use serde_json::json;

use crate::support::App;

#[tokio::test]
async fn a_gift_is_reserved_paid_held_and_told() {
    let app = App::start().await;
    let pledge = app.gift(2_500, "Anna").await;
    assert_eq!(pledge["status"], "reserved");
    assert_eq!(pledge["rikx"], "0.25");
    assert_eq!(app.standing().await.reserved.0, 2_500);
    assert_eq!(app.at_the_bank(&pledge, "pay").await, 303);
    app.settle().await;
    let read = app.read(&pledge).await;
    assert_eq!((read["status"].as_str(), read["payment_status"].as_str()), (Some("held"), Some("succeeded")));
    let standing = app.standing().await;
    assert_eq!((standing.reserved.0, standing.held.0, standing.backers), (0, 2_500, 1));
    assert_eq!(app.letters("anna@example.org").await, ["payment_received", "pledge_received"]);
    app.verify().await;
}

#[tokio::test]
async fn the_same_key_and_body_is_the_same_pledge_and_another_body_is_refused() {
    let app = App::start().await;
    let body = json!({ "amount_cents": 2_500, "email": "a@example.org" });
    let (first, one) = app.pledge("kookclub", "key-1", &body).await;
    let (second, two) = app.pledge("kookclub", "key-1", &body).await;
    assert_eq!((first, second), (201, 201));
    assert_eq!((&one["reference"], &one["checkout_url"]), (&two["reference"], &two["checkout_url"]));
    let (status, problem) =
        app.pledge("kookclub", "key-1", &json!({ "amount_cents": 5_000, "email": "a@example.org" })).await;
    assert_eq!(status, 422, "{problem}");
    assert_eq!(app.standing().await.reserved.0, 2_500);
}

#[tokio::test]
async fn f12_an_unpaid_reservation_frees_itself() {
    let app = App::start_with(100, 50).await;
    let pledge = app.gift(10_000, "Anna").await;
    let (status, problem) =
        app.pledge("kookclub", "late", &json!({ "amount_cents": 2_500, "email": "b@example.org" })).await;
    assert_eq!((status, problem["available_cents"].as_i64()), (409, Some(0)));
    app.advance(32 * 60).await;
    assert_eq!(app.status(&pledge).await, "expired");
    app.paid_gift(10_000, "Bert").await;
    app.verify().await;
}

#[tokio::test]
async fn a_refused_payment_is_told_and_can_be_tried_again() {
    let app = App::start().await;
    let pledge = app.gift(2_500, "Anna").await;
    app.at_the_bank(&pledge, "fail").await;
    app.settle().await;
    assert_eq!(app.status(&pledge).await, "reserved");
    assert_eq!(app.letters("anna@example.org").await, ["payment_failed", "pledge_received"]);
    app.at_the_bank(&pledge, "pay").await;
    app.settle().await;
    assert_eq!(app.status(&pledge).await, "held");
    app.verify().await;
}

#[tokio::test]
async fn f16_money_on_its_way_is_shown_apart_until_it_is_there() {
    let app = App::start().await;
    let pledge = app.gift(2_500, "Anna").await;
    app.at_the_bank(&pledge, "wait").await;
    app.settle().await;
    assert_eq!(app.status(&pledge).await, "processing");
    let standing = app.standing().await;
    assert_eq!((standing.reserved.0, standing.processing.0, standing.held.0), (0, 2_500, 0));
    app.advance(61).await;
    assert_eq!(app.status(&pledge).await, "held");
    app.verify().await;
}

#[tokio::test]
async fn f09_lost_events_are_made_up_for_by_the_poller() {
    let app = App::start().await;
    app.fault(json!({ "webhooks": "lost" })).await;
    let pledge = app.gift(2_500, "Anna").await;
    app.at_the_bank(&pledge, "pay").await;
    app.settle().await;
    let state: String = app.state_in_database(&pledge).await;
    assert_eq!(state, "reserved");
    app.advance(121).await;
    assert_eq!(app.state_in_database(&pledge).await, "held");
    app.verify().await;
}

#[tokio::test]
async fn f19_an_event_ten_times_in_parallel_has_one_effect() {
    let app = App::start().await;
    app.fault(json!({ "webhooks": "ten_times_parallel" })).await;
    app.paid_gift(2_500, "Anna").await;
    assert_eq!(app.standing().await.held.0, 2_500);
    assert_eq!(app.letters("anna@example.org").await, ["payment_received", "pledge_received"]);
    app.verify().await;
}

#[tokio::test]
async fn f20_events_in_reversed_order_end_in_the_same_state() {
    let app = App::start().await;
    app.fault(json!({ "webhooks": "reversed" })).await;
    let pledge = app.gift(2_500, "Anna").await;
    app.at_the_bank(&pledge, "fail").await;
    app.at_the_bank(&pledge, "pay").await;
    app.settle().await;
    assert_eq!(app.status(&pledge).await, "held");
    app.verify().await;
}

#[tokio::test]
async fn a_backer_cancels_before_and_after_paying() {
    let app = App::start().await;
    let unpaid = app.gift(2_500, "Anna").await;
    assert_eq!(app.cancel(&unpaid).await, 200);
    assert_eq!(app.status(&unpaid).await, "expired");
    let paid = app.paid_gift(5_000, "Bert").await;
    assert_eq!(app.cancel(&paid).await, 200);
    app.settle().await;
    assert_eq!(app.status(&paid).await, "refunded");
    assert_eq!(app.cancel(&paid).await, 409);
    assert!(app.letters("bert@example.org").await.contains(&"refund_sent".to_owned()));
    let effects = app.effects().await;
    assert_eq!(effects["refunds"].as_array().map(Vec::len), Some(1));
    assert_eq!(app.standing().await.held.0, 0);
    app.verify().await;
}

#[tokio::test]
async fn f36_money_after_the_close_never_counts_and_goes_back() {
    let app = App::start().await;
    let pledge = app.gift(2_500, "Anna").await;
    app.at_the_bank(&pledge, "wait").await;
    app.settle().await;
    assert_eq!(app.status(&pledge).await, "processing");
    app.sql("UPDATE projects SET state = 'failed' WHERE id = 'prj_1'").await.expect("a closed project");
    app.advance(61).await;
    app.settle().await;
    assert_eq!(app.status(&pledge).await, "refunded");
    assert_eq!(app.letters("anna@example.org").await, ["pledge_received", "refund_sent"]);
    app.verify().await;
}

#[tokio::test]
async fn f46_a_refund_that_cannot_arrive_is_kept_as_unclaimed_and_told() {
    let app = App::start().await;
    app.fault(json!({ "refunds": "pending" })).await;
    let pledge = app.paid_gift(2_500, "Anna").await;
    app.cancel(&pledge).await;
    app.settle().await;
    assert_eq!(app.status(&pledge).await, "refunding");
    let refund = app.effects().await["refunds"][0]["id"].as_str().expect("a refund").to_owned();
    app.control(
        "refund",
        json!({ "refund": refund, "status": "failed", "failure_reason": "expired_or_canceled_card" }),
    )
    .await;
    app.settle().await;
    assert_eq!(app.status(&pledge).await, "refunding");
    assert!(app.letters("anna@example.org").await.contains(&"refund_failed".to_owned()));
    app.verify().await;
}

#[tokio::test]
async fn f04_f05_f06_a_bank_that_stumbles_gives_one_session_and_one_refund() {
    for kind in ["429", "409", "500", "500_after_effect"] {
        let app = App::start().await;
        app.fault(json!({ "endpoint": "checkout/sessions", "kind": kind, "times": 1, "method": "POST" })).await;
        let body = json!({ "amount_cents": 2_500, "email": "anna@example.org" });
        let (mut status, mut pledge) = app.pledge("kookclub", "stumble", &body).await;
        for _ in 0..3 {
            if status == 503 {
                (status, pledge) = app.pledge("kookclub", "stumble", &body).await;
            }
        }
        assert_eq!(status, 201, "{kind}: {pledge}");
        app.at_the_bank(&pledge, "pay").await;
        app.settle().await;
        assert_eq!(app.status(&pledge).await, "held", "{kind}");
        app.fault(json!({ "endpoint": "refunds", "kind": kind, "times": 1, "method": "POST" })).await;
        assert_eq!(app.cancel(&pledge).await, 200);
        for _ in 0..5 {
            app.advance(60).await;
        }
        assert_eq!(app.status(&pledge).await, "refunded", "{kind}");
        assert_eq!(app.effects().await["refunds"].as_array().map(Vec::len), Some(1), "{kind}");
        app.verify().await;
    }
}

#[tokio::test]
async fn f08_a_bank_that_is_down_leaves_nothing_half_made() {
    let app = App::start().await;
    app.fault(json!({ "endpoint": "*", "kind": "500", "times": 1000 })).await;
    let body = json!({ "amount_cents": 2_500, "email": "anna@example.org" });
    let (status, problem) = app.pledge("kookclub", "down", &body).await;
    assert_eq!(status, 503, "{problem}");
    let page = app.http.get(app.url("/healthz")).send().await.expect("an answer");
    assert_eq!(page.status(), 200);
    app.fault(json!({ "clear": true })).await;
    let (status, pledge) = app.pledge("kookclub", "down", &body).await;
    assert_eq!(status, 201, "{pledge}");
    app.at_the_bank(&pledge, "pay").await;
    app.settle().await;
    assert_eq!(app.standing().await.held.0, 2_500);
    app.verify().await;
}

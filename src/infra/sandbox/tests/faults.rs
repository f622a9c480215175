//! Keys, limits and ordered faults, over HTTP.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::json;

use super::{Bank, KEY, session_form};

#[tokio::test]
async fn a_key_gives_the_same_answer_and_no_second_effect() {
    let bank = Bank::open().await;
    let payment = bank.paid(2_500).await;
    let (_, first) = bank.refund(&payment, Some(1_000), Some("k1")).await;
    let url = format!("{}/v1/refunds", bank.base);
    let form = [("amount", "1000"), ("payment_intent", payment.as_str())];
    let again =
        bank.http.post(url).bearer_auth(KEY).header("Idempotency-Key", "k1").form(&form).send().await.expect("answers");
    assert_eq!(again.headers()["idempotent-replayed"], "true");
    assert_eq!(again.json::<serde_json::Value>().await.expect("JSON"), first);
    let (status, other) = bank.refund(&payment, Some(999), Some("k1")).await;
    assert_eq!((status, &other["error"]["type"]), (StatusCode::BAD_REQUEST, &json!("idempotency_error")));
    assert_eq!(bank.effects().await["refunded_by_payment"], json!({ payment.clone(): 1_000 }));
    bank.advance(24 * 60 * 60);
    assert_eq!(bank.refund(&payment, Some(999), Some("k1")).await.0, StatusCode::OK, "forgotten after a day");
}

#[tokio::test]
async fn wrong_parameters_do_not_use_up_a_key_but_a_refusal_does() {
    let bank = Bank::open().await;
    let mut form = session_form(2_500);
    form[0].1 = "nonsense".to_owned();
    assert_eq!(bank.post("/v1/checkout/sessions", &form, Some("k1")).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(bank.post("/v1/checkout/sessions", &session_form(2_500), Some("k1")).await.0, StatusCode::OK);
    let payment = bank.paid(500).await;
    assert_eq!(bank.refund(&payment, Some(501), Some("k2")).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(bank.refund(&payment, Some(500), Some("k2")).await.1["error"]["type"], "idempotency_error");
}

#[tokio::test]
async fn a_key_under_way_is_a_conflict_even_when_its_caller_hung_up() {
    let bank = Bank::open().await;
    let payment = bank.paid(2_500).await;
    bank.control("faults", json!({ "endpoint": "refunds", "kind": "stall_ms", "stall_ms": 300 })).await;
    let slow = tokio::time::timeout(Duration::from_millis(100), bank.refund(&payment, None, Some("k1"))).await;
    assert!(slow.is_err(), "the caller lost patience");
    let (status, answer) = bank.refund(&payment, None, Some("k1")).await;
    assert_eq!((status, &answer["error"]["code"]), (StatusCode::CONFLICT, &json!("idempotency_key_in_use")));
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert_eq!(bank.effects().await["refunds"].as_array().map(Vec::len), Some(1), "the work was done all the same");
    assert_eq!(bank.refund(&payment, None, Some("k1")).await.0, StatusCode::OK);
}

#[tokio::test]
async fn ordered_failures_do_what_they_say() {
    let bank = Bank::open().await;
    let payment = bank.paid(2_500).await;
    for (kind, status) in [("429", 429), ("409", 409), ("500", 500)] {
        bank.control("faults", json!({ "endpoint": "refunds", "kind": kind })).await;
        assert_eq!(bank.refund(&payment, Some(100), Some("k1")).await.0.as_u16(), status);
    }
    assert_eq!(bank.effects().await["refunds"], json!([]), "none of these had an effect");
    assert_eq!(bank.refund(&payment, Some(100), Some("k1")).await.0, StatusCode::OK, "nor used up the key");

    bank.control("faults", json!({ "endpoint": "refunds", "kind": "500_after_effect" })).await;
    for _ in 0..2 {
        assert_eq!(bank.refund(&payment, Some(200), Some("k2")).await.0.as_u16(), 500, "a remembered 500 stays");
    }
    let effects = bank.effects().await;
    assert_eq!(effects["refunded_by_payment"], json!({ payment.clone(): 300 }));
    assert_eq!(effects["refunds"][1]["idempotency_key"], "k2");

    bank.control("faults", json!({ "endpoint": "refunds", "kind": "timeout" })).await;
    let lost = tokio::time::timeout(Duration::from_millis(200), bank.refund(&payment, Some(400), Some("k3"))).await;
    assert!(lost.is_err(), "the answer never comes");
    assert_eq!(bank.refund(&payment, Some(400), Some("k3")).await.1["amount"], 400, "the same key finds it");
    assert_eq!(bank.effects().await["refunded_by_payment"], json!({ payment: 700 }));
}

#[tokio::test]
async fn the_limit_on_requests_answers_429() {
    let bank = Bank::open_with(None, Some(3)).await;
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(bank.get("/v1/balance").await.0.as_u16());
    }
    // A second may end in between; the fourth is refused unless it did.
    assert!(statuses[..3] == [200, 200, 200], "{statuses:?}");
    assert!(statuses[3] == 429 || statuses[3] == 200, "{statuses:?}");
}

#[tokio::test]
async fn only_the_right_key_is_let_in() {
    let bank = Bank::open().await;
    let url = format!("{}/v1/balance", bank.base);
    let status = async |request: reqwest::RequestBuilder| request.send().await.expect("answers").status();
    assert_eq!(status(bank.http.get(&url)).await, StatusCode::UNAUTHORIZED);
    assert_eq!(status(bank.http.get(&url).bearer_auth("sk_test_other")).await, StatusCode::UNAUTHORIZED);
    assert_eq!(status(bank.http.get(&url).basic_auth(KEY, Some(""))).await, StatusCode::OK);
}

//! Webhooks that arrive, or do not, and a memory that outlives the process.

use std::io::Write as _;
use std::sync::atomic::Ordering;

use axum::http::StatusCode;
use serde_json::json;

use super::{Bank, text};

const PAID: [&str; 3] = ["charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"];

#[tokio::test]
async fn events_arrive_in_order_and_once() {
    let bank = Bank::open().await;
    let payment = bank.paid(2_500).await;
    bank.refund(&payment, None, None).await;
    bank.sandbox.tick().await;
    bank.sandbox.tick().await;
    let expected: Vec<&str> = PAID.into_iter().chain(["refund.created", "charge.refunded"]).collect();
    assert_eq!(bank.received_kinds(), expected);
    let (_, events) = bank.get("/v1/events?delivery_success=true").await;
    assert_eq!(events["data"].as_array().map(Vec::len), Some(5));
}

#[tokio::test]
async fn a_refused_webhook_is_sent_again_later_and_later() {
    let bank = Bank::open().await;
    bank.receiver_says.store(503, Ordering::SeqCst);
    bank.paid(2_500).await;
    bank.sandbox.tick().await;
    bank.receiver_says.store(200, Ordering::SeqCst);
    bank.sandbox.tick().await;
    assert!(bank.received_kinds().is_empty(), "not before the pause is over");
    bank.advance(1);
    bank.sandbox.tick().await;
    assert_eq!(bank.received_kinds(), PAID);
}

#[tokio::test]
async fn webhooks_misbehave_when_told_to() {
    let bank = Bank::open().await;
    for (mode, times) in
        [(json!("lost"), 0), (json!("twice"), 2), (json!("ten_times_parallel"), 10), (json!("normal"), 1)]
    {
        bank.control("faults", json!({ "webhooks": mode })).await;
        bank.received.lock().expect("not poisoned").clear();
        bank.paid(2_500).await;
        bank.sandbox.tick().await;
        let kinds = bank.received_kinds();
        assert_eq!(kinds.iter().filter(|kind| *kind == PAID[2]).count(), times, "{mode}");
    }
    bank.received.lock().expect("not poisoned").clear();
    bank.control("faults", json!({ "webhooks": "reversed" })).await;
    bank.paid(2_500).await;
    bank.sandbox.tick().await;
    assert!(bank.received_kinds().iter().rev().eq(PAID), "{:?}", bank.received_kinds());
    bank.received.lock().expect("not poisoned").clear();
    bank.control("faults", json!({ "webhooks": { "late_seconds": 60 } })).await;
    bank.paid(2_500).await;
    bank.sandbox.tick().await;
    assert!(bank.received_kinds().is_empty());
    bank.advance(60);
    bank.sandbox.tick().await;
    assert_eq!(bank.received_kinds(), PAID);
}

#[tokio::test]
async fn a_lost_event_can_be_read_and_sent_again() {
    let bank = Bank::open().await;
    bank.control("faults", json!({ "webhooks": "lost" })).await;
    bank.paid(2_500).await;
    let (_, events) = bank.get("/v1/events?type=checkout.session.completed").await;
    let event = text(&events["data"][0]["id"]);
    assert_eq!(bank.control("resend", json!({ "event_id": event })).await["arrived"], true);
    assert_eq!(bank.received_kinds(), ["checkout.session.completed"]);
    assert_eq!(bank.get(&format!("/v1/events/{event}")).await.0, StatusCode::OK);
}

#[tokio::test]
async fn the_journal_survives_a_torn_last_line() {
    let path = std::env::temp_dir().join(format!("sandbox-{}.jsonl", crate::infra::random::secret()));
    let (open_session, payment) = {
        let bank = Bank::open_with(Some(path.clone()), None).await;
        let (session, payment) = (bank.new_session(700).await, bank.paid(2_500).await);
        assert_eq!(bank.refund(&payment, Some(1_000), Some("k1")).await.0, StatusCode::OK);
        (session, payment)
    };
    let whole_lines = std::fs::read(&path).expect("written");
    let mut file = std::fs::OpenOptions::new().append(true).open(&path).expect("there");
    file.write_all(b"[{\"refund\":{\"id\":\"re_").expect("writes");
    for _ in 0..2 {
        let bank = Bank::open_with(Some(path.clone()), None).await;
        assert_eq!(std::fs::read(&path).expect("there"), whole_lines, "the torn line is gone");
        let effects = bank.effects().await;
        assert_eq!((&effects["sessions"], &effects["payments_succeeded"]), (&json!(2), &json!(1)));
        assert_eq!(effects["refunded_by_payment"], json!({ payment.clone(): 1_000 }));
        let (status, _) = bank.refund(&payment, Some(999), Some("k1")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "keys are remembered too");
        let (_, session) = bank.get(&format!("/v1/checkout/sessions/{open_session}")).await;
        assert_eq!(session["url"], format!("{}/pay/{open_session}", bank.base), "under the new address");
    }
    let bank = Bank::open_with(Some(path.clone()), None).await;
    bank.sandbox.tick().await;
    assert_eq!(bank.received_kinds().len(), 5, "what was not delivered before is now");
    std::fs::remove_file(&path).expect("there");
}

//! The provider asks to be left alone for a while: every process of the database does.

use std::time::{Duration, Instant};

use drempel::features::ledger::Account;
use drempel::infra::stripe::{Limiter, ProviderError};
use serde_json::json;

use crate::support::App;

#[tokio::test]
async fn f06_a_short_wish_is_waited_for_and_a_long_one_fails_at_once() {
    let app = App::start().await;
    let anna = app.paid_gift(2_500, "Anna").await;
    assert_eq!(app.cancel(&anna).await, 200);
    // two seconds: the call that was refused is made again after them
    app.fault(json!({ "endpoint": "refunds", "kind": "429", "retry_after": 2, "times": 1, "method": "POST" })).await;
    let begun = Instant::now();
    app.settle().await;
    assert!(begun.elapsed() >= Duration::from_millis(1_900), "{:?}", begun.elapsed());
    assert_eq!(app.state_in_database(&anna).await, "refunded");
    assert_eq!(app.effects().await["refunds"].as_array().map(Vec::len), Some(1));
    // an hour: a minute is the most, and nobody sits it out
    app.fault(json!({ "endpoint": "*", "kind": "429", "retry_after": 3_600, "times": 1 })).await;
    let begun = Instant::now();
    assert!(matches!(app.s.stripe.balance().await, Err(ProviderError::Busy(_))));
    assert!(matches!(app.s.stripe.balance().await, Err(ProviderError::Busy(_))));
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    // another process of the same database learns it from its first slot
    let other = Limiter::new(app.s.db.clone(), app.s.clock.clone(), 20);
    assert!(!other.wait("balance.get").await.expect("a slot"));
    let begun = Instant::now();
    assert!(!other.wait("balance.get").await.expect("a slot"));
    assert!(begun.elapsed() < Duration::from_millis(500));
    let held = app.count("SELECT next_at_micros FROM rate_slots WHERE name = 'all'").await;
    let left = held - app.s.clock.unmoved_micros();
    assert!((50_000_000..=61_000_000).contains(&left), "{left}");
    // a pledge made meanwhile waits for its page and is not lost
    let body = json!({ "amount_cents": 2_500, "email": "bert@example.org", "language": "nl" });
    let (status, answer) = app.pledge("kookclub", "held-back", &body).await;
    assert_eq!(status, 503, "{answer}");
    assert_eq!(app.standing().await.reserved.0, 2_500);
}

/// What the provider knows nothing of, it refuses for good.
#[tokio::test]
async fn f46_a_refund_that_is_refused_past_the_term_of_its_method_is_unclaimed() {
    let app = App::start().await;
    app.read_the_balance().await;
    let old = app.paid_gift(2_500, "Anna").await;
    let young = app.paid_gift(3_000, "Bert").await;
    app.read_the_balance().await;
    app.sql("UPDATE payments SET intent_id = 'pi_gone_' || id").await.expect("a change");
    app.sql("UPDATE payments SET succeeded_at = '2025-11-01T12:00:00.000Z' WHERE amount_cents = 2500")
        .await
        .expect("a year");
    for pledge in [&old, &young] {
        assert_eq!(app.cancel(pledge).await, 200);
    }
    for _ in 0..6 {
        app.advance(10).await;
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM refunds WHERE state = 'unclaimed' AND failure = 'too_old'").await, 1);
    assert_eq!(app.count("SELECT COUNT(*) FROM refunds WHERE state = 'requested' AND last_error <> ''").await, 1);
    assert_eq!(app.account(Account::UnclaimedRefunds).await, -2_500);
    let refused = "SELECT COUNT(*) FROM cases WHERE kind = 'refund_refused' AND state = 'open' AND amount_cents = 3000";
    assert_eq!(app.count(refused).await, 1);
    assert_eq!(app.count("SELECT COUNT(*) FROM cases WHERE kind = 'refund_refused'").await, 1);
    assert!(app.letters("anna@example.org").await.contains(&"refund_failed".to_owned()));
    assert!(!app.letters("bert@example.org").await.contains(&"refund_failed".to_owned()));
    app.verify().await;
}

//! Refunds in all their forms: waiting, failing late, made by hand, forbidden by a dispute.

use drempel::features::ledger::Account;
use drempel::values::Cents;
use serde_json::{Value, json};

use crate::support::App;

const DAY: i64 = 24 * 3_600;

impl App {
    /// The session behind a pledge's page at the bank.
    pub fn session(pledge: &Value) -> String {
        pledge["checkout_url"].as_str().and_then(|url| url.rsplit('/').next()).expect("a session").to_owned()
    }

    /// The provider's id of a pledge's payment.
    pub async fn intent(&self, pledge: &Value) -> String {
        let mut conn = self.s.db.read().await.expect("a connection");
        let (id,): (String,) = sqlx::query_as(
            "SELECT y.intent_id FROM payments y JOIN pledges p ON p.id = y.pledge_id WHERE p.reference = $1",
        )
        .bind(pledge["reference"].as_str())
        .fetch_one(&mut *conn)
        .await
        .expect("a payment");
        id
    }

    /// Refunds in the provider's dashboard, past us.
    pub async fn refund_by_hand(&self, pledge: &Value, cents: i64) -> Value {
        let intent = self.intent(pledge).await;
        let answer = self
            .http
            .post(self.url("/dev/bank/v1/refunds"))
            .bearer_auth(&self.s.settings.stripe.secret_key)
            .form(&[("payment_intent", intent), ("amount", cents.to_string())])
            .send()
            .await
            .expect("the bank");
        assert!(answer.status().is_success());
        answer.json().await.expect("JSON")
    }

    /// The state of the only refund of its kind, and what it waits for.
    pub async fn refund_states(&self) -> Vec<(String, String, i64)> {
        let mut conn = self.s.db.read().await.expect("a connection");
        sqlx::query_as("SELECT state, pending_reason, amount_cents FROM refunds ORDER BY created_at, id")
            .fetch_all(&mut *conn)
            .await
            .expect("refunds")
    }

    async fn provider_refund(&self) -> String {
        self.effects().await["refunds"][0]["id"].as_str().expect("a refund").to_owned()
    }
}

fn state(state: &str, reason: &str, cents: i64) -> (String, String, i64) {
    (state.to_owned(), reason.to_owned(), cents)
}

#[tokio::test]
async fn f44_f45_refunds_wait_for_the_charge_and_for_money_and_keep_their_order() {
    let app = App::start().await;
    app.read_the_balance().await;
    app.fault(json!({ "refunds": "by_balance" })).await;
    let anna = app.paid_gift(2_500, "Anna").await;
    assert_eq!(app.cancel(&anna).await, 200);
    app.settle().await;
    assert_eq!(app.refund_states().await, [state("pending", "charge_pending", 2_500)]);
    assert_eq!(app.count("SELECT COUNT(*) FROM cases").await, 0);
    app.verify().await;
    // settled by now, but the fee of 29 cents lacks
    app.advance(4 * DAY).await;
    app.advance(7_300).await;
    assert_eq!(app.refund_states().await, [state("pending", "insufficient_funds", 2_500)]);
    assert_eq!(app.count("SELECT amount_cents FROM cases WHERE kind = 'stuck' AND state = 'open'").await, 2_500);
    assert_eq!(app.status(&anna).await, "refunding");
    app.told("book", json!({ "category": "fee", "amount": 100 })).await;
    app.advance(1_000).await;
    app.settle().await;
    assert_eq!(app.refund_states().await, [state("succeeded", "", 2_500)]);
    assert_eq!(app.status(&anna).await, "refunded");
    assert_eq!(app.count("SELECT COUNT(*) FROM cases WHERE state = 'open'").await, 0);
    assert_eq!(app.effects().await["refunds"].as_array().map(Vec::len), Some(1));
    app.advance(1_000).await;
    app.verify().await;
}

#[tokio::test]
async fn f46_f47_what_succeeded_may_fail_later_and_the_money_is_unclaimed() {
    let app = App::start().await;
    app.read_the_balance().await;
    let anna = app.paid_gift(2_500, "Anna").await;
    app.cancel(&anna).await;
    app.settle().await;
    assert_eq!(app.status(&anna).await, "refunded");
    let id = app.provider_refund().await;
    app.control("refund", json!({ "refund": id, "status": "failed", "failure_reason": "expired_or_canceled_card" }))
        .await;
    app.settle().await;
    assert_eq!(app.status(&anna).await, "refunding");
    assert_eq!(app.account(Account::UnclaimedRefunds).await, -2_500);
    app.advance(1_000).await;
    // both legs are in the balance and in the books
    assert_eq!(app.count("SELECT COUNT(*) FROM balance_transactions WHERE matched_kind = 'refund'").await, 2);
    app.verify().await;
}

#[tokio::test]
async fn a_refund_that_waits_for_the_backer_and_is_canceled_is_unclaimed() {
    let app = App::start().await;
    app.read_the_balance().await;
    app.fault(json!({ "refunds": "pending" })).await;
    let anna = app.paid_gift(2_500, "Anna").await;
    app.cancel(&anna).await;
    app.settle().await;
    let id = app.provider_refund().await;
    app.control("refund", json!({ "refund": id, "status": "requires_action" })).await;
    app.settle().await;
    assert_eq!(app.refund_states().await, [state("pending", "requires_action", 2_500)]);
    app.control("refund", json!({ "refund": id, "status": "canceled" })).await;
    app.settle().await;
    // the backer is asked for an account at once
    assert_eq!(app.refund_states().await, [state("unclaimed", "", 2_500)]);
    // it never left the balance
    assert_eq!((app.account(Account::UnclaimedRefunds).await, app.account(Account::PspAvailable).await), (-2_500, 0));
    app.advance(20 * DAY).await;
    app.verify().await;
}

#[tokio::test]
async fn f48_a_refund_by_hand_is_taken_over_by_event_and_never_repeated() {
    let app = App::start().await;
    app.read_the_balance().await;
    let anna = app.paid_gift(2_500, "Anna").await;
    app.refund_by_hand(&anna, 2_500).await;
    app.settle().await;
    assert_eq!(app.state_in_database(&anna).await, "refunded");
    assert_eq!(app.standing().await.held.0, 0);
    assert_eq!(app.count("SELECT COUNT(*) FROM cases WHERE kind = 'refund_by_hand'").await, 1);
    assert_ne!(app.cancel(&anna).await, 200);
    app.advance(DAY).await;
    assert_eq!(app.effects().await["refunds"].as_array().map(Vec::len), Some(1));
    assert_eq!(app.letters("anna@example.org").await, ["payment_received", "pledge_received", "refund_sent"]);
    app.verify().await;
}

#[tokio::test]
async fn f48_a_refund_by_hand_without_news_is_found_in_the_balance() {
    let app = App::start().await;
    app.read_the_balance().await;
    let anna = app.paid_gift(2_500, "Anna").await;
    app.fault(json!({ "webhooks": "lost" })).await;
    app.refund_by_hand(&anna, 2_500).await;
    app.settle().await;
    assert_eq!(app.state_in_database(&anna).await, "held");
    app.advance(1_000).await;
    assert_eq!(app.state_in_database(&anna).await, "refunded");
    app.verify().await;
}

#[tokio::test]
async fn f49_a_part_by_hand_lessens_what_is_held_and_what_is_refunded() {
    let app = App::start().await;
    app.read_the_balance().await;
    let anna = app.paid_gift(2_500, "Anna").await;
    app.refund_by_hand(&anna, 1_000).await;
    app.settle().await;
    assert_eq!(app.state_in_database(&anna).await, "held");
    assert_eq!((app.standing().await.held, app.standing().await.available()), (Cents(1_500), Cents(98_500)));
    app.verify().await;
    assert_eq!(app.cancel(&anna).await, 200);
    app.settle().await;
    assert_eq!(app.state_in_database(&anna).await, "refunded");
    let intent = app.intent(&anna).await;
    assert_eq!(app.effects().await["refunded_by_payment"][&intent], 2_500);
    app.advance(1_000).await;
    app.verify().await;
}

/// A part of a gift went back by hand without news of it, and the whole was cancelled: it is refunded in two.
pub async fn part_found_late() -> (App, Value) {
    let app = App::start().await;
    app.read_the_balance().await;
    let anna = app.paid_gift(2_500, "Anna").await;
    app.fault(json!({ "webhooks": "lost" })).await;
    app.refund_by_hand(&anna, 1_000).await;
    assert_eq!(app.cancel(&anna).await, 200);
    app.advance(300).await;
    app.advance(300).await;
    assert_eq!(app.state_in_database(&anna).await, "refunded");
    (app, anna)
}

#[tokio::test]
async fn f49_a_part_by_hand_that_is_found_when_ours_is_refused() {
    let (app, anna) = part_found_late().await;
    let intent = app.intent(&anna).await;
    assert_eq!(app.effects().await["refunded_by_payment"][&intent], 2_500);
    assert_eq!(app.refund_states().await, [state("succeeded", "", 1_500), state("succeeded", "", 1_000)]);
    app.advance(1_000).await;
    app.verify().await;
}

#[tokio::test]
async fn f49_a_part_by_hand_counts_in_the_closing() {
    let app = App::start_with(1_000, 10).await;
    app.read_the_balance().await;
    let anna = app.paid_gift(2_500, "Anna").await;
    app.refund_by_hand(&anna, 1_000).await;
    app.settle().await;
    let mut conn = app.s.db.read().await.expect("a connection");
    let held = drempel::features::pledges::actions::held_of_round(&mut conn, "rnd_1").await.expect("held pledges");
    assert_eq!(held.iter().map(|pledge| pledge.amount).collect::<Vec<_>>(), [Cents(1_500)]);
    drop(conn);
    app.advance(10 * 86_400 + 60).await;
    crate::closing::decide(&app).await;
    app.settle().await;
    assert_eq!(app.state_in_database(&anna).await, "released");
    app.verify().await;
}

#[tokio::test]
async fn f49_after_a_part_by_hand_a_failed_round_sends_back_the_rest() {
    let app = App::start().await;
    app.read_the_balance().await;
    let anna = app.paid_gift(2_500, "Anna").await;
    app.refund_by_hand(&anna, 1_000).await;
    app.settle().await;
    app.advance(10 * 86_400 + 60).await;
    crate::closing::decide(&app).await;
    app.settle().await;
    assert_eq!(app.state_in_database(&anna).await, "refunded");
    let effects = app.effects().await;
    let amounts: Vec<i64> =
        effects["refunds"].as_array().into_iter().flatten().filter_map(|r| r["amount"].as_i64()).collect();
    assert_eq!(amounts, [1_000, 1_500]);
    app.verify().await;
}

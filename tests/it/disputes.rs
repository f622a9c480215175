//! Disputes and warnings: held, decided, lost and won, in every order of the news, before and after the money went on.

use drempel::features::ledger::Account;
use drempel::features::payments::disputes;
use drempel::infra::stripe::{DisputeStage, ProviderDispute};
use drempel::values::Cents;
use serde_json::{Value, json};

use crate::support::App;

const DAY: i64 = 24 * 3_600;
const FEE: i64 = 2_000;

impl App {
    pub async fn dispute(&self, pledge: &Value, status: &str) -> String {
        let dispute = self.told("dispute", json!({ "session": App::session(pledge), "status": status })).await;
        let id = dispute["id"].as_str().unwrap_or_else(|| panic!("no dispute: {dispute}")).to_owned();
        self.settle().await;
        id
    }

    pub async fn decide(&self, dispute: &str, status: &str) {
        self.control("dispute", json!({ "dispute": dispute, "status": status })).await;
        self.settle().await;
    }

    async fn open_cases(&self, kind: &str) -> i64 {
        let mut conn = self.s.db.read().await.expect("a connection");
        let (count,): (i64,) = sqlx::query_as("SELECT COUNT(*) FROM cases WHERE kind = $1 AND state = 'open'")
            .bind(kind)
            .fetch_one(&mut *conn)
            .await
            .expect("a number");
        count
    }
}

#[tokio::test]
async fn f32_f34_a_held_pledge_is_set_aside_and_held_again_when_the_dispute_is_won() {
    let app = App::start().await;
    app.read_the_balance().await;
    let anna = app.paid_gift(2_500, "Anna").await;
    let dispute = app.dispute(&anna, "needs_response").await;
    assert_eq!(app.status(&anna).await, "disputed");
    assert_eq!(app.standing().await.held.0, 0);
    assert_eq!((app.account(Account::DisputeHold).await, app.account(Account::PspDisputed).await), (-2_500, 2_500));
    assert_ne!(app.cancel(&anna).await, 200, "no refund as well");
    assert_eq!(app.open_cases("dispute").await, 1);
    app.advance(1_000).await;
    app.verify().await;
    app.decide(&dispute, "under_review").await;
    app.decide(&dispute, "won").await;
    assert_eq!(app.status(&anna).await, "held");
    assert_eq!(app.standing().await.held.0, 2_500);
    assert_eq!((app.account(Account::DisputeHold).await, app.account(Account::PspDisputed).await), (0, 0));
    assert_eq!(app.account(Account::PspFees).await, FEE + 29);
    assert_eq!(app.open_cases("dispute").await, 0);
    app.advance(4 * DAY).await;
    assert_eq!(app.at_the_provider().await, (app.account(Account::PspAvailable).await, 0));
    app.verify().await;
}

#[tokio::test]
async fn f34_a_lost_dispute_ends_a_held_pledge_as_refunded_without_a_loss() {
    let app = App::start().await;
    app.read_the_balance().await;
    let anna = app.paid_gift(2_500, "Anna").await;
    let dispute = app.dispute(&anna, "needs_response").await;
    app.decide(&dispute, "lost").await;
    assert_eq!(app.status(&anna).await, "refunded");
    assert_eq!((app.account(Account::DisputeHold).await, app.account(Account::DisputeLoss).await), (0, 0));
    assert_eq!(app.effects().await["refunds"], json!([]));
    app.advance(4 * DAY).await;
    assert_eq!(app.at_the_provider().await, (-FEE - 29, 0));
    assert_eq!(app.account(Account::PspAvailable).await, -FEE - 29);
    app.verify().await;
}

#[tokio::test]
async fn a_question_of_the_bank_moves_no_money_and_may_become_a_dispute() {
    let app = App::start().await;
    app.read_the_balance().await;
    let anna = app.paid_gift(2_500, "Anna").await;
    let bert = app.paid_gift(2_500, "Bert").await;
    let asked = app.dispute(&anna, "warning_needs_response").await;
    assert_eq!((app.status(&anna).await.as_str(), app.open_cases("dispute").await), ("held", 1));
    app.decide(&asked, "warning_closed").await;
    assert_eq!((app.status(&anna).await.as_str(), app.open_cases("dispute").await), ("held", 0));
    let asked = app.dispute(&bert, "warning_needs_response").await;
    app.decide(&asked, "needs_response").await;
    assert_eq!(app.status(&bert).await, "disputed");
    app.decide(&asked, "lost").await;
    assert_eq!(app.status(&bert).await, "refunded");
    app.advance(1_000).await;
    app.verify().await;
}

#[tokio::test]
async fn f33_a_dispute_after_the_release_is_a_loss_with_a_case_and_letters() {
    let app = App::start_with(1_000, 10).await;
    app.read_the_balance().await;
    let anna = app.paid_gift(2_500, "Anna").await;
    app.sql("UPDATE pledges SET state = 'released'").await.expect("a release");
    app.sql("UPDATE pledge_totals SET held_cents = 0").await.expect("a release");
    let dispute = app.dispute(&anna, "needs_response").await;
    app.decide(&dispute, "lost").await;
    assert_eq!(app.state_in_database(&anna).await, "released");
    assert_eq!((app.account(Account::DisputeLoss).await, app.account(Account::PspDisputed).await), (2_500, 0));
    assert_eq!(app.open_cases("loss").await, 1);
    app.settle().await;
    for told in ["owner@kookclub.example", "treasurer1@drempel.example", "treasurer2@drempel.example"] {
        assert_eq!(app.letters(told).await, ["dispute_loss"], "{told}");
    }
}

#[tokio::test]
async fn f50_a_refund_that_meets_a_dispute_is_stopped_and_the_dispute_decides() {
    for (decision, refunds) in [("won", 1), ("lost", 0)] {
        let app = App::start().await;
        app.read_the_balance().await;
        let anna = app.paid_gift(2_500, "Anna").await;
        // the provider has the dispute and we have not heard of it
        app.fault(json!({ "webhooks": "lost" })).await;
        let told = app.told("dispute", json!({ "session": App::session(&anna) })).await;
        let dispute = told["id"].as_str().expect("a dispute").to_owned();
        assert_eq!(app.cancel(&anna).await, 200);
        app.settle().await;
        assert_eq!(app.count("SELECT COUNT(*) FROM refunds WHERE state = 'stopped'").await, 1);
        assert_eq!(app.open_cases("dispute").await, 1);
        app.fault(json!({ "webhooks": "normal" })).await;
        app.decide(&dispute, decision).await;
        app.settle().await;
        assert_eq!(app.state_in_database(&anna).await, "refunded", "{decision}");
        assert_eq!(app.effects().await["refunds"].as_array().map(Vec::len), Some(refunds), "{decision}");
        assert_eq!(app.account(Account::DisputeLoss).await, 0);
        app.advance(1_000).await;
        app.verify().await;
    }
}

#[tokio::test]
async fn f51_a_reversal_after_our_refund_is_a_double_loss_and_blocks_the_debit() {
    let app = App::start().await;
    app.read_the_balance().await;
    let anna = app.paid_gift(2_500, "Anna").await;
    app.sql("UPDATE payments SET method = 'sepa_debit'").await.expect("a debit");
    app.cancel(&anna).await;
    app.settle().await;
    assert_eq!(app.status(&anna).await, "refunded");
    let dispute = app.dispute(&anna, "needs_response").await;
    app.decide(&dispute, "lost").await;
    assert_eq!(app.account(Account::DisputeLoss).await, 2_500);
    assert_eq!(app.open_cases("loss").await, 1);
    assert_eq!(app.count("SELECT COUNT(*) FROM payment_blocks WHERE method = 'sepa_debit'").await, 1);
    app.advance(1_000).await;
    app.verify().await;
}

#[tokio::test]
async fn f31_a_warning_of_fraud_refunds_before_a_dispute_comes() {
    let app = App::start().await;
    app.read_the_balance().await;
    let anna = app.paid_gift(2_500, "Anna").await;
    app.control("warning", json!({ "session": App::session(&anna) })).await;
    app.settle().await;
    assert_eq!(app.status(&anna).await, "refunded");
    assert_eq!((app.standing().await.held.0, app.open_cases("fraud_warning").await), (0, 1));
    assert_eq!(app.count("SELECT COUNT(*) FROM refunds WHERE cause = 'fraud'").await, 1);
    app.advance(1_000).await;
    app.verify().await;
}

/// F34: whatever the order and repetition in which a dispute's news is applied, books and pledge end the same.
#[tokio::test]
async fn f34_every_order_and_repetition_of_news_ends_the_same() {
    for end in [DisputeStage::Won, DisputeStage::Lost] {
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            let app = App::start().await;
            let anna = app.paid_gift(2_500, "Anna").await;
            let intent_id = app.intent(&anna).await;
            let news = |stage, taken, returned| ProviderDispute {
                id: "du_1".to_owned(),
                intent_id: intent_id.clone(),
                amount: Cents(2_500),
                stage,
                reason: "fraudulent".to_owned(),
                opened_at: app.s.clock.now(),
                fee: if taken { Cents(FEE) } else { Cents::ZERO },
                taken,
                returned,
            };
            let all = [
                news(DisputeStage::Warning, false, false),
                news(DisputeStage::Open, true, false),
                news(end, true, end == DisputeStage::Won),
            ];
            for place in order {
                for _ in 0..2 {
                    assert!(disputes::apply(&app.s, &all[place]).await.expect("applied"));
                }
            }
            let (status, held) = if end == DisputeStage::Won { ("held", 2_500) } else { ("refunded", 0) };
            assert_eq!((app.status(&anna).await.as_str(), app.standing().await.held.0), (status, held), "{order:?}");
            for account in [Account::DisputeHold, Account::PspDisputed, Account::DisputeLoss] {
                assert_eq!(app.account(account.clone()).await, 0, "{account} {order:?}");
            }
            assert_eq!(app.account(Account::PspFees).await, FEE + 29, "{order:?}");
            app.verify().await;
        }
    }
}

#[tokio::test]
async fn a_payer_disputes_on_the_banks_page_and_the_bank_decides_there() {
    let app = App::start().await;
    let anna = app.paid_gift(2_500, "Anna").await;
    let url = anna["checkout_url"].as_str().expect("a bank's page");
    let page = app.http.get(url).send().await.expect("a page").text().await.expect("a page");
    assert!(page.contains("value=\"dispute\"") && !page.contains("dispute_won"));
    assert_eq!(app.at_the_bank(&anna, "dispute").await, 303);
    app.settle().await;
    assert_eq!(app.status(&anna).await, "disputed");
    assert_eq!(app.at_the_bank(&anna, "dispute_lost").await, 303);
    app.settle().await;
    assert_eq!(app.status(&anna).await, "refunded");
    assert_eq!(app.at_the_bank(&anna, "dispute_lost").await, 400);
}

//! The provider's balance read line by line: fees, the moment money becomes available, payouts, and money nobody knows.

use drempel::features::ledger::{self, Account};
use drempel::features::payments::balance;
use drempel::infra::facts;
use serde_json::{Value, json};

use crate::support::App;

const DAY: i64 = 24 * 3_600;

impl App {
    /// Reads the provider's balance now; it comes again by itself every quarter of an hour.
    pub async fn read_the_balance(&self) {
        balance::sweep(&self.s).await.expect("the provider's balance");
        self.settle().await;
    }

    pub async fn account(&self, account: Account) -> i64 {
        let mut conn = self.s.db.read().await.expect("a connection");
        ledger::actions::balance(&mut conn, &account).await.expect("a balance").0
    }

    /// What the bank says is available and pending.
    pub async fn at_the_provider(&self) -> (i64, i64) {
        let (available, pending) = self.s.stripe.balance().await.expect("a balance");
        (available.0, pending.0)
    }

    pub async fn count(&self, query: &'static str) -> i64 {
        let mut conn = self.s.db.read().await.expect("a connection");
        let (count,): (i64,) = sqlx::query_as(query).fetch_one(&mut *conn).await.expect("a number");
        count
    }

    pub async fn told(&self, what: &str, body: Value) -> Value {
        let answer = self.http.post(self.url(&format!("/dev/bank/control/{what}"))).json(&body).send().await;
        answer.expect("the bank's control").json().await.expect("JSON")
    }
}

#[tokio::test]
async fn money_is_pending_with_its_fee_until_it_is_available() {
    let app = App::start().await;
    app.read_the_balance().await;
    for (cents, name) in [(2_500, "Anna"), (5_000, "Bert"), (1_000, "Cato")] {
        app.paid_gift(cents, name).await;
    }
    app.advance(1_000).await;
    let net = 8_500 - 3 * 29;
    assert_eq!((app.account(Account::PspPending).await, app.account(Account::PspAvailable).await), (net, 0));
    assert_eq!(app.at_the_provider().await, (0, net));
    assert_eq!(
        app.count("SELECT COUNT(*) FROM balance_transactions WHERE state = 'pending' AND matched_kind = 'payment'")
            .await,
        3
    );
    app.verify().await;
    app.advance(4 * DAY).await;
    assert_eq!((app.account(Account::PspPending).await, app.account(Account::PspAvailable).await), (0, net));
    assert_eq!(app.at_the_provider().await, (net, 0));
    // three lines of the balance, one posting
    assert_eq!(app.count("SELECT COUNT(*) FROM ledger_transactions WHERE kind = 'settled'").await, 1);
    app.verify().await;
}

#[tokio::test]
async fn f69_a_fee_that_comes_days_late_is_posted_late_and_nothing_drifts() {
    let app = App::start().await;
    app.read_the_balance().await;
    app.fault(json!({ "fees_late_seconds": 5 * DAY })).await;
    app.paid_gift(2_500, "Anna").await;
    app.advance(2 * DAY).await;
    assert_eq!((app.account(Account::PspFees).await, app.account(Account::PspPending).await), (0, 2_500));
    app.verify().await;
    app.advance(4 * DAY).await;
    assert_eq!((app.account(Account::PspFees).await, app.account(Account::PspPending).await), (29, 2_471));
    assert_eq!(app.account(Account::Suspense).await, 0);
    app.verify().await;
    app.advance(4 * DAY).await;
    assert_eq!(app.at_the_provider().await, (2_471, 0));
    assert_eq!(app.account(Account::PspAvailable).await, 2_471);
    app.verify().await;
}

#[tokio::test]
async fn i12_i13_refunds_and_payouts_meet_their_lines_of_the_balance() {
    let app = App::start().await;
    app.read_the_balance().await;
    let anna = app.paid_gift(2_500, "Anna").await;
    app.paid_gift(5_000, "Bert").await;
    app.advance(4 * DAY).await;
    assert_eq!(app.cancel(&anna).await, 200);
    app.settle().await;
    app.advance(1_000).await;
    assert_eq!(app.count("SELECT COUNT(*) FROM balance_transactions WHERE matched_kind = 'refund'").await, 1);
    let left = 5_000 - 2 * 29;
    assert_eq!((app.account(Account::PspAvailable).await, app.at_the_provider().await), (left, (left, 0)));
    let payout = app.told("payout", json!({})).await;
    assert_eq!(payout["amount"], left);
    app.advance(1_000).await;
    assert_eq!((app.account(Account::PspAvailable).await, app.account(Account::PspInTransit).await), (0, left));
    app.verify().await;
    app.told("payout", json!({ "fail": payout["id"] })).await;
    app.advance(1_000).await;
    assert_eq!((app.account(Account::PspAvailable).await, app.account(Account::PspInTransit).await), (left, 0));
    assert_eq!(app.count("SELECT COUNT(*) FROM provider_payouts WHERE state = 'failed'").await, 1);
    assert_eq!(app.count("SELECT COUNT(*) FROM balance_transactions WHERE posted_at IS NULL").await, 0);
    app.verify().await;
}

#[tokio::test]
async fn f28_money_that_nobody_knows_is_set_aside_with_a_case() {
    let app = App::start().await;
    app.read_the_balance().await;
    app.told(
        "book",
        json!({ "category": "charge", "amount": 1_200, "fee": 29, "source": "ch_by_hand", "pending_seconds": DAY }),
    )
    .await;
    app.told("book", json!({ "category": "fee", "amount": -200 })).await;
    app.advance(1_000).await;
    assert_eq!((app.account(Account::Suspense).await, app.account(Account::PspFees).await), (-1_200, 229));
    assert_eq!((app.account(Account::PspPending).await, app.account(Account::PspAvailable).await), (1_171, -200));
    assert_eq!(app.count("SELECT COUNT(*) FROM cases WHERE kind = 'payment_unknown' AND state = 'open'").await, 1);
    // reading again changes nothing
    app.advance(2 * DAY).await;
    assert_eq!((app.account(Account::Suspense).await, app.at_the_provider().await), (-1_200, (971, 0)));
    assert_eq!(app.account(Account::PspAvailable).await, 971);
}

#[tokio::test]
async fn a_planted_difference_between_books_and_balance_is_found() {
    let app = App::start().await;
    app.read_the_balance().await;
    app.paid_gift(2_500, "Anna").await;
    app.advance(1_000).await;
    app.verify().await;
    app.sql("UPDATE balance_transactions SET fee_cents = 30, net_cents = 2470").await.expect("a change");
    let checks = drempel::app::verify::all(&app.s).await.expect("checks");
    let found: Vec<&str> = checks.iter().filter(|c| !c.offending.is_empty()).map(|c| c.name).collect();
    assert_eq!(found, ["I13"]);
    app.sql("UPDATE balance_transactions SET fee_cents = 29, net_cents = 2471, posting_key = 'paid:other'")
        .await
        .expect("a change");
    let checks = drempel::app::verify::all(&app.s).await.expect("checks");
    assert!(checks.iter().any(|c| c.name == "I12" && !c.offending.is_empty()));
}

/// A sweep that was killed between reading and explaining has read more than the books can be held against.
#[tokio::test]
async fn i12_a_posting_is_overdue_only_when_what_was_read_since_is_explained() {
    let app = App::start().await;
    app.read_the_balance().await;
    app.sql("UPDATE periodic_tasks SET off_at = due_at WHERE name IN ('balance', 'reconciliation')")
        .await
        .expect("switches");
    app.paid_gift(2_500, "Anna").await;
    app.advance(20 * DAY).await;
    let read = async |fact: &'static str| {
        let mut tx = app.s.db.begin().await.expect("a transaction");
        facts::set(&mut tx, fact, &app.s.clock.now().to_string()).await.expect("a fact");
        tx.commit().await.expect("a commit");
    };
    read("balance_sweep").await;
    app.verify().await;
    read("balance_explained").await;
    let checks = drempel::app::verify::all(&app.s).await.expect("checks");
    assert!(checks.iter().any(|check| check.name == "I12" && !check.offending.is_empty()), "the line never came");
    // and this is what the sweep finds
    app.sql("DELETE FROM facts WHERE name = 'balance_sweep'").await.expect("a fact");
    app.read_the_balance().await;
    app.verify().await;
}

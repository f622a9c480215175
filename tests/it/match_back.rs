//! What was added to a pledge goes back to its fund, never to a backer; and a fund never gives more than it has.

use drempel::features::ledger::Account;
use drempel::features::match_funds::MatchState::{Reserved, Returned};
use futures::StreamExt;
use futures::stream;
use serde_json::{Value, json};

use crate::bank::{arrive, by_transfer, paid, reference};
use crate::match_funds::{active, decided, giver, matches, money};
use crate::support::App;

async fn with_fund(cents: i64, change: &[(&str, &str)]) -> (App, String) {
    let app = App::start().await;
    giver(&app).await;
    let fund = active(&app, cents, change).await;
    (app, fund)
}

#[tokio::test]
async fn a_cancelled_pledges_match_is_back_in_the_fund_and_serves_another() {
    let (app, fund) = with_fund(5_000, &[]).await;
    let anna = app.paid_gift(5_000, "Anna").await;
    let bert = app.paid_gift(2_500, "Bert").await;
    assert_eq!(matches(&app, &bert).await, [], "the fund is dry");
    assert_eq!(app.cancel(&anna).await, 200);
    assert_eq!(matches(&app, &anna).await, [(0, Returned)], "at once, not when the refund has arrived");
    app.settle().await;
    assert_eq!(money(&app, &fund).await, (5_000, 0, 5_000));
    assert_eq!(app.effects().await["refunds"][0]["amount"], 5_000, "the backer gets what the backer gave");
    let carla = app.paid_gift(2_500, "Carla").await;
    assert_eq!(matches(&app, &carla).await, [(2_500, Reserved)]);
    assert_eq!(app.account(Account::Matched("prj_1".into(), fund.clone())).await, -2_500);
    app.verify().await;
}

#[tokio::test]
async fn of_a_pledge_that_went_back_in_part_the_match_keeps_the_same_part() {
    let (app, fund) = with_fund(40_000, &[("ratio", "50")]).await;
    let anna = app.paid_gift(5_000, "Anna").await;
    assert_eq!(matches(&app, &anna).await, [(2_500, Reserved)]);
    app.refund_by_hand(&anna, 1_001).await;
    app.settle().await;
    // 2.500 × 3.999 / 5.000 is 1.999,5: rounded down to a whole hundredth of a Rikx
    assert_eq!(matches(&app, &anna).await, [(1_900, Reserved)]);
    assert_eq!(money(&app, &fund).await, (40_000, 1_900, 38_100));
    assert_eq!((app.standing().await.held.0, app.standing().await.matched.0), (3_999, 1_900));
    app.verify().await;
    app.refund_by_hand(&anna, 3_998).await;
    app.settle().await;
    assert_eq!(matches(&app, &anna).await, [(0, Returned)], "one cent has no hundredth");
    assert_eq!(money(&app, &fund).await, (40_000, 0, 40_000));
    app.verify().await;
}

#[tokio::test]
async fn f32_f34_a_disputed_pledges_match_is_back_and_matched_again_only_with_money_and_room() {
    let (app, fund) = with_fund(5_000, &[]).await;
    let anna = app.paid_gift(5_000, "Anna").await;
    let dispute = app.dispute(&anna, "needs_response").await;
    assert_eq!(matches(&app, &anna).await, [(0, Returned)]);
    assert_eq!((app.standing().await.matched.0, money(&app, &fund).await.2), (0, 5_000));
    app.verify().await;
    app.decide(&dispute, "won").await;
    assert_eq!(matches(&app, &anna).await, [(0, Returned), (5_000, Reserved)]);
    app.verify().await;

    let (app, fund) = with_fund(5_000, &[]).await;
    let anna = app.paid_gift(5_000, "Anna").await;
    let dispute = app.dispute(&anna, "needs_response").await;
    let bert = app.paid_gift(3_000, "Bert").await;
    app.decide(&dispute, "won").await;
    assert_eq!(matches(&app, &anna).await, [(0, Returned), (2_000, Reserved)], "what is left");
    assert_eq!((matches(&app, &bert).await, money(&app, &fund).await.2), (vec![(3_000, Reserved)], 0));
    app.verify().await;

    let (app, fund) = with_fund(5_000, &[]).await;
    let anna = app.paid_gift(5_000, "Anna").await;
    let dispute = app.dispute(&anna, "needs_response").await;
    app.decide(&dispute, "lost").await;
    assert_eq!((matches(&app, &anna).await, money(&app, &fund).await.1), (vec![(0, Returned)], 0));
    app.verify().await;
}

#[tokio::test]
async fn what_the_bank_takes_back_and_what_ends_as_fraud_frees_the_match_too() {
    let (app, fund) = with_fund(10_000, &[]).await;
    let anna = by_transfer(&app, 2_500, "Anna").await;
    let line = paid(&app, 2_500, &reference(&anna));
    arrive(&app, std::slice::from_ref(&line)).await;
    assert_eq!(matches(&app, &anna).await, [(2_500, Reserved)], "by transfer as by card");
    let back = drempel::infra::bank::Line {
        direction: Some(drempel::infra::bank::Direction::Out),
        is_reversal: true,
        bank_reference: "R1".to_owned(),
        ..line
    };
    arrive(&app, &[back]).await;
    assert_eq!(app.status(&anna).await, "refunded");
    assert_eq!((matches(&app, &anna).await, money(&app, &fund).await.1), (vec![(0, Returned)], 0));
    app.verify().await;
}

#[tokio::test]
async fn a_fund_that_has_ended_keeps_what_stands_and_takes_back_what_falls() {
    let (app, fund) = with_fund(10_000, &[]).await;
    let anna = app.paid_gift(2_500, "Anna").await;
    let bert = app.paid_gift(1_000, "Bert").await;
    decided(&app, &fund, "match.end").await;
    let carla = app.paid_gift(1_000, "Carla").await;
    assert_eq!(matches(&app, &carla).await, []);
    assert_eq!(matches(&app, &anna).await, [(2_500, Reserved)]);
    app.cancel(&bert).await;
    app.settle().await;
    assert_eq!(money(&app, &fund).await, (10_000, 2_500, 7_500));
    app.verify().await;
}

/// Room for 20 matches of 5.000, 64 people at once.
#[tokio::test(flavor = "multi_thread")]
async fn f66_sixty_four_at_once_never_overspend_the_fund() {
    let app = App::start_with(100_000, 50_000).await;
    giver(&app).await;
    let fund = active(&app, 100_000, &[("most_per_project", "100")]).await;
    let app = &app;
    let pledges: Vec<Value> = stream::iter(0..64)
        .map(|n| async move {
            let body = json!({ "amount_cents": 5_000, "email": format!("p{n}@example.org") });
            let (status, pledge) = app.pledge("kookclub", &format!("rush-{n}"), &body).await;
            assert_eq!(status, 201, "{pledge}");
            assert_eq!(app.at_the_bank(&pledge, "pay").await, 303);
            // the return page asks the bank, as all of them do at this moment
            let (reference, key) = (pledge["reference"].as_str().expect("x"), pledge["key"].as_str().expect("x"));
            let own = app.url(&format!("/nl/pledges/{reference}?key={key}"));
            assert_eq!(app.http.get(own).send().await.expect("a page").status(), 200);
            pledge
        })
        .buffer_unordered(64)
        .collect()
        .await;
    app.settle().await;
    let mut added = Vec::new();
    for pledge in &pledges {
        added.extend(matches(app, pledge).await);
    }
    assert_eq!((added.len(), added.iter().map(|(kept, _)| kept).sum::<i64>()), (20, 100_000));
    assert_eq!(money(app, &fund).await, (100_000, 100_000, 0));
    let standing = app.standing().await;
    assert_eq!((standing.held.0, standing.matched.0), (320_000, 100_000));
    let page = app.http.get(app.url("/nl/projects/kookclub")).send().await.expect("x").text().await.expect("x");
    assert!(page.contains("voor dit project is op"), "the page has switched its text");
    let form = app.http.get(app.url("/nl/projects/kookclub/pledge")).send().await.expect("x").text().await.expect("x");
    assert!(!form.contains("wordt nu"), "and the form promises nothing");
    app.verify().await;
}

/// The same on a copy of the rule without its lock and guard: reading first and writing later must overspend, or the test above
/// proves nothing.
#[tokio::test(flavor = "multi_thread")]
async fn f66_without_the_guard_the_same_rush_overspends() {
    let (app, fund) = with_fund(10_000, &[]).await;
    app.sql("CREATE TABLE copies (id TEXT NOT NULL, amount_cents BIGINT NOT NULL)").await.expect("a table");
    let (db, fund, barrier) = (&app.s.db, &fund, &tokio::sync::Barrier::new(16));
    let rush = stream::iter(0..16).map(|n| async move {
        let read = "SELECT received_cents - used_cents - given_back_cents FROM match_funds WHERE id = $1";
        let (left,): (i64,) = sqlx::query_as(read)
            .bind(fund)
            .fetch_one(&mut *db.read().await.expect("a connection"))
            .await
            .expect("a fund");
        barrier.wait().await;
        if left >= 5_000 {
            let mut tx = db.begin().await.expect("a transaction");
            sqlx::query("INSERT INTO copies (id, amount_cents) VALUES ($1, 5000)")
                .bind(format!("copy-{n}"))
                .execute(&mut *tx)
                .await
                .expect("a row");
            tx.commit().await.expect("a commit");
        }
    });
    rush.buffer_unordered(16).collect::<Vec<()>>().await;
    let mut conn = app.s.db.read().await.expect("a connection");
    let (sum,): (i64,) = sqlx::query_as("SELECT CAST(SUM(amount_cents) AS BIGINT) FROM copies")
        .fetch_one(&mut *conn)
        .await
        .expect("a sum");
    assert!(sum > 10_000, "{sum}");
}

/// The guard itself: what the program could not decide wrongly, the database refuses.
#[tokio::test]
async fn f66_the_database_refuses_a_fund_that_gives_more_than_it_has() {
    let (app, _) = with_fund(10_000, &[]).await;
    assert!(app.sql("UPDATE match_funds SET used_cents = received_cents + 1").await.is_err());
    assert!(app.sql("UPDATE match_funds SET given_back_cents = 1, used_cents = received_cents").await.is_err());
    app.verify().await;
}

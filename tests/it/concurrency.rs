//! Many at once: never one hundredth too many, none lost, none doubled. A control without the guard shows that the test can fail.

use std::collections::BTreeSet;

use futures::StreamExt;
use futures::stream;
use serde_json::json;

use crate::support::App;

#[tokio::test(flavor = "multi_thread")]
async fn f56_five_hundred_at_once_for_the_last_hundred_rikx_never_oversell() {
    // 100 Rikx at 100 euros; 500 people want half a Rikx each: there is room for 200
    let app = App::start_with(10_000, 5_000).await;
    let app = &app;
    let answers: Vec<(u16, serde_json::Value)> = stream::iter(0..500)
        .map(|n| async move {
            let body = json!({ "amount_cents": 5_000, "email": format!("p{n}@example.org") });
            app.pledge("kookclub", &format!("rush-{n}"), &body).await
        })
        .buffer_unordered(100)
        .collect()
        .await;
    let made = answers.iter().filter(|(status, _)| *status == 201).count();
    let refused = answers.iter().filter(|(status, _)| *status == 409).count();
    assert_eq!((made, refused), (200, 300));
    let references: BTreeSet<_> =
        answers.iter().filter(|(s, _)| *s == 201).filter_map(|(_, p)| p["reference"].as_str()).collect();
    assert_eq!(references.len(), 200);
    let standing = app.standing().await;
    assert_eq!((standing.reserved.0, standing.available().0), (1_000_000, 0));
    app.verify().await;
}

/// The same rush on a copy of the rule without its lock and guard: reading first and writing later must oversell, or the test
/// above proves nothing.
#[tokio::test(flavor = "multi_thread")]
async fn without_the_guard_the_same_rush_oversells() {
    let app = App::start_with(1_000, 500).await;
    let db = &app.s.db;
    let barrier = &tokio::sync::Barrier::new(20);
    let sold: Vec<bool> = stream::iter(0..20)
        .map(|_| async move {
            let (taken, cap): (i64, i64) =
                sqlx::query_as("SELECT reserved_cents, cap_cents FROM pledge_totals WHERE project_id = 'prj_1'")
                    .fetch_one(&mut *db.read().await.expect("a connection"))
                    .await
                    .expect("totals");
            barrier.wait().await;
            if taken + 10_000 > cap {
                return false;
            }
            let mut tx = db.begin().await.expect("a transaction");
            sqlx::query("UPDATE pledge_totals SET reserved_cents = reserved_cents + 10000 WHERE project_id = 'prj_1'")
                .execute(&mut *tx)
                .await
                .expect("an update");
            tx.commit().await.expect("a commit");
            true
        })
        .buffer_unordered(20)
        .collect()
        .await;
    let sold = sold.into_iter().filter(|sold| *sold).count();
    assert!(sold > 10, "only {sold} of 20 came through for 10 places: the control did not oversell");
}

#[tokio::test(flavor = "multi_thread")]
async fn f01_the_same_key_many_times_at_once_is_one_pledge() {
    let app = App::start().await;
    let app = &app;
    let answers: Vec<(u16, serde_json::Value)> = stream::iter(0..20)
        .map(|_| async move {
            app.pledge("kookclub", "double", &json!({ "amount_cents": 2_500, "email": "a@example.org" })).await
        })
        .buffer_unordered(20)
        .collect()
        .await;
    let references: BTreeSet<_> = answers.iter().map(|(_, pledge)| pledge["reference"].to_string()).collect();
    assert!(answers.iter().all(|(status, _)| *status == 201), "{answers:?}");
    assert_eq!(references.len(), 1);
    assert_eq!(app.effects().await["sessions"], 1);
    assert_eq!(app.standing().await.reserved.0, 2_500);
}

#[tokio::test(flavor = "multi_thread")]
async fn f01_a_repeated_call_finds_its_pledge_although_the_project_is_sold_out_by_now() {
    let app = App::start_with(1_000, 500).await;
    let all = json!({ "amount_cents": 100_000, "email": "a@example.org" });
    let (status, first) = app.pledge("kookclub", "all", &all).await;
    assert_eq!(status, 201, "{first}");
    let (status, again) = app.pledge("kookclub", "all", &all).await;
    assert_eq!((status, &again["reference"]), (201, &first["reference"]));
    let (status, other) =
        app.pledge("kookclub", "more", &json!({ "amount_cents": 500, "email": "b@example.org" })).await;
    assert_eq!((status, &other["available_cents"]), (409, &json!(0)));
    let (status, _) = app.pledge("kookclub", "all", &json!({ "amount_cents": 500, "email": "a@example.org" })).await;
    assert_eq!(status, 422, "the key was used for something else");
    assert_eq!(app.standing().await.reserved.0, 100_000);
    app.verify().await;
}

//! Faults of the list that no other file proves, and the list itself: every test it names exists.

use std::collections::BTreeSet;

use drempel::infra::db::Engine;
use drempel::infra::jobs;
use drempel::infra::stripe::signature;
use futures::stream::{self, StreamExt};
use serde_json::{Value, json};

use crate::proofs;
use crate::support::App;

#[test]
fn the_table_of_faults_is_whole_and_names_tests_that_exist() {
    let table = proofs::read("tests/FAULTS.md");
    for number in 1..=96 {
        let fault = format!("F{number:02}");
        for part in proofs::proof_of(&table, &fault).split("; ") {
            let Some((file, names)) = part.split_once(".rs: ") else { continue };
            proofs::tests_exist(&fault, &proofs::path_of(&format!("{file}.rs")), names);
        }
    }
}

#[tokio::test]
async fn f03_two_tabs_with_two_amounts_are_two_pledges_of_which_only_the_paid_one_counts() {
    let app = App::start().await;
    let (one, two) = (app.gift(2_500, "Anna").await, app.gift(5_000, "Anna").await);
    assert_ne!(one["reference"], two["reference"]);
    app.at_the_bank(&two, "pay").await;
    app.settle().await;
    let standing = app.standing().await;
    assert_eq!((standing.reserved.0, standing.held.0, standing.backers), (2_500, 5_000, 1));
    app.verify().await;
}

async fn send_event(app: &App, body: &str) -> u16 {
    let now = app.s.clock.now().seconds();
    let header = format!("t={now},v1={}", signature::sign("whsec_sandbox", now, body.as_bytes()));
    let request = app.http.post(app.url("/webhooks/stripe")).header("stripe-signature", header);
    request.body(body.to_owned()).send().await.expect("an answer").status().as_u16()
}

#[tokio::test]
async fn f23_an_event_of_an_unknown_kind_is_kept_and_changes_nothing() {
    let app = App::start().await;
    let body = json!({ "id": "evt_new", "type": "moon.risen", "created": 1, "livemode": false,
        "data": { "object": { "id": "moon_1", "object": "moon" } } });
    assert_eq!(send_event(&app, &body.to_string()).await, 200);
    let kept = app.sql("UPDATE provider_events SET id = id WHERE id = 'evt_new' AND processed_at IS NOT NULL").await;
    assert_eq!(kept.expect("a count"), 1);
    app.verify().await;
}

#[tokio::test]
async fn f26_an_event_of_the_live_mode_is_refused() {
    let app = App::start().await;
    let body = json!({ "id": "evt_live", "type": "charge.succeeded", "created": 1, "livemode": true,
        "data": { "object": { "id": "ch_1", "object": "charge" } } });
    assert_eq!(send_event(&app, &body.to_string()).await, 400);
    let kept = app.sql("UPDATE provider_events SET id = id WHERE id = 'evt_live'").await;
    assert_eq!(kept.expect("a count"), 0);
}

#[tokio::test]
async fn f29_one_payment_cannot_belong_to_two_pledges() {
    let app = App::start().await;
    app.paid_gift(2_500, "Anna").await;
    app.paid_gift(5_000, "Bert").await;
    let doubled = app.sql("UPDATE payments SET intent_id = (SELECT MIN(intent_id) FROM payments)").await;
    assert!(doubled.is_err(), "the schema lets one payment stand for two pledges");
    app.verify().await;
}

#[tokio::test]
async fn f41_a_worker_whose_lease_was_given_away_records_nothing() {
    let app = App::start().await;
    let db = &app.s.db;
    let now = app.s.clock.now();
    let mut tx = db.begin().await.expect("a transaction");
    jobs::enqueue(&mut tx, now, "updates.follow", "asleep", now).await.expect("a job");
    tx.commit().await.expect("a commit");
    let asleep = jobs::claim(db, now).await.expect("jobs").remove(0);
    let awake = jobs::claim(db, now.plus_seconds(600)).await.expect("jobs").remove(0);
    assert_eq!(asleep.id, awake.id);
    jobs::done(db, &asleep).await.expect("an answer");
    jobs::later(db, &asleep, now.plus_days(1), "too late").await.expect("an answer");
    let untouched = app.sql("UPDATE jobs SET id = id WHERE subject = 'asleep' AND last_error = ''").await;
    assert_eq!(untouched.expect("a count"), 1, "a sleeper ended or moved a job that another holds");
    jobs::done(db, &awake).await.expect("an answer");
    assert_eq!(app.sql("DELETE FROM jobs WHERE subject = 'asleep'").await.expect("a count"), 0);
}

/// A database that may not grow answers as a full disk does.
#[tokio::test(flavor = "multi_thread")]
async fn f76_a_full_disk_refuses_cleanly_and_loses_nothing() {
    let app = &App::start_with(10_000, 5_000).await;
    if app.s.db.engine != Engine::Sqlite {
        println!("skipped: PostgreSQL has no such limit");
        return;
    }
    let pages = |more: i64| async move {
        let mut tx = app.s.db.begin().await.expect("a transaction");
        let (now,): (i64,) = sqlx::query_as("PRAGMA page_count").fetch_one(&mut *tx).await.expect("a count");
        let limit = format!("PRAGMA max_page_count = {}", now + more);
        sqlx::query(sqlx::AssertSqlSafe(limit)).execute(&mut *tx).await.expect("a limit");
        tx.commit().await.expect("a commit");
    };
    let ask = async |n: usize| {
        let body = json!({ "amount_cents": 5_000, "email": format!("p{n}@example.org") });
        app.pledge("kookclub", &format!("full-{n}"), &body).await
    };
    let mut first: Vec<(u16, Value)> = Vec::new();
    for turn in 0..12 {
        // a connection that met the limit is closed and with it the limit: it is set anew
        pages(turn % 3).await;
        first.extend(
            stream::iter(turn as usize * 5..turn as usize * 5 + 5).map(ask).buffered(5).collect::<Vec<_>>().await,
        );
    }
    let made: BTreeSet<&str> =
        first.iter().filter(|(s, _)| *s == 201).filter_map(|(_, p)| p["reference"].as_str()).collect();
    let refused: Vec<&(u16, Value)> = first.iter().filter(|(status, _)| *status != 201).collect();
    assert!(!made.is_empty(), "nobody got a pledge");
    assert!(refused.iter().all(|(status, _)| *status >= 500), "{refused:?}");
    assert!(
        refused.iter().any(|(status, problem)| *status == 503 && problem["type"] == "urn:drempel:problem:full"),
        "{refused:?}"
    );
    assert_eq!(app.http.get(app.url("/nl/projects")).send().await.expect("an answer").status(), 200);

    // room again: the books hold, who was refused asks again and gets one pledge, who had one gets the same
    pages(100_000).await;
    app.verify().await;
    let second: Vec<(u16, Value)> = stream::iter(0..60).map(ask).buffered(20).collect().await;
    let all: BTreeSet<&str> = second.iter().filter_map(|(_, pledge)| pledge["reference"].as_str()).collect();
    assert!(second.iter().all(|(status, _)| *status == 201) && all.len() == 60 && made.is_subset(&all));
    assert_eq!(app.standing().await.reserved.0, 60 * 5_000);
    assert_eq!(app.effects().await["sessions"], 60);
    app.settle().await;
    app.verify().await;
}

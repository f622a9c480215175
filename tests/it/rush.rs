//! More people than the payment provider takes at once: each has a place in a line, and nobody is lost.

use drempel::app::worker;
use futures::future::join_all;
use serde_json::{Value, json};

use crate::support::App;

/// A gift of five euros by the person of this number, who has done it before when `key` is the same.
async fn gift(app: &App, number: usize) -> (u16, Value) {
    let body = json!({ "amount_cents": 500, "email": format!("rush{number}@example.org"), "language": "nl" });
    app.pledge("kookclub", &format!("rush-{number}"), &body).await
}

/// Switches the line on or off for all processes.
async fn switch(app: &App, to: &str) {
    let mut tx = app.s.db.begin().await.expect("a transaction");
    let off_at = (to == "off").then(|| app.s.clock.now());
    sqlx::query("UPDATE periodic_tasks SET off_at = $1 WHERE name = 'sessions'")
        .bind(off_at)
        .execute(&mut *tx)
        .await
        .expect("a switch");
    tx.commit().await.expect("a commit");
}

async fn rows(app: &App, question: &'static str) -> Vec<(String, i64)> {
    sqlx::query_as(question).fetch_all(&mut *app.s.db.read().await.expect("a connection")).await.expect("rows")
}

/// The pledge's page, as its address in the answer of the API tells; with what is added to the address.
async fn page(app: &App, reference: &str, more: &str) -> reqwest::Response {
    let id = rows(app, "SELECT id || ' ' || reference, amount_cents FROM pledges").await;
    let id =
        id.iter().find_map(|(both, _)| both.split_once(' ').filter(|(_, it)| *it == reference)).expect("a pledge").0;
    let key = app.s.keys.derive("pledge", id);
    app.http.get(app.url(&format!("/nl/pledges/{reference}?key={key}{more}"))).send().await.expect("a page")
}

#[tokio::test]
async fn a_rush_waits_in_line_with_place_and_time_and_everybody_comes_to_the_bank() {
    let app = App::start_set(&[("STRIPE_RATE_PER_SECOND", "20")]).await;
    worker::run_due(&app.s).await.expect("the rows of the tasks");
    switch(&app, "off").await;
    let answers = join_all((0..120).map(|number| gift(&app, number))).await;
    let straight = answers.iter().filter(|(status, _)| *status == 201).count();
    assert!((20..=100).contains(&straight), "{straight} went straight");
    let waiting: Vec<&Value> = answers.iter().filter(|(status, _)| *status == 503).map(|(_, body)| body).collect();
    assert_eq!(straight + waiting.len(), 120, "{answers:?}");
    // each of them is told another place, from the first to the last
    let mut places: Vec<u64> = waiting.iter().map(|body| body["place"].as_u64().expect("a place")).collect();
    places.sort_unstable();
    assert!(places.windows(2).filter(|two| two[0] == two[1]).count() < 20 && places.last() <= Some(&120), "{places:?}");
    assert_eq!(rows(&app, "SELECT 'all', COUNT(*) FROM pledges WHERE state = 'reserved'").await[0].1, 120);

    // who joins a line that is long already has everybody before them
    app.s.clock.set_offset_seconds(1);
    tokio::time::sleep(std::time::Duration::from_millis(2_100)).await;
    let (status, last) = gift(&app, 120).await;
    assert_eq!(status, 503);
    let place = last["place"].as_u64().expect("a place");
    assert_eq!(usize::try_from(place).expect("a number"), waiting.len() + 1);
    assert_eq!(last["wait_seconds"], place.div_ceil(20));
    let reference = last["pledge"].as_str().expect("a reference");
    let shown = page(&app, reference, "").await.text().await.expect("a page");
    assert!(shown.contains(&format!("Je bent nummer {place} in de rij")), "{shown}");
    assert!(shown.contains("http-equiv=\"refresh\"") && shown.contains("&amp;line=1") && !shown.contains("/pay?"));

    // two minutes later the line moves, the oldest first
    app.s.clock.set_offset_seconds(120);
    switch(&app, "on").await;
    worker::run_due(&app.s).await.expect("the line");
    assert_eq!(rows(&app, "SELECT state, COUNT(*) FROM payments GROUP BY state").await, [("open".to_owned(), 121)]);
    let back = page(&app, reference, "&line=1").await;
    assert_eq!(back.status(), 303);
    assert!(back.headers()["location"].to_str().is_ok_and(|to| to.contains("/dev/bank/")));
    // by the bank's own way back the page stays, with a button
    assert!(page(&app, reference, "").await.text().await.expect("a page").contains("/pay?"));
    // the same call now answers the same pledge with its session
    let (status, again) = gift(&app, 120).await;
    assert_eq!((status, again["reference"].as_str()), (201, Some(reference)));
    assert_eq!(rows(&app, "SELECT 'all', COUNT(*) FROM pledges").await[0].1, 121);
    // who waited long is told once, and who went straight is not
    app.settle().await;
    assert!(app.letters("rush120@example.org").await.contains(&"pledge_turn".to_owned()));
    let told = rows(&app, "SELECT 'all', COUNT(*) FROM letters WHERE kind = 'pledge_turn'").await[0].1;
    assert_eq!(usize::try_from(told).expect("a number"), waiting.len() + 1);
    app.verify().await;
}

#[tokio::test]
async fn nobody_goes_before_others_and_a_place_outlives_its_reservation() {
    let app = App::start_set(&[("STRIPE_RATE_PER_SECOND", "30")]).await;
    worker::run_due(&app.s).await.expect("the rows of the tasks");
    switch(&app, "off").await;
    // as many as make a line, all at the bank at once; their sessions are lost again
    let answers = join_all((0..60).map(|number| gift(&app, number))).await;
    app.sql("UPDATE payments SET state = 'created', session_id = NULL, intent_id = NULL, checkout_url = ''")
        .await
        .expect("rows");
    app.s.clock.set_offset_seconds(10);
    tokio::time::sleep(std::time::Duration::from_millis(2_100)).await;
    let (status, last) = gift(&app, 60).await;
    assert_eq!((status, last["place"].as_u64()), (503, Some(61)), "{answers:?}");
    let reference = last["pledge"].as_str().expect("a reference");

    // its button for paying leads back to the line
    let address = page(&app, reference, "").await.url().clone();
    let pay = address.as_str().replace("?key=", "/pay?key=");
    let answer = app.http.post(pay).send().await.expect("an answer");
    assert_eq!(answer.status(), 303);
    assert!(answer.headers()["location"].to_str().is_ok_and(|to| to.contains(reference)));
    assert_eq!(rows(&app, "SELECT state, COUNT(*) FROM payments GROUP BY state").await, [("created".to_owned(), 61)]);

    // after half an hour those at the head of a line that does not move end, those behind keep their places
    app.advance(32 * 60).await;
    let mut left = rows(&app, "SELECT state, COUNT(*) FROM pledges GROUP BY state ORDER BY state").await;
    assert_eq!(left.remove(1).0, "reserved");
    assert_eq!(
        app.status(&json!({ "reference": reference, "key": address.query_pairs().next().expect("a key").1 })).await,
        "reserved"
    );
    switch(&app, "on").await;
    app.settle().await;
    let states =
        rows(&app, "SELECT state, COUNT(*) FROM payments WHERE state IN ('created', 'open') GROUP BY state").await;
    assert!(matches!(states.as_slice(), [(state, _)] if state == "open"), "{states:?}");
    app.verify().await;
}

#[tokio::test]
async fn who_did_not_reach_the_bank_is_taken_up_by_the_line() {
    let app = App::start().await;
    let (_, made) = gift(&app, 1).await;
    app.sql("UPDATE payments SET state = 'created', session_id = NULL, intent_id = NULL, checkout_url = ''")
        .await
        .expect("rows");
    // while the attempt at once may still be under way, the line leaves it alone
    worker::run_due(&app.s).await.expect("the line");
    assert_eq!(app.read(&made).await["payment_status"], "created");
    app.advance(16).await;
    assert_eq!(app.read(&made).await["payment_status"], "open");
    assert!(!app.letters("rush1@example.org").await.contains(&"pledge_turn".to_owned()));
}

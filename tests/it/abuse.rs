//! Too often, too fast, too many cards: what is counted, what is refused, and what goes on.

use reqwest::header::{COOKIE, RETRY_AFTER};
use serde_json::{Value, json};

use drempel::app::metrics;
use drempel::infra::limits;

use crate::forms::{in_production, open, plain, serve};
use crate::support::{App, Browser};

/// A pledge of five euros as a program makes it, from a network.
async fn pledge(base: &str, from: &str, email: &str, key: &str) -> (u16, Option<i64>, Value) {
    let call = plain().post(format!("{base}/api/v1/projects/kookclub/pledges")).header("Idempotency-Key", key);
    let body = json!({ "amount_cents": 500, "email": email });
    let answer = call.header("X-Forwarded-For", from).json(&body).send().await.expect("an answer");
    let wait = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    (answer.status().as_u16(), wait, answer.json().await.unwrap_or(Value::Null))
}

async fn get(base: &str, from: &str, path: &str) -> u16 {
    let call = plain().get(format!("{base}{path}")).header("X-Forwarded-For", from);
    call.send().await.expect("an answer").status().as_u16()
}

#[tokio::test]
async fn b5_pledges_are_counted_per_network_and_per_address() {
    let app = App::start().await;
    let base = in_production(&app).await;
    let mut made = 0;
    for host in ["2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:2:ffff::3"] {
        made += 1;
        assert_eq!(pledge(&base, host, &format!("a{made}@example.org"), &format!("k{made}")).await.0, 201);
    }
    let (status, wait, problem) = pledge(&base, "2001:db8:1:2::4", "a4@example.org", "k4").await;
    assert_eq!((status, problem["type"].as_str()), (429, Some("urn:drempel:problem:limit-minutes")), "{problem}");
    assert!(wait.is_some_and(|seconds| (1..=60).contains(&seconds)), "{wait:?}");
    assert_eq!(pledge(&base, "2001:db8:1:2::4", "a1@example.org", "k1").await.0, 201, "what was made is found again");
    assert_eq!(pledge(&base, "2001:db8:1:3::4", "a5@example.org", "k5").await.0, 201, "another network");
    // a minute later again, up to ten in a day; what was refused is not among them
    for _ in 0..7 {
        app.s.clock.set_offset_seconds(app.s.clock.offset_seconds() + 61);
        made += 1;
        let key = format!("k1{made}");
        assert_eq!(pledge(&base, "2001:db8:1:2::1", &format!("b{made}@example.org"), &key).await.0, 201);
    }
    app.s.clock.set_offset_seconds(app.s.clock.offset_seconds() + 61);
    let (status, wait, problem) = pledge(&base, "2001:db8:1:2::1", "c@example.org", "k99").await;
    assert_eq!((status, problem["type"].as_str()), (429, Some("urn:drempel:problem:limit-hours")));
    assert!(wait.is_some_and(|seconds| seconds > 80_000), "{wait:?}");
    for number in 0..5 {
        let network = format!("203.0.113.{number}");
        assert_eq!(pledge(&base, &network, "anna@example.org", &format!("m{number}")).await.0, 201);
    }
    assert_eq!(pledge(&base, "203.0.113.9", "Anna@Example.org", "m9").await.0, 429, "an address, from wherever");
    assert_eq!(app.standing().await.reserved.0, 16 * 500);
    app.verify().await;
}

#[tokio::test]
async fn a_form_that_comes_too_often_keeps_what_was_typed() {
    let app = App::start().await;
    let base = in_production(&app).await;
    let path = "/nl/projects/kookclub/pledge";
    for number in 0..3 {
        let email = format!("a{number}@example.org");
        assert_eq!(pledge(&base, "203.0.113.9", &email, &format!("k{number}")).await.0, 201);
    }
    let page = open(&base, path, "").await;
    app.s.clock.set_offset_seconds(4);
    let form = [
        ("form_token", page.token.as_str()),
        ("amount", "25"),
        ("email", "eva@example.org"),
        ("name", "Eva"),
        ("method", "ideal"),
        ("step", "check"),
    ];
    let send =
        plain().post(format!("{base}{path}")).header(COOKIE, &page.cookie).header("X-Forwarded-For", "203.0.113.9");
    let answer = send.form(&form).send().await.expect("an answer");
    assert_eq!(answer.status(), 429);
    assert!(answer.headers().contains_key(RETRY_AFTER));
    let text = answer.text().await.expect("a page");
    assert!(text.contains("te vaak") && text.contains("eva@example.org") && text.contains("value=\"Eva\""), "{text}");
}

#[tokio::test]
async fn development_is_ten_times_as_wide_and_this_machine_is_not_counted() {
    let app = App::start().await;
    let base = serve(&app, |_, _| {}).await;
    for number in 0..31 {
        let (status, _, _) =
            pledge(&base, "203.0.113.9", &format!("a{number}@example.org"), &format!("k{number}")).await;
        assert_eq!(status, if number < 30 { 201 } else { 429 }, "{number}");
    }
    for number in 0..12 {
        let (status, _, _) = pledge(&base, "127.0.0.1", &format!("b{number}@example.org"), &format!("l{number}")).await;
        assert_eq!(status, 201, "{number}");
    }
    let off = serve(&app, |settings, _| settings.limits = false).await;
    assert_eq!(pledge(&off, "203.0.113.9", "c@example.org", "off").await.0, 201, "LIMITS=off");
}

#[tokio::test]
async fn b4_wrong_keys_are_counted_and_the_right_one_opens_always() {
    let app = App::start().await;
    let base = in_production(&app).await;
    let made = app.gift(2_500, "Anna").await;
    let (reference, key) = (made["reference"].as_str().expect("a reference"), made["key"].as_str().expect("a key"));
    let (page, call) = (format!("/nl/pledges/{reference}?key="), format!("/api/v1/pledges/{reference}?key="));
    for number in 0..10 {
        let path = if number % 2 == 0 { format!("{page}{number}") } else { format!("{call}{number}") };
        assert_eq!(get(&base, "203.0.113.9", &path).await, 404, "{path}");
    }
    assert_eq!(get(&base, "203.0.113.9", &format!("{page}wrong")).await, 429);
    assert_eq!(get(&base, "203.0.113.9", "/nl/follow/guessed").await, 429, "other secrets count along");
    assert_eq!(get(&base, "203.0.113.9", &format!("{page}{key}")).await, 200);
    assert_eq!(get(&base, "203.0.113.8", &format!("{page}wrong")).await, 404);
    app.s.clock.set_offset_seconds(3_700);
    assert_eq!(get(&base, "203.0.113.9", &format!("{page}wrong")).await, 404);
}

#[tokio::test]
async fn b4_searches_are_counted_and_pages_are_not() {
    let app = App::start().await;
    let base = in_production(&app).await;
    for number in 0..60 {
        let path = if number % 2 == 0 { "/nl/projects?q=koken" } else { "/api/v1/projects?q=koken" };
        assert_eq!(get(&base, "203.0.113.9", path).await, 200, "{number}");
    }
    assert_eq!(get(&base, "203.0.113.9", "/nl/projects?q=koken").await, 429);
    assert_eq!(get(&base, "203.0.113.9", "/nl/projects?q=").await, 200);
    assert_eq!(get(&base, "203.0.113.9", "/nl/projects").await, 200);
    assert_eq!(get(&base, "203.0.113.8", "/nl/projects?q=koken").await, 200);
}

#[tokio::test]
async fn letters_to_strangers_are_counted_and_counts_are_forgotten() {
    let app = App::start().await;
    let base = in_production(&app).await;
    let path = "/nl/projects/kookclub/follow";
    let page = open(&base, path, "").await;
    app.s.clock.set_offset_seconds(4);
    let ask = async |from: &str, email: &str| {
        let call = plain().post(format!("{base}{path}")).header(COOKIE, &page.cookie).header("X-Forwarded-For", from);
        let answer = call.form(&[("form_token", page.token.as_str()), ("email", email)]).send().await;
        answer.expect("an answer").status().as_u16()
    };
    for number in 0..10 {
        assert_eq!(ask("203.0.113.9", &format!("a{number}@example.org")).await, 303);
    }
    assert_eq!(ask("203.0.113.9", "b@example.org").await, 429);
    for number in 0..5 {
        assert_eq!(ask(&format!("198.51.100.{number}"), "anna@example.org").await, 303);
    }
    assert_eq!(ask("198.51.100.9", "anna@example.org").await, 429);
    let counted = async || {
        let mut conn = app.s.db.read().await.expect("a connection");
        let rows: Vec<(String,)> =
            sqlx::query_as("SELECT subject FROM request_counts").fetch_all(&mut *conn).await.expect("rows");
        rows.into_iter().map(|(subject,)| subject).collect::<Vec<_>>()
    };
    let subjects = counted().await;
    assert!(!subjects.is_empty() && subjects.iter().all(|subject| !subject.contains(['.', '@', ':'])), "{subjects:?}");
    let mut tx = app.s.db.begin().await.expect("a transaction");
    limits::forget(&mut tx, app.s.clock.now().plus_seconds(4_000)).await.expect("forgotten");
    tx.commit().await.expect("a commit");
    assert!(counted().await.is_empty());
}

/// Eleven cards that fail within a minute.
async fn test_cards(app: &App) {
    let mut made = Vec::new();
    for number in 0..11 {
        made.push(app.gift(500, &format!("Card{number}")).await);
    }
    // at once, so that a slow machine makes a minute of it, too
    for pledge in &made {
        app.at_the_bank(pledge, "fail").await;
    }
    app.settle().await;
}

async fn by(app: &App, method: &str, key: &str) -> (u16, Value) {
    let body = json!({ "amount_cents": 500, "email": format!("{key}@example.org"), "method": method });
    app.pledge("kookclub", key, &body).await
}

#[tokio::test]
async fn b5_the_shield_goes_up_by_itself_and_takes_no_cards() {
    let app = App::start().await;
    assert_eq!(by(&app, "card", "before").await.0, 201);
    test_cards(&app).await;
    let (status, problem) = by(&app, "card", "during").await;
    assert_eq!(status, 422, "{problem}");
    assert!(problem.to_string().contains("shield-only-bank"), "{problem}");
    for method in ["bancontact", "sepa_debit"] {
        assert_eq!(by(&app, method, method).await.0, 422, "{method}");
    }
    for method in ["ideal", "transfer"] {
        assert_eq!(by(&app, method, method).await.0, 201, "{method}");
    }
    let form = [("amount", "25"), ("email", ""), ("step", "amount")];
    let (_, page) = Browser::new(&app).post_for_text("/nl/projects/kookclub/pledge", &form).await;
    assert!(page.contains("gestolen kaarten") && page.contains("value=\"ideal\"") && !page.contains("value=\"card\""));
    let form = [("amount", "25"), ("email", "eva@example.org"), ("method", "card"), ("step", "check")];
    let (status, page) = Browser::new(&app).post_for_text("/nl/projects/kookclub/pledge", &form).await;
    assert!(status == 422 && page.contains("f-method-error") && page.contains("eva@example.org"), "{status}");
    let figures = metrics::text(&app.s).await.expect("figures");
    assert!(figures.contains("drempel_card_shield 1\n"), "{figures}");
    assert!(figures.contains("drempel_payment_tries{outcome=\"failed\"} 11\n"), "{figures}");
    app.advance(3_601).await;
    assert_eq!(by(&app, "card", "after").await.0, 201, "it comes down by itself");
    app.verify().await;
}

#[tokio::test]
async fn b5_ten_failures_are_not_enough_and_nobody_reads_why_one_failed() {
    let app = App::start().await;
    let mut last = Value::Null;
    for number in 0..10 {
        last = app.gift(500, &format!("Card{number}")).await;
        app.at_the_bank(&last, "fail").await;
    }
    app.settle().await;
    assert_eq!(by(&app, "card", "still").await.0, 201);
    let path =
        format!("/nl/pledges/{}?key={}", last["reference"].as_str().unwrap_or(""), last["key"].as_str().unwrap_or(""));
    let (page, call) = (Browser::new(&app).read(&path).await, app.read(&last).await.to_string());
    for raw in ["payment_attempt_failed", "declined", "insufficient", "last_payment_error", "fraud"] {
        assert!(!page.contains(raw) && !call.contains(raw), "{raw}");
    }
}

#[tokio::test]
async fn the_team_raises_and_lowers_the_shield_with_a_reason() {
    let app = App::start().await;
    let treasurer = Browser::treasurer(&app, 1).await;
    let reviewer = Browser::signed_in(&app, "reviewer@drempel.example").await;
    let up = [("to", "up"), ("reason", "Vreemde betalingen uit één land")];
    assert_eq!(reviewer.post("/nl/staff/shield", &up).await.0, 403);
    assert!(!reviewer.read("/nl/staff/shield").await.contains("name=\"to\""));
    assert_eq!(treasurer.post("/nl/staff/shield", &[("to", "up"), ("reason", " ")]).await.0, 422);
    assert_eq!(treasurer.post("/nl/staff/shield", &[("to", "left"), ("reason", "Zomaar eens")]).await.0, 400);
    assert_eq!(by(&app, "card", "one").await.0, 201);
    assert_eq!(treasurer.post("/nl/staff/shield", &up).await.0, 303);
    assert_eq!(by(&app, "card", "two").await.0, 422);
    assert!(treasurer.read("/nl/staff").await.contains("/nl/staff/shield"));
    let page = treasurer.read("/nl/staff/shield").await;
    assert!(page.contains("De bescherming staat aan tot") && page.contains("Vreemde betalingen"), "{page}");
    let down = [("to", "down"), ("reason", "Stripe ziet niets vreemds")];
    assert_eq!(treasurer.post("/nl/staff/shield", &down).await.0, 303);
    assert_eq!(by(&app, "card", "three").await.0, 201);
    let page = treasurer.read("/nl/staff/shield").await;
    assert!(page.contains("Aangezet") && page.contains("Uitgezet") && page.contains("Stripe ziet niets vreemds"));
    assert!(!treasurer.read("/nl/staff").await.contains("href=\"/nl/staff/shield\""));
}

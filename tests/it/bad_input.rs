//! Wrong input: a clear answer each time, and nothing half-made.

use serde_json::{Value, json};

use crate::support::App;

async fn post_form(app: &App, fields: &[(&str, &str)]) -> (u16, String) {
    let url = app.url("/nl/projects/kookclub/pledge");
    let answer = app.http.post(url).form(fields).send().await.expect("an answer");
    (answer.status().as_u16(), answer.text().await.unwrap_or_default())
}

#[tokio::test]
async fn f90_amounts_that_are_none_are_refused_beside_their_field() {
    let app = App::start().await;
    let long = "9".repeat(1_000);
    for amount in ["0", "-1", "4,99", "1e9", "10,50", "10.50", "NaN", "", "1.000", "25 dollar", &long] {
        let (status, page) =
            post_form(&app, &[("amount", amount), ("email", "a@example.org"), ("step", "check")]).await;
        assert_eq!(status, 422, "{amount}");
        assert!(page.contains("f-amount-error") && page.contains("Fout:"), "{amount}");
    }
    for body in [
        json!({ "amount_cents": 0, "email": "a@example.org" }),
        json!({ "amount_cents": -1, "email": "a@example.org" }),
        json!({ "amount_cents": 499, "email": "a@example.org" }),
        json!({ "amount_cents": 1_050, "email": "a@example.org" }),
        json!({ "amount_cents": 2_500 }),
        json!({ "amount_cents": 2_500, "email": "nobody" }),
        json!({ "amount_cents": 2_500, "rikx": "0.25", "email": "a@example.org" }),
        json!({ "rikx": "1e3", "email": "a@example.org" }),
        json!({ "amount_cents": 2_500, "email": "a@example.org", "method": "gold" }),
        json!({ "amount_cents": 2_500, "email": "a@example.org", "kind": "purchase" }),
        json!({ "amount_cents": 2_500, "email": "a@example.org", "price": 1 }),
        json!({ "amount_cents": "2500", "email": "a@example.org" }),
        Value::String("no object".to_owned()),
    ] {
        let (status, problem) = app.pledge("kookclub", "wrong", &body).await;
        assert_eq!(status, 422, "{body}");
        assert!(problem["errors"][0]["message"].as_str().is_some_and(|m| !m.is_empty()), "{problem}");
        assert!(problem["type"].as_str().is_some_and(|t| t.starts_with("urn:drempel:problem:")), "{problem}");
    }
    assert_eq!(app.standing().await.reserved.0, 0);
}

#[tokio::test]
async fn unknown_fields_doubled_fields_and_floods_are_refused() {
    let app = App::start().await;
    let (status, _) = post_form(&app, &[("amount", "25"), ("price", "1")]).await;
    assert_eq!(status, 400);
    let (status, _) = post_form(&app, &[("amount", "25"), ("amount", "50")]).await;
    assert_eq!(status, 400);
    let megabyte = "x".repeat(1_000_000);
    let (status, _) = post_form(&app, &[("amount", &megabyte)]).await;
    assert_eq!(status, 413);
    let answer = app
        .http
        .post(app.url("/api/v1/projects/kookclub/pledges"))
        .header("Idempotency-Key", "big")
        .body(megabyte.repeat(3))
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 413);
}

#[tokio::test]
async fn unknown_projects_closed_rounds_and_wrong_keys_are_told_apart_from_errors_of_ours() {
    let app = App::start().await;
    let good = json!({ "amount_cents": 2_500, "email": "a@example.org" });
    assert_eq!(app.pledge("nothing", "k", &good).await.0, 404);
    assert_eq!(app.pledge("kookclub", "", &good).await.0, 422);
    let pledge = app.gift(2_500, "Anna").await;
    let reference = pledge["reference"].as_str().expect("a reference");
    for path in [
        format!("/api/v1/pledges/{reference}"),
        format!("/api/v1/pledges/{reference}?key=00"),
        format!("/nl/pledges/{reference}?key=wrong"),
        "/nl/pledges/DR-AAAA-BBBB-CC?key=00".to_owned(),
        "/nl/projects/nothing/pledge".to_owned(),
        "/nl/nowhere".to_owned(),
        "/de/projects".to_owned(),
    ] {
        let answer = app.http.get(app.url(&path)).send().await.expect("an answer");
        assert_eq!(answer.status(), 404, "{path}");
    }
    app.advance(11 * 86_400).await;
    let (status, problem) = app.pledge("kookclub", "closed", &good).await;
    assert_eq!((status, problem["type"].as_str()), (409, Some("urn:drempel:problem:pledge-not-selling")));
    assert_eq!(post_form(&app, &[("amount", "25")]).await.0, 409);
    app.verify().await;
}

#[tokio::test]
async fn foreign_origins_and_forged_events_are_refused() {
    let app = App::start().await;
    let foreign = app
        .http
        .post(app.url("/nl/projects/kookclub/pledge"))
        .header("Origin", "https://evil.example")
        .form(&[("amount", "25")])
        .send()
        .await
        .expect("an answer");
    assert_eq!(foreign.status(), 403);
    let cross = app
        .http
        .post(app.url("/api/v1/projects/kookclub/pledges"))
        .header("Sec-Fetch-Site", "cross-site")
        .header("Idempotency-Key", "x")
        .json(&json!({ "amount_cents": 2_500, "email": "a@example.org" }))
        .send()
        .await
        .expect("an answer");
    assert_eq!(cross.status(), 403);
    for (header, body) in [(None, "{}"), (Some("t=1,v1=00"), "{}"), (Some("nonsense"), "\u{0}")] {
        let mut request = app.http.post(app.url("/webhooks/stripe")).body(body);
        if let Some(header) = header {
            request = request.header("Stripe-Signature", header);
        }
        assert_eq!(request.send().await.expect("an answer").status(), 400);
    }
    assert_eq!(app.standing().await.reserved.0, 0);
}

/// An event with our id for a payment whose row is not there yet is answered so that the bank sends it again.
#[tokio::test]
async fn an_event_before_our_own_row_is_asked_for_again() {
    let app = App::start().await;
    let body = json!({
        "id": "evt_early", "type": "checkout.session.completed", "created": app.s.clock.now().seconds(), "livemode": false,
        "data": { "object": { "id": "cs_early", "object": "checkout.session",
            "metadata": { "drempel_id": "pay_not_there_yet" } } }
    })
    .to_string();
    let now = app.s.clock.now().seconds();
    let signature = drempel::infra::stripe::signature::sign("whsec_sandbox", now, body.as_bytes());
    let send = |body: String| {
        app.http
            .post(app.url("/webhooks/stripe"))
            .header("Stripe-Signature", format!("t={now},v1={signature}"))
            .body(body)
            .send()
    };
    assert_eq!(send(body.clone()).await.expect("an answer").status(), 409);
    assert_eq!(
        send(body).await.expect("an answer").status(),
        409,
        "nothing was noted, so it still counts when sent again"
    );
}

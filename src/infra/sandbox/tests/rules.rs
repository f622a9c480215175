//! The state rules of sessions, payments and refunds.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{Bank, session_form, text};

#[tokio::test]
async fn a_session_is_paid_once() {
    let bank = Bank::open().await;
    let session = bank.new_session(2_500).await;
    let (status, location, _) = bank.press(&session, "pay").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(location, format!("http://shop.test/done?session={session}"));
    assert_eq!(bank.press(&session, "pay").await.1, location, "a second click follows the first");
    assert_eq!(bank.press(&session, "fail").await.0, StatusCode::OK, "too late to fail");
    let (_, session) = bank.get(&format!("/v1/checkout/sessions/{session}")).await;
    assert_eq!((&session["status"], &session["payment_status"]), (&json!("complete"), &json!("paid")));
    assert_eq!(bank.effects().await["payments_succeeded"], 1);
}

#[tokio::test]
async fn the_page_speaks_the_customers_language_and_trusts_nobody() {
    let bank = Bank::open().await;
    for (locale, lang, amount) in [("nl", "nl", "€ 1.234,50"), ("en", "en", "€1,234.50"), ("fr", "en", "€1,234.50")]
    {
        let mut form = session_form(123_450);
        form.retain(|(name, _)| *name != "locale" && !name.contains("product_data"));
        form.push(("locale", locale.to_owned()));
        form.push(("line_items[0][price_data][product_data][name]", "<b>Fietsen & meer</b>".to_owned()));
        let (_, session) = bank.post("/v1/checkout/sessions", &form, None).await;
        let answer = bank.http.get(text(&session["url"])).send().await.expect("answers");
        let policy = answer.headers()["content-security-policy"].to_str().expect("text").to_owned();
        assert!(
            policy.starts_with("default-src 'none'; form-action 'self' http://shop.test; base-uri 'none'"),
            "{policy}"
        );
        let page = answer.text().await.expect("a page");
        assert!(page.contains(&format!("<html lang=\"{lang}\">")) && page.contains(amount), "{page}");
        assert!(!page.contains("<b>") && !page.contains("<script") && !page.contains("style"), "{page}");
        for action in ["pay", "fail", "cancel", "wait"] {
            assert!(page.contains(&format!("name=\"action\" value=\"{action}\"")), "{page}");
        }
    }
    assert_eq!(bank.press("cs_test_unknown", "pay").await.0, StatusCode::NOT_FOUND);
    assert_eq!(bank.press("cs_test_unknown", "dance").await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_refused_payment_can_be_tried_again() {
    let bank = Bank::open().await;
    let session = bank.new_session(2_500).await;
    let (status, _, page) = bank.press(&session, "fail").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("role=\"alert\"") && page.contains("http://shop.test/back"), "{page}");
    let (_, open) = bank.get(&format!("/v1/checkout/sessions/{session}?expand[]=payment_intent")).await;
    assert_eq!(
        (&open["status"], &open["payment_intent"]["status"]),
        (&json!("open"), &json!("requires_payment_method"))
    );
    assert!(open["payment_intent"]["last_payment_error"]["code"].is_string());
    assert_eq!(bank.press(&session, "cancel").await.1, "http://shop.test/back");
    assert_eq!(bank.press(&session, "pay").await.0, StatusCode::SEE_OTHER);
    let (_, paid) = bank.get(&format!("/v1/checkout/sessions/{session}?expand[]=payment_intent")).await;
    assert_eq!(paid["payment_intent"]["id"], open["payment_intent"]["id"], "one intent for all attempts");
    assert_eq!(paid["payment_intent"]["last_payment_error"], Value::Null);
}

#[tokio::test]
async fn a_waiting_payment_is_settled_by_the_clock_or_by_order() {
    let bank = Bank::open().await;
    let (by_clock, by_order) = (bank.new_session(2_500).await, bank.new_session(2_500).await);
    for session in [&by_clock, &by_order] {
        assert_eq!(bank.press(session, "wait").await.0, StatusCode::SEE_OTHER);
        let (_, now) =
            bank.get(&format!("/v1/checkout/sessions/{session}?expand[]=payment_intent.latest_charge")).await;
        assert_eq!((&now["status"], &now["payment_status"]), (&json!("complete"), &json!("unpaid")));
        let intent = &now["payment_intent"];
        assert_eq!((&intent["status"], &intent["latest_charge"]["status"]), (&json!("processing"), &json!("pending")));
    }
    bank.control("settle", json!({ "session": by_order, "outcome": "fail" })).await;
    bank.advance(59);
    assert_eq!(bank.get(&format!("/v1/checkout/sessions/{by_clock}")).await.1["payment_status"], "unpaid");
    bank.advance(1);
    assert_eq!(bank.get(&format!("/v1/checkout/sessions/{by_clock}")).await.1["payment_status"], "paid");
    let (_, failed) =
        bank.get(&format!("/v1/checkout/sessions/{by_order}?expand[]=payment_intent.latest_charge")).await;
    assert_eq!((&failed["status"], &failed["payment_status"]), (&json!("complete"), &json!("unpaid")));
    assert_eq!(failed["payment_intent"]["latest_charge"]["status"], "failed");
    assert_eq!(bank.effects().await["payments_succeeded"], 1);
}

#[tokio::test]
async fn a_session_expires_by_itself_and_by_order() {
    let bank = Bank::open().await;
    let mut form = session_form(2_500);
    form.push(("expires_at", (bank.now() + 1_800).to_string()));
    let (_, short) = bank.post("/v1/checkout/sessions", &form, None).await;
    let (short, other) = (text(&short["id"]), bank.new_session(500).await);
    bank.advance(1_799);
    assert_eq!(bank.get(&format!("/v1/checkout/sessions/{short}")).await.1["status"], "open");
    bank.advance(1);
    assert_eq!(bank.get(&format!("/v1/checkout/sessions/{short}")).await.1["status"], "expired");
    let (status, _, page) = bank.press(&short, "pay").await;
    assert!(status == StatusCode::OK && page.contains("verlopen") && !page.contains("<form"), "{page}");
    let expire = format!("/v1/checkout/sessions/{other}/expire");
    assert_eq!(bank.post(&expire, &[], None).await.1["status"], "expired");
    assert_eq!(bank.post(&expire, &[], None).await.0, StatusCode::BAD_REQUEST, "only an open one");
    assert_eq!(bank.effects().await["payments_succeeded"], 0);
}

#[tokio::test]
async fn wrong_parameters_are_refused_by_name() {
    let bank = Bank::open().await;
    let now = bank.now();
    let wrong = [
        ("mode", "subscription".to_owned(), "mode", None),
        ("submit_typo", "x".to_owned(), "submit_typo", Some("parameter_unknown")),
        ("expires_at", (now + 1_799).to_string(), "expires_at", None),
        ("expires_at", (now + 86_401).to_string(), "expires_at", None),
        ("expires_at", "soon".to_owned(), "expires_at", Some("parameter_invalid_integer")),
        ("success_url", "javascript:alert(1)".to_owned(), "success_url", Some("url_invalid")),
        ("customer_email", "nobody".to_owned(), "customer_email", Some("email_invalid")),
        ("locale", "xx".to_owned(), "locale", None),
        ("allowed_payment_method_types[0]", "shells".to_owned(), "allowed_payment_method_types", None),
        ("line_items[0][price_data][unit_amount]", "49".to_owned(), "line_items", Some("amount_too_small")),
        ("line_items[0][quantity]", String::new(), "line_items[0][quantity]", Some("parameter_missing")),
        ("metadata[k]", "x".repeat(501), "metadata[k]", None),
    ];
    for (name, value, param, code) in wrong {
        let mut form = session_form(2_500);
        form.retain(|(other, _)| *other != name);
        form.push((name, value));
        let (status, answer) = bank.post("/v1/checkout/sessions", &form, None).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{name}");
        assert_eq!((&answer["error"]["param"], &answer["error"]["code"]), (&json!(param), &json!(code)), "{name}");
    }
    assert_eq!(bank.effects().await["sessions"], 0);
}

#[tokio::test]
async fn nothing_is_refunded_beyond_what_was_paid() {
    let bank = Bank::open().await;
    let payment = bank.paid(2_500).await;
    assert_eq!(bank.refund(&payment, Some(1_000), None).await.0, StatusCode::OK);
    let (status, answer) = bank.refund(&payment, Some(1_501), None).await;
    assert_eq!((status, &answer["error"]["param"]), (StatusCode::BAD_REQUEST, &json!("amount")));
    let message = "Refund amount (€15.01) is greater than unrefunded amount on charge (€15.00)";
    assert_eq!(answer["error"]["message"], message);
    assert_eq!(bank.refund(&payment, None, None).await.1["amount"], 1_500);
    assert_eq!(bank.refund(&payment, None, None).await.1["error"]["code"], "charge_already_refunded");
    assert_eq!(bank.refund(&payment, Some(0), None).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(bank.refund("pi_unknown", None, None).await.0, StatusCode::NOT_FOUND);
    assert_eq!(bank.effects().await["refunded_by_payment"], json!({ payment: 2_500 }));
}

#[tokio::test]
async fn a_failed_refund_returns_to_the_balance() {
    let bank = Bank::open().await;
    let payment = bank.paid(2_500).await;
    bank.control("faults", json!({ "refunds": "pending" })).await;
    let (_, refund) = bank.refund(&payment, None, None).await;
    assert_eq!((&refund["status"], &refund["balance_transaction"]), (&json!("pending"), &Value::Null));
    let change = |status: &str| json!({ "refund": refund["id"], "status": status, "failure_reason": "expired_or_canceled_card" });
    assert_eq!(bank.control("refund", change("succeeded")).await["status"], "succeeded");
    let failed = bank.control("refund", change("failed")).await;
    assert_eq!(failed["failure_reason"], "expired_or_canceled_card");
    assert!(failed["failure_balance_transaction"].is_string());
    bank.advance(3 * 86_400);
    let (_, balance) = bank.get("/v1/balance").await;
    assert_eq!((&balance["available"][0]["amount"], &balance["pending"][0]["amount"]), (&json!(2_471), &json!(0)));
    assert_eq!(bank.refund(&payment, None, None).await.0, StatusCode::OK, "it can be refunded anew");
}

#[tokio::test]
async fn demo_payments_exist_when_they_are_asked_for() {
    let bank = Bank::open().await;
    let (status, list) = bank.get("/v1/refunds?payment_intent=pi_demo_1250_a-1").await;
    assert_eq!((status, &list["data"]), (StatusCode::OK, &json!([])));
    let (_, refund) = bank.post("/v1/refunds", &[("charge", "ch_demo_1250_a-1".to_owned())], None).await;
    assert_eq!((&refund["amount"], &refund["payment_intent"]), (&json!(1_250), &json!("pi_demo_1250_a-1")));
    let (_, transaction) = bank.get("/v1/balance_transactions/txn_demo_700_b").await;
    assert_eq!((&transaction["net"], &transaction["status"]), (&json!(700), &json!("available")));
    for unsound in ["pi_demo_0_a", "pi_demo_012_a", "pi_demo_12", "pi_demo_x_a", "pi_demo_12_"] {
        assert_eq!(bank.get(&format!("/v1/payment_intents/{unsound}")).await.0, StatusCode::NOT_FOUND, "{unsound}");
    }
}

#[tokio::test]
async fn lists_are_paged_newest_first() {
    let bank = Bank::open().await;
    let mut payments = Vec::new();
    for _ in 0..5 {
        payments.push(bank.paid(2_500).await);
        bank.advance(10);
    }
    let ids = |list: &Value| -> Vec<String> {
        list["data"].as_array().expect("a list").iter().map(|row| text(&row["id"])).collect()
    };
    let (_, first) = bank.get("/v1/payment_intents?limit=2").await;
    assert_eq!((ids(&first), &first["has_more"]), (vec![payments[4].clone(), payments[3].clone()], &json!(true)));
    let (_, next) = bank.get(&format!("/v1/payment_intents?limit=3&starting_after={}", payments[3])).await;
    assert_eq!((ids(&next).len(), &next["has_more"]), (3, &json!(false)));
    let (_, newer) = bank.get(&format!("/v1/payment_intents?limit=2&ending_before={}", payments[1])).await;
    assert_eq!(ids(&newer), [payments[3].clone(), payments[2].clone()]);
    let (_, recent) = bank.get(&format!("/v1/payment_intents?created[gte]={}", bank.now() - 20)).await;
    assert_eq!(ids(&recent).len(), 2);
    let (_, events) = bank.get("/v1/events?types[]=checkout.session.completed&types[]=charge.*&limit=100").await;
    assert_eq!(ids(&events).len(), 10);
    assert_eq!(bank.get("/v1/events?limit=101").await.0, StatusCode::BAD_REQUEST);
    assert_eq!(bank.get("/v1/customers").await.0, StatusCode::NOT_FOUND);
}

//! Passkeys from the outside, with a device written for the test: what is signed counts once, in its session, for this site.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use drempel::features::users::StaffRole;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::sign_in::{App, Browser, app_code};

const OWNER: &str = "owner@kookclub.example";
const TREASURER: &str = "treasurer1@drempel.example";
const ORIGIN: &str = "http://localhost:3000";

/// A device with one key (ES256), as Web Authentication describes it.
struct Device {
    key: SigningKey,
    id: [u8; 16],
    origin: &'static str,
    counter: u32,
    /// 1: somebody is there; 4: the device knows who.
    flags: u8,
}

impl Device {
    fn new(seed: u8) -> Device {
        Device {
            key: SigningKey::from_slice(&[seed; 32]).unwrap(),
            id: [seed; 16],
            origin: ORIGIN,
            counter: 0,
            flags: 5,
        }
    }

    fn client_data(&self, kind: &str, question: &Value) -> String {
        let challenge = question["challenge"].as_str().unwrap();
        json!({ "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false }).to_string()
    }

    fn authenticator_data(&self, question: &Value, flags: u8) -> Vec<u8> {
        let site = question["rpId"].as_str().or(question["rp"]["id"].as_str()).unwrap();
        let mut data = Sha256::digest(site.as_bytes()).to_vec();
        data.push(flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// Makes the key: an attestation of the format `none`.
    fn create(&self, question: &str) -> String {
        let question: Value = serde_json::from_str(question).unwrap();
        let question = &question["publicKey"];
        assert_eq!(question["authenticatorSelection"]["userVerification"], "required");
        let mut data = self.authenticator_data(question, self.flags | 0x40);
        data.extend([0u8; 16]);
        data.extend([0, 16]);
        data.extend(self.id);
        let point = self.key.verifying_key().to_sec1_point(false);
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(point.x().unwrap().iter());
        data.extend([0x22, 0x58, 0x20]);
        data.extend(point.y().unwrap().iter());
        let mut object = vec![0xa3, 0x63];
        object.extend(b"fmt");
        object.push(0x64);
        object.extend(b"none");
        object.push(0x67);
        object.extend(b"attStmt");
        object.extend([0xa0, 0x68]);
        object.extend(b"authData");
        object.extend([0x58, u8::try_from(data.len()).unwrap()]);
        object.extend(data);
        let client = self.client_data("webauthn.create", question);
        let response = json!({ "attestationObject": B64.encode(object), "clientDataJSON": B64.encode(client) });
        self.answer(&response)
    }

    /// Signs with it.
    fn sign(&mut self, question: &str) -> String {
        let question: Value = serde_json::from_str(question).unwrap();
        let question = &question["publicKey"];
        assert_eq!(question["userVerification"], "required");
        self.counter += 1;
        let data = self.authenticator_data(question, self.flags);
        let client = self.client_data("webauthn.get", question);
        let mut signed = data.clone();
        signed.extend(Sha256::digest(client.as_bytes()));
        let signature: Signature = self.key.sign(&signed);
        let response = json!({
            "authenticatorData": B64.encode(data),
            "clientDataJSON": B64.encode(client),
            "signature": B64.encode(signature.to_der().as_bytes()),
            "userHandle": null,
        });
        self.answer(&response)
    }

    fn answer(&self, response: &Value) -> String {
        let id = B64.encode(self.id);
        json!({ "id": id, "rawId": id, "type": "public-key", "extensions": {}, "response": response }).to_string()
    }
}

impl Browser<'_> {
    async fn question(&mut self, what: &str) -> String {
        let page = self.post(&format!("/nl/{what}/question"), &[]).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.location);
        page.text
    }

    async fn add(&mut self, device: &Device, name: &str) -> StatusCode {
        let answer = device.create(&self.question("account/passkeys").await);
        self.post("/nl/account/passkeys", &[("name", name), ("answer", &answer)]).await.status
    }

    async fn confirm(&mut self, answer: &str) -> StatusCode {
        self.post("/nl/sign-in/factor", &[("answer", answer), ("next", "/probe")]).await.status
    }

    async fn confirm_with(&mut self, device: &mut Device) -> StatusCode {
        let answer = device.sign(&self.question("sign-in/factor").await);
        self.confirm(&answer).await
    }
}

async fn events(app: &App) -> Vec<(String, String)> {
    let mut conn = app.services.db.read().await.unwrap();
    sqlx::query_as("SELECT e.kind, e.detail FROM account_events e JOIN letters l ON l.cause_id = e.id ORDER BY e.id")
        .fetch_all(&mut *conn)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_passkey_is_added_used_and_removed_and_each_is_told() {
    let app = App::new().await;
    app.user(OWNER).await;
    let mut browser = app.browser();
    browser.sign_in(OWNER).await;
    let before = browser.session().to_owned();
    let mut phone = Device::new(1);
    assert_eq!(browser.add(&phone, "mijn telefoon").await, StatusCode::SEE_OTHER);
    assert_ne!(browser.session(), before, "a new token");
    let page = browser.get("/nl/account/security").await.text;
    assert!(page.contains("mijn telefoon") && page.contains("Passkey toegevoegd"));

    // later, and in another browser
    app.pass(301);
    let question = browser.post("/nl/account/passkeys/question", &[]).await;
    assert_eq!(question.location, "/nl/sign-in/factor?next=%2Faccount%2Fsecurity", "adding another needs a fresh one");
    let before = browser.session().to_owned();
    assert_eq!(browser.confirm_with(&mut phone).await, StatusCode::SEE_OTHER);
    assert_ne!(browser.session(), before, "a new token");
    assert_eq!(browser.add(&Device::new(2), "laptop").await, StatusCode::SEE_OTHER);
    assert_eq!(browser.add(&Device::new(2), "laptop").await, StatusCode::UNPROCESSABLE_ENTITY, "known already");
    let mut second = app.browser();
    second.sign_in(OWNER).await;
    assert_eq!(second.confirm_with(&mut phone).await, StatusCode::SEE_OTHER);

    let page = second.get("/nl/account/security").await.text;
    let remove = page.split("action=\"").find(|part| part.contains("/remove") && part.contains("telefoon")).unwrap();
    let remove = remove.split('"').next().unwrap().to_owned();
    app.user("other@example.org").await;
    let mut stranger = app.browser();
    stranger.sign_in("other@example.org").await;
    assert_eq!(stranger.add(&Device::new(9), "x").await, StatusCode::SEE_OTHER);
    assert_eq!(stranger.post(&remove, &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(second.post(&remove, &[]).await.location, "/nl/account/security?done=passkey-removed");
    assert_eq!(browser.who().await, "nobody", "all other sessions ended");
    assert_eq!(second.confirm_with(&mut phone).await, StatusCode::UNPROCESSABLE_ENTITY, "it is gone");
    let told: Vec<_> = events(&app).await.into_iter().map(|(kind, detail)| format!("{kind} {detail}")).collect();
    let expected = [
        "passkey_added mijn telefoon",
        "passkey_added laptop",
        "new_device ",
        "passkey_added x",
        "passkey_removed mijn telefoon",
    ];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn an_answer_counts_once_in_its_session_and_for_five_minutes() {
    let app = App::new().await;
    app.user(OWNER).await;
    let (mut browser, mut other) = (app.browser(), app.browser());
    browser.sign_in(OWNER).await;
    other.sign_in(OWNER).await;
    let mut phone = Device::new(1);
    assert_eq!(browser.add(&phone, "telefoon").await, StatusCode::SEE_OTHER);
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;

    let answer = phone.sign(&browser.question("sign-in/factor").await);
    assert_eq!(browser.confirm(&answer).await, StatusCode::SEE_OTHER);
    assert_eq!(browser.confirm(&answer).await, wrong, "a second time");
    let answer = phone.sign(&browser.question("sign-in/factor").await);
    assert_eq!(other.confirm(&answer).await, wrong, "a stolen answer, without a question there");
    other.question("sign-in/factor").await;
    assert_eq!(other.confirm(&answer).await, wrong, "a stolen answer, for another question");
    assert_eq!(browser.confirm(&answer).await, StatusCode::SEE_OTHER, "where it was asked it still counts");
    let answer = phone.sign(&browser.question("sign-in/factor").await);
    app.pass(300);
    assert_eq!(browser.confirm(&answer).await, wrong, "five minutes");
    let first = phone.sign(&browser.question("sign-in/factor").await);
    browser.question("sign-in/factor").await;
    assert_eq!(browser.confirm(&first).await, wrong, "a newer question took its place");
    browser.question("sign-in/factor").await;
    assert_eq!(browser.confirm("{}").await, wrong);
    let answer = phone.sign(&browser.question("sign-in/factor").await);
    assert_eq!(browser.confirm("nonsense").await, wrong);
    assert_eq!(browser.confirm(&answer).await, wrong, "the first answer uses the question up, even nonsense");
    assert_eq!(browser.get("/nl/probe").await.text, OWNER);
}

#[tokio::test]
async fn a_device_must_know_who_is_there_for_this_site_and_count_on() {
    let app = App::new().await;
    app.user(OWNER).await;
    let mut browser = app.browser();
    browser.sign_in(OWNER).await;
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    let unsure = Device { flags: 1, ..Device::new(3) };
    assert_eq!(browser.add(&unsure, "zonder pincode").await, wrong);
    let elsewhere = Device { origin: "http://localhost.example", ..Device::new(3) };
    assert_eq!(browser.add(&elsewhere, "nepsite").await, wrong);
    let mut phone = Device::new(1);
    assert_eq!(browser.add(&phone, " ").await, wrong, "without a name");
    assert_eq!(browser.add(&phone, "telefoon").await, StatusCode::SEE_OTHER);
    assert_eq!(browser.post("/nl/account/passkeys", &[("name", "x"), ("answer", "")]).await.status, wrong);

    assert_eq!(browser.confirm_with(&mut phone).await, StatusCode::SEE_OTHER);
    phone.flags = 1;
    assert_eq!(browser.confirm_with(&mut phone).await, wrong, "not verified");
    phone.flags = 5;
    phone.origin = "https://localhost:3000";
    assert_eq!(browser.confirm_with(&mut phone).await, wrong, "another site");
    phone.origin = ORIGIN;
    let mut copy = Device { counter: 0, ..Device::new(1) };
    assert_eq!(browser.confirm_with(&mut copy).await, wrong, "a copy that counted less");
    assert_eq!(browser.confirm_with(&mut phone).await, StatusCode::SEE_OTHER);
    let mut stranger = Device { id: [1; 16], ..Device::new(7) };
    assert_eq!(browser.confirm_with(&mut stranger).await, wrong, "another key under the same name");
}

const PRODUCTION: [(&str, &str); 4] = [
    ("PUBLIC_URL", "https://drempel.example"),
    ("STRIPE_SECRET_KEY", "sk_live_x"),
    ("STRIPE_WEBHOOK_SECRETS", "whsec_x"),
    ("SMTP_URL", "smtp://127.0.0.1:25"),
];

#[tokio::test]
async fn in_production_the_team_enrols_with_an_app_and_works_with_a_passkey() {
    let app = App::with(&PRODUCTION).await;
    let link = app.staff(TREASURER, StaffRole::Treasurer).await;
    let mut browser = app.browser();
    let secret = browser.enrol(&link).await;
    let mut phone = Device { origin: "https://drempel.example", ..Device::new(1) };
    assert_eq!(
        browser.get("/nl/probe/staff").await.location,
        "/nl/account/security",
        "an app only lets a passkey be added"
    );
    assert!(browser.get("/nl/account/security").await.text.contains("Voeg een passkey toe. Daarna"));
    assert_eq!(browser.add(&phone, "sleutel").await, StatusCode::SEE_OTHER);
    assert_eq!(browser.get("/nl/probe/money").await.text, "money");

    // from then on a code opens nothing
    app.pass(60);
    let mut second = app.browser();
    second.sign_in(TREASURER).await;
    let code = app_code(&secret, &app, 0);
    assert_eq!(second.post("/nl/sign-in/factor", &[("code", &code)]).await.status, StatusCode::CONFLICT);
    assert_eq!(second.get("/nl/probe/staff").await.location, "/nl/sign-in/factor?next=%2Fprobe%2Fstaff");
    assert_eq!(second.confirm_with(&mut phone).await, StatusCode::SEE_OTHER);
    assert_eq!(second.get("/nl/probe/money").await.text, "money");
    app.pass(301);
    assert_eq!(second.get("/nl/probe/money").await.location, "/nl/sign-in/factor?next=%2Fprobe%2Fmoney");
    assert_eq!(second.confirm_with(&mut phone).await, StatusCode::SEE_OTHER);
    assert_eq!(second.get("/nl/probe/money").await.text, "money");
}

#[tokio::test]
async fn the_team_begins_with_a_link_and_keeps_one_factor() {
    let app = App::new().await;
    let link = app.staff(TREASURER, StaffRole::Treasurer).await;
    let mut browser = app.browser();
    browser.sign_in(TREASURER).await;
    for path in ["/nl/account/passkeys/question", "/nl/account/app"] {
        assert_eq!(browser.post(path, &[]).await.status, StatusCode::FORBIDDEN, "{path}: mail alone enrols nothing");
    }
    browser.enrol(&link).await;
    let last = browser.post("/nl/account/app/remove", &[]).await;
    assert_eq!(last.status, StatusCode::CONFLICT);
    assert!(last.text.contains("Dit is je laatste tweede stap"));
    assert_eq!(browser.add(&Device::new(1), "sleutel").await, StatusCode::SEE_OTHER);
    assert_eq!(browser.post("/nl/account/app/remove", &[]).await.location, "/nl/account/security?done=app-removed");
    let page = browser.get("/nl/account/security").await.text;
    let remove = page.split("action=\"").find(|part| part.contains("/remove")).unwrap().split('"').next().unwrap();
    assert_eq!(browser.post(remove, &[]).await.status, StatusCode::CONFLICT);
    app.pass(301);
    let stale = browser.post(remove, &[]).await;
    assert!(stale.location.starts_with("/nl/sign-in/factor"), "{}", stale.location);

    // what somebody connected before joining the team was proved by mail alone
    app.user(OWNER).await;
    let mut owner = app.browser();
    owner.sign_in(OWNER).await;
    assert_eq!(owner.add(&Device::new(5), "eigen").await, StatusCode::SEE_OTHER);
    app.staff(OWNER, StaffRole::Reviewer).await;
    assert_eq!(owner.who().await, "nobody");
    owner.sign_in(OWNER).await;
    assert_eq!(owner.post("/nl/sign-in/factor/question", &[]).await.status, StatusCode::NOT_FOUND);
}

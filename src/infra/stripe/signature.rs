//! Webhook signatures (`Stripe-Signature: t=…,v1=…`): an HMAC over the moment and the raw body, valid for five minutes.
//! Source: Stripe's documentation, "Verify webhook signatures manually".

use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use sha2::Sha256;

use crate::infra::random::same;
use crate::values::Timestamp;

const TOLERANCE_SECONDS: i64 = 300;

/// What Drempel reads of an event; the object itself is fetched again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub id: String,
    pub kind: String,
    pub occurred_at: Timestamp,
    /// `checkout.session`, `payment_intent`, `charge`, `refund` …
    pub object_kind: String,
    pub object_id: String,
    /// The payment an object belongs to, where it says so.
    pub intent_id: String,
    /// Our own id from the metadata; empty when there is none.
    pub our_id: String,
    pub live: bool,
    /// The connected account it happened on; empty when it is our own.
    pub account: String,
}

impl Event {
    /// Of a connected account only news of the account itself concerns us; money moves on our own.
    pub fn is_ours(&self) -> bool {
        self.account.is_empty() || self.kind.starts_with("account.") || self.kind.starts_with("capability.")
    }
}

/// Why an event is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forged {
    NoSignature,
    WrongSignature,
    TooOld,
    NotAnEvent,
}

#[derive(Deserialize)]
struct Envelope {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    created: i64,
    #[serde(default)]
    livemode: bool,
    #[serde(default)]
    account: Option<String>,
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    object: Object,
}

#[derive(Deserialize)]
struct Object {
    #[serde(default)]
    id: String,
    #[serde(default)]
    object: String,
    #[serde(default)]
    payment_intent: serde_json::Value,
    #[serde(default)]
    metadata: serde_json::Value,
}

/// Believes an event when one of the secrets signed it less than five minutes ago.
pub fn verify(header: Option<&str>, body: &[u8], secrets: &[String], now: Timestamp) -> Result<Event, Forged> {
    let header = header.ok_or(Forged::NoSignature)?;
    let mut moment = None;
    let mut given = Vec::new();
    for part in header.split(',').take(20) {
        match part.trim().split_once('=') {
            Some(("t", value)) => moment = value.parse::<i64>().ok(),
            Some(("v1", value)) => given.push(value),
            _ => {}
        }
    }
    let moment = moment.ok_or(Forged::NoSignature)?;
    let signed = secrets.iter().any(|secret| {
        let expected = sign(secret, moment, body);
        given.iter().any(|signature| same(signature, &expected))
    });
    if !signed {
        return Err(Forged::WrongSignature);
    }
    if (now.seconds() - moment).abs() > TOLERANCE_SECONDS {
        return Err(Forged::TooOld);
    }
    read(body).ok_or(Forged::NotAnEvent)
}

/// The signature of a body at a moment, in hexadecimal.
pub fn sign(secret: &str, moment: i64, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("an HMAC takes a key of any length");
    mac.update(moment.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    hex::encode(mac.finalize().into_bytes())
}

fn read(body: &[u8]) -> Option<Event> {
    let envelope: Envelope = serde_json::from_slice(body).ok()?;
    let object = envelope.data.object;
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    Some(Event {
        id: envelope.id,
        kind: envelope.kind,
        occurred_at: Timestamp::from_seconds(envelope.created),
        intent_id: if object.object == "payment_intent" { object.id.clone() } else { text(&object.payment_intent) },
        our_id: text(&object.metadata[super::OUR_ID]),
        object_kind: object.object,
        object_id: object.id,
        live: envelope.livemode,
        account: envelope.account.unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BODY: &[u8] = br#"{"id":"evt_1","type":"refund.updated","created":1000,"livemode":false,
        "data":{"object":{"id":"re_1","object":"refund","payment_intent":"pi_1","metadata":{"drempel_id":"rfd_1"}}}}"#;

    fn secrets() -> Vec<String> {
        vec!["whsec_old".to_owned(), "whsec_new".to_owned()]
    }

    #[test]
    fn f25_both_secrets_verify_while_one_is_rotated() {
        for secret in secrets() {
            let header = format!("t=1000,v1={},v0=x", sign(&secret, 1000, BODY));
            let event = verify(Some(&header), BODY, &secrets(), Timestamp::from_seconds(1100)).unwrap();
            assert_eq!((event.our_id.as_str(), event.intent_id.as_str()), ("rfd_1", "pi_1"));
        }
    }

    #[test]
    fn f24_forged_old_and_broken_events_are_refused() {
        let now = Timestamp::from_seconds(1100);
        let good = format!("t=1000,v1={}", sign("whsec_old", 1000, BODY));
        assert_eq!(verify(None, BODY, &secrets(), now), Err(Forged::NoSignature));
        assert_eq!(verify(Some("v1=00"), BODY, &secrets(), now), Err(Forged::NoSignature));
        assert_eq!(verify(Some("t=1000,v1=00"), BODY, &secrets(), now), Err(Forged::WrongSignature));
        assert_eq!(verify(Some(&good), b"{}", &secrets(), now), Err(Forged::WrongSignature));
        assert_eq!(verify(Some(&good), BODY, &secrets(), Timestamp::from_seconds(1301)), Err(Forged::TooOld));
        let empty = format!("t=1000,v1={}", sign("whsec_old", 1000, b"{}"));
        assert_eq!(verify(Some(&empty), b"{}", &secrets(), now), Err(Forged::NotAnEvent));
    }

    proptest! {
        #[test]
        fn nothing_received_makes_it_fall_over(header in ".{0,80}", body in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = verify(Some(&header), &body, &secrets(), Timestamp::from_seconds(0));
            let _ = read(&body);
        }
    }
}

//! Idempotency keys: the same key and parameters get the first answer again, whatever it was.
//!
//! As Stripe documents it for API v1: an answer is kept for 24 hours, a 500 too; wrong parameters and conflicts are not kept, because no
//! work began; the same key with other parameters is an error; and a second request while the first is under way gets 409.

use std::collections::{HashMap, HashSet, VecDeque};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::errors::ApiError;
use super::rows::Snapshot;

/// How long an answer is kept, in seconds.
const KEPT_SECONDS: i64 = 24 * 60 * 60;

/// The body of an answer; a row is kept instead of its JSON where that says the same in a tenth of the space.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Body {
    Object(Box<Snapshot>),
    Text(String),
}

/// The first answer under a key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct StoredAnswer {
    pub key: String,
    /// Unix seconds.
    pub created: i64,
    pub fingerprint: String,
    pub status: u16,
    pub body: Body,
}

/// All answers that are still kept, and the keys of requests under way.
#[derive(Default)]
pub(super) struct Answers {
    kept: HashMap<String, StoredAnswer>,
    by_age: VecDeque<(i64, String)>,
    busy: HashSet<String>,
}

impl Answers {
    /// The stored answer for this key, if there is one.
    ///
    /// # Errors
    /// The key was used with other parameters, or its first request is still under way.
    pub(super) fn find(&mut self, key: &str, fingerprint: &str, now: i64) -> Result<Option<&StoredAnswer>, ApiError> {
        self.forget_old(now);
        if self.busy.contains(key) {
            return Err(ApiError::key_in_use(key));
        }
        match self.kept.get(key) {
            Some(answer) if answer.fingerprint != fingerprint => Err(ApiError::key_reused(key)),
            found => Ok(found),
        }
    }

    pub(super) fn put(&mut self, answer: StoredAnswer) {
        self.by_age.push_back((answer.created, answer.key.clone()));
        self.kept.insert(answer.key.clone(), answer);
    }

    /// Marks a key as under way, for a request that was told to stall.
    pub(super) fn begin(&mut self, key: &str) {
        self.busy.insert(key.to_owned());
    }

    pub(super) fn end(&mut self, key: &str) {
        self.busy.remove(key);
    }

    fn forget_old(&mut self, now: i64) {
        while self.by_age.front().is_some_and(|(created, _)| created + KEPT_SECONDS <= now) {
            let Some((created, key)) = self.by_age.pop_front() else {
                return;
            };
            // The key may have been used anew since.
            if self.kept.get(&key).is_some_and(|answer| answer.created == created) {
                self.kept.remove(&key);
            }
        }
    }
}

/// What two requests must share to be the same request.
pub(super) fn fingerprint(path: &str, canonical_parameters: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(path.as_bytes());
    hash.update(b"\n");
    hash.update(canonical_parameters.as_bytes());
    hex::encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(key: &str, created: i64) -> StoredAnswer {
        let fingerprint = fingerprint("/v1/refunds", "amount=5");
        StoredAnswer { key: key.to_owned(), created, fingerprint, status: 200, body: Body::Text("{}".to_owned()) }
    }

    #[test]
    fn the_same_request_finds_its_answer_and_another_is_an_error() {
        let mut answers = Answers::default();
        answers.put(answer("k", 100));
        let same = fingerprint("/v1/refunds", "amount=5");
        assert!(answers.find("k", &same, 101).expect("same parameters").is_some());
        let other = fingerprint("/v1/refunds", "amount=6");
        assert_eq!(answers.find("k", &other, 101).expect_err("other parameters").kind, "idempotency_error");
        let elsewhere = fingerprint("/v1/checkout/sessions", "amount=5");
        assert!(answers.find("k", &elsewhere, 101).is_err());
        assert!(answers.find("unused", &same, 101).expect("nothing there").is_none());
    }

    #[test]
    fn a_key_is_forgotten_after_a_day_and_can_be_used_anew() {
        let mut answers = Answers::default();
        let same = fingerprint("/v1/refunds", "amount=5");
        answers.put(answer("k", 100));
        assert!(answers.find("k", &same, 100 + KEPT_SECONDS - 1).expect("still kept").is_some());
        assert!(answers.find("k", &same, 100 + KEPT_SECONDS).expect("forgotten").is_none());
        answers.put(answer("k", 100 + KEPT_SECONDS));
        assert!(answers.find("k", &same, 100 + KEPT_SECONDS + 5).expect("kept again").is_some());
    }

    #[test]
    fn a_key_under_way_is_a_conflict() {
        let mut answers = Answers::default();
        answers.begin("k");
        assert_eq!(answers.find("k", "", 1).expect_err("busy").status.as_u16(), 409);
        answers.end("k");
        assert!(answers.find("k", "", 1).expect("free again").is_none());
    }
}

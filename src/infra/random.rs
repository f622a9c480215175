//! Randomness and what is made of it: ids, references, secrets, and keys derived from the installation's own secret.

use std::cell::RefCell;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::values::Timestamp;

thread_local! {
    /// In place of the operating system's randomness, where [`repeatable`] asked for it.
    static SEQUENCE: RefCell<Option<Sequence>> = const { RefCell::new(None) };
}

/// `N` random bytes.
///
/// # Panics
/// When the operating system has no randomness to give: nothing safe can be done then.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut buffer = [0u8; N];
    fill(&mut buffer);
    buffer
}

/// Fills `buffer` with random bytes.
///
/// # Panics
/// As [`bytes`].
pub fn fill(buffer: &mut [u8]) {
    let repeated = SEQUENCE.with_borrow_mut(|sequence| sequence.as_mut().map(|sequence| sequence.fill(buffer)));
    if repeated.is_none() {
        getrandom::fill(buffer).expect("the operating system gives random bytes");
    }
}

/// Makes everything random on this thread follow from `seed`, so that a simulation can be repeated. Nothing of the program calls
/// it (a test holds that): what can be foreseen guards nothing.
pub fn repeatable(seed: u64) {
    SEQUENCE.set(Some(Sequence::new(seed)));
}

/// A sequence of numbers that follows from its seed (SplitMix64: G. Steele, D. Lea, C. Flood, OOPSLA 2014). Not for secrets.
#[derive(Debug, Clone)]
pub struct Sequence(u64);

impl Sequence {
    pub fn new(seed: u64) -> Sequence {
        Sequence(seed)
    }

    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `limit`, which is at least 1.
    pub fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.number() >> 1).unwrap_or(usize::MAX) % limit.max(1)
    }

    fn fill(&mut self, buffer: &mut [u8]) {
        for part in buffer.chunks_mut(8) {
            part.copy_from_slice(&self.number().to_le_bytes()[..part.len()]);
        }
    }
}

/// A new id: a prefix that tells the table, and a time-ordered UUID (version 7, RFC 9562).
pub fn id(prefix: &str, now: Timestamp) -> String {
    let millis = u64::try_from(now.millis()).unwrap_or(0);
    let uuid = uuid::Builder::from_unix_timestamp_millis(millis, &bytes::<10>()).into_uuid();
    format!("{prefix}_{}", Uuid::simple(uuid))
}

/// No id that was made at this moment or later stands before it, and none that was made earlier behind it.
pub fn first_id(prefix: &str, moment: Timestamp) -> String {
    format!("{prefix}_{:012x}", moment.millis().max(0))
}

/// A reference people can read aloud: `DR-7K3M-9QXA-4T`, without letters that look alike. 50 random bits.
pub fn reference() -> String {
    let code = code(10);
    format!("DR-{}-{}-{}", &code[..4], &code[4..8], &code[8..])
}

/// `length` random characters of Crockford's base 32.
pub fn code(length: usize) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    (0..length).map(|_| char::from(ALPHABET[usize::from(bytes::<1>()[0] & 31)])).collect()
}

/// A secret for an address or a cookie: 192 random bits in hexadecimal.
pub fn secret() -> String {
    hex::encode(bytes::<24>())
}

/// What is stored of a secret.
pub fn hash(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

/// Compares in constant time.
pub fn same(a: &str, b: &str) -> bool {
    bool::from(a.as_bytes().ct_eq(b.as_bytes()))
}

/// Keys derived from `SECRET_KEY`, one per purpose, so that links in letters need no stored secret.
#[derive(Clone)]
pub struct Keys {
    secret: Vec<u8>,
}

impl Keys {
    pub fn new(secret: &[u8]) -> Keys {
        Keys { secret: secret.to_vec() }
    }

    /// The key that opens `subject` for `purpose`: 128 bits of an HMAC in hexadecimal.
    pub fn derive(&self, purpose: &str, subject: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.secret).expect("an HMAC takes a key of any length");
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(subject.as_bytes());
        hex::encode(&mac.finalize().into_bytes()[..16])
    }

    /// Whether `key` is the one for this purpose and subject.
    pub fn opens(&self, key: &str, purpose: &str, subject: &str) -> bool {
        same(key, &self.derive(purpose, subject))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_order_by_time_and_keys_differ_by_purpose() {
        let early = id("plg", Timestamp::from_millis(1_000));
        let late = id("plg", Timestamp::from_millis(2_000));
        assert!(early < late && early.starts_with("plg_"));
        let keys = Keys::new(b"a secret of this installation...");
        assert!(keys.opens(&keys.derive("pledge", "x"), "pledge", "x"));
        assert!(!keys.opens(&keys.derive("pledge", "x"), "unsubscribe", "x"));
        assert_eq!(reference().len(), 15);
    }

    #[test]
    fn a_seed_repeats_everything_on_its_thread_and_on_no_other() {
        let made = |seed| {
            std::thread::spawn(move || {
                repeatable(seed);
                (secret(), reference(), id("plg", Timestamp::from_millis(1_000)))
            })
        };
        let made = |seed| made(seed).join().unwrap();
        assert_eq!(made(7), made(7));
        assert_ne!(made(7), made(8));
        assert_ne!(secret(), secret());
    }
}

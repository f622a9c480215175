//! Codes of authenticator apps: TOTP of RFC 6238 with HMAC-SHA-1, six digits and steps of 30 seconds, which every app knows.
//!
//! Own code because it is twenty lines on the HMAC we have, and because the step that matched must be known: it is used once.

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use crate::infra::random;

/// The length of a step, in seconds.
const STEP_SECONDS: i64 = 30;
/// How many steps a phone's clock may be off, to either side (RFC 6238, section 5.2 advises one).
const STEPS_OFF: i64 = 1;

/// The code of a step (RFC 4226, section 5.3).
fn code_at(secret: &[u8], step: i64) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).expect("an HMAC takes a key of any length");
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest[19] & 0x0f);
    let four = [digest[offset], digest[offset + 1], digest[offset + 2], digest[offset + 3]];
    format!("{:06}", (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000)
}

/// The code at a moment; nothing when `secret` is not base 32.
pub fn code(secret: &str, now_seconds: i64) -> Option<String> {
    Some(code_at(&BASE32_NOPAD.decode(secret.as_bytes()).ok()?, now_seconds / STEP_SECONDS))
}

/// The step at which `typed` is the right code, when that step was not used before. `secret` is base 32.
pub fn matching_step(secret: &str, typed: &str, now_seconds: i64, last_step: i64) -> Option<i64> {
    let secret = BASE32_NOPAD.decode(secret.as_bytes()).ok()?;
    let typed: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let present = now_seconds / STEP_SECONDS;
    (present - STEPS_OFF..=present + STEPS_OFF)
        .find(|step| *step > last_step && random::same(&code_at(&secret, *step), &typed))
}

/// A secret as apps take it: base 32 without padding.
pub fn base32(secret: &[u8]) -> String {
    BASE32_NOPAD.encode(secret)
}

/// The secret in groups of four, to be typed over.
pub fn grouped(base32: &str) -> String {
    base32.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ")
}

/// What the QR code says to the app (the Key URI format of Google Authenticator, which the others took over).
pub fn key_uri(email: &str, base32: &str) -> String {
    let account: String = form_urlencoded::byte_serialize(email.as_bytes()).collect();
    format!("otpauth://totp/Drempel:{account}?secret={base32}&issuer=Drempel&algorithm=SHA1&digits=6&period=30")
}

#[cfg(test)]
mod tests {
    use super::*;

    const RFC_SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn the_vectors_of_rfc_6238_appendix_b() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_at(RFC_SECRET, seconds / 30), code);
        }
    }

    #[test]
    fn a_code_is_good_for_one_step_around_and_once() {
        let secret = base32(RFC_SECRET);
        assert_eq!(matching_step(&secret, "287 082", 59, 0), Some(1));
        assert_eq!(matching_step(&secret, "287082", 59 + 30, 0), Some(1));
        assert_eq!(matching_step(&secret, "287082", 59 + 60, 0), None);
        assert_eq!(matching_step(&secret, "287082", 59, 1), None, "used before");
        assert_eq!(matching_step(&secret, "", 59, 0), None);
        assert_eq!(matching_step("not base 32", "287082", 59, 0), None);
    }

    #[test]
    fn the_secret_is_shown_in_groups_and_the_address_is_escaped() {
        assert_eq!(grouped("ABCDEFGHIJ"), "ABCD EFGH IJ");
        assert!(key_uri("a+b@c.nl", "ABCD").starts_with("otpauth://totp/Drempel:a%2Bb%40c.nl?secret=ABCD&"));
    }
}

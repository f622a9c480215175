//! Ids that look like Stripe's: a prefix and random letters and digits.

use crate::infra::random;

const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A new id: `prefix` and `length` letters or digits (at most 64). 23 of them carry 137 bits.
pub(super) fn new(prefix: &str, length: usize) -> String {
    let mut bytes = [0_u8; 64];
    let bytes = &mut bytes[..length.min(64)];
    random::fill(bytes);
    let mut id = String::with_capacity(prefix.len() + length);
    id.push_str(prefix);
    // Four of 256 values make the first letters slightly likelier; these ids guard nothing.
    id.extend(bytes.iter().map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])));
    id
}

//! By what statements and payments are known again: fingerprints over all that tells one from another.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::infra::bank::{Head, Line};

/// What tells a statement from all others, whatever file it stands in.
pub fn statement_key(head: &Head) -> String {
    digest(&[
        &head.iban,
        &head.id,
        &head.opening.day,
        &head.opening.amount.0.to_string(),
        &head.closing.day,
        &head.closing.amount.0.to_string(),
    ])
    .iter()
    .map(|byte| format!("{byte:02x}"))
    .collect()
}

/// What tells a payment from all others. The same payment on two statements has the same key.
pub fn line_key(iban: &str, line: &Line, seen: &mut HashMap<[u8; 16], u32>) -> String {
    let hash = digest(&[
        iban,
        line.direction.map_or("", |direction| direction.as_str()),
        &line.amount.0.to_string(),
        &line.booked_on,
        if line.is_reversal { "reversal" } else { "" },
        if line.is_return { "return" } else { "" },
        &line.bank_reference,
        &line.end_to_end_id,
        &line.iban,
        &line.name,
        &line.reference,
        &line.remittance,
    ]);
    let mut short = [0u8; 16];
    short.copy_from_slice(&hash[..16]);
    let number = seen.entry(short).or_default();
    *number += 1;
    format!("{}:{number}", hex::encode(hash))
}

fn digest(parts: &[&str]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.len().to_string());
        digest.update(":");
        digest.update(part);
    }
    digest.finalize().into()
}

//! The signature under a letter (DKIM, RFC 6376), so that receivers know it is ours.
//!
//! Relaxed canonicalisation of headers and body, because relays fold lines. `Content-Type` stays out of the signed list: relays
//! rewrite it. The List-Unsubscribe headers are in it, which RFC 8058 asks for.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lettre::message::dkim::{
    DkimCanonicalization, DkimCanonicalizationType, DkimConfig, DkimSigningAlgorithm, DkimSigningKey,
};
use lettre::message::header::HeaderName;

use crate::infra::settings::{DkimSettings, WrongSetting};

const SIGNED: [&str; 8] =
    ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "List-Unsubscribe", "List-Unsubscribe-Post"];
const EXPECTED: &str = "a file with a private key: RSA (PEM) or Ed25519 (PEM, or 32 bytes in base64)";

/// DER of `AlgorithmIdentifier` for RSA (RFC 3279) and Ed25519 (RFC 8410) as they stand in a PKCS #8 key.
const RSA: &[u8] = &[0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
const ED25519: &[u8] = &[0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// Reads the key and makes the configuration of all signatures.
pub(super) fn config(settings: &DkimSettings) -> Result<DkimConfig, WrongSetting> {
    let wrong = || WrongSetting {
        name: "DKIM_KEY_FILE".to_owned(),
        held: format!("\"{}\"", settings.key_file.display()),
        expected: EXPECTED.to_owned(),
    };
    let text = std::fs::read_to_string(&settings.key_file).map_err(|_| wrong())?;
    let key = key(&text).ok_or_else(wrong)?;
    let headers = SIGNED
        .iter()
        .map(|name| HeaderName::new_from_ascii((*name).to_owned()).expect("the names of headers are plain letters"))
        .collect();
    let relaxed =
        DkimCanonicalization { header: DkimCanonicalizationType::Relaxed, body: DkimCanonicalizationType::Relaxed };
    Ok(DkimConfig::new(settings.selector.clone(), settings.domain.clone(), key, headers, relaxed))
}

/// A key in one of the forms in which they are handed around.
fn key(text: &str) -> Option<DkimSigningKey> {
    if text.contains("BEGIN RSA PRIVATE KEY") {
        return DkimSigningKey::new(text, DkimSigningAlgorithm::Rsa).ok();
    }
    let body: String = text.lines().filter(|line| !line.starts_with("-----")).map(str::trim).collect();
    let der = STANDARD.decode(&body).ok()?;
    if let Some(inner) = behind(&der, RSA) {
        return DkimSigningKey::new(&pkcs1(octets(inner)?), DkimSigningAlgorithm::Rsa).ok();
    }
    let seed = if der.len() == 32 { &der[..] } else { behind(&der, ED25519)?.get(..32)? };
    DkimSigningKey::new(&STANDARD.encode(seed), DkimSigningAlgorithm::Ed25519).ok()
}

/// What follows a run of bytes.
fn behind<'a>(der: &'a [u8], mark: &[u8]) -> Option<&'a [u8]> {
    let at = der.windows(mark.len()).position(|window| window == mark)?;
    der.get(at + mark.len()..)
}

/// The content of an OCTET STRING at the beginning of `der`.
fn octets(der: &[u8]) -> Option<&[u8]> {
    match der {
        [0x04, 0x82, high, low, rest @ ..] => rest.get(..usize::from(*high) * 256 + usize::from(*low)),
        [0x04, 0x81, length, rest @ ..] => rest.get(..usize::from(*length)),
        _ => None,
    }
}

fn pkcs1(der: &[u8]) -> String {
    let body = STANDARD.encode(der);
    let lines: Vec<&str> =
        body.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap_or_default()).collect();
    format!("-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----\n", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ed25519_is_read_bare_and_from_pem() {
        let seed = [7u8; 32];
        let mut der = vec![0x30, 0x2e, 0x02, 0x01, 0x00];
        der.extend_from_slice(ED25519);
        der.extend_from_slice(&seed);
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(&der));
        assert!(key(&STANDARD.encode(seed)).is_some());
        assert!(key(&pem).is_some());
        for bad in ["", "no key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"] {
            assert!(key(bad).is_none(), "{bad}");
        }
    }
}

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
use ring::signature::KeyPair as _;

use crate::infra::settings::{DkimSettings, WrongSetting};

const SIGNED: [&str; 8] =
    ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "List-Unsubscribe", "List-Unsubscribe-Post"];
const EXPECTED: &str = "a file with a private key: RSA (PEM) or Ed25519 (PEM, or 32 bytes in base64)";

/// DER of `AlgorithmIdentifier` for RSA (RFC 3279) and Ed25519 (RFC 8410) as they stand in a PKCS #8 key.
const RSA: &[u8] = &[0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
const ED25519: &[u8] = &[0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// A private key.
enum Key {
    /// DER of an RSAPrivateKey (RFC 8017).
    Rsa(Vec<u8>),
    /// The 32 bytes that an Ed25519 key is made from (RFC 8032).
    Ed25519(Vec<u8>),
}

/// Reads the key and makes the configuration of all signatures.
pub(super) fn config(settings: &DkimSettings) -> Result<DkimConfig, WrongSetting> {
    let key = read(settings)?.signing().ok_or_else(|| wrong(settings))?;
    let headers = SIGNED
        .iter()
        .map(|name| HeaderName::new_from_ascii((*name).to_owned()).expect("the names of headers are plain letters"))
        .collect();
    let relaxed =
        DkimCanonicalization { header: DkimCanonicalizationType::Relaxed, body: DkimCanonicalizationType::Relaxed };
    Ok(DkimConfig::new(settings.selector.clone(), settings.domain.clone(), key, headers, relaxed))
}

/// The kind of the key and its public half, as receivers look them up (RFC 6376, 3.6.1; RFC 8463).
pub(super) fn public(settings: &DkimSettings) -> Result<(&'static str, Vec<u8>), WrongSetting> {
    read(settings)?.public().ok_or_else(|| wrong(settings))
}

fn wrong(settings: &DkimSettings) -> WrongSetting {
    WrongSetting {
        name: "DKIM_KEY_FILE".to_owned(),
        held: format!("\"{}\"", settings.key_file.display()),
        expected: EXPECTED.to_owned(),
    }
}

fn read(settings: &DkimSettings) -> Result<Key, WrongSetting> {
    let text = std::fs::read_to_string(&settings.key_file).map_err(|_| wrong(settings))?;
    key(&text).ok_or_else(|| wrong(settings))
}

/// A key in one of the forms in which they are handed around.
fn key(text: &str) -> Option<Key> {
    let body: String = text.lines().filter(|line| !line.starts_with("-----")).map(str::trim).collect();
    let der = STANDARD.decode(&body).ok()?;
    if text.contains("BEGIN RSA PRIVATE KEY") {
        return Some(Key::Rsa(der));
    }
    if let Some(inner) = behind(&der, RSA) {
        return Some(Key::Rsa(octets(inner)?.to_vec()));
    }
    let seed = if der.len() == 32 { &der[..] } else { behind(&der, ED25519)?.get(..32)? };
    Some(Key::Ed25519(seed.to_vec()))
}

impl Key {
    fn signing(&self) -> Option<DkimSigningKey> {
        match self {
            Key::Rsa(der) => DkimSigningKey::new(&pkcs1(der), DkimSigningAlgorithm::Rsa).ok(),
            Key::Ed25519(seed) => DkimSigningKey::new(&STANDARD.encode(seed), DkimSigningAlgorithm::Ed25519).ok(),
        }
    }

    fn public(&self) -> Option<(&'static str, Vec<u8>)> {
        match self {
            Key::Rsa(der) => {
                let pair = ring::rsa::KeyPair::from_der(der).ok()?;
                Some(("rsa", public_key_info(pair.public_key().as_ref())))
            }
            Key::Ed25519(seed) => {
                let pair = ring::signature::Ed25519KeyPair::from_seed_unchecked(seed).ok()?;
                Some(("ed25519", pair.public_key().as_ref().to_vec()))
            }
        }
    }
}

/// DER of a SubjectPublicKeyInfo (RFC 5280) around an RSA key: what receivers read in practice.
fn public_key_info(key: &[u8]) -> Vec<u8> {
    let bits = [&[0][..], key].concat();
    tagged(0x30, &[RSA, &tagged(0x03, &bits)].concat())
}

/// A value of DER with its tag and length.
fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let length: Vec<u8> = length.into_iter().skip_while(|byte| *byte == 0).collect();
    let mut value = vec![tag];
    match (length.as_slice(), content.len()) {
        ([], _) => value.push(0),
        ([short], 0..128) => value.push(*short),
        (long, _) => {
            // at most eight bytes of length
            value.push(0x80 | u8::try_from(long.len()).unwrap_or(8));
            value.extend_from_slice(long);
        }
    }
    value.extend_from_slice(content);
    value
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
        // RFC 8032 makes this public key of that seed
        let public = "ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c";
        for text in [STANDARD.encode(seed), pem] {
            let key = key(&text).expect("a key");
            assert!(key.signing().is_some());
            assert_eq!(
                key.public().map(|(kind, bytes)| (kind, hex::encode(bytes))),
                Some(("ed25519", public.to_owned()))
            );
        }
        assert_eq!(tagged(3, &[9; 127])[..2], [3, 127]);
        assert_eq!(tagged(3, &[9; 128])[..3], [3, 0x81, 128]);
        assert_eq!(tagged(0x30, &[9; 300])[..4], [0x30, 0x82, 1, 44]);
        for bad in ["", "no key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"] {
            assert!(key(bad).is_none(), "{bad}");
        }
    }
}

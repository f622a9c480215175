//! The DNS records that make receivers believe our letters, and that say who may issue certificates for the site.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::infra::mail::dkim;
use crate::infra::mail::message::host_of;
use crate::infra::settings::{Settings, WrongSetting};

/// One record to set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub name: String,
    /// `TXT` or `CAA`.
    pub kind: &'static str,
    pub value: String,
}

/// The records for the senders' domains and the site's host. None in development, where nothing is sent.
///
/// # Errors
/// The DKIM key cannot be read.
pub fn of(settings: &Settings) -> Result<Vec<Record>, WrongSetting> {
    let mut records = Vec::new();
    if !settings.production() {
        return Ok(records);
    }
    let mut add = |name: String, kind, value: &str| {
        let record = Record { name, kind, value: value.to_owned() };
        if !records.contains(&record) {
            records.push(record);
        }
    };
    for sender in [&settings.mail_from, &settings.mail_from_updates] {
        let domain = sender.rsplit('@').next().unwrap_or_default().trim_end_matches('>').to_owned();
        // SPF (RFC 7208): whoever receives mail for the domain may send for it; the relay's provider names its own include
        add(domain.clone(), "TXT", "\"v=spf1 mx include:YOUR-MAIL-PROVIDER -all\"");
        // DMARC (RFC 7489): what is signed by nobody is not ours
        let policy = format!("\"v=DMARC1; p=reject; adkim=s; aspf=r; rua=mailto:dmarc@{domain}\"");
        add(format!("_dmarc.{domain}"), "TXT", &policy);
    }
    if let Some(settings) = &settings.dkim {
        let (kind, key) = dkim::public(settings)?;
        let value = format!("\"v=DKIM1; k={kind}; p={}\"", STANDARD.encode(key));
        add(format!("{}._domainkey.{}", settings.selector, settings.domain), "TXT", &value);
    }
    // RFC 8659; name the authority that the proxy uses
    let host = host_of(&settings.public_url);
    add(host.clone(), "CAA", "0 issue \"letsencrypt.org\"");
    add(host, "CAA", "0 issuewild \";\"");
    Ok(records)
}

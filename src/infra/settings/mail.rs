//! How letters leave, and how what becomes of them comes back.

use std::path::PathBuf;

use super::{Source, WrongSetting};

#[derive(Clone)]
pub struct DkimSettings {
    pub key_file: PathBuf,
    pub selector: String,
    pub domain: String,
}

/// How what servers say of our letters comes back to us.
#[derive(Clone, Default)]
pub struct MailReportSettings {
    /// Where servers send it; without it, to the sender of the letter.
    pub return_path: Option<lettre::Address>,
    /// Who may post it to `/webhooks/mail`; without it, nobody.
    pub secret: Option<String>,
}

/// Looks at the mail server and the senders.
pub(super) fn check(source: &Source) -> Result<(), WrongSetting> {
    if let Some(url) = source.get("SMTP_URL")
        && !url.starts_with("smtp://")
        && !url.starts_with("smtps://")
    {
        return Err(source.wrong("SMTP_URL", "smtp://… or smtps://… with user and password where needed"));
    }
    for name in ["MAIL_FROM", "MAIL_FROM_UPDATES"] {
        if source.get(name).is_some_and(|v| v.parse::<lettre::message::Mailbox>().is_err()) {
            return Err(source.wrong(name, "an address such as Drempel <noreply@drempel.example>"));
        }
    }
    Ok(())
}

pub(super) fn dkim(source: &Source) -> Result<Option<DkimSettings>, WrongSetting> {
    let Some(key_file) = source.get("DKIM_KEY_FILE") else { return Ok(None) };
    let needed = |name: &str| {
        source.get(name).map(str::to_owned).ok_or_else(|| source.wrong(name, "a value when DKIM_KEY_FILE is set"))
    };
    Ok(Some(DkimSettings {
        key_file: PathBuf::from(key_file),
        selector: needed("DKIM_SELECTOR")?,
        domain: needed("DKIM_DOMAIN")?,
    }))
}

pub(super) fn reports(source: &Source) -> Result<MailReportSettings, WrongSetting> {
    let return_path = source.get("MAIL_RETURN_PATH").map(|text| {
        text.parse().map_err(|_| source.wrong("MAIL_RETURN_PATH", "an address alone, such as returned@drempel.example"))
    });
    let secret = source.get("MAIL_REPORTS_SECRET").map(str::to_owned);
    if secret.as_ref().is_some_and(|secret| secret.len() < 32) {
        return Err(source.wrong("MAIL_REPORTS_SECRET", "at least 32 characters (openssl rand -hex 32)"));
    }
    Ok(MailReportSettings { return_path: return_path.transpose()?, secret })
}

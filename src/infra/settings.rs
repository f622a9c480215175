//! The settings of an installation, read once from the environment (or a `.env` file) and handed around.
//!
//! A wrong value stops the start with one line that names the setting, what it holds (secrets as stars) and what is expected.

mod files;
mod foundation;
mod mail;
mod stripe;

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use base64::Engine;

pub use self::files::{BucketSettings, FilesSettings};
pub use self::foundation::{BankSettings, FoundationSettings};
pub use self::mail::{DkimSettings, MailReportSettings};
pub use self::stripe::StripeSettings;

/// Everything that can be set; see the README for the meaning of each.
#[derive(Clone)]
pub struct Settings {
    pub database_url: String,
    pub database_read_url: Option<String>,
    pub listen: SocketAddr,
    /// Without a slash at its end.
    pub public_url: String,
    pub secret_key: Vec<u8>,
    pub stripe: StripeSettings,
    pub smtp_url: Option<String>,
    pub mail_from: String,
    pub mail_from_updates: String,
    /// Letters on their way to one receiving domain at the same time, at most.
    pub mail_per_domain: usize,
    pub dkim: Option<DkimSettings>,
    pub mail_reports: MailReportSettings,
    pub bank: BankSettings,
    /// Who issues receipts and invoices; `None`: nobody yet, so none are issued.
    pub foundation: Option<FoundationSettings>,
    pub files: FilesSettings,
    pub metrics_listen: Option<SocketAddr>,
    /// Where traces are sent to.
    pub traces_url: Option<String>,
    pub trusted_proxies: Vec<IpAddr>,
    pub limits: bool,
    /// The domain of the addresses people write to, such as `privacy@` and `security@`.
    pub contact_domain: String,
}

/// One line: which setting, what it holds, what is expected.
#[derive(Debug, thiserror::Error)]
#[error("{name} is {held}: expected {expected}")]
pub struct WrongSetting {
    pub name: String,
    pub held: String,
    pub expected: String,
}

const SECRETS: [&str; 6] = [
    "SECRET_KEY",
    "STRIPE_SECRET_KEY",
    "STRIPE_WEBHOOK_SECRETS",
    "SMTP_URL",
    "S3_SECRET_ACCESS_KEY",
    "MAIL_REPORTS_SECRET",
];
/// The folder for what a development installation makes: database, files, letters, secret key.
pub const DATA: &str = "data";

/// The environment as a map, so that tests can hand in their own.
pub struct Source(HashMap<String, String>);

impl Source {
    /// The process's environment, after a `.env` file in the working directory where there is one.
    pub fn environment() -> Source {
        let _ = dotenvy::dotenv();
        Source(std::env::vars().collect())
    }

    pub fn of(pairs: &[(&str, &str)]) -> Source {
        Source(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|v| v.trim()).filter(|v| !v.is_empty())
    }

    fn or(&self, name: &str, default: &str) -> String {
        self.get(name).unwrap_or(default).to_owned()
    }

    fn wrong(&self, name: &str, expected: &str) -> WrongSetting {
        let held = match self.get(name) {
            None => "not set".to_owned(),
            Some(value) if SECRETS.contains(&name) || value.contains('@') => "*".repeat(value.len().min(8)),
            Some(value) => format!("\"{}\"", value.chars().take(80).collect::<String>()),
        };
        WrongSetting { name: name.to_owned(), held, expected: expected.to_owned() }
    }

    fn parsed<T: std::str::FromStr>(&self, name: &str, default: &str, expected: &str) -> Result<T, WrongSetting> {
        self.or(name, default).parse().map_err(|_| self.wrong(name, expected))
    }
}

impl Settings {
    /// Reads and checks all settings. In development a missing secret key is made and kept in `data/`.
    ///
    /// # Errors
    /// The first setting that is wrong.
    pub fn read(source: &Source) -> Result<Settings, WrongSetting> {
        let public_url = public_url(source)?;
        let production = public_url.starts_with("https://");
        let database_url = source.or("DATABASE_URL", "sqlite://data/drempel.db");
        for name in ["DATABASE_URL", "DATABASE_READ_URL"] {
            let value = source.or(name, &database_url);
            if !["sqlite:", "postgres:", "postgresql:"].iter().any(|p| value.starts_with(p)) {
                return Err(source.wrong(name, "sqlite://FILE or postgres://USER:PASSWORD@HOST/NAME"));
            }
        }
        mail::check(source)?;
        Ok(Settings {
            database_read_url: source.get("DATABASE_READ_URL").map(str::to_owned),
            database_url,
            listen: source.parsed("LISTEN", "127.0.0.1:3000", "an address and port such as 127.0.0.1:3000")?,
            secret_key: secret_key(source, production)?,
            stripe: stripe::read(source, production)?,
            smtp_url: source.get("SMTP_URL").map(str::to_owned),
            mail_from: source.or("MAIL_FROM", "Drempel <noreply@localhost>"),
            mail_from_updates: source.or("MAIL_FROM_UPDATES", "Drempel <noreply@localhost>"),
            mail_per_domain: source
                .parsed::<std::num::NonZeroUsize>("MAIL_PER_DOMAIN", "4", "a whole number from 1")?
                .get(),
            dkim: mail::dkim(source)?,
            mail_reports: mail::reports(source)?,
            bank: foundation::account(source)?,
            foundation: foundation::read(source, production)?,
            files: files::read(source, production)?,
            traces_url: traces_url(source)?,
            metrics_listen: match source.get("METRICS_LISTEN") {
                None => None,
                Some(_) => Some(source.parsed("METRICS_LISTEN", "", "an address and port such as 127.0.0.1:9100")?),
            },
            trusted_proxies: trusted_proxies(source)?,
            limits: limits(source, production)?,
            contact_domain: contact_domain(source, &public_url, production)?,
            public_url,
        })
    }

    /// An `https` address means production: stand-ins refuse to start and development pages do not exist.
    pub fn production(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// The sandbox takes Stripe's place when no address of an API is known.
    pub fn uses_built_in_sandbox(&self) -> bool {
        self.stripe.api_url.is_none()
    }
}

fn public_url(source: &Source) -> Result<String, WrongSetting> {
    let url = source.or("PUBLIC_URL", "http://localhost:3000");
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let host = rest.unwrap_or_default().trim_end_matches('/');
    if host.is_empty() || host.contains(['/', '?', '#', ' ']) {
        return Err(source.wrong("PUBLIC_URL", "http://HOST:PORT or https://HOST without a path"));
    }
    Ok(url.trim_end_matches('/').to_owned())
}

/// The site's own host, unless another is named; in development one that nobody has.
fn contact_domain(source: &Source, public_url: &str, production: bool) -> Result<String, WrongSetting> {
    let host = public_url.trim_start_matches("https://").split(':').next().unwrap_or_default();
    let Some(domain) = source.get("CONTACT_DOMAIN") else {
        return Ok(if production { host } else { "drempel.example" }.to_owned());
    };
    match format!("security@{domain}").parse::<lettre::Address>() {
        Ok(_) => Ok(domain.to_owned()),
        Err(_) => Err(source.wrong("CONTACT_DOMAIN", "a domain such as drempel.example")),
    }
}

fn secret_key(source: &Source, production: bool) -> Result<Vec<u8>, WrongSetting> {
    let expected = "at least 32 bytes in base64 (openssl rand -base64 32)";
    let text = match source.get("SECRET_KEY") {
        Some(text) => text.to_owned(),
        None if production => return Err(source.wrong("SECRET_KEY", expected)),
        None => development_secret().map_err(|_| source.wrong("SECRET_KEY", "a folder data/ that can be written"))?,
    };
    match base64::engine::general_purpose::STANDARD.decode(text.trim()) {
        Ok(bytes) if bytes.len() >= 32 => Ok(bytes),
        _ => Err(source.wrong("SECRET_KEY", expected)),
    }
}

/// Made once, so that links and sign-ins survive a restart.
fn development_secret() -> std::io::Result<String> {
    let path = PathBuf::from(DATA).join("secret-key");
    if let Ok(text) = std::fs::read_to_string(&path) {
        return Ok(text);
    }
    std::fs::create_dir_all(DATA)?;
    let text = base64::engine::general_purpose::STANDARD.encode(crate::infra::random::bytes::<32>());
    std::fs::write(&path, &text)?;
    Ok(text)
}

/// Whether calls to this address stay on this machine, where nobody listens in.
fn stays_here(url: &str) -> bool {
    let place = url.strip_prefix("http://").unwrap_or_default();
    let after =
        |host: &str| place.strip_prefix(host).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']));
    ["127.0.0.1", "[::1]", "localhost"].iter().any(|host| after(host))
}

fn traces_url(source: &Source) -> Result<Option<String>, WrongSetting> {
    const NAME: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
    let Some(url) = source.get(NAME) else { return Ok(None) };
    let is_web = |url: &hyper::Uri| url.authority().is_some() && matches!(url.scheme_str(), Some("https" | "http"));
    match url.parse().is_ok_and(|url| is_web(&url)) {
        true => Ok(Some(url.to_owned())),
        false => Err(source.wrong(NAME, "http://… or https://…, the address of a collector")),
    }
}

fn trusted_proxies(source: &Source) -> Result<Vec<IpAddr>, WrongSetting> {
    source
        .or("TRUSTED_PROXIES", "")
        .split(',')
        .map(str::trim)
        .filter(|s| !s.is_empty())
        .map(|s| s.parse().map_err(|_| source.wrong("TRUSTED_PROXIES", "addresses separated by commas")))
        .collect()
}

fn limits(source: &Source, production: bool) -> Result<bool, WrongSetting> {
    match source.or("LIMITS", "on").as_str() {
        "on" => Ok(true),
        "off" if !production => Ok(false),
        _ => Err(source.wrong("LIMITS", "on, or off in development")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

    fn read(pairs: &[(&str, &str)]) -> Result<Settings, WrongSetting> {
        let mut all = vec![("SECRET_KEY", KEY)];
        all.extend_from_slice(pairs);
        Settings::read(&Source::of(&all))
    }

    #[test]
    fn a_wrong_value_is_named_with_what_is_expected_and_secrets_are_starred() {
        for (name, value, shown) in [
            ("LISTEN", "nowhere", "LISTEN is \"nowhere\": expected an address"),
            ("PUBLIC_URL", "localhost", "PUBLIC_URL is \"localhost\""),
            ("DATABASE_URL", "mysql://x", "DATABASE_URL is \"mysql://x\""),
            ("SECRET_KEY", "c2hvcnQ=", "SECRET_KEY is ********"),
            ("STRIPE_RATE_PER_SECOND", "-3", "STRIPE_RATE_PER_SECOND is \"-3\""),
            ("SMTP_URL", "mail.example", "SMTP_URL is ********"),
            ("LIMITS", "maybe", "LIMITS is \"maybe\""),
            ("TRUSTED_PROXIES", "proxy", "TRUSTED_PROXIES is \"proxy\""),
            ("BANK_IBAN", "NL91ABNA0417164301", "BANK_IBAN is \"NL91ABNA0417164301\": expected an account number"),
            ("MAIL_FROM", "no address", "MAIL_FROM is \"no address\""),
            ("MAIL_RETURN_PATH", "Drempel <a@b.example>", "MAIL_RETURN_PATH is ********"),
            ("MAIL_REPORTS_SECRET", "short", "MAIL_REPORTS_SECRET is *****"),
            ("FOUNDATION_RSIN", "123456789", "FOUNDATION_RSIN is \"123456789\""),
            ("CONTACT_DOMAIN", "no domain", "CONTACT_DOMAIN is \"no domain\""),
            ("FOUNDATION_ANBI", "perhaps", "FOUNDATION_ANBI is \"perhaps\""),
        ] {
            let text = read(&[(name, value)]).err().map(|e| e.to_string()).unwrap_or_default();
            assert!(text.starts_with(shown) && !text.contains('\n'), "{name}: {text}");
        }
    }

    #[test]
    fn production_refuses_the_stand_ins() {
        let text = |pairs: &[(&str, &str)]| read(pairs).err().map(|e| e.to_string()).unwrap_or_default();
        assert!(text(&[("PUBLIC_URL", "https://drempel.example")]).starts_with("STRIPE_SECRET_KEY is not set"));
        let live = [("PUBLIC_URL", "https://drempel.example"), ("STRIPE_SECRET_KEY", "sk_live_x")];
        assert!(text(&live).starts_with("STRIPE_WEBHOOK_SECRETS is not set"));
        let at = |url| [live[0], live[1], ("STRIPE_WEBHOOK_SECRETS", "whsec_x"), ("STRIPE_API_URL", url)];
        assert!(
            text(&at("http://bank.example"))
                .starts_with("STRIPE_API_URL is \"http://bank.example\": expected https://")
        );
        assert!(text(&at("http://localhost.example")).starts_with("STRIPE_API_URL is"));
        assert!(text(&at("http://127.0.0.1:9")).is_empty() && text(&at("https://bank.example")).is_empty());
        assert!(Settings::read(&Source::of(&live)).err().is_some_and(|e| e.name == "SECRET_KEY"));
    }

    #[test]
    fn production_names_the_whole_foundation_or_none() {
        let mut all = vec![
            ("PUBLIC_URL", "https://drempel.example"),
            ("STRIPE_SECRET_KEY", "sk_live_x"),
            ("STRIPE_WEBHOOK_SECRETS", "whsec_x"),
        ];
        assert!(read(&all).is_ok_and(|settings| settings.foundation.is_none()));
        assert!(read(&all).is_ok_and(|settings| settings.contact_domain == "drempel.example"), "the site's own");
        all.push(("FOUNDATION_NAME", "Stichting Drempel"));
        let text = read(&all).err().map(|e| e.to_string()).unwrap_or_default();
        assert!(text.starts_with("FOUNDATION_ADDRESS is not set"), "{text}");
        assert!(read(&[]).is_ok_and(|settings| settings.foundation.is_some()));
    }
}

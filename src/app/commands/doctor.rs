//! `drempel doctor`: looks at everything an installation stands on, says what is wrong with its cure, and prints the DNS records that
//! make receivers believe its letters. It changes nothing.

use std::process::ExitCode;
use std::time::Duration;

use serde_json::{Value, json};

use crate::app::services;
use crate::infra::Services;
use crate::infra::files::Place;
use crate::infra::mail::{Mailer, records};
use crate::infra::settings::{DATA, FilesSettings, Settings};

/// A clock that is further off than this makes signatures and sign-in codes fail.
const MOST_SECONDS_OFF: i64 = 30;
const PATIENCE: Duration = Duration::from_secs(10);

type Outcome = Result<ExitCode, Box<dyn std::error::Error>>;

/// One thing that was looked at.
struct Finding {
    what: &'static str,
    /// What was found.
    found: String,
    /// What to do about it; nothing when it is well.
    cure: Option<&'static str>,
}

impl Finding {
    fn well(what: &'static str, found: impl Into<String>) -> Finding {
        Finding { what, found: found.into(), cure: None }
    }

    fn wrong(what: &'static str, found: impl ToString, cure: &'static str) -> Finding {
        Finding { what, found: found.to_string(), cure: Some(cure) }
    }

    fn json(&self) -> Value {
        json!({ "check": self.what, "ok": self.cure.is_none(), "found": self.found, "cure": self.cure })
    }
}

/// Runs the command and prints what came of it.
///
/// # Errors
/// The DKIM key cannot be read.
pub async fn run(settings: Settings, as_json: bool) -> Outcome {
    let records = records::of(&settings)?;
    let mut findings = vec![mode(&settings), letters(&settings).await, files(&settings).await];
    findings.extend(stored(settings).await);
    for finding in &findings {
        match (&finding.cure, as_json) {
            (_, true) => println!("{}", finding.json()),
            (None, false) => println!("green  {:9} {}", finding.what, finding.found),
            (Some(cure), false) => println!("RED    {:9} {}\n       cure: {cure}", finding.what, finding.found),
        }
    }
    for record in &records {
        if as_json {
            println!("{}", json!({ "record": record.name, "type": record.kind, "value": record.value }));
        } else {
            println!("DNS    {} {} {}", record.name, record.kind, record.value);
        }
    }
    let is_well = findings.iter().all(|finding| finding.cure.is_none());
    Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What kind of installation the settings make. They were read, so each of them can be used.
fn mode(settings: &Settings) -> Finding {
    if !settings.production() {
        return Finding::well("settings", format!("development: {} is no https address", settings.public_url));
    }
    if settings.stripe.secret_key.contains("_test_") {
        return Finding::wrong(
            "settings",
            "production with a test key of the provider",
            "set STRIPE_SECRET_KEY to a live key, better a restricted one: see the README",
        );
    }
    if settings.foundation.is_none() {
        return Finding::wrong(
            "settings",
            "nobody is named who issues receipts and invoices",
            "set FOUNDATION_NAME and the five settings that belong to it",
        );
    }
    let host = settings.public_url.trim_start_matches("https://").split(':').next().unwrap_or_default();
    if host.parse::<std::net::Ipv4Addr>().is_ok() || host.starts_with('[') {
        return Finding::wrong(
            "settings",
            "the site's address is a number, for which no browser makes a passkey",
            "set PUBLIC_URL to a name",
        );
    }
    let kind = if settings.stripe.secret_key.starts_with("rk_") { "a restricted" } else { "an unrestricted" };
    Finding::well("settings", format!("production: {}, with {kind} key of the provider", settings.public_url))
}

async fn letters(settings: &Settings) -> Finding {
    let what = "mail";
    let mailer = match Mailer::open(settings) {
        Ok(mailer) => mailer,
        Err(wrong) => return Finding::wrong(what, wrong, "correct that setting"),
    };
    match tokio::time::timeout(PATIENCE, mailer.check()).await {
        Ok(Ok(())) if settings.smtp_url.is_none() => Finding::well(what, format!("letters are files in {DATA}/mail")),
        Ok(Ok(())) if settings.production() && settings.dkim.is_none() => Finding::wrong(
            what,
            "letters are not signed",
            "set DKIM_KEY_FILE, DKIM_SELECTOR and DKIM_DOMAIN, or let the mail server sign",
        ),
        Ok(Ok(())) if settings.production() && !Mailer::is_private(settings) => Finding::wrong(
            what,
            "letters can be read on their way to the mail server",
            "end SMTP_URL in ?tls=required, or begin it with smtps://",
        ),
        Ok(Ok(())) => Finding::well(what, "the mail server lets us in"),
        Ok(Err(fault)) => {
            Finding::wrong(what, format!("{fault:?}"), "look at SMTP_URL, and whether its port is open from here")
        }
        Err(_) => Finding::wrong(what, "no answer", "look at SMTP_URL, and whether its port is open from here"),
    }
}

/// Whether files can be kept: by keeping one, reading it and taking it away again.
async fn files(settings: &Settings) -> Finding {
    let cure = match settings.files {
        FilesSettings::Folder(_) => "make the folder of FILES_URL writable for this user",
        FilesSettings::Bucket(_) => {
            "look at FILES_URL and the four settings S3_…, and at what the key may do in the bucket"
        }
    };
    let checked = match Place::of(&settings.files) {
        Ok(place) => place.check().await,
        Err(error) => Err(error),
    };
    match checked {
        Ok(()) => Finding::well("files", settings.files.to_string()),
        Err(error) => Finding::wrong("files", error, cure),
    }
}

/// What needs the database: its schema, its clock, and the provider, whose rate is kept in it.
async fn stored(settings: Settings) -> Vec<Finding> {
    let none = || Finding::wrong("database", "there is none yet", "run `drempel migrate`");
    let file = settings.database_url.strip_prefix("sqlite:").map(|path| path.trim_start_matches("//"));
    // opening would make the file
    if file.is_some_and(|path| !std::path::Path::new(path.split('?').next().unwrap_or(path)).exists()) {
        return vec![none()];
    }
    let s = match services::open(settings).await {
        Ok(s) => s,
        Err(error) => {
            return vec![Finding::wrong("database", error, "look at DATABASE_URL, and whether the server runs")];
        }
    };
    let schema = match s.db.missing_steps().await {
        Ok(0) if s.settings.production() && !is_private_database(&s.settings.database_url) => Finding::wrong(
            "database",
            "what is stored can be read on its way to the database",
            "end DATABASE_URL in ?sslmode=verify-full",
        ),
        Ok(0) => Finding::well("database", "its schema is the program's"),
        Ok(steps) => Finding::wrong(
            "database",
            format!("its schema lacks {steps} steps"),
            "run `drempel migrate`, or start the site",
        ),
        Err(sqlx::migrate::MigrateError::VersionMissing(_)) => Finding::wrong(
            "database",
            "its schema is newer than this program",
            "run the newer program: an older one must not touch it",
        ),
        Err(_) => none(),
    };
    let mut findings = vec![schema];
    if s.db.is_frozen().await.unwrap_or_default() {
        findings.push(Finding::wrong(
            "database",
            "it is frozen: it has moved, or is moving",
            "set DATABASE_URL to where it moved; after a copy that was killed: `drempel copy --release --from URL`",
        ));
    }
    findings.extend(database_clock(&s).await);
    if s.settings.uses_built_in_sandbox() {
        findings.push(Finding::well("provider", "the sandbox bank, inside `drempel serve`"));
    } else {
        findings.push(provider(&s).await);
        findings.push(clock(&s).await);
    }
    s.db.close().await;
    findings
}

/// Whether the line to the database is encrypted, or stays on this machine.
fn is_private_database(url: &str) -> bool {
    let Some((_, rest)) = url.split_once("://").filter(|_| url.starts_with("postgres")) else { return true };
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let place = place.rsplit_once('@').map_or(place, |(_, place)| place);
    let host = place.split(['/', ':']).next().unwrap_or_default();
    let stays = host.is_empty() || host == "localhost" || host.starts_with("127.") || place.starts_with("[::1]");
    stays || ["sslmode=require", "sslmode=verify-ca", "sslmode=verify-full"].iter().any(|mode| query.contains(mode))
}

async fn provider(s: &Services) -> Finding {
    let what = "provider";
    match tokio::time::timeout(PATIENCE, s.stripe.balance()).await {
        Ok(Ok(_)) if s.settings.stripe.webhook_secrets.is_empty() => Finding::wrong(
            what,
            "it answers, but its events cannot be verified",
            "make a webhook endpoint at the provider and set STRIPE_WEBHOOK_SECRETS",
        ),
        Ok(Ok(_)) => Finding::well(what, "it answers, and knows our key"),
        Ok(Err(error)) => Finding::wrong(what, error, "look at STRIPE_SECRET_KEY and STRIPE_API_URL"),
        Err(_) => Finding::wrong(what, "no answer", "look whether its address can be reached from here"),
    }
}

/// Our clock against the database's, where that is another.
async fn database_clock(s: &Services) -> Option<Finding> {
    let what = "time";
    let cure = "let this machine and the database's keep time, with chrony or systemd-timesyncd";
    let before = s.clock.unmoved_micros();
    let theirs = s.db.clock_micros().await.unwrap_or_default()?;
    let off = s.clock.compared(before, theirs, s.clock.unmoved_micros()) / 1_000;
    let found = format!("{off} milliseconds ahead of the database's clock");
    Some(if s.clock.is_wrong() { Finding::wrong(what, found, cure) } else { Finding::well(what, found) })
}

/// Our clock against the one in the provider's answers.
async fn clock(s: &Services) -> Finding {
    let what = "clock";
    let url = s.settings.stripe.api_url.clone().unwrap_or_default();
    let told = async {
        let client =
            reqwest::Client::builder().timeout(PATIENCE).redirect(reqwest::redirect::Policy::none()).build()?;
        client.head(&url).send().await
    };
    let date = match told.await {
        Ok(answer) => answer.headers().get("date").and_then(|date| date.to_str().ok()).and_then(seconds_of),
        Err(error) => return Finding::wrong(what, error.without_url(), "look whether the provider can be reached"),
    };
    let own = s.clock.unmoved_micros().div_euclid(1_000_000);
    match date.map(|date| own - date) {
        None => Finding::well(what, "the provider's answers carry no date to compare with"),
        Some(off) if off.abs() > MOST_SECONDS_OFF => Finding::wrong(
            what,
            format!("{off} seconds off"),
            "let this machine keep time, with chrony or systemd-timesyncd",
        ),
        Some(off) => Finding::well(what, format!("{off} seconds off")),
    }
}

/// The seconds since 1970 of a date as HTTP writes it (RFC 9110, 5.6.7).
fn seconds_of(date: &str) -> Option<i64> {
    let read = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(date.replace("GMT", "+0000")).ok()?;
    Some(read.as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_elsewhere_is_asked_over_tls() {
        for (url, private) in [
            ("sqlite://data/drempel.db", true),
            ("postgres://u:p@127.0.0.1:5432/drempel", true),
            ("postgres:///drempel?host=/run/postgresql", true),
            ("postgres://u:p@localhost/drempel", true),
            ("postgres://u:p@[::1]/drempel", true),
            ("postgres://u:p@db.example/drempel", false),
            ("postgresql://u:p@db.example/drempel?sslmode=prefer", false),
            ("postgres://u:p@db.example/drempel?sslmode=verify-full", true),
        ] {
            assert_eq!(is_private_database(url), private, "{url}");
        }
    }

    #[test]
    fn the_date_of_an_answer_is_read() {
        assert_eq!(seconds_of("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        assert_eq!(seconds_of("yesterday"), None);
    }
}

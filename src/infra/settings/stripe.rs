//! How the payment provider is reached.

use std::path::PathBuf;

use super::{Source, WrongSetting, stays_here};

/// How Stripe, or the sandbox in its place, is reached.
#[derive(Clone)]
pub struct StripeSettings {
    pub secret_key: String,
    /// All of them verify while one is being rotated.
    pub webhook_secrets: Vec<String>,
    /// A file that is read again while the program runs: its key and secrets hold from then on.
    pub secrets_file: Option<PathBuf>,
    /// Without a slash at its end; `None`: the built-in sandbox.
    pub api_url: Option<String>,
    /// Calls per endpoint and second, over all workers of one database.
    pub rate_per_second: u32,
}

pub(super) fn read(source: &Source, production: bool) -> Result<StripeSettings, WrongSetting> {
    let key = source.get("STRIPE_SECRET_KEY");
    let secrets: Vec<String> = source
        .or("STRIPE_WEBHOOK_SECRETS", "")
        .split(',')
        .map(|s| s.trim().to_owned())
        .filter(|s| !s.is_empty())
        .collect();
    if production && key.is_none() {
        return Err(
            source.wrong("STRIPE_SECRET_KEY", "Stripe's secret key: the sandbox does not run on an https address")
        );
    }
    if key.is_some() && secrets.is_empty() {
        return Err(source.wrong("STRIPE_WEBHOOK_SECRETS", "the signing secret of the webhook endpoint, whsec_…"));
    }
    let api_url = match (source.get("STRIPE_API_URL"), key) {
        (Some(url), _)
            if url.starts_with("https://") || (url.starts_with("http://") && (!production || stays_here(url))) =>
        {
            Some(url.trim_end_matches('/').to_owned())
        }
        (Some(_), _) => {
            return Err(source.wrong("STRIPE_API_URL", "https://…, or http://… in development or on this machine"));
        }
        (None, Some(_)) => Some("https://api.stripe.com".to_owned()),
        (None, None) => None,
    };
    let rate_per_second = source.parsed("STRIPE_RATE_PER_SECOND", "20", "a number from 1 to 1000000")?;
    if rate_per_second == 0 || rate_per_second > 1_000_000 {
        return Err(source.wrong("STRIPE_RATE_PER_SECOND", "a number from 1 to 1000000"));
    }
    let secrets_file = source.get("STRIPE_SECRETS_FILE").map(PathBuf::from);
    if secrets_file.as_ref().is_some_and(|file| std::fs::read_to_string(file).is_err()) {
        return Err(source.wrong("STRIPE_SECRETS_FILE", "a file with STRIPE_SECRET_KEY=… and STRIPE_WEBHOOK_SECRETS=…"));
    }
    Ok(StripeSettings {
        secrets_file,
        secret_key: key.unwrap_or("sk_test_sandbox").to_owned(),
        webhook_secrets: if secrets.is_empty() { vec!["whsec_sandbox".to_owned()] } else { secrets },
        api_url,
        rate_per_second,
    })
}

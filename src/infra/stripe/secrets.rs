//! The keys to the provider, which may change while the program runs: a file that the settings name is read again at each use, so a
//! rotated key or webhook secret holds from the next call on.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use crate::infra::settings::StripeSettings;

/// What opens the provider, and what its webhooks are signed with.
#[derive(Clone, PartialEq, Eq)]
pub struct Keys {
    pub secret_key: String,
    /// All of them verify while one is being rotated.
    pub webhook_secrets: Vec<String>,
}

/// Nobody reads a key in a log.
impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys(1 and {})", self.webhook_secrets.len())
    }
}

/// Cheap to clone; clones share what was read.
#[derive(Clone)]
pub struct Secrets {
    inner: Arc<Inner>,
}

struct Inner {
    file: Option<PathBuf>,
    /// The file's text as last read, and what it said.
    held: RwLock<(String, Keys)>,
}

impl Secrets {
    pub fn new(settings: &StripeSettings) -> Secrets {
        let keys = Keys { secret_key: settings.secret_key.clone(), webhook_secrets: settings.webhook_secrets.clone() };
        let held = RwLock::new((String::new(), keys));
        Secrets { inner: Arc::new(Inner { file: settings.secrets_file.clone(), held }) }
    }

    /// The keys as they are now. A file that cannot be read or says nothing changes nothing.
    pub fn now(&self) -> Keys {
        let held = self.inner.held.read().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(file) = &self.inner.file else { return held.1 };
        let text = match std::fs::read_to_string(file) {
            Ok(text) if text != held.0 => text,
            Ok(_) => return held.1,
            Err(error) => {
                tracing::error!(%error, "the file with the provider's secrets cannot be read; the known ones stay");
                return held.1;
            }
        };
        let keys = parsed(&text, &held.1);
        if keys != held.1 {
            tracing::info!(webhook_secrets = keys.webhook_secrets.len(), "the provider's secrets were read again");
        }
        *self.inner.held.write().unwrap_or_else(PoisonError::into_inner) = (text, keys.clone());
        keys
    }
}

/// Reads `NAME=VALUE` lines; what is missing stays as it was.
fn parsed(text: &str, before: &Keys) -> Keys {
    let value = |name: &str| {
        let line = text.lines().filter_map(|line| line.trim().split_once('=')).find(|(key, _)| key.trim() == name);
        line.map(|(_, value)| value.trim().trim_matches('"')).filter(|value| !value.is_empty())
    };
    let secrets = |list: &str| list.split(',').map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect();
    Keys {
        secret_key: value("STRIPE_SECRET_KEY").map_or_else(|| before.secret_key.clone(), str::to_owned),
        webhook_secrets: value("STRIPE_WEBHOOK_SECRETS").map_or_else(|| before.webhook_secrets.clone(), secrets),
    }
}

#[cfg(test)]
mod tests {
    use super::{Keys, parsed};

    #[test]
    fn what_a_file_does_not_say_stays() {
        let before = Keys { secret_key: "sk_1".to_owned(), webhook_secrets: vec!["whsec_1".to_owned()] };
        assert_eq!(parsed("# nothing\nSTRIPE_SECRET_KEY=\n", &before), before);
        let after = parsed("STRIPE_WEBHOOK_SECRETS = \"whsec_1, whsec_2\"\nSTRIPE_SECRET_KEY=sk_2", &before);
        assert_eq!((after.secret_key.as_str(), after.webhook_secrets.len()), ("sk_2", 2));
    }
}

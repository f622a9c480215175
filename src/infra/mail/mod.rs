//! Mail: what a letter is made of, and the two ways it can leave (an SMTP server, or a folder in development).
//!
//! A letter begins as a row (`infra::letters`). The worker leases rows, has them rendered to a [`Draft`] by the noun that caused
//! them ([`Render`]), and hands the drafts to the [`Mailer`]; [`outbox`] is that loop. Money letters and updates are two streams
//! with a sender of their own, so that a complaint about an update never holds back a receipt.

mod address;
mod answers;
mod dkim;
mod domains;
mod folder;
mod message;
pub mod outbox;
mod parking;
pub mod records;
pub mod reports;
pub mod shared;
mod smtp;
pub mod write;

use std::path::PathBuf;
use std::sync::Arc;

use futures::future::BoxFuture;

use crate::infra::Services;
use crate::infra::error::Result;
use crate::infra::letters::Due;
use crate::infra::settings::{DATA, Settings, WrongSetting};
use crate::values::Timestamp;

/// Which of the two streams a letter belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// What a person must know: sign-in, receipts, refunds. There is nothing to unsubscribe from.
    Money,
    /// What a person chose to follow; always with an address to unsubscribe.
    Updates,
}

/// A letter as its noun writes it, in the receiver's language. Address, sender and headers are added when it is sent.
#[derive(Clone, Debug)]
pub struct Draft {
    pub stream: Stream,
    /// One line.
    pub subject: String,
    /// The whole plain text, with its footer.
    pub text: String,
    /// The same as an HTML document.
    pub html: String,
    /// Whole address of the page that ends this subscription (RFC 8058: it also takes a POST), for updates.
    pub unsubscribe_url: Option<String>,
    /// The list a follower is on, such as `kookclub-west.updates`: letters, digits, hyphens and dots. The host is added.
    pub list_id: Option<String>,
    /// Text and HTML as they go over the line, where that was made for many at once (`shared`).
    pub coded: Option<[shared::Coded; 2]>,
}

/// Turns due letters into drafts, one answer per letter in the same order. `None`: the letter is no longer wanted.
/// All letters of a lease come at once, so that what they share is read once.
pub type Render = for<'a> fn(&'a Services, &'a [Due]) -> BoxFuture<'a, Vec<Result<Option<Draft>>>>;

/// Why a letter did not leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The server cannot be reached or does not let us in: nothing was said about this letter.
    Down(String),
    /// Not now (a 4xx answer, a lost connection): another attempt later.
    Later(String),
    /// Not now, and nothing else to the receiver's domain either.
    Busy(String),
    /// Never (a 5xx answer).
    Never {
        error: String,
        /// It is the receiver's address that was refused.
        address: bool,
    },
}

/// The way letters leave. Cheap to clone.
#[derive(Clone)]
pub enum Mailer {
    /// A mail server, over a few connections that are kept.
    Smtp(Arc<smtp::Pool>, Arc<message::Composer>),
    /// Files in a folder, named by the letter's id: development only.
    Folder(PathBuf, Arc<message::Composer>),
    /// Into the hands of a simulation, which decides what becomes of them.
    Handed(Take, Arc<message::Composer>),
}

/// Takes a letter (its id and its bytes) as a server would.
pub type Take = Arc<dyn Fn(&str, &[u8]) -> std::result::Result<(), Fault> + Send + Sync>;

impl Mailer {
    /// The mailer that the settings name. Nothing is connected yet.
    ///
    /// # Errors
    /// The address of the server or the DKIM key is wrong, or there is no server in production.
    pub fn open(settings: &Settings) -> std::result::Result<Mailer, WrongSetting> {
        let composer = Arc::new(message::Composer::new(settings)?);
        match &settings.smtp_url {
            Some(url) => {
                let address = address::Address::parse(url).map_err(|expected| WrongSetting {
                    name: "SMTP_URL".to_owned(),
                    held: "********".to_owned(),
                    expected: expected.to_owned(),
                })?;
                Ok(Mailer::Smtp(
                    Arc::new(smtp::Pool::new(address, composer.host(), settings.mail_per_domain)),
                    composer,
                ))
            }
            None if settings.production() => Err(WrongSetting {
                name: "SMTP_URL".to_owned(),
                held: "not set".to_owned(),
                expected: "a mail server: letters do not go to a folder on an https address".to_owned(),
            }),
            None => Ok(Mailer::Folder(PathBuf::from(DATA).join("mail"), composer)),
        }
    }

    /// Whether the line to the mail server that the settings name is encrypted, or stays on this machine.
    pub fn is_private(settings: &Settings) -> bool {
        settings.smtp_url.as_deref().is_none_or(|url| address::Address::parse(url).is_ok_and(|one| one.is_private()))
    }

    /// A mailer that keeps its letters in this folder, for tests.
    ///
    /// # Errors
    /// The DKIM key is wrong.
    pub fn in_folder(folder: PathBuf, settings: &Settings) -> std::result::Result<Mailer, WrongSetting> {
        Ok(Mailer::Folder(folder, Arc::new(message::Composer::new(settings)?)))
    }

    /// A mailer that hands its letters to a simulation.
    ///
    /// # Errors
    /// In production, where letters leave by a server; or the DKIM key is wrong.
    pub fn handing_to(take: Take, settings: &Settings) -> std::result::Result<Mailer, WrongSetting> {
        if settings.production() {
            return Err(WrongSetting {
                name: "PUBLIC_URL".to_owned(),
                held: format!("\"{}\"", settings.public_url),
                expected: "an http address: letters are handed over in simulations only".to_owned(),
            });
        }
        Ok(Mailer::Handed(take, Arc::new(message::Composer::new(settings)?)))
    }

    /// The host that stands in our Message-IDs.
    pub fn host(&self) -> &str {
        match self {
            Mailer::Smtp(_, composer) | Mailer::Folder(_, composer) | Mailer::Handed(_, composer) => composer.host(),
        }
    }

    /// The folder with the letters, where they go to one.
    pub fn folder(&self) -> Option<&std::path::Path> {
        match self {
            Mailer::Folder(folder, _) => Some(folder),
            Mailer::Smtp(..) | Mailer::Handed(..) => None,
        }
    }

    /// What is known of the domains that letters go to, where they go over the line.
    fn domains(&self) -> Option<&Arc<domains::Domains>> {
        match self {
            Mailer::Smtp(pool, _) => Some(&pool.domains),
            Mailer::Folder(..) | Mailer::Handed(..) => None,
        }
    }

    /// How many letters may be on their way at once.
    fn connections(&self) -> usize {
        match self {
            Mailer::Smtp(..) => smtp::CONNECTIONS,
            Mailer::Folder(..) => 4,
            // one after the other, so that a run can be repeated
            Mailer::Handed(..) => 1,
        }
    }

    /// Sends one letter.
    ///
    /// # Errors
    /// What the server said, or the folder.
    pub async fn send(&self, letter: &Due, draft: &Draft, now: Timestamp) -> std::result::Result<(), Fault> {
        match self {
            Mailer::Smtp(pool, composer) => pool.send(&composer.compose(letter, draft, now)?).await,
            Mailer::Folder(folder, composer) => {
                folder::keep(folder, &letter.id, &composer.compose(letter, draft, now)?.bytes).await
            }
            Mailer::Handed(take, composer) => take(&letter.id, &composer.compose(letter, draft, now)?.bytes),
        }
    }

    /// Whether the server lets us in, for `drempel doctor`. A folder always does.
    ///
    /// # Errors
    /// What the server said.
    pub async fn check(&self) -> std::result::Result<(), Fault> {
        match self {
            Mailer::Smtp(pool, _) => pool.check().await,
            Mailer::Folder(..) | Mailer::Handed(..) => Ok(()),
        }
    }
}

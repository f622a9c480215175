//! The log of mail choices: every change of what somebody wants to get by mail, with the words that were shown. It is only added to.
//!
//! | wish | what it means |
//! | --- | --- |
//! | `off` | no such mail |
//! | `asked` | asked for on the page; the letter with the link to confirm it is on its way |
//! | `on` | confirmed: the mail is sent |
//! | `general`, `at_once`, `daily`, `weekly` | how often it is sent (`rhythm`) |
//!
//! What a row proves is what was read: `text_hash` names the words of the page or letter at that moment, which are kept once
//! per version. What goes on without a choice (the letters about money) has no row.

use sha2::{Digest, Sha256};
use sqlx::FromRow;

use crate::features::updates::Follow;
use crate::features::updates::store::choices as store;
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::infra::random;
use crate::infra::texts::text;
use crate::values::{Lang, Timestamp};

crate::words! {
    /// What is chosen.
    pub enum Choice {
        /// Updates of a project.
        Updates = "updates",
        /// The reminder two days before its sale closes.
        Reminder = "reminder",
        /// How often updates come: of a project, or of all.
        Rhythm = "rhythm",
    }
}

crate::words! {
    /// Whether it is wanted.
    pub enum Wish {
        Off = "off",
        Asked = "asked",
        On = "on",
        General = "general",
        AtOnce = "at_once",
        Daily = "daily",
        Weekly = "weekly",
    }
}

crate::words! {
    /// How it was chosen.
    pub enum Way {
        /// The form on the project's page.
        Page = "page",
        /// The page behind the link in the letter that asks to confirm.
        Letter = "letter",
        /// The box in the form of a pledge.
        Pledge = "pledge",
        /// The account.
        Account = "account",
        /// The page behind the link to unsubscribe.
        Unsubscribe = "unsubscribe",
        /// The button of a mail program (RFC 8058).
        OneClick = "one_click",
        /// Nobody's: the address does not exist any more.
        Bounced = "bounced",
        /// A mail program told us that the person called a letter unwanted.
        Complained = "complained",
        /// The button that puts back what was changed.
        Undo = "undo",
    }
}

/// The question how often, and the answers to it.
const RHYTHM: [&str; 7] = [
    "mail-rhythm-all",
    "mail-rhythm-project",
    "mail-rhythm-general",
    "mail-rhythm-at-once",
    "mail-rhythm-daily",
    "mail-rhythm-weekly",
    "mail-rhythm-off",
];

impl Way {
    /// The keys of the texts that were shown where the choice was made, in their order.
    fn texts(self, choice: Choice) -> &'static [&'static str] {
        match (self, choice) {
            (Way::Page, Choice::Updates) => &["follow-lead", "follow-field-email-hint", "follow-button"],
            (Way::Page, Choice::Reminder) => &["follow-field-remind", "follow-field-remind-hint", "follow-button"],
            (Way::Letter, _) => &["follow-confirm-title", "follow-confirm-text", "follow-confirm-button"],
            (Way::Pledge, Choice::Updates | Choice::Reminder) => &["pledge-updates-label", "pledge-updates-hint"],
            (Way::Account, Choice::Updates) => &["account-mail-end", "mail-rhythm-project", "mail-rhythm-off"],
            (Way::Account, Choice::Reminder) => &["account-mail-remind-on", "account-mail-remind-off"],
            (Way::Account | Way::Unsubscribe, Choice::Rhythm) => &RHYTHM,
            (Way::Unsubscribe | Way::OneClick, Choice::Updates | Choice::Reminder) => {
                &["unsubscribe-title", "unsubscribe-text", "unsubscribe-button"]
            }
            (Way::OneClick, Choice::Rhythm) => &["digest-end-title", "digest-end-text", "digest-end-button"],
            (Way::Undo, _) => &["mail-changed-undo"],
            (Way::Bounced | Way::Complained, _) | (Way::Page | Way::Pledge, Choice::Rhythm) => &[],
        }
    }
}

/// A change of a choice.
#[derive(Debug, Clone, FromRow)]
pub struct MailChoice {
    pub id: String,
    pub user_id: String,
    /// Nothing: all projects.
    pub project_id: Option<String>,
    pub choice: Choice,
    pub from_wish: Wish,
    pub to_wish: Wish,
    pub way: Way,
    pub text_hash: String,
    pub at: Timestamp,
    /// What was changed with the same press of a button; empty where that is not put back.
    pub act: String,
}

/// A choice that is made now.
#[derive(Debug, Clone, Copy)]
pub struct Made<'a> {
    pub choice: Choice,
    pub to: Wish,
    pub way: Way,
    /// The language in which it was read.
    pub lang: Lang,
    pub at: Timestamp,
    pub act: &'a str,
}

/// Writes down a choice about the mail of a follow. One that changes nothing has no row.
///
/// `was_on`: whether the mail came until now, for what the log does not know from before.
pub async fn note(tx: &mut Tx, follow: &Follow, was_on: bool, made: Made<'_>) -> Result<()> {
    let known = store::last(tx, &follow.user_id, &follow.project_id, made.choice).await?;
    let from = known.unwrap_or(if was_on { Wish::On } else { Wish::Off });
    write_down(tx, &follow.user_id, Some(&follow.project_id), from, made).await
}

/// Writes down a choice of which is known what it was before. One that changes nothing has no row.
pub(super) async fn write_down(
    tx: &mut Tx,
    user_id: &str,
    project_id: Option<&str>,
    from: Wish,
    made: Made<'_>,
) -> Result<()> {
    if from == made.to {
        return Ok(());
    }
    let row = MailChoice {
        id: random::id("mch", made.at),
        user_id: user_id.to_owned(),
        project_id: project_id.map(str::to_owned),
        choice: made.choice,
        from_wish: from,
        to_wish: made.to,
        way: made.way,
        text_hash: shown(tx, made).await?,
        at: made.at,
        act: made.act.to_owned(),
    };
    Ok(store::insert(tx, &row).await?)
}

/// What was changed with one press of a button.
pub(super) async fn of_act(conn: &mut Conn, act: &str) -> Result<Vec<MailChoice>> {
    Ok(store::of_act(conn, act).await?)
}

/// Keeps the words that were shown and answers their hash; empty when none were.
async fn shown(tx: &mut Tx, made: Made<'_>) -> Result<String> {
    let words: Vec<String> = made.way.texts(made.choice).iter().map(|key| text(made.lang, key)).collect();
    if words.is_empty() {
        return Ok(String::new());
    }
    let words = words.join("\n");
    let hash = hex::encode(Sha256::digest(words.as_bytes()));
    store::keep_words(tx, &hash, made.lang, &words).await?;
    Ok(hash)
}

/// What somebody chose, the oldest first, each with the words that were shown.
pub async fn of_user(conn: &mut Conn, user_id: &str) -> Result<Vec<(MailChoice, String)>> {
    let mut found = Vec::new();
    for choice in store::of_user(conn, user_id).await? {
        let words = store::words(conn, &choice.text_hash).await?.unwrap_or_default();
        found.push((choice, words));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::infra::texts::exists_with;

    #[test]
    fn the_words_of_each_choice_are_there_in_both_languages() {
        let about = ["project", "email"].map(|name| (name, "x".to_owned()));
        for way in Way::ALL {
            for choice in Choice::ALL {
                for key in way.texts(*choice) {
                    assert!(Lang::ALL.iter().all(|lang| exists_with(*lang, key, &about)), "{key}");
                }
            }
        }
    }
}

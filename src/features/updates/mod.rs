//! Updates: what an owner tells about a project, on the site and by mail; and follows: who wants to hear it.
//!
//! | state of an update | what it means for the people concerned |
//! | --- | --- |
//! | `draft` | only the owner sees it |
//! | `scheduled` | the owner pressed the button; it can be undone until `publish_at`, ten minutes later |
//! | `published` | on the site; followers get it by mail, by itself or in a digest |
//! | `withdrawn` | gone from the site; letters not yet sent are not sent any more |
//!
//! An update is for everybody, or a message for the backers alone: everybody with money in the project gets it once by mail, also
//! who does not follow it, unless they ended that before; it never stands on the site, and there is one a week at most.
//!
//! A follow begins by mail (asked for on the page, confirmed by the link in a letter) or with a pledge, and ends by one press
//! on a button, at once, also for letters that already wait. Updates come at once, or gathered (`rhythm`, `digest`). Each choice is
//! written down (`choices`), and can be put back from the page that confirms it.

pub mod actions;
pub mod answers;
pub mod choices;
pub mod digest;
pub mod digest_letters;
mod follows;
pub mod letters;
pub mod personal;
mod returned;
pub mod rhythm;
mod store;
pub mod web;

use sqlx::FromRow;

use crate::infra::random::Keys;
use crate::values::text::{many_lines, one_line};
use crate::values::{Lang, Timestamp};

crate::words! {
    pub enum UpdateState {
        Draft = "draft",
        Scheduled = "scheduled",
        Published = "published",
        Withdrawn = "withdrawn",
    }
}

crate::life_cycle! {
    UpdateState of "updates" by "id":
    // published at once: one that was imported
    Draft => Scheduled | Published | Withdrawn,
    Scheduled => Draft | Published,
    Published => Withdrawn,
}

crate::words! {
    /// Whom an update is for.
    pub enum Audience {
        /// It stands on the site, and followers get it by mail.
        Everybody = "everybody",
        /// It goes by mail to everybody whose money the project holds or got.
        Backers = "backers",
    }
}

/// How long after a message to the backers the next one may go out, in days.
pub const MESSAGE_DAYS: i64 = 7;
/// How long the owner can undo, in seconds.
pub const UNDO_SECONDS: i64 = 600;
/// The job that publishes an update; its subject is the update's id, a slash, and the moment.
pub const PUBLISH: &str = "updates.publish";
/// The job that queues an update's letters; its subject is the update's id.
pub const MAIL: &str = "updates.mail";

const LONGEST_TITLE: usize = 150;
const LONGEST_BODY: usize = crate::infra::markdown::MOST_CHARS;
const LONGEST_ALT: usize = 300;

/// An update of a project.
#[derive(Debug, Clone, FromRow)]
pub struct Update {
    pub id: String,
    pub project_id: String,
    /// Per project, from 1.
    pub number: i64,
    pub state: UpdateState,
    pub audience: Audience,
    pub title_nl: String,
    pub title_en: String,
    /// Markdown.
    pub body_nl: String,
    pub body_en: String,
    pub picture_id: Option<String>,
    pub picture_alt: String,
    pub created_at: Timestamp,
    pub publish_at: Option<Timestamp>,
    pub published_at: Option<Timestamp>,
}

impl Update {
    /// The language in which this update can be read by who prefers `lang`.
    pub fn lang_for(&self, lang: Lang) -> Lang {
        if self.own_title(lang).is_empty() { lang.other() } else { lang }
    }

    /// The languages it is written in.
    pub fn languages(&self) -> Vec<Lang> {
        Lang::ALL.into_iter().filter(|lang| !self.own_title(*lang).is_empty()).collect()
    }

    pub fn title(&self, lang: Lang) -> &str {
        self.own_title(self.lang_for(lang))
    }

    /// Markdown.
    pub fn body(&self, lang: Lang) -> &str {
        match self.lang_for(lang) {
            Lang::Nl => &self.body_nl,
            Lang::En => &self.body_en,
        }
    }

    fn own_title(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nl => &self.title_nl,
            Lang::En => &self.title_en,
        }
    }
}

/// Somebody who follows a project, or asked to.
#[derive(Debug, Clone, FromRow)]
pub struct Follow {
    pub id: String,
    pub user_id: String,
    pub project_id: String,
    pub confirmed_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    /// 1: reminded two days before the close.
    pub remind: i16,
    pub rhythm: rhythm::Own,
}

impl Follow {
    /// Whether updates are sent.
    pub fn is_active(&self) -> bool {
        self.confirmed_at.is_some() && self.ended_at.is_none()
    }
}

crate::refusals! {
    pub enum UpdateRefusal {
        /// Neither language is filled in.
        Empty => Invalid("title_nl") "updates-empty",
        /// A title without a text, or the other way.
        HalfNl => Invalid("body_nl") "updates-half",
        HalfEn => Invalid("body_en") "updates-half",
        TitleNlTooLong => Invalid("title_nl") "updates-title-too-long",
        TitleEnTooLong => Invalid("title_en") "updates-title-too-long",
        BodyNlTooLong => Invalid("body_nl") "updates-body-too-long",
        BodyEnTooLong => Invalid("body_en") "updates-body-too-long",
        /// A picture needs words for who cannot see it.
        NoAlt => Invalid("picture_alt") "updates-no-alt",
        AltTooLong => Invalid("picture_alt") "updates-alt-too-long",
        /// It is not a draft (any more).
        NotADraft => Conflict "updates-not-a-draft",
        /// The ten minutes are over.
        TooLate => Conflict "updates-too-late",
        ProjectNotPublic => Conflict "updates-project-not-public",
        NoAudience => Invalid("audience") "updates-no-audience",
        /// A message went to the backers less than a week ago, or is about to.
        TooSoon => Conflict "updates-too-soon",
        NotAnAddress => Invalid("email") "follow-not-an-address",
    }
}

/// The texts of an update, looked at, and whom they are for.
#[derive(Debug, Clone)]
pub struct Texts {
    audience: Audience,
    title_nl: String,
    title_en: String,
    body_nl: String,
    body_en: String,
    picture_alt: String,
}

impl Texts {
    /// Reads what was typed. `field` gives the text of a field by its name; `has_picture`: there is one to describe.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn parse<'a>(field: impl Fn(&str) -> &'a str, has_picture: bool) -> Result<Texts, UpdateRefusal> {
        let texts = Texts {
            audience: match field("audience") {
                "" => Audience::Everybody,
                word => Audience::from_word(word).ok_or(UpdateRefusal::NoAudience)?,
            },
            title_nl: one_line(field("title_nl"), LONGEST_TITLE).ok_or(UpdateRefusal::TitleNlTooLong)?,
            title_en: one_line(field("title_en"), LONGEST_TITLE).ok_or(UpdateRefusal::TitleEnTooLong)?,
            body_nl: many_lines(field("body_nl"), LONGEST_BODY).ok_or(UpdateRefusal::BodyNlTooLong)?,
            body_en: many_lines(field("body_en"), LONGEST_BODY).ok_or(UpdateRefusal::BodyEnTooLong)?,
            picture_alt: one_line(field("picture_alt"), LONGEST_ALT).ok_or(UpdateRefusal::AltTooLong)?,
        };
        if texts.title_nl.is_empty()
            && texts.title_en.is_empty()
            && texts.body_nl.is_empty()
            && texts.body_en.is_empty()
        {
            return Err(UpdateRefusal::Empty);
        }
        if texts.title_nl.is_empty() != texts.body_nl.is_empty() {
            return Err(UpdateRefusal::HalfNl);
        }
        if texts.title_en.is_empty() != texts.body_en.is_empty() {
            return Err(UpdateRefusal::HalfEn);
        }
        if has_picture && texts.picture_alt.is_empty() {
            return Err(UpdateRefusal::NoAlt);
        }
        Ok(texts)
    }
}

/// The secret part of an address about one follow: its id without prefix, and the key that opens it. Nothing is stored.
fn token(keys: &Keys, purpose: &str, follow_id: &str) -> String {
    format!("{}{}", follow_id.trim_start_matches("fol_"), keys.derive(purpose, follow_id))
}

/// The follow a token is about, when the key is right.
fn opened(keys: &Keys, purpose: &str, token: &str) -> Option<String> {
    let (id, key) = token.split_at_checked(32)?;
    let follow_id = format!("fol_{id}");
    keys.opens(key, purpose, &follow_id).then_some(follow_id)
}

/// The path that ends a follow; in every update that is mailed.
pub fn unsubscribe_path(keys: &Keys, follow_id: &str) -> String {
    format!("/unsubscribe/{}", token(keys, "unsubscribe", follow_id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(pairs: &[(&str, &'static str)], has_picture: bool) -> Option<UpdateRefusal> {
        let field = |name: &str| pairs.iter().find(|(n, _)| *n == name).map_or("", |(_, value)| *value);
        Texts::parse(field, has_picture).err()
    }

    #[test]
    fn one_language_is_enough_but_not_half_of_one() {
        assert_eq!(parse(&[("title_nl", "Kop"), ("body_nl", "Tekst")], false), None);
        assert_eq!(parse(&[("title_en", "Head"), ("body_en", "Text")], false), None);
        assert_eq!(parse(&[], false), Some(UpdateRefusal::Empty));
        assert_eq!(parse(&[("title_nl", "Kop")], false), Some(UpdateRefusal::HalfNl));
        assert_eq!(
            parse(&[("title_nl", "Kop"), ("body_nl", "x"), ("body_en", "x")], false),
            Some(UpdateRefusal::HalfEn)
        );
        assert_eq!(parse(&[("title_nl", "Kop"), ("body_nl", "Tekst")], true), Some(UpdateRefusal::NoAlt));
        assert_eq!(parse(&[("audience", "backers"), ("title_nl", "Kop"), ("body_nl", "Tekst")], false), None);
        assert_eq!(parse(&[("audience", "staff")], false), Some(UpdateRefusal::NoAudience));
    }

    #[test]
    fn a_token_opens_its_own_follow_for_its_own_purpose() {
        let keys = Keys::new(b"a secret of this installation...");
        let id = "fol_0123456789abcdef0123456789abcdef";
        let key = token(&keys, "unsubscribe", id);
        assert_eq!(opened(&keys, "unsubscribe", &key).as_deref(), Some(id));
        assert_eq!(opened(&keys, "follow", &key), None);
        for bad in ["", "x", &key[1..], &key.replace('0', "1"), "é".repeat(40).as_str()] {
            assert_eq!(opened(&keys, "unsubscribe", bad), None, "{bad}");
        }
    }
}

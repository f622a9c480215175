//! How often somebody gets the updates of projects, and how that is chosen.
//!
//! | rhythm | what comes |
//! | --- | --- |
//! | `at_once` | a letter for each update; so it is for whoever chose nothing |
//! | `daily`, `weekly` | one letter that gathers them (`digest`) |
//! | `off` | nothing about projects; letters about money and asked-for reminders go on |
//!
//! There is one choice for all projects, and each follow may have its own. Off for one project is the end of that follow: there is one
//! way not to follow. A message to the backers stands on no page that a digest could lead to: it goes by itself, unless the choice is off.
//!
//! What one press of a button changed is an *act*: its rows in the log of choices share an id, and one more press puts all of it back as
//! it was. That is an act too, with its own way back. What was changed again since stays as it is.

use sqlx::FromRow;

use crate::features::updates::choices::{self, Choice, Made, MailChoice, Way, Wish};
use crate::features::updates::store::{self, rhythm as rows};
use crate::features::updates::{Follow, follows};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::random::Keys;
use crate::infra::{Services, random};
use crate::values::{Lang, Timestamp};

crate::words! {
    /// When updates come.
    pub enum Rhythm {
        AtOnce = "at_once",
        Daily = "daily",
        Weekly = "weekly",
        Off = "off",
    }
}

crate::words! {
    /// What a follow says about it.
    pub enum Own {
        /// As the choice for all projects.
        General = "general",
        AtOnce = "at_once",
        Daily = "daily",
        Weekly = "weekly",
    }
}

impl Rhythm {
    /// Whether it comes in a digest.
    pub fn is_gathered(self) -> bool {
        matches!(self, Rhythm::Daily | Rhythm::Weekly)
    }

    fn wish(self) -> Wish {
        match self {
            Rhythm::AtOnce => Wish::AtOnce,
            Rhythm::Daily => Wish::Daily,
            Rhythm::Weekly => Wish::Weekly,
            Rhythm::Off => Wish::Off,
        }
    }
}

impl Own {
    fn wish(self) -> Wish {
        match self {
            Own::General => Wish::General,
            Own::AtOnce => Wish::AtOnce,
            Own::Daily => Wish::Daily,
            Own::Weekly => Wish::Weekly,
        }
    }
}

/// Somebody who gets the updates of a project, and when.
#[derive(Debug, Clone, FromRow)]
pub struct Reader {
    pub user_id: String,
    pub rhythm: Rhythm,
}

/// The choice of somebody for all projects.
pub async fn general(conn: &mut Conn, user_id: &str) -> Result<Rhythm> {
    Ok(rows::general(conn, user_id).await?.unwrap_or(Rhythm::AtOnce))
}

/// A press of a button by somebody.
#[derive(Clone, Copy)]
pub(super) struct Press<'a> {
    pub user_id: &'a str,
    pub way: Way,
    /// The language in which it was read.
    pub lang: Lang,
}

/// One act under way.
struct Act<'a> {
    id: String,
    press: Press<'a>,
    at: Timestamp,
}

impl<'a> Act<'a> {
    fn begin(press: Press<'a>, at: Timestamp) -> Act<'a> {
        Act { id: random::id("act", at), press, at }
    }

    async fn note(&self, tx: &mut Tx, project_id: Option<&str>, choice: Choice, from: Wish, to: Wish) -> Result<()> {
        let Press { user_id, way, lang } = self.press;
        let made = Made { choice, to, way, lang, at: self.at, act: &self.id };
        choices::write_down(tx, user_id, project_id, from, made).await
    }

    async fn set_general(&self, tx: &mut Tx, from: Rhythm, to: Rhythm) -> Result<()> {
        rows::set_general(tx, self.press.user_id, to, self.at).await?;
        self.note(tx, None, Choice::Rhythm, from.wish(), to.wish()).await
    }

    async fn set_own(&self, tx: &mut Tx, follow: &Follow, to: Own) -> Result<()> {
        rows::set_own(tx, &follow.id, to).await?;
        self.note(tx, Some(&follow.project_id), Choice::Rhythm, follow.rhythm.wish(), to.wish()).await
    }

    async fn end(&self, tx: &mut Tx, follow: &Follow) -> Result<()> {
        if store::end_follow(tx, &follow.id, self.at).await? {
            let Press { way, lang, .. } = self.press;
            let made = Made { choice: Choice::Updates, to: Wish::Off, way, lang, at: self.at, act: &self.id };
            // mail came: with a follow, or as a backer
            choices::note(tx, follow, true, made).await?;
        }
        Ok(())
    }

    async fn begin_again(&self, tx: &mut Tx, follow: &Follow, to: Wish) -> Result<()> {
        if rows::begin_again(tx, &follow.id).await? {
            self.note(tx, Some(&follow.project_id), Choice::Updates, Wish::Off, to).await?;
        }
        Ok(())
    }

    /// Puts one change back, when it still is as that made it.
    async fn put_back(&self, tx: &mut Tx, row: &MailChoice) -> Result<()> {
        let user_id = self.press.user_id;
        let Some(project_id) = &row.project_id else {
            let now = general(tx, user_id).await?;
            return match Rhythm::from_word(row.from_wish.as_str()) {
                Some(before) if now.wish() == row.to_wish => self.set_general(tx, now, before).await,
                _ => Ok(()),
            };
        };
        let Some(follow) = store::follow(tx, user_id, project_id).await? else { return Ok(()) };
        match (row.choice, row.to_wish) {
            (Choice::Updates, Wish::Off) => self.begin_again(tx, &follow, row.from_wish).await,
            (Choice::Updates, Wish::On) => self.end(tx, &follow).await,
            (Choice::Rhythm, to) if follow.rhythm.wish() == to => match Own::from_word(row.from_wish.as_str()) {
                Some(before) => self.set_own(tx, &follow, before).await,
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }
}

/// Chooses for all projects. Answers the act.
pub(super) async fn choose_general(s: &Services, press: Press<'_>, to: Rhythm) -> Result<String> {
    let mut tx = s.db.begin().await?;
    rows::lock(&mut tx, press.user_id).await?;
    let act = Act::begin(press, s.clock.now());
    let from = general(&mut tx, press.user_id).await?;
    if from != to {
        act.set_general(&mut tx, from, to).await?;
    }
    tx.commit().await?;
    Ok(act.id)
}

/// Chooses for one project; nothing ends the follow, and a choice begins one again that was ended. Answers the act.
pub(super) async fn choose(s: &Services, press: Press<'_>, follow_id: &str, to: Option<Own>) -> Result<String> {
    let mut tx = s.db.begin().await?;
    rows::lock(&mut tx, press.user_id).await?;
    let act = Act::begin(press, s.clock.now());
    let follow = store::follow_by_id(&mut tx, follow_id).await?;
    let follow = follow.ok_or_else(|| Error::broken(format!("no follow {follow_id}")))?;
    match to {
        None => act.end(&mut tx, &follow).await?,
        Some(own) => {
            act.begin_again(&mut tx, &follow, Wish::On).await?;
            if follow.rhythm != own {
                act.set_own(&mut tx, &follow, own).await?;
            }
        }
    }
    tx.commit().await?;
    Ok(act.id)
}

/// No more digests: what came in them does not come any more, what comes at once still does. Answers the act.
pub(super) async fn end_digests(s: &Services, press: Press<'_>) -> Result<String> {
    let mut tx = s.db.begin().await?;
    rows::lock(&mut tx, press.user_id).await?;
    let act = Act::begin(press, s.clock.now());
    let from = general(&mut tx, press.user_id).await?;
    if from.is_gathered() {
        act.set_general(&mut tx, from, Rhythm::Off).await?;
    }
    for follow in follows::follows_of(&mut tx, press.user_id).await? {
        if matches!(follow.rhythm, Own::Daily | Own::Weekly) {
            act.end(&mut tx, &follow).await?;
        }
    }
    tx.commit().await?;
    Ok(act.id)
}

/// Puts back what an act changed. Answers the act that this is; it has no rows when there was nothing to put back.
pub(super) async fn undo(s: &Services, press: Press<'_>, act_id: &str) -> Result<String> {
    let mut tx = s.db.begin().await?;
    rows::lock(&mut tx, press.user_id).await?;
    let act = Act::begin(press, s.clock.now());
    for row in choices::of_act(&mut tx, act_id).await? {
        act.put_back(&mut tx, &row).await?;
    }
    tx.commit().await?;
    Ok(act.id)
}

/// The part of an address that opens one thing of one person: an id without its prefix, and the key to it. Nothing is stored.
fn key(keys: &Keys, purpose: &str, id: &str) -> String {
    let bare = id.split_once('_').map_or(id, |(_, bare)| bare);
    format!("{bare}.{}", keys.derive(purpose, id))
}

fn opened(keys: &Keys, purpose: &str, prefix: &str, token: &str) -> Option<String> {
    let (bare, key) = token.split_once('.')?;
    let id = format!("{prefix}_{bare}");
    keys.opens(key, purpose, &id).then_some(id)
}

/// The path of the page on which somebody chooses how often mail comes, or ends it; in every digest.
pub fn digest_path(keys: &Keys, user_id: &str) -> String {
    format!("/unsubscribe/{}", key(keys, "digest", user_id))
}

/// Whose page that is, when the key is right.
pub(super) fn digest_opened(keys: &Keys, token: &str) -> Option<String> {
    opened(keys, "digest", "usr", token)
}

/// The path, without its language, of the page that tells what an act changed and puts it back.
pub(super) fn act_path(keys: &Keys, act_id: &str) -> String {
    format!("/mail/changed/{}", key(keys, "mail-act", act_id))
}

/// The act behind that page.
pub(super) fn act_opened(keys: &Keys, token: &str) -> Option<String> {
    opened(keys, "mail-act", "act", token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_opens_one_thing_for_one_purpose() {
        let keys = Keys::new(b"a secret of this installation...");
        let path = digest_path(&keys, "usr_anna");
        let token = path.trim_start_matches("/unsubscribe/");
        assert_eq!(digest_opened(&keys, token).as_deref(), Some("usr_anna"));
        assert_eq!(act_opened(&keys, token), None);
        for wrong in ["", "anna", "anna.", ".", &token.replace("anna", "bert"), &token[1..]] {
            assert_eq!(digest_opened(&keys, wrong), None, "{wrong}");
        }
        let act = act_path(&keys, "act_1");
        assert_eq!(act_opened(&keys, act.trim_start_matches("/mail/changed/")).as_deref(), Some("act_1"));
    }

    #[test]
    fn every_rhythm_has_its_word_in_the_log() {
        for rhythm in Rhythm::ALL {
            assert_eq!(rhythm.wish().as_str(), rhythm.as_str());
        }
        for own in Own::ALL {
            assert_eq!(own.wish().as_str(), own.as_str());
        }
    }
}

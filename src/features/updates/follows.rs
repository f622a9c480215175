//! What can be done with follows: ask, confirm, end. Re-exported by `actions`.

use crate::features::projects::Project;
use crate::features::updates::choices::{self, Choice, Made, Way, Wish};
use crate::features::updates::store::rhythm;
use crate::features::updates::{Follow, UpdateRefusal, opened, store};
use crate::features::users::{self, User};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::infra::letters::{self, Letter};
use crate::infra::{Services, limits, random};
use crate::values::text::Email;
use crate::values::{Lang, Timestamp};

/// Asks to follow a project: a letter with a link goes to the address, at most one a day. Who follows already gets none, unless to
/// confirm a wish to be reminded; the caller answers the same in every case.
///
/// # Errors
/// [`UpdateRefusal`] when what was typed is no address or the project is not public, or it is asked for too often.
pub async fn ask(s: &Services, project: &Project, typed: &str, remind: bool, lang: Lang, network: &str) -> Result<()> {
    let now = s.clock.now();
    let email = Email::parse(typed).ok_or(UpdateRefusal::NotAnAddress)?;
    if !project.state.is_public() {
        return Err(UpdateRefusal::ProjectNotPublic.into());
    }
    let mut tx = s.db.begin().await?;
    let asked = [(limits::FOLLOWS, network), (limits::FOLLOWS_OF_ADDRESS, email.as_str())];
    limits::count(s, &mut tx, &asked).await?;
    let user = users::actions::known_or_new(&mut tx, &email, lang, now).await?;
    let follow = made(&mut tx, &user.id, &project.id, now).await?;
    let asks_reminder = remind && follow.remind == 0;
    let asked = |choice| Made { choice, to: Wish::Asked, way: Way::Page, lang, at: now, act: "" };
    if asks_reminder {
        store::ask_reminder(&mut tx, &follow.id).await?;
        choices::note(&mut tx, &follow, false, asked(Choice::Reminder)).await?;
    }
    if !follow.is_active() {
        choices::note(&mut tx, &follow, false, asked(Choice::Updates)).await?;
    }
    if !follow.is_active() || asks_reminder {
        let what = if follow.is_active() { "/remind" } else { "" };
        let cause = format!("{}/{}{what}", follow.id, now.day());
        let letter = Letter {
            kind: "follow_confirm",
            cause_id: &cause,
            user_id: &user.id,
            language: lang,
            due: now,
            secret: "",
        };
        letters::queue(&mut tx, now, letter).await?;
    }
    Ok(tx.commit().await?)
}

/// The follow of this user and project; a new one is not confirmed.
async fn made(tx: &mut Tx, user_id: &str, project_id: &str, now: Timestamp) -> Result<Follow> {
    store::insert_follow(tx, &random::id("fol", now), user_id, project_id, now).await?;
    let follow = store::follow(tx, user_id, project_id).await?;
    follow.ok_or_else(|| crate::infra::error::Error::broken("a follow just made is not there"))
}

/// Follows a project with a pledge, confirmed at once: the address is known by the payment's letters.
///
/// `chosen_at`: when the backer ticked the box (the pledge's `created_at`). A follow that was ended after that stays ended; one
/// that was ended before begins again, because ticking the box is the person's own new choice.
pub async fn follow_as_backer(
    tx: &mut Tx,
    user_id: &str,
    project_id: &str,
    lang: Lang,
    (chosen_at, now): (Timestamp, Timestamp),
) -> Result<()> {
    let follow = made(tx, user_id, project_id, now).await?;
    if store::confirm(tx, &follow.id, chosen_at, now).await? {
        let made = Made { choice: Choice::Updates, to: Wish::On, way: Way::Pledge, lang, at: chosen_at, act: "" };
        choices::note(tx, &follow, false, made).await?;
    }
    Ok(())
}

/// The follow that a link in a letter is about, for `purpose` `follow` or `unsubscribe`; nothing when the link is wrong.
pub(super) async fn by_token(
    s: &Services,
    conn: &mut Conn,
    purpose: &str,
    token: &str,
) -> Result<Option<(Follow, User)>> {
    let Some(id) = opened(&s.keys, purpose, token) else { return Ok(None) };
    let Some(follow) = store::follow_by_id(conn, &id).await? else { return Ok(None) };
    let user = users::actions::by_id(conn, &follow.user_id).await?;
    Ok(user.map(|user| (follow, user)))
}

/// Confirms a follow by the link in the letter; confirming twice is no fault.
pub(super) async fn confirm(s: &Services, follow: &Follow, lang: Lang) -> Result<()> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let on = |choice| Made { choice, to: Wish::On, way: Way::Letter, lang, at: now, act: "" };
    if store::confirm(&mut tx, &follow.id, now.plus_millis(1), now).await? {
        choices::note(&mut tx, follow, false, on(Choice::Updates)).await?;
    }
    if store::reminder_waits(&mut tx, &follow.id).await? {
        store::confirm_reminder(&mut tx, &follow.id).await?;
        choices::note(&mut tx, follow, false, on(Choice::Reminder)).await?;
    }
    Ok(tx.commit().await?)
}

/// Switches the reminder of a follow on or off.
pub(super) async fn set_reminder(s: &Services, follow: &Follow, remind: bool, lang: Lang) -> Result<()> {
    let mut tx = s.db.begin().await?;
    store::set_reminder(&mut tx, &follow.id, remind).await?;
    let to = if remind { Wish::On } else { Wish::Off };
    let made = Made { choice: Choice::Reminder, to, way: Way::Account, lang, at: s.clock.now(), act: "" };
    choices::note(&mut tx, follow, follow.remind == 1, made).await?;
    Ok(tx.commit().await?)
}

/// The users who want to be reminded before the sale of a project closes.
pub async fn to_remind(conn: &mut Conn, project_id: &str) -> Result<Vec<String>> {
    Ok(store::to_remind(conn, project_id).await?.into_iter().map(|(id,)| id).collect())
}

/// The id of the follow by which somebody is reminded of a project's close; nothing when they no longer want it.
pub async fn reminded_follow(conn: &mut Conn, user_id: &str, project_id: &str) -> Result<Option<String>> {
    let follow = store::follow(conn, user_id, project_id).await?;
    Ok(follow.filter(|follow| follow.is_active() && follow.remind == 1).map(|follow| follow.id))
}

async fn end_in(tx: &mut Tx, follow: &Follow, way: Way, lang: Lang, now: Timestamp) -> Result<()> {
    if store::end_follow(tx, &follow.id, now).await? {
        // mail came: with a follow, or as a backer
        let made = Made { choice: Choice::Updates, to: Wish::Off, way, lang, at: now, act: "" };
        choices::note(tx, follow, true, made).await?;
    }
    Ok(())
}

/// Work for the job `mail.bounced`: the address does not exist, so nothing more is sent to it in bulk.
pub async fn end_for_bounced(s: &Services, user_id: &str) -> Result<()> {
    let mut tx = s.db.begin().await?;
    end_all(&mut tx, user_id, Way::Bounced, s.clock.now()).await?;
    Ok(tx.commit().await?)
}

/// Ends all that somebody follows, by nobody's choice on a page.
pub(super) async fn end_all(tx: &mut Tx, user_id: &str, way: Way, now: Timestamp) -> Result<()> {
    for follow in store::not_ended_of(tx, user_id).await? {
        end_in(tx, &follow, way, Lang::Nl, now).await?;
    }
    Ok(())
}

/// What somebody follows now.
pub async fn follows_of(conn: &mut Conn, user_id: &str) -> Result<Vec<Follow>> {
    Ok(store::follows_of(conn, user_id).await?)
}

/// What somebody follows now, or followed and ended.
pub(super) async fn ever_followed(conn: &mut Conn, user_id: &str) -> Result<Vec<Follow>> {
    Ok(rhythm::ever_followed(conn, user_id).await?)
}

/// How many people get the updates of a project by mail.
pub async fn count_followers(conn: &mut Conn, project_id: &str) -> Result<i64> {
    Ok(store::count_followers(conn, project_id).await?)
}

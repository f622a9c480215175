//! What can be done with users, roles and sessions.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::features::users::address::UNDO_SECONDS;
use crate::features::users::events::{self, EventKind};
use crate::features::users::store::proofs::{self, NewRequest};
use crate::features::users::store::{addresses, kept, passkeys, personal, visits};
use crate::features::users::{FRESH_SECONDS, Factor, Life, Session, StaffRole, User, store};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::history::{self, Action, Entry};
use crate::infra::web::token;
use crate::infra::{letters, random};
use crate::values::text::Email;
use crate::values::{Lang, Timestamp};

/// How long the link to enrol an authenticator app works, in seconds: a day.
const ENROLMENT_SECONDS: i64 = 86_400;
/// How precisely it is known when a session was last used, in seconds.
const SEEN_SECONDS: i64 = 60;

/// The user with this address, made when there is none. Typing an address proves nothing: name and language of a known
/// user stay as they are. An address that an account left is still that account's while it can be taken back: a thief who moved the
/// account could else put somebody new in the way.
pub async fn known_or_new(tx: &mut Tx, email: &Email, lang: Lang, now: Timestamp) -> Result<User> {
    let id = random::id("usr", now);
    let moments = (now, now.plus_seconds(-UNDO_SECONDS));
    let new = [(id.as_str(), email, lang)];
    if store::insert(tx, &new, moments).await? == 1 {
        return Ok(User { id, email: email.as_str().to_owned(), name: String::new(), language: lang });
    }
    // held until the end of the transaction: whoever erases this person meanwhile waits, or is seen here
    let known = match personal::lock_by_email(tx, email.as_str()).await? {
        Some(known) => known,
        None => match store::insert(tx, &new, moments).await? {
            1 => id,
            _ => left(tx, email, moments.1).await?,
        },
    };
    store::by_id(tx, &known).await?.ok_or_else(|| Error::broken("a user that is known is not there"))
}

/// The ids of the users with these addresses, as [`known_or_new`] finds or makes each, in few statements.
pub async fn known_or_new_each(tx: &mut Tx, people: &[(&Email, Lang)], now: Timestamp) -> Result<Vec<String>> {
    // in the order of the addresses, which is that of the locks
    let mut ids: BTreeMap<&str, (String, &Email, Lang)> = BTreeMap::new();
    for (email, lang) in people {
        ids.entry(email.as_str()).or_insert_with(|| (random::id("usr", now), *email, *lang));
    }
    let new: Vec<(&str, &Email, Lang)> = ids.values().map(|(id, email, lang)| (id.as_str(), *email, *lang)).collect();
    let inserted = store::insert(tx, &new, (now, now.plus_seconds(-UNDO_SECONDS))).await?;
    if usize::try_from(inserted) != Ok(new.len()) {
        let emails: BTreeSet<&str> = new.iter().map(|(_, email, _)| email.as_str()).collect();
        let mut known: HashMap<String, String> = personal::lock_by_emails(tx, &emails).await?.into_iter().collect();
        for (address, (id, email, lang)) in &mut ids {
            *id = match known.remove(*address) {
                Some(known) => known,
                None => known_or_new(tx, email, *lang, now).await?.id,
            };
        }
    }
    Ok(people.iter().map(|(email, _)| ids[email.as_str()].0.clone()).collect())
}

/// The account that left this address since a moment, held until the end of the transaction.
async fn left(tx: &mut Tx, email: &Email, since: Timestamp) -> Result<String> {
    let found = addresses::left(tx, email.as_str(), since).await?;
    let (id,) = found.ok_or_else(|| Error::broken("a user that is known is not there"))?;
    store::lock(tx, &id).await?;
    Ok(id)
}

/// The user with this id.
pub async fn by_id(conn: &mut Conn, id: &str) -> Result<Option<User>> {
    Ok(store::by_id(conn, id).await?)
}

/// The user with this address.
pub async fn by_email(conn: &mut Conn, email: &str) -> Result<Option<User>> {
    Ok(store::by_email(conn, email).await?)
}

/// The staff roles of a user.
pub async fn roles(conn: &mut Conn, user_id: &str) -> Result<Vec<StaffRole>> {
    Ok(store::roles(conn, user_id).await?)
}

/// Gives a user a staff role; having it already is no fault.
pub async fn grant(tx: &mut Tx, user_id: &str, role: StaffRole, now: Timestamp) -> Result<()> {
    Ok(store::grant(tx, user_id, role, now).await?)
}

/// Sets the name a user goes by.
pub async fn rename(tx: &mut Tx, user_id: &str, name: &str) -> Result<()> {
    Ok(store::rename(tx, user_id, name).await?)
}

/// Sets the language in which a user gets letters.
pub async fn set_language(tx: &mut Tx, user_id: &str, lang: Lang) -> Result<()> {
    Ok(store::set_language(tx, user_id, lang).await?)
}

/// Everybody who decides about money.
pub async fn treasurers(conn: &mut Conn) -> Result<Vec<User>> {
    Ok(store::with_role(conn, StaffRole::Treasurer).await?)
}

/// Everybody of the platform's team, by address.
pub async fn staff(conn: &mut Conn) -> Result<Vec<User>> {
    Ok(store::staff(conn).await?)
}

/// What `add_staff` answers: the link to `/{lang}/sign-in/enrol/{token}` works once, until `expires_at`.
#[derive(Debug, Clone)]
pub struct Enrolment {
    pub user: User,
    pub roles: Vec<StaffRole>,
    pub token: String,
    pub expires_at: Timestamp,
}

/// Makes somebody a member of the platform's team, or adds roles, and opens an enrolment of an authenticator app. An app the
/// person has keeps working until the new one is proved; an older link that was not used ends now.
pub async fn add_staff(
    tx: &mut Tx,
    email: &Email,
    roles: &[StaffRole],
    actor: &str,
    now: Timestamp,
) -> Result<Enrolment> {
    let user = known_or_new(tx, email, Lang::Nl, now).await?;
    store::lock(tx, &user.id).await?;
    let before = words(&store::roles(tx, &user.id).await?);
    for role in roles {
        store::grant(tx, &user.id, *role, now).await?;
    }
    let roles = store::roles(tx, &user.id).await?;
    let after = words(&roles);
    if before.is_empty() {
        // what somebody connected before was proved by mail alone, which is not enough for the team
        remove_factors(tx, &user.id).await?;
    }
    if before != after {
        let entry =
            Entry { subject: "user", subject_id: &user.id, from: &before, to: &after, actor, reason: "staff roles" };
        history::record(tx, now, entry).await?;
    }
    let (token, expires_at) = open_enrolment(tx, &user, now).await?;
    Ok(Enrolment { user, roles, token, expires_at })
}

/// Opens an enrolment of an authenticator app; an older one that was not used ends now. Answers the token of its link, and until
/// when it works.
async fn open_enrolment(tx: &mut Tx, user: &User, now: Timestamp) -> Result<(String, Timestamp)> {
    let token = random::secret();
    let expires_at = now.plus_seconds(ENROLMENT_SECONDS);
    proofs::end_requests(tx, &user.email, "enrol", now).await?;
    let request = NewRequest {
        id: &random::id("sir", now),
        email: &user.email,
        purpose: "enrol",
        code_hash: "",
        link_hash: &random::hash(&token),
        browser_hash: "",
        now,
        expires_at,
    };
    proofs::insert_request(tx, request).await?;
    Ok((token, expires_at))
}

/// Removes every second factor of a user and ends all sessions.
async fn remove_factors(tx: &mut Tx, user_id: &str) -> Result<()> {
    passkeys::remove_since(tx, user_id, "").await?;
    proofs::remove_authenticator(tx, user_id).await?;
    end_other_sessions(tx, user_id, "").await
}

fn words(roles: &[StaffRole]) -> String {
    roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(",")
}

/// Removes every second factor of somebody who lost it, as two admins decided, and ends all sessions. The person and every admin are
/// told; the letter to somebody of the team brings a link to enrol anew. `by` names the two.
pub async fn recover(tx: &mut Tx, user: &User, by: &str, actor: &str, reason: &str, now: Timestamp) -> Result<()> {
    store::lock(tx, &user.id).await?;
    remove_factors(tx, &user.id).await?;
    visits::forget_devices(tx, &user.id).await?;
    let token = match store::roles(tx, &user.id).await?.is_empty() {
        true => String::new(),
        false => open_enrolment(tx, user, now).await?.0,
    };
    let event = events::note_with_secret(tx, user, EventKind::Recovered, by, &token, now).await?;
    let admins: Vec<String> = store::with_role(tx, StaffRole::Admin).await?.into_iter().map(|admin| admin.id).collect();
    letters::queue_many(tx, now, events::ADMINS_LETTER, &event, &admins).await?;
    let entry = Entry { subject: "user", subject_id: &user.id, from: "", to: "recovered", actor, reason };
    Ok(history::record(tx, now, entry).await?)
}

/// Begins a session and answers its token for the cookie; only a hash of it is stored. `factor` is what was given just now,
/// `device` the browser in plain words.
pub async fn begin_session(tx: &mut Tx, user_id: &str, factor: Factor, device: &str, now: Timestamp) -> Result<String> {
    let id = random::id("ses", now);
    let token = token::session_token(&id);
    let is_staff = !store::roles(tx, user_id).await?.is_empty();
    let is_member = store::in_organisation(tx, user_id).await?;
    let session = Session {
        id,
        user_id: user_id.to_owned(),
        created_at: now,
        seen_at: now,
        expires_at: now.plus_seconds(Life::of(is_staff, is_member).longest_seconds),
        fresh_until: if factor == Factor::None { now } else { now.plus_seconds(FRESH_SECONDS) },
        factor,
        device: device.to_owned(),
        in_organisation: i16::from(is_member),
    };
    store::insert_session(tx, &session, &random::hash(&token)).await?;
    visited(tx, user_id, Action::SignedIn, factor.as_str(), now).await?;
    personal::signed_in(tx, user_id, now).await?;
    Ok(token)
}

/// Notes in the log that somebody came or went.
async fn visited(tx: &mut Tx, user_id: &str, action: Action, with: &str, now: Timestamp) -> Result<()> {
    let entry = Entry { subject: "user", subject_id: user_id, from: "", to: with, actor: user_id, reason: "" };
    Ok(history::note(tx, now, action, entry).await?)
}

/// Notes in the log that a second factor was wrong.
pub(super) async fn factor_was_wrong(tx: &mut Tx, user_id: &str, factor: Factor, now: Timestamp) -> Result<()> {
    visited(tx, user_id, Action::FactorWrong, factor.as_str(), now).await
}

/// Ends the session with this token, when there is one, as its owner asked.
pub async fn sign_out(tx: &mut Tx, token: &str, now: Timestamp) -> Result<()> {
    if let Some(session) = store::session(tx, &random::hash(token)).await? {
        visited(tx, &session.user_id, Action::SignedOut, "", now).await?;
    }
    end_session_with(tx, token).await
}

/// A second factor was given: the session is fresh, under a new token, which is answered.
pub(super) async fn renew_session(tx: &mut Tx, session: &Session, factor: Factor, now: Timestamp) -> Result<String> {
    let token = token::session_token(&session.id);
    let fresh_until = now.plus_seconds(FRESH_SECONDS);
    if store::renew_session(tx, &session.id, &random::hash(&token), factor, fresh_until).await? != 1 {
        return Err(Error::broken("the session ended while its second factor was looked at"));
    }
    Ok(token)
}

/// Notes whether somebody is a member of an organisation: sessions of members end sooner.
pub async fn set_in_organisation(tx: &mut Tx, user_id: &str, is_in: bool) -> Result<()> {
    Ok(store::set_in_organisation(tx, user_id, is_in).await?)
}

/// Ends a session of this user. Answers whether there was one.
pub async fn end_session(tx: &mut Tx, user_id: &str, session_id: &str) -> Result<bool> {
    Ok(store::end_session(tx, user_id, session_id).await? == 1)
}

/// Ends the session that a browser brings along, when it has one: before another begins there.
pub async fn end_session_with(tx: &mut Tx, token: &str) -> Result<()> {
    Ok(store::end_session_with(tx, &random::hash(token)).await?)
}

/// Ends every session of a user except this one.
pub async fn end_other_sessions(tx: &mut Tx, user_id: &str, kept_id: &str) -> Result<()> {
    Ok(store::end_sessions_but(tx, user_id, kept_id).await?)
}

/// Ends all sessions of somebody, as an admin decided, and tells the person.
pub async fn sign_out_everywhere(tx: &mut Tx, user_id: &str, by: &str, now: Timestamp) -> Result<()> {
    store::end_sessions_but(tx, user_id, "").await?;
    let entry = Entry { subject: "user", subject_id: user_id, from: "", to: "signed_out", actor: by, reason: "" };
    history::note(tx, now, Action::Security, entry).await?;
    events::note(tx, user_id, EventKind::SignedOut, "", now).await?;
    Ok(())
}

/// The living sessions of a user, the last used first.
pub async fn sessions(conn: &mut Conn, user_id: &str, is_staff: bool, now: Timestamp) -> Result<Vec<Session>> {
    let all = store::sessions(conn, user_id).await?;
    Ok(all.into_iter().filter(|session| !session.ended(is_staff, now)).collect())
}

/// The living session with this token, its user and what the user may do now.
pub async fn session(conn: &mut Conn, token: &str, now: Timestamp) -> Result<Option<(Session, User, Vec<StaffRole>)>> {
    let Some(session) = store::session(conn, &random::hash(token)).await? else { return Ok(None) };
    let roles = store::roles(conn, &session.user_id).await?;
    if session.ended(!roles.is_empty(), now) {
        return Ok(None);
    }
    Ok(store::by_id(conn, &session.user_id).await?.map(|user| (session, user, roles)))
}

/// Whether it should be noted that the session was used now: once a minute is enough.
pub fn needs_touch(session: &Session, now: Timestamp) -> bool {
    now >= session.seen_at.plus_seconds(SEEN_SECONDS)
}

/// Notes that a session was used now.
pub async fn touch_session(tx: &mut Tx, session_id: &str, now: Timestamp) -> Result<()> {
    Ok(store::touch_session(tx, session_id, now).await?)
}

/// Forgets sessions, sign-in requests, questions, kept forms and askings that ended before a moment; for the daily schedule.
pub async fn forget_ended(tx: &mut Tx, before: Timestamp) -> Result<()> {
    store::forget_ended(tx, before).await?;
    passkeys::forget_questions(tx, before).await?;
    kept::forget(tx, before).await?;
    Ok(visits::forget(tx, before).await?)
}

/// Writes many users that are not known yet, with ids made by the caller: for demo data and imports.
pub async fn import(tx: &mut Tx, people: &[(String, Email)], lang: Lang, now: Timestamp) -> Result<()> {
    Ok(store::import(tx, people, lang, now).await?)
}

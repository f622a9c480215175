//! What can be done with users, roles and sessions.

use crate::features::users::{FRESH_SECONDS, Session, StaffRole, User, store};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::random;
use crate::values::text::Email;
use crate::values::{Lang, Timestamp};

/// The longest life of a session, in seconds: 30 days.
const SESSION_SECONDS: i64 = 30 * 86_400;

/// The user with this address, made when there is none. Typing an address proves nothing: name and language of a known
/// user stay as they are.
pub async fn known_or_new(tx: &mut Tx, email: &Email, lang: Lang, now: Timestamp) -> Result<User> {
    if let Some(user) = store::by_email(tx, email.as_str()).await? {
        return Ok(user);
    }
    store::insert(tx, &random::id("usr", now), email, lang, now).await?;
    store::by_email(tx, email.as_str()).await?.ok_or_else(|| Error::broken("a user just made is not there"))
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

/// Begins a session and answers its token for the cookie; only a hash of it is stored. `fresh`: a second factor was just given.
pub async fn begin_session(tx: &mut Tx, user_id: &str, fresh: bool, now: Timestamp) -> Result<String> {
    let token = random::secret();
    let session = Session {
        id: random::id("ses", now),
        user_id: user_id.to_owned(),
        seen_at: now,
        expires_at: now.plus_seconds(SESSION_SECONDS),
        fresh_until: if fresh { now.plus_seconds(FRESH_SECONDS) } else { now },
    };
    store::insert_session(tx, &session, &random::hash(&token)).await?;
    Ok(token)
}

/// Ends a session.
pub async fn end_session(tx: &mut Tx, session_id: &str) -> Result<()> {
    Ok(store::end_session(tx, session_id).await?)
}

/// The living session with this token, and its user.
pub async fn session(conn: &mut Conn, token: &str, now: Timestamp) -> Result<Option<(Session, User)>> {
    let Some(session) = store::session(conn, &random::hash(token), now).await? else { return Ok(None) };
    Ok(store::by_id(conn, &session.user_id).await?.map(|user| (session, user)))
}

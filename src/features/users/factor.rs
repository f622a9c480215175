//! The second factor of the platform's team: a code of an authenticator app.
//!
//! The enrolment link is printed by the command line. What the app gets to know is derived from the link's token until a first
//! code proves it, so that opening the link changes nothing.

use crate::features::users::store::proofs::{self, Authenticator, Request};
use crate::features::users::{FRESH_SECONDS, Session, User, actions, store, totp};
use crate::infra::db::Conn;
use crate::infra::error::{Error, Result};
use crate::infra::random::Keys;
use crate::infra::{Services, random};
use crate::values::Timestamp;

/// After this many wrong codes in a row, each within the pause of the one before, no code is looked at during the pause.
const MOST_WRONG: i64 = 5;
const PAUSE_SECONDS: i64 = 300;

/// What became of a code.
#[derive(Debug)]
pub enum Checked {
    /// The new token of the session.
    Right(String),
    Wrong,
    /// Too many wrong ones: wait five minutes.
    Paused,
    /// This person has no app yet.
    NoApp,
}

/// A living enrolment: whose it is, and the secret for the app in base 32.
#[derive(Debug, Clone)]
pub struct Enrolling {
    pub user: User,
    pub secret: String,
}

/// The enrolment that this link opens; nothing when it is unknown, used or too old.
pub async fn enrolling(conn: &mut Conn, keys: &Keys, token: &str, now: Timestamp) -> Result<Option<Enrolling>> {
    Ok(living(conn, keys, token, now).await?.map(|(_, enrolling)| enrolling))
}

async fn living(conn: &mut Conn, keys: &Keys, token: &str, now: Timestamp) -> Result<Option<(Request, Enrolling)>> {
    let request = proofs::request_by_link(conn, &random::hash(token), "enrol").await?;
    let Some(request) = request.filter(|r| r.used_at.is_none() && r.expires_at > now) else { return Ok(None) };
    let Some(user) = store::by_email(conn, &request.email).await? else { return Ok(None) };
    Ok(Some((request, Enrolling { user, secret: secret_of(keys, token)? })))
}

/// 160 bits, the length RFC 4226 (section 4, R6) recommends.
fn secret_of(keys: &Keys, token: &str) -> Result<String> {
    let hexadecimal = keys.derive("authenticator 1", token) + &keys.derive("authenticator 2", token);
    let bytes = hex::decode(hexadecimal).map_err(Error::broken)?;
    Ok(totp::base32(&bytes[..20]))
}

/// What became of an enrolment.
#[derive(Debug)]
pub enum Enrolled {
    /// The token of the new session.
    Done(String),
    WrongCode,
    /// The link is unknown, used or too old.
    Ended,
}

/// Proves the app with its first code: it replaces the one there was, ends all sessions of this person and begins a fresh one.
pub async fn enrol(s: &Services, token: &str, typed: &str, old: Option<&str>) -> Result<Enrolled> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let Some((request, Enrolling { user, secret })) = living(&mut tx, &s.keys, token, now).await? else {
        return Ok(Enrolled::Ended);
    };
    let Some(step) = totp::matching_step(&secret, typed, now.seconds(), 0) else { return Ok(Enrolled::WrongCode) };
    if proofs::use_request(&mut tx, &request.id, now).await? != 1 {
        return Ok(Enrolled::Ended);
    }
    proofs::set_authenticator(&mut tx, &user.id, &secret, step, now).await?;
    actions::end_other_sessions(&mut tx, &user.id, "").await?;
    if let Some(old) = old {
        actions::end_session_with(&mut tx, old).await?;
    }
    let token = actions::begin_session(&mut tx, &user.id, true, now).await?;
    tx.commit().await?;
    tracing::info!(user = user.id, "an authenticator app was enrolled");
    Ok(Enrolled::Done(token))
}

/// Whether this person has a proved app.
pub async fn has_app(conn: &mut Conn, user_id: &str) -> Result<bool> {
    Ok(proofs::has_authenticator(conn, user_id).await?)
}

/// Looks at a code of the app. The right one makes the session fresh for five minutes, under a new token, and is used up.
pub async fn check(s: &Services, session: &Session, typed: &str) -> Result<Checked> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let user_id = session.user_id.as_str();
    let Some(app) = proofs::lock_authenticator(&mut tx, user_id).await? else { return Ok(Checked::NoApp) };
    let recent = wrong_recently(&app, now);
    if recent >= MOST_WRONG {
        return Ok(Checked::Paused);
    }
    let Some(step) = totp::matching_step(&app.secret, typed, now.seconds(), app.last_step) else {
        proofs::wrong_code(&mut tx, user_id, recent + 1, now).await?;
        tx.commit().await?;
        tracing::warn!(user = user_id, in_a_row = recent + 1, "a wrong second factor");
        return Ok(if recent + 1 >= MOST_WRONG { Checked::Paused } else { Checked::Wrong });
    };
    proofs::right_code(&mut tx, user_id, step).await?;
    let token = random::secret();
    let fresh_until = now.plus_seconds(FRESH_SECONDS);
    if store::renew_session(&mut tx, &session.id, &random::hash(&token), fresh_until).await? != 1 {
        return Err(Error::broken("the session ended while its second factor was checked"));
    }
    tx.commit().await?;
    Ok(Checked::Right(token))
}

/// How many wrong codes still count.
fn wrong_recently(app: &Authenticator, now: Timestamp) -> i64 {
    let last = app.wrong_at.parse::<Timestamp>().ok();
    if last.is_some_and(|last| now < last.plus_seconds(PAUSE_SECONDS)) { app.wrong_codes } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_codes_are_forgotten_after_the_pause() {
        let now = Timestamp::from_seconds(1_000_000);
        let app = |wrong_at: String| Authenticator { secret: String::new(), last_step: 0, wrong_codes: 4, wrong_at };
        assert_eq!(wrong_recently(&app(String::new()), now), 0);
        assert_eq!(wrong_recently(&app(now.plus_seconds(-299).to_string()), now), 4);
        assert_eq!(wrong_recently(&app(now.plus_seconds(-300).to_string()), now), 0);
    }

    #[test]
    fn each_link_has_a_secret_of_its_own() {
        let keys = Keys::new(b"a secret of this installation...");
        let secret = secret_of(&keys, "one").unwrap();
        assert_eq!(secret.len(), 32);
        assert_eq!(secret, secret_of(&keys, "one").unwrap());
        assert_ne!(secret, secret_of(&keys, "two").unwrap());
    }
}

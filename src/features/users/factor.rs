//! The second factor: a passkey (`passkeys`), or a code of an authenticator app. Here is the whole rule.
//!
//! | who | mail alone opens | the second factor opens | a factor of the last five minutes opens | enrols |
//! | --- | --- | --- | --- | --- |
//! | backer | own pledges | | change of address, once there is a factor | with mail of the last 15 minutes |
//! | member of an organisation | projects, plans, updates | backers' names, messages to them | money, accounts, members | with mail of the last 15 minutes |
//! | the platform's team | the own account | all work: in production with a passkey | decisions about money and people | with a link that the command line or two admins made |
//!
//! For the team in production an app does one thing: it lets the first passkey be added. Whoever has a passkey is no longer asked
//! for a code. In development a code is enough, so that the program can be tried without a device for passkeys.
//!
//! Whoever has a factor adds and removes others with a fresh one; nobody of the team removes the last. What an app gets to know
//! is derived from the link's token, or from the session, until a first code proves it, so that opening the page changes nothing.

use crate::features::users::events::{self, EventKind};
use crate::features::users::store::passkeys as keys;
use crate::features::users::store::proofs::{self, Authenticator, Request};
use crate::features::users::{Factor, Refusal, Session, User, actions, store, totp};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::random::Keys;
use crate::infra::{Services, random};
use crate::values::Timestamp;

/// How long a sign-in by mail lets somebody without a factor enrol one, in seconds.
pub const MAIL_PROOF_SECONDS: i64 = 15 * 60;

/// What somebody can confirm with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Factors {
    pub app: bool,
    pub passkeys: i64,
}

impl Factors {
    pub fn any(self) -> bool {
        self.app || self.passkeys > 0
    }
}

/// The factors of a user.
pub async fn of_user(conn: &mut Conn, user_id: &str) -> Result<Factors> {
    Ok(Factors { app: proofs::has_authenticator(conn, user_id).await?, passkeys: keys::count(conn, user_id).await? })
}

/// What stands between somebody of the team and the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    Open,
    /// A factor must be given first.
    Confirm,
    /// A first passkey must be added.
    Enrol,
}

/// Whether a session of somebody of the team opens the work.
pub fn gate(given: Factor, factors: Factors, production: bool) -> Gate {
    match given {
        Factor::None => Gate::Confirm,
        Factor::Passkey => Gate::Open,
        Factor::App if !production => Gate::Open,
        Factor::App if factors.passkeys == 0 => Gate::Enrol,
        Factor::App => Gate::Confirm,
    }
}

/// Whether a code of the app is taken.
pub fn takes_app(is_staff: bool, factors: Factors, production: bool) -> bool {
    factors.app && !(is_staff && production && factors.passkeys > 0)
}

/// Whether somebody may change how they sign in: add a factor, or go over to another address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MayChange {
    Yes,
    /// With a factor there is, first.
    ConfirmFirst,
    /// By mail, once more: it was too long ago.
    SignInFirst,
    /// The team's first factor comes by a link only.
    ByLink,
}

/// Whether this person may do so in this session, now.
pub fn may_change(session: &Session, is_staff: bool, factors: Factors, now: Timestamp) -> MayChange {
    if session.is_fresh(now) {
        MayChange::Yes
    } else if factors.any() {
        MayChange::ConfirmFirst
    } else if is_staff {
        MayChange::ByLink
    } else if session.created_at.plus_seconds(MAIL_PROOF_SECONDS) > now {
        MayChange::Yes
    } else {
        MayChange::SignInFirst
    }
}

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
    /// This person has no app, or its codes are no longer taken.
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
pub async fn enrol(s: &Services, token: &str, typed: &str, old: Option<&str>, device: &str) -> Result<Enrolled> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let Some((request, Enrolling { user, secret })) = living(&mut tx, &s.keys, token, now).await? else {
        return Ok(Enrolled::Ended);
    };
    let Some(step) = totp::matching_step(&secret, typed, now.seconds(), 0) else { return Ok(Enrolled::WrongCode) };
    if proofs::use_request(&mut tx, &request.id, now).await? != 1 {
        return Ok(Enrolled::Ended);
    }
    connect(&mut tx, &user.id, &secret, step, "", now).await?;
    if let Some(old) = old {
        actions::end_session_with(&mut tx, old).await?;
    }
    let token = actions::begin_session(&mut tx, &user.id, Factor::App, device, now).await?;
    tx.commit().await?;
    tracing::info!(user = user.id, "an authenticator app was enrolled");
    Ok(Enrolled::Done(token))
}

/// Puts a proved app in place, and ends all sessions but one.
async fn connect(tx: &mut Tx, user_id: &str, secret: &str, step: i64, kept_id: &str, now: Timestamp) -> Result<()> {
    proofs::set_authenticator(tx, user_id, secret, step, now).await?;
    actions::end_other_sessions(tx, user_id, kept_id).await?;
    events::note(tx, user_id, EventKind::AppConnected, "", now).await?;
    Ok(())
}

/// The secret for an app that somebody who is signed in connects: the same until a factor was given again.
pub fn own_secret(keys: &Keys, session: &Session) -> Result<String> {
    secret_of(keys, &format!("{} {}", session.id, session.fresh_until))
}

/// Proves such an app with its first code. It replaces the one there was and ends all other sessions; this one goes on under a new
/// token. Nothing when the code is wrong.
pub async fn enrol_own(s: &Services, session: &Session, typed: &str) -> Result<Option<String>> {
    let now = s.clock.now();
    let secret = own_secret(&s.keys, session)?;
    let Some(step) = totp::matching_step(&secret, typed, now.seconds(), 0) else { return Ok(None) };
    let mut tx = s.db.begin().await?;
    connect(&mut tx, &session.user_id, &secret, step, &session.id, now).await?;
    let token = actions::renew_session(&mut tx, session, Factor::App, now).await?;
    tx.commit().await?;
    tracing::info!(user = session.user_id, "an authenticator app was connected");
    Ok(Some(token))
}

/// Connects an app with a secret that is known: for demo data.
pub async fn connect_known(tx: &mut Tx, user_id: &str, secret: &str, now: Timestamp) -> Result<()> {
    Ok(proofs::set_authenticator(tx, user_id, secret, 0, now).await?)
}

/// The code that an app with this secret shows now; empty when it is none: for development, where the secret is no secret.
pub fn code_now(secret: &str, now: Timestamp) -> String {
    totp::code(secret, now.seconds()).unwrap_or_default()
}

/// Removes a passkey, or the app when there is no id. All other sessions end: they may be the reason.
///
/// # Errors
/// [`Refusal::NoSuchFactor`], and [`Refusal::LastFactor`] for the last one of somebody of the team.
pub async fn remove(
    tx: &mut Tx,
    session: &Session,
    is_staff: bool,
    passkey: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    let user_id = session.user_id.as_str();
    store::lock(tx, user_id).await?;
    let (kind, detail) = match passkey {
        Some(id) => (EventKind::PasskeyRemoved, keys::remove(tx, user_id, id).await?),
        None if proofs::remove_authenticator(tx, user_id).await? == 1 => (EventKind::AppRemoved, Some(String::new())),
        None => (EventKind::AppRemoved, None),
    };
    let detail = detail.ok_or(Refusal::NoSuchFactor)?;
    if is_staff && !of_user(tx, user_id).await?.any() {
        return Err(Refusal::LastFactor.into());
    }
    actions::end_other_sessions(tx, user_id, &session.id).await?;
    events::note(tx, user_id, kind, &detail, now).await?;
    Ok(())
}

/// Looks at a code of the app. The right one makes the session fresh for five minutes, under a new token, and is used up.
pub async fn check(s: &Services, session: &Session, is_staff: bool, typed: &str) -> Result<Checked> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let user_id = session.user_id.as_str();
    if !takes_app(is_staff, of_user(&mut tx, user_id).await?, s.settings.production()) {
        return Ok(Checked::NoApp);
    }
    let Some(app) = proofs::lock_authenticator(&mut tx, user_id).await? else { return Ok(Checked::NoApp) };
    let recent = wrong_recently(&app, now);
    if recent >= MOST_WRONG {
        return Ok(Checked::Paused);
    }
    let Some(step) = totp::matching_step(&app.secret, typed, now.seconds(), app.last_step) else {
        proofs::wrong_code(&mut tx, user_id, recent + 1, now).await?;
        actions::factor_was_wrong(&mut tx, user_id, Factor::App, now).await?;
        if recent + 1 == MOST_WRONG {
            // whoever types codes reads this person's mail already: the person must know
            events::note(&mut tx, user_id, EventKind::CodesWrong, "", now).await?;
        }
        tx.commit().await?;
        tracing::warn!(user = user_id, in_a_row = recent + 1, "a wrong second factor");
        return Ok(if recent + 1 >= MOST_WRONG { Checked::Paused } else { Checked::Wrong });
    };
    proofs::right_code(&mut tx, user_id, step).await?;
    let token = actions::renew_session(&mut tx, session, Factor::App, now).await?;
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
    fn in_production_the_team_works_with_passkeys_only() {
        let factors = |app, passkeys| Factors { app, passkeys };
        for production in [false, true] {
            assert_eq!(gate(Factor::None, factors(true, 1), production), Gate::Confirm);
            assert_eq!(gate(Factor::Passkey, factors(false, 1), production), Gate::Open);
        }
        assert_eq!(gate(Factor::App, factors(true, 0), true), Gate::Enrol);
        assert_eq!(gate(Factor::App, factors(true, 1), true), Gate::Confirm);
        assert_eq!(gate(Factor::App, factors(true, 1), false), Gate::Open);
        assert!(takes_app(true, factors(true, 0), true) && !takes_app(true, factors(true, 1), true));
        assert!(takes_app(false, factors(true, 1), true) && takes_app(true, factors(true, 1), false));
        assert!(!takes_app(false, factors(false, 1), false));
    }

    #[test]
    fn a_first_factor_needs_mail_of_a_moment_ago_and_the_team_a_link() {
        let start = Timestamp::from_seconds(1_000_000);
        let session = |factor, fresh: i64| Session {
            id: "ses_1".into(),
            user_id: "usr_1".into(),
            created_at: start,
            seen_at: start,
            expires_at: start.plus_days(1),
            fresh_until: start.plus_seconds(fresh),
            factor,
            device: String::new(),
            in_organisation: 0,
        };
        let (none, app) = (Factors { app: false, passkeys: 0 }, Factors { app: true, passkeys: 0 });
        let by_mail = session(Factor::None, 0);
        assert_eq!(may_change(&by_mail, false, none, start.plus_seconds(899)), MayChange::Yes);
        assert_eq!(may_change(&by_mail, false, none, start.plus_seconds(900)), MayChange::SignInFirst);
        assert_eq!(may_change(&by_mail, true, none, start), MayChange::ByLink);
        assert_eq!(may_change(&by_mail, false, app, start), MayChange::ConfirmFirst);
        let confirmed = session(Factor::App, 300);
        assert_eq!(may_change(&confirmed, true, app, start.plus_seconds(299)), MayChange::Yes);
        assert_eq!(may_change(&confirmed, true, app, start.plus_seconds(300)), MayChange::ConfirmFirst);
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

//! Passkeys (W3C Web Authentication, level 3): a key on a device of the person that signs a question of ours, after the device
//! made sure who holds it. Its site is part of what it signs, so it cannot be used on a page that only looks like ours.
//!
//! The question waits in the database, for one session and one purpose, for five minutes, and is taken away by the first answer,
//! right or wrong. Keys that count their uses must count on: one that does not may have been copied.

use sqlx::FromRow;
use webauthn_rs::prelude::{
    Passkey, PasskeyAuthentication, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, Url, Uuid,
    Webauthn, WebauthnBuilder,
};

use crate::features::users::events::{self, EventKind};
use crate::features::users::store::passkeys as rows;
use crate::features::users::{Factor, Session, User, actions, store};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::settings::Settings;
use crate::infra::{Services, random};
use crate::values::{Timestamp, text};

/// How long a question waits for its answer, in seconds.
const QUESTION_SECONDS: i64 = 300;
/// So many passkeys somebody has at most.
const MOST: usize = 10;
/// The longest name, in characters.
const LONGEST_NAME: usize = 60;

crate::words! {
    /// What a question is for.
    pub enum Purpose {
        Register = "register",
        Confirm = "confirm",
    }
}

/// A passkey as its owner knows it.
#[derive(Debug, Clone, FromRow)]
pub struct NamedKey {
    pub id: String,
    pub name: String,
    pub credential_id: String,
    /// The library's own JSON: public key and flags, nothing secret.
    pub credential: String,
    /// The device's counter; zero when it keeps none.
    pub uses: i64,
    pub created_at: Timestamp,
    pub used_at: Timestamp,
}

impl NamedKey {
    fn key(&self) -> Result<Passkey> {
        serde_json::from_str(&self.credential).map_err(Error::broken)
    }
}

/// What checks the answers, for the site's own address. Nothing when passkeys cannot be made for that: they need a name, not a number.
fn site(settings: &Settings) -> Option<Webauthn> {
    let origin = Url::parse(&settings.public_url).ok()?;
    let name = origin.domain()?;
    WebauthnBuilder::new(name, &origin).ok()?.rp_name("Drempel").build().ok()
}

/// Whether passkeys can be used at the site's address.
pub fn possible(settings: &Settings) -> bool {
    site(settings).is_some()
}

fn required(settings: &Settings) -> Result<Webauthn> {
    site(settings).ok_or_else(|| Error::broken("passkeys cannot be used at this address"))
}

/// The passkeys of a user, the oldest first.
pub async fn of_user(conn: &mut Conn, user_id: &str) -> Result<Vec<NamedKey>> {
    Ok(rows::of_user(conn, user_id).await?)
}

/// Asks the browser to make a key: what its script hands to the device, as JSON.
pub async fn ask_to_register(s: &Services, session: &Session, user: &User) -> Result<String> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let mut known = Vec::new();
    for key in rows::of_user(&mut tx, &user.id).await? {
        known.push(key.key()?.cred_id().clone());
    }
    // what the device keeps to tell its accounts apart; it says nothing about the person
    let handle = Uuid::parse_str(&s.keys.derive("passkey user", &user.id)).map_err(Error::broken)?;
    let shown = if user.name.is_empty() { &user.email } else { &user.name };
    let (question, state) = required(&s.settings)?
        .start_passkey_registration(handle, &user.email, shown, Some(known))
        .map_err(Error::broken)?;
    keep(&mut tx, session, Purpose::Register, &state, now).await?;
    tx.commit().await?;
    serde_json::to_string(&question).map_err(Error::broken)
}

/// Asks the browser to sign with a key; nothing when the person has none.
pub async fn ask_to_confirm(s: &Services, session: &Session) -> Result<Option<String>> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let mut keys = Vec::new();
    for key in rows::of_user(&mut tx, &session.user_id).await? {
        keys.push(key.key()?);
    }
    if keys.is_empty() {
        return Ok(None);
    }
    let (question, state) = required(&s.settings)?.start_passkey_authentication(&keys).map_err(Error::broken)?;
    keep(&mut tx, session, Purpose::Confirm, &state, now).await?;
    tx.commit().await?;
    serde_json::to_string(&question).map(Some).map_err(Error::broken)
}

async fn keep(
    tx: &mut Tx,
    session: &Session,
    purpose: Purpose,
    state: &impl serde::Serialize,
    now: Timestamp,
) -> Result<()> {
    let state = serde_json::to_string(state).map_err(Error::broken)?;
    Ok(rows::ask(tx, &session.id, purpose, &state, now.plus_seconds(QUESTION_SECONDS)).await?)
}

/// The question of this session that still waits. It is gone from now on, whatever the answer is worth.
async fn waiting<T: serde::de::DeserializeOwned>(
    s: &Services,
    session: &Session,
    purpose: Purpose,
    now: Timestamp,
) -> Result<Option<T>> {
    let mut tx = s.db.begin().await?;
    let taken = rows::take(&mut tx, &session.id, purpose).await?;
    tx.commit().await?;
    match taken {
        Some((state, expires_at)) if expires_at > now => serde_json::from_str(&state).map(Some).map_err(Error::broken),
        _ => Ok(None),
    }
}

/// What became of an answer.
#[derive(Debug)]
pub enum Answered {
    /// The new token of the session, which is fresh now.
    Right(String),
    /// Not the answer to a question that waits here.
    Wrong,
    /// The name is missing or too long.
    NameWrong,
    /// Somebody has this key already, or there are ten.
    Taken,
}

/// Adds the key that the browser made. Making it proved who is there, so the session is fresh.
pub async fn register(s: &Services, session: &Session, name: &str, answer: &str) -> Result<Answered> {
    let now = s.clock.now();
    let Some(name) = text::one_line(name, LONGEST_NAME).filter(|name| !name.is_empty()) else {
        return Ok(Answered::NameWrong);
    };
    let Some(state) = waiting::<PasskeyRegistration>(s, session, Purpose::Register, now).await? else {
        return Ok(Answered::Wrong);
    };
    let Ok(answer) = serde_json::from_str::<RegisterPublicKeyCredential>(answer) else { return Ok(Answered::Wrong) };
    let key = match required(&s.settings)?.finish_passkey_registration(&answer, &state) {
        Ok(key) => key,
        Err(error) => return refused(session, &error),
    };
    let row = NamedKey {
        id: random::id("pky", now),
        name,
        credential_id: data_encoding::BASE64URL_NOPAD.encode(key.cred_id()),
        credential: serde_json::to_string(&key).map_err(Error::broken)?,
        uses: counter_of(&key)?,
        created_at: now,
        used_at: now,
    };
    let mut tx = s.db.begin().await?;
    store::lock(&mut tx, &session.user_id).await?;
    if rows::of_user(&mut tx, &session.user_id).await?.len() >= MOST
        || !rows::insert(&mut tx, &session.user_id, &row).await?
    {
        return Ok(Answered::Taken);
    }
    events::note(&mut tx, &session.user_id, EventKind::PasskeyAdded, &row.name, now).await?;
    let token = actions::renew_session(&mut tx, session, Factor::Passkey, now).await?;
    tx.commit().await?;
    tracing::info!(user = session.user_id, "a passkey was added");
    Ok(Answered::Right(token))
}

/// The counter inside the library's own JSON, which keeps it to itself.
fn counter_of(key: &Passkey) -> Result<i64> {
    let json = serde_json::to_value(key).map_err(Error::broken)?;
    json.pointer("/cred/counter")
        .and_then(serde_json::Value::as_i64)
        .ok_or_else(|| Error::broken("a key without counter"))
}

/// Looks at the signature of a key. The right one makes the session fresh for five minutes, under a new token.
pub async fn confirm(s: &Services, session: &Session, answer: &str) -> Result<Answered> {
    let now = s.clock.now();
    let Some(state) = waiting::<PasskeyAuthentication>(s, session, Purpose::Confirm, now).await? else {
        return Ok(Answered::Wrong);
    };
    let Ok(answer) = serde_json::from_str::<PublicKeyCredential>(answer) else { return Ok(Answered::Wrong) };
    let signed = match required(&s.settings)?.finish_passkey_authentication(&answer, &state) {
        Ok(signed) if signed.user_verified() => signed,
        Ok(_) => return Ok(Answered::Wrong),
        Err(error) => {
            let mut tx = s.db.begin().await?;
            actions::factor_was_wrong(&mut tx, &session.user_id, Factor::Passkey, now).await?;
            tx.commit().await?;
            return refused(session, &error);
        }
    };
    let mut tx = s.db.begin().await?;
    store::lock(&mut tx, &session.user_id).await?;
    // it may have been removed, or used elsewhere, since it was asked
    let keys = rows::of_user(&mut tx, &session.user_id).await?;
    let id = data_encoding::BASE64URL_NOPAD.encode(signed.cred_id());
    let Some(row) = keys.into_iter().find(|key| key.credential_id == id) else { return Ok(Answered::Wrong) };
    let uses = i64::from(signed.counter());
    if !counts_on(row.uses, uses) {
        tracing::error!(
            user = session.user_id,
            passkey = row.id,
            "a passkey did not count on: it may have been copied"
        );
        return Ok(Answered::Wrong);
    }
    let mut key = row.key()?;
    key.update_credential(&signed);
    let credential = serde_json::to_string(&key).map_err(Error::broken)?;
    if rows::used(&mut tx, &row.id, &credential, (row.uses, uses), now).await? != 1 {
        return Ok(Answered::Wrong);
    }
    let token = actions::renew_session(&mut tx, session, Factor::Passkey, now).await?;
    tx.commit().await?;
    Ok(Answered::Right(token))
}

/// Web Authentication, section 7.2, step 22: a counter goes up, or there is none.
fn counts_on(before: i64, after: i64) -> bool {
    after > before || (before == 0 && after == 0)
}

fn refused(session: &Session, error: &webauthn_rs::prelude::WebauthnError) -> Result<Answered> {
    tracing::warn!(user = session.user_id, %error, "an answer of a passkey was refused");
    Ok(Answered::Wrong)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::infra::settings::Source;

    #[test]
    fn a_counter_goes_up_or_stays_away() {
        assert!(counts_on(0, 0) && counts_on(0, 1) && counts_on(7, 8));
        assert!(!counts_on(7, 7) && !counts_on(7, 6) && !counts_on(7, 0));
    }

    #[test]
    fn passkeys_belong_to_a_name() {
        let at = |url: &str| Settings::read(&Source::of(&[("PUBLIC_URL", url)])).map(|s| possible(&s)).ok();
        assert_eq!(at("http://localhost:3000"), Some(true));
        assert_eq!(at("http://127.0.0.1:3000"), Some(false));
    }
}

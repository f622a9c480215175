//! An account goes over to another address of mail: a code proves the new one, and for 72 hours the old one can take it back.
//!
//! Whoever asks has just confirmed with a second factor, or without one has just proved the old address by mail
//! ([`crate::features::users::factor::may_change`]). An address that somebody else signs in with gets the same answer, and no letter.

use sqlx::FromRow;

use crate::features::users::events::{self, EventKind};
use crate::features::users::store::{addresses as rows, passkeys, proofs, visits};
use crate::features::users::{CODE_LENGTH, Refusal, Session, User, actions, read_code, store};
use crate::infra::db::life_cycle::step;
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::history::{self, Entry};
use crate::infra::letters::{self, Letter};
use crate::infra::{Services, jobs, random};
use crate::values::Timestamp;
use crate::values::text::Email;

/// The kinds of its letters: the code to the new address, and the news to the old one.
pub const CODE_LETTER: &str = "address_code";
pub const OLD_LETTER: &str = "address_old";
/// The job that follows when the old address took an account back. Its subject is the person.
pub const RESTORED: &str = "users.restored";
/// How long the code works, in seconds.
pub const CODE_SECONDS: i64 = 600;
/// How long the old address can take the account back, in seconds: three days.
pub const UNDO_SECONDS: i64 = 72 * 3_600;
const MOST_TRIES: i64 = 5;
/// So often somebody asks in an hour.
const MOST_ASKED: i64 = 3;

crate::words! {
    /// Where a change of address stands.
    pub enum AddressState {
        Asked = "asked",
        Changed = "changed",
        Restored = "restored",
        Replaced = "replaced",
    }
}

crate::life_cycle! {
    AddressState of "address_changes" by "id":
    Asked => Changed | Replaced,
    Changed => Restored,
}

/// A change of address.
#[derive(Debug, Clone, FromRow)]
pub struct Change {
    pub id: String,
    pub user_id: String,
    pub session_id: String,
    pub old_email: String,
    pub new_email: String,
    pub code_hash: String,
    pub state: AddressState,
    pub asked_at: Timestamp,
    pub changed_at: Option<Timestamp>,
}

impl Change {
    /// Whether its code still works.
    pub fn waits(&self, now: Timestamp) -> bool {
        self.state == AddressState::Asked && now < self.asked_at.plus_seconds(CODE_SECONDS)
    }

    /// Until when the old address can take the account back; nothing when it cannot any more.
    pub fn undo_until(&self, now: Timestamp) -> Option<Timestamp> {
        let until = self.changed_at?.plus_seconds(UNDO_SECONDS);
        (self.state == AddressState::Changed && now < until).then_some(until)
    }
}

/// Sends a code to the new address.
///
/// # Errors
/// A [`Refusal`]: no address, the same, or too often.
pub async fn ask(s: &Services, session: &Session, user: &User, typed: &str) -> Result<()> {
    let now = s.clock.now();
    let email = Email::parse(typed).ok_or(Refusal::AddressWrong)?;
    if email.as_str() == user.email {
        return Err(Refusal::AddressSame.into());
    }
    let mut tx = s.db.begin().await?;
    store::lock(&mut tx, &user.id).await?;
    if rows::asked_since(&mut tx, &user.id, now.plus_seconds(-3_600)).await? >= MOST_ASKED {
        return Err(Refusal::AddressOften.into());
    }
    replace(&mut tx, &user.id, now).await?;
    let (id, code) = (random::id("adc", now), random::code(CODE_LENGTH));
    let change = Change {
        code_hash: code_hash(s, &id, &code),
        id,
        user_id: user.id.clone(),
        session_id: session.id.clone(),
        old_email: user.email.clone(),
        new_email: email.as_str().to_owned(),
        state: AddressState::Asked,
        asked_at: now,
        changed_at: None,
    };
    rows::insert(&mut tx, &change).await?;
    record(&mut tx, &change.id, "", AddressState::Asked, &user.id, now).await?;
    if store::by_email(&mut tx, email.as_str()).await?.is_none() {
        letters::queue_to(&mut tx, now, letter(CODE_LETTER, &change, user, now, &code), email.as_str()).await?;
    }
    Ok(tx.commit().await?)
}

fn letter<'a>(kind: &'static str, change: &'a Change, user: &'a User, now: Timestamp, secret: &'a str) -> Letter<'a> {
    Letter { kind, cause_id: &change.id, user_id: &user.id, language: user.language, due: now, secret }
}

fn code_hash(s: &Services, id: &str, code: &str) -> String {
    s.keys.derive("address code", &format!("{id} {code}"))
}

/// The change that waits for its code in this session.
pub async fn waiting(conn: &mut Conn, session_id: &str, now: Timestamp) -> Result<Option<Change>> {
    Ok(rows::waiting(conn, session_id, now.plus_seconds(-CODE_SECONDS)).await?)
}

/// The right code changes the address. Both addresses are told, and everywhere else the person is signed out.
///
/// # Errors
/// [`Refusal::CodeWrong`]: wrong, too late, too often, or not asked for in this session.
pub async fn confirm(s: &Services, session: &Session, user: &User, typed: &str) -> Result<()> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    store::lock(&mut tx, &user.id).await?;
    let tried = rows::count_try(&mut tx, &session.id, MOST_TRIES, now.plus_seconds(-CODE_SECONDS)).await?;
    let typed = read_code(typed).unwrap_or_default();
    let Some(change) = tried.filter(|c| random::same(&c.code_hash, &code_hash(s, &c.id, &typed))) else {
        tx.commit().await?;
        return Err(Refusal::CodeWrong.into());
    };
    let undo = random::secret();
    if change.old_email != user.email
        || rows::set_email(&mut tx, &user.id, &change.new_email).await? != 1
        || !rows::changed(&mut tx, &change.id, &random::hash(&undo), now).await?
    {
        return Err(Refusal::CodeWrong.into());
    }
    record(&mut tx, &change.id, "asked", AddressState::Changed, &user.id, now).await?;
    end_requests(&mut tx, &change.old_email, now).await?;
    actions::end_other_sessions(&mut tx, &user.id, &session.id).await?;
    events::note(&mut tx, &user.id, EventKind::AddressChanged, &change.new_email, now).await?;
    letters::queue_to(&mut tx, now, letter(OLD_LETTER, &change, user, now, &undo), &change.old_email).await?;
    tx.commit().await?;
    tracing::info!(user = user.id, "an account went over to another address");
    Ok(())
}

/// The change that this link still takes back.
pub async fn behind(conn: &mut Conn, token: &str, now: Timestamp) -> Result<Option<Change>> {
    let change = rows::by_undo(conn, &random::hash(token)).await?;
    Ok(change.filter(|change| change.undo_until(now).is_some()))
}

/// The old address takes the account back: later changes fall with this one, what was connected since is removed, and everybody is
/// signed out. `false` when the link does not work any more.
pub async fn restore(s: &Services, token: &str) -> Result<bool> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let Some(found) = behind(&mut tx, token, now).await? else { return Ok(false) };
    store::lock(&mut tx, &found.user_id).await?;
    let Some(Change { user_id, old_email, changed_at: Some(since), .. }) = behind(&mut tx, token, now).await? else {
        return Ok(false);
    };
    let Some(user) = store::by_id(&mut tx, &user_id).await? else { return Ok(false) };
    if rows::set_email(&mut tx, &user_id, &old_email).await? != 1 {
        return Ok(false);
    }
    for id in rows::changed_since(&mut tx, &user_id, since).await? {
        take(&mut tx, &id, AddressState::Changed, AddressState::Restored, &user_id, now).await?;
    }
    replace(&mut tx, &user_id, now).await?;
    passkeys::remove_since(&mut tx, &user_id, &since.to_string()).await?;
    proofs::remove_authenticator_since(&mut tx, &user_id, &since.to_string()).await?;
    end_requests(&mut tx, &user.email, now).await?;
    visits::forget_devices(&mut tx, &user_id).await?;
    actions::end_other_sessions(&mut tx, &user_id, "").await?;
    events::note(&mut tx, &user_id, EventKind::AddressRestored, &old_email, now).await?;
    jobs::enqueue(&mut tx, now, RESTORED, &user_id, now).await?;
    tx.commit().await?;
    tracing::warn!(user = user_id, "the old address took an account back");
    Ok(true)
}

/// What was sent to an address no longer signs in.
async fn end_requests(tx: &mut Tx, email: &str, now: Timestamp) -> Result<()> {
    proofs::end_requests(tx, email, "sign_in", now).await?;
    Ok(proofs::end_requests(tx, email, "enrol", now).await?)
}

/// The change with this id, for its letters.
pub async fn by_id(conn: &mut Conn, id: &str) -> Result<Option<Change>> {
    Ok(rows::by_id(conn, id).await?)
}

/// What was asked for and not confirmed gives way.
async fn replace(tx: &mut Tx, user_id: &str, now: Timestamp) -> Result<()> {
    for id in rows::asked(tx, user_id).await? {
        take(tx, &id, AddressState::Asked, AddressState::Replaced, user_id, now).await?;
    }
    Ok(())
}

/// Takes a step, and writes it down.
async fn take(tx: &mut Tx, id: &str, from: AddressState, to: AddressState, actor: &str, now: Timestamp) -> Result<()> {
    if !step(tx, id, from, to).await? {
        return Err(Error::broken(format!("{id} is no longer {from}")));
    }
    record(tx, id, from.as_str(), to, actor, now).await
}

async fn record(tx: &mut Tx, id: &str, from: &str, to: AddressState, actor: &str, now: Timestamp) -> Result<()> {
    let entry = Entry { subject: "address", subject_id: id, from, to: to.as_str(), actor, reason: "" };
    Ok(history::record(tx, now, entry).await?)
}

//! What changed in how somebody signs in: written down, shown in the account, and told by mail each time.

use sqlx::FromRow;

use crate::features::users::store::visits;
use crate::features::users::{User, store};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::infra::history::{self, Action, Entry};
use crate::infra::letters::{self, Letter};
use crate::infra::random;
use crate::infra::web::Ctx;
use crate::values::Timestamp;

/// The kind of the letter that tells one.
pub const LETTER: &str = "account_event";
/// The kind of the letter that tells every admin of a recovery.
pub const ADMINS_LETTER: &str = "recovered_admins";
/// How many an account shows.
const SHOWN: i64 = 10;

crate::words! {
    /// What happened to an account.
    pub enum EventKind {
        /// Somebody signed in with a browser that was not used before.
        NewDevice = "new_device",
        PasskeyAdded = "passkey_added",
        PasskeyRemoved = "passkey_removed",
        AppConnected = "app_connected",
        AppRemoved = "app_removed",
        /// Two admins removed every second factor.
        Recovered = "recovered",
        AddressChanged = "address_changed",
        /// The old address took the account back.
        AddressRestored = "address_restored",
        /// As many wrong second factors in a row as are looked at.
        CodesWrong = "codes_wrong",
        /// An admin ended all sessions.
        SignedOut = "signed_out",
    }
}

/// Something that happened.
#[derive(Debug, Clone, FromRow)]
pub struct Event {
    pub id: String,
    pub user_id: String,
    pub kind: EventKind,
    /// The browser, or the name of the passkey; may be empty.
    pub detail: String,
    pub at: Timestamp,
}

impl Event {
    /// What happened, as a page says it.
    pub fn told(&self, ctx: &Ctx) -> String {
        ctx.t1(format!("account-event-{}", self.kind.as_str().replace('_', "-")), "detail", &self.detail)
    }
}

/// Writes down what happened and tells the person. Answers its id.
pub async fn note(tx: &mut Tx, user_id: &str, kind: EventKind, detail: &str, now: Timestamp) -> Result<String> {
    let id = random::id("evt", now);
    write(tx, &id, user_id, kind, detail, now).await?;
    letters::queue_many(tx, now, LETTER, &id, &[user_id.to_owned()]).await?;
    Ok(id)
}

/// The same with what only the letter says.
pub async fn note_with_secret(
    tx: &mut Tx,
    user: &User,
    kind: EventKind,
    detail: &str,
    secret: &str,
    now: Timestamp,
) -> Result<String> {
    let id = random::id("evt", now);
    write(tx, &id, &user.id, kind, detail, now).await?;
    let letter = Letter { kind: LETTER, cause_id: &id, user_id: &user.id, language: user.language, due: now, secret };
    letters::queue(tx, now, letter).await?;
    Ok(id)
}

/// In the account, and in the log. The log's actor is the account: whoever changed it acted as this person.
async fn write(tx: &mut Tx, id: &str, user_id: &str, kind: EventKind, detail: &str, now: Timestamp) -> Result<()> {
    visits::insert_event(tx, id, user_id, kind, detail, now).await?;
    let entry =
        Entry { subject: "user", subject_id: user_id, from: "", to: kind.as_str(), actor: user_id, reason: detail };
    Ok(history::note(tx, now, Action::Security, entry).await?)
}

/// The browser that signs in, as far as it is known.
#[derive(Debug, Clone, Default)]
pub struct Device {
    /// In plain words, such as `Firefox, Windows`; may be empty.
    pub name: String,
    /// What its long-lived cookie holds.
    pub secret: String,
    /// Made of the name and the network: who signs out loses the cookie, and is still known at home. Empty when it says nothing.
    pub place: String,
}

/// Notes that somebody signed in with this browser. A new one is told, unless it is the very first.
pub async fn signed_in_with(tx: &mut Tx, user_id: &str, device: &Device, now: Timestamp) -> Result<()> {
    store::lock(tx, user_id).await?;
    let others = visits::count_devices(tx, user_id).await?;
    let mut is_new = visits::note_device(tx, user_id, &random::hash(&device.secret), now).await?;
    if !device.place.is_empty() {
        is_new &= visits::note_device(tx, user_id, &random::hash(&device.place), now).await?;
    }
    if is_new && others > 0 {
        note(tx, user_id, EventKind::NewDevice, &device.name, now).await?;
    }
    Ok(())
}

/// What changed lately, the newest first.
pub async fn lately(conn: &mut Conn, user_id: &str) -> Result<Vec<Event>> {
    Ok(visits::events_of(conn, user_id, SHOWN).await?)
}

/// The event with this id.
pub async fn event(conn: &mut Conn, id: &str) -> Result<Option<Event>> {
    Ok(visits::event(conn, id).await?)
}

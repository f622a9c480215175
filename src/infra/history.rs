//! The log of what happened: one row for each change of a state, who made it, when, from which to which, and why; and for what matters
//! without changing one: somebody signed in, downloaded a list, was refused.
//!
//! Each entry says from where it came ([`mod@origin`]) without its writer having to know; what nobody may read in it is masked ([`mask`]).
//! Entries are never changed or removed, and linked in a chain ([`chain`]) that shows when somebody did so by hand. The link comes
//! within a second after the entry, by the worker that seals the books: what acts waits for nobody.

pub mod chain;
pub mod mask;
pub mod origin;
pub mod search;

use sqlx::FromRow;

use crate::infra::db::bulk::{self, Value};
use crate::infra::db::{Conn, Tx};
use crate::infra::history::mask::masked;
pub use crate::infra::history::origin::Origin;
use crate::infra::random;
use crate::values::Timestamp;

crate::words! {
    /// What somebody did.
    pub enum Action {
        /// Something went from one state to another.
        Changed = "changed",
        SignedIn = "signed_in",
        SignedOut = "signed_out",
        /// A wrong code of an authenticator app, or a wrong answer of a passkey.
        FactorWrong = "factor_wrong",
        /// How somebody signs in changed.
        Security = "security",
        /// A list or file left the program.
        Exported = "exported",
        /// Somebody of the team looked at what a user sees.
        Viewed = "viewed",
        /// A page was refused to somebody who is signed in.
        Refused = "refused",
    }
}

/// A change that happened.
#[derive(Debug, Clone, FromRow)]
pub struct Change {
    pub subject: String,
    pub from_state: String,
    pub to_state: String,
    pub actor: String,
    pub reason: String,
    pub at: Timestamp,
}

/// What is written of a change. `actor` is a user's id, or the part of the program that acted (`"closing"`).
pub struct Entry<'a> {
    pub subject: &'static str,
    pub subject_id: &'a str,
    pub from: &'a str,
    pub to: &'a str,
    pub actor: &'a str,
    pub reason: &'a str,
}

/// Records a change in the transaction that makes it.
pub async fn record(tx: &mut Tx, now: Timestamp, entry: Entry<'_>) -> Result<(), sqlx::Error> {
    note(tx, now, Action::Changed, entry).await
}

/// Records what somebody did. `from` and `to` are what was before and after, where there is something.
pub async fn note(tx: &mut Tx, now: Timestamp, action: Action, entry: Entry<'_>) -> Result<(), sqlx::Error> {
    write(tx, now, action, &[(Origin::here(), entry)]).await
}

/// Records changes that requests of different people make in one transaction, each with its own origin.
pub async fn record_each(tx: &mut Tx, now: Timestamp, entries: &[(Origin, Entry<'_>)]) -> Result<(), sqlx::Error> {
    write(tx, now, Action::Changed, entries).await
}

async fn write(
    tx: &mut Tx,
    now: Timestamp,
    action: Action,
    entries: &[(Origin, Entry<'_>)],
) -> Result<(), sqlx::Error> {
    const COLUMNS: [&str; 14] = [
        "id",
        "subject",
        "subject_id",
        "from_state",
        "to_state",
        "actor",
        "reason",
        "at",
        "action",
        "role",
        "factor",
        "network",
        "device",
        "request",
    ];
    let (mut rows, mut unsealed) = (Vec::with_capacity(entries.len()), Vec::with_capacity(entries.len()));
    for (origin, entry) in entries {
        let id = random::id("chg", now);
        let seen = origin.seen(entry.actor);
        unsealed.push(vec![id.as_str().into()]);
        rows.push(vec![
            id.into(),
            entry.subject.into(),
            entry.subject_id.into(),
            masked(entry.from).into_owned().into(),
            masked(entry.to).into_owned().into(),
            entry.actor.into(),
            masked(entry.reason).into_owned().into(),
            now.to_string().into(),
            action.as_str().into(),
            seen.role.into(),
            seen.factor.into(),
            seen.network.into(),
            seen.device.into(),
            seen.request.into(),
        ]);
    }
    bulk::insert(tx, "state_changes", &COLUMNS, rows).await?;
    bulk::insert(tx, "audit_unsealed", &["entry_id"], unsealed).await
}

/// A change that was made elsewhere, before: id of its entry, id of its subject, state, when.
pub type Imported = (String, String, &'static str, Timestamp);

/// Records many of one kind of subject at once: for demo data and imports.
pub async fn import(tx: &mut Tx, subject: &'static str, changes: Vec<Imported>) -> Result<(), sqlx::Error> {
    const COLUMNS: [&str; 8] = ["id", "subject", "subject_id", "from_state", "to_state", "actor", "reason", "at"];
    let (mut rows, mut waiting) = (Vec::with_capacity(changes.len()), Vec::with_capacity(changes.len()));
    for (id, subject_id, state, at) in changes {
        waiting.push(vec![Value::from(id.as_str())]);
        let at = at.to_string();
        rows.push(vec![
            id.into(),
            subject.into(),
            subject_id.into(),
            "".into(),
            state.into(),
            "import".into(),
            "".into(),
            at.into(),
        ]);
    }
    bulk::insert(tx, "state_changes", &COLUMNS, rows).await?;
    bulk::insert(tx, "audit_unsealed", &["entry_id"], waiting).await
}

/// All changes of state of one thing, oldest first.
pub async fn of(conn: &mut Conn, subject_id: &str) -> Result<Vec<Change>, sqlx::Error> {
    sqlx::query_as(
        "SELECT subject, from_state, to_state, actor, reason, at FROM state_changes
         WHERE subject_id = $1 AND action = 'changed' ORDER BY at, id",
    )
    .bind(subject_id)
    .fetch_all(conn)
    .await
}

/// Something that somebody did.
#[derive(Debug, Clone, FromRow)]
pub struct Deed {
    pub subject_id: String,
    pub action: Action,
    /// From where, as far as it was kept.
    pub network: String,
    pub device: String,
    #[sqlx(flatten)]
    pub change: Change,
}

/// What somebody did, the oldest first: the subjects are ids and words of the program.
pub async fn done_by(conn: &mut Conn, user_id: &str) -> Result<Vec<Deed>, sqlx::Error> {
    sqlx::query_as(
        "SELECT subject_id, action, network, device, subject, from_state, to_state, actor, reason, at FROM state_changes
         WHERE actor = $1 ORDER BY at, id",
    )
    .bind(user_id)
    .fetch_all(conn)
    .await
}

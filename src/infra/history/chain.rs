//! The chain of the log: each link covers an entry and the link before, so that an entry that was changed, removed or added by hand
//! shows. Entries wait in a table for their link, which the worker adds; the number and hash of the last link stand apart, so that
//! the end of the chain cannot be cut off unseen.

use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::FromRow;

use crate::infra::db::bulk;
use crate::infra::db::{Conn, Db, Tx};
use crate::infra::error::{Error, Result as Outcome};
use crate::infra::facts;
use crate::infra::history::search::{Logged, Row};

/// The fact that holds the last link.
const END: &str = "audit_chain";
/// Links added in one transaction, and read at a time.
const BATCH: i64 = 500;

/// What is wrong with the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    Changed,
    Removed,
    Added,
    /// A link, or several, do not follow from the ones before.
    Link,
}

impl Fault {
    pub fn as_str(self) -> &'static str {
        match self {
            Fault::Changed => "changed",
            Fault::Removed => "removed",
            Fault::Added => "added",
            Fault::Link => "link",
        }
    }
}

/// What a check found: how many links were followed, and what is wrong with which entry or link.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    pub links: i64,
    pub faults: Vec<(Fault, String)>,
}

/// A link with its entry, unless that is gone.
#[derive(FromRow)]
struct Linked {
    seq: i64,
    entry_id: String,
    previous_hash: String,
    hash: String,
    #[sqlx(flatten)]
    entry: Row,
}

#[derive(FromRow)]
struct Waiting {
    entry_id: String,
    #[sqlx(flatten)]
    entry: Row,
}

/// Adds the waiting entries to the chain, in the order of their ids. Answers how many.
///
/// # Errors
/// The database; or somebody added to the chain by hand, so that it does not end where it should.
pub async fn seal(db: &Db) -> Outcome<usize> {
    let mut sealed = 0;
    while has_waiting(&mut *db.read().await?).await? {
        let mut tx = db.begin().await?;
        lock(&mut tx).await?;
        let (mut seq, mut previous) = end(&mut tx).await?;
        let mut links = Vec::new();
        for Waiting { entry_id, entry } in waiting(&mut tx).await? {
            seq += 1;
            let hash = link_hash(&previous, entry.whole().as_ref());
            let before = std::mem::replace(&mut previous, hash.clone());
            links.push(vec![seq.into(), entry_id.into(), before.into(), hash.into()]);
        }
        let first = seq - i64::try_from(links.len()).map_err(Error::broken)?;
        sealed += links.len();
        bulk::insert(&mut tx, "audit_chain", &["seq", "entry_id", "previous_hash", "hash"], links).await?;
        sqlx::query("DELETE FROM audit_unsealed WHERE entry_id IN (SELECT entry_id FROM audit_chain WHERE seq > $1)")
            .bind(first)
            .execute(&mut *tx)
            .await?;
        facts::set(&mut tx, END, &format!("{seq} {previous}")).await?;
        tx.commit_quietly().await?;
    }
    Ok(sealed)
}

/// The hash of a link: over the one before and every column of the entry, each told from the next.
fn link_hash(previous: &str, entry: Option<&Logged>) -> String {
    let columns = entry.map(|e| {
        json!([
            e.id,
            e.subject,
            e.subject_id,
            e.from_state,
            e.to_state,
            e.actor,
            e.reason,
            e.at.to_string(),
            e.action.as_str(),
            e.role,
            e.factor,
            e.network,
            e.device,
            e.request
        ])
    });
    hex::encode(Sha256::digest(json!([previous, columns]).to_string().as_bytes()))
}

/// Follows the chain from its first link, and looks for entries that have none and do not wait for one.
///
/// # Errors
/// The database.
pub async fn verify(conn: &mut Conn) -> Outcome<Checked> {
    let known_end = end(conn).await?;
    let mut checked = Checked::default();
    let (mut seq, mut hash) = (0, String::new());
    // an entry whose link does not fit it: the next link tells which of the two was changed
    let mut doubtful: Option<String> = None;
    let mut at_known_end = String::new();
    loop {
        let links = links_after(conn, seq).await?;
        if links.is_empty() {
            break;
        }
        for link in links {
            checked.links += 1;
            let follows = link.seq == seq + 1 && link.previous_hash == hash;
            checked.doubt(doubtful.take(), seq, follows);
            if !follows && checked.faults.last() != Some(&(Fault::Link, seq.to_string())) {
                checked.faults.push((Fault::Link, link.seq.to_string()));
            }
            match link.entry.whole() {
                None => checked.faults.push((Fault::Removed, link.entry_id)),
                Some(entry) if link_hash(&link.previous_hash, Some(&entry)) != link.hash => {
                    doubtful = Some(link.entry_id)
                }
                Some(_) => {}
            }
            (seq, hash) = (link.seq, link.hash);
            if seq == known_end.0 {
                at_known_end.clone_from(&hash);
            }
        }
    }
    let ends_well = at_known_end == known_end.1;
    checked.doubt(doubtful.take(), seq, ends_well || seq > known_end.0);
    // links may have been added since the end was read, and no others
    if (!ends_well || seq > end(conn).await?.0) && !checked.faults.contains(&(Fault::Link, seq.to_string())) {
        checked.faults.push((Fault::Link, seq.to_string()));
    }
    checked.faults.extend(unlinked(conn).await?.into_iter().map(|id| (Fault::Added, id)));
    Ok(checked)
}

impl Checked {
    /// The entry was changed when the chain goes on from its link, else the link was.
    fn doubt(&mut self, doubtful: Option<String>, seq: i64, follows: bool) {
        if let Some(id) = doubtful {
            self.faults.push(if follows { (Fault::Changed, id) } else { (Fault::Link, seq.to_string()) });
        }
    }
}

async fn lock(tx: &mut Tx) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE facts SET value = value WHERE name = 'audit_chain'").execute(&mut **tx).await?;
    Ok(())
}

/// Number and hash of the last link.
async fn end(conn: &mut Conn) -> Outcome<(i64, String)> {
    let value = facts::get(conn, END).await?.unwrap_or_default();
    let Some((seq, hash)) = value.split_once(' ') else { return Ok((0, String::new())) };
    Ok((seq.parse().map_err(|_| Error::broken("the end of the audit log's chain is no number"))?, hash.to_owned()))
}

async fn has_waiting(conn: &mut Conn) -> Result<bool, sqlx::Error> {
    let row: Option<(String,)> =
        sqlx::query_as("SELECT entry_id FROM audit_unsealed LIMIT 1").fetch_optional(conn).await?;
    Ok(row.is_some())
}

async fn waiting(conn: &mut Conn) -> Result<Vec<Waiting>, sqlx::Error> {
    sqlx::query_as(
        "SELECT u.entry_id, s.id, s.subject, s.subject_id, s.from_state, s.to_state, s.actor, s.reason, s.at, s.action, s.role,
             s.factor, s.network, s.device, s.request
         FROM audit_unsealed u LEFT JOIN state_changes s ON s.id = u.entry_id ORDER BY u.entry_id LIMIT $1",
    )
    .bind(BATCH)
    .fetch_all(conn)
    .await
}

async fn links_after(conn: &mut Conn, seq: i64) -> Result<Vec<Linked>, sqlx::Error> {
    sqlx::query_as(
        "SELECT c.seq, c.entry_id, c.previous_hash, c.hash, s.id, s.subject, s.subject_id, s.from_state, s.to_state, s.actor,
             s.reason, s.at, s.action, s.role, s.factor, s.network, s.device, s.request
         FROM audit_chain c LEFT JOIN state_changes s ON s.id = c.entry_id WHERE c.seq > $1 ORDER BY c.seq LIMIT $2",
    )
    .bind(seq)
    .bind(BATCH)
    .fetch_all(conn)
    .await
}

/// Entries that have no link and do not wait for one.
async fn unlinked(conn: &mut Conn) -> Result<Vec<String>, sqlx::Error> {
    let rows: Vec<(String,)> = sqlx::query_as(
        "SELECT s.id FROM state_changes s
             LEFT JOIN audit_chain c ON c.entry_id = s.id LEFT JOIN audit_unsealed u ON u.entry_id = s.id
         WHERE c.entry_id IS NULL AND u.entry_id IS NULL ORDER BY s.id LIMIT 1000",
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

//! Leaving for good: asked for, taken back, carried out. What it means stands in [`crate::features::privacy`].

use sqlx::FromRow;

use crate::features::privacy::{Refusal, letters, store};
use crate::features::users::{User, actions as users, personal};
use crate::features::{desk, organisations, payments, pledges, projects, updates};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::history::{self, Entry};
use crate::infra::letters::{self as outbox, Letter};
use crate::infra::{Services, random};
use crate::values::{Lang, Timestamp};

/// How long an erasure can be taken back, in seconds: three days.
pub const UNDO_SECONDS: i64 = 72 * 3_600;
/// How many are looked at in one go.
const AT_ONCE: i64 = 100;

/// An erasure that was asked for.
#[derive(Debug, Clone, FromRow)]
pub struct Erasure {
    pub id: String,
    pub user_id: String,
    pub language: Lang,
    pub asked_at: Timestamp,
    pub due_at: Timestamp,
    pub undone_at: Option<Timestamp>,
    pub done_at: Option<Timestamp>,
}

/// What stands in the way, all of it; empty when nothing does.
pub async fn obstacles(conn: &mut Conn, user_id: &str) -> Result<Vec<Refusal>> {
    let mut found = Vec::new();
    if !users::roles(conn, user_id).await?.is_empty() {
        found.push(Refusal::OfTheTeam);
    }
    let alone = organisations::personal::owned_alone(conn, user_id).await?;
    if !alone.is_empty() {
        found.push(Refusal::OwnsAlone { names: alone.join(", ") });
    }
    let mut moving = pledges::personal::in_flight(conn, user_id).await?;
    moving.extend(payments::personal::in_flight(conn, user_id).await?);
    moving.sort_unstable();
    moving.dedup();
    if !moving.is_empty() {
        found.push(Refusal::MoneyMoves { references: moving.join(", ") });
    }
    Ok(found)
}

/// Asks for it: a letter with the way back goes out at once. Asking twice changes nothing.
///
/// # Errors
/// What stands in the way first.
pub async fn ask(s: &Services, user: &User, lang: Lang) -> Result<()> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    lock(&mut tx, &user.id).await?;
    if let Some(obstacle) = obstacles(&mut tx, &user.id).await?.into_iter().next() {
        return Err(obstacle.into());
    }
    let undo = random::secret();
    let erasure = Erasure {
        id: random::id("era", now),
        user_id: user.id.clone(),
        language: lang,
        asked_at: now,
        due_at: now.plus_seconds(UNDO_SECONDS),
        undone_at: None,
        done_at: None,
    };
    if store::insert(&mut tx, &erasure, &random::hash(&undo)).await? {
        let letter = Letter {
            kind: letters::ASKED,
            cause_id: &erasure.id,
            user_id: &user.id,
            language: lang,
            due: now,
            secret: &undo,
        };
        outbox::queue(&mut tx, now, letter).await?;
        record(&mut tx, &user.id, "", "erasure_asked", &user.id, now).await?;
    }
    Ok(tx.commit().await?)
}

/// The erasure of this person that waits.
pub async fn open_of(conn: &mut Conn, user_id: &str) -> Result<Option<Erasure>> {
    Ok(store::open_of(conn, user_id).await?)
}

/// The erasure that this link still takes back.
pub async fn behind(conn: &mut Conn, token: &str) -> Result<Option<Erasure>> {
    Ok(store::open_by_undo(conn, &random::hash(token)).await?)
}

/// Takes an erasure back: it is the person's own, or the link's. `false` when it is over.
pub async fn take_back(s: &Services, erasure: &Erasure) -> Result<bool> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    lock(&mut tx, &erasure.user_id).await?;
    if store::undo(&mut tx, &erasure.id, now).await? != 1 {
        return Ok(false);
    }
    record(&mut tx, &erasure.user_id, "erasure_asked", "erasure_undone", &erasure.user_id, now).await?;
    tx.commit().await?;
    Ok(true)
}

/// The job [`crate::features::users::address::RESTORED`]: whoever had taken an account over does not erase it either. The owner
/// may ask again.
pub async fn account_restored(s: &Services, user_id: &str) -> Result<()> {
    let waiting = open_of(&mut *s.db.read().await?, user_id).await?;
    if let Some(erasure) = waiting {
        take_back(s, &erasure).await?;
    }
    Ok(())
}

/// Carries out what is due; what something stands in the way of waits for the next time. Answers how many people were erased.
///
/// # Errors
/// The last of those that failed; the others were looked at.
pub async fn carry_out_due(s: &Services) -> Result<u64> {
    let (mut after, mut erased, mut failed) = (String::new(), 0, None);
    loop {
        let due = store::due(&mut *s.db.read().await?, s.clock.now(), &after, AT_ONCE).await?;
        let Some(last) = due.last() else { return failed.map_or(Ok(erased), Err) };
        after.clone_from(&last.id);
        for erasure in &due {
            match carry_out(s, erasure).await {
                Ok(done) => erased += u64::from(done),
                // the others do not wait for this one
                Err(error) => failed = Some(error),
            }
        }
    }
}

/// Erases one person. `false` when something stands in the way, or it was taken back meanwhile.
async fn carry_out(s: &Services, erasure: &Erasure) -> Result<bool> {
    let now = s.clock.now();
    let user_id = erasure.user_id.as_str();
    let mut tx = s.db.begin().await?;
    lock(&mut tx, user_id).await?;
    if !obstacles(&mut tx, user_id).await?.is_empty() || store::done(&mut tx, &erasure.id, now).await? != 1 {
        return Ok(false);
    }
    forget(&mut tx, user_id, now).await?;
    record(&mut tx, user_id, "erasure_asked", "erased", "worker", now).await?;
    tx.commit().await?;
    tracing::info!(user = user_id, "a person was erased");
    Ok(true)
}

/// Pledges first, then the person: whoever pledges with the address waits for the person's row, and finds nobody when this is done.
async fn lock(tx: &mut Tx, user_id: &str) -> Result<()> {
    pledges::personal::lock_all(tx, user_id).await?;
    personal::lock(tx, user_id).await
}

/// Takes a person out of every noun. Amounts, states and the books stay as they are (I22).
pub(super) async fn forget(tx: &mut Tx, user_id: &str, now: Timestamp) -> Result<()> {
    let user = users::by_id(tx, user_id).await?.ok_or_else(|| Error::broken(format!("no user {user_id}")))?;
    organisations::personal::forget(tx, user_id, &user.email, now).await?;
    projects::personal::forget(tx, &user.email).await?;
    pledges::personal::forget(tx, user_id).await?;
    updates::personal::forget(tx, user_id).await?;
    desk::personal::forget(tx, user_id).await?;
    outbox::personal::forget(tx, user_id).await?;
    personal::forget(tx, user_id, now).await?;
    Ok(())
}

async fn record(tx: &mut Tx, user_id: &str, from: &str, to: &str, actor: &str, now: Timestamp) -> Result<()> {
    let entry = Entry { subject: "user", subject_id: user_id, from, to, actor, reason: "" };
    Ok(history::record(tx, now, entry).await?)
}

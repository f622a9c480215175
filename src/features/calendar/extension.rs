//! The one extension of a round: one treasurer proposes, another approves.

use crate::features::approvals::{self, Asked, Decider, Proposal};
use crate::features::calendar::{EXTEND, Extension, LONGEST_EXTENSION_DAYS, NewExtension, Refusal, TELL, store};
use crate::features::projects::ProjectState;
use crate::features::rounds::{Round, RoundState};
use crate::features::{organisations, pledges, projects, rounds};
use crate::infra::Services;
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::{jobs, letters};
use crate::values::Timestamp;
use crate::values::local_time::same_time_after;

/// Backers written to in one transaction.
const BATCH: i64 = 500;

/// The extension of a round, when it was extended.
pub async fn of_round(conn: &mut Conn, round_id: &str) -> Result<Option<Extension>> {
    Ok(store::of_round(conn, round_id).await?)
}

/// Why a round cannot be extended now; nothing when it can.
pub async fn obstacle(conn: &mut Conn, round: &Round, now: Timestamp) -> Result<Option<Refusal>> {
    if of_round(conn, &round.id).await?.is_some() {
        return Ok(Some(Refusal::AlreadyExtended));
    }
    Ok((!round.sells_at(now)).then_some(Refusal::NotSelling))
}

/// What a proposal asks for.
pub fn asked_for(proposal: &Proposal) -> Option<NewExtension> {
    let mut lines = proposal.content.lines().skip(1);
    let closes_at = lines.next()?.parse().ok()?;
    let mut reason = || serde_json::from_str(lines.next()?).ok();
    Some(NewExtension { closes_at, reason_nl: reason()?, reason_en: reason()? })
}

/// What two people decide on: the closing instant as it is and as it would be, and the reason in both languages, each on a line of its
/// own.
fn content(round: &Round, new: &NewExtension) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    format!("{}\n{}\n{}\n{}\n", round.closes_at, new.closes_at, quoted(&new.reason_nl), quoted(&new.reason_en))
}

/// The reasons as they are kept: both are asked for.
fn checked(new: &NewExtension) -> std::result::Result<NewExtension, Refusal> {
    let reason = |typed: &str, missing: Refusal, too_long: Refusal| match approvals::actions::checked_reason(typed) {
        Ok(reason) => Ok(reason),
        Err(approvals::Refusal::ReasonMissing) => Err(missing),
        Err(_) => Err(too_long),
    };
    Ok(NewExtension {
        closes_at: new.closes_at,
        reason_nl: reason(&new.reason_nl, Refusal::ReasonNlMissing, Refusal::ReasonNlTooLong)?,
        reason_en: reason(&new.reason_en, Refusal::ReasonEnMissing, Refusal::ReasonEnTooLong)?,
    })
}

/// A treasurer proposes a later closing instant; owners and backers will read the reason in their language.
///
/// # Errors
/// A [`Refusal`], or one of the approvals.
pub async fn propose(
    tx: &mut Tx,
    by: Decider<'_>,
    round_id: &str,
    new: &NewExtension,
    now: Timestamp,
) -> Result<Proposal> {
    let round = lock(tx, round_id, now).await?;
    may_close_at(&round, new.closes_at)?;
    let new = checked(new)?;
    let content = content(&round, &new);
    let asked = Asked { kind: EXTEND, subject_id: round_id, content: &content, reason: &new.reason_nl };
    approvals::actions::propose(tx, by, asked, now).await
}

/// Another treasurer approves exactly that: the round closes later, and whoever it concerns is written to.
///
/// # Errors
/// A [`Refusal`], or one of the approvals.
pub async fn approve(tx: &mut Tx, by: Decider<'_>, round_id: &str, hash: &str, now: Timestamp) -> Result<()> {
    let round = lock(tx, round_id, now).await?;
    let open = approvals::actions::open_of(tx, EXTEND, round_id, now).await?;
    let new = open.as_ref().and_then(asked_for).ok_or(approvals::Refusal::NothingProposed)?;
    may_close_at(&round, new.closes_at)?;
    let content = content(&round, &new);
    let approved = approvals::actions::approve(tx, by, (EXTEND, round_id), hash, &content, now).await?;
    let extension = Extension {
        round_id: round_id.to_owned(),
        old_closes_at: round.closes_at,
        closes_at: new.closes_at,
        reason_nl: new.reason_nl,
        reason_en: new.reason_en,
        proposed_by: approved.proposed_by,
        approved_by: by.user_id.to_owned(),
        approved_at: now,
    };
    let reason = extension.reason_nl.as_str();
    if !rounds::actions::extend(tx, &round, new.closes_at, by.user_id, reason, now).await?
        || !store::insert(tx, &extension).await?
    {
        return Err(Error::broken(format!("round {round_id} changed while it was locked")));
    }
    Ok(jobs::enqueue(tx, now, TELL, round_id, now).await?)
}

/// A treasurer takes the proposal back.
///
/// # Errors
/// One of the approvals.
pub async fn withdraw(tx: &mut Tx, by: Decider<'_>, round_id: &str, reason: &str, now: Timestamp) -> Result<()> {
    approvals::actions::withdraw(tx, by, (EXTEND, round_id), reason, now).await
}

/// Locks the round, as whoever closes it does.
async fn lock(tx: &mut Tx, round_id: &str, now: Timestamp) -> Result<Round> {
    let round = rounds::actions::lock(tx, round_id).await?;
    match obstacle(tx, &round, now).await? {
        Some(refusal) => Err(refusal.into()),
        None => Ok(round),
    }
}

fn may_close_at(round: &Round, closes_at: Timestamp) -> std::result::Result<(), Refusal> {
    if closes_at <= round.closes_at {
        return Err(Refusal::NotLater);
    }
    if closes_at > same_time_after(round.closes_at, LONGEST_EXTENSION_DAYS) {
        return Err(Refusal::TooLong);
    }
    Ok(())
}

/// The job: writes to the owners of the projects on sale and to everybody with a living pledge, each once.
///
/// # Errors
/// The database. What was committed stays; the next run goes on.
pub async fn tell(s: &Services, round_id: &str) -> Result<()> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    if rounds::actions::get(&mut tx, round_id).await?.state != RoundState::Selling {
        return Ok(());
    }
    for project in projects::actions::of_round(&mut tx, round_id).await? {
        if project.state == ProjectState::Listed {
            let owners = organisations::actions::owners(&mut tx, &project.organisation_id).await?;
            letters::queue_many(&mut tx, now, "round_extended_owner", round_id, &owners).await?;
        }
    }
    tx.commit().await?;
    let mut after = String::new();
    loop {
        let mut tx = s.db.begin().await?;
        let backers = pledges::actions::backers_of_round_after(&mut tx, round_id, &after, BATCH).await?;
        let Some(last) = backers.last() else { return Ok(()) };
        after.clone_from(last);
        letters::queue_many(&mut tx, now, "round_extended_backer", round_id, &backers).await?;
        tx.commit().await?;
    }
}

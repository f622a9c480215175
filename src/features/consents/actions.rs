//! What can be done about a near miss, and what can be asked about it.
//!
//! Who decides something locks the row of the near miss first. A plan is approved under the lock of the round, which comes before it.

use std::collections::{HashMap, HashSet};

use crate::features::consents::{
    CHOICE_DAYS, Choice, Chosen, Found, LONGEST_WORDS, NearMiss, NearMissState, OWNER_WORKING_DAYS, REMINDER_SECONDS,
    Refusal, STEP, Tally, Words, store,
};
use crate::features::organisations::MemberRole;
use crate::features::pledges::{Pledge, PledgeState};
use crate::features::projects::Project;
use crate::features::{match_funds, organisations, payments, pledges, projects};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::letters::{self, Letter};
use crate::infra::{Services, history, jobs};
use crate::values::text::many_lines;
use crate::values::{Cents, Timestamp};

/// Letters queued in one transaction.
const BATCH: i64 = 200;
/// Who acts, in history: the program, by the clock.
const ACTOR: &str = "consents";

/// Writes a near miss with the pledges that wait, asks its owners, and sees to its terms. Part of the approval of a plan.
pub async fn open(tx: &mut Tx, found: &Found<'_>, now: Timestamp) -> Result<()> {
    let owner_until = now.end_of_working_day_after(OWNER_WORKING_DAYS);
    store::insert(tx, found, owner_until).await?;
    for (pledge_id, amount) in &found.lines {
        store::insert_pledge(tx, found.project_id, pledge_id, *amount).await?;
    }
    let project = projects::actions::get(tx, found.project_id).await?;
    let owners = organisations::actions::owners(tx, &project.organisation_id).await?;
    letters::queue_many(tx, now, "consent_asked", found.project_id, &owners).await?;
    record(tx, now, found.project_id, "", NearMissState::Asked, ACTOR, "").await?;
    Ok(jobs::enqueue(tx, now, STEP, found.project_id, owner_until).await?)
}

/// An owner says how the project goes on with less: from now on backers choose.
///
/// # Errors
/// A [`Refusal`].
pub async fn say(tx: &mut Tx, project: &Project, words: &Words, by: &str, now: Timestamp) -> Result<()> {
    let (nl, en) = (checked(&words.nl)?, checked(&words.en)?);
    if nl.is_empty() && en.is_empty() {
        return Err(Refusal::WordsMissing.into());
    }
    if organisations::actions::member_role(tx, &project.organisation_id, by).await? != Some(MemberRole::Owner) {
        return Err(Refusal::NotOwner.into());
    }
    let miss = lock(tx, &project.id).await?.ok_or(Refusal::NotAsked)?;
    match miss.state {
        NearMissState::Asked if miss.may_say_at(now) => {}
        NearMissState::Asked => return Err(Refusal::AskedTooLate.into()),
        _ => return Err(Refusal::NotAsked.into()),
    }
    let until = now.end_of_day_after(CHOICE_DAYS);
    let to = NearMissState::Choosing;
    if !store::say(tx, &project.id, &Words { nl, en }, by, now, until).await? {
        return Err(Error::broken(format!("near miss {} changed while it was locked", project.id)));
    }
    projects::actions::extend(tx, &project.id, until).await?;
    record(tx, now, &project.id, miss.state.as_str(), to, by, "").await?;
    Ok(jobs::enqueue(tx, now, STEP, &project.id, now).await?)
}

fn checked(typed: &str) -> std::result::Result<String, Refusal> {
    many_lines(typed, LONGEST_WORDS).ok_or(Refusal::WordsTooLong)
}

/// A backer chooses about a pledge, or chooses otherwise.
///
/// # Errors
/// A [`Refusal`]: nothing is to be chosen, the term is over, or the money is not held (any more).
pub async fn choose(tx: &mut Tx, pledge_id: &str, choice: Choice, now: Timestamp) -> Result<NearMiss> {
    if choice == Choice::Silent {
        return Err(Refusal::Unknown.into());
    }
    // the totals come before the near miss, as where a project is taken back
    let pledge = pledges::actions::lock(tx, pledge_id).await?;
    let miss = lock(tx, &pledge.project_id).await?.ok_or(Refusal::NothingToChoose)?;
    if miss.state == NearMissState::Asked {
        return Err(Refusal::NothingToChoose.into());
    }
    if !miss.may_choose_at(now) {
        return Err(Refusal::TooLate.into());
    }
    let before = store::chosen(tx, pledge_id).await?.ok_or(Refusal::NothingToChoose)?;
    if pledge.state != PledgeState::Held {
        return Err(Refusal::NotHeld.into());
    }
    store::choose(tx, pledge_id, choice, now).await?;
    let entry = history::Entry {
        subject: "choice",
        subject_id: pledge_id,
        from: before.choice.as_str(),
        to: choice.as_str(),
        actor: "backer",
        reason: "",
    };
    history::record(tx, now, entry).await?;
    Ok(miss)
}

/// The job [`HELD_AGAIN`](crate::features::consents::HELD_AGAIN): a pledge whose dispute was won joins its near miss, as long as its
/// backer can still choose. Runs twice without harm.
///
/// # Errors
/// The database.
pub async fn join(s: &Services, pledge_id: &str) -> Result<()> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let pledge = pledges::actions::lock(&mut tx, pledge_id).await?;
    let Some(miss) = lock(&mut tx, &pledge.project_id).await? else { return Ok(()) };
    let is_open = miss.state == NearMissState::Asked || miss.may_choose_at(now);
    // what adds to a pledge goes its way
    if !is_open || pledge.state != PledgeState::Held || pledge.raises_id.is_some() {
        return Ok(());
    }
    if store::join(&mut tx, &pledge.project_id, pledge_id, pledge.kept(), now).await? {
        let (subject, subject_id, actor) = ("choice", pledge_id, ACTOR);
        let entry = history::Entry { subject, subject_id, from: "", to: "", actor, reason: "the dispute was won" };
        history::record(&mut tx, now, entry).await?;
        if miss.state == NearMissState::Choosing {
            jobs::enqueue(&mut tx, now, STEP, &pledge.project_id, now).await?;
        }
    }
    Ok(tx.commit().await?)
}

/// The job: does what is due for a near miss, and says when to look again.
///
/// # Errors
/// The database. What was committed stays; the next run goes on from there.
pub async fn step(s: &Services, project_id: &str) -> Result<Option<Timestamp>> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let Some(miss) = lock(&mut tx, project_id).await? else { return Ok(None) };
    let again = match (miss.state, miss.choose_until) {
        (NearMissState::Asked, _) if now < miss.owner_until => Some(miss.owner_until),
        (NearMissState::Asked, _) => {
            become_due(&mut tx, &miss, "the owner did not say how it goes on", now).await?;
            None
        }
        (NearMissState::Choosing, Some(until)) if now < until => write(&mut tx, &miss, until, now).await?,
        (NearMissState::Choosing, _) => {
            become_due(&mut tx, &miss, "the time to choose is over", now).await?;
            // whoever still has the bank's page open finds it ended, as at a close
            payments::actions::check_project(&mut tx, project_id, now).await?;
            None
        }
        (NearMissState::Due | NearMissState::Decided | NearMissState::Withdrawn, _) => None,
    };
    tx.commit().await?;
    Ok(again)
}

/// A batch of letters to backers: the question, and a day before the term the reminder. Answers when to go on.
async fn write(tx: &mut Tx, miss: &NearMiss, until: Timestamp, now: Timestamp) -> Result<Option<Timestamp>> {
    let unasked = store::unasked(tx, &miss.project_id, BATCH).await?;
    for pledge_id in &unasked {
        letter(tx, pledge_id, "choice_asked", now).await?;
        store::note_asked(tx, pledge_id, now).await?;
    }
    if !unasked.is_empty() {
        return Ok(Some(now));
    }
    let reminder = until.plus_seconds(-REMINDER_SECONDS);
    if now < reminder {
        return Ok(Some(reminder));
    }
    let silent = store::unreminded(tx, &miss.project_id, BATCH).await?;
    for pledge_id in &silent {
        letter(tx, pledge_id, "choice_reminder", now).await?;
        store::note_reminded(tx, pledge_id, now).await?;
    }
    Ok(Some(if silent.is_empty() { until } else { now }))
}

async fn letter(tx: &mut Tx, pledge_id: &str, kind: &'static str, now: Timestamp) -> Result<()> {
    let pledge = pledges::actions::get(tx, pledge_id).await?;
    if pledge.state != PledgeState::Held {
        return Ok(());
    }
    let Pledge { user_id, language, .. } = &pledge;
    let letter = Letter { kind, cause_id: pledge_id, user_id, language: *language, due: now, secret: "" };
    Ok(letters::queue(tx, now, letter).await?)
}

async fn become_due(tx: &mut Tx, miss: &NearMiss, reason: &str, now: Timestamp) -> Result<()> {
    let to = NearMissState::Due;
    move_to(tx, miss, to).await?;
    record(tx, now, &miss.project_id, miss.state.as_str(), to, ACTOR, reason).await
}

/// A plan decided it: due → decided. Part of the approval of that plan.
pub async fn decided(tx: &mut Tx, project_id: &str, settlement_id: &str, by: &str, now: Timestamp) -> Result<()> {
    if !store::decided(tx, project_id, settlement_id).await? {
        return Err(Error::broken(format!("near miss {project_id} is not due for a decision")));
    }
    record(tx, now, project_id, NearMissState::Due.as_str(), NearMissState::Decided, by, "").await
}

/// The owner took the project back. Part of that; the project's totals are locked.
pub async fn withdraw(tx: &mut Tx, project_id: &str, by: &str, now: Timestamp) -> Result<()> {
    let miss = lock(tx, project_id).await?;
    let Some(miss) = miss.filter(|miss| miss.state.waits()) else {
        return Err(Error::broken(format!("near miss {project_id} does not wait")));
    };
    let to = NearMissState::Withdrawn;
    move_to(tx, &miss, to).await?;
    record(tx, now, project_id, miss.state.as_str(), to, by, "").await
}

async fn move_to(tx: &mut Tx, miss: &NearMiss, to: NearMissState) -> Result<()> {
    if !miss.state.may_become(to) || !store::move_to(tx, &miss.project_id, miss.state, to).await? {
        return Err(Error::broken(format!("near miss {} changed while it was locked", miss.project_id)));
    }
    Ok(())
}

async fn lock(tx: &mut Tx, project_id: &str) -> Result<Option<NearMiss>> {
    store::lock(tx, project_id).await?;
    of_project(tx, project_id).await
}

async fn record(
    tx: &mut Tx,
    now: Timestamp,
    project_id: &str,
    from: &str,
    to: NearMissState,
    actor: &str,
    reason: &str,
) -> Result<()> {
    let entry = history::Entry { subject: "near_miss", subject_id: project_id, from, to: to.as_str(), actor, reason };
    Ok(history::record(tx, now, entry).await?)
}

/// The near miss of a project, when it is or was one.
pub async fn of_project(conn: &mut Conn, project_id: &str) -> Result<Option<NearMiss>> {
    Ok(store::of_project(conn, project_id).await?)
}

/// The near misses of these projects, by project.
pub async fn of_projects<'a>(
    conn: &mut Conn,
    project_ids: impl IntoIterator<Item = &'a str>,
) -> Result<HashMap<String, NearMiss>> {
    let misses = store::of_projects(conn, project_ids).await?;
    Ok(misses.into_iter().map(|miss| (miss.project_id.clone(), miss)).collect())
}

/// All near misses of a round, in the order of their projects' ids.
pub async fn of_round(conn: &mut Conn, round_id: &str) -> Result<Vec<NearMiss>> {
    let mut misses = store::of_round(conn, round_id).await?;
    misses.sort_by(|a, b| a.project_id.cmp(&b.project_id));
    Ok(misses)
}

/// The near misses that a settlement found.
pub async fn found_by(conn: &mut Conn, settlement_id: &str) -> Result<Vec<NearMiss>> {
    Ok(store::found_by(conn, settlement_id).await?)
}

/// The near misses that a settlement decided.
pub async fn decided_by(conn: &mut Conn, settlement_id: &str) -> Result<Vec<NearMiss>> {
    Ok(store::decided_by(conn, settlement_id).await?)
}

/// The pledges that a settlement left waiting: project, pledge, what was held of it.
pub async fn frozen_by(conn: &mut Conn, settlement_id: &str) -> Result<Vec<(String, String, Cents)>> {
    Ok(store::frozen_by(conn, settlement_id).await?)
}

/// The held pledges of a near miss whose backers keep them, with what they added.
pub async fn kept_pledges(conn: &mut Conn, project_id: &str) -> Result<HashSet<String>> {
    Ok(store::kept(conn, project_id).await?.into_iter().map(|(id,)| id).collect())
}

/// How the backers of a near miss chose, each choice that occurs.
pub async fn tallies(conn: &mut Conn, project_id: &str) -> Result<Vec<Tally>> {
    Ok(store::tallies(conn, project_id).await?)
}

/// What is kept if nobody chooses otherwise: by backers, and with it by match funds.
pub async fn kept(conn: &mut Conn, miss: &NearMiss) -> Result<Cents> {
    let pledges = kept_pledges(conn, &miss.project_id).await?;
    let tallies = tallies(conn, &miss.project_id).await?;
    let of_backers = tallies.iter().filter(|tally| tally.choice.stays()).map(|tally| tally.amount.0 + tally.added.0);
    let matches = match_funds::actions::reserved_of_round(conn, &miss.round_id).await?;
    let of_funds = matches.iter().filter(|one| pledges.contains(&one.pledge_id)).map(|one| one.kept().0);
    Ok(Cents(of_backers.chain(of_funds).sum()))
}

/// What was chosen about a pledge, when something can or could be chosen.
pub async fn chosen(conn: &mut Conn, pledge_id: &str) -> Result<Option<Chosen>> {
    Ok(store::chosen(conn, pledge_id).await?)
}

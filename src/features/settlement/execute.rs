//! Carrying out an approved settlement: the job `settlement.execute`, whose subject is the settlement.
//!
//! Lines are taken in batches, each in one transaction that begins by locking the settlement: a batch has happened wholly or not at
//! all, two workers take turns, and a worker that is killed leaves nothing half done. A line that cannot be carried out (its
//! pledge is disputed, say) is left aside with the reason and stops no other. The refunds themselves are sent by the worker
//! through `payments::refunds::run`; the job looks again every few seconds until all of them are final, and ends the round.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::time::Duration;

use crate::features::ledger::{self, Account, Kind, Posting};
use crate::features::match_funds::actions::Released;
use crate::features::payments::{Payment, RefundCause, RefundState, disputes, refunds};
use crate::features::pledges::{Pledge, PledgeState};
use crate::features::projects::ProjectState;
use crate::features::rounds::{Round, RoundState};
use crate::features::settlement::store::{self, Waiting};
use crate::features::settlement::{EXECUTE, Effect, SettlementState, actions, reading};
use crate::features::{consents, match_funds, payments, pledges, projects, rounds};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::letters::{self, Letter};
use crate::infra::{Services, jobs};
use crate::values::Timestamp;

/// Lines carried out in one transaction.
pub const BATCH: i64 = 400;
/// How long one run of the job goes on before it asks for itself again: other jobs of the worker wait for it that long at most.
const RUN_SECONDS: i64 = 2;
/// Who acts, in history and books: the program, on the decision of two people.
const ACTOR: &str = "settlement";
/// How soon the job looks again whether the refunds have ended, in seconds.
const LOOK_AGAIN_SECONDS: i64 = 2;

/// What a step of the execution came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// So many lines were carried out or left aside; there may be more.
    Took(i64),
    /// No line waits: what is left are refunds on their way, or lines left aside.
    NoneLeft,
    /// Paused, done, or never approved: nothing may be done.
    Stopped,
}

/// The job. Goes on for a while and asks for itself again as long as something is to come.
///
/// # Errors
/// The database. What was committed stays; the next run goes on from there.
pub async fn run(s: &Services, settlement_id: &str) -> Result<()> {
    let begun = s.clock.unmoved_micros();
    while s.clock.unmoved_micros() - begun < RUN_SECONDS * 1_000_000 {
        match batch(s, settlement_id, BATCH).await? {
            Step::Took(_) => {
                // SQLite writes one at a time: a breath between batches lets a pledge that waits go first
                s.clock.sleep(Duration::from_millis(2)).await;
            }
            Step::NoneLeft if finish(s, settlement_id).await? => return Ok(()),
            Step::NoneLeft => return again(s, settlement_id, LOOK_AGAIN_SECONDS).await,
            Step::Stopped => return Ok(()),
        }
    }
    again(s, settlement_id, 0).await
}

/// Asks for the job again.
async fn again(s: &Services, settlement_id: &str, seconds: i64) -> Result<()> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    jobs::enqueue(&mut tx, now, EXECUTE, settlement_id, now.plus_seconds(seconds)).await?;
    Ok(tx.commit_quietly().await?)
}

/// Carries out up to `limit` lines in one transaction.
///
/// # Errors
/// The database, or books that do not fit together: nothing of the batch has happened then.
pub async fn batch(s: &Services, settlement_id: &str, limit: i64) -> Result<Step> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    store::lock(&mut tx, settlement_id).await?;
    if actions::get(&mut tx, settlement_id).await?.state != SettlementState::Executing {
        return Ok(Step::Stopped);
    }
    let lines = store::waiting(&mut tx, settlement_id, limit).await?;
    if lines.is_empty() {
        let ended = store::end_aside(&mut tx, settlement_id, now).await?;
        if ended == 0 {
            return Ok(Step::NoneLeft);
        }
        tx.commit().await?;
        return Ok(Step::Took(ended));
    }
    let of_projects: BTreeSet<&str> = lines.iter().map(|line| line.project_id.as_str()).collect();
    for project_id in &of_projects {
        pledges::actions::lock_project(&mut tx, project_id).await?;
    }
    match_funds::actions::lock_of_projects(&mut tx, of_projects).await?;
    let near_misses: HashSet<String> =
        consents::actions::decided_by(&mut tx, settlement_id).await?.into_iter().map(|miss| miss.project_id).collect();
    let ids: Vec<&str> = lines.iter().map(|line| line.pledge_id.as_str()).collect();
    let mut done = Done::read(&mut tx, &ids, near_misses).await?;
    for line in &lines {
        if let Err(fault) = done.take(&mut tx, line).await? {
            tracing::error!(settlement = settlement_id, pledge = line.pledge_id, fault, "a line was left aside");
            store::line_aside(&mut tx, settlement_id, &line.pledge_id, &fault).await?;
        }
    }
    done.write(&mut tx, settlement_id, now).await?;
    let mut released: BTreeMap<&str, Vec<&Waiting>> = BTreeMap::new();
    for line in done.released {
        released.entry(&line.project_id).or_default().push(line);
    }
    let has_matches = store::releases_matches(&mut tx, settlement_id).await?;
    for (project_id, lines) in released {
        post_released(&mut tx, settlement_id, project_id, &lines, now).await?;
        if has_matches {
            release_matches(&mut tx, settlement_id, project_id, &lines, now).await?;
        }
    }
    tx.commit().await?;
    Ok(Step::Took(i64::try_from(lines.len()).unwrap_or(i64::MAX)))
}

/// The lines of a batch that are carried out, and what is known of them.
struct Done<'a> {
    pledges: HashMap<String, Pledge>,
    payments: HashMap<String, Payment>,
    near_misses: HashSet<String>,
    funded: HashMap<&'a str, bool>,
    released: Vec<&'a Waiting>,
    /// With the kind of its letter, and why the money goes back.
    refunded: Vec<(&'a Waiting, &'static str, &'static str)>,
}

impl<'a> Done<'a> {
    async fn read(conn: &mut Conn, pledge_ids: &[&str], near_misses: HashSet<String>) -> Result<Done<'a>> {
        let pledges = pledges::actions::get_each(conn, pledge_ids).await?;
        let payments = payments::actions::of_pledges(conn, pledge_ids).await?;
        let (funded, released, refunded) = (HashMap::new(), Vec::new(), Vec::new());
        Ok(Done { pledges, payments, near_misses, funded, released, refunded })
    }

    /// Takes a line, unless there is a reason to leave it aside: that is inside. Nothing is written yet.
    async fn take(&mut self, conn: &mut Conn, line: &'a Waiting) -> Result<std::result::Result<(), String>> {
        let Some(pledge) = self.pledges.get(&line.pledge_id) else {
            return Err(Error::broken(format!("no pledge {}", line.pledge_id)));
        };
        if pledge.state != PledgeState::Held || pledge.kept() != line.amount {
            return Ok(Err(format!("pledge is {}", pledge.state)));
        }
        match line.effect {
            Effect::Release => self.released.push(line),
            Effect::Refund => {
                let Some(payment) = self.payments.get(&line.pledge_id) else {
                    return Ok(Err("pledge has no payment".to_owned()));
                };
                if payment.amount != pledge.amount {
                    return Ok(Err("payment has another amount".to_owned()));
                }
                let was_near = self.near_misses.contains(&line.project_id);
                let was_asked = was_near && was_asked(conn, pledge).await?;
                let is_funded = match self.funded.get(line.project_id.as_str()) {
                    Some(is_funded) => *is_funded,
                    None => projects::actions::get(conn, &line.project_id).await?.state != ProjectState::Failed,
                };
                self.funded.insert(&line.project_id, is_funded);
                let (kind, reason) = match (was_near, is_funded) {
                    (true, _) if !was_asked => {
                        (disputes::TOO_LATE, "it counted again when nobody could choose any more")
                    }
                    (true, true) => ("choice_left", "the backer did not keep it"),
                    (true, false) => ("choice_lost", "too little was kept"),
                    (false, _) => ("round_lost", "the project was not funded"),
                };
                self.refunded.push((line, kind, reason));
            }
            // frozen apart from the lines: nothing of it is to be carried out
            Effect::Consent => return Ok(Err("the pledge waits for a choice".to_owned())),
        }
        Ok(Ok(()))
    }

    /// The effect on the pledges: their states, the rows of refunds, the letters. The books of releases follow for the whole batch.
    async fn write(&self, tx: &mut Tx, settlement_id: &str, now: Timestamp) -> Result<()> {
        let pledge = |line: &Waiting| &self.pledges[&line.pledge_id];
        let released: Vec<(&Pledge, &str)> = self.released.iter().map(|line| (pledge(line), "")).collect();
        pledges::actions::decide(tx, &released, PledgeState::Released, ACTOR, now).await?;
        let refunded: Vec<(&Pledge, &str)> =
            self.refunded.iter().map(|(line, _, reason)| (pledge(line), *reason)).collect();
        pledges::actions::decide(tx, &refunded, PledgeState::Refunding, ACTOR, now).await?;
        let due: Vec<(&Payment, &Pledge)> =
            refunded.iter().map(|(pledge, _)| (&self.payments[&pledge.id], *pledge)).collect();
        refunds::make_each_due(tx, &due, RefundCause::RoundFailed, now).await?;

        let won =
            |line: &&Waiting| if self.near_misses.contains(&line.project_id) { "choice_won" } else { "round_won" };
        let letters = self.released.iter().map(|line| letter(pledge(line), won(line), now));
        let letters = letters.chain(self.refunded.iter().map(|(line, kind, _)| letter(pledge(line), kind, now)));
        letters::queue_each(tx, now, &letters.collect::<Vec<_>>()).await?;

        let lines = self.released.iter().copied().chain(self.refunded.iter().map(|(line, ..)| *line));
        let ids: Vec<&str> = lines.map(|line| line.pledge_id.as_str()).collect();
        if !store::lines_done(tx, settlement_id, &ids, now).await? {
            return Err(Error::broken(format!("a line of {settlement_id} was carried out twice")));
        }
        Ok(())
    }
}

/// Whether the backer of a near miss could choose about this pledge, or about the one it adds to.
async fn was_asked(conn: &mut Conn, pledge: &Pledge) -> Result<bool> {
    let chosen = consents::actions::chosen(conn, pledge.raises_id.as_deref().unwrap_or(&pledge.id)).await?;
    Ok(chosen.is_some())
}

fn letter<'a>(pledge: &'a Pledge, kind: &'static str, now: Timestamp) -> Letter<'a> {
    Letter { kind, cause_id: &pledge.id, user_id: &pledge.user_id, language: pledge.language, due: now, secret: "" }
}

/// One posting for the released pledges of a project in this batch: start money becomes payable to its organisation, the rest is
/// result money.
async fn post_released(
    tx: &mut Tx,
    settlement_id: &str,
    project_id: &str,
    lines: &[&Waiting],
    now: Timestamp,
) -> Result<()> {
    let Some(first) = lines.first() else { return Ok(()) };
    let organisation_id = projects::actions::get(tx, project_id).await?.organisation_id;
    let held = Account::PledgesHeld(project_id.to_owned());
    let start = Account::OwnerPayable(project_id.to_owned(), organisation_id);
    let result = Account::ResultMoney(project_id.to_owned());
    let key = format!("released:{settlement_id}:{}", first.pledge_id);
    let mut posting = Posting::new(Kind::Released, key, now, ACTOR, settlement_id);
    for line in lines {
        posting = posting.moving(line.start, &held, &start, Some(&line.pledge_id)).moving(
            line.result,
            &held,
            &result,
            Some(&line.pledge_id),
        );
    }
    if !ledger::actions::post(tx, now, &posting).await? {
        return Err(Error::broken(format!("the books of {settlement_id} know a batch that its lines do not")));
    }
    Ok(())
}

/// What funds added to the released pledges of a project in this batch is the project's too.
async fn release_matches(
    tx: &mut Tx,
    settlement_id: &str,
    project_id: &str,
    lines: &[&Waiting],
    now: Timestamp,
) -> Result<()> {
    let Some(first) = lines.first() else { return Ok(()) };
    let mut released = Vec::new();
    for line in lines {
        let frozen = store::matches_of_line(tx, settlement_id, &line.pledge_id).await?.into_iter();
        released.extend(frozen.map(|one| Released { match_id: one.match_id, start: one.start, result: one.result }));
    }
    let organisation_id = projects::actions::get(tx, project_id).await?.organisation_id;
    let key = format!("match_released:{settlement_id}:{}", first.pledge_id);
    match_funds::actions::release(tx, (project_id, &organisation_id), &released, (key, settlement_id), now).await
}

/// Ends the settlement when nothing of it is left: every line carried out, every refund final, no pledge between two states but those
/// of near misses that wait. The round ends with it when there are none. Answers whether it is over.
async fn finish(s: &Services, settlement_id: &str) -> Result<bool> {
    let settlement = actions::get(&mut *s.db.read().await?, settlement_id).await?;
    if settlement.state == SettlementState::Done {
        return Ok(true);
    }
    if !is_complete(&mut *s.db.read().await?, settlement_id, &settlement.round_id).await? {
        return Ok(false);
    }
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let round = rounds::actions::lock(&mut tx, &settlement.round_id).await?;
    store::lock(&mut tx, settlement_id).await?;
    if !is_complete(&mut tx, settlement_id, &round.id).await? {
        return Ok(false);
    }
    let (from, to) = (SettlementState::Executing, SettlementState::Done);
    if round.state != RoundState::Closing || !store::move_to(&mut tx, settlement_id, from, to, Some(now)).await? {
        // paused, or ended by somebody else at this moment: the next look tells
        return Ok(false);
    }
    actions::record(&mut tx, now, settlement_id, from.as_str(), to, ACTOR, "").await?;
    if !reading::has_waiting(&mut tx, &round.id).await? {
        end_round(&mut tx, &round, now).await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// Ends a round whose settlements are all done when the last near miss of it went another way: its owner took it back. The job whose
/// subject is the round; says when to look again.
///
/// # Errors
/// The database.
pub async fn settle(s: &Services, round_id: &str) -> Result<Option<Timestamp>> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let round = rounds::actions::lock(&mut tx, round_id).await?;
    let latest = store::latest_of_round(&mut tx, round_id).await?;
    let is_done = latest.is_some_and(|latest| latest.state == SettlementState::Done);
    if round.state != RoundState::Closing || !is_done || reading::has_waiting(&mut tx, round_id).await? {
        return Ok(None);
    }
    if !is_quiet(&mut tx, round_id).await? {
        return Ok(Some(now.plus_seconds(LOOK_AGAIN_SECONDS)));
    }
    end_round(&mut tx, &round, now).await?;
    tx.commit().await?;
    Ok(None)
}

async fn end_round(tx: &mut Tx, round: &Round, now: Timestamp) -> Result<()> {
    if !rounds::actions::move_on(tx, round, ACTOR, "every pledge is released or refunded", now).await? {
        return Err(Error::broken(format!("round {} changed while it was locked", round.id)));
    }
    Ok(())
}

/// Whether nothing of a settlement is still to come.
async fn is_complete(conn: &mut Conn, settlement_id: &str, round_id: &str) -> Result<bool> {
    Ok(store::undone(conn, settlement_id).await? == 0 && is_quiet(conn, round_id).await?)
}

/// Whether every refund of a round is final and no pledge is between two states, but those of near misses that wait.
async fn is_quiet(conn: &mut Conn, round_id: &str) -> Result<bool> {
    let under_way = [RefundState::Due, RefundState::Requested, RefundState::Pending];
    let refunds = refunds::sums_of_round(conn, round_id).await?;
    if refunds.iter().any(|(state, count, _)| *count > 0 && under_way.contains(state)) {
        return Ok(false);
    }
    let misses = consents::actions::of_round(conn, round_id).await?;
    let waiting: HashSet<String> =
        misses.into_iter().filter(|miss| miss.state.waits()).map(|miss| miss.project_id).collect();
    Ok(pledges::actions::unsettled_projects(conn, round_id).await?.iter().all(|id| waiting.contains(id)))
}

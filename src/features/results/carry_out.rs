//! What follows a final release: the letters to the backers, and what becomes of the rest. The job whose subject is the release. A batch
//! is one transaction: it has happened wholly or not at all, and a worker that is killed leaves nothing half done.

use crate::features::ledger::Account;
use crate::features::payments::{RefundCause, refunds};
use crate::features::results::actions::{ACTOR, get, step};
use crate::features::results::letters::TOLD;
use crate::features::results::{CARRY_OUT, Release, ReleaseState, SETTLED, store};
use crate::features::rounds::RemainderRule;
use crate::features::{match_funds, pledges};
use crate::infra::db::Tx;
use crate::infra::error::{Error, Result};
use crate::infra::{Services, jobs, letters};
use crate::values::{Cents, Timestamp};

/// People told, and lines carried out, in one transaction.
const BATCH: i64 = 200;
/// Why, in the history.
const REASON: &str = "no verified result earned it";

/// The job: one batch, and it asks for itself again as long as something is left.
///
/// # Errors
/// The database. What was committed stays; the next run goes on from there.
pub async fn run(s: &Services, id: &str) -> Result<()> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    store::lock(&mut tx, id).await?;
    let release = get(&mut tx, id).await?;
    if release.state != ReleaseState::Approved {
        return Ok(());
    }
    if !one_batch(&mut tx, &release, now).await? {
        step(&mut tx, &release, ReleaseState::Done, ACTOR, "", now).await?;
        jobs::enqueue(&mut tx, now, SETTLED, &release.project_id, now).await?;
        return Ok(tx.commit().await?);
    }
    jobs::enqueue(&mut tx, now, CARRY_OUT, id, now).await?;
    Ok(tx.commit().await?)
}

/// Does what comes next: letters first, while everybody who backed the project still has a released pledge. Answers `false` when
/// nothing was left to do.
async fn one_batch(tx: &mut Tx, release: &Release, now: Timestamp) -> Result<bool> {
    let project_id = release.project_id.as_str();
    let backers = pledges::actions::backers_after(tx, project_id, &release.told_to, BATCH).await?;
    if let Some(last) = backers.last() {
        letters::queue_many(tx, now, TOLD, &release.id, &backers).await?;
        store::told(tx, &release.id, last).await?;
        return Ok(true);
    }
    pledges::actions::lock_project(tx, project_id).await?;
    let from = |amount: Cents| [(amount, Account::ResultMoney(project_id.to_owned()))];
    let lines = store::waiting(tx, &release.id, BATCH).await?;
    for (pledge_id, amount) in &lines {
        let why = (ACTOR, REASON);
        refunds::return_released(tx, pledge_id, RefundCause::Results, &from(*amount), why, now).await?;
        if !store::line_done(tx, &release.id, pledge_id, now).await? {
            return Err(Error::broken(format!("line {pledge_id} of {} was carried out twice", release.id)));
        }
    }
    if !lines.is_empty() {
        return Ok(true);
    }
    let matches = store::waiting_matches(tx, &release.id, BATCH).await?;
    if matches.is_empty() {
        to_fund(tx, release, now).await?;
        return Ok(false);
    }
    match_funds::actions::lock_of_projects(tx, [project_id]).await?;
    for (match_id, amount) in &matches {
        match_funds::actions::give_up(tx, match_id, &from(*amount), REASON, now).await?;
        if !store::match_done(tx, &release.id, match_id, now).await? {
            return Err(Error::broken(format!("match {match_id} of {} gave back twice", release.id)));
        }
    }
    Ok(true)
}

/// By the rule that says so, what backers gave goes to a match fund. What one has that ended since the decision goes
/// to its giver.
async fn to_fund(tx: &mut Tx, release: &Release, now: Timestamp) -> Result<()> {
    let Some(fund_id) = release.fund_id.as_deref() else { return Ok(()) };
    if release.rule != RemainderRule::MatchFund || release.back == Cents::ZERO {
        return Ok(());
    }
    let key = format!("result_moved:{}", release.id);
    let of = (fund_id, release.project_id.as_str());
    match_funds::actions::take_over(tx, of, release.back, (key, &release.id), now).await
}

//! What follows a final release: the letters to the backers, and what becomes of the rest. The job whose subject is the release. A batch
//! is one transaction: it has happened wholly or not at all, and a worker that is killed leaves nothing half done.

use crate::features::ledger::Account;
use crate::features::payments::{RefundCause, refunds};
use crate::features::results::actions::{ACTOR, get, step};
use crate::features::results::letters::TOLD;
use crate::features::results::{CARRY_OUT, Choice, Release, ReleaseState, SETTLED, STANDS_HOURS, moving, store};
use crate::features::rounds::RemainderRule;
use crate::features::{match_funds, pledges};
use crate::infra::db::Tx;
use crate::infra::error::{Error, Result};
use crate::infra::{Services, jobs, letters};
use crate::values::{Cents, Timestamp};

/// People told, and lines carried out, in one transaction.
const BATCH: i64 = 200;
/// Why, in the history.
pub(super) const REASON: &str = "no verified result earned it";

/// What a batch left.
enum Left {
    /// More to do now.
    More,
    /// Backers can still choose; nothing is to do until then.
    Until(Timestamp),
    Nothing,
}

/// The job: one batch, and it asks for itself again as long as something is left. Answers when to look again while backers choose.
///
/// # Errors
/// The database. What was committed stays; the next run goes on from there.
pub async fn run(s: &Services, id: &str) -> Result<Option<Timestamp>> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    store::lock(&mut tx, id).await?;
    let release = get(&mut tx, id).await?;
    if release.state != ReleaseState::Approved {
        return Ok(None);
    }
    let again = match one_batch(&mut tx, &release, now).await? {
        Left::Until(moment) => Some(moment),
        Left::More => {
            jobs::enqueue(&mut tx, now, CARRY_OUT, id, now).await?;
            None
        }
        Left::Nothing => {
            step(&mut tx, &release, ReleaseState::Done, ACTOR, "", now).await?;
            jobs::enqueue(&mut tx, now, SETTLED, &release.project_id, now).await?;
            None
        }
    };
    tx.commit().await?;
    Ok(again)
}

/// Does what comes next: letters first, while everybody who backed the project still has a released pledge.
async fn one_batch(tx: &mut Tx, release: &Release, now: Timestamp) -> Result<Left> {
    let project_id = release.project_id.as_str();
    let backers = pledges::actions::backers_after(tx, project_id, &release.told_to, BATCH).await?;
    if let Some(last) = backers.last() {
        letters::queue_many(tx, now, TOLD, &release.id, &backers).await?;
        store::told(tx, &release.id, last).await?;
        return Ok(Left::More);
    }
    pledges::actions::lock_project(tx, project_id).await?;
    if lines(tx, release, now).await? {
        return Ok(Left::More);
    }
    let matches = store::waiting_matches(tx, &release.id, BATCH).await?;
    if matches.is_empty() {
        if let Some(next) = store::next_choice(tx, &release.id).await? {
            // a choice stands for a day; who says nothing has until the last
            let last = release.choose_until.unwrap_or(now);
            let next = next.map_or(last, |chosen_at| chosen_at.plus_seconds(STANDS_HOURS * 3_600).min(last));
            return Ok(Left::Until(next));
        }
        to_fund(tx, release, now).await?;
        return Ok(Left::Nothing);
    }
    match_funds::actions::lock_of_projects(tx, [project_id]).await?;
    for (match_id, amount) in &matches {
        let from = [(*amount, Account::ResultMoney(project_id.to_owned()))];
        match_funds::actions::give_up(tx, match_id, &from, REASON, now).await?;
        if !store::match_done(tx, &release.id, match_id, now).await? {
            return Err(Error::broken(format!("match {match_id} of {} gave back twice", release.id)));
        }
    }
    Ok(Left::More)
}

/// Carries out lines that are due: what goes back together, what moves each for itself. Answers whether there were any.
async fn lines(tx: &mut Tx, release: &Release, now: Timestamp) -> Result<bool> {
    let is_over = release.choose_until.is_none_or(|until| until <= now);
    let since = now.plus_seconds(-STANDS_HOURS * 3_600);
    let due = if is_over {
        store::waiting(tx, &release.id, BATCH).await?
    } else {
        store::waiting_chosen(tx, &release.id, since, BATCH).await?
    };
    let mut moves = Vec::new();
    for (pledge_id, amount) in &due {
        if let Some(line) = store::choice_line(tx, pledge_id).await?.filter(|line| line.choice == Some(Choice::Move)) {
            moves.push(line);
            continue;
        }
        let from = [(*amount, Account::ResultMoney(release.project_id.clone()))];
        let why = (ACTOR, REASON);
        refunds::return_released(tx, pledge_id, RefundCause::Results, &from, why, now).await?;
        if !store::line_done(tx, &release.id, pledge_id, now).await? {
            return Err(Error::broken(format!("line {pledge_id} of {} was carried out twice", release.id)));
        }
    }
    if moves.len() == due.len()
        && let Some(line) = moves.first()
    {
        moving::carry_out(tx, release, line, now).await?;
    }
    Ok(!due.is_empty())
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

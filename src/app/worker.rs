//! The worker: takes due jobs, refunds and letters, and seals the books. Any number of workers may run on one database.

use std::time::Duration;

use futures::StreamExt;
use futures::stream;
use tokio_util::sync::CancellationToken;

use crate::app::letters;
use crate::features::{ledger, payments, pledges, receipts, settlement, updates, users};
use crate::infra::error::{Error, Result};
use crate::infra::jobs::{self, Job};
use crate::infra::mail::outbox;
use crate::infra::{Services, jobs::backoff_seconds};
use crate::values::Timestamp;

/// How often due times are looked at when nothing is committed meanwhile.
const TICK: Duration = Duration::from_millis(500);
/// The daily job that forgets what has ended.
const FORGET: &str = "users.forget";
/// Jobs under way at once.
const AT_ONCE: usize = 8;

/// Runs until it is told to stop; what is under way is finished.
pub async fn run(s: Services, stop: CancellationToken) {
    if let Err(error) = begin(&s).await {
        tracing::error!(%error, "the daily work could not be asked for");
    }
    let letters = tokio::spawn(outbox::run(s.clone(), letters::render, stop.clone()));
    let refunds = tokio::spawn(refunds(s.clone(), stop.clone()));
    let sealing = tokio::spawn(sealing(s.clone(), stop.clone()));
    loop {
        let worked = match round(&s).await {
            Ok(worked) => worked,
            Err(error) => {
                tracing::error!(%error, "the worker could not work");
                false
            }
        };
        if stop.is_cancelled() {
            break;
        }
        if !worked {
            wait(&s, &stop).await;
        }
    }
    let _ = tokio::join!(letters, refunds, sealing);
}

/// Asks for the work of each day; where it waits already, it stays as it is.
async fn begin(s: &Services) -> Result<()> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    jobs::enqueue(&mut tx, now, FORGET, "daily", now).await?;
    Ok(tx.commit_quietly().await?)
}

/// Forgets sign-ins that have ended.
async fn forget(s: &Services) -> Result<()> {
    let mut tx = s.db.begin().await?;
    users::actions::forget_ended(&mut tx, s.clock.now()).await?;
    Ok(tx.commit_quietly().await?)
}

/// Until something is committed, or the next look at the clock.
async fn wait(s: &Services, stop: &CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = s.db.committed() => {}
        () = tokio::time::sleep(TICK) => {}
    }
}

/// One look: what has become due by the clock, then a batch of jobs. Answers whether there was any job.
async fn round(s: &Services) -> Result<bool> {
    schedule(s).await?;
    let jobs = jobs::claim(&s.db, s.clock.now()).await?;
    let worked = !jobs.is_empty();
    stream::iter(jobs).for_each_concurrent(AT_ONCE, |job| one(s, job)).await;
    Ok(worked)
}

/// What happens by the clock alone.
async fn schedule(s: &Services) -> Result<()> {
    settlement::actions::begin_due(s).await?;
    Ok(())
}

/// Runs one job and records what came of it.
async fn one(s: &Services, job: Job) {
    let outcome = perform(s, &job).await;
    let recorded = match outcome {
        Ok(None) => jobs::done(&s.db, &job).await,
        Ok(Some(again)) => jobs::later(&s.db, &job, again, "").await,
        Err(error) => {
            tracing::warn!(kind = job.kind, subject = job.subject, attempts = job.attempts, %error, "a job failed");
            let due = s.clock.now().plus_seconds(backoff_seconds(job.attempts));
            jobs::later(&s.db, &job, due, &error.to_string()).await
        }
    };
    if let Err(error) = recorded {
        tracing::error!(kind = job.kind, %error, "a job's outcome was not recorded; it runs again");
    }
}

/// Every kind of job. `Some(moment)`: look again then.
async fn perform(s: &Services, job: &Job) -> Result<Option<Timestamp>> {
    match job.kind.as_str() {
        payments::actions::CHECK => payments::actions::check(s, &job.subject, job.attempts).await,
        payments::refunds::CHECK => payments::refunds::check(s, &job.subject).await.map(|()| None),
        payments::actions::FOLLOW => follow(s, &job.subject).await.map(|()| None),
        pledges::actions::PAPERS => receipts::actions::bring_up_to_date(s, &job.subject).await,
        settlement::EXECUTE => settlement::execute::run(s, &job.subject).await.map(|()| None),
        updates::PUBLISH => updates::actions::publish_due(s, &job.subject).await.map(|()| None),
        updates::MAIL => updates::actions::queue_letters(s, &job.subject).await.map(|()| None),
        outbox::BOUNCED => updates::actions::end_for_bounced(s, &job.subject).await.map(|()| None),
        FORGET => forget(s).await.map(|()| Some(s.clock.now().plus_days(1))),
        kind => Err(Error::broken(format!("nobody does jobs of the kind {kind}"))),
    }
}

/// A backer who asked for it follows the project from the moment the pledge is held.
async fn follow(s: &Services, pledge_id: &str) -> Result<()> {
    let mut tx = s.db.begin().await?;
    let pledge = pledges::actions::get(&mut tx, pledge_id).await?;
    let (user, project, chosen_at) = (&pledge.user_id, &pledge.project_id, pledge.created_at);
    updates::actions::follow_as_backer(&mut tx, user, project, chosen_at, s.clock.now()).await?;
    Ok(tx.commit().await?)
}

async fn refunds(s: Services, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match payments::refunds::run(&s).await {
            Ok(0) => wait(&s, &stop).await,
            Ok(_) => {}
            Err(error) => {
                tracing::error!(%error, "refunds could not be sent");
                tokio::time::sleep(TICK).await;
            }
        }
    }
}

async fn sealing(s: Services, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = ledger::actions::seal(&s.db).await {
            tracing::error!(%error, "the books could not be sealed");
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(TICK) => {}
        }
    }
}

/// Does everything that is due now and returns: for tests, commands and a clock that was moved. Bounded, so that work which
/// always finds more work cannot hold it for ever.
pub async fn run_due(s: &Services) -> Result<()> {
    for _ in 0..10_000 {
        let worked = round(s).await? | (payments::refunds::run(s).await? > 0);
        let sent = outbox::deliver_due(s, letters::render).await? > 0;
        if !worked && !sent {
            break;
        }
    }
    ledger::actions::seal(&s.db).await?;
    Ok(())
}

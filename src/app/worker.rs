//! The worker: takes due jobs, refunds and letters, seals the books and does what is due by the clock. Any number of workers may
//! run on one database. Each of these can be switched off: see `infra::periodic`. One whose clock is wrong rests.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream;
use futures::{FutureExt, StreamExt};
use tokio_util::sync::CancellationToken;

use crate::app::{letters, periodic as tasks};
use crate::features::{
    bank, calendar, cases, consents, desk, ledger, organisations, outcomes, payments, payouts, pledges, privacy,
    projects, receipts, results, settlement, social_return, terminations, transfers, updates, users, verifications,
    withdrawals,
};
use crate::infra::error::{Error, Result};
use crate::infra::history::chain;
use crate::infra::jobs::{self, Job};
use crate::infra::mail::outbox;
use crate::infra::periodic::{self, Notes, Watch};
use crate::infra::{Services, jobs::backoff_seconds, traces};
use crate::values::Timestamp;

/// How often due times are looked at when nothing is committed meanwhile.
const TICK: Duration = Duration::from_millis(500);
/// How long the worker waits after a commit before it looks: what comes at the same moment is found together.
const BREATH: Duration = Duration::from_millis(15);
/// Jobs under way at once.
const AT_ONCE: usize = 8;
/// How often, and after how long, it is tried again to write down what came of a job while the database is away: together well within
/// a job's lease, and longer than another server takes to step in.
const RECORD_TRIES: u32 = 15;
const RECORD_PAUSE: Duration = Duration::from_secs(3);

/// Runs until it is told to stop; what is under way is finished.
pub async fn run(s: Services, stop: CancellationToken) {
    let notes = Arc::new(Notes::default());
    let letters = tokio::spawn(outbox::run(s.clone(), letters::render, notes.clone(), stop.clone()));
    let refunds = tokio::spawn(always(s.clone(), notes.clone(), stop.clone(), periodic::REFUNDS, send_refunds));
    let sessions =
        tokio::spawn(always(s.clone(), notes.clone(), stop.clone(), periodic::SESSIONS, payments::line::advance));
    let sealing = tokio::spawn(sealing(s.clone(), notes.clone(), stop.clone()));
    let by_the_clock = tokio::spawn(by_the_clock(s.clone(), stop.clone()));
    loop {
        let worked = match round(&s, &notes).await {
            Ok(worked) => worked,
            Err(error) => {
                error.tell("the worker could not work");
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
    let _ = tokio::join!(letters, refunds, sessions, sealing, by_the_clock);
}

/// Until something is committed, or the next look at the clock.
async fn wait(s: &Services, stop: &CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        // a breath, so that a hundred pledges a second are not a hundred looks
        () = s.db.committed() => tokio::time::sleep(BREATH).await,
        () = tokio::time::sleep(TICK) => {}
    }
}

/// One look: rounds that close or take another step now, then a batch of jobs. Answers whether there was any job.
async fn round(s: &Services, notes: &Notes) -> Result<bool> {
    if s.clock.is_wrong() {
        return Ok(false);
    }
    close_rounds(s, notes).await?;
    move_rounds(s, notes).await?;
    let jobs = jobs::claim(&s.db, s.clock.now()).await?;
    let worked = !jobs.is_empty();
    stream::iter(jobs).for_each_concurrent(AT_ONCE, |job| one(s, notes, job)).await;
    Ok(worked)
}

/// Ends the sale of rounds whose closing instant has come, unless that is switched off.
async fn close_rounds(s: &Services, notes: &Notes) -> Result<()> {
    if !periodic::is_on(&mut *s.db.read().await?, periodic::CLOSING).await? {
        return Ok(());
    }
    let watch = Watch::start(s);
    let begun = settlement::actions::begin_due(s).await;
    if !matches!(begun, Ok(0)) {
        let result = begun.as_ref().map(ToString::to_string).map_err(ToString::to_string);
        notes.note(s, periodic::CLOSING, &watch.stop(s, result)).await;
    }
    begun.map(|_| ())
}

/// Takes the steps of rounds whose moment has come and queues the reminders before a close, unless that is switched off.
async fn move_rounds(s: &Services, notes: &Notes) -> Result<()> {
    if !periodic::is_on(&mut *s.db.read().await?, periodic::CALENDAR).await? {
        return Ok(());
    }
    let watch = Watch::start(s);
    let done = async {
        let rounds = calendar::actions::move_due(s).await? + calendar::reminders::look(s).await?;
        Ok(rounds + calendar::carrying_out::move_due(s).await?)
    }
    .await;
    if !matches!(done, Ok(0)) {
        let result = done.as_ref().map(ToString::to_string).map_err(ToString::to_string);
        notes.note(s, periodic::CALENDAR, &watch.stop(s, result)).await;
    }
    done.map(|_| ())
}

/// Runs one job and records what came of it.
async fn one(s: &Services, notes: &Notes, job: Job) {
    let watch = Watch::start(s);
    let outcome = traces::within(traces::work(&job.kind), begun(s, &job)).await;
    let run = watch.stop(s, outcome.as_ref().map(|_| job.subject.clone()).map_err(ToString::to_string));
    if let Err(error) = &outcome {
        tracing::warn!(kind = job.kind, subject = job.subject, attempts = job.attempts, %error, "a job failed");
    }
    let mut tries = 1;
    while let Err(error) = record(s, &job, &outcome).await {
        let gives_up = !error.is_away() || tries == RECORD_TRIES;
        error.tell(&format!("what came of a job {} was not recorded", job.kind));
        if gives_up {
            break;
        }
        tries += 1;
        s.clock.sleep(RECORD_PAUSE).await;
    }
    notes.note(s, &job.kind, &run).await;
}

/// Writes down what came of a job. Twice changes nothing: the first time took the lease with it.
async fn record(s: &Services, job: &Job, outcome: &Result<Option<Timestamp>>) -> Result<()> {
    match outcome {
        Ok(None) => jobs::done(&s.db, job).await?,
        Ok(Some(again)) => jobs::later(&s.db, job, *again, "").await?,
        Err(error) => {
            let due = s.clock.now().plus_seconds(backoff_seconds(job.attempts));
            jobs::later(&s.db, job, due, &error.to_string()).await?;
        }
    }
    Ok(())
}

/// A panic in one piece of work is the failure of that piece: the worker goes on with the others. What the work had begun in the
/// database is rolled back. The work is put on the heap here, so that those who wait for it need little of the stack.
fn upright<'a, T: 'a>(work: impl Future<Output = Result<T>> + Send + 'a) -> BoxFuture<'a, Result<T>> {
    let fell = |_| Err(Error::broken("it fell over; the log has where"));
    AssertUnwindSafe(work).catch_unwind().map(move |done| done.unwrap_or_else(fell)).boxed()
}

/// The work of a job, on the heap: made here, it takes nothing of the stack of whoever waits for it.
fn begun<'a>(s: &'a Services, job: &'a Job) -> BoxFuture<'a, Result<Option<Timestamp>>> {
    upright(perform(s, job))
}

/// Every kind of job. `Some(moment)`: look again then.
async fn perform(s: &Services, job: &Job) -> Result<Option<Timestamp>> {
    match job.kind.as_str() {
        payments::actions::CHECK => payments::actions::check(s, &job.subject, job.attempts).await,
        payments::refunds::CHECK => payments::refunds::check(s, &job.subject).await.map(|()| None),
        payments::by_bank::CLAIM => payments::by_bank::ask(s, &job.subject).await,
        organisations::CONFIRMED => payouts::pay::organisation_confirmed(s, &job.subject).await.map(|()| None),
        organisations::RENAMED => projects::actions::find_by_new_name(s, &job.subject).await.map(|()| None),
        payouts::PAY => payouts::pay::pay(s, &job.subject).await,
        payouts::TOLD => updates::actions::tell_backers(s, &job.subject).await.map(|()| None),
        payouts::provider::CHECK => payouts::provider::check(s, &job.subject).await,
        transfers::TRANCHE_MOVED => payouts::pay::follow(s, &job.subject).await.map(|()| None),
        payments::refunds::FIND => payments::refunds::find(s, &job.subject).await.map(|()| None),
        payments::disputes::CHECK => payments::disputes::check(s, &job.subject).await.map(|_| None),
        payments::disputes::FIND => payments::disputes::find(s, &job.subject).await.map(|()| None),
        payments::fraud::CHECK => payments::fraud::check(s, &job.subject).await.map(|()| None),
        bank::uploads::BOOK => bank::uploads::run(s, &job.subject).await,
        cases::POSTED => bank::actions::posted(s, &job.subject).await.map(|()| None),
        payments::strays::RETURN => payments::strays::send(s, &job.subject).await,
        payments::balance::PAYOUT => payments::balance::check_payout(s, &job.subject).await.map(|()| None),
        payments::incoming::REFUND => bank::actions::refund(s, &job.subject).await,
        payments::actions::FOLLOW => follow(s, &job.subject).await.map(|()| None),
        pledges::actions::PAPERS => papers(s, &job.subject).await,
        social_return::PLEDGE => social_return::actions::bring_up_to_date(s, &job.subject).await.map(|()| None),
        results::SETTLED => social_return::actions::settle(s, &job.subject).await.map(|()| None),
        calendar::TELL => calendar::extension::tell(s, &job.subject).await.map(|()| None),
        results::CARRY_OUT => results::carry_out::run(s, &job.subject).await,
        verifications::LOOK => results::actions::look_again(s, &job.subject).await.map(|()| None),
        terminations::CARRY_OUT => terminations::carry_out::run(s, &job.subject).await.map(|()| None),
        desk::CARRY_OUT => desk::bulk::run(s, &job.subject).await,
        consents::STEP => consents::actions::step(s, &job.subject).await,
        consents::HELD_AGAIN => consents::actions::join(s, &job.subject).await.map(|()| None),
        withdrawals::CARRY_OUT => withdrawals::actions::carry_out(s, &job.subject).await.map(|()| None),
        withdrawals::SETTLE => settlement::execute::settle(s, &job.subject).await,
        settlement::EXECUTE => settlement::execute::run(s, &job.subject).await.map(|()| None),
        outcomes::published::PUBLISH => outcomes::published::publish(s, &job.subject).await.map(|()| None),
        updates::PUBLISH => updates::actions::publish_due(s, &job.subject).await.map(|()| None),
        updates::MAIL => updates::actions::queue_letters(s, &job.subject).await.map(|()| None),
        users::address::RESTORED => privacy::erasure::account_restored(s, &job.subject).await.map(|()| None),
        outbox::BOUNCED => updates::actions::end_for_bounced(s, &job.subject).await.map(|()| None),
        kind => Err(Error::broken(format!("nobody does jobs of the kind {kind}"))),
    }
}

/// What its backer keeps of a pledge: receipts and invoices, and what a purchase counts for.
async fn papers(s: &Services, pledge_id: &str) -> Result<Option<Timestamp>> {
    let again = receipts::actions::bring_up_to_date(s, pledge_id).await?;
    social_return::actions::bring_up_to_date(s, pledge_id).await?;
    Ok(again)
}

/// A backer who asked for it follows the project from the moment the pledge is held.
async fn follow(s: &Services, pledge_id: &str) -> Result<()> {
    let mut tx = s.db.begin_together().await?;
    let pledge = pledges::actions::get(&mut tx, pledge_id).await?;
    let (user, project, lang) = (&pledge.user_id, &pledge.project_id, pledge.language);
    let moments = (pledge.created_at, s.clock.now());
    updates::actions::follow_as_backer(&mut tx, user, project, lang, moments).await?;
    Ok(tx.commit().await?)
}

/// A task that looks all the time: works as long as there is something, and is at rest until something is committed.
async fn always(
    s: Services,
    notes: Arc<Notes>,
    stop: CancellationToken,
    task: &'static str,
    work: impl AsyncFn(&Services) -> Result<usize>,
) {
    while !stop.is_cancelled() {
        let watch = Watch::start(&s);
        match work(&s).await {
            Ok(0) => wait(&s, &stop).await,
            Ok(done) => notes.note(&s, task, &watch.stop(&s, Ok(done.to_string()))).await,
            Err(error) => {
                error.tell(&format!("the task {task} could not be done"));
                notes.note(&s, task, &watch.stop(&s, Err(error.to_string()))).await;
                tokio::time::sleep(TICK).await;
            }
        }
    }
}

/// A batch of refunds, unless they are switched off. Answers how many.
async fn send_refunds(s: &Services) -> Result<usize> {
    if s.clock.is_wrong() || !periodic::is_on(&mut *s.db.read().await?, periodic::REFUNDS).await? {
        return Ok(0);
    }
    payments::refunds::run(s).await
}

async fn sealing(s: Services, notes: Arc<Notes>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let watch = Watch::start(&s);
        match seal(&s).await {
            Ok(0) => {}
            Ok(sealed) => notes.note(&s, periodic::SEALING, &watch.stop(&s, Ok(sealed.to_string()))).await,
            Err(error) => {
                error.tell("the books could not be sealed");
                notes.note(&s, periodic::SEALING, &watch.stop(&s, Err(error.to_string()))).await;
            }
        }
        pause(&stop).await;
    }
}

/// The links that are missing from the chains of the books and of the log, unless sealing is switched off. Answers how many.
async fn seal(s: &Services) -> Result<usize> {
    if !periodic::is_on(&mut *s.db.read().await?, periodic::SEALING).await? {
        return Ok(0);
    }
    Ok(ledger::actions::seal(&s.db).await? + chain::seal(&s.db).await?)
}

async fn by_the_clock(s: Services, stop: CancellationToken) {
    let mut frozen = false;
    while !stop.is_cancelled() {
        let was_frozen = frozen;
        frozen = s.db.is_frozen().await.unwrap_or(was_frozen);
        match (was_frozen, frozen) {
            (false, true) => tracing::warn!("the installation is frozen: nothing can be changed until it has moved"),
            (true, false) => tracing::warn!("the installation can be changed again"),
            _ => {}
        }
        if !frozen && let Err(error) = run_tasks(&s).await {
            error.tell("what is due by the clock could not be done");
        }
        pause(&stop).await;
    }
}

/// Until the next look at the clock.
async fn pause(stop: &CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = tokio::time::sleep(TICK) => {}
    }
}

/// Carries out the tasks that are due by the clock. Answers how many.
async fn run_tasks(s: &Services) -> Result<usize> {
    if s.clock.is_wrong() {
        return Ok(0);
    }
    let claimed = periodic::claim(&s.db, s.clock.now()).await?;
    for claimed in &claimed {
        let watch = Watch::start(s);
        let task = upright(tasks::carry_out(s, claimed.task.name));
        let result = traces::within(traces::work(claimed.task.name), task).await;
        if let Err(error) = &result {
            error.tell(&format!("the periodic task {} failed", claimed.task.name));
        }
        let run = watch.stop(s, result.map_err(|error| error.to_string()));
        periodic::finish(&s.db, claimed, &run, s.clock.now()).await?;
    }
    Ok(claimed.len())
}

/// Does everything that is due now and returns: for tests, commands and a clock that was moved. Bounded, so that work which
/// always finds more work cannot hold it for ever.
pub async fn run_due(s: &Services) -> Result<()> {
    let notes = Notes::default();
    for _ in 0..10_000 {
        match one_look(s, &notes).await {
            Ok(true) => {}
            Ok(false) => break,
            // another worker reached for the same rows from the other side: one of the two lets go and looks again
            Err(error) if error.is_crossed() => tokio::time::sleep(BREATH).await,
            Err(error) => return Err(error),
        }
    }
    match seal(s).await {
        // the other one seals
        Err(error) if error.is_crossed() => Ok(()),
        sealed => sealed.map(|_| ()),
    }
}

/// Everything once that is due at this moment. Answers whether there was anything.
async fn one_look(s: &Services, notes: &Notes) -> Result<bool> {
    seal(s).await?;
    let worked = round(s, notes).await? | (send_refunds(s).await? > 0) | (payments::line::advance(s).await? > 0);
    let sent = outbox::deliver_due(s, letters::render).await? > 0;
    // last, as the alarms among them ring for what was left lying
    let tasks = run_tasks(s).await? > 0;
    Ok(worked || sent || tasks)
}

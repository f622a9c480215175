//! The loop that empties the outbox: lease, render, send over several connections at once, write down what became of it.
//!
//! Two lanes run side by side, so that a sign-in code never waits behind fifty thousand updates. Within a lane the next letters
//! are leased and rendered while the last ones are still on the line. Marks are committed in small groups as they come; at most
//! [`UNMARKED`] letters are handed over but not yet marked, so a process that is killed leaves no more than that in doubt. Those
//! go out once more with the same Message-ID. Letters to a domain that has all its places wait beside the pipe (`parking`), and those to
//! one that said "not now" wait in the outbox (`domains`).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{OwnedRwLockReadGuard, OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::infra::error::Result;
use crate::infra::history::mask;
use crate::infra::letters::{self, BATCH, Due, Fate};
use crate::infra::mail::parking::{Queue, Ready};
use crate::infra::mail::{Draft, Fault, Render, domains};
use crate::infra::periodic::{self, Notes, Watch};
use crate::infra::{Services, jobs, traces};
use crate::values::Timestamp;

/// The most letters that a killed process leaves in doubt.
const UNMARKED: usize = 32;
/// A letter that failed this often is given up: after about two days.
const MOST_ATTEMPTS: i64 = 16;
/// How long the server is left alone when it cannot be reached, in seconds.
const DOWN_SECONDS: i64 = 20;
/// A letter is not begun when its lease ends sooner than this, in seconds: another worker may be about to take it.
const MARGIN_SECONDS: i64 = 60;
/// The job that hears of an address that does not exist; its subject is the user.
pub const BOUNCED: &str = "mail.bounced";

/// Sends letters until `stop`. What has been leased and not begun is given back.
pub async fn run(services: Services, render: Render, notes: Arc<Notes>, stop: CancellationToken) {
    tokio::join!(lane(&services, render, &notes, &stop, false), lane(&services, render, &notes, &stop, true));
}

async fn lane(services: &Services, render: Render, notes: &Notes, stop: &CancellationToken, bulk: bool) {
    while !stop.is_cancelled() {
        let watch = Watch::start(services);
        match empty(services, render, stop, bulk).await {
            Ok(0) => {}
            Ok(sent) => notes.note(services, periodic::LETTERS, &watch.stop(services, Ok(sent.to_string()))).await,
            Err(error) => {
                error.tell("letters could not be sent");
                notes.note(services, periodic::LETTERS, &watch.stop(services, Err(error.to_string()))).await;
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = services.db.committed() => tokio::time::sleep(Duration::from_millis(50)).await,
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
        }
    }
}

/// Sends everything that is due now and answers how many letters left.
///
/// # Errors
/// The database failed; what was sent is marked.
pub async fn deliver_due(services: &Services, render: Render) -> Result<usize> {
    let never = CancellationToken::new();
    Ok(empty(services, render, &never, false).await? + empty(services, render, &never, true).await?)
}

/// What became of a letter; what was held for it is given back when that is committed.
struct Mark {
    letter: Due,
    fate: Fate,
    bounced: bool,
    _held: Option<InDoubt>,
}

/// Held while a letter is handed over and not yet marked: one of [`UNMARKED`] places, and the clock, so that no leap of it lets
/// another take the letter meanwhile.
struct InDoubt {
    _place: OwnedSemaphorePermit,
    _clock: OwnedRwLockReadGuard<()>,
}

/// One emptying of one lane, shared by its tasks.
struct Run {
    services: Services,
    /// Set when the server cannot be reached: nothing more is tried in this run.
    down: CancellationToken,
    stop: CancellationToken,
    unmarked: Arc<Semaphore>,
    sent: AtomicUsize,
}

async fn empty(services: &Services, render: Render, stop: &CancellationToken, bulk: bool) -> Result<usize> {
    if services.clock.is_wrong() {
        return Ok(0);
    }
    let run = Arc::new(Run {
        services: services.clone(),
        down: CancellationToken::new(),
        stop: stop.clone(),
        unmarked: Arc::new(Semaphore::new(UNMARKED)),
        sent: AtomicUsize::new(0),
    });
    let first = letters::claim(&services.db, services.clock.now(), bulk).await?;
    if first.is_empty() {
        return Ok(0);
    }
    let (ready_in, ready_out) = mpsc::channel(BATCH);
    let (marks_in, marks_out) = mpsc::channel(BATCH);
    let ready_out = Arc::new(Queue::of(ready_out));
    let mut senders = JoinSet::new();
    for _ in 0..services.mailer.connections() {
        senders.spawn(send_all(run.clone(), ready_out.clone(), marks_in.clone()));
    }
    drop(ready_out);
    let leased = lease_all(&run, render, bulk, first, ready_in, marks_in);
    let (leased, marked, _) = tokio::join!(leased, mark_all(&run, marks_out), senders.join_all());
    leased?;
    marked?;
    Ok(run.sent.load(Ordering::Relaxed))
}

/// Leases and renders until nothing is due.
async fn lease_all(
    run: &Run,
    render: Render,
    bulk: bool,
    first: Vec<Due>,
    ready: mpsc::Sender<Ready>,
    marks: mpsc::Sender<Mark>,
) -> Result<()> {
    let mut batch = first;
    while !batch.is_empty() {
        let drafts = render(&run.services, &batch).await;
        for (letter, draft) in batch.into_iter().zip(drafts) {
            let fate = match draft {
                Ok(Some(draft)) => {
                    if ready.send(Ready { letter, draft }).await.is_err() {
                        return Ok(());
                    }
                    continue;
                }
                Ok(None) => Fate::Skipped,
                Err(error) => {
                    tracing::error!(%error, letter = %letter.id, kind = %letter.kind, "a letter could not be written");
                    later(&letter, run.services.clock.now(), error.to_string())
                }
            };
            let _ = marks.send(Mark { letter, fate, bounced: false, _held: None }).await;
        }
        if run.stop.is_cancelled() || run.down.is_cancelled() {
            break;
        }
        batch = letters::claim(&run.services.db, run.services.clock.now(), bulk).await?;
    }
    Ok(())
}

/// One of several: sends what is ready, letter after letter.
async fn send_all(run: Arc<Run>, ready: Arc<Queue>, marks: mpsc::Sender<Mark>) {
    while let Some((Ready { letter, draft }, place)) = ready.next(run.services.mailer.domains()).await {
        let Ok(place_in_doubt) = run.unmarked.clone().acquire_owned().await else { return };
        let held = InDoubt { _place: place_in_doubt, _clock: run.services.clock.hold_still().await };
        let now = run.services.clock.now();
        if letter.lease_until < now.plus_seconds(MARGIN_SECONDS) {
            continue;
        }
        let (fate, bounced) = attempt(&run, &letter, &draft, now).await;
        drop(place);
        if marks.send(Mark { letter, fate, bounced, _held: Some(held) }).await.is_err() {
            return;
        }
    }
}

/// Tries to send a letter. Answers what became of it, and whether its address does not exist.
async fn attempt(run: &Run, letter: &Due, draft: &Draft, now: Timestamp) -> (Fate, bool) {
    let uncounted = |due| Fate::Later { due, error: String::new(), counted: false };
    if run.stop.is_cancelled() {
        return (uncounted(now), false);
    }
    if run.down.is_cancelled() {
        return (uncounted(now.plus_seconds(DOWN_SECONDS)), false);
    }
    let (domains, domain) = (run.services.mailer.domains(), domains::of(&letter.email));
    if let Some(until) = domains.and_then(|domains| domains.paused_until(&domain, now)) {
        return (uncounted(until), false);
    }
    let sending = run.services.mailer.send(letter, draft, now);
    let sent = traces::within(traces::letter(&letter.kind), sending).await;
    if let Some(domains) = domains
        && matches!(sent, Ok(()) | Err(Fault::Never { .. }))
    {
        domains.listens(&domain);
    }
    match sent {
        Ok(()) => {
            run.sent.fetch_add(1, Ordering::Relaxed);
            (Fate::Sent, false)
        }
        Err(Fault::Later(error)) => (later(letter, now, error), false),
        Err(Fault::Busy(error)) => {
            let until = domains.map(|domains| domains.is_busy(&domain, now));
            let fate = match (later(letter, now, error), until) {
                (Fate::Later { due, error, counted }, Some(until)) => {
                    Fate::Later { due: due.max(until), error, counted }
                }
                (fate, _) => fate,
            };
            (fate, false)
        }
        Err(Fault::Never { error, address }) => {
            let why = mask::masked(&error);
            tracing::warn!(letter = %letter.id, kind = %letter.kind, %why, "a letter was refused");
            (Fate::Failed { error }, address)
        }
        Err(Fault::Down(error)) => {
            if !run.down.is_cancelled() {
                tracing::error!(error, "the mail server does not take letters");
            }
            run.down.cancel();
            (Fate::Later { due: now.plus_seconds(DOWN_SECONDS), error, counted: false }, false)
        }
    }
}

/// Another attempt after a pause that grows: 15 s, 1, 4, 16 minutes, then every four hours.
fn later(letter: &Due, now: Timestamp, error: String) -> Fate {
    if letter.attempts >= MOST_ATTEMPTS {
        return Fate::Failed { error };
    }
    let quarters = u32::try_from(letter.attempts.clamp(1, 6) - 1).unwrap_or(0);
    let seconds = (15 * 4i64.pow(quarters)).min(4 * 3600);
    Fate::Later { due: now.plus_seconds(seconds), error, counted: true }
}

/// Commits marks in the groups in which they come while the last commit was under way.
async fn mark_all(run: &Run, mut marks: mpsc::Receiver<Mark>) -> Result<()> {
    let mut group = Vec::with_capacity(UNMARKED);
    while marks.recv_many(&mut group, UNMARKED).await > 0 {
        let mut tries = 0;
        while let Err(error) = commit(run, &group).await {
            tries += 1;
            tracing::error!(%error, tries, "what became of letters could not be written down");
            if tries == 5 {
                run.down.cancel();
                return Err(error);
            }
            run.services.clock.sleep(Duration::from_millis(300)).await;
        }
        group.clear();
    }
    Ok(())
}

async fn commit(run: &Run, group: &[Mark]) -> Result<()> {
    let now = run.services.clock.now();
    let mut tx = run.services.db.begin_together().await?;
    let sent: Vec<&str> = group.iter().filter(|m| matches!(m.fate, Fate::Sent)).map(|m| m.letter.id.as_str()).collect();
    letters::mark_sent(&mut tx, now, &sent).await?;
    for mark in group.iter().filter(|mark| !matches!(mark.fate, Fate::Sent)) {
        letters::mark(&mut tx, now, &mark.letter, &mark.fate).await?;
        if mark.bounced {
            jobs::enqueue(&mut tx, now, BOUNCED, &mark.letter.user_id, now).await?;
        }
    }
    // no public page shows it, and the worker finds the job at its next look
    Ok(tx.commit_quietly().await?)
}

//! One deed done to many things: tried first, confirmed with a reason, carried out by a job that can be stopped at any instant.

use crate::features::approvals::Decider;
use crate::features::desk::{BulkLineState, CARRY_OUT, Deed, Line, Refusal, Run, RunState, Tally, remind, store};
use crate::features::users::StaffRole;
use crate::features::{approvals, cases, evidence, outcomes, users};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::{Services, history, jobs, random};
use crate::values::Timestamp;

/// The most things of one run.
pub const MOST: usize = 500;
/// How long the job works before it lets others go first, in seconds; well within its lease.
const PATIENCE_SECONDS: i64 = 45;
/// What stands for the reason while a deed is only tried.
const TRIED: &str = "-";

impl Deed {
    /// Who may do it: one of these roles is enough.
    pub fn roles(self) -> &'static [StaffRole] {
        match self {
            Deed::CloseCases | Deed::AssignCases => &[StaffRole::Treasurer],
            Deed::ShowNotes | Deed::AcceptEvidence | Deed::RemindOwners => &[StaffRole::Reviewer, StaffRole::Expert],
        }
    }

    /// The state its things leave, and the one they get: keys of texts.
    pub fn states(self) -> (&'static str, &'static str) {
        match self {
            Deed::CloseCases => ("case-state-open", "case-state-closed"),
            Deed::ShowNotes => ("note-state-waiting", "note-state-shown"),
            Deed::AcceptEvidence => ("evidence-state-waiting", "evidence-state-accepted"),
            Deed::AssignCases => ("case-state-open", "case-state-assigned"),
            Deed::RemindOwners => ("remind-before", "remind-after"),
        }
    }
}

/// What is done to many things: the deed, by whom, and to whom things are assigned (empty where nothing is).
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    pub deed: Deed,
    pub by: &'a str,
    pub target: &'a str,
}

impl Order<'_> {
    fn of(run: &Run) -> Order<'_> {
        Order { deed: run.kind, by: &run.made_by, target: &run.target }
    }

    /// Does it to one thing.
    async fn perform(self, tx: &mut Tx, subject_id: &str, reason: &str, now: Timestamp) -> Result<()> {
        let by = self.by;
        match self.deed {
            Deed::CloseCases => {
                cases::actions::find(tx, subject_id).await?.ok_or(Refusal::Gone)?;
                let by = Decider { user_id: by, fresh_until: now };
                cases::desk::explain(tx, by, subject_id, reason, now).await
            }
            Deed::AssignCases => {
                cases::actions::find(tx, subject_id).await?.ok_or(Refusal::Gone)?;
                cases::desk::assign(tx, subject_id, self.target, by, reason, now).await
            }
            Deed::ShowNotes => outcomes::notes::show(tx, subject_id, by, now).await,
            Deed::AcceptEvidence => evidence::actions::accept(tx, subject_id, by, now).await,
            Deed::RemindOwners => remind::remind(tx, subject_id, by, reason, now).await,
        }
    }
}

/// Prepares a run: the deed is tried on each thing and undone at once, so that what will be refused is known before anything happens. Things
/// that are named twice count once; beyond [`MOST`] they are left out. Answers the run's id.
///
/// # Errors
/// A [`Refusal`]: nothing was chosen, or the person may not do it.
pub async fn prepare(s: &Services, order: Order<'_>, subjects: Vec<String>, now: Timestamp) -> Result<String> {
    require(&mut *s.db.read().await?, order.deed, order.by).await?;
    let mut lines: Vec<Line> = Vec::new();
    for subject_id in subjects.into_iter().take(MOST) {
        if lines.iter().any(|line| line.subject_id == subject_id) {
            continue;
        }
        let mut tx = s.db.begin().await?;
        let tried = order.perform(&mut tx, &subject_id, TRIED, now).await;
        drop(tx);
        let refusal = refusal_of(tried)?;
        lines.push(Line {
            id: random::id("bll", now),
            position: i64::try_from(lines.len() + 1).unwrap_or(i64::MAX),
            subject_id,
            state: if refusal.is_empty() { BulkLineState::Waiting } else { BulkLineState::Refused },
            refusal: refusal.to_owned(),
        });
    }
    if lines.is_empty() {
        return Err(Refusal::NothingChosen.into());
    }
    let run = Run {
        id: random::id("blk", now),
        kind: order.deed,
        state: RunState::Prepared,
        made_by: order.by.to_owned(),
        made_at: now,
        reason: String::new(),
        target: order.target.to_owned(),
        started_at: None,
        ended_at: None,
    };
    let mut tx = s.db.begin().await?;
    store::insert_run(&mut tx, &run).await?;
    store::insert_lines(&mut tx, &run.id, &lines).await?;
    record(&mut tx, &run, "", RunState::Prepared, "", now).await?;
    tx.commit().await?;
    Ok(run.id)
}

/// Whoever prepared a run lets it begin.
///
/// # Errors
/// A [`Refusal`], or no reason.
pub async fn confirm(tx: &mut Tx, id: &str, by: &str, reason: &str, now: Timestamp) -> Result<()> {
    let reason = approvals::actions::checked_reason(reason)?;
    let run = own(tx, id, by).await?;
    if tally(tx, id).await?.waiting == 0 {
        return Err(Refusal::NothingChosen.into());
    }
    if !store::start_run(tx, id, &reason, now).await? {
        return Err(Refusal::NotPrepared.into());
    }
    jobs::enqueue(tx, now, CARRY_OUT, id, now).await?;
    record(tx, &run, RunState::Prepared.as_str(), RunState::Running, &reason, now).await
}

/// Whoever prepared a run leaves it.
///
/// # Errors
/// A [`Refusal`].
pub async fn drop_it(tx: &mut Tx, id: &str, by: &str, now: Timestamp) -> Result<()> {
    let run = own(tx, id, by).await?;
    if !store::end_run(tx, id, RunState::Prepared, RunState::Dropped, now).await? {
        return Err(Refusal::NotPrepared.into());
    }
    record(tx, &run, RunState::Prepared.as_str(), RunState::Dropped, "", now).await
}

/// The job [`CARRY_OUT`]. `Some`: there is more to do.
///
/// # Errors
/// What is no refusal of a rule; the lines that were done stay done.
pub async fn run(s: &Services, id: &str) -> Result<Option<Timestamp>> {
    let begun = s.clock.now();
    while step(s, id).await? {
        let now = s.clock.now();
        if now.seconds() - begun.seconds() > PATIENCE_SECONDS {
            return Ok(Some(now));
        }
    }
    Ok(None)
}

/// Does the next thing of a run that goes on; when there is none, the run is over. Answers whether there may be another.
///
/// # Errors
/// As [`run`].
pub async fn step(s: &Services, id: &str) -> Result<bool> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let run = get(&mut tx, id).await?;
    if run.state != RunState::Running {
        return Ok(false);
    }
    let Some(line) = store::next_line(&mut tx, id).await? else {
        if store::end_run(&mut tx, id, RunState::Running, RunState::Done, now).await? {
            record(&mut tx, &run, RunState::Running.as_str(), RunState::Done, "", now).await?;
        }
        tx.commit().await?;
        return Ok(false);
    };
    // another worker with the same job finds the line taken
    if !store::end_line(&mut tx, &line.id, BulkLineState::Done, "").await? {
        return Ok(true);
    }
    let done = match require(&mut tx, run.kind, &run.made_by).await {
        Ok(()) => Order::of(&run).perform(&mut tx, &line.subject_id, &run.reason, now).await,
        Err(refused) => Err(refused),
    };
    let refusal = refusal_of(done)?;
    if refusal.is_empty() {
        tx.commit().await?;
        return Ok(true);
    }
    drop(tx);
    let mut tx = s.db.begin().await?;
    store::end_line(&mut tx, &line.id, BulkLineState::Refused, refusal).await?;
    tx.commit().await?;
    Ok(true)
}

/// The key of the sentence by which a deed was refused; empty when it was done.
fn refusal_of(done: Result<()>) -> Result<&'static str> {
    match done {
        Ok(()) => Ok(""),
        Err(Error::Refused(refusal)) => Ok(refusal.key()),
        Err(error) => Err(error),
    }
}

/// Rights are read again at every step: they may have been taken away meanwhile.
async fn require(conn: &mut Conn, deed: Deed, by: &str) -> Result<()> {
    let roles = users::actions::roles(conn, by).await?;
    if roles.iter().any(|role| deed.roles().contains(role)) { Ok(()) } else { Err(Refusal::NoRole.into()) }
}

async fn own(tx: &mut Tx, id: &str, by: &str) -> Result<Run> {
    store::lock_run(tx, id).await?;
    let run = store::run(tx, id).await?.ok_or(Refusal::Gone)?;
    if run.made_by != by {
        return Err(Refusal::NotOwn.into());
    }
    require(tx, run.kind, by).await?;
    Ok(run)
}

async fn record(tx: &mut Tx, run: &Run, from: &str, to: RunState, reason: &str, now: Timestamp) -> Result<()> {
    let (to, actor) = (to.as_str(), run.made_by.as_str());
    let entry = history::Entry { subject: "bulk", subject_id: &run.id, from, to, actor, reason };
    Ok(history::record(tx, now, entry).await?)
}

/// The run with this id; it must be there.
async fn get(conn: &mut Conn, id: &str) -> Result<Run> {
    store::run(conn, id).await?.ok_or_else(|| Error::broken(format!("no run {id}")))
}

/// The run with this id, if there is one.
pub async fn find(conn: &mut Conn, id: &str) -> Result<Option<Run>> {
    Ok(store::run(conn, id).await?)
}

/// The newest runs.
pub async fn latest(conn: &mut Conn, limit: i64) -> Result<Vec<Run>> {
    Ok(store::latest_runs(conn, limit).await?)
}

/// The things of a run.
pub async fn lines(conn: &mut Conn, id: &str) -> Result<Vec<Line>> {
    Ok(store::lines(conn, id).await?)
}

/// How many things of a run are done, wait, and were refused.
pub async fn tally(conn: &mut Conn, id: &str) -> Result<Tally> {
    let mut tally = Tally::default();
    for (state, count) in store::line_counts(conn, id).await? {
        match state {
            BulkLineState::Waiting => tally.waiting = count,
            BulkLineState::Done => tally.done = count,
            BulkLineState::Refused => tally.refused = count,
        }
    }
    Ok(tally)
}

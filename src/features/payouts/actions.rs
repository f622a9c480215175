//! Deciding on tranches: one treasurer proposes, another approves.

use crate::features::approvals::{self, Asked, Decider};
use crate::features::ledger::{self, Account, Check};
use crate::features::payouts::shares::by_shares;
use crate::features::payouts::{PAY, Payable, Refusal, TRANCHES, Tranche, TrancheKind, TrancheState, plan, store};
use crate::features::projects::{Project, ProjectState};
use crate::features::{organisations, projects, rounds};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::{history, jobs, letters, random};
use crate::values::fee::fee_of;
use crate::values::{Cents, Timestamp};

/// Sets `amount` of a project's money aside, the platform's fee included, split over its organisations, and proposes to pay it. Answers
/// the decision's id. What a fixed plan holds back for its parts goes out by the plan.
///
/// # Errors
/// A refusal: more than is payable, a project that ended badly, or one of `approvals`.
pub async fn propose(
    tx: &mut Tx,
    by: Decider<'_>,
    project_id: &str,
    amount: Cents,
    reason: &str,
    now: Timestamp,
) -> Result<String> {
    approvals::actions::require_treasurer(tx, by).await?;
    let owed_to = projects::actions::get(tx, project_id).await?.organisation_id;
    store::lock_totals(tx, project_id, &owed_to).await?;
    // read once more: whoever stopped the project meanwhile was waited for
    let project = projects::actions::get(tx, project_id).await?;
    let left = payable(tx, project_id, &owed_to).await?.left();
    let held_back = plan::held_back(tx, project_id, now).await?;
    if amount <= left && amount.checked_add(held_back).is_none_or(|sum| sum > left) {
        return Err(Refusal::PlanCovers.into());
    }
    set_aside(tx, by, &project, amount, reason, now).await
}

/// The same for a project whose row of totals is locked.
pub(super) async fn set_aside(
    tx: &mut Tx,
    by: Decider<'_>,
    project: &Project,
    amount: Cents,
    reason: &str,
    now: Timestamp,
) -> Result<String> {
    let reason = approvals::actions::checked_reason(reason)?;
    let (project_id, owed_to) = (&project.id, &project.organisation_id);
    if matches!(project.state, ProjectState::Terminated | ProjectState::Withdrawn | ProjectState::Failed) {
        return Err(Refusal::NotPayable.into());
    }
    let payable = ever_payable(tx, project_id, owed_to).await?;
    store::raise_payable(tx, project_id, owed_to, payable).await?;
    if amount <= Cents::ZERO || !store::give(tx, project_id, owed_to, amount).await? {
        return Err(Refusal::TooMuch.into());
    }
    let decision_id = random::id("dec", now);
    for (organisation_id, part) in split(tx, project, amount).await? {
        let tranche = Tranche {
            decision_id: decision_id.clone(),
            organisation_id,
            reason: reason.clone(),
            planned_by: by.user_id.to_owned(),
            ..planned(tx, project, part, now).await?
        };
        store::insert(tx, &tranche).await?;
        step(tx, &tranche, TrancheState::Proposed, by.user_id, &reason, now).await?;
    }
    let content = content(&store::of_decision(tx, &decision_id).await?);
    let asked = Asked { kind: TRANCHES, subject_id: &decision_id, content: &content, reason: &reason };
    approvals::actions::propose(tx, by, asked, now).await?;
    Ok(decision_id)
}

/// A part of a project's money as a tranche of start money, of which the platform keeps its fee; nobody has decided on it yet.
async fn planned(conn: &mut Conn, project: &Project, part: Cents, now: Timestamp) -> Result<Tranche> {
    let fee = fee_of(part, rounds::actions::get(conn, &project.round_id).await?.fee_basis_points);
    Ok(Tranche {
        id: random::id("tra", now),
        decision_id: String::new(),
        project_id: project.id.clone(),
        organisation_id: String::new(),
        owed_to: project.organisation_id.clone(),
        kind: TrancheKind::Start,
        amount: Cents(part.0 - fee.0),
        fee,
        reason: String::new(),
        state: TrancheState::Planned,
        way: String::new(),
        provider_id: None,
        generation: 1,
        waits_for: String::new(),
        planned_by: String::new(),
        created_at: now,
        sent_at: None,
        finished_at: None,
    })
}

/// What two people decided elsewhere.
#[derive(Debug, Clone, Copy)]
pub struct Decided<'a> {
    pub id: &'a str,
    pub reason: &'a str,
    pub proposed_by: &'a str,
    pub approved_by: &'a str,
}

/// Pays result money that a decision of two people released, split over the project's organisations: each tranche is approved and looks
/// for its way at once. The money must stand in the books as payable, and the row of totals be locked.
///
/// # Errors
/// More than became payable, which is a fault of the caller.
pub async fn pay_results(
    tx: &mut Tx,
    project: &Project,
    amount: Cents,
    decided: Decided<'_>,
    now: Timestamp,
) -> Result<()> {
    let (project_id, owed_to) = (&project.id, &project.organisation_id);
    let payable = ever_payable(tx, project_id, owed_to).await?;
    store::raise_payable(tx, project_id, owed_to, payable).await?;
    if amount <= Cents::ZERO || !store::give(tx, project_id, owed_to, amount).await? {
        return Err(Error::broken(format!("{} cents of {} are not payable", amount.0, decided.id)));
    }
    for (organisation_id, part) in split(tx, project, amount).await? {
        let tranche = Tranche {
            decision_id: decided.id.to_owned(),
            organisation_id,
            kind: TrancheKind::Result,
            reason: decided.reason.to_owned(),
            planned_by: decided.proposed_by.to_owned(),
            ..planned(tx, project, part, now).await?
        };
        store::insert(tx, &tranche).await?;
        step(tx, &tranche, TrancheState::Proposed, decided.proposed_by, decided.reason, now).await?;
        let tranche = get(tx, &tranche.id).await?;
        approved(tx, &tranche, decided.approved_by, now).await?;
    }
    Ok(())
}

/// A tranche that two people decided on looks for its way, and its organisation's owners are told.
async fn approved(tx: &mut Tx, tranche: &Tranche, actor: &str, now: Timestamp) -> Result<()> {
    step(tx, tranche, TrancheState::Approved, actor, "", now).await?;
    jobs::enqueue(tx, now, PAY, &tranche.id, now).await?;
    tell_owners(tx, &tranche.organisation_id, "tranche_approved", &tranche.id, now).await
}

/// Who gets which part: partners by their shares, the project's own organisation the rest.
pub async fn split(conn: &mut Conn, project: &Project, amount: Cents) -> Result<Vec<(String, Cents)>> {
    let partners = projects::actions::partners(conn, &project.id).await?;
    by_shares(amount, &project.organisation_id, &partners)
        .ok_or_else(|| Error::broken(format!("the shares of {} are more than the whole", project.id)))
}

/// The canonical list of a decision: what is approved.
pub fn content(tranches: &[Tranche]) -> String {
    let fee = |t: &Tranche| if t.fee == Cents::ZERO { String::new() } else { format!(" fee {}", t.fee.0) };
    let line = |t: &Tranche| format!("{} {} {} {}{}\n", t.id, t.project_id, t.organisation_id, t.amount.0, fee(t));
    let mut lines: Vec<String> = tranches.iter().map(line).collect();
    lines.sort();
    lines.concat()
}

/// The hash over it, to be shown and posted back.
pub fn hash_of(decision_id: &str, tranches: &[Tranche]) -> String {
    approvals::actions::hash(TRANCHES, decision_id, &content(tranches))
}

/// Another treasurer approves exactly these tranches; each looks for its way at once, and its organisation's owners are told.
///
/// # Errors
/// A refusal of `approvals`, or they are no longer proposed.
pub async fn approve(tx: &mut Tx, by: Decider<'_>, decision_id: &str, hash: &str, now: Timestamp) -> Result<()> {
    store::lock_decision(tx, decision_id).await?;
    let tranches = store::of_decision(tx, decision_id).await?;
    approvals::actions::approve(tx, by, (TRANCHES, decision_id), hash, &content(&tranches), now).await?;
    for tranche in &tranches {
        approved(tx, tranche, by.user_id, now).await?;
    }
    Ok(())
}

/// A treasurer takes a proposal back, also one that nobody approved in time; the money can be given out again.
///
/// # Errors
/// No reason, or it is decided.
pub async fn withdraw(tx: &mut Tx, by: Decider<'_>, decision_id: &str, reason: &str, now: Timestamp) -> Result<()> {
    store::lock_decision(tx, decision_id).await?;
    let tranches = store::of_decision(tx, decision_id).await?;
    if tranches.is_empty() || tranches.iter().any(|tranche| tranche.state != TrancheState::Proposed) {
        return Err(approvals::Refusal::NothingProposed.into());
    }
    let reason = approvals::actions::withdraw_if_open(tx, by, (TRANCHES, decision_id), reason, now).await?;
    for tranche in tranches {
        step(tx, &tranche, TrancheState::Withdrawn, by.user_id, &reason, now).await?;
        take_back(tx, &tranche).await?;
    }
    Ok(())
}

/// A tranche's money is payable again.
pub(super) async fn take_back(tx: &mut Tx, tranche: &Tranche) -> Result<()> {
    if store::take_back(tx, &tranche.project_id, &tranche.owed_to, tranche.gross()).await? {
        return Ok(());
    }
    Err(Error::broken(format!("tranche {} was never given", tranche.id)))
}

/// One change of state with its history.
pub(super) async fn step(
    tx: &mut Tx,
    tranche: &Tranche,
    to: TrancheState,
    actor: &str,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    if !tranche.state.may_become(to) || !store::move_to(tx, &tranche.id, tranche.state, to, now).await? {
        return Err(Refusal::NotProposed.into());
    }
    let (subject_id, from) = (tranche.id.as_str(), tranche.state.as_str());
    let entry = history::Entry { subject: "tranche", subject_id, from, to: to.as_str(), actor, reason };
    Ok(history::record(tx, now, entry).await?)
}

/// The same letter for every owner of an organisation, in each one's language.
pub(super) async fn tell_owners(
    tx: &mut Tx,
    organisation_id: &str,
    kind: &'static str,
    cause_id: &str,
    now: Timestamp,
) -> Result<()> {
    let owners = organisations::actions::owners(tx, organisation_id).await?;
    Ok(letters::queue_many(tx, now, kind, cause_id, &owners).await?)
}

/// All that ever became payable to an organisation for a project, by the books: what left in tranches does not lessen it.
async fn ever_payable(conn: &mut Conn, project_id: &str, organisation_id: &str) -> Result<Cents> {
    let account = Account::OwnerPayable(project_id.to_owned(), organisation_id.to_owned());
    ledger::actions::ever_owed(conn, &account).await
}

/// What of a project's money can be given out.
pub async fn payable(conn: &mut Conn, project_id: &str, organisation_id: &str) -> Result<Payable> {
    let payable = ever_payable(conn, project_id, organisation_id).await?;
    let given = store::given(conn, project_id, organisation_id).await?;
    Ok(Payable { project_id: project_id.to_owned(), organisation_id: organisation_id.to_owned(), payable, given })
}

/// Everything that is or was payable, by the accounts of the books.
pub async fn all_payable(conn: &mut Conn) -> Result<Vec<Payable>> {
    let mut found = Vec::new();
    for (project_id, organisation_id) in ledger::actions::owners_owed(conn).await? {
        found.push(payable(conn, &project_id, &organisation_id).await?);
    }
    Ok(found)
}

/// Locks what can be given out of a project's money: no tranche is proposed until the commit.
pub async fn lock_payable(tx: &mut Tx, project_id: &str, organisation_id: &str) -> Result<()> {
    Ok(store::lock_totals(tx, project_id, organisation_id).await?)
}

/// Whether a tranche of the project is decided on or on its way.
pub async fn has_open_tranches(conn: &mut Conn, project_id: &str) -> Result<bool> {
    Ok(store::open_tranches(conn, project_id).await? > 0)
}

/// The tranches of a decision.
pub async fn of_decision(conn: &mut Conn, decision_id: &str) -> Result<Vec<Tranche>> {
    Ok(store::of_decision(conn, decision_id).await?)
}

/// The tranches that an organisation got or will get, the newest first.
pub async fn of_organisation(conn: &mut Conn, organisation_id: &str) -> Result<Vec<Tranche>> {
    Ok(store::of_organisation(conn, organisation_id).await?)
}

/// The newest tranches of all.
pub async fn latest(conn: &mut Conn, limit: i64) -> Result<Vec<Tranche>> {
    Ok(store::latest(conn, limit).await?)
}

/// All tranches of a project, the oldest first.
pub async fn of_project(conn: &mut Conn, project_id: &str) -> Result<Vec<Tranche>> {
    Ok(store::of_project(conn, project_id).await?)
}

/// The tranches of a project whose money is or was on its way, the oldest first.
pub async fn moved_of(conn: &mut Conn, project_id: &str) -> Result<Vec<Tranche>> {
    Ok(store::moved_of(conn, project_id).await?)
}

/// What the part of a plan is called that a decision was proposed for; empty texts where it was for none.
pub async fn label_of(conn: &mut Conn, decision_id: &str) -> Result<(String, String)> {
    Ok(store::label_of_decision(conn, decision_id).await?.unwrap_or_default())
}

/// The tranche with this id; it must be there.
pub async fn get(conn: &mut Conn, id: &str) -> Result<Tranche> {
    store::by_id(conn, id).await?.ok_or_else(|| Error::broken(format!("no tranche {id}")))
}

/// Checks tranches against what is payable and against the decisions of two people.
pub async fn verify(conn: &mut Conn) -> Result<Vec<Check>> {
    let mut over = Vec::new();
    let totals = store::all_totals(conn).await?;
    let checked = i64::try_from(totals.len()).unwrap_or(i64::MAX);
    for (project_id, organisation_id, given, living) in totals {
        let payable = ever_payable(conn, &project_id, &organisation_id).await?;
        if given != living || given > payable {
            over.push(format!("{project_id}:{organisation_id}"));
        }
    }
    let undecided = store::undecided(conn).await?.into_iter().map(|(id,)| id).collect();
    let count = store::count(conn).await?;
    Ok(vec![
        Check { name: "I7", what: "no project pays out more than became payable", checked, offending: over },
        Check { name: "I8", what: "each payout was approved by a second person", checked: count, offending: undecided },
    ])
}

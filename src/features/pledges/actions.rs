//! What can be done with pledges. Each function changes a pledge, the totals of its project and its history together; money in
//! the books moves in `payments` and `settlement`, in the same transaction.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::features::ledger;
pub use crate::features::pledges::moving::{fits, move_in};
pub use crate::features::pledges::reserving::{Asked, reserve};
pub use crate::features::pledges::verify::{TotalsRow, rebuild_totals, totals_rows, verify};
use crate::features::pledges::{NewPledge, Pledge, PledgeKind, PledgeState, Refusal, Standing, store};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::listing::Wanted;
use crate::infra::{history, jobs};
use crate::values::{Cents, Rikx, Timestamp};

/// The job that brings the papers of a pledge (receipt, invoice, credit note) up to date; served by the noun `receipts`.
pub const PAPERS: &str = "receipts.pledge";

/// The pledge that the same request made before.
///
/// # Errors
/// [`Refusal::KeyReused`] when its key was used for another request.
pub async fn made_before(conn: &mut Conn, new: &NewPledge) -> Result<Option<Pledge>> {
    match store::by_request_key(conn, &new.key_hash()).await? {
        Some(pledge) if pledge.request_hash != new.request_hash() => Err(Refusal::KeyReused.into()),
        found => Ok(found),
    }
}

/// Locks the totals of the pledge's project, then reads the pledge: what is decided next stays true until the commit.
pub async fn lock(tx: &mut Tx, pledge_id: &str) -> Result<Pledge> {
    let project_id = get(tx, pledge_id).await?.project_id;
    store::lock(tx, &project_id).await?;
    get(tx, pledge_id).await
}

/// Locks the totals of a project, so that no pledge of it changes until the commit.
pub async fn lock_project(tx: &mut Tx, project_id: &str) -> Result<()> {
    Ok(store::lock(tx, project_id).await?)
}

/// The bank has it: reserved → processing. The pledge must be locked.
pub async fn begin_processing(tx: &mut Tx, pledge: &Pledge, now: Timestamp) -> Result<()> {
    step(tx, pledge, PledgeState::Processing, "payments", "", now).await
}

/// The payment is safe: → held. The pledge must be locked. An expired pledge whose money came after all is held again when it
/// still fits. Answers `false` when it does not: then nothing is changed.
pub async fn hold(tx: &mut Tx, pledge: &Pledge, now: Timestamp) -> Result<bool> {
    match pledge.state {
        PledgeState::Expired if !hold_again(tx, pledge, "paid after expiry", now).await? => return Ok(false),
        PledgeState::Expired => {}
        PledgeState::Reserved | PledgeState::Processing => {
            step(tx, pledge, PledgeState::Held, "payments", "", now).await?;
        }
        other => return Err(Error::broken(format!("pledge {} is {other} and was paid", pledge.id))),
    }
    store::set_held_at(tx, &pledge.id, now).await?;
    Ok(true)
}

/// Takes its place again when there is still room for it.
async fn hold_again(tx: &mut Tx, pledge: &Pledge, reason: &str, now: Timestamp) -> Result<bool> {
    if !store::reserve(tx, &[(&pledge.project_id, pledge.kept().0)]).await? {
        return Ok(false);
    }
    if !store::move_to(tx, &pledge.id, pledge.state, PledgeState::Held).await? {
        return Err(Error::broken(format!("pledge {} changed while locked", pledge.id)));
    }
    store::shift(tx, &pledge.project_id, pledge.kept().negated(), Cents::ZERO, pledge.kept()).await?;
    record(tx, now, &pledge.id, pledge.state.as_str(), PledgeState::Held, "payments", reason).await?;
    Ok(true)
}

/// Somebody asked their bank to take it back: held → disputed. The pledge must be locked.
pub async fn dispute(tx: &mut Tx, pledge: &Pledge, now: Timestamp) -> Result<()> {
    step(tx, pledge, PledgeState::Disputed, "disputes", "", now).await
}

/// The dispute is won: disputed → held, when there is still room. Answers `false` when there is not: then nothing is changed.
pub async fn hold_after_dispute(tx: &mut Tx, pledge: &Pledge, now: Timestamp) -> Result<bool> {
    if pledge.state != PledgeState::Disputed {
        return Err(Error::broken(format!("pledge {} is {} and its dispute was won", pledge.id, pledge.state)));
    }
    hold_again(tx, pledge, "the dispute was won", now).await
}

/// The dispute is lost, so the backer has the money: disputed or refunding → refunded.
pub async fn lost(tx: &mut Tx, pledge: &Pledge, now: Timestamp) -> Result<()> {
    step(tx, pledge, PledgeState::Refunded, "disputes", "the dispute was lost", now).await
}

/// Part of a held or released pledge goes back; the rest stays as it is. The pledge must be locked.
pub async fn return_part(tx: &mut Tx, pledge: &Pledge, amount: Cents, reason: &str, now: Timestamp) -> Result<()> {
    let from = pledge.state;
    if !matches!(from, PledgeState::Held | PledgeState::Released)
        || !store::return_part(tx, &pledge.id, from, amount).await?
    {
        return Err(Error::broken(format!("{} cents of pledge {} cannot go back", amount.0, pledge.id)));
    }
    if from == PledgeState::Held {
        store::shift(tx, &pledge.project_id, Cents::ZERO, Cents::ZERO, amount.negated()).await?;
    }
    record(tx, now, &pledge.id, from.as_str(), from, "refunds", reason).await
}

/// Nothing was paid: reserved or processing → expired, and the place is free. The pledge must be locked.
pub async fn expire(tx: &mut Tx, pledge: &Pledge, reason: &str, now: Timestamp) -> Result<()> {
    step(tx, pledge, PledgeState::Expired, "payments", reason, now).await
}

/// Keeps a reservation until its session ends.
pub async fn extend(tx: &mut Tx, pledge_id: &str, until: Timestamp) -> Result<()> {
    Ok(store::set_expiry(tx, pledge_id, until).await?)
}

/// The money goes back: held → refunding; also from reserved, processing or expired for money that came too late to count.
pub async fn begin_refund(tx: &mut Tx, pledge: &Pledge, actor: &str, reason: &str, now: Timestamp) -> Result<()> {
    step(tx, pledge, PledgeState::Refunding, actor, reason, now).await
}

/// The money is back: refunding → refunded.
pub async fn refunded(tx: &mut Tx, pledge: &Pledge, now: Timestamp) -> Result<()> {
    step(tx, pledge, PledgeState::Refunded, "refunds", "", now).await
}

/// A refund that had arrived came back from the bank: refunded → refunding, until the backer gives another account.
pub async fn refund_returned(tx: &mut Tx, pledge: &Pledge, now: Timestamp) -> Result<()> {
    step(tx, pledge, PledgeState::Refunding, "refunds", "the bank returned the refund", now).await
}

/// What becomes of held pledges whose project was decided, each with the reason: released, or on their way back. They must be locked.
pub async fn decide(
    tx: &mut Tx,
    decided: &[(&Pledge, &str)],
    to: PledgeState,
    actor: &str,
    now: Timestamp,
) -> Result<()> {
    step_each(tx, decided, PledgeState::Held, to, actor, now).await
}

/// One change of state with the totals and the history that belong to it.
async fn step(tx: &mut Tx, pledge: &Pledge, to: PledgeState, actor: &str, reason: &str, now: Timestamp) -> Result<()> {
    step_each(tx, &[(pledge, reason)], pledge.state, to, actor, now).await
}

/// The same change of several pledges, each with its reason.
async fn step_each(
    tx: &mut Tx,
    stepping: &[(&Pledge, &str)],
    from: PledgeState,
    to: PledgeState,
    actor: &str,
    now: Timestamp,
) -> Result<()> {
    let ids: Vec<&str> = stepping.iter().map(|(pledge, _)| pledge.id.as_str()).collect();
    let are_there = stepping.iter().all(|(pledge, _)| pledge.state == from) && from.may_become(to);
    if !are_there || !store::move_each_to(tx, &ids, from, to).await? {
        return Err(Error::broken(format!("pledges {} cannot go from {from} to {to}", ids.join(", "))));
    }
    let mut kept: BTreeMap<&str, Cents> = BTreeMap::new();
    for (pledge, _) in stepping {
        let sum = kept.entry(&pledge.project_id).or_default();
        *sum = sum.checked_add(pledge.kept()).ok_or_else(|| Error::broken("a sum of pledges does not fit"))?;
    }
    for (project_id, amount) in kept {
        let part = |state: PledgeState| Cents((i64::from(to == state) - i64::from(from == state)) * amount.0);
        let (reserved, processing, held) =
            (part(PledgeState::Reserved), part(PledgeState::Processing), part(PledgeState::Held));
        if (reserved, processing, held) != (Cents::ZERO, Cents::ZERO, Cents::ZERO) {
            store::shift(tx, project_id, reserved, processing, held).await?;
        }
    }
    if to == PledgeState::Held {
        jobs::enqueue_each(tx, now, PAPERS, &ids, now).await?;
    }
    let (from, to, origin) = (from.as_str(), to.as_str(), history::Origin::here());
    let mut changes = Vec::with_capacity(stepping.len());
    for (pledge, reason) in stepping {
        let entry = history::Entry { subject: "pledge", subject_id: &pledge.id, from, to, actor, reason };
        changes.push((origin.clone(), entry));
    }
    Ok(history::record_each(tx, now, &changes).await?)
}

pub(super) async fn record(
    tx: &mut Tx,
    now: Timestamp,
    id: &str,
    from: &str,
    to: PledgeState,
    actor: &str,
    reason: &str,
) -> Result<()> {
    let entry = history::Entry { subject: "pledge", subject_id: id, from, to: to.as_str(), actor, reason };
    Ok(history::record(tx, now, entry).await?)
}

/// The pledge with this id; it must be there.
pub async fn get(conn: &mut Conn, id: &str) -> Result<Pledge> {
    store::by_id(conn, id).await?.ok_or_else(|| Error::broken(format!("no pledge {id}")))
}

/// The pledges with these ids, by id.
pub async fn get_each(conn: &mut Conn, ids: &[&str]) -> Result<HashMap<String, Pledge>> {
    Ok(store::by_ids(conn, ids).await?.into_iter().map(|pledge| (pledge.id.clone(), pledge)).collect())
}

/// The pledge that a form's or caller's key made before.
pub async fn by_request(conn: &mut Conn, new: &NewPledge) -> Result<Option<Pledge>> {
    Ok(store::by_request_key(conn, &new.key_hash()).await?)
}

pub async fn by_reference(conn: &mut Conn, reference: &str) -> Result<Option<Pledge>> {
    Ok(store::by_reference(conn, reference).await?)
}

/// The pledges of a person, the newest first.
pub async fn of_user(conn: &mut Conn, user_id: &str) -> Result<Vec<Pledge>> {
    Ok(store::of_user(conn, user_id).await?)
}

/// All pledges of a person, the oldest first.
pub async fn all_of_user(conn: &mut Conn, user_id: &str) -> Result<Vec<Pledge>> {
    Ok(store::all_of_user(conn, user_id).await?)
}

/// The newest pledges of all.
pub async fn latest(conn: &mut Conn, limit: i64) -> Result<Vec<Pledge>> {
    Ok(store::latest(conn, limit).await?)
}

/// The next people with held or released money in a project, by user, after this one (empty: from the first).
pub async fn backers_after(conn: &mut Conn, project_id: &str, after_user_id: &str, limit: i64) -> Result<Vec<String>> {
    let rows = store::backers_after(conn, project_id, after_user_id, limit).await?;
    Ok(rows.into_iter().map(|(user_id,)| user_id).collect())
}

/// How many different people have held or released money in a project.
pub async fn count_backers(conn: &mut Conn, project_id: &str) -> Result<i64> {
    Ok(store::backers_of(conn, project_id).await?)
}

/// Held and released pledges of a project older than this one, the newest first; an empty id begins with the newest.
pub async fn backing_before(conn: &mut Conn, project_id: &str, before_id: &str, limit: i64) -> Result<Vec<Pledge>> {
    Ok(store::backing_before(conn, project_id, before_id, limit).await?)
}

/// A held pledge as a settlement plan needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldPledge {
    pub id: String,
    pub project_id: String,
    pub user_id: String,
    pub amount: Cents,
}

/// All held pledges of a round in the order of their ids.
pub async fn held_of_round(conn: &mut Conn, round_id: &str) -> Result<Vec<HeldPledge>> {
    let mut pledges: Vec<HeldPledge> = store::held_of_round(conn, round_id)
        .await?
        .into_iter()
        .map(|(id, project_id, user_id, amount)| HeldPledge { id, project_id, user_id, amount })
        .collect();
    // the databases may order text differently; the plan's hash may not
    pledges.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(pledges)
}

/// The first held pledges of a project.
pub async fn held_of_project(conn: &mut Conn, project_id: &str, limit: i64) -> Result<Vec<Pledge>> {
    Ok(store::held_of_project(conn, project_id, limit).await?)
}

/// The ids of the purchases of a project that were ever held, in their order.
pub async fn purchases_of(conn: &mut Conn, project_id: &str) -> Result<Vec<String>> {
    Ok(store::purchases_of(conn, project_id).await?.into_iter().map(|(id,)| id).collect())
}

/// What was added to a pledge of a near miss, the oldest first, whatever became of it.
pub async fn raising(conn: &mut Conn, pledge_id: &str) -> Result<Vec<Pledge>> {
    Ok(store::raising(conn, pledge_id).await?)
}

/// The projects of a round with pledges that are reserved, on their way or held.
pub async fn unsettled_projects(conn: &mut Conn, round_id: &str) -> Result<Vec<String>> {
    Ok(store::unsettled_projects(conn, round_id).await?.into_iter().map(|(id,)| id).collect())
}

/// The released pledges of a project, and what is kept of each.
pub async fn released_of_project(conn: &mut Conn, project_id: &str) -> Result<Vec<(String, Cents)>> {
    Ok(store::released_of_project(conn, project_id).await?)
}

/// How many pledges of a round are in each state.
pub async fn counts_of_round(conn: &mut Conn, round_id: &str) -> Result<HashMap<PledgeState, i64>> {
    Ok(store::open_of_round(conn, round_id).await?.into_iter().collect())
}

/// The ids of a round's pledges in a state.
pub async fn ids_in_state(conn: &mut Conn, round_id: &str, state: PledgeState) -> Result<Vec<String>> {
    Ok(store::ids_in_state(conn, round_id, state).await?.into_iter().map(|(id,)| id).collect())
}

/// Counts what a fund adds to a pledge of a project. Answers `false`, with nothing counted, when it would go beyond the impact value.
pub async fn add_matched(tx: &mut Tx, project_id: &str, amount: Cents) -> Result<bool> {
    Ok(store::add_matched(tx, project_id, amount).await?)
}

/// What a fund had added no longer stands with the pledges: it went back, or on to the project.
pub async fn take_matched(tx: &mut Tx, project_id: &str, amount: Cents) -> Result<()> {
    if store::take_matched(tx, project_id, amount).await? {
        return Ok(());
    }
    Err(Error::broken(format!("{} cents were not matched for project {project_id}", amount.0)))
}

/// What the totals count as matched for each project.
pub async fn matched_totals(conn: &mut Conn) -> Result<BTreeMap<String, Cents>> {
    Ok(store::all_totals(conn).await?.into_iter().map(|totals| (totals.project_id, totals.matched)).collect())
}

/// Opens a project for pledges up to `cap`.
pub async fn open_project(tx: &mut Tx, project_id: &str, cap: Cents) -> Result<()> {
    Ok(store::insert_totals(tx, project_id, cap).await?)
}

/// The next people with a pledge of a round that is paid, being paid or waited for, by user, after this one.
pub async fn backers_of_round_after(
    conn: &mut Conn,
    round_id: &str,
    after_user_id: &str,
    limit: i64,
) -> Result<Vec<String>> {
    Ok(store::backers_of_round_after(conn, round_id, after_user_id, limit).await?.into_iter().map(|(id,)| id).collect())
}

/// What stands for one project.
pub async fn standing(conn: &mut Conn, project_id: &str) -> Result<Standing> {
    let Some(totals) = store::totals(conn, project_id).await? else { return Ok(Standing::default()) };
    let account = ledger::Account::PledgesHeld(project_id.to_owned());
    let held = ledger::actions::balance(conn, &account).await?.negated();
    // most projects have nothing matched, and then there is nothing to fold
    let matched = match totals.matched {
        Cents::ZERO => Cents::ZERO,
        _ => ledger::actions::matched_of(conn, project_id).await?,
    };
    let backers = store::backers_of(conn, project_id).await?;
    let store::Totals { cap, reserved, processing, .. } = totals;
    Ok(Standing { cap, reserved, processing, held, matched, backers })
}

/// What stands for all projects, by id. Four queries, whatever their number.
pub async fn standings(conn: &mut Conn) -> Result<HashMap<String, Standing>> {
    let held = ledger::actions::held_by_project(conn).await?;
    let matched = ledger::actions::matched_by_project(conn).await?;
    let backers: HashMap<String, i64> = store::backers(conn).await?.into_iter().collect();
    let rows = store::all_totals(conn).await?;
    Ok(rows
        .into_iter()
        .map(|store::Totals { project_id: id, cap, reserved, processing, .. }| {
            let held = held.get(&id).copied().unwrap_or_default();
            let matched = matched.get(&id).copied().unwrap_or_default();
            let backers = backers.get(&id).copied().unwrap_or_default();
            (id, Standing { cap, reserved, processing, held, matched, backers })
        })
        .collect())
}

/// Writes pledges made elsewhere (demo, imports) and counts them in the totals of their projects. They must fit: the guard of
/// the totals holds here too. The money of held ones is posted by `payments`.
///
/// # Errors
/// [`Refusal::SoldOut`] when they do not fit.
pub async fn import(tx: &mut Tx, pledges: &[Pledge]) -> Result<()> {
    let mut sums: BTreeMap<&str, [i64; 3]> = BTreeMap::new();
    for pledge in pledges {
        let parts = sums.entry(&pledge.project_id).or_default();
        match pledge.state {
            PledgeState::Reserved => parts[0] += pledge.amount.0,
            PledgeState::Processing => parts[1] += pledge.amount.0,
            PledgeState::Held => parts[2] += pledge.amount.0,
            other => return Err(Error::broken(format!("a pledge cannot be imported as {other}"))),
        }
    }
    for (project_id, [reserved, processing, held]) in sums {
        if !store::reserve(tx, &[(project_id, reserved + processing + held)]).await? {
            return Err(Refusal::SoldOut.into());
        }
        store::shift(tx, project_id, Cents(-processing - held), Cents(processing), Cents(held)).await?;
    }
    Ok(store::import(tx, pledges).await?)
}

/// Whether a backer's public name may be shown, and which.
pub fn public_name(pledge: &Pledge) -> Option<&str> {
    let name = if pledge.kind == PledgeKind::Purchase { &pledge.company_name } else { &pledge.name };
    (pledge.anonymous == 0 && !name.is_empty()).then_some(name)
}

/// A part of the pledges for the team's list.
pub async fn listed(conn: &mut Conn, wanted: &Wanted) -> Result<Vec<Pledge>> {
    Ok(store::listed(conn, wanted).await?)
}

/// How many pledges of that list are in each state, whichever state is wanted, and what they come to.
pub async fn listed_sums(conn: &mut Conn, wanted: &Wanted) -> Result<Vec<(PledgeState, i64, Cents, Rikx)>> {
    Ok(store::listed_sums(conn, wanted).await?)
}

/// How many pledges there are in a state.
pub async fn count_in(conn: &mut Conn, state: PledgeState) -> Result<i64> {
    Ok(store::count_in(conn, state).await?)
}

/// How many pledges there are in each state.
pub async fn counts(conn: &mut Conn) -> Result<HashMap<PledgeState, i64>> {
    Ok(store::counts(conn).await?.into_iter().collect())
}

/// Who has money in a project, held or released, among the users from `first` to `last`.
pub async fn backers_between(conn: &mut Conn, project_id: &str, first: &str, last: &str) -> Result<HashSet<String>> {
    let backers = store::backers_between(conn, project_id, first, last).await?;
    Ok(backers.into_iter().map(|(user_id,)| user_id).collect())
}

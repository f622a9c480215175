//! What can be done with funds: setting one up, deciding about it by two people, money in and money back to the giver.

use crate::features::approvals::{self, Asked, Decider, Proposal};
use crate::features::ledger::{self, Account, Kind, Posting};
use crate::features::match_funds::{Decision, Fund, FundState, GiveBack, GiveBackState, Refusal, Terms, store};
use crate::features::{organisations, projects, rounds};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::{history, random};
use crate::values::{Cents, Timestamp};

pub use crate::features::match_funds::matching::{
    Released, add, follow, follow_each, give_up, lock_for, lock_of_projects, release,
};
pub use crate::features::match_funds::reading::{
    all, by_id, give_backs, of_giver, of_pledge, offers, on_raise, projects_of, released_of_project, reserved_of_round,
    used, would_add,
};
pub use crate::features::match_funds::verify::verify;

/// Who acts when the bank's statement tells of a give-back.
const BANK: &str = "bank";
/// And when it is the rule of a round.
const ACTOR: &str = "match_funds";

/// Sets up a fund for a round, as a draft. Answers its id.
///
/// # Errors
/// A [`Refusal`]: an unknown round, giver or project; or one of the approvals.
pub async fn create(tx: &mut Tx, by: Decider<'_>, round_id: &str, terms: &Terms, now: Timestamp) -> Result<String> {
    approvals::actions::require_treasurer(tx, by).await?;
    rounds::actions::lock(tx, round_id).await?;
    check(tx, round_id, terms).await?;
    let fund = Fund {
        id: random::id("mfd", now),
        round_id: round_id.to_owned(),
        giver_id: terms.giver_id.clone(),
        name_nl: terms.name_nl.clone(),
        name_en: terms.name_en.clone(),
        ratio_percent: terms.ratio_percent,
        most_per_pledge: terms.most_per_pledge,
        most_per_project_percent: terms.most_per_project_percent,
        least_backers: terms.least_backers,
        starting_percent: terms.starting_percent,
        state: FundState::Draft,
        received: Cents::ZERO,
        used: Cents::ZERO,
        given_back: Cents::ZERO,
        created_by: by.user_id.to_owned(),
        created_at: now,
        activated_at: None,
        ended_at: None,
    };
    store::insert(tx, &fund).await?;
    store::set_projects(tx, &fund.id, &terms.project_ids).await?;
    record(tx, &fund.id, "", FundState::Draft, by.user_id, "", now).await?;
    Ok(fund.id)
}

/// Changes the terms of a draft. A proposal to activate it no longer fits then.
///
/// # Errors
/// A [`Refusal`], or one of the approvals.
pub async fn change(tx: &mut Tx, by: Decider<'_>, fund_id: &str, terms: &Terms, now: Timestamp) -> Result<()> {
    approvals::actions::require_treasurer(tx, by).await?;
    let fund = lock(tx, fund_id).await?;
    check(tx, &fund.round_id, terms).await?;
    if !store::update(tx, fund_id, terms).await? {
        return Err(Refusal::Frozen.into());
    }
    store::set_projects(tx, fund_id, &terms.project_ids).await?;
    record(tx, fund_id, fund.state.as_str(), fund.state, by.user_id, "the terms were changed", now).await
}

/// Giver and projects are there, and the projects are of the round.
async fn check(conn: &mut Conn, round_id: &str, terms: &Terms) -> Result<()> {
    if organisations::actions::by_ids(conn, [terms.giver_id.as_str()]).await?.is_empty() {
        return Err(Refusal::NoGiver.into());
    }
    for project_id in &terms.project_ids {
        let project = projects::actions::find(conn, project_id).await?;
        if project.is_none_or(|project| project.round_id != round_id) {
            return Err(Refusal::ProjectsWrong.into());
        }
    }
    Ok(())
}

/// All that is decided on, the same text for the same terms.
async fn content(conn: &mut Conn, fund: &Fund, decision: Decision) -> Result<String> {
    match (decision, fund.state) {
        (Decision::Activate, FundState::Draft) => {}
        (Decision::Activate, _) => return Err(Refusal::NotDraft.into()),
        (Decision::End, FundState::Ended) => return Err(Refusal::AlreadyEnded.into()),
        (Decision::End, _) => return Ok(format!("{decision}\nfund {}\n", fund.id)),
    }
    let projects = projects_of(conn, &fund.id).await?;
    let projects = if projects.is_empty() { "all of the round".to_owned() } else { projects.join(" ") };
    Ok(format!(
        "{decision}\nfund {}\nround {}\ngiver {}\nname {}\nname in English {}\nratio {} percent\nmost per pledge {} cents\n\
         most per project {} percent\nbackers {}\nstarting at {} percent\nprojects {projects}\n",
        fund.id,
        fund.round_id,
        fund.giver_id,
        fund.name_nl,
        fund.name_en,
        fund.ratio_percent,
        fund.most_per_pledge.0,
        fund.most_per_project_percent,
        fund.least_backers,
        fund.starting_percent,
    ))
}

/// A treasurer proposes to activate a fund with exactly these terms, or to end it.
///
/// # Errors
/// A [`Refusal`], or one of the approvals.
pub async fn propose(
    tx: &mut Tx,
    by: Decider<'_>,
    (fund_id, decision): (&str, Decision),
    reason: &str,
    now: Timestamp,
) -> Result<Proposal> {
    let fund = lock(tx, fund_id).await?;
    let content = content(tx, &fund, decision).await?;
    let asked = Asked { kind: decision.as_str(), subject_id: fund_id, content: &content, reason };
    approvals::actions::propose(tx, by, asked, now).await
}

/// Another treasurer approves exactly that; it happens at once.
///
/// # Errors
/// A [`Refusal`], or one of the approvals.
pub async fn approve(
    tx: &mut Tx,
    by: Decider<'_>,
    (fund_id, decision): (&str, Decision),
    hash: &str,
    now: Timestamp,
) -> Result<()> {
    let fund = lock(tx, fund_id).await?;
    let content = content(tx, &fund, decision).await?;
    let approved = approvals::actions::approve(tx, by, (decision.as_str(), fund_id), hash, &content, now).await?;
    let to = match decision {
        Decision::Activate => FundState::Active,
        Decision::End => FundState::Ended,
    };
    if !store::move_to(tx, fund_id, fund.state, to, now).await? {
        return Err(Error::broken(format!("fund {fund_id} changed while it was locked")));
    }
    record(tx, fund_id, fund.state.as_str(), to, by.user_id, &approved.reason, now).await
}

/// A treasurer takes a proposal back.
///
/// # Errors
/// One of the approvals.
pub async fn withdraw(
    tx: &mut Tx,
    by: Decider<'_>,
    (fund_id, decision): (&str, Decision),
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    approvals::actions::withdraw(tx, by, (decision.as_str(), fund_id), reason, now).await
}

/// The proposal about a fund that waits for a second person.
pub async fn proposed(conn: &mut Conn, fund_id: &str, now: Timestamp) -> Result<Option<(Decision, Proposal)>> {
    for decision in Decision::ALL {
        if let Some(open) = approvals::actions::open_of(conn, decision.as_str(), fund_id, now).await? {
            return Ok(Some((*decision, open)));
        }
    }
    Ok(None)
}

/// Money that stands in suspense under `cause_id` is a fund's. Two treasurers decided; the caller ends what waited for it.
///
/// # Errors
/// [`Refusal::AlreadyEnded`]: an ended fund takes nothing more.
pub async fn receive(
    tx: &mut Tx,
    fund_id: &str,
    amount: Cents,
    (cause_id, actor): (&str, &str),
    now: Timestamp,
) -> Result<()> {
    store::lock(tx, fund_id).await?;
    if !store::receive(tx, fund_id, amount).await? {
        return Err(Refusal::AlreadyEnded.into());
    }
    let key = format!("applied:{cause_id}:{fund_id}");
    let held = Account::MatchHeld(fund_id.to_owned());
    let posting =
        Posting::new(Kind::Applied, key, now, actor, cause_id).moving(amount, &Account::Suspense, &held, None);
    if ledger::actions::post(tx, now, &posting).await? {
        return Ok(());
    }
    Err(Error::broken(format!("{cause_id} was given to fund {fund_id} before")))
}

/// Result money of a project that no verified result earned is a fund's now, by the rule of the project's round. `key` names the
/// posting, `cause_id` the decision. A fund that ended meanwhile has it left for its giver.
pub async fn take_over(
    tx: &mut Tx,
    (fund_id, project_id): (&str, &str),
    amount: Cents,
    (key, cause_id): (String, &str),
    now: Timestamp,
) -> Result<()> {
    store::lock(tx, fund_id).await?;
    store::take_over(tx, fund_id, amount).await?;
    let (from, held) = (Account::ResultMoney(project_id.to_owned()), Account::MatchHeld(fund_id.to_owned()));
    let posting = Posting::new(Kind::ResultMoved, key, now, ACTOR, cause_id).moving(amount, &from, &held, None);
    if ledger::actions::post(tx, now, &posting).await? {
        return Ok(());
    }
    Err(Error::broken(format!("fund {fund_id} took over what {cause_id} left before")))
}

/// Sets what is left of an ended fund aside for its giver: `amount` must be all of it. Answers the id of the give-back; the caller
/// plans its transfer in the same transaction.
///
/// # Errors
/// A [`Refusal`]: the fund has not ended, or has nothing or something else left.
pub async fn plan_give_back(tx: &mut Tx, fund_id: &str, amount: Cents, actor: &str, now: Timestamp) -> Result<String> {
    let fund = lock(tx, fund_id).await?;
    if fund.state != FundState::Ended {
        return Err(Refusal::NotEnded.into());
    }
    if amount <= Cents::ZERO || amount != fund.left() || !store::give_back(tx, fund_id, amount).await? {
        return Err(Refusal::NothingLeft.into());
    }
    let (id, fund_id) = (random::id("mgb", now), fund_id.to_owned());
    let one = GiveBack { id, fund_id, amount, state: GiveBackState::Planned, created_at: now, finished_at: None };
    store::insert_give_back(tx, &one).await?;
    record_give_back(tx, &one, "", GiveBackState::Planned, actor, "", now).await?;
    Ok(one.id)
}

/// The bank's statement shows that a give-back left the account.
pub async fn give_back_paid(tx: &mut Tx, id: &str, transfer_id: &str, now: Timestamp) -> Result<()> {
    let one = step_give_back(tx, id, GiveBackState::Planned, GiveBackState::Paid, "", now).await?;
    let held = Account::MatchHeld(one.fund_id);
    let key = format!("match_given_back:{transfer_id}");
    let posting = Posting::new(Kind::MatchGivenBack, key, now, BANK, transfer_id);
    ledger::actions::post(tx, now, &posting.moving(one.amount, &held, &Account::Bank, None)).await?;
    Ok(())
}

/// The giver's bank sent it back: the fund has it again, and two treasurers can decide anew.
pub async fn give_back_returned(tx: &mut Tx, id: &str, transfer_id: &str, why: &str, now: Timestamp) -> Result<()> {
    let one = step_give_back(tx, id, GiveBackState::Paid, GiveBackState::Returned, why, now).await?;
    if !store::give_back(tx, &one.fund_id, one.amount.negated()).await? {
        return Err(Error::broken(format!("fund {} never gave {id} back", one.fund_id)));
    }
    let held = Account::MatchHeld(one.fund_id);
    let key = format!("transfer_returned:{transfer_id}");
    let posting = Posting::new(Kind::TransferReturned, key, now, BANK, transfer_id);
    ledger::actions::post(tx, now, &posting.moving(one.amount, &Account::Bank, &held, None)).await?;
    Ok(())
}

async fn step_give_back(
    tx: &mut Tx,
    id: &str,
    from: GiveBackState,
    to: GiveBackState,
    reason: &str,
    now: Timestamp,
) -> Result<GiveBack> {
    let one = store::give_back_by_id(tx, id).await?.ok_or_else(|| Error::broken(format!("no give-back {id}")))?;
    if !store::move_give_back(tx, id, from, to, now).await? {
        return Err(Error::broken(format!("give-back {id} is {} and cannot become {to}", one.state)));
    }
    record_give_back(tx, &one, from.as_str(), to, BANK, reason, now).await?;
    Ok(one)
}

/// The fund with this id; it must be there.
pub async fn get(conn: &mut Conn, id: &str) -> Result<Fund> {
    store::by_id(conn, id).await?.ok_or_else(|| Error::broken(format!("no match fund {id}")))
}

/// Locks a fund for the rest of the transaction and reads it.
pub async fn lock(tx: &mut Tx, id: &str) -> Result<Fund> {
    store::lock(tx, id).await?;
    get(tx, id).await
}

async fn record(
    tx: &mut Tx,
    id: &str,
    from: &str,
    to: FundState,
    actor: &str,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    let entry = history::Entry { subject: "match_fund", subject_id: id, from, to: to.as_str(), actor, reason };
    Ok(history::record(tx, now, entry).await?)
}

async fn record_give_back(
    tx: &mut Tx,
    one: &GiveBack,
    from: &str,
    to: GiveBackState,
    actor: &str,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    let entry =
        history::Entry { subject: "match_give_back", subject_id: &one.id, from, to: to.as_str(), actor, reason };
    Ok(history::record(tx, now, entry).await?)
}

//! Adding to a pledge and taking it back. Every function here comes after the totals of the project were locked, locks the funds
//! in the order of their creation, and posts last. Whoever has money of a pledge to post besides locks them before it ([`lock_for`]).

use std::collections::BTreeSet;

use crate::features::ledger::{self, Account, Kind, Posting};
use crate::features::match_funds::actions::get;
use crate::features::match_funds::{Fund, FundState, Match, MatchState, Room, store};
use crate::features::pledges::{self, Pledge, PledgeState};
use crate::features::projects::{self, ProjectState};
use crate::features::rounds;
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::planted::{self, Mistake};
use crate::infra::{history, random};
use crate::values::{Cents, Timestamp};

/// Who acts, in history and books.
const ACTOR: &str = "match_funds";

/// A pledge has just become held and its money is in the books: each fund that is for its project adds what its rule says, as long
/// as the project is for sale or a near miss that waits. The totals of the project must be locked.
pub async fn add(tx: &mut Tx, pledge_id: &str, now: Timestamp) -> Result<()> {
    let pledge = pledges::actions::get(tx, pledge_id).await?;
    if pledge.state != PledgeState::Held {
        return Err(Error::broken(format!("pledge {pledge_id} is {} and cannot be matched", pledge.state)));
    }
    let funds = store::active_for(tx, &pledge.round_id, &pledge.project_id).await?;
    if funds.is_empty() {
        return Ok(());
    }
    let state = projects::actions::get(tx, &pledge.project_id).await?.state;
    if !matches!(state, ProjectState::Listed | ProjectState::NearMiss) {
        return Ok(());
    }
    for fund in funds {
        add_of(tx, &fund.id, &pledge, now).await?;
    }
    Ok(())
}

async fn add_of(tx: &mut Tx, fund_id: &str, pledge: &Pledge, now: Timestamp) -> Result<()> {
    store::lock(tx, fund_id).await?;
    let fund = get(tx, fund_id).await?;
    let matched = store::of_pledge(tx, &pledge.id).await?;
    let is_matched = matched.iter().any(|one| one.fund_id == fund.id && one.state != MatchState::Returned);
    if fund.state != FundState::Active || is_matched {
        return Ok(());
    }
    let amount = fund.adds(&room(tx, &fund, pledge).await?);
    if amount == Cents::ZERO || !store::take(tx, &fund.id, amount).await? {
        return Ok(());
    }
    if !pledges::actions::add_matched(tx, &pledge.project_id, amount).await? {
        return Err(Error::broken(format!("a match of pledge {} goes beyond the impact value", pledge.id)));
    }
    let one = Match {
        id: random::id("mat", now),
        fund_id: fund.id.clone(),
        pledge_id: pledge.id.clone(),
        project_id: pledge.project_id.clone(),
        counted: pledge.kept(),
        amount,
        returned: Cents::ZERO,
        state: MatchState::Reserved,
        created_at: now,
        ended_at: None,
    };
    store::insert_match(tx, &one).await?;
    record(tx, &one, "", MatchState::Reserved, "", now).await?;
    let posting = Posting::new(Kind::Matched, format!("matched:{}", one.id), now, ACTOR, &one.id);
    post(tx, posting.moving(amount, &Account::MatchHeld(fund.id), &matched_account(&one), None), now).await
}

/// What stands for the pledge's project at this moment, as a fund's rule wants it.
async fn room(conn: &mut Conn, fund: &Fund, pledge: &Pledge) -> Result<Room> {
    let standing = pledges::actions::standing(conn, &pledge.project_id).await?;
    let project = projects::actions::get(conn, &pledge.project_id).await?;
    let unit_price_eur = rounds::actions::get(conn, &pledge.round_id).await?.unit_price_eur;
    Ok(Room {
        pledge: pledge.kept(),
        cap: standing.cap,
        threshold: project.threshold_price(unit_price_eur),
        held: standing.held,
        backers: standing.backers,
        added: store::added(conn, &fund.id, &pledge.project_id).await?,
        added_before: added_before(conn, &fund.id, pledge.raises_id.as_deref()).await?,
        available: standing.available(),
        unit_price_eur,
    })
}

/// What a fund has added to a pledge of a near miss and to what adds to it, and is not back.
pub(super) async fn added_before(conn: &mut Conn, fund_id: &str, raised_id: Option<&str>) -> Result<Cents> {
    match raised_id {
        Some(raised_id) => Ok(store::added_with_raises(conn, fund_id, raised_id).await?),
        None => Ok(Cents::ZERO),
    }
}

/// Does what [`follow`] does for each of these pledges.
pub async fn follow_each(tx: &mut Tx, pledge_ids: &[&str], now: Timestamp) -> Result<()> {
    for (pledge_id,) in store::reserved_among(tx, pledge_ids).await? {
        follow(tx, &pledge_id, now).await?;
    }
    Ok(())
}

/// Brings the reserved matches of a pledge to where the pledge stands now: while it is held each keeps the pledge's part, and once
/// it is not they are back in their funds. Released ones stay with the project. The totals of the project must be locked.
pub async fn follow(tx: &mut Tx, pledge_id: &str, now: Timestamp) -> Result<()> {
    let matches = store::of_pledge(tx, pledge_id).await?;
    let reserved: Vec<Match> = matches.into_iter().filter(|one| one.state == MatchState::Reserved).collect();
    if reserved.is_empty() || planted::is(Mistake::MatchStays) {
        return Ok(());
    }
    let pledge = pledges::actions::get(tx, pledge_id).await?;
    let unit_price_eur = rounds::actions::get(tx, &pledge.round_id).await?.unit_price_eur;
    for one in reserved {
        let stays = match pledge.state {
            PledgeState::Held => one.stays(pledge.kept(), unit_price_eur),
            PledgeState::Released => one.kept(),
            _ => Cents::ZERO,
        };
        let goes = Cents(one.kept().0 - stays.0);
        if goes > Cents::ZERO {
            let from = [(goes, matched_account(&one))];
            pledges::actions::take_matched(tx, &one.project_id, goes).await?;
            give_back(tx, &one, &from, pledge.state.as_str(), now).await?;
        }
    }
    Ok(())
}

/// Gives parts of a released match back to its fund, because its project was stopped or did not earn them: so much of start and of
/// result money.
pub async fn give_up(
    tx: &mut Tx,
    match_id: &str,
    from: &[(Cents, Account)],
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    let one = of_id(tx, match_id).await?;
    if one.state != MatchState::Released {
        return Err(Error::broken(format!("match {match_id} is {} and cannot be given up", one.state)));
    }
    give_back(tx, &one, from, reason, now).await
}

/// Money of a match goes back to its fund, from where it stands in the books.
async fn give_back(tx: &mut Tx, one: &Match, from: &[(Cents, Account)], reason: &str, now: Timestamp) -> Result<()> {
    let amount: Cents = from.iter().map(|(amount, _)| *amount).sum();
    let is_all = amount == one.kept();
    store::lock(tx, &one.fund_id).await?;
    if !store::return_match(tx, one, amount, is_all.then_some(now)).await? {
        return Err(Error::broken(format!("match {} has not {} cents to return", one.id, amount.0)));
    }
    if !store::put_back(tx, &one.fund_id, amount).await? {
        return Err(Error::broken(format!("fund {} has not used {} cents", one.fund_id, amount.0)));
    }
    let to = if is_all { MatchState::Returned } else { one.state };
    record(tx, one, one.state.as_str(), to, reason, now).await?;
    // what is back already names the step
    let key = format!("match_returned:{}:{}", one.id, one.returned.0);
    let held = Account::MatchHeld(one.fund_id.clone());
    let posting = Posting::new(Kind::MatchReturned, key, now, ACTOR, &one.id);
    let posting = from.iter().fold(posting, |posting, (amount, account)| posting.moving(*amount, account, &held, None));
    post(tx, posting, now).await
}

/// A match of a project that goes on, with its parts of start and result money.
#[derive(Debug, Clone)]
pub struct Released {
    pub match_id: String,
    pub start: Cents,
    pub result: Cents,
}

/// The project goes on: its matches belong to it for good. One posting for all of them, under this key. The totals of the project
/// must be locked.
///
/// # Errors
/// A match that is not reserved any more, or whose parts are not all of it.
pub async fn release(
    tx: &mut Tx,
    (project_id, organisation_id): (&str, &str),
    released: &[Released],
    (key, cause_id): (String, &str),
    now: Timestamp,
) -> Result<()> {
    let start = Account::OwnerPayable(project_id.to_owned(), organisation_id.to_owned());
    let result = Account::ResultMoney(project_id.to_owned());
    let mut posting = Posting::new(Kind::MatchReleased, key, now, ACTOR, cause_id);
    for part in released {
        let one = of_id(tx, &part.match_id).await?;
        if one.kept() != Cents(part.start.0 + part.result.0) || one.project_id != project_id {
            return Err(Error::broken(format!("match {} is not what was decided", one.id)));
        }
        if !store::release_match(tx, &one.id, now).await? {
            return Err(Error::broken(format!("match {} is {} and cannot be released", one.id, one.state)));
        }
        record(tx, &one, one.state.as_str(), MatchState::Released, "", now).await?;
        pledges::actions::take_matched(tx, project_id, one.kept()).await?;
        let from = matched_account(&one);
        posting = posting.moving(part.start, &from, &start, None).moving(part.result, &from, &result, None);
    }
    if posting.is_empty() { Ok(()) } else { post(tx, posting, now).await }
}

/// Locks the funds that add, or have added, to pledges of this project, in the order of their creation. Who posts money of a pledge does
/// this first: the totals of the project come before the funds, and the funds before the books, everywhere.
pub async fn lock_for(tx: &mut Tx, round_id: &str, project_id: &str) -> Result<()> {
    for (_, fund_id) in store::concerned(tx, round_id, project_id).await? {
        store::lock(tx, &fund_id).await?;
    }
    Ok(())
}

/// Locks the funds that have something in these projects, in the order of their creation: for who touches many of their matches.
pub async fn lock_of_projects<'a>(tx: &mut Tx, project_ids: impl IntoIterator<Item = &'a str>) -> Result<()> {
    let mut funds: BTreeSet<(Timestamp, String)> = BTreeSet::new();
    for project_id in project_ids {
        funds.extend(store::in_project(tx, project_id).await?);
    }
    for (_, fund_id) in funds {
        store::lock(tx, &fund_id).await?;
    }
    Ok(())
}

async fn of_id(conn: &mut Conn, id: &str) -> Result<Match> {
    store::match_by_id(conn, id).await?.ok_or_else(|| Error::broken(format!("no match {id}")))
}

fn matched_account(one: &Match) -> Account {
    Account::Matched(one.project_id.clone(), one.fund_id.clone())
}

async fn post(tx: &mut Tx, posting: Posting, now: Timestamp) -> Result<()> {
    if ledger::actions::post(tx, now, &posting).await? {
        return Ok(());
    }
    Err(Error::broken(format!("the books know {posting:?} and its match does not")))
}

async fn record(tx: &mut Tx, one: &Match, from: &str, to: MatchState, reason: &str, now: Timestamp) -> Result<()> {
    let entry = history::Entry { subject: "match", subject_id: &one.id, from, to: to.as_str(), actor: ACTOR, reason };
    Ok(history::record(tx, now, entry).await?)
}

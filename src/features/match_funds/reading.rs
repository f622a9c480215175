//! Funds and matches as others read them.

use crate::features::match_funds::matching::added_before;
use crate::features::match_funds::{Fund, GiveBack, Match, MatchState, Room, store};
use crate::features::pledges::Standing;
use crate::features::projects::Project;
use crate::features::rounds::Round;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::values::Cents;

/// What a fund does for a project at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It adds to the next pledge.
    Adds,
    /// A condition of its rule is not met yet.
    Waits,
    /// It has nothing left, or may not add more to this project.
    Dry,
}

/// How much a fund can still add to a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    pub amount: Cents,
    pub effect: Effect,
}

/// A fund that is for a project, as its page tells of it.
#[derive(Debug, Clone)]
pub struct Offer {
    pub fund: Fund,
    pub left: Left,
}

/// What a fund did in a project.
#[derive(Debug, Clone)]
pub struct Used {
    pub project_id: String,
    /// Waiting for the round to be decided.
    pub reserved: Cents,
    /// The project's for good.
    pub released: Cents,
    /// Back in the fund.
    pub returned: Cents,
    pub matches: i64,
}

/// The active funds that are for a project, with what each can still do there. A rule's limit per pledge is left aside.
pub async fn offers(conn: &mut Conn, project: &Project, round: &Round, standing: &Standing) -> Result<Vec<Offer>> {
    let mut offers = Vec::new();
    for fund in store::active_for(conn, &project.round_id, &project.id).await? {
        let room = room(conn, &fund, (project, round), standing, standing.cap).await?;
        let boundless = Fund {
            ratio_percent: 100,
            most_per_pledge: standing.cap,
            least_backers: 0,
            starting_percent: 0,
            ..fund.clone()
        };
        let amount = boundless.adds(&room);
        let endless = Fund {
            received: Cents(i64::MAX),
            used: Cents::ZERO,
            given_back: Cents::ZERO,
            most_per_project_percent: 100,
            ..fund.clone()
        };
        let wide = Room { available: standing.cap, added: Cents::ZERO, ..room };
        let effect = match (amount, endless.adds(&wide)) {
            (Cents::ZERO, _) => Effect::Dry,
            (_, Cents::ZERO) => Effect::Waits,
            _ => Effect::Adds,
        };
        offers.push(Offer { fund, left: Left { amount, effect } });
    }
    Ok(offers)
}

/// What the active funds would add to a pledge of this amount if it were paid now, in their order. It promises no more than is
/// sure: who pledges may be known already, so a new backer is not counted.
pub async fn would_add(
    conn: &mut Conn,
    project: &Project,
    round: &Round,
    standing: &Standing,
    amount: Cents,
) -> Result<Vec<(Fund, Cents)>> {
    let mut added = Vec::new();
    let mut after = standing.clone();
    after.held.0 = after.held.0.saturating_add(amount.0);
    for fund in store::active_for(conn, &project.round_id, &project.id).await? {
        let adds = fund.adds(&room(conn, &fund, (project, round), &after, amount).await?);
        if adds > Cents::ZERO {
            after.matched.0 += adds.0;
            added.push((fund, adds));
        }
    }
    Ok(added)
}

/// What each fund would add, at most, to what a backer adds to this pledge of a near miss, and by how many percent of it.
pub async fn on_raise(
    conn: &mut Conn,
    project: &Project,
    round: &Round,
    standing: &Standing,
    pledge_id: &str,
) -> Result<Vec<(Fund, Cents)>> {
    let mut found = Vec::new();
    for offer in offers(conn, project, round, standing).await? {
        let before = added_before(conn, &offer.fund.id, Some(pledge_id)).await?;
        let most = Cents(offer.left.amount.0.min(offer.fund.most_per_pledge.0 - before.0));
        if offer.left.effect == Effect::Adds && most > Cents::ZERO {
            found.push((offer.fund, most));
        }
    }
    Ok(found)
}

async fn room(
    conn: &mut Conn,
    fund: &Fund,
    (project, round): (&Project, &Round),
    standing: &Standing,
    pledge: Cents,
) -> Result<Room> {
    Ok(Room {
        pledge,
        cap: standing.cap,
        threshold: project.threshold_price(round.unit_price_eur),
        held: standing.held,
        backers: standing.backers,
        added: store::added(conn, &fund.id, &project.id).await?,
        added_before: Cents::ZERO,
        available: standing.available(),
        unit_price_eur: round.unit_price_eur,
    })
}

/// The fund with this id, when there is one.
pub async fn by_id(conn: &mut Conn, id: &str) -> Result<Option<Fund>> {
    Ok(store::by_id(conn, id).await?)
}

/// All funds, in the order of creation.
pub async fn all(conn: &mut Conn) -> Result<Vec<Fund>> {
    Ok(store::all(conn).await?)
}

/// The funds of an organisation that were activated, or ended.
pub async fn of_giver(conn: &mut Conn, giver_id: &str) -> Result<Vec<Fund>> {
    Ok(store::of_giver(conn, giver_id).await?)
}

/// The projects a fund is for, by id; none: all of its round.
pub async fn projects_of(conn: &mut Conn, fund_id: &str) -> Result<Vec<String>> {
    let mut ids: Vec<String> = store::projects_of(conn, fund_id).await?.into_iter().map(|(id,)| id).collect();
    // the databases may order text differently; the hash of the terms may not
    ids.sort();
    Ok(ids)
}

/// What a fund did, project by project.
pub async fn used(conn: &mut Conn, fund_id: &str) -> Result<Vec<Used>> {
    let used = |sums: store::Sums| Used {
        project_id: sums.project_id,
        reserved: sums.reserved,
        released: sums.released,
        returned: sums.returned,
        matches: sums.matches,
    };
    Ok(store::sums(conn, fund_id).await?.into_iter().map(used).collect())
}

/// What funds added to a pledge and have not got back: the fund and the amount.
pub async fn of_pledge(conn: &mut Conn, pledge_id: &str) -> Result<Vec<(Fund, Match)>> {
    let mut found = Vec::new();
    for one in store::of_pledge(conn, pledge_id).await? {
        let Some(fund) = store::by_id(conn, &one.fund_id).await? else { continue };
        found.push((fund, one));
    }
    Ok(found)
}

/// The reserved matches of a round, in the order of their ids.
pub async fn reserved_of_round(conn: &mut Conn, round_id: &str) -> Result<Vec<Match>> {
    let mut matches = store::reserved_of_round(conn, round_id).await?;
    matches.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(matches)
}

/// The released matches of a project, in the order of their ids.
pub async fn released_of_project(conn: &mut Conn, project_id: &str) -> Result<Vec<Match>> {
    let mut matches = store::of_project(conn, project_id, MatchState::Released).await?;
    matches.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(matches)
}

/// The give-backs of a fund, the oldest first.
pub async fn give_backs(conn: &mut Conn, fund_id: &str) -> Result<Vec<GiveBack>> {
    Ok(store::give_backs(conn, fund_id).await?)
}

//! The demo's match fund: a housing association that is made up gives to one project of the round that sells. It is set up, filled
//! and begun by two treasurers, as any other.

use crate::app::played_bank;
use crate::features::approvals::Decider;
use crate::features::match_funds::{Decision, Fund, Terms, actions};
use crate::features::pledges::PledgeState;
use crate::features::{bank, match_funds, organisations, pledges, projects, users};
use crate::infra::Services;
use crate::infra::bank::files::Input;
use crate::infra::error::{Error, Result};
use crate::values::Cents;

const GIVER: &str = "woonstichting-de-kade";
const PROJECT: &str = "dam-nederland";
/// What the giver paid in.
const MONEY: Cents = Cents(500_000);
/// What a backer gets at most.
const MOST_PER_PLEDGE: Cents = Cents(10_000);
const MOST_PER_PROJECT_PERCENT: i64 = 30;

/// Writes it, and lets it add to the pledges that are held. Goes on from where it was killed.
///
/// # Errors
/// The database, or a slip in the content.
pub async fn load(s: &Services) -> Result<()> {
    let mut treasurers = Vec::new();
    for email in ["treasurer1@drempel.example", "treasurer2@drempel.example"] {
        let user = users::actions::by_email(&mut *s.db.read().await?, email).await?;
        treasurers.push(user.ok_or_else(|| Error::broken(format!("no {email}")))?.id);
    }
    let fresh_until = s.clock.now().plus_days(1);
    let [one, two] = [0, 1].map(|at| Decider { user_id: &treasurers[at], fresh_until });
    let known = match_funds::actions::all(&mut *s.db.read().await?).await?.pop();
    let fund = match known {
        Some(fund) => fund,
        None => begin(s, one, two).await?,
    };
    if fund.received == Cents::ZERO {
        fill(s, &fund, one, two).await?;
    }
    if fund.used == Cents::ZERO {
        add(s).await?;
    }
    Ok(())
}

async fn begin(s: &Services, one: Decider<'_>, two: Decider<'_>) -> Result<Fund> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let project = projects::actions::by_slug(&mut tx, PROJECT).await?;
    let project = project.ok_or_else(|| Error::broken(format!("no project {PROJECT}")))?;
    let giver = organisations::actions::by_slug(&mut tx, GIVER).await?;
    let giver = giver.ok_or_else(|| Error::broken(format!("no organisation {GIVER}")))?;
    let terms = Terms {
        giver_id: giver.id,
        name_nl: "Buurtfonds De Kade".to_owned(),
        name_en: "Neighbourhood fund De Kade".to_owned(),
        ratio_percent: 100,
        most_per_pledge: MOST_PER_PLEDGE,
        most_per_project_percent: MOST_PER_PROJECT_PERCENT,
        least_backers: 0,
        starting_percent: 0,
        project_ids: vec![project.id],
    };
    let id = actions::create(&mut tx, one, &project.round_id, &terms, now).await?;
    let what = (id.as_str(), Decision::Activate);
    let proposal = actions::propose(&mut tx, one, what, "afgesproken met De Kade", now).await?;
    actions::approve(&mut tx, two, what, &proposal.hash, now).await?;
    let fund = actions::get(&mut tx, &id).await?;
    tx.commit().await?;
    Ok(fund)
}

/// The giver's payment on the statement, which two treasurers give to the fund.
async fn fill(s: &Services, fund: &Fund, one: Decider<'_>, two: Decider<'_>) -> Result<()> {
    let waiting = bank::actions::waiting(&mut *s.db.read().await?, 1).await?;
    if waiting.is_empty() {
        let statement = played_bank::statement(s, MONEY, "Woonstichting De Kade", fund.name_nl.clone()).await?;
        bank::actions::import(s, "statement.xml", Input::InMemory(statement.into()), "demo").await?;
    }
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let line = bank::actions::waiting(&mut tx, 1).await?.pop();
    let line = line.ok_or_else(|| Error::broken("the demo's statement has no line that waits"))?;
    let decided = (bank::Decision::Fund, fund.id.as_str());
    let proposal = bank::actions::propose(&mut tx, one, &line.id, decided, "betaling van De Kade", now).await?;
    bank::actions::approve(&mut tx, two, &line.id, bank::Decision::Fund, &proposal.hash, now).await?;
    Ok(tx.commit().await?)
}

/// What the fund adds to the pledges of the demo, in the order in which they were held.
async fn add(s: &Services) -> Result<()> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let project = projects::actions::by_slug(&mut tx, PROJECT).await?;
    let project = project.ok_or_else(|| Error::broken(format!("no project {PROJECT}")))?;
    pledges::actions::lock_project(&mut tx, &project.id).await?;
    for pledge_id in pledges::actions::ids_in_state(&mut tx, &project.round_id, PledgeState::Held).await? {
        if pledges::actions::get(&mut tx, &pledge_id).await?.project_id == project.id {
            actions::add(&mut tx, &pledge_id, now).await?;
        }
    }
    Ok(tx.commit().await?)
}

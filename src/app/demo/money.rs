//! The demo's money: pledges with payments the sandbox knows, posted in the books; and the closed rounds, closed by two treasurers
//! as any other, only with a clock that shows the past.

use std::collections::HashMap;

use crate::app::demo::content::{self, Company, Content, Recipe};
use crate::app::demo::fund;
use crate::features::approvals::Decider;
use crate::features::pledges::{Pledge, PledgeKind, PledgeState};
use crate::features::projects::{Project, ProjectState};
use crate::features::results::ReleaseState;
use crate::features::rounds::{Round, RoundState};
use crate::features::settlement::{self, SettlementState, Treasurer};
use crate::features::users::{self, User};
use crate::features::{outcomes, payments, pledges, projects, results, rounds};
use crate::infra::clock::Clock;
use crate::infra::db::Tx;
use crate::infra::error::{Error, Result};
use crate::infra::{Services, facts, jobs, letters, random};
use crate::values::text::Email;
use crate::values::{Cents, Lang, Rikx, Timestamp};

/// How long the demo's unpaid pledges wait: long enough to be seen.
const WAITING_DAYS: i64 = 3;

/// The fact that says how far the demo's money has come, so that a program killed meanwhile goes on from there.
const FACT: &str = "demo_money";
const WANTED: &str = "wanted";
const WRITTEN: &str = "written";
const DONE: &str = "done";
/// Why result money was released, as owners and backers read it.
const REPORT: &str = "Het project is afgerond en de resultaten zijn gecontroleerd.";

/// Notes, with the demo's nouns, that their money is still to come.
pub async fn want(tx: &mut Tx) -> Result<()> {
    Ok(facts::set(tx, FACT, WANTED).await?)
}

/// Whether the demo's rounds wait for their money.
pub async fn is_wanted(s: &Services) -> Result<bool> {
    let stage = facts::get(&mut *s.db.read().await?, FACT).await?;
    Ok(stage.is_some_and(|stage| stage != DONE))
}

/// Writes the pledges of all rounds, then closes those whose time is over. The sandbox must be reachable for the refunds; when it
/// is not, they stay due and the worker sends them later.
///
/// # Errors
/// The database, or a slip in the content.
pub async fn load(s: &Services) -> Result<()> {
    let content = content::read()?;
    if facts::get(&mut *s.db.read().await?, FACT).await?.as_deref() == Some(WANTED) {
        write_pledges(s, &content).await?;
    }
    let told = RoundState::Settled.as_str();
    for from in content.rounds.iter().filter(|round| round.status == told) {
        let round = rounds::actions::by_number(&mut *s.db.read().await?, from.number).await?;
        let round = round.ok_or_else(|| Error::broken(format!("no round {}", from.number)))?;
        close(s, &round).await?;
        move_projects_on(s, &content, &round).await?;
    }
    fund::load(s).await?;
    let mut tx = s.db.begin().await?;
    letters::skip_waiting(&mut tx, s.clock.now().plus_days(-1), "demo").await?;
    facts::set(&mut tx, FACT, DONE).await?;
    tx.commit().await?;
    tracing::info!("the demo is complete");
    Ok(())
}

async fn write_pledges(s: &Services, content: &Content) -> Result<()> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let mut people: HashMap<String, User> = HashMap::new();
    let (mut all, mut with_papers) = (Vec::new(), Vec::new());
    for from in &content.projects {
        let project = projects::actions::by_slug(&mut tx, &from.slug).await?;
        let project = project.ok_or_else(|| Error::broken(format!("no project {}", from.slug)))?;
        let round = rounds::actions::get(&mut tx, &project.round_id).await?;
        for recipe in &from.pledges {
            for turn in 0..recipe.repeat.max(1) {
                let person = person(recipe, turn);
                if !people.contains_key(&person.0) {
                    let email = Email::parse(&person.0).ok_or_else(|| Error::broken("an address of the demo"))?;
                    let user = users::actions::known_or_new(&mut tx, &email, Lang::Nl, now).await?;
                    users::actions::rename(&mut tx, &user.id, &person.1).await?;
                    people.insert(person.0.clone(), user);
                }
                let pledge = pledge(recipe, turn, &project, &round, &people[&person.0], &person.1, now)?;
                // who signs in as one of the five backers finds papers of what is still open
                if recipe.backer.as_i64().is_some() && round.state == RoundState::Selling {
                    with_papers.push(pledge.id.clone());
                }
                all.push(pledge);
            }
        }
    }
    pledges::actions::import(&mut tx, &all).await?;
    payments::actions::import(&mut tx, &all, intent).await?;
    for pledge_id in &with_papers {
        jobs::enqueue(&mut tx, now, pledges::actions::PAPERS, pledge_id, now).await?;
    }
    facts::set(&mut tx, FACT, WRITTEN).await?;
    Ok(tx.commit().await?)
}

/// The sandbox knows payments of this name without having seen them.
pub fn intent(pledge: &Pledge) -> String {
    format!("pi_demo_{}_{}", pledge.amount.0, pledge.id)
}

/// Address and name of the person behind a recipe's turn.
fn person(recipe: &Recipe, turn: i64) -> (String, String) {
    match (recipe.backer.as_i64(), recipe.backer.as_str()) {
        (Some(number), _) if recipe.repeat <= 1 => {
            (format!("backer{number}@drempel.example"), format!("Steuner {number}"))
        }
        (Some(number), _) => (format!("backer{}@drempel.example", (number + turn) % 5 + 1), String::new()),
        (None, name) => {
            let name = name.unwrap_or("Steuner");
            let local: String = name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
            (format!("{local}{turn}@backers.example"), name.to_owned())
        }
    }
}

fn pledge(
    recipe: &Recipe,
    turn: i64,
    project: &Project,
    round: &Round,
    user: &User,
    name: &str,
    now: Timestamp,
) -> Result<Pledge> {
    let amount = Cents(recipe.amount_cents);
    let closed = round.closes_at < now;
    let state = PledgeState::from_word(&recipe.state).ok_or_else(|| Error::broken("state of a pledge"))?;
    let kind = PledgeKind::from_word(&recipe.kind).ok_or_else(|| Error::broken("kind of a pledge"))?;
    // turns are spread over the day, and never before the round began
    let reference = if closed { round.closes_at } else { now };
    let at = reference.plus_days(-recipe.days_ago).plus_seconds(-(turn * 611) % 40_000 - 60).max(round.selling_at);
    let company = recipe.company.as_ref();
    let of = |field: fn(&Company) -> &String| company.map(|company| field(company).clone()).unwrap_or_default();
    Ok(Pledge {
        id: random::id("plg", at),
        reference: random::reference(),
        project_id: project.id.clone(),
        round_id: round.id.clone(),
        user_id: user.id.clone(),
        kind,
        amount,
        rikx: Rikx::bought_for(amount, round.unit_price_eur).ok_or_else(|| Error::broken("an amount of the demo"))?,
        state,
        anonymous: i16::from(recipe.anonymous),
        updates: 0,
        name: name.to_owned(),
        language: Lang::Nl,
        company_name: of(|company| &company.name),
        kvk_number: of(|company| &company.kvk_number),
        contract_reference: of(|company| &company.contract_reference),
        po_number: String::new(),
        vat_id: String::new(),
        address: String::new(),
        postcode: String::new(),
        city: String::new(),
        request_hash: String::new(),
        created_at: at,
        expires_at: if state == PledgeState::Held { at } else { now.plus_days(WAITING_DAYS) },
        held_at: (state == PledgeState::Held).then_some(at),
        returned: Cents::ZERO,
        raises_id: None,
    })
}

/// The same services with a clock that shows this moment.
fn at_moment(s: &Services, moment: Timestamp) -> Services {
    let mut past = s.clone();
    past.clock = Clock::default();
    past.clock.set_offset_seconds(moment.seconds() - past.clock.now().seconds());
    past
}

/// The ids of both treasurers.
async fn treasurers(s: &Services) -> Result<Vec<String>> {
    let mut conn = s.db.read().await?;
    let mut treasurers = Vec::new();
    for email in ["treasurer1@drempel.example", "treasurer2@drempel.example"] {
        let user = users::actions::by_email(&mut conn, email).await?;
        treasurers.push(user.ok_or_else(|| Error::broken(format!("no {email}")))?.id);
    }
    Ok(treasurers)
}

/// Closes a round as staff do, an hour after its closing instant.
async fn close(s: &Services, round: &Round) -> Result<()> {
    let hour_after = round.closes_at.plus_seconds(3_600);
    let past = at_moment(s, hour_after);
    let treasurers = treasurers(s).await?;
    let fresh_until = hour_after.plus_days(1);
    let by = |at: usize| Treasurer { user_id: &treasurers[at], fresh_until };
    settlement::actions::begin_due(&past).await?;
    let open = settlement::actions::of_round(&mut *s.db.read().await?, &round.id).await?;
    let approved = match open {
        Some(open) if open.state != SettlementState::Proposed => open,
        open => {
            let now_closing = rounds::actions::get(&mut *s.db.read().await?, &round.id).await?;
            let plan = settlement::actions::fresh_plan(&mut *s.db.read().await?, &now_closing).await?;
            if open.is_none() {
                settlement::actions::propose(&past, &round.id, by(0), &plan.hash, "demo").await?;
            }
            settlement::actions::approve(&past, &round.id, by(1), &plan.hash).await?
        }
    };
    settlement::execute::run(&past, &approved.id).await?;
    for _ in 0..200 {
        if payments::refunds::run(&past).await? == 0 {
            break;
        }
    }
    settlement::execute::run(&past, &approved.id).await
}

/// Funded projects of a closed round go on to the state the content tells.
async fn move_projects_on(s: &Services, content: &Content, round: &Round) -> Result<()> {
    use ProjectState::{Completed, Funded, Reporting, Running};
    for from in content.projects.iter().filter(|project| project.round == round.number) {
        if ProjectState::from_word(&from.status) == Some(Completed) {
            release(s, &from.slug).await?;
        }
    }
    let mut tx = s.db.begin().await?;
    for from in content.projects.iter().filter(|project| project.round == round.number) {
        let told = ProjectState::from_word(&from.status).ok_or_else(|| Error::broken("state of a project"))?;
        for next in [Running, Reporting, Completed] {
            let project = projects::actions::by_slug(&mut tx, &from.slug).await?;
            let project = project.ok_or_else(|| Error::broken(format!("no project {}", from.slug)))?;
            if project.state != told && matches!(project.state, Funded | Running | Reporting) {
                let at = round.closes_at.plus_days(30);
                projects::actions::move_to(&mut tx, &project, next, "demo", "", at).await?;
            }
        }
    }
    Ok(tx.commit().await?)
}

/// The result money of a project that is over is released as staff do, a month after its last day. Nothing when that day still comes.
async fn release(s: &Services, slug: &str) -> Result<()> {
    let mut conn = s.db.read().await?;
    let project = projects::actions::by_slug(&mut conn, slug).await?;
    let project = project.ok_or_else(|| Error::broken(format!("no project {slug}")))?;
    let due = outcomes::actions::figures(&mut conn, &project.id).await?.into_iter().map(|figure| figure.due_day).max();
    drop(conn);
    let month_after = due.and_then(|day| Timestamp::start_of_day(&day)).map(|day| day.plus_days(30));
    let Some(now) = month_after.filter(|moment| *moment <= s.clock.now()) else { return Ok(()) };
    let (past, treasurers) = (at_moment(s, now), treasurers(s).await?);
    let by = |at: usize| Decider { user_id: &treasurers[at], fresh_until: now.plus_days(1) };
    let mut tx = s.db.begin().await?;
    // killed in between, it was released already
    if results::actions::outlook(&mut tx, &project, now).await?.obstacle.is_some() {
        return Ok(());
    }
    let id = results::actions::propose(&mut tx, by(0), &project.id, REPORT, now).await?;
    let outlook = results::actions::outlook(&mut tx, &project, now).await?;
    let hash = results::actions::hash_of(&id, &outlook);
    results::actions::approve(&mut tx, by(1), &project.id, &hash, now).await?;
    tx.commit().await?;
    while results::actions::get(&mut *s.db.read().await?, &id).await?.state == ReleaseState::Approved {
        results::carry_out::run(&past, &id).await?;
    }
    while payments::refunds::run(&past).await? > 0 {}
    Ok(())
}

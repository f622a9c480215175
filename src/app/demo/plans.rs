//! The demo's plans: written, handed in and talked over by the same actions as any other, only with a clock that shows the past.

use std::collections::HashMap;

use crate::app::demo::content::{self, Content};
use crate::app::demo::projects::Known;
use crate::features::outcomes::Promise;
use crate::features::plans::actions::{self, NewPlan};
use crate::features::plans::{CoFunding, Field, FundingState, Risk, TeamFunction, map, review};
use crate::features::projects::plan::Change;
use crate::features::projects::{self, BudgetLine, PlanningStep, Project, Term, Texts};
use crate::features::users;
use crate::infra::db::Tx;
use crate::infra::error::{Error, Result};
use crate::infra::letters;
use crate::values::text::Email;
use crate::values::time::months_after;
use crate::values::{Cents, Timestamp};

/// Days ago: when a plan was begun, handed in, given back, and handed in again.
const BEGUN: i64 = -15;
const HANDED_IN: i64 = -10;
const GIVEN_BACK: i64 = -7;
const AGAIN: i64 = -4;

/// Writes all plans, and what plans bring to projects that are public already.
pub async fn load(
    tx: &mut Tx,
    content: &Content,
    known: &Known,
    projects: &HashMap<String, Project>,
    now: Timestamp,
) -> Result<()> {
    for from in &content.plans {
        let owner = known.makers.get(&from.organisation).map(|(_, owner)| owner.id.clone());
        let owner = owner.ok_or_else(|| Error::broken(format!("the organisation of {}", from.title.nl)))?;
        let project_id = write(tx, from, known, &owner, now.plus_days(BEGUN), now).await?;
        if from.submitted {
            talk_over(tx, from, known, &owner, &project_id, now).await?;
        }
    }
    for from in &content.plan_parts {
        let project = projects.get(&from.project).ok_or_else(|| Error::broken(format!("no {}", from.project)))?;
        actions::put_co_funding(tx, &project.id, &co_funding(&from.co_funding)?).await?;
        actions::put_risks(tx, &project.id, &risks(&from.risks), &team(&from.team)).await?;
    }
    Ok(letters::skip_waiting(tx, now.plus_days(-1), "demo").await?)
}

/// Begins a plan and fills in what the content has; answers the project's id.
async fn write(
    tx: &mut Tx,
    from: &content::Plan,
    known: &Known,
    owner: &str,
    at: Timestamp,
    now: Timestamp,
) -> Result<String> {
    let (organisation, _) = known.makers.get(&from.organisation).ok_or_else(|| Error::broken("a maker"))?;
    let round = known.rounds.get(&from.round).ok_or_else(|| Error::broken("a round of plans"))?;
    let new =
        NewPlan { title: from.title.nl.clone(), minimum: Cents(from.minimum_cents), full: Cents(from.full_cents) };
    let project = actions::begin(tx, organisation, &round.id, &new, owner, at).await?;
    let texts = Texts {
        title_nl: from.title.nl.clone(),
        title_en: from.title.en.clone(),
        aim_nl: from.aim.nl.clone(),
        aim_en: from.aim.en.clone(),
        text_nl: from.text.nl.clone(),
        text_en: from.text.en.clone(),
        target_group_nl: from.target_group.nl.clone(),
        target_group_en: from.target_group.en.clone(),
        contact: from.contact.clone(),
    };
    projects::actions::save_texts(tx, &project.id, project.updated_at, &texts, owner, at).await?;
    let before = from.remarks.iter().find_map(|remark| remark.before.as_ref());
    let participants = before.map_or(from.participants, |before| before.participants);
    let terms = chosen(from, known);
    let version = version_of(tx, &project.id).await?;
    actions::save_people(tx, change(version, &project.id, owner, at), participants, &terms).await?;
    let (latitude, longitude) = map::middle_of(&from.point).unwrap_or_default();
    let version = version_of(tx, &project.id).await?;
    actions::save_place(tx, change(version, &project.id, owner, at), &terms, latitude, longitude).await?;
    let start = from.start_in_days.map(|days| now.plus_days(days).day()).unwrap_or_default();
    let steps: Vec<PlanningStep> =
        from.planning.iter().map(|step| PlanningStep { text_nl: step.nl.clone(), text_en: step.en.clone() }).collect();
    let version = version_of(tx, &project.id).await?;
    actions::save_planning(tx, change(version, &project.id, owner, at), &start, from.months, &steps).await?;
    let version = version_of(tx, &project.id).await?;
    let change_now = change(version, &project.id, owner, at);
    actions::save_budget(tx, change_now, &budget(from), &co_funding(&from.co_funding)?).await?;
    let version = version_of(tx, &project.id).await?;
    actions::save_promises(tx, change(version, &project.id, owner, at), &promises(from, &start)).await?;
    let version = version_of(tx, &project.id).await?;
    let change_now = change(version, &project.id, owner, at);
    actions::save_risks(tx, change_now, &risks(&from.risks), &team(&from.team)).await?;
    Ok(project.id)
}

/// Handed in, given back with remarks, answered, and handed in again.
async fn talk_over(
    tx: &mut Tx,
    from: &content::Plan,
    known: &Known,
    owner: &str,
    project_id: &str,
    now: Timestamp,
) -> Result<()> {
    let reviewer = Email::parse("reviewer@drempel.example").ok_or_else(|| Error::broken("an address"))?;
    let reviewer = users::actions::by_email(tx, reviewer.as_str()).await?;
    let reviewer = reviewer.ok_or_else(|| Error::broken("no reviewer"))?.id;
    actions::submit(tx, project_id, owner, now.plus_days(HANDED_IN)).await?;
    let mut ids = Vec::new();
    for remark in &from.remarks {
        let field = Field::from_word(&remark.field).ok_or_else(|| Error::broken("a field of a plan"))?;
        let at = now.plus_days(GIVEN_BACK);
        ids.push(review::comment(tx, project_id, field, &remark.text, &reviewer, at).await?);
    }
    review::give_back(tx, project_id, &reviewer, now.plus_days(GIVEN_BACK)).await?;
    let at = now.plus_days(AGAIN);
    let version = version_of(tx, project_id).await?;
    let change_now = change(version, project_id, owner, at);
    actions::save_people(tx, change_now, from.participants, &chosen(from, known)).await?;
    for (id, remark) in ids.iter().zip(&from.remarks) {
        review::answer(tx, project_id, id, &remark.answer, owner, at).await?;
    }
    actions::submit(tx, project_id, owner, at).await?;
    Ok(())
}

async fn version_of(tx: &mut Tx, project_id: &str) -> Result<Timestamp> {
    Ok(projects::actions::get(tx, project_id).await?.updated_at)
}

fn change<'a>(version: Timestamp, project_id: &'a str, actor: &'a str, now: Timestamp) -> Change<'a> {
    Change { project_id, version, actor, now }
}

fn chosen<'a>(from: &content::Plan, known: &'a Known) -> Vec<&'a Term> {
    let is_chosen = |term: &&Term| from.terms.get(term.kind.as_str()).is_some_and(|codes| codes.contains(&term.code));
    known.terms.iter().filter(is_chosen).collect()
}

fn budget(from: &content::Plan) -> Vec<BudgetLine> {
    let line = |line: &content::BudgetLine| BudgetLine {
        label_nl: line.label.nl.clone(),
        label_en: line.label.en.clone(),
        minimum_cents: Cents(line.minimum_cents),
        full_cents: Cents(line.full_cents),
    };
    from.budget.iter().map(line).collect()
}

fn promises(from: &content::Plan, start: &str) -> Vec<Promise> {
    let promise = |(position, promise): (i64, &content::PlanPromise)| Promise {
        position,
        indicator: promise.indicator.clone(),
        baseline: promise.baseline,
        target: promise.target,
        due_day: months_after(start, promise.due_months).unwrap_or_default(),
        share_percent: promise.share_percent,
        floor_percent: 0,
        cap_percent: 100,
    };
    (1..).zip(&from.promises).map(promise).collect()
}

fn co_funding(from: &[content::Funder]) -> Result<Vec<CoFunding>> {
    let funder = |funder: &content::Funder| {
        let state = FundingState::from_word(&funder.state).ok_or_else(|| Error::broken("state of co-funding"))?;
        Ok(CoFunding { name: funder.name.clone(), amount: Cents(funder.amount_cents), state })
    };
    from.iter().map(funder).collect()
}

fn risks(from: &[content::Danger]) -> Vec<Risk> {
    let risk = |danger: &content::Danger| Risk {
        risk_nl: danger.risk.nl.clone(),
        risk_en: danger.risk.en.clone(),
        measure_nl: danger.measure.nl.clone(),
        measure_en: danger.measure.en.clone(),
    };
    from.iter().map(risk).collect()
}

fn team(from: &[content::Both]) -> Vec<TeamFunction> {
    from.iter().map(|name| TeamFunction { name_nl: name.nl.clone(), name_en: name.en.clone() }).collect()
}

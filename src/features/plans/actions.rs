//! What an owner can do with a plan: begin it, write it part by part, hand it in, take it to another round, withdraw it.

use crate::features::organisations::{self, Organisation};
use crate::features::outcomes::{self, Promise};
use crate::features::plans::content::{Both, Chosen, Content, Cost, Danger, Funder, Outcome, Partner};
use crate::features::plans::{
    Asked, CoFunding, Comment, Refusal, Risk, TeamFunction, Version, asked_rikx, store, takes_plans,
};
use crate::features::projects::plan::{self, Change};
use crate::features::projects::{
    self, BudgetLine, NewProject, PlanningStep, Project, ProjectState, Term, TermKind, Texts, search_text,
};
use crate::features::rounds::{self, Round};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::{letters, random};
use crate::values::text::folded;
use crate::values::{Cents, Timestamp};

/// The duration a new plan begins with, in months.
const USUAL_MONTHS: i64 = 12;
/// The lists on the page "who and how".
pub const PEOPLE_LISTS: [TermKind; 7] = [
    TermKind::Method,
    TermKind::Sector,
    TermKind::Theme,
    TermKind::Tag,
    TermKind::Track,
    TermKind::Function,
    TermKind::LegalBasis,
];

/// What a plan begins with.
#[derive(Debug, Clone)]
pub struct NewPlan {
    pub title: String,
    pub minimum: Cents,
    pub full: Cents,
}

/// Begins a plan for a round.
///
/// # Errors
/// `WindowClosed` when the round takes no plans, `AlreadyBegun` when the organisation has a plan of this name for it: two people were
/// about to write the same.
pub async fn begin(
    tx: &mut Tx,
    organisation: &Organisation,
    round_id: &str,
    new: &NewPlan,
    actor: &str,
    now: Timestamp,
) -> Result<Project> {
    let round = rounds::actions::lock(tx, round_id).await?;
    if !takes_plans(&round, now) {
        return Err(Refusal::WindowClosed.into());
    }
    let own = projects::actions::owned_by(tx, &organisation.id).await?;
    let is_same = |plan: &Project| {
        plan.state.is_plan() && plan.round_id == round.id && folded(&plan.title_nl) == folded(&new.title)
    };
    if own.iter().any(is_same) {
        return Err(Refusal::AlreadyBegun.into());
    }
    let number = plan::next_number(tx).await?;
    let empty = String::new;
    let project = Project {
        id: random::id("prj", now),
        slug: free_slug(tx, &new.title, number).await?,
        number,
        organisation_id: organisation.id.clone(),
        coalition_id: None,
        round_id: round.id,
        state: ProjectState::Draft,
        title_nl: new.title.clone(),
        title_en: empty(),
        aim_nl: empty(),
        aim_en: empty(),
        text_nl: empty(),
        text_en: empty(),
        target_group_nl: empty(),
        target_group_en: empty(),
        participants_target: 0,
        impact: asked_rikx(new.full, round.unit_price_eur),
        threshold: asked_rikx(new.minimum, round.unit_price_eur),
        start_day: empty(),
        months: USUAL_MONTHS,
        contact: empty(),
        picture_id: None,
        picture_alt_nl: empty(),
        picture_alt_en: empty(),
        example: 0,
        created_at: now,
        updated_at: now,
    };
    let new_project = NewProject {
        search_text: search_text(&Texts::of(&project), &organisation.name, &[]),
        project,
        terms: Vec::new(),
        planning: Vec::new(),
        budget: Vec::new(),
        partners: Vec::new(),
    };
    projects::actions::insert(tx, &new_project, actor, now).await?;
    store::put_asked(tx, &new_project.project.id, new.minimum, new.full).await?;
    Ok(new_project.project)
}

/// An address made of the title; with the project's number behind it when another project has it.
async fn free_slug(tx: &mut Tx, title: &str, number: i64) -> Result<String> {
    let words: String = folded(title).chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    let slug: String = words.split_whitespace().collect::<Vec<_>>().join("-").chars().take(60).collect();
    let slug = slug.trim_matches('-');
    if slug.is_empty() {
        return Ok(format!("plan-{number}"));
    }
    let is_taken = projects::actions::by_slug(tx, slug).await?.is_some();
    Ok(if is_taken { format!("{slug}-{number}") } else { slug.to_owned() })
}

/// Saves who takes part and how.
///
/// # Errors
/// As [`plan::begin`]; so for all that follow.
pub async fn save_people(tx: &mut Tx, change: Change<'_>, participants: i64, chosen: &[&Term]) -> Result<()> {
    let project = plan::begin(tx, change).await?;
    plan::set_participants(tx, &project, participants).await?;
    plan::set_terms(tx, &project, &PEOPLE_LISTS, chosen).await?;
    plan::saved(tx, change, "people").await
}

/// Saves the areas and the point on the map; empty coordinates for none.
pub async fn save_place(
    tx: &mut Tx,
    change: Change<'_>,
    areas: &[&Term],
    latitude: &str,
    longitude: &str,
) -> Result<()> {
    let project = plan::begin(tx, change).await?;
    plan::set_terms(tx, &project, &[TermKind::Area], areas).await?;
    store::set_point(tx, &project.id, latitude, longitude).await?;
    plan::saved(tx, change, "place").await
}

pub async fn save_planning(
    tx: &mut Tx,
    change: Change<'_>,
    start_day: &str,
    months: i64,
    steps: &[PlanningStep],
) -> Result<()> {
    let project = plan::begin(tx, change).await?;
    plan::set_planning(tx, &project, start_day, months, steps).await?;
    plan::saved(tx, change, "planning").await
}

/// Saves the budget and money from elsewhere. What is asked for is what the lines sum to, as soon as there are lines.
pub async fn save_budget(
    tx: &mut Tx,
    change: Change<'_>,
    lines: &[BudgetLine],
    co_funding: &[CoFunding],
) -> Result<()> {
    let project = plan::begin(tx, change).await?;
    plan::set_budget(tx, &project, lines).await?;
    let minimum: Cents = lines.iter().map(|line| line.minimum_cents).sum();
    let full: Cents = lines.iter().map(|line| line.full_cents).sum();
    if minimum > Cents::ZERO {
        let price = rounds::actions::get(tx, &project.round_id).await?.unit_price_eur;
        plan::set_asked(tx, &project, asked_rikx(full, price), asked_rikx(minimum, price)).await?;
        store::put_asked(tx, &project.id, minimum, full).await?;
    }
    put_co_funding(tx, &project.id, co_funding).await?;
    plan::saved(tx, change, "budget").await
}

/// Replaces the money from elsewhere.
pub async fn put_co_funding(tx: &mut Tx, project_id: &str, co_funding: &[CoFunding]) -> Result<()> {
    store::delete_co_funding(tx, project_id).await?;
    for (position, funder) in (1..).zip(co_funding) {
        store::add_co_funding(tx, project_id, position, funder).await?;
    }
    Ok(())
}

pub async fn save_promises(tx: &mut Tx, change: Change<'_>, promises: &[Promise]) -> Result<()> {
    let project = plan::begin(tx, change).await?;
    outcomes::actions::replace_promises(tx, &project.id, promises, change.now).await?;
    plan::saved(tx, change, "promises").await
}

pub async fn save_risks(tx: &mut Tx, change: Change<'_>, risks: &[Risk], team: &[TeamFunction]) -> Result<()> {
    let project = plan::begin(tx, change).await?;
    put_risks(tx, &project.id, risks, team).await?;
    plan::saved(tx, change, "risks").await
}

/// Replaces risks and team.
pub async fn put_risks(tx: &mut Tx, project_id: &str, risks: &[Risk], team: &[TeamFunction]) -> Result<()> {
    store::delete_risks(tx, project_id).await?;
    for (position, risk) in (1..).zip(risks) {
        store::add_risk(tx, project_id, position, risk).await?;
    }
    store::delete_team(tx, project_id).await?;
    for (position, function) in (1..).zip(team) {
        store::add_function(tx, project_id, position, function).await?;
    }
    Ok(())
}

/// Hands a plan in: freezes it as a version that reviewers read. Answers the version's number.
///
/// # Errors
/// `NotNow` when it is not in its owner's hands, `WindowClosed`, `Incomplete` when something is missing; those of
/// [`projects::shares::require_ready`] when its organisation is not confirmed or a partner has not agreed.
pub async fn submit(tx: &mut Tx, project_id: &str, actor: &str, now: Timestamp) -> Result<i64> {
    let (round, project) = locked(tx, project_id).await?;
    if !project.state.plan_may_change() {
        return Err(Refusal::NotNow.into());
    }
    if !takes_plans(&round, now) {
        return Err(Refusal::WindowClosed.into());
    }
    let content = content(tx, &project).await?;
    if !content.gaps(&round).is_empty() {
        return Err(Refusal::Incomplete.into());
    }
    projects::shares::require_ready(tx, &project).await?;
    let number = store::versions(tx, project_id).await?.last().map_or(1, |last| last.number + 1);
    let version = Version {
        id: random::id("pvn", now),
        project_id: project.id.clone(),
        number,
        content: serde_json::to_string(&content).map_err(Error::broken)?,
        submitted_by: actor.to_owned(),
        submitted_at: now,
    };
    store::insert_version(tx, &version).await?;
    projects::actions::move_to(tx, &project, ProjectState::Submitted, actor, "", now).await?;
    tell_owners(tx, &project, "plan_submitted", &version.id, now).await?;
    Ok(number)
}

/// Withdraws a plan; nobody but its owner and the team ever saw it, and so it stays.
///
/// # Errors
/// `NotNow` when it is no plan any more.
pub async fn withdraw(tx: &mut Tx, project_id: &str, actor: &str, now: Timestamp) -> Result<()> {
    let project = projects::actions::lock(tx, project_id).await?;
    if !project.state.is_plan() {
        return Err(Refusal::NotNow.into());
    }
    projects::actions::move_to(tx, &project, ProjectState::Withdrawn, actor, "", now).await
}

/// Takes a plan to another round that takes plans. What is asked for stays the same in euros.
///
/// # Errors
/// `WindowClosed` when that round takes none; as [`plan::begin`].
pub async fn move_to_round(tx: &mut Tx, change: Change<'_>, round_id: &str) -> Result<()> {
    let round = rounds::actions::lock(tx, round_id).await?;
    if !takes_plans(&round, change.now) {
        return Err(Refusal::WindowClosed.into());
    }
    let project = plan::begin(tx, change).await?;
    let asked = asked(tx, &project).await?;
    plan::set_round(tx, &project, &round.id).await?;
    let price = round.unit_price_eur;
    plan::set_asked(tx, &project, asked_rikx(asked.full, price), asked_rikx(asked.minimum, price)).await?;
    plan::saved(tx, change, "round").await
}

/// The round and the project, locked in this order.
pub(super) async fn locked(tx: &mut Tx, project_id: &str) -> Result<(Round, Project)> {
    let round_id = projects::actions::get(tx, project_id).await?.round_id;
    let round = rounds::actions::lock(tx, &round_id).await?;
    let project = projects::actions::lock(tx, project_id).await?;
    if project.round_id != round.id {
        return Err(Refusal::NotNow.into()); // it went to another round this very moment
    }
    Ok((round, project))
}

pub(super) async fn tell_owners(
    tx: &mut Tx,
    project: &Project,
    kind: &'static str,
    version_id: &str,
    now: Timestamp,
) -> Result<()> {
    let owners = organisations::actions::owners(tx, &project.organisation_id).await?;
    Ok(letters::queue_many(tx, now, kind, version_id, &owners).await?)
}

/// What was asked for; for a project that was no plan here, what its Rikx cost.
async fn asked(conn: &mut Conn, project: &Project) -> Result<Asked> {
    if let Some(asked) = store::asked(conn, &project.id).await? {
        return Ok(asked);
    }
    let price = rounds::actions::get(conn, &project.round_id).await?.unit_price_eur;
    let (minimum, full) = (project.threshold_price(price), project.cap(price));
    Ok(Asked { minimum, full, latitude: String::new(), longitude: String::new() })
}

/// Where a project is on the map: latitude and longitude; nothing when nobody said.
pub async fn point(conn: &mut Conn, project_id: &str) -> Result<Option<(String, String)>> {
    let asked = store::asked(conn, project_id).await?;
    Ok(asked.filter(|asked| !asked.latitude.is_empty()).map(|asked| (asked.latitude, asked.longitude)))
}

/// Where projects are, of those that said it: project, latitude, longitude.
pub async fn points(conn: &mut Conn) -> Result<Vec<(String, String, String)>> {
    Ok(store::points(conn).await?)
}

/// Money from elsewhere, in the owner's order.
pub async fn co_funding(conn: &mut Conn, project_id: &str) -> Result<Vec<CoFunding>> {
    Ok(store::co_funding(conn, project_id).await?)
}

/// Risks, in the owner's order.
pub async fn risks(conn: &mut Conn, project_id: &str) -> Result<Vec<Risk>> {
    Ok(store::risks(conn, project_id).await?)
}

/// The functions in the team, in the owner's order.
pub async fn team(conn: &mut Conn, project_id: &str) -> Result<Vec<TeamFunction>> {
    Ok(store::team(conn, project_id).await?)
}

/// All versions of a plan, the first one first.
pub async fn versions(conn: &mut Conn, project_id: &str) -> Result<Vec<Version>> {
    Ok(store::versions(conn, project_id).await?)
}

/// The version with this id; it must be there.
pub async fn version(conn: &mut Conn, id: &str) -> Result<Version> {
    store::version_by_id(conn, id).await?.ok_or_else(|| Error::broken(format!("no version {id}")))
}

/// What a version says.
pub fn content_of(version: &Version) -> Result<Content> {
    serde_json::from_str(&version.content).map_err(|e| Error::broken(format!("version {}: {e}", version.id)))
}

/// All remarks on a plan, the oldest first, those the owner does not see yet included.
pub async fn comments(conn: &mut Conn, project_id: &str) -> Result<Vec<Comment>> {
    Ok(store::comments(conn, project_id).await?)
}

/// The whole plan as it stands now.
pub async fn content(conn: &mut Conn, project: &Project) -> Result<Content> {
    let asked = asked(conn, project).await?;
    let terms = projects::actions::terms_of(conn, &project.id).await?;
    let planning = projects::actions::planning(conn, &project.id).await?;
    let budget = projects::actions::budget(conn, &project.id).await?;
    let promises = outcomes::actions::figures(conn, &project.id).await?;
    let risks = store::risks(conn, &project.id).await?;
    let chosen = |term: Term| Chosen { list: term.kind.as_str().to_owned(), code: term.code };
    let cost = |line: BudgetLine| Cost {
        label: Both { nl: line.label_nl, en: line.label_en },
        minimum_cents: line.minimum_cents.0,
        full_cents: line.full_cents.0,
    };
    let outcome = |figure: outcomes::PromiseFigure| Outcome {
        indicator: figure.code,
        baseline: figure.baseline,
        target: figure.target,
        due_day: figure.due_day,
        share_percent: figure.share_percent,
        floor_percent: figure.floor_percent,
        cap_percent: figure.cap_percent,
    };
    let danger = |risk: Risk| Danger {
        risk: Both { nl: risk.risk_nl, en: risk.risk_en },
        measure: Both { nl: risk.measure_nl, en: risk.measure_en },
    };
    let funder = |funder: CoFunding| Funder {
        name: funder.name,
        amount_cents: funder.amount.0,
        state: funder.state.as_str().to_owned(),
    };
    Ok(Content {
        title: Both::new(&project.title_nl, &project.title_en),
        aim: Both::new(&project.aim_nl, &project.aim_en),
        text: Both::new(&project.text_nl, &project.text_en),
        target_group: Both::new(&project.target_group_nl, &project.target_group_en),
        contact: project.contact.clone(),
        participants: project.participants_target,
        terms: terms.into_iter().map(chosen).collect(),
        partners: partners(conn, project).await?,
        latitude: asked.latitude,
        longitude: asked.longitude,
        start_day: project.start_day.clone(),
        months: project.months,
        planning: planning.into_iter().map(|step| Both { nl: step.text_nl, en: step.text_en }).collect(),
        minimum_cents: asked.minimum.0,
        full_cents: asked.full.0,
        budget: budget.into_iter().map(cost).collect(),
        co_funding: store::co_funding(conn, &project.id).await?.into_iter().map(funder).collect(),
        promises: promises.into_iter().map(outcome).collect(),
        risks: risks.into_iter().map(danger).collect(),
        team: store::team(conn, &project.id)
            .await?
            .into_iter()
            .map(|f| Both { nl: f.name_nl, en: f.name_en })
            .collect(),
        picture_id: project.picture_id.clone(),
        picture_alt: Both::new(&project.picture_alt_nl, &project.picture_alt_en),
    })
}

/// Who carries a joint plan out, with the parts they agreed on or are asked to.
async fn partners(conn: &mut Conn, project: &Project) -> Result<Vec<Partner>> {
    let shares = projects::shares::of_project(conn, &project.id).await?;
    let known = organisations::actions::by_ids(conn, shares.iter().map(|share| share.organisation_id.as_str())).await?;
    let named = shares.into_iter().filter_map(|share| {
        let name = known.get(&share.organisation_id)?.name.clone();
        Some(Partner { name, share_percent: share.share_percent })
    });
    Ok(named.collect())
}

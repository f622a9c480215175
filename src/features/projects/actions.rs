//! What can be done with projects.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::features::organisations;
use crate::features::projects::{
    BudgetLine, Filter, Listing, NewProject, Partner, Picture, PlanningStep, Project, ProjectState, Refusal, Sale,
    Term, Texts, search_text, shares, store,
};
use crate::features::rounds::Round;
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::{Services, history};
use crate::values::{Rikx, Timestamp};

/// The most who are answered by one read.
const MOST_TOGETHER: usize = 64;

/// The project with this id; it must be there.
pub async fn get(conn: &mut Conn, id: &str) -> Result<Project> {
    store::by_id(conn, id).await?.ok_or_else(|| Error::broken(format!("no project {id}")))
}

/// The projects with these ids, by id.
pub async fn get_each<'a>(conn: &mut Conn, ids: impl IntoIterator<Item = &'a str>) -> Result<HashMap<String, Project>> {
    Ok(store::by_ids(conn, ids).await?.into_iter().map(|project| (project.id.clone(), project)).collect())
}

/// The project with this id, when there is one.
pub async fn find(conn: &mut Conn, id: &str) -> Result<Option<Project>> {
    Ok(store::by_id(conn, id).await?)
}

/// What decides whether money for a project counts.
pub async fn sale(conn: &mut Conn, id: &str) -> Result<Sale> {
    sales(conn, [id]).await?.pop().ok_or_else(|| Error::broken(format!("no project {id}")))
}

/// The same for several projects, in no order.
pub async fn sales<'a>(conn: &mut Conn, ids: impl IntoIterator<Item = &'a str>) -> Result<Vec<Sale>> {
    Ok(store::sales(conn, ids).await?)
}

/// The same for the project with this slug when everybody may see it. Who asks at the same moment is answered by one read.
pub async fn public_sale(s: &Services, slug: &str) -> Result<Option<Sale>> {
    let room = s.batching.room::<String, Result<Option<Sale>>>(0);
    room.ask(slug.to_owned(), MOST_TOGETHER, |slugs| public_sales(s, slugs)).await
}

async fn public_sales(s: &Services, slugs: Vec<Arc<String>>) -> Vec<Result<Option<Sale>>> {
    let wanted: BTreeSet<&str> = slugs.iter().map(|slug| slug.as_str()).collect();
    let read = async { Ok(store::sales_by_slugs(&mut *s.db.read().await?, wanted).await?) };
    let named: Result<Vec<store::Named>> = read.await;
    let found = named.map(|named| named.into_iter().map(|one| (one.slug, one.sale)).collect::<HashMap<_, _>>());
    let of = |slug: &Arc<String>| match &found {
        Ok(found) => Ok(found.get(slug.as_str()).filter(|sale| sale.state.is_public()).cloned()),
        Err(error) => Err(error.for_another()),
    };
    slugs.iter().map(of).collect()
}

/// Lets the backers of a near miss add to their pledges until a moment.
pub async fn extend(tx: &mut Tx, id: &str, until: Timestamp) -> Result<()> {
    Ok(store::extend(tx, id, until).await?)
}

/// The project with this slug, whatever its state.
pub async fn by_slug(conn: &mut Conn, slug: &str) -> Result<Option<Project>> {
    Ok(store::by_slug(conn, slug).await?)
}

/// The project with this slug when everybody may see it.
pub async fn public_by_slug(conn: &mut Conn, slug: &str) -> Result<Option<Project>> {
    Ok(store::shown_by_slug(conn, slug).await?.filter(|project| project.state.is_public()))
}

/// All projects of a round, by number.
pub async fn of_round(conn: &mut Conn, round_id: &str) -> Result<Vec<Project>> {
    Ok(store::of_round(conn, round_id).await?)
}

/// Moves a project to another state and records who did it and why. One that is withdrawn before everybody could see it stays hidden.
///
/// # Errors
/// `Broken` when the life cycle has no such step or the project was not in that state; on its way to the public what
/// [`shares::require_ready`] refuses.
pub async fn move_to(
    tx: &mut Tx,
    project: &Project,
    to: ProjectState,
    actor: &str,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    if matches!(to, ProjectState::Submitted | ProjectState::Listed) {
        shares::require_ready(tx, project).await?;
    }
    if !project.state.may_become(to) || !store::move_to(tx, &project.id, project.state, to, now).await? {
        return Err(Error::broken(format!("project {} cannot go from {} to {to}", project.id, project.state)));
    }
    if to == ProjectState::Withdrawn && !project.state.is_public() {
        store::plan::hide(tx, &project.id).await?;
    }
    let entry = history::Entry {
        subject: "project",
        subject_id: &project.id,
        from: project.state.as_str(),
        to: to.as_str(),
        actor,
        reason,
    };
    Ok(history::record(tx, now, entry).await?)
}

/// A locked project was carried out: it goes on, step by step, until it is completed.
///
/// # Errors
/// `Broken` when it is not being carried out.
pub async fn complete(tx: &mut Tx, project: &Project, actor: &str, reason: &str, now: Timestamp) -> Result<()> {
    use ProjectState::{Completed, Funded, Reporting, Running};
    let mut project = project.clone();
    while project.state != Completed {
        let next = match project.state {
            Funded => Running,
            Running => Reporting,
            _ => Completed,
        };
        move_to(tx, &project, next, actor, reason, now).await?;
        project.state = next;
    }
    Ok(())
}

/// Sets the figures that a valuation gave a locked project.
///
/// # Errors
/// `Broken` when it is not being valued.
pub async fn set_figures(tx: &mut Tx, project: &Project, impact: Rikx, threshold: Rikx, now: Timestamp) -> Result<()> {
    if store::set_figures(tx, &project.id, impact, threshold, next_version(project, now)).await? {
        return Ok(());
    }
    Err(Error::broken(format!("project {} is not being valued", project.id)))
}

/// Puts a locked project that is being valued into another round, and records who did it.
///
/// # Errors
/// `Broken` when it is not being valued.
pub async fn set_round(tx: &mut Tx, project: &Project, round: &Round, actor: &str, now: Timestamp) -> Result<()> {
    if !store::set_round(tx, &project.id, &round.id, next_version(project, now)).await? {
        return Err(Error::broken(format!("project {} is not being valued", project.id)));
    }
    let state = project.state.as_str();
    let reason = format!("round {}", round.number);
    let entry = history::Entry {
        subject: "project_round",
        subject_id: &project.id,
        from: state,
        to: "moved",
        actor,
        reason: &reason,
    };
    Ok(history::record(tx, now, entry).await?)
}

/// Locks the project for the rest of the transaction and reads it.
pub async fn lock(tx: &mut Tx, id: &str) -> Result<Project> {
    store::lock(tx, id).await?;
    get(tx, id).await
}

/// All projects of an organisation, the newest number first, whatever their state.
pub async fn owned_by(conn: &mut Conn, organisation_id: &str) -> Result<Vec<Project>> {
    Ok(store::owned_by(conn, organisation_id).await?)
}

/// Saves the owner's texts. `version` is the project's `updated_at` when the form was opened.
///
/// # Errors
/// `ChangedMeanwhile` when it was saved since, `TextsFixed` when its state does not allow it.
pub async fn save_texts(
    tx: &mut Tx,
    project_id: &str,
    version: Timestamp,
    texts: &Texts,
    actor: &str,
    now: Timestamp,
) -> Result<()> {
    let project = unchanged(tx, project_id, version).await?;
    let changed = texts.differing(&Texts::of(&project));
    if changed.is_empty() {
        return Ok(());
    }
    let organisation = organisations::actions::get(tx, &project.organisation_id).await?;
    let terms = store::terms_of(tx, &project.id).await?;
    let search = search_text(texts, &organisation.name, &terms.iter().collect::<Vec<_>>());
    store::save_texts(tx, &project.id, texts, &search, next_version(&project, now)).await?;
    note_change(tx, &project, actor, &changed.join(" "), now).await
}

/// Saves picture and its description. A picture that is not changed keeps its id.
///
/// # Errors
/// As [`save_texts`].
pub async fn save_picture(
    tx: &mut Tx,
    project_id: &str,
    version: Timestamp,
    picture: &Picture,
    actor: &str,
    now: Timestamp,
) -> Result<()> {
    let project = unchanged(tx, project_id, version).await?;
    store::save_picture(tx, &project.id, picture, next_version(&project, now)).await?;
    note_change(tx, &project, actor, "picture", now).await
}

/// Gives a project its picture without asking who may change it or when: for what is loaded, not for what somebody sends.
///
/// # Errors
/// The database.
pub async fn put_picture(tx: &mut Tx, project: &Project, picture: &Picture) -> Result<()> {
    Ok(store::save_picture(tx, &project.id, picture, project.updated_at).await?)
}

/// The locked project, when it is still as the form showed it and may be changed.
async fn unchanged(tx: &mut Tx, project_id: &str, version: Timestamp) -> Result<Project> {
    let project = lock(tx, project_id).await?;
    if project.updated_at != version {
        return Err(Refusal::ChangedMeanwhile.into());
    }
    if !project.state.texts_may_change() {
        return Err(Refusal::TextsFixed.into());
    }
    Ok(project)
}

/// Two changes within a millisecond still get different versions.
pub(super) fn next_version(project: &Project, now: Timestamp) -> Timestamp {
    now.max(project.updated_at.plus_millis(1))
}

/// Who changed which texts stays on record: backers read them before they pledged.
pub(super) async fn note_change(tx: &mut Tx, project: &Project, actor: &str, what: &str, now: Timestamp) -> Result<()> {
    let state = project.state.as_str();
    let entry = history::Entry {
        subject: "project_texts",
        subject_id: &project.id,
        from: state,
        to: state,
        actor,
        reason: what,
    };
    Ok(history::record(tx, now, entry).await?)
}

/// Public projects that match the filter, by number.
pub async fn listing(conn: &mut Conn, filter: &Filter) -> Result<Vec<Listing>> {
    Ok(store::listing(conn, filter).await?)
}

/// The funded and running projects that have begun by this day.
pub async fn started(conn: &mut Conn, today: &str) -> Result<Vec<Project>> {
    Ok(store::started(conn, today).await?)
}

/// All terms of all lists.
pub async fn terms(conn: &mut Conn) -> Result<Vec<Term>> {
    Ok(store::terms(conn).await?)
}

/// The terms a project carries, by list.
pub async fn terms_of(conn: &mut Conn, project_id: &str) -> Result<Vec<Term>> {
    Ok(store::terms_of(conn, project_id).await?)
}

/// The planning, in order.
pub async fn planning(conn: &mut Conn, project_id: &str) -> Result<Vec<PlanningStep>> {
    Ok(store::planning(conn, project_id).await?)
}

/// The budget, in the owner's order.
pub async fn budget(conn: &mut Conn, project_id: &str) -> Result<Vec<BudgetLine>> {
    Ok(store::budget(conn, project_id).await?)
}

/// The organisations that carry it out with the maker.
pub async fn partners(conn: &mut Conn, project_id: &str) -> Result<Vec<Partner>> {
    Ok(store::partners(conn, project_id).await?)
}

/// The name of an organisation that carries the project out and of which this user is a member.
pub async fn related(conn: &mut Conn, project: &Project, user_id: &str) -> Result<Option<String>> {
    let mut carried_by: BTreeSet<String> = BTreeSet::from([project.organisation_id.clone()]);
    let partners = partners(conn, &project.id).await?;
    carried_by.extend(partners.into_iter().map(|partner| partner.organisation_id));
    if let Some(coalition_id) = &project.coalition_id {
        let coalition = organisations::actions::coalition(conn, coalition_id).await?;
        carried_by.extend(coalition.founder_id);
        let partners = organisations::actions::partners(conn, coalition_id).await?;
        carried_by.extend(partners.into_iter().map(|partner| partner.id));
    }
    let own = organisations::actions::of_user(conn, user_id).await?;
    Ok(own.into_iter().find(|(own, _)| carried_by.contains(&own.id)).map(|(own, _)| own.name))
}

/// Adds a term to its list; one that is there stays as it is.
pub async fn put_term(tx: &mut Tx, term: &Term) -> Result<()> {
    Ok(store::put_term(tx, term).await?)
}

/// Writes a new project with all that belongs to it, and that it came into being.
pub async fn insert(tx: &mut Tx, new: &NewProject, actor: &str, now: Timestamp) -> Result<()> {
    let project = &new.project;
    store::insert(tx, new).await?;
    for (kind, code) in &new.terms {
        store::add_term(tx, &project.id, *kind, code).await?;
    }
    for (position, step) in (1..).zip(&new.planning) {
        store::add_step(tx, &project.id, position, step).await?;
    }
    for (position, line) in (1..).zip(&new.budget) {
        store::add_budget_line(tx, &project.id, position, line).await?;
    }
    for (position, partner) in (1..).zip(&new.partners) {
        store::add_partner(tx, &project.id, position, partner).await?;
    }
    let entry = history::Entry {
        subject: "project",
        subject_id: &project.id,
        from: "",
        to: project.state.as_str(),
        actor,
        reason: "",
    };
    Ok(history::record(tx, now, entry).await?)
}

/// The highest number of a project; 0 when there is none.
pub async fn highest_number(conn: &mut Conn) -> Result<i64> {
    Ok(store::highest_number(conn).await?)
}

/// The job [`organisations::RENAMED`]: an organisation's projects are found by its new name.
pub async fn find_by_new_name(s: &Services, organisation_id: &str) -> Result<()> {
    let mut tx = s.db.begin().await?;
    let organisation = organisations::actions::get(&mut tx, organisation_id).await?;
    for project in store::owned_by(&mut tx, organisation_id).await? {
        let project = lock(&mut tx, &project.id).await?;
        let terms = store::terms_of(&mut tx, &project.id).await?;
        let terms = terms.iter().collect::<Vec<_>>();
        let search = search_text(&Texts::of(&project), &organisation.name, &terms);
        store::set_search_text(&mut tx, &project.id, &search).await?;
    }
    Ok(tx.commit().await?)
}

//! The texts that are published.

use crate::features::open_data::giving::Package;
use crate::features::open_data::names::written;
use crate::features::open_data::{Publisher, Refusal, cids, giving, tables};
use crate::features::organisations::{self, Organisation};
use crate::features::outcomes;
use crate::features::outcomes::told::Promised;
use crate::features::payouts::{self, Tranche};
use crate::features::pledges::{self, Standing};
use crate::features::projects::{self, Filter, Project, Term};
use crate::features::rounds::Round;
use crate::features::settlement::{self, Decided};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::history::{self, Change};
use crate::values::{Lang, Timestamp};

/// A project with what is published of it.
pub(super) struct Told {
    pub project: Project,
    pub maker: Organisation,
    pub legal: organisations::Legal,
    pub terms: Vec<Term>,
    pub standing: Standing,
    /// The last word on it; nothing before its round is closed.
    pub decided: Option<Decided>,
    /// Money that is or was on its way to organisations, with their names.
    pub tranches: Vec<(Tranche, String)>,
    pub changes: Vec<Change>,
}

impl Told {
    async fn read(conn: &mut Conn, project: Project, decided: Option<Decided>) -> Result<Told> {
        let maker = organisations::actions::get(conn, &project.organisation_id).await?;
        let mut tranches = Vec::new();
        for tranche in payouts::actions::moved_of(conn, &project.id).await? {
            let receiver = organisations::actions::get(conn, &tranche.organisation_id).await?.name;
            tranches.push((tranche, receiver));
        }
        Ok(Told {
            legal: organisations::actions::legal(conn, &maker.id).await?,
            terms: projects::actions::terms_of(conn, &project.id).await?,
            standing: pledges::actions::standing(conn, &project.id).await?,
            changes: history::of(conn, &project.id).await?,
            maker,
            tranches,
            decided,
            project,
        })
    }

    /// When it came into a state for the first time.
    pub fn reached(&self, state: projects::ProjectState) -> Option<Timestamp> {
        self.changes.iter().find(|change| change.to_state == state.as_str()).map(|change| change.at)
    }
}

/// The public projects of a round, by number.
async fn of_round(conn: &mut Conn, round: &Round) -> Result<Vec<Told>> {
    let mut decided = settlement::actions::decisions_of_round(conn, &round.id).await?;
    let listings =
        projects::actions::listing(conn, &Filter { round_id: round.id.clone(), ..Filter::default() }).await?;
    let mut told = Vec::new();
    for listing in listings {
        let project = projects::actions::get(conn, &listing.id).await?;
        let of_project = decided.iter().position(|one| one.project_id == project.id).map(|at| decided.swap_remove(at));
        told.push(Told::read(conn, project, of_project).await?);
    }
    told.sort_by_key(|one| one.project.number);
    Ok(told)
}

/// The package of 360Giving of a round.
///
/// # Errors
/// A [`Refusal`], or the database.
pub async fn giving(
    conn: &mut Conn,
    publisher: &Publisher,
    round: &Round,
    lang: Lang,
    now: Timestamp,
) -> Result<String> {
    if publisher.kvk_number.is_empty() {
        return Err(Refusal::NoFoundation.into());
    }
    let told = of_round(conn, round).await?;
    let grants: Vec<_> = told.iter().filter_map(|told| giving::Grant::of(publisher, round, told, lang)).collect();
    if grants.is_empty() {
        return Err(Refusal::NothingAwarded.into());
    }
    written(&Package::of(publisher, round, grants, lang, now))
}

/// A public project as impact data.
pub async fn cids(conn: &mut Conn, publisher: &Publisher, project: Project, lang: Lang) -> Result<String> {
    let partners = projects::actions::partners(conn, &project.id).await?;
    let mut known = organisations::actions::by_ids(conn, partners.iter().map(|p| p.organisation_id.as_str())).await?;
    known.remove(&project.organisation_id);
    let mut partners: Vec<Organisation> = known.into_values().collect();
    partners.sort_by(|a, b| a.slug.cmp(&b.slug));
    let promised = outcomes::told::of_project(conn, &project.id).await?;
    let told = Told::read(conn, project, None).await?;
    Ok(cids::document(publisher, &told, &partners, &promised, lang))
}

/// The projects of a round with their money, as CSV.
pub async fn projects_csv(conn: &mut Conn, publisher: &Publisher, round: &Round) -> Result<String> {
    let told = of_round(conn, round).await?;
    Ok(tables::projects(publisher, round, &told))
}

/// The promises of a round's projects with their published results, as CSV.
pub async fn results_csv(conn: &mut Conn, round: &Round) -> Result<String> {
    let mut figures: Vec<(Project, Vec<Promised>)> = Vec::new();
    for told in of_round(conn, round).await? {
        let of_project = outcomes::told::of_project(conn, &told.project.id).await?;
        figures.push((told.project, of_project));
    }
    Ok(tables::results(round, &figures))
}

//! The list of projects: every one that was handed in, and what stands for it.

use std::collections::HashMap;

use crate::features::desk::Deed;
use crate::features::pledges::{self, Standing};
use crate::features::projects::{self, Project, ProjectState};
use crate::features::rounds::{self, Round};
use crate::features::staff::list::{List, counted, states};
use crate::features::{organisations, plans};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::listing::{Cell, Column, Field, Found, Kind, Row, Wanted};
use crate::infra::web::Ctx;
use crate::values::text::folded;
use crate::values::{Cents, Timestamp};

pub struct Projects;

impl List for Projects {
    const KEY: &'static str = "projects";
    const TITLE: &'static str = "staff-projects";
    const ORDER: (&'static str, bool) = ("handed_in", true);
    const COLUMNS: &'static [Column] = &[
        Column::new("title", "plans-plan", Kind::Text),
        Column::new("organisation", "plans-organisation", Kind::Text),
        Column::new("round", "staff-round", Kind::Number),
        Column::new("state", "staff-state", Kind::State),
        Column::new("handed_in", "plans-handed-in", Kind::Moment),
        Column::new("version", "plans-version", Kind::Number).extra(),
        Column::new("minimum", "plans-asked-minimum", Kind::Amount),
        Column::new("full", "plans-asked-full", Kind::Amount).summed(),
        Column::new("threshold", "settlement-threshold", Kind::Amount).extra().summed(),
        Column::new("held", "settlement-held", Kind::Amount).summed(),
        Column::new("backers", "settlement-backers", Kind::Number).extra(),
        Column::new("impact", "list-impact", Kind::Rikx).extra().summed(),
    ];

    const DEEDS: &'static [Deed] = &[Deed::RemindOwners];

    async fn fields(ctx: &Ctx, conn: &mut Conn) -> Result<Vec<Field>> {
        let rounds = rounds::actions::all(conn).await?;
        let rounds = rounds.iter().map(|round| (round.number.to_string(), round.title(ctx.lang).to_owned()));
        let handed_in: Vec<ProjectState> = ProjectState::ALL.iter().copied().filter(is_listed).collect();
        Ok(vec![
            Field::search("q", "list-search-names", "list-search-names-hint"),
            states(ctx, "project", &handed_in),
            Field::select("round", "staff-round", rounds.collect()),
        ])
    }

    async fn found(ctx: &Ctx, conn: &mut Conn, wanted: &Wanted) -> Result<Found> {
        let names = organisations::actions::all(conn).await?;
        let names: HashMap<String, String> = names.into_iter().map(|one| (one.id, one.name)).collect();
        let standings = pledges::actions::standings(conn).await?;
        let looked_for = folded(wanted.value("q"));
        let mut counts: HashMap<ProjectState, i64> = HashMap::new();
        let mut rows = Vec::new();
        for round in rounds::actions::all(conn).await? {
            if !["", round.number.to_string().as_str()].contains(&wanted.value("round")) {
                continue;
            }
            for project in projects::actions::of_round(conn, &round.id).await? {
                let organisation = names.get(&project.organisation_id).cloned().unwrap_or_default();
                let is_found =
                    [project.title(ctx.lang), &organisation].map(folded).iter().any(|name| name.contains(&looked_for));
                if !is_found || !is_listed(&project.state) {
                    continue;
                }
                *counts.entry(project.state).or_default() += 1;
                if ["", project.state.as_str()].contains(&wanted.value("state")) {
                    let standing = standings.get(&project.id).cloned().unwrap_or_default();
                    rows.push(row(ctx, conn, &round, project, organisation, &standing).await?);
                }
            }
        }
        Ok(Found { counts: counted(counts), ..Found::arranged(rows, Self::COLUMNS, wanted) })
    }
}

/// What its owner has not handed in yet is nobody else's business.
fn is_listed(state: &ProjectState) -> bool {
    *state != ProjectState::Draft
}

/// What was handed in last: number, moment, and what was asked for at least and in full.
type HandedIn = (i64, Timestamp, Cents, Cents);

async fn row(
    ctx: &Ctx,
    conn: &mut Conn,
    round: &Round,
    project: Project,
    organisation: String,
    standing: &Standing,
) -> Result<Row> {
    let newest: Option<HandedIn> = match plans::actions::versions(conn, &project.id).await?.pop() {
        Some(version) => {
            let content = plans::actions::content_of(&version)?;
            Some((version.number, version.submitted_at, Cents(content.minimum_cents), Cents(content.full_cents)))
        }
        None => None,
    };
    let url = ctx.path(&format!("/staff/projects/{}", project.id));
    let title = project.title(ctx.lang).to_owned();
    let threshold = project.threshold_price(round.unit_price_eur);
    Ok(Row {
        cells: vec![
            Cell::Link { text: title, url },
            Cell::Text(organisation),
            Cell::Number(round.number),
            Cell::State("project", project.state.to_string()),
            Cell::Moment(newest.map(|(_, at, ..)| at)),
            newest.map_or(Cell::Empty, |(number, ..)| Cell::Number(number)),
            Cell::Amount(newest.map(|(_, _, minimum, _)| minimum)),
            Cell::Amount(newest.map(|(.., full)| full)),
            Cell::Amount(Some(threshold)),
            Cell::Amount(Some(standing.held)),
            Cell::Number(standing.backers),
            Cell::Rikx(Some(project.impact)),
        ],
        id: project.id,
    })
}

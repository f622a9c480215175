//! The list of pledges.

use crate::features::pledges::{self, Pledge, PledgeKind, PledgeState};
use crate::features::staff::Known;
use crate::features::staff::list::{List, counted, states};
use crate::features::{projects, rounds};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::listing::{Asked, Cell, Column, Field, Found, Kind, Row, Wanted};
use crate::infra::web::Ctx;
use crate::values::{Cents, Rikx};

pub struct Pledges;

impl List for Pledges {
    const KEY: &'static str = "pledges";
    const TITLE: &'static str = "staff-nav-pledges";
    const ORDER: (&'static str, bool) = ("made", true);
    const COLUMNS: &'static [Column] = &[
        Column::new("reference", "staff-reference", Kind::Text),
        Column::new("project", "staff-project", Kind::Text).fixed(),
        Column::new("amount", "settlement-amount", Kind::Amount).summed(),
        Column::new("state", "staff-state", Kind::State),
        Column::new("made", "staff-pledge-made", Kind::Moment),
        Column::new("rikx", "list-rikx", Kind::Rikx).extra().summed(),
        Column::new("kind", "staff-pledge-kind", Kind::Text).extra(),
        Column::new("name", "staff-pledge-name", Kind::Text).extra().fixed(),
        Column::new("company", "staff-pledge-company", Kind::Text).extra().fixed(),
        Column::new("held", "staff-pledge-held", Kind::Moment).extra(),
        Column::new("until", "list-reserved-until", Kind::Moment).extra(),
    ];

    async fn fields(ctx: &Ctx, conn: &mut Conn) -> Result<Vec<Field>> {
        let kinds = PledgeKind::ALL.iter().map(|kind| (kind.to_string(), ctx.t(format!("staff-kind-{kind}"))));
        let (mut of_rounds, mut of_projects) = (Vec::new(), Vec::new());
        for round in rounds::actions::all(conn).await? {
            for project in projects::actions::of_round(conn, &round.id).await? {
                if project.state.is_public() {
                    of_projects.push((project.id.clone(), project.title(ctx.lang).to_owned()));
                }
            }
            of_rounds.push((round.id.clone(), format!("{}. {}", round.number, round.title(ctx.lang))));
        }
        of_projects.sort_by_key(|(_, title)| title.to_lowercase());
        Ok(vec![
            Field::search("q", "list-search-pledges", "list-search-pledges-hint"),
            states(ctx, "pledge", PledgeState::ALL),
            Field::select("kind", "staff-pledge-kind", kinds.collect()),
            Field::select("round", "staff-round", of_rounds),
            Field::select("project", "staff-project", of_projects),
        ])
    }

    /// Somebody who types a whole reference wants that pledge.
    async fn only(_ctx: &Ctx, conn: &mut Conn, asked: &Asked) -> Result<Option<String>> {
        let reference = asked.value("q").to_uppercase();
        if reference.is_empty() {
            return Ok(None);
        }
        let found = pledges::actions::by_reference(conn, &reference).await?;
        Ok(found.map(|pledge| format!("/staff/pledges/{}", pledge.reference)))
    }

    async fn found(ctx: &Ctx, conn: &mut Conn, wanted: &Wanted) -> Result<Found> {
        let (mut count, mut amount, mut rikx, mut counts) = (0, Cents::ZERO, Rikx(0), Vec::new());
        for (state, of_state, cents, hundredths) in pledges::actions::listed_sums(conn, wanted).await? {
            counts.push((state, of_state));
            if ["", state.as_str()].contains(&wanted.value("state")) {
                count += of_state;
                amount = Cents(amount.0 + cents.0);
                rikx = Rikx(rikx.0 + hundredths.0);
            }
        }
        let mut known = Known::default();
        let mut rows = Vec::new();
        for pledge in pledges::actions::listed(conn, wanted).await? {
            let title = known.project(conn, &pledge.project_id).await?.title(ctx.lang).to_owned();
            rows.push(row(ctx, pledge, title));
        }
        let totals = vec![("amount", Cell::Amount(Some(amount))), ("rikx", Cell::Rikx(Some(rikx)))];
        Ok(Found { rows, count, totals, counts: counted(counts) })
    }
}

fn row(ctx: &Ctx, pledge: Pledge, title: String) -> Row {
    let url = ctx.path(&format!("/staff/pledges/{}", pledge.reference));
    Row {
        cells: vec![
            Cell::Link { text: pledge.reference, url },
            Cell::Text(title),
            Cell::Amount(Some(pledge.amount)),
            Cell::State("pledge", pledge.state.to_string()),
            Cell::Moment(Some(pledge.created_at)),
            Cell::Rikx(Some(pledge.rikx)),
            Cell::Text(ctx.t(format!("staff-kind-{}", pledge.kind))),
            Cell::Text(pledge.name),
            Cell::Text(pledge.company_name),
            Cell::Moment(pledge.held_at),
            Cell::Moment((pledge.state == PledgeState::Reserved).then_some(pledge.expires_at)),
        ],
        id: pledge.id,
    }
}

//! The list of organisations: those that wait to be looked up come first.

use std::collections::HashMap;

use crate::features::organisations::{OrganisationKind, OrganisationState, actions, registration};
use crate::features::staff::list::{List, counted, states};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::listing::{Cell, Column, Field, Found, Kind, Row, Wanted};
use crate::infra::web::Ctx;
use crate::values::text::folded;

pub struct Organisations;

impl List for Organisations {
    const KEY: &'static str = "organisations";
    const TITLE: &'static str = "staff-nav-organisations";
    const ORDER: (&'static str, bool) = ("waiting", false);
    const COLUMNS: &'static [Column] = &[
        Column::new("name", "organisation-name", Kind::Text),
        Column::new("state", "staff-state", Kind::State),
        Column::new("kind", "organisation-kind", Kind::Text),
        Column::new("kvk", "organisation-kvk_number", Kind::Text),
        Column::new("area", "organisation-area", Kind::Text),
        Column::new("waiting", "list-order-waiting", Kind::Number).extra(),
    ];

    async fn fields(ctx: &Ctx, _conn: &mut Conn) -> Result<Vec<Field>> {
        let kinds = OrganisationKind::ALL.iter().map(|kind| (kind.to_string(), ctx.t(format!("site-kind-{kind}"))));
        Ok(vec![
            Field::search("q", "staff-organisation-search", "staff-organisation-search-hint"),
            states(ctx, "organisation", OrganisationState::ALL),
            Field::select("kind", "organisation-kind", kinds.collect()),
        ])
    }

    /// What was looked for may stand in the name or be the number.
    async fn found(ctx: &Ctx, conn: &mut Conn, wanted: &Wanted) -> Result<Found> {
        let looked_for = folded(wanted.value("q"));
        let mut counts: HashMap<OrganisationState, i64> = HashMap::new();
        let mut rows = Vec::new();
        for organisation in actions::all(conn).await? {
            let kind = organisation.kind.to_string();
            if !["", kind.as_str()].contains(&wanted.value("kind")) {
                continue;
            }
            let details = registration::details_of(conn, &organisation.id).await?;
            let is_number = !looked_for.is_empty() && details.kvk_number == looked_for;
            if !folded(&organisation.name).contains(&looked_for) && !is_number {
                continue;
            }
            *counts.entry(organisation.state).or_default() += 1;
            if !["", organisation.state.as_str()].contains(&wanted.value("state")) {
                continue;
            }
            let place = OrganisationState::ALL.iter().position(|state| *state == organisation.state);
            let url = ctx.path(&format!("/staff/organisations/{}", organisation.slug));
            rows.push(Row {
                id: organisation.id,
                cells: vec![
                    Cell::Link { text: organisation.name, url },
                    Cell::State("organisation", organisation.state.to_string()),
                    Cell::Text(ctx.t(format!("site-kind-{kind}"))),
                    Cell::Code(details.kvk_number),
                    Cell::Text(organisation.area),
                    Cell::Number(place.and_then(|place| i64::try_from(place).ok()).unwrap_or_default()),
                ],
            });
        }
        Ok(Found { counts: counted(counts), ..Found::arranged(rows, Self::COLUMNS, wanted) })
    }
}

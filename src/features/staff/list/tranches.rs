//! The list of tranches: every payout that was ever planned.

use std::collections::HashMap;

use crate::features::organisations;
use crate::features::payouts::{Tranche, TrancheState, actions};
use crate::features::staff::Known;
use crate::features::staff::list::{List, counted, states};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::listing::{Cell, Column, Field, Found, Kind, Row, Wanted};
use crate::infra::web::Ctx;
use crate::values::text::folded;

/// The newest ones: more than a platform pays in many years.
const MOST: i64 = 20_000;

pub struct Tranches;

impl List for Tranches {
    const KEY: &'static str = "tranches";
    const TITLE: &'static str = "payouts-tranches";
    const ORDER: (&'static str, bool) = ("made", true);
    const COLUMNS: &'static [Column] = &[
        Column::new("project", "staff-project", Kind::Text),
        Column::new("receiver", "payouts-receiver", Kind::Text),
        Column::new("amount", "settlement-amount", Kind::Amount).summed(),
        Column::new("fee", "list-platform-fee", Kind::Amount).extra().summed(),
        Column::new("state", "staff-state", Kind::State),
        Column::new("made", "staff-made", Kind::Moment),
        Column::new("sent", "list-sent", Kind::Moment).extra(),
        Column::new("finished", "staff-finished", Kind::Moment).extra(),
    ];

    async fn fields(ctx: &Ctx, _conn: &mut Conn) -> Result<Vec<Field>> {
        Ok(vec![
            Field::search("q", "list-search-names", "list-search-names-hint"),
            states(ctx, "tranche", TrancheState::ALL),
        ])
    }

    async fn found(ctx: &Ctx, conn: &mut Conn, wanted: &Wanted) -> Result<Found> {
        let names = organisations::actions::all(conn).await?;
        let names: HashMap<String, String> = names.into_iter().map(|one| (one.id, one.name)).collect();
        let looked_for = folded(wanted.value("q"));
        let mut counts: HashMap<TrancheState, i64> = HashMap::new();
        let mut known = Known::default();
        let mut rows = Vec::new();
        for tranche in actions::latest(conn, MOST).await? {
            let title = known.project(conn, &tranche.project_id).await?.title(ctx.lang).to_owned();
            let receiver = names.get(&tranche.organisation_id).cloned().unwrap_or_default();
            if !folded(&title).contains(&looked_for) && !folded(&receiver).contains(&looked_for) {
                continue;
            }
            *counts.entry(tranche.state).or_default() += 1;
            if ["", tranche.state.as_str()].contains(&wanted.value("state")) {
                rows.push(row(ctx, tranche, title, receiver));
            }
        }
        Ok(Found { counts: counted(counts), ..Found::arranged(rows, Self::COLUMNS, wanted) })
    }
}

fn row(ctx: &Ctx, tranche: Tranche, title: String, receiver: String) -> Row {
    let url = ctx.path(&format!("/staff/payouts/{}", tranche.decision_id));
    Row {
        cells: vec![
            Cell::Link { text: title, url },
            Cell::Text(receiver),
            Cell::Amount(Some(tranche.amount)),
            Cell::Amount(Some(tranche.fee)),
            Cell::State("tranche", tranche.state.to_string()),
            Cell::Moment(Some(tranche.created_at)),
            Cell::Moment(tranche.sent_at),
            Cell::Moment(tranche.finished_at),
        ],
        id: tranche.id,
    }
}

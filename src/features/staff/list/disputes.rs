//! The list of disputes, the newest first.

use crate::features::payments::{DisputeState, ListedDispute, disputes};
use crate::features::staff::list::{List, counted, states};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::listing::{Cell, Column, Field, Found, Kind, Row, Wanted};
use crate::infra::web::Ctx;
use crate::values::text::folded;

/// The newest ones: more than a platform sees in many years.
const MOST: i64 = 20_000;

pub struct Disputes;

impl List for Disputes {
    const KEY: &'static str = "disputes";
    const TITLE: &'static str = "staff-nav-disputes";
    const ORDER: (&'static str, bool) = ("opened", true);
    const COLUMNS: &'static [Column] = &[
        Column::new("reference", "staff-reference", Kind::Text),
        Column::new("amount", "settlement-amount", Kind::Amount).summed(),
        Column::new("fee", "staff-dispute-fee", Kind::Amount).summed(),
        Column::new("state", "staff-state", Kind::State),
        Column::new("method", "staff-payment-method", Kind::Text),
        Column::new("opened", "dispute-opened", Kind::Moment),
        Column::new("reason", "staff-dispute-reason", Kind::Text),
        Column::new("provider", "staff-provider-id", Kind::Text),
    ];

    async fn fields(ctx: &Ctx, _conn: &mut Conn) -> Result<Vec<Field>> {
        Ok(vec![
            Field::search("q", "list-search-payments", "list-search-payments-hint"),
            states(ctx, "dispute", DisputeState::ALL),
        ])
    }

    async fn found(ctx: &Ctx, conn: &mut Conn, wanted: &Wanted) -> Result<Found> {
        let looked_for = folded(wanted.value("q"));
        let mut all = disputes::page(conn, None, MOST, 0).await?;
        all.retain(|one| folded(&one.reference).contains(&looked_for) || folded(&one.id).contains(&looked_for));
        let count = |state: &DisputeState| all.iter().filter(|one| one.state == *state).count();
        let counts: Vec<(DisputeState, i64)> =
            DisputeState::ALL.iter().map(|state| (*state, i64::try_from(count(state)).unwrap_or(i64::MAX))).collect();
        let is_wanted = |one: &ListedDispute| ["", one.state.as_str()].contains(&wanted.value("state"));
        let rows = all.into_iter().filter(is_wanted).map(|one| row(ctx, one)).collect();
        Ok(Found { counts: counted(counts), ..Found::arranged(rows, Self::COLUMNS, wanted) })
    }
}

fn row(ctx: &Ctx, dispute: ListedDispute) -> Row {
    let url = ctx.path(&format!("/staff/pledges/{}", dispute.reference));
    Row {
        cells: vec![
            Cell::Link { text: dispute.reference, url },
            Cell::Amount(Some(dispute.amount)),
            Cell::Amount(Some(dispute.fee)),
            Cell::State("dispute", dispute.state.to_string()),
            Cell::Text(dispute.method),
            Cell::Moment(Some(dispute.opened_at)),
            Cell::Text(dispute.reason),
            Cell::Code(dispute.id.clone()),
        ],
        id: dispute.id,
    }
}

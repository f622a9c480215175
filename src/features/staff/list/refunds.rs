//! The list of refunds.

use crate::features::payments::{ListedRefund, RefundCause, RefundState, refunds};
use crate::features::staff::list::{List, counted, states};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::listing::{Cell, Column, Field, Found, Kind, Row, Wanted};
use crate::infra::web::Ctx;
use crate::values::Cents;

pub struct Refunds;

impl List for Refunds {
    const KEY: &'static str = "refunds";
    const TITLE: &'static str = "staff-nav-refunds";
    const ORDER: (&'static str, bool) = ("made", true);
    const COLUMNS: &'static [Column] = &[
        Column::new("reference", "staff-reference", Kind::Text),
        Column::new("amount", "settlement-amount", Kind::Amount).summed(),
        Column::new("state", "staff-state", Kind::State),
        Column::new("cause", "staff-refund-cause", Kind::Text),
        Column::new("made", "staff-made", Kind::Moment),
        Column::new("finished", "staff-finished", Kind::Moment),
        Column::new("attempts", "staff-attempts", Kind::Number),
        Column::new("trouble", "staff-trouble", Kind::Text).fixed(),
        Column::new("provider", "staff-provider-id", Kind::Text).fixed(),
    ];

    async fn fields(ctx: &Ctx, _conn: &mut Conn) -> Result<Vec<Field>> {
        let causes = RefundCause::ALL.iter().map(|cause| (cause.to_string(), ctx.t(format!("staff-cause-{cause}"))));
        Ok(vec![
            Field::search("q", "list-search-payments", "list-search-payments-hint"),
            states(ctx, "refund", RefundState::ALL),
            Field::select("cause", "staff-refund-cause", causes.collect()),
        ])
    }

    async fn found(ctx: &Ctx, conn: &mut Conn, wanted: &Wanted) -> Result<Found> {
        let (mut count, mut amount, mut counts) = (0, Cents::ZERO, Vec::new());
        for (state, of_state, cents) in refunds::listed_sums(conn, wanted).await? {
            counts.push((state, of_state));
            if ["", state.as_str()].contains(&wanted.value("state")) {
                count += of_state;
                amount = Cents(amount.0 + cents.0);
            }
        }
        let rows = refunds::listed(conn, wanted).await?.into_iter().map(|refund| row(ctx, refund)).collect();
        Ok(Found { rows, count, totals: vec![("amount", Cell::Amount(Some(amount)))], counts: counted(counts) })
    }
}

fn row(ctx: &Ctx, refund: ListedRefund) -> Row {
    let url = ctx.path(&format!("/staff/pledges/{}", refund.reference));
    Row {
        id: refund.id,
        cells: vec![
            Cell::Link { text: refund.reference, url },
            Cell::Amount(Some(refund.amount)),
            Cell::State("refund", refund.state.to_string()),
            Cell::Text(ctx.t(format!("staff-cause-{}", refund.cause))),
            Cell::Moment(Some(refund.created_at)),
            Cell::Moment(refund.finished_at),
            Cell::Number(refund.attempts),
            Cell::Text(format!("{} {}", refund.failure, refund.last_error).trim().to_owned()),
            Cell::Code(refund.provider_id.unwrap_or_default()),
        ],
    }
}

//! The list of payments.

use crate::features::payments::{self, ListedPayment, METHODS, PaymentState};
use crate::features::staff::list::{List, counted, states};
use crate::features::users::guard::Staff;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::listing::{Cell, Column, Field, Found, Kind, Row, Wanted};
use crate::infra::web::Ctx;
use crate::values::Cents;

pub struct Payments;

impl List for Payments {
    const KEY: &'static str = "payments";
    const TITLE: &'static str = "staff-nav-payments";
    const ORDER: (&'static str, bool) = ("made", true);
    const COLUMNS: &'static [Column] = &[
        Column::new("reference", "staff-reference", Kind::Text),
        Column::new("amount", "settlement-amount", Kind::Amount).summed(),
        Column::new("fee", "staff-payment-fee", Kind::Amount).summed(),
        Column::new("state", "staff-state", Kind::State),
        Column::new("method", "staff-payment-method", Kind::Text),
        Column::new("made", "staff-made", Kind::Moment),
        Column::new("paid", "staff-paid", Kind::Moment),
        Column::new("provider", "staff-payment-intent", Kind::Text).fixed(),
    ];

    async fn fields(ctx: &Ctx, _conn: &mut Conn) -> Result<Vec<Field>> {
        let methods = METHODS.iter().map(|method| (method.code.to_owned(), method.code.to_owned()));
        Ok(vec![
            Field::search("q", "list-search-payments", "list-search-payments-hint"),
            states(ctx, "payment", PaymentState::ALL),
            Field::select("method", "staff-payment-method", methods.collect()),
        ])
    }

    async fn found(ctx: &Ctx, conn: &mut Conn, wanted: &Wanted) -> Result<Found> {
        let (mut count, mut amount, mut fees, mut counts) = (0, Cents::ZERO, Cents::ZERO, Vec::new());
        for (state, of_state, cents, fee) in payments::actions::listed_sums(conn, wanted).await? {
            counts.push((state, of_state));
            if ["", state.as_str()].contains(&wanted.value("state")) {
                count += of_state;
                amount = Cents(amount.0 + cents.0);
                fees = Cents(fees.0 + fee.0);
            }
        }
        let rows = payments::actions::listed(conn, wanted).await?.into_iter().map(|payment| row(ctx, payment));
        let totals = vec![("amount", Cell::Amount(Some(amount))), ("fee", Cell::Amount(Some(fees)))];
        Ok(Found { rows: rows.collect(), count, totals, counts: counted(counts) })
    }

    fn links(ctx: &Ctx, _staff: &Staff) -> Vec<(String, String)> {
        vec![(ctx.t("shield-title"), ctx.path("/staff/shield"))]
    }
}

fn row(ctx: &Ctx, payment: ListedPayment) -> Row {
    let url = ctx.path(&format!("/staff/pledges/{}", payment.reference));
    Row {
        id: payment.id,
        cells: vec![
            Cell::Link { text: payment.reference, url },
            Cell::Amount(Some(payment.amount)),
            Cell::Amount(payment.fee),
            Cell::State("payment", payment.state.to_string()),
            Cell::Text(payment.method),
            Cell::Moment(Some(payment.created_at)),
            Cell::Moment(payment.succeeded_at),
            Cell::Code(payment.intent_id.unwrap_or_default()),
        ],
    }
}

//! The list of disputes: filtered by state in the address, the newest first.

use askama::Template;
use axum::extract::{RawQuery, State};

use crate::features::payments::{DisputeState, ListedDispute, disputes};
use crate::features::staff::lists::filters;
use crate::features::staff::{Asked, Filter, PER_PAGE, Pages};
use crate::features::users::guard::Staff;
use crate::infra::Services;
use crate::infra::web::{Answer, Ctx};

#[derive(Template)]
#[template(path = "staff/disputes.html")]
struct DisputesPage<'a> {
    ctx: &'a Ctx,
    filters: &'a [Filter],
    disputes: &'a [ListedDispute],
    pages: &'a Pages,
}

pub async fn list(ctx: Ctx, State(s): State<Services>, staff: Staff, RawQuery(query): RawQuery) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let asked = Asked::read(query.as_deref());
    let mut conn = s.db.read().await?;
    let state = DisputeState::from_word(&asked.state);
    let counts = disputes::counts(&mut conn).await?;
    let (filters, total) = filters(&ctx, "dispute", "/staff/disputes", DisputeState::ALL, &counts, state);
    let disputes = disputes::page(&mut conn, state, PER_PAGE, asked.offset()).await?;
    let pages = Pages::of(&asked, total, &ctx.path("/staff/disputes"));
    ctx.page(&DisputesPage { ctx: &ctx, filters: &filters, disputes: &disputes, pages: &pages })
}

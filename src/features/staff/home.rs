//! The team's front page: what needs somebody today, and the counts behind it.

use askama::Template;
use axum::extract::State;

use crate::features::payments::{RefundState, refunds};
use crate::features::pledges::{self, PledgeState};
use crate::features::staff::work::{self, Todo};
use crate::features::users::guard::Staff;
use crate::infra::Services;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::web::{Answer, Ctx};

#[derive(Template)]
#[template(path = "staff/home.html")]
struct HomePage<'a> {
    ctx: &'a Ctx,
    /// What waits for the viewer, and what for others.
    own: &'a [Todo],
    others: &'a [Todo],
    /// What it counts, and the number.
    numbers: &'a [(String, String)],
}

pub async fn show(ctx: Ctx, State(s): State<Services>, staff: Staff) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let mut conn = s.db.read().await?;
    let (own, others) = work::read(&ctx, &s, &mut conn, &staff).await?;
    let numbers = numbers(&ctx, &mut conn).await?;
    ctx.page(&HomePage { ctx: &ctx, own: &own, others: &others, numbers: &numbers })
}

/// Counts of the whole platform.
async fn numbers(ctx: &Ctx, conn: &mut Conn) -> Result<Vec<(String, String)>> {
    let pledges = pledges::actions::counts(conn).await?;
    let refunds = refunds::counts(conn).await?;
    let mut numbers = Vec::new();
    for state in [PledgeState::Reserved, PledgeState::Processing, PledgeState::Held, PledgeState::Released] {
        let count = pledges.get(&state).copied().unwrap_or_default();
        numbers.push((ctx.t(format!("staff-number-pledges-{state}")), grouped(ctx, count)));
    }
    let under_way: i64 = [RefundState::Due, RefundState::Requested, RefundState::Pending]
        .iter()
        .map(|state| refunds.get(state).copied().unwrap_or_default())
        .sum();
    numbers.push((ctx.t("staff-number-refunds-under-way"), grouped(ctx, under_way)));
    let done = refunds.get(&RefundState::Succeeded).copied().unwrap_or_default();
    numbers.push((ctx.t("staff-number-refunds-done"), grouped(ctx, done)));
    Ok(numbers)
}

/// A count as a person reads it.
pub(super) fn grouped(ctx: &Ctx, count: i64) -> String {
    crate::values::money::grouped(count.unsigned_abs(), ctx.lang)
}

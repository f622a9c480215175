//! Work that waits and work that fails, and the letters that could not be sent.

use askama::Template;
use axum::extract::State;

use crate::features::staff::home::grouped;
use crate::features::users::guard::Staff;
use crate::infra::jobs::{self, Troubled};
use crate::infra::web::{Answer, Ctx};
use crate::infra::{Services, letters};

/// Rows shown at most.
const MOST: i64 = 200;

#[derive(Template)]
#[template(path = "staff/jobs.html")]
struct JobsPage<'a> {
    ctx: &'a Ctx,
    numbers: &'a [(String, String)],
    jobs: &'a [Troubled],
}

pub async fn show(ctx: Ctx, State(s): State<Services>, staff: Staff) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let mut conn = s.db.read().await?;
    let (waiting, oldest) = jobs::waiting(&mut conn, ctx.now).await?;
    let mut numbers = vec![(ctx.t("staff-jobs-waiting"), grouped(&ctx, waiting))];
    if let Some(oldest) = oldest {
        let seconds = ctx.now.seconds() - oldest.seconds();
        numbers.push((ctx.t("staff-jobs-oldest"), ctx.t1("staff-seconds", "count", seconds)));
    }
    for (state, count) in letters::counts(&mut conn).await? {
        numbers.push((ctx.t(format!("staff-letters-{state}")), grouped(&ctx, count)));
    }
    let jobs = jobs::troubled(&mut conn, MOST).await?;
    ctx.page(&JobsPage { ctx: &ctx, numbers: &numbers, jobs: &jobs })
}

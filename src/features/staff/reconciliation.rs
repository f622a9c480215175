//! How far the books agree with the provider, the bank and the pages: the last comparison of each way, and the button for another.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;

use crate::features::cases::{self, CaseState};
use crate::features::ledger::{self, Account};
use crate::features::reconciliation::{self, Reconciliation, Way};
use crate::features::staff::treasurer::Treasurer;
use crate::features::staff::{actor_name, duration};
use crate::features::users::StaffRole;
use crate::features::users::guard::Staff;
use crate::infra::Services;
use crate::infra::error::Error;
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};
use crate::values::Lang;
use crate::values::time::read_day;

const PATH: &str = "/staff/reconciliation";
/// Comparisons shown at most.
const MOST: i64 = 30;

#[derive(Template)]
#[template(path = "staff/reconciliation.html")]
struct ReconciliationPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    numbers: &'a [(String, String)],
    /// Each way with its last comparison.
    ways: &'a [(Way, Option<Reconciliation>)],
    /// The newest comparisons, with who began them.
    newest: &'a [(Reconciliation, String)],
    is_treasurer: bool,
}

impl ReconciliationPage<'_> {
    fn way(&self, way: &Way) -> String {
        self.ctx.t(format!("reconciliation-way-{way}"))
    }

    fn by_count(&self, done: &Reconciliation) -> String {
        share(self.ctx, done.matched, done.differing)
    }

    fn by_cents(&self, done: &Reconciliation) -> String {
        share(self.ctx, done.matched_cents.0, done.differing_cents.0)
    }
}

/// A share as a person reads it.
fn share(ctx: &Ctx, matched: i64, differing: i64) -> String {
    let Some(hundredths) = hundredths_of_percent(matched, differing) else { return ctx.t("reconciliation-no-lines") };
    let sign = if ctx.lang == Lang::Nl { ',' } else { '.' };
    format!("{}{sign}{:02} %", hundredths / 100, hundredths % 100)
}

/// The share of what agrees in hundredths of a percent, rounded down: only all is 10,000. Nothing where there is nothing.
fn hundredths_of_percent(matched: i64, differing: i64) -> Option<i128> {
    let (part, whole) = (i128::from(matched), i128::from(matched) + i128::from(differing));
    (whole > 0).then(|| part * 10_000 / whole)
}

pub async fn show(ctx: Ctx, State(s): State<Services>, staff: Staff) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let form = Form::with(&[("day", &reconciliation::actions::yesterday(ctx.now))]);
    page(&ctx, &s, &staff, &form, StatusCode::OK).await
}

async fn page(ctx: &Ctx, s: &Services, staff: &Staff, form: &Form, status: StatusCode) -> Answer {
    let mut conn = s.db.read().await?;
    let latest = reconciliation::actions::latest(&mut conn).await?;
    let of = |way: &Way| (*way, latest.iter().find(|done| done.way == *way).cloned());
    let ways: Vec<_> = Way::ALL.iter().map(of).collect();
    let mut newest = Vec::new();
    for done in reconciliation::actions::newest(&mut conn, MOST).await? {
        let by = actor_name(&mut conn, &done.started_by).await?;
        newest.push((done, by));
    }
    let counts = cases::actions::counts(&mut conn).await?;
    let open = counts.get(&CaseState::Open).copied().unwrap_or_default();
    let oldest = cases::actions::page(&mut conn, CaseState::Open, 1, 0).await?;
    let age = oldest.first().map(|case| duration(ctx, ctx.now.seconds() - case.opened_at.seconds()));
    let suspense = ledger::actions::balance(&mut conn, &Account::Suspense).await?;
    let numbers = [
        (ctx.t("reconciliation-open-cases"), open.to_string()),
        (ctx.t("reconciliation-oldest"), age.unwrap_or_else(|| ctx.t("reconciliation-none"))),
        (ctx.t("reconciliation-suspense"), ctx.euros(suspense.negated())),
    ];
    let is_treasurer = staff.has(StaffRole::Treasurer);
    ctx.page_with(
        status,
        &ReconciliationPage { ctx, form, numbers: &numbers, ways: &ways, newest: &newest, is_treasurer },
    )
}

/// Compares a day now. It may take a while where the provider has much to list.
pub async fn run(desk: Treasurer, posted: Posted) -> Answer {
    let mut form = posted.allow(&["day"])?;
    let day = read_day(form.value("day")).unwrap_or_default();
    match reconciliation::actions::run(&desk.s, &day, &desk.staff.0.user.id).await {
        Ok(_) => Ok(desk.ctx.redirect_done(PATH, "flash-reconciliation-done")),
        Err(Error::Refused(refusal)) => {
            let status = Failure::from(&*refusal).status();
            form.refuse(desk.ctx.lang, &*refusal);
            page(&desk.ctx, &desk.s, &desk.staff, &form, status).await
        }
        Err(Error::Outside(cause)) => {
            tracing::warn!(cause, "the provider did not answer a comparison");
            form.fail_key(desk.ctx.lang, "", "reconciliation-outside");
            page(&desk.ctx, &desk.s, &desk.staff, &form, StatusCode::SERVICE_UNAVAILABLE).await
        }
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::hundredths_of_percent;

    #[test]
    fn only_everything_is_a_hundred_percent() {
        assert_eq!(hundredths_of_percent(999_999, 1), Some(9_999));
        assert_eq!(hundredths_of_percent(i64::MAX, i64::MAX), Some(5_000));
        assert_eq!(hundredths_of_percent(7, 0), Some(10_000));
        assert_eq!(hundredths_of_percent(0, 7), Some(0));
        assert_eq!(hundredths_of_percent(0, 0), None);
    }
}

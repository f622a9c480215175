//! Lists of pledges, payments and refunds: filtered by state in the address, the newest first.

use std::collections::HashMap;
use std::hash::Hash;

use askama::Template;
use axum::extract::{RawQuery, State};

use crate::features::payments::{self, ListedPayment, ListedRefund, PaymentState, RefundState, refunds};
use crate::features::pledges::{self, Pledge, PledgeState};
use crate::features::staff::{Asked, Filter, Known, PER_PAGE, Pages};
use crate::features::users::guard::Staff;
use crate::infra::Services;
use crate::infra::web::{Answer, Ctx, Form};

#[derive(Template)]
#[template(path = "staff/pledges.html")]
struct PledgesPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    filters: &'a [Filter],
    /// With the title of the project.
    pledges: &'a [(Pledge, String)],
    pages: &'a Pages,
    /// The reference that was looked for and not found.
    missing: Option<&'a str>,
}

pub async fn pledges(ctx: Ctx, State(s): State<Services>, staff: Staff, RawQuery(query): RawQuery) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let asked = Asked::read(query.as_deref());
    let mut conn = s.db.read().await?;
    if !asked.q.is_empty()
        && let Some(pledge) = pledges::actions::by_reference(&mut conn, &asked.q.to_uppercase()).await?
    {
        return Ok(ctx.redirect(&format!("/staff/pledges/{}", pledge.reference)));
    }
    let state = PledgeState::from_word(&asked.state);
    let counts = pledges::actions::counts(&mut conn).await?;
    let (filters, total) = filters(&ctx, "pledge", "/staff/pledges", PledgeState::ALL, &counts, state);
    let mut known = Known::default();
    let mut rows = Vec::new();
    for pledge in pledges::actions::page(&mut conn, state, PER_PAGE, asked.offset()).await? {
        let title = known.project(&mut conn, &pledge.project_id).await?.title(ctx.lang).to_owned();
        rows.push((pledge, title));
    }
    let pages = Pages::of(&asked, total, &ctx.path("/staff/pledges"));
    ctx.page(&PledgesPage {
        ctx: &ctx,
        form: &Form::with(&[("q", &asked.q)]),
        filters: &filters,
        pledges: &rows,
        pages: &pages,
        missing: (!asked.q.is_empty()).then_some(asked.q.as_str()),
    })
}

#[derive(Template)]
#[template(path = "staff/payments.html")]
struct PaymentsPage<'a> {
    ctx: &'a Ctx,
    filters: &'a [Filter],
    payments: &'a [ListedPayment],
    pages: &'a Pages,
}

pub async fn payments(ctx: Ctx, State(s): State<Services>, staff: Staff, RawQuery(query): RawQuery) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let asked = Asked::read(query.as_deref());
    let mut conn = s.db.read().await?;
    let state = PaymentState::from_word(&asked.state);
    let counts = payments::actions::counts(&mut conn).await?;
    let (filters, total) = filters(&ctx, "payment", "/staff/payments", PaymentState::ALL, &counts, state);
    let payments = payments::actions::page(&mut conn, state, PER_PAGE, asked.offset()).await?;
    let pages = Pages::of(&asked, total, &ctx.path("/staff/payments"));
    ctx.page(&PaymentsPage { ctx: &ctx, filters: &filters, payments: &payments, pages: &pages })
}

#[derive(Template)]
#[template(path = "staff/refunds.html")]
struct RefundsPage<'a> {
    ctx: &'a Ctx,
    filters: &'a [Filter],
    refunds: &'a [ListedRefund],
    pages: &'a Pages,
}

pub async fn refunds(ctx: Ctx, State(s): State<Services>, staff: Staff, RawQuery(query): RawQuery) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let asked = Asked::read(query.as_deref());
    let mut conn = s.db.read().await?;
    let state = RefundState::from_word(&asked.state);
    let counts = refunds::counts(&mut conn).await?;
    let (filters, total) = filters(&ctx, "refund", "/staff/refunds", RefundState::ALL, &counts, state);
    let refunds = refunds::page(&mut conn, state, PER_PAGE, asked.offset()).await?;
    let pages = Pages::of(&asked, total, &ctx.path("/staff/refunds"));
    ctx.page(&RefundsPage { ctx: &ctx, filters: &filters, refunds: &refunds, pages: &pages })
}

/// The choices above a list, and how many rows the chosen one has. A state that nothing is in gets no choice.
pub(super) fn filters<S: Copy + Eq + Hash + std::fmt::Display>(
    ctx: &Ctx,
    noun: &str,
    path: &str,
    states: &[S],
    counts: &HashMap<S, i64>,
    chosen: Option<S>,
) -> (Vec<Filter>, i64) {
    let path = ctx.path(path);
    let total: i64 = counts.values().sum();
    let count = |state: &S| counts.get(state).copied().unwrap_or_default();
    let all = Filter { text: ctx.t("staff-filter-all"), url: path.clone(), count: total, is_chosen: chosen.is_none() };
    let shown = states.iter().filter(|state| count(state) > 0 || chosen == Some(**state));
    let of_state = shown.map(|state| Filter {
        text: ctx.t(format!("{noun}-state-{state}")),
        url: format!("{path}?state={state}"),
        count: count(state),
        is_chosen: chosen == Some(*state),
    });
    (std::iter::once(all).chain(of_state).collect(), chosen.map_or(total, |state| count(&state)))
}

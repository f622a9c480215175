//! One pledge: what was asked, what happened to it, what the books say. For answering a backer who calls.

use askama::Template;
use axum::extract::{Path, State};

use crate::features::ledger::{self, actions::PledgeLine};
use crate::features::payments::{self, Payment, Refund, refunds};
use crate::features::pledges::{self, Pledge, PledgeKind};
use crate::features::projects::{self, Project};
use crate::features::receipts::{self, Document};
use crate::features::staff::timeline::{self, Timeline};
use crate::features::users::guard::Staff;
use crate::features::users::{self, User};
use crate::infra::Services;
use crate::infra::web::{Answer, Ctx, Failure};

#[derive(Template)]
#[template(path = "staff/pledge.html")]
struct PledgePage<'a> {
    ctx: &'a Ctx,
    pledge: &'a Pledge,
    project: &'a Project,
    backer: Option<&'a User>,
    payment: Option<&'a Payment>,
    refunds: &'a [Refund],
    papers: &'a [Document],
    /// What happened to it, its payment and its refunds.
    timeline: Timeline,
    lines: &'a [PledgeLine],
}

impl PledgePage<'_> {
    fn facts(&self) -> Vec<(String, String)> {
        let (ctx, pledge) = (self.ctx, self.pledge);
        let mut facts = vec![
            (ctx.t("staff-pledge-amount"), format!("{} ({} Rikx)", ctx.euros(pledge.amount), ctx.rikx(pledge.rikx))),
            (ctx.t("staff-pledge-kind"), ctx.t(format!("staff-kind-{}", pledge.kind))),
            (ctx.t("staff-pledge-backer"), self.backer.map(User::address).unwrap_or_default()),
            (ctx.t("staff-pledge-name"), pledge.name.clone()),
            (ctx.t("staff-pledge-made"), ctx.moment(pledge.created_at)),
        ];
        if let Some(at) = &pledge.held_at {
            facts.push((ctx.t("staff-pledge-held"), ctx.moment(at)));
        }
        if pledge.kind == PledgeKind::Purchase {
            facts.push((ctx.t("staff-pledge-company"), pledge.company_name.clone()));
            facts.push((ctx.t("staff-pledge-kvk"), pledge.kvk_number.clone()));
            facts.push((ctx.t("staff-pledge-contract"), pledge.contract_reference.clone()));
        }
        facts.retain(|(_, value)| !value.is_empty());
        facts
    }

    /// The payment in the list of payments, found by its number at the provider.
    fn payment_url(&self) -> Option<String> {
        let looked_for = self.payment?.intent_id.as_deref().unwrap_or(&self.pledge.reference);
        Some(self.ctx.path(&format!("/staff/payments?q={looked_for}")))
    }

    fn payment_facts(&self) -> Vec<(String, String)> {
        let ctx = self.ctx;
        let Some(payment) = self.payment else { return Vec::new() };
        let mut facts = vec![
            (ctx.t("staff-payment-state"), ctx.t(format!("payment-state-{}", payment.state))),
            (ctx.t("staff-payment-method"), payment.method.clone()),
            (ctx.t("staff-payment-fee"), payment.fee.map(|fee| ctx.euros(fee)).unwrap_or_default()),
            (ctx.t("staff-payment-id"), payment.id.clone()),
            (ctx.t("staff-payment-session"), payment.session_id.clone().unwrap_or_default()),
            (ctx.t("staff-payment-intent"), payment.intent_id.clone().unwrap_or_default()),
        ];
        facts.retain(|(_, value)| !value.is_empty());
        facts
    }
}

pub async fn show(
    ctx: Ctx,
    State(s): State<Services>,
    staff: Staff,
    Path((_lang, reference)): Path<(String, String)>,
) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let mut conn = s.db.read().await?;
    let pledge = pledges::actions::by_reference(&mut conn, &reference).await?.ok_or_else(Failure::not_found)?;
    let project = projects::actions::get(&mut conn, &pledge.project_id).await?;
    let backer = users::actions::by_id(&mut conn, &pledge.user_id).await?;
    let payment = payments::actions::of_pledge(&mut conn, &pledge.id).await?;
    let refunds = refunds::of_pledge(&mut conn, &pledge.id).await?;
    let papers = receipts::actions::of_pledge(&mut conn, &pledge.id).await?;
    let mut subjects = vec![(pledge.id.as_str(), String::new())];
    let raw = |list: &str, id: Option<&str>| ctx.path(&format!("/staff/{list}?q={}", id.unwrap_or(&pledge.reference)));
    subjects.extend(payment.iter().map(|one| (one.id.as_str(), raw("payments", one.intent_id.as_deref()))));
    subjects.extend(refunds.iter().map(|one| (one.id.as_str(), raw("refunds", one.provider_id.as_deref()))));
    let path = format!("/staff/pledges/{}", pledge.reference);
    let timeline = timeline::read(&ctx, &mut conn, &subjects, &path).await?;
    let lines = ledger::actions::lines_of_pledge(&mut conn, &pledge.id).await?;
    ctx.page(&PledgePage {
        ctx: &ctx,
        pledge: &pledge,
        project: &project,
        backer: backer.as_ref(),
        payment: payment.as_ref(),
        refunds: &refunds,
        papers: &papers,
        timeline,
        lines: &lines,
    })
}

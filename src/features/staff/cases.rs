//! The case desk: every difference and all money nobody can place, the oldest first; and one case with all that can be done with it.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::features::approvals::Proposal;
use crate::features::cases::{self, Case, CaseState, Remedy, desk};
use crate::features::staff::strays::Money;
use crate::features::staff::treasurer::{Outcome, Treasurer, end};
use crate::features::staff::{Changes, actor_name, changes_of, duration, list};
use crate::features::users::StaffRole;
use crate::features::users::guard::Staff;
use crate::features::{ledger, pledges};
use crate::infra::Services;
use crate::infra::error::Result;
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};
use crate::values::Cents;

const PATH: &str = "/staff/cases";

/// How long a case is open, or was.
pub(super) fn age(ctx: &Ctx, case: &Case) -> String {
    let end = case.closed_at.unwrap_or(ctx.now);
    duration(ctx, end.seconds() - case.opened_at.seconds())
}

#[derive(Template)]
#[template(path = "staff/case.html")]
struct CasePage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    case: &'a Case,
    /// The reference of the pledge it is about.
    pledge: Option<&'a str>,
    /// What stands in suspense for it; debits positive.
    suspense: Cents,
    waiting: Option<&'a (Proposal, Remedy)>,
    proposer: &'a str,
    /// What can be done with its payment at the provider.
    money: &'a Money,
    closer: &'a str,
    is_treasurer: bool,
    is_own: bool,
    /// Who looks after it, by name; and to whom it can be given.
    assigned: String,
    targets: Vec<(String, String)>,
    changes: &'a Changes,
}

impl CasePage<'_> {
    fn facts(&self) -> Vec<(String, String)> {
        let (ctx, case) = (self.ctx, self.case);
        let mut facts = vec![
            (ctx.t("case-amount"), ctx.euros(case.amount)),
            (ctx.t("case-since"), format!("{} ({})", ctx.moment(case.opened_at), age(ctx, case))),
            (ctx.t("case-suspected"), ctx.t(format!("case-cause-{}", case.kind))),
            (ctx.t("case-seen"), case.detail.clone()),
            (ctx.t("case-subject"), case.subject_id.clone()),
            (ctx.t("case-suspense"), ctx.euros(self.suspense.negated())),
        ];
        facts.push((ctx.t("case-assigned"), self.assigned.clone()));
        if case.posting > Cents::ZERO {
            let amount = ctx.euros(case.posting);
            facts.push((ctx.t("case-posting"), format!("{} → {}: {amount}", case.debit, case.credit)));
        }
        if let Some(at) = case.closed_at {
            facts.push((ctx.t("case-closed"), format!("{}, {}", ctx.moment(at), self.closer)));
            facts.push((ctx.t("case-why"), case.reason.clone()));
        }
        facts.retain(|(_, value)| !value.is_empty());
        facts
    }

    fn url(&self, part: &str) -> String {
        self.ctx.path(&format!("{}{part}", address(&self.case.id)))
    }

    /// Whether it can be given to somebody.
    fn is_open(&self) -> bool {
        self.case.state == CaseState::Open
    }

    /// Whether anything can be proposed.
    fn is_free(&self) -> bool {
        self.case.is_free()
    }

    /// Money in suspense asks for a posting.
    fn may_explain(&self) -> bool {
        self.suspense == Cents::ZERO
    }
}

fn address(id: &str) -> String {
    format!("{PATH}/{id}")
}

/// The form as it is shown first: the posting the program proposes, or what empties suspense.
fn filled(case: &Case, suspense: Cents) -> Form {
    let amount = |cents: Cents| if cents > Cents::ZERO { cents.plain() } else { String::new() };
    if case.posting > Cents::ZERO {
        let shown = amount(case.posting);
        return Form::with(&[("debit", &case.debit), ("credit", &case.credit), ("amount", &shown)]);
    }
    let aside = ledger::Account::Suspense.to_string();
    match suspense.0 {
        0 => Form::default(),
        ..0 => Form::with(&[("debit", &aside), ("amount", &amount(suspense.negated()))]),
        _ => Form::with(&[("credit", &aside), ("amount", &amount(suspense))]),
    }
}

pub(super) type Id = Path<(String, String)>;

pub async fn show(ctx: Ctx, State(s): State<Services>, staff: Staff, Path((_lang, id)): Id) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    page(&ctx, &s, &staff, &id, None, StatusCode::OK).await
}

async fn page(ctx: &Ctx, s: &Services, staff: &Staff, id: &str, form: Option<&Form>, status: StatusCode) -> Answer {
    let mut conn = s.db.read().await?;
    let case = cases::actions::find(&mut conn, id).await?.ok_or_else(Failure::not_found)?;
    let suspense = ledger::actions::suspense_of(&mut conn, &case.subject_id).await?;
    let waiting = desk::waiting(&mut conn, id, ctx.now).await?;
    let pledge = match &case.pledge_id {
        Some(pledge_id) => Some(pledges::actions::get(&mut conn, pledge_id).await?.reference),
        None => None,
    };
    let money = Money::read(&mut conn, &case, ctx, staff).await?;
    let mut subjects = vec![case.id.as_str()];
    subjects.extend(waiting.iter().map(|(proposal, _)| proposal.id.as_str()));
    subjects.extend(money.proposal.iter().map(|(_, proposal)| proposal.id.as_str()));
    subjects.extend(money.returns.iter().map(|back| back.id.as_str()));
    let changes = changes_of(&mut conn, &subjects).await?;
    let proposer = match &waiting {
        Some((proposal, _)) => actor_name(&mut conn, &proposal.proposed_by).await?,
        None => String::new(),
    };
    let closer = actor_name(&mut conn, case.closed_by.as_deref().unwrap_or_default()).await?;
    let first = filled(&case, suspense);
    let page = CasePage {
        ctx,
        form: form.unwrap_or(&first),
        case: &case,
        pledge: pledge.as_deref(),
        suspense,
        waiting: waiting.as_ref(),
        proposer: &proposer,
        money: &money,
        closer: &closer,
        is_treasurer: staff.has(StaffRole::Treasurer),
        assigned: actor_name(&mut conn, case.assigned_to.as_deref().unwrap_or_default()).await?,
        targets: list::cases::targets(ctx, &mut conn, staff).await?,
        is_own: waiting.as_ref().is_some_and(|(proposal, _)| proposal.proposed_by == staff.0.user.id),
        changes: &changes,
    };
    ctx.page_with(status, &page)
}

/// The case must be there before anything is done with it.
pub(super) async fn require_case(desk: &Treasurer, id: &str) -> std::result::Result<(), Failure> {
    let found = cases::actions::find(&mut *desk.s.db.read().await?, id).await?;
    found.map(|_| ()).ok_or_else(Failure::not_found)
}

/// 303 when it was done; the same page with the refusal when a rule said no. `reason_field`: where the form asks why.
pub(super) async fn answer<T>(
    desk: Treasurer,
    id: &str,
    form: Form,
    done: Result<T>,
    reason_field: &str,
    flash: &str,
) -> Answer {
    match desk.outcome(&address(id), form, done, reason_field)? {
        Outcome::Done(_) => Ok(desk.ctx.redirect_done(&address(id), flash)),
        Outcome::Refused(form, status) => page(&desk.ctx, &desk.s, &desk.staff, id, Some(&form), status).await,
    }
}

pub async fn propose(desk: Treasurer, Path((_lang, id)): Id, posted: Posted) -> Answer {
    let form = posted.allow(&["debit", "credit", "amount", "reason"])?;
    require_case(&desk, &id).await?;
    let typed = desk::Typed { debit: form.value("debit"), credit: form.value("credit"), amount: form.value("amount") };
    let mut tx = desk.s.db.begin().await?;
    let done = desk::propose(&mut tx, desk.decider(), &id, typed, form.value("reason"), desk.ctx.now).await;
    let done = end(tx, done).await;
    answer(desk, &id, form, done, "reason", "flash-case-proposed").await
}

pub async fn approve(desk: Treasurer, Path((_lang, id)): Id, posted: Posted) -> Answer {
    let form = posted.allow(&["hash"])?;
    require_case(&desk, &id).await?;
    let mut tx = desk.s.db.begin().await?;
    let done = desk::approve(&mut tx, desk.decider(), &id, form.value("hash"), desk.ctx.now).await;
    let done = end(tx, done).await;
    answer(desk, &id, form, done, "reason", "flash-case-approved").await
}

pub async fn withdraw(desk: Treasurer, Path((_lang, id)): Id, posted: Posted) -> Answer {
    let form = posted.allow(&["reason"])?;
    require_case(&desk, &id).await?;
    let mut tx = desk.s.db.begin().await?;
    let done = desk::withdraw(&mut tx, desk.decider(), &id, form.value("reason"), desk.ctx.now).await;
    let done = end(tx, done).await;
    answer(desk, &id, form, done, "reason", "flash-case-withdrawn").await
}

pub async fn assign(desk: Treasurer, Path((_lang, id)): Id, posted: Posted) -> Answer {
    let form = posted.allow(&["to"])?;
    require_case(&desk, &id).await?;
    let mut tx = desk.s.db.begin().await?;
    let done = desk::assign(&mut tx, &id, form.value("to"), &desk.staff.0.user.id, "", desk.ctx.now).await;
    let done = end(tx, done).await;
    answer(desk, &id, form, done, "to", "flash-case-assigned").await
}

pub async fn explain(desk: Treasurer, Path((_lang, id)): Id, posted: Posted) -> Answer {
    let form = posted.allow(&["explanation"])?;
    require_case(&desk, &id).await?;
    let mut tx = desk.s.db.begin().await?;
    let done = desk::explain(&mut tx, desk.decider(), &id, form.value("explanation"), desk.ctx.now).await;
    let done = end(tx, done).await;
    answer(desk, &id, form, done, "explanation", "flash-case-explained").await
}

//! Payouts to organisations: what is payable, decisions on tranches, and the bank accounts that wait to be checked.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::features::approvals::{self, Proposal};
use crate::features::organisations;
use crate::features::payouts::{
    ACCOUNT, AccountState, OrganisationAccount, Payable, TRANCHES, Tranche, TrancheState, accounts, actions, plan,
};
use crate::features::projects::{self, ProjectState};
use crate::features::staff::treasurer::{Outcome, Treasurer, end};
use crate::features::staff::{Known, actor_name};
use crate::features::users::StaffRole;
use crate::features::users::guard::Staff;
use crate::infra::Services;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::history::{self, Change};
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};
use crate::values::Cents;

/// Tranches on the list.
const MOST_TRANCHES: i64 = 200;

const PATH: &str = "/staff/payouts";

type Id = Path<(String, String)>;

/// A project with money for its organisation.
struct Row {
    slug: String,
    title: String,
    organisation: String,
    payable: Payable,
    can_stop: bool,
}

/// A tranche with the names a person knows.
struct Named {
    tranche: Tranche,
    title: String,
    organisation: String,
}

#[derive(Template)]
#[template(path = "staff/payouts.html")]
struct PayoutsPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    rows: &'a [Row],
    choices: Vec<(&'a str, String)>,
    tranches: &'a [Named],
    accounts: &'a [(OrganisationAccount, String)],
    /// Parts of plans that can be paid now, and plans that were suggested: project, title, amount, what it is.
    ready: &'a [(String, String, Cents, String)],
    is_treasurer: bool,
}

pub async fn list(ctx: Ctx, State(s): State<Services>, staff: Staff) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    list_page(&ctx, &s, &staff, &Form::default(), StatusCode::OK).await
}

async fn list_page(ctx: &Ctx, s: &Services, staff: &Staff, form: &Form, status: StatusCode) -> Answer {
    let mut conn = s.db.read().await?;
    let mut known = Known::default();
    let mut rows = Vec::new();
    for payable in actions::all_payable(&mut conn).await? {
        let project = known.project(&mut conn, &payable.project_id).await?;
        let (slug, title) = (project.slug.clone(), project.title(ctx.lang).to_owned());
        let can_stop = project.state.may_become(ProjectState::Terminated);
        let organisation = organisations::actions::get(&mut conn, &payable.organisation_id).await?.name;
        rows.push(Row { slug, title, organisation, payable, can_stop });
    }
    let tranches = actions::latest(&mut conn, MOST_TRANCHES).await?;
    let tranches = named(ctx, &mut conn, tranches).await?;
    let mut waiting = Vec::new();
    for account in accounts::waiting(&mut conn).await? {
        let name = organisations::actions::get(&mut conn, &account.organisation_id).await?.name;
        waiting.push((account, name));
    }
    let ready = ready(ctx, &mut conn, &mut known).await?;
    let open = rows.iter().filter(|row| row.payable.left() > Cents::ZERO);
    let choices = open.map(|row| (row.slug.as_str(), row.title.clone())).collect();
    let page = PayoutsPage {
        ctx,
        form,
        choices,
        rows: &rows,
        tranches: &tranches,
        accounts: &waiting,
        ready: &ready,
        is_treasurer: staff.has(StaffRole::Treasurer),
    };
    ctx.page_with(status, &page)
}

/// What plans have for treasurers: parts that are ready, and plans that organisations suggested.
async fn ready(ctx: &Ctx, conn: &mut Conn, known: &mut Known) -> Result<Vec<(String, String, Cents, String)>> {
    let mut found = Vec::new();
    for (project_id, followed) in plan::ready(conn, ctx.now).await? {
        let title = known.project(conn, &project_id).await?.title(ctx.lang).to_owned();
        found.push((project_id, title, followed.part.amount, followed.part.label(ctx.lang).to_owned()));
    }
    for suggested in plan::suggested(conn).await? {
        let title = known.project(conn, &suggested.project_id).await?.title(ctx.lang).to_owned();
        found.push((suggested.project_id, title, suggested.amount, ctx.t("payplan-suggested")));
    }
    Ok(found)
}

async fn named(ctx: &Ctx, conn: &mut Conn, tranches: Vec<Tranche>) -> Result<Vec<Named>> {
    let mut known = Known::default();
    let mut found = Vec::with_capacity(tranches.len());
    for tranche in tranches {
        let title = known.project(conn, &tranche.project_id).await?.title(ctx.lang).to_owned();
        let organisation = organisations::actions::get(conn, &tranche.organisation_id).await?.name;
        found.push(Named { tranche, title, organisation });
    }
    Ok(found)
}

/// Proposes a payout of an amount of a project's money.
pub async fn propose(desk: Treasurer, posted: Posted) -> Answer {
    let (ctx, s) = (&desk.ctx, &desk.s);
    let mut form = posted.allow(&["project", "amount", "reason"])?;
    let project = projects::actions::public_by_slug(&mut *s.db.read().await?, form.value("project")).await?;
    if project.is_none() {
        form.fail_key(ctx.lang, "project", "form-choose-one");
    }
    let amount = Cents::parse(form.value("amount"));
    if amount.is_err() {
        form.fail_key(ctx.lang, "amount", "payouts-amount-wrong");
    }
    let (Some(project), Ok(amount)) = (project, amount) else {
        return list_page(ctx, s, &desk.staff, &form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let mut tx = s.db.begin().await?;
    let done = actions::propose(&mut tx, desk.decider(), &project.id, amount, form.value("reason"), ctx.now).await;
    let done = end(tx, done).await;
    match desk.outcome(PATH, form, done, "reason")? {
        Outcome::Done(id) => Ok(ctx.redirect_done(&format!("{PATH}/{id}"), "flash-payouts-proposed")),
        Outcome::Refused(form, status) => list_page(ctx, s, &desk.staff, &form, status).await,
    }
}

#[derive(Template)]
#[template(path = "staff/payout.html")]
struct PayoutPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    id: &'a str,
    tranches: &'a [Named],
    sum: Cents,
    hash: String,
    proposal: Option<Proposal>,
    changes: &'a [(Change, String)],
    is_treasurer: bool,
    is_own: bool,
}

impl PayoutPage<'_> {
    fn is_proposed(&self) -> bool {
        self.tranches.iter().all(|named| named.tranche.state == TrancheState::Proposed)
    }
}

pub async fn show(ctx: Ctx, State(s): State<Services>, staff: Staff, Path((_lang, id)): Id) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    decision_page(&ctx, &s, &staff, &id, &Form::default(), StatusCode::OK).await
}

async fn decision_page(ctx: &Ctx, s: &Services, staff: &Staff, id: &str, form: &Form, status: StatusCode) -> Answer {
    let mut conn = s.db.read().await?;
    let tranches = actions::of_decision(&mut conn, id).await?;
    let Some(first) = tranches.first() else { return Err(Failure::not_found()) };
    let is_own = first.planned_by == staff.0.user.id;
    let hash = actions::hash_of(id, &tranches);
    let mut changes = Vec::new();
    for tranche in &tranches {
        for change in history::of(&mut conn, &tranche.id).await? {
            let name = actor_name(&mut conn, &change.actor).await?;
            changes.push((change, name));
        }
    }
    let page = PayoutPage {
        ctx,
        form,
        id,
        sum: tranches.iter().map(|tranche| tranche.amount).sum(),
        proposal: approvals::actions::open_of(&mut conn, TRANCHES, id, ctx.now).await?,
        tranches: &named(ctx, &mut conn, tranches).await?,
        hash,
        changes: &changes,
        is_treasurer: staff.has(StaffRole::Treasurer),
        is_own,
    };
    ctx.page_with(status, &page)
}

/// 303 when it was done; the same page with the refusal above it when a rule said no.
async fn decided(desk: Treasurer, id: &str, form: Form, done: Result<()>, flash: &str) -> Answer {
    let path = format!("{PATH}/{id}");
    match desk.outcome(&path, form, done, "reason")? {
        Outcome::Done(()) => Ok(desk.ctx.redirect_done(&path, flash)),
        Outcome::Refused(form, status) => decision_page(&desk.ctx, &desk.s, &desk.staff, id, &form, status).await,
    }
}

pub async fn approve(desk: Treasurer, Path((_lang, id)): Id, posted: Posted) -> Answer {
    let form = posted.allow(&["hash"])?;
    let mut tx = desk.s.db.begin().await?;
    let done = actions::approve(&mut tx, desk.decider(), &id, form.value("hash"), desk.ctx.now).await;
    let done = end(tx, done).await;
    decided(desk, &id, form, done, "flash-payouts-approved").await
}

pub async fn withdraw(desk: Treasurer, Path((_lang, id)): Id, posted: Posted) -> Answer {
    let form = posted.allow(&["reason"])?;
    let mut tx = desk.s.db.begin().await?;
    let done = actions::withdraw(&mut tx, desk.decider(), &id, form.value("reason"), desk.ctx.now).await;
    let done = end(tx, done).await;
    decided(desk, &id, form, done, "flash-payouts-withdrawn").await
}

#[derive(Template)]
#[template(path = "staff/payout_account.html")]
struct AccountPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    account: &'a OrganisationAccount,
    organisation: String,
    entered_by: String,
    /// The account payouts go to now.
    current: Option<OrganisationAccount>,
    proposal: Option<Proposal>,
    hash: String,
    is_treasurer: bool,
    is_own: bool,
}

pub async fn account(ctx: Ctx, State(s): State<Services>, staff: Staff, Path((_lang, id)): Id) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    account_page(&ctx, &s, &staff, &id, &Form::default(), StatusCode::OK).await
}

async fn account_page(ctx: &Ctx, s: &Services, staff: &Staff, id: &str, form: &Form, status: StatusCode) -> Answer {
    let mut conn = s.db.read().await?;
    let account = accounts::account(&mut conn, id).await?.ok_or_else(Failure::not_found)?;
    let proposal = approvals::actions::open_of(&mut conn, ACCOUNT, id, ctx.now).await?;
    let page = AccountPage {
        ctx,
        form,
        organisation: organisations::actions::get(&mut conn, &account.organisation_id).await?.name,
        entered_by: actor_name(&mut conn, &account.entered_by).await?,
        current: accounts::verified(&mut conn, &account.organisation_id).await?.filter(|now| now.id != account.id),
        hash: approvals::actions::hash(ACCOUNT, id, &accounts::content(&account)),
        is_treasurer: staff.has(StaffRole::Treasurer),
        is_own: proposal.as_ref().is_some_and(|open| open.proposed_by == staff.0.user.id),
        proposal,
        account: &account,
    };
    ctx.page_with(status, &page)
}

/// The same for an account.
async fn checked(desk: Treasurer, id: &str, form: Form, done: Result<()>, flash: &str) -> Answer {
    let path = format!("{PATH}/accounts/{id}");
    match desk.outcome(&path, form, done, "reason")? {
        Outcome::Done(()) => Ok(desk.ctx.redirect_done(&path, flash)),
        Outcome::Refused(form, status) => account_page(&desk.ctx, &desk.s, &desk.staff, id, &form, status).await,
    }
}

pub async fn propose_account(desk: Treasurer, Path((_lang, id)): Id, posted: Posted) -> Answer {
    let form = posted.allow(&["reason"])?;
    let mut tx = desk.s.db.begin().await?;
    let done = accounts::propose(&mut tx, desk.decider(), &id, form.value("reason"), desk.ctx.now).await;
    let done = end(tx, done).await;
    checked(desk, &id, form, done, "flash-payouts-account-proposed").await
}

pub async fn approve_account(desk: Treasurer, Path((_lang, id)): Id, posted: Posted) -> Answer {
    let form = posted.allow(&["hash"])?;
    let mut tx = desk.s.db.begin().await?;
    let done = accounts::approve(&mut tx, desk.decider(), &id, form.value("hash"), desk.ctx.now).await;
    let done = end(tx, done).await;
    checked(desk, &id, form, done, "flash-payouts-account-verified").await
}

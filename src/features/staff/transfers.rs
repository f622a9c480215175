//! Money that leaves by bank: what is planned, the files, one file; and the refunds that wait for their backers.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;

use crate::features::approvals::{self, Proposal};
use crate::features::payments::{OpenClaim, by_bank};
use crate::features::staff::actor_name;
use crate::features::staff::treasurer::{Outcome, Treasurer, end};
use crate::features::transfers::{BATCH, Batch, BatchState, MOST_IN_BATCH, Refusal, Transfer, actions};
use crate::features::users::StaffRole;
use crate::features::users::guard::Staff;
use crate::infra::Services;
use crate::infra::error::{Error, Result};
use crate::infra::history::{self, Action, Entry};
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};
use crate::values::{Cents, Iban};

/// Transfers that can be chosen one by one; more go together or by the next file.
const MOST_PICKED: usize = 90;
/// Files on the list.
const MOST_BATCHES: i64 = 100;

const PATH: &str = "/staff/transfers";

type Id = Path<(String, String)>;

#[derive(Template)]
#[template(path = "staff/transfers.html")]
struct TransfersPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    planned: &'a [Transfer],
    sum: Cents,
    batches: &'a [Batch],
    choices: Vec<(&'static str, String)>,
    is_treasurer: bool,
}

impl TransfersPage<'_> {
    fn picked(&self) -> &[Transfer] {
        &self.planned[..self.planned.len().min(MOST_PICKED)]
    }

    fn is_picked(&self, transfer: &Transfer) -> bool {
        self.form.ticked(&transfer.end_to_end_id())
    }
}

pub async fn list(ctx: Ctx, State(s): State<Services>, staff: Staff) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    list_page(&ctx, &s, &staff, &Form::with(&[("choice", "all")]), StatusCode::OK).await
}

async fn list_page(ctx: &Ctx, s: &Services, staff: &Staff, form: &Form, status: StatusCode) -> Answer {
    let mut conn = s.db.read().await?;
    let planned = actions::planned(&mut conn).await?;
    let batches = actions::batches(&mut conn, MOST_BATCHES).await?;
    let choices = ["all", "picked"].map(|choice| (choice, ctx.t(format!("transfers-choice-{choice}")))).to_vec();
    let page = TransfersPage {
        ctx,
        form,
        sum: planned.iter().map(|transfer| transfer.amount).sum(),
        planned: &planned,
        batches: &batches,
        choices,
        is_treasurer: staff.has(StaffRole::Treasurer),
    };
    ctx.page_with(status, &page)
}

/// Proposes a file of everything that is planned, or of what was ticked.
pub async fn propose(desk: Treasurer, posted: Posted) -> Answer {
    let planned = actions::planned(&mut *desk.s.db.read().await?).await?;
    let known: HashMap<String, String> = planned.iter().map(|t| (t.end_to_end_id(), t.id.clone())).collect();
    let names: Vec<&str> = known.keys().map(String::as_str).chain(["choice", "reason"]).collect();
    // one of the ticked transfers may have gone into another file meanwhile
    let form = posted.allow(&names).map_err(|_| Failure::from(Error::from(Refusal::NotPlanned)))?;
    let ids: Vec<String> = if form.is("choice", "picked") {
        known.iter().filter(|(name, _)| form.ticked(name)).map(|(_, id)| id.clone()).collect()
    } else {
        planned.iter().take(MOST_IN_BATCH).map(|t| t.id.clone()).collect()
    };
    let mut tx = desk.s.db.begin().await?;
    let done = actions::propose(&mut tx, desk.decider(), &ids, form.value("reason"), desk.ctx.now).await;
    let done = end(tx, done).await;
    match desk.outcome(PATH, form, done, "reason")? {
        Outcome::Done(id) => Ok(desk.ctx.redirect_done(&address(&id), "flash-transfers-proposed")),
        Outcome::Refused(form, status) => list_page(&desk.ctx, &desk.s, &desk.staff, &form, status).await,
    }
}

#[derive(Template)]
#[template(path = "staff/transfer_batch.html")]
struct BatchPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    batch: &'a Batch,
    transfers: &'a [Transfer],
    hash: String,
    /// Of the file that is handed out.
    file_hash: Option<String>,
    proposal: Option<Proposal>,
    proposer: String,
    approver: String,
    is_treasurer: bool,
    is_own: bool,
}

impl BatchPage<'_> {
    fn url(&self, part: &str) -> String {
        self.ctx.path(&format!("/staff/transfers/{}{part}", self.batch.id))
    }

    fn iban(&self, transfer: &Transfer) -> String {
        Iban::parse(&transfer.iban).map_or_else(|| transfer.iban.clone(), |iban| iban.grouped())
    }

    fn is_withdrawable(&self) -> bool {
        let open = self.batch.state == BatchState::Approved && self.batch.downloaded_at.is_none();
        self.batch.state == BatchState::Proposed || open
    }
}

pub async fn show(ctx: Ctx, State(s): State<Services>, staff: Staff, Path((_lang, id)): Id) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    batch_page(&ctx, &s, &staff, &id, &Form::default(), StatusCode::OK).await
}

async fn batch_page(ctx: &Ctx, s: &Services, staff: &Staff, id: &str, form: &Form, status: StatusCode) -> Answer {
    let mut conn = s.db.read().await?;
    let batch = actions::batch(&mut conn, id).await?.ok_or_else(Failure::not_found)?;
    let transfers = actions::in_batch(&mut conn, id).await?;
    let file_hash = match batch.state {
        BatchState::Proposed | BatchState::Withdrawn => None,
        _ => Some(actions::file(&mut conn, &s.settings.bank, id).await?.1),
    };
    let page = BatchPage {
        ctx,
        form,
        hash: actions::hash_of(id, &transfers),
        file_hash,
        proposal: approvals::actions::open_of(&mut conn, BATCH, id, ctx.now).await?,
        proposer: actor_name(&mut conn, &batch.proposed_by).await?,
        approver: actor_name(&mut conn, batch.approved_by.as_deref().unwrap_or_default()).await?,
        is_treasurer: staff.has(StaffRole::Treasurer),
        is_own: batch.proposed_by == staff.0.user.id,
        batch: &batch,
        transfers: &transfers,
    };
    ctx.page_with(status, &page)
}

fn address(id: &str) -> String {
    format!("{PATH}/{id}")
}

/// 303 when it was done; the same page with the refusal above it when a rule said no.
async fn answer(desk: Treasurer, id: &str, form: Form, done: Result<()>, flash: &str) -> Answer {
    match desk.outcome(&address(id), form, done, "reason")? {
        Outcome::Done(()) => Ok(desk.ctx.redirect_done(&address(id), flash)),
        Outcome::Refused(form, status) => batch_page(&desk.ctx, &desk.s, &desk.staff, id, &form, status).await,
    }
}

pub async fn approve(desk: Treasurer, Path((_lang, id)): Id, posted: Posted) -> Answer {
    let form = posted.allow(&["hash"])?;
    let mut tx = desk.s.db.begin().await?;
    let mut done = actions::approve(&mut tx, desk.decider(), &id, form.value("hash"), desk.ctx.now).await;
    if done.is_ok() {
        // a file that cannot be made is not approved
        done = actions::file(&mut tx, &desk.s.settings.bank, &id).await.map(|_| ());
    }
    let done = end(tx, done).await;
    answer(desk, &id, form, done, "flash-transfers-approved").await
}

/// Hands the file out. A form and no link: the first time changes what can still be done.
pub async fn download(desk: Treasurer, Path((_lang, id)): Id, posted: Posted) -> Answer {
    posted.allow(&[])?;
    let mut tx = desk.s.db.begin().await?;
    actions::mark_downloaded(&mut tx, desk.decider(), &id, desk.ctx.now).await?;
    let (text, _) = actions::file(&mut tx, &desk.s.settings.bank, &id).await?;
    let actor = desk.staff.0.user.id.as_str();
    let entry = Entry { subject: "batch", subject_id: &id, from: "", to: "", actor, reason: "" };
    history::note(&mut tx, desk.ctx.now, Action::Exported, entry).await?;
    tx.commit().await?;
    let headers = [
        (header::CONTENT_TYPE, "application/xml; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{id}.xml\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, text).into_response())
}

pub async fn sent(desk: Treasurer, Path((_lang, id)): Id, posted: Posted) -> Answer {
    let form = posted.allow(&[])?;
    let mut tx = desk.s.db.begin().await?;
    let done = actions::sent(&mut tx, desk.decider(), &id, desk.ctx.now).await;
    let done = end(tx, done).await;
    answer(desk, &id, form, done, "flash-transfers-sent").await
}

pub async fn withdraw(desk: Treasurer, Path((_lang, id)): Id, posted: Posted) -> Answer {
    let form = posted.allow(&["reason"])?;
    let mut tx = desk.s.db.begin().await?;
    let done = actions::withdraw(&mut tx, desk.decider(), &id, form.value("reason"), desk.ctx.now).await;
    let done = end(tx, done).await;
    answer(desk, &id, form, done, "flash-transfers-withdrawn").await
}

#[derive(Template)]
#[template(path = "staff/claims.html")]
struct ClaimsPage<'a> {
    ctx: &'a Ctx,
    claims: &'a [OpenClaim],
    sum: Cents,
}

impl ClaimsPage<'_> {
    /// Whole days since the backer was asked.
    fn age_days(&self, claim: &OpenClaim) -> i64 {
        (self.ctx.now.millis() - claim.asked_at.millis()).div_euclid(86_400_000)
    }
}

pub async fn claims(ctx: Ctx, State(s): State<Services>, staff: Staff) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let claims = by_bank::open_claims(&mut *s.db.read().await?).await?;
    let sum = claims.iter().map(|claim| claim.amount).sum();
    ctx.page(&ClaimsPage { ctx: &ctx, claims: &claims, sum })
}

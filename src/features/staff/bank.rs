//! The bank account as its statements tell it: the statements, what waits, one payment, and the file that brings more.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;

use crate::features::approvals::Proposal;
use crate::features::bank::uploads::Upload;
use crate::features::bank::{self, BankLine, Decision, LineState, Statement, Suggestion};
use crate::features::ledger::{self, Account};
use crate::features::match_funds::{self, FundState};
use crate::features::pledges;
use crate::features::staff::treasurer::{Outcome, Treasurer, end};
use crate::features::staff::{Asked, PER_PAGE, Pages, actor_name};
use crate::features::users::StaffRole;
use crate::features::users::guard::Staff;
use crate::infra::Services;
use crate::infra::error::Result;
use crate::infra::history::{self, Change};
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};
use crate::values::{Cents, Iban};

/// Lines that wait and are shown at once.
const MOST_WAITING: i64 = 200;
/// Files that were handed in and are shown.
const MOST_UPLOADS: i64 = 5;

type Id = Path<(String, String)>;

#[derive(Template)]
#[template(path = "staff/bank.html")]
struct BankPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    is_treasurer: bool,
    uploads: &'a [Upload],
    iban: String,
    balance: Cents,
    suspense: Cents,
    counts: &'a [(LineState, i64, Cents)],
    waiting: &'a [BankLine],
    statements: &'a [Statement],
}

pub async fn show(ctx: Ctx, State(s): State<Services>, staff: Staff) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    bank_page(&ctx, &s, &staff, &Form::default(), StatusCode::OK).await
}

pub(super) async fn bank_page(ctx: &Ctx, s: &Services, staff: &Staff, form: &Form, status: StatusCode) -> Answer {
    let mut conn = s.db.read().await?;
    let page = BankPage {
        ctx,
        form,
        is_treasurer: staff.has(StaffRole::Treasurer),
        uploads: &bank::uploads::latest(&mut conn, MOST_UPLOADS).await?,
        iban: Iban::parse(&s.settings.bank.iban).map(|iban| iban.grouped()).unwrap_or_default(),
        balance: ledger::actions::balance(&mut conn, &Account::Bank).await?,
        suspense: ledger::actions::balance(&mut conn, &Account::Suspense).await?.negated(),
        counts: &bank::actions::counts(&mut conn).await?,
        waiting: &bank::actions::waiting(&mut conn, MOST_WAITING).await?,
        statements: &bank::actions::statements(&mut conn, PER_PAGE, 0).await?,
    };
    ctx.page_with(status, &page)
}

#[derive(Template)]
#[template(path = "staff/bank_statement.html")]
struct StatementPage<'a> {
    ctx: &'a Ctx,
    statement: &'a Statement,
    by: String,
    lines: &'a [BankLine],
    pages: &'a Pages,
}

impl StatementPage<'_> {
    fn facts(&self) -> Vec<(String, String)> {
        let (ctx, statement) = (self.ctx, self.statement);
        let balance = |day: &str, amount: &Cents| format!("{} ({})", ctx.euros(amount), ctx.day(day));
        let mut facts = vec![
            (ctx.t("staff-bank-number"), format!("{} {}", statement.statement_id, statement.number)),
            (ctx.t("staff-bank-opening"), balance(&statement.opened_on, &statement.opening)),
            (ctx.t("staff-bank-closing"), balance(&statement.closed_on, &statement.closing)),
            (ctx.t("staff-bank-message"), statement.message_id.clone()),
            (ctx.t("staff-bank-file"), statement.file_name.clone()),
            (ctx.t("staff-bank-imported"), ctx.moment(statement.begun_at)),
            (ctx.t("reconciliation-by"), self.by.clone()),
        ];
        if statement.finished_at.is_none() {
            facts.push((ctx.t("staff-state"), ctx.t("staff-bank-unfinished")));
        }
        facts
    }
}

pub async fn statement(
    ctx: Ctx,
    State(s): State<Services>,
    staff: Staff,
    Path((_lang, id)): Id,
    RawQuery(query): RawQuery,
) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let asked = Asked::read(query.as_deref());
    let mut conn = s.db.read().await?;
    let statement = bank::actions::statement(&mut conn, &id).await?.ok_or_else(Failure::not_found)?;
    let (lines, total) = bank::actions::lines_of(&mut conn, &id, PER_PAGE, asked.offset()).await?;
    let pages = Pages::of(&asked, total, &ctx.path(&format!("/staff/bank/statements/{id}")));
    let by = actor_name(&mut conn, &statement.imported_by).await?;
    ctx.page(&StatementPage { ctx: &ctx, statement: &statement, by, lines: &lines, pages: &pages })
}

#[derive(Template)]
#[template(path = "staff/bank_line.html")]
struct LinePage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    line: &'a BankLine,
    /// The reference of the pledge it belongs to, or seems to.
    pledge: Option<String>,
    suggestions: &'a [Suggestion],
    decisions: Vec<(&'static str, String)>,
    /// The funds that take money.
    funds: Vec<(String, String)>,
    proposal: Option<&'a (Decision, Proposal)>,
    proposed_by: String,
    is_own: bool,
    is_treasurer: bool,
    changes: &'a [(Change, String)],
}

impl LinePage<'_> {
    fn url(&self, part: &str) -> String {
        self.ctx.path(&format!("{}{part}", address(&self.line.id)))
    }

    fn facts(&self) -> Vec<(String, String)> {
        let (ctx, line) = (self.ctx, self.line);
        let mut facts = vec![
            (ctx.t("settlement-amount"), ctx.euros(line.amount)),
            (ctx.t("staff-bank-direction"), ctx.t(format!("bank-direction-{}", line.direction))),
            (ctx.t("staff-bank-booked"), ctx.day(&line.booked_on)),
            (ctx.t("staff-bank-other-side"), line.name.clone()),
            (ctx.t("staff-bank-account"), Iban::parse(&line.iban).map(|iban| iban.grouped()).unwrap_or_default()),
            (ctx.t("staff-bank-reference"), line.reference.clone()),
            (ctx.t("staff-bank-remittance"), line.remittance.clone()),
            (ctx.t("staff-bank-end-to-end"), line.end_to_end_id.clone()),
            (ctx.t("staff-bank-own-reference"), line.bank_reference.clone()),
        ];
        if line.open != Cents::ZERO {
            facts.push((ctx.t("staff-bank-open"), ctx.euros(line.open)));
        }
        facts.retain(|(_, value)| !value.is_empty());
        facts
    }

    fn name(&self, decision: &Decision) -> String {
        decision_name(self.ctx, *decision)
    }

    /// What follows from a decision, in words.
    fn effect(&self, decision: &Decision) -> String {
        self.ctx.t(match decision {
            Decision::Apply => "bank-effect-apply",
            Decision::Fund => "bank-effect-fund",
            Decision::Return => "bank-effect-return",
            Decision::WriteOff => "bank-effect-write-off",
        })
    }

    /// Why a pledge is suggested.
    fn why(&self, suggestion: &Suggestion) -> String {
        let mut why = Vec::new();
        if suggestion.typos.is_some() {
            why.push(self.ctx.t("staff-bank-like-reference"));
        }
        if suggestion.same_amount {
            why.push(self.ctx.t("staff-bank-same-amount"));
        }
        if suggestion.same_words > 0 {
            why.push(self.ctx.t("staff-bank-like-name"));
        }
        why.join(", ")
    }

    fn can_propose(&self) -> bool {
        self.is_treasurer && self.proposal.is_none() && matches!(self.line.state, LineState::Open | LineState::Partial)
    }
}

fn decision_name(ctx: &Ctx, decision: Decision) -> String {
    ctx.t(decision.as_str().replace(['.', '_'], "-"))
}

fn address(id: &str) -> String {
    format!("/staff/bank/lines/{id}")
}

pub async fn line(ctx: Ctx, State(s): State<Services>, staff: Staff, Path((_lang, id)): Id) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let form = Form::with(&[("decision", Decision::Apply.as_str())]);
    line_page(&ctx, &s, &staff, &id, &form, StatusCode::OK).await
}

async fn line_page(ctx: &Ctx, s: &Services, staff: &Staff, id: &str, form: &Form, status: StatusCode) -> Answer {
    let mut conn = s.db.read().await?;
    let line = bank::actions::line(&mut conn, id).await?.ok_or_else(Failure::not_found)?;
    let pledge = match &line.pledge_id {
        Some(pledge_id) => Some(pledges::actions::get(&mut conn, pledge_id).await?.reference),
        None => None,
    };
    let waits = line.state == LineState::Open;
    let suggestions = if waits { bank::actions::suggestions(&mut conn, &line).await? } else { Vec::new() };
    let proposal = bank::actions::proposed(&mut conn, id, ctx.now).await?;
    let proposer = proposal.as_ref().map(|(_, proposal)| proposal.proposed_by.clone()).unwrap_or_default();
    let funds = match_funds::actions::all(&mut conn).await?;
    let funds = funds.into_iter().filter(|fund| fund.state != FundState::Ended);
    let mut changes = Vec::new();
    for change in history::of(&mut conn, id).await? {
        let name = actor_name(&mut conn, &change.actor).await?;
        changes.push((change, name));
    }
    let page = LinePage {
        ctx,
        form,
        line: &line,
        pledge,
        suggestions: &suggestions,
        funds: funds.map(|fund| (fund.id.clone(), fund.name(ctx.lang).to_owned())).collect(),
        decisions: Decision::ALL.iter().map(|one| (one.as_str(), decision_name(ctx, *one))).collect(),
        proposal: proposal.as_ref(),
        proposed_by: actor_name(&mut conn, &proposer).await?,
        is_own: proposer == staff.0.user.id,
        is_treasurer: staff.has(StaffRole::Treasurer),
        changes: &changes,
    };
    ctx.page_with(status, &page)
}

/// The payment must be there before anything is decided about it.
async fn require_line(desk: &Treasurer, id: &str) -> std::result::Result<(), Failure> {
    let found = bank::actions::line(&mut *desk.s.db.read().await?, id).await?;
    found.map(|_| ()).ok_or_else(Failure::not_found)
}

fn decision(form: &Form) -> std::result::Result<Decision, Failure> {
    Decision::from_word(form.value("decision")).ok_or_else(|| Failure::bad_request("no such decision"))
}

/// 303 when it was done; the same page with the refusal beside its field when a rule said no.
async fn answer<T>(desk: Treasurer, id: &str, form: Form, done: Result<T>, flash: &str) -> Answer {
    match desk.outcome(&address(id), form, done, "reason")? {
        Outcome::Done(_) => Ok(desk.ctx.redirect_done(&address(id), flash)),
        Outcome::Refused(form, status) => line_page(&desk.ctx, &desk.s, &desk.staff, id, &form, status).await,
    }
}

pub async fn propose(desk: Treasurer, Path((_lang, id)): Id, posted: Posted) -> Answer {
    let form = posted.allow(&["decision", "pledge", "fund", "reason"])?;
    require_line(&desk, &id).await?;
    let decision = decision(&form)?;
    let decided = (decision, form.value(if decision == Decision::Fund { "fund" } else { "pledge" }));
    let mut tx = desk.s.db.begin().await?;
    let done = bank::actions::propose(&mut tx, desk.decider(), &id, decided, form.value("reason"), desk.ctx.now).await;
    let done = end(tx, done).await;
    answer(desk, &id, form, done, "flash-bank-proposed").await
}

pub async fn approve(desk: Treasurer, Path((_lang, id)): Id, posted: Posted) -> Answer {
    let form = posted.allow(&["decision", "hash"])?;
    require_line(&desk, &id).await?;
    let (decision, hash) = (decision(&form)?, form.value("hash"));
    let mut tx = desk.s.db.begin().await?;
    let done = bank::actions::approve(&mut tx, desk.decider(), &id, decision, hash, desk.ctx.now).await;
    let done = end(tx, done).await;
    answer(desk, &id, form, done, "flash-bank-approved").await
}

pub async fn withdraw(desk: Treasurer, Path((_lang, id)): Id, posted: Posted) -> Answer {
    let form = posted.allow(&["decision", "reason"])?;
    require_line(&desk, &id).await?;
    let (decision, reason) = (decision(&form)?, form.value("reason"));
    let mut tx = desk.s.db.begin().await?;
    let done = bank::actions::withdraw(&mut tx, desk.decider(), &id, decision, reason, desk.ctx.now).await;
    let done = end(tx, done).await;
    answer(desk, &id, form, done, "flash-bank-withdrawn").await
}

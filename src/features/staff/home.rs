//! The team's front page: what needs somebody today, and the counts behind it.

use askama::Template;
use axum::extract::State;

use crate::features::approvals;
use crate::features::cases::{self, CaseKind, CaseState};
use crate::features::evidence;
use crate::features::organisations::{self, OrganisationState};
use crate::features::outcomes;
use crate::features::payments::{RefundState, refunds, shield};
use crate::features::payouts;
use crate::features::pledges::{self, PledgeState};
use crate::features::projects::{self, ProjectState};
use crate::features::reconciliation::alarms;
use crate::features::results;
use crate::features::rounds::{self, RoundState};
use crate::features::settlement::{self, SettlementState};
use crate::features::staff::duration;
use crate::features::staff::near_misses;
use crate::features::transfers;
use crate::features::users::guard::Staff;
use crate::features::valuations::{ReviewState, reviews};
use crate::features::verifications::{self, VerificationState};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::letters::{self, LetterState};
use crate::infra::web::{Answer, Ctx};
use crate::infra::{Services, jobs};

/// Something that waits for a person.
struct Todo {
    text: String,
    url: String,
}

#[derive(Template)]
#[template(path = "staff/home.html")]
struct HomePage<'a> {
    ctx: &'a Ctx,
    todos: &'a [Todo],
    /// What it counts, and the number.
    numbers: &'a [(String, String)],
}

pub async fn show(ctx: Ctx, State(s): State<Services>, staff: Staff) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let mut conn = s.db.read().await?;
    let mut todos = of_rounds(&ctx, &mut conn, &staff).await?;
    todos.splice(0..0, alarms(&ctx, &mut conn).await?);
    todos.extend(of_valuation(&ctx, &mut conn, &staff).await?);
    todos.extend(of_outcomes(&ctx, &mut conn).await?);
    todos.extend(of_money(&ctx, &s, &mut conn).await?);
    let numbers = numbers(&ctx, &mut conn).await?;
    ctx.page(&HomePage { ctx: &ctx, todos: &todos, numbers: &numbers })
}

/// Rounds to close, proposals to approve, executions to watch, projects to look at.
async fn of_rounds(ctx: &Ctx, conn: &mut Conn, staff: &Staff) -> Result<Vec<Todo>> {
    let mut todos = Vec::new();
    for round in rounds::actions::all(conn).await? {
        if matches!(round.state, RoundState::Planned | RoundState::Settled) {
            continue;
        }
        let closing = ctx.path(&format!("/staff/rounds/{}/closing", round.number));
        let submitted = projects::actions::of_round(conn, &round.id).await?;
        let submitted = submitted.iter().filter(|project| project.state == ProjectState::Submitted).count();
        if submitted > 0 {
            let text = ctx.t2("staff-todo-submitted", "count", submitted, "round", round.number);
            todos.push(Todo { text, url: ctx.path("/staff/projects") });
        }
        let settlement = settlement::actions::of_round(conn, &round.id).await?;
        let key = match (round.state, settlement) {
            (RoundState::Closing, None) => "staff-todo-propose",
            (RoundState::Closing, Some(open)) => match open.state {
                SettlementState::Proposed if open.expires_at <= ctx.now => "staff-todo-propose",
                SettlementState::Proposed if open.proposed_by == staff.0.user.id => "staff-todo-own-proposal",
                SettlementState::Proposed => "staff-todo-approve",
                SettlementState::Paused => "staff-todo-paused",
                SettlementState::Done => match near_misses::waiting(conn, &round).await? {
                    (true, _) => "staff-todo-near-due",
                    (false, true) => "staff-todo-near-waits",
                    (false, false) => "staff-todo-executing",
                },
                _ => "staff-todo-executing",
            },
            (RoundState::Selling, _) if round.closes_at <= ctx.now.plus_days(2) => "staff-todo-closes-soon",
            _ => continue,
        };
        todos.push(Todo { text: ctx.t1(key, "round", round.number), url: closing });
    }
    Ok(todos)
}

/// Projects that wait for this expert's scores.
async fn of_valuation(ctx: &Ctx, conn: &mut Conn, staff: &Staff) -> Result<Option<Todo>> {
    let mut count = 0;
    for review in reviews::of_expert(conn, &staff.0.user.id).await? {
        let project = projects::actions::get(conn, &review.project_id).await?;
        let is_open = matches!(review.state, ReviewState::Assigned | ReviewState::Open);
        if is_open && project.state == ProjectState::InValuation && project.round_id == review.round_id {
            count += 1;
        }
    }
    let text = ctx.t1("staff-todo-scores", "count", count);
    Ok((count > 0).then(|| Todo { text, url: ctx.path("/staff/valuation") }))
}

/// Figures to check, disputes about them, and what owners sent that nobody has looked at.
async fn of_outcomes(ctx: &Ctx, conn: &mut Conn) -> Result<Vec<Todo>> {
    let waiting = verifications::actions::waiting(conn).await?;
    let count = |state| waiting.iter().filter(|one| one.state == state).count();
    let sent = evidence::actions::waiting(conn).await?.len() + outcomes::notes::waiting(conn).await?.len();
    let counts = [
        ("staff-todo-verify", count(VerificationState::Open), "/staff/verifications"),
        ("staff-todo-figure-disputes", count(VerificationState::Disputed), "/staff/verifications"),
        ("staff-todo-moderate", sent, "/staff/moderation"),
    ];
    let todos = counts.into_iter().filter(|(_, count, _)| *count > 0);
    Ok(todos.map(|(key, count, url)| Todo { text: ctx.t1(key, "count", count), url: ctx.path(url) }).collect())
}

/// What rings, before everything else: rules of the books that do not hold, and what lasts too long.
async fn alarms(ctx: &Ctx, conn: &mut Conn) -> Result<Vec<Todo>> {
    let mut todos = Vec::new();
    if shield::is_up(conn, ctx.now).await? {
        todos.push(Todo { text: ctx.t("shield-todo"), url: ctx.path("/staff/shield") });
    }
    let broken = cases::actions::open_of_kind(conn, CaseKind::InvariantBroken).await?.len();
    if broken > 0 {
        todos.push(Todo { text: ctx.t1("staff-todo-invariants", "count", broken), url: ctx.path("/staff/cases") });
    }
    for case in cases::actions::open_of_kind(conn, CaseKind::Stuck).await? {
        let Some(alarm) = alarms::of_subject(&case.subject_id) else { continue };
        let what = ctx.t(format!("alarm-{}", alarm.name));
        let since = duration(ctx, ctx.now.seconds() - case.opened_at.seconds());
        let text = ctx.t2("staff-todo-alarm", "what", what, "detail", since);
        todos.push(Todo { text, url: ctx.path(alarm.path) });
    }
    Ok(todos)
}

/// Disputes, refunds that failed, work and letters that are stuck.
async fn of_money(ctx: &Ctx, s: &Services, conn: &mut Conn) -> Result<Vec<Todo>> {
    let pledges = pledges::actions::counts(conn).await?;
    let refunds = refunds::counts(conn).await?;
    let letters = letters::counts(conn).await?;
    let waiting = i64::try_from(approvals::actions::waiting(conn, ctx.now).await?.len()).unwrap_or(i64::MAX);
    let failed_letters = letters.iter().filter(|(state, _)| *state == LetterState::Failed).map(|(_, count)| count);
    let planned = i64::try_from(transfers::actions::planned(conn).await?.len()).unwrap_or(i64::MAX);
    let accounts = i64::try_from(payouts::accounts::waiting(conn).await?.len()).unwrap_or(i64::MAX);
    let registered = organisations::actions::all(conn).await?;
    let registered = registered.iter().filter(|one| one.state == OrganisationState::Registered).count();
    let organisations = i64::try_from(registered).unwrap_or(i64::MAX);
    let parts = i64::try_from(payouts::plan::ready(conn, ctx.now).await?.len()).unwrap_or(i64::MAX);
    let plans = i64::try_from(payouts::plan::suggested(conn).await?.len()).unwrap_or(i64::MAX);
    let releases = i64::try_from(results::actions::ready(conn, ctx.now).await?).unwrap_or(i64::MAX);
    let counts = [
        ("staff-todo-disputes", pledges.get(&PledgeState::Disputed).copied(), "/staff/pledges?state=disputed"),
        ("staff-todo-refunds-failed", refunds.get(&RefundState::Failed).copied(), "/staff/refunds?state=failed"),
        ("staff-todo-transfers", Some(planned), "/staff/transfers"),
        ("staff-todo-organisations", Some(organisations), "/staff/organisations?state=registered"),
        ("staff-todo-payout-parts", Some(parts), "/staff/payouts"),
        ("staff-todo-payout-plans", Some(plans), "/staff/payouts"),
        ("staff-todo-results", Some(releases), "/staff/results"),
        ("staff-todo-accounts", Some(accounts), "/staff/payouts"),
        ("staff-todo-cases", cases::actions::counts(conn).await?.get(&CaseState::Open).copied(), "/staff/cases"),
        ("staff-todo-approvals", Some(waiting), "/staff/approvals"),
        ("staff-todo-jobs", Some(jobs::stuck(&s.db).await?), "/staff/jobs"),
        ("staff-todo-letters", Some(failed_letters.sum()), "/staff/jobs"),
    ];
    let todos = counts.into_iter().filter_map(|(key, count, url)| Some((key, count.filter(|c| *c > 0)?, url)));
    Ok(todos.map(|(key, count, url)| Todo { text: ctx.t1(key, "count", count), url: ctx.path(url) }).collect())
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

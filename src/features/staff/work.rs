//! What waits for somebody of the team: what, since when, by when, and for whom; each a link to where it is done.

use crate::features::approvals;
use crate::features::cases::{self, CaseKind, CaseState};
use crate::features::evidence;
use crate::features::organisations::{self, OrganisationState};
use crate::features::outcomes;
use crate::features::payments::{RefundState, refunds, shield};
use crate::features::payouts;
use crate::features::plans;
use crate::features::pledges::{self, PledgeState};
use crate::features::projects::{self, ProjectState};
use crate::features::reconciliation::alarms;
use crate::features::results;
use crate::features::rounds::{self, Round, RoundState};
use crate::features::settlement::{self, SettlementState};
use crate::features::staff::duration;
use crate::features::staff::near_misses;
use crate::features::transfers;
use crate::features::users::StaffRole;
use crate::features::users::guard::Staff;
use crate::features::valuations::{ReviewState, reviews};
use crate::features::verifications::{self, VerificationState};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::letters;
use crate::infra::web::Ctx;
use crate::infra::{Services, jobs};
use crate::values::Timestamp;

const TREASURER: &[StaffRole] = &[StaffRole::Treasurer];
const CHECKERS: &[StaffRole] = &[StaffRole::Reviewer, StaffRole::Expert];
const DESK: &[StaffRole] = &[StaffRole::Reviewer, StaffRole::Admin];
const DECIDERS: &[StaffRole] = &[StaffRole::Treasurer, StaffRole::Admin];

/// Something that waits for a person.
pub struct Todo {
    pub text: String,
    pub url: String,
    /// Since when the oldest of it waits, where that is known.
    pub since: Option<Timestamp>,
    /// When it is too late, or something happens by itself.
    pub due: Option<Timestamp>,
    /// Who does it; empty: everybody should know.
    roles: &'static [StaffRole],
}

impl Todo {
    fn new(text: String, url: String, roles: &'static [StaffRole]) -> Todo {
        Todo { text, url, since: None, due: None, roles }
    }

    /// Whether it waits for this person.
    fn is_of(&self, staff: &Staff) -> bool {
        self.roles.is_empty() || self.roles.iter().any(|role| staff.has(*role))
    }
}

/// What waits for this person, and what for others of the team: what rings first, then what waits longest.
pub async fn read(ctx: &Ctx, s: &Services, conn: &mut Conn, staff: &Staff) -> Result<(Vec<Todo>, Vec<Todo>)> {
    let mut todos = of_rounds(ctx, conn, staff).await?;
    todos.extend(of_valuation(ctx, conn, staff).await?);
    todos.extend(of_outcomes(ctx, conn).await?);
    todos.extend(of_money(ctx, s, conn).await?);
    todos.sort_by_key(|todo| (todo.since.is_none(), todo.since));
    let mut first = alarms(ctx, conn).await?;
    first.extend(todos);
    Ok(first.into_iter().partition(|todo| todo.is_of(staff)))
}

/// Rounds to close, proposals to approve, executions to watch, projects to look at.
async fn of_rounds(ctx: &Ctx, conn: &mut Conn, staff: &Staff) -> Result<Vec<Todo>> {
    let mut todos = Vec::new();
    for round in rounds::actions::all(conn).await? {
        if matches!(round.state, RoundState::Planned | RoundState::Settled) {
            continue;
        }
        let closing = ctx.path(&format!("/staff/rounds/{}/closing", round.number));
        todos.extend(submitted(ctx, conn, &round).await?);
        let settlement = settlement::actions::of_round(conn, &round.id).await?;
        let due = match &settlement {
            Some(open) if open.state == SettlementState::Proposed => Some(open.expires_at),
            None if round.state == RoundState::Selling => Some(round.closes_at),
            _ => None,
        };
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
        todos.push(Todo { due, ..Todo::new(ctx.t1(key, "round", round.number), closing, TREASURER) });
    }
    Ok(todos)
}

/// Plans of a round that reviewers must read before it is valued.
async fn submitted(ctx: &Ctx, conn: &mut Conn, round: &Round) -> Result<Option<Todo>> {
    let (mut count, mut since) = (0, None);
    for project in projects::actions::of_round(conn, &round.id).await? {
        if project.state == ProjectState::Submitted {
            let newest = plans::actions::versions(conn, &project.id).await?.pop();
            since = oldest(since.into_iter().chain(newest.map(|version| version.submitted_at)));
            count += 1;
        }
    }
    let url = ctx.path(&format!("/staff/projects?round={}&state=submitted", round.number));
    let text = ctx.t2("staff-todo-submitted", "count", count, "round", round.number);
    Ok((count > 0).then(|| Todo {
        since,
        due: Some(round.valuation_at),
        ..Todo::new(text, url, &[StaffRole::Reviewer])
    }))
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
    Ok((count > 0).then(|| Todo::new(text, ctx.path("/staff/valuation"), &[StaffRole::Expert])))
}

/// Figures to check, disputes about them, and what owners sent that nobody has looked at.
async fn of_outcomes(ctx: &Ctx, conn: &mut Conn) -> Result<Vec<Todo>> {
    let waiting = verifications::actions::waiting(conn).await?;
    let of = |state| waiting.iter().filter(move |one| one.state == state);
    let (open, disputed) = (of(VerificationState::Open), of(VerificationState::Disputed));
    let files = evidence::actions::waiting(conn).await?;
    let sent = files.len() + outcomes::notes::waiting(conn).await?.len();
    let counts = [
        ("staff-todo-verify", open.clone().count(), oldest(open.map(|one| one.handed_in_at)), "/staff/verifications"),
        (
            "staff-todo-figure-disputes",
            disputed.clone().count(),
            oldest(disputed.map(|one| one.handed_in_at)),
            "/staff/verifications",
        ),
        ("staff-todo-moderate", sent, oldest(files.iter().map(|file| file.added_at)), "/staff/moderation"),
    ];
    let todos = counts.into_iter().filter(|(_, count, ..)| *count > 0);
    let todo =
        |key, count, since, url| Todo { since, ..Todo::new(ctx.t1(key, "count", count), ctx.path(url), CHECKERS) };
    Ok(todos.map(|(key, count, since, url)| todo(key, count, since, url)).collect())
}

/// What rings, before everything else: rules of the books that do not hold, and what lasts too long.
async fn alarms(ctx: &Ctx, conn: &mut Conn) -> Result<Vec<Todo>> {
    let mut todos = Vec::new();
    if shield::is_up(conn, ctx.now).await? {
        todos.push(Todo::new(ctx.t("shield-todo"), ctx.path("/staff/shield"), &[]));
    }
    let broken = cases::actions::open_of_kind(conn, CaseKind::InvariantBroken).await?.len();
    if broken > 0 {
        let url = ctx.path("/staff/cases?kind=invariant_broken");
        todos.push(Todo::new(ctx.t1("staff-todo-invariants", "count", broken), url, &[]));
    }
    for case in cases::actions::open_of_kind(conn, CaseKind::Stuck).await? {
        let Some(alarm) = alarms::of_subject(&case.subject_id) else { continue };
        let what = ctx.t(format!("alarm-{}", alarm.name));
        let since = duration(ctx, ctx.now.seconds() - case.opened_at.seconds());
        let text = ctx.t2("staff-todo-alarm", "what", what, "detail", since);
        todos.push(Todo { since: Some(case.opened_at), ..Todo::new(text, ctx.path(alarm.path), &[]) });
    }
    Ok(todos)
}

/// Disputes, refunds that failed, work and letters that are stuck.
async fn of_money(ctx: &Ctx, s: &Services, conn: &mut Conn) -> Result<Vec<Todo>> {
    let refunds = refunds::counts(conn).await?;
    let refunds = |state| refunds.get(&state).copied().unwrap_or_default();
    let failed_letters = letters::failed(conn).await?;
    let waiting = approvals::actions::waiting(conn, ctx.now).await?;
    let accounts = payouts::accounts::waiting(conn).await?;
    let registered = organisations::actions::all(conn).await?;
    let registered = registered.iter().filter(|one| one.state == OrganisationState::Registered).count();
    let cases = cases::actions::counts(conn).await?.get(&CaseState::Open).copied().unwrap_or_default();
    let case = cases::actions::page(conn, CaseState::Open, 1, 0).await?.pop();
    let disputed = pledges::actions::count_in(conn, PledgeState::Disputed).await?;
    let parts = number(payouts::plan::ready(conn, ctx.now).await?.len());
    let plans = number(payouts::plan::suggested(conn).await?.len());
    let planned = number(transfers::actions::planned(conn).await?.len());
    let releases = number(results::actions::ready(conn, ctx.now).await?);
    let mut todos = Vec::new();
    for (key, count, url, roles) in [
        ("staff-todo-disputes", disputed, "/staff/pledges?state=disputed", TREASURER),
        ("staff-todo-refunds-failed", refunds(RefundState::Failed), "/staff/refunds?state=failed", TREASURER),
        ("staff-todo-claims", refunds(RefundState::Unclaimed), "/staff/refunds?state=unclaimed", TREASURER),
        ("staff-todo-transfers", planned, "/staff/transfers", TREASURER),
        ("staff-todo-organisations", number(registered), "/staff/organisations?state=registered", DESK),
        ("staff-todo-payout-parts", parts, "/staff/payouts", TREASURER),
        ("staff-todo-payout-plans", plans, "/staff/payouts", TREASURER),
        ("staff-todo-results", releases, "/staff/results", TREASURER),
        ("staff-todo-accounts", number(accounts.len()), "/staff/payouts", TREASURER),
        ("staff-todo-cases", cases, "/staff/cases", TREASURER),
        ("staff-todo-approvals", number(waiting.len()), "/staff/approvals", DECIDERS),
        ("staff-todo-jobs", jobs::stuck(&s.db).await?, "/staff/jobs", DECIDERS),
        ("staff-todo-letters", failed_letters, "/staff/jobs", DECIDERS),
    ] {
        let mut todo = Todo::new(ctx.t1(key, "count", count), ctx.path(url), roles);
        match key {
            "staff-todo-cases" => todo.since = case.as_ref().map(|case| case.opened_at),
            "staff-todo-accounts" => todo.since = oldest(accounts.iter().map(|account| account.entered_at)),
            "staff-todo-approvals" => {
                todo.since = oldest(waiting.iter().map(|proposal| proposal.proposed_at));
                todo.due = oldest(waiting.iter().map(|proposal| proposal.expires_at));
            }
            _ => {}
        }
        if count > 0 {
            todos.push(todo);
        }
    }
    Ok(todos)
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn oldest(moments: impl Iterator<Item = Timestamp>) -> Option<Timestamp> {
    moments.min()
}

//! What would be released now, and what would become of the rest: what the pages show and what two people decide on.

use crate::features::ledger;
use crate::features::match_funds::{self, Fund, FundState};
use crate::features::outcomes::PromiseFigure;
use crate::features::payments::disputes;
use crate::features::projects::{self, Filter, Project, ProjectState};
use crate::features::results::{Earned, FrozenPromise, Kind, Plan, Refusal, Release, figures, store};
use crate::features::rounds::{self, RemainderRule, Round};
use crate::features::terminations::{Line, Plan as Shares};
use crate::features::{payouts, pledges, settlement};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::values::{Cents, Timestamp};

/// A promise with what it earned.
#[derive(Debug, Clone)]
pub struct Row {
    pub promise: PromiseFigure,
    pub earned: Earned,
}

/// What becomes of what no result earned.
#[derive(Debug, Clone)]
pub struct Remainder {
    /// The rule that holds: a fund that has ended takes nothing.
    pub rule: RemainderRule,
    pub fund: Option<Fund>,
    /// Each pledge's and each match's part, by id.
    pub back: Vec<(String, Cents)>,
    pub matches: Vec<(String, Cents)>,
    /// What is nobody's: of pledges that a bank took back.
    pub stays: Cents,
}

impl Remainder {
    /// Of what backers gave.
    pub fn of_backers(&self) -> Cents {
        self.back.iter().map(|(_, amount)| *amount).sum()
    }

    /// Of what match funds had added.
    pub fn of_funds(&self) -> Cents {
        self.matches.iter().map(|(_, amount)| *amount).sum()
    }

    fn content(&self) -> String {
        let fund = self.fund.as_ref().map_or("-", |fund| fund.id.as_str());
        let lines = self.back.iter().chain(&self.matches).map(|(id, amount)| format!("{id} {}\n", amount.0));
        format!("rest {} fund {fund} stays {}\n{}", self.rule, self.stays.0, lines.collect::<String>())
    }
}

/// How the result money of a project stands.
#[derive(Debug, Clone)]
pub struct Outlook {
    pub project: Project,
    pub round: Round,
    pub kind: Kind,
    pub plan: Plan,
    /// The promises, in the order of the plan.
    pub promises: Vec<PromiseFigure>,
    /// From then on what was not verified counts as nothing.
    pub late_from: Option<Timestamp>,
    /// Who gets which part of what is released now, by organisation.
    pub payees: Vec<(String, Cents)>,
    /// Of a final release.
    pub remainder: Option<Remainder>,
    /// Why nothing can be released now.
    pub obstacle: Option<Refusal>,
    /// Whether the project is over for result money.
    pub is_over: bool,
}

impl Outlook {
    /// All that would happen, the same text for the same effects.
    pub fn content(&self) -> String {
        let payees: String = self.payees.iter().map(|(id, amount)| format!("to {id} {}\n", amount.0)).collect();
        let rest = self.remainder.as_ref().map(Remainder::content).unwrap_or_default();
        format!("{} release of {}\n{}{payees}{rest}", self.kind, self.project.id, self.plan.content())
    }

    pub fn rows(&self) -> Vec<Row> {
        let rows = self.promises.iter().zip(&self.plan.promises);
        rows.map(|(promise, earned)| Row { promise: promise.clone(), earned: earned.clone() }).collect()
    }
}

/// How the result money of a project stands at a moment.
pub async fn look(conn: &mut Conn, project: &Project, now: Timestamp) -> Result<Outlook> {
    let round = rounds::actions::get(conn, &project.round_id).await?;
    let (promises, of_promises): (Vec<_>, Vec<_>) =
        figures::of_project(conn, &project.id, now).await?.into_iter().unzip();
    let late_from = figures::late_from(&promises, round.late_days);
    let is_late = late_from.is_some_and(|from| from <= now);
    let result = ledger::actions::ever_result_money(conn, &project.id).await?;
    let plan = Plan::of(result, &of_promises, is_late);
    let is_final = plan.is_certain() || (is_late && !plan.has_open());
    let remainder = if is_final { Some(remainder(conn, project, &round, plan.rest()).await?) } else { None };
    let payees = match plan.now() {
        Cents::ZERO => Vec::new(),
        amount => payouts::actions::split(conn, project, amount).await?,
    };
    let kind = if is_final { Kind::Final } else { Kind::Interim };
    let obstacle = obstacle(conn, project, &plan, kind).await?;
    let project = project.clone();
    let is_over = obstacle == Some(Refusal::NotFunded);
    Ok(Outlook { is_over, project, round, kind, plan, promises, late_from, payees, remainder, obstacle })
}

async fn obstacle(conn: &mut Conn, project: &Project, plan: &Plan, kind: Kind) -> Result<Option<Refusal>> {
    if !is_paid(conn, project).await? {
        return Ok(Some(Refusal::NotFunded));
    }
    if !settlement::actions::is_carried_out(conn, &project.id).await? {
        return Ok(Some(Refusal::StillClosing));
    }
    if plan.promises.is_empty() {
        return Ok(Some(Refusal::NoPromises));
    }
    if plan.before().0 + plan.now().0 > plan.result.0 {
        return Ok(Some(Refusal::TooLittle));
    }
    Ok((kind == Kind::Interim && plan.now() == Cents::ZERO).then_some(Refusal::NothingNow))
}

/// Whether a project can be paid for results: it is being carried out, or was completed without a final release.
async fn is_paid(conn: &mut Conn, project: &Project) -> Result<bool> {
    if project.state != ProjectState::Completed {
        return Ok(project.state.is_paid());
    }
    let releases = store::of_project(conn, &project.id).await?;
    Ok(!releases.iter().any(|release| release.is_final() && release.is_decided()))
}

/// What becomes of the rest, by the rule of the round. A pledge whose payment is or was disputed is left to its bank.
async fn remainder(conn: &mut Conn, project: &Project, round: &Round, rest: Cents) -> Result<Remainder> {
    let disputed = disputes::of_project(conn, &project.id).await?;
    let mut kept = pledges::actions::released_of_project(conn, &project.id).await?;
    kept.retain(|(pledge_id, _)| !disputed.contains(pledge_id));
    let matches = match_funds::actions::released_of_project(conn, &project.id).await?;
    let matches: Vec<(String, Cents)> = matches.into_iter().map(|one| (one.id.clone(), one.kept())).collect();
    let shares = Shares::of(Cents::ZERO, rest, &kept, &matches);
    let pairs =
        |lines: Vec<Line>| -> Vec<(String, Cents)> { lines.into_iter().map(|line| (line.id, line.result)).collect() };
    let fund = match &round.remainder_fund_id {
        Some(id) => Some(match_funds::actions::get(conn, id).await?).filter(|fund| fund.state != FundState::Ended),
        None => None,
    };
    let stays = Cents(rest.0 - shares.total().0 - shares.back_to_funds().0);
    let rule = match round.remainder_rule {
        RemainderRule::MatchFund if fund.is_none() => RemainderRule::Refund,
        rule => rule,
    };
    Ok(Remainder { rule, fund, back: pairs(shares.lines), matches: pairs(shares.matches), stays })
}

/// The projects that were funded and are not over, and completed ones that have result money left, by number.
pub async fn waiting(conn: &mut Conn) -> Result<Vec<Project>> {
    use ProjectState::{Completed, Funded, Reporting, Running};
    let with_money = ledger::actions::with_result_money(conn).await?;
    let mut found = Vec::new();
    for state in [Funded, Running, Reporting, Completed] {
        let filter = Filter { state: state.to_string(), ..Filter::default() };
        for listing in projects::actions::listing(conn, &filter).await? {
            let project = projects::actions::get(conn, &listing.id).await?;
            if state != Completed || (with_money.contains(&listing.id) && is_paid(conn, &project).await?) {
                found.push(project);
            }
        }
    }
    found.sort_by_key(|project| project.number);
    Ok(found)
}

/// For how many projects something can be released now.
pub async fn ready(conn: &mut Conn, now: Timestamp) -> Result<usize> {
    let mut ready = 0;
    let with_money = ledger::actions::with_result_money(conn).await?;
    for project in waiting(conn).await?.into_iter().filter(|project| with_money.contains(&project.id)) {
        let is_free = store::open_of(conn, &project.id).await?.is_none();
        ready += usize::from(is_free && look(conn, &project, now).await?.obstacle.is_none());
    }
    Ok(ready)
}

/// The release of a project that is proposed, or whose rest is being carried out.
pub async fn open_of(conn: &mut Conn, project_id: &str) -> Result<Option<Release>> {
    Ok(store::open_of(conn, project_id).await?)
}

/// What each promise earned by a release, in the order of the promises.
pub async fn promises_of(conn: &mut Conn, release_id: &str) -> Result<Vec<FrozenPromise>> {
    Ok(store::promises(conn, release_id).await?)
}

/// How many pledges get something back by a release, and for how many the refund is due or done.
pub async fn progress(conn: &mut Conn, release_id: &str) -> Result<(i64, i64)> {
    Ok(store::counts(conn, release_id).await?)
}

/// The releases of a project, the oldest first.
pub async fn of_project(conn: &mut Conn, project_id: &str) -> Result<Vec<Release>> {
    Ok(store::of_project(conn, project_id).await?)
}

//! Match funds: the list, and one fund with its money, what it did, and what two treasurers decide about it.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::features::approvals::Proposal;
use crate::features::match_funds::{Decision, Fund, FundState, GiveBack, Used, actions};
use crate::features::payouts::{GIVE_BACK, give_back};
use crate::features::projects::Project;
use crate::features::rounds::{Round, RoundState};
use crate::features::staff::treasurer::{Outcome, Treasurer, end};
use crate::features::staff::{Changes, Known, actor_name, changes_of};
use crate::features::users::StaffRole;
use crate::features::users::guard::Staff;
use crate::features::{organisations, projects, rounds};
use crate::infra::Services;
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::infra::web::{Answer, Ctx, Failure, Form, Posted};
use crate::values::{Cents, Timestamp};

pub(super) const PATH: &str = "/staff/match-funds";

type Id = Path<(String, String)>;

/// A fund with the names a person knows.
struct Row {
    fund: Fund,
    giver: String,
    round: i64,
}

#[derive(Template)]
#[template(path = "staff/match_funds.html")]
struct FundsPage<'a> {
    ctx: &'a Ctx,
    rows: &'a [Row],
    /// The rounds for which a fund can still be set up.
    open: Vec<Round>,
    is_treasurer: bool,
}

pub async fn list(ctx: Ctx, State(s): State<Services>, staff: Staff) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    let mut conn = s.db.read().await?;
    let rounds = rounds::actions::all(&mut conn).await?;
    let mut rows = Vec::new();
    for fund in actions::all(&mut conn).await? {
        let giver = organisations::actions::get(&mut conn, &fund.giver_id).await?.name;
        let round = rounds.iter().find(|round| round.id == fund.round_id).map_or(0, |round| round.number);
        rows.push(Row { fund, giver, round });
    }
    let is_open = |round: &Round| !matches!(round.state, RoundState::Closing | RoundState::Settled);
    let open = rounds.into_iter().filter(is_open).collect();
    ctx.page(&FundsPage { ctx: &ctx, rows: &rows, open, is_treasurer: staff.has(StaffRole::Treasurer) })
}

/// What two treasurers decide about a fund.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Deed {
    /// To begin, or to end.
    Fund(Decision),
    GiveBack,
}

impl Deed {
    fn from_word(word: &str) -> Option<Deed> {
        if word == GIVE_BACK { Some(Deed::GiveBack) } else { Decision::from_word(word).map(Deed::Fund) }
    }

    fn word(self) -> &'static str {
        match self {
            Deed::Fund(decision) => decision.as_str(),
            Deed::GiveBack => GIVE_BACK,
        }
    }

    /// The last part of its texts' keys.
    fn key(self) -> String {
        self.word().trim_start_matches("match.").replace('_', "-")
    }
}

#[derive(Template)]
#[template(path = "staff/match_fund.html")]
struct FundPage<'a> {
    ctx: &'a Ctx,
    form: &'a Form,
    fund: &'a Fund,
    giver: String,
    round: Round,
    /// The projects it is for; none: all of the round.
    projects: Vec<Project>,
    /// What it did, with the title of the project.
    used: Vec<(Used, String)>,
    give_backs: Vec<GiveBack>,
    /// Whether the giver has an account to which money can be sent.
    has_account: bool,
    open: Option<(Deed, Proposal, String)>,
    changes: &'a Changes,
    is_treasurer: bool,
    is_own: bool,
}

impl FundPage<'_> {
    fn facts(&self) -> Vec<(String, String)> {
        let (ctx, fund) = (self.ctx, self.fund);
        let titles: Vec<&str> = self.projects.iter().map(|project| project.title(ctx.lang)).collect();
        let projects = if titles.is_empty() { ctx.t("match-all-projects") } else { titles.join(", ") };
        let facts = [
            ("match-giver", self.giver.clone()),
            ("match-name", format!("{} / {}", fund.name_nl, fund.name_en)),
            ("staff-round", format!("{}. {}", self.round.number, self.round.title(ctx.lang))),
            ("match-projects", projects),
            ("match-ratio", format!("{}%", fund.ratio_percent)),
            ("match-most-per-pledge", ctx.euros(fund.most_per_pledge)),
            ("match-most-per-project", format!("{}%", fund.most_per_project_percent)),
            ("match-least-backers", fund.least_backers.to_string()),
            ("match-starting", format!("{}%", fund.starting_percent)),
        ];
        facts.into_iter().map(|(key, value)| (ctx.t(key), value)).collect()
    }

    fn money(&self) -> Vec<(String, String)> {
        let sum = |of: fn(&Used) -> Cents| self.used.iter().map(|(used, _)| of(used)).sum::<Cents>();
        let amounts = [
            ("match-received", self.fund.received),
            ("match-reserved", sum(|used| used.reserved)),
            ("match-released", sum(|used| used.released)),
            ("match-given-back", self.fund.given_back),
            ("match-left", self.fund.left()),
        ];
        amounts.into_iter().map(|(key, amount)| (self.ctx.t(key), self.ctx.euros(amount))).collect()
    }

    /// What can be proposed now.
    fn possible(&self) -> Vec<Deed> {
        if !self.is_treasurer || self.open.is_some() {
            return Vec::new();
        }
        match self.fund.state {
            FundState::Draft => vec![Deed::Fund(Decision::Activate), Deed::Fund(Decision::End)],
            FundState::Active => vec![Deed::Fund(Decision::End)],
            FundState::Ended if self.fund.left() > Cents::ZERO && self.has_account => vec![Deed::GiveBack],
            FundState::Ended => Vec::new(),
        }
    }

    /// Whether something is left that waits for an account of the giver.
    fn waits_for_account(&self) -> bool {
        self.fund.state == FundState::Ended && self.fund.left() > Cents::ZERO && !self.has_account
    }

    fn say(&self, what: &str, deed: &Deed) -> String {
        self.ctx.t(format!("match-{what}-{}", deed.key()))
    }

    fn action(&self, step: &str) -> String {
        self.ctx.path(&format!("{PATH}/{}/{step}", self.fund.id))
    }
}

pub async fn show(ctx: Ctx, State(s): State<Services>, staff: Staff, Path((_lang, id)): Id) -> Answer {
    let ctx = ctx.signed_in_as(staff.0.label());
    page(&ctx, &s, &staff, &id, &Form::default(), StatusCode::OK).await
}

/// The proposal about a fund that waits for a second person.
async fn open_of(conn: &mut Conn, fund_id: &str, now: Timestamp) -> Result<Option<(Deed, Proposal)>> {
    if let Some((decision, proposal)) = actions::proposed(conn, fund_id, now).await? {
        return Ok(Some((Deed::Fund(decision), proposal)));
    }
    Ok(give_back::proposed(conn, fund_id, now).await?.map(|proposal| (Deed::GiveBack, proposal)))
}

async fn page(ctx: &Ctx, s: &Services, staff: &Staff, id: &str, form: &Form, status: StatusCode) -> Answer {
    let mut conn = s.db.read().await?;
    let fund = actions::by_id(&mut conn, id).await?.ok_or_else(Failure::not_found)?;
    let mut for_projects = Vec::new();
    for project_id in actions::projects_of(&mut conn, id).await? {
        for_projects.push(projects::actions::get(&mut conn, &project_id).await?);
    }
    let mut known = Known::default();
    let mut used = Vec::new();
    for one in actions::used(&mut conn, id).await? {
        let title = known.project(&mut conn, &one.project_id).await?.title(ctx.lang).to_owned();
        used.push((one, title));
    }
    let give_backs = actions::give_backs(&mut conn, id).await?;
    let mut subjects = vec![id];
    subjects.extend(give_backs.iter().map(|one| one.id.as_str()));
    let changes = changes_of(&mut conn, &subjects).await?;
    let open = match open_of(&mut conn, id, ctx.now).await? {
        Some((deed, proposal)) => {
            let by = actor_name(&mut conn, &proposal.proposed_by).await?;
            Some((deed, proposal, by))
        }
        None => None,
    };
    let page = FundPage {
        ctx,
        form,
        giver: organisations::actions::get(&mut conn, &fund.giver_id).await?.name,
        round: rounds::actions::get(&mut conn, &fund.round_id).await?,
        projects: for_projects,
        used,
        has_account: give_back::account_of(&mut conn, &fund, ctx.now).await?.is_some(),
        give_backs,
        is_own: open.as_ref().is_some_and(|(_, proposal, _)| proposal.proposed_by == staff.0.user.id),
        open,
        changes: &changes,
        is_treasurer: staff.has(StaffRole::Treasurer),
        fund: &fund,
    };
    ctx.page_with(status, &page)
}

fn deed(form: &Form) -> std::result::Result<Deed, Failure> {
    Deed::from_word(form.value("decision")).ok_or_else(|| Failure::bad_request("no such decision"))
}

/// A step about a fund that is there, in one transaction.
async fn begin(desk: &Treasurer, id: &str) -> std::result::Result<Tx, Failure> {
    let mut tx = desk.s.db.begin().await?;
    actions::by_id(&mut tx, id).await?.ok_or_else(Failure::not_found)?;
    Ok(tx)
}

/// 303 when it was done; the same page with the refusal above it when a rule said no.
async fn decided(desk: Treasurer, id: &str, form: Form, done: Result<()>, flash: &str) -> Answer {
    let path = format!("{PATH}/{id}");
    match desk.outcome(&path, form, done, "reason")? {
        Outcome::Done(()) => Ok(desk.ctx.redirect_done(&path, flash)),
        Outcome::Refused(form, status) => page(&desk.ctx, &desk.s, &desk.staff, id, &form, status).await,
    }
}

pub async fn propose(desk: Treasurer, Path((_lang, id)): Id, posted: Posted) -> Answer {
    let form = posted.allow(&["decision", "reason"])?;
    let (deed, reason, now) = (deed(&form)?, form.value("reason"), desk.ctx.now);
    let mut tx = begin(&desk, &id).await?;
    let done = match deed {
        Deed::Fund(decision) => actions::propose(&mut tx, desk.decider(), (&id, decision), reason, now).await,
        Deed::GiveBack => give_back::propose(&mut tx, desk.decider(), &id, reason, now).await,
    };
    let done = end(tx, done).await.map(|_| ());
    decided(desk, &id, form, done, "flash-match-proposed").await
}

pub async fn approve(desk: Treasurer, Path((_lang, id)): Id, posted: Posted) -> Answer {
    let form = posted.allow(&["decision", "hash"])?;
    let (deed, hash, now) = (deed(&form)?, form.value("hash"), desk.ctx.now);
    let mut tx = begin(&desk, &id).await?;
    let done = match deed {
        Deed::Fund(decision) => actions::approve(&mut tx, desk.decider(), (&id, decision), hash, now).await,
        Deed::GiveBack => give_back::approve(&mut tx, desk.decider(), &id, hash, now).await,
    };
    let done = end(tx, done).await;
    decided(desk, &id, form, done, "flash-match-approved").await
}

pub async fn withdraw(desk: Treasurer, Path((_lang, id)): Id, posted: Posted) -> Answer {
    let form = posted.allow(&["decision", "reason"])?;
    let (deed, reason, now) = (deed(&form)?, form.value("reason"), desk.ctx.now);
    let mut tx = begin(&desk, &id).await?;
    let done = match deed {
        Deed::Fund(decision) => actions::withdraw(&mut tx, desk.decider(), (&id, decision), reason, now).await,
        Deed::GiveBack => give_back::withdraw(&mut tx, desk.decider(), &id, reason, now).await,
    };
    let done = end(tx, done).await;
    decided(desk, &id, form, done, "flash-match-withdrawn").await
}

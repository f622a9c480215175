//! The plan of a project's payouts: its start money in parts, each for the beginning, a day or a milestone. Its organisation or a
//! treasurer writes it, two treasurers fix it; the owner reports a milestone, and treasurers decide on the part as on any payout.
//!
//! | plan | meaning | next |
//! | --- | --- | --- |
//! | `drafted` | its organisation suggests it | `proposed` by a treasurer, `withdrawn` when another is written |
//! | `proposed` | a treasurer wants it | `fixed` by another, `withdrawn` |
//! | `fixed` | its parts are paid out one after the other | `replaced` |
//! | `replaced` | another was fixed for what was not given out yet | never |
//! | `withdrawn` | nobody wants it any more | never |

mod deciding;

use sqlx::FromRow;

pub use self::deciding::{approve, obstacle, propose, propose_part, report, require_payable, suggest, withdraw, write};
use crate::features::payouts::{Tranche, TrancheState, store};
use crate::features::{approvals, projects};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::values::{Cents, Lang, Timestamp};

/// The kind of proposal that fixes a plan; its subject is the project.
pub const PLAN: &str = "payouts.plan";

crate::words! {
    pub enum PlanState {
        Drafted = "drafted",
        Proposed = "proposed",
        Fixed = "fixed",
        Replaced = "replaced",
        Withdrawn = "withdrawn",
    }
}

crate::life_cycle! {
    PlanState of "payout_plans" by "id":
    Drafted => Proposed | Withdrawn,
    Proposed => Fixed | Withdrawn,
    Fixed => Replaced,
}

crate::words! {
    /// What a part waits for.
    pub enum WaitsFor {
        /// Nothing: it goes out as soon as the project can be paid.
        Start = "start",
        Day = "day",
        /// Until its organisation reports it.
        Milestone = "milestone",
    }
}

crate::words! {
    /// How a part stands: what it waits for, or where its money is.
    pub enum PartStanding {
        Waits = "waits",
        Ready = "ready",
        Proposed = "proposed",
        Approved = "approved",
        Sent = "sent",
        Confirmed = "confirmed",
    }
}

#[derive(Debug, Clone, FromRow)]
pub struct Plan {
    pub id: String,
    pub project_id: String,
    pub state: PlanState,
    #[sqlx(rename = "amount_cents")]
    pub amount: Cents,
    pub written_by: String,
    pub written_at: Timestamp,
    pub fixed_at: Option<Timestamp>,
}

/// A part as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPart {
    pub label_nl: String,
    pub label_en: String,
    pub amount: Cents,
    pub waits_for: WaitsFor,
    /// Empty unless it waits for one.
    pub day: String,
}

#[derive(Debug, Clone, FromRow)]
pub struct Part {
    pub plan_id: String,
    /// From 1.
    pub position: i64,
    pub label_nl: String,
    pub label_en: String,
    #[sqlx(rename = "amount_cents")]
    pub amount: Cents,
    pub waits_for: WaitsFor,
    pub day: String,
    pub reported_at: Option<Timestamp>,
    pub report: String,
    pub update_number: Option<i64>,
    pub decision_id: Option<String>,
}

impl Part {
    pub fn label(&self, lang: Lang) -> &str {
        match lang {
            Lang::En if !self.label_en.is_empty() => &self.label_en,
            _ => &self.label_nl,
        }
    }

    /// Whether what it waits for has come.
    fn is_ready(&self, now: Timestamp) -> bool {
        match self.waits_for {
            WaitsFor::Start => true,
            WaitsFor::Day => Timestamp::start_of_day(&self.day).is_some_and(|day| day <= now),
            WaitsFor::Milestone => self.reported_at.is_some(),
        }
    }
}

/// A part with the tranches that were made for it.
#[derive(Debug, Clone)]
pub struct Followed {
    pub part: Part,
    pub tranches: Vec<Tranche>,
    pub standing: PartStanding,
}

impl Followed {
    fn new(part: Part, tranches: Vec<Tranche>, now: Timestamp) -> Followed {
        // what was withdrawn or came back can be decided on anew
        let living = |t: &&Tranche| !matches!(t.state, TrancheState::Withdrawn | TrancheState::Returned);
        let standing = match tranches.iter().filter(living).map(|tranche| tranche.state).min() {
            None if part.is_ready(now) => PartStanding::Ready,
            None => PartStanding::Waits,
            Some(TrancheState::Approved) => PartStanding::Approved,
            Some(TrancheState::Sent) => PartStanding::Sent,
            Some(TrancheState::Confirmed) => PartStanding::Confirmed,
            Some(_) => PartStanding::Proposed,
        };
        Followed { part, tranches, standing }
    }

    /// Whether nothing of it is given out.
    pub fn is_open(&self) -> bool {
        matches!(self.standing, PartStanding::Waits | PartStanding::Ready)
    }

    /// When the last of its money reached its receiver.
    pub fn paid_at(&self) -> Option<Timestamp> {
        if self.standing != PartStanding::Confirmed {
            return None;
        }
        self.tranches.iter().filter_map(|tranche| tranche.finished_at).max()
    }
}

/// The canonical list of a plan: what is approved.
pub(super) fn content(plan: &Plan, parts: &[Part]) -> String {
    let line =
        |p: &Part| format!("{} {} {} {} {} | {}\n", p.position, p.amount.0, p.waits_for, p.day, p.label_nl, p.label_en);
    std::iter::once(format!("{}\n", plan.id)).chain(parts.iter().map(line)).collect()
}

/// The hash over it, to be shown and posted back.
pub fn hash_of(plan: &Plan, parts: &[Part]) -> String {
    approvals::actions::hash(PLAN, &plan.project_id, &content(plan, parts))
}

/// What of a project's money its fixed plan still holds back for its parts.
pub(super) async fn held_back(conn: &mut Conn, project_id: &str, now: Timestamp) -> Result<Cents> {
    let Some(plan) = fixed(conn, project_id).await? else { return Ok(Cents::ZERO) };
    let parts = followed(conn, &plan.id, now).await?;
    Ok(parts.iter().filter(|followed| followed.is_open()).map(|followed| followed.part.amount).sum())
}

/// The plan that is written and not decided on.
pub async fn open(conn: &mut Conn, project_id: &str) -> Result<Option<Plan>> {
    Ok(store::open_plan(conn, project_id).await?)
}

/// The plan by which a project is paid.
pub async fn fixed(conn: &mut Conn, project_id: &str) -> Result<Option<Plan>> {
    Ok(store::fixed_plan(conn, project_id).await?)
}

/// The plan with this id; letters are about one.
pub async fn by_id(conn: &mut Conn, id: &str) -> Result<Option<Plan>> {
    Ok(store::plan(conn, id).await?)
}

/// The parts of a plan, in order.
pub async fn parts_of(conn: &mut Conn, plan_id: &str) -> Result<Vec<Part>> {
    Ok(store::parts(conn, plan_id).await?)
}

/// The parts of a plan, each with where its money is.
pub async fn followed(conn: &mut Conn, plan_id: &str, now: Timestamp) -> Result<Vec<Followed>> {
    let mut found = Vec::new();
    for part in parts_of(conn, plan_id).await? {
        let tranches = match &part.decision_id {
            Some(decision) => store::of_decision(conn, decision).await?,
            None => Vec::new(),
        };
        found.push(Followed::new(part, tranches, now));
    }
    Ok(found)
}

/// The parts that treasurers can decide on now, over all projects.
pub async fn ready(conn: &mut Conn, now: Timestamp) -> Result<Vec<(String, Followed)>> {
    let mut found = Vec::new();
    for plan in store::fixed_plans(conn).await? {
        if !projects::actions::get(conn, &plan.project_id).await?.state.is_paid() {
            continue;
        }
        let parts = followed(conn, &plan.id, now).await?;
        let ready = parts.into_iter().filter(|followed| followed.standing == PartStanding::Ready);
        found.extend(ready.map(|followed| (plan.project_id.clone(), followed)));
    }
    Ok(found)
}

/// The plans that organisations suggested and no treasurer took up.
pub async fn suggested(conn: &mut Conn) -> Result<Vec<Plan>> {
    Ok(store::drafted_plans(conn).await?)
}

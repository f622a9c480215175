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

use sqlx::FromRow;

use crate::features::approvals::{self, Asked, Decider};
use crate::features::organisations::{self, members, registration};
use crate::features::payouts::actions::{self, set_aside, tell_owners};
use crate::features::payouts::{ConnectedState, Refusal, Tranche, TrancheState, accounts, connected, store};
use crate::features::projects::{self, Project, ProjectState};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::infra::{history, random};
use crate::values::text::many_lines;
use crate::values::{Cents, Lang, Timestamp};

/// The kind of proposal that fixes a plan; its subject is the project.
pub const PLAN: &str = "payouts.plan";
/// The longest word of an owner on a milestone, in characters.
const LONGEST_REPORT: usize = 1_000;

crate::words! {
    pub enum PlanState {
        Drafted = "drafted",
        Proposed = "proposed",
        Fixed = "fixed",
        Replaced = "replaced",
        Withdrawn = "withdrawn",
    }
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

/// Whether the money of a project in this state goes out by a plan.
fn may_be_planned(state: ProjectState) -> bool {
    matches!(state, ProjectState::Funded | ProjectState::Running | ProjectState::Reporting)
}

/// Writes a plan over all that can be given out, in place of one that was only drafted. An owner's waits for a treasurer.
///
/// # Errors
/// The project is not funded, nothing is left, the parts are not the whole, or treasurers decide on a plan just now.
pub async fn write(tx: &mut Tx, project_id: &str, by: &str, parts: &[NewPart], now: Timestamp) -> Result<Plan> {
    let project = locked(tx, project_id).await?;
    let left = actions::payable(tx, project_id, &project.organisation_id).await?.left();
    if !may_be_planned(project.state) || left == Cents::ZERO {
        return Err(Refusal::PlanNotPossible.into());
    }
    if parts.is_empty() || parts.iter().any(|part| part.amount <= Cents::ZERO) || sum_of(parts) != Some(left) {
        return Err(Refusal::PlanOutdated.into());
    }
    match open(tx, project_id).await? {
        Some(old) if old.state == PlanState::Drafted => step(tx, &old, PlanState::Withdrawn, by, "", now).await?,
        Some(_) => return Err(Refusal::PlanOpen.into()),
        None => {}
    }
    let plan = Plan {
        id: random::id("pln", now),
        project_id: project_id.to_owned(),
        state: PlanState::Drafted,
        amount: left,
        written_by: by.to_owned(),
        written_at: now,
        fixed_at: None,
    };
    store::insert_plan(tx, &plan).await?;
    for (position, part) in (1..).zip(parts) {
        store::insert_part(tx, &plan.id, position, part).await?;
    }
    record(tx, &plan.id, "", PlanState::Drafted, by, "", now).await?;
    Ok(plan)
}

fn sum_of(parts: &[NewPart]) -> Option<Cents> {
    parts.iter().try_fold(Cents::ZERO, |sum, part| sum.checked_add(part.amount))
}

/// An owner suggests a plan.
///
/// # Errors
/// As [`write`], or no owner.
pub async fn suggest(tx: &mut Tx, project_id: &str, by: &str, parts: &[NewPart], now: Timestamp) -> Result<()> {
    let project = projects::actions::get(tx, project_id).await?;
    members::require_owner(tx, &project.organisation_id, by).await?;
    write(tx, project_id, by, parts, now).await.map(|_| ())
}

/// A treasurer proposes the plan that is written.
///
/// # Errors
/// A refusal of `approvals`, none is written, or something was given out since.
pub async fn propose(tx: &mut Tx, by: Decider<'_>, project_id: &str, reason: &str, now: Timestamp) -> Result<()> {
    let project = locked(tx, project_id).await?;
    let plan = open(tx, project_id).await?.ok_or(Refusal::NoPlan)?;
    still_whole(tx, &project, &plan).await?;
    let content = content(&plan, &parts_of(tx, &plan.id).await?);
    let asked = Asked { kind: PLAN, subject_id: project_id, content: &content, reason };
    let proposal = approvals::actions::propose(tx, by, asked, now).await?;
    if plan.state == PlanState::Drafted {
        step(tx, &plan, PlanState::Proposed, by.user_id, &proposal.reason, now).await?;
    }
    Ok(())
}

/// The canonical list of a plan: what is approved.
fn content(plan: &Plan, parts: &[Part]) -> String {
    let line =
        |p: &Part| format!("{} {} {} {} {} | {}\n", p.position, p.amount.0, p.waits_for, p.day, p.label_nl, p.label_en);
    std::iter::once(format!("{}\n", plan.id)).chain(parts.iter().map(line)).collect()
}

/// The hash over it, to be shown and posted back.
pub fn hash_of(plan: &Plan, parts: &[Part]) -> String {
    approvals::actions::hash(PLAN, &plan.project_id, &content(plan, parts))
}

/// Another treasurer fixes the plan; it takes the place of the one before. The organisation's owners are told.
///
/// # Errors
/// A refusal of `approvals`, none is proposed, or something was given out since.
pub async fn approve(tx: &mut Tx, by: Decider<'_>, project_id: &str, hash: &str, now: Timestamp) -> Result<()> {
    let project = locked(tx, project_id).await?;
    let plan = open(tx, project_id).await?.filter(|plan| plan.state == PlanState::Proposed).ok_or(Refusal::NoPlan)?;
    let content = content(&plan, &parts_of(tx, &plan.id).await?);
    approvals::actions::approve(tx, by, (PLAN, project_id), hash, &content, now).await?;
    still_whole(tx, &project, &plan).await?;
    if let Some(old) = fixed(tx, project_id).await? {
        step(tx, &old, PlanState::Replaced, by.user_id, "", now).await?;
    }
    step(tx, &plan, PlanState::Fixed, by.user_id, "", now).await?;
    tell_owners(tx, &project.organisation_id, "plan_fixed", &plan.id, now).await
}

/// A treasurer takes the written plan back, proposed or not.
///
/// # Errors
/// No reason, not a treasurer, or none is written.
pub async fn withdraw(tx: &mut Tx, by: Decider<'_>, project_id: &str, reason: &str, now: Timestamp) -> Result<()> {
    locked(tx, project_id).await?;
    let plan = open(tx, project_id).await?.ok_or(Refusal::NoPlan)?;
    let reason = approvals::actions::checked_reason(reason)?;
    approvals::actions::require_treasurer(tx, by).await?;
    if approvals::actions::open_of(tx, PLAN, project_id, now).await?.is_some() {
        approvals::actions::withdraw(tx, by, (PLAN, project_id), &reason, now).await?;
    }
    step(tx, &plan, PlanState::Withdrawn, by.user_id, &reason, now).await
}

/// Refuses a plan that is not over exactly what can be given out now.
async fn still_whole(conn: &mut Conn, project: &Project, plan: &Plan) -> Result<()> {
    let left = actions::payable(conn, &project.id, &project.organisation_id).await?.left();
    if may_be_planned(project.state) && left == plan.amount { Ok(()) } else { Err(Refusal::PlanOutdated.into()) }
}

/// An owner reports that a milestone is reached: with a word, and the number of the update that tells more. Until the part is decided on,
/// the word can be written anew.
///
/// # Errors
/// No owner, no such milestone in the fixed plan, given out already, or no word.
pub async fn report(
    tx: &mut Tx,
    project_id: &str,
    position: i64,
    by: &str,
    (word, update_number): (&str, Option<i64>),
    now: Timestamp,
) -> Result<()> {
    let project = locked(tx, project_id).await?;
    members::require_owner(tx, &project.organisation_id, by).await?;
    let word = many_lines(word, LONGEST_REPORT).filter(|word| !word.is_empty()).ok_or(Refusal::WordMissing)?;
    let (plan, followed) = part_of(tx, project_id, position, now).await?;
    if followed.part.waits_for != WaitsFor::Milestone {
        return Err(Refusal::NoPlan.into());
    }
    if !followed.is_open() {
        return Err(Refusal::PartGiven.into());
    }
    store::report_part(tx, &plan.id, position, (&word, update_number), by, now).await?;
    let subject_id = format!("{}/{position}", plan.id);
    let (from, to) = (followed.standing.as_str(), "reported");
    let entry = history::Entry { subject: "payout_part", subject_id: &subject_id, from, to, actor: by, reason: &word };
    Ok(history::record(tx, now, entry).await?)
}

/// A treasurer proposes to pay a part that is ready. Answers the decision's id.
///
/// # Errors
/// Not ready, given out already, its organisation cannot be paid yet, or a refusal of [`actions::propose`].
pub async fn propose_part(
    tx: &mut Tx,
    by: Decider<'_>,
    project_id: &str,
    position: i64,
    reason: &str,
    now: Timestamp,
) -> Result<String> {
    approvals::actions::require_treasurer(tx, by).await?;
    let project = locked(tx, project_id).await?;
    let (plan, followed) = part_of(tx, project_id, position, now).await?;
    match followed.standing {
        PartStanding::Ready => {}
        PartStanding::Waits => return Err(Refusal::PartNotReady.into()),
        _ => return Err(Refusal::PartGiven.into()),
    }
    require_payable(tx, &project).await?;
    let decision_id = set_aside(tx, by, &project, followed.part.amount, reason, now).await?;
    store::give_part(tx, &plan.id, position, &decision_id).await?;
    Ok(decision_id)
}

/// Refuses while the project's organisation cannot be paid: nobody looked it up yet, or it has no account that was checked.
///
/// # Errors
/// `organisations::Refusal::NotConfirmed`, [`Refusal::AccountNotVerified`].
pub async fn require_payable(conn: &mut Conn, project: &Project) -> Result<()> {
    let organisation_id = &project.organisation_id;
    registration::require_confirmed(conn, organisation_id).await?;
    let connected = connected::of(conn, organisation_id).await?;
    if connected.is_some_and(|connected| connected.state == ConnectedState::Verified)
        || accounts::verified(conn, organisation_id).await?.is_some()
    {
        return Ok(());
    }
    Err(Refusal::AccountNotVerified.into())
}

/// Why the project's organisation cannot be paid now: the key of a sentence.
pub async fn obstacle(conn: &mut Conn, project: &Project) -> Result<Option<&'static str>> {
    use crate::infra::error::Refusal as _;
    let Err(error) = require_payable(conn, project).await else { return Ok(None) };
    match (error.refusal::<Refusal>(), error.refusal::<organisations::Refusal>()) {
        (Some(refusal), _) => Ok(Some(refusal.key())),
        (_, Some(refusal)) => Ok(Some(refusal.key())),
        _ => Err(error),
    }
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

async fn part_of(conn: &mut Conn, project_id: &str, position: i64, now: Timestamp) -> Result<(Plan, Followed)> {
    let plan = fixed(conn, project_id).await?.ok_or(Refusal::NoPlan)?;
    let parts = followed(conn, &plan.id, now).await?;
    let followed = parts.into_iter().find(|followed| followed.part.position == position).ok_or(Refusal::NoPlan)?;
    Ok((plan, followed))
}

/// The project, when what is decided about its money takes turns.
async fn locked(tx: &mut Tx, project_id: &str) -> Result<Project> {
    let organisation_id = projects::actions::get(tx, project_id).await?.organisation_id;
    store::lock_totals(tx, project_id, &organisation_id).await?;
    // read once more: whoever stopped the project meanwhile was waited for
    projects::actions::get(tx, project_id).await
}

async fn step(tx: &mut Tx, plan: &Plan, to: PlanState, actor: &str, reason: &str, now: Timestamp) -> Result<()> {
    if !may_become(plan.state, to) || !store::move_plan(tx, &plan.id, plan.state, to, now).await? {
        return Err(Refusal::NoPlan.into());
    }
    record(tx, &plan.id, plan.state.as_str(), to, actor, reason, now).await
}

fn may_become(from: PlanState, to: PlanState) -> bool {
    use PlanState::{Drafted, Fixed, Proposed, Replaced, Withdrawn};
    match from {
        Drafted => matches!(to, Proposed | Withdrawn),
        Proposed => matches!(to, Fixed | Withdrawn),
        Fixed => matches!(to, Replaced),
        Replaced | Withdrawn => false,
    }
}

async fn record(
    tx: &mut Tx,
    id: &str,
    from: &str,
    to: PlanState,
    actor: &str,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    let entry = history::Entry { subject: "payout_plan", subject_id: id, from, to: to.as_str(), actor, reason };
    Ok(history::record(tx, now, entry).await?)
}

//! Deciding to release result money: one treasurer proposes, another approves exactly that.

use crate::features::approvals::{self, Asked, Decider, Refusal as NotApproved};
use crate::features::cases::{self, CaseKind, Found};
use crate::features::ledger::{self, Account, Kind as Booked, Posting};
use crate::features::payouts::actions::Decided;
use crate::features::projects::Project;
use crate::features::results::reading::{Outlook, look};
use crate::features::results::{CARRY_OUT, CHOOSE_DAYS, Kind, RELEASE, Refusal, Release, ReleaseState, store};
use crate::features::rounds::RemainderRule;
use crate::features::{organisations, payouts, projects};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::{Services, history, jobs, letters, random};
use crate::values::{Cents, Timestamp};

pub use crate::features::results::reading::{
    look as outlook, of_project, open_of, progress, promises_of, ready, waiting,
};
pub use crate::features::results::verify::verify;

/// Who acts, in history and books: the program, on the decision of two people.
pub(super) const ACTOR: &str = "results";

/// The hash that is shown, posted back and compared.
pub fn hash_of(release_id: &str, outlook: &Outlook) -> String {
    approvals::actions::hash(RELEASE, release_id, &outlook.content())
}

/// A treasurer proposes to release what is certain now. Owners and backers read the reason. Answers the release's id.
///
/// # Errors
/// A [`Refusal`], or one of the approvals.
pub async fn propose(tx: &mut Tx, by: Decider<'_>, project_id: &str, reason: &str, now: Timestamp) -> Result<String> {
    let project = lock(tx, project_id).await?;
    let reason = approvals::actions::checked_reason(reason)?;
    let outlook = possible(tx, &project, now).await?;
    let content = outlook.content();
    if let Some(open) = store::open_of(tx, project_id).await? {
        give_way(tx, by, &open, &content, now).await?;
    }
    let id = random::id("rel", now);
    let rest = outlook.remainder.as_ref();
    let release = Release {
        id: id.clone(),
        project_id: project_id.to_owned(),
        kind: outlook.kind,
        state: ReleaseState::Proposed,
        hash: hash_of(&id, &outlook),
        reason: reason.clone(),
        result: outlook.plan.result,
        amount: outlook.plan.now(),
        rule: rest.map_or(outlook.round.remainder_rule, |rest| rest.rule),
        fund_id: rest.and_then(|rest| rest.fund.as_ref()).map(|fund| fund.id.clone()),
        back: rest.map(|rest| rest.of_backers()).unwrap_or_default(),
        matched: rest.map(|rest| rest.of_funds()).unwrap_or_default(),
        stays: rest.map(|rest| rest.stays).unwrap_or_default(),
        proposed_by: by.user_id.to_owned(),
        proposed_at: now,
        decided_by: None,
        decided_at: None,
        told_to: String::new(),
        finished_at: None,
        choose_until: None,
    };
    store::insert(tx, &release).await?;
    record(tx, &release, "", ReleaseState::Proposed, by.user_id, &reason, now).await?;
    approvals::actions::propose(
        tx,
        by,
        Asked { kind: RELEASE, subject_id: &id, content: &content, reason: &reason },
        now,
    )
    .await?;
    Ok(id)
}

/// An open proposal ends when the plan is another by now, or nobody approved it in time.
async fn give_way(tx: &mut Tx, by: Decider<'_>, open: &Release, content: &str, now: Timestamp) -> Result<()> {
    if open.state == ReleaseState::Approved {
        return Err(Refusal::UnderWay.into());
    }
    let proposal = approvals::actions::open_of(tx, RELEASE, &open.id, now).await?;
    if proposal.is_some_and(|proposal| proposal.content == content) {
        return Err(NotApproved::AlreadyProposed.into());
    }
    approvals::actions::give_way(tx, by, (RELEASE, &open.id), now).await?;
    step(tx, open, ReleaseState::Expired, by.user_id, "a newer proposal took its place", now).await
}

/// Another treasurer approves exactly this plan: what was earned goes to the makers at once. With a final release the project is
/// completed, and what was not earned goes on by the rule of its round.
///
/// # Errors
/// A [`Refusal`], or one of the approvals.
pub async fn approve(tx: &mut Tx, by: Decider<'_>, project_id: &str, hash: &str, now: Timestamp) -> Result<()> {
    let project = lock(tx, project_id).await?;
    let release = proposed(tx, project_id).await?;
    let outlook = possible(tx, &project, now).await?;
    let (content, subject) = (outlook.content(), (RELEASE, release.id.as_str()));
    approvals::actions::approve(tx, by, subject, hash, &content, now).await?;
    step(tx, &release, ReleaseState::Approved, by.user_id, "", now).await?;
    let rest = outlook.remainder.as_ref();
    // money that goes to a fund is one posting, not a line for each backer
    let back = rest.filter(|rest| rest.rule != RemainderRule::MatchFund).map_or(&[][..], |rest| &rest.back);
    let matches = rest.map_or(&[][..], |rest| &rest.matches);
    store::freeze(tx, &release.id, &outlook.plan.promises, back, matches).await?;
    if rest.is_some_and(|rest| rest.rule == RemainderRule::Choose) {
        store::choose_until(tx, &release.id, now.plus_days(CHOOSE_DAYS)).await?;
    }
    if release.amount > Cents::ZERO {
        pay(tx, &project, &release, by.user_id, now).await?;
    }
    let owners = organisations::actions::owners(tx, &project.organisation_id).await?;
    letters::queue_many(tx, now, "result_released", &release.id, &owners).await?;
    if release.is_final() {
        projects::actions::complete(tx, &project, by.user_id, &release.reason, now).await?;
        return Ok(jobs::enqueue(tx, now, CARRY_OUT, &release.id, now).await?);
    }
    let release = get(tx, &release.id).await?;
    step(tx, &release, ReleaseState::Done, ACTOR, "", now).await
}

/// What was earned is the makers' in the books, and on its way to them.
async fn pay(tx: &mut Tx, project: &Project, release: &Release, approved_by: &str, now: Timestamp) -> Result<()> {
    let from = Account::ResultMoney(project.id.clone());
    let to = Account::OwnerPayable(project.id.clone(), project.organisation_id.clone());
    let key = format!("result_released:{}", release.id);
    let posting = Posting::new(Booked::ResultReleased, key, now, ACTOR, &release.id);
    ledger::actions::post(tx, now, &posting.moving(release.amount, &from, &to, None)).await?;
    let decided = Decided { id: &release.id, reason: &release.reason, proposed_by: &release.proposed_by, approved_by };
    payouts::actions::pay_results(tx, project, release.amount, decided, now).await
}

/// A treasurer takes the proposal back, also one that nobody approved in time.
///
/// # Errors
/// One of the approvals.
pub async fn withdraw(tx: &mut Tx, by: Decider<'_>, project_id: &str, reason: &str, now: Timestamp) -> Result<()> {
    projects::actions::lock(tx, project_id).await?;
    let release = proposed(tx, project_id).await?;
    let reason = approvals::actions::withdraw_if_open(tx, by, (RELEASE, &release.id), reason, now).await?;
    step(tx, &release, ReleaseState::Withdrawn, by.user_id, &reason, now).await
}

/// The job `results.look`: a figure was verified, corrected or decided about. When more was released for a promise than it earned by
/// now, a case tells the team; when that is over, the case ends.
pub async fn look_again(s: &Services, project_id: &str) -> Result<()> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let project = projects::actions::lock(&mut tx, project_id).await?;
    for earned in look(&mut tx, &project, now).await?.plan.promises {
        let promise_id = earned.figure.promise_id.as_str();
        if earned.over() == Cents::ZERO {
            let why = "the figure is high enough again";
            cases::actions::ended(&mut tx, CaseKind::ResultLowered, promise_id, ACTOR, why, now).await?;
            continue;
        }
        let detail = format!(
            "project {project_id}: {} cents were released for promise {promise_id}, which earned {} cents",
            earned.figure.before.0, earned.due.0
        );
        let found = Found {
            kind: CaseKind::ResultLowered,
            subject_id: promise_id,
            amount: earned.over(),
            detail: &detail,
            pledge_id: None,
            remedy: None,
        };
        cases::actions::see(&mut tx, &found, now).await?;
    }
    Ok(tx.commit().await?)
}

/// Locks payable money and project: nothing is given out, and no figure changes, until the commit.
async fn lock(tx: &mut Tx, project_id: &str) -> Result<Project> {
    let owed_to = projects::actions::get(tx, project_id).await?.organisation_id;
    payouts::actions::lock_payable(tx, project_id, &owed_to).await?;
    projects::actions::lock(tx, project_id).await
}

/// How it stands, when something can be released.
async fn possible(conn: &mut Conn, project: &Project, now: Timestamp) -> Result<Outlook> {
    let outlook = look(conn, project, now).await?;
    match outlook.obstacle {
        Some(refusal) => Err(refusal.into()),
        None => Ok(outlook),
    }
}

/// The release that waits for a second person.
async fn proposed(conn: &mut Conn, project_id: &str) -> Result<Release> {
    let open = store::open_of(conn, project_id).await?.filter(|open| open.state == ReleaseState::Proposed);
    open.ok_or_else(|| NotApproved::NothingProposed.into())
}

/// One change of state with its history.
pub(super) async fn step(
    tx: &mut Tx,
    release: &Release,
    to: ReleaseState,
    actor: &str,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    if !store::move_to(tx, release, to, actor, now).await? {
        return Err(Error::broken(format!("release {} is {} and cannot become {to}", release.id, release.state)));
    }
    record(tx, release, release.state.as_str(), to, actor, reason, now).await
}

async fn record(
    tx: &mut Tx,
    release: &Release,
    from: &str,
    to: ReleaseState,
    actor: &str,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    let entry = history::Entry { subject: "release", subject_id: &release.id, from, to: to.as_str(), actor, reason };
    Ok(history::record(tx, now, entry).await?)
}

/// The release with this id; it must be there.
pub async fn get(conn: &mut Conn, id: &str) -> Result<Release> {
    store::by_id(conn, id).await?.ok_or_else(|| Error::broken(format!("no release {id}")))
}

/// The final release of a project, once it is decided.
pub async fn final_of(conn: &mut Conn, project_id: &str) -> Result<Option<Release>> {
    let releases = store::of_project(conn, project_id).await?;
    Ok(releases.into_iter().find(|release| release.kind == Kind::Final && release.is_decided()))
}

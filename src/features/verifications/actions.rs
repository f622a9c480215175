//! What can be done with verifications. Whoever decides holds the project's row.

use crate::features::evidence;
use crate::features::outcomes::published::{self, Checked};
use crate::features::outcomes::{self, Observation, Shape, note};
use crate::features::projects::{self, Project};
use crate::features::users::{self, StaffRole};
use crate::features::verifications::{
    LONGEST_CHECKER, LONGEST_MESSAGE, LOOK, Level, Message, MessageKind, Refusal, Standing, Verdict, Verification,
    VerificationState, letters, store,
};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::{history, jobs, random};
use crate::values::Timestamp;
use crate::values::text::{many_lines, one_line};
use crate::values::time::is_day;

/// The verification with this id, when there is one.
pub async fn find(conn: &mut Conn, id: &str) -> Result<Option<Verification>> {
    Ok(store::by_id(conn, id).await?)
}

/// All verifications of a project, the oldest first.
pub async fn of_project(conn: &mut Conn, project_id: &str) -> Result<Vec<Verification>> {
    Ok(store::of_project(conn, project_id).await?)
}

/// Those that wait for the team, the oldest first.
pub async fn waiting(conn: &mut Conn) -> Result<Vec<Verification>> {
    Ok(store::waiting(conn).await?)
}

/// What was said about a verification, the oldest first.
pub async fn messages(conn: &mut Conn, id: &str) -> Result<Vec<Message>> {
    Ok(store::messages(conn, id).await?)
}

/// How the promises of a project stand, in their order.
pub async fn standings(conn: &mut Conn, project_id: &str) -> Result<Vec<Standing>> {
    let promises = outcomes::actions::figures(conn, project_id).await?;
    let waves = outcomes::actions::waves_of(conn, project_id).await?;
    let all = store::of_project(conn, project_id).await?;
    let standing = |promise: outcomes::PromiseFigure| {
        let own: Vec<&Verification> = all.iter().filter(|one| one.indicator == promise.code).collect();
        let at = |one: &Verification| waves.iter().position(|wave| wave.id == one.wave_id);
        let newest = own.iter().filter(|one| one.counts().is_some()).max_by_key(|one| at(one));
        Standing {
            verified: newest.and_then(|one| one.counts()),
            level: newest.and_then(|one| one.level()),
            is_open: own.iter().any(|one| one.is_open()),
            promise,
        }
    };
    Ok(promises.into_iter().map(standing).collect())
}

/// The organisation hands a figure in to be checked; from then on it is fixed.
///
/// # Errors
/// It was not measured, or it is being checked.
pub async fn hand_in(
    tx: &mut Tx,
    project_id: &str,
    (wave_id, indicator): (&str, &str),
    by: &str,
    now: Timestamp,
) -> Result<Verification> {
    let project = projects::actions::lock(tx, project_id).await?;
    if !outcomes::is_measured(project.state) {
        return Err(Refusal::NotMeasured.into());
    }
    begin(tx, project_id, (wave_id, indicator), "", by, now).await
}

async fn begin(
    tx: &mut Tx,
    project_id: &str,
    (wave_id, indicator): (&str, &str),
    reason: &str,
    by: &str,
    now: Timestamp,
) -> Result<Verification> {
    let declared = value_of(tx, project_id, (wave_id, indicator)).await?.ok_or(Refusal::NotMeasured)?;
    let verification = Verification {
        id: random::id("ver", now),
        project_id: project_id.to_owned(),
        wave_id: wave_id.to_owned(),
        indicator: indicator.to_owned(),
        state: VerificationState::Open,
        level: String::new(),
        declared,
        verified: None,
        checker: String::new(),
        reason: reason.to_owned(),
        deadline_day: String::new(),
        handed_in_by: by.to_owned(),
        handed_in_at: now,
        decided_by: None,
        decided_at: None,
    };
    if !store::insert(tx, &verification).await? {
        return Err(Refusal::HandedIn.into());
    }
    outcomes::actions::fix(tx, wave_id, indicator, true).await?;
    record(tx, &verification.id, "", VerificationState::Open.as_str(), by, reason, now).await?;
    Ok(verification)
}

/// The value of a promise in a wave; nothing when it was not measured.
async fn value_of(conn: &mut Conn, project_id: &str, (wave_id, code): (&str, &str)) -> Result<Option<i64>> {
    let known = outcomes::actions::indicators_of(conn, project_id).await?;
    let Some(indicator) = known.iter().find(|one| one.code == code) else { return Ok(None) };
    let waves = outcomes::actions::measured(conn, project_id).await?;
    let values = outcomes::promise_values(code, indicator.shape, &waves);
    Ok(waves.iter().zip(values).find(|(wave, _)| wave.wave.id == wave_id).and_then(|(_, value)| value))
}

/// The organisation takes a figure back before it is verified: it can be changed again.
///
/// # Errors
/// It is verified, or taken back already.
pub async fn withdraw(tx: &mut Tx, id: &str, by: &str, now: Timestamp) -> Result<()> {
    let (verification, _) = locked(tx, id).await?;
    step(tx, &verification, VerificationState::Withdrawn, by, "", now).await?;
    outcomes::actions::fix(tx, &verification.wave_id, &verification.indicator, false).await
}

/// The team asks the organisation something about a figure, to be answered by a day that lies ahead.
///
/// # Errors
/// A [`Refusal`].
pub async fn ask(
    tx: &mut Tx,
    id: &str,
    (question, deadline_day): (&str, &str),
    by: &str,
    now: Timestamp,
) -> Result<()> {
    let (verification, project) = locked(tx, id).await?;
    require_checker(tx, &project, by).await?;
    let question = said(question)?;
    if !is_day(deadline_day) || deadline_day <= now.day().as_str() {
        return Err(Refusal::DeadlineWrong.into());
    }
    step(tx, &verification, VerificationState::Asked, by, "", now).await?;
    store::set_deadline(tx, id, deadline_day).await?;
    letters::tell(tx, &verification, letters::QUESTION, &now.to_string(), now).await?;
    say(tx, id, MessageKind::Question, &question, by, now).await
}

/// The organisation answers: the team looks again.
///
/// # Errors
/// Nothing was asked, or no answer, or one that seems to name somebody.
pub async fn answer(tx: &mut Tx, id: &str, answer: &str, by: &str, now: Timestamp) -> Result<()> {
    let (verification, _) = locked(tx, id).await?;
    let answer = said_of_nobody(answer)?;
    if verification.state != VerificationState::Asked {
        return Err(Refusal::WrongState.into());
    }
    step(tx, &verification, VerificationState::Open, by, "", now).await?;
    store::set_deadline(tx, id, "").await?;
    say(tx, id, MessageKind::Answer, &answer, by, now).await
}

/// The team verifies a figure: what it found counts from now on.
///
/// # Errors
/// A [`Refusal`].
pub async fn verify(tx: &mut Tx, id: &str, verdict: Verdict<'_>, by: &str, now: Timestamp) -> Result<()> {
    let (verification, project) = locked(tx, id).await?;
    require_checker(tx, &project, by).await?;
    if verification.state != VerificationState::Open {
        return Err(Refusal::WrongState.into());
    }
    decide(tx, &verification, verdict, by, now).await
}

/// The organisation disputes a verified figure within 14 days.
///
/// # Errors
/// Not verified, too late, or no reason.
pub async fn dispute(tx: &mut Tx, id: &str, reason: &str, by: &str, now: Timestamp) -> Result<()> {
    let (verification, _) = locked(tx, id).await?;
    let reason = said_of_nobody(reason)?;
    let until = verification.dispute_until().ok_or(Refusal::WrongState)?;
    if now > until {
        return Err(Refusal::TooLate.into());
    }
    step(tx, &verification, VerificationState::Disputed, by, &reason, now).await?;
    say(tx, id, MessageKind::Dispute, &reason, by, now).await
}

/// Somebody else of the team decides a dispute: as it was, or anew.
///
/// # Errors
/// A [`Refusal`].
pub async fn decide_dispute(tx: &mut Tx, id: &str, verdict: Verdict<'_>, by: &str, now: Timestamp) -> Result<()> {
    let (verification, project) = locked(tx, id).await?;
    require_checker(tx, &project, by).await?;
    if verification.state != VerificationState::Disputed {
        return Err(Refusal::WrongState.into());
    }
    if verification.decided_by.as_deref() == Some(by) {
        return Err(Refusal::OwnVerdict.into());
    }
    decide(tx, &verification, verdict, by, now).await
}

async fn decide(
    tx: &mut Tx,
    verification: &Verification,
    verdict: Verdict<'_>,
    by: &str,
    now: Timestamp,
) -> Result<()> {
    let known = outcomes::actions::indicators(tx).await?;
    let shape = known.iter().find(|one| one.code == verification.indicator).map_or(Shape::Count, |one| one.shape);
    let least = if shape == Shape::Ladder { -shape.largest() } else { 0 };
    if !(least..=shape.largest()).contains(&verdict.value) {
        return Err(Refusal::ValueWrong.into());
    }
    let checker = match verdict.level {
        Level::StaffChecked => String::new(),
        Level::ThirdParty => one_line(verdict.checker, LONGEST_CHECKER)
            .filter(|checker| !checker.is_empty())
            .ok_or(Refusal::CheckerMissing)?,
    };
    let figure = (verification.wave_id.as_str(), verification.indicator.as_str());
    let is_documented = evidence::actions::is_documented(tx, &verification.project_id, figure).await?;
    if verdict.level == Level::ThirdParty && !is_documented {
        return Err(Refusal::EvidenceMissing.into());
    }
    evidence::actions::freeze(tx, figure.0, figure.1, now).await?;
    store::decide(tx, &verification.id, (verdict.level, verdict.value, &checker), by, now).await?;
    let reason = format!("{} as {}", verdict.value, verdict.level);
    step(tx, verification, VerificationState::Verified, by, &reason, now).await?;
    let level = match verdict.level {
        Level::StaffChecked => Checked::StaffChecked,
        Level::ThirdParty => Checked::ThirdParty,
    };
    let figure = (verification.wave_id.as_str(), verification.indicator.as_str());
    published::checked(tx, &verification.project_id, figure, Some((level, verdict.value)), now).await?;
    jobs::enqueue(tx, now, LOOK, &verification.project_id, now).await?;
    let is_dispute = verification.state == VerificationState::Disputed;
    let letter = if is_dispute { letters::DISPUTE_DECIDED } else { letters::VERIFIED };
    letters::tell(tx, verification, letter, &now.to_string(), now).await?;
    if verdict.remark.trim().is_empty() {
        return Ok(());
    }
    say(tx, &verification.id, MessageKind::Remark, &said(verdict.remark)?, by, now).await
}

/// The organisation corrects a verified figure, with a reason: it is checked anew. Answers the new verification.
///
/// # Errors
/// Not verified, or a refusal of [`outcomes::actions::correct`].
pub async fn correct(
    tx: &mut Tx,
    id: &str,
    observation: &Observation,
    reason: &str,
    by: &str,
    now: Timestamp,
) -> Result<Verification> {
    let (verification, _) = locked(tx, id).await?;
    let reason = said_of_nobody(reason)?;
    if observation.indicator != verification.indicator {
        return Err(Refusal::WrongState.into());
    }
    let figure = (verification.project_id.as_str(), verification.wave_id.as_str());
    step(tx, &verification, VerificationState::Corrected, by, &reason, now).await?;
    jobs::enqueue(tx, now, LOOK, &verification.project_id, now).await?;
    outcomes::actions::correct(tx, figure, observation, &reason, by, now).await?;
    begin(tx, figure.0, (figure.1, &verification.indicator), &reason, by, now).await
}

/// The verification, while its project is locked.
async fn locked(tx: &mut Tx, id: &str) -> Result<(Verification, Project)> {
    let found = store::by_id(tx, id).await?.ok_or_else(|| Error::broken(format!("no verification {id}")))?;
    let project = projects::actions::lock(tx, &found.project_id).await?;
    // read once more: whoever changed it meanwhile was waited for
    let found = store::by_id(tx, id).await?.ok_or_else(|| Error::broken(format!("no verification {id}")))?;
    Ok((found, project))
}

/// Refuses who is neither expert nor reviewer, or belongs to the project.
async fn require_checker(tx: &mut Tx, project: &Project, user_id: &str) -> Result<()> {
    let roles = users::actions::roles(tx, user_id).await?;
    if !roles.iter().any(|role| matches!(role, StaffRole::Expert | StaffRole::Reviewer)) {
        return Err(Refusal::NoRole.into());
    }
    match projects::actions::related(tx, project, user_id).await? {
        Some(_) => Err(Refusal::Related.into()),
        None => Ok(()),
    }
}

fn said(typed: &str) -> Result<String> {
    let text = many_lines(typed, LONGEST_MESSAGE).filter(|text| !text.is_empty());
    Ok(text.ok_or(Refusal::MessageMissing)?)
}

/// The same of an organisation, whose words must not name anybody.
fn said_of_nobody(typed: &str) -> Result<String> {
    let text = said(typed)?;
    match note::names_somebody(&text) {
        Some(refusal) => Err(refusal.into()),
        None => Ok(text),
    }
}

async fn say(tx: &mut Tx, id: &str, kind: MessageKind, body: &str, by: &str, now: Timestamp) -> Result<()> {
    Ok(store::say(tx, &random::id("vms", now), id, (kind, body), by, now).await?)
}

async fn step(
    tx: &mut Tx,
    verification: &Verification,
    to: VerificationState,
    by: &str,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    if !store::step_to(tx, &verification.id, verification.state, to).await? {
        return Err(Refusal::WrongState.into());
    }
    record(tx, &verification.id, verification.state.as_str(), to.as_str(), by, reason, now).await
}

async fn record(tx: &mut Tx, id: &str, from: &str, to: &str, actor: &str, reason: &str, now: Timestamp) -> Result<()> {
    let entry = history::Entry { subject: "verification", subject_id: id, from, to, actor, reason };
    Ok(history::record(tx, now, entry).await?)
}

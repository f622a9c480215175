//! What the meeting decides, by two people; the owner's answer to a rejection; and a project that waits for a later round.

use rust_decimal::Decimal;

use crate::features::projects::{Project, ProjectState};
use crate::features::rounds::{Round, RoundState};
use crate::features::users::{self, StaffRole};
use crate::features::valuations::reviews::{checked_reason, in_valuation, require_staff};
use crate::features::valuations::{
    Answer, AnswerState, Criterion, LONGEST_REASON, MeetingResult, Refusal, ResultState, ReviewState, Verdict, access,
    store,
};
use crate::features::{organisations, projects, rounds};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::{history, letters, random};
use crate::values::text::many_lines;
use crate::values::{Rikx, Timestamp};

/// What a reviewer records after the meeting.
#[derive(Debug, Clone, Copy)]
pub struct Recorded<'a> {
    pub verdict: Verdict,
    /// Of a listing; nothing of a rejection.
    pub impact: Option<Rikx>,
    pub threshold: Option<Rikx>,
    /// As typed.
    pub reason_nl: &'a str,
    pub reason_en: &'a str,
}

/// The results of a project, the newest first.
pub async fn of_project(conn: &mut Conn, project_id: &str) -> Result<Vec<MeetingResult>> {
    Ok(store::results(conn, project_id).await?)
}

/// The result with this id; it must be there.
pub async fn get(conn: &mut Conn, id: &str) -> Result<MeetingResult> {
    store::result(conn, id).await?.ok_or_else(|| Error::broken(format!("no result {id}")))
}

/// The answers of a project, the newest first.
pub async fn answers_of(conn: &mut Conn, project_id: &str) -> Result<Vec<Answer>> {
    Ok(store::answers(conn, project_id).await?)
}

/// What the experts gave on average for each criterion, without a name; for the owner, once a result is confirmed.
pub async fn means(conn: &mut Conn, result: &MeetingResult) -> Result<Vec<(Criterion, Decimal)>> {
    if result.state != ResultState::Confirmed {
        return Ok(Vec::new());
    }
    let criteria = store::criteria(conn, &result.round_id).await?;
    let reviews = store::reviews(conn, &result.project_id, &result.round_id).await?;
    let (spread, _) = access::handed_in(conn, &criteria, &reviews).await?;
    Ok(spread.rows.into_iter().map(|row| (row.criterion, row.mean)).collect())
}

/// A reviewer who is none of the experts records what the meeting decided.
///
/// # Errors
/// A [`Refusal`].
pub async fn record(
    tx: &mut Tx,
    project_id: &str,
    recorded: Recorded<'_>,
    actor: &str,
    now: Timestamp,
) -> Result<MeetingResult> {
    let (round, project) = locked(tx, project_id).await?;
    if !users::actions::roles(tx, actor).await?.contains(&StaffRole::Reviewer) {
        return Err(Refusal::NoRole.into());
    }
    let reviews = store::reviews(tx, project_id, &project.round_id).await?;
    let is_expert = |id: &str| reviews.iter().any(|r| r.expert_id == id && r.state != ReviewState::Removed);
    if is_expert(actor) || projects::actions::related(tx, &project, actor).await?.is_some() {
        return Err(Refusal::OwnExpert.into());
    }
    if !access::is_complete(&reviews) {
        return Err(Refusal::NotComplete.into());
    }
    if store::results(tx, project_id).await?.iter().any(|result| result.state == ResultState::Proposed) {
        return Err(Refusal::ResultOpen.into());
    }
    let (impact, threshold) = figures(&round, recorded)?;
    let result = MeetingResult {
        id: random::id("val", now),
        project_id: project_id.to_owned(),
        round_id: round.id,
        state: ResultState::Proposed,
        verdict: recorded.verdict,
        impact,
        threshold,
        asked_impact: project.impact,
        asked_threshold: project.threshold,
        reason_nl: checked(recorded.reason_nl).ok_or(Refusal::ReasonNlMissing)?,
        reason_en: checked(recorded.reason_en).ok_or(Refusal::ReasonEnMissing)?,
        recorded_by: actor.to_owned(),
        recorded_at: now,
        decided_by: None,
        decided_at: None,
    };
    store::insert_result(tx, &result).await?;
    note(tx, "valuation_result", &result.id, "", result.state.as_str(), actor, "", now).await?;
    Ok(result)
}

/// The figures of a listing, which must lie above nothing, the threshold not above the impact value; zero of a rejection.
fn figures(round: &Round, recorded: Recorded<'_>) -> std::result::Result<(Rikx, Rikx), Refusal> {
    if recorded.verdict == Verdict::Rejected {
        return Ok((Rikx(0), Rikx(0)));
    }
    if round.state != RoundState::Valuation {
        return Err(Refusal::RoundNotValuing);
    }
    let is_priced = |rikx: &Rikx| *rikx > Rikx(0) && rikx.price(round.unit_price_eur).is_some();
    let impact = recorded.impact.filter(is_priced).ok_or(Refusal::ImpactWrong)?;
    let threshold = recorded.threshold.filter(is_priced).ok_or(Refusal::ThresholdWrong)?;
    if threshold > impact { Err(Refusal::ThresholdWrong) } else { Ok((impact, threshold)) }
}

fn checked(typed: &str) -> Option<String> {
    many_lines(typed, LONGEST_REASON).filter(|reason| !reason.is_empty())
}

/// A second person confirms: another reviewer or admin, or one of the experts. The project is listed with these figures or rejected,
/// and its owners are written to.
///
/// # Errors
/// A [`Refusal`].
pub async fn confirm(tx: &mut Tx, project_id: &str, result_id: &str, actor: &str, now: Timestamp) -> Result<()> {
    let (round, project) = locked(tx, project_id).await?;
    let open = store::result(tx, result_id).await?;
    let open = open.filter(|r| r.project_id == project_id && r.state == ResultState::Proposed);
    let open = open.ok_or(Refusal::NoResult)?;
    may_confirm(tx, &project, &open, actor).await?;
    let reviews = store::reviews(tx, project_id, &project.round_id).await?;
    if open.round_id != project.round_id || !access::is_complete(&reviews) {
        return Err(Refusal::NotComplete.into());
    }
    if !store::decide_result(tx, result_id, ResultState::Confirmed, actor, now).await? {
        return Err(Error::broken(format!("result {result_id} changed while its project was locked")));
    }
    let (to, kind) = match open.verdict {
        Verdict::Listed => {
            if round.state != RoundState::Valuation {
                return Err(Refusal::RoundNotValuing.into());
            }
            projects::actions::set_figures(tx, &project, open.impact, open.threshold, now).await?;
            (ProjectState::Listed, "valuation_listed")
        }
        Verdict::Rejected => (ProjectState::Rejected, "valuation_rejected"),
    };
    projects::actions::move_to(tx, &project, to, actor, "the meeting decided", now).await?;
    let (from, to) = (open.state.as_str(), ResultState::Confirmed.as_str());
    note(tx, "valuation_result", result_id, from, to, actor, "", now).await?;
    tell(tx, &project, kind, result_id, now).await
}

async fn may_confirm(tx: &mut Tx, project: &Project, open: &MeetingResult, actor: &str) -> Result<()> {
    if open.recorded_by == actor {
        return Err(Refusal::OwnResult.into());
    }
    let roles = users::actions::roles(tx, actor).await?;
    let review = store::review_of(tx, &project.id, &project.round_id, actor).await?.map(|review| review.state);
    if review == Some(ReviewState::Excluded) || projects::actions::related(tx, project, actor).await?.is_some() {
        return Err(Refusal::NotConfirmer.into());
    }
    let is_staff = roles.contains(&StaffRole::Reviewer) || roles.contains(&StaffRole::Admin);
    let is_expert = roles.contains(&StaffRole::Expert) && review == Some(ReviewState::HandedIn);
    if is_staff || is_expert { Ok(()) } else { Err(Refusal::NotConfirmer.into()) }
}

/// A reviewer or admin takes a recorded result back, with a reason.
///
/// # Errors
/// A [`Refusal`].
pub async fn withdraw(tx: &mut Tx, project_id: &str, reason: &str, actor: &str, now: Timestamp) -> Result<()> {
    in_valuation(tx, project_id).await?;
    require_staff(tx, actor).await?;
    let reason = checked_reason(reason)?;
    let results = store::results(tx, project_id).await?;
    let open = results.into_iter().find(|result| result.state == ResultState::Proposed).ok_or(Refusal::NoResult)?;
    if !store::decide_result(tx, &open.id, ResultState::Withdrawn, actor, now).await? {
        return Err(Error::broken(format!("result {} changed while its project was locked", open.id)));
    }
    let (from, to) = (open.state.as_str(), ResultState::Withdrawn.as_str());
    note(tx, "valuation_result", &open.id, from, to, actor, &reason, now).await
}

/// The owner of a rejected project answers, once and within two weeks.
///
/// # Errors
/// A [`Refusal`].
pub async fn answer(tx: &mut Tx, project_id: &str, body: &str, actor: &str, now: Timestamp) -> Result<()> {
    let project = projects::actions::lock(tx, project_id).await?;
    if project.state != ProjectState::Rejected {
        return Err(Refusal::NotRejected.into());
    }
    let results = store::results(tx, project_id).await?;
    let rejection = results.into_iter().find(|result| result.state == ResultState::Confirmed);
    let rejection = rejection.ok_or(Refusal::NotRejected)?;
    let until = rejection.answer_until().ok_or(Refusal::NotRejected)?;
    if store::answers(tx, project_id).await?.iter().any(|answer| answer.result_id == rejection.id) {
        return Err(Refusal::AnsweredAlready.into());
    }
    if now >= until {
        return Err(Refusal::AnswerTooLate.into());
    }
    let body = checked(body).ok_or(Refusal::AnswerMissing)?;
    store::insert_answer(tx, &rejection.id, project_id, &body, actor, now).await?;
    let to = AnswerState::Given.as_str();
    note(tx, "valuation_answer", &rejection.id, "", to, actor, "", now).await
}

/// Staff uphold the rejection or reopen the valuation; the owner reads why.
///
/// # Errors
/// A [`Refusal`].
pub async fn decide_answer(
    tx: &mut Tx,
    project_id: &str,
    to: AnswerState,
    (reason_nl, reason_en): (&str, &str),
    actor: &str,
    now: Timestamp,
) -> Result<()> {
    let project = projects::actions::lock(tx, project_id).await?;
    require_staff(tx, actor).await?;
    if project.state != ProjectState::Rejected {
        return Err(Refusal::NotRejected.into());
    }
    let answers = store::answers(tx, project_id).await?;
    let open = answers.into_iter().find(|answer| answer.state == AnswerState::Given).ok_or(Refusal::NoAnswer)?;
    let reasons =
        (checked(reason_nl).ok_or(Refusal::ReasonNlMissing)?, checked(reason_en).ok_or(Refusal::ReasonEnMissing)?);
    if to == AnswerState::Given || !store::decide_answer(tx, &open.result_id, to, &reasons, actor, now).await? {
        return Err(Refusal::NoAnswer.into());
    }
    note(tx, "valuation_answer", &open.result_id, open.state.as_str(), to.as_str(), actor, &reasons.0, now).await?;
    if to == AnswerState::Reopened {
        let why = "the owner's answer reopened the valuation";
        projects::actions::move_to(tx, &project, ProjectState::InValuation, actor, why, now).await?;
        return tell(tx, &project, "valuation_reopened", &open.result_id, now).await;
    }
    tell(tx, &project, "valuation_upheld", &open.result_id, now).await
}

/// Staff put a project that is being valued into another round, which values it anew.
///
/// # Errors
/// A [`Refusal`].
pub async fn move_round(tx: &mut Tx, project_id: &str, number: i64, actor: &str, now: Timestamp) -> Result<()> {
    let target = rounds::actions::by_number(tx, number).await?.ok_or(Refusal::RoundUnfit)?;
    let from = projects::actions::get(tx, project_id).await?.round_id;
    let mut ids = [from, target.id.clone()];
    ids.sort();
    for id in &ids {
        rounds::actions::lock(tx, id).await?;
    }
    let project = in_valuation(tx, project_id).await?;
    require_staff(tx, actor).await?;
    let target = rounds::actions::get(tx, &target.id).await?;
    let is_before = matches!(target.state, RoundState::Planned | RoundState::Submissions | RoundState::Valuation);
    if !is_before || target.id == project.round_id {
        return Err(Refusal::RoundUnfit.into());
    }
    if store::results(tx, project_id).await?.iter().any(|result| result.state == ResultState::Proposed) {
        return Err(Refusal::ResultOpen.into());
    }
    projects::actions::set_round(tx, &project, &target, actor, now).await
}

/// Locks the project's round and then the project, which must be being valued.
async fn locked(tx: &mut Tx, project_id: &str) -> Result<(Round, Project)> {
    let round_id = projects::actions::get(tx, project_id).await?.round_id;
    let round = rounds::actions::lock(tx, &round_id).await?;
    let project = in_valuation(tx, project_id).await?;
    // moved to another round while the lock was waited for
    if project.round_id == round.id { Ok((round, project)) } else { Err(Refusal::NotInValuation.into()) }
}

async fn tell(tx: &mut Tx, project: &Project, kind: &'static str, cause_id: &str, now: Timestamp) -> Result<()> {
    let owners = organisations::actions::owners(tx, &project.organisation_id).await?;
    Ok(letters::queue_many(tx, now, kind, cause_id, &owners).await?)
}

#[expect(clippy::too_many_arguments, reason = "the parts of one entry")]
async fn note(
    tx: &mut Tx,
    subject: &'static str,
    id: &str,
    from: &str,
    to: &str,
    actor: &str,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    let entry = history::Entry { subject, subject_id: id, from, to, actor, reason };
    Ok(history::record(tx, now, entry).await?)
}

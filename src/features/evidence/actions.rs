//! What can be done with evidence.

use sha2::{Digest, Sha256};

use crate::features::evidence::{
    DAYS_REFUSED, Evidence, EvidenceKind, EvidenceState, LONGEST_REASON, LONGEST_TITLE, MOST_BYTES,
    MOST_BYTES_OF_PROJECT, MOST_FILES, NewEvidence, Refusal, Visibility, begins_as_pdf, is_whole_pdf, keep_until,
    store,
};
use crate::features::outcomes::{self, is_measured, note};
use crate::features::{organisations, pledges, projects};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::pictures::PictureRefusal;
use crate::infra::{Services, files, history, random};
use crate::values::Timestamp;
use crate::values::text::{many_lines, one_line};
use crate::values::time::days_after;

/// Files whose time is over that go in one night.
const MOST_IN_A_NIGHT: i64 = 2_000;
/// Who acts, in the history.
const ACTOR: &str = "retention";

/// A file that may be kept.
#[derive(Debug)]
pub struct Readable {
    kind: EvidenceKind,
    bytes: Vec<u8>,
}

/// Looks at what was sent: a whole PDF stays as it is, a picture is written anew.
///
/// # Errors
/// A [`Refusal`] about the file.
pub async fn look_at(s: &Services, sent: Option<Vec<u8>>) -> Result<Readable> {
    let bytes = sent.ok_or(Refusal::FileMissing)?;
    if bytes.len() > MOST_BYTES {
        return Err(Refusal::TooLarge.into());
    }
    if begins_as_pdf(&bytes) {
        if !is_whole_pdf(&bytes) {
            return Err(Refusal::BrokenPdf.into());
        }
        return Ok(Readable { kind: EvidenceKind::Pdf, bytes });
    }
    match s.decoder.take(bytes).await {
        Ok(picture) => Ok(Readable { kind: EvidenceKind::Picture, bytes: picture.jpeg }),
        Err(error) => Err(match error.refusal::<PictureRefusal>() {
            Some(PictureRefusal::TooLarge) => Refusal::PictureTooLarge.into(),
            Some(PictureRefusal::TooManyPixels) => Refusal::PictureTooManyPixels.into(),
            Some(_) => Refusal::UnknownKind.into(),
            None => error,
        }),
    }
}

/// What is wrong with what was typed beside the file.
pub fn faults(new: &NewEvidence) -> Vec<Refusal> {
    let mut found = Vec::new();
    match one_line(&new.title, LONGEST_TITLE) {
        None => found.push(Refusal::TitleTooLong),
        Some(title) if title.is_empty() => found.push(Refusal::TitleMissing),
        Some(title) if note::names_somebody(&title).is_some() => found.push(Refusal::TitleNamesSomebody),
        Some(_) => {}
    }
    if new.visibility.is_none() {
        found.push(Refusal::VisibilityMissing);
    }
    if !new.names_nobody {
        found.push(Refusal::NotConfirmed);
    }
    found
}

/// Keeps a file for a figure or a wave. The bytes come before the row; without a row they go again.
///
/// # Errors
/// A [`Refusal`].
pub async fn add(
    s: &Services,
    project_id: &str,
    new: &NewEvidence,
    file: Readable,
    by: &str,
    now: Timestamp,
) -> Result<String> {
    if let Some(refusal) = faults(new).into_iter().next() {
        return Err(refusal.into());
    }
    let id = random::id("evi", now);
    files::put(s, &id, &file.bytes).await?;
    let kept = keep(s, &id, project_id, new, &file, by, now).await;
    if kept.is_err() {
        files::remove(s, &id).await?;
    }
    kept.map(|()| id)
}

async fn keep(
    s: &Services,
    id: &str,
    project_id: &str,
    new: &NewEvidence,
    file: &Readable,
    by: &str,
    now: Timestamp,
) -> Result<()> {
    let mut tx = s.db.begin().await?;
    let project = projects::actions::lock(&mut tx, project_id).await?;
    if !is_measured(project.state) {
        return Err(Refusal::NotMeasured.into());
    }
    let waves = outcomes::actions::waves_of(&mut tx, project_id).await?;
    if !waves.iter().any(|wave| wave.id == new.wave_id) {
        return Err(Refusal::WaveUnknown.into());
    }
    let indicators = outcomes::actions::indicators_of(&mut tx, project_id).await?;
    if !new.indicator.is_empty() && !indicators.iter().any(|indicator| indicator.code == new.indicator) {
        return Err(Refusal::IndicatorUnknown.into());
    }
    let bytes = i64::try_from(file.bytes.len()).unwrap_or(i64::MAX);
    let (count, kept) = store::kept_of(&mut tx, project_id).await?;
    if count >= MOST_FILES || kept.saturating_add(bytes) > MOST_BYTES_OF_PROJECT {
        return Err(Refusal::TooMany.into());
    }
    let evidence = Evidence {
        id: id.to_owned(),
        project_id: project_id.to_owned(),
        wave_id: new.wave_id.clone(),
        indicator: new.indicator.clone(),
        kind: file.kind,
        title: one_line(&new.title, LONGEST_TITLE).unwrap_or_default(),
        visibility: new.visibility.unwrap_or(Visibility::Staff),
        state: EvidenceState::Waiting,
        sha256: hex::encode(Sha256::digest(&file.bytes)),
        bytes,
        keep_until: keep_until(&project),
        added_at: now,
        decided_at: None,
        reason: String::new(),
        frozen_at: None,
    };
    store::insert(&mut tx, &evidence, by).await?;
    record(&mut tx, id, "", EvidenceState::Waiting, by, "", now).await?;
    Ok(tx.commit().await?)
}

/// Whether a file supports this figure: then it is documented.
pub async fn is_documented(conn: &mut Conn, project_id: &str, (wave_id, indicator): (&str, &str)) -> Result<bool> {
    Ok(store::of_project(conn, project_id).await?.iter().any(|one| one.supports(wave_id, indicator)))
}

/// Everything a project sent, the newest first.
pub async fn of_project(conn: &mut Conn, project_id: &str) -> Result<Vec<Evidence>> {
    Ok(store::of_project(conn, project_id).await?)
}

/// One file's facts.
///
/// # Errors
/// [`Refusal::NotHere`].
pub async fn get(conn: &mut Conn, id: &str) -> Result<Evidence> {
    Ok(store::find(conn, id).await?.ok_or(Refusal::NotHere)?)
}

/// The same of a file that may not be there.
pub async fn find(conn: &mut Conn, id: &str) -> Result<Option<Evidence>> {
    Ok(store::find(conn, id).await?)
}

/// What waits for somebody of the team, the oldest first; what wants to be shown to others comes before the rest.
pub async fn waiting(conn: &mut Conn) -> Result<Vec<Evidence>> {
    let mut waiting = store::waiting(conn).await?;
    waiting.sort_by_key(|evidence| (evidence.visibility == Visibility::Staff, evidence.added_at));
    Ok(waiting)
}

/// What the team accepted of a project and this person may read, or everybody when it is nobody.
pub async fn shown_to(conn: &mut Conn, project_id: &str, user_id: Option<&str>) -> Result<Vec<Evidence>> {
    let mut shown = Vec::new();
    for evidence in store::of_project(conn, project_id).await? {
        if evidence.state == EvidenceState::Accepted && may_read(conn, &evidence, user_id).await? {
            shown.push(evidence);
        }
    }
    Ok(shown)
}

/// Whether somebody who is not of the team may read a file now: everybody when it is public, a backer with money in the project when it is
/// for backers, and a member of the organisation that sent it.
pub async fn may_read(conn: &mut Conn, evidence: &Evidence, user_id: Option<&str>) -> Result<bool> {
    if !evidence.has_bytes() {
        return Ok(false);
    }
    let project = projects::actions::get(conn, &evidence.project_id).await?;
    let is_accepted = evidence.state == EvidenceState::Accepted;
    if is_accepted && evidence.visibility == Visibility::Public {
        return Ok(projects::actions::public_by_slug(conn, &project.slug).await?.is_some());
    }
    let Some(me) = user_id else { return Ok(false) };
    if organisations::actions::member_role(conn, &project.organisation_id, me).await?.is_some() {
        return Ok(true);
    }
    if !is_accepted || evidence.visibility != Visibility::Backers {
        return Ok(false);
    }
    Ok(pledges::actions::backers_between(conn, &project.id, me, me).await?.contains(me))
}

/// Its owner takes a file back. Its bytes go in the next night.
///
/// # Errors
/// [`Refusal::Frozen`] while a verified figure rests on it; [`Refusal::Decided`] when it is gone already.
pub async fn withdraw(tx: &mut Tx, project_id: &str, id: &str, by: &str, now: Timestamp) -> Result<()> {
    projects::actions::lock(tx, project_id).await?;
    let evidence = get(tx, id).await?;
    if evidence.project_id != project_id {
        return Err(Refusal::NotHere.into());
    }
    if evidence.frozen_at.is_some() {
        return Err(Refusal::Frozen.into());
    }
    let yesterday = days_after(&now.day(), -1).unwrap_or_default();
    store::set_keep_until(tx, id, &yesterday).await?;
    step(tx, &evidence, EvidenceState::Withdrawn, by, "", now).await
}

/// Somebody of the team looked at a file: whom it is for may read it.
///
/// # Errors
/// A [`Refusal`].
pub async fn accept(tx: &mut Tx, id: &str, by: &str, now: Timestamp) -> Result<()> {
    let evidence = to_decide(tx, id, by).await?;
    store::decide(tx, id, by, "", &evidence.keep_until, now).await?;
    step(tx, &evidence, EvidenceState::Accepted, by, "", now).await
}

/// Somebody of the team refuses a file, or takes down one that was accepted; its owner reads why. The bytes go after thirty days, unless a
/// verified figure rests on it.
///
/// # Errors
/// A [`Refusal`].
pub async fn refuse(tx: &mut Tx, id: &str, reason: &str, by: &str, now: Timestamp) -> Result<()> {
    let reason = match many_lines(reason, LONGEST_REASON) {
        None => return Err(Refusal::ReasonTooLong.into()),
        Some(reason) if reason.is_empty() => return Err(Refusal::ReasonMissing.into()),
        Some(reason) => reason,
    };
    let evidence = to_decide(tx, id, by).await?;
    let soon = days_after(&now.day(), DAYS_REFUSED).unwrap_or_default();
    let until =
        if evidence.frozen_at.is_some() { evidence.keep_until.clone() } else { evidence.keep_until.clone().min(soon) };
    store::decide(tx, id, by, &reason, &until, now).await?;
    step(tx, &evidence, EvidenceState::Refused, by, &reason, now).await
}

/// The file, while its project is locked, for somebody of the team who may decide about it.
async fn to_decide(tx: &mut Tx, id: &str, by: &str) -> Result<Evidence> {
    let seen = get(tx, id).await?;
    let project = projects::actions::lock(tx, &seen.project_id).await?;
    outcomes::notes::require_checker(tx, &project, by).await?;
    get(tx, id).await
}

/// A figure was verified: what supports it stays. Called in the transaction that verifies.
pub async fn freeze(tx: &mut Tx, wave_id: &str, indicator: &str, now: Timestamp) -> Result<()> {
    Ok(store::freeze(tx, wave_id, indicator, now).await?)
}

/// The nightly task: takes away the bytes whose time is over and notes it. Bytes go first; a night that broke off goes on the next time.
/// Answers how many.
///
/// # Errors
/// The folder or the database.
pub async fn forget_due(s: &Services, now: Timestamp) -> Result<u64> {
    let due = store::due(&mut *s.db.read().await?, &now.day(), MOST_IN_A_NIGHT).await?;
    let mut gone = 0;
    for evidence in due {
        files::remove(s, &evidence.id).await?;
        let mut tx = s.db.begin().await?;
        projects::actions::lock(&mut tx, &evidence.project_id).await?;
        let evidence = get(&mut tx, &evidence.id).await?;
        store::forget(&mut tx, &evidence.id, now).await?;
        step(&mut tx, &evidence, EvidenceState::Deleted, ACTOR, "", now).await?;
        tx.commit().await?;
        gone += 1;
    }
    Ok(gone)
}

async fn step(
    tx: &mut Tx,
    evidence: &Evidence,
    to: EvidenceState,
    by: &str,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    if !crate::infra::db::life_cycle::step(tx, &evidence.id, evidence.state, to).await.map_err(Error::from)? {
        return Err(Refusal::Decided.into());
    }
    record(tx, &evidence.id, evidence.state.as_str(), to, by, reason, now).await
}

async fn record(
    tx: &mut Tx,
    id: &str,
    from: &str,
    to: EvidenceState,
    actor: &str,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    let entry = history::Entry { subject: "evidence", subject_id: id, from, to: to.as_str(), actor, reason };
    Ok(history::record(tx, now, entry).await?)
}

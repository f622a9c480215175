//! What can be done with outcomes.

use crate::features::outcomes::{
    Indicator, LONGEST_LOCATION, Location, MOST_LOCATIONS, NewWave, Observation, Promise, PromiseFigure, Refusal, Wave,
    WaveMeasured, faults, note, promise_values, published, store,
};
use crate::features::projects;
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::{history, random};
use crate::values::Timestamp;
use crate::values::text::one_line;

/// What became of an entered wave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entered {
    New,
    /// The same kind and day was there; its figures are now these.
    Corrected,
    /// The same was there already.
    Unchanged,
}

/// All indicators, those that are no longer chosen too, by family and name in Dutch.
pub async fn indicators(conn: &mut Conn) -> Result<Vec<Indicator>> {
    let mut indicators = store::indicators(conn).await?;
    indicators.sort_by(|a, b| (a.family, &a.name_nl, &a.code).cmp(&(b.family, &b.name_nl, &b.code)));
    Ok(indicators)
}

/// Adds an indicator; one with this code that is there stays as it is.
pub async fn add_indicator(tx: &mut Tx, indicator: &Indicator) -> Result<()> {
    store::insert_indicator(tx, indicator).await?;
    Ok(())
}

/// Adds a promise to a project. Shares are meant to sum to 100; who writes a whole plan checks that.
pub async fn add_promise(tx: &mut Tx, project_id: &str, promise: &Promise, now: Timestamp) -> Result<()> {
    Ok(store::insert_promise(tx, &random::id("prm", now), project_id, promise).await?)
}

/// Replaces the promises of a project. Only for one that nobody relies on yet: who calls this has looked at its state.
pub async fn replace_promises(tx: &mut Tx, project_id: &str, promises: &[Promise], now: Timestamp) -> Result<()> {
    store::delete_promises(tx, project_id).await?;
    for promise in promises {
        add_promise(tx, project_id, promise, now).await?;
    }
    Ok(())
}

/// The promises of a project in their order, with what was measured for each.
pub async fn figures(conn: &mut Conn, project_id: &str) -> Result<Vec<PromiseFigure>> {
    let promises = store::promises(conn, project_id).await?;
    let waves = measured(conn, project_id).await?;
    let figure = |row: store::PromiseRow| {
        let indicator = row.indicator;
        let values = promise_values(&indicator.code, indicator.shape, &waves);
        let moments = waves.iter().map(|one| (one.wave.kind, one.wave.measured_on.clone()));
        PromiseFigure {
            id: row.id,
            latest: values.iter().rev().flatten().next().copied(),
            waves: moments.zip(values).map(|((kind, day), value)| (kind, day, value)).collect(),
            code: indicator.code,
            scheme: indicator.scheme,
            name_nl: indicator.name_nl,
            name_en: indicator.name_en,
            unit_nl: indicator.unit_nl,
            unit_en: indicator.unit_en,
            counts_people: indicator.counts_people == 1,
            shape: indicator.shape,
            family: indicator.family,
            direction: indicator.direction,
            baseline: row.baseline,
            target: row.target,
            due_day: row.due_day,
            share_percent: row.share_percent,
            floor_percent: row.floor_percent,
            cap_percent: row.cap_percent,
        }
    };
    Ok(promises.into_iter().map(figure).collect())
}

/// The waves of a project in the order of measuring: by day, and by kind on one day.
pub async fn waves_of(conn: &mut Conn, project_id: &str) -> Result<Vec<Wave>> {
    let mut waves = store::waves(conn, project_id).await?;
    waves.sort_by(|a, b| (&a.measured_on, a.kind).cmp(&(&b.measured_on, b.kind)));
    Ok(waves)
}

/// The waves of a project in the order of measuring, with everything they found.
pub async fn measured(conn: &mut Conn, project_id: &str) -> Result<Vec<WaveMeasured>> {
    let waves = waves_of(conn, project_id).await?;
    let found = store::observations(conn, project_id).await?;
    let of = |wave: Wave| {
        let own: Vec<_> = found.iter().filter(|(wave_id, ..)| *wave_id == wave.id).collect();
        WaveMeasured {
            observations: own.iter().map(|(_, observation, _)| observation.clone()).collect(),
            fixed: own.iter().filter(|(.., fixed)| *fixed).map(|(_, one, _)| one.indicator.clone()).collect(),
            wave,
        }
    };
    Ok(waves.into_iter().map(of).collect())
}

/// The indicators that a project measures: those it promised and those it tracks beside them, by family and name in Dutch.
pub async fn indicators_of(conn: &mut Conn, project_id: &str) -> Result<Vec<Indicator>> {
    let codes = store::codes_of(conn, project_id).await?;
    let mut all = indicators(conn).await?;
    all.retain(|indicator| codes.contains(&indicator.code));
    Ok(all)
}

/// The codes that a project tracks beside its promises.
pub async fn tracked(conn: &mut Conn, project_id: &str) -> Result<Vec<String>> {
    Ok(store::tracked(conn, project_id).await?)
}

/// Chooses what a project tracks beside its promises. What was measured and is no longer tracked stays.
///
/// # Errors
/// An indicator that is not there, or that is no longer chosen and was not tracked before.
pub async fn track(tx: &mut Tx, project_id: &str, codes: &[String], by: &str, now: Timestamp) -> Result<()> {
    projects::actions::lock(tx, project_id).await?;
    let before = store::tracked(tx, project_id).await?;
    let known = store::indicators(tx).await?;
    for code in codes {
        let indicator = known.iter().find(|indicator| indicator.code == *code);
        if indicator.is_none_or(|indicator| indicator.retired_at.is_some() && !before.contains(code)) {
            return Err(Refusal::NoSuchIndicator.into());
        }
    }
    let mut after = codes.to_vec();
    after.sort();
    after.dedup();
    if before == after {
        return Ok(());
    }
    store::replace_tracked(tx, project_id, &after).await?;
    let (from, to) = (before.join(" "), after.join(" "));
    let entry =
        history::Entry { subject: "tracked", subject_id: project_id, from: &from, to: &to, actor: by, reason: "" };
    Ok(history::record(tx, now, entry).await?)
}

/// The named places of a project, by name.
pub async fn locations(conn: &mut Conn, project_id: &str) -> Result<Vec<Location>> {
    Ok(store::locations(conn, project_id).await?)
}

/// Adds a named place to a project and answers its id.
///
/// # Errors
/// No name, a name that is there or looks like a person's, or too many places.
pub async fn add_location(tx: &mut Tx, project_id: &str, typed: &str, by: &str, now: Timestamp) -> Result<String> {
    projects::actions::lock(tx, project_id).await?;
    let name = one_line(typed, LONGEST_LOCATION).filter(|name| !name.is_empty()).ok_or(Refusal::LocationMissing)?;
    if let Some(refusal) = note::names_somebody(&name) {
        return Err(refusal.into());
    }
    if store::locations(tx, project_id).await?.len() >= MOST_LOCATIONS {
        return Err(Refusal::TooManyLocations.into());
    }
    let id = random::id("loc", now);
    if !store::insert_location(tx, &id, project_id, &name).await? {
        return Err(Refusal::LocationTaken.into());
    }
    let entry = history::Entry { subject: "location", subject_id: &id, from: "", to: &name, actor: by, reason: "" };
    history::record(tx, now, entry).await?;
    Ok(id)
}

/// Enters a wave, or replaces the figures of the same kind and day. What stood there before goes to the history.
///
/// # Errors
/// The first of [`faults`], or a figure that was handed in to be checked would change; nothing is saved then.
pub async fn enter(tx: &mut Tx, project_id: &str, wave: &NewWave, author: &str, now: Timestamp) -> Result<Entered> {
    let project = projects::actions::lock(tx, project_id).await?;
    let known = indicators_of(tx, project_id).await?;
    let places = store::locations(tx, project_id).await?;
    let places: Vec<&str> = places.iter().map(|place| place.id.as_str()).collect();
    if let Some((_, refusal)) = faults(&project, &known, &places, wave, &now.day()).into_iter().next() {
        return Err(refusal.into());
    }
    let Some(old) = store::wave(tx, project_id, wave.kind, &wave.day).await? else {
        let id = random::id("wav", now);
        store::insert_wave(tx, &id, project_id, wave, author, now).await?;
        store::insert_observations(tx, &id, &wave.observations).await?;
        record(tx, &id, ("", &in_words(&wave.observations)), author, "", now).await?;
        published::refresh(tx, project_id).await?;
        return Ok(Entered::New);
    };
    let before: Vec<_> =
        store::observations(tx, project_id).await?.into_iter().filter(|(id, ..)| *id == old.id).collect();
    for (_, observation, fixed) in &before {
        if *fixed && !wave.observations.contains(observation) {
            return Err(Refusal::Fixed { indicator: observation.indicator.clone() }.into());
        }
    }
    let fixed = |code: &str| before.iter().any(|(_, one, fixed)| *fixed && one.indicator == code);
    let old_words = in_words(&before.iter().map(|(_, one, _)| one.clone()).collect::<Vec<_>>());
    let new_words = in_words(&wave.observations);
    if old_words == new_words && old.note_nl == wave.note_nl && old.note_en == wave.note_en {
        return Ok(Entered::Unchanged);
    }
    store::replace_notes(tx, &old.id, wave, author).await?;
    store::delete_unfixed(tx, &old.id).await?;
    let free: Vec<Observation> = wave.observations.iter().filter(|one| !fixed(&one.indicator)).cloned().collect();
    store::insert_observations(tx, &old.id, &free).await?;
    record(tx, &old.id, (&old_words, &new_words), author, "corrected", now).await?;
    published::refresh(tx, project_id).await?;
    Ok(Entered::Corrected)
}

/// Changes one figure of a wave that was handed in to be checked; the reason goes to the history.
///
/// # Errors
/// No such figure, it is not fixed, it is wrong, or there is no reason.
pub async fn correct(
    tx: &mut Tx,
    (project_id, wave_id): (&str, &str),
    observation: &Observation,
    reason: &str,
    author: &str,
    now: Timestamp,
) -> Result<()> {
    projects::actions::lock(tx, project_id).await?;
    if reason.is_empty() {
        return Err(Refusal::ReasonMissing.into());
    }
    let known = indicators_of(tx, project_id).await?;
    let indicator = known.iter().find(|one| one.code == observation.indicator).ok_or(Refusal::NoSuchFigure)?;
    let places = store::locations(tx, project_id).await?;
    let places: Vec<&str> = places.iter().map(|place| place.id.as_str()).collect();
    if let Some(refusal) = observation.fault(indicator, &places) {
        return Err(refusal.into());
    }
    let stored = store::observations(tx, project_id).await?;
    let old = stored.iter().find(|(id, one, _)| id == wave_id && one.indicator == observation.indicator);
    let (_, old, fixed) = old.ok_or(Refusal::NoSuchFigure)?;
    if !fixed {
        return Err(Refusal::NotFixed.into());
    }
    store::delete_observation(tx, wave_id, &observation.indicator).await?;
    store::insert_observations(tx, wave_id, std::slice::from_ref(observation)).await?;
    fix(tx, wave_id, &observation.indicator, true).await?;
    record(tx, wave_id, (&old.in_words(), &observation.in_words()), author, reason, now).await?;
    // what was found counts for the figure as it was
    published::checked(tx, project_id, (wave_id, &observation.indicator), None, now).await
}

/// Fixes a figure that is handed in to be checked, or frees it again.
///
/// # Errors
/// There is no such figure.
pub async fn fix(tx: &mut Tx, wave_id: &str, indicator: &str, fixed: bool) -> Result<()> {
    if store::fix(tx, wave_id, indicator, fixed).await? {
        return Ok(());
    }
    Err(Error::from(Refusal::NoSuchFigure))
}

/// The history keeps the figures only: a note may have been corrected because it said too much about somebody.
async fn record(
    tx: &mut Tx,
    wave_id: &str,
    (from, to): (&str, &str),
    actor: &str,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    let entry = history::Entry { subject: "wave", subject_id: wave_id, from, to, actor, reason };
    Ok(history::record(tx, now, entry).await?)
}

/// Figures as the history keeps them, by code: `PI4060=12 certificates=9`.
fn in_words(observations: &[Observation]) -> String {
    let mut pieces: Vec<String> = observations.iter().map(Observation::in_words).collect();
    pieces.sort();
    pieces.join(" ")
}

//! What can be done with outcomes.

use crate::features::outcomes::{Indicator, NewWave, Promise, PromiseFigure, Wave, faults, store};
use crate::features::projects;
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::infra::{history, random};
use crate::values::Timestamp;

/// What became of an entered wave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entered {
    New,
    /// The same kind and day was there; its counts are now these.
    Corrected,
    /// The same was there already.
    Unchanged,
}

/// All indicators that can be promised, by name in Dutch.
pub async fn indicators(conn: &mut Conn) -> Result<Vec<Indicator>> {
    Ok(store::indicators(conn).await?)
}

/// Adds an indicator; one with this code that is there stays as it is.
pub async fn add_indicator(tx: &mut Tx, indicator: &Indicator) -> Result<()> {
    Ok(store::insert_indicator(tx, indicator).await?)
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

/// The promises of a project in their order, with what was counted for each.
pub async fn figures(conn: &mut Conn, project_id: &str) -> Result<Vec<PromiseFigure>> {
    let promises = store::promises(conn, project_id).await?;
    let waves = waves_of(conn, project_id).await?;
    let counts = store::counts(conn, project_id).await?;
    let count_in = |wave: &Wave, code: &str| {
        counts
            .iter()
            .find(|(wave_id, indicator, _)| *wave_id == wave.id && indicator == code)
            .map(|(_, _, count)| *count)
    };
    let figure = |row: store::PromiseRow| {
        let of_waves: Vec<_> = waves
            .iter()
            .map(|wave| (wave.kind, wave.measured_on.clone(), count_in(wave, &row.indicator.code)))
            .collect();
        PromiseFigure {
            latest: of_waves.iter().rev().find_map(|(_, _, count)| *count),
            waves: of_waves,
            code: row.indicator.code,
            scheme: row.indicator.scheme,
            name_nl: row.indicator.name_nl,
            name_en: row.indicator.name_en,
            unit_nl: row.indicator.unit_nl,
            unit_en: row.indicator.unit_en,
            counts_people: row.indicator.counts_people == 1,
            baseline: row.baseline,
            target: row.target,
            due_day: row.due_day,
            share_percent: row.share_percent,
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

/// Enters a wave, or replaces the counts of the same kind and day. What stood there before goes to the history.
///
/// # Errors
/// The first of [`faults`]; nothing is saved then.
pub async fn enter(tx: &mut Tx, project_id: &str, wave: &NewWave, author: &str, now: Timestamp) -> Result<Entered> {
    let project = projects::actions::lock(tx, project_id).await?;
    let promises = store::promises(tx, project_id).await?;
    let promised: Vec<&str> = promises.iter().map(|row| row.indicator.code.as_str()).collect();
    if let Some((_, refusal)) = faults(&project, &promised, wave, &now.day()).into_iter().next() {
        return Err(refusal.into());
    }
    let Some(old) = store::wave(tx, project_id, wave.kind, &wave.day).await? else {
        let id = random::id("wav", now);
        store::insert_wave(tx, &id, project_id, wave, author, now).await?;
        store::insert_counts(tx, &id, &wave.counts).await?;
        record(tx, &id, ("", &in_words(&wave.counts)), author, "", now).await?;
        return Ok(Entered::New);
    };
    let old_counts = store::counts_of_wave(tx, &old.id).await?;
    let (before, after) = (in_words(&old_counts), in_words(&wave.counts));
    if before == after && old.note_nl == wave.note_nl && old.note_en == wave.note_en {
        return Ok(Entered::Unchanged);
    }
    store::replace_notes(tx, &old.id, wave, author).await?;
    store::delete_counts(tx, &old.id).await?;
    store::insert_counts(tx, &old.id, &wave.counts).await?;
    record(tx, &old.id, (&before, &after), author, "corrected", now).await?;
    Ok(Entered::Corrected)
}

/// The history keeps the counts only: a note may have been corrected because it said too much about somebody.
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

/// Counts as the history keeps them: `PI4060=12 certificates=9`, by code.
fn in_words(counts: &[(String, i64)]) -> String {
    let mut pieces: Vec<String> = counts.iter().map(|(code, count)| format!("{code}={count}")).collect();
    pieces.sort();
    pieces.join(" ")
}

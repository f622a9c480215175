//! SQL of indicators, promises, waves and observations.

use sqlx::FromRow;

use crate::features::outcomes::{Indicator, NewWave, Promise, Wave, WaveKind};
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

/// A promise with its indicator.
#[derive(FromRow)]
pub struct PromiseRow {
    #[sqlx(flatten)]
    pub indicator: Indicator,
    pub baseline: i64,
    pub target: i64,
    pub due_day: String,
    pub share_percent: i64,
}

pub async fn indicators(conn: &mut Conn) -> Result<Vec<Indicator>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM indicators ORDER BY name_nl, code").fetch_all(conn).await
}

pub async fn insert_indicator(tx: &mut Tx, indicator: &Indicator) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO indicators (code, scheme, name_nl, name_en, unit_nl, unit_en, additive, counts_people)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (code) DO NOTHING",
    )
    .bind(&indicator.code)
    .bind(&indicator.scheme)
    .bind(&indicator.name_nl)
    .bind(&indicator.name_en)
    .bind(&indicator.unit_nl)
    .bind(&indicator.unit_en)
    .bind(indicator.additive)
    .bind(indicator.counts_people)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn insert_promise(tx: &mut Tx, id: &str, project_id: &str, promise: &Promise) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO promises (id, project_id, position, indicator, baseline, target, due_day, share_percent)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(id)
    .bind(project_id)
    .bind(promise.position)
    .bind(&promise.indicator)
    .bind(promise.baseline)
    .bind(promise.target)
    .bind(&promise.due_day)
    .bind(promise.share_percent)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn promises(conn: &mut Conn, project_id: &str) -> Result<Vec<PromiseRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT i.code, i.scheme, i.name_nl, i.name_en, i.unit_nl, i.unit_en, i.additive, i.counts_people,
             p.baseline, p.target, p.due_day, p.share_percent
         FROM promises p JOIN indicators i ON i.code = p.indicator
         WHERE p.project_id = $1 ORDER BY p.position, i.code",
    )
    .bind(project_id)
    .fetch_all(conn)
    .await
}

pub async fn waves(conn: &mut Conn, project_id: &str) -> Result<Vec<Wave>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, kind, measured_on, note_nl, note_en, created_at FROM waves WHERE project_id = $1 ORDER BY measured_on, id",
    )
    .bind(project_id)
    .fetch_all(conn)
    .await
}

pub async fn wave(conn: &mut Conn, project_id: &str, kind: WaveKind, day: &str) -> Result<Option<Wave>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, kind, measured_on, note_nl, note_en, created_at FROM waves
         WHERE project_id = $1 AND kind = $2 AND measured_on = $3",
    )
    .bind(project_id)
    .bind(kind)
    .bind(day)
    .fetch_optional(conn)
    .await
}

/// Wave, indicator and count of everything a project counted.
pub async fn counts(conn: &mut Conn, project_id: &str) -> Result<Vec<(String, String, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT o.wave_id, o.indicator, o.count FROM observations o JOIN waves w ON w.id = o.wave_id
         WHERE w.project_id = $1 ORDER BY o.wave_id, o.indicator",
    )
    .bind(project_id)
    .fetch_all(conn)
    .await
}

pub async fn counts_of_wave(conn: &mut Conn, wave_id: &str) -> Result<Vec<(String, i64)>, sqlx::Error> {
    sqlx::query_as("SELECT indicator, count FROM observations WHERE wave_id = $1 ORDER BY indicator")
        .bind(wave_id)
        .fetch_all(conn)
        .await
}

pub async fn insert_wave(
    tx: &mut Tx,
    id: &str,
    project_id: &str,
    wave: &NewWave,
    author: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO waves (id, project_id, kind, measured_on, note_nl, note_en, author_id, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(id)
    .bind(project_id)
    .bind(wave.kind)
    .bind(&wave.day)
    .bind(&wave.note_nl)
    .bind(&wave.note_en)
    .bind(author)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The notes of a corrected wave; its author is who said it last.
pub async fn replace_notes(tx: &mut Tx, id: &str, wave: &NewWave, author: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE waves SET note_nl = $2, note_en = $3, author_id = $4 WHERE id = $1")
        .bind(id)
        .bind(&wave.note_nl)
        .bind(&wave.note_en)
        .bind(author)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn delete_counts(tx: &mut Tx, wave_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM observations WHERE wave_id = $1").bind(wave_id).execute(&mut **tx).await?;
    Ok(())
}

pub async fn insert_counts(tx: &mut Tx, wave_id: &str, counts: &[(String, i64)]) -> Result<(), sqlx::Error> {
    for (indicator, count) in counts {
        sqlx::query("INSERT INTO observations (wave_id, indicator, count) VALUES ($1, $2, $3)")
            .bind(wave_id)
            .bind(indicator)
            .bind(*count)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

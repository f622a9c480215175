//! SQL of indicators, promises, waves, observations and places.

pub mod import;
pub mod personal;
pub mod published;

use sqlx::FromRow;

use crate::features::outcomes::{Cell, Indicator, Location, NewWave, NoteReview, Observation, Promise, Wave, WaveKind};
use crate::infra::db::{Conn, Tx};
use crate::values::Timestamp;

/// A promise with its indicator.
#[derive(FromRow)]
pub struct PromiseRow {
    pub id: String,
    #[sqlx(flatten)]
    pub indicator: Indicator,
    pub baseline: i64,
    pub target: i64,
    pub due_day: String,
    pub share_percent: i64,
    pub floor_percent: i64,
    pub cap_percent: i64,
}

pub async fn indicators(conn: &mut Conn) -> Result<Vec<Indicator>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM indicators ORDER BY code").fetch_all(conn).await
}

/// Answers whether the code was free.
pub async fn insert_indicator(tx: &mut Tx, indicator: &Indicator) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO indicators (code, scheme, name_nl, name_en, unit_nl, unit_en, additive, counts_people, shape, family, direction,
             licence_nl, licence_en, sdg, part_of, retired_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT (code) DO NOTHING",
    )
    .bind(&indicator.code)
    .bind(&indicator.scheme)
    .bind(&indicator.name_nl)
    .bind(&indicator.name_en)
    .bind(&indicator.unit_nl)
    .bind(&indicator.unit_en)
    .bind(indicator.additive)
    .bind(indicator.counts_people)
    .bind(indicator.shape)
    .bind(indicator.family)
    .bind(indicator.direction)
    .bind(&indicator.licence_nl)
    .bind(&indicator.licence_en)
    .bind(&indicator.sdg)
    .bind(&indicator.part_of)
    .bind(indicator.retired_at)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn lock_indicator(tx: &mut Tx, code: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE indicators SET code = code WHERE code = $1").bind(code).execute(&mut **tx).await?;
    Ok(())
}

pub async fn change_indicator(tx: &mut Tx, indicator: &Indicator) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE indicators SET name_nl = $2, name_en = $3, unit_nl = $4, unit_en = $5, family = $6, licence_nl = $7, licence_en = $8,
             sdg = $9, part_of = $10, retired_at = $11 WHERE code = $1",
    )
    .bind(&indicator.code)
    .bind(&indicator.name_nl)
    .bind(&indicator.name_en)
    .bind(&indicator.unit_nl)
    .bind(&indicator.unit_en)
    .bind(indicator.family)
    .bind(&indicator.licence_nl)
    .bind(&indicator.licence_en)
    .bind(&indicator.sdg)
    .bind(&indicator.part_of)
    .bind(indicator.retired_at)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn insert_promise(tx: &mut Tx, id: &str, project_id: &str, promise: &Promise) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO promises (id, project_id, position, indicator, baseline, target, due_day, share_percent, floor_percent,
             cap_percent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(id)
    .bind(project_id)
    .bind(promise.position)
    .bind(&promise.indicator)
    .bind(promise.baseline)
    .bind(promise.target)
    .bind(&promise.due_day)
    .bind(promise.share_percent)
    .bind(promise.floor_percent)
    .bind(promise.cap_percent)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

pub async fn delete_promises(tx: &mut Tx, project_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM promises WHERE project_id = $1").bind(project_id).execute(&mut **tx).await?;
    Ok(())
}

pub async fn promises(conn: &mut Conn, project_id: &str) -> Result<Vec<PromiseRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT i.*, p.id, p.baseline, p.target, p.due_day, p.share_percent, p.floor_percent, p.cap_percent
         FROM promises p JOIN indicators i ON i.code = p.indicator
         WHERE p.project_id = $1 ORDER BY p.position, i.code",
    )
    .bind(project_id)
    .fetch_all(conn)
    .await
}

pub async fn waves(conn: &mut Conn, project_id: &str) -> Result<Vec<Wave>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, kind, measured_on, note_nl, note_en, note_review, note_reason, created_at FROM waves WHERE project_id = $1 ORDER BY measured_on, id",
    )
    .bind(project_id)
    .fetch_all(conn)
    .await
}

/// The notes that nobody of the team has looked at, each with its project's id, the oldest first.
pub async fn notes_waiting(conn: &mut Conn) -> Result<Vec<(String, Wave)>, sqlx::Error> {
    let rows: Vec<NoteRow> = sqlx::query_as(
        "SELECT project_id, id, kind, measured_on, note_nl, note_en, note_review, note_reason, created_at FROM waves
         WHERE note_review = 'waiting' AND (note_nl <> '' OR note_en <> '') ORDER BY created_at, id LIMIT 500",
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.project_id, row.wave)).collect())
}

/// A wave with its project.
#[derive(FromRow)]
struct NoteRow {
    project_id: String,
    #[sqlx(flatten)]
    wave: Wave,
}

/// The project and the wave with this id.
pub async fn wave_by_id(conn: &mut Conn, id: &str) -> Result<Option<(String, Wave)>, sqlx::Error> {
    let row: Option<NoteRow> = sqlx::query_as(
        "SELECT project_id, id, kind, measured_on, note_nl, note_en, note_review, note_reason, created_at FROM waves WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.project_id, row.wave)))
}

/// Notes what the team says of a note. Answers whether it still stood as it was looked at.
pub async fn decide_note(
    tx: &mut Tx,
    id: &str,
    (from, to): (NoteReview, NoteReview),
    reason: &str,
    by: &str,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "UPDATE waves SET note_review = $3, note_reason = $4, note_decided_by = $5, note_decided_at = $6
         WHERE id = $1 AND note_review = $2",
    )
    .bind(id)
    .bind(from)
    .bind(to)
    .bind(reason)
    .bind(by)
    .bind(now)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

pub async fn wave(conn: &mut Conn, project_id: &str, kind: WaveKind, day: &str) -> Result<Option<Wave>, sqlx::Error> {
    sqlx::query_as(
        "SELECT id, kind, measured_on, note_nl, note_en, note_review, note_reason, created_at FROM waves
         WHERE project_id = $1 AND kind = $2 AND measured_on = $3",
    )
    .bind(project_id)
    .bind(kind)
    .bind(day)
    .fetch_optional(conn)
    .await
}

/// Everything a project observed, by wave and code: the wave's id, the observation, and whether it is fixed.
pub async fn observations(conn: &mut Conn, project_id: &str) -> Result<Vec<(String, Observation, bool)>, sqlx::Error> {
    let rows: Vec<(String, String, i64, Option<i64>, i16)> = sqlx::query_as(
        "SELECT o.wave_id, o.indicator, o.count, o.n, o.fixed FROM observations o JOIN waves w ON w.id = o.wave_id
         WHERE w.project_id = $1 ORDER BY o.wave_id, o.indicator",
    )
    .bind(project_id)
    .fetch_all(&mut *conn)
    .await?;
    let cells: Vec<CellRow> = sqlx::query_as(
        "SELECT c.wave_id, c.indicator, c.cell_row, c.cell_col, c.location_id, c.count
         FROM observation_cells c JOIN waves w ON w.id = c.wave_id WHERE w.project_id = $1
         ORDER BY c.wave_id, c.indicator, c.cell_row, c.cell_col, c.location_id",
    )
    .bind(project_id)
    .fetch_all(&mut *conn)
    .await?;
    let own = |wave_id: &str, indicator: &str| -> Vec<Cell> {
        let is_own = |row: &&CellRow| row.wave_id == wave_id && row.indicator == indicator;
        cells.iter().filter(is_own).map(|row| row.cell.clone()).collect()
    };
    let observation = |(wave_id, indicator, value, n, fixed): (String, String, i64, Option<i64>, i16)| {
        let cells = own(&wave_id, &indicator);
        (wave_id, Observation { indicator, value, n, cells }, fixed == 1)
    };
    Ok(rows.into_iter().map(observation).collect())
}

#[derive(FromRow)]
struct CellRow {
    wave_id: String,
    indicator: String,
    #[sqlx(flatten)]
    cell: Cell,
}

/// The codes that a project promised or tracks.
pub async fn codes_of(conn: &mut Conn, project_id: &str) -> Result<Vec<String>, sqlx::Error> {
    let codes: Vec<(String,)> = sqlx::query_as(
        "SELECT indicator FROM promises WHERE project_id = $1 UNION SELECT indicator FROM tracked WHERE project_id = $1",
    )
    .bind(project_id)
    .fetch_all(conn)
    .await?;
    Ok(codes.into_iter().map(|(code,)| code).collect())
}

pub async fn tracked(conn: &mut Conn, project_id: &str) -> Result<Vec<String>, sqlx::Error> {
    let codes: Vec<(String,)> =
        sqlx::query_as("SELECT indicator FROM tracked WHERE project_id = $1").bind(project_id).fetch_all(conn).await?;
    let mut codes: Vec<String> = codes.into_iter().map(|(code,)| code).collect();
    codes.sort();
    Ok(codes)
}

pub async fn replace_tracked(tx: &mut Tx, project_id: &str, codes: &[String]) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM tracked WHERE project_id = $1").bind(project_id).execute(&mut **tx).await?;
    for code in codes {
        sqlx::query("INSERT INTO tracked (project_id, indicator) VALUES ($1, $2)")
            .bind(project_id)
            .bind(code)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

pub async fn locations(conn: &mut Conn, project_id: &str) -> Result<Vec<Location>, sqlx::Error> {
    sqlx::query_as("SELECT id, name FROM locations WHERE project_id = $1 ORDER BY name, id")
        .bind(project_id)
        .fetch_all(conn)
        .await
}

/// Answers whether the name was free.
pub async fn insert_location(tx: &mut Tx, id: &str, project_id: &str, name: &str) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "INSERT INTO locations (id, project_id, name) VALUES ($1, $2, $3) ON CONFLICT (project_id, name) DO NOTHING",
    )
    .bind(id)
    .bind(project_id)
    .bind(name)
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() == 1)
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
    sqlx::query(
        "UPDATE waves SET note_nl = $2, note_en = $3, author_id = $4,
             note_review = CASE WHEN note_nl = $2 AND note_en = $3 THEN note_review ELSE 'waiting' END,
             note_reason = CASE WHEN note_nl = $2 AND note_en = $3 THEN note_reason ELSE '' END
         WHERE id = $1",
    )
    .bind(id)
    .bind(&wave.note_nl)
    .bind(&wave.note_en)
    .bind(author)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Takes away what a wave found, but what is fixed.
pub async fn delete_unfixed(tx: &mut Tx, wave_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query(
        "DELETE FROM observation_cells WHERE wave_id = $1
             AND indicator IN (SELECT indicator FROM observations WHERE wave_id = $1 AND fixed = 0)",
    )
    .bind(wave_id)
    .execute(&mut **tx)
    .await?;
    sqlx::query("DELETE FROM observations WHERE wave_id = $1 AND fixed = 0").bind(wave_id).execute(&mut **tx).await?;
    Ok(())
}

pub async fn delete_observation(tx: &mut Tx, wave_id: &str, indicator: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM observation_cells WHERE wave_id = $1 AND indicator = $2")
        .bind(wave_id)
        .bind(indicator)
        .execute(&mut **tx)
        .await?;
    sqlx::query("DELETE FROM observations WHERE wave_id = $1 AND indicator = $2")
        .bind(wave_id)
        .bind(indicator)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

pub async fn insert_observations(tx: &mut Tx, wave_id: &str, found: &[Observation]) -> Result<(), sqlx::Error> {
    for observation in found {
        sqlx::query("INSERT INTO observations (wave_id, indicator, count, n) VALUES ($1, $2, $3, $4)")
            .bind(wave_id)
            .bind(&observation.indicator)
            .bind(observation.value)
            .bind(observation.n)
            .execute(&mut **tx)
            .await?;
        for cell in &observation.cells {
            insert_cell(tx, wave_id, &observation.indicator, cell).await?;
        }
    }
    Ok(())
}

async fn insert_cell(tx: &mut Tx, wave_id: &str, indicator: &str, cell: &Cell) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO observation_cells (wave_id, indicator, cell_row, cell_col, location_id, count)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(wave_id)
    .bind(indicator)
    .bind(&cell.row)
    .bind(&cell.col)
    .bind(&cell.location_id)
    .bind(cell.count)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Answers whether there is such a figure.
pub async fn fix(tx: &mut Tx, wave_id: &str, indicator: &str, fixed: bool) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("UPDATE observations SET fixed = $3 WHERE wave_id = $1 AND indicator = $2")
        .bind(wave_id)
        .bind(indicator)
        .bind(i16::from(fixed))
        .execute(&mut **tx)
        .await?;
    Ok(done.rows_affected() == 1)
}

#[cfg(test)]
mod tests;

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
mod tests {
    use crate::features::outcomes::actions::{Entered, enter, figures, waves_of};
    use crate::features::outcomes::{NewWave, Observation, Refusal, WaveKind};
    use crate::infra::db::Db;
    use crate::infra::history;
    use crate::values::Timestamp;

    /// A database of its own with one project and two promises; the folder goes when the test is over.
    struct World {
        db: Db,
        file: std::path::PathBuf,
        now: Timestamp,
    }

    impl Drop for World {
        fn drop(&mut self) {
            for end in ["", "-wal", "-shm"] {
                let _ = std::fs::remove_file(format!("{}{end}", self.file.display()));
            }
        }
    }

    const ROWS: [&str; 8] = [
        "INSERT INTO users (id, email, name, language, created_at) VALUES ('usr_1', 'o@x.example', '', 'nl', '2026-01-01T00:00:00.000Z')",
        "INSERT INTO organisations (id, slug, name, kind, description_nl, description_en, area, created_at)
         VALUES ('org_1', 'o', 'Ideeën', 'maker', '', '', '', '2026-01-01T00:00:00.000Z')",
        "INSERT INTO rounds (id, number, title_nl, title_en, state, unit_price_eur, minimum_cents, rule_nl, rule_en,
         submissions_at, valuation_at, selling_at, closes_at, settled_at) VALUES ('rnd_1', 1, '', '', 'settled', 100, 500, '', '', '2026-01-01T00:00:00.000Z',
         '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z', NULL)",
        "INSERT INTO projects (id, slug, number, organisation_id, round_id, state, title_nl, title_en, aim_nl, aim_en,
         text_nl, text_en, target_group_nl, target_group_en, participants_target, impact_hundredths,
         threshold_hundredths, start_day, months, contact, picture_alt_nl, picture_alt_en, example, search_text,
         created_at, updated_at) VALUES ('prj_1', 'kas', 1, 'org_1', 'rnd_1', 'running', 'Kas', '', '', '', '', '', '',
         '', 1, 1, 1, '2026-02-01', 12, '', '', '', 0, '', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z')",
        "INSERT INTO indicators (code, scheme, name_nl, name_en, unit_nl, unit_en, additive)
         VALUES ('people', 'OWN', 'Mensen', 'People', 'mensen', 'people', 1)",
        "INSERT INTO indicators (code, scheme, name_nl, name_en, unit_nl, unit_en, additive, counts_people)
         VALUES ('meals', 'OWN', 'Maaltijden', 'Meals', 'maaltijden', 'meals', 1, 0)",
        "INSERT INTO promises VALUES ('prm_2', 'prj_1', 2, 'people', 0, 20, '2027-02-01', 60, 0, 100)",
        "INSERT INTO promises VALUES ('prm_1', 'prj_1', 1, 'meals', 0, 90, '2027-02-01', 40, 0, 100)",
    ];

    async fn world() -> World {
        let file = std::env::temp_dir().join(format!("{}.db", crate::infra::random::code(20)));
        let db = Db::open(&format!("sqlite://{}", file.display()), None).await.unwrap();
        db.migrate().await.unwrap();
        let mut tx = db.begin().await.unwrap();
        for row in ROWS {
            sqlx::query(row).execute(&mut *tx).await.unwrap();
        }
        tx.commit().await.unwrap();
        World { db, file, now: "2026-08-02T12:00:00.000Z".parse().unwrap() }
    }

    fn wave(counts: &[(&str, i64)]) -> NewWave {
        NewWave {
            kind: WaveKind::Interim,
            day: "2026-08-01".into(),
            observations: counts.iter().map(|(code, count)| Observation::count(code, *count)).collect(),
            note_nl: String::new(),
            note_en: String::new(),
        }
    }

    impl World {
        async fn enter(&self, wave: &NewWave) -> crate::infra::error::Result<Entered> {
            let mut tx = self.db.begin().await?;
            let entered = enter(&mut tx, "prj_1", wave, "usr_1", self.now).await?;
            tx.commit().await?;
            Ok(entered)
        }
    }

    #[tokio::test]
    async fn a_wave_is_entered_corrected_and_kept_in_the_history() {
        let world = world().await;
        assert_eq!(world.enter(&wave(&[("people", 9), ("meals", 4)])).await.unwrap(), Entered::New);
        assert_eq!(world.enter(&wave(&[("people", 9), ("meals", 4)])).await.unwrap(), Entered::Unchanged);
        assert_eq!(world.enter(&wave(&[("people", 12)])).await.unwrap(), Entered::Corrected);
        let mut conn = world.db.read().await.unwrap();
        let waves = waves_of(&mut conn, "prj_1").await.unwrap();
        assert_eq!(waves.len(), 1);
        let changes = history::of(&mut conn, &waves[0].id).await.unwrap();
        let mut told: Vec<_> = changes.iter().map(|c| (c.from_state.as_str(), c.to_state.as_str())).collect();
        told.sort_unstable(); // all happened in one millisecond here
        assert_eq!(told, [("", "meals=4 people=9"), ("meals=4 people=9", "people=12")]);
        let figures = figures(&mut conn, "prj_1").await.unwrap();
        let latest: Vec<_> = figures.iter().map(|f| (f.code.as_str(), f.latest, f.counts_people)).collect();
        assert_eq!(latest, [("meals", None, false), ("people", Some(12), true)]);
        assert_eq!(figures[1].waves, [(WaveKind::Interim, "2026-08-01".to_owned(), Some(12))]);
    }

    #[tokio::test]
    async fn the_newest_count_stays_when_a_later_wave_did_not_measure_it() {
        let world = world().await;
        let late = NewWave { day: "2026-08-02".into(), ..wave(&[("meals", 70)]) };
        world.enter(&late).await.unwrap();
        world.enter(&wave(&[("people", 9), ("meals", 60)])).await.unwrap();
        let mut conn = world.db.read().await.unwrap();
        let figures = figures(&mut conn, "prj_1").await.unwrap();
        assert_eq!(figures.iter().map(|f| f.latest).collect::<Vec<_>>(), [Some(70), Some(9)]);
    }

    #[tokio::test]
    async fn a_refused_wave_leaves_nothing_behind() {
        let world = world().await;
        let error = world.enter(&wave(&[("people", 1), ("planes", 1)])).await.unwrap_err();
        assert_eq!(error.refusal::<Refusal>(), Some(&Refusal::NotPromised));
        let mut conn = world.db.read().await.unwrap();
        assert!(waves_of(&mut conn, "prj_1").await.unwrap().is_empty());
    }
}

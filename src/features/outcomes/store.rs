//! SQL of indicators, promises, waves and observations.

pub mod personal;

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

pub async fn delete_promises(tx: &mut Tx, project_id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM promises WHERE project_id = $1").bind(project_id).execute(&mut **tx).await?;
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

#[cfg(test)]
mod tests {
    use crate::features::outcomes::actions::{Entered, enter, figures, waves_of};
    use crate::features::outcomes::{NewWave, Refusal, WaveKind};
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
        "INSERT INTO promises VALUES ('prm_2', 'prj_1', 2, 'people', 0, 20, '2027-02-01', 60)",
        "INSERT INTO promises VALUES ('prm_1', 'prj_1', 1, 'meals', 0, 90, '2027-02-01', 40)",
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
            counts: counts.iter().map(|(code, count)| ((*code).to_owned(), *count)).collect(),
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

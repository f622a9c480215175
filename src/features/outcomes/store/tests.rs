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

//! The installation every case begins with, made once and copied: on SQLite as a file in memory, on PostgreSQL as a database made
//! from a template.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use drempel::features::pledges;
use drempel::infra::db::{Db, Tx};
use drempel::values::{Cents, Timestamp};
use sqlx::Connection;

use super::things::{CLOSES, DAY, LEAST, PROJECTS};

pub const ROUND: &str = "rnd_1";
pub const TREASURERS: [&str; 2] = ["usr_t1", "usr_t2"];
/// Nine o'clock in Amsterdam.
const BEGINS: i64 = 1_790_838_000;

static NUMBER: AtomicU64 = AtomicU64::new(1);

/// Where the databases of a test are made from.
pub struct Ground {
    name: String,
    /// On SQLite.
    folder: Option<PathBuf>,
}

/// A database of one case; gone when it is dropped.
pub struct Plot {
    pub url: String,
    name: String,
    folder: Option<PathBuf>,
}

pub fn begins() -> Timestamp {
    Timestamp::from_seconds(BEGINS)
}

fn server() -> String {
    let server = std::env::var("TEST_POSTGRES_URL").expect("TEST_POSTGRES_URL for tests on PostgreSQL");
    server.rsplit_once('/').expect("a database in the address").0.to_owned()
}

/// Runs one statement on the server.
async fn on_the_server(statement: String) {
    sqlx::any::install_default_drivers();
    let server = std::env::var("TEST_POSTGRES_URL").expect("TEST_POSTGRES_URL for tests on PostgreSQL");
    let mut connection = sqlx::AnyConnection::connect(&server).await.expect("PostgreSQL");
    sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&mut connection).await.expect("a statement");
    connection.close().await.expect("an end");
}

impl Ground {
    /// On PostgreSQL when `TEST_DATABASE` says so and the engine matters.
    pub async fn new(on_any: bool) -> Ground {
        let name = format!("model_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let folder = match std::env::var("TEST_DATABASE").as_deref() {
            Ok("postgres") if on_any => {
                on_the_server(format!("CREATE DATABASE {name}")).await;
                None
            }
            _ => {
                let memory = PathBuf::from("/dev/shm");
                let base = if memory.is_dir() { memory } else { std::env::temp_dir() };
                let folder = base.join(&name);
                std::fs::create_dir_all(&folder).expect("a folder");
                Some(folder)
            }
        };
        let ground = Ground { name, folder };
        let db = Db::open(&ground.url(&ground.name), None).await.expect("a database");
        db.migrate().await.expect("a schema");
        let mut tx = db.begin().await.expect("a transaction");
        people(&mut tx).await;
        round(&mut tx).await;
        tx.commit().await.expect("a commit");
        db.close().await;
        ground
    }

    fn url(&self, name: &str) -> String {
        match &self.folder {
            Some(folder) => format!("sqlite://{}/{name}.db", folder.display()),
            // no case outlives a loss of power, so nobody waits for the disk
            None => format!("{}/{name}?options=-c%20synchronous_commit%3Doff", server()),
        }
    }

    /// A fresh copy.
    pub async fn plot(&self) -> Plot {
        let name = format!("{}_{}", self.name, NUMBER.fetch_add(1, Ordering::Relaxed));
        match &self.folder {
            Some(folder) => {
                let at = |name: &str| folder.join(format!("{name}.db"));
                std::fs::copy(at(&self.name), at(&name)).expect("a copy");
            }
            None => on_the_server(format!("CREATE DATABASE {name} TEMPLATE {}", self.name)).await,
        }
        Plot { url: self.url(&name), name, folder: self.folder.clone() }
    }

    /// Removes what is left in memory.
    pub fn clear(self) {
        if let Some(folder) = self.folder {
            std::fs::remove_dir_all(folder).expect("a folder");
        }
    }
}

impl Plot {
    /// Removes the file. A database on the server stays as those of all tests do: removing one waits for the disk of all others.
    pub fn clear(&self) {
        let Some(folder) = &self.folder else { return };
        for ending in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(folder.join(format!("{}.db{ending}", self.name)));
        }
    }
}

async fn people(tx: &mut Tx) {
    let at = begins().plus_days(-90).to_string();
    for id in ["usr_owner", TREASURERS[0], TREASURERS[1]] {
        sqlx::query("INSERT INTO users (id, email, name, language, created_at) VALUES ($1, $2, '', 'nl', $3)")
            .bind(id)
            .bind(format!("{id}@maker.example"))
            .bind(&at)
            .execute(&mut **tx)
            .await
            .expect("a user");
    }
    for id in TREASURERS {
        sqlx::query("INSERT INTO staff_roles (user_id, role, granted_at) VALUES ($1, 'treasurer', $2)")
            .bind(id)
            .bind(&at)
            .execute(&mut **tx)
            .await
            .expect("a role");
    }
    for statement in [
        "INSERT INTO organisations (id, slug, name, kind, description_nl, description_en, area, created_at)
         VALUES ('org_1', 'maker', 'Stichting Maker', 'maker', 'Maken', 'Making', 'west', $1)",
        "INSERT INTO memberships (organisation_id, user_id, role, created_at) VALUES ('org_1', 'usr_owner', 'owner', $1)",
        "INSERT INTO organisation_accounts (id, organisation_id, iban, holder, state, entered_by, entered_at, usable_at,
             verified_at)
         VALUES ('oac_1', 'org_1', 'BE68539007547034', 'Stichting Maker', 'verified', 'usr_owner', $1, $1, $1)",
    ] {
        sqlx::query(statement).bind(&at).execute(&mut **tx).await.expect("a row");
    }
}

/// One round that sells for twenty days at a euro for each Rikx.
async fn round(tx: &mut Tx) {
    let at = |days: i64| begins().plus_days(days).to_string();
    sqlx::query(
        "INSERT INTO rounds (id, number, title_nl, title_en, state, unit_price_eur, minimum_cents, rule_nl, rule_en,
             submissions_at, valuation_at, selling_at, closes_at)
         VALUES ($1, 1, 'Ronde 1', 'Round 1', 'selling', 1, $2, 'Regel', 'Rule', $3, $4, $5, $6)",
    )
    .bind(ROUND)
    .bind(LEAST)
    .bind(at(-60))
    .bind(at(-30))
    .bind(at(0))
    .bind(begins().plus_seconds(CLOSES).to_string())
    .execute(&mut **tx)
    .await
    .expect("a round");
    assert_eq!(CLOSES % DAY, 0);
    for (number, (impact, threshold)) in (0i64..).zip(PROJECTS) {
        let id = format!("prj_{number}");
        sqlx::query(
            "INSERT INTO projects (id, slug, number, organisation_id, round_id, state, title_nl, title_en, aim_nl, aim_en,
                 text_nl, text_en, target_group_nl, target_group_en, participants_target, impact_hundredths,
                 threshold_hundredths, start_day, months, contact, picture_alt_nl, picture_alt_en, example, search_text,
                 created_at, updated_at)
             VALUES ($1, $2, $3, 'org_1', $4, 'listed', $2, $2, 'Doel', 'Aim', 'Tekst', 'Text', 'buren', 'neighbours', 20,
                 $5, $6, '2027-01-01', 12, 'usr_owner@maker.example', '', '', 0, $2, $7, $7)",
        )
        .bind(&id)
        .bind(slug(usize::try_from(number).expect("a place")))
        .bind(number + 1)
        .bind(ROUND)
        .bind(impact)
        .bind(threshold)
        .bind(at(-60))
        .execute(&mut **tx)
        .await
        .expect("a project");
        pledges::actions::open_project(tx, &id, Cents(impact)).await.expect("totals");
    }
}

pub fn slug(project: usize) -> String {
    format!("project-{project}")
}

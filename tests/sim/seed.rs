//! The installation a simulation begins with: one round of thirty days that ends in the night the clock goes back, three projects.

use std::path::{Path, PathBuf};

use drempel::features::pledges;
use drempel::infra::db::{Db, Tx};
use drempel::values::{Cents, Timestamp};

/// Half past two in Amsterdam on 25 October 2026, the first of two such moments.
pub const CLOSES: i64 = 1_792_888_200;
pub const DAY: i64 = 86_400;
pub const ROUND: &str = "rnd_1";
/// The organisations that carry projects out, and that give money for a match fund.
pub const MAKER: &str = "org_1";
pub const GIVER: &str = "org_giver";

/// A project: slug, price of its threshold and of its impact value for a number of backers, in cents.
pub struct Project {
    pub slug: &'static str,
    pub id: &'static str,
    /// Hundredths of a Rikx for each backer of the simulation, at a euro each: threshold and impact value.
    threshold: i64,
    impact: i64,
}

/// One that is likely to reach its threshold, one that cannot, one that sells out.
pub const PROJECTS: [Project; 3] = [
    Project { slug: "kookclub", id: "prj_1", threshold: 3, impact: 60 },
    Project { slug: "buurttuin", id: "prj_2", threshold: 400, impact: 500 },
    Project { slug: "fietsmaker", id: "prj_3", threshold: 2, impact: 4 },
];

pub fn start() -> Timestamp {
    Timestamp::from_seconds(CLOSES - 30 * DAY)
}

/// Makes the database file for so many backers.
pub async fn make(folder: &Path, backers: usize) -> PathBuf {
    let path = folder.join("template.db");
    let db = Db::open(&format!("sqlite://{}", path.display()), None).await.expect("a database");
    db.migrate().await.expect("a schema");
    let mut tx = db.begin().await.expect("a transaction");
    people(&mut tx).await;
    round(&mut tx, i64::try_from(backers).expect("a number")).await;
    tx.commit().await.expect("a commit");
    db.close().await;
    path
}

async fn people(tx: &mut Tx) {
    let at = start().plus_days(-90).to_string();
    for (id, email) in [
        ("usr_owner", "owner@maker.example"),
        ("usr_giver", "books@giver.example"),
        ("usr_t1", "one@drempel.example"),
        ("usr_t2", "two@drempel.example"),
    ] {
        sqlx::query("INSERT INTO users (id, email, name, language, created_at) VALUES ($1, $2, '', 'nl', $3)")
            .bind(id)
            .bind(email)
            .bind(&at)
            .execute(&mut **tx)
            .await
            .expect("a user");
    }
    for id in ["usr_t1", "usr_t2"] {
        sqlx::query("INSERT INTO staff_roles (user_id, role, granted_at) VALUES ($1, 'treasurer', $2)")
            .bind(id)
            .bind(&at)
            .execute(&mut **tx)
            .await
            .expect("a role");
    }
    for (id, slug, kind, owner) in [(MAKER, "maker", "maker", "usr_owner"), (GIVER, "giver", "company", "usr_giver")] {
        sqlx::query(
            "INSERT INTO organisations (id, slug, name, kind, description_nl, description_en, area, created_at)
             VALUES ($1, $2, $2, $3, 'Doen', 'Doing', 'west', $4)",
        )
        .bind(id)
        .bind(slug)
        .bind(kind)
        .bind(&at)
        .execute(&mut **tx)
        .await
        .expect("an organisation");
        sqlx::query(
            "INSERT INTO memberships (organisation_id, user_id, role, created_at) VALUES ($1, $2, 'owner', $3)",
        )
        .bind(id)
        .bind(owner)
        .bind(&at)
        .execute(&mut **tx)
        .await
        .expect("a membership");
    }
}

/// What differs between seeds: the band of near misses in percent, and the threshold of the first project for each backer.
pub async fn vary(tx: &mut Tx, percent: i64, threshold: i64, backers: i64) {
    sqlx::query("UPDATE rounds SET near_miss_percent = $1").bind(percent).execute(&mut **tx).await.expect("a band");
    sqlx::query("UPDATE projects SET threshold_hundredths = $1 WHERE id = $2")
        .bind(threshold * backers)
        .bind(PROJECTS[0].id)
        .execute(&mut **tx)
        .await
        .expect("a threshold");
}

async fn round(tx: &mut Tx, backers: i64) {
    let at = |days: i64| start().plus_days(days).to_string();
    sqlx::query(
        "INSERT INTO rounds (id, number, title_nl, title_en, state, unit_price_eur, minimum_cents, rule_nl, rule_en,
             submissions_at, valuation_at, selling_at, closes_at)
         VALUES ($1, 1, 'Ronde 1', 'Round 1', 'selling', 100, 500, 'Regel', 'Rule', $2, $3, $4, $5)",
    )
    .bind(ROUND)
    .bind(at(-60))
    .bind(at(-30))
    .bind(at(0))
    .bind(at(30))
    .execute(&mut **tx)
    .await
    .expect("a round");
    for (number, project) in (1i64..).zip(&PROJECTS) {
        sqlx::query(
            "INSERT INTO projects (id, slug, number, organisation_id, round_id, state, title_nl, title_en, aim_nl, aim_en,
                 text_nl, text_en, target_group_nl, target_group_en, participants_target, impact_hundredths,
                 threshold_hundredths, start_day, months, contact, picture_alt_nl, picture_alt_en, example, search_text,
                 created_at, updated_at)
             VALUES ($1, $2, $3, 'org_1', $4, 'listed', $2, $2, 'Doel', 'Aim', 'Tekst', 'Text', 'buren', 'neighbours', 20,
                 $5, $6, '2027-01-01', 12, 'owner@maker.example', '', '', 0, $2, $7, $7)",
        )
        .bind(project.id)
        .bind(project.slug)
        .bind(number)
        .bind(ROUND)
        .bind(project.impact * backers)
        .bind(project.threshold * backers)
        .bind(at(-60))
        .execute(&mut **tx)
        .await
        .expect("a project");
        let cap = Cents(project.impact * backers * 100);
        pledges::actions::open_project(tx, project.id, cap).await.expect("totals");
    }
}

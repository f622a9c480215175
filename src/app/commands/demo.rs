//! `drempel demo`: the demo in an empty database, or a large set beside what is there.

use std::process::ExitCode;

use serde_json::json;

use crate::app::commands::progress::Progress;
use crate::app::demo::large::{self, Size};
use crate::app::demo::{self, Closed, money};
use crate::app::services;
use crate::infra::settings::Settings;

/// Projects and pledges of a set when only the other number is given.
const USUAL: i64 = 100;

/// Runs the command and prints what was made.
///
/// # Errors
/// A production installation, or the database.
pub async fn run(
    settings: Settings,
    projects: Option<i64>,
    pledges: Option<i64>,
    seed: u64,
    as_json: bool,
) -> Result<ExitCode, Box<dyn std::error::Error>> {
    if settings.production() {
        return Err("demo data is for development: PUBLIC_URL is an https address".into());
    }
    let s = services::open(settings).await?;
    s.db.migrate().await?;
    crate::app::dev::restore_clock(&s).await?;
    let was_empty = demo::is_empty(&mut *s.db.read().await?).await?;
    if was_empty {
        let mut tx = s.db.begin().await?;
        let loaded = demo::load_nouns(&mut tx, s.clock.now(), Closed::StillSelling).await?;
        demo::drawings::load(&s, &mut tx, &loaded.projects).await?;
        money::want(&mut tx).await?;
        tx.commit().await?;
    }
    if projects.is_none() && pledges.is_none() {
        if money::is_wanted(&s).await? {
            money::load(&s).await?;
        }
        say(
            as_json,
            &json!({ "demo": was_empty }),
            if was_empty { "The demo stands." } else { "There is data already: nothing was changed." },
        );
        return Ok(ExitCode::SUCCESS);
    }
    let size = Size { projects: projects.unwrap_or(USUAL), pledges: pledges.unwrap_or(USUAL), seed };
    let progress = Progress::of(size.pledges.unsigned_abs(), "pledges", as_json);
    let round = large::make(&s, size, |done| progress.at(done.unsigned_abs())).await?;
    progress.end();
    let text = format!("Round {round}: {} projects, {} held pledges, seed {seed}.", size.projects, size.pledges);
    say(as_json, &json!({ "round": round, "projects": size.projects, "pledges": size.pledges, "seed": seed }), &text);
    s.db.close().await;
    Ok(ExitCode::SUCCESS)
}

fn say(as_json: bool, json: &serde_json::Value, text: &str) {
    if as_json {
        println!("{json}");
    } else {
        println!("{text}");
    }
}

//! `drempel backup` and `drempel restore`: copies of the SQLite database.

use std::path::Path;
use std::process::ExitCode;

use serde_json::json;

use crate::app::commands::progress::Progress;
use crate::infra::clock::Clock;
use crate::infra::db::backup;
use crate::infra::periodic;
use crate::infra::settings::Settings;

type Outcome = Result<ExitCode, Box<dyn std::error::Error>>;

/// Writes a copy and looks whether it is whole.
///
/// # Errors
/// As [`backup::make`].
pub async fn make(settings: Settings, file: &Path, as_json: bool) -> Outcome {
    let progress = Progress::unknown("copying the database", as_json);
    backup::make(&settings.database_url, file).await?;
    progress.end();
    let bytes = std::fs::metadata(file)?.len();
    if as_json {
        println!("{}", json!({ "file": file, "bytes": bytes }));
    } else {
        println!("{} holds the database of this moment, {bytes} bytes.", file.display());
        println!("Pictures and evidence are not in it: copy the folder of FILES_URL as well.");
    }
    Ok(ExitCode::SUCCESS)
}

/// Puts a copy in the place of the database, with everything that tells or pays people switched off.
///
/// # Errors
/// As [`backup::prepare`] and [`backup::put_in_place`].
pub async fn restore(settings: Settings, file: &Path, as_json: bool) -> Outcome {
    let now = Clock::default().now();
    let db = backup::prepare(&settings.database_url, file).await?;
    periodic::begin(&db, now).await?;
    let mut tx = db.begin().await?;
    periodic::halt(&mut tx, now).await?;
    tx.commit().await?;
    let old = backup::put_in_place(&settings.database_url, db, &now.seconds().to_string()).await?;
    if as_json {
        println!("{}", json!({ "restored": file, "kept": old }));
    } else {
        println!("{} is in its place.", file.display());
        if let Some(old) = old {
            println!("What was there is kept as {}.", old.display());
        }
        println!("Letters, refunds, payouts and closings wait until `drempel reconcile` finds that nothing differs.");
    }
    Ok(ExitCode::SUCCESS)
}

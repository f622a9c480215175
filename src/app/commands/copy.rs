//! `drempel copy`: moves an installation from SQLite to PostgreSQL, or back.
//!
//! The source is frozen first: from there until the end is the time in which visitors can read and nothing can change. What goes wrong
//! thaws the source again, and so does a request to stop. The target is frozen from the commit that filled it until every row was
//! compared, so nobody works in a house that was not looked at. The invariants are looked at there and not at the source before: while
//! people give, one question and the next see different moments, and would find faults that are none.

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use serde_json::json;

use crate::app::commands::progress::Progress;
use crate::app::{serve, services, verify};
use crate::features::ledger::Check;
use crate::infra::Services;
use crate::infra::db::copy::{self, CopyError, Sides};
use crate::infra::settings::Settings;

type Outcome = Result<ExitCode, Box<dyn std::error::Error>>;

/// What can be said behind the command.
#[derive(clap::Args)]
pub struct Arguments {
    /// The address of the database that is moved, as in DATABASE_URL.
    #[arg(long, value_name = "URL", value_parser = address)]
    from: String,
    /// The address of an empty database of the other kind.
    #[arg(long, value_name = "URL", value_parser = address, required_unless_present = "release")]
    to: Option<String>,
    /// Let changes happen again at --from: after a copy that was killed, or to move back in.
    #[arg(long, conflicts_with = "to")]
    release: bool,
}

fn address(text: &str) -> Result<String, String> {
    let known = ["sqlite:", "postgres:", "postgresql:"].iter().any(|kind| text.starts_with(kind));
    if known { Ok(text.to_owned()) } else { Err("sqlite://FILE or postgres://USER:PASSWORD@HOST/NAME".to_owned()) }
}

/// Why a move came to nothing.
#[derive(Debug, thiserror::Error)]
enum MoveError {
    #[error(transparent)]
    Copy(#[from] CopyError),
    #[error("stopped on request")]
    Stopped,
    #[error("every row is the same, but invariants do not hold: {0}. See `drempel verify-ledger`")]
    Invariants(String),
    #[error(transparent)]
    Program(#[from] crate::infra::error::Error),
    #[error(transparent)]
    Open(#[from] services::OpenError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Moves, or lets changes happen again.
///
/// # Errors
/// Why it came to nothing; then the source can be changed as before.
pub async fn run(settings: Settings, arguments: Arguments, as_json: bool) -> Outcome {
    let Some(to) = arguments.to else { return release(&arguments.from, as_json).await };
    let began = Instant::now();
    let sides = Sides::open(&arguments.from, &to).await?;
    let rows = sides.rows().await?;

    let stop = serve::stop_on_signal();
    let frozen = Instant::now();
    sides.from.freeze().await?;
    let moved = tokio::select! {
        moved = carry_over(&sides, &settings, &to, rows, as_json) => moved,
        () = stop.cancelled() => Err(MoveError::Stopped),
    };
    let moved = match moved {
        Ok(moved) => moved,
        Err(error) => {
            let now = match sides.from.thaw().await {
                Ok(()) => "--from can be changed as before.".to_owned(),
                Err(thawing) => format!("--from is still frozen ({thawing}): run `drempel copy --release --from URL`."),
            };
            return Err(format!("{error}\nNothing has moved: {now}").into());
        }
    };
    report(&moved, frozen.elapsed().as_millis(), began.elapsed().as_millis(), as_json);
    Ok(ExitCode::SUCCESS)
}

/// What was moved, table by table.
struct Moved {
    prints: Vec<copy::Fingerprint>,
    checks: Vec<Check>,
}

/// Everything that happens while the source is frozen.
async fn carry_over(sides: &Sides, settings: &Settings, to: &str, rows: u64, quiet: bool) -> Result<Moved, MoveError> {
    let copying = Progress::of(rows, "rows copied", quiet);
    let prints = sides.carry_over(in_steps(&copying, rows)).await?;
    copying.end();
    let comparing = Progress::of(rows, "rows compared", quiet);
    sides.compare(&prints, in_steps(&comparing, rows)).await?;
    comparing.end();
    let looking = Progress::unknown("looking at the books after the move", quiet);
    sides.settle_in().await?;
    sides.to.thaw().await?;
    let target = installation(settings, to).await?;
    let checks = match sound(&target).await {
        Ok(checks) => checks,
        Err(error) => {
            sides.to.freeze().await?;
            return Err(error);
        }
    };
    looking.end();
    target.db.close().await;
    Ok(Moved { prints, checks })
}

/// Tells the bar of twentieths: it draws, or writes a line, each time it is told.
fn in_steps(progress: &Progress, total: u64) -> impl Fn(u64) {
    let told = AtomicU64::new(0);
    let step = (total / 20).max(1);
    move |done| {
        if done / step > told.swap(done / step, Ordering::Relaxed) {
            progress.at(done);
        }
    }
}

/// The program over one of the two.
async fn installation(settings: &Settings, url: &str) -> Result<Services, services::OpenError> {
    let mut settings = settings.clone();
    url.clone_into(&mut settings.database_url);
    settings.database_read_url = None;
    services::open(settings).await
}

/// Seals what waits and looks at every invariant.
async fn sound(s: &Services) -> Result<Vec<Check>, MoveError> {
    let checks = verify::all(s).await?;
    let broken: Vec<&str> = checks.iter().filter(|check| !check.offending.is_empty()).map(|check| check.what).collect();
    if broken.is_empty() { Ok(checks) } else { Err(MoveError::Invariants(broken.join("; "))) }
}

fn report(moved: &Moved, read_only_ms: u128, all_ms: u128, as_json: bool) {
    let rows: u64 = moved.prints.iter().map(|print| print.rows).sum();
    if as_json {
        let table = |print: &copy::Fingerprint| json!({ "table": print.table, "rows": print.rows, "sum": print.sum() });
        let tables: Vec<_> = moved.prints.iter().map(table).collect();
        let line = json!({
            "rows": rows,
            "tables": tables,
            "invariants": moved.checks.len(),
            "read_only_ms": read_only_ms,
            "all_ms": all_ms,
        });
        println!("{line}");
        return;
    }
    println!("{rows} rows of {} tables were copied, and each was read back the same.", moved.prints.len());
    println!("{} invariants of the books hold at the new place.", moved.checks.len());
    println!("Nothing could be changed for {read_only_ms} ms; all of it took {all_ms} ms.");
    println!();
    println!("--from stays frozen, so that nobody writes to the old house. Now:");
    println!("1. set DATABASE_URL to the new address and start the program again, everywhere;");
    println!("2. keep SECRET_KEY: without it links, sign-ins and second factors of before do not work;");
    println!("3. pictures and evidence are not in the database: FILES_URL stays what it is.");
    println!("To move back in instead: drempel copy --release --from URL. What came at the new address is then lost.");
}

async fn release(from: &str, as_json: bool) -> Outcome {
    let db = copy::open_source(from).await?;
    let was_frozen = db.is_frozen().await?;
    db.thaw().await?;
    db.close().await;
    if as_json {
        println!("{}", json!({ "released": was_frozen }));
    } else if was_frozen {
        println!("Changes can happen again.");
    } else {
        println!("It was not frozen.");
    }
    Ok(ExitCode::SUCCESS)
}

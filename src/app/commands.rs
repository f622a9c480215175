//! The command line: what each command does and prints.

mod audit;
mod backup;
mod books;
mod copy;
mod demo;
mod doctor;
mod export;
mod mail_report;
mod progress;
mod staff;
mod statement;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use serde_json::json;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use crate::app::{serve, services, verify};
use crate::infra::clock::Clock;
use crate::infra::db::slow;
use crate::infra::sandbox::{self, Sandbox};
use crate::infra::settings::{Settings, Source};
use crate::infra::traces::Traces;
use crate::values::Iban;

/// Social projects ask for support; backers pledge; rounds are closed; verified results are paid.
#[derive(Parser)]
#[command(name = "drempel", version)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// Print JSON.
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the site, with a worker inside.
    Serve {
        /// The worker runs elsewhere.
        #[arg(long)]
        no_worker: bool,
    },
    /// Run a worker alone.
    Work,
    /// Create or upgrade the schema.
    Migrate,
    /// Demo data in an empty database; with numbers, a large set that is the same for the same seed.
    Demo {
        #[arg(long, value_parser = clap::value_parser!(i64).range(1..=100_000))]
        projects: Option<i64>,
        #[arg(long, value_parser = clap::value_parser!(i64).range(1..=10_000_000))]
        pledges: Option<i64>,
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// People of the platform's team.
    #[command(subcommand)]
    Staff(staff::Command),
    /// Check every invariant of the books.
    VerifyLedger,
    /// The log of who did what.
    #[command(subcommand)]
    Audit(audit::Command),
    /// Import account statements of the bank, CAMT.053 (.xml or .zip). Importing twice changes nothing.
    ImportStatement {
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Take what mail servers say of letters that had left (RFC 3464 and RFC 5965), each in a file; `-` is standard input. For a pipe of
    /// the mail server or the files of a mailbox. Anything else is left alone, and the same report twice changes nothing.
    MailReport {
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Write a large statement to standard output, for measuring.
    #[command(hide = true)]
    SampleStatement {
        #[arg(long, default_value_t = 100_000)]
        lines: u64,
        #[arg(long, default_value_t = 1)]
        seed: u64,
        #[arg(long, default_value = "NL91ABNA0417164300", value_parser = iban)]
        iban: Iban,
    },
    /// Hold the books of a day against the provider, the bank and the pages, line by line; exit status 1 when a line differs.
    /// Each difference is a case in the staff's list, and is closed there when it has gone.
    Reconcile {
        /// A day that is over, such as 2026-11-24; without it, yesterday.
        #[arg(long)]
        day: Option<String>,
    },
    /// Write a copy of the SQLite database into a new file while the program goes on.
    Backup { file: PathBuf },
    /// Put a copy in the place of the SQLite database, which is kept under another name. Refuses while a process of Drempel has it
    /// open. Afterwards letters, refunds, payouts and closings wait until `drempel reconcile` finds that nothing differs.
    Restore { file: PathBuf },
    /// Move an installation from SQLite to PostgreSQL, or back. Meanwhile everything can be read and nothing changed; afterwards every
    /// row and the books were compared, and the old database refuses changes. Files and SECRET_KEY are not part of it.
    Copy(copy::Arguments),
    /// Open data on standard output.
    #[command(subcommand)]
    Export(export::Command),
    /// Look at settings, database, provider, mail server and clock, and print the DNS records to set. Changes nothing; exit status 1
    /// when something must be mended.
    Doctor,
    /// Fold again what is kept beside the books, in one transaction, and print what was wrong. Refuses while a round is being
    /// settled. Repairs send no letter.
    #[command(subcommand)]
    Repair(books::Repair),
    /// Run the sandbox bank alone, for development and tests.
    #[command(hide = true)]
    Sandbox {
        #[arg(long)]
        listen: SocketAddr,
        #[arg(long, default_value = "sk_test_sandbox")]
        key: String,
        #[arg(long)]
        webhook_url: Option<String>,
        #[arg(long, default_value = "whsec_sandbox")]
        webhook_secret: String,
        #[arg(long)]
        journal: Option<PathBuf>,
        /// Answer 429 above this many calls per endpoint and second.
        #[arg(long)]
        requests_per_second: Option<u32>,
    },
}

type Outcome = Result<ExitCode, Box<dyn std::error::Error>>;

/// Runs the program and answers its exit status: 0 done, 1 refused or failed, 2 wrong use.
pub async fn run() -> ExitCode {
    let arguments = Arguments::parse();
    // one provider of cryptography for all of TLS; a second call finds it there
    let _ = rustls::crypto::ring::default_provider().install_default();
    let command = match arguments.command.unwrap_or(Command::Serve { no_worker: false }) {
        Command::Sandbox { listen, key, webhook_url, webhook_secret, journal, requests_per_second } => {
            let config = bank_config(listen, key, webhook_url, webhook_secret, journal, requests_per_second);
            return finished(bank(listen, config).await);
        }
        Command::SampleStatement { lines, seed, iban } => return finished(statement::make(lines, seed, &iban)),
        command => command,
    };
    let settings = match Settings::read(&Source::environment()) {
        Ok(settings) => settings,
        Err(wrong) => {
            eprintln!("{wrong}");
            return ExitCode::from(2);
        }
    };
    let traces = log(&settings);
    let status = finished(match command {
        Command::Serve { no_worker } => serve::serve(settings, !no_worker).await.map(|()| ExitCode::SUCCESS),
        Command::Work => serve::work(settings).await.map(|()| ExitCode::SUCCESS),
        Command::Migrate => migrate(settings, arguments.json).await,
        Command::Demo { projects, pledges, seed } => demo::run(settings, projects, pledges, seed, arguments.json).await,
        Command::Staff(command) => staff::run(settings, command, arguments.json).await.map(|()| ExitCode::SUCCESS),
        Command::VerifyLedger => verify_ledger(settings, arguments.json).await,
        Command::Audit(command) => audit::run(settings, &command, arguments.json).await,
        Command::MailReport { files } => mail_report::take(settings, &files, arguments.json).await,
        Command::ImportStatement { files } => statement::import(settings, &files, arguments.json).await,
        Command::Backup { file } => backup::make(settings, &file, arguments.json).await,
        Command::Restore { file } => backup::restore(settings, &file, arguments.json).await,
        Command::Copy(what) => copy::run(settings, what, arguments.json).await,
        Command::Export(what) => export::run(settings, &what, arguments.json).await,
        Command::Doctor => doctor::run(settings, arguments.json).await,
        Command::Reconcile { day } => books::reconcile(settings, day, arguments.json).await,
        Command::Repair(what) => books::repair(settings, &what, arguments.json).await,
        Command::Sandbox { .. } | Command::SampleStatement { .. } => Ok(ExitCode::SUCCESS),
    });
    if let Some(traces) = traces {
        // it waits for the collector, so it must not hold up a thread of the runtime that sends
        let _ = tokio::task::spawn_blocking(move || traces.close()).await;
    }
    status
}

fn iban(text: &str) -> Result<Iban, String> {
    Iban::parse(text).ok_or_else(|| "not an account number".to_owned())
}

fn finished(outcome: Outcome) -> ExitCode {
    outcome.unwrap_or_else(|error| {
        eprintln!("{error}");
        ExitCode::FAILURE
    })
}

/// Logs go to standard error; as JSON in production. Traces go where the settings say; what is answered sends the last of them.
fn log(settings: &Settings) -> Option<Traces> {
    let wanted = std::env::var(EnvFilter::DEFAULT_ENV).unwrap_or_else(|_| "info,sqlx=error".to_owned());
    // what is slow is told once, with its plan, and not by the driver too
    let filter = EnvFilter::builder().parse_lossy(format!("{wanted},{}=error", slow::DRIVER));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = if settings.production() { lines.json().boxed() } else { lines.with_target(false).boxed() };
    let (traces, wrong) = match settings.traces_url.as_deref().map(Traces::open) {
        None => (None, None),
        Some(Ok(traces)) => (Some(traces), None),
        Some(Err(error)) => (None, Some(error)),
    };
    let mut layers = vec![lines.with_filter(filter).boxed(), slow::layer().boxed()];
    layers.extend(traces.as_ref().map(|traces| traces.layer().boxed()));
    tracing_subscriber::registry().with(layers).init();
    if let Some(error) = wrong {
        tracing::error!(error, "no traces are sent");
    }
    traces
}

async fn migrate(settings: Settings, as_json: bool) -> Outcome {
    let s = services::open(settings).await?;
    s.db.migrate().await?;
    if as_json {
        println!("{}", json!({ "migrated": true }));
    } else {
        println!("The schema is up to date.");
    }
    Ok(ExitCode::SUCCESS)
}

async fn verify_ledger(settings: Settings, as_json: bool) -> Outcome {
    let s = services::open(settings).await?;
    s.db.migrate().await?;
    let progress = progress::Progress::unknown("looking at the books", as_json);
    let checks = verify::all(&s).await?;
    progress.end();
    for check in &checks {
        let line = json!({
            "invariant": check.name,
            "what": check.what,
            "checked": check.checked,
            "offending": check.offending,
        });
        let verdict = if check.offending.is_empty() { "holds" } else { "BROKEN" };
        if as_json {
            println!("{line}");
        } else {
            println!("{:4} {verdict:6} {} ({} checked)", check.name, check.what, check.checked);
            for id in check.offending.iter().take(100) {
                println!("     {id}");
            }
        }
    }
    let broken = checks.iter().any(|check| !check.offending.is_empty());
    Ok(if broken { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn bank_config(
    listen: SocketAddr,
    secret_key: String,
    webhook_url: Option<String>,
    webhook_secret: String,
    journal: Option<PathBuf>,
    requests_per_second: Option<u32>,
) -> sandbox::Config {
    let clock = Clock::default();
    sandbox::Config {
        public_base: format!("http://{listen}"),
        secret_key,
        webhook_url,
        webhook_secret,
        journal,
        now: Arc::new(move || clock.now().seconds()),
        requests_per_second,
    }
}

async fn bank(listen: SocketAddr, config: sandbox::Config) -> Outcome {
    let listener = tokio::net::TcpListener::bind(listen).await?;
    let mut config = config;
    // port 0 asks for a free one: the pages must name the one that was given
    config.public_base = format!("http://{}", listener.local_addr()?);
    println!("{}", config.public_base);
    sandbox::serve(listener, Sandbox::open(config)?).await?;
    Ok(ExitCode::SUCCESS)
}

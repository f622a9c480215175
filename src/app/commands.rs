//! The command line: what each command does and prints.

mod staff;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::app::{dev, router, services};
use crate::infra::settings::{Settings, Source};

/// Social projects ask for support; backers pledge; rounds are closed; verified results are paid.
#[derive(Parser)]
#[command(name = "drempel", version)]
struct Arguments {
    /// Print JSON in place of text.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the site, with a worker inside.
    Serve,
    /// People of the platform's team.
    #[command(subcommand)]
    Staff(staff::Command),
}

/// Runs the program and answers its exit status: 0 done, 1 refused or failed, 2 wrong use.
pub async fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let settings = match Settings::read(&Source::environment()) {
        Ok(settings) => settings,
        Err(wrong) => {
            eprintln!("{wrong}");
            return ExitCode::from(2);
        }
    };
    let outcome = match arguments.command.unwrap_or(Command::Serve) {
        Command::Serve => serve(settings).await,
        Command::Staff(command) => staff::run(settings, command, arguments.json).await,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(settings: Settings) -> Result<(), Box<dyn std::error::Error>> {
    let listen = settings.listen;
    let services = services::open(settings).await?;
    services.db.migrate().await?;
    dev::restore_clock(&services).await?;
    let listener = tokio::net::TcpListener::bind(listen).await?;
    println!("Drempel: {}", services.settings.public_url);
    axum::serve(listener, router::build(services)).await?;
    Ok(())
}

//! `drempel audit`: the log of what happened.

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;

use crate::app::services;
use crate::infra::history::chain::{self, Fault};
use crate::infra::settings::Settings;

#[derive(Subcommand)]
pub enum Command {
    /// Follow the chain of the log; exit status 1 and the ids when an entry was changed, removed or added by hand.
    Verify,
}

/// Runs the command and prints what came of it.
///
/// # Errors
/// The database cannot be opened or read.
pub async fn run(settings: Settings, command: &Command, as_json: bool) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let Command::Verify = command;
    let s = services::open(settings).await?;
    s.db.migrate().await?;
    chain::seal(&s.db).await?;
    let checked = chain::verify(&mut *s.db.read().await?).await?;
    s.db.close().await;
    if as_json {
        let faults: Vec<_> =
            checked.faults.iter().map(|(fault, id)| json!({ "fault": fault.as_str(), "id": id })).collect();
        println!("{}", json!({ "links": checked.links, "faults": faults }));
    } else {
        println!("{} links of the audit log were followed.", checked.links);
        for (fault, id) in &checked.faults {
            println!("BROKEN {}: {id}", told(*fault));
        }
    }
    Ok(if checked.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn told(fault: Fault) -> &'static str {
    match fault {
        Fault::Changed => "an entry was changed",
        Fault::Removed => "an entry was removed",
        Fault::Added => "an entry was added by hand",
        Fault::Link => "a link was changed, removed or added by hand",
    }
}

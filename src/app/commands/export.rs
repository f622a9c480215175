//! `drempel export`: open data on standard output, the same texts as the addresses of the API give.

use std::io::Write;
use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};
use serde_json::json;

use crate::app::services;
use crate::features::open_data::{Publisher, Refusal, actions};
use crate::features::{projects, rounds};
use crate::infra::Services;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::settings::Settings;
use crate::values::Lang;

#[derive(Subcommand)]
pub enum Command {
    /// A round: the projects that were funded as grants (360Giving), or tables of all its public projects. Exit status 1 when there is
    /// no such round, or nothing was awarded in it.
    Round {
        number: i64,
        /// `360giving`: JSON by the schema of 360Giving; `csv`: projects with their money, amounts in whole cents; `results-csv`:
        /// promises with what is published of their results.
        #[arg(long)]
        format: RoundFormat,
        #[arg(long, default_value = "nl", value_parser = lang)]
        lang: Lang,
    },
    /// A public project with its promises and published results. Exit status 1 when there is no such project.
    Project {
        slug: String,
        /// `cids`: JSON-LD by the Common Impact Data Standard.
        #[arg(long)]
        format: ProjectFormat,
        #[arg(long, default_value = "nl", value_parser = lang)]
        lang: Lang,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProjectFormat {
    Cids,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RoundFormat {
    #[value(name = "360giving")]
    Giving,
    Csv,
    ResultsCsv,
}

fn lang(text: &str) -> std::result::Result<Lang, String> {
    Lang::from_code(text).ok_or_else(|| "nl or en".to_owned())
}

/// Runs the command and prints what it asks for. With `as_json` a table is given as the text in a JSON object.
///
/// # Errors
/// The database cannot be opened or read.
pub async fn run(
    settings: Settings,
    command: &Command,
    as_json: bool,
) -> std::result::Result<ExitCode, Box<dyn std::error::Error>> {
    let s = services::open(settings).await?;
    s.db.migrate().await?;
    let mut conn = s.db.read().await?;
    let made = made(&s, &mut conn, command).await;
    drop(conn);
    s.db.close().await;
    let text = match made {
        Ok(Some(text)) => text,
        Ok(None) => return Ok(refused("There is no such thing here.")),
        Err(error) => match error.refusal::<Refusal>() {
            Some(Refusal::NoFoundation) => {
                return Ok(refused("The settings name no foundation, which gives the grants."));
            }
            Some(Refusal::NothingAwarded) => return Ok(refused("Nothing was awarded in this round.")),
            None => return Err(error.to_string().into()),
        },
    };
    let text = if as_json && is_table(command) { json!({ "csv": text }).to_string() } else { text };
    // whoever reads only the beginning has closed the pipe: then the rest is not printed
    let _ = writeln!(std::io::stdout().lock(), "{}", text.trim_end());
    Ok(ExitCode::SUCCESS)
}

fn is_table(command: &Command) -> bool {
    match command {
        Command::Round { format, .. } => *format != RoundFormat::Giving,
        Command::Project { .. } => false,
    }
}

fn refused(why: &str) -> ExitCode {
    eprintln!("{why}");
    ExitCode::FAILURE
}

/// The text that is asked for; nothing when what it is about is not there.
async fn made(s: &Services, conn: &mut Conn, command: &Command) -> Result<Option<String>> {
    let publisher = Publisher::of(s);
    match command {
        Command::Project { slug, format: ProjectFormat::Cids, lang } => {
            match projects::actions::public_by_slug(conn, slug).await? {
                Some(project) => Ok(Some(actions::cids(conn, &publisher, project, *lang).await?)),
                None => Ok(None),
            }
        }
        Command::Round { number, format, lang } => {
            let Some(round) = rounds::actions::by_number(conn, *number).await? else { return Ok(None) };
            Ok(Some(match format {
                RoundFormat::Giving => actions::giving(conn, &publisher, &round, *lang, s.clock.now()).await?,
                RoundFormat::Csv => actions::projects_csv(conn, &publisher, &round).await?,
                RoundFormat::ResultsCsv => actions::results_csv(conn, &round).await?,
            }))
        }
    }
}

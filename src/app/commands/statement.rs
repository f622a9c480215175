//! `drempel import-statement`: the bank's files into the books. And, for the benchmark, a large statement to import.

use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;

use crate::app::commands::progress::Progress;
use crate::app::{dev, services};
use crate::features::bank::{self, Imported, Refusal};
use crate::infra::bank::files::Input;
use crate::infra::bank::write::{Version, sample, write};
use crate::infra::bank::{Balance, Head};
use crate::infra::error::{Error, Refusal as _};
use crate::infra::settings::Settings;
use crate::infra::texts;
use crate::values::{Cents, Iban, Lang, Timestamp};

/// Imports the files one after the other and prints a line for each. A file that is refused does not keep the others out.
///
/// # Errors
/// The database cannot be opened or written.
pub async fn import(
    settings: Settings,
    files: &[PathBuf],
    as_json: bool,
) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let s = services::open(settings).await?;
    s.db.migrate().await?;
    dev::restore_clock(&s).await?;
    let mut code = ExitCode::SUCCESS;
    for file in files {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let progress = Progress::unknown("reading the statement", as_json);
        let outcome = bank::actions::import(&s, &name, Input::OnDisk(file.clone()), "command line").await;
        progress.end();
        match outcome {
            Ok(imported) => println!("{}", told(&name, &imported, as_json)),
            Err(Error::Refused(refusal)) => {
                code = ExitCode::FAILURE;
                let why = refusal.as_any().downcast_ref::<Refusal>();
                eprintln!("{}", refused(&name, why, as_json));
            }
            Err(error) => return Err(error.into()),
        }
    }
    s.db.close().await;
    Ok(code)
}

fn told(name: &str, done: &Imported, as_json: bool) -> String {
    if as_json {
        return json!({
            "file": name,
            "statements": done.statements,
            "known_statements": done.known_statements,
            "lines": done.lines,
            "known_lines": done.known_lines,
            "matched": done.matched,
            "waiting": done.waiting,
        })
        .to_string();
    }
    let statements = format!("{} statements new, {} known", done.statements, done.known_statements);
    let lines = format!("{} payments new, {} known", done.lines, done.known_lines);
    format!("{name}: {statements}; {lines}; {} placed, {} waiting", done.matched, done.waiting)
}

fn refused(name: &str, refusal: Option<&Refusal>, as_json: bool) -> String {
    let sentence = match refusal {
        Some(Refusal::File { why, what }) => {
            format!("{} ({what})", texts::text(Lang::En, &format!("bank-file-{why}")))
        }
        Some(other) => texts::text_with(Lang::En, other.key(), &other.args()),
        None => "refused".to_owned(),
    };
    if as_json {
        let why = match refusal {
            Some(Refusal::File { why, .. }) => why.clone(),
            Some(other) => other.key().to_owned(),
            None => String::new(),
        };
        return json!({ "file": name, "refused": why, "message": sentence }).to_string();
    }
    format!("{name}: {sentence}")
}

/// Writes a statement with `lines` payments to standard output: the same for the same seed.
///
/// # Errors
/// Standard output is closed.
pub fn make(lines: u64, seed: u64, iban: &Iban) -> Result<ExitCode, Box<dyn std::error::Error>> {
    const DAY: &str = "2026-11-25";
    let made_at: Timestamp = "2026-11-25T18:00:00.000Z".parse()?;
    let sum: i64 = sample(seed, lines, DAY).map(|line| line.signed().0).sum();
    let balance = |amount: Cents| Balance { amount, day: DAY.to_owned() };
    let head = Head {
        message_id: format!("SAMPLE-{seed}"),
        id: format!("SAMPLE-{seed}-{lines}"),
        number: "1".to_owned(),
        iban: iban.to_string(),
        opening: balance(Cents::ZERO),
        closing: balance(Cents(sum)),
    };
    let mut out = BufWriter::new(std::io::stdout().lock());
    write(&mut out, Version::V08, &head, made_at, sample(seed, lines, DAY))?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

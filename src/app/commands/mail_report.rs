//! `drempel mail-report`: what mail servers say of our letters, handed in by the mail server or from a mailbox.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::json;

use crate::app::{dev, services};
use crate::features::updates;
use crate::infra::mail::reports::Said;
use crate::infra::settings::Settings;

/// A report holds the letter that it is about.
const LARGEST: u64 = 1024 * 1024;

/// Takes the files one after the other; `-` is standard input.
///
/// # Errors
/// A file cannot be read, or the database cannot be opened or written.
pub async fn take(
    settings: Settings,
    files: &[PathBuf],
    as_json: bool,
) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let s = services::open(settings).await?;
    s.db.migrate().await?;
    dev::restore_clock(&s).await?;
    for file in files {
        let said = match updates::actions::take_report(&s, &read(file)?).await? {
            None => "nothing",
            Some(Said::AddressGone) => "address_gone",
            Some(Said::Refused) => "refused",
            Some(Said::Unwanted) => "unwanted",
        };
        if as_json {
            println!("{}", json!({ "file": file, "said": said }));
        } else {
            println!("{}: {}", file.display(), said.replace('_', " "));
        }
    }
    s.db.close().await;
    Ok(ExitCode::SUCCESS)
}

fn read(file: &Path) -> std::io::Result<Vec<u8>> {
    let mut raw = Vec::new();
    match file.to_str() {
        Some("-") => std::io::stdin().take(LARGEST).read_to_end(&mut raw)?,
        _ => std::fs::File::open(file)?.take(LARGEST).read_to_end(&mut raw)?,
    };
    Ok(raw)
}

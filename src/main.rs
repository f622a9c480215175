//! The command line.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    drempel::app::commands::run().await
}

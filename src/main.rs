//! The command line.

use std::process::ExitCode;

use drempel::app::commands;
use drempel::infra::pictures;

fn main() -> ExitCode {
    if std::env::args_os().nth(1).is_some_and(|command| command == pictures::COMMAND) {
        // before anything else is made: it has little memory to live in
        return pictures::decode_here();
    }
    run()
}

#[tokio::main]
async fn run() -> ExitCode {
    commands::run().await
}

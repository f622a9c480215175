//! The command line.

use std::process::ExitCode;

use drempel::app::commands;
use drempel::infra::pictures;

/// In bytes; only what is used of it takes memory.
const STACK: usize = 8 * 1024 * 1024;

fn main() -> ExitCode {
    if std::env::args_os().nth(1).is_some_and(|command| command == pictures::COMMAND) {
        // before anything else is made: it has little memory to live in
        return pictures::decode_here();
    }
    run()
}

/// Each worker has more of a stack than is usual: without optimising, the steps of a long piece of work stand on it all at once.
fn run() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(STACK).build();
    match runtime {
        Ok(runtime) => runtime.block_on(commands::run()),
        Err(error) => {
            eprintln!("the program cannot begin: {error}");
            ExitCode::FAILURE
        }
    }
}

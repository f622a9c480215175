//! How far a command is, for who waits: a bar or a turning sign on a terminal, plain lines elsewhere. All of it goes to standard error, so
//! that what a command prints can be read by another program.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How often the sign turns.
const TURN: Duration = Duration::from_millis(120);

/// The progress of one piece of work.
pub struct Progress {
    bar: ProgressBar,
    what: &'static str,
    /// Lines in place of a bar.
    lines: bool,
}

impl Progress {
    /// Work of so many parts. Elsewhere than on a terminal each step is a line; with `quiet` nothing is said.
    pub fn of(total: u64, what: &'static str, quiet: bool) -> Progress {
        let on_terminal = std::io::stderr().is_terminal();
        let bar = ProgressBar::with_draw_target(Some(total), target(on_terminal && !quiet));
        if let Ok(style) = ProgressStyle::with_template("{wide_bar} {pos}/{len} {msg}, {eta} left") {
            bar.set_style(style);
        }
        bar.set_message(what);
        Progress { bar, what, lines: !on_terminal && !quiet }
    }

    /// Work of unknown length. Elsewhere than on a terminal nothing is said: there is nothing to tell until it is done.
    pub fn unknown(what: &'static str, quiet: bool) -> Progress {
        let bar = ProgressBar::with_draw_target(None, target(std::io::stderr().is_terminal() && !quiet));
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}, {elapsed}") {
            bar.set_style(style);
        }
        bar.set_message(what);
        bar.enable_steady_tick(TURN);
        Progress { bar, what, lines: false }
    }

    /// So many parts are done.
    pub fn at(&self, done: u64) {
        self.bar.set_position(done);
        if self.lines {
            eprintln!("{done} of {} {}", self.bar.length().unwrap_or(done), self.what);
        }
    }

    /// Takes the bar away: what came of it is printed by the command.
    pub fn end(self) {
        self.bar.finish_and_clear();
    }
}

fn target(shown: bool) -> ProgressDrawTarget {
    if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() }
}

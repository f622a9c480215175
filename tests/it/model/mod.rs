//! The program against a plain model of it: random commands to both, and after each of them every pledge, refund, project, account and
//! transfer must be the same. A failing sequence is cut down to the commands that matter and kept in `proptest-regressions`.
//!
//! `MODEL_CASES` (24; 16 on PostgreSQL, where each needs a database of its own) sequences of up to `MODEL_COMMANDS` (30, at most 60)
//! commands are played.

mod commands;
mod compare;
mod deeds;
mod disputes;
mod ground;
mod leaving;
mod program;
mod reading;
mod reference;
mod statement;
mod things;
mod time;

use std::cell::RefCell;
use std::collections::BTreeMap;

use proptest::test_runner::{Config, TestError, TestRunner};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

use commands::{Command, over};
use ground::Ground;
use program::Program;
use reference::Model;
use things::Reply;

/// The longest sequence, unless told otherwise.
const COMMANDS: usize = 30;

thread_local! {
    /// What the databases of this test are made from.
    static GROUND: RefCell<Option<Ground>> = const { RefCell::new(None) };
    /// How often what happened.
    static COUNTS: RefCell<BTreeMap<String, u64>> = const { RefCell::new(BTreeMap::new()) };
}

struct Machine;

impl StateMachineTest for Machine {
    type SystemUnderTest = (Program, Model);
    type Reference = Model;

    fn init_test(model: &Model) -> (Program, Model) {
        let program = GROUND.with_borrow(|ground| Program::start(ground.as_ref().expect("a ground")));
        (program, model.clone())
    }

    fn apply((mut program, before): (Program, Model), model: &Model, command: Command) -> (Program, Model) {
        // what the model knew before: how far it is to the end of the sale, and which transfer is meant
        let subjects: Vec<_> = before.transfers.iter().map(|transfer| transfer.subject).collect();
        let again = model.worked_again;
        let runtime = program.handle();
        runtime.block_on(async {
            program.perform(&command, over(&before), again, &subjects).await;
            program.agrees_with(model).await;
        });
        COUNTS.with_borrow_mut(|counts| *counts.entry(word(&command, &model.reply)).or_default() += 1);
        (program, model.clone())
    }

    fn teardown((program, _): (Program, Model), _: Model) {
        program.handle().block_on(program.is_sound());
    }
}

/// A command and what came of it, without its places and amounts.
fn word(command: &Command, reply: &Reply) -> String {
    let told = format!("{command:?}");
    let name = told.split([' ', '(']).next().unwrap_or_default();
    match reply {
        Reply::Done => name.to_owned(),
        Reply::Refused(why) => format!("{name}: {why}"),
        Reply::Status(status, _) => format!("{name}: {status}"),
    }
}

fn number(name: &str, usual: u32) -> u32 {
    let told = std::env::var(name).ok();
    told.map_or(usual, |text| text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

/// Plays sequences up to so long; `on_any` database engine, or on the quicker one.
fn play(runner: &mut TestRunner, config: &Config, commands: usize, on_any: bool) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    GROUND.set(Some(runtime.block_on(Ground::new(on_any))));
    let played = runner.run(&Model::sequential_strategy(commands / 2..=commands), |(model, commands, seen)| {
        Machine::test_sequential(config.clone(), model, commands, seen);
        Ok(())
    });
    if let Some(ground) = GROUND.take() {
        ground.clear();
    }
    played.map_err(|error| match error {
        TestError::Fail(reason, (_, commands, _)) => format!("{reason}\n  after {commands:?}"),
        TestError::Abort(reason) => reason.to_string(),
    })
}

#[test]
fn the_program_does_what_the_model_does() {
    let on_postgres = std::env::var("TEST_DATABASE").as_deref() == Ok("postgres");
    let config = Config {
        cases: number("MODEL_CASES", if on_postgres { 16 } else { 24 }),
        max_shrink_time: 120_000,
        source_file: Some(file!()),
        ..Config::default()
    };
    let mut runner = TestRunner::new(config.clone());
    let commands = usize::try_from(number("MODEL_COMMANDS", u32::try_from(COMMANDS).expect("few"))).expect("a number");
    if let Err(error) = play(&mut runner, &config, commands, true) {
        panic!("{error}");
    }
    let counts = COUNTS.take();
    println!("{counts:#?}");
    if config.cases >= 100 {
        for what in WHAT_HAPPENS {
            assert!(counts.contains_key(what), "in {} sequences it never happened: {what}", config.cases);
        }
    }
}

/// What every larger run must have met, or it proves less than it says.
#[rustfmt::skip]
const WHAT_HAPPENS: [&str; 31] = [
    "Approve",
    "Approve: AlreadyApproved",
    "Approve: OwnProposal",
    "Approve: ProposalExpired",
    "Arrives",
    "CameBack",
    "Cancel: 200",
    "Cancel: 409",
    "Claim: 303",
    "Close",
    "Decide",
    "DecideDispute",
    "DecideRefund",
    "Dispute",
    "File",
    "Left",
    "LoseNews",
    "News",
    "Place",
    "Pledge: 201",
    "Pledge: 409",
    "Pledge: 422",
    "PledgeAgain: 201",
    "Press",
    "Propose",
    "Return",
    "Stranger",
    "Stumble",
    "Tranche",
    "Tranche: TooMuch",
    "Wait",
];

#[cfg(debug_assertions)]
mod planted_mistakes {
    use drempel::infra::planted::{self, Mistake};
    use proptest::test_runner::RngSeed;

    use super::*;

    /// Each mistake that a programmer could make in an afternoon is found.
    #[test]
    fn each_of_them_is_found() {
        use Mistake::{FeeTwice, NoReservationGuard, NoStateGuard, SecondRefund};
        for mistake in [SecondRefund, NoStateGuard, NoReservationGuard, FeeTwice] {
            // always the same sequences; how one failed is not cut down to the last command
            let config = Config { cases: 60, max_shrink_iters: 1, rng_seed: RngSeed::Fixed(1), ..Config::default() };
            let config = Config { failure_persistence: None, ..config };
            planted::plant(Some(mistake));
            let played = play(&mut TestRunner::new(config.clone()), &config, COMMANDS, false);
            planted::plant(None);
            let found = played.expect_err("sixty sequences did not find a mistake");
            println!("{mistake:?} is found: {found}");
        }
    }
}

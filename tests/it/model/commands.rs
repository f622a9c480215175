//! What can happen, and which of it makes sense in which state.

use drempel::features::payments::RefundState;
use drempel::features::pledges::PledgeState;
use drempel::features::rounds::RoundState;
use proptest::prelude::*;
use proptest_state_machine::ReferenceStateMachine;

use super::reference::Model;
use super::things::{AGAIN, AtBank, CLOSES, DAY, FAR, HOUR, MINUTE, Method, PROJECTS, Pledge, Reply, Sent, Word};

/// How long before the end the last minutes begin: so short that no task by the clock falls between them and the end.
const LAST: i64 = 8 * MINUTE;

/// `usize` is the place of a pledge, or of a transfer, in the order in which they were made.
#[derive(Clone, Debug)]
pub enum Command {
    Pledge {
        project: usize,
        person: usize,
        cents: i64,
        method: Method,
    },
    /// The same request with the same key.
    PledgeAgain(usize),
    Cancel(usize),
    /// The backer comes back from the bank.
    Return(usize),
    /// At the bank's page: paid, taken in for later, or a failed attempt, after which it can be tried again.
    Press(usize, AtBank),
    /// The bank's word about what it took in.
    Decide(usize, bool),
    /// The bank's word about a refund.
    DecideRefund(usize, RefundState),
    /// The backer asks their bank to take a payment by card back, and what the bank decides.
    Dispute(usize),
    DecideDispute(usize, Word),
    /// All events that wait are delivered, each so often, perhaps the last one first.
    News {
        times: usize,
        reversed: bool,
    },
    /// All events that wait are lost.
    LoseNews,
    /// The next refund that is asked for is made behind a broken answer.
    Stumble,
    /// So many seconds pass and what is due is done; everything that was lost is found.
    Wait(i64),
    /// The sale is over and the program does not know it yet.
    Close,
    Propose(usize),
    Approve(usize),
    /// So many cents for a pledge by transfer stand on the statement.
    Arrives(usize, i64),
    /// So many cents that nobody can place.
    Stranger(i64),
    /// Two treasurers send such a line back, or write it off.
    Place(usize, bool),
    /// The backer gives an account for a refund that failed.
    Claim(usize),
    /// So many cents of start money for a project.
    Tranche(usize, i64),
    /// A file of all transfers that are planned goes to the bank.
    File,
    Left(usize),
    CameBack(usize),
}

impl Command {
    /// Whether the program does what is due afterwards: what happens at the bank alone is not its business yet.
    pub fn is_work(&self) -> bool {
        use Command::{Close, Decide, DecideDispute, DecideRefund, Dispute, LoseNews, Press, Stumble};
        let at_bank = matches!(self, Press(..) | Decide(..) | DecideRefund(..) | Dispute(_) | DecideDispute(..));
        !at_bank && !matches!(self, LoseNews | Stumble | Close)
    }
}

/// The places of the things for which something holds.
fn places<T>(things: &[T], which: impl Fn(&T) -> bool) -> Vec<usize> {
    things.iter().enumerate().filter(|(_, thing)| which(thing)).map(|(place, _)| place).collect()
}

/// Adds a choice of this weight for one of these places, when there is one.
fn choose(
    all: &mut Vec<(u32, BoxedStrategy<Command>)>,
    weight: u32,
    places: Vec<usize>,
    command: impl Fn(usize) -> BoxedStrategy<Command> + 'static,
) {
    if !places.is_empty() {
        all.push((weight, prop::sample::select(places).prop_flat_map(command).boxed()));
    }
}

fn pledge(model: &Model) -> BoxedStrategy<Command> {
    let rest: Vec<i64> = (0..PROJECTS.len()).map(|project| model.available(project)).collect();
    let methods = vec![Method::Ideal, Method::Card, Method::Bancontact, Method::Transfer];
    let cents = prop_oneof![12 => 500..6_000i64, 1 => Just(499i64), 3 => Just(-1i64), 2 => Just(0i64)];
    (0..PROJECTS.len(), 0..4usize, cents, prop::sample::select(methods))
        .prop_map(move |(project, person, cents, method)| {
            // exactly what is left, and a cent more
            let cents = if cents <= 0 { (rest[project] + cents + 1).max(500) } else { cents };
            Command::Pledge { project, person, cents, method }
        })
        .boxed()
}

fn of_pledges(model: &Model, all: &mut Vec<(u32, BoxedStrategy<Command>)>) {
    let pledges = &model.pledges;
    choose(all, 1, places(pledges, |_| true), |who| Just(Command::PledgeAgain(who)).boxed());
    choose(all, 2, places(pledges, |_| true), |who| Just(Command::Return(who)).boxed());
    choose(all, 4, places(pledges, |p| p.state == PledgeState::Held), |who| Just(Command::Cancel(who)).boxed());
    choose(all, 2, places(pledges, |p| p.state != PledgeState::Held), |who| Just(Command::Cancel(who)).boxed());
    let payable = places(pledges, |p| p.method != Method::Transfer && p.bank == AtBank::Open);
    choose(all, 30, payable, |who| {
        let pay = move |bank| Just(Command::Press(who, bank));
        prop_oneof![6 => pay(AtBank::Paid), 3 => pay(AtBank::Processing), 1 => pay(AtBank::Open)].boxed()
    });
    choose(all, 8, places(pledges, |p| p.bank == AtBank::Processing), |who| {
        any::<bool>().prop_map(move |yes| Command::Decide(who, yes)).boxed()
    });
    let at_bank = |p: &Pledge, state| p.method != Method::Transfer && p.refund_at_bank() == Some(state);
    choose(all, 16, places(pledges, |p| at_bank(p, RefundState::Pending)), |who| {
        prop_oneof![Just(RefundState::Succeeded), Just(RefundState::Failed)]
            .prop_map(move |state| Command::DecideRefund(who, state))
            .boxed()
    });
    choose(all, 4, places(pledges, |p| at_bank(p, RefundState::Succeeded)), |who| {
        Just(Command::DecideRefund(who, RefundState::Failed)).boxed()
    });
    choose(all, 10, places(pledges, Pledge::can_be_disputed), |who| Just(Command::Dispute(who)).boxed());
    if model.may_decide_a_dispute() {
        choose(all, 16, places(pledges, Pledge::is_disputed), |who| {
            let word = prop::sample::select(vec![Word::Won, Word::Lost]);
            word.prop_map(move |word| Command::DecideDispute(who, word)).boxed()
        });
    }
    choose(all, 16, places(pledges, Pledge::can_claim), |who| Just(Command::Claim(who)).boxed());
    for who in places(pledges, |p| p.method == Method::Transfer) {
        let cents = pledges[who].cents;
        let some = prop_oneof![4 => Just(cents), 2 => 1..cents, 1 => cents + 1..cents + 500];
        let weight = if pledges[who].state == PledgeState::Reserved { 8 } else { 1 };
        all.push((weight, some.prop_map(move |cents| Command::Arrives(who, cents)).boxed()));
    }
}

fn of_treasurers(model: &Model, all: &mut Vec<(u32, BoxedStrategy<Command>)>) {
    let weight = if model.round == RoundState::Closing { 16 } else { 1 };
    all.push((weight, (0..2usize).prop_map(Command::Propose).boxed()));
    all.push((weight, (0..2usize).prop_map(Command::Approve).boxed()));
    for project in 0..PROJECTS.len() {
        let left = model.left_to_give(project);
        if left > 0 {
            let cents = prop_oneof![3 => 1..=left, 1 => Just(left), 1 => Just(left + 1)];
            all.push((12, cents.prop_map(move |cents| Command::Tranche(project, cents)).boxed()));
        }
    }
    all.push((1, (0..PROJECTS.len()).prop_map(|project| Command::Tranche(project, 1)).boxed()));
    let planned = model.transfers.iter().any(|transfer| transfer.sent == Sent::Planned);
    all.push((if planned { 16 } else { 1 }, Just(Command::File).boxed()));
    choose(all, 6, places(&model.strays, |stray| stray.waits), |which| {
        any::<bool>().prop_map(move |back| Command::Place(which, back)).boxed()
    });
    choose(all, 16, places(&model.transfers, |t| t.sent == Sent::AtBank), |which| Just(Command::Left(which)).boxed());
    choose(all, 8, places(&model.transfers, |t| t.sent == Sent::Confirmed), |which| {
        Just(Command::CameBack(which)).boxed()
    });
}

/// The last minutes of the sale begin by waiting for so long.
fn until_last_minutes(model: &Model) -> i64 {
    CLOSES - LAST - model.now
}

/// The sale is over after so long.
pub fn over(model: &Model) -> i64 {
    CLOSES + MINUTE - model.now
}

impl ReferenceStateMachine for Model {
    type State = Model;
    type Transition = Command;

    fn init_state() -> BoxedStrategy<Model> {
        Just(Model::new()).boxed()
    }

    fn transitions(model: &Model) -> BoxedStrategy<Command> {
        let weight = match (model.sells(), model.pledges.len()) {
            (false, _) => 1,
            (true, 0..6) => 40,
            (true, _) => 10,
        };
        let mut all = vec![(weight, pledge(model))];
        of_pledges(model, &mut all);
        of_treasurers(model, &mut all);
        let news = (prop_oneof![4 => Just(1usize), 1 => 2..5usize], any::<bool>());
        let weight = if model.has_news() { 24 } else { 1 };
        all.push((weight, news.prop_map(|(times, reversed)| Command::News { times, reversed }).boxed()));
        all.push((2, Just(Command::LoseNews).boxed()));
        if !model.stumbles {
            all.push((1, Just(Command::Stumble).boxed()));
        }
        all.push((2, (1..3_000i64).prop_map(Command::Stranger).boxed()));
        let long = prop::sample::select(vec![FAR + 7, DAY + 7 * MINUTE, 5 * DAY + HOUR]);
        all.push((6, long.prop_map(Command::Wait).boxed()));
        if model.now < CLOSES {
            all.push((3, Just(Command::Close).boxed()));
        }
        if until_last_minutes(model) >= FAR {
            all.push((4, Just(Command::Wait(until_last_minutes(model))).boxed()));
        }
        prop::strategy::Union::new_weighted(all).boxed()
    }

    fn preconditions(model: &Model, command: &Command) -> bool {
        let pledge = |who: usize| model.pledges.get(who);
        match *command {
            Command::PledgeAgain(who) | Command::Cancel(who) | Command::Return(who) => pledge(who).is_some(),
            Command::Press(who, _) => {
                pledge(who).is_some_and(|p| p.method != Method::Transfer && p.bank == AtBank::Open)
            }
            Command::Decide(who, _) => pledge(who).is_some_and(|p| p.bank == AtBank::Processing),
            Command::DecideRefund(who, to) => pledge(who).is_some_and(|p| {
                let by_bank = p.method == Method::Transfer;
                match p.refund_at_bank() {
                    Some(RefundState::Pending) => !by_bank,
                    Some(RefundState::Succeeded) => !by_bank && to == RefundState::Failed,
                    _ => false,
                }
            }),
            Command::Claim(who) => pledge(who).is_some_and(Pledge::can_claim),
            Command::Dispute(who) => pledge(who).is_some_and(Pledge::can_be_disputed),
            Command::DecideDispute(who, _) => {
                model.may_decide_a_dispute() && pledge(who).is_some_and(Pledge::is_disputed)
            }
            Command::Arrives(who, _) => pledge(who).is_some_and(|p| p.method == Method::Transfer),
            Command::Place(which, _) => model.strays.get(which).is_some_and(|stray| stray.waits),
            Command::Left(which) => model.transfers.get(which).is_some_and(|t| t.sent == Sent::AtBank),
            Command::CameBack(which) => model.transfers.get(which).is_some_and(|t| t.sent == Sent::Confirmed),
            // no wait ends just before the last minutes, or in them
            Command::Wait(seconds) => {
                let ends = model.now + seconds;
                seconds >= FAR && (model.now >= CLOSES || ends + FAR < CLOSES - LAST || ends == CLOSES - LAST)
            }
            Command::Close => model.now < CLOSES,
            Command::Stumble => !model.stumbles,
            _ => true,
        }
    }

    fn apply(mut model: Model, command: &Command) -> Model {
        model.reply = Reply::Done;
        match *command {
            Command::Pledge { project, person, cents, method } => {
                model.reply = model.pledge(project, person, cents, method);
            }
            Command::PledgeAgain(_) => model.reply = Reply::Status(201, None),
            Command::Cancel(who) => model.reply = model.cancel(who),
            Command::Return(who) => model.look(who),
            Command::Press(who, bank) => model.press(who, bank),
            Command::Decide(who, yes) => model.decide(who, yes),
            Command::DecideRefund(who, state) => model.decide_refund(who, state),
            Command::Dispute(who) => model.dispute(who),
            Command::DecideDispute(who, word) => model.decide_dispute(who, word),
            Command::News { .. } => model.hear(),
            Command::LoseNews => model.lose_news(),
            Command::Stumble => model.stumbles = true,
            Command::Wait(seconds) => model.pass(seconds),
            Command::Close => model.pass(over(&model)),
            Command::Propose(by) => model.reply = model.propose(by),
            Command::Approve(by) => model.reply = model.approve(by),
            Command::Arrives(who, cents) => model.arrives(who, cents),
            Command::Stranger(cents) => model.stranger(cents),
            Command::Place(which, back) => model.place(which, back),
            Command::Claim(who) => model.reply = model.claim(who),
            Command::Tranche(project, cents) => model.reply = model.tranche(project, cents),
            Command::File => model.reply = model.file(),
            Command::Left(which) => model.left(which),
            Command::CameBack(which) => model.came_back(which),
        }
        model.worked_again = command.is_work() && model.is_executing();
        if command.is_work() {
            model.work();
        }
        if model.worked_again {
            model.pass(AGAIN);
            model.work();
        }
        model
    }
}

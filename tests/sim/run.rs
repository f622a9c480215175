//! One seed: thirty days of a round and what follows, with everything that goes wrong on the way.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use drempel::app::verify;
use drempel::features::bank;
use drempel::features::consents::{self, NearMissState};
use drempel::infra::bank::files::Input;
use drempel::infra::bank::write::{Version, dutch_iban, write};
use drempel::infra::bank::{Balance, Direction, Head, Line};
use drempel::infra::clock::Clock;
use drempel::infra::error::Error;
use drempel::infra::random::{self, Sequence};
use drempel::infra::sandbox::simulated::News;
use drempel::infra::sandbox::{self, Sandbox};
use drempel::values::Cents;
use futures::future::{BoxFuture, join_all};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::check;
use crate::deeds::{self, Deed, Outcome};
use crate::desk::Wishes;
use crate::process::{self, Outside, Process, Weather};
use crate::seed::{self, CLOSES, DAY, PROJECTS, ROUND};

/// From here on nothing goes wrong any more: what is unfinished must come to rest.
const CALM: i64 = CLOSES + 9 * DAY;
/// By then everything must have come to rest: the last reminder about a refund that could not arrive leaves after ninety days.
const REST: i64 = CLOSES + 150 * DAY;
/// The seconds between tries to deliver an event, as the provider does; the last one repeats.
const PAUSES: [i64; 9] = [1, 3, 8, 20, 40, 300, 1_800, 3_600, 14_400];
/// A worker that has nothing to do but to look whether refunds have arrived looks so seldom, to save the simulation's time.
const PATIENT_SECONDS: i64 = 1_800;
/// All invariants are checked after every step that committed something, up to so many backers; with twice as many, after every
/// second one, and so on, as each check reads all that there is. In between the program checks itself every hour.
const CHECKED_EACH_STEP: usize = 32;
/// One seed in four is looked at only after so many steps: the check also seals the books, which is the worker's to do.
const LEFT_ALONE: usize = 40;
/// Long after everything is decided nobody sits at the desk any more.
const DESK_CLOSES: i64 = CLOSES + 60 * DAY;

/// What a clean seed tells.
pub struct Report {
    /// A hash over everything that happened, in order.
    pub journal: String,
    /// How often what happened.
    pub counts: BTreeMap<&'static str, u64>,
}

/// Something that will happen.
#[derive(Clone, Debug)]
enum Event {
    /// A backer or the bank or the staff does something to the program.
    Do(Deed),
    /// A backer presses a button on the bank's page.
    Press(usize, &'static str),
    /// The bank says no to a payment that is being processed.
    SayNo(usize),
    /// The machine's clock is wrong by so many seconds.
    Clock(i64),
    /// The bank works off what it was too slow for.
    Stalled,
    RefundFails(String),
    RefundArrives(String),
    /// Somebody pays into the foundation's account.
    MoneyIn(i64),
    /// The bank's statement of what happened since the last one is imported.
    Statement,
    Calm,
}

/// A person, and how far they have come.
#[derive(Clone, Debug)]
pub struct Backer {
    pub slug: &'static str,
    pub body: Value,
    pub key: String,
    pub reference: String,
    pub secret: String,
    session: String,
    tries: usize,
}

pub struct Sim {
    seed: u64,
    database: PathBuf,
    outside: Outside,
    process: Process,
    chance: Sequence,
    events: BTreeMap<(i64, u64), Event>,
    number: u64,
    pub backers: Vec<Backer>,
    news: Vec<News>,
    refunds_seen: usize,
    journal: Sha256,
    counts: BTreeMap<&'static str, u64>,
    /// One of so many events never arrives.
    lost_one_in: usize,
    calm: bool,
    settled: bool,
    /// When the worker was last at work, in milliseconds.
    worked_at: i64,
    /// What the process had committed when all invariants were last checked; nothing of the sort is known of a new process.
    checked_at: Option<u64>,
    wishes: Wishes,
    /// What the bank's next statement shows, and a statement whose import was broken off.
    lines: Vec<Line>,
    statement: Option<Vec<u8>>,
    /// How far the near misses have gone, as far as anybody has reacted to it.
    misses: BTreeMap<String, NearMissState>,
}

/// Runs one seed on this thread. An error says what broke.
/// `rough` takes the worst weather, in which much news is lost, and a bank that does not count what was refunded.
pub fn run(template: &Path, folder: &Path, seed: u64, backers: usize, rough: bool) -> Result<Report, String> {
    random::repeatable(seed);
    let database = folder.join(format!("{seed}-{:?}.db", std::thread::current().id()));
    std::fs::copy(template, &database).map_err(|error| error.to_string())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
    let outcome = runtime.block_on(async {
        let mut sim = Sim::start(&database, seed, backers, rough).await;
        let outcome = sim.play().await;
        let report = match outcome {
            Ok(()) => sim.finish().await,
            Err(error) => Err(format!("{error}\n  at {}", sim.outside.clock.now())),
        };
        sim.process.stop().await;
        report
    });
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", database.display()));
    }
    outcome
}

impl Sim {
    async fn start(database: &Path, seed: u64, backers: usize, rough: bool) -> Sim {
        let mut chance = Sequence::new(seed ^ 0x5EED);
        let clock = Clock::made_up(seed::start());
        let theirs = clock.of_another_machine();
        let bank = Sandbox::open(sandbox::Config {
            public_base: "http://localhost:3000/dev/bank".to_owned(),
            secret_key: "sk_test_sandbox".to_owned(),
            webhook_url: None,
            webhook_secret: "whsec_sandbox".to_owned(),
            journal: None,
            now: Arc::new(move || theirs.now().seconds()),
            requests_per_second: None,
        })
        .expect("a bank");
        // from quiet to very rough
        let drawn = [0, 20, 50, 100, 200][chance.below(5)];
        // a call is tried three times with one key: a mistake with a second key shows when all three met something
        let faults_per_mille = if rough { 400 } else { drawn };
        let pending = if chance.below(2) == 0 { "pending" } else { "succeeded" };
        // a bank that does not count what was refunded hides no second refund of ours
        bank.misbehave(json!({ "refunds": pending, "refunds_unlimited": rough || seed % 2 == 1 })).expect("an order");
        let weather = Arc::new(Mutex::new(Weather::new(seed ^ 0x3EA7, faults_per_mille)));
        let outside = Outside { bank, clock, weather };
        let process = Process::start(database, &outside, chance.number()).await;
        let drawn = ([0, 40, 60, 80][chance.below(4)], [3, 8, 11, 14][chance.below(4)]);
        // in the worst weather little is paid: a wide band below a low threshold still makes near misses
        let (percent, threshold) = if rough { (20, 6) } else { drawn };
        let mut tx = process.s.db.begin().await.expect("a transaction");
        seed::vary(&mut tx, percent, threshold, i64::try_from(backers).expect("a number")).await;
        tx.commit().await.expect("a commit");
        let wishes = Wishes { fund: chance.below(2) == 0, payouts: chance.below(3) == 0, stop: chance.below(4) == 0 };
        let mut sim = Sim {
            seed,
            database: database.to_owned(),
            outside,
            process,
            chance,
            events: BTreeMap::new(),
            number: 0,
            backers: Vec::new(),
            news: Vec::new(),
            refunds_seen: 0,
            journal: Sha256::new(),
            counts: BTreeMap::new(),
            lost_one_in: if rough { 3 } else { 25 },
            calm: false,
            settled: false,
            worked_at: 0,
            checked_at: None,
            wishes,
            lines: Vec::new(),
            statement: None,
            misses: BTreeMap::new(),
        };
        sim.plan(backers);
        sim
    }

    /// What is known beforehand: who comes when, when clocks go wrong, when the treasurers sit down.
    fn plan(&mut self, backers: usize) {
        let opens = CLOSES - 30 * DAY;
        for number in 0..backers {
            let slug = PROJECTS[[0, 0, 1, 2, 2][self.chance.below(5)]].slug;
            let euros = 5 + self.chance.below(55);
            let language = ["nl", "en"][self.chance.below(2)];
            let method = ["ideal", "card", "bancontact"][self.chance.below(3)];
            // some come twice
            let person = number - self.chance.below(2).min(number);
            let mut body = json!({
                "amount_cents": euros * 100, "email": format!("b{person}@example.org"), "name": format!("B {person}"),
                "language": language, "method": method,
            });
            if self.chance.below(5) == 0 {
                body["kind"] = json!("purchase");
                body["company"] = json!({ "name": "Bouwbedrijf", "contract_reference": "SR-1" });
            }
            let key = format!("key-{number}");
            let (reference, secret, session) = (String::new(), String::new(), String::new());
            self.backers.push(Backer { slug, body, key, reference, secret, session, tries: 0 });
            // most in the course of the round, many in its last hour, some too late
            let at = match self.chance.below(20) {
                0 => CLOSES + self.between(0, 3_600),
                1..=4 => CLOSES - self.between(1, 3_600),
                _ => opens + self.between(0, 30 * DAY),
            };
            self.at(at, Event::Do(Deed::Pledge(number)));
            if self.chance.below(8) == 0 {
                self.at(at, Event::Do(Deed::Pledge(number)));
            }
        }
        for _ in 0..self.chance.below(4) {
            let at = opens + self.between(0, 32 * DAY);
            let wrong = [3_600, -3_600, 360, -360, 7_200][self.chance.below(5)];
            let until = at + self.between(600, 3 * 3_600);
            self.at(at, Event::Clock(wrong));
            self.at(until, Event::Clock(0));
        }
        if self.wishes.fund {
            for _ in 0..=self.chance.below(2) {
                let (at, euros) = (opens + self.between(1, 20 * DAY), self.between(10, 120));
                self.at(at, Event::MoneyIn(euros * 100));
            }
        }
        if self.wishes.fund || self.wishes.payouts || self.wishes.stop {
            let (at, how) = (opens + self.between(0, 2 * DAY), self.chance.number());
            self.at(at, Event::Do(Deed::Desk(self.wishes, how)));
        }
        if self.chance.below(12) == 0 {
            let (project, at) = (PROJECTS[self.chance.below(3)].id, opens + self.between(DAY, 30 * DAY));
            self.at(at, Event::Do(Deed::TakeBack(project)));
        }
        self.at(CLOSES, Event::Do(Deed::Work));
        let sits = CLOSES + self.between(60, 6 * DAY);
        let how = self.chance.number();
        self.at(sits, Event::Do(Deed::Treasurers(how)));
        self.at(CALM, Event::Calm);
    }

    async fn play(&mut self) -> Result<(), String> {
        let most = 4_000 + 400 * self.backers.len();
        let check_every =
            if self.seed.is_multiple_of(4) { LEFT_ALONE } else { 1 + self.backers.len() / CHECKED_EACH_STEP };
        for step in 0..most {
            let due = self.next_due().await;
            let event = self.events.first_key_value().map(|((at, _), _)| *at);
            let now = self.now();
            let next = match (event, due) {
                (None, None) => return Ok(()),
                (Some(event), Some(due)) => event.min(due),
                (Some(at), None) | (None, Some(at)) => at,
            };
            if next > REST * 1_000 {
                return Err(format!("there is still work at {next}: {:?}", check::left_over(&self.process).await));
            }
            if next > now {
                self.outside.clock.pass(Duration::from_millis(u64::try_from(next - now).unwrap_or(0)));
            }
            self.outside.bank.look_at_the_clock();
            self.step(due.is_some_and(|due| due <= next)).await?;
            self.collect();
            if step % check_every == check_every - 1 && self.checked_at != Some(self.process.s.db.version()) {
                self.check().await?;
            }
        }
        Err(format!("after {most} steps it does not come to rest: {:?}", check::left_over(&self.process).await))
    }

    /// Everything that happens now, or within a second: what is done to the program is under way at the same time.
    async fn step(&mut self, work_is_due: bool) -> Result<(), String> {
        let mut deeds = Vec::new();
        let until = self.now() + 1_000;
        while deeds.len() < 5
            && let Some(entry) = self.events.first_entry().filter(|entry| entry.key().0 <= until)
        {
            match entry.remove() {
                Event::Do(deed) => deeds.push(deed),
                Event::Statement => self.import().await?,
                other => self.happen(other).await,
            }
        }
        if work_is_due || self.chance.below(3) == 0 {
            deeds.push(Deed::Work);
            // a second worker at the same moment
            if self.chance.below(4) == 0 {
                deeds.push(Deed::Work);
            }
        }
        for place in (1..deeds.len()).rev() {
            let other = self.chance.below(place + 1);
            deeds.swap(place, other);
        }
        self.perform(deeds).await
    }

    /// Carries out deeds at once; the process may be killed on the way.
    async fn perform(&mut self, deeds: Vec<Deed>) -> Result<(), String> {
        if !self.calm && self.chance.below(25) == 0 {
            let steps = 1 + self.chance.below(80);
            self.process.turns.stop_after(u64::try_from(steps).unwrap_or(1));
        }
        if deeds.iter().any(|deed| matches!(deed, Deed::Work)) {
            self.worked_at = self.now();
        }
        let under_way: Vec<BoxFuture<'_, Outcome>> = deeds
            .iter()
            .map(|deed| deeds::perform(&self.process, &self.outside, &self.backers, &self.news, deed))
            .collect();
        let patience = Duration::from_secs(120);
        let outcomes = tokio::time::timeout(patience, join_all(under_way)).await;
        let outcomes = outcomes.map_err(|_| format!("nothing moves any more in {deeds:?}"))?;
        let killed = self.start_anew().await;
        let closing = deeds.iter().any(|deed| matches!(deed, Deed::Treasurers(_) | Deed::Say(_)));
        for (deed, outcome) in deeds.into_iter().zip(outcomes) {
            self.note(&format!("{deed:?} {outcome:?}"));
            self.follow(deed, outcome, killed)?;
        }
        if closing {
            self.look_at_near_misses().await?;
        }
        Ok(())
    }

    /// After a process was killed the next one begins. Answers whether it was.
    async fn start_anew(&mut self) -> bool {
        let killed = self.process.turns.is_stopped();
        if killed {
            self.count("process killed");
            let process = Process::start(&self.database, &self.outside, self.chance.number()).await;
            std::mem::replace(&mut self.process, process).stop().await;
            self.checked_at = None;
        }
        self.process.turns.stop_after(u64::MAX / 2);
        killed
    }

    /// People react to how far the near misses are: the owner speaks, keeps silent or takes the project back, and backers choose.
    async fn look_at_near_misses(&mut self) -> Result<(), String> {
        let mut conn = self.process.s.db.read().await.map_err(|error| error.to_string())?;
        let misses = consents::actions::of_round(&mut conn, ROUND).await.map_err(|error| error.to_string())?;
        drop(conn);
        for miss in misses {
            if self.misses.insert(miss.project_id.clone(), miss.state) == Some(miss.state) {
                continue;
            }
            let Some(project) = PROJECTS.iter().find(|project| project.id == miss.project_id) else { continue };
            match miss.state {
                NearMissState::Asked => {
                    self.count("near miss found");
                    let at = self.soon(60, 4 * DAY);
                    match self.chance.below(8) {
                        0 => self.at(at, Event::Do(Deed::TakeBack(project.id))),
                        1 => {}
                        _ => self.at(at, Event::Do(Deed::Say(project.id))),
                    }
                }
                NearMissState::Choosing => self.plan_choices(project.slug),
                _ => {}
            }
        }
        Ok(())
    }

    fn plan_choices(&mut self, slug: &str) {
        for who in 0..self.backers.len() {
            if self.backers[who].slug != slug {
                continue;
            }
            for _ in 0..=self.chance.below(2) {
                let choice = ["keep", "keep", "keep", "raise", "withdraw", ""][self.chance.below(6)];
                // some too late
                let (at, cents) = (self.soon(60, 6 * DAY), self.between(5, 30) * 100);
                if !choice.is_empty() {
                    self.at(at, Event::Do(Deed::Choose(who, choice, cents)));
                }
            }
        }
    }

    /// Imports what the bank's statement shows by now. One whose import was broken off comes again, byte for byte.
    async fn import(&mut self) -> Result<(), String> {
        let text = match self.statement.take() {
            Some(text) => text,
            None if self.lines.is_empty() => return Ok(()),
            None => self.write_statement().await?,
        };
        if !self.calm && self.chance.below(6) == 0 {
            let steps = 1 + self.chance.below(30);
            self.process.turns.stop_after(u64::try_from(steps).unwrap_or(1));
        }
        let input = Input::InMemory(text.clone().into());
        let done = bank::actions::import(&self.process.s, "statement.xml", input, "usr_t1").await;
        if self.start_anew().await || matches!(done, Err(Error::Outside(_))) {
            self.statement = Some(text);
            let later = self.soon(60, 3_600);
            self.at(later, Event::Statement);
            return Ok(());
        }
        self.note(&format!("{done:?}"));
        done.map(|_| ()).map_err(|error| format!("a statement was not imported: {error}"))
    }

    async fn write_statement(&mut self) -> Result<Vec<u8>, String> {
        let iban = self.process.s.settings.bank.iban.clone();
        let mut conn = self.process.s.db.read().await.map_err(|error| error.to_string())?;
        let last = bank::actions::closing(&mut conn, &iban).await.map_err(|error| error.to_string())?;
        drop(conn);
        let lines: Vec<Line> = std::mem::take(&mut self.lines);
        let opening = last.map_or(Cents::ZERO, |(_, closing)| closing);
        let closing = Cents(opening.0 + lines.iter().map(|line| line.signed().0).sum::<i64>());
        let now = self.process.s.clock.now();
        let lines: Vec<Line> = lines.into_iter().map(|line| Line { booked_on: now.day(), ..line }).collect();
        let head = Head {
            message_id: format!("M{}", self.number),
            id: format!("S{}", self.number),
            number: self.number.to_string(),
            iban,
            opening: Balance { amount: opening, day: now.day() },
            closing: Balance { amount: closing, day: now.day() },
        };
        let mut text = Vec::new();
        write(&mut text, Version::V08, &head, now, lines).map_err(|error| error.to_string())?;
        Ok(text)
    }

    /// What comes of a deed.
    fn follow(&mut self, deed: Deed, outcome: Outcome, killed: bool) -> Result<(), String> {
        if let Outcome::Broken(what) = &outcome {
            if !killed {
                return Err(format!("{deed:?} broke: {what}"));
            }
            // whoever got no answer because the process died comes back
            if matches!(
                deed,
                Deed::Treasurers(_) | Deed::Deliver(..) | Deed::Desk(..) | Deed::Say(_) | Deed::TakeBack(_)
            ) {
                let later = self.soon(60, 3_600);
                self.at(later, Event::Do(deed));
            }
            return Ok(());
        }
        match (deed, outcome) {
            (Deed::Pledge(who), Outcome::Answer(201, pledge)) => self.pledged(who, &pledge),
            (Deed::Pledge(who), Outcome::Answer(409, _)) => {
                self.backers[who].tries = usize::MAX;
                self.count("pledge refused");
            }
            (Deed::Pledge(who), Outcome::Answer(500.., _)) if self.backers[who].tries < 5 => {
                self.backers[who].tries += 1;
                let later = self.soon(5, 60);
                self.at(later, Event::Do(Deed::Pledge(who)));
                self.count("pledge tried again");
            }
            (Deed::Cancel(who), Outcome::Answer(200, _)) if !self.backers[who].reference.is_empty() => {
                self.count("pledge cancelled");
            }
            (Deed::Cancel(who), Outcome::Answer(500.., _)) => {
                let later = self.soon(60, 600);
                self.at(later, Event::Do(Deed::Cancel(who)));
            }
            (Deed::Deliver(news, tries), Outcome::Answer(status, _)) => {
                self.count(if status == 200 { "event delivered" } else { "event refused" });
                if status != 200 && tries < 26 {
                    let later = self.seconds() + PAUSES[tries.min(PAUSES.len() - 1)];
                    self.at(later, Event::Do(Deed::Deliver(news, tries + 1)));
                }
            }
            (Deed::Treasurers(_), Outcome::Settled) => self.settled = true,
            (Deed::Treasurers(_), _) if !self.settled => {
                let later = self.soon(60, 4 * 3_600);
                let (one, two) = (self.chance.number(), self.chance.number());
                self.at(later, Event::Do(Deed::Treasurers(one)));
                if self.chance.below(6) == 0 {
                    self.at(later, Event::Do(Deed::AnotherTreasurer(two)));
                }
            }
            (Deed::Say(_), Outcome::Fine(what)) if what == "said" => self.count("owner spoke"),
            (Deed::TakeBack(_), Outcome::Fine(what)) if what == "taken back" => self.count("project taken back"),
            (Deed::Choose(who, _, _), Outcome::Answer(200, answer)) => self.chosen(who, &answer),
            (Deed::Desk(wishes, _), outcome) => self.was_at_the_desk(wishes, outcome),
            _ => {}
        }
        Ok(())
    }

    /// A raise is a pledge of its own, with a page of the bank of its own.
    fn chosen(&mut self, who: usize, answer: &Value) {
        self.count("choice made");
        let raise = &answer["raise"];
        let text = |name: &str| raise[name].as_str().unwrap_or_default().to_owned();
        let session = text("checkout_url").rsplit('/').next().unwrap_or_default().to_owned();
        if text("reference").is_empty() || self.backers.iter().any(|known| known.reference == text("reference")) {
            return;
        }
        self.count("raise made");
        let added = self.backers.len();
        let (reference, secret) = (text("reference"), text("key"));
        self.backers.push(Backer { reference, secret, session, tries: usize::MAX, ..self.backers[who].clone() });
        let (at, button) = (self.soon(5, 1_700), ["pay", "pay", "pay", "wait", "fail"][self.chance.below(5)]);
        self.at(at, Event::Press(added, button));
    }

    /// Whoever sat at the desk comes back until nothing is left to do; the bank's statement shows some hours later what left.
    fn was_at_the_desk(&mut self, wishes: Wishes, outcome: Outcome) {
        let mut idle = false;
        if let Outcome::Desk(done, lines) = outcome {
            idle = done.is_empty();
            done.into_iter().for_each(|done| self.count(done));
            if !lines.is_empty() {
                self.lines.extend(lines);
                let later = self.soon(3_600, DAY);
                self.at(later, Event::Statement);
            }
        }
        // now and then so long that a proposal can no longer be approved
        let away = idle || self.chance.below(8) == 0;
        let later = if away { self.soon(DAY, 5 * DAY) } else { self.soon(60, 8 * 3_600) };
        if later < DESK_CLOSES {
            let how = self.chance.number();
            self.at(later, Event::Do(Deed::Desk(wishes, how)));
        }
    }

    /// The backer has the address of the bank's page, and decides what to do there.
    fn pledged(&mut self, who: usize, pledge: &Value) {
        let text = |name: &str| pledge[name].as_str().unwrap_or_default().to_owned();
        let session = text("checkout_url").rsplit('/').next().unwrap_or_default().to_owned();
        let is_new = self.backers[who].reference.is_empty();
        let backer = &mut self.backers[who];
        (backer.reference, backer.secret, backer.session) = (text("reference"), text("key"), session);
        if !is_new {
            return;
        }
        self.count("pledge made");
        let press = if self.chance.below(8) == 0 { 1_798 } else { self.between(5, 1_700) };
        let at = self.seconds() + press;
        match self.chance.below(20) {
            0..=10 => {
                self.at(at, Event::Press(who, "pay"));
                if self.chance.below(2) == 0 {
                    let back = at + self.between(0, 4);
                    self.at(back, Event::Do(Deed::Return(who)));
                }
            }
            11..=12 => {
                self.at(at, Event::Press(who, "fail"));
                self.at(at + 60, Event::Press(who, "pay"));
            }
            13 => self.at(at, Event::Press(who, "fail")),
            14..=16 => {
                self.at(at, Event::Press(who, "wait"));
                if self.chance.below(3) == 0 {
                    let no = at + self.between(1, 2 * 3_600);
                    self.at(no, Event::SayNo(who));
                }
            }
            17 => {
                let cancels = self.soon(1, 900);
                self.at(cancels, Event::Do(Deed::Cancel(who)));
            }
            _ => {}
        }
        if self.chance.below(6) == 0 {
            // some at the very moment of the close
            let cancels = if self.chance.below(3) == 0 { CLOSES } else { at + self.between(10, 20 * DAY) };
            self.at(cancels, Event::Do(Deed::Cancel(who)));
        }
    }

    /// What happens outside the program.
    async fn happen(&mut self, event: Event) {
        self.note(&format!("{event:?}"));
        let bank = self.outside.bank.clone();
        let sessions: Vec<String> = self.backers.iter().map(|backer| backer.session.clone()).collect();
        let session = |who: usize| sessions[who].as_str();
        match event {
            Event::Press(who, button) => {
                // up to five days at the bank
                let place = self.chance.below(3);
                let most = [60, 7_200, 5 * DAY][place];
                bank.misbehave(json!({ "processing_seconds": most })).expect("an order");
                if bank.press(session(who), button) {
                    self.count(button);
                }
            }
            Event::SayNo(who) if bank.decide(session(who), false) => self.count("processing, then no"),
            Event::Clock(wrong) => {
                self.outside.clock.set_offset_seconds(if self.calm { 0 } else { wrong });
                self.count("clock jumped");
            }
            Event::Stalled if process::finish_stalled(&self.outside).await > 0 => self.count("done after all"),
            Event::RefundFails(id) if bank.fail_refund(&id) => self.count("refund failed"),
            Event::RefundArrives(id) if bank.finish_refund(&id) => self.count("refund arrived"),
            Event::MoneyIn(cents) => {
                let number = self.number;
                self.lines.push(Line {
                    amount: Cents(cents),
                    direction: Some(Direction::In),
                    bank_reference: format!("B{number}"),
                    end_to_end_id: format!("E{number}"),
                    name: "Giver".to_owned(),
                    iban: dutch_iban(417_164_309),
                    remittance: "for the fund".to_owned(),
                    ..Line::default()
                });
                let later = self.soon(60, DAY);
                self.at(later, Event::Statement);
            }
            Event::Calm => {
                self.calm = true;
                self.outside.clock.set_offset_seconds(0);
                self.outside.weather.lock().unwrap_or_else(PoisonError::into_inner).faults_per_mille = 0;
                bank.misbehave(json!({ "clear": true, "refunds": "succeeded" })).expect("an order");
            }
            _ => {}
        }
    }

    /// Takes the bank's news and decides how it travels; the same for refunds that will be decided later.
    fn collect(&mut self) {
        for news in self.outside.bank.news(self.news.len()) {
            let place = self.news.len();
            self.news.push(news);
            if !self.calm && self.chance.below(self.lost_one_in) == 0 {
                self.count("event lost");
                continue;
            }
            let copies = match self.chance.below(20) {
                0 => 4 + self.chance.below(7),
                1..=3 => 2 + self.chance.below(2),
                _ => 1,
            };
            for _ in 0..copies {
                let delay = match self.chance.below(10) {
                    0 => self.between(0, 3 * DAY),
                    1..=2 => self.between(0, 3_600),
                    _ => self.between(0, 3),
                };
                let at = self.seconds() + delay;
                self.at(at, Event::Do(Deed::Deliver(place, 0)));
            }
            if copies > 1 {
                self.count("event repeated");
            }
        }
        let refunds = self.outside.bank.books().sent_back;
        for refund in &refunds[self.refunds_seen..] {
            let most = if self.chance.below(8) == 0 { 3 * DAY } else { 4 * 3_600 };
            let at = self.soon(60, most);
            if self.chance.below(10) == 0 {
                self.at(at, Event::RefundFails(refund.id.clone()));
            } else if refund.pending {
                self.at(at, Event::RefundArrives(refund.id.clone()));
            }
        }
        self.refunds_seen = refunds.len();
        if !self.outside.weather.lock().unwrap_or_else(PoisonError::into_inner).stalled.is_empty() {
            let later = self.seconds() + 20;
            self.at(later, Event::Stalled);
        }
    }

    async fn check(&mut self) -> Result<(), String> {
        self.count("all invariants checked");
        let checks = verify::all(&self.process.s).await.map_err(|error| format!("the check fell over: {error}"))?;
        for check in checks {
            if !check.offending.is_empty() {
                return Err(format!("{} broken: {}: {:?}", check.name, check.what, check.offending));
            }
        }
        check::nothing_broke(&self.process).await?;
        self.checked_at = Some(self.process.s.db.version());
        Ok(())
    }

    /// The last look, when everything has come to rest.
    async fn finish(&mut self) -> Result<Report, String> {
        self.check().await?;
        let crashes = self.counts.get("process killed").copied().unwrap_or_default();
        let mut counts = std::mem::take(&mut self.counts);
        let letters = {
            let weather = self.outside.weather.lock().unwrap_or_else(PoisonError::into_inner);
            counts.extend(weather.met.iter().map(|(kind, count)| (*kind, *count)));
            weather.letters.clone()
        };
        check::letters(&self.process, &letters, crashes).await?;
        check::at_rest(&self.process, &self.backers).await?;
        check::books_agree(&self.process, &self.outside.bank.books()).await?;
        check::nothing_is_lost(&self.process, &self.outside.bank.books()).await?;
        check::what_came_of_it(&self.process, &mut counts).await;
        let mut journal = std::mem::take(&mut self.journal);
        journal.update(check::dump(&self.process).await.as_bytes());
        journal.update(self.seed.to_le_bytes());
        Ok(Report { journal: hex::encode(journal.finalize()), counts })
    }

    /// When the worker finds something to do next, by the true time in milliseconds.
    async fn next_due(&mut self) -> Option<i64> {
        let (due, patient) = check::next_due(&self.process).await;
        let offset = self.outside.clock.offset_seconds() * 1_000;
        let patient = patient.map(|due| (due.millis() - offset).max(self.worked_at + PATIENT_SECONDS * 1_000));
        let due = due.map(|due| due.millis() - offset).into_iter().chain(patient).min();
        due.map(|due| due.max(self.now()))
    }

    /// Into the journal; with `JOURNAL` set also onto the screen.
    fn note(&mut self, what: &str) {
        let line = format!("{} {what}\n", self.outside.clock.unmoved_micros());
        self.journal.update(line.as_bytes());
        if std::env::var_os("JOURNAL").is_some() {
            print!("{} {line}", self.outside.clock.now());
        }
    }

    fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    /// The true time in milliseconds.
    fn now(&self) -> i64 {
        self.outside.clock.unmoved_micros() / 1_000
    }

    fn seconds(&self) -> i64 {
        self.now() / 1_000
    }

    fn soon(&mut self, least: i64, most: i64) -> i64 {
        self.seconds() + self.between(least, most)
    }

    fn between(&mut self, least: i64, most: i64) -> i64 {
        let width = usize::try_from(most - least).unwrap_or(1);
        least + i64::try_from(self.chance.below(width.max(1))).unwrap_or(0)
    }

    /// `at` in seconds.
    fn at(&mut self, at: i64, event: Event) {
        self.number += 1;
        self.events.insert((at * 1_000, self.number), event);
    }
}

//! Every life cycle of the program: the page that draws them is true, and what is not drawn does not happen.

mod deeds;
mod events;
mod rows;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use drempel::features::approvals::ProposalState;
use drempel::features::bank::LineState;
use drempel::features::cases::CaseState;
use drempel::features::consents::NearMissState;
use drempel::features::desk::{BulkLineState, RunState};
use drempel::features::evidence::EvidenceState;
use drempel::features::match_funds::{FundState, GiveBackState, MatchState};
use drempel::features::organisations::{InvitationState, OrganisationState, PartnerState};
use drempel::features::payments::strays::ReturnState;
use drempel::features::payments::{DisputeState, PaymentState, RefundState};
use drempel::features::payouts::plan::PlanState;
use drempel::features::payouts::{AccountState, ConnectedState, TrancheState};
use drempel::features::plans::CommentState;
use drempel::features::pledges::PledgeState;
use drempel::features::projects::ProjectState;
use drempel::features::results::ReleaseState;
use drempel::features::rounds::RoundState;
use drempel::features::settlement::SettlementState;
use drempel::features::social_return::TableState;
use drempel::features::transfers::{BatchState, TransferState};
use drempel::features::updates::UpdateState;
use drempel::features::users::address::AddressState;
use drempel::features::valuations::{AnswerState, ResultState, ReviewState};
use drempel::features::verifications::VerificationState;
use drempel::infra::db::Tx;
use drempel::infra::db::life_cycle::{LifeCycle, step};
use drempel::infra::letters::LetterState;

use crate::support::App;

/// The page, and where it lies.
const PAGE: &str = include_str!("../../../src/features/life_cycles.md");
const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/features/life_cycles.md");

/// All of them, in the order of the page.
macro_rules! every {
    ($this:ident $(, $with:expr)*) => {
        $this! {
            ($($with),*)
            "Organisation" OrganisationState,
            "Invitation of a member" InvitationState,
            "Partner of a coalition" PartnerState,
            "Round" RoundState,
            "Project" ProjectState,
            "Remark on a plan" CommentState,
            "Review of an expert" ReviewState,
            "Result of a valuation" ResultState,
            "Answer to a rejection" AnswerState,
            "Pledge" PledgeState,
            "Payment" PaymentState,
            "Refund" RefundState,
            "Return of a stray payment" ReturnState,
            "Dispute" DisputeState,
            "Line of a bank statement" LineState,
            "Case" CaseState,
            "Proposal" ProposalState,
            "Run of one deed for many things" RunState,
            "Thing of such a run" BulkLineState,
            "Settlement" SettlementState,
            "Near miss" NearMissState,
            "Match fund" FundState,
            "Match" MatchState,
            "Give-back of a match fund" GiveBackState,
            "Plan of payouts" PlanState,
            "Tranche" TrancheState,
            "Release of result money" ReleaseState,
            "Bank account of an organisation" AccountState,
            "Account at the provider" ConnectedState,
            "Transfer" TransferState,
            "File of transfers" BatchState,
            "Evidence" EvidenceState,
            "Verification" VerificationState,
            "Table of building blocks" TableState,
            "Update" UpdateState,
            "Letter" LetterState,
            "Change of address" AddressState,
        }
    };
}

/// A chapter of the page: a diagram, and the same as a table.
fn chapter<S: LifeCycle>(title: &str) -> String {
    let following = |from: S| S::ALL.iter().copied().filter(|to| from.may_become(*to)).collect::<Vec<S>>();
    let mut text = format!("\n## {title}\n\n```mermaid\nstateDiagram-v2\n    [*] --> {}\n", S::ALL[0]);
    for from in S::ALL {
        for to in following(*from) {
            writeln!(text, "    {from} --> {to}").expect("a text");
        }
        if following(*from).is_empty() {
            writeln!(text, "    {from} --> [*]").expect("a text");
        }
    }
    text.push_str("```\n\n| from | to |\n| --- | --- |\n");
    for from in S::ALL {
        let names: Vec<String> = following(*from).iter().map(|to| format!("`{to}`")).collect();
        let names = if names.is_empty() { "never left".to_owned() } else { names.join(", ") };
        writeln!(text, "| `{from}` | {names} |").expect("a text");
    }
    text
}

macro_rules! draw {
    (() $($title:literal $state:ty),+ $(,)?) => {
        [$(chapter::<$state>($title)),+].concat()
    };
}

#[test]
fn the_page_of_life_cycles_is_drawn_from_them() {
    let drawn = String::from(
        "# Life cycles\n\nDrawn from the tables that decide each step; a test holds this page against them. What a state means \
         to the people\nconcerned stands in the documentation of its noun.\n",
    ) + &every!(draw);
    if std::env::var("UPDATE").is_ok() {
        fs::write(PATH, &drawn).expect("the page is written");
        return;
    }
    assert!(PAGE == drawn, "run it with UPDATE=1 and look at what changed in {PATH}");
}

/// States that have no steps, and why.
const NO_STEPS: [(&str, &str); 2] = [
    ("FundingState", "how sure its owner is of money from elsewhere: written anew with the plan, any word after any"),
    ("PublishedState", "whether a figure is told: its row is written anew whenever figures of the project change"),
];
/// Tables whose `state` is no life cycle of ours, and why.
const NO_CYCLE: [(&str, &str); 4] = [
    ("published_figures", "as `PublishedState`"),
    ("co_funding", "as `FundingState`"),
    ("balance_transactions", "a mirror of the provider's list: pending until the provider says available"),
    ("provider_payouts", "a mirror of the provider's list: whatever it says"),
];
/// Tables whose state other statements write too, and why. They all name the state they come from.
const OTHER_STATEMENTS: [(&str, &str); 4] = [
    ("refunds", "taken in batches under a lease, what was only due becoming requested"),
    ("letters", "marked by the dozen in one statement"),
    ("balance_transactions", NO_CYCLE[2].1),
    ("provider_payouts", NO_CYCLE[3].1),
];

macro_rules! names {
    (() $($title:literal $state:ident),+ $(,)?) => {
        [$((stringify!($state), <$state as LifeCycle>::TABLE)),+]
    };
}

fn read(folder: &str, ending: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == ending) {
                let text = fs::read_to_string(&path).expect("a file");
                found.push((path, text));
            }
        }
    }
    found
}

/// A new life cycle cannot be forgotten: neither an enum of states nor a column of them.
#[test]
fn every_state_has_a_life_cycle_and_is_on_the_page() {
    let drawn = every!(names);
    let mut forgotten = Vec::new();
    for (path, text) in read("src", "rs") {
        for block in text.split("words! {").skip(1) {
            let name = block.split("pub enum ").nth(1).and_then(|t| t.split(' ').next()).unwrap_or_default();
            let known = drawn.iter().any(|(state, _)| *state == name) || NO_STEPS.iter().any(|(n, _)| *n == name);
            if name.ends_with("State") && !known {
                forgotten.push(format!("{name} in {}", path.display()));
            }
        }
    }
    for (_, text) in read("migrations", "sql") {
        for table in text.split("CREATE TABLE ").skip(1).chain(text.split("ALTER TABLE ").skip(1)) {
            let has_states = table.split(';').next().unwrap_or_default().contains(" state TEXT NOT NULL");
            let name = table.split(' ').next().unwrap_or_default().trim_end_matches("_new");
            let known = drawn.iter().any(|(_, table)| *table == name) || NO_CYCLE.iter().any(|(n, _)| *n == name);
            if has_states && !known {
                forgotten.push(format!("table {name}"));
            }
        }
    }
    assert!(forgotten.is_empty(), "without a life cycle: {forgotten:#?}");
}

/// The one statement of a step is the only one that writes a state.
#[test]
fn a_state_changes_by_a_step_and_by_nothing_else() {
    let mut wrong = Vec::new();
    for (path, text) in read("src", "rs") {
        let is_test = path.components().any(|part| ["tests", "tests.rs"].iter().any(|name| part.as_os_str() == *name));
        if is_test || path.ends_with("life_cycle.rs") {
            continue;
        }
        for (at, _) in text.match_indices("UPDATE ") {
            let statement = text[at..].split(['"']).next().unwrap_or_default();
            let set = statement.split("WHERE").next().unwrap_or_default();
            if !set.contains("state = ") {
                continue;
            }
            let named = set.split_whitespace().nth(1).unwrap_or_default();
            let inserted = text[..at].rsplit("INSERT INTO ").next().and_then(|t| t.split(' ').next());
            let table = if named == "SET" { inserted.unwrap_or_default() } else { named };
            if !OTHER_STATEMENTS.iter().any(|(known, _)| *known == table) {
                wrong.push(format!("{}: {set}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Puts the row into a state, whatever it was in.
async fn put<S: LifeCycle>(tx: &mut Tx, id: &str, state: S) {
    let also = S::STEP.split(" WHERE ").next().and_then(|set| set.split_once("SET ")).expect("a statement").1;
    // a match that is back by hand is none that had gone back before
    let also = also.replace("ELSE returned_cents", "ELSE 0");
    let text = format!("UPDATE {} SET {also} WHERE {} = $1", S::TABLE, S::KEY);
    sqlx::query(sqlx::AssertSqlSafe(text)).bind(id).bind(state.to_string()).execute(&mut **tx).await.expect("a state");
}

async fn state_of<S: LifeCycle>(tx: &mut Tx, id: &str) -> String {
    let text = format!("SELECT state FROM {} WHERE {} = $1", S::TABLE, S::KEY);
    let (state,): (String,) =
        sqlx::query_as(sqlx::AssertSqlSafe(text)).bind(id).fetch_one(&mut **tx).await.expect("a row");
    state
}

/// Tries every step from every state on a row in every state.
async fn pairs<S: LifeCycle>(app: &App, title: &str) {
    let mut tx = app.s.db.begin().await.expect("a transaction");
    let text = format!("SELECT {} FROM {} ORDER BY 1 LIMIT 1", S::KEY, S::TABLE);
    let found: Option<(String,)> =
        sqlx::query_as(sqlx::AssertSqlSafe(text)).fetch_optional(&mut *tx).await.expect("a read");
    let (id,) = found.unwrap_or_else(|| panic!("there is no {title} to try"));
    for is in S::ALL {
        for from in S::ALL {
            for to in S::ALL {
                put(&mut tx, &id, *is).await;
                let stepped = step(&mut tx, &id, *from, *to).await.expect("a step");
                assert_eq!(stepped, is == from && from.may_become(*to), "{title} that is {is}: {from} to {to}");
                let after = if stepped { to } else { is };
                assert_eq!(state_of::<S>(&mut tx, &id).await, after.to_string(), "{title}: {from} to {to}");
            }
        }
    }
}

macro_rules! try_pairs {
    (($app:expr) $($title:literal $state:ty),+ $(,)?) => {
        $(pairs::<$state>($app, $title).await;)+
    };
}

#[tokio::test]
async fn a_row_takes_the_steps_of_its_life_cycle_and_no_other() {
    let app = App::start().await;
    rows::one_of_each(&app).await;
    every!(try_pairs, &app);
}

/// Tries what people and the program can do on a row in every state.
struct Tried<'a, S> {
    app: &'a App,
    id: String,
    /// Statements that make everything else fit the state.
    prepared: &'a [&'static str],
    steps: BTreeSet<(String, String)>,
    states: std::marker::PhantomData<S>,
}

impl<'a, S: LifeCycle> Tried<'a, S> {
    fn new(app: &'a App, id: &str, prepared: &'a [&'static str]) -> Tried<'a, S> {
        Tried { app, id: id.to_owned(), prepared, steps: BTreeSet::new(), states: std::marker::PhantomData }
    }

    async fn prepare(&self, tx: &mut Tx) {
        for statement in self.prepared {
            sqlx::query(*statement).execute(&mut **tx).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
        }
    }

    /// It takes exactly these steps; in every other state nothing moves. `happens` answers the status of the page, which never says
    /// that the program broke.
    async fn event(&mut self, what: &str, leads: &[(S, S)], happens: impl AsyncFn() -> u16) {
        for from in S::ALL {
            let mut tx = self.app.s.db.begin().await.expect("a transaction");
            // before, because other rows may be in its place; after, because some follow its state
            self.prepare(&mut tx).await;
            put(&mut tx, &self.id, *from).await;
            self.prepare(&mut tx).await;
            tx.commit().await.expect("a commit");
            let status = happens().await;
            assert!(status < 500, "{what}, {from}: {status}");
            let mut tx = self.app.s.db.begin().await.expect("a transaction");
            let after = state_of::<S>(&mut tx, &self.id).await;
            let to = leads.iter().find(|(known, _)| known == from).map_or(*from, |(_, to)| *to);
            assert_eq!(after, to.to_string(), "{what}, {from}: {status}");
            if to != *from {
                assert!(from.may_become(to), "{what}: {from} to {to} is not drawn");
                self.steps.insert((from.to_string(), after));
            }
        }
    }

    /// Every drawn step was taken, but for those that something else takes.
    fn are_all_steps_but(self, others: &[(S, S)]) {
        for from in S::ALL {
            for to in S::ALL.iter().filter(|to| from.may_become(**to)) {
                let is_taken = self.steps.contains(&(from.to_string(), to.to_string()));
                assert_eq!(is_taken, !others.contains(&(*from, *to)), "{from} to {to}");
            }
        }
    }
}

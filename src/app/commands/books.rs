//! Commands about the books: comparing them, and folding again what is kept beside them.

use std::io::Write;
use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;

use crate::app::commands::progress::Progress;
use crate::app::services;
use crate::features::reconciliation::{self, Compared};
use crate::features::settlement::SettlementState;
use crate::features::{ledger, pledges, rounds, settlement};
use crate::infra::Services;
use crate::infra::db::Conn;
use crate::infra::error::{Error, Result};
use crate::infra::settings::Settings;
use crate::values::Cents;

type Outcome = std::result::Result<ExitCode, Box<dyn std::error::Error>>;

/// What can be folded again. None of these sends a letter.
#[derive(Subcommand)]
pub enum Repair {
    /// Fold the balance of every account again from the entries of the books. Sends no letter.
    Balances,
    /// Fold the totals of every project again from its pledges. Sends no letter.
    Totals,
}

/// `drempel reconcile`: prints every line that was compared; 1 when one differs.
///
/// # Errors
/// A wrong day, the database, or a provider that does not answer.
pub async fn reconcile(settings: Settings, day: Option<String>, as_json: bool) -> Outcome {
    let s = open(settings).await?;
    let day = day.unwrap_or_else(|| reconciliation::actions::yesterday(s.clock.now()));
    let progress = Progress::unknown("comparing", as_json);
    let outcome = reconciliation::actions::run(&s, &day, "command").await;
    progress.end();
    let compared = match outcome {
        Ok(compared) => compared,
        Err(error) => return refused(&error),
    };
    for one in &compared {
        if print_lines(one, as_json).is_err() {
            break;
        }
    }
    let differs = compared.iter().any(|one| one.lines.iter().any(reconciliation::Line::differs));
    s.db.close().await;
    Ok(if differs { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// A refusal is wrong use: the day.
fn refused(error: &Error) -> Outcome {
    use reconciliation::Refusal;
    let text = match error.refusal::<Refusal>() {
        Some(Refusal::NoDay) => "--day: expected a day such as 2026-11-25".to_owned(),
        Some(Refusal::NotOver) => "--day: expected a day that is over".to_owned(),
        None => return Err(error.to_string().into()),
    };
    eprintln!("{text}");
    Ok(ExitCode::from(2))
}

/// Whoever reads only the first lines has closed the pipe: then the rest is not printed.
fn print_lines(one: &Compared, as_json: bool) -> std::io::Result<()> {
    let shown = |side: Option<Cents>| side.map_or_else(|| "-".to_owned(), |amount| amount.plain());
    let mut out = std::io::stdout().lock();
    for line in &one.lines {
        if as_json {
            let cents = |side: Option<Cents>| side.map(|amount| amount.0);
            let (books, other) = (cents(line.books), cents(line.other));
            let line = json!({ "way": one.way.as_str(), "day": one.day, "line": line.thing, "books_cents": books,
                "other_cents": other, "differs": line.differs(), "note": line.note });
            writeln!(out, "{line}")?;
        } else {
            let verdict = if line.differs() { "DIFFERS" } else { "agrees" };
            let (books, other) = (shown(line.books), shown(line.other));
            writeln!(out, "{:8} {verdict:7} books {books:>14}  other {other:>14}  {}", one.way.as_str(), line.note)?;
        }
    }
    if !as_json {
        let differing = one.lines.iter().filter(|line| line.differs()).count();
        writeln!(out, "{}: {} lines of {}, {differing} differ", one.way, one.lines.len(), one.day)?;
    }
    Ok(())
}

/// `drempel repair`: folds again what is kept beside the books, in one transaction, and prints what was wrong.
///
/// # Errors
/// A settlement is being carried out, or the database.
pub async fn repair(settings: Settings, what: &Repair, as_json: bool) -> Outcome {
    let s = open(settings).await?;
    let changes = match what {
        Repair::Balances => balances(&s).await,
        Repair::Totals => totals(&s).await,
    };
    for (name, before, after) in changes? {
        if as_json {
            println!("{}", json!({ "name": name, "before_cents": before.0, "after_cents": after.0 }));
        } else {
            println!("{name}: {} → {}", before.plain(), after.plain());
        }
    }
    if !as_json {
        println!("What is kept beside the books equals them. No letter was sent.");
    }
    s.db.close().await;
    Ok(ExitCode::SUCCESS)
}

type Changes = Vec<(String, Cents, Cents)>;

async fn balances(s: &Services) -> Result<Changes> {
    let mut tx = s.db.begin().await?;
    ledger::actions::lock_balances(&mut tx).await?;
    refuse_while_executing(&mut tx).await?;
    let before = ledger::actions::balances(&mut tx).await?;
    let folded = ledger::actions::folded(&mut tx).await?;
    let accounts: std::collections::BTreeSet<&String> = before.keys().chain(folded.keys()).collect();
    let of = |balances: &std::collections::BTreeMap<String, Cents>, account: &String| {
        balances.get(account).copied().unwrap_or_default()
    };
    let mut changes: Changes = accounts.into_iter().map(|a| (a.clone(), of(&before, a), of(&folded, a))).collect();
    changes.retain(|(_, before, after)| before != after);
    ledger::actions::rebuild_balances(&mut tx).await?;
    if ledger::actions::balances(&mut tx).await? != ledger::actions::folded(&mut tx).await? {
        return Err(Error::broken("something was posted at the same moment: nothing was changed, try again"));
    }
    tx.commit().await?;
    Ok(changes)
}

async fn totals(s: &Services) -> Result<Changes> {
    let mut tx = s.db.begin().await?;
    refuse_while_executing(&mut tx).await?;
    let wrong = pledges::actions::rebuild_totals(&mut tx).await?;
    tx.commit().await?;
    let parts = |row: pledges::actions::TotalsRow| {
        let (was, is) = (row.shown, row.from_pledges);
        [("reserved", was.0, is.0), ("processing", was.1, is.1), ("held", was.2, is.2)]
            .map(|(part, was, is)| (format!("{part} of {}", row.project_id), was, is))
    };
    Ok(wrong.into_iter().flat_map(parts).filter(|(_, was, is)| was != is).collect())
}

/// A closing that is carried out moves what would be folded.
async fn refuse_while_executing(conn: &mut Conn) -> Result<()> {
    for round in rounds::actions::all(conn).await? {
        let open = settlement::actions::of_round(conn, &round.id).await?;
        if open.is_some_and(|open| matches!(open.state, SettlementState::Executing | SettlementState::Paused)) {
            let text = format!("round {} is being settled: repair waits until that is done", round.number);
            return Err(Error::broken(text));
        }
    }
    Ok(())
}

async fn open(settings: Settings) -> std::result::Result<Services, Box<dyn std::error::Error>> {
    let s = services::open(settings).await?;
    s.db.migrate().await?;
    crate::app::dev::restore_clock(&s).await?;
    Ok(s)
}

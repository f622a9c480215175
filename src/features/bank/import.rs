//! Bringing a file of the bank into the books: first all of it is read and checked, then line after line is placed. An import that
//! was interrupted goes on where it stopped, by itself when it was handed in on the page, else when the file comes again; what is known
//! changes nothing.

use std::collections::HashMap;

use crate::features::bank::course::Course;
use crate::features::bank::keys::{line_key, statement_key};
use crate::features::bank::place::place;
use crate::features::bank::store::{self, Origin};
use crate::features::bank::{Imported, LineState, Refusal};
use crate::features::cases::{self, CaseKind, Found};
use crate::features::ledger::{self, Account, Kind, Posting};
use crate::infra::bank::camt::Statements;
use crate::infra::bank::files::{Input, Package};
use crate::infra::bank::{Fault, Head, Line, Piece};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::{Services, facts, random};
use crate::values::{Cents, Iban, Timestamp};

/// The row that an import locks for each of its transactions.
const LOCK: &str = "bank_import";
/// The most lines in one transaction. One that touches a pledge ends it, so that the locks of two pledges are never held together.
const BATCH: usize = 200;
/// Who acts, in history and books.
pub const ACTOR: &str = "bank";

impl From<Fault> for Error {
    fn from(fault: Fault) -> Error {
        let what = if fault.at > 0 { format!("{} ({})", fault.what, fault.at) } else { fault.what.clone() };
        Refusal::File { why: fault.why.to_string(), what }.into()
    }
}

/// A file that was read once and is well and ours.
pub struct Checked {
    package: Package,
    /// The fingerprints of its documents.
    hashes: Vec<String>,
    /// Payments in it.
    pub rows: i64,
}

/// Imports one file at once: XML, or a zip with several. `by` is a person's id, or the command line.
///
/// # Errors
/// A [`Refusal`]: then nothing of the file was imported.
pub async fn run(s: &Services, name: &str, input: Input, by: &str) -> Result<Imported> {
    let mut course = Course::default();
    book(s, name, input, by, &mut course).await?;
    Ok(course.done)
}

/// Books a file from where its course stands. Answers whether all of it is booked; `false`: others go first.
///
/// # Errors
/// As [`run`]. What was booked before stays booked.
pub async fn book(s: &Services, name: &str, input: Input, by: &str, course: &mut Course) -> Result<bool> {
    let checked = checked(s, input).await?;
    for (number, hash) in checked.hashes.iter().enumerate() {
        let origin = Origin { file_hash: hash, file_name: name, by };
        let statements = Statements::new(checked.package.document(number)?);
        if !document(s, statements, &origin, course).await? {
            return Ok(false);
        }
    }
    let done = &course.done;
    tracing::info!(
        file = name,
        lines = done.lines,
        known = done.known_lines,
        waiting = done.waiting,
        "statements imported"
    );
    Ok(true)
}

/// Reads everything once without keeping it.
///
/// # Errors
/// A [`Refusal`]: it is broken, or of another account.
pub async fn checked(s: &Services, input: Input) -> Result<Checked> {
    let ours = Iban::parse(&s.settings.bank.iban).map(|iban| iban.to_string()).unwrap_or_default();
    tokio::task::spawn_blocking(move || check(input, &ours)).await.map_err(Error::broken)?
}

fn check(input: Input, ours: &str) -> Result<Checked> {
    let package = Package::open(input)?;
    let (mut hashes, mut rows) = (Vec::new(), 0);
    for number in 0..package.len() {
        let mut statements = Statements::new(package.document(number)?);
        while let Some(piece) = statements.next_piece()? {
            match piece {
                Piece::Statement(head) if head.iban != ours => {
                    let account = Iban::parse(&head.iban).map(|iban| iban.masked()).unwrap_or_default();
                    return Err(Refusal::OtherAccount { account }.into());
                }
                Piece::Line(_) => rows += 1,
                Piece::Statement(_) | Piece::End => {}
            }
        }
        hashes.push(package.hash(number)?);
    }
    Ok(Checked { package, hashes, rows })
}

/// A payment of the file that waits for its portion.
struct Row {
    /// Its place in the file, from 1.
    number: i64,
    key: String,
    line: Line,
}

/// The statement whose lines are being placed.
struct Current {
    id: String,
    iban: String,
    /// It was imported before: its lines are counted and passed over.
    known: bool,
    lines: i64,
}

async fn document<R: std::io::BufRead>(
    s: &Services,
    mut statements: Statements<R>,
    origin: &Origin<'_>,
    course: &mut Course,
) -> Result<bool> {
    // payments that look the same in every way are told apart by their order
    let mut seen: HashMap<[u8; 16], u32> = HashMap::new();
    let mut current: Option<Current> = None;
    let mut batch: Vec<Row> = Vec::new();
    while let Some(piece) = statements.next_piece()? {
        match piece {
            Piece::Statement(head) => current = Some(begin(s, &head, origin, course).await?),
            Piece::Line(line) => {
                let number = course.row();
                let Some(statement) = &mut current else { continue };
                statement.lines += 1;
                let key = line_key(&statement.iban, &line, &mut seen);
                if let Some(number) = number.filter(|_| !statement.known) {
                    batch.push(Row { number, key, line });
                }
                if batch.len() >= BATCH {
                    place_all(s, &statement.id, &mut batch, course).await?;
                    if course.is_over(s.clock.now()) {
                        return Ok(false);
                    }
                }
            }
            Piece::End => {
                let Some(statement) = current.take() else { continue };
                place_all(s, &statement.id, &mut batch, course).await?;
                finish(s, &statement, course).await?;
                if course.is_over(s.clock.now()) {
                    return Ok(false);
                }
            }
        }
    }
    Ok(true)
}

async fn begin(s: &Services, head: &Head, origin: &Origin<'_>, course: &mut Course) -> Result<Current> {
    let (now, is_new) = (s.clock.now(), course.head());
    let key = statement_key(head);
    let mut tx = s.db.begin().await?;
    facts::set(&mut tx, LOCK, "").await?;
    let mut id = random::id("bst", now);
    let mut known = false;
    if store::insert_statement(&mut tx, &id, &key, head, origin, now).await? {
        if store::count_statements(&mut tx, &head.iban).await? == 1 {
            opening(&mut tx, &id, head, now).await?;
        }
    } else {
        let statement = store::statement_by_key(&mut tx, &key).await?;
        let statement = statement.ok_or_else(|| Error::broken("a statement that is known and is not"))?;
        known = statement.finished_at.is_some();
        id = statement.id;
    }
    if is_new {
        *(if known { &mut course.done.known_statements } else { &mut course.done.statements }) += 1;
        course.note(&mut tx, 0).await?;
    }
    tx.commit().await?;
    Ok(Current { id, iban: head.iban.clone(), known, lines: 0 })
}

/// What stood on the account before the first statement: nobody told the books whose it is.
async fn opening(tx: &mut Tx, statement_id: &str, head: &Head, now: Timestamp) -> Result<()> {
    let amount = Cents(head.opening.amount.0.checked_abs().ok_or_else(|| Error::broken("an opening balance"))?);
    if amount == Cents::ZERO {
        return Ok(());
    }
    let (debit, credit) = match head.opening.amount.0 > 0 {
        true => (Account::Bank, Account::Suspense),
        false => (Account::Suspense, Account::Bank),
    };
    let posting = Posting::new(Kind::BankReceived, format!("bank_opening:{}", head.iban), now, ACTOR, statement_id)
        .moving(amount, &debit, &credit, None);
    ledger::actions::post(tx, now, &posting).await?;
    let found = Found {
        kind: CaseKind::BankUnknown,
        subject_id: statement_id,
        amount,
        detail: "the balance of the account before the first statement",
        pledge_id: None,
        remedy: None,
    };
    cases::actions::open(tx, &found, now).await?;
    Ok(())
}

/// Places lines in as few transactions as the locks allow.
async fn place_all(s: &Services, statement_id: &str, batch: &mut Vec<Row>, course: &mut Course) -> Result<()> {
    // ids in the order of the statement
    let begun = s.clock.now();
    let mut ids: Vec<String> = batch.iter().map(|_| random::id("bkl", begun)).collect();
    ids.sort_unstable();
    let mut rows = ids.into_iter().zip(batch.drain(..)).peekable();
    while rows.peek().is_some() {
        let now = s.clock.now();
        let mut reached = 0;
        let mut tx = s.db.begin().await?;
        facts::set(&mut tx, LOCK, "").await?;
        for (id, row) in rows.by_ref() {
            reached = row.number;
            if !store::insert_line(&mut tx, &id, statement_id, &row.key, &row.line, now).await? {
                course.done.known_lines += 1;
                continue;
            }
            let placed = place(&mut tx, &id, now).await?;
            course.done.lines += 1;
            match placed.state {
                LineState::Partial | LineState::Open => course.done.waiting += 1,
                _ => course.done.matched += 1,
            }
            if placed.pledge_id.is_some() {
                break;
            }
        }
        course.note(&mut tx, reached).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Marks a statement as imported and holds the books against the last closing balance. Where they differ a statement is missing, or
/// a payment was taken for another one.
async fn finish(s: &Services, statement: &Current, course: &mut Course) -> Result<()> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    facts::set(&mut tx, LOCK, "").await?;
    course.note(&mut tx, course.rows()).await?;
    if statement.known {
        return Ok(tx.commit().await?);
    }
    store::finish_statement(&mut tx, &statement.id, statement.lines, now).await?;
    if let Some(latest) = store::latest(&mut tx, &statement.iban).await? {
        let books = ledger::actions::balance(&mut tx, &Account::Bank).await?;
        if books == latest.closing {
            let why = "the books equal the closing balance";
            cases::actions::ended(&mut tx, CaseKind::StatementDiffers, &latest.id, ACTOR, why, now).await?;
        } else {
            let detail =
                format!("the books say {}, the statement {} of {}", books.0, latest.closing.0, latest.closed_on);
            let found = Found {
                kind: CaseKind::StatementDiffers,
                subject_id: &latest.id,
                amount: Cents(latest.closing.0.saturating_sub(books.0)),
                detail: &detail,
                pledge_id: None,
                remedy: None,
            };
            cases::actions::open(&mut tx, &found, now).await?;
        }
    }
    Ok(tx.commit().await?)
}

/// The last closing balance, with its day.
pub async fn closing(conn: &mut Conn, iban: &str) -> Result<Option<(String, Cents)>> {
    Ok(store::latest(conn, iban).await?.map(|statement| (statement.closed_on, statement.closing)))
}

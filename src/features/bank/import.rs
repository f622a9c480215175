//! Bringing a file of the bank into the books: first all of it is read and checked, then line after line is placed. An import that
//! was interrupted goes on where it stopped when the file comes again; what is known changes nothing.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

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

/// Imports one file: XML, or a zip with several. `by` is a person's id, or the command line.
///
/// # Errors
/// A [`Refusal`]: then nothing of the file was imported.
pub async fn run(s: &Services, name: &str, input: Input, by: &str) -> Result<Imported> {
    let ours = Iban::parse(&s.settings.bank.iban).map(|iban| iban.to_string()).unwrap_or_default();
    let checked = tokio::task::spawn_blocking(move || check(input, &ours)).await.map_err(Error::broken)??;
    let (package, hashes) = checked;
    let mut done = Imported::default();
    for (number, hash) in hashes.iter().enumerate() {
        let origin = Origin { file_hash: hash, file_name: name, by };
        let statements = Statements::new(package.document(number)?);
        document(s, statements, &origin, &mut done).await?;
    }
    tracing::info!(
        file = name,
        lines = done.lines,
        known = done.known_lines,
        waiting = done.waiting,
        "statements imported"
    );
    Ok(done)
}

/// Reads everything once without keeping it: the fingerprints of the documents, when all of them are well and ours.
fn check(input: Input, ours: &str) -> Result<(Package, Vec<String>)> {
    let package = Package::open(input)?;
    let mut hashes = Vec::new();
    for number in 0..package.len() {
        let mut statements = Statements::new(package.document(number)?);
        while let Some(piece) = statements.next_piece()? {
            if let Piece::Statement(head) = piece
                && head.iban != ours
            {
                let account = Iban::parse(&head.iban).map(|iban| iban.masked()).unwrap_or_default();
                return Err(Refusal::OtherAccount { account }.into());
            }
        }
        hashes.push(package.hash(number)?);
    }
    Ok((package, hashes))
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
    done: &mut Imported,
) -> Result<()> {
    // payments that look the same in every way are told apart by their order
    let mut seen: HashMap<[u8; 16], u32> = HashMap::new();
    let mut current: Option<Current> = None;
    let mut batch: Vec<(String, Line)> = Vec::new();
    while let Some(piece) = statements.next_piece()? {
        match piece {
            Piece::Statement(head) => current = Some(begin(s, &head, origin, done).await?),
            Piece::Line(line) => {
                let Some(statement) = &mut current else { continue };
                statement.lines += 1;
                let key = line_key(&statement.iban, &line, &mut seen);
                if !statement.known {
                    batch.push((key, line));
                }
                if batch.len() >= BATCH {
                    place_all(s, &statement.id, &mut batch, done).await?;
                }
            }
            Piece::End => {
                let Some(statement) = current.take().filter(|statement| !statement.known) else { continue };
                place_all(s, &statement.id, &mut batch, done).await?;
                finish(s, &statement).await?;
            }
        }
    }
    Ok(())
}

async fn begin(s: &Services, head: &Head, origin: &Origin<'_>, done: &mut Imported) -> Result<Current> {
    let now = s.clock.now();
    let key = statement_key(head);
    let mut tx = s.db.begin().await?;
    facts::set(&mut tx, LOCK, "").await?;
    let id = random::id("bst", now);
    if store::insert_statement(&mut tx, &id, &key, head, origin, now).await? {
        if store::count_statements(&mut tx, &head.iban).await? == 1 {
            opening(&mut tx, &id, head, now).await?;
        }
        tx.commit().await?;
        done.statements += 1;
        return Ok(Current { id, iban: head.iban.clone(), known: false, lines: 0 });
    }
    let statement = store::statement_by_key(&mut tx, &key).await?;
    let statement = statement.ok_or_else(|| Error::broken("a statement that is known and is not"))?;
    drop(tx);
    let known = statement.finished_at.is_some();
    if known {
        done.known_statements += 1;
    } else {
        done.statements += 1;
    }
    Ok(Current { id: statement.id, iban: head.iban.clone(), known, lines: 0 })
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
async fn place_all(
    s: &Services,
    statement_id: &str,
    batch: &mut Vec<(String, Line)>,
    done: &mut Imported,
) -> Result<()> {
    // ids in the order of the statement
    let begun = s.clock.now();
    let mut ids: Vec<String> = batch.iter().map(|_| random::id("bkl", begun)).collect();
    ids.sort_unstable();
    let mut lines = ids.into_iter().zip(batch.drain(..)).peekable();
    while lines.peek().is_some() {
        let now = s.clock.now();
        let mut tx = s.db.begin().await?;
        facts::set(&mut tx, LOCK, "").await?;
        for (id, (key, line)) in lines.by_ref() {
            if !store::insert_line(&mut tx, &id, statement_id, &key, &line, now).await? {
                done.known_lines += 1;
                continue;
            }
            let placed = place(&mut tx, &id, now).await?;
            done.lines += 1;
            match placed.state {
                LineState::Partial | LineState::Open => done.waiting += 1,
                _ => done.matched += 1,
            }
            if placed.pledge_id.is_some() {
                break;
            }
        }
        tx.commit().await?;
    }
    Ok(())
}

/// Marks a statement as imported and holds the books against the last closing balance. Where they differ a statement is missing, or
/// a payment was taken for another one.
async fn finish(s: &Services, statement: &Current) -> Result<()> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    facts::set(&mut tx, LOCK, "").await?;
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

fn statement_key(head: &Head) -> String {
    digest(&[
        &head.iban,
        &head.id,
        &head.opening.day,
        &head.opening.amount.0.to_string(),
        &head.closing.day,
        &head.closing.amount.0.to_string(),
    ])
    .iter()
    .map(|byte| format!("{byte:02x}"))
    .collect()
}

/// What tells a payment from all others. The same payment on two statements has the same key.
fn line_key(iban: &str, line: &Line, seen: &mut HashMap<[u8; 16], u32>) -> String {
    let hash = digest(&[
        iban,
        line.direction.map_or("", |direction| direction.as_str()),
        &line.amount.0.to_string(),
        &line.booked_on,
        if line.is_reversal { "reversal" } else { "" },
        if line.is_return { "return" } else { "" },
        &line.bank_reference,
        &line.end_to_end_id,
        &line.iban,
        &line.name,
        &line.reference,
        &line.remittance,
    ]);
    let mut short = [0u8; 16];
    short.copy_from_slice(&hash[..16]);
    let number = seen.entry(short).or_default();
    *number += 1;
    format!("{}:{number}", hex::encode(hash))
}

fn digest(parts: &[&str]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.len().to_string());
        digest.update(":");
        digest.update(part);
    }
    digest.finalize().into()
}

//! Running the comparisons, keeping what they found, and opening and closing their cases.

use std::collections::{BTreeSet, HashSet};

use crate::features::cases::{self, CaseState, Found};
use crate::features::ledger::{self, Account};
use crate::features::payments::balance;
use crate::features::pledges;
use crate::features::reconciliation::compare::{self, AtTheBank, AtTheProvider};
use crate::features::reconciliation::{Compared, Line, NOW, Reconciliation, Refusal, Way, store};
use crate::features::{bank, transfers};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::{Services, periodic, random};
use crate::values::iban::Iban;
use crate::values::time::{days_after, is_day};
use crate::values::{Cents, Timestamp};

/// The task that compares each day when it is over.
pub const TASK: &str = "reconciliation";
/// Days that are made up for at most, when the task stood still.
const MOST_DAYS: usize = 31;

/// The day before this moment's, in Amsterdam.
pub fn yesterday(now: Timestamp) -> String {
    days_after(&now.day(), -1).unwrap_or_else(|| now.day())
}

/// Compares a day in all ways. What one way cannot tell (the provider does not answer) does not stop the others.
///
/// # Errors
/// A [`Refusal`] when that is no day or it is not over; else the first thing that failed, after the other ways were done.
pub async fn run(s: &Services, day: &str, by: &str) -> Result<Vec<Compared>> {
    if !is_day(day) {
        return Err(Refusal::NoDay.into());
    }
    if day >= s.clock.now().day().as_str() {
        return Err(Refusal::NotOver.into());
    }
    let (mut compared, mut failed) = (Vec::new(), None);
    for way in Way::ALL {
        match run_way(s, *way, day, by).await {
            Ok(done) => compared.extend(done),
            Err(error) => {
                tracing::error!(%way, day, %error, "the books could not be compared");
                failed = failed.or(Some(error));
            }
        }
    }
    match failed {
        Some(error) => Err(error),
        None => {
            go_on(s, &compared).await?;
            Ok(compared)
        }
    }
}

/// After a backup was put back: sending goes on when nothing differs. With a difference it waits for a person.
async fn go_on(s: &Services, compared: &[Compared]) -> Result<()> {
    let differs = compared.iter().flat_map(|one| &one.lines).any(Line::differs);
    if differs || !periodic::is_halted(&mut *s.db.read().await?).await? {
        return Ok(());
    }
    let mut tx = s.db.begin().await?;
    periodic::go_on(&mut tx, s.clock.now()).await?;
    Ok(tx.commit().await?)
}

/// Compares every day that is over since the last time. Answers in a few words how that went.
pub async fn run_due(s: &Services) -> Result<String> {
    let last = yesterday(s.clock.now());
    let done = store::last_day(&mut *s.db.read().await?, Way::Totals).await?;
    let mut days = Vec::new();
    let mut day = Some(last);
    while let Some(next) = day.filter(|day| days.len() < MOST_DAYS && done.as_ref().is_none_or(|done| day > done)) {
        day = if done.is_some() { days_after(&next, -1) } else { None };
        days.push(next);
    }
    let mut differing = 0;
    for day in days.iter().rev() {
        let compared = run(s, day, "schedule").await?;
        differing = compared.iter().flat_map(|one| &one.lines).filter(|line| line.differs()).count();
    }
    Ok(format!("{} / {differing}", days.join(" ")))
}

/// The last comparison of each way.
pub async fn latest(conn: &mut Conn) -> Result<Vec<Reconciliation>> {
    let mut latest = Vec::new();
    for way in Way::ALL {
        latest.extend(store::latest(conn, *way).await?);
    }
    Ok(latest)
}

/// The newest comparisons of all.
pub async fn newest(conn: &mut Conn, limit: i64) -> Result<Vec<Reconciliation>> {
    Ok(store::newest(conn, limit).await?)
}

/// One way; nothing when there is nothing yet to hold the books against.
async fn run_way(s: &Services, way: Way, day: &str, by: &str) -> Result<Option<Compared>> {
    let started_at = s.clock.now();
    if way == Way::Provider {
        // what the provider did is read first, so that its news is no difference
        balance::sweep(s).await?;
    }
    let Some(present) = present(s, way).await? else { return Ok(None) };
    let mut days = days_with_cases(&mut *s.db.read().await?, way).await?;
    days.insert(day.to_owned());
    let mut by_day = vec![(NOW.to_owned(), present)];
    for day in days {
        let lines = of_day(&mut *s.db.read().await?, way, &day).await?;
        by_day.push((day, lines));
    }
    let mut tx = s.db.begin().await?;
    periodic::lock(&mut tx, TASK).await?;
    let now = s.clock.now();
    for (of, lines) in &by_day {
        keep_cases(&mut tx, way, of, lines, now).await?;
    }
    let asked = by_day.into_iter().filter(|(of, _)| of == NOW || of == day);
    let lines: Vec<Line> = asked.flat_map(|(_, lines)| lines).collect();
    store::insert(&mut tx, &kept(way, day, &lines, started_at, now, by)).await?;
    tx.commit().await?;
    Ok(Some(Compared { way, day: day.to_owned(), lines }))
}

/// What stands now.
async fn present(s: &Services, way: Way) -> Result<Option<Vec<Line>>> {
    let mut conn = s.db.read().await?;
    match way {
        Way::Provider => {
            drop(conn);
            Ok(Some(vec![provider_balance(s).await?]))
        }
        Way::Bank => {
            let iban = Iban::parse(&s.settings.bank.iban).map(|iban| iban.to_string()).unwrap_or_default();
            let statements = bank::actions::in_order(&mut conn, &iban).await?;
            let booked = ledger::actions::balance(&mut conn, &Account::Bank).await?;
            Ok((!statements.is_empty()).then(|| compare::bank_balances(booked, &statements)))
        }
        Way::Totals => {
            let folded = ledger::actions::folded(&mut conn).await?;
            let kept = ledger::actions::balances(&mut conn).await?;
            let mut lines = compare::totals(&pledges::actions::totals_rows(&mut conn).await?, &folded);
            lines.extend(compare::balances(&folded, &kept));
            Ok(Some(lines))
        }
    }
}

async fn provider_balance(s: &Services) -> Result<Line> {
    let (available, pending) = s.stripe.balance().await?;
    let total = available.checked_add(pending).ok_or_else(|| Error::broken("the provider's balance does not fit"))?;
    let mut conn = s.db.read().await?;
    let postings = ledger::actions::at_provider(&mut conn).await?;
    let named = balance::named_keys(&mut conn).await?;
    let unposted = balance::unposted(&mut conn).await?;
    let mut booked = Cents::ZERO;
    for account in [Account::PspPending, Account::PspAvailable] {
        let sum = ledger::actions::balance(&mut conn, &account).await?;
        booked = booked.checked_add(sum).ok_or_else(|| Error::broken("the balance in the books does not fit"))?;
    }
    Ok(compare::provider_balance(booked, &postings, &named, unposted, total))
}

/// The lines of a day.
async fn of_day(conn: &mut Conn, way: Way, day: &str) -> Result<Vec<Line>> {
    let next = days_after(day, 1).unwrap_or_default();
    let (Some(from), Some(until)) = (Timestamp::start_of_day(day), Timestamp::start_of_day(&next)) else {
        return Err(Refusal::NoDay.into());
    };
    match way {
        Way::Provider => {
            let lines = balance::lines_between(conn, from, until).await?;
            let postings = ledger::actions::at_provider(conn).await?;
            let named = balance::named_keys(conn).await?;
            let side = AtTheProvider { lines: &lines, postings: &postings, named: &named };
            Ok(compare::provider_day(&side, from, until))
        }
        Way::Bank => {
            let lines = bank::actions::booked_on(conn, day).await?;
            let postings = ledger::actions::at_bank(conn).await?;
            let known: HashSet<String> = bank::actions::line_ids(conn).await?.into_iter().collect();
            let transfers = transfers::actions::shown(conn).await?;
            let side = AtTheBank { lines: &lines, postings: &postings, known: &known, transfers: &transfers };
            Ok(compare::bank_day(&side, from, until))
        }
        Way::Totals => Ok(Vec::new()),
    }
}

fn prefix(way: Way, of: &str) -> String {
    format!("books:{way}:{of}:")
}

/// The days that have open cases.
async fn days_with_cases(conn: &mut Conn, way: Way) -> Result<BTreeSet<String>> {
    let open = cases::actions::open_of_kind(conn, way.case_kind()).await?;
    let day = |subject: &str| {
        let rest = subject.strip_prefix(&format!("books:{way}:"))?;
        rest.split(':').next().filter(|day| is_day(day)).map(str::to_owned)
    };
    Ok(open.iter().filter_map(|case| day(&case.subject_id)).collect())
}

/// One case for each line that differs; those of lines that agree now are over.
async fn keep_cases(tx: &mut Tx, way: Way, of: &str, lines: &[Line], now: Timestamp) -> Result<()> {
    let prefix = prefix(way, of);
    let mut found = HashSet::new();
    for line in lines.iter().filter(|line| line.differs()) {
        if is_known_by_the_import(tx, way, line).await? {
            continue;
        }
        let subject = format!("{prefix}{}", line.thing);
        let cents = |side: Option<Cents>| side.map_or_else(|| "nothing".to_owned(), |amount| amount.plain());
        let detail = format!("{}: books {}, {way} {}", line.note, cents(line.books), cents(line.other));
        let case = Found {
            kind: way.case_kind(),
            subject_id: &subject,
            amount: line.difference(),
            detail: &detail,
            pledge_id: None,
            remedy: line.remedy.clone(),
        };
        cases::actions::see(tx, &case, now).await?;
        found.insert(subject);
    }
    let why = "the two agree";
    cases::actions::end_missing(tx, way.case_kind(), &prefix, &found, TASK, why, now).await?;
    Ok(())
}

/// The import of a statement compares its closing balance too: one difference is one case.
async fn is_known_by_the_import(conn: &mut Conn, way: Way, line: &Line) -> Result<bool> {
    let Some(statement_id) = line.thing.strip_prefix("closing:").filter(|_| way == Way::Bank) else { return Ok(false) };
    let about = cases::actions::about(conn, way.case_kind(), statement_id).await?;
    Ok(about.is_some_and(|case| case.state == CaseState::Open))
}

fn kept(
    way: Way,
    day: &str,
    lines: &[Line],
    started_at: Timestamp,
    finished_at: Timestamp,
    by: &str,
) -> Reconciliation {
    let count = |differs: bool| lines.iter().filter(|line| line.differs() == differs).count();
    let matched: i64 = lines.iter().filter(|line| !line.differs()).map(|line| amount(line.other)).sum();
    let differing: i64 = lines.iter().filter(|line| line.differs()).map(|line| line.difference().0).sum();
    Reconciliation {
        id: random::id("rec", finished_at),
        way,
        day: day.to_owned(),
        matched: i64::try_from(count(false)).unwrap_or(i64::MAX),
        matched_cents: Cents(matched),
        differing: i64::try_from(count(true)).unwrap_or(i64::MAX),
        differing_cents: Cents(differing),
        started_at,
        finished_at,
        started_by: by.to_owned(),
    }
}

fn amount(side: Option<Cents>) -> i64 {
    side.unwrap_or_default().0.saturating_abs()
}

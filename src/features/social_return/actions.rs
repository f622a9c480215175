//! Statements: issuing them when something changed, reading and checking them.

use sha2::{Digest, Sha256};

use crate::features::ledger::Check;
use crate::features::pledges::{self, Pledge, PledgeKind, PledgeState};
use crate::features::receipts::year_of;
use crate::features::social_return::facts::About;
use crate::features::social_return::{Facts, PLEDGE, Refusal, Statement, StatementKind, store, tables};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::infra::settings::FoundationSettings;
use crate::infra::{Services, history, jobs, random};
use crate::values::{Cents, Timestamp};

/// Characters of a statement's code: 80 random bits.
const CODE_LENGTH: usize = 16;
/// Statements read at once when all are checked.
const PAGE: i64 = 500;

/// The job of [`PLEDGE`], and a part of the one of [`pledges::actions::PAPERS`]: issues the statement of a purchase when what is to be
/// said of it has changed. Safe to repeat. Nothing while no foundation is set, which would issue it.
pub async fn bring_up_to_date(s: &Services, pledge_id: &str) -> Result<()> {
    let Some(foundation) = &s.settings.foundation else { return Ok(()) };
    let pledge = pledges::actions::get(&mut *s.db.read().await?, pledge_id).await?;
    if pledge.kind != PledgeKind::Purchase || pledge.held_at.is_none() {
        return Ok(());
    }
    let mut tx = s.db.begin().await?;
    issue(&mut tx, foundation, pledge_id, s.clock.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// Issues the statement of a purchase, unless the newest one says the same.
async fn issue(
    tx: &mut Tx,
    foundation: &FoundationSettings,
    pledge_id: &str,
    now: Timestamp,
) -> Result<Option<Statement>> {
    let year = year_of(now);
    store::lock_counter(tx, year).await?;
    let pledge = pledges::actions::get(tx, pledge_id).await?;
    let Some(held_at) = pledge.held_at.filter(|_| pledge.kind == PledgeKind::Purchase) else { return Ok(None) };
    // a dispute is open: the bank will say whether the money stays
    if pledge.state == PledgeState::Disputed {
        return Ok(None);
    }
    let region = store::region_of(tx, pledge_id).await?;
    let settled_at = store::settled_at(tx, &pledge.project_id).await?;
    let About { kind, mut facts } =
        About::read(tx, foundation, (&pledge, held_at), region.as_deref(), settled_at).await?;
    let last = store::of_pledge(tx, pledge_id).await?.pop();
    if let Some(last) = &last {
        if Facts::of(last)?.says_the_same(&facts) {
            return Ok(None);
        }
        facts.replaces.clone_from(&last.number);
    } else if kind == StatementKind::Withdrawn {
        // it went back before anything was said: there is nothing to take back
        return Ok(None);
    }
    let seq = store::next(tx, year).await?;
    facts.number = format!("SR{year}-{seq:06}");
    facts.issued_at = now.to_string();
    facts.code = random::code(CODE_LENGTH);
    let text = facts.canonical()?;
    let statement = Statement {
        id: random::id("crs", now),
        kind,
        year,
        seq,
        number: facts.number,
        code: facts.code,
        pledge_id: pledge.id,
        replaces_id: last.map(|last| last.id),
        kept: Cents(facts.purchase.kept_cents),
        issued_at: now,
        sha256: hash(&text),
        facts: text,
    };
    store::insert(tx, &statement).await?;
    Ok(Some(statement))
}

pub(super) fn hash(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// The job of [`SETTLED`](crate::features::results::SETTLED): the results of a project are settled for good, so what is said of its purchases becomes final. Safe to
/// repeat: a purchase whose money still moves is told anew when it has.
pub async fn settle(s: &Services, project_id: &str) -> Result<()> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    issue_final(&mut tx, project_id, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Notes that the results of a project are settled for good, and has the statement of each of its purchases brought up to date.
pub async fn issue_final(tx: &mut Tx, project_id: &str, now: Timestamp) -> Result<()> {
    if store::settle(tx, project_id, now).await? {
        // beside the project's own history, which tells its states
        let subject_id = format!("statements_{project_id}");
        let entry = history::Entry {
            subject: "statements",
            subject_id: &subject_id,
            from: StatementKind::Provisional.as_str(),
            to: StatementKind::Final.as_str(),
            actor: "results",
            reason: "",
        };
        history::record(tx, now, entry).await?;
    }
    for pledge_id in pledges::actions::purchases_of(tx, project_id).await? {
        jobs::enqueue(tx, now, PLEDGE, &pledge_id, now).await?;
    }
    Ok(())
}

/// A buyer says for which region's obligation a purchase counts. It may be said anew until the statement is final.
///
/// # Errors
/// No purchase, final already, or no table of such a region held when it was paid.
pub async fn choose_region(tx: &mut Tx, pledge: &Pledge, region: &str, actor: &str, now: Timestamp) -> Result<()> {
    let held_at = pledge.held_at.filter(|_| pledge.kind == PledgeKind::Purchase).ok_or(Refusal::NotPurchase)?;
    store::lock_counter(tx, year_of(now)).await?;
    if store::settled_at(tx, &pledge.project_id).await?.is_some() {
        return Err(Refusal::AlreadyFinal.into());
    }
    if tables::of_region(tx, region, &held_at.day()).await?.is_none() {
        return Err(Refusal::NoRegion.into());
    }
    let before = store::region_of(tx, &pledge.id).await?.unwrap_or_default();
    store::say_region(tx, &pledge.id, region, now).await?;
    // beside the pledge's own history, which tells its states
    let subject_id = format!("region_{}", pledge.id);
    let entry = history::Entry {
        subject: "purchase_region",
        subject_id: &subject_id,
        from: &before,
        to: region,
        actor,
        reason: "",
    };
    history::record(tx, now, entry).await?;
    Ok(jobs::enqueue(tx, now, PLEDGE, &pledge.id, now).await?)
}

/// Whether the results of a project are settled for good.
pub async fn is_final(conn: &mut Conn, project_id: &str) -> Result<bool> {
    Ok(store::settled_at(conn, project_id).await?.is_some())
}

/// The region that was said of a purchase.
pub async fn region_of(conn: &mut Conn, pledge_id: &str) -> Result<Option<String>> {
    Ok(store::region_of(conn, pledge_id).await?)
}

/// The statements about a purchase, the oldest first.
pub async fn of_pledge(conn: &mut Conn, pledge_id: &str) -> Result<Vec<Statement>> {
    Ok(store::of_pledge(conn, pledge_id).await?)
}

/// The statement with this code as it stands on paper: small letters, blanks and hyphens do not matter.
pub async fn by_code(conn: &mut Conn, typed: &str) -> Result<Option<Statement>> {
    Ok(store::by_code(conn, &code(typed)).await?)
}

/// A code as it is stored.
pub fn code(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_alphanumeric).take(CODE_LENGTH + 1).collect::<String>().to_uppercase()
}

/// A code in groups, as it stands on paper.
pub fn grouped(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// Checks all statements.
pub async fn verify(conn: &mut Conn) -> Result<Vec<Check>> {
    let mut gaps = Vec::new();
    let mut numbered = 0;
    for (year, last, count, lowest, highest) in store::against_counters(conn).await? {
        numbered += count;
        if (count, lowest, highest) != (last, 1, last) {
            gaps.push(format!("statements {year}"));
        }
    }
    let changed = changed(conn).await?;
    let check = |what, offending| Check { name: "I16", what, checked: numbered, offending };
    Ok(vec![
        check("statements run per year without gaps", gaps),
        check("statements say what they said when issued", changed),
    ])
}

/// Statements whose facts are no longer those that were frozen, or differ from their row.
async fn changed(conn: &mut Conn) -> Result<Vec<String>> {
    let (mut changed, mut last) = (Vec::new(), String::new());
    loop {
        let some = store::after(conn, &last, PAGE).await?;
        let Some(end) = some.last() else { return Ok(changed) };
        last.clone_from(&end.id);
        for statement in some {
            let same = hash(&statement.facts) == statement.sha256
                && Facts::of(&statement).is_ok_and(|facts| {
                    facts.number == statement.number
                        && facts.code == statement.code
                        && facts.kind == statement.kind.as_str()
                        && facts.purchase.kept_cents == statement.kept.0
                });
            if !same {
                changed.push(statement.number);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        assert_eq!(grouped("ABCD1234EFGH5678"), "ABCD-1234-EFGH-5678");
        assert_eq!(code(" abcd-1234 efgh5678 "), "ABCD1234EFGH5678");
        assert_eq!(code("ABCD1234EFGH56789Z").len(), CODE_LENGTH + 1, "too long a code is none");
    }
}

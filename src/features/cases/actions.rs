//! Opening and closing cases.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::features::cases::{Case, CaseKind, CaseState, Found, store};
use crate::features::ledger::{self, Account, Check};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::listing::Wanted;
use crate::infra::{history, random};
use crate::values::{Cents, Timestamp};

/// Opens a case, or finds the one of this kind about this thing. Answers its id and whether it is new.
pub async fn open(tx: &mut Tx, found: &Found<'_>, now: Timestamp) -> Result<(String, bool)> {
    let id = random::id("cas", now);
    if !store::insert(tx, &id, found, now).await? {
        let known = store::by_subject(tx, found.kind, found.subject_id).await?;
        return Ok((known.map(|case| case.id).unwrap_or_default(), false));
    }
    tracing::warn!(case = id, kind = %found.kind, subject = found.subject_id, cents = found.amount.0, "a case was opened");
    record(tx, &id, "", CaseState::Open, "program", found.detail, now).await?;
    Ok((id, true))
}

/// What became of something that a check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// A case was opened, or opened again.
    Opened,
    /// Its case is open already.
    Known,
    /// A person has explained exactly this amount before.
    Explained,
}

/// Notes what a check found that looks again and again: opens its case, brings it up to date, or opens it again. What a person
/// explained stays closed as long as the amount is the same.
pub async fn see(tx: &mut Tx, found: &Found<'_>, now: Timestamp) -> Result<Seen> {
    let (id, is_new) = open(tx, found, now).await?;
    if is_new {
        return Ok(Seen::Opened);
    }
    let case = get(tx, &id).await?;
    if case.state == CaseState::Open {
        if case.amount != found.amount || case.detail != found.detail {
            store::find_again(tx, &case, found, case.opened_at).await?;
        }
        return Ok(Seen::Known);
    }
    let by_a_person = case.closed_by.as_ref().is_some_and(|by| by.starts_with("usr_"));
    if by_a_person && case.amount == found.amount {
        return Ok(Seen::Explained);
    }
    store::find_again(tx, &case, found, now).await?;
    record(tx, &id, CaseState::Closed.as_str(), CaseState::Open, "program", found.detail, now).await?;
    Ok(Seen::Opened)
}

/// Closes the open cases of a kind whose subject begins with `prefix` and was not found this time. Answers how many.
pub async fn end_missing(
    tx: &mut Tx,
    kind: CaseKind,
    prefix: &str,
    found: &HashSet<String>,
    actor: &str,
    why: &str,
    now: Timestamp,
) -> Result<usize> {
    let mut ended_now = 0;
    for case in store::open_of_kind(tx, kind).await? {
        if case.subject_id.starts_with(prefix) && !found.contains(&case.subject_id) {
            ended_now += usize::from(ended(tx, kind, &case.subject_id, actor, why, now).await?);
        }
    }
    Ok(ended_now)
}

/// Closes the case of this kind about this thing, because what it was about has ended. Answers whether one was open.
pub async fn ended(
    tx: &mut Tx,
    kind: CaseKind,
    subject_id: &str,
    actor: &str,
    why: &str,
    now: Timestamp,
) -> Result<bool> {
    let Some(case) = store::by_subject(tx, kind, subject_id).await? else { return Ok(false) };
    if !store::close(tx, &case.id, actor, why, now).await? {
        return Ok(false);
    }
    record(tx, &case.id, CaseState::Open.as_str(), CaseState::Closed, actor, why, now).await?;
    Ok(true)
}

/// The money of the open cases about this thing is leaving by this way: until it has, or could not (an empty `way`), nothing else can
/// be decided about them.
pub async fn wait(tx: &mut Tx, subject_id: &str, way: &'static str) -> Result<()> {
    Ok(store::wait(tx, subject_id, way).await?)
}

/// Locks the open cases about this thing: who is about to post what may end them does this first, as somebody at the desk holds the case
/// before the books.
pub async fn lock_about(tx: &mut Tx, subject_id: &str) -> Result<()> {
    Ok(store::lock_about(tx, subject_id).await?)
}

/// The case of this kind about this thing, open or closed.
pub async fn about(conn: &mut Conn, kind: CaseKind, subject_id: &str) -> Result<Option<Case>> {
    Ok(store::by_subject(conn, kind, subject_id).await?)
}

/// The case with this id, if there is one.
pub async fn find(conn: &mut Conn, id: &str) -> Result<Option<Case>> {
    Ok(store::by_id(conn, id).await?)
}

/// The case with this id; it must be there.
pub async fn get(conn: &mut Conn, id: &str) -> Result<Case> {
    store::by_id(conn, id).await?.ok_or_else(|| Error::broken(format!("no case {id}")))
}

/// A page of cases in a state: the open ones the oldest first, the closed ones the newest first.
pub async fn page(conn: &mut Conn, state: CaseState, limit: i64, offset: i64) -> Result<Vec<Case>> {
    Ok(store::page(conn, state, limit, offset).await?)
}

/// A part of the cases for the team's list.
pub async fn listed(conn: &mut Conn, wanted: &Wanted) -> Result<Vec<Case>> {
    Ok(store::listed(conn, wanted).await?)
}

/// How many cases of that list are in each state, whichever state is wanted, and the amounts in question.
pub async fn listed_sums(conn: &mut Conn, wanted: &Wanted) -> Result<Vec<(CaseState, i64, Cents)>> {
    Ok(store::listed_sums(conn, wanted).await?)
}

/// How many cases there are in each state.
pub async fn counts(conn: &mut Conn) -> Result<HashMap<CaseState, i64>> {
    Ok(store::counts(conn).await?.into_iter().collect())
}

/// The open cases of a kind, the oldest first.
pub async fn open_of_kind(conn: &mut Conn, kind: CaseKind) -> Result<Vec<Case>> {
    Ok(store::open_of_kind(conn, kind).await?)
}

/// Checks that what stands in suspense is, to the cent, what open cases are about.
pub async fn verify(conn: &mut Conn) -> Result<Vec<Check>> {
    let suspense = ledger::actions::balance(conn, &Account::Suspense).await?;
    let by_cause = ledger::actions::suspense_by_cause(conn).await?;
    let open: HashSet<String> = store::open_subjects(conn).await?.into_iter().map(|(subject,)| subject).collect();
    let checked = i64::try_from(by_cause.len()).unwrap_or(i64::MAX);
    let offending = unexplained(suspense, &by_cause, &open);
    Ok(vec![Check { name: "I18", what: "suspense is empty or open cases explain every cent", checked, offending }])
}

/// The causes of what nobody explains; nothing when the open cases explain the whole balance.
fn unexplained(suspense: Cents, by_cause: &BTreeMap<String, Cents>, open: &HashSet<String>) -> Vec<String> {
    let (explained, rest): (Vec<_>, Vec<_>) = by_cause.iter().partition(|(cause, _)| open.contains(*cause));
    let sum = explained.iter().try_fold(Cents::ZERO, |sum, (_, amount)| sum.checked_add(**amount));
    if sum == Some(suspense) {
        return Vec::new();
    }
    let causes = rest.into_iter().map(|(cause, amount)| format!("{cause} ({} cents)", amount.0));
    std::iter::once(format!("{} cents stand in suspense, open cases explain {}", suspense.0, sum.unwrap_or_default().0))
        .chain(causes)
        .collect()
}

async fn record(
    tx: &mut Tx,
    id: &str,
    from: &str,
    to: CaseState,
    actor: &str,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    let entry = history::Entry { subject: "case", subject_id: id, from, to: to.as_str(), actor, reason };
    Ok(history::record(tx, now, entry).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i18_open_cases_explain_suspense_to_the_cent() {
        let causes = |rows: &[(&str, i64)]| rows.iter().map(|(id, sum)| ((*id).to_owned(), Cents(*sum))).collect();
        let open = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<HashSet<String>>();
        let two: BTreeMap<String, Cents> = causes(&[("pay_1", -2_500), ("line_2", 700)]);
        assert!(unexplained(Cents(-1_800), &two, &open(&["pay_1", "line_2", "pay_9"])).is_empty());
        assert_eq!(unexplained(Cents(-1_800), &two, &open(&["pay_1"])).len(), 2);
        // sent back by a transfer of its own: nothing stands there any more
        let back: BTreeMap<String, Cents> = causes(&[("line_1", -300), ("trf_1", 300)]);
        assert!(unexplained(Cents::ZERO, &back, &open(&[])).is_empty());
        assert_eq!(unexplained(Cents::ZERO, &back, &open(&["line_1"])).len(), 2);
        assert!(unexplained(Cents::ZERO, &BTreeMap::new(), &open(&["pay_1"])).is_empty());
    }
}

//! `drempel verify-ledger`: every invariant, one line each, with what was checked. The same runs every hour: one that does not hold
//! is a case.

use std::collections::HashSet;

use crate::features::cases::{CaseKind, Found};
use crate::features::ledger::Check;
use crate::features::{
    cases, consents, ledger, match_funds, payments, payouts, pledges, receipts, reconciliation, results, settlement,
    social_return, terminations,
};
use crate::infra::Services;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::infra::history::chain;
use crate::values::Cents;

/// What begins the subject of a case about an invariant.
const PREFIX: &str = "invariant:";

/// Seals what waits, then checks all invariants. Writes only the missing links of the chains.
pub async fn all(s: &Services) -> Result<Vec<Check>> {
    ledger::actions::seal(&s.db).await?;
    chain::seal(&s.db).await?;
    let mut conn = s.db.read().await?;
    let mut checks = ledger::actions::verify(&mut conn).await?;
    checks.extend(cases::actions::verify(&mut conn).await?);
    checks.extend(pledges::actions::verify(&mut conn).await?);
    checks.extend(match_funds::actions::verify(&mut conn).await?);
    checks.extend(payments::actions::verify(&mut conn).await?);
    checks.extend(consents::verify(&mut conn).await?);
    checks.extend(settlement::verify(&mut conn).await?);
    checks.extend(receipts::actions::verify(&mut conn).await?);
    checks.extend(social_return::actions::verify(&mut conn).await?);
    checks.extend(payouts::actions::verify(&mut conn).await?);
    checks.extend(terminations::actions::verify(&mut conn).await?);
    checks.extend(results::actions::verify(&mut conn).await?);
    checks.extend(reconciliation::verify(&mut conn).await?);
    checks.push(log(&mut conn).await?);
    Ok(checks)
}

/// The chain of the log of what happened.
async fn log(conn: &mut Conn) -> Result<Check> {
    let checked = chain::verify(conn).await?;
    let offending = checked.faults.iter().map(|(fault, id)| format!("{} {id}", fault.as_str())).collect();
    Ok(Check { name: "log", what: "the chain of the audit log is unbroken", checked: checked.links, offending })
}

/// Checks all invariants and keeps a case for each that does not hold, until it holds again. Answers how many do not.
pub async fn watch(s: &Services) -> Result<usize> {
    let checks = all(s).await?;
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let mut found = HashSet::new();
    for check in checks.iter().filter(|check| !check.offending.is_empty()) {
        let subject = format!("{PREFIX}{}:{}", check.name, check.what);
        let first: Vec<&str> = check.offending.iter().take(20).map(String::as_str).collect();
        let detail = format!("{} does not hold for {}: {}", check.name, check.offending.len(), first.join(", "));
        let case = Found {
            kind: CaseKind::InvariantBroken,
            subject_id: &subject,
            amount: Cents::ZERO,
            detail: &detail,
            pledge_id: None,
            remedy: None,
        };
        cases::actions::see(&mut tx, &case, now).await?;
        found.insert(subject);
    }
    let why = "it holds again";
    cases::actions::end_missing(&mut tx, CaseKind::InvariantBroken, PREFIX, &found, "invariants", why, now).await?;
    tx.commit().await?;
    Ok(found.len())
}

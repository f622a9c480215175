//! `drempel verify-ledger`: every invariant, one line each, with what was checked.

use crate::features::ledger::Check;
use crate::features::{cases, ledger, payments, payouts, pledges, receipts, settlement};
use crate::infra::Services;
use crate::infra::error::Result;

/// Seals what waits, then checks all invariants. Writes only the missing links of the chain.
pub async fn all(s: &Services) -> Result<Vec<Check>> {
    ledger::actions::seal(&s.db).await?;
    let mut conn = s.db.read().await?;
    let mut checks = ledger::actions::verify(&mut conn).await?;
    checks.extend(cases::actions::verify(&mut conn).await?);
    checks.extend(pledges::actions::verify(&mut conn).await?);
    checks.extend(payments::actions::verify(&mut conn).await?);
    checks.extend(settlement::verify(&mut conn).await?);
    checks.extend(receipts::actions::verify(&mut conn).await?);
    checks.extend(payouts::actions::verify(&mut conn).await?);
    Ok(checks)
}

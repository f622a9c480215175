//! The card networks' early warnings of fraud: what can still be refunded is refunded, before a dispute comes and costs more.

use crate::features::cases::{self, CaseKind, Found};
use crate::features::payments::{RefundCause, refunds, store};
use crate::features::pledges::{self, PledgeState};
use crate::infra::Services;
use crate::infra::error::Result;

/// The job that looks at a warning; its subject is the provider's id.
pub const CHECK: &str = "fraud.check";

/// Reads a warning at the provider and acts on it, once. A held pledge is refunded and no longer counts; for any other there is
/// only the case.
///
/// # Errors
/// The provider or the database does not answer.
pub async fn check(s: &Services, warning_id: &str) -> Result<()> {
    let found = s.stripe.fraud_warning(warning_id).await?;
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let Some(payment) = store::by_provider_id(&mut tx, &found.intent_id).await? else {
        tracing::warn!(warning = warning_id, "a warning about a payment that is not ours");
        return Ok(());
    };
    let pledge = pledges::actions::lock(&mut tx, &payment.pledge_id).await?;
    let is_held = pledge.state == PledgeState::Held;
    if !store::insert_warning(&mut tx, &found, &payment, is_held, now).await? {
        return Ok(());
    }
    if is_held {
        pledges::actions::begin_refund(&mut tx, &pledge, "fraud", "the card network warned of fraud", now).await?;
        refunds::make_due(&mut tx, &payment, &pledge, RefundCause::Fraud, now).await?;
    }
    let detail = format!("warning {} ({}), pledge {} was {}", found.id, found.kind, pledge.id, pledge.state);
    let case = Found {
        kind: CaseKind::FraudWarning,
        subject_id: &found.id,
        amount: pledge.kept(),
        detail: &detail,
        pledge_id: Some(&pledge.id),
        remedy: None,
    };
    cases::actions::open(&mut tx, &case, now).await?;
    Ok(tx.commit().await?)
}

//! Disputes and the card networks' early warnings.

use stripe_core::dispute::{ListDispute, RetrieveDispute};
use stripe_fraud::radar_early_fraud_warning::RetrieveRadarEarlyFraudWarning;
use stripe_shared::{Dispute, DisputeStatus};

use crate::infra::stripe::balance::named;
use crate::infra::stripe::{ProviderError, Stripe};
use crate::values::{Cents, Timestamp};

/// How far a dispute is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DisputeStage {
    /// The bank asks; the money stays.
    Warning,
    /// The question was withdrawn.
    Closed,
    Open,
    Won,
    Lost,
}

/// A dispute at the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderDispute {
    pub id: String,
    pub intent_id: String,
    pub amount: Cents,
    pub stage: DisputeStage,
    /// The provider's word.
    pub reason: String,
    pub opened_at: Timestamp,
    /// What the provider keeps for it.
    pub fee: Cents,
    /// Whether the money has left the balance.
    pub taken: bool,
    /// Whether it has come back.
    pub returned: bool,
}

/// The card network warns that a payment may be fraud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderWarning {
    pub id: String,
    pub intent_id: String,
    /// The provider's word.
    pub kind: String,
    pub warned_at: Timestamp,
}

impl Stripe {
    /// Reads a dispute.
    pub async fn dispute(&self, id: &str) -> Result<ProviderDispute, ProviderError> {
        self.send("dispute.get", None, &RetrieveDispute::new(id)).await.map(ProviderDispute::from)
    }

    /// All disputes about a payment.
    pub async fn disputes_of(&self, intent_id: &str) -> Result<Vec<ProviderDispute>, ProviderError> {
        let call = ListDispute::new().payment_intent(intent_id).limit(100);
        let list = self.send("dispute.list", None, &call).await?;
        Ok(list.data.into_iter().map(ProviderDispute::from).collect())
    }

    /// Reads a warning.
    pub async fn fraud_warning(&self, id: &str) -> Result<ProviderWarning, ProviderError> {
        let warning = self.send("warning.get", None, &RetrieveRadarEarlyFraudWarning::new(id)).await?;
        Ok(ProviderWarning {
            id: warning.id.to_string(),
            intent_id: named(&warning.payment_intent),
            kind: warning.fraud_type,
            warned_at: Timestamp::from_seconds(warning.created),
        })
    }
}

impl From<Dispute> for ProviderDispute {
    fn from(dispute: Dispute) -> ProviderDispute {
        let stage = match dispute.status {
            DisputeStatus::WarningNeedsResponse | DisputeStatus::WarningUnderReview => DisputeStage::Warning,
            DisputeStatus::WarningClosed | DisputeStatus::Prevented => DisputeStage::Closed,
            DisputeStatus::Won => DisputeStage::Won,
            DisputeStatus::Lost => DisputeStage::Lost,
            _ => DisputeStage::Open,
        };
        ProviderDispute {
            id: dispute.id.to_string(),
            intent_id: named(&dispute.payment_intent),
            amount: Cents(dispute.amount),
            stage,
            reason: dispute.reason,
            opened_at: Timestamp::from_seconds(dispute.created),
            fee: dispute.balance_transactions.iter().filter(|row| row.amount < 0).map(|row| Cents(row.fee)).sum(),
            taken: dispute.balance_transactions.iter().any(|row| row.amount < 0),
            returned: dispute.balance_transactions.iter().any(|row| row.amount > 0),
        }
    }
}

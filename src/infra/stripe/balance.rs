//! The provider's balance: every movement of money as one balance transaction.

use stripe_core::balance::RetrieveForMyAccountBalance;
use stripe_core::balance_transaction::ListBalanceTransaction;
use stripe_core::payout::RetrievePayout;
use stripe_shared::{BalanceTransaction, BalanceTransactionSource};
use stripe_types::{Expandable, Object, RangeQueryTs};

use crate::infra::stripe::{OUR_ID, ProviderError, Stripe};
use crate::values::{Cents, Timestamp};

/// A movement of money in the balance. `net` is `amount` less `fee`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderTransaction {
    pub id: String,
    /// The provider's word: `charge`, `payment`, `payout` …
    pub kind: String,
    /// The provider's reporting category: `charge`, `refund`, `dispute` …
    pub category: String,
    pub amount: Cents,
    pub fee: Cents,
    pub net: Cents,
    pub currency: String,
    pub created_at: Timestamp,
    pub available_at: Timestamp,
    pub source: Source,
}

/// What moved the money; each part may be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    pub id: String,
    /// The payment it belongs to.
    pub intent_id: String,
    /// Our own id from the metadata.
    pub our_id: String,
}

/// Money on its way to the foundation's bank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderPayout {
    pub id: String,
    pub amount: Cents,
    /// The provider's word: `pending`, `in_transit`, `paid`, `failed`, `canceled`.
    pub status: String,
    pub failure: String,
    /// What the bank that gets it calls it; empty until it is known.
    pub trace_id: String,
    pub created_at: Timestamp,
    pub arrives_at: Timestamp,
}

impl Stripe {
    /// A page of balance transactions made at `from` or later, the newest first, beyond the one with id `after`; and whether there
    /// are more.
    pub async fn balance_page(
        &self,
        from: Timestamp,
        after: Option<&str>,
    ) -> Result<(Vec<ProviderTransaction>, bool), ProviderError> {
        let mut call = ListBalanceTransaction::new()
            .created(RangeQueryTs::gte(from.seconds()))
            .limit(100)
            .expand(vec!["data.source".to_owned()]);
        if let Some(after) = after {
            call = call.starting_after(after);
        }
        let list = self.send("balance.list", None, &call).await?;
        Ok((list.data.into_iter().map(ProviderTransaction::from).collect(), list.has_more))
    }

    /// What is available and what is pending, in euros.
    pub async fn balance(&self) -> Result<(Cents, Cents), ProviderError> {
        let balance = self.send("balance.get", None, &RetrieveForMyAccountBalance::new()).await?;
        let euros = |amounts: &[stripe_core::BalanceAmount]| {
            amounts.iter().filter(|a| a.currency == stripe_types::Currency::EUR).map(|a| Cents(a.amount)).sum()
        };
        Ok((euros(&balance.available), euros(&balance.pending)))
    }

    /// Reads a payout.
    pub async fn payout(&self, id: &str) -> Result<ProviderPayout, ProviderError> {
        let payout = self.send("payout.get", None, &RetrievePayout::new(id)).await?;
        Ok(ProviderPayout {
            id: payout.id.to_string(),
            amount: Cents(payout.amount),
            status: payout.status,
            failure: payout.failure_code.unwrap_or_default(),
            trace_id: payout.trace_id.and_then(|trace| trace.value).unwrap_or_default(),
            created_at: Timestamp::from_seconds(payout.created),
            arrives_at: Timestamp::from_seconds(payout.arrival_date),
        })
    }
}

impl From<BalanceTransaction> for ProviderTransaction {
    fn from(row: BalanceTransaction) -> ProviderTransaction {
        ProviderTransaction {
            id: row.id.to_string(),
            kind: row.type_.as_str().to_owned(),
            category: row.reporting_category,
            amount: Cents(row.amount),
            fee: Cents(row.fee),
            net: Cents(row.net),
            currency: row.currency.to_string(),
            created_at: Timestamp::from_seconds(row.created),
            available_at: Timestamp::from_seconds(row.available_on),
            source: row.source.map(source).unwrap_or_default(),
        }
    }
}

fn source(source: Expandable<BalanceTransactionSource>) -> Source {
    let id = source.id().to_string();
    let (intent_id, our_id) = match source.into_object() {
        Some(BalanceTransactionSource::Charge(charge)) => (named(&charge.payment_intent), ours(&charge.metadata)),
        Some(BalanceTransactionSource::Refund(refund)) => {
            (named(&refund.payment_intent), refund.metadata.as_ref().map(ours).unwrap_or_default())
        }
        Some(BalanceTransactionSource::Dispute(dispute)) => (named(&dispute.payment_intent), String::new()),
        Some(BalanceTransactionSource::Transfer(transfer)) => (String::new(), ours(&transfer.metadata)),
        // whoever takes a transfer back says nothing of ours: the transfer's own id stands in for it
        Some(BalanceTransactionSource::TransferReversal(reversal)) => {
            (String::new(), reversal.transfer.id().to_string())
        }
        _ => (String::new(), String::new()),
    };
    Source { id, intent_id, our_id }
}

/// The id in a field that may name an object; empty when it does not.
pub(super) fn named<T: Object<Id: ToString>>(field: &Option<Expandable<T>>) -> String {
    field.as_ref().map(|field| field.id().to_string()).unwrap_or_default()
}

fn ours(metadata: &std::collections::HashMap<String, String>) -> String {
    metadata.get(OUR_ID).cloned().unwrap_or_default()
}

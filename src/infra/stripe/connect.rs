//! Accounts of organisations at the provider, and transfers to them (Stripe Connect).

use std::collections::HashMap;

use stripe_connect::account::{
    CreateAccount, CreateAccountCapabilities, CreateAccountCapabilitiesTransfers, CreateAccountType, RetrieveAccount,
};
use stripe_connect::account_link::{CreateAccountLink, CreateAccountLinkType};
use stripe_connect::transfer::{CreateTransfer, ListTransfer, RetrieveTransfer};
use stripe_shared::{Account, AccountCapabilitiesStatus, Transfer};
use stripe_types::Currency;

use crate::infra::stripe::{OUR_ID, ProviderError, Stripe};
use crate::values::Cents;

/// The word with which the provider refuses a transfer for which too little is available.
pub const TOO_LITTLE: &str = "balance_insufficient";

/// An organisation's account at the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderAccount {
    pub id: String,
    /// Transfers can go there and on to its bank.
    pub is_verified: bool,
}

/// Money sent to an organisation's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderTransfer {
    pub id: String,
    pub amount: Cents,
    /// What of it was taken back.
    pub reversed: Cents,
    pub our_id: String,
}

impl Stripe {
    /// Makes an account for an organisation, or finds the one this key made before.
    pub async fn create_account(
        &self,
        key: &str,
        organisation_id: &str,
        email: &str,
    ) -> Result<ProviderAccount, ProviderError> {
        let mut transfers = CreateAccountCapabilitiesTransfers::new();
        transfers.requested = Some(true);
        let mut capabilities = CreateAccountCapabilities::new();
        capabilities.transfers = Some(transfers);
        let call = CreateAccount::new()
            .type_(CreateAccountType::Express)
            .country("NL")
            .email(email)
            .capabilities(capabilities)
            .metadata(HashMap::from([(OUR_ID.to_owned(), organisation_id.to_owned())]));
        self.send("account.create", Some(key), &call).await.map(ProviderAccount::from)
    }

    /// Reads an account.
    pub async fn account(&self, id: &str) -> Result<ProviderAccount, ProviderError> {
        self.send("account.get", None, &RetrieveAccount::new(id)).await.map(ProviderAccount::from)
    }

    /// The provider's page on which an organisation tells who it is. It works once and for a short time.
    pub async fn onboarding_link(&self, id: &str, refresh: &str, back: &str) -> Result<String, ProviderError> {
        let call =
            CreateAccountLink::new(id, CreateAccountLinkType::AccountOnboarding).refresh_url(refresh).return_url(back);
        self.send("account_link.create", None, &call).await.map(|link| link.url)
    }

    /// Sends part of what is available to an account, or finds the transfer this key made before.
    pub async fn create_transfer(
        &self,
        key: &str,
        tranche_id: &str,
        account_id: &str,
        amount: Cents,
    ) -> Result<ProviderTransfer, ProviderError> {
        let call = CreateTransfer::new(Currency::EUR, account_id)
            .amount(amount.0)
            .transfer_group(tranche_id)
            .metadata(HashMap::from([(OUR_ID.to_owned(), tranche_id.to_owned())]));
        self.send("transfer.create", Some(key), &call).await.map(ProviderTransfer::from)
    }

    /// Reads a transfer.
    pub async fn transfer(&self, id: &str) -> Result<ProviderTransfer, ProviderError> {
        self.send("transfer.get", None, &RetrieveTransfer::new(id)).await.map(ProviderTransfer::from)
    }

    /// The transfers made for a tranche, for looking before a call is made again.
    pub async fn transfers_of(&self, tranche_id: &str) -> Result<Vec<ProviderTransfer>, ProviderError> {
        let list = self.send("transfer.list", None, &ListTransfer::new().transfer_group(tranche_id).limit(100)).await?;
        Ok(list.data.into_iter().map(ProviderTransfer::from).collect())
    }
}

impl From<Account> for ProviderAccount {
    fn from(account: Account) -> ProviderAccount {
        let transfers = account.capabilities.and_then(|capabilities| capabilities.transfers);
        let can_receive = transfers == Some(AccountCapabilitiesStatus::Active);
        let is_verified =
            can_receive && account.payouts_enabled == Some(true) && account.details_submitted == Some(true);
        ProviderAccount { id: account.id.to_string(), is_verified }
    }
}

impl From<Transfer> for ProviderTransfer {
    fn from(transfer: Transfer) -> ProviderTransfer {
        ProviderTransfer {
            id: transfer.id.to_string(),
            amount: Cents(transfer.amount),
            reversed: Cents(transfer.amount_reversed),
            our_id: transfer.metadata.get(OUR_ID).cloned().unwrap_or_default(),
        }
    }
}

//! Organisations' own accounts at the provider: made once, completed by the organisation on the provider's page, believed only when
//! the provider says that transfers can go there.
//!
//! | state | meaning | next |
//! | --- | --- | --- |
//! | `asked` | the row stands, the provider's answer does not | `incomplete` |
//! | `incomplete` | the organisation has not told everything, or the provider looks at it | `verified` |
//! | `verified` | tranches go there | `incomplete` when the provider wants to know more |

use crate::features::organisations::{self, Organisation};
use crate::features::payouts::{Connected, ConnectedState, pay, store};
use crate::infra::Services;
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::history;
use crate::infra::stripe::ProviderError;
use crate::values::Timestamp;

/// The address of the provider's page for an organisation; its account is made when there is none. `back` is where the page leads.
///
/// # Errors
/// `Outside` when the provider does not answer; asking again is harmless.
pub async fn link(s: &Services, organisation: &Organisation, email: &str, back: &str) -> Result<String> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    if store::insert_connected(&mut tx, &organisation.id, now).await? {
        record(&mut tx, &organisation.id, "", ConnectedState::Asked, now).await?;
    }
    tx.commit().await?;
    let row = of(&mut *s.db.read().await?, &organisation.id).await?;
    let row = row.ok_or_else(|| Error::broken("a row just written is not there"))?;
    let account_id = match row.provider_id {
        Some(id) => id,
        None => {
            let key = format!("{}:{}", organisation.id, row.generation);
            let made = s.stripe.create_account(&key, &organisation.id, email).await;
            let mut tx = s.db.begin().await?;
            let account = match made {
                Ok(account) => account,
                Err(error) => {
                    if matches!(error, ProviderError::BrokeDown(_)) {
                        store::renew_connected(&mut tx, &organisation.id, row.generation).await?;
                        tx.commit().await?;
                    }
                    return Err(error.into());
                }
            };
            if store::set_connected(&mut tx, &organisation.id, &account.id).await? {
                let (from, to) = (ConnectedState::Asked.as_str(), ConnectedState::Incomplete);
                record(&mut tx, &organisation.id, from, to, now).await?;
            }
            tx.commit().await?;
            account.id
        }
    };
    Ok(s.stripe.onboarding_link(&account_id, back, back).await?)
}

/// Asks the provider how the account of an organisation stands, and keeps the answer. Tranches that waited for it go on.
///
/// # Errors
/// `Outside` when the provider does not answer.
pub async fn refresh(s: &Services, organisation_id: &str) -> Result<Option<Connected>> {
    let Some(row) = of(&mut *s.db.read().await?, organisation_id).await? else { return Ok(None) };
    let Some(account_id) = &row.provider_id else { return Ok(Some(row)) };
    let account = s.stripe.account(account_id).await?;
    let state = if account.is_verified { ConnectedState::Verified } else { ConnectedState::Incomplete };
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    organisations::actions::lock(&mut tx, organisation_id).await?;
    if !store::connected_checked(&mut tx, &row, state, now).await? {
        // somebody else asked at the same time
        return of(&mut tx, organisation_id).await;
    }
    if row.state != state {
        record(&mut tx, organisation_id, row.state.as_str(), state, now).await?;
        if state == ConnectedState::Verified {
            pay::wake(&mut tx, organisation_id, now).await?;
        }
    }
    tx.commit().await?;
    Ok(Some(Connected { state, ..row }))
}

async fn record(tx: &mut Tx, organisation_id: &str, from: &str, to: ConnectedState, now: Timestamp) -> Result<()> {
    let (subject, subject_id, to) = ("connected", organisation_id, to.as_str());
    Ok(history::record(tx, now, history::Entry { subject, subject_id, from, to, actor: pay::ACTOR, reason: "" })
        .await?)
}

/// The account of an organisation at the provider, as it was known last.
pub async fn of(conn: &mut Conn, organisation_id: &str) -> Result<Option<Connected>> {
    Ok(store::connected(conn, organisation_id).await?)
}

//! Making a pledge: the place is reserved and the payment's row written before the bank is asked.

use std::time::Duration;

use crate::features::payments;
use crate::features::pledges::{self, NewPledge, Pledge};
use crate::infra::Services;
use crate::infra::db::is_taken;
use crate::infra::error::{Error, Result};

/// How long somebody waits for the bank's page at most; what was begun is finished by the payment's job.
const PATIENCE: Duration = Duration::from_secs(10);

/// A pledge that was made, or found by its key.
pub struct Made {
    pub pledge: Pledge,
    pub is_new: bool,
    /// The bank's page; `None` when the bank could not be reached: the place is kept, asking again is harmless.
    pub checkout_url: Option<String>,
}

/// Reserves, writes the payment, then asks for the bank's page.
///
/// # Errors
/// A refusal of `pledges`: then nothing was made.
pub async fn pledge(s: &Services, new: &NewPledge) -> Result<Made> {
    let (pledge, is_new, payment_id) = match reserve(s, new).await {
        // the same request arrived twice at the same moment: the other one made it
        Err(Error::Database(error)) if is_taken(&error) => reserve(s, new).await?,
        other => other?,
    };
    let opening = tokio::time::timeout(PATIENCE, payments::actions::open_checkout(s, &payment_id)).await;
    let checkout_url = match opening {
        Ok(Ok(url)) => Some(url),
        Ok(Err(error)) => {
            tracing::warn!(pledge = pledge.id, %error, "the bank's page could not be opened");
            None
        }
        Err(_) => {
            tracing::warn!(pledge = pledge.id, "the bank's page could not be opened in time");
            None
        }
    };
    Ok(Made { pledge, is_new, checkout_url })
}

async fn reserve(s: &Services, new: &NewPledge) -> Result<(Pledge, bool, String)> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let (pledge, is_new) = pledges::actions::reserve(&mut tx, new, now).await?;
    let payment = if is_new {
        payments::actions::create(&mut tx, &pledge, &new.method, now).await?
    } else {
        payments::actions::of_pledge(&mut tx, &pledge.id)
            .await?
            .ok_or_else(|| Error::broken(format!("pledge {} has no payment", pledge.id)))?
    };
    tx.commit().await?;
    Ok((pledge, is_new, payment.id))
}

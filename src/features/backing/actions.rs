//! Making a pledge: the place is reserved and the payment's row written before the bank is asked.

use crate::features::payments::{self, TRANSFER, incoming};
use crate::features::pledges::{self, NewPledge, Pledge};
use crate::features::rounds;
use crate::infra::Services;
use crate::infra::db::is_taken;
use crate::infra::error::{Error, Result};

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
    let checkout_url = match payments::actions::open_checkout(s, &payment_id).await {
        Ok(url) => Some(url),
        Err(error) => {
            tracing::warn!(pledge = pledge.id, %error, "the bank's page could not be opened");
            None
        }
    };
    Ok(Made { pledge, is_new, checkout_url })
}

async fn reserve(s: &Services, new: &NewPledge) -> Result<(Pledge, bool, String)> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let (mut pledge, is_new) = pledges::actions::reserve(&mut tx, new, now).await?;
    let payment = if is_new {
        if new.method == TRANSFER {
            let round = rounds::actions::get(&mut tx, &pledge.round_id).await?;
            if !incoming::is_in_time(&round, now) {
                return Err(incoming::Refusal::TooLate.into());
            }
            pledge.expires_at = incoming::until(&round, now);
            pledges::actions::extend(&mut tx, &pledge.id, pledge.expires_at).await?;
        }
        payments::actions::create(&mut tx, &pledge, &new.method, now).await?
    } else {
        payments::actions::of_pledge(&mut tx, &pledge.id)
            .await?
            .ok_or_else(|| Error::broken(format!("pledge {} has no payment", pledge.id)))?
    };
    tx.commit().await?;
    Ok((pledge, is_new, payment.id))
}

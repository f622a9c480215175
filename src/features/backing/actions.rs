//! Making a pledge: the place is reserved and the payment's row written before the bank is asked.

use std::time::Duration;

use crate::features::backing::reserving::{self, Wish};
use crate::features::payments::line::{self, Place};
use crate::features::payments::{self, Payment, PaymentState, TRANSFER};
use crate::features::pledges::{self, NewPledge, Pledge};
use crate::infra::Services;
use crate::infra::error::{Error, Result};
use crate::infra::history::Origin;

/// How long somebody waits for the bank at most; what was begun is finished by the payment's job.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// A pledge that was made, or found by its key.
pub struct Made {
    pub pledge: Pledge,
    pub is_new: bool,
    /// The bank's page; `None` when the bank could not be reached, or others are before: the place is kept, asking again is harmless.
    pub checkout_url: Option<String>,
    /// Where its backer stands in the line before the bank.
    pub place: Option<Place>,
}

/// Reserves, writes the payment, then asks for the bank's page. `network`: where it comes from, for limits.
///
/// # Errors
/// A refusal of `pledges`, or [`TooOften`](crate::infra::limits::TooOften): then nothing was made.
pub async fn pledge(s: &Services, new: &NewPledge, network: &str) -> Result<Made> {
    make(s, new, None, network).await
}

/// Notes that a backer of a near miss raises a pledge, and makes the one that adds to it, as [`pledge`] does.
///
/// # Errors
/// A refusal of `consents`, `pledges` or `payments`: then nothing was made or noted.
pub async fn raise(s: &Services, new: &NewPledge, raised: &Pledge) -> Result<Made> {
    make(s, new, Some(raised), "").await
}

async fn make(s: &Services, new: &NewPledge, raised: Option<&Pledge>, network: &str) -> Result<Made> {
    // a transfer needs nothing of the provider
    let straight = if new.method == TRANSFER || line::is_long(s).await? { None } else { s.waiting_room.straight() };
    let goes_straight = straight.is_some() || new.method == TRANSFER;
    let wish = Wish {
        new: new.clone(),
        raised: raised.cloned(),
        network: network.to_owned(),
        goes_straight,
        origin: Origin::here(),
    };
    let (pledge, payment, is_new) = match reserving::reserve(s, wish).await {
        Ok((pledge, payment)) => (pledge, payment, true),
        // refused, or the key is taken: the same request may have made its pledge before, or at this very moment
        Err(error) => match made_before(s, new).await? {
            Some((pledge, payment)) => (pledge, payment, false),
            None => return Err(error),
        },
    };
    if payment.state == PaymentState::Created && !goes_straight {
        if is_new {
            s.waiting_room.join(&payment.id).await;
        }
        let place = line::place_of(s, &payment).await?;
        return Ok(Made { pledge, is_new, checkout_url: None, place });
    }
    let opening = tokio::time::timeout(PATIENCE, payments::actions::open_checkout_of(s, &payment, &pledge)).await;
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
    Ok(Made { pledge, is_new, checkout_url, place: None })
}

/// The pledge that the same request made. The commit is waited for although nothing is written: what is seen may be the work of a
/// neighbour that is not durable yet.
async fn made_before(s: &Services, new: &NewPledge) -> Result<Option<(Pledge, Payment)>> {
    let mut tx = s.db.begin_together().await?;
    let Some(pledge) = pledges::actions::made_before(&mut tx, new).await? else {
        return Ok(None);
    };
    let payment = payments::actions::of_pledge(&mut tx, &pledge.id)
        .await?
        .ok_or_else(|| Error::broken(format!("pledge {} has no payment", pledge.id)))?;
    tx.commit_quietly().await?;
    Ok(Some((pledge, payment)))
}

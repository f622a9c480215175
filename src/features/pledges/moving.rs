//! A pledge that is made of money which its backer moved from another.

use crate::features::pledges::actions::{get, hold, record, standing};
use crate::features::pledges::{Pledge, PledgeState, Refusal, rikx_for, store, whole_part};
use crate::features::projects;
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::infra::random;
use crate::values::{Cents, Rikx, Timestamp};

/// Puts part of a pledge, which has gone on, at a pledge for another project that sells: of the same person, in the same manner, held at once.
/// The odd cents that buy no hundredth of a Rikx are left out. It follows no news of the other project: that was asked about the
/// first. The money in the books, and the payment, are the caller's.
///
/// # Errors
/// The database. A [`Refusal`] inside says why the other project does not take it: then nothing was changed.
pub async fn move_in(
    tx: &mut Tx,
    old: &Pledge,
    project_id: &str,
    part: Cents,
    now: Timestamp,
) -> Result<std::result::Result<Pledge, Refusal>> {
    store::lock(tx, project_id).await?;
    let (amount, rikx, round_id) = match fits(tx, project_id, part, now).await? {
        Ok(fitting) => fitting,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if !store::reserve(tx, &[(project_id, amount.0)]).await? {
        return Ok(Err(Refusal::SoldOut));
    }
    let pledge = Pledge {
        id: random::id("plg", now),
        reference: random::reference(),
        project_id: project_id.to_owned(),
        round_id,
        amount,
        rikx,
        state: PledgeState::Reserved,
        updates: 0,
        request_hash: String::new(),
        created_at: now,
        expires_at: now,
        held_at: None,
        returned: Cents::ZERO,
        raises_id: None,
        ..old.clone()
    };
    store::insert(tx, &[(&pledge, format!("moved:{}", old.id))]).await?;
    record(tx, now, &pledge.id, "", PledgeState::Reserved, &pledge.user_id, "moved from another project").await?;
    hold(tx, &pledge, now).await?;
    get(tx, &pledge.id).await.map(Ok)
}

/// What of a part a project takes now, the Rikx it buys, and the project's round.
///
/// # Errors
/// The database. A [`Refusal`] inside says why it takes nothing.
pub async fn fits(
    conn: &mut Conn,
    project_id: &str,
    part: Cents,
    at: Timestamp,
) -> Result<std::result::Result<(Cents, Rikx, String), Refusal>> {
    let sale = projects::actions::sale(conn, project_id).await?;
    if !sale.sells_at(at) {
        return Ok(Err(Refusal::NotSelling));
    }
    let round = sale.round;
    let amount = whole_part(part, round.unit_price_eur);
    let rikx = match rikx_for(amount, round.minimum_cents, round.unit_price_eur) {
        Ok(rikx) => rikx,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let available = standing(conn, project_id).await?.available();
    if available < round.minimum_cents {
        return Ok(Err(Refusal::SoldOut));
    }
    if available < amount {
        return Ok(Err(Refusal::Over { available_cents: available.0 }));
    }
    Ok(Ok((amount, rikx, round.id)))
}

//! Sending back a part of a pledge whose project went on: because the project was stopped, or because results did not earn it.

use crate::features::ledger::Account;
use crate::features::payments::refunds::make_due_from;
use crate::features::payments::{RefundCause, actions};
use crate::features::pledges::{self, Pledge, PledgeState};
use crate::infra::db::Tx;
use crate::infra::error::{Error, Result};
use crate::values::{Cents, Timestamp};

/// One backer's part: the pledge, the row of the refund and the books. `from` says where the money stands; who acts, and why, goes to
/// the history. The totals of the project must be locked. Answers the refund's id and the pledge.
pub async fn return_released(
    tx: &mut Tx,
    pledge_id: &str,
    cause: RefundCause,
    from: &[(Cents, Account)],
    (actor, reason): (&str, &str),
    now: Timestamp,
) -> Result<(String, Pledge)> {
    let pledge = pledges::actions::get(tx, pledge_id).await?;
    let part: Cents = from.iter().map(|(amount, _)| *amount).sum();
    if pledge.state != PledgeState::Released || part > pledge.kept() {
        return Err(Error::broken(format!("pledge {pledge_id} is {} and cannot give back {}", pledge.state, part.0)));
    }
    let payment = actions::of_pledge(tx, pledge_id).await?;
    let payment = payment.ok_or_else(|| Error::broken(format!("pledge {pledge_id} has no payment")))?;
    if part == pledge.kept() {
        pledges::actions::begin_refund(tx, &pledge, actor, reason, now).await?;
    } else {
        pledges::actions::return_part(tx, &pledge, part, reason, now).await?;
    }
    let refund_id = make_due_from(tx, &payment, &pledge, cause, from, now).await?;
    Ok((refund_id, pledge))
}

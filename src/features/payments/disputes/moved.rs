//! What a dispute does with money of its payment that was moved to pledges for other projects. They must be locked.

use crate::features::ledger::{self, Account, Kind, Posting};
use crate::features::payments::disputes::{Cover, cover};
use crate::features::payments::{Dispute, Payment, moves, store};
use crate::features::pledges::{self, PledgeState};
use crate::infra::db::Tx;
use crate::infra::error::Result;
use crate::values::{Cents, Timestamp};

/// The bank has it: what is held of them is set aside, what is due back is not sent.
pub(super) async fn set_aside(tx: &mut Tx, dispute: &Dispute, now: Timestamp) -> Result<()> {
    for pledge in moves::lock_moved(tx, &dispute.payment_id).await? {
        if pledge.state == PledgeState::Held {
            let key = format!("dispute_opened:{}:{}", dispute.id, pledge.id);
            let held = Account::PledgesHeld(pledge.project_id.clone());
            let posting = Posting::new(Kind::DisputeOpened, key, now, "disputes", &dispute.id);
            let posting = posting.moving(pledge.kept(), &held, &Account::DisputeHold, Some(&pledge.id));
            ledger::actions::post(tx, now, &posting).await?;
            pledges::actions::dispute(tx, &pledge, now).await?;
        }
        if let Some(unsent) = store::unsent_refund(tx, &pledge.id).await? {
            store::stop_refund(tx, &unsent.id, unsent.state, "charge_disputed").await?;
        }
    }
    Ok(())
}

/// The money is ours again: what was set aside is held again or goes back, what was stopped is due again.
pub(super) async fn won(tx: &mut Tx, dispute: &Dispute, payment: &Payment, now: Timestamp) -> Result<()> {
    for pledge in moves::lock_moved(tx, &dispute.payment_id).await? {
        super::won(tx, dispute, payment, (&pledge, pledge.kept()), now).await?;
    }
    Ok(())
}

/// What of them covers a dispute that was lost, one after the other up to so much in all.
pub(super) async fn covers(tx: &mut Tx, dispute: &Dispute, most: Cents) -> Result<Vec<Cover>> {
    let (mut covers, mut left) = (Vec::new(), most);
    for pledge in moves::lock_moved(tx, &dispute.payment_id).await? {
        if let Some(found) = cover(tx, &pledge, pledge.kept(), left).await? {
            left = Cents(left.0 - found.amount.0);
            covers.push(found);
        }
    }
    Ok(covers)
}

//! What the provider's word about a refund means for books, pledge and letters.

use crate::features::cases::{self, CaseKind};
use crate::features::ledger::{self, Account, Kind, Posting};
use crate::features::payments::actions::letter;
use crate::features::payments::refunds::{get, topup_case};
use crate::features::payments::{Refund, RefundState, by_bank, store};
use crate::features::pledges::{self, Pledge, PledgeState};
use crate::infra::db::Tx;
use crate::infra::error::{Error, Result};
use crate::infra::jobs;
use crate::infra::stripe::{ProviderRefund, RefundStatus};
use crate::values::Timestamp;

/// How often a refund on its way is looked at, in seconds.
pub(in crate::features::payments) const LOOK_AGAIN_SECONDS: i64 = 3_600;

/// Applies what the provider says of a refund. The same news twice changes nothing, and no order of news ends differently.
pub(super) async fn apply(tx: &mut Tx, refund_id: &str, found: &ProviderRefund, now: Timestamp) -> Result<()> {
    let refund = get(tx, refund_id).await?;
    let pledge = pledges::actions::lock(tx, &refund.pledge_id).await?;
    let refund = get(tx, &refund.id).await?;
    let next = match found.status {
        RefundStatus::Pending => RefundState::Pending,
        RefundStatus::Succeeded => RefundState::Succeeded,
        RefundStatus::Failed => RefundState::Failed,
    };
    let newly_taken = found.taken && refund.taken == 0;
    let is_news =
        refund.state.may_become(next) || (refund.state == next && (newly_taken || next == RefundState::Pending));
    if !is_news {
        return Ok(());
    }
    if found.amount != refund.amount {
        return Err(Error::broken(format!("refund {refund_id} is {} at the provider", found.amount.0)));
    }
    let finished = (next != RefundState::Pending).then_some(now);
    let due = now.plus_seconds(LOOK_AGAIN_SECONDS);
    if !store::refund_answered(tx, &refund, next, found, due, finished).await? {
        return Ok(());
    }
    if newly_taken {
        post_taken(tx, &refund, now).await?;
    }
    let is_taken = newly_taken || refund.taken == 1;
    if is_taken || next == RefundState::Failed {
        cases::actions::ended(tx, CaseKind::Stuck, &topup_case(&refund.id), "refunds", "it no longer waits", now)
            .await?;
    }
    if next != refund.state {
        match next {
            RefundState::Failed => failed(tx, &refund, &pledge, is_taken, now).await?,
            RefundState::Succeeded => succeeded(tx, &refund, &pledge, now).await?,
            _ => {}
        }
    }
    Ok(())
}

/// The money has left the provider's balance. What was made by hand is posted by who found it, against where the money stood.
async fn post_taken(tx: &mut Tx, refund: &Refund, now: Timestamp) -> Result<()> {
    let due = Account::RefundsDue(refund.project_id.clone());
    let key = format!("refund_accepted:{}", refund.id);
    let posting = Posting::new(Kind::RefundAccepted, key, now, "refunds", &refund.id).moving(
        refund.amount,
        &due,
        &Account::PspAvailable,
        Some(&refund.pledge_id),
    );
    ledger::actions::post(tx, now, &posting).await?;
    Ok(())
}

async fn succeeded(tx: &mut Tx, refund: &Refund, pledge: &Pledge, now: Timestamp) -> Result<()> {
    if pledge.state == PledgeState::Refunding && is_whole(tx, refund).await? {
        pledges::actions::refunded(tx, pledge, now).await?;
        letter(tx, pledge, "refund_sent", &refund.id, now).await?;
    }
    Ok(())
}

/// Whether nothing else of the pledge is still on its way.
async fn is_whole(tx: &mut Tx, refund: &Refund) -> Result<bool> {
    let others = store::refunds_of_pledge(tx, &refund.pledge_id).await?;
    Ok(others.iter().all(|other| {
        let is_back = matches!(other.state, RefundState::Succeeded | RefundState::PaidByBank | RefundState::Stopped);
        other.id == refund.id || is_back
    }))
}

/// It could not arrive: the money is kept as unclaimed, the person is told.
pub(super) async fn failed(
    tx: &mut Tx,
    refund: &Refund,
    pledge: &Pledge,
    is_taken: bool,
    now: Timestamp,
) -> Result<()> {
    let from = if is_taken { Account::PspAvailable } else { Account::RefundsDue(refund.project_id.clone()) };
    let key = format!("refund_failed:{}", refund.id);
    let posting = Posting::new(Kind::RefundFailed, key, now, "refunds", &refund.id).moving(
        refund.amount,
        &from,
        &Account::UnclaimedRefunds,
        Some(&pledge.id),
    );
    ledger::actions::post(tx, now, &posting).await?;
    if pledge.state == PledgeState::Refunded {
        pledges::actions::refund_returned(tx, pledge, now).await?;
    }
    letter(tx, pledge, "refund_failed", &refund.id, now).await?;
    Ok(jobs::enqueue(tx, now, by_bank::CLAIM, &refund.id, now).await?)
}

#[cfg(test)]
mod tests {
    use crate::features::payments::RefundState::{self, *};

    /// F47: what succeeded may fail later, and in no other way does a refund go back; every order ends the same.
    #[test]
    fn f47_every_order_of_news_ends_in_the_same_state() {
        let apply = |order: &[RefundState]| {
            order.iter().fold(Requested, |state, next| if state.may_become(*next) { *next } else { state })
        };
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            assert_eq!(apply(&order.map(|i: usize| [Pending, Succeeded, Failed][i])), Failed, "{order:?}");
        }
        assert!(!Succeeded.may_become(Pending) && !Failed.may_become(Succeeded));
    }
}

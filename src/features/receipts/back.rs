//! Money of a pledge that went back to its backer or is on its way: by a refund, by a dispute that was lost, or taken back by the
//! bank from which it had been transferred. Also what was moved to a pledge for another project: that has its own proof from then on, so
//! the first proves it no longer.

use crate::features::payments::moves::{self, Moved};
use crate::features::payments::{Dispute, Payment, Refund, disputes, refunds};
use crate::features::pledges::{Pledge, PledgeState};
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::values::Cents;

/// One way by which money went back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Back {
    /// The refund, the dispute, the payment of the pledge it was moved to, or the payment that was taken back.
    pub cause_id: String,
    pub amount: Cents,
    /// Why; its sentence stands in the texts as `paper-cause-{word}`.
    pub word: String,
}

/// All that went back of a pledge. Together it may seem to be more than was paid: a part that went back by hand can be in a
/// refund of ours already, which was to be the whole, and a bank can take a payment back after its refund.
pub async fn of_pledge(conn: &mut Conn, pledge: &Pledge, payment: &Payment) -> Result<Vec<Back>> {
    let refunds = refunds::of_pledge(conn, &pledge.id).await?;
    let lost = disputes::lost_of_pledge(conn, &pledge.id).await?;
    let moved = moves::out_of(conn, &pledge.id).await?;
    Ok(fold(pledge, payment, (&refunds, &moved, &lost)))
}

fn fold(pledge: &Pledge, payment: &Payment, (refunds, moved, lost): (&[Refund], &[Moved], &[Dispute])) -> Vec<Back> {
    let back = |cause_id: &str, amount: Cents, word: &str| Back {
        cause_id: cause_id.to_owned(),
        amount,
        word: word.to_owned(),
    };
    let mut backs: Vec<Back> = refunds.iter().map(|r| back(&r.id, r.amount, r.cause.as_str())).collect();
    backs.extend(moved.iter().map(|one| back(&one.payment_id, one.amount, "moved")));
    backs.extend(lost.iter().map(|dispute| back(&dispute.id, dispute.amount, "dispute_lost")));
    let rest = Cents(payment.amount.0 - backs.iter().map(|back| back.amount.0).sum::<i64>());
    if pledge.state == PledgeState::Refunded && rest > Cents::ZERO {
        backs.push(back(&payment.id, rest, "bank_reversed"));
    }
    backs
}

//! What went back of a pledge, as its backer sees it: how much, when, and where to.

use crate::features::payments::{Payment, Refund, RefundState, TRANSFER, disputes, moves, refunds};
use crate::features::pledges::{Pledge, PledgeState};
use crate::features::transfers;
use crate::infra::db::Conn;
use crate::infra::error::Result;
use crate::values::{Cents, Iban, Timestamp};

crate::words! {
    /// Where money goes back to. Each has a sentence in the texts: `returned-to-{word}`.
    pub enum Way {
        /// The way it was paid.
        Method = "method",
        /// A bank account.
        Account = "account",
        /// The backer's bank took it.
        Bank = "bank",
    }
}

/// Money that went back, or is on its way.
#[derive(Debug, Clone)]
pub struct Returned {
    pub amount: Cents,
    pub state: RefundState,
    /// When it arrived, where that is known.
    pub at: Option<Timestamp>,
    pub way: Way,
    /// The last digits of the account; empty when it goes another way.
    pub account: String,
}

impl Returned {
    pub fn has_arrived(&self) -> bool {
        matches!(self.state, RefundState::Succeeded | RefundState::PaidByBank)
    }
}

/// All that went back of a pledge or is on its way, the oldest first. A refund that a dispute stopped is not: the dispute tells.
pub async fn of_pledge(conn: &mut Conn, pledge: &Pledge, payment: Option<&Payment>) -> Result<Vec<Returned>> {
    let mut returned = Vec::new();
    for refund in refunds::of_pledge(conn, &pledge.id).await? {
        if refund.state != RefundState::Stopped {
            returned.push(refunded(conn, &refund, payment).await?);
        }
    }
    for dispute in disputes::lost_of_pledge(conn, &pledge.id).await? {
        returned.push(taken(dispute.amount, dispute.settled_at));
    }
    // a transfer that the bank took back leaves nothing but the pledge's state
    let moved: Cents = moves::out_of(conn, &pledge.id).await?.iter().map(|one| one.amount).sum();
    let rest = Cents(pledge.amount.0 - sum(&returned, |_| true).0 - moved.0);
    if pledge.state == PledgeState::Refunded && rest > Cents::ZERO {
        returned.push(taken(rest, None));
    }
    Ok(returned)
}

async fn refunded(conn: &mut Conn, refund: &Refund, payment: Option<&Payment>) -> Result<Returned> {
    let transfer = transfers::actions::of_subject(conn, &refund.id).await?.pop();
    let account = transfer.and_then(|transfer| Iban::parse(&transfer.iban)).map(|iban| iban.masked());
    let origin = match payment {
        Some(payment) => Some(moves::origin(conn, payment).await?),
        None => None,
    };
    let by_transfer = origin.is_some_and(|payment| payment.method == TRANSFER);
    let way = if by_transfer || account.is_some() { Way::Account } else { Way::Method };
    let returned = Returned { amount: refund.amount, state: refund.state, at: None, way, account: String::new() };
    let at = refund.finished_at.filter(|_| returned.has_arrived());
    Ok(Returned { at, account: account.unwrap_or_default(), ..returned })
}

/// The backer's bank took this much.
fn taken(amount: Cents, at: Option<Timestamp>) -> Returned {
    Returned { amount, state: RefundState::Succeeded, at, way: Way::Bank, account: String::new() }
}

/// What has arrived. A bank may have taken a payment back after its refund; of the pledge no more went back than it was.
pub fn arrived(pledge: &Pledge, returned: &[Returned]) -> Cents {
    sum(returned, Returned::has_arrived).min(pledge.amount)
}

fn sum(returned: &[Returned], counts: impl Fn(&Returned) -> bool) -> Cents {
    returned.iter().filter(|one| counts(one)).map(|one| one.amount).sum()
}

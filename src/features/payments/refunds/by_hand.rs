//! Refunds that somebody made in the provider's dashboard: found by event, by the reading of the balance, and when our own is
//! refused. They are taken over as they are and never repeated.
//!
//! | the pledge | what a refund by hand means |
//! | --- | --- |
//! | held, all of it | refunding, then refunded |
//! | held, a part | the rest stays held, and only the rest is refunded later |
//! | refunding, ours not sent | the whole: ours is done; a part: ours becomes smaller |
//! | anything else | the money is missing somewhere: suspense and a case |

use crate::features::cases::{self, CaseKind, Found};
use crate::features::ledger::{self, Account, Kind, Posting};
use crate::features::match_funds;
use crate::features::payments::refunds::apply::apply;
use crate::features::payments::{Payment, actions, store, strays};
use crate::features::pledges::{self, Pledge, PledgeState};
use crate::infra::db::Tx;
use crate::infra::error::{Error, Result};
use crate::infra::stripe::{ProviderRefund, RefundStatus};
use crate::infra::{Services, jobs, random};
use crate::values::{Cents, Timestamp};

/// Looks at all refunds of a payment at the provider and applies what is found.
///
/// # Errors
/// The provider or the database does not answer.
pub async fn find(s: &Services, payment_id: &str) -> Result<()> {
    let payment = actions::get(&mut *s.db.read().await?, payment_id).await?;
    let Some(intent_id) = payment.intent_id else { return Ok(()) };
    let mut found = s.stripe.refunds_of(&intent_id).await?;
    // in the order in which they were made
    found.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
    for refund in found {
        take_over(s, payment_id, &refund).await?;
    }
    Ok(())
}

/// Applies one refund of the provider to ours: known by its id, or by ours in its metadata, or made by hand.
async fn take_over(s: &Services, payment_id: &str, found: &ProviderRefund) -> Result<()> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let payment = actions::get(&mut tx, payment_id).await?;
    if strays::find(&mut tx, &found.our_id, &found.id).await?.is_some() {
        // another amount than was asked, on its way back
        return Ok(());
    }
    let known = match store::refund_by_provider_id(&mut tx, &found.id).await? {
        Some(refund) => Some(refund),
        None => store::refund(&mut tx, &found.our_id).await?,
    };
    let id = match known {
        Some(refund) => refund.id,
        // it failed before we heard of it: the money never left the pledge
        None if found.status == RefundStatus::Failed => return Ok(()),
        None => {
            // ours may be of another pledge, to which money of this one was moved: only what nobody knows is about this one
            let pledge = pledges::actions::lock(&mut tx, &payment.pledge_id).await?;
            match store::refund_by_provider_id(&mut tx, &found.id).await? {
                Some(refund) => refund.id,
                None => match adopt(&mut tx, &payment, &pledge, found, now).await? {
                    Some(id) => id,
                    None => return Ok(tx.commit().await?),
                },
            }
        }
    };
    apply(&mut tx, &id, found, now).await?;
    Ok(tx.commit().await?)
}

/// Makes a refund by hand ours. Answers the row that stands for it; nothing when the money is set aside as unexplained.
async fn adopt(
    tx: &mut Tx,
    payment: &Payment,
    pledge: &Pledge,
    found: &ProviderRefund,
    now: Timestamp,
) -> Result<Option<String>> {
    let unsent = store::unsent_refund(tx, &pledge.id).await?;
    let held = Account::PledgesHeld(pledge.project_id.clone());
    let due = Account::RefundsDue(pledge.project_id.clone());
    let from = match (pledge.state, unsent) {
        (PledgeState::Held, _) if found.amount == pledge.kept() => {
            pledges::actions::begin_refund(tx, pledge, "refunds", "refunded at the provider", now).await?;
            held
        }
        (PledgeState::Held, _) if found.amount < pledge.kept() => {
            pledges::actions::return_part(tx, pledge, found.amount, "partly refunded at the provider", now).await?;
            held
        }
        (PledgeState::Refunding, Some(ours)) if found.amount == ours.amount => {
            note(tx, pledge, found, now).await?;
            return Ok(Some(ours.id));
        }
        (PledgeState::Refunding, Some(ours)) if found.amount < ours.amount => {
            if !store::lessen_refund(tx, &ours.id, found.amount, now).await? {
                return Err(Error::broken(format!("refund {} cannot become smaller", ours.id)));
            }
            due.clone()
        }
        _ => {
            note(tx, pledge, found, now).await?;
            return Ok(None);
        }
    };
    let id = random::id("rfd", now);
    if !store::insert_refund_by_hand(tx, &id, payment, &pledge.project_id, found, now).await? {
        return Err(Error::broken(format!("refund {} was taken over twice", found.id)));
    }
    // what funds added follows what is left of the pledge; the funds come before the books
    match_funds::actions::follow(tx, &pledge.id, now).await?;
    if from != due {
        // from here on it is a refund as any other: due first, then accepted
        post(tx, &format!("refund_by_hand:{id}"), &id, found.amount, (&from, &due), pledge, now).await?;
    }
    // receipts and invoices follow what is left of the pledge
    jobs::enqueue(tx, now, pledges::actions::PAPERS, &pledge.id, now).await?;
    note(tx, pledge, found, now).await?;
    Ok(Some(id))
}

async fn post(
    tx: &mut Tx,
    key: &str,
    cause: &str,
    amount: Cents,
    (debit, credit): (&Account, &Account),
    pledge: &Pledge,
    now: Timestamp,
) -> Result<()> {
    let posting = Posting::new(Kind::RefundByHand, key.to_owned(), now, "refunds", cause).moving(
        amount,
        debit,
        credit,
        Some(&pledge.id),
    );
    ledger::actions::post(tx, now, &posting).await?;
    Ok(())
}

/// A person should know that somebody refunds by hand.
async fn note(tx: &mut Tx, pledge: &Pledge, found: &ProviderRefund, now: Timestamp) -> Result<()> {
    let detail = format!("refund {} of {} cents, pledge {} was {}", found.id, found.amount.0, pledge.id, pledge.state);
    let case = Found {
        kind: CaseKind::RefundByHand,
        subject_id: &found.id,
        amount: found.amount,
        detail: &detail,
        pledge_id: Some(&pledge.id),
        remedy: None,
    };
    cases::actions::open(tx, &case, now).await?;
    Ok(())
}

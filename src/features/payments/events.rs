//! The provider's events. One is only a hint: it is noted once, and what it is about is read again. What webhooks lost is found by
//! an hourly look at the provider's own list.

use crate::features::payments::{actions, balance, disputes, fraud, refunds, shield, store, strays};
use crate::infra::db::Tx;
use crate::infra::error::Result;
use crate::infra::stripe::signature::Event;
use crate::infra::{Services, facts, jobs};
use crate::values::Timestamp;

/// The name of the fact that says until when events were read.
const CHECKPOINT: &str = "event_sweep";
/// How far before the last time a reading begins, in seconds.
const OVERLAP_SECONDS: i64 = 6 * 3_600;
/// How far back the first reading goes: the provider keeps events for thirty days.
const FIRST_DAYS: i64 = 30;

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noted {
    /// It is noted, now or before.
    Stored,
    /// It carries our id, but our row is not there yet: the provider shall send it again.
    TooEarly,
}

/// Notes what is in the provider's list and not here. Answers how many events that were.
///
/// # Errors
/// The provider or the database does not answer; what was noted stays.
pub async fn sweep(s: &Services) -> Result<i64> {
    let begun = s.clock.now();
    let last = facts::get(&mut *s.db.read().await?, CHECKPOINT).await?.unwrap_or_default();
    let from = match last.parse::<Timestamp>() {
        Ok(last) => last.plus_seconds(-OVERLAP_SECONDS),
        Err(_) => begun.plus_days(-FIRST_DAYS),
    };
    let mut after: Option<String> = None;
    let mut noted = 0;
    loop {
        let (events, has_more) = s.stripe.events_page(from, after.as_deref()).await?;
        after = events.last().map(|event| event.id.clone());
        // the oldest first, as they would have come
        for event in events.iter().rev() {
            if event.is_ours() && !store::is_noted(&mut *s.db.read().await?, &event.id).await? {
                note(s, event).await?;
                noted += 1;
            }
        }
        if !has_more || after.is_none() {
            break;
        }
    }
    let mut tx = s.db.begin().await?;
    facts::set(&mut tx, CHECKPOINT, &begun.to_string()).await?;
    tx.commit_quietly().await?;
    Ok(noted)
}

/// Notes an event and asks for the follow-up work in one transaction; a repeated event does nothing.
///
/// # Errors
/// The database: nothing was noted then.
pub async fn note(s: &Services, event: &Event) -> Result<Noted> {
    let now = s.clock.now();
    let mut tx = s.db.begin_together().await?;
    let noted = match event.object_kind.as_str() {
        "refund" => note_refund(&mut tx, event, now).await?,
        "dispute" => note_other(&mut tx, event, disputes::CHECK, now).await?,
        "radar.early_fraud_warning" => note_other(&mut tx, event, fraud::CHECK, now).await?,
        "payout" => note_other(&mut tx, event, balance::PAYOUT, now).await?,
        _ => note_payment(&mut tx, event, now).await?,
    };
    if noted == Noted::Stored {
        tx.commit().await?;
    }
    Ok(noted)
}

async fn note_refund(tx: &mut Tx, event: &Event, now: Timestamp) -> Result<Noted> {
    let refund = match store::refund(tx, &event.our_id).await? {
        Some(refund) => Some(refund),
        None => store::refund_by_provider_id(tx, &event.object_id).await?,
    };
    if let Some(refund) = refund {
        if store::note_event(tx, event, &refund.payment_id, now).await? {
            jobs::enqueue(tx, now, refunds::CHECK, &refund.id, now).await?;
            // our note of the provider's id may be what was lost
            jobs::enqueue(tx, now, refunds::FIND, &refund.payment_id, now).await?;
            store::close_event(tx, &event.id, "refund looked at", now).await?;
        }
        return Ok(Noted::Stored);
    }
    if let Some(back) = strays::find(tx, &event.our_id, &event.object_id).await? {
        if store::note_event(tx, event, "", now).await? {
            jobs::enqueue(tx, now, strays::RETURN, &back.id, now).await?;
            store::close_event(tx, &event.id, "a return looked at", now).await?;
        }
        return Ok(Noted::Stored);
    }
    if event.our_id.starts_with("rfd_") {
        return Ok(Noted::TooEarly);
    }
    match store::by_provider_id(tx, &event.intent_id).await? {
        Some(payment) => {
            if store::note_event(tx, event, &payment.id, now).await? {
                jobs::enqueue(tx, now, refunds::FIND, &payment.id, now).await?;
                store::close_event(tx, &event.id, "a refund by hand", now).await?;
            }
        }
        None => unknown(tx, event, now).await?,
    }
    Ok(Noted::Stored)
}

/// News that a job of its own reads again.
async fn note_other(tx: &mut Tx, event: &Event, job: &'static str, now: Timestamp) -> Result<Noted> {
    if store::note_event(tx, event, "", now).await? {
        jobs::enqueue(tx, now, job, &event.object_id, now).await?;
        store::close_event(tx, &event.id, "read again", now).await?;
    }
    Ok(Noted::Stored)
}

async fn note_payment(tx: &mut Tx, event: &Event, now: Timestamp) -> Result<Noted> {
    let mut payment = store::by_id(tx, &event.our_id).await?;
    for provider_id in [&event.object_id, &event.intent_id] {
        if payment.is_none() && !provider_id.is_empty() {
            payment = store::by_provider_id(tx, provider_id).await?;
        }
    }
    match payment {
        Some(payment) => {
            // the session may be ours although our own note of it is not written yet
            if payment.session_id.is_none() && payment.intent_id.is_none() {
                return Ok(Noted::TooEarly);
            }
            if store::note_event(tx, event, &payment.id, now).await? {
                let is_refund = event.kind == "charge.refunded";
                let job = if is_refund { refunds::FIND } else { actions::CHECK };
                jobs::enqueue(tx, now, job, &payment.id, now).await?;
                store::close_event(tx, &event.id, "payment looked at", now).await?;
                if event.kind == shield::FAILED {
                    shield::consider(tx, now).await?;
                }
            }
        }
        None if event.our_id.starts_with("pay_") => return Ok(Noted::TooEarly),
        None => unknown(tx, event, now).await?,
    }
    Ok(Noted::Stored)
}

/// An event that is about nothing of ours, or of a kind we do not use: kept, so that it can be counted and looked at.
async fn unknown(tx: &mut Tx, event: &Event, now: Timestamp) -> Result<()> {
    if store::note_event(tx, event, "", now).await? {
        store::close_event(tx, &event.id, "not about a payment of ours", now).await?;
    }
    Ok(())
}

//! Sending a payment back that belongs to no pledge: the job of a return, and what the provider says of it.

use crate::features::cases::{self, CaseKind, Found};
use crate::features::ledger::{self, Account, Kind, Posting};
use crate::features::payments::refunds::{KEY_SECONDS, LOOK_AGAIN_SECONDS};
use crate::features::payments::store;
use crate::features::payments::strays::{ACTOR, Return, ReturnState, record};
use crate::infra::Services;
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::stripe::{ProviderError, ProviderRefund, RefundStatus};
use crate::values::Timestamp;

/// The job: asks the provider to send a payment back, or how that went. Answers when to look again.
///
/// # Errors
/// The provider or the database does not answer.
pub async fn send(s: &Services, id: &str) -> Result<Option<Timestamp>> {
    let back = get(&mut *s.db.read().await?, id).await?;
    if back.state == ReturnState::Failed {
        return Ok(None);
    }
    match ask(s, &back).await {
        Ok(found) => apply(s, id, &found).await,
        Err(ProviderError::Refused { code, message }) => {
            tracing::error!(back = id, code, message, "the provider sends a payment not back");
            let mut tx = s.db.begin().await?;
            let back = lock(&mut tx, id).await?;
            if back.state == ReturnState::Due {
                failed(&mut tx, &back, None, &format!("{code}: {message}"), s.clock.now()).await?;
            }
            tx.commit().await?;
            Ok(None)
        }
        Err(error) => {
            if matches!(error, ProviderError::BrokeDown(_)) {
                // it was looked for and not found: the broken answer may be repeated to the old key
                let mut tx = s.db.begin().await?;
                store::renew_return(&mut tx, id, back.generation).await?;
                tx.commit_quietly().await?;
            }
            Err(error.into())
        }
    }
}

/// Reads a known refund, looks for a lost one, makes a new one.
async fn ask(s: &Services, back: &Return) -> std::result::Result<ProviderRefund, ProviderError> {
    if let Some(provider_id) = &back.provider_id {
        return s.stripe.refund(provider_id).await;
    }
    let is_old = s.clock.now() > back.created_at.plus_seconds(KEY_SECONDS);
    if is_old && let Some(found) = look_up(s, back).await? {
        return Ok(found);
    }
    let key = format!("{}:{}", back.id, back.generation);
    match s.stripe.create_refund(&key, &back.id, &back.intent_id, back.amount).await {
        Err(error @ (ProviderError::Refused { .. } | ProviderError::BrokeDown(_))) => {
            look_up(s, back).await?.ok_or(error)
        }
        answer => answer,
    }
}

async fn look_up(s: &Services, back: &Return) -> std::result::Result<Option<ProviderRefund>, ProviderError> {
    let found = s.stripe.refunds_of(&back.intent_id).await?;
    Ok(found.into_iter().find(|refund| refund.our_id == back.id))
}

/// Applies what the provider says. The same news twice changes nothing, and no order of news ends differently.
async fn apply(s: &Services, id: &str, found: &ProviderRefund) -> Result<Option<Timestamp>> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let back = lock(&mut tx, id).await?;
    if found.amount != back.amount {
        return Err(Error::broken(format!("return {id} is {} at the provider", found.amount.0)));
    }
    let next = match found.status {
        RefundStatus::Pending => ReturnState::Pending,
        RefundStatus::Succeeded => ReturnState::Succeeded,
        RefundStatus::Failed => ReturnState::Failed,
    };
    let is_news = back.state.may_become(next);
    let newly_taken = found.taken && back.taken == 0 && (is_news || back.state == next);
    if newly_taken {
        let key = format!("refund_accepted:{id}");
        post(&mut tx, Kind::RefundAccepted, key, &back, (&Account::Suspense, &Account::PspAvailable), now).await?;
        store::return_taken(&mut tx, id).await?;
    }
    if is_news {
        let back = Return { taken: back.taken.max(i16::from(newly_taken)), ..back };
        if next == ReturnState::Failed {
            failed(&mut tx, &back, Some(&found.id), &found.failure, now).await?;
        } else {
            let finished = (next == ReturnState::Succeeded).then_some(now);
            step(&mut tx, &back, next, (Some(&found.id), ""), finished, now).await?;
        }
        if next == ReturnState::Succeeded {
            end_cases(&mut tx, &back, now).await?;
        }
    }
    let again = get(&mut tx, id).await?.state == ReturnState::Pending;
    tx.commit().await?;
    Ok(again.then(|| now.plus_seconds(LOOK_AGAIN_SECONDS)))
}

/// It could not arrive, or was refused: the money stands in suspense as before, and people decide again.
async fn failed(tx: &mut Tx, back: &Return, provider_id: Option<&str>, failure: &str, now: Timestamp) -> Result<()> {
    if back.taken == 1 {
        let key = format!("refund_failed:{}", back.id);
        post(tx, Kind::RefundFailed, key, back, (&Account::PspAvailable, &Account::Suspense), now).await?;
    }
    step(tx, back, ReturnState::Failed, (provider_id, failure), Some(now), now).await?;
    cases::actions::wait(tx, &back.subject_id, "").await?;
    let detail = format!("payment {} could not be sent back: {failure}", back.intent_id);
    for kind in KINDS {
        if let Some(case) = cases::actions::about(tx, kind, &back.subject_id).await? {
            let pledge_id = case.pledge_id.as_deref();
            let (subject_id, amount) = (back.subject_id.as_str(), back.amount);
            let found = Found { kind, subject_id, amount, detail: &detail, pledge_id, remedy: None };
            cases::actions::see(tx, &found, now).await?;
        }
    }
    Ok(())
}

async fn step(
    tx: &mut Tx,
    back: &Return,
    to: ReturnState,
    (provider_id, failure): (Option<&str>, &str),
    finished_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<()> {
    if !store::move_return(tx, back, to, provider_id, failure, finished_at).await? {
        return Err(Error::broken(format!("return {} is {} and cannot become {to}", back.id, back.state)));
    }
    record(tx, &back.id, back.state.as_str(), to, ACTOR, failure, now).await
}

/// The kinds of cases about such payments.
const KINDS: [CaseKind; 2] = [CaseKind::PaymentUnknown, CaseKind::PaymentDiffers];

async fn end_cases(tx: &mut Tx, back: &Return, now: Timestamp) -> Result<()> {
    for kind in KINDS {
        cases::actions::ended(tx, kind, &back.subject_id, ACTOR, "it went back to its payer", now).await?;
    }
    Ok(())
}

/// A posting of a return, for the subject whose money it is.
async fn post(
    tx: &mut Tx,
    kind: Kind,
    key: String,
    back: &Return,
    (debit, credit): (&Account, &Account),
    now: Timestamp,
) -> Result<()> {
    let posting = Posting::new(kind, key, now, ACTOR, &back.subject_id).moving(back.amount, debit, credit, None);
    ledger::actions::post(tx, now, &posting).await?;
    Ok(())
}

async fn lock(tx: &mut Tx, id: &str) -> Result<Return> {
    store::lock_return(tx, id).await?;
    get(tx, id).await
}

async fn get(conn: &mut Conn, id: &str) -> Result<Return> {
    store::return_by_id(conn, id).await?.ok_or_else(|| Error::broken(format!("no return {id}")))
}

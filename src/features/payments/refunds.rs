//! Sending money back. A refund is a row with its key before the call; the answer is recorded in a second transaction, so it can be
//! asked for again at any time and still happens once.

pub(super) mod apply;
mod by_hand;
mod reading;
mod returning;

pub use by_hand::find;
pub use reading::*;
pub use returning::return_released;

use futures::StreamExt;
use futures::stream;

use crate::features::cases::{self, CaseKind, Found};
use crate::features::ledger::{self, Account, Kind, Posting};
use crate::features::match_funds;
use crate::features::payments::store::Claimed;
use crate::features::payments::{
    Payment, RefundCause, RefundState, TRANSFER, actions, disputes, incoming, method, moves, store,
};
use crate::features::pledges::{self, Pledge};
use crate::infra::db::Tx;
use crate::infra::error::{Error, Result};
use crate::infra::planted::{self, Mistake};
use crate::infra::stripe::{ProviderError, ProviderRefund, RefundStatus};
use crate::infra::{Services, jobs, random};
use crate::values::{Cents, Timestamp};

pub(super) use apply::LOOK_AGAIN_SECONDS;
use apply::apply;

/// The job that looks at a refund the provider has news of; its subject is the refund's id.
pub const CHECK: &str = "refund.check";
/// The job that looks at all refunds of a payment at the provider, also those made by hand; its subject is the payment's id.
pub const FIND: &str = "refund.find";
/// The provider's word for a refund that a dispute forbids.
const DISPUTED: &str = "charge_disputed";
const LEASE_SECONDS: i64 = 120;
/// Refunds taken at once, and calls under way at once.
const BATCH: i64 = 64;
const AT_ONCE: usize = 16;
/// Stripe may forget a key after a day: from then on a refund is looked up before it is asked for.
pub(super) const KEY_SECONDS: i64 = 23 * 3600;
/// After so many attempts a refusal becomes a case.
const REFUSALS: i64 = 3;
/// How far a refund is put off while its round is paused: longer than any pause.
const HELD_BACK_DAYS: i64 = 36_500;

/// Writes the row of a refund and moves the money in the books to what is due back. The pledge must be locked and refunding.
pub async fn make_due(
    tx: &mut Tx,
    payment: &Payment,
    pledge: &Pledge,
    cause: RefundCause,
    now: Timestamp,
) -> Result<()> {
    make_each_due(tx, &[(payment, pledge)], cause, now).await
}

/// The same for several pledges.
pub async fn make_each_due(
    tx: &mut Tx,
    refunded: &[(&Payment, &Pledge)],
    cause: RefundCause,
    now: Timestamp,
) -> Result<()> {
    let whole = |(payment, pledge): &(&Payment, &Pledge)| {
        (*payment, *pledge, vec![(pledge.kept(), Account::PledgesHeld(pledge.project_id.clone()))])
    };
    let parts: Vec<Part<'_>> = refunded.iter().map(whole).collect();
    due(tx, &parts, cause, now).await.map(|_| ())
}

/// The same for these amounts, which stand in these accounts. Answers the refund's id.
pub async fn make_due_from(
    tx: &mut Tx,
    payment: &Payment,
    pledge: &Pledge,
    cause: RefundCause,
    from: &[(Cents, Account)],
    now: Timestamp,
) -> Result<String> {
    let mut ids = due(tx, &[(payment, pledge, from.to_vec())], cause, now).await?;
    ids.pop().ok_or_else(|| Error::broken("a refund without an id"))
}

/// What goes back of a pledge, by a payment: amounts and the accounts in which they stand.
type Part<'a> = (&'a Payment, &'a Pledge, Vec<(Cents, Account)>);

async fn due(tx: &mut Tx, parts: &[Part<'_>], cause: RefundCause, now: Timestamp) -> Result<Vec<String>> {
    let (mut rows, mut postings, mut by_bank) = (vec![], vec![], vec![]);
    for (payment, pledge, from) in parts {
        // wherever its money came from, it goes back to the payment that came in
        let payment = moves::origin(tx, payment).await?;
        let id = random::id("rfd", now);
        let due = Account::RefundsDue(pledge.project_id.clone());
        let mut posting = Posting::new(Kind::RefundDue, format!("refund_due:{id}"), now, "refunds", &id);
        for (amount, account) in from {
            posting = posting.moving(*amount, account, &due, Some(&pledge.id));
        }
        if payment.method == TRANSFER {
            by_bank.push(id.clone());
        }
        postings.push(posting);
        rows.push((id, payment, *pledge, from.iter().map(|(amount, _)| *amount).sum()));
    }
    if !store::insert_refunds(tx, &rows, cause, now).await? {
        return Err(Error::broken(format!("a pledge is refunded for {cause} already")));
    }
    let pledge_ids: Vec<&str> = parts.iter().map(|(_, pledge, _)| pledge.id.as_str()).collect();
    // the funds come before the books
    match_funds::actions::follow_each(tx, &pledge_ids, now).await?;
    ledger::actions::post_new(tx, now, &postings).await?;
    let by_bank: Vec<&str> = by_bank.iter().map(String::as_str).collect();
    jobs::enqueue_each(tx, now, incoming::REFUND, &by_bank, now).await?;
    jobs::enqueue_each(tx, now, pledges::actions::PAPERS, &pledge_ids, now).await?;
    Ok(rows.into_iter().map(|(id, ..)| id).collect())
}

/// A refund by bank whose sender's account nobody knows: kept as unclaimed, and its backer is told. The pledge must be locked.
pub async fn without_account(tx: &mut Tx, refund_id: &str, pledge: &Pledge, now: Timestamp) -> Result<()> {
    let refund = get(tx, refund_id).await?;
    if store::refund_unsendable(tx, refund_id, "no_account", now).await? {
        apply::failed(tx, &refund, pledge, false, now).await?;
    }
    Ok(())
}

/// Takes a batch of due refunds, asks the provider for each, and records the answers together. Answers how many were taken.
pub async fn run(s: &Services) -> Result<usize> {
    let now = s.clock.now();
    if !store::refund_is_due(&mut *s.db.read().await?, now).await? {
        return Ok(0);
    }
    let mut tx = s.db.begin_together().await?;
    let token = random::secret();
    let claimed = store::claim_refunds(&mut tx, now, now.plus_seconds(LEASE_SECONDS), &token, BATCH).await?;
    tx.commit_quietly().await?;
    let count = claimed.len();
    // all answers first: a call that waits for the limiter's row must never stand still while their record waits for the writer
    let mut answers: Vec<Asked> = stream::iter(claimed)
        .map(|claimed| async move {
            let answer = ask(s, &claimed).await;
            (claimed, answer)
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    while !answers.is_empty() {
        let rest = answers.split_off(answers.len().min(AT_ONCE));
        record(s, answers).await?;
        answers = rest;
    }
    Ok(count)
}

/// Asks the provider for one refund: reads a known one, looks for a lost one, makes a new one.
async fn ask(s: &Services, claimed: &Claimed) -> std::result::Result<ProviderRefund, ProviderError> {
    if let Some(provider_id) = &claimed.provider_id {
        return s.stripe.refund(provider_id).await;
    }
    let payment = match s.db.read().await {
        Ok(mut conn) => store::by_id(&mut conn, &claimed.payment_id).await,
        Err(error) => Err(error),
    };
    let payment = payment.map_err(|e| ProviderError::Busy(e.to_string()))?;
    let intent_id = payment.and_then(|payment| payment.intent_id).unwrap_or_default();
    let old = s.clock.now() > claimed.created_at.plus_seconds(KEY_SECONDS);
    if old && let Some(found) = look_up(s, claimed, &intent_id).await? {
        return Ok(found);
    }
    let careless = planted::is(Mistake::SecondRefund);
    let key = if careless { random::secret() } else { format!("{}:{}", claimed.id, claimed.generation) };
    match s.stripe.create_refund(&key, &claimed.id, &intent_id, claimed.amount).await {
        // a no may mean that it was sent back before: by an earlier call, or by hand in the provider's dashboard; and work may
        // have been done behind a broken answer
        Err(error @ (ProviderError::Refused { .. } | ProviderError::BrokeDown(_))) if !careless => {
            look_up(s, claimed, &intent_id).await?.ok_or(error)
        }
        answer => answer,
    }
}

/// Finds our refund at the provider, or one made by hand of the whole amount.
async fn look_up(
    s: &Services,
    claimed: &Claimed,
    intent_id: &str,
) -> std::result::Result<Option<ProviderRefund>, ProviderError> {
    let living: Vec<ProviderRefund> =
        s.stripe.refunds_of(intent_id).await?.into_iter().filter(|r| r.status != RefundStatus::Failed).collect();
    if let Some(ours) = living.iter().find(|refund| refund.our_id == claimed.id) {
        return Ok(Some(ours.clone()));
    }
    Ok(living.into_iter().find(|refund| refund.our_id.is_empty() && refund.amount == claimed.amount))
}

type Asked = (Claimed, std::result::Result<ProviderRefund, ProviderError>);

/// Records a group of answers in one transaction.
async fn record(s: &Services, group: Vec<Asked>) -> Result<()> {
    let now = s.clock.now();
    let mut group = group;
    // one order for all, so that two workers never wait for each other crosswise
    group.sort_by(|a, b| a.0.id.cmp(&b.0.id));
    let mut tx = s.db.begin_together().await?;
    for (claimed, answer) in group {
        match answer {
            Ok(found) => apply(&mut tx, &claimed.id, &found, now).await?,
            Err(ProviderError::Refused { code, .. }) if code == DISPUTED => stop(&mut tx, &claimed, now).await?,
            Err(error) => {
                let text = error.to_string();
                if matches!(error, ProviderError::Refused { .. }) {
                    tracing::error!(refund = claimed.id, error = text, "a refund was refused");
                    // perhaps part of it went back by hand: then the next attempt asks for the rest
                    jobs::enqueue(&mut tx, now, FIND, &claimed.payment_id, now).await?;
                    refused(&mut tx, &claimed, &text, now).await?;
                }
                // it was looked for and not found: the broken answer may be repeated to the old key, so the next one is new
                let new_key = i64::from(matches!(error, ProviderError::BrokeDown(_)));
                let due = now.plus_seconds(jobs::backoff_seconds(claimed.attempts));
                store::refund_later(&mut tx, &claimed.id, &claimed.lease_token, new_key, due, &text).await?;
            }
        }
    }
    alarm(&mut tx, now).await?;
    Ok(tx.commit().await?)
}

/// The backer went to their bank: the dispute decides, not we.
async fn stop(tx: &mut Tx, claimed: &Claimed, now: Timestamp) -> Result<()> {
    if store::stop_refund(tx, &claimed.id, RefundState::Requested, DISPUTED).await? {
        tracing::warn!(refund = claimed.id, "a refund was stopped: its payment is disputed");
        jobs::enqueue(tx, now, disputes::FIND, &claimed.payment_id, now).await?;
    }
    Ok(())
}

/// A refund that is refused again and again: when its payment is past the term of its method, the backer is asked for an account; else
/// a person must look.
async fn refused(tx: &mut Tx, claimed: &Claimed, why: &str, now: Timestamp) -> Result<()> {
    if claimed.attempts < REFUSALS {
        // a part may have gone back by hand: that is found before the next attempt
        return Ok(());
    }
    let payment = actions::get(tx, &claimed.payment_id).await?;
    let paid_at = payment.succeeded_at.unwrap_or(payment.created_at);
    if method(&payment.method).is_some_and(|method| method.is_past_refund(paid_at, now)) {
        return give_up(tx, claimed, now).await;
    }
    let detail = format!("refund {} of payment {}: {why}", claimed.id, claimed.payment_id);
    let found = Found {
        kind: CaseKind::RefundRefused,
        subject_id: &claimed.id,
        amount: claimed.amount,
        detail: &detail,
        pledge_id: None,
        remedy: None,
    };
    cases::actions::open(tx, &found, now).await?;
    Ok(())
}

/// It is too late for the way it came: the money is kept as unclaimed.
async fn give_up(tx: &mut Tx, claimed: &Claimed, now: Timestamp) -> Result<()> {
    let pledge_id = get(tx, &claimed.id).await?.pledge_id;
    let pledge = pledges::actions::lock(tx, &pledge_id).await?;
    let refund = get(tx, &claimed.id).await?;
    if store::refund_given_up(tx, &claimed.id, &claimed.lease_token, "too_old", now).await? {
        apply::failed(tx, &refund, &pledge, false, now).await?;
    }
    Ok(())
}

/// Tells the staff how much the provider's balance lacks: one case at a time, about the refund that waits longest.
async fn alarm(tx: &mut Tx, now: Timestamp) -> Result<()> {
    let Some((oldest, sum)) = store::waiting_for_money(tx).await? else { return Ok(()) };
    let subject_id = topup_case(&oldest);
    let detail = format!("refunds of {} cents wait for money in the provider's balance: top it up", sum.0);
    let found = Found {
        kind: CaseKind::Stuck,
        subject_id: &subject_id,
        amount: sum,
        detail: &detail,
        pledge_id: None,
        remedy: None,
    };
    cases::actions::open(tx, &found, now).await?;
    Ok(())
}

/// What a missing top-up is called among the cases.
fn topup_case(refund_id: &str) -> String {
    format!("topup:{refund_id}")
}

/// Reads a refund at the provider after news of it, and applies what is found.
pub async fn check(s: &Services, refund_id: &str) -> Result<()> {
    let refund = store::refund(&mut *s.db.read().await?, refund_id).await?;
    let Some(provider_id) = refund.and_then(|refund| refund.provider_id) else { return Ok(()) };
    let found = s.stripe.refund(&provider_id).await?;
    let mut tx = s.db.begin_together().await?;
    apply(&mut tx, refund_id, &found, s.clock.now()).await?;
    Ok(tx.commit().await?)
}

/// Keeps the refunds of a round that are only due from being sent, until [`let_go`]. What was asked of the provider goes on.
pub async fn hold_back(tx: &mut Tx, round_id: &str, now: Timestamp) -> Result<()> {
    Ok(store::put_off_refunds(tx, round_id, now.plus_days(HELD_BACK_DAYS)).await?)
}

/// Lets the refunds that [`hold_back`] kept be sent.
pub async fn let_go(tx: &mut Tx, round_id: &str, now: Timestamp) -> Result<()> {
    Ok(store::put_off_refunds(tx, round_id, now).await?)
}

//! Sending money back. A refund is a row with its key before the call; the answer is recorded in a second transaction, so it can be
//! asked for again at any time and still happens once.

use std::collections::HashMap;

use futures::StreamExt;
use futures::stream;

use crate::features::ledger::{self, Account, Kind, Posting};
use crate::features::payments::actions::letter;
use crate::features::payments::store::Claimed;
use crate::features::payments::{
    ListedRefund, Payment, Refund, RefundCause, RefundState, TRANSFER, by_bank, incoming, store,
};
use crate::features::pledges::{self, Pledge, PledgeState};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::planted::{self, Mistake};
use crate::infra::stripe::{ProviderError, ProviderRefund, RefundStatus};
use crate::infra::{Services, jobs, random};
use crate::values::{Cents, Timestamp};

/// The job that looks at a refund the provider has news of; its subject is the refund's id.
pub const CHECK: &str = "refund.check";
const LEASE_SECONDS: i64 = 120;
/// Refunds taken at once, and calls under way at once.
const BATCH: i64 = 64;
const AT_ONCE: usize = 16;
/// Stripe may forget a key after a day: from then on a refund is looked up before it is asked for.
const KEY_SECONDS: i64 = 23 * 3600;
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
    let id = random::id("rfd", now);
    if !store::insert_refund(tx, &id, payment, &pledge.project_id, cause, now).await? {
        return Err(Error::broken(format!("pledge {} is refunded for {cause} already", pledge.id)));
    }
    let posting = Posting::new(Kind::RefundDue, format!("refund_due:{id}"), now, "refunds", &id).moving(
        payment.amount,
        &Account::PledgesHeld(pledge.project_id.clone()),
        &Account::RefundsDue(pledge.project_id.clone()),
        Some(&pledge.id),
    );
    ledger::actions::post(tx, now, &posting).await?;
    if payment.method == TRANSFER {
        jobs::enqueue(tx, now, incoming::REFUND, &id, now).await?;
    }
    Ok(jobs::enqueue(tx, now, pledges::actions::PAPERS, &pledge.id, now).await?)
}

/// A refund by bank whose sender's account nobody knows: kept as unclaimed, and its backer is told. The pledge must be locked.
pub async fn without_account(tx: &mut Tx, refund_id: &str, pledge: &Pledge, now: Timestamp) -> Result<()> {
    let refund = get(tx, refund_id).await?;
    if store::refund_unsendable(tx, refund_id, "no_account", now).await? {
        failed(tx, &refund, pledge, now).await?;
    }
    Ok(())
}

/// Takes a batch of due refunds, asks the provider for each, and records the answers together. Answers how many were taken.
pub async fn run(s: &Services) -> Result<usize> {
    let now = s.clock.now();
    if !store::refund_is_due(&mut *s.db.read().await?, now).await? {
        return Ok(0);
    }
    let mut tx = s.db.begin().await?;
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
    let mut tx = s.db.begin().await?;
    for (claimed, answer) in group {
        match answer {
            Ok(found) => apply(&mut tx, &claimed.id, &found, now).await?,
            Err(error) => {
                let text = error.to_string();
                if matches!(error, ProviderError::Refused { .. }) {
                    tracing::error!(refund = claimed.id, error = text, "a refund was refused");
                }
                // it was looked for and not found: the broken answer may be repeated to the old key, so the next one is new
                let new_key = i64::from(matches!(error, ProviderError::BrokeDown(_)));
                let due = now.plus_seconds(jobs::backoff_seconds(claimed.attempts));
                store::refund_later(&mut tx, &claimed.id, &claimed.lease_token, new_key, due, &text).await?;
            }
        }
    }
    Ok(tx.commit().await?)
}

/// Reads a refund at the provider after news of it, and applies what is found.
pub async fn check(s: &Services, refund_id: &str) -> Result<()> {
    let refund = store::refund(&mut *s.db.read().await?, refund_id).await?;
    let Some(provider_id) = refund.and_then(|refund| refund.provider_id) else { return Ok(()) };
    let found = s.stripe.refund(&provider_id).await?;
    let mut tx = s.db.begin().await?;
    apply(&mut tx, refund_id, &found, s.clock.now()).await?;
    Ok(tx.commit().await?)
}

/// Applies what the provider says of a refund: books, pledge and letter move with it. The same news twice changes nothing.
async fn apply(tx: &mut Tx, refund_id: &str, found: &ProviderRefund, now: Timestamp) -> Result<()> {
    let refund = get(tx, refund_id).await?;
    let pledge = pledges::actions::lock(tx, &refund.pledge_id).await?;
    let refund = get(tx, &refund.id).await?;
    let next = match found.status {
        RefundStatus::Pending => RefundState::Pending,
        RefundStatus::Succeeded => RefundState::Succeeded,
        RefundStatus::Failed => RefundState::Failed,
    };
    if !may_become(refund.state, next) {
        return Ok(());
    }
    if found.amount != refund.amount {
        return Err(Error::broken(format!("refund {refund_id} is {} at the provider", found.amount.0)));
    }
    let due = now.plus_seconds(3_600);
    let finished = (next != RefundState::Pending).then_some(now);
    let failure = if next == RefundState::Failed { found.failure.as_str() } else { "" };
    if !store::refund_answered(tx, &refund.id, refund.state, next, &found.id, failure, due, finished).await? {
        return Ok(());
    }
    match next {
        RefundState::Failed => failed(tx, &refund, &pledge, now).await,
        _ => accepted(tx, &refund, &pledge, next, now).await,
    }
}

/// A step back never; but what was sent may still come back from the bank.
fn may_become(from: RefundState, to: RefundState) -> bool {
    use RefundState::{Due, Failed, Pending, Requested, Succeeded};
    match from {
        Due | Requested => true,
        Pending => matches!(to, Succeeded | Failed),
        Succeeded => matches!(to, Failed),
        _ => false,
    }
}

async fn accepted(tx: &mut Tx, refund: &Refund, pledge: &Pledge, next: RefundState, now: Timestamp) -> Result<()> {
    let due = Account::RefundsDue(refund.project_id.clone());
    let key = format!("refund_accepted:{}", refund.id);
    let posting = Posting::new(Kind::RefundAccepted, key, now, "refunds", &refund.id).moving(
        refund.amount,
        &due,
        &Account::PspAvailable,
        Some(&pledge.id),
    );
    ledger::actions::post(tx, now, &posting).await?;
    if next == RefundState::Succeeded && pledge.state == PledgeState::Refunding {
        pledges::actions::refunded(tx, pledge, now).await?;
        letter(tx, pledge, "refund_sent", &refund.id, now).await?;
    }
    Ok(())
}

/// It could not arrive: the money is kept as unclaimed, the person is told.
async fn failed(tx: &mut Tx, refund: &Refund, pledge: &Pledge, now: Timestamp) -> Result<()> {
    let was_accepted = matches!(refund.state, RefundState::Pending | RefundState::Succeeded);
    let from = if was_accepted { Account::PspAvailable } else { Account::RefundsDue(refund.project_id.clone()) };
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

/// The refund with this id; it must be there.
pub async fn get(conn: &mut Conn, id: &str) -> Result<Refund> {
    store::refund(conn, id).await?.ok_or_else(|| Error::broken(format!("no refund {id}")))
}

/// The refunds of a pledge, oldest first.
pub async fn of_pledge(conn: &mut Conn, pledge_id: &str) -> Result<Vec<Refund>> {
    Ok(store::refunds_of_pledge(conn, pledge_id).await?)
}

/// The newest refunds of all.
pub async fn latest(conn: &mut Conn, limit: i64) -> Result<Vec<Refund>> {
    Ok(store::latest_refunds(conn, limit).await?)
}

/// Counts and sums of a round's refunds per state.
pub async fn sums_of_round(conn: &mut Conn, round_id: &str) -> Result<Vec<(RefundState, i64, Cents)>> {
    Ok(store::refund_sums(conn, round_id).await?)
}

/// Refunds of a round that became final since this moment.
pub async fn finished_since(conn: &mut Conn, round_id: &str, since: Timestamp) -> Result<i64> {
    Ok(store::refunds_finished_since(conn, round_id, since).await?)
}

/// Refunds of a round that could not arrive: the provider's word for why, count, cents.
pub async fn failures_of_round(conn: &mut Conn, round_id: &str) -> Result<Vec<(String, i64, Cents)>> {
    Ok(store::refund_failures(conn, round_id).await?)
}

/// Refunds of a round that are tried again: the last error, count, cents.
pub async fn retries_of_round(conn: &mut Conn, round_id: &str) -> Result<Vec<(String, i64, Cents)>> {
    Ok(store::refund_retries(conn, round_id).await?)
}

/// Keeps the refunds of a round that are only due from being sent, until [`let_go`]. What was asked of the provider goes on.
pub async fn hold_back(tx: &mut Tx, round_id: &str, now: Timestamp) -> Result<()> {
    Ok(store::put_off_refunds(tx, round_id, now.plus_days(HELD_BACK_DAYS)).await?)
}

/// Lets the refunds that [`hold_back`] kept be sent.
pub async fn let_go(tx: &mut Tx, round_id: &str, now: Timestamp) -> Result<()> {
    Ok(store::put_off_refunds(tx, round_id, now).await?)
}

/// A page of all refunds (or of those in a state), the newest first.
pub async fn page(conn: &mut Conn, state: Option<RefundState>, limit: i64, offset: i64) -> Result<Vec<ListedRefund>> {
    Ok(store::refund_page(conn, state, limit, offset).await?)
}

/// How many refunds there are in each state.
pub async fn counts(conn: &mut Conn) -> Result<HashMap<RefundState, i64>> {
    Ok(store::refund_counts(conn).await?.into_iter().collect())
}

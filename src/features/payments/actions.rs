//! Believing the bank: one function reads the payment at the provider and applies what it finds. Asking for money stands in
//! `checkout`.

use std::collections::HashMap;

use crate::features::cases::{self, CaseKind, Found};
use crate::features::ledger::{self, Account, Check, Kind, Posting};
use crate::features::payments::checkout::{FIRST_CHECK_SECONDS, expire_unmade, renew};
pub use crate::features::payments::checkout::{
    close_session, create, open_checkout, open_checkout_of, page_address, papers_address, refusals,
};
use crate::features::payments::{
    ListedPayment, Payment, PaymentState, RefundCause, TRANSFER, balance, line, moves, refunds, store,
};
use crate::features::pledges::{Pledge, PledgeState};
use crate::features::projects::ProjectState;
use crate::features::{match_funds, pledges, projects, rounds};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::letters::{self, Letter};
use crate::infra::listing::Wanted;
use crate::infra::planted::{self, Mistake};
use crate::infra::stripe::{Checkout, CheckoutStatus, Intent, IntentStatus, ProviderError};
use crate::infra::{Services, jobs, random};
use crate::values::{Cents, Timestamp};

/// The job that looks at a payment again; its subject is the payment's id.
pub const CHECK: &str = "payment.check";
/// The job that makes a held pledge's backer a follower; served by the noun `updates`.
pub const FOLLOW: &str = "updates.follow";

impl From<ProviderError> for Error {
    fn from(error: ProviderError) -> Error {
        Error::Outside(error.to_string())
    }
}

/// Reads a payment at the provider and applies what it finds: the one place that believes the bank.
///
/// # Errors
/// `Outside` when the provider does not answer; nothing has changed then.
pub async fn refresh(s: &Services, payment_id: &str) -> Result<PaymentState> {
    let payment = get(&mut *s.db.read().await?, payment_id).await?;
    let Some(session_id) = payment.session_id else {
        return Ok(payment.state);
    };
    let checkout = s.stripe.checkout(&session_id).await?;
    apply(s, payment_id, &checkout).await
}

/// What the provider's objects mean for our payment.
fn state_of(checkout: &Checkout) -> PaymentState {
    let intent = checkout.intent.as_ref().map(|intent| intent.status);
    match (checkout.status, intent) {
        (_, Some(IntentStatus::Succeeded)) => PaymentState::Succeeded,
        (_, Some(IntentStatus::Processing)) => PaymentState::Processing,
        (CheckoutStatus::Expired, _) => PaymentState::Expired,
        (CheckoutStatus::Complete, Some(IntentStatus::Unpaid | IntentStatus::Canceled)) => PaymentState::Failed,
        (CheckoutStatus::Open | CheckoutStatus::Complete, _) => PaymentState::Open,
    }
}

/// Applies what was read, in one transaction: payment, pledge, totals, books and letters move together or not at all.
async fn apply(s: &Services, payment_id: &str, checkout: &Checkout) -> Result<PaymentState> {
    let now = s.clock.now();
    let mut tx = s.db.begin_together().await?;
    let pledge_id = get(&mut tx, payment_id).await?.pledge_id;
    let pledge = pledges::actions::lock(&mut tx, &pledge_id).await?;
    let payment = get(&mut tx, payment_id).await?;
    if checkout.our_id != payment.id {
        return Err(Error::broken(format!("session {} is not of payment {payment_id}", checkout.id)));
    }
    if let Some(intent_id) = &checkout.intent_id {
        store::set_intent(&mut tx, &payment.id, intent_id).await?;
    }
    let next = state_of(checkout);
    let refused = checkout.intent.as_ref().is_some_and(|intent| intent.attempt_failed);
    let may_become = payment.state.may_become(next) || planted::is(Mistake::NoStateGuard);
    if may_become && store::move_to(&mut tx, &payment.id, payment.state, next).await? {
        match (next, &checkout.intent) {
            (PaymentState::Succeeded, Some(intent)) => succeed(&mut tx, &payment, &pledge, intent, now).await?,
            (PaymentState::Processing, _) if pledge.state == PledgeState::Reserved => {
                pledges::actions::begin_processing(&mut tx, &pledge, now).await?;
            }
            (PaymentState::Failed | PaymentState::Expired, _) => {
                end_unpaid(&mut tx, &payment, &pledge, next, now).await?
            }
            _ => {}
        }
    } else if next == PaymentState::Open && refused {
        letter(&mut tx, &pledge, "payment_failed", &payment.id, now).await?;
    }
    if let Some(intent) = checkout.intent.as_ref().filter(|_| next == PaymentState::Succeeded) {
        // until it is known, the sweep of the provider's balance finds it
        if let Some(fee) = intent.fee {
            post_fee(&mut tx, &payment, fee, now).await?;
        }
    }
    let state = get(&mut tx, payment_id).await?.state;
    tx.commit().await?;
    Ok(state)
}

/// The money is there: held when it counts, on its way back when it came too late, set aside when the amount is not ours.
async fn succeed(tx: &mut Tx, payment: &Payment, pledge: &Pledge, intent: &Intent, now: Timestamp) -> Result<()> {
    let occurred_at = intent.paid_at.unwrap_or(now);
    store::set_succeeded_at(tx, &payment.id, occurred_at).await?;
    store::set_intent(tx, &payment.id, &intent.id).await?;
    if !intent.is_euro || intent.received != payment.amount {
        return set_aside(tx, payment, pledge, intent, occurred_at, now).await;
    }
    match_funds::actions::lock_for(tx, &pledge.round_id, &pledge.project_id).await?;
    post_paid(tx, payment, pledge, occurred_at, now).await?;
    keep_or_return(tx, payment, pledge, occurred_at, now).await?;
    Ok(())
}

/// Money that is there and in the books: the pledge is held when it counts, else refunded. Answers whether it is held.
pub(super) async fn keep_or_return(
    tx: &mut Tx,
    payment: &Payment,
    pledge: &Pledge,
    paid_at: Timestamp,
    now: Timestamp,
) -> Result<bool> {
    let sale = projects::actions::sale(tx, &pledge.project_id).await?;
    if sale.counts(pledge.raises_id.is_some(), paid_at) && pledges::actions::hold(tx, pledge, now).await? {
        letter(tx, pledge, "payment_received", &payment.id, now).await?;
        if pledge.updates == 1 {
            jobs::enqueue(tx, now, FOLLOW, &pledge.id, now).await?;
        }
        match_funds::actions::add(tx, &pledge.id, now).await?;
        return Ok(true);
    }
    let (cause, reason) = if sale.state == ProjectState::Withdrawn {
        letter(tx, pledge, "project_withdrawn", &pledge.id, now).await?;
        (RefundCause::Withdrawn, "the project was withdrawn")
    } else {
        (RefundCause::Late, "the money came too late to count")
    };
    pledges::actions::begin_refund(tx, pledge, "payments", reason, now).await?;
    refunds::make_due(tx, payment, pledge, cause, now).await?;
    Ok(false)
}

/// Another amount than was asked: the money waits in suspense for a person, and the place is free again.
async fn set_aside(
    tx: &mut Tx,
    payment: &Payment,
    pledge: &Pledge,
    intent: &Intent,
    at: Timestamp,
    now: Timestamp,
) -> Result<()> {
    let key = format!("unexplained:{}", payment.id);
    let posting = Posting::new(Kind::Unexplained, key, at, "payments", &payment.id).moving(
        intent.received,
        &Account::PspPending,
        &Account::Suspense,
        None,
    );
    ledger::actions::post(tx, now, &posting).await?;
    let currency = if intent.is_euro { "euros" } else { "another currency" };
    let found = Found {
        kind: CaseKind::PaymentDiffers,
        subject_id: &payment.id,
        amount: intent.received,
        detail: &format!("{} received in {currency}, {} asked: {}", intent.received.0, payment.amount.0, intent.id),
        pledge_id: Some(&pledge.id),
        remedy: None,
    };
    cases::actions::open(tx, &found, now).await?;
    if matches!(pledge.state, PledgeState::Reserved | PledgeState::Processing) {
        pledges::actions::expire(tx, pledge, "another amount was paid", now).await?;
    }
    Ok(())
}

async fn post_paid(tx: &mut Tx, payment: &Payment, pledge: &Pledge, at: Timestamp, now: Timestamp) -> Result<()> {
    let held = Account::PledgesHeld(pledge.project_id.clone());
    let posting = Posting::new(Kind::Paid, format!("paid:{}", payment.id), at, "payments", &payment.id).moving(
        payment.amount,
        &Account::PspPending,
        &held,
        Some(&pledge.id),
    );
    ledger::actions::post(tx, now, &posting).await?;
    Ok(())
}

/// The provider's fee of a payment, once.
pub(super) async fn post_fee(tx: &mut Tx, payment: &Payment, fee: Cents, now: Timestamp) -> Result<()> {
    let twice = planted::is(Mistake::FeeTwice);
    if (!store::set_fee(tx, &payment.id, fee).await? && !twice) || fee == Cents::ZERO {
        return Ok(());
    }
    let key = if twice { random::id("fee", now) } else { format!("fee:{}", payment.id) };
    let posting = Posting::new(Kind::Fee, key, now, "payments", &payment.id).moving(
        fee,
        &Account::PspFees,
        &Account::PspPending,
        Some(&payment.pledge_id),
    );
    ledger::actions::post(tx, now, &posting).await?;
    Ok(())
}

async fn end_unpaid(tx: &mut Tx, payment: &Payment, pledge: &Pledge, end: PaymentState, now: Timestamp) -> Result<()> {
    if matches!(pledge.state, PledgeState::Reserved | PledgeState::Processing) {
        pledges::actions::expire(tx, pledge, end.as_str(), now).await?;
    }
    if end == PaymentState::Failed {
        letter(tx, pledge, "payment_failed", &payment.id, now).await?;
    }
    Ok(())
}

pub(super) async fn letter(
    tx: &mut Tx,
    pledge: &Pledge,
    kind: &'static str,
    cause: &str,
    now: Timestamp,
) -> Result<()> {
    let letter =
        Letter { kind, cause_id: cause, user_id: &pledge.user_id, language: pledge.language, due: now, secret: "" };
    Ok(letters::queue(tx, now, letter).await?)
}

/// Pledges in one ledger transaction of an import.
const IMPORT_POSTING: usize = 200;

/// Writes the payments of pledges made elsewhere (demo, imports) and posts the money of held ones. `intent_of` names the
/// provider's payment of a pledge, so that it can be refunded.
pub async fn import(tx: &mut Tx, pledges: &[Pledge], intent_of: fn(&Pledge) -> String) -> Result<()> {
    let payments: Vec<Payment> = pledges
        .iter()
        .map(|pledge| Payment {
            id: pledge.id.replacen("plg", "pay", 1),
            pledge_id: pledge.id.clone(),
            method: "ideal".to_owned(),
            amount: pledge.amount,
            state: match pledge.state {
                PledgeState::Held => PaymentState::Succeeded,
                PledgeState::Processing => PaymentState::Processing,
                _ => PaymentState::Open,
            },
            generation: 1,
            session_id: None,
            intent_id: Some(intent_of(pledge)),
            checkout_url: String::new(),
            fee: Some(Cents::ZERO),
            created_at: pledge.created_at,
            expires_at: pledge.expires_at,
            succeeded_at: pledge.held_at,
            moved_from: None,
        })
        .collect();
    store::insert(tx, &payments.iter().map(|payment| (payment, None)).collect::<Vec<_>>()).await?;
    for payment in payments.iter().filter(|payment| !payment.state.is_final()) {
        jobs::enqueue(tx, payment.created_at, CHECK, &payment.id, payment.expires_at).await?;
    }
    let held = pledges.iter().filter(|pledge| pledge.state == PledgeState::Held);
    let mut held: Vec<(Timestamp, &Pledge)> = held.map(|p| (p.held_at.unwrap_or(p.created_at), p)).collect();
    held.sort_by_key(|(at, _)| *at);
    // the books tell money per day, so a transaction holds pledges of one day
    let days = held.chunk_by(|(one, _), (other, _)| one.day() == other.day());
    for group in days.flat_map(|day| day.chunks(IMPORT_POSTING)) {
        let (at, last) = group[group.len() - 1];
        let mut posting = Posting::new(Kind::Paid, format!("paid:import:{}", last.id), at, "import", &last.id);
        for (_, pledge) in group {
            let account = Account::PledgesHeld(pledge.project_id.clone());
            // it was paid long enough ago to be available, and no fee of it is known
            posting = posting.moving(pledge.amount, &Account::PspAvailable, &account, Some(&pledge.id));
        }
        ledger::actions::post(tx, at, &posting).await?;
    }
    Ok(())
}

/// The poller's step for one payment: look, and say when to look again (`None`: nothing more is expected).
pub async fn check(s: &Services, payment_id: &str, attempts: i64) -> Result<Option<Timestamp>> {
    let now = s.clock.now();
    let payment = get(&mut *s.db.read().await?, payment_id).await?;
    let closed = {
        let mut conn = s.db.read().await?;
        let pledge = pledges::actions::get(&mut conn, &payment.pledge_id).await?;
        let sale = projects::actions::sale(&mut conn, &pledge.project_id).await?;
        let is_open = if pledge.raises_id.is_some() { sale.is_extended_at(now) } else { sale.sells_at(now) };
        !is_open
    };
    let over = now >= payment.expires_at || closed;
    let state = match payment.state {
        // an imported payment has no session that could still be paid, one by transfer never had any
        PaymentState::Open | PaymentState::Processing if payment.session_id.is_none() && over => {
            let by_transfer = payment.method == TRANSFER;
            let reason = if by_transfer { "nothing was transferred" } else { "the bank could not be reached" };
            expire_unmade(s, payment_id, reason).await?
        }
        // who still stands in a long line keeps the place that was reserved
        PaymentState::Created if over && !closed && line::is_behind_others(s, &payment).await? => {
            renew(s, &payment, now).await?;
            PaymentState::Created
        }
        PaymentState::Created | PaymentState::Open if over => close_session(s, payment_id).await?,
        // the line asks for its session
        PaymentState::Created => PaymentState::Created,
        _ => refresh(s, payment_id).await?,
    };
    let fee_known = get(&mut *s.db.read().await?, payment_id).await?.fee.is_some();
    if state.is_final() && (state != PaymentState::Succeeded || fee_known || attempts > 20) {
        return Ok(None);
    }
    // nobody but the bank's statement tells of a transfer: there is nothing to ask until its time is over
    if payment.method == TRANSFER && payment.expires_at > now {
        return Ok(Some(payment.expires_at.plus_seconds(1)));
    }
    let pause = (FIRST_CHECK_SECONDS << attempts.clamp(0, 6)).min(7_200);
    let next = now.plus_seconds(pause);
    let ends = payment.expires_at.plus_seconds(1);
    Ok(Some(if state == PaymentState::Open && ends > now && ends < next { ends } else { next }))
}

/// A backer cancels: an unpaid pledge ends, a held one is refunded while its round sells.
pub async fn cancel(s: &Services, pledge_id: &str) -> Result<()> {
    let payment = of_pledge(&mut *s.db.read().await?, pledge_id).await?;
    let state = pledges::actions::get(&mut *s.db.read().await?, pledge_id).await?.state;
    if state == PledgeState::Reserved
        && let Some(payment) = &payment
    {
        close_session(s, &payment.id).await?;
    }
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let pledge = pledges::actions::lock(&mut tx, pledge_id).await?;
    let round = rounds::actions::get(&mut tx, &pledge.round_id).await?;
    match (pledge.state, payment) {
        (PledgeState::Expired, _) => {}
        (PledgeState::Held, Some(payment)) if round.sells_at(now) => {
            pledges::actions::begin_refund(&mut tx, &pledge, &pledge.user_id, "cancelled by the backer", now).await?;
            refunds::make_due(&mut tx, &payment, &pledge, RefundCause::Cancelled, now).await?;
        }
        _ => return Err(pledges::Refusal::NotCancellable.into()),
    }
    Ok(tx.commit().await?)
}

/// Asks for all unfinished payments of a round to be looked at now; done when it closes.
pub async fn check_round(tx: &mut Tx, round_id: &str, now: Timestamp) -> Result<()> {
    for (payment_id, _) in store::unfinished_of_round(tx, round_id).await? {
        jobs::enqueue(tx, now, CHECK, &payment_id, now).await?;
    }
    Ok(())
}

/// Asks for the unfinished payments of a project to be looked at now; done when nobody may pay for it any more.
pub async fn check_project(tx: &mut Tx, project_id: &str, now: Timestamp) -> Result<()> {
    for (payment_id,) in store::unfinished_of_project(tx, project_id).await? {
        jobs::enqueue(tx, now, CHECK, &payment_id, now).await?;
    }
    Ok(())
}

/// Payments of a round that are neither paid nor ended.
pub async fn unfinished_of_round(conn: &mut Conn, round_id: &str) -> Result<Vec<(String, PaymentState)>> {
    Ok(store::unfinished_of_round(conn, round_id).await?)
}

/// The payment with this id; it must be there.
pub async fn get(conn: &mut Conn, id: &str) -> Result<Payment> {
    store::by_id(conn, id).await?.ok_or_else(|| Error::broken(format!("no payment {id}")))
}

/// The payments with these ids, by id.
pub async fn get_each(conn: &mut Conn, ids: &[&str]) -> Result<HashMap<String, Payment>> {
    Ok(store::by_ids(conn, ids).await?.into_iter().map(|payment| (payment.id.clone(), payment)).collect())
}

/// The payment of a pledge.
pub async fn of_pledge(conn: &mut Conn, pledge_id: &str) -> Result<Option<Payment>> {
    Ok(store::by_pledge(conn, pledge_id).await?)
}

/// The payments of these pledges, by pledge.
pub async fn of_pledges(conn: &mut Conn, pledge_ids: &[&str]) -> Result<HashMap<String, Payment>> {
    let payments = store::by_pledges(conn, pledge_ids).await?;
    Ok(payments.into_iter().map(|payment| (payment.pledge_id.clone(), payment)).collect())
}

/// Checks refunds, and the books against the provider's balance.
pub async fn verify(conn: &mut Conn) -> Result<Vec<Check>> {
    let mut checks = balance::verify(conn).await?;
    let doubled = store::doubled_refunds(conn).await?.into_iter().map(|(id,)| id).collect();
    let checked = store::count_refunds(conn).await?;
    let overdrawn = moves::overdrawn(conn).await?;
    checks.push(Check { name: "I6", what: "of no payment goes back more than came in", checked, offending: overdrawn });
    checks.push(Check { name: "I10", what: "each pledge has at most one living refund", checked, offending: doubled });
    Ok(checks)
}

/// A part of the payments for the team's list.
pub async fn listed(conn: &mut Conn, wanted: &Wanted) -> Result<Vec<ListedPayment>> {
    Ok(store::listed_payments(conn, wanted).await?)
}

/// How many payments of that list are in each state, whichever state is wanted, what they come to, and their fees.
pub async fn listed_sums(conn: &mut Conn, wanted: &Wanted) -> Result<Vec<(PaymentState, i64, Cents, Cents)>> {
    Ok(store::payment_sums(conn, wanted).await?)
}

/// Events of the provider that wait to be worked on: how many, and when the oldest came in.
pub async fn waiting_events(conn: &mut Conn) -> Result<(i64, Option<Timestamp>)> {
    Ok(store::waiting_events(conn).await?)
}

/// When the newest event happened at the provider and when it came in; nothing when none ever did.
pub async fn newest_event(conn: &mut Conn) -> Result<Option<(Timestamp, Timestamp)>> {
    Ok(store::newest_event(conn).await?)
}

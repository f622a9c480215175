//! Asking for money: the row of a payment, the bank's page for it, and the end of that page. Whether money came is believed in
//! [`actions`](crate::features::payments::actions) alone.

use crate::features::payments::actions::{CHECK, get, refresh};
use crate::features::payments::{Payment, PaymentState, Refusal, TRANSFER, incoming, method, shield, store};
use crate::features::pledges::{NewPledge, Pledge, PledgeState, RESERVATION_SECONDS};
use crate::features::{pledges, projects, users};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::stripe::{CheckoutRequest, ProviderError};
use crate::infra::{Services, jobs, random};
use crate::values::Timestamp;

/// Stripe wants a session to live at least this long from the moment it is made, in seconds.
const SHORTEST_SESSION_SECONDS: i64 = 30 * 60;
/// The first time a payment is looked at without being told to, in seconds.
pub(super) const FIRST_CHECK_SECONDS: i64 = 120;

/// Whether the shield against stolen cards lets through what is asked for, and the method takes the amount; each in the same order.
///
/// # Errors
/// The database.
pub async fn refusals(conn: &mut Conn, asked: &[&NewPledge], now: Timestamp) -> Result<Vec<Option<Refusal>>> {
    let is_shielded = |new: &NewPledge| method(&new.method).is_some_and(|method| !method.bank_confirms);
    let is_up = asked.iter().any(|new| is_shielded(new)) && shield::is_up(conn, now).await?;
    let refusal = |new: &&NewPledge| match method(&new.method).map(|method| method.takes(new.amount)) {
        Some(Err(refusal)) => Some(refusal),
        _ => (is_up && is_shielded(new)).then_some(Refusal::MethodShielded),
    };
    Ok(asked.iter().map(refusal).collect())
}

/// Writes the rows of payments for pledges that were just reserved, each with its way to pay, and the jobs that make sure they are looked
/// at. From its moment on the line asks for a payment's session, when nobody did.
///
/// # Errors
/// A [`Refusal`] when somebody can no longer pay in this way; nothing of the transaction may be kept then.
pub async fn create(tx: &mut Tx, pledges: &[(&Pledge, &str, Timestamp)], now: Timestamp) -> Result<Vec<Payment>> {
    let user_ids: Vec<&str> = pledges.iter().map(|(pledge, _, _)| pledge.user_id.as_str()).collect();
    let blocked = store::blocked(tx, &user_ids).await?;
    let is_blocked =
        |pledge: &Pledge, method: &str| blocked.iter().any(|one| one.0 == pledge.user_id && one.1 == method);
    if pledges.iter().any(|(pledge, method, _)| is_blocked(pledge, method)) {
        return Err(Refusal::MethodBlocked.into());
    }
    let payment = |(pledge, method, _): &(&Pledge, &str, Timestamp)| Payment {
        id: random::id("pay", now),
        pledge_id: pledge.id.clone(),
        method: (*method).to_owned(),
        amount: pledge.amount,
        state: PaymentState::Created,
        generation: 1,
        session_id: None,
        intent_id: None,
        checkout_url: String::new(),
        fee: None,
        created_at: now,
        expires_at: pledge.expires_at,
        succeeded_at: None,
        moved_from: None,
    };
    let payments: Vec<Payment> = pledges.iter().map(payment).collect();
    let rows: Vec<(&Payment, Option<Timestamp>)> =
        payments.iter().zip(pledges).map(|(payment, (_, _, open_after))| (payment, Some(*open_after))).collect();
    store::insert(tx, &rows).await?;
    let ids: Vec<&str> = payments.iter().map(|payment| payment.id.as_str()).collect();
    jobs::enqueue_each(tx, now, CHECK, &ids, now.plus_seconds(FIRST_CHECK_SECONDS)).await?;
    Ok(payments)
}

/// The bank's page for a payment: makes the session, or finds the one that was made. Called outside a transaction.
///
/// # Errors
/// `Outside` when the provider does not answer: the row stays, and the same call later gives the same session.
pub async fn open_checkout(s: &Services, payment_id: &str) -> Result<String> {
    let mut conn = s.db.read().await?;
    let payment = get(&mut conn, payment_id).await?;
    let pledge = pledges::actions::get(&mut conn, &payment.pledge_id).await?;
    drop(conn);
    open_checkout_of(s, &payment, &pledge).await
}

/// The same for rows that were just written or read.
pub async fn open_checkout_of(s: &Services, payment: &Payment, pledge: &Pledge) -> Result<String> {
    if payment.state != PaymentState::Created {
        return Ok(payment.checkout_url.clone());
    }
    if payment.method == TRANSFER {
        return incoming::open(s, &payment.id).await;
    }
    let now = s.clock.now();
    if pledge.state != PledgeState::Reserved {
        return Err(Error::Outside(format!("payment {} is for a pledge that is {}", payment.id, pledge.state)));
    }
    if payment.expires_at < now.plus_seconds(SHORTEST_SESSION_SECONDS + 5) {
        renew(s, payment, now).await?;
        return Box::pin(open_checkout(s, &payment.id)).await;
    }
    let mut conn = s.db.read().await?;
    let project = projects::actions::get(&mut conn, &pledge.project_id).await?;
    let user = users::actions::by_id(&mut conn, &pledge.user_id).await?;
    drop(conn);
    let lang = pledge.language;
    let page = page_address(s, pledge);
    let request = CheckoutRequest {
        key: &format!("{}:{}", payment.id, payment.generation),
        payment_id: &payment.id,
        reference: &pledge.reference,
        amount: payment.amount,
        description: project.title(lang),
        email: user.as_ref().map_or("", |user| &user.email),
        lang,
        method: method(&payment.method).and_then(|m| m.provider_word).unwrap_or("ideal"),
        success_url: page.clone(),
        cancel_url: page,
        expires_at: payment.expires_at,
    };
    let checkout = match s.stripe.create_checkout(request).await {
        Ok(checkout) => checkout,
        Err(ProviderError::BrokeDown(what)) => {
            // work may have been done behind a broken answer: look first, and only then make another under a new key
            let email = user.as_ref().map_or("", |user| &user.email);
            match s.stripe.find_checkout(email, &payment.id).await? {
                Some(found) => found,
                None => {
                    renew(s, payment, now).await?;
                    return Err(ProviderError::BrokeDown(what).into());
                }
            }
        }
        Err(error) => return Err(error.into()),
    };
    let mut tx = s.db.begin_together().await?;
    if !store::opened(&mut tx, &payment.id, payment.generation, &checkout.id, &checkout.url).await? {
        // as this transaction sees it, and waited for: what a neighbour recorded may not be durable yet
        let recorded = get(&mut tx, &payment.id).await?.session_id;
        tx.commit_quietly().await?;
        return someone_was_quicker(s, &payment.id, recorded.as_deref(), &checkout.id).await;
    }
    if let Some(intent_id) = &checkout.intent_id {
        store::set_intent(&mut tx, &payment.id, intent_id).await?;
    }
    tx.commit().await?;
    Ok(checkout.url)
}

/// Another attempt recorded a session meanwhile, or renewed the payment. One of the same generation is the same session; another one must
/// not be shown to anybody, as nobody would look at it.
async fn someone_was_quicker(
    s: &Services,
    payment_id: &str,
    recorded: Option<&str>,
    session_id: &str,
) -> Result<String> {
    if recorded != Some(session_id) {
        match s.stripe.expire_checkout(session_id).await {
            Ok(_) | Err(ProviderError::Refused { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Box::pin(open_checkout(s, payment_id)).await
}

/// A session could not be made in time: a new generation, and the place is kept until its end.
pub(super) async fn renew(s: &Services, payment: &Payment, now: Timestamp) -> Result<()> {
    let mut tx = s.db.begin_together().await?;
    let until = now.plus_seconds(RESERVATION_SECONDS);
    if store::renew(&mut tx, &payment.id, payment.generation, until).await? {
        pledges::actions::extend(&mut tx, &payment.pledge_id, until).await?;
    }
    Ok(tx.commit().await?)
}

/// The address of a pledge's own page, with the key that opens it.
pub fn page_address(s: &Services, pledge: &Pledge) -> String {
    let key = s.keys.derive("pledge", &pledge.id);
    s.url(&format!("/{}/pledges/{}?key={key}", pledge.language, pledge.reference))
}

/// The address of a pledge's papers, with the key that opens them.
pub fn papers_address(s: &Services, pledge: &Pledge) -> String {
    let key = s.keys.derive("pledge", &pledge.id);
    s.url(&format!("/{}/pledges/{}/documents?key={key}", pledge.language, pledge.reference))
}

/// Ends the session of a payment, so that nobody pays by it any more, and applies what is found.
pub async fn close_session(s: &Services, payment_id: &str) -> Result<PaymentState> {
    let payment = get(&mut *s.db.read().await?, payment_id).await?;
    match (payment.state, &payment.session_id) {
        (PaymentState::Created | PaymentState::Open, _) if payment.method == TRANSFER => {
            expire_unmade(s, payment_id, "nothing was transferred").await
        }
        (PaymentState::Open, Some(session_id)) => {
            match s.stripe.expire_checkout(session_id).await {
                Ok(_) | Err(ProviderError::Refused { .. }) => {}
                Err(error) => return Err(error.into()),
            }
            // a refusal means that it is no longer open: reading it tells what it is
            refresh(s, payment_id).await
        }
        // a session may have been made without our knowing: ask by the same key first
        (PaymentState::Created, _) if payment.expires_at > s.clock.now().plus_seconds(SHORTEST_SESSION_SECONDS + 5) => {
            open_checkout(s, payment_id).await?;
            Box::pin(close_session(s, payment_id)).await
        }
        (PaymentState::Created, _) => expire_unmade(s, payment_id, "the bank could not be reached").await,
        (state, _) => Ok(state),
    }
}

/// A payment whose session was never recorded and can no longer be made under its key.
///
/// If the call did reach the provider, its session ends by itself, and money paid by it still arrives by webhook with our id.
pub(super) async fn expire_unmade(s: &Services, payment_id: &str, reason: &str) -> Result<PaymentState> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let pledge_id = get(&mut tx, payment_id).await?.pledge_id;
    let pledge = pledges::actions::lock(&mut tx, &pledge_id).await?;
    let payment = get(&mut tx, payment_id).await?;
    if payment.session_id.is_none() && !payment.state.is_final() {
        store::move_to(&mut tx, payment_id, payment.state, PaymentState::Expired).await?;
        if matches!(pledge.state, PledgeState::Reserved | PledgeState::Processing) {
            pledges::actions::expire(&mut tx, &pledge, reason, now).await?;
        }
    }
    tx.commit().await?;
    Ok(PaymentState::Expired)
}

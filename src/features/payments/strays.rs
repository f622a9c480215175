//! Payments at the provider that belong to no pledge: made by hand, without our reference, or of another amount than was asked. Their
//! money stands in suspense with a case, until two people decide.
//!
//! | decision | possible | what happens |
//! | --- | --- | --- |
//! | `provider.give` | a pledge waits for exactly this amount and would still count | its payment is this one from now on, and it is held |
//! | `provider.return` | while all of it stands in suspense | a refund at the provider; the case ends when it has arrived |
//!
//! | return | meaning | next |
//! | --- | --- | --- |
//! | `due` | two people decided it; the provider is not asked yet | `pending`, `succeeded`, `failed` |
//! | `pending` | accepted, on its way | `succeeded`, `failed` |
//! | `succeeded` | back at its payer; the case has ended | `failed` when the payer's bank returns it |
//! | `failed` | it could not arrive: the money stands in suspense as before | never; a new one can be decided |
//!
//! A return is a row with its key before the call, as any refund. Until the money has left the balance it stands in suspense, and
//! its case takes no posting.

mod send;

use sqlx::FromRow;

pub use self::send::send;

use crate::features::approvals::{self, Asked, Decider, Proposal};
use crate::features::cases::{self, Case, CaseKind, desk};
use crate::features::ledger::{self, Account, Kind, Posting};
use crate::features::payments::{PaymentState, TRANSFER, actions, checkout, store};
use crate::features::pledges::{self, PledgeState};
use crate::features::projects;
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::{Services, history, jobs, random};
use crate::values::{Cents, Timestamp};

/// The job that sends a payment back, and looks at it until it has arrived; its subject is the return's id.
pub const RETURN: &str = "provider.return";
/// Who acts when the provider tells how a return went.
const ACTOR: &str = "payments";

crate::words! {
    /// What two people can decide about such a payment. Also the kind of the proposal.
    pub enum Decision {
        Give = "provider.give",
        Return = "provider.return",
    }
}

crate::words! {
    /// How a payment's way back stands.
    pub enum ReturnState {
        Due = "due",
        Pending = "pending",
        Succeeded = "succeeded",
        Failed = "failed",
    }
}

crate::life_cycle! {
    ReturnState of "provider_returns" by "id":
    Due => Pending | Succeeded | Failed,
    Pending => Succeeded | Failed,
    // the bank returned it
    Succeeded => Failed,
}

crate::refusals! {
    /// Why that cannot be decided.
    pub enum Refusal {
        Undecided => Invalid("decision") "stray-undecided",
        NothingThere => Conflict "stray-nothing-there",
        OnlyReturn => Invalid("decision") "stray-only-return",
        NoSuchPledge => Invalid("pledge") "stray-no-such-pledge",
        ByTransfer => Invalid("pledge") "stray-by-transfer",
        AlreadyPaid => Invalid("pledge") "stray-already-paid",
        OtherAmount { asked: i64 } => Invalid("pledge") "stray-other-amount",
        TooLate => Invalid("pledge") "stray-too-late",
        NoRoom => Invalid("pledge") "stray-no-room",
    }
}

/// Such a payment, as the provider's balance lists it.
#[derive(Debug, Clone, FromRow)]
pub struct Stray {
    /// Of the line of the balance.
    pub id: String,
    pub intent_id: String,
    #[sqlx(rename = "amount_cents")]
    pub amount: Cents,
    #[sqlx(rename = "fee_cents")]
    pub fee: Cents,
    #[sqlx(rename = "created_at")]
    pub paid_at: Timestamp,
}

/// A payment on its way back.
#[derive(Debug, Clone, FromRow)]
pub struct Return {
    pub id: String,
    /// Of the case.
    pub subject_id: String,
    pub intent_id: String,
    #[sqlx(rename = "amount_cents")]
    pub amount: Cents,
    pub state: ReturnState,
    pub generation: i64,
    pub provider_id: Option<String>,
    pub failure: String,
    /// Whether it has left the provider's balance.
    pub taken: i16,
    pub created_at: Timestamp,
    pub finished_at: Option<Timestamp>,
}

/// The payment that a case is about, while all of it stands in suspense and nothing is on its way.
pub async fn of_case(conn: &mut Conn, case: &Case) -> Result<Option<Stray>> {
    let is_about_one = matches!(case.kind, CaseKind::PaymentUnknown | CaseKind::PaymentDiffers);
    if !is_about_one || !case.is_free() {
        return Ok(None);
    }
    let Some(stray) = store::stray(conn, &case.subject_id).await? else { return Ok(None) };
    let suspense = ledger::actions::suspense_of(conn, &case.subject_id).await?;
    Ok((suspense == stray.amount.negated()).then_some(stray))
}

/// The proposal about a case's payment that waits for a second person.
pub async fn proposed(conn: &mut Conn, case_id: &str, now: Timestamp) -> Result<Option<(Decision, Proposal)>> {
    for decision in Decision::ALL {
        if let Some(open) = approvals::actions::open_of(conn, decision.as_str(), case_id, now).await? {
            return Ok(Some((*decision, open)));
        }
    }
    Ok(None)
}

/// A treasurer proposes what shall happen with a payment: a word of [`Decision`], and the reference of a pledge for `Give`.
///
/// # Errors
/// A [`Refusal`], or one of the cases or the approvals.
pub async fn propose(
    tx: &mut Tx,
    by: Decider<'_>,
    case_id: &str,
    (decision, pledge): (&str, &str),
    reason: &str,
    now: Timestamp,
) -> Result<Proposal> {
    let decision = Decision::from_word(decision).ok_or(Refusal::Undecided)?;
    let case = desk::lock_open(tx, case_id).await?;
    let (_, content) = content(tx, &case, decision, &pledge.trim().to_uppercase()).await?;
    let asked = Asked { kind: decision.as_str(), subject_id: case_id, content: &content, reason };
    approvals::actions::propose(tx, by, asked, now).await
}

/// A treasurer takes a proposal back.
///
/// # Errors
/// One of the approvals.
pub async fn withdraw(
    tx: &mut Tx,
    by: Decider<'_>,
    (case_id, decision): (&str, Decision),
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    approvals::actions::withdraw(tx, by, (decision.as_str(), case_id), reason, now).await
}

/// What a decision came to.
enum Decided {
    Done,
    /// Nothing yet: the pledge's own payment can still be paid at the bank's page.
    PageOpen(String),
}

/// Another treasurer approves what was proposed; it is done at once, but that a return is sent by its job.
///
/// # Errors
/// A [`Refusal`], or one of the cases or the approvals; `Outside` when the bank's page of the pledge could not be closed.
pub async fn approve(
    s: &Services,
    by: Decider<'_>,
    (case_id, decision): (&str, Decision),
    hash: &str,
    now: Timestamp,
) -> Result<()> {
    for _ in 0..2 {
        let mut tx = s.db.begin().await?;
        match decide(&mut tx, by, (case_id, decision), hash, now).await? {
            Decided::Done => return Ok(tx.commit().await?),
            Decided::PageOpen(payment_id) => {
                // it is allowed, and given up again: no call is made within a transaction
                drop(tx);
                checkout::close_session(s, &payment_id).await?;
            }
        }
    }
    // the bank has that payment and has not decided
    Err(Refusal::AlreadyPaid.into())
}

async fn decide(
    tx: &mut Tx,
    by: Decider<'_>,
    (case_id, decision): (&str, Decision),
    hash: &str,
    now: Timestamp,
) -> Result<Decided> {
    // as everywhere, the pledge is locked before what belongs to it
    let open = approvals::actions::open_of(tx, decision.as_str(), case_id, now).await?;
    let reference = open.as_ref().map(|open| pledge_in(&open.content).to_owned()).unwrap_or_default();
    let pledge = pledges::actions::by_reference(tx, &reference).await?;
    if let Some(pledge) = &pledge {
        pledges::actions::lock(tx, &pledge.id).await?;
    }
    let case = desk::lock_open(tx, case_id).await?;
    let (stray, content) = content(tx, &case, decision, &reference).await?;
    let approved = approvals::actions::approve(tx, by, (decision.as_str(), case_id), hash, &content, now).await?;
    match (decision, pledge) {
        (Decision::Give, Some(pledge)) => give(tx, (&case, &stray), &pledge.id, (by, &approved), now).await,
        (Decision::Give, None) => Err(Refusal::NoSuchPledge.into()),
        (Decision::Return, _) => send_back(tx, (&case, &stray), (by, &approved), now).await,
    }
}

/// The payment becomes that of the pledge, with the fee it had; the money goes from suspense to where its being held is decided.
async fn give(
    tx: &mut Tx,
    (case, stray): (&Case, &Stray),
    pledge_id: &str,
    (by, approved): (Decider<'_>, &Proposal),
    now: Timestamp,
) -> Result<Decided> {
    let pledge = pledges::actions::get(tx, pledge_id).await?;
    let payment = actions::of_pledge(tx, pledge_id).await?.ok_or(Refusal::NoSuchPledge)?;
    if !payment.state.is_final() {
        return Ok(Decided::PageOpen(payment.id));
    }
    if !store::give_stray(tx, &payment, stray).await? {
        return Err(Error::broken(format!("payment {} changed while its pledge was locked", payment.id)));
    }
    let (from, to) = (payment.state.as_str(), PaymentState::Succeeded.as_str());
    let (actor, reason) = (by.user_id, approved.reason.as_str());
    history::record(tx, now, history::Entry { subject: "payment", subject_id: &payment.id, from, to, actor, reason })
        .await?;
    let held = Account::PledgesHeld(pledge.project_id.clone());
    let key = format!("applied:{}:{}", case.subject_id, pledge.id);
    let posting = Posting::new(Kind::Applied, key, stray.paid_at, by.user_id, &case.subject_id).moving(
        stray.amount,
        &Account::Suspense,
        &held,
        Some(&pledge.id),
    );
    ledger::actions::post(tx, now, &posting).await?;
    actions::keep_or_return(tx, &payment, &pledge, stray.paid_at, now).await?;
    let why = format!("given to pledge {}: {}", pledge.reference, approved.reason);
    cases::actions::ended(tx, case.kind, &case.subject_id, by.user_id, &why, now).await?;
    Ok(Decided::Done)
}

/// Writes the row of a return and asks for its job. The money moves in the books when it leaves the balance.
async fn send_back(
    tx: &mut Tx,
    (case, stray): (&Case, &Stray),
    (by, approved): (Decider<'_>, &Proposal),
    now: Timestamp,
) -> Result<Decided> {
    let id = random::id("rtn", now);
    if !store::insert_return(tx, &id, &case.subject_id, stray, now).await? {
        return Err(Refusal::NothingThere.into());
    }
    record(tx, &id, "", ReturnState::Due, by.user_id, &approved.reason, now).await?;
    cases::actions::wait(tx, &case.subject_id, cases::BY_PROVIDER).await?;
    jobs::enqueue(tx, now, RETURN, &id, now).await?;
    Ok(Decided::Done)
}

/// All that would happen, the same text for the same effects; with the payment it happens to.
async fn content(conn: &mut Conn, case: &Case, decision: Decision, reference: &str) -> Result<(Stray, String)> {
    let stray = of_case(conn, case).await?.ok_or(Refusal::NothingThere)?;
    let what = match decision {
        Decision::Give => given(conn, case, &stray, reference).await?,
        Decision::Return => format!("to the payer of {}", stray.intent_id),
    };
    let content = format!("{decision}\ntransaction {}\ncents {}\n{what}", stray.id, stray.amount.0);
    Ok((stray, content))
}

/// The pledge waits for exactly this and would be held.
async fn given(conn: &mut Conn, case: &Case, stray: &Stray, reference: &str) -> Result<String> {
    if case.kind != CaseKind::PaymentUnknown {
        return Err(Refusal::OnlyReturn.into());
    }
    let pledge = pledges::actions::by_reference(conn, reference).await?.ok_or(Refusal::NoSuchPledge)?;
    let payment = actions::of_pledge(conn, &pledge.id).await?.ok_or(Refusal::NoSuchPledge)?;
    if payment.method == TRANSFER {
        return Err(Refusal::ByTransfer.into());
    }
    let waits = matches!(pledge.state, PledgeState::Reserved | PledgeState::Expired);
    if !waits || matches!(payment.state, PaymentState::Processing | PaymentState::Succeeded) {
        return Err(Refusal::AlreadyPaid.into());
    }
    if pledge.amount != stray.amount {
        return Err(Refusal::OtherAmount { asked: pledge.amount.0 }.into());
    }
    let sale = projects::actions::sale(conn, &pledge.project_id).await?;
    if !sale.counts(pledge.raises_id.is_some(), stray.paid_at) {
        return Err(Refusal::TooLate.into());
    }
    let has_place = pledge.state == PledgeState::Reserved
        || pledges::actions::standing(conn, &pledge.project_id).await?.available() >= pledge.amount;
    if !has_place {
        return Err(Refusal::NoRoom.into());
    }
    Ok(format!("pledge {}", pledge.reference))
}

/// The pledge's reference in a proposal to give.
fn pledge_in(content: &str) -> &str {
    content.lines().find_map(|line| line.strip_prefix("pledge ")).unwrap_or_default()
}

async fn record(
    tx: &mut Tx,
    id: &str,
    from: &str,
    to: ReturnState,
    actor: &str,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    let entry = history::Entry { subject: "refund", subject_id: id, from, to: to.as_str(), actor, reason };
    Ok(history::record(tx, now, entry).await?)
}

/// The return of this id, ours or the provider's.
pub(super) async fn find(conn: &mut Conn, our_id: &str, provider_id: &str) -> Result<Option<Return>> {
    match store::return_by_id(conn, our_id).await? {
        Some(back) => Ok(Some(back)),
        None => Ok(store::return_by_provider_id(conn, provider_id).await?),
    }
}

/// The returns of a case's payment, the oldest first.
pub async fn returns_of(conn: &mut Conn, subject_id: &str) -> Result<Vec<Return>> {
    Ok(store::returns_of(conn, subject_id).await?)
}

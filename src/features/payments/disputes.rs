//! Disputes: somebody asked their bank to take a payment back. Every piece of news leads to the same step: the dispute is read at
//! the provider and what it says is applied; facts (taken, given back, decided) are each posted once, whatever the order of the news.
//!
//! | state | meaning | next |
//! | --- | --- | --- |
//! | `warning` | the bank asks a question; the money stays | `closed`, `open` |
//! | `open` | the money is out of the balance until it is decided | `won`, `lost` |
//! | `won` | the money is back: the pledge is held again, or refunded when its project was decided meanwhile | never |
//! | `lost` | the backer has the money: from what was set aside, or else it is the foundation's loss | never |
//! | `closed` | the question was withdrawn | `open` |
//!
//! A dispute takes the whole payment, also what of it was moved to a pledge for another project: that is set aside with it.

mod moved;

use std::collections::HashSet;

use crate::features::cases::{self, CaseKind, Found, Remedy};
use crate::features::ledger::{self, Account, Kind, Posting};
use crate::features::payments::{
    Dispute, DisputeState, ListedDispute, Payment, Refund, RefundCause, RefundState, actions, moves, refunds, store,
};
use crate::features::pledges::{self, Pledge, PledgeState};
use crate::features::projects::ProjectState;
use crate::features::rounds::RoundState;
use crate::features::{match_funds, organisations, projects, users};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::{Error, Result};
use crate::infra::letters::{self, Letter};
use crate::infra::stripe::{DisputeStage, ProviderDispute};
use crate::infra::{Services, jobs};
use crate::values::{Cents, Timestamp};

/// The job that looks at a dispute; its subject is the provider's id.
pub const CHECK: &str = "dispute.check";
/// The job that looks for disputes of a payment; its subject is the payment's id.
pub const FIND: &str = "dispute.find";
/// The job of a pledge that is held again while its near miss waits; its subject is the pledge's id. Served by the noun `consents`.
pub const HELD_AGAIN: &str = "consents.held_again";
/// The letter to a backer whose money came back to us when the decision had been taken without it; its cause is the pledge.
pub const TOO_LATE: &str = "dispute_late";
/// The method that a person loses whose bank took a payment back after our refund.
const BLOCKED: &str = "sepa_debit";

/// Reads a dispute at the provider and applies it. Answers whether it is about a payment of ours.
///
/// # Errors
/// The provider or the database does not answer.
pub async fn check(s: &Services, dispute_id: &str) -> Result<bool> {
    let found = s.stripe.dispute(dispute_id).await?;
    apply(s, &found).await
}

/// Looks for disputes of a payment and applies them.
///
/// # Errors
/// The provider or the database does not answer.
pub async fn find(s: &Services, payment_id: &str) -> Result<()> {
    let payment = actions::get(&mut *s.db.read().await?, payment_id).await?;
    let Some(intent_id) = payment.intent_id else { return Ok(()) };
    for found in s.stripe.disputes_of(&intent_id).await? {
        apply(s, &found).await?;
    }
    Ok(())
}

/// Applies what was read, in one transaction.
///
/// # Errors
/// The database, or books that do not fit together: then nothing has changed.
pub async fn apply(s: &Services, found: &ProviderDispute) -> Result<bool> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let Some(payment) = store::by_provider_id(&mut tx, &found.intent_id).await? else { return Ok(false) };
    let pledge = pledges::actions::lock(&mut tx, &payment.pledge_id).await?;
    let moved = moves::lock_moved(&mut tx, &payment.id).await?;
    // as everywhere, what is decided about comes before the books
    cases::actions::lock_about(&mut tx, &found.id).await?;
    match_funds::actions::lock_for(&mut tx, &pledge.round_id, &pledge.project_id).await?;
    if store::insert_dispute(&mut tx, found, &payment, &pledge, now).await? {
        open_case(&mut tx, found, (&pledge, &moved), now).await?;
    }
    let next = match found.stage {
        DisputeStage::Warning => DisputeState::Warning,
        DisputeStage::Closed => DisputeState::Closed,
        DisputeStage::Open => DisputeState::Open,
        DisputeStage::Won => DisputeState::Won,
        DisputeStage::Lost => DisputeState::Lost,
    };
    let dispute = get(&mut tx, &found.id).await?;
    if dispute.state.may_become(next) {
        store::move_dispute(&mut tx, &dispute, next, now).await?;
    }
    if found.taken {
        take(&mut tx, &found.id, found.fee, &payment, now).await?;
    }
    if found.returned {
        give_back(&mut tx, &found.id, now).await?;
    }
    settle(&mut tx, &found.id, &payment, now).await?;
    tx.commit().await?;
    Ok(true)
}

/// The money has left the balance: what is held of the pledge is set aside, what is due back is not sent.
async fn take(tx: &mut Tx, id: &str, fee: Cents, payment: &Payment, now: Timestamp) -> Result<()> {
    let dispute = get(tx, id).await?;
    if dispute.taken_at.is_some() {
        return Ok(());
    }
    let pledge = pledges::actions::get(tx, &dispute.pledge_id).await?;
    let is_held = pledge.state == PledgeState::Held;
    let held = if is_held { pledge.kept() } else { Cents::ZERO };
    let mut posting = posting(Kind::DisputeOpened, &dispute, now).moving(
        dispute.amount,
        &Account::PspDisputed,
        &Account::PspAvailable,
        None,
    );
    if is_held {
        let account = Account::PledgesHeld(pledge.project_id.clone());
        posting = posting.moving(held, &account, &Account::DisputeHold, Some(&pledge.id));
        pledges::actions::dispute(tx, &pledge, now).await?;
    }
    ledger::actions::post(tx, now, &posting).await?;
    if fee > Cents::ZERO {
        let posting =
            self::posting(Kind::DisputeFee, &dispute, now).moving(fee, &Account::PspFees, &Account::PspAvailable, None);
        ledger::actions::post(tx, now, &posting).await?;
    }
    if let Some(unsent) = store::unsent_refund(tx, &pledge.id).await? {
        store::stop_refund(tx, &unsent.id, unsent.state, "charge_disputed").await?;
    }
    if payment.method == BLOCKED && was_refunded(&pledge) {
        store::block_method(tx, &pledge.user_id, BLOCKED, id, now).await?;
    }
    store::dispute_taken(tx, id, fee, held, now).await?;
    moved::set_aside(tx, &dispute, now).await?;
    match_funds::actions::follow(tx, &pledge.id, now).await
}

fn was_refunded(pledge: &Pledge) -> bool {
    matches!(pledge.state, PledgeState::Refunded | PledgeState::Refunding)
}

/// The provider gave the money back; whose it is follows from the decision.
async fn give_back(tx: &mut Tx, id: &str, now: Timestamp) -> Result<()> {
    let dispute = get(tx, id).await?;
    if dispute.taken_at.is_none() || dispute.returned_at.is_some() {
        return Ok(());
    }
    let posting = posting(Kind::DisputeWon, &dispute, now).moving(
        dispute.amount,
        &Account::PspAvailable,
        &Account::PspDisputed,
        None,
    );
    ledger::actions::post(tx, now, &posting).await?;
    store::dispute_returned(tx, id, now).await?;
    Ok(())
}

/// The end, once: when it is decided and the money is where the decision says.
async fn settle(tx: &mut Tx, id: &str, payment: &Payment, now: Timestamp) -> Result<()> {
    let dispute = get(tx, id).await?;
    if dispute.settled_at.is_some() {
        return Ok(());
    }
    let pledge = pledges::actions::get(tx, &dispute.pledge_id).await?;
    let moved = dispute.taken_at.is_some();
    match dispute.state {
        DisputeState::Warning | DisputeState::Open => return Ok(()),
        // a question that was withdrawn may be asked again, so it does not end the dispute for the books
        DisputeState::Closed => {
            cases::actions::ended(tx, CaseKind::Dispute, id, "disputes", "the question was withdrawn", now).await?;
            return Ok(());
        }
        DisputeState::Won if moved && dispute.returned_at.is_none() => return Ok(()),
        DisputeState::Won => {
            won(tx, &dispute, payment, (&pledge, dispute.held), now).await?;
            moved::won(tx, &dispute, payment, now).await?;
        }
        DisputeState::Lost if moved => lost(tx, &dispute, payment, &pledge, now).await?,
        DisputeState::Lost => {}
    }
    store::dispute_settled(tx, id, now).await?;
    let why = format!("the dispute was {}", dispute.state);
    cases::actions::ended(tx, CaseKind::Dispute, id, "disputes", &why, now).await?;
    Ok(())
}

/// Held again when it still counts and fits, and matched again when a fund has money for it. The backer of a near miss is asked then. When
/// the project was decided meanwhile the money is on no list that two people approved, and none is changed afterwards: as with all
/// money that comes too late, it goes back, and a letter says so.
async fn won(
    tx: &mut Tx,
    dispute: &Dispute,
    payment: &Payment,
    (pledge, held): (&Pledge, Cents),
    now: Timestamp,
) -> Result<()> {
    if pledge.state != PledgeState::Disputed {
        store::restart_refund(tx, &pledge.id, now).await?;
        return Ok(());
    }
    let sale = projects::actions::sale(tx, &pledge.project_id).await?;
    let counts = match sale.state {
        ProjectState::Listed => matches!(sale.round.state, RoundState::Selling | RoundState::Closing),
        state => state == ProjectState::NearMiss,
    };
    if counts && pledges::actions::hold_after_dispute(tx, pledge, now).await? {
        let account = Account::PledgesHeld(pledge.project_id.clone());
        let is_moved = pledge.id != dispute.pledge_id;
        let of = if is_moved { format!(":{}", pledge.id) } else { String::new() };
        let key = format!("dispute_hold_ended:{}{of}", dispute.id);
        let posting = Posting::new(Kind::DisputeWon, key, now, "disputes", &dispute.id).moving(
            held,
            &Account::DisputeHold,
            &account,
            Some(&pledge.id),
        );
        ledger::actions::post(tx, now, &posting).await?;
        if sale.state == ProjectState::NearMiss {
            jobs::enqueue(tx, now, HELD_AGAIN, &pledge.id, now).await?;
        }
        // to what was moved no fund adds
        return if is_moved { Ok(()) } else { match_funds::actions::add(tx, &pledge.id, now).await };
    }
    actions::letter(tx, pledge, TOO_LATE, &pledge.id, now).await?;
    pledges::actions::begin_refund(tx, pledge, "disputes", "the round was decided during the dispute", now).await?;
    let from = (held, Account::DisputeHold);
    refunds::make_due_from(tx, payment, pledge, RefundCause::Late, &[from], now).await.map(|_| ())
}

/// The backer has the money. It comes from what was set aside or was due back; what had gone on is a loss.
async fn lost(tx: &mut Tx, dispute: &Dispute, payment: &Payment, pledge: &Pledge, now: Timestamp) -> Result<()> {
    let mut covers: Vec<Cover> = cover(tx, pledge, dispute.held, dispute.amount).await?.into_iter().collect();
    let covered: Cents = covers.iter().map(|cover| cover.amount).sum();
    covers.extend(moved::covers(tx, dispute, Cents(dispute.amount.0 - covered.0)).await?);
    let loss = Cents(dispute.amount.0 - covers.iter().map(|cover| cover.amount.0).sum::<i64>());
    let mut posting = posting(Kind::DisputeLost, dispute, now);
    for cover in &covers {
        posting = posting.moving(cover.amount, &cover.account, &Account::PspDisputed, Some(&cover.pledge.id));
    }
    posting = posting.moving(loss, &Account::DisputeLoss, &Account::PspDisputed, None);
    ledger::actions::post(tx, now, &posting).await?;
    // the receipt or invoice of what the backer got back is no longer true
    jobs::enqueue(tx, now, pledges::actions::PAPERS, &pledge.id, now).await?;
    for cover in covers {
        jobs::enqueue(tx, now, pledges::actions::PAPERS, &cover.pledge.id, now).await?;
        end_pledge(tx, payment, cover, now).await?;
    }
    if loss > Cents::ZERO {
        tell_loss(tx, dispute, pledge, loss, now).await?;
    }
    Ok(())
}

/// What of a pledge's money covers a dispute that was lost.
struct Cover {
    pledge: Pledge,
    account: Account,
    /// What stands there of the pledge, and how much of it the dispute takes.
    whole: Cents,
    amount: Cents,
    /// The refund that was stopped for it.
    stopped: Option<Refund>,
}

/// What of a pledge covers at most so much: what was set aside of it, or was due back; nothing of what had gone on.
async fn cover(conn: &mut Conn, pledge: &Pledge, held: Cents, most: Cents) -> Result<Option<Cover>> {
    let stopped = stopped_refund(conn, &pledge.id).await?;
    let (account, whole) = match (&stopped, pledge.state) {
        (_, PledgeState::Disputed) => (Account::DisputeHold, held),
        // also of a part that was due back of a released pledge: its project was stopped
        (Some(refund), PledgeState::Refunding | PledgeState::Released) => {
            (Account::RefundsDue(pledge.project_id.clone()), refund.amount)
        }
        _ => return Ok(None),
    };
    let pledge = pledge.clone();
    Ok(Some(Cover { pledge, account, whole, amount: whole.min(most), stopped }))
}

/// The pledge ends with the dispute; what a dispute of a part left goes back as a refund.
async fn end_pledge(tx: &mut Tx, payment: &Payment, cover: Cover, now: Timestamp) -> Result<()> {
    let Cover { pledge, stopped, amount: covered, .. } = &cover;
    let rest = Cents(cover.whole.0 - covered.0);
    if rest == Cents::ZERO {
        // the rest of a released pledge is the project's, whatever became of the part that was due back
        let stays = pledge.state == PledgeState::Released;
        return if stays { Ok(()) } else { pledges::actions::lost(tx, pledge, now).await };
    }
    if let Some(refund) = stopped {
        store::restart_refund(tx, &pledge.id, now).await?;
        if *covered > Cents::ZERO {
            store::lessen_refund(tx, &refund.id, *covered, now).await?;
        }
        return Ok(());
    }
    pledges::actions::begin_refund(tx, pledge, "disputes", "the rest of a payment that was partly taken back", now)
        .await?;
    let from = (rest, Account::DisputeHold);
    refunds::make_due_from(tx, payment, pledge, RefundCause::Disputed, &[from], now).await.map(|_| ())
}

async fn stopped_refund(conn: &mut Conn, pledge_id: &str) -> Result<Option<Refund>> {
    let refunds = store::refunds_of_pledge(conn, pledge_id).await?;
    Ok(refunds.into_iter().find(|refund| refund.state == RefundState::Stopped))
}

/// A loss is a case, and a letter to the owners of the project and to the treasurers.
async fn tell_loss(tx: &mut Tx, dispute: &Dispute, pledge: &Pledge, loss: Cents, now: Timestamp) -> Result<()> {
    let detail = format!("dispute {} of pledge {}, which was {}", dispute.id, pledge.id, pledge.state);
    let found = Found {
        kind: CaseKind::Loss,
        subject_id: &dispute.id,
        amount: loss,
        detail: &detail,
        pledge_id: Some(&pledge.id),
        remedy: None,
    };
    cases::actions::open(tx, &found, now).await?;
    let project = projects::actions::get(tx, &pledge.project_id).await?;
    let mut people = users::actions::treasurers(tx).await?;
    for owner in organisations::actions::owners(tx, &project.organisation_id).await? {
        people.extend(users::actions::by_id(tx, &owner).await?);
    }
    for person in people {
        let (kind, language) = ("dispute_loss", person.language);
        let letter = Letter { kind, cause_id: &dispute.id, user_id: &person.id, language, due: now, secret: "" };
        letters::queue(tx, now, letter).await?;
    }
    Ok(())
}

async fn open_case(
    tx: &mut Tx,
    found: &ProviderDispute,
    (pledge, moved): (&Pledge, &[Pledge]),
    now: Timestamp,
) -> Result<()> {
    let mut detail = format!("{:?}: {}, pledge {} was {}", found.stage, found.reason, pledge.id, pledge.state);
    for to in moved {
        detail
            .push_str(&format!("; {} cents of it were moved to pledge {}, which was {}", to.amount.0, to.id, to.state));
    }
    let case = Found {
        kind: CaseKind::Dispute,
        subject_id: &found.id,
        amount: found.amount,
        detail: &detail,
        pledge_id: Some(&pledge.id),
        remedy: None::<Remedy>,
    };
    cases::actions::open(tx, &case, now).await?;
    Ok(())
}

/// An empty posting about a dispute; its kind and the dispute name it.
fn posting(kind: Kind, dispute: &Dispute, now: Timestamp) -> Posting {
    Posting::new(kind, format!("{kind}:{}", dispute.id), now, "disputes", &dispute.id)
}

/// The dispute with this id; it must be there.
pub async fn get(conn: &mut Conn, id: &str) -> Result<Dispute> {
    store::dispute(conn, id).await?.ok_or_else(|| Error::broken(format!("no dispute {id}")))
}

/// The disputes of a pledge that were lost, and that took its money; the oldest first.
pub async fn lost_of_pledge(conn: &mut Conn, pledge_id: &str) -> Result<Vec<Dispute>> {
    Ok(store::lost_disputes(conn, pledge_id).await?)
}

/// The pledges of a project whose payment the bank took back, or may.
pub async fn of_project(conn: &mut Conn, project_id: &str) -> Result<HashSet<String>> {
    Ok(store::disputed_of_project(conn, project_id).await?.into_iter().map(|(id,)| id).collect())
}

/// A page of disputes, the newest first.
pub async fn page(conn: &mut Conn, state: Option<DisputeState>, limit: i64, offset: i64) -> Result<Vec<ListedDispute>> {
    Ok(store::dispute_page(conn, state, limit, offset).await?)
}

/// How many disputes there are in each state.
pub async fn counts(conn: &mut Conn) -> Result<std::collections::HashMap<DisputeState, i64>> {
    Ok(store::dispute_counts(conn).await?.into_iter().collect())
}

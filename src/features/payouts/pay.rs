//! The ways of a tranche that was approved: to the organisation's account at the provider, or by bank.

use crate::features::payouts::actions::{get, step, take_back, tell_owners};
use crate::features::payouts::{
    ConnectedState, PAY, TOLD, Tranche, TrancheState, accounts, connected, provider, store,
};
use crate::features::transfers::{self, NewTransfer, Purpose, TransferState};
use crate::features::{organisations, projects};
use crate::infra::db::Tx;
use crate::infra::error::Result;
use crate::infra::{Services, jobs, texts};
use crate::values::{Lang, Timestamp};

/// Who acts, in history.
pub(super) const ACTOR: &str = "payouts";
/// How soon it is looked again whether an account at the provider was completed, in seconds.
const LOOK_SECONDS: i64 = 6 * 3_600;

/// The job [`PAY`]. Finds the way for an approved tranche; without one it notes why it waits. Answers when to look again, for what
/// ends by the clock.
pub async fn pay(s: &Services, tranche_id: &str) -> Result<Option<Timestamp>> {
    let now = s.clock.now();
    let tranche = get(&mut *s.db.read().await?, tranche_id).await?;
    if tranche.state != TrancheState::Approved || tranche.way == "bank" {
        return Ok(None);
    }
    if tranche.way.is_empty() && !is_confirmed(s, &tranche).await? {
        let mut tx = s.db.begin().await?;
        store::waits(&mut tx, tranche_id, "organisation").await?;
        tx.commit().await?;
        return Ok(None);
    }
    let connected = connected::refresh(s, &tranche.organisation_id).await?;
    if let Some(connected) = &connected
        && (connected.state == ConnectedState::Verified || tranche.way == "provider")
    {
        return provider::send(s, tranche_id, connected).await;
    }
    let mut tx = s.db.begin().await?;
    let tranche = locked(&mut tx, tranche_id).await?;
    if tranche.state != TrancheState::Approved || !tranche.way.is_empty() {
        return Ok(None);
    }
    let again = match accounts::verified(&mut tx, &tranche.organisation_id).await? {
        None => {
            store::waits(&mut tx, tranche_id, "account").await?;
            connected.map(|_| now.plus_seconds(LOOK_SECONDS))
        }
        Some(account) if account.usable_at > now => {
            store::waits(&mut tx, tranche_id, "cool-down").await?;
            Some(account.usable_at)
        }
        Some(account) => {
            by_bank(&mut tx, &tranche, &account, now).await?;
            None
        }
    };
    tx.commit().await?;
    Ok(again)
}

/// Whether the team knows who gets it: an organisation that registered, or changed its name, is looked up first.
async fn is_confirmed(s: &Services, tranche: &Tranche) -> Result<bool> {
    let mut conn = s.db.read().await?;
    Ok(organisations::actions::get(&mut conn, &tranche.organisation_id).await?.is_confirmed())
}

async fn by_bank(
    tx: &mut Tx,
    tranche: &Tranche,
    account: &crate::features::payouts::OrganisationAccount,
    now: Timestamp,
) -> Result<()> {
    let project = projects::actions::get(tx, &tranche.project_id).await?;
    let args = [("title", project.title(Lang::Nl).to_owned()), ("number", project.number.to_string())];
    let new = NewTransfer {
        purpose: Purpose::Tranche,
        subject_id: &tranche.id,
        iban: &account.iban,
        name: &account.holder,
        amount: tranche.amount,
        remittance: &texts::text_with(Lang::Nl, "payouts-text", &args),
    };
    transfers::actions::plan_tranche(tx, &new, (&tranche.project_id, &tranche.owed_to), tranche.fee, now).await?;
    store::goes(tx, &tranche.id, "bank").await?;
    Ok(())
}

/// The job [`transfers::TRANCHE_MOVED`]: follows the newest transfer of a tranche. Runs twice without harm.
pub async fn follow(s: &Services, tranche_id: &str) -> Result<()> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let tranche = locked(&mut tx, tranche_id).await?;
    let transfers = transfers::actions::of_subject(&mut tx, tranche_id).await?;
    let Some(transfer) = transfers.first() else { return Ok(()) };
    let reached = match transfer.state {
        TransferState::Sent => TrancheState::Sent,
        TransferState::Confirmed => TrancheState::Confirmed,
        TransferState::Returned => TrancheState::Returned,
        TransferState::Planned | TransferState::Batched | TransferState::Cancelled => return Ok(()),
    };
    reach(&mut tx, tranche, reached, transfer.return_reason.as_deref().unwrap_or_default(), now).await?;
    Ok(tx.commit().await?)
}

/// Takes a tranche on until it is where its money is, one state after the other, with the letters that belong to them.
pub(super) async fn reach(
    tx: &mut Tx,
    tranche: Tranche,
    reached: TrancheState,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    let mut tranche = tranche;
    for next in [TrancheState::Sent, TrancheState::Confirmed, TrancheState::Returned] {
        if tranche.state >= next || next > reached {
            continue;
        }
        step(tx, &tranche, next, ACTOR, if next == TrancheState::Returned { reason } else { "" }, now).await?;
        match next {
            TrancheState::Confirmed if reached == TrancheState::Confirmed => {
                tell_owners(tx, &tranche.organisation_id, "tranche_paid", &tranche.id, now).await?;
                jobs::enqueue(tx, now, TOLD, &tranche.id, now).await?;
            }
            TrancheState::Returned => {
                take_back(tx, &tranche).await?;
                tell_owners(tx, &tranche.organisation_id, "tranche_returned", &tranche.id, now).await?;
            }
            _ => {}
        }
        tranche = get(tx, &tranche.id).await?;
    }
    Ok(())
}

/// The job [`organisations::CONFIRMED`]: what waited for that looks for its way again.
pub async fn organisation_confirmed(s: &Services, organisation_id: &str) -> Result<()> {
    let mut tx = s.db.begin().await?;
    wake(&mut tx, organisation_id, s.clock.now()).await?;
    Ok(tx.commit().await?)
}

/// Lets the approved tranches of an organisation look for their way again: it has an account now, or is confirmed.
pub(super) async fn wake(tx: &mut Tx, organisation_id: &str, now: Timestamp) -> Result<()> {
    for (id,) in store::waiting_of(tx, organisation_id).await? {
        jobs::enqueue(tx, now, PAY, &id, now).await?;
    }
    Ok(())
}

pub(super) async fn locked(tx: &mut Tx, tranche_id: &str) -> Result<Tranche> {
    store::lock(tx, tranche_id).await?;
    get(tx, tranche_id).await
}

//! A tranche by transfer to the organisation's account at the provider. The row says so before the call; the key is made of the
//! tranche's id, and whether the transfer exists is looked up before it is asked for.

use crate::features::cases::{self, CaseKind, Found};
use crate::features::ledger::{self, Account, Kind, Posting};
use crate::features::payouts::actions::get;
use crate::features::payouts::pay::{ACTOR, locked, reach};
use crate::features::payouts::{Connected, Tranche, TrancheState, store};
use crate::infra::error::{Error, Result};
use crate::infra::stripe::{ProviderError, ProviderTransfer, TOO_LITTLE};
use crate::infra::{Services, jobs};
use crate::values::{Cents, Timestamp};

/// The job that looks whether a transfer was taken back; its subject is the tranche.
pub const CHECK: &str = "payouts.check";
/// How soon a refused transfer is tried again, in seconds.
const AGAIN_SECONDS: i64 = 3_600;
/// For how long a transfer is looked at, once a day.
const LOOK_DAYS: i64 = 90;

/// Sends an approved tranche. Answers when to try again, for what the provider refuses now: too little is available, or the account
/// cannot receive.
///
/// # Errors
/// `Outside` when the provider does not answer: the same call later has the same effect.
pub async fn send(s: &Services, tranche_id: &str, connected: &Connected) -> Result<Option<Timestamp>> {
    let Some(account_id) = &connected.provider_id else { return Ok(None) };
    let mut tx = s.db.begin().await?;
    let tranche = locked(&mut tx, tranche_id).await?;
    if tranche.state != TrancheState::Approved || tranche.way == "bank" {
        return Ok(None);
    }
    store::goes(&mut tx, tranche_id, "provider").await?;
    tx.commit().await?;
    let made = s.stripe.transfers_of(tranche_id).await?.into_iter().find(|transfer| transfer.our_id == tranche_id);
    let answer = match made {
        Some(transfer) => Ok(transfer),
        None => {
            let key = format!("{tranche_id}:{}", tranche.generation);
            s.stripe.create_transfer(&key, tranche_id, account_id, tranche.amount).await
        }
    };
    match answer {
        Ok(transfer) => arrived(s, tranche_id, &transfer).await.map(|()| None),
        Err(error) => refused(s, tranche_id, error).await,
    }
}

/// A clear no is kept with the old key, so the next call has a new one; so has the one after a broken answer.
async fn refused(s: &Services, tranche_id: &str, error: ProviderError) -> Result<Option<Timestamp>> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    match &error {
        ProviderError::Refused { code, .. } if code == TOO_LITTLE => {
            store::provider_refused(&mut tx, tranche_id, "provider", "balance").await?;
        }
        // the way is open again: the account may have been closed, and another way may be there
        ProviderError::Refused { .. } => store::provider_refused(&mut tx, tranche_id, "", "provider").await?,
        ProviderError::BrokeDown(_) => store::provider_refused(&mut tx, tranche_id, "provider", "").await?,
        ProviderError::Busy(_) => return Err(error.into()),
    }
    tx.commit().await?;
    tracing::warn!(tranche = tranche_id, %error, "a tranche waits");
    Ok(Some(now.plus_seconds(AGAIN_SECONDS)))
}

/// The transfer exists: the books and the tranche say so.
async fn arrived(s: &Services, tranche_id: &str, transfer: &ProviderTransfer) -> Result<()> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    let tranche = locked(&mut tx, tranche_id).await?;
    if tranche.state != TrancheState::Approved {
        return Ok(());
    }
    if transfer.amount != tranche.amount {
        return Err(Error::broken(format!("tranche {tranche_id} is {} at the provider", transfer.amount.0)));
    }
    let posting = Posting::new(Kind::Tranche, format!("tranche:{tranche_id}"), now, ACTOR, tranche_id)
        .moving(tranche.amount, &owed(&tranche), &Account::PspAvailable, None)
        .moving(tranche.fee, &owed(&tranche), &Account::PlatformFees, None);
    ledger::actions::post(&mut tx, now, &posting).await?;
    store::set_provider_id(&mut tx, tranche_id, &transfer.id).await?;
    reach(&mut tx, tranche, TrancheState::Confirmed, "", now).await?;
    jobs::enqueue(&mut tx, now, CHECK, tranche_id, now.plus_seconds(AGAIN_SECONDS)).await?;
    Ok(tx.commit().await?)
}

fn owed(tranche: &Tranche) -> Account {
    Account::OwnerPayable(tranche.project_id.clone(), tranche.owed_to.clone())
}

/// The job. A transfer that was taken back wholly is payable again; in part, a person must look. Answers when to look again.
pub async fn check(s: &Services, tranche_id: &str) -> Result<Option<Timestamp>> {
    let tranche = get(&mut *s.db.read().await?, tranche_id).await?;
    let Some(transfer_id) = tranche.provider_id.filter(|_| tranche.state == TrancheState::Confirmed) else {
        return Ok(None);
    };
    let transfer = s.stripe.transfer(&transfer_id).await?;
    let now = s.clock.now();
    if transfer.reversed == Cents::ZERO {
        let over = tranche.finished_at.is_none_or(|at| at.plus_days(LOOK_DAYS) < now);
        return Ok((!over).then(|| now.plus_days(1)));
    }
    let mut tx = s.db.begin().await?;
    let tranche = locked(&mut tx, tranche_id).await?;
    if tranche.state != TrancheState::Confirmed {
        return Ok(None);
    }
    let found = Found {
        kind: CaseKind::TransferReturned,
        subject_id: tranche_id,
        amount: transfer.reversed,
        detail: &format!("{} of {} cents of {transfer_id} were taken back", transfer.reversed.0, transfer.amount.0),
        pledge_id: None,
        remedy: None,
    };
    cases::actions::open(&mut tx, &found, now).await?;
    if transfer.reversed == transfer.amount {
        let key = format!("tranche_returned:{transfer_id}");
        let posting = Posting::new(Kind::TransferReturned, key, now, ACTOR, tranche_id)
            .moving(tranche.amount, &Account::PspAvailable, &owed(&tranche), None)
            .moving(tranche.fee, &Account::PlatformFees, &owed(&tranche), None);
        ledger::actions::post(&mut tx, now, &posting).await?;
        reach(&mut tx, tranche, TrancheState::Returned, "the transfer was taken back", now).await?;
    }
    tx.commit().await?;
    Ok(None)
}

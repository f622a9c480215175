//! Tidying: what has had its time goes, a bounded batch per transaction. Each noun tidies its own; the table says how old is too old.

use crate::features::privacy::retention::{KINDS, Keep, Kind};
use crate::features::privacy::{erasure, retention, store};
use crate::features::{
    approvals, bank, cases, evidence, organisations, payments, payouts, pledges, receipts, social_return, transfers,
    updates, users,
};
use crate::infra::db::Tx;
use crate::infra::error::{Error, Result};
use crate::infra::letters::personal as letters;
use crate::infra::{Services, limits};
use crate::values::Timestamp;

/// Rows that go in one transaction.
const BATCH: i64 = 500;
/// Batches of one kind in one run; what is left goes the next day.
const MOST_BATCHES: usize = 200;
/// The kind whose rows stand for files.
const EVIDENCE: &str = "evidence";

/// Tidies every kind that runs by the clock. Answers how many rows of each went, for the log. It may run twice without harm.
///
/// # Errors
/// The database failed; what was committed stays gone.
pub async fn tidy(s: &Services) -> Result<String> {
    let now = s.clock.now();
    let mut told = Vec::new();
    for kind in KINDS {
        let Some(before) = kind.before(now) else { continue };
        // the only one with bytes beside its rows
        let mut gone = if kind.code == EVIDENCE { evidence::actions::forget_due(s, now).await? } else { 0 };
        for _ in 0..MOST_BATCHES {
            let mut tx = s.db.begin().await?;
            let batch = tidy_some(&mut tx, kind, before, now).await?;
            tx.commit_quietly().await?;
            gone += batch;
            if batch < BATCH.unsigned_abs() {
                break;
            }
        }
        if gone > 0 {
            tracing::info!(kind = kind.code, gone, "personal data had its time");
            told.push(format!("{} {gone}", kind.code));
        }
    }
    Ok(told.join(", "))
}

/// A batch of one kind; how many rows went.
async fn tidy_some(tx: &mut Tx, kind: &Kind, before: Timestamp, now: Timestamp) -> Result<u64> {
    match kind.code {
        "sign-ins" => users::personal::remove_old_sign_ins(tx, before).await.map(|()| 0),
        "counts" => limits::forget(tx, before).await.map(|()| 0).map_err(Error::from),
        "browsers" => users::personal::remove_old_devices(tx, before).await.map(|_| 0),
        "events" => users::personal::remove_old_events(tx, before, BATCH).await,
        "addresses" => users::personal::remove_old_addresses(tx, before, BATCH).await,
        "letters" => {
            let items = updates::personal::remove_old_items(tx, before, BATCH).await?;
            Ok(letters::remove_old(tx, before, BATCH).await?.max(items))
        }
        "choices" => updates::personal::remove_old_choices(tx, before, BATCH).await,
        "follows" => updates::personal::remove_old_follows(tx, before, BATCH).await,
        "invitations" => organisations::personal::remove_old_invitations(tx, before, BATCH).await,
        "unpaid" => pledges::personal::forget_unpaid(tx, before, BATCH).await,
        "paid" => pledges::personal::forget_paid(tx, before, BATCH).await,
        "refund-accounts" => payments::personal::forget_accounts(tx, before, BATCH).await,
        "transfers" => transfers::personal::forget_old(tx, before, BATCH).await,
        "bank-lines" => bank::personal::forget_old(tx, before, BATCH).await,
        "maker-accounts" => payouts::personal::forget_old(tx, before, BATCH).await,
        "papers" => receipts::personal::forget_old(tx, before, now, BATCH).await,
        "statements" => social_return::personal::forget_old(tx, before, now, BATCH).await,
        "barred" => payments::personal::remove_old_blocks(tx, before).await.map(|_| 0),
        "proposals" => approvals::personal::forget_old(tx, before, BATCH).await,
        "cases" => cases::personal::forget_old(tx, before, BATCH).await,
        "erasures" => Ok(store::remove_old(tx, before, BATCH).await?),
        "typed" => forget_accounts(tx, false, before, now).await,
        "unused" => forget_accounts(tx, true, before, now).await,
        // file by file, before
        EVIDENCE => Ok(0),
        // kept by whoever runs the program
        "logs" => Ok(0),
        code => Err(Error::broken(format!("nobody tidies {code}"))),
    }
}

/// Erases some accounts to which nothing belongs: an address that was only typed, or an account nobody signed in to for long.
async fn forget_accounts(tx: &mut Tx, was_used: bool, before: Timestamp, now: Timestamp) -> Result<u64> {
    let paid_before = retention::find("paid").and_then(|kind| kind.before(now)).unwrap_or(before);
    let unpaid_before = match retention::find("unpaid").map(|kind| kind.keep) {
        Some(Keep::Days(days)) => now.plus_days(-days),
        _ => before,
    };
    let found = store::unused_accounts(tx, was_used, before, paid_before, unpaid_before, BATCH).await?;
    for (user_id,) in &found {
        erasure::forget(tx, user_id, now).await?;
    }
    Ok(u64::try_from(found.len()).unwrap_or_default())
}

//! An organisation's account may name a person as its holder. Old ones are emptied when their time is over.

use crate::features::payouts::store;
use crate::infra::db::Tx;
use crate::infra::error::Result;
use crate::values::Timestamp;

/// Empties account and holder of some that were replaced or withdrawn and entered before a moment; how many.
pub async fn forget_old(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64> {
    Ok(store::forget_old(tx, before, limit).await?)
}

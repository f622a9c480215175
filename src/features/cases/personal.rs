//! A case may tell of a person: what the program saw (a name, an account), and why it could be closed.

use crate::features::cases::store::personal as rows;
use crate::infra::db::Tx;
use crate::infra::error::Result;
use crate::values::Timestamp;

/// Empties the words of some cases that were closed before a moment; how many.
pub async fn forget_old(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64> {
    Ok(rows::forget_old(tx, before, limit).await?)
}

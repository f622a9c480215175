//! Transfers name the account they go to: a backer's, for what goes back to them.

use crate::features::transfers::store::personal as rows;
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::infra::personal::{Part, Record};
use crate::values::Timestamp;

/// What went back to a person by bank.
pub async fn given(conn: &mut Conn, user_id: &str) -> Result<Vec<Part>> {
    let records = rows::to_user(conn, user_id).await?.into_iter().map(|transfer| {
        Record::new()
            .text("iban", transfer.iban)
            .text("name", transfer.name)
            .cents("amount_cents", transfer.amount)
            .text("remittance", transfer.remittance)
            .word("state", transfer.state.as_str(), "transfer-state")
            .moment("created_at", transfer.created_at)
    });
    Ok(vec![Part::of("transfers", records)])
}

/// Empties account, holder and words of some transfers that ended before a moment; how many.
pub async fn forget_old(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64> {
    Ok(rows::forget_old(tx, before, limit).await?)
}

//! What can be done with transfers.

use crate::features::transfers::{NewTransfer, Transfer, store};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::infra::random;
use crate::values::Timestamp;

/// Plans a transfer, or finds the living one for the same thing. Answers its id.
pub async fn plan(tx: &mut Tx, new: &NewTransfer<'_>, now: Timestamp) -> Result<String> {
    let id = random::id("trf", now);
    if store::insert(tx, &id, new, now).await? {
        return Ok(id);
    }
    Ok(store::living(tx, new.purpose, new.subject_id).await?.map(|transfer| transfer.id).unwrap_or_default())
}

/// The transfers for a thing, the newest first.
pub async fn of_subject(conn: &mut Conn, subject_id: &str) -> Result<Vec<Transfer>> {
    Ok(store::of_subject(conn, subject_id).await?)
}

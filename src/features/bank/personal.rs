//! Lines of the bank's statements name whoever paid, and the account it came from; files that were handed in name somebody of the team.

use crate::features::bank::store::{self, personal as rows};
use crate::features::pledges;
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::infra::personal::{Part, Record};
use crate::values::Timestamp;

/// The lines that belong to a person's pledges, and the files that they handed in.
pub async fn given(conn: &mut Conn, user_id: &str) -> Result<Vec<Part>> {
    let mut records = Vec::new();
    for pledge in pledges::actions::all_of_user(conn, user_id).await? {
        for line in store::of_pledge(conn, &pledge.id).await? {
            records.push(
                Record::new()
                    .text("reference", &pledge.reference)
                    .cents("amount_cents", line.amount)
                    .text("booked_on", line.booked_on)
                    .text("name", line.name)
                    .text("iban", line.iban)
                    .text("remittance", line.remittance),
            );
        }
    }
    let handed_in = rows::handed_in(conn, user_id).await?.into_iter();
    let handed_in = handed_in.map(|(name, at)| Record::new().text("name", name).moment("created_at", at));
    Ok(vec![Part::of("bank_lines", records), Part::of("bank_uploads", handed_in)])
}

/// Empties name, account and words of some lines that were booked before a moment and are explained; how many.
pub async fn forget_old(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64> {
    Ok(rows::forget_old(tx, &before.day(), limit).await?)
}

//! What a pledge says of its backer, and how that leaves it: the amount, the states and the books stay as they are (I22).
//!
//! A gift loses its name with the person. A purchase is an invoice's ground: the company's name and address stay for the tax office until
//! their time is over, without being shown.

use crate::features::pledges::store::personal as rows;
use crate::features::pledges::{PledgeState, store};
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::infra::personal::{Part, Record};
use crate::values::Timestamp;

/// Money of these is on its way: nobody can be erased meanwhile.
const IN_FLIGHT: [PledgeState; 4] =
    [PledgeState::Reserved, PledgeState::Processing, PledgeState::Refunding, PledgeState::Disputed];

/// All pledges of a person, those of before there was an account too: they are found by the confirmed address.
pub async fn given(conn: &mut Conn, user_id: &str) -> Result<Vec<Part>> {
    let slugs: std::collections::HashMap<String, String> = rows::projects(conn, user_id).await?.into_iter().collect();
    let records = store::all_of_user(conn, user_id).await?.into_iter().map(|pledge| {
        Record::new()
            .text("reference", pledge.reference)
            .text("project", slugs.get(&pledge.project_id).cloned().unwrap_or_default())
            .word("kind", pledge.kind.as_str(), "staff-kind")
            .cents("amount_cents", pledge.amount)
            .rikx("rikx", pledge.rikx)
            .cents("returned_cents", pledge.returned)
            .word("state", pledge.state.as_str(), "pledge-state")
            .text("name", pledge.name)
            .flag("anonymous", pledge.anonymous == 1)
            .flag("updates", pledge.updates == 1)
            .text("language", pledge.language.code())
            .text("company_name", pledge.company_name)
            .text("kvk_number", pledge.kvk_number)
            .text("vat_id", pledge.vat_id)
            .text("contract_reference", pledge.contract_reference)
            .text("po_number", pledge.po_number)
            .text("address", pledge.address)
            .text("postcode", pledge.postcode)
            .text("city", pledge.city)
            .moment("created_at", pledge.created_at)
            .moment("held_at", pledge.held_at)
    });
    Ok(vec![Part::of("pledges", records)])
}

/// The references of the pledges whose money is on its way.
pub async fn in_flight(conn: &mut Conn, user_id: &str) -> Result<Vec<String>> {
    let all = store::all_of_user(conn, user_id).await?.into_iter();
    Ok(all.filter(|pledge| IN_FLIGHT.contains(&pledge.state)).map(|pledge| pledge.reference).collect())
}

/// Holds a person's pledges until the transaction ends.
pub async fn lock_all(tx: &mut Tx, user_id: &str) -> Result<()> {
    Ok(rows::lock_all(tx, user_id).await?)
}

/// Takes the name off a person's pledges; none is shown with a name any more.
pub async fn forget(tx: &mut Tx, user_id: &str) -> Result<()> {
    Ok(rows::forget(tx, user_id).await?)
}

/// Takes the names off some pledges that were never paid and ended before a moment; how many.
pub async fn forget_unpaid(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64> {
    Ok(rows::forget_unpaid(tx, before, limit).await?)
}

/// Takes the names off some pledges that are finished and of which the books say nothing since a moment; how many.
pub async fn forget_paid(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64> {
    Ok(rows::forget_paid(tx, before, limit).await?)
}

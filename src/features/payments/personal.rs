//! What payments know of a backer: how was paid, what went back, and the account that was given for it. What only the provider knows is
//! asked of the provider.

use crate::features::payments::store::personal as rows;
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::infra::personal::{Part, Record};
use crate::values::Timestamp;

/// The payments, refunds, given accounts, disputes and barred methods of a person.
pub async fn given(conn: &mut Conn, user_id: &str) -> Result<Vec<Part>> {
    let payments = rows::payments(conn, user_id).await?.into_iter().map(|(reference, payment)| {
        Record::new()
            .text("reference", reference)
            .text("method", payment.method)
            .text("moved_from", payment.moved_from.unwrap_or_default())
            .cents("amount_cents", payment.amount)
            .word("state", payment.state.as_str(), "payment-state")
            .moment("created_at", payment.created_at)
            .moment("succeeded_at", payment.succeeded_at)
    });
    let refunds = rows::refunds(conn, user_id).await?.into_iter().map(|(reference, refund)| {
        Record::new()
            .text("reference", reference)
            .word("cause", refund.cause.as_str(), "data-cause")
            .cents("amount_cents", refund.amount)
            .word("state", refund.state.as_str(), "refund-state")
            .moment("created_at", refund.created_at)
            .moment("finished_at", refund.finished_at)
    });
    let claims = rows::claims(conn, user_id).await?.into_iter().map(|(reference, claim)| {
        Record::new()
            .text("reference", reference)
            .text("iban", claim.iban)
            .text("holder", claim.holder)
            .moment("asked_at", claim.asked_at)
            .moment("given_at", claim.given_at)
    });
    let disputes = rows::disputes(conn, user_id).await?.into_iter().map(|(reference, amount, state, at)| {
        Record::new()
            .text("reference", reference)
            .cents("amount_cents", amount)
            .word("state", state.as_str(), "dispute-state")
            .moment("opened_at", at)
    });
    let blocks = rows::blocks(conn, user_id).await?.into_iter();
    let blocks = blocks.map(|(method, at)| Record::new().text("method", method).moment("created_at", at));
    Ok(vec![
        Part::of("payments", payments),
        Part::of("refunds", refunds),
        Part::of("refund_accounts", claims),
        Part::of("disputes", disputes),
        Part::of("barred_methods", blocks),
    ])
}

/// The references of the pledges of which money is still to go back, or a dispute is open.
pub async fn in_flight(conn: &mut Conn, user_id: &str) -> Result<Vec<String>> {
    Ok(rows::in_flight(conn, user_id).await?.into_iter().map(|(reference,)| reference).collect())
}

/// Empties some accounts that were given for refunds and paid before a moment; how many.
pub async fn forget_accounts(tx: &mut Tx, before: Timestamp, limit: i64) -> Result<u64> {
    Ok(rows::forget_accounts(tx, before, limit).await?)
}

/// Lets people use methods again that were barred to them before a moment; how many.
pub async fn remove_old_blocks(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    Ok(rows::remove_old_blocks(tx, before).await?)
}

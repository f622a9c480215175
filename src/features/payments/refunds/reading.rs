//! Refunds as others read them.

use std::collections::HashMap;

use crate::features::payments::{ListedRefund, Refund, RefundState, store};
use crate::infra::db::Conn;
use crate::infra::error::{Error, Result};
use crate::infra::listing::Wanted;
use crate::values::{Cents, Timestamp};

/// The refund with this id; it must be there.
pub async fn get(conn: &mut Conn, id: &str) -> Result<Refund> {
    store::refund(conn, id).await?.ok_or_else(|| Error::broken(format!("no refund {id}")))
}

/// The refunds with these ids, by id.
pub async fn get_each(conn: &mut Conn, ids: &[&str]) -> Result<HashMap<String, Refund>> {
    Ok(store::refunds_by_ids(conn, ids).await?.into_iter().map(|refund| (refund.id.clone(), refund)).collect())
}

/// The refunds of a pledge, oldest first.
pub async fn of_pledge(conn: &mut Conn, pledge_id: &str) -> Result<Vec<Refund>> {
    Ok(store::refunds_of_pledge(conn, pledge_id).await?)
}

/// Counts and sums of a round's refunds per state.
pub async fn sums_of_round(conn: &mut Conn, round_id: &str) -> Result<Vec<(RefundState, i64, Cents)>> {
    Ok(store::refund_sums(conn, round_id).await?)
}

/// Refunds of a round that became final since this moment.
pub async fn finished_since(conn: &mut Conn, round_id: &str, since: Timestamp) -> Result<i64> {
    Ok(store::refunds_finished_since(conn, round_id, since).await?)
}

/// Refunds of a round that could not arrive: the provider's word for why, count, cents.
pub async fn failures_of_round(conn: &mut Conn, round_id: &str) -> Result<Vec<(String, i64, Cents)>> {
    Ok(store::refund_failures(conn, round_id).await?)
}

/// Refunds of a round that are tried again: the last error, count, cents.
pub async fn retries_of_round(conn: &mut Conn, round_id: &str) -> Result<Vec<(String, i64, Cents)>> {
    Ok(store::refund_retries(conn, round_id).await?)
}

/// A part of the refunds for the team's list.
pub async fn listed(conn: &mut Conn, wanted: &Wanted) -> Result<Vec<ListedRefund>> {
    Ok(store::listed_refunds(conn, wanted).await?)
}

/// How many refunds of that list are in each state, whichever state is wanted, and what they come to.
pub async fn listed_sums(conn: &mut Conn, wanted: &Wanted) -> Result<Vec<(RefundState, i64, Cents)>> {
    Ok(store::listed_refund_sums(conn, wanted).await?)
}

/// How many refunds there are in each state.
pub async fn counts(conn: &mut Conn) -> Result<HashMap<RefundState, i64>> {
    Ok(store::refund_counts(conn).await?.into_iter().collect())
}

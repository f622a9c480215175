//! The protocol of a closing as a table for a spreadsheet: one line per pledge, known by its reference; no names, no addresses.

use crate::features::settlement::store::{self, ProtocolRow};
use crate::infra::csv;
use crate::infra::db::Conn;
use crate::infra::error::Result;

/// The first line.
pub const PROTOCOL_HEAD: &str = "reference,project,decision,effect,amount_cents,start_cents,result_cents,pledge_state,\
refund_id,provider_id,refund_state,failure,approved_at,done_at,refund_finished_at,matched_cents,match_start_cents,\
match_result_cents\r\n";
/// Lines in one page.
const PAGE: i64 = 1_000;

/// The lines that follow the pledge `after` (empty: from the first on), and the pledge to go on after; none at the end.
pub async fn protocol_page(conn: &mut Conn, settlement_id: &str, after: &str) -> Result<(String, Option<String>)> {
    let rows = store::protocol(conn, settlement_id, after, PAGE).await?;
    let next = rows.last().filter(|_| i64::try_from(rows.len()) == Ok(PAGE)).map(|row| row.pledge_id.clone());
    Ok((rows.iter().map(line).collect(), next))
}

fn line(row: &ProtocolRow) -> String {
    let moment = |at: &Option<crate::values::Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
    let cells = [
        row.reference.clone(),
        row.slug.clone(),
        row.decision.to_string(),
        row.effect.to_string(),
        row.amount.0.to_string(),
        row.start.0.to_string(),
        row.result.0.to_string(),
        row.pledge_state.clone(),
        row.refund_id.clone().unwrap_or_default(),
        row.provider_id.clone().unwrap_or_default(),
        row.refund_state.clone().unwrap_or_default(),
        row.failure.clone(),
        moment(&row.approved_at),
        moment(&row.done_at),
        moment(&row.finished_at),
        row.matched.0.to_string(),
        row.match_start_cents.0.to_string(),
        row.match_result_cents.0.to_string(),
    ];
    csv::line(&cells)
}

//! What lasts too long: for each alarm, how many and since when the oldest. It only counts, in the tables of all nouns, so that the
//! nouns need not each answer the same question.

use crate::infra::db::Conn;
use crate::values::Timestamp;

/// The question of an alarm; `$1` is the moment before which it should not have begun.
fn question(name: &str) -> Option<&'static str> {
    Some(match name {
        "payment-created" => {
            "SELECT COUNT(*), MIN(created_at) FROM payments WHERE state = 'created' AND created_at <= $1"
        }
        "payment-open" => "SELECT COUNT(*), MIN(expires_at) FROM payments WHERE state = 'open' AND expires_at <= $1",
        "payment-processing" => {
            "SELECT COUNT(*), MIN(created_at) FROM payments WHERE state = 'processing' AND created_at <= $1"
        }
        // those of a closing that is paused wait for a person
        "refund-due" => {
            "SELECT COUNT(*), MIN(created_at) FROM refunds WHERE state = 'due' AND created_at <= $1
                 AND project_id NOT IN (SELECT p.project_id FROM settlement_projects p
                     JOIN settlements s ON s.id = p.settlement_id WHERE s.state = 'paused')"
        }
        "refund-requested" => {
            "SELECT COUNT(*), MIN(created_at) FROM refunds WHERE state = 'requested' AND created_at <= $1"
        }
        "refund-pending" => {
            "SELECT COUNT(*), MIN(created_at) FROM refunds WHERE state = 'pending' AND created_at <= $1"
        }
        "transfer-planned" => {
            "SELECT COUNT(*), MIN(created_at) FROM transfers WHERE state = 'planned' AND created_at <= $1"
        }
        "batch-approved" => {
            "SELECT COUNT(*), MIN(approved_at) FROM transfer_batches WHERE state = 'approved' AND approved_at <= $1"
        }
        "transfer-sent" => {
            "SELECT COUNT(*), MIN(b.sent_at) FROM transfers t JOIN transfer_batches b ON b.id = t.batch_id
                 WHERE t.state = 'sent' AND b.sent_at <= $1"
        }
        "tranche-approved" => {
            "SELECT COUNT(*), MIN(t.created_at) FROM tranches t WHERE t.state = 'approved' AND t.created_at <= $1"
        }
        // the account is known, and nothing has been paid to it
        "claim-given" => {
            "SELECT COUNT(*), MIN(c.given_at) FROM claims c JOIN refunds r ON r.id = c.refund_id
                 WHERE r.state = 'unclaimed' AND c.iban <> '' AND c.given_at <= $1"
        }
        "letter-queued" => "SELECT COUNT(*), MIN(due_at) FROM letters WHERE state = 'queued' AND due_at <= $1",
        "job-overdue" => "SELECT COUNT(*), MIN(due_at) FROM jobs WHERE due_at <= $1",
        "settlement-executing" => {
            "SELECT COUNT(*), MIN(approved_at) FROM settlements WHERE state IN ('executing', 'paused') AND approved_at <= $1"
        }
        "proposal-waiting" => {
            "SELECT COUNT(*), MIN(proposed_at) FROM proposals WHERE state = 'proposed' AND proposed_at <= $1"
        }
        "unsealed" => {
            "SELECT COUNT(*), MIN(t.recorded_at) FROM ledger_unsealed u JOIN ledger_transactions t
                 ON t.id = u.transaction_id WHERE t.recorded_at <= $1"
        }
        "suspense" => {
            "SELECT COUNT(*), MIN(s.since) FROM (
                 SELECT t.cause_id, MIN(t.recorded_at) AS since
                 FROM ledger_entries e JOIN ledger_transactions t ON t.id = e.transaction_id
                 WHERE e.account = 'suspense' GROUP BY t.cause_id HAVING SUM(e.amount_cents) <> 0) s
             WHERE s.since <= $1"
        }
        "case-old" => {
            "SELECT COUNT(*), MIN(opened_at) FROM cases WHERE state = 'open' AND kind <> 'stuck' AND opened_at <= $1"
        }
        "task-off" => "SELECT COUNT(*), MIN(off_at) FROM periodic_tasks WHERE off_at <= $1",
        "task-late" => {
            "SELECT COUNT(*), MIN(due_at) FROM periodic_tasks WHERE off_at IS NULL AND name <> 'alarms' AND due_at <= $1"
        }
        _ => return None,
    })
}

/// How many last too long, and since when the oldest; nothing when none does.
pub async fn stuck(conn: &mut Conn, name: &str, limit: Timestamp) -> Result<Option<(i64, Timestamp)>, sqlx::Error> {
    let Some(question) = question(name) else { return Ok(None) };
    let (count, oldest): (i64, Option<Timestamp>) = sqlx::query_as(question).bind(limit).fetch_one(conn).await?;
    Ok(oldest.map(|oldest| (count, oldest)))
}

#[cfg(test)]
mod tests {
    use super::question;
    use crate::features::reconciliation::alarms::ALARMS;

    #[test]
    fn each_alarm_has_its_question() {
        for alarm in ALARMS {
            assert!(question(alarm.name).is_some_and(|sql| sql.contains("$1")), "{}", alarm.name);
        }
    }
}

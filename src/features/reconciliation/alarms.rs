//! Alarms: every state that must not last, with how long it may. What lasts longer is a case, which closes by itself when nothing
//! does any more.

use std::collections::HashSet;

use crate::features::approvals;
use crate::features::cases::{self, CaseKind, Found};
use crate::features::reconciliation::store;
use crate::infra::Services;
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::values::{Cents, Timestamp};

const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;
/// What begins the subject of an alarm's case.
const PREFIX: &str = "stuck:";

/// A state that must not last. What it is stands in the texts as `alarm-{name}`.
#[derive(Debug, Clone, Copy)]
pub struct Alarm {
    pub name: &'static str,
    /// How long it may last, in seconds.
    pub longest_seconds: i64,
    /// The staff page that shows it.
    pub path: &'static str,
}

const fn alarm(name: &'static str, longest_seconds: i64, path: &'static str) -> Alarm {
    Alarm { name, longest_seconds, path }
}

/// Every alarm. Each has its question in the store.
pub const ALARMS: [Alarm; 20] = [
    alarm("payment-created", 30 * MINUTE, "/staff/payments?state=created"),
    alarm("payment-open", HOUR, "/staff/payments?state=open"),
    alarm("payment-processing", 14 * DAY, "/staff/payments?state=processing"),
    alarm("refund-due", HOUR, "/staff/refunds?state=due"),
    alarm("refund-requested", HOUR, "/staff/refunds?state=requested"),
    alarm("refund-pending", 10 * DAY, "/staff/refunds?state=pending"),
    alarm("transfer-planned", 7 * DAY, "/staff/transfers"),
    alarm("batch-approved", 2 * DAY, "/staff/transfers"),
    alarm("transfer-sent", 5 * DAY, "/staff/transfers"),
    alarm("tranche-approved", 2 * DAY, "/staff/transfers"),
    alarm("claim-given", 7 * DAY, "/staff/claims"),
    alarm("letter-queued", HOUR, "/staff/jobs"),
    alarm("job-overdue", HOUR, "/staff/jobs"),
    alarm("settlement-executing", 2 * DAY, "/staff/rounds"),
    alarm("proposal-waiting", 20 * HOUR, "/staff/approvals"),
    alarm("unsealed", HOUR, "/staff/jobs"),
    alarm("suspense", DAY, "/staff/cases"),
    alarm("case-old", 5 * DAY, "/staff/cases"),
    alarm("task-off", DAY, "/staff/jobs"),
    alarm("task-late", HOUR, "/staff/jobs"),
];

/// The alarm of a case's subject.
pub fn of_subject(subject_id: &str) -> Option<&'static Alarm> {
    let name = subject_id.strip_prefix(PREFIX)?;
    ALARMS.iter().find(|alarm| alarm.name == name)
}

/// What is in a state that must not last, however long: the alarm, how many, and since when the oldest.
pub async fn waiting(conn: &mut Conn, now: Timestamp) -> Result<Vec<(Alarm, i64, Option<Timestamp>)>> {
    let mut found = Vec::new();
    for alarm in ALARMS {
        let stuck = store::stuck(conn, alarm.name, now).await?;
        found.push((alarm, stuck.map_or(0, |(count, _)| count), stuck.map(|(_, oldest)| oldest)));
    }
    Ok(found)
}

/// Looks at every state that must not last. Answers how many last too long.
pub async fn look(s: &Services) -> Result<usize> {
    let now = s.clock.now();
    let mut tx = s.db.begin().await?;
    approvals::actions::expire_due(&mut tx, now).await?;
    let mut found = HashSet::new();
    for alarm in ALARMS {
        let limit = now.plus_seconds(-alarm.longest_seconds);
        if let Some((count, oldest)) = store::stuck(&mut tx, alarm.name, limit).await? {
            found.insert(ring(&mut tx, &alarm, count, oldest, now).await?);
        }
    }
    let why = "nothing lasts too long any more";
    cases::actions::end_missing(&mut tx, CaseKind::Stuck, PREFIX, &found, "alarms", why, now).await?;
    tx.commit().await?;
    Ok(found.len())
}

async fn ring(tx: &mut Tx, alarm: &Alarm, count: i64, oldest: Timestamp, now: Timestamp) -> Result<String> {
    let subject = format!("{PREFIX}{}", alarm.name);
    let detail = format!("{count}, the oldest since {oldest}");
    let case = Found {
        kind: CaseKind::Stuck,
        subject_id: &subject,
        amount: Cents::ZERO,
        detail: &detail,
        pledge_id: None,
        remedy: None,
    };
    cases::actions::see(tx, &case, now).await?;
    Ok(subject)
}

//! What each task by the clock does. Its name and rhythm stand in [`TASKS`](crate::infra::periodic::TASKS), what it is for in the
//! texts; here is the work. A task may run twice without harm.

use crate::app::verify;
use crate::features::{outcomes, payments, privacy, reconciliation, updates, verifications};
use crate::infra::Services;
use crate::infra::error::{Error, Result};

/// Carries out the task with this name and answers in a few words what it did.
///
/// # Errors
/// What went wrong; the task is tried again soon.
pub async fn carry_out(s: &Services, name: &str) -> Result<String> {
    match name {
        "forget" => privacy::actions::tidy(s).await,
        "erasures" => privacy::erasure::carry_out_due(s).await.map(|erased| erased.to_string()),
        "measuring" => {
            let now = s.clock.now();
            let due = outcomes::reminders::look(s, now).await?;
            Ok((due + verifications::reminders::look(s, now).await?).to_string())
        }
        updates::digest::TASK => updates::digest::queue_due(s).await.map(|queued| queued.to_string()),
        "events" => payments::events::sweep(s).await.map(|noted| noted.to_string()),
        reconciliation::actions::TASK => reconciliation::actions::run_due(s).await,
        "alarms" => reconciliation::alarms::look(s).await.map(|ringing| ringing.to_string()),
        "invariants" => verify::watch(s).await.map(|broken| broken.to_string()),
        "balance" => payments::balance::sweep(s).await.map(|settled| settled.to_string()),
        name => Err(Error::broken(format!("nobody does the task {name}"))),
    }
}

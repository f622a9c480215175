//! What each task by the clock does. Its name and rhythm stand in [`TASKS`](crate::infra::periodic::TASKS), what it is for in the
//! texts; here is the work. A task may run twice without harm.

use crate::app::verify;
use crate::features::{payments, reconciliation, users};
use crate::infra::error::{Error, Result};
use crate::infra::{Services, limits};

/// Carries out the task with this name and answers in a few words what it did.
///
/// # Errors
/// What went wrong; the task is tried again soon.
pub async fn carry_out(s: &Services, name: &str) -> Result<String> {
    match name {
        "forget" => forget(s).await,
        "events" => payments::events::sweep(s).await.map(|noted| noted.to_string()),
        reconciliation::actions::TASK => reconciliation::actions::run_due(s).await,
        "alarms" => reconciliation::alarms::look(s).await.map(|ringing| ringing.to_string()),
        "invariants" => verify::watch(s).await.map(|broken| broken.to_string()),
        "balance" => payments::balance::sweep(s).await.map(|settled| settled.to_string()),
        name => Err(Error::broken(format!("nobody does the task {name}"))),
    }
}

/// Forgets sign-ins that have ended, and who did what how often.
async fn forget(s: &Services) -> Result<String> {
    let mut tx = s.db.begin().await?;
    users::actions::forget_ended(&mut tx, s.clock.now()).await?;
    limits::forget(&mut tx, s.clock.now()).await?;
    tx.commit_quietly().await?;
    Ok(String::new())
}

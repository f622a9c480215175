//! Holds this machine's clock against the database's, which all machines of an installation have in common.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::infra::Services;
use crate::infra::clock::MOST_OFF_SECONDS;

/// How often.
const EVERY: Duration = Duration::from_secs(60);
/// How soon again when the database did not answer, or what it said is worth a second look.
const SOON: Duration = Duration::from_secs(5);

/// Compares now; answers whether there was an answer. Nothing is compared with a database in a file: its time is this machine's.
pub async fn compare(s: &Services) -> bool {
    let was_wrong = s.clock.is_wrong();
    let before = s.clock.unmoved_micros();
    let theirs = match s.db.clock_micros().await {
        Ok(Some(theirs)) => theirs,
        Ok(None) => return true,
        Err(error) => {
            tracing::debug!(%error, "the database's clock could not be asked");
            return false;
        }
    };
    let off_millis = s.clock.compared(before, theirs, s.clock.unmoved_micros()) / 1_000;
    match (was_wrong, s.clock.is_wrong()) {
        (_, true) => tracing::error!(
            off_millis,
            most_seconds = MOST_OFF_SECONDS,
            "this machine's clock is wrong: it takes no work and is not ready until that is mended"
        ),
        (true, false) => tracing::warn!(off_millis, "this machine's clock is right again"),
        (false, false) => tracing::debug!(off_millis, "the clock was compared with the database's"),
    }
    true
}

/// Compares every minute until `stop`.
pub async fn watch(s: Services, stop: CancellationToken) {
    loop {
        let answered = compare(&s).await;
        let pause = if answered && !s.clock.is_wrong() { EVERY } else { SOON };
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

//! The clock that is handed to everything that asks for the time. In development and tests it can be moved; in a simulation it is
//! made up altogether, and passes only when somebody waits.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use crate::values::Timestamp;

/// The system's time plus an offset that only development moves.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    offset_seconds: Arc<AtomicI64>,
    /// Takes the place of the system's time, in microseconds.
    made_up: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// A clock that begins at `start` and stands still until somebody waits or [`Clock::pass`] is called.
    pub fn made_up(start: Timestamp) -> Clock {
        Clock { offset_seconds: Arc::default(), made_up: Some(Arc::new(AtomicI64::new(start.millis() * 1_000))) }
    }

    /// A clock over the same time that can be moved on its own: what another machine's shows.
    #[must_use]
    pub fn of_another_machine(&self) -> Clock {
        Clock { offset_seconds: Arc::default(), made_up: self.made_up.clone() }
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.unmoved_micros() / 1000).plus_seconds(self.offset_seconds())
    }

    /// The time in microseconds, never moved by an offset: for limits that are about real seconds.
    pub fn unmoved_micros(&self) -> i64 {
        self.made_up.as_ref().map_or_else(system_micros, |micros| micros.load(Ordering::Relaxed))
    }

    /// How far the clock runs ahead of the system's, in seconds.
    pub fn offset_seconds(&self) -> i64 {
        self.offset_seconds.load(Ordering::Relaxed)
    }

    /// Sets how far the clock runs ahead of the system's.
    pub fn set_offset_seconds(&self, seconds: i64) {
        self.offset_seconds.store(seconds, Ordering::Relaxed);
    }

    /// Waits. Made-up time passes at once.
    pub async fn sleep(&self, duration: Duration) {
        match &self.made_up {
            Some(_) => self.pass(duration),
            None => tokio::time::sleep(duration).await,
        }
    }

    /// Lets made-up time pass; real time cannot be hurried.
    pub fn pass(&self, duration: Duration) {
        if let Some(micros) = &self.made_up {
            micros.fetch_add(i64::try_from(duration.as_micros()).unwrap_or(i64::MAX), Ordering::Relaxed);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the system's clock")]
fn system_micros() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn made_up_time_passes_only_when_somebody_waits_and_each_machine_has_its_offset() {
        let ours = Clock::made_up(Timestamp::from_seconds(1_000));
        let theirs = ours.of_another_machine();
        ours.set_offset_seconds(-60);
        ours.sleep(Duration::from_secs(5)).await;
        assert_eq!((ours.now().seconds(), theirs.now().seconds()), (945, 1_005));
        assert_eq!(ours.unmoved_micros(), 1_005_000_000);
    }
}

//! The clock that is handed to everything that asks for the time. In development and tests it can be moved forward.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::SystemTime;

use crate::values::Timestamp;

/// The system's time plus an offset that only development moves.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    offset_seconds: Arc<AtomicI64>,
}

impl Clock {
    /// The present moment.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_millis(system_micros() / 1000).plus_seconds(self.offset_seconds())
    }

    /// The system's time in microseconds, never moved: for limits that are about real seconds.
    pub fn unmoved_micros(&self) -> i64 {
        system_micros()
    }

    /// How far the clock runs ahead of the system's, in seconds.
    pub fn offset_seconds(&self) -> i64 {
        self.offset_seconds.load(Ordering::Relaxed)
    }

    /// Sets how far the clock runs ahead of the system's.
    pub fn set_offset_seconds(&self, seconds: i64) {
        self.offset_seconds.store(seconds, Ordering::Relaxed);
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the system's clock")]
fn system_micros() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

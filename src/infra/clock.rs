//! The clock that is handed to everything that asks for the time. In development and tests it can be moved; in a simulation it is
//! made up altogether, and passes only when somebody waits.
//!
//! Where several machines work on one database its clock is the one they have in common. Each holds its own against it when it starts
//! and every minute; one that is off by more than [`MOST_OFF_SECONDS`] takes no work, as it would end a sale early and find the leases
//! of others run out, and says so where its health is asked (`app::router`, `app::metrics`, `drempel doctor`).

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use tokio::sync::{OwnedRwLockReadGuard, RwLock};

use crate::values::Timestamp;

/// How far the machine's clock may be from the database's, in seconds. Far less than a lease, and than what signatures of the
/// provider's events allow.
pub const MOST_OFF_SECONDS: i64 = 5;

/// The system's time plus an offset that only development moves.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    offset_seconds: Arc<AtomicI64>,
    /// How far the system's time ran ahead of the database's when they were last compared, in microseconds.
    off_micros: Arc<AtomicI64>,
    /// Takes the place of the system's time, in microseconds.
    made_up: Option<Arc<AtomicI64>>,
    /// Held for reading by what must not see time leap, for writing by who moves the clock.
    stillness: Arc<RwLock<()>>,
}

impl Clock {
    /// A clock that begins at `start` and stands still until somebody waits or [`Clock::pass`] is called.
    pub fn made_up(start: Timestamp) -> Clock {
        Clock { made_up: Some(Arc::new(AtomicI64::new(start.millis() * 1_000))), ..Clock::default() }
    }

    /// A clock over the same time that can be moved on its own: what another machine's shows.
    #[must_use]
    pub fn of_another_machine(&self) -> Clock {
        Clock { made_up: self.made_up.clone(), ..Clock::default() }
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

    /// Keeps [`Clock::move_to`] waiting while the answer is held: a leap of days would end the lease of what is under way.
    pub async fn hold_still(&self) -> OwnedRwLockReadGuard<()> {
        self.stillness.clone().read_owned().await
    }

    /// Sets how far the clock runs ahead of the system's, between what must not see time leap.
    pub async fn move_to(&self, offset_seconds: i64) {
        let _nothing_under_way = self.stillness.write().await;
        self.set_offset_seconds(offset_seconds);
    }

    /// Sets how far the clock runs ahead of the system's, whatever is under way.
    pub fn set_offset_seconds(&self, seconds: i64) {
        self.offset_seconds.store(seconds, Ordering::Relaxed);
    }

    /// Takes note of what another clock showed between two looks at this one. Half of the time the answer took is as good a guess as
    /// any; answers how far this clock is ahead, in microseconds.
    pub fn compared(&self, before_micros: i64, theirs_micros: i64, after_micros: i64) -> i64 {
        let off = before_micros + (after_micros - before_micros) / 2 - theirs_micros;
        self.off_micros.store(off, Ordering::Relaxed);
        off
    }

    /// How far the system's time is ahead of the database's, in milliseconds, as last compared; 0 where there is nothing to compare with.
    pub fn off_millis(&self) -> i64 {
        self.off_micros.load(Ordering::Relaxed) / 1_000
    }

    /// Whether the machine's clock is too far off to decide by.
    pub fn is_wrong(&self) -> bool {
        self.off_millis().abs() > MOST_OFF_SECONDS * 1_000
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
    use futures::FutureExt as _;

    use super::*;

    #[test]
    fn f87_a_clock_is_wrong_when_it_is_seconds_off_and_right_again_when_it_is_not() {
        let clock = Clock::default();
        assert!(!clock.is_wrong());
        // a slow answer is no wrong clock
        assert_eq!(clock.compared(10_000_000, 14_000_000, 18_000_000), 0);
        assert!(!clock.is_wrong());
        for (off, is_wrong) in [(4, false), (-4, false), (6, true), (-360, true), (0, false)] {
            clock.compared(0, -off * 1_000_000, 0);
            assert_eq!((clock.off_millis(), clock.is_wrong()), (off * 1_000, is_wrong));
        }
    }

    #[tokio::test]
    async fn the_clock_does_not_leap_under_what_holds_it_still() {
        let clock = Clock::default();
        let held = clock.hold_still().await;
        let mut leap = Box::pin(clock.move_to(86_400));
        assert_eq!((&mut leap).now_or_never(), None);
        assert_eq!(clock.offset_seconds(), 0);
        drop(held);
        leap.await;
        assert_eq!(clock.offset_seconds(), 86_400);
    }

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

//! What one process knows of the line before the payment provider: how many people it is sending there right now without the line, and
//! who waits in it. The line itself stands in the database, in `features::payments::line`.

use std::future::Future;
use std::sync::Arc;

use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};

/// How old what is known may be, in microseconds.
const KNOWN_FOR_MICROS: i64 = 2_000_000;

/// Cheap to clone.
#[derive(Clone)]
pub struct WaitingRoom {
    /// So many people are sent to the provider at once without the line: a second of what it allows.
    pub at_once: usize,
    straight: Arc<Semaphore>,
    known: Arc<Mutex<Known>>,
}

/// Who waits, as that was read at a moment.
#[derive(Default)]
struct Known {
    read_at_micros: Option<i64>,
    waiting: Waiting,
}

/// Those who wait, first come first.
#[derive(Clone, Default)]
pub struct Waiting {
    ids: Arc<Vec<String>>,
    /// How many joined by this process since they were read.
    joined: usize,
}

impl Waiting {
    /// How many wait.
    pub fn count(&self) -> usize {
        self.ids.len() + self.joined
    }

    /// How many stand before the one with this id. Who has joined since the reading stands behind all others.
    pub fn before(&self, id: &str) -> usize {
        match self.ids.binary_search_by(|one| one.as_str().cmp(id)) {
            Ok(before) => before,
            Err(before) if before < self.ids.len() => before,
            Err(_) => self.count().saturating_sub(1).max(self.ids.len()),
        }
    }
}

impl WaitingRoom {
    /// Before a provider that allows so many calls a second.
    pub fn new(per_second: u32) -> WaitingRoom {
        let at_once = usize::try_from(per_second).unwrap_or(usize::MAX).clamp(1, Semaphore::MAX_PERMITS);
        WaitingRoom { at_once, straight: Arc::new(Semaphore::new(at_once)), known: Arc::default() }
    }

    /// Leave to go to the provider without the line, unless as many as may are on their way.
    pub fn straight(&self) -> Option<OwnedSemaphorePermit> {
        self.straight.clone().try_acquire_owned().ok()
    }

    /// Who waits, at most two seconds old. Whoever finds it older reads it anew, and the others wait for that one reading.
    ///
    /// # Errors
    /// It could not be read.
    pub async fn waiting<E>(
        &self,
        now_micros: i64,
        read: impl Future<Output = Result<Vec<String>, E>>,
    ) -> Result<Waiting, E> {
        let mut known = self.known.lock().await;
        if known.read_at_micros.is_none_or(|at| now_micros - at > KNOWN_FOR_MICROS) {
            known.waiting = Waiting { ids: Arc::new(read.await?), joined: 0 };
            known.read_at_micros = Some(now_micros);
        }
        Ok(known.waiting.clone())
    }

    /// Somebody joined.
    pub async fn join(&self) {
        self.known.lock().await.waiting.joined += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_joins_after_the_reading_stands_behind_all_others() {
        let line = WaitingRoom::new(20);
        let read = |ids: &[&str]| std::future::ready(Ok::<_, ()>(ids.iter().map(|id| (*id).to_owned()).collect()));
        let waiting = line.waiting(0, read(&["a", "c"])).await.unwrap();
        assert_eq!((waiting.count(), waiting.before("a"), waiting.before("c"), waiting.before("b")), (2, 0, 1, 1));
        line.join().await;
        line.join().await;
        let waiting = line.waiting(KNOWN_FOR_MICROS, read(&[])).await.unwrap();
        assert_eq!((waiting.count(), waiting.before("d")), (4, 3));
        let waiting = line.waiting(KNOWN_FOR_MICROS + 1, read(&["d"])).await.unwrap();
        assert_eq!((waiting.count(), waiting.before("d"), waiting.before("e")), (1, 0, 1));
    }

    #[test]
    fn as_many_go_straight_as_a_second_allows() {
        let line = WaitingRoom::new(2);
        let (first, second) = (line.straight(), line.straight());
        assert!(first.is_some() && second.is_some() && line.straight().is_none());
        drop(first);
        assert!(line.straight().is_some());
    }
}

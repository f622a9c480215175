//! A circuit breaker: when the provider does not answer again and again, calls fail at once for a while instead of piling up, so that
//! pages that need no payment are as fast as ever.

use std::sync::{Arc, Mutex, PoisonError};

use crate::infra::clock::Clock;
use crate::values::Timestamp;

/// Failed calls in a row that open the circuit.
const FAILURES: u32 = 10;
/// How long it stays open before one call may try, in seconds.
const OPEN_SECONDS: i64 = 15;

#[derive(Default)]
struct State {
    failures: u32,
    open_until: Option<Timestamp>,
}

/// Cheap to clone; clones share the state, which is of this process alone.
#[derive(Clone)]
pub struct Breaker {
    clock: Clock,
    state: Arc<Mutex<State>>,
}

impl Breaker {
    pub fn new(clock: Clock) -> Breaker {
        Breaker { clock, state: Arc::default() }
    }

    /// Whether calls fail at once now.
    pub fn is_open(&self) -> bool {
        self.lock().open_until.is_some_and(|until| self.clock.now() < until)
    }

    /// Whether a call may be made. After the pause one call at a time tries; the others go on failing at once.
    pub fn admits(&self) -> bool {
        let mut state = self.lock();
        let now = self.clock.now();
        match state.open_until {
            Some(until) if now < until => false,
            Some(_) => {
                state.open_until = Some(now.plus_seconds(OPEN_SECONDS));
                true
            }
            None => true,
        }
    }

    /// The provider answered, whatever it said.
    pub fn answered(&self) {
        *self.lock() = State::default();
    }

    /// The provider did not answer, or broke down.
    pub fn failed(&self) {
        let mut state = self.lock();
        state.failures = state.failures.saturating_add(1);
        if state.failures >= FAILURES && state.open_until.is_none() {
            tracing::error!(failures = state.failures, "the payment provider does not answer; calls pause");
            state.open_until = Some(self.clock.now().plus_seconds(OPEN_SECONDS));
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::{Breaker, FAILURES, OPEN_SECONDS};
    use crate::infra::clock::Clock;

    #[test]
    fn f11_many_failures_in_a_row_open_it_and_one_answer_closes_it() {
        let clock = Clock::default();
        let breaker = Breaker::new(clock.clone());
        for _ in 1..FAILURES {
            breaker.failed();
        }
        assert!(breaker.admits() && !breaker.is_open());
        breaker.failed();
        assert!(!breaker.admits() && breaker.is_open());
        clock.set_offset_seconds(OPEN_SECONDS + 1);
        assert!(breaker.admits(), "one call tries");
        assert!(!breaker.admits(), "the others wait for what it says");
        breaker.answered();
        assert!(breaker.admits() && !breaker.is_open());
    }
}

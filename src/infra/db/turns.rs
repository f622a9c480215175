//! Turns at the database, for simulations: one transaction or read at a time, the next one chosen by a seed.
//!
//! A run with the same seed then does the same things in the same order, whatever the machine is busy with, and another seed tries
//! another order of what is under way at once. A run can also be told to stop after so many steps (taking a turn, before and after
//! a commit, before and after a call outside): from that point on nothing reaches the database any more. That is what a process
//! killed at that point leaves behind.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use crate::infra::random::Sequence;

/// How often all tasks that can go on do so before the next turn is given.
const SETTLING: usize = 6;

/// The turns of one simulated process.
pub struct Turns {
    inner: Mutex<Inner>,
}

struct Inner {
    chance: Sequence,
    taken: bool,
    choosing: bool,
    waiting: Vec<oneshot::Sender<Turn>>,
    steps: u64,
    stop_at: Option<u64>,
    stopped: bool,
}

/// The right to use the database, until it is dropped.
pub struct Turn {
    turns: Arc<Turns>,
}

impl Turns {
    pub fn new(seed: u64) -> Arc<Turns> {
        let chance = Sequence::new(seed);
        let inner = Inner {
            chance,
            taken: false,
            choosing: false,
            waiting: Vec::new(),
            steps: 0,
            stop_at: None,
            stopped: false,
        };
        Arc::new(Turns { inner: Mutex::new(inner) })
    }

    /// Stops everything when so many more steps were taken.
    pub fn stop_after(&self, steps: u64) {
        let mut inner = self.lock();
        inner.stop_at = Some(inner.steps + steps);
    }

    /// Whether the process has stopped: nothing of it has any effect any more.
    pub fn is_stopped(&self) -> bool {
        self.lock().stopped
    }

    /// Steps taken so far.
    pub fn steps(&self) -> u64 {
        self.lock().steps
    }

    /// One step.
    ///
    /// # Errors
    /// The process has stopped, perhaps at this very step.
    pub fn step(&self) -> Result<(), sqlx::Error> {
        let mut inner = self.lock();
        inner.steps += 1;
        inner.stopped = inner.stopped || inner.stop_at.is_some_and(|at| inner.steps >= at);
        if inner.stopped { Err(sqlx::Error::PoolClosed) } else { Ok(()) }
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// The process has stopped.
    pub async fn take(self: &Arc<Turns>) -> Result<Turn, sqlx::Error> {
        self.step()?;
        let (sender, receiver) = oneshot::channel();
        self.lock().waiting.push(sender);
        self.choose();
        let turn = receiver.await.map_err(|_| sqlx::Error::PoolClosed)?;
        if self.is_stopped() { Err(sqlx::Error::PoolClosed) } else { Ok(turn) }
    }

    /// Gives the turn to one of those who wait, as soon as everybody else has come as far as they can: what the database was slow
    /// or quick to answer makes no difference then.
    fn choose(self: &Arc<Turns>) {
        {
            let mut inner = self.lock();
            if inner.taken || inner.choosing || inner.waiting.is_empty() {
                return;
            }
            inner.choosing = true;
        }
        let turns = self.clone();
        tokio::spawn(async move {
            for _ in 0..SETTLING {
                tokio::task::yield_now().await;
            }
            let mut inner = turns.lock();
            inner.choosing = false;
            let count = inner.waiting.len();
            if count == 0 {
                return;
            }
            let place = inner.chance.below(count);
            let next = inner.waiting.remove(place);
            inner.taken = true;
            drop(inner);
            // one that has given up drops what it is handed, and so hands it on
            let _ = next.send(Turn { turns: turns.clone() });
        });
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn {
    /// As [`Turns::step`].
    pub(super) fn step(&self) -> Result<(), sqlx::Error> {
        self.turns.step()
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.turns.lock().taken = false;
        // without a runtime there is nobody to wait
        if tokio::runtime::Handle::try_current().is_ok() {
            self.turns.choose();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn order(seed: u64) -> Vec<usize> {
        let turns = Turns::new(seed);
        let order = Arc::new(Mutex::new(Vec::new()));
        let tasks = (0..8).map(|number| {
            let (turns, order) = (turns.clone(), order.clone());
            async move {
                let _turn = turns.take().await.unwrap();
                tokio::task::yield_now().await;
                order.lock().unwrap().push(number);
            }
        });
        futures::future::join_all(tasks).await;
        let order = order.lock().unwrap();
        order.clone()
    }

    #[tokio::test]
    async fn a_seed_decides_the_order_and_everybody_gets_a_turn() {
        assert_eq!(order(1).await, order(1).await);
        assert_ne!(order(1).await, order(2).await);
        let mut all = order(3).await;
        all.sort_unstable();
        assert_eq!(all, [0, 1, 2, 3, 4, 5, 6, 7]);
    }

    #[tokio::test]
    async fn after_a_stop_nobody_gets_a_turn_and_who_gave_up_loses_none() {
        let turns = Turns::new(1);
        let first = turns.take().await.unwrap();
        let second = turns.clone();
        let gave_up = tokio::time::timeout(std::time::Duration::from_millis(1), second.take()).await;
        assert!(gave_up.is_err());
        drop(first);
        drop(turns.take().await.unwrap());
        turns.stop_after(1);
        assert!(turns.take().await.is_err() && turns.is_stopped());
        assert!(turns.take().await.is_err());
    }
}

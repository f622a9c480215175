//! Requests that come at the same moment, worked on as one.
//!
//! Whoever comes first works for all who wait; those who come meanwhile wait for the next batch, in the order of their arrival. So a
//! quiet moment costs nobody a wait, and in a busy one a batch grows until the work keeps pace. The work is done by the task of one of the
//! requests: when that one goes away in the middle, what it did is rolled back or unknown, as always, and the others ask again.

use std::any::{Any, TypeId};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

/// The rooms of one process, by what is asked for there and their number. Cheap to clone.
#[derive(Clone, Default)]
pub struct Batching(Arc<Mutex<Rooms>>);

type Rooms = HashMap<(TypeId, u64), Arc<dyn Any + Send + Sync>>;

/// Where requests of one kind wait.
pub struct Room<Q, A> {
    waiting: Mutex<VecDeque<Waiting<Q, A>>>,
    turn: tokio::sync::Mutex<()>,
}

/// A request, and where its answer goes.
type Waiting<Q, A> = (Arc<Q>, oneshot::Sender<A>);

impl Batching {
    /// The room of this number for requests `Q` that are answered with `A`. Rooms do not wait for each other.
    pub fn room<Q: Send + Sync + 'static, A: Send + 'static>(&self, number: u64) -> Arc<Room<Q, A>> {
        let mut rooms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let room = rooms.entry((TypeId::of::<Room<Q, A>>(), number)).or_insert_with(|| Arc::new(Room::<Q, A>::new()));
        // the key is the type, so this is the room that was put there
        room.clone().downcast().unwrap_or_else(|_| Arc::new(Room::new()))
    }
}

impl<Q, A> Room<Q, A> {
    fn new() -> Room<Q, A> {
        Room { waiting: Mutex::default(), turn: tokio::sync::Mutex::default() }
    }

    /// Answers this request together with those that came at the same moment, at most `most` of them. `work` gets them in the order of their
    /// arrival and answers in the same order, once each.
    pub async fn ask<F: Future<Output = Vec<A>>>(&self, request: Q, most: usize, work: impl Fn(Vec<Arc<Q>>) -> F) -> A {
        let request = Arc::new(request);
        'asking: loop {
            let (asker, mut answered) = oneshot::channel();
            self.waiting().push_back((request.clone(), asker));
            loop {
                let _turn = tokio::select! {
                    biased;
                    answer = &mut answered => match answer {
                        Ok(answer) => return answer,
                        // whoever worked on it went away
                        Err(_) => continue 'asking,
                    },
                    turn = self.turn.lock() => turn,
                };
                let (requests, askers): (Vec<_>, Vec<_>) = self.next(most).into_iter().unzip();
                if requests.is_empty() {
                    continue;
                }
                for (answer, asker) in work(requests).await.into_iter().zip(askers) {
                    // who went away needs no answer
                    let _ = asker.send(answer);
                }
            }
        }
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<Waiting<Q, A>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those who have waited longest and still do.
    fn next(&self, most: usize) -> Vec<Waiting<Q, A>> {
        let mut waiting = self.waiting();
        let mut batch = Vec::new();
        while batch.len() < most
            && let Some((request, asker)) = waiting.pop_front()
        {
            if !asker.is_closed() {
                batch.push((request, asker));
            }
        }
        batch
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// Doubles; a batch takes a moment, so that others gather.
    async fn doubled(numbers: Vec<Arc<u32>>, batches: &AtomicUsize) -> Vec<u32> {
        batches.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        numbers.iter().map(|number| **number * 2).collect()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn many_are_answered_each_with_its_own_in_fewer_batches() {
        let (batching, batches) = (Batching::default(), Arc::new(AtomicUsize::new(0)));
        let tasks = (0..200).map(|number| {
            let (batching, batches) = (batching.clone(), batches.clone());
            tokio::spawn(async move {
                let answer = batching.room(0).ask(number, 16, |numbers| doubled(numbers, &batches)).await;
                assert_eq!(answer, number * 2);
            })
        });
        for task in tasks.collect::<Vec<_>>() {
            task.await.unwrap();
        }
        let batches = batches.load(Ordering::Relaxed);
        assert!((200_usize.div_ceil(16)..100).contains(&batches), "{batches} batches of 200");
    }

    #[tokio::test]
    async fn they_are_worked_on_in_the_order_of_arrival() {
        let batching = Batching::default();
        let seen = Mutex::new(Vec::new());
        let ask = |number: u32| {
            let (room, seen) = (batching.room::<u32, u32>(0), &seen);
            async move {
                let work = |numbers: Vec<Arc<u32>>| async move {
                    tokio::task::yield_now().await;
                    seen.lock().unwrap().extend(numbers.iter().map(|number| **number));
                    numbers.iter().map(|number| **number).collect()
                };
                room.ask(number, 4, work).await
            }
        };
        futures::future::join_all((0..10).map(ask)).await;
        assert_eq!(*seen.lock().unwrap(), (0..10).collect::<Vec<u32>>());
    }

    #[tokio::test]
    async fn when_the_one_who_works_goes_away_the_others_are_answered_all_the_same() {
        let (batching, batches) = (Batching::default(), Arc::new(AtomicUsize::new(0)));
        let tasks: Vec<_> = (0..6)
            .map(|number: u32| {
                let (batching, batches) = (batching.clone(), batches.clone());
                tokio::spawn(async move { batching.room(0).ask(number, 3, |all| doubled(all, &batches)).await })
            })
            .collect();
        // the first works for itself alone or for some, whoever follows waits
        while batches.load(Ordering::Relaxed) == 0 {
            tokio::task::yield_now().await;
        }
        tasks[0].abort();
        for (number, task) in (0..).zip(tasks) {
            match task.await {
                Ok(answer) => assert_eq!(answer, number * 2),
                Err(gone) => assert!(gone.is_cancelled() && number == 0, "{number}: {gone}"),
            }
        }
    }
}

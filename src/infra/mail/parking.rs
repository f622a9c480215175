//! The letters that are ready, and the order in which they are taken: as they come, but those to a domain that has all its places wait
//! beside the others until one is free.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;

use crate::infra::letters::Due;
use crate::infra::mail::Draft;
use crate::infra::mail::domains::{self, Domains, Place};

/// Letters that may wait beside the others; more would hold leases that run out.
const MOST_PARKED: usize = 200;

/// What a letter in the pipe needs to be sent.
pub(super) struct Ready {
    pub letter: Due,
    pub draft: Draft,
}

/// The letters that are ready, shared by those who send them.
pub(super) struct Queue {
    coming: tokio::sync::Mutex<mpsc::Receiver<Ready>>,
    /// With the domain of each.
    parked: Mutex<VecDeque<(String, Ready)>>,
}

impl Queue {
    pub(super) fn of(coming: mpsc::Receiver<Ready>) -> Queue {
        Queue { coming: tokio::sync::Mutex::new(coming), parked: Mutex::default() }
    }

    fn parked(&self) -> MutexGuard<'_, VecDeque<(String, Ready)>> {
        self.parked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next letter, with its place where domains have places; nothing when all are taken and no more come.
    pub(super) async fn next(&self, domains: Option<&Arc<Domains>>) -> Option<(Ready, Option<Place>)> {
        let Some(domains) = domains else {
            return self.coming.lock().await.recv().await.map(|ready| (ready, None));
        };
        let mut has_ended = false;
        loop {
            // listened to before looking, so that nothing is missed between
            let freed = domains.freed.notified();
            tokio::pin!(freed);
            freed.as_mut().enable();
            if let Some(found) = self.unpark(domains) {
                return Some(found);
            }
            let parked = self.parked().len();
            if has_ended && parked == 0 {
                return None;
            }
            if has_ended || parked >= MOST_PARKED {
                freed.await;
                continue;
            }
            let came = async { self.coming.lock().await.recv().await };
            tokio::select! {
                biased;
                came = came => match came {
                    None => has_ended = true,
                    Some(ready) => {
                        let domain = domains::of(&ready.letter.email);
                        match domains.enter(&domain) {
                            Some(place) => return Some((ready, Some(place))),
                            None => self.parked().push_back((domain, ready)),
                        }
                    }
                },
                () = freed => {}
            }
        }
    }

    /// The first of those that wait to whose domain one more may go.
    fn unpark(&self, domains: &Arc<Domains>) -> Option<(Ready, Option<Place>)> {
        let mut parked = self.parked();
        // most wait for the same domain: it is asked once
        let mut full: Vec<&str> = Vec::new();
        let mut found = None;
        for (at, (domain, _)) in parked.iter().enumerate() {
            if full.contains(&domain.as_str()) {
                continue;
            }
            if let Some(place) = domains.enter(domain) {
                found = Some((at, place));
                break;
            }
            full.push(domain);
        }
        let (at, place) = found?;
        parked.remove(at).map(|(_, ready)| (ready, Some(place)))
    }
}

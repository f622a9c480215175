//! Receiving domains: how many letters are on their way to each at the same time, and which are left alone for a while.
//!
//! A provider counts what comes from one sender. So a domain never has all our connections, and one that says "not now" gets nothing for
//! a pause that doubles as long as it goes on saying so. Letters to others are sent meanwhile; those that wait lose no attempt. What is
//! known is of this process: another one learns it by one letter.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::values::Timestamp;

/// The first pause, in seconds; and the longest.
const PAUSE_SECONDS: i64 = 15;
const LONGEST_PAUSE_SECONDS: i64 = 1_800;

/// What is known of one domain.
#[derive(Default)]
struct Known {
    busy: usize,
    /// Answers of "not now" in a row.
    refusals: u32,
    until: Option<Timestamp>,
}

/// All domains letters were sent to.
pub(super) struct Domains {
    most: usize,
    known: Mutex<HashMap<String, Known>>,
    /// Told when a place becomes free.
    pub(super) freed: Notify,
}

impl Domains {
    pub(super) fn new(most: usize) -> Arc<Domains> {
        Arc::new(Domains { most, known: Mutex::default(), freed: Notify::new() })
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for one letter to a domain; nothing when as many as may are on their way.
    pub(super) fn enter(self: &Arc<Domains>, domain: &str) -> Option<Place> {
        let mut all = self.known();
        let known = all.entry(domain.to_owned()).or_default();
        if known.busy >= self.most {
            return None;
        }
        known.busy += 1;
        Some(Place { domains: self.clone(), domain: domain.to_owned() })
    }

    /// Until when a domain is left alone.
    pub(super) fn paused_until(&self, domain: &str, now: Timestamp) -> Option<Timestamp> {
        self.known().get(domain).and_then(|known| known.until).filter(|until| *until > now)
    }

    /// It took or refused a letter for its own reasons: it listens.
    pub(super) fn listens(&self, domain: &str) {
        if let Some(known) = self.known().get_mut(domain) {
            (known.refusals, known.until) = (0, None);
        }
    }

    /// It said "not now". Several letters on their way at once are one refusal.
    pub(super) fn is_busy(&self, domain: &str, now: Timestamp) -> Timestamp {
        let mut all = self.known();
        let known = all.entry(domain.to_owned()).or_default();
        if let Some(until) = known.until.filter(|until| *until > now) {
            return until;
        }
        known.refusals += 1;
        let until = now.plus_seconds(LONGEST_PAUSE_SECONDS.min(PAUSE_SECONDS << (known.refusals - 1).min(20)));
        known.until = Some(until);
        until
    }
}

/// A letter on its way to a domain; the place becomes free when this is dropped.
pub(super) struct Place {
    domains: Arc<Domains>,
    domain: String,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut all = self.domains.known();
        if let Some(known) = all.get_mut(&self.domain) {
            known.busy -= 1;
            // what tells nothing any more is forgotten
            if known.busy == 0 && known.refusals == 0 {
                all.remove(&self.domain);
            }
        }
        drop(all);
        self.domains.freed.notify_waiters();
    }
}

/// The domain of an address, in small letters.
pub(super) fn of(email: &str) -> String {
    email.rsplit('@').next().unwrap_or_default().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_has_so_many_places_and_another_its_own() {
        let domains = Domains::new(2);
        let (first, second) = (domains.enter("a.example"), domains.enter("a.example"));
        assert!(first.is_some() && second.is_some());
        assert!(domains.enter("a.example").is_none() && domains.enter("b.example").is_some());
        drop(first);
        assert!(domains.enter("a.example").is_some());
        drop(second);
        assert!(domains.known().is_empty(), "nothing is kept of a domain without a story");
        assert_eq!(of("Anna@Example.ORG"), "example.org");
    }

    #[test]
    fn the_pause_doubles_until_the_domain_listens_again() {
        let (domains, mut now) = (Domains::new(1), Timestamp::from_seconds(1_800_000_000));
        let mut pauses = Vec::new();
        for _ in 0..9 {
            let until = domains.is_busy("a.example", now);
            assert_eq!(domains.is_busy("a.example", now), until, "a letter that was on its way adds nothing");
            assert_eq!(domains.paused_until("a.example", now), Some(until));
            pauses.push(until.seconds() - now.seconds());
            now = until;
            assert_eq!(domains.paused_until("a.example", now), None);
        }
        assert_eq!(pauses, [15, 30, 60, 120, 240, 480, 960, 1_800, 1_800]);
        domains.listens("a.example");
        assert_eq!(domains.is_busy("a.example", now).seconds() - now.seconds(), 15);
        assert_eq!(domains.paused_until("b.example", now), None);
    }
}

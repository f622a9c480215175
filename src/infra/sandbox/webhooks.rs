//! Webhooks: which events wait for delivery, how they are signed, sent and tried again.
//!
//! Events about one payment arrive in the order they happened; different payments go side by side. Anything but a 2xx answer is
//! tried again, a few times within a minute and then ever more slowly, for three days.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use futures::StreamExt as _;
use futures::future::join_all;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::faults::Webhooks;
use super::state::Record;
use super::{Sandbox, objects};

/// Seconds between tries; the last one repeats.
const PAUSES_SECONDS: [i64; 9] = [1, 3, 8, 20, 40, 300, 1_800, 3_600, 14_400];

/// After this many seconds an event is given up, as at Stripe.
const GIVE_UP_SECONDS: i64 = 3 * 24 * 60 * 60;

/// Events taken in one go.
const BATCH: usize = 256;

/// How many payments' webhooks are under way at once.
const SIDE_BY_SIDE: usize = 16;

/// Events that wait for delivery, by their place in the table of events.
pub(super) struct Queue {
    wanted: bool,
    due: BTreeSet<(i64, usize)>,
    /// The due moment and the tries so far of each.
    waiting: HashMap<usize, (i64, usize)>,
}

impl Queue {
    /// `wanted` is false when there is nowhere to deliver to.
    pub(super) fn new(wanted: bool) -> Queue {
        Queue { wanted, due: BTreeSet::new(), waiting: HashMap::new() }
    }

    pub(super) fn is_wanted(&self) -> bool {
        self.wanted
    }

    pub(super) fn add(&mut self, place: usize, due: i64) {
        if self.wanted {
            self.remove(place);
            self.due.insert((due, place));
            self.waiting.insert(place, (due, 0));
        }
    }

    pub(super) fn remove(&mut self, place: usize) {
        if let Some((due, _)) = self.waiting.remove(&place) {
            self.due.remove(&(due, place));
        }
    }

    /// The places that are due, oldest event first. They stay known as waiting until they are removed or put back.
    fn take_due(&mut self, now: i64) -> Vec<usize> {
        let mut taken: Vec<(i64, usize)> = self.due.range(..=(now, usize::MAX)).take(BATCH).copied().collect();
        for moment in &taken {
            self.due.remove(moment);
        }
        taken.sort_by_key(|(_, place)| *place);
        taken.into_iter().map(|(_, place)| place).collect()
    }

    /// Puts a failed delivery back.
    fn put_back(&mut self, place: usize, now: i64) {
        if let Some((due, tries)) = self.waiting.get_mut(&place) {
            *due = now + PAUSES_SECONDS[(*tries).min(PAUSES_SECONDS.len() - 1)];
            *tries += 1;
            self.due.insert((*due, place));
        }
    }
}

/// The `Stripe-Signature` header for a body sent at `now` (Unix seconds): `t=…,v1=…`.
pub(super) fn signature(secret: &str, now: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(now.to_string().as_bytes());
    mac.update(b".");
    mac.update(body.as_bytes());
    format!("t={now},v1={}", hex::encode(mac.finalize().into_bytes()))
}

struct Delivery {
    place: usize,
    id: String,
    subject: String,
    body: String,
    created: i64,
}

/// Sends everything that is due, and whatever becomes due through that.
pub(super) async fn deliver_due(sandbox: &Sandbox) {
    let Some((client, url)) = sandbox.webhook_target() else {
        return;
    };
    let _only_one_at_a_time = sandbox.delivering().await;
    loop {
        let (mode, deliveries) = take(sandbox);
        if deliveries.is_empty() {
            return;
        }
        // Nobody may hear of an event that a kill could still undo.
        if !sandbox.flush_journal().await {
            return;
        }
        for_each_subject(sandbox, client, url, mode, deliveries).await;
    }
}

fn take(sandbox: &Sandbox) -> (Webhooks, Vec<Delivery>) {
    let now = sandbox.now();
    let mut state = sandbox.lock();
    let mode = state.faults.webhooks;
    let mut deliveries = Vec::new();
    for place in state.queue.take_due(now) {
        let event = state.events.at(place);
        let body = objects::event(event, &state.public_base).to_string();
        let subject = state.subject(&event.object).to_owned();
        deliveries.push(Delivery { place, id: event.id.clone(), subject, body, created: event.created });
    }
    (mode, deliveries)
}

async fn for_each_subject(
    sandbox: &Sandbox,
    client: &reqwest::Client,
    url: &str,
    mode: Webhooks,
    mut deliveries: Vec<Delivery>,
) {
    if mode == Webhooks::Reversed {
        for delivery in deliveries.into_iter().rev() {
            deliver(sandbox, client, url, mode, delivery).await;
        }
        return;
    }
    let mut subjects: BTreeMap<String, Vec<Delivery>> = BTreeMap::new();
    for delivery in deliveries.drain(..) {
        subjects.entry(delivery.subject.clone()).or_default().push(delivery);
    }
    let in_order = subjects.into_values().map(|deliveries| async move {
        for delivery in deliveries {
            deliver(sandbox, client, url, mode, delivery).await;
        }
    });
    futures::stream::iter(in_order).buffer_unordered(SIDE_BY_SIDE).collect::<()>().await;
}

async fn deliver(sandbox: &Sandbox, client: &reqwest::Client, url: &str, mode: Webhooks, delivery: Delivery) {
    let one = || post(sandbox, client, url, &delivery.body);
    let arrived = match mode {
        Webhooks::Twice => {
            let first = one().await;
            one().await || first
        }
        Webhooks::TenTimesParallel => join_all((0..10).map(|_| one())).await.into_iter().any(|arrived| arrived),
        _ => one().await,
    };
    let given_up = !arrived && sandbox.now() >= delivery.created + GIVE_UP_SECONDS;
    if given_up {
        tracing::warn!(event = delivery.id, "the sandbox gives up delivering a webhook");
    }
    if arrived || given_up {
        // Not waited for: after a kill the event is delivered once more, and that must do no harm anyway.
        sandbox.with(|work| work.put(Record::Delivered(delivery.id.clone())));
    } else {
        sandbox.lock().queue.put_back(delivery.place, sandbox.now());
    }
}

/// Whether the receiver answered 2xx.
pub(super) async fn post(sandbox: &Sandbox, client: &reqwest::Client, url: &str, body: &str) -> bool {
    let request = client
        .post(url)
        .header("content-type", "application/json; charset=utf-8")
        .header("stripe-signature", signature(sandbox.webhook_secret(), sandbox.now(), body))
        .body(body.to_owned());
    match request.send().await {
        Ok(response) => response.status().is_success(),
        Err(error) => {
            tracing::debug!(%error, "a webhook did not arrive");
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_those_of_stripe() {
        // Made with Stripe's Python library: stripe.WebhookSignature._compute_signature("1700000000.{\"id\":\"evt_1\"}", "whsec_test").
        let header = signature("whsec_test", 1_700_000_000, "{\"id\":\"evt_1\"}");
        assert_eq!(header, "t=1700000000,v1=c89214b5b5da833daed6f0b8c5bb6bd58cea9022bd80ccc78230f3942d632925");
    }

    #[test]
    fn what_is_due_comes_oldest_event_first_and_returns_later() {
        let mut queue = Queue::new(true);
        queue.add(2, 100);
        queue.add(1, 101);
        queue.add(3, 200);
        assert_eq!(queue.take_due(150), [1, 2]);
        assert!(queue.take_due(150).is_empty(), "under way");
        queue.put_back(1, 150);
        assert!(queue.take_due(150).is_empty());
        assert_eq!(queue.take_due(151), [1]);
        queue.put_back(1, 151);
        assert!(queue.take_due(153).is_empty(), "the pauses grow");
        queue.remove(1);
        assert_eq!(queue.take_due(1_000), [3]);
    }
}

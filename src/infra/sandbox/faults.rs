//! What can be made to go wrong, on request: refused, slow and lost answers, and webhooks that misbehave.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{Duration, Instant};

use super::payments::PROCESSING_SECONDS;

/// One way for a request to go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FaultKind {
    TooManyRequests,
    /// The same, with the wish to be left alone for so many seconds.
    ComeLater(u32),
    Conflict,
    /// A 500 before any work; with `true` it is remembered under the idempotency key, as Stripe does with most of its 500s.
    Server(bool),
    /// The work is done, the answer is a 500, and the 500 is what the key remembers.
    ServerAfterEffect,
    /// The work is done and remembered, but the answer never comes.
    Timeout,
    /// The work begins after this many milliseconds; meanwhile the key is busy.
    Stall(u64),
}

struct Fault {
    /// `refunds`, `checkout/sessions`, … or `*`.
    endpoint: String,
    method: Option<String>,
    kind: FaultKind,
    skip: u32,
    times: u32,
}

/// How webhooks behave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Webhooks {
    #[default]
    Normal,
    /// Events happen, but no webhook is ever sent for them.
    Lost,
    Twice,
    TenTimesParallel,
    /// What is due together is sent in reverse order.
    Reversed,
    LateSeconds(i64),
}

impl Webhooks {
    /// Whether a new event's webhook is lost, and how many seconds it waits.
    pub(super) fn on_emission(self) -> (bool, i64) {
        match self {
            Webhooks::Lost => (true, 0),
            Webhooks::LateSeconds(seconds) => (false, seconds),
            _ => (false, 0),
        }
    }
}

/// How new refunds begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refunds {
    Succeed,
    /// Pending until somebody decides.
    Pend,
    /// As at Stripe: pending while the charge or the balance is not available.
    ByBalance,
}

/// All faults that are switched on, and the limit on requests.
pub(super) struct Faults {
    list: Vec<Fault>,
    pub webhooks: Webhooks,
    pub refunds: Refunds,
    /// How long after a payment its balance transaction is made, in seconds.
    pub fees_late_seconds: i64,
    /// More may be refunded than was paid, as with a bank that only carries out what it is told.
    pub refunds_unlimited: bool,
    pub processing_seconds: i64,
    requests_per_second: Option<u32>,
    /// Per endpoint: when its second began and how many requests came since.
    windows: HashMap<String, (Instant, u32)>,
}

/// The body of `POST /control/faults`. Any part may be left out; what is not mentioned stays as it was.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Order {
    endpoint: Option<String>,
    method: Option<String>,
    kind: Option<String>,
    times: Option<u32>,
    skip: Option<u32>,
    stall_ms: Option<u64>,
    retry_after: Option<u32>,
    stored: Option<bool>,
    webhooks: Option<Value>,
    late_seconds: Option<i64>,
    refunds: Option<String>,
    fees_late_seconds: Option<i64>,
    refunds_unlimited: Option<bool>,
    processing_seconds: Option<i64>,
    #[serde(default)]
    clear: bool,
}

impl Faults {
    pub(super) fn new(requests_per_second: Option<u32>) -> Faults {
        let (list, windows) = (Vec::new(), HashMap::new());
        Faults {
            list,
            webhooks: Webhooks::Normal,
            refunds: Refunds::Succeed,
            fees_late_seconds: 0,
            refunds_unlimited: false,
            processing_seconds: PROCESSING_SECONDS,
            requests_per_second,
            windows,
        }
    }

    /// Switches faults on, or with `clear` first all off.
    ///
    /// # Errors
    /// A sentence saying what the order does not understand.
    pub(super) fn order(&mut self, order: Order) -> Result<(), String> {
        let webhooks = order.webhooks_mode(self.webhooks)?;
        let refunds = match order.refunds.as_deref() {
            None if order.clear => Refunds::Succeed,
            None => self.refunds,
            Some("pending") => Refunds::Pend,
            Some("succeeded") => Refunds::Succeed,
            Some("by_balance") => Refunds::ByBalance,
            Some(other) => {
                return Err(format!("refunds: `{other}` is none of pending succeeded by_balance"));
            }
        };
        let fault = order.fault()?;
        let kept = if order.clear { 0 } else { self.fees_late_seconds };
        if order.clear {
            self.list.clear();
        }
        self.list.extend(fault);
        self.webhooks = webhooks;
        self.refunds = refunds;
        self.fees_late_seconds = order.fees_late_seconds.unwrap_or(kept);
        self.refunds_unlimited = order.refunds_unlimited.unwrap_or(self.refunds_unlimited && !order.clear);
        let usual = if order.clear { PROCESSING_SECONDS } else { self.processing_seconds };
        self.processing_seconds = order.processing_seconds.unwrap_or(usual);
        Ok(())
    }

    /// The fault this request meets, if any; it is used up by that.
    pub(super) fn take(&mut self, method: &str, endpoint: &str) -> Option<FaultKind> {
        let meets = |fault: &Fault| {
            (fault.endpoint == "*" || fault.endpoint == endpoint)
                && fault.method.as_deref().is_none_or(|wanted| wanted == method)
        };
        let place = self.list.iter().position(meets)?;
        let fault = &mut self.list[place];
        if fault.skip > 0 {
            fault.skip -= 1;
            return None;
        }
        let kind = fault.kind;
        fault.times -= 1;
        if fault.times == 0 {
            self.list.remove(place);
        }
        Some(kind)
    }

    /// Counts one request; `false` when the endpoint had its share of this second. The second is a real one: a limit on a clock
    /// that tests hold still would never open again.
    pub(super) fn admit(&mut self, method: &str, endpoint: &str) -> bool {
        let Some(limit) = self.requests_per_second else {
            return true;
        };
        let now = Instant::now();
        let window = self.windows.entry(format!("{method} {endpoint}")).or_insert((now, 0));
        if now.duration_since(window.0) >= Duration::from_secs(1) {
            *window = (now, 0);
        }
        window.1 += 1;
        window.1 <= limit
    }

    pub(super) fn to_json(&self) -> Value {
        let faults: Vec<Value> = self.list.iter().map(|fault| {
            json!({ "endpoint": fault.endpoint, "method": fault.method, "kind": format!("{:?}", fault.kind), "skip": fault.skip, "times": fault.times })
        }).collect();
        let refunds = match self.refunds {
            Refunds::Succeed => "succeeded",
            Refunds::Pend => "pending",
            Refunds::ByBalance => "by_balance",
        };
        json!({ "faults": faults, "webhooks": format!("{:?}", self.webhooks), "refunds": refunds })
    }
}

impl Order {
    fn fault(&self) -> Result<Option<Fault>, String> {
        let kind = match (self.kind.as_deref(), self.stall_ms) {
            (None, None) if self.endpoint.is_none() => return Ok(None),
            (None, None) => return Err("kind: missing".to_owned()),
            (None | Some("stall_ms" | "stall"), Some(milliseconds)) => FaultKind::Stall(milliseconds),
            (Some("429"), _) => self.retry_after.map_or(FaultKind::TooManyRequests, FaultKind::ComeLater),
            (Some("409"), _) => FaultKind::Conflict,
            (Some("500"), _) => FaultKind::Server(self.stored.unwrap_or(false)),
            (Some("500_after_effect"), _) => FaultKind::ServerAfterEffect,
            (Some("timeout"), _) => FaultKind::Timeout,
            (Some("stall_ms" | "stall"), None) => {
                return Err("stall_ms: how many milliseconds?".to_owned());
            }
            (Some(other), _) => return Err(format!("kind: `{other}` is not known")),
        };
        let endpoint = self.endpoint.clone().unwrap_or_else(|| "*".to_owned());
        if endpoint != "*" && !super::calls::ENDPOINTS.contains(&endpoint.as_str()) {
            return Err(format!("endpoint: `{endpoint}` is none of * {}", super::calls::ENDPOINTS.join(" ")));
        }
        let times = self.times.unwrap_or(1);
        if times == 0 {
            return Err("times: at least 1".to_owned());
        }
        Ok(Some(Fault { endpoint, method: self.method.clone(), kind, skip: self.skip.unwrap_or(0), times }))
    }

    /// `"twice"`, `"late_seconds"` beside `late_seconds`, or `{"late_seconds": 60}`.
    fn webhooks_mode(&self, current: Webhooks) -> Result<Webhooks, String> {
        let late = |seconds: Option<i64>| seconds.filter(|seconds| *seconds >= 0).map(Webhooks::LateSeconds);
        let no_seconds = || "late_seconds: how many seconds?".to_owned();
        match &self.webhooks {
            None if self.late_seconds.is_some() => late(self.late_seconds).ok_or_else(no_seconds),
            None => Ok(if self.clear { Webhooks::Normal } else { current }),
            Some(Value::String(word)) => match word.as_str() {
                "normal" => Ok(Webhooks::Normal),
                "lost" => Ok(Webhooks::Lost),
                "twice" => Ok(Webhooks::Twice),
                "ten_times_parallel" => Ok(Webhooks::TenTimesParallel),
                "reversed" => Ok(Webhooks::Reversed),
                "late_seconds" => late(self.late_seconds).ok_or_else(no_seconds),
                other => Err(format!("webhooks: `{other}` is not known")),
            },
            Some(value) => late(value["late_seconds"].as_i64()).ok_or_else(no_seconds),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(value: Value) -> Order {
        serde_json::from_value(value).expect("an order")
    }

    #[test]
    fn a_fault_is_met_as_often_as_ordered() {
        let mut faults = Faults::new(None);
        faults
            .order(order(json!({ "endpoint": "refunds", "kind": "429", "times": 2, "skip": 1 })))
            .expect("understood");
        assert_eq!(faults.take("POST", "events"), None);
        let met: Vec<_> = (0..4).map(|_| faults.take("POST", "refunds")).collect();
        let once = Some(FaultKind::TooManyRequests);
        assert_eq!(met, [None, once, once, None]);
    }

    #[test]
    fn webhook_modes_are_read_and_cleared() {
        let mut faults = Faults::new(None);
        for (text, mode) in [("twice", Webhooks::Twice), ("lost", Webhooks::Lost), ("normal", Webhooks::Normal)] {
            faults.order(order(json!({ "webhooks": text }))).expect("understood");
            assert_eq!(faults.webhooks, mode);
        }
        faults.order(order(json!({ "webhooks": { "late_seconds": 60 }, "refunds": "pending" }))).expect("understood");
        assert_eq!((faults.webhooks, faults.refunds), (Webhooks::LateSeconds(60), Refunds::Pend));
        faults.order(order(json!({ "clear": true }))).expect("understood");
        assert_eq!((faults.webhooks, faults.refunds), (Webhooks::Normal, Refunds::Succeed));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        let mut faults = Faults::new(None);
        for wrong in [
            json!({ "endpoint": "refund", "kind": "429" }),
            json!({ "kind": "418" }),
            json!({ "webhooks": "late_seconds" }),
        ] {
            assert!(faults.order(order(wrong.clone())).is_err(), "{wrong}");
        }
    }

    #[tokio::test]
    async fn the_limit_is_per_endpoint_and_second() {
        let mut faults = Faults::new(Some(2));
        let admitted: Vec<bool> = (0..3).map(|_| faults.admit("POST", "refunds")).collect();
        assert_eq!(admitted, [true, true, false]);
        assert!(faults.admit("GET", "refunds"));
    }
}

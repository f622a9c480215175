//! The provider's own list of events, for finding those whose webhook was lost.

use miniserde::json::{Object, Value};
use stripe_core::event::ListEvent;
use stripe_types::RangeQueryTs;

use crate::infra::stripe::signature::Event;
use crate::infra::stripe::{OUR_ID, ProviderError, Stripe};
use crate::values::Timestamp;

impl Stripe {
    /// A page of events made at `from` or later, the newest first, beyond the one with id `after`; and whether there are more.
    pub async fn events_page(&self, from: Timestamp, after: Option<&str>) -> Result<(Vec<Event>, bool), ProviderError> {
        let mut call = ListEvent::new().created(RangeQueryTs::gte(from.seconds())).limit(100);
        if let Some(after) = after {
            call = call.starting_after(after);
        }
        let list = self.send("event.list", None, &call).await?;
        Ok((list.data.into_iter().map(event).collect(), list.has_more))
    }
}

fn event(event: stripe_shared::Event) -> Event {
    let empty = Object::new();
    let object = match &event.data.object {
        Value::Object(object) => object,
        _ => &empty,
    };
    let object_kind = text(object, "object");
    let object_id = text(object, "id");
    let our_id = match object.get("metadata") {
        Some(Value::Object(metadata)) => text(metadata, OUR_ID),
        _ => String::new(),
    };
    Event {
        id: event.id.to_string(),
        kind: event.type_.as_str().to_owned(),
        occurred_at: Timestamp::from_seconds(event.created),
        intent_id: if object_kind == "payment_intent" { object_id.clone() } else { text(object, "payment_intent") },
        our_id,
        object_kind,
        object_id,
        live: event.livemode,
        account: event.account.unwrap_or_default(),
    }
}

fn text(object: &Object, field: &str) -> String {
    match object.get(field) {
        Some(Value::String(text)) => text.clone(),
        _ => String::new(),
    }
}

//! `expand[]`: an id in an answer replaced by the object it names.

use serde_json::Value;

use super::errors::ApiError;
use super::objects;
use super::state::State;

/// Stripe's limit on how deep a path may go.
const MOST_LEVELS: usize = 4;

/// Checks before anything is done that every path can be expanded from an object of this kind (Stripe's `object` word).
/// In a list the paths start with `data`.
pub(super) fn check(kind: &str, paths: &[&str], in_a_list: bool) -> Result<(), ApiError> {
    for path in paths {
        let refused = || ApiError::invalid("expand", format!("This property cannot be expanded ({path})."));
        let inner = if in_a_list { path.strip_prefix("data.").ok_or_else(refused)? } else { path };
        if path.split('.').count() > MOST_LEVELS {
            let message = format!("You cannot expand more than {MOST_LEVELS} levels of a property. Property: {path}");
            return Err(ApiError::invalid("expand", message));
        }
        let mut kinds = vec![kind];
        for field in inner.split('.') {
            kinds = kinds.iter().flat_map(|kind| targets(kind, field)).copied().collect();
            if kinds.is_empty() {
                return Err(refused());
            }
        }
    }
    Ok(())
}

/// What kinds of object a field may name.
fn targets(kind: &str, field: &str) -> &'static [&'static str] {
    match (kind, field) {
        ("checkout.session" | "charge" | "refund" | "dispute", "payment_intent") => &["payment_intent"],
        ("payment_intent", "latest_charge") | ("refund" | "dispute", "charge") => &["charge"],
        ("charge" | "refund" | "payout", "balance_transaction")
        | ("refund" | "payout", "failure_balance_transaction") => &["balance_transaction"],
        ("balance_transaction", "source") => &["charge", "refund", "dispute", "payout"],
        _ => &[],
    }
}

/// Replaces the ids on every path, which `check` has allowed.
pub(super) fn apply(state: &State, now: i64, object: &mut Value, paths: &[&str]) {
    for path in paths {
        let fields: Vec<&str> = path.split('.').filter(|field| *field != "data").collect();
        follow(state, now, object, &fields);
    }
}

fn follow(state: &State, now: i64, object: &mut Value, fields: &[&str]) {
    let Some((field, rest)) = fields.split_first() else {
        return;
    };
    let Some(value) = object.get_mut(*field) else {
        return;
    };
    if let Some(id) = value.as_str() {
        let Some(found) = by_id(state, now, field, id) else {
            return;
        };
        *value = found;
    }
    follow(state, now, value, rest);
}

fn by_id(state: &State, now: i64, field: &str, id: &str) -> Option<Value> {
    match field {
        "payment_intent" => state.payments.get(id).map(objects::payment),
        "latest_charge" | "charge" => state.charge(id).map(objects::charge),
        "balance_transaction" | "failure_balance_transaction" => {
            state.transactions.get(id).map(|row| objects::transaction(row, now))
        }
        "source" => {
            let charge = state.charge(id).map(objects::charge);
            let refund = || state.refunds.get(id).map(objects::refund);
            let dispute = || state.disputes.get(id).map(objects::dispute);
            let transfer = || super::connect::source(state, id);
            charge
                .or_else(refund)
                .or_else(transfer)
                .or_else(dispute)
                .or_else(|| state.payouts.get(id).map(objects::payout))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn only_what_names_an_object_can_be_expanded() {
        assert!(check("checkout.session", &["payment_intent.latest_charge.balance_transaction"], false).is_ok());
        assert!(check("refund", &["data.charge"], true).is_ok());
        for refused in ["customer", "payment_intent.metadata", ""] {
            assert!(check("checkout.session", &[refused], false).is_err(), "{refused}");
        }
        assert!(check("refund", &["charge"], true).is_err(), "a list's paths start with data");
        assert!(
            check("balance_transaction", &["source.payment_intent.latest_charge.payment_intent.latest_charge"], false)
                .is_err()
        );
    }
}

//! A moment in a form: a field for the day and one for the time, in Amsterdam.

use crate::infra::web::Form;
use crate::values::local_time::{LocalTimeError, instant, typed};
use crate::values::{Lang, Timestamp};

/// Reads `{name}_day` and `{name}_time`; what is wrong stands beside the field then. What was shown of `old` and not changed stays
/// that instant, whatever the clock does in that night.
pub fn read(lang: Lang, form: &mut Form, name: &str, old: Option<Timestamp>) -> Option<Timestamp> {
    let (day, time) = (format!("{name}_day"), format!("{name}_time"));
    let entered = (form.value(&day).to_owned(), form.value(&time).to_owned());
    if let Some(old) = old.filter(|old| typed(*old) == entered) {
        return Some(old);
    }
    match instant(&entered.0, &entered.1) {
        Ok(at) => Some(at),
        Err(error) => {
            let (field, key) = match error {
                LocalTimeError::NotADay => (day, "moment-no-day"),
                LocalTimeError::NotATime => (time, "moment-no-time"),
                LocalTimeError::Missing => (time, "moment-missing"),
                LocalTimeError::Twice => (time, "moment-twice"),
            };
            form.fail_key(lang, &field, key);
            None
        }
    }
}

/// Puts a moment into its two fields.
pub fn show(form: &mut Form, name: &str, at: Timestamp) {
    let (day, time) = typed(at);
    form.set(&format!("{name}_day"), &day);
    form.set(&format!("{name}_time"), &time);
}

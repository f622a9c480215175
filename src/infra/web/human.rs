//! Whether a person may have filled in a form of a visitor: a field that only programs fill in stayed empty, and it took as long as
//! people need. Nobody has to solve a puzzle. Held in production only: in development scripts post by hand.

use crate::infra::Services;
use crate::infra::web::{Form, token};
use crate::values::Timestamp;

/// The field that people neither see nor hear (`field::trap` in the templates).
pub const TRAP: &str = "website_address";

/// The key of the sentence for a form that a program seems to have sent; nothing is to be done for it. The trap is emptied, so that
/// somebody whose browser filled it in can send the form once more.
pub fn doubt(s: &Services, form: &mut Form, least_seconds: i64) -> Option<&'static str> {
    let is_trapped = form.ticked(TRAP);
    form.set(TRAP, "");
    if s.settings.production() { judge(is_trapped, token::began(), s.clock.now(), least_seconds) } else { None }
}

fn judge(is_trapped: bool, began: Option<Timestamp>, now: Timestamp, least_seconds: i64) -> Option<&'static str> {
    if is_trapped {
        return Some("form-trapped");
    }
    let is_slow_enough = began.is_some_and(|began| now >= began.plus_seconds(least_seconds));
    (!is_slow_enough).then_some("form-too-fast")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_leaves_the_trap_alone_and_takes_some_time() {
        let at = |millis| Timestamp::from_millis(millis);
        assert_eq!(judge(false, Some(at(0)), at(3_000), 3), None);
        assert_eq!(judge(false, Some(at(0)), at(2_999), 3), Some("form-too-fast"));
        assert_eq!(judge(false, None, at(9_000), 3), Some("form-too-fast"));
        assert_eq!(judge(true, Some(at(0)), at(9_000), 3), Some("form-trapped"));
    }
}

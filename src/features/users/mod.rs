//! Everybody with an address of mail: backers, owners, staff. A user is known by id; the address stands here alone.
//!
//! Anybody signs in with a code or link by mail, bound to the browser that asked. That proves the address and opens what
//! belongs to it, no more: whoever has a staff role needs a code of an authenticator app as well, given in this session, and
//! for decisions about money given within the last five minutes.

pub mod actions;
mod factor;
pub mod guard;
pub mod letters;
mod sign_in;
mod store;
mod totp;
pub mod web;

use sqlx::FromRow;

use crate::values::{Lang, Timestamp};

crate::words! {
    /// What somebody of the platform's team may do.
    pub enum StaffRole {
        /// Projects and texts.
        Reviewer = "reviewer",
        /// Valuation and verification.
        Expert = "expert",
        /// Money.
        Treasurer = "treasurer",
        /// People and settings.
        Admin = "admin",
    }
}

/// A person with an address.
#[derive(Debug, Clone, FromRow)]
pub struct User {
    pub id: String,
    pub email: String,
    pub name: String,
    pub language: Lang,
}

/// A sign-in in one browser.
#[derive(Debug, Clone, FromRow)]
pub struct Session {
    pub id: String,
    pub user_id: String,
    pub created_at: Timestamp,
    /// Written at most once a minute.
    pub seen_at: Timestamp,
    pub expires_at: Timestamp,
    /// Until then the second factor counts as fresh; equal to `created_at` when it was never given.
    pub fresh_until: Timestamp,
}

/// How long a second factor counts as fresh, in seconds.
pub const FRESH_SECONDS: i64 = 300;
/// A session not used for this long has ended, in seconds: 15 minutes for staff, a day for others.
const STAFF_IDLE_SECONDS: i64 = 15 * 60;
const IDLE_SECONDS: i64 = 86_400;
/// The longest life of a session, in seconds: 8 hours for staff, 30 days for others.
const STAFF_SESSION_SECONDS: i64 = 8 * 3_600;
const SESSION_SECONDS: i64 = 30 * 86_400;

impl Session {
    /// Whether the session has ended. What the person is now counts, not what they were when they signed in.
    pub fn ended(&self, is_staff: bool, now: Timestamp) -> bool {
        let idle = if is_staff { STAFF_IDLE_SECONDS } else { IDLE_SECONDS };
        let longest = longest_seconds(is_staff);
        now >= self.expires_at || now >= self.created_at.plus_seconds(longest) || now >= self.seen_at.plus_seconds(idle)
    }

    /// Whether a second factor was given in this session.
    pub fn factor_given(&self) -> bool {
        self.fresh_until > self.created_at
    }
}

fn longest_seconds(is_staff: bool) -> i64 {
    if is_staff { STAFF_SESSION_SECONDS } else { SESSION_SECONDS }
}

/// Where to go after signing in: a path of this site behind the language, or nothing when `next` is anything else.
pub fn local_path(next: &str) -> Option<&str> {
    let plain = next.len() <= 500 && next.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if !plain || !next.starts_with('/') || next.starts_with("//") {
        return None;
    }
    for lang in Lang::ALL {
        if let Some(rest) = next.strip_prefix('/').and_then(|path| path.strip_prefix(lang.code()))
            && (rest.is_empty() || rest.starts_with(['/', '?']))
        {
            return (!rest.starts_with("//")).then_some(rest);
        }
    }
    Some(next)
}

/// A code as somebody typed it from a letter: case, blanks and hyphens do not matter, nor do letters that look like digits
/// (Crockford's base 32). Nothing when it cannot be a code.
fn read_code(typed: &str) -> Option<String> {
    let code: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}'))
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    (code.len() == CODE_LENGTH && code.bytes().all(|b| b.is_ascii_alphanumeric())).then_some(code)
}

const CODE_LENGTH: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        for typed in ["ABCD-1F0H", "abcd1foh", " abcd – lFoh ", "A B C D I F O H"] {
            assert_eq!(read_code(typed).as_deref(), Some("ABCD1F0H"), "{typed}");
        }
        for typed in ["", "ABCD", "ABCD-1F0HX", "ABCD!F0H", "ÀBCD1F0"] {
            assert_eq!(read_code(typed), None, "{typed}");
        }
    }

    #[test]
    fn only_paths_of_this_site_are_gone_to() {
        for (next, path) in [
            ("/account", "/account"),
            ("/nl/account?x=1", "/account?x=1"),
            ("/en", ""),
            ("/nl?x", "?x"),
            ("/nlx", "/nlx"),
        ] {
            assert_eq!(local_path(next), Some(path), "{next}");
        }
        for next in [
            "",
            "account",
            "//evil.example",
            "/nl//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a b",
            "/a\r\nb",
            "/é",
        ] {
            assert_eq!(local_path(next), None, "{next}");
        }
        assert_eq!(local_path(&format!("/{}", "a".repeat(500))), None);
    }

    #[test]
    fn sessions_of_staff_end_sooner() {
        let start = Timestamp::from_seconds(1_000_000);
        let session = |seen: i64| Session {
            id: "ses_1".into(),
            user_id: "usr_1".into(),
            created_at: start,
            seen_at: start.plus_seconds(seen),
            expires_at: start.plus_seconds(SESSION_SECONDS),
            fresh_until: start,
        };
        assert!(!session(0).ended(true, start.plus_seconds(15 * 60 - 1)));
        assert!(session(0).ended(true, start.plus_seconds(15 * 60)));
        assert!(!session(0).ended(false, start.plus_seconds(86_399)));
        assert!(session(0).ended(false, start.plus_seconds(86_400)));
        assert!(session(8 * 3600 - 1).ended(true, start.plus_seconds(8 * 3600)), "absolute");
        assert!(session(30 * 86_400 - 1).ended(false, start.plus_days(30)), "absolute");
        assert!(!session(0).factor_given());
    }
}

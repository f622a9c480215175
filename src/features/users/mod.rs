//! Everybody with an address of mail: backers, owners, staff. A user is known by id; the address stands here alone.
//!
//! Anybody signs in with a code or link by mail, bound to the browser that asked. That proves the address and opens what
//! belongs to it, no more. What touches money or other people's data asks for a second factor as well, a passkey or a code of an
//! authenticator app: `factor` has the whole rule in one place.
//!
//! An account goes over to another address of mail in these steps (`address`):
//!
//! | state | what it means for the person | next |
//! | --- | --- | --- |
//! | `asked` | a code went to the new address; nothing has changed | `changed` by that code within ten minutes, `replaced` |
//! | `changed` | the new address signs in; the old one can take it back for 72 hours | `restored` |
//! | `restored` | the old address took the account back; everybody was signed out | never |
//! | `replaced` | another address was asked for since | never |

pub mod actions;
pub mod address;
pub mod events;
pub mod factor;
pub mod guard;
pub mod letters;
pub mod passkeys;
pub mod personal;
pub mod proved;
pub mod roles;
mod sign_in;
mod store;
mod totp;
pub mod web;

use sqlx::FromRow;

use crate::infra::texts::text;
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

crate::words! {
    /// What somebody confirmed with in a session that mail opened.
    pub enum Factor {
        None = "none",
        /// A code of an authenticator app.
        App = "app",
        Passkey = "passkey",
    }
}

crate::refusals! {
    /// Why something about signing in is refused.
    pub enum Refusal {
        TooManyAsks => TooMany "users-too-many",
        LastFactor => Conflict "users-last-factor",
        NoSuchFactor => NotFound "users-no-such-factor",
        AddressWrong => Invalid("email") "users-email-wrong",
        AddressSame => Invalid("email") "address-same",
        AddressOften => TooMany "address-often",
        CodeWrong => Invalid("code") "users-code-wrong",
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

impl User {
    /// What pages call this person among others.
    pub fn called(&self) -> String {
        match self.name.as_str() {
            _ if personal::is_erased(&self.email) => text(self.language, "erased-person"),
            "" => self.email.clone(),
            name => name.to_owned(),
        }
    }

    /// The address, or what stands in its place.
    pub fn address(&self) -> String {
        if personal::is_erased(&self.email) { self.called() } else { self.email.clone() }
    }
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
    /// The second factor that was given last.
    pub factor: Factor,
    /// Browser and system in plain words, such as `Firefox, Windows`; empty when the browser did not say.
    pub device: String,
    /// 1 when the person is a member of an organisation now.
    pub in_organisation: i16,
}

/// How long a second factor counts as fresh, in seconds.
pub const FRESH_SECONDS: i64 = 300;

/// How long sessions last, in seconds.
#[derive(Debug, Clone, Copy)]
struct Life {
    /// A session that was not used for this long has ended.
    idle_seconds: i64,
    /// The longest a session lasts, used or not.
    longest_seconds: i64,
}

/// For the platform's team: a quarter of an hour, and eight hours at most.
const OF_STAFF: Life = Life { idle_seconds: 15 * 60, longest_seconds: 8 * 3_600 };
/// For members of organisations: an hour, and a day.
const OF_MEMBERS: Life = Life { idle_seconds: 3_600, longest_seconds: 86_400 };
/// For everybody else: a day, and thirty days.
const OF_OTHERS: Life = Life { idle_seconds: 86_400, longest_seconds: 30 * 86_400 };

impl Life {
    fn of(is_staff: bool, is_member: bool) -> Life {
        match (is_staff, is_member) {
            (true, _) => OF_STAFF,
            (false, true) => OF_MEMBERS,
            (false, false) => OF_OTHERS,
        }
    }
}

impl Session {
    /// Whether the session has ended. What the person is now counts, not what they were when they signed in.
    pub fn ended(&self, is_staff: bool, now: Timestamp) -> bool {
        let life = Life::of(is_staff, self.in_organisation != 0);
        now >= self.expires_at
            || now >= self.created_at.plus_seconds(life.longest_seconds)
            || now >= self.seen_at.plus_seconds(life.idle_seconds)
    }

    /// Whether a second factor was given in this session.
    pub fn factor_given(&self) -> bool {
        self.factor != Factor::None
    }

    /// Whether it was given within the last five minutes.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        self.factor_given() && self.fresh_until > now
    }
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
    fn sessions_end_sooner_the_more_they_open() {
        let start = Timestamp::from_seconds(1_000_000);
        let session = |seen: i64, in_organisation: i16| Session {
            id: "ses_1".into(),
            user_id: "usr_1".into(),
            created_at: start,
            seen_at: start.plus_seconds(seen),
            expires_at: start.plus_seconds(OF_OTHERS.longest_seconds),
            fresh_until: start,
            factor: Factor::None,
            device: String::new(),
            in_organisation,
        };
        for (is_staff, member, idle, longest) in [
            (true, 0, 900, 8 * 3_600),
            (true, 1, 900, 8 * 3_600),
            (false, 1, 3_600, 86_400),
            (false, 0, 86_400, 30 * 86_400),
        ] {
            assert!(!session(0, member).ended(is_staff, start.plus_seconds(idle - 1)));
            assert!(session(0, member).ended(is_staff, start.plus_seconds(idle)));
            assert!(!session(longest - 2, member).ended(is_staff, start.plus_seconds(longest - 1)));
            assert!(session(longest - 1, member).ended(is_staff, start.plus_seconds(longest)), "absolute");
        }
        assert!(!session(0, 0).factor_given() && !session(0, 0).is_fresh(start));
    }
}

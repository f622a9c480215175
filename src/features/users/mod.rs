//! Everybody with an address of mail: backers, owners, staff. A user is known by id; the address stands here alone.

pub mod actions;
pub mod guard;
mod store;

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
    pub seen_at: Timestamp,
    pub expires_at: Timestamp,
    pub fresh_until: Timestamp,
}

/// How long a second factor counts as fresh, in seconds.
pub const FRESH_SECONDS: i64 = 300;

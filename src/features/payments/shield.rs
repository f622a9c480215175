//! The shield against the testing of stolen cards: who tests many makes many payments that fail. While it is up, only ways to pay that
//! the payer confirms at the own bank are offered and taken; nobody has to solve a puzzle.
//!
//! | the shield | meaning | next |
//! | --- | --- | --- |
//! | `down` | every way to pay is offered | `up` by itself when too many payments fail, or by the team |
//! | `up` | only ways that the payer's bank confirms | `down` by itself after an hour, or by the team |

use sqlx::FromRow;

use crate::features::payments::store;
use crate::infra::db::{Conn, Tx};
use crate::infra::error::Result;
use crate::infra::history::{self, Entry};
use crate::values::Timestamp;

/// The provider's word for an attempt to pay that failed, and for one that did not.
pub const FAILED: &str = "payment_intent.payment_failed";
pub const PAID: &str = "checkout.session.completed";
/// More failures than this within a minute raise it.
const MOST_IN_A_MINUTE: i64 = 10;
/// So do more than a fifth of all tries within five minutes, when there were more tries than this.
const FEW_TRIES: i64 = 20;
const TRIES_SECONDS: i64 = 300;
/// How long it stays up.
const LASTS_SECONDS: i64 = 3_600;
/// Its id in its table and in the history.
pub const ID: &str = "cards";
/// The part of the program that raises it.
const ACTOR: &str = "card-shield";

/// How the shield stands.
#[derive(Debug, Clone, FromRow)]
pub struct Shield {
    /// Empty when it is down.
    pub up_until: String,
    pub reason: String,
}

impl Shield {
    /// Until when it is up; nothing when it is down.
    pub fn until(&self, now: Timestamp) -> Option<Timestamp> {
        self.up_until.parse().ok().filter(|until| *until > now)
    }
}

pub async fn shield(conn: &mut Conn) -> Result<Shield> {
    Ok(store::shield(conn).await?)
}

pub async fn is_up(conn: &mut Conn, now: Timestamp) -> Result<bool> {
    Ok(shield(conn).await?.until(now).is_some())
}

/// Attempts of the last minute that failed, of the last five minutes that failed, and all of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tries {
    pub failed_in_a_minute: i64,
    pub failed: i64,
    pub all: i64,
}

impl Tries {
    fn are_suspect(self) -> bool {
        self.failed_in_a_minute > MOST_IN_A_MINUTE || (self.all > FEW_TRIES && self.failed * 5 > self.all)
    }
}

pub async fn tries(conn: &mut Conn, now: Timestamp) -> Result<Tries> {
    let since = now.plus_seconds(-TRIES_SECONDS);
    let failed = store::count_events(conn, FAILED, since).await?;
    let failed_in_a_minute = store::count_events(conn, FAILED, now.plus_seconds(-60)).await?;
    let paid = store::count_events(conn, PAID, since).await?;
    Ok(Tries { failed_in_a_minute, failed, all: failed + paid })
}

/// Another attempt failed: raises the shield when it is one too many.
pub(super) async fn consider(tx: &mut Tx, now: Timestamp) -> Result<()> {
    // one after the other, or failures that come at the same moment would not see each other
    store::lock_shield(tx).await?;
    let tries = tries(tx, now).await?;
    if tries.are_suspect() {
        let reason = format!("{} of {} attempts to pay failed within five minutes", tries.failed, tries.all);
        if raise(tx, ACTOR, &reason, now).await? {
            tracing::warn!(failed = tries.failed, all = tries.all, "cards are tested: the shield is up");
        }
    }
    Ok(())
}

/// Raises it for an hour; `false` when it was up.
pub async fn raise(tx: &mut Tx, actor: &str, reason: &str, now: Timestamp) -> Result<bool> {
    let raised = store::raise_shield(tx, now.plus_seconds(LASTS_SECONDS), reason, now).await?;
    if raised {
        history::record(tx, now, entry("down", "up", actor, reason)).await?;
    }
    Ok(raised)
}

/// Lowers it; `false` when it was down.
pub async fn lower(tx: &mut Tx, actor: &str, reason: &str, now: Timestamp) -> Result<bool> {
    let lowered = store::lower_shield(tx, reason, now).await?;
    if lowered {
        history::record(tx, now, entry("up", "down", actor, reason)).await?;
    }
    Ok(lowered)
}

fn entry<'a>(from: &'a str, to: &'a str, actor: &'a str, reason: &'a str) -> Entry<'a> {
    Entry { subject: "shield", subject_id: ID, from, to, actor, reason }
}

#[cfg(test)]
mod tests {
    use super::Tries;

    #[test]
    fn b5_more_than_ten_in_a_minute_or_a_fifth_of_more_than_twenty_are_suspect() {
        let tries = |failed_in_a_minute, failed, all| Tries { failed_in_a_minute, failed, all }.are_suspect();
        assert!(!tries(10, 10, 20) && tries(11, 11, 11));
        assert!(!tries(0, 4, 20) && !tries(0, 4, 21) && tries(0, 5, 21) && !tries(0, 20, 20));
    }
}

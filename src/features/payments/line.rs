//! The line before the bank: when more people pledge at once than the provider makes sessions for, each has its place in the order of
//! arrival.
//!
//! The place of a pledge is reserved and its payment stands there before the provider is asked, so nothing is lost by waiting. The first
//! few are sent on at once, a second of what is allowed by each process; while as many wait already, everybody who comes joins the line. The worker asks
//! for the sessions, the oldest first, at the provider's pace, and also for those that an attempt at once did not get: the bank was away,
//! or the process ended. `open_after` is the moment from which on the line may ask; whoever takes a payment in hand moves it on, so
//! that two workers do not ask for the same. Should they do so, the provider knows the key and makes one session.

use std::time::Duration;

use futures::{StreamExt, stream};

use crate::features::payments::checkout::open_checkout;
use crate::features::payments::{Payment, PaymentState, TRANSFER, store};
use crate::features::pledges;
use crate::infra::db::Tx;
use crate::infra::error::{Error, Result};
use crate::infra::letters::{Letter, queue};
use crate::infra::waiting_room::Waiting;
use crate::infra::{Services, periodic};
use crate::values::Timestamp;

/// How long an attempt at once has before the line takes over, in seconds: longer than anybody waits for it.
const STRAIGHT_SECONDS: i64 = 15;
/// How long a worker has for one session, in seconds.
const LEASE_SECONDS: i64 = 60;
/// After an attempt that failed the line comes back to it so much later, in seconds.
const AGAIN_SECONDS: i64 = 10;
/// Sessions asked for together, in seconds of what the provider allows.
const AHEAD_SECONDS: i64 = 2;
/// The most of them, whatever is allowed.
const MOST_AHEAD: i64 = 200;
/// Whoever waited longer than this is told by a letter that it is their turn, in seconds.
const TOLD_SECONDS: i64 = 60;
/// The longest line that is read; who stands behind it sees this place.
const LONGEST: i64 = 50_000;

/// Where somebody stands in the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// 1 is next.
    pub number: usize,
    /// About how long it takes, at the pace that the provider allows.
    pub wait: Duration,
}

impl Place {
    fn at(number: usize, per_second: u32) -> Place {
        let seconds = u64::try_from(number).unwrap_or(u64::MAX).div_ceil(u64::from(per_second.max(1)));
        Place { number, wait: Duration::from_secs(seconds) }
    }

    /// When the page is to come again: after a quarter of the wait, 5 to 60 seconds.
    pub fn look_again_seconds(self) -> u32 {
        u32::try_from(self.wait.as_secs() / 4).unwrap_or(u32::MAX).clamp(5, 60)
    }

    /// The wait in minutes, at least one.
    pub fn minutes(self) -> u64 {
        self.wait.as_secs().div_ceil(60).max(1)
    }
}

/// Whether so many wait that whoever comes now stands behind them.
pub async fn is_long(s: &Services) -> Result<bool> {
    Ok(waiting(s).await?.count() >= s.waiting_room.at_once)
}

/// Whether enough people stand before this payment that its session cannot have been asked for yet.
pub async fn is_behind_others(s: &Services, payment: &Payment) -> Result<bool> {
    Ok(place_of(s, payment).await?.is_some_and(|place| place.number > s.waiting_room.at_once))
}

/// From when on the line may ask for a session: at once, or after an attempt that is made at once.
pub fn open_after(now: Timestamp, goes_straight: bool) -> Timestamp {
    if goes_straight { now.plus_seconds(STRAIGHT_SECONDS) } else { now }
}

/// Where a payment stands; nothing when it does not wait for a session, or when the bank is away so that no time can be told.
pub async fn place_of(s: &Services, payment: &Payment) -> Result<Option<Place>> {
    if payment.state != PaymentState::Created || payment.method == TRANSFER || s.stripe.is_down() {
        return Ok(None);
    }
    let before = waiting(s).await?.before(&payment.id);
    Ok(Some(Place::at(before + 1, s.settings.stripe.rate_per_second)))
}

async fn waiting(s: &Services) -> Result<Waiting> {
    let read = async { store::without_session(&mut *s.db.read().await?, LONGEST).await };
    Ok(s.waiting_room.waiting(s.clock.unmoved_micros(), read).await?)
}

/// Asks for the next sessions, unless that is switched off. Answers how many were asked for.
///
/// # Errors
/// The database failed. What the provider refuses is tried again later.
pub async fn advance(s: &Services) -> Result<usize> {
    if s.clock.is_wrong() || !periodic::is_on(&mut *s.db.read().await?, periodic::SESSIONS).await? {
        return Ok(0);
    }
    // one attempt shows whether a bank that was away is back
    let most = if s.stripe.is_down() { 1 } else { ahead(s.settings.stripe.rate_per_second) };
    let ids = store::take_without_session(&s.db, s.clock.now(), LEASE_SECONDS, most).await?;
    let asked = ids.len();
    stream::iter(ids).for_each_concurrent(None, |id| one(s, id)).await;
    Ok(asked)
}

fn ahead(per_second: u32) -> i64 {
    (i64::from(per_second) * AHEAD_SECONDS).clamp(1, MOST_AHEAD)
}

async fn one(s: &Services, id: String) {
    let told = match open_checkout(s, &id).await {
        Ok(_) => turn_has_come(s, &id).await,
        Err(error) => {
            tracing::warn!(payment = id, %error, "the bank's page could not be opened; the line tries again");
            put_back(s, &id).await
        }
    };
    if let Err(error) = told {
        error.tell("what came of a place in the line was not recorded; it is taken up again");
    }
}

async fn put_back(s: &Services, id: &str) -> Result<()> {
    let mut tx = s.db.begin_together().await?;
    store::set_open_after(&mut tx, id, s.clock.now().plus_seconds(AGAIN_SECONDS)).await?;
    Ok(tx.commit_quietly().await?)
}

/// Who waited for long may have closed the page.
async fn turn_has_come(s: &Services, id: &str) -> Result<()> {
    let now = s.clock.now();
    let mut tx = s.db.begin_together().await?;
    let payment = store::by_id(&mut tx, id).await?.ok_or_else(|| Error::broken(format!("no payment {id}")))?;
    if payment.method == TRANSFER || payment.created_at.plus_seconds(TOLD_SECONDS) > now {
        return Ok(());
    }
    tell(&mut tx, &payment, now).await?;
    Ok(tx.commit_quietly().await?)
}

async fn tell(tx: &mut Tx, payment: &Payment, now: Timestamp) -> Result<()> {
    let pledge = pledges::actions::get(tx, &payment.pledge_id).await?;
    let letter = Letter {
        kind: "pledge_turn",
        cause_id: &payment.id,
        user_id: &pledge.user_id,
        language: pledge.language,
        due: now,
        secret: "",
    };
    Ok(queue(tx, now, letter).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_what_the_pace_allows_rounded_up() {
        let place = |number| Place::at(number, 20);
        assert_eq!((place(1).wait.as_secs(), place(20).wait.as_secs(), place(21).wait.as_secs()), (1, 1, 2));
        assert_eq!((place(20_000).wait.as_secs(), place(20_000).minutes(), place(1).minutes()), (1_000, 17, 1));
        assert_eq!((place(1).look_again_seconds(), place(2_000).look_again_seconds()), (5, 25));
        assert_eq!(place(20_000).look_again_seconds(), 60);
    }

    #[test]
    fn as_many_are_asked_for_together_as_two_seconds_allow() {
        assert_eq!((ahead(1), ahead(20), ahead(100_000)), (2, 40, MOST_AHEAD));
    }
}

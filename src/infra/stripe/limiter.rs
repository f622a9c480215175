//! A rate limiter shared by all processes of one database: each takes a block of evenly spaced slots ahead and hands them out.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use tokio::sync::Mutex;

use crate::infra::clock::Clock;
use crate::infra::db::Db;

/// The provider allows 100 calls a second in all and 25 to one endpoint; we keep to 80 % of both.
const ENDPOINTS_AT_ONCE: i64 = 4;
/// The longest that calls stay away because the provider asks, in seconds.
const LONGEST_HOLD_SECONDS: u64 = 60;
/// A call that would wait longer than this fails at once instead, and is tried again later by whoever needs it.
const PATIENCE_MICROS: i64 = 10_000_000;
/// The name of the row of slots that all calls share.
const ALL: &str = "all";

/// Slots of one endpoint that this process has taken and not used.
#[derive(Default)]
struct Block {
    next_micros: i64,
    left: i64,
}

/// Cheap to clone.
#[derive(Clone)]
pub struct Limiter {
    db: Db,
    clock: Clock,
    per_second: i64,
    blocks: Arc<Mutex<HashMap<&'static str, Block>>>,
    /// Until when calls stay away, as far as this process knows.
    held_until_micros: Arc<AtomicI64>,
}

impl Limiter {
    /// At most `per_second` calls for each endpoint, and [`ENDPOINTS_AT_ONCE`] times as many in all.
    pub fn new(db: Db, clock: Clock, per_second: u32) -> Limiter {
        Limiter {
            db,
            clock,
            per_second: i64::from(per_second.max(1)),
            blocks: Arc::default(),
            held_until_micros: Arc::default(),
        }
    }

    /// The clock it goes by.
    pub fn clock(&self) -> Clock {
        self.clock.clone()
    }

    /// Waits for this process's next slot, that of the endpoint and that of all calls together. Answers `false` at once when that is too
    /// long to wait: then no call may be made.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn wait(&self, endpoint: &'static str) -> Result<bool, sqlx::Error> {
        let is_far = |at: i64| at - self.clock.unmoved_micros() > PATIENCE_MICROS;
        if is_far(self.held_until_micros.load(Ordering::Relaxed)) {
            return Ok(false);
        }
        let own = self.slot(endpoint, self.per_second).await?;
        let shared = self.slot(ALL, self.per_second.saturating_mul(ENDPOINTS_AT_ONCE)).await?;
        let at = own.max(shared);
        if is_far(at) {
            // another process was told to stay away
            self.held_until_micros.fetch_max(at, Ordering::Relaxed);
            return Ok(false);
        }
        let wait = at - self.clock.unmoved_micros();
        if let Ok(micros) = u64::try_from(wait)
            && micros > 0
        {
            self.clock.sleep(Duration::from_micros(micros)).await;
        }
        Ok(true)
    }

    /// The provider asked to be left alone for so long: no process of the database calls it until then, a minute at most.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn hold(&self, wish: Duration) -> Result<(), sqlx::Error> {
        let wish = wish.min(Duration::from_secs(LONGEST_HOLD_SECONDS));
        let until = self.clock.unmoved_micros() + i64::try_from(wish.as_micros()).unwrap_or_default();
        tracing::warn!(seconds = wish.as_secs(), "the payment provider asks to be left alone for a while");
        let mut blocks = self.blocks.lock().await;
        self.take(ALL, until, 0).await?;
        blocks.remove(ALL);
        self.held_until_micros.fetch_max(until, Ordering::Relaxed);
        Ok(())
    }

    /// Waits before another attempt.
    pub async fn pause(&self, duration: Duration) {
        self.clock.sleep(duration).await;
    }

    /// The next slot of a row of slots that allows `per_second`.
    async fn slot(&self, name: &'static str, per_second: i64) -> Result<i64, sqlx::Error> {
        let interval_micros = (1_000_000 / per_second).max(1);
        let mut blocks = self.blocks.lock().await;
        let block = blocks.entry(name).or_default();
        let now = self.clock.unmoved_micros();
        let end = block.next_micros + block.left * interval_micros;
        if block.left == 0 || end < now {
            // about 200 ms ahead: few writes, and little is lost when a process ends
            let slots = (per_second / 5).max(1);
            *block = Block { next_micros: self.take(name, now, slots * interval_micros).await?, left: slots };
        }
        let at = block.next_micros;
        block.next_micros += interval_micros;
        block.left -= 1;
        Ok(at)
    }

    /// Takes a block of this width from the shared row and answers its first slot.
    async fn take(&self, endpoint: &'static str, now: i64, width: i64) -> Result<i64, sqlx::Error> {
        let mut tx = self.db.begin_together().await?;
        sqlx::query("INSERT INTO rate_slots (name, next_at_micros) VALUES ($1, 0) ON CONFLICT (name) DO NOTHING")
            .bind(endpoint)
            .execute(&mut *tx)
            .await?;
        let (end,): (i64,) = sqlx::query_as(
            "UPDATE rate_slots SET next_at_micros = CASE WHEN next_at_micros > $2 THEN next_at_micros ELSE $2 END + $3
             WHERE name = $1 RETURNING next_at_micros",
        )
        .bind(endpoint)
        .bind(now)
        .bind(width)
        .fetch_one(&mut *tx)
        .await?;
        tx.commit_quietly().await?;
        Ok(end - width)
    }
}

//! How often something may be done: one table of all limits, counted per network (of IPv6 the first 64 bits), per address of mail or
//! per account.
//!
//! Counted in the database, so that all processes agree, where money or mail follows; in the memory of the process where only load
//! counts. A window begins with the first time and ends after its seconds; what is refused is not counted. A request whose network is
//! not known (this machine itself) is not counted by network. `LIMITS=off` switches all of it off, and in development every limit is
//! ten times as wide. The limits of signing in stand in `users`: they count the letters themselves.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use sqlx::AssertSqlSafe;

use crate::infra::Services;
use crate::infra::db::{Conn, Tx, bulk};
use crate::infra::error::{Error, Refusal, Result, Sort};
use crate::values::Timestamp;

/// So often within so many seconds.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    pub name: &'static str,
    pub most: i64,
    pub window_seconds: i64,
}

const fn limit(name: &'static str, most: i64, window_seconds: i64) -> Limit {
    Limit { name, most, window_seconds }
}

const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

/// Pledges from one network, and for one address of mail: who tests stolen cards makes many.
pub const PLEDGES_A_MINUTE: Limit = limit("pledges_a_minute", 3, MINUTE);
pub const PLEDGES_A_DAY: Limit = limit("pledges_a_day", 10, DAY);
pub const PLEDGES_OF_ADDRESS: Limit = limit("pledges_of_address", 5, HOUR);
/// Addresses of pledges and links of letters that do not exist, from one network.
pub const WRONG_KEYS: Limit = limit("wrong_keys", 10, HOUR);
/// Searches from one network; counted in memory.
pub const SEARCHES: Limit = limit("searches", 60, MINUTE);
/// Streams of events that one network opens; counted in memory.
pub const STREAMS: Limit = limit("streams", 120, MINUTE);
/// Reports of browsers about the content policy, from one network; counted in memory.
pub const REPORTS: Limit = limit("reports", 20, MINUTE);
/// Plans handed in by one account.
pub const SUBMISSIONS: Limit = limit("submissions", 5, DAY);
/// Letters that strangers ask for by following a project: from one network, and to one address.
pub const FOLLOWS: Limit = limit("follows", 10, HOUR);
pub const FOLLOWS_OF_ADDRESS: Limit = limit("follows_of_address", 5, HOUR);
/// Remarks and messages by one account.
pub const COMMENTS: Limit = limit("comments", 5, HOUR);
/// Files with people's data taken by one account.
pub const EXPORTS: Limit = limit("exports", 3, DAY);

/// How much wider each limit is in development.
const DEVELOPMENT: i64 = 10;
/// So many are counted in memory; beyond, those whose time is over are dropped, and then all.
const MOST_IN_MEMORY: usize = 50_000;

impl Limit {
    fn most(&self, s: &Services) -> i64 {
        if s.settings.production() { self.most } else { self.most * DEVELOPMENT }
    }
}

/// Something was done too often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TooOften {
    /// Until it may be done again.
    pub seconds: i64,
}

impl TooOften {
    fn until(ends_at: Timestamp, now: Timestamp) -> TooOften {
        TooOften { seconds: ((ends_at.millis() - now.millis() + 999) / 1_000).max(1) }
    }
}

impl Refusal for TooOften {
    fn key(&self) -> &'static str {
        if self.seconds <= 2 * HOUR { "limit-minutes" } else { "limit-hours" }
    }

    fn sort(&self) -> Sort {
        Sort::TooMany
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        let unit = if self.seconds <= 2 * HOUR { MINUTE } else { HOUR };
        vec![("count", ((self.seconds + unit - 1) / unit).to_string())]
    }

    fn retry_after_seconds(&self) -> Option<u32> {
        u32::try_from(self.seconds).ok()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Whom a limit counts, as the database knows it: the limit's name and a keyed hash.
type Counted = (&'static str, String);

fn counted(s: &Services, (limit, subject): &(Limit, &str)) -> Option<Counted> {
    (s.settings.limits && !subject.is_empty()).then(|| (limit.name, s.keys.derive("limit", subject)))
}

/// Counts once more for each of these limits and whoever it counts; who stands there several times is counted so often. An empty subject
/// is not counted. Rows are locked in the order of their names, everywhere the same.
///
/// # Errors
/// [`TooOften`]: nothing of the transaction may be kept then.
pub async fn count(s: &Services, tx: &mut Tx, asked: &[(Limit, &str)]) -> Result<()> {
    let now = s.clock.now();
    let mut tallies: BTreeMap<Counted, (Limit, i64)> = BTreeMap::new();
    for one in asked {
        if let Some(counted) = counted(s, one) {
            tallies.entry(counted).or_insert((one.0, 0)).1 += 1;
        }
    }
    let tallies: Vec<(Counted, (Limit, i64))> = tallies.into_iter().collect();
    for part in bulk::parts(&tallies, 4) {
        let text = format!(
            "INSERT INTO request_counts (name, subject, count, ends_at) VALUES {}
             ON CONFLICT (name, subject) DO UPDATE SET
                 count = CASE WHEN request_counts.ends_at <= $1 THEN excluded.count
                              ELSE request_counts.count + excluded.count END,
                 ends_at = CASE WHEN request_counts.ends_at <= $1 THEN excluded.ends_at ELSE request_counts.ends_at END
             RETURNING name, count, ends_at",
            bulk::places(2, part.len(), 4)
        );
        // nothing but numbered parameters was put into the text
        let mut query = sqlx::query_as::<_, (String, i64, Timestamp)>(AssertSqlSafe(text)).bind(now);
        for ((name, subject), (limit, times)) in part {
            query = query.bind(*name).bind(subject).bind(*times).bind(now.plus_seconds(limit.window_seconds));
        }
        for (name, counted, ends_at) in query.fetch_all(&mut **tx).await? {
            let limit = part.iter().map(|(_, (limit, _))| limit).find(|limit| limit.name == name);
            if limit.is_some_and(|limit| counted > limit.most(s)) {
                tracing::warn!(limit = name, counted, "too often");
                return Err(TooOften::until(ends_at, now).into());
            }
        }
    }
    Ok(())
}

/// Which of these requests, in this order, would be too often; nothing is counted yet. It tells early what [`count`] decides.
///
/// # Errors
/// The database.
pub async fn foresee(s: &Services, conn: &mut Conn, requests: &[Vec<(Limit, &str)>]) -> Result<Vec<Option<TooOften>>> {
    let now = s.clock.now();
    let all: BTreeSet<Counted> = requests.iter().flatten().filter_map(|one| counted(s, one)).collect();
    let all: Vec<Counted> = all.into_iter().collect();
    let mut counts: BTreeMap<Counted, (i64, Timestamp)> = BTreeMap::new();
    for part in bulk::parts(&all, 2) {
        let text = format!(
            "SELECT name, subject, count, ends_at FROM request_counts
             WHERE ends_at > $1 AND (name, subject) IN (VALUES {})",
            bulk::places(2, part.len(), 2)
        );
        // nothing but numbered parameters was put into the text
        let mut query = sqlx::query_as::<_, (String, String, i64, Timestamp)>(AssertSqlSafe(text)).bind(now);
        for (name, subject) in part {
            query = query.bind(*name).bind(subject);
        }
        for (name, subject, count, ends_at) in query.fetch_all(&mut *conn).await? {
            if let Some(known) = part.iter().find(|known| known.0 == name && known.1 == subject) {
                counts.insert(known.clone(), (count, ends_at));
            }
        }
    }
    Ok(requests.iter().map(|request| too_often(s, request, &mut counts, now)).collect())
}

/// Counts a request in memory, unless one of its limits is reached.
fn too_often(
    s: &Services,
    request: &[(Limit, &str)],
    counts: &mut BTreeMap<Counted, (i64, Timestamp)>,
    now: Timestamp,
) -> Option<TooOften> {
    let rows: Vec<(Limit, Counted)> = request.iter().filter_map(|one| Some((one.0, counted(s, one)?))).collect();
    for (limit, counted) in &rows {
        if let Some((count, ends_at)) = counts.get(counted)
            && *count >= limit.most(s)
        {
            tracing::warn!(limit = limit.name, count, "too often");
            return Some(TooOften::until(*ends_at, now));
        }
    }
    for (limit, counted) in rows {
        counts.entry(counted).or_insert((0, now.plus_seconds(limit.window_seconds))).0 += 1;
    }
    None
}

/// The same in a transaction of its own, for what is no part of one.
///
/// # Errors
/// As [`count`].
pub async fn count_alone(s: &Services, asked: &[(Limit, &str)]) -> Result<()> {
    if !s.settings.limits || asked.iter().all(|(_, subject)| subject.is_empty()) {
        return Ok(());
    }
    let mut tx = s.db.begin_together().await?;
    count(s, &mut tx, asked).await?;
    Ok(tx.commit_quietly().await?)
}

/// Forgets what is counted no more.
pub async fn forget(tx: &mut Tx, now: Timestamp) -> std::result::Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM request_counts WHERE ends_at < $1").bind(now).execute(&mut **tx).await?;
    Ok(())
}

/// By limit and subject: how often, and until when it counts.
type Counts = HashMap<(&'static str, String), (i64, Timestamp)>;

/// What this process counts in memory. Cheap to clone.
#[derive(Clone, Default)]
pub struct Recent(Arc<Mutex<Counts>>);

impl Recent {
    /// Counts once more.
    ///
    /// # Errors
    /// [`TooOften`].
    pub fn count(&self, s: &Services, limit: Limit, subject: &str) -> Result<()> {
        if !s.settings.limits || subject.is_empty() {
            return Ok(());
        }
        self.count_at(limit, limit.most(s), subject, s.clock.now()).map_err(Error::from)
    }

    fn count_at(&self, limit: Limit, most: i64, subject: &str, now: Timestamp) -> std::result::Result<(), TooOften> {
        // a count that was lost with a panic elsewhere is no reason to refuse anybody
        let Ok(mut counts) = self.0.lock() else { return Ok(()) };
        if counts.len() >= MOST_IN_MEMORY {
            counts.retain(|_, (_, ends_at)| *ends_at > now);
            if counts.len() >= MOST_IN_MEMORY {
                counts.clear();
            }
        }
        let fresh = (0, now.plus_seconds(limit.window_seconds));
        let (counted, ends_at) = counts.entry((limit.name, subject.to_owned())).or_insert(fresh);
        if *ends_at <= now {
            (*counted, *ends_at) = fresh;
        }
        if *counted >= most {
            return Err(TooOften::until(*ends_at, now));
        }
        *counted += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_counts_each_subject_within_its_window() {
        let recent = Recent::default();
        let at = Timestamp::from_seconds;
        for second in 0..3 {
            assert_eq!(recent.count_at(PLEDGES_A_MINUTE, 3, "a", at(second)), Ok(()));
        }
        assert_eq!(recent.count_at(PLEDGES_A_MINUTE, 3, "a", at(3)), Err(TooOften { seconds: 57 }));
        assert_eq!(recent.count_at(PLEDGES_A_MINUTE, 3, "b", at(3)), Ok(()));
        assert_eq!(recent.count_at(SEARCHES, 3, "a", at(3)), Ok(()));
        assert_eq!(recent.count_at(PLEDGES_A_MINUTE, 3, "a", at(60)), Ok(()), "a new window");
    }

    #[test]
    fn memory_is_bounded() {
        let recent = Recent::default();
        for number in 0..MOST_IN_MEMORY + 10 {
            let _ = recent.count_at(SEARCHES, 60, &number.to_string(), Timestamp::from_seconds(0));
        }
        assert!(recent.0.lock().unwrap().len() <= MOST_IN_MEMORY);
    }

    #[test]
    fn a_refusal_says_when_to_come_back() {
        let told = |seconds| (TooOften { seconds }.key(), TooOften { seconds }.args()[0].1.clone());
        assert_eq!(told(57), ("limit-minutes", "1".to_owned()));
        assert_eq!(told(3_601), ("limit-minutes", "61".to_owned()));
        assert_eq!(told(80_000), ("limit-hours", "23".to_owned()));
    }
}

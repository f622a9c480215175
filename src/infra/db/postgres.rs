//! Lines to PostgreSQL: when one may be used, and what an error says about all the others.
//!
//! | what happens to the server | what becomes of the lines |
//! | --- | --- |
//! | it dies, is restarted, or its address leads to another server | who was under way gets an error; all others are replaced at their next use |
//! | it comes back as a standby, or was told to take no changes | a new line to write with is refused until there is a server that takes them; an old one is closed when it is noticed |
//! | a step of the schema changes a table while the program runs | statements prepared before it are refused (0A000); lines from before are replaced, the work is done anew |
//!
//! PostgreSQL's driver has one address and no list of servers: what stands behind that address (a proxy, a virtual address) leads to
//! the primary. Whether it really does is asked here, as a proxy looks only every few seconds.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use sqlx::any::AnyPoolOptions;
use sqlx::{AnyPool, Connection};

use super::{Conn, Db, Engine};

/// A line that was idle for this long is asked whether it is still there.
const IDLE: Duration = Duration::from_secs(5);
/// How long somebody waits for a line before being told to come back later.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long [`Db::is_there`] waits.
const A_MOMENT: Duration = Duration::from_secs(3);

/// When an error last showed that lines opened before are no good any more. One for the process, as an error does not know which
/// line it came from; a line too many that is opened anew costs milliseconds.
static DOUBT: Mutex<Option<Instant>> = Mutex::new(None);

/// What lines are for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// The server must take changes.
    Writing,
    /// Any server will do.
    Reading,
}

/// Opens lines to one server.
pub(super) async fn pool(url: &str, lines: u32, purpose: Use) -> Result<AnyPool, sqlx::Error> {
    AnyPoolOptions::new()
        .max_connections(lines)
        .acquire_timeout(PATIENCE)
        // a question to the server before every use costs as much as a small statement
        .test_before_acquire(false)
        .after_connect(move |line, _| {
            Box::pin(async move {
                match purpose {
                    Use::Writing if !takes_changes(line).await? => Err(sqlx::Error::Configuration(
                        "the server takes no changes now: it is a standby, or was told so".into(),
                    )),
                    _ => Ok(()),
                }
            })
        })
        .before_acquire(move |line, meta| {
            Box::pin(async move {
                if is_older_than_doubt(meta.age) {
                    return Ok(false);
                }
                if meta.idle_for < IDLE {
                    return Ok(true);
                }
                match purpose {
                    Use::Writing => takes_changes(line).await,
                    Use::Reading => line.ping().await.map(|()| true),
                }
            })
        })
        .connect_with(super::options(url)?)
        .await
}

/// A standby says no, and so does a server that was set to read only.
async fn takes_changes(line: &mut Conn) -> Result<bool, sqlx::Error> {
    let (read_only,): (String,) =
        sqlx::query_as("SELECT current_setting('transaction_read_only')").fetch_one(line).await?;
    Ok(read_only == "off")
}

fn is_older_than_doubt(age: Duration) -> bool {
    let doubt = DOUBT.lock().unwrap_or_else(PoisonError::into_inner);
    doubt.is_some_and(|at| at.elapsed() < age)
}

/// Takes note of an error: when it says something about the server and not about the statement, every line from before it is replaced
/// at its next use.
pub fn notice(error: &sqlx::Error) {
    let of_the_pool = matches!(error, sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed);
    if !of_the_pool && (is_away(error) || is_outdated(error)) {
        *DOUBT.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }
}

/// Whether the database cannot be reached, or takes no changes, for now: it is being restarted, another server takes over, or its disk
/// does not answer. Whether a commit that ended so happened is unknown; whoever asks again by key learns it.
pub fn is_away(error: &sqlx::Error) -> bool {
    match error {
        // the last two: a line that broke off while it was being opened, or says what nobody expects
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Protocol(_) | sqlx::Error::Tls(_) => true,
        sqlx::Error::Io(error) => error.kind() != std::io::ErrorKind::StorageFull,
        other => code_of(other).is_some_and(|code| {
            // class 08: the line; 57P01 to 57P03: the server ends, was ended, or begins; 25006: it takes no changes;
            // 53300: it has no line left
            code.starts_with("08") || ["57P01", "57P02", "57P03", "25006", "53300"].contains(&code.as_str())
        }),
    }
}

/// Whether a statement that was prepared before a step of the schema is refused since: nothing of it happened.
pub(super) fn is_outdated(error: &sqlx::Error) -> bool {
    code_of(error).is_some_and(|code| code == "0A000")
}

/// PostgreSQL's code, five characters; SQLite's are shorter.
fn code_of(error: &sqlx::Error) -> Option<String> {
    let code = error.as_database_error()?.code()?;
    (code.len() == 5).then(|| code.into_owned())
}

impl Db {
    /// Whether the database answers at this moment.
    pub async fn is_there(&self) -> bool {
        let asked = async {
            let mut conn = self.read().await?;
            sqlx::query_as::<_, (i64,)>("SELECT CAST(1 AS BIGINT)").fetch_one(&mut *conn).await
        };
        match tokio::time::timeout(A_MOMENT, asked).await {
            Ok(Ok(_)) => true,
            Ok(Err(error)) => {
                notice(&error);
                false
            }
            Err(_) => false,
        }
    }

    /// The time of the database's own clock, in microseconds since 1970; nothing where the database has none but this machine's.
    ///
    /// # Errors
    /// The database.
    pub async fn clock_micros(&self) -> Result<Option<i64>, sqlx::Error> {
        if self.engine == Engine::Sqlite {
            return Ok(None);
        }
        let (micros,): (i64,) =
            sqlx::query_as("SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)")
                .fetch_one(&mut *self.read().await?)
                .await?;
        Ok(Some(micros))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_the_line_is_one_of_the_server_and_a_full_disk_is_not() {
        let io = |kind: std::io::ErrorKind| sqlx::Error::Io(kind.into());
        assert!(is_away(&io(std::io::ErrorKind::ConnectionReset)) && is_away(&sqlx::Error::PoolTimedOut));
        assert!(!is_away(&io(std::io::ErrorKind::StorageFull)) && !is_away(&sqlx::Error::RowNotFound));
    }

    #[test]
    fn lines_from_before_an_error_of_the_server_are_replaced_and_later_ones_are_not() {
        notice(&sqlx::Error::RowNotFound);
        notice(&sqlx::Error::Io(std::io::ErrorKind::ConnectionReset.into()));
        assert!(is_older_than_doubt(Duration::from_secs(3_600)));
        std::thread::sleep(Duration::from_millis(5));
        assert!(!is_older_than_doubt(Duration::ZERO));
    }
}

//! Statements that take long are logged with the plan of the database: which index it uses, and where it reads everything.
//!
//! The driver tells of them. A layer of the log takes the text, which holds numbers of parameters and never a value, and a task asks the
//! database how it would carry it out; nothing is executed for that. Each statement is told about once in ten minutes.

use std::collections::HashMap;
use std::fmt::{Debug, Write as _};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, Row};
use tokio::sync::mpsc;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::{Conn, Db, Engine};

/// What the driver files its own lines about statements under.
pub const DRIVER: &str = "sqlx::query";
/// What takes this long is slow.
pub(super) const SLOW: Duration = Duration::from_millis(500);
/// How long nothing more is said of a statement that was told about.
const SILENT: Duration = Duration::from_secs(600);
/// So many statements are remembered; then all are forgotten.
const MOST: usize = 1_000;
/// So many wait for their plan; what comes beyond is left out.
const WAITING: usize = 32;

/// Where slow statements go to while somebody explains them.
static TOLD: OnceLock<mpsc::Sender<Slow>> = OnceLock::new();

/// A statement that took long.
#[derive(Debug, Default)]
struct Slow {
    text: String,
    took: String,
}

/// Part of the log: takes what the driver says of slow statements.
pub fn layer<S: Subscriber + for<'a> LookupSpan<'a>>() -> impl Layer<S> {
    Taking.with_filter(Targets::new().with_target(DRIVER, Level::WARN))
}

struct Taking;

impl<S: Subscriber> Layer<S> for Taking {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let Some(told) = TOLD.get() else { return };
        let mut slow = Slow::default();
        event.record(&mut slow);
        // what cannot be told now is told the next time
        let _ = told.try_send(slow);
    }
}

impl Visit for Slow {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            // empty when the summary is all of it
            "db.statement" if !value.is_empty() => value.trim().clone_into(&mut self.text),
            "summary" if self.text.is_empty() => value.clone_into(&mut self.text),
            _ => {}
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "elapsed" {
            self.took = format!("{value:?}");
        }
    }
}

impl Db {
    /// Logs slow statements with their plan, until it is dropped. Once in a process.
    pub async fn explain_slow(self) {
        let (told, mut slow) = mpsc::channel(WAITING);
        if TOLD.set(told).is_err() {
            return;
        }
        let mut known: HashMap<String, Instant> = HashMap::new();
        while let Some(slow) = slow.recv().await {
            let now = now();
            if known.get(&slow.text).is_some_and(|last| now.duration_since(*last) < SILENT) {
                continue;
            }
            if known.len() >= MOST {
                known.clear();
            }
            known.insert(slow.text.clone(), now);
            let plan = self.plan(&slow.text).await.unwrap_or_else(|error| format!("none: {error}"));
            tracing::warn!(statement = slow.text, took = slow.took, plan, "a slow statement");
        }
    }

    /// How the database would carry a statement out, whatever its values are; a line for each step.
    ///
    /// # Errors
    /// It is no statement that can be explained, or the database does not answer.
    pub async fn plan(&self, statement: &str) -> Result<String, sqlx::Error> {
        let mut conn = self.read().await?;
        match self.engine {
            Engine::Sqlite => lines(&mut conn, format!("EXPLAIN QUERY PLAN {statement}"), "detail").await,
            Engine::Postgres => {
                let values = vec!["NULL"; parameters(statement)].join(", ");
                let call = if values.is_empty() { String::new() } else { format!("({values})") };
                run(&mut conn, "SET plan_cache_mode = force_generic_plan".to_owned()).await?;
                run(&mut conn, format!("PREPARE drempel_slow AS {statement}")).await?;
                let plan = lines(&mut conn, format!("EXPLAIN EXECUTE drempel_slow{call}"), "QUERY PLAN").await;
                run(&mut conn, "DEALLOCATE drempel_slow; RESET plan_cache_mode".to_owned()).await?;
                plan
            }
        }
    }
}

async fn run(conn: &mut Conn, text: String) -> Result<(), sqlx::Error> {
    // the statement is one of this program's own, as the driver had it
    sqlx::raw_sql(AssertSqlSafe(text)).execute(conn).await.map(|_| ())
}

async fn lines(conn: &mut Conn, text: String, column: &str) -> Result<String, sqlx::Error> {
    let mut plan = String::new();
    for row in sqlx::raw_sql(AssertSqlSafe(text)).fetch_all(conn).await? {
        let _ = writeln!(plan, "{}", row.try_get::<String, _>(column)?);
    }
    Ok(plan.trim_end().to_owned())
}

/// The highest number of a parameter in a statement.
fn parameters(statement: &str) -> usize {
    let numbers = statement.split('$').skip(1);
    let digits = numbers.map(|rest| rest.chars().take_while(char::is_ascii_digit).collect::<String>());
    digits.filter_map(|digits| digits.parse().ok()).max().unwrap_or(0)
}

fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_counted_by_their_highest_number() {
        assert_eq!(parameters("SELECT 1"), 0);
        assert_eq!(parameters("SELECT $2, $10, $1 FROM t WHERE a = $10"), 10);
    }

    #[tokio::test]
    async fn a_plan_tells_the_index_and_carries_nothing_out() {
        let folder = std::env::temp_dir().join(crate::infra::random::secret());
        std::fs::create_dir_all(&folder).unwrap();
        let db = Db::open(&format!("sqlite://{}/slow.db", folder.display()), None).await.unwrap();
        db.migrate().await.unwrap();
        let plan = db.plan("SELECT id FROM payments WHERE state = $1 AND created_at < $2").await.unwrap();
        assert!(plan.contains("payments_by_state"), "{plan}");
        let plan = db.plan("DELETE FROM payments WHERE method = $1").await.unwrap();
        assert!(plan.contains("SCAN payments"), "{plan}");
        db.close().await;
        std::fs::remove_dir_all(folder).unwrap();
    }
}

//! Many small transactions in one commit.
//!
//! A commit waits for the disk. On SQLite all writing goes through one connection, so transactions that are committed one by one are
//! never faster than the disk's durable writes, however many people wait. Here the transaction stays open while others wait for
//! their turn: each works under a savepoint of its own, in the order of arrival, and one commit makes all of them durable.
//!
//! | what happens to one | what happens to the others |
//! | --- | --- |
//! | it is refused, fails, or its caller goes away | it is rolled back to its savepoint, alone |
//! | it is done | it waits for the commit, as they do; nobody is answered before |
//! | the commit fails | nothing of any of them happened, and each is told so |
//! | the database ends the transaction (a full disk) | the same; who had not begun yet goes into the next group |
//!
//! What one does the next can see before it is durable. That changes no answer: either both become durable, or neither does.
//! A task of its own holds the connection and commits, so a caller that goes away while it waits takes nothing with it.
//! PostgreSQL needs none of this: it makes the commits of its many connections durable together by itself, and one connection
//! for all would take away what runs side by side.

use std::sync::Arc;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyPool, Executor};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::{Commits, Conn, is_full};

/// The most members of one commit.
const MOST: usize = 256;
/// How long members are taken in: whoever came first waits about this long for the last, at most.
const OPEN: Duration = Duration::from_millis(20);

/// The door of the group; clones lead to the same one.
#[derive(Clone)]
pub(super) struct Together {
    door: mpsc::UnboundedSender<Seat>,
}

type Seat = oneshot::Sender<Result<Member, sqlx::Error>>;

/// The turn of one transaction: the connection is lent to it until it commits or is dropped.
pub(super) struct Member {
    lent: Option<(PoolConnection<Any>, oneshot::Sender<Back>)>,
}

/// The connection comes back with a word on what was done with it.
type Back = (PoolConnection<Any>, Word);

enum Word {
    /// Done; waits for the commit. `quiet`: no page shows it.
    Keep {
        quiet: bool,
        answer: oneshot::Sender<Result<(), sqlx::Error>>,
    },
    Undo,
}

impl Together {
    /// Starts the task that holds the connection. It ends with the last clone of this door.
    pub(super) fn start(writer: AnyPool, commits: Arc<Commits>) -> Together {
        let (door, waiting) = mpsc::unbounded_channel();
        tokio::spawn(serve(writer, commits, waiting));
        Together { door }
    }

    /// Waits for a turn.
    pub(super) async fn join(&self) -> Result<Member, sqlx::Error> {
        let (seat, turn) = oneshot::channel();
        self.door.send(seat).map_err(|_| sqlx::Error::PoolClosed)?;
        turn.await.map_err(|_| sqlx::Error::PoolClosed)?
    }
}

impl Member {
    pub(super) fn conn(&self) -> &Conn {
        &self.lent.as_ref().expect("a member has its connection until it is over").0
    }

    pub(super) fn conn_mut(&mut self) -> &mut Conn {
        &mut self.lent.as_mut().expect("a member has its connection until it is over").0
    }

    /// Gives the connection on and waits until the group is durable.
    pub(super) async fn commit(mut self, quiet: bool) -> Result<(), sqlx::Error> {
        let (answer, answered) = oneshot::channel();
        self.give_back(Word::Keep { quiet, answer });
        answered.await.map_err(|_| lost("the group ended before its commit"))?
    }

    fn give_back(&mut self, word: Word) {
        if let Some((connection, back)) = self.lent.take()
            && let Err((mut connection, _)) = back.send((connection, word))
        {
            // nobody is there to end the transaction: closing the connection does
            connection.close_on_drop();
        }
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        self.give_back(Word::Undo);
    }
}

fn lost(what: &str) -> sqlx::Error {
    sqlx::Error::Protocol(what.to_owned())
}

/// An error for each member: errors of the database cannot be cloned.
fn same(error: &sqlx::Error, what: &str) -> sqlx::Error {
    if is_full(error) {
        return sqlx::Error::Io(std::io::ErrorKind::StorageFull.into());
    }
    lost(&format!("{what}: {error}"))
}

/// One group after the other, as long as somebody comes.
async fn serve(writer: AnyPool, commits: Arc<Commits>, mut waiting: mpsc::UnboundedReceiver<Seat>) {
    let mut left_over = None;
    loop {
        let first = match left_over.take() {
            Some(seat) => Some(seat),
            None => waiting.recv().await,
        };
        let Some(first) = first else { return };
        match writer.acquire().await {
            Ok(connection) => left_over = group(connection, &commits, first, &mut waiting).await,
            Err(error) => {
                let _ = first.send(Err(error));
            }
        }
    }
}

/// A member that is done and waits.
type Kept = oneshot::Sender<Result<(), sqlx::Error>>;

/// One transaction: its members one after the other, then the commit, then the answers. Answers who belongs to the next.
async fn group(
    connection: PoolConnection<Any>,
    commits: &Commits,
    first: Seat,
    waiting: &mut mpsc::UnboundedReceiver<Seat>,
) -> Option<Seat> {
    let mut kept = Vec::new();
    let mut loud = false;
    let (ended, left_over) = match members(connection, first, waiting, &mut kept, &mut loud).await {
        Ok(connection) => (end(connection, !kept.is_empty()).await, None),
        Err((error, seat)) => (Err(error), seat),
    };
    if ended.is_ok() && loud {
        commits.count();
    }
    for answer in kept {
        let told = ended.as_ref().copied().map_err(|error| same(error, "the commit of the group failed"));
        let _ = answer.send(told);
    }
    left_over
}

/// Lets everybody who waits have a turn. Answers the connection with the transaction open and the last member ended, or what broke
/// with the seat of whoever had not begun.
async fn members(
    mut connection: PoolConnection<Any>,
    first: Seat,
    waiting: &mut mpsc::UnboundedReceiver<Seat>,
    kept: &mut Vec<Kept>,
    loud: &mut bool,
) -> Result<PoolConnection<Any>, (sqlx::Error, Option<Seat>)> {
    const BEGIN: &str = "BEGIN IMMEDIATE; SAVEPOINT member";
    let until = Instant::now() + OPEN;
    let mut next = Some(first);
    // what ends the member before and begins the next, in one trip to the database
    let mut step = BEGIN;
    while let Some(seat) = next {
        if let Err(error) = connection.execute(step).await {
            // whatever is open there ends with the connection
            connection.close_on_drop();
            if step != BEGIN {
                return Err((error, Some(seat)));
            }
            let told = same(&error, "the group could not begin");
            let _ = seat.send(Err(error));
            return Err((told, None));
        }
        let (back, given_back) = oneshot::channel();
        // a caller that went away gives it back unused
        let _ = seat.send(Ok(Member { lent: Some((connection, back)) }));
        let word;
        (connection, word) = given_back.await.map_err(|_| (lost("the connection of the group was lost"), None))?;
        step = match word {
            Word::Keep { quiet, answer } => {
                *loud |= !quiet;
                kept.push(answer);
                "RELEASE SAVEPOINT member; SAVEPOINT member"
            }
            Word::Undo => "ROLLBACK TO SAVEPOINT member",
        };
        let full = kept.len() >= MOST || Instant::now() >= until;
        next = if full { None } else { waiting.try_recv().ok() };
    }
    if let Err(error) = connection.execute(step).await {
        connection.close_on_drop();
        return Err((error, None));
    }
    Ok(connection)
}

/// Commits, or ends a transaction in which nothing was done.
async fn end(mut connection: PoolConnection<Any>, commit: bool) -> Result<(), sqlx::Error> {
    let ended = connection.execute(if commit { "COMMIT" } else { "ROLLBACK" }).await;
    if ended.is_err() {
        connection.close_on_drop();
    }
    ended.map(|_| ())
}

#[cfg(test)]
mod tests {
    use crate::infra::db::{Db, Tx};

    /// A database with a table of numbers and one of children that need a parent at the commit.
    async fn numbers() -> (std::path::PathBuf, Db) {
        let folder = std::env::temp_dir().join(format!("drempel-together-{}", crate::infra::random::secret()));
        let db = Db::open(&format!("sqlite://{}", folder.join("numbers.db").display()), None).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        for table in [
            "CREATE TABLE numbers (n BIGINT NOT NULL PRIMARY KEY)",
            "CREATE TABLE children (n BIGINT NOT NULL REFERENCES numbers (n) DEFERRABLE INITIALLY DEFERRED)",
        ] {
            sqlx::query(table).execute(&mut *tx).await.unwrap();
        }
        tx.commit().await.unwrap();
        (folder, db)
    }

    async fn add(tx: &mut Tx, n: i64) -> Result<(), sqlx::Error> {
        sqlx::query("INSERT INTO numbers (n) VALUES ($1)").bind(n).execute(&mut **tx).await.map(|_| ())
    }

    /// What somebody else reads.
    async fn all(db: &Db) -> Vec<i64> {
        let rows: Vec<(i64,)> =
            sqlx::query_as("SELECT n FROM numbers ORDER BY n").fetch_all(&mut *db.read().await.unwrap()).await.unwrap();
        rows.into_iter().map(|(n,)| n).collect()
    }

    async fn close(folder: std::path::PathBuf, db: Db) {
        db.close().await;
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn many_are_durable_when_answered_in_fewer_commits_than_members() {
        let (folder, db) = numbers().await;
        let before = db.version();
        let tasks = (0..200).map(|n| {
            let db = db.clone();
            tokio::spawn(async move {
                let mut tx = db.begin_together().await.unwrap();
                add(&mut tx, n).await.unwrap();
                tx.commit().await.unwrap();
                assert!(all(&db).await.contains(&n), "{n} was answered before its commit");
            })
        });
        for task in tasks.collect::<Vec<_>>() {
            task.await.unwrap();
        }
        assert_eq!(all(&db).await.len(), 200);
        assert!(db.version() - before < 200, "{} commits for 200", db.version() - before);
        close(folder, db).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn refused_failed_and_abandoned_ones_are_rolled_back_alone() {
        let (folder, db) = numbers().await;
        let tasks = (0..200).map(|n| {
            let db = db.clone();
            let task = tokio::spawn(async move {
                let mut tx = db.begin_together().await.unwrap();
                add(&mut tx, n).await.unwrap();
                match n % 4 {
                    // refused after it wrote
                    0 => return false,
                    // a statement fails, and the caller gives up
                    1 if add(&mut tx, n).await.is_err() => return false,
                    // its caller goes away in the middle
                    2 => tokio::time::sleep(std::time::Duration::from_secs(600)).await,
                    _ => {}
                }
                tx.commit().await.is_ok()
            });
            if n % 4 == 2 {
                let abort = task.abort_handle();
                tokio::spawn(async move {
                    tokio::time::sleep(std::time::Duration::from_millis(u64::try_from(n).unwrap() * 2)).await;
                    abort.abort();
                });
            }
            task
        });
        let mut kept = Vec::new();
        for (n, task) in (0..).zip(tasks.collect::<Vec<_>>()) {
            if matches!(task.await, Ok(true)) {
                kept.push(n);
            }
        }
        assert_eq!(kept, (0..200).filter(|n| n % 4 == 3).collect::<Vec<i64>>());
        assert_eq!(all(&db).await, kept);
        close(folder, db).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_commit_that_fails_is_told_to_each_and_the_next_group_works() {
        let (folder, db) = numbers().await;
        let mut shared = false;
        for n in 0..50 {
            let mut first = db.begin_together().await.unwrap();
            add(&mut first, n).await.unwrap();
            // comes while the first has its turn, and leaves a child without a parent
            let second = tokio::spawn({
                let db = db.clone();
                async move {
                    let mut tx = db.begin_together().await.unwrap();
                    sqlx::query("INSERT INTO children (n) VALUES (99)").execute(&mut *tx).await.unwrap();
                    tx.commit().await
                }
            });
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            let told = first.commit().await;
            assert!(second.await.unwrap().is_err());
            assert_eq!(all(&db).await.contains(&n), told.is_ok(), "{told:?}");
            shared |= told.is_err();
            if shared {
                break;
            }
        }
        assert!(shared, "the two never shared a commit");
        for n in [100, 101] {
            let mut tx = if n == 100 { db.begin_together().await.unwrap() } else { db.begin().await.unwrap() };
            add(&mut tx, n).await.unwrap();
            tx.commit().await.unwrap();
        }
        assert!(all(&db).await.ends_with(&[100, 101]));
        close(folder, db).await;
    }
}

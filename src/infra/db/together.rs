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

use super::{Commits, Conn};

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

/// One group after the other, as long as somebody comes.
async fn serve(writer: AnyPool, commits: Arc<Commits>, mut waiting: mpsc::UnboundedReceiver<Seat>) {
    while let Some(first) = waiting.recv().await {
        match writer.acquire().await {
            Ok(connection) => group(connection, &commits, first, &mut waiting).await,
            Err(error) => {
                let _ = first.send(Err(error));
            }
        }
    }
}

/// A member that is done and waits.
type Kept = oneshot::Sender<Result<(), sqlx::Error>>;

/// One transaction: its members one after the other, then the commit, then the answers.
async fn group(
    connection: PoolConnection<Any>,
    commits: &Commits,
    first: Seat,
    waiting: &mut mpsc::UnboundedReceiver<Seat>,
) {
    let mut kept = Vec::new();
    let mut loud = false;
    let ended = match members(connection, first, waiting, &mut kept, &mut loud).await {
        Ok(connection) => end(connection, !kept.is_empty()).await,
        Err(error) => Err(error),
    };
    if ended.is_ok() && loud {
        commits.count();
    }
    for answer in kept {
        let told =
            ended.as_ref().map(|()| ()).map_err(|error| lost(&format!("the commit of the group failed: {error}")));
        let _ = answer.send(told);
    }
}

/// Lets everybody who waits have a turn. Answers the connection with the transaction open and the last member ended.
async fn members(
    mut connection: PoolConnection<Any>,
    first: Seat,
    waiting: &mut mpsc::UnboundedReceiver<Seat>,
    kept: &mut Vec<Kept>,
    loud: &mut bool,
) -> Result<PoolConnection<Any>, sqlx::Error> {
    let until = Instant::now() + OPEN;
    let mut next = Some(first);
    // what ends the member before and begins the next, in one trip to the database
    let mut step = "BEGIN IMMEDIATE; SAVEPOINT member";
    while let Some(seat) = next {
        if let Err(error) = connection.execute(step).await {
            let told = lost(&error.to_string());
            let _ = seat.send(Err(error));
            // whatever is open there ends with the connection
            connection.close_on_drop();
            return Err(told);
        }
        let (back, given_back) = oneshot::channel();
        // a caller that went away gives it back unused
        let _ = seat.send(Ok(Member { lent: Some((connection, back)) }));
        let word;
        (connection, word) = given_back.await.map_err(|_| lost("the connection of the group was lost"))?;
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
        return Err(error);
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

//! Connections to read with.
//!
//! The library's pool asks every connection whether it is still there when it comes back, in a task of its own. To a thread that
//! reads a file that costs as much as the read itself, many times for each request, so on SQLite connections that came once from
//! the pool are kept here and handed on directly, the one used last first. On PostgreSQL, where a line can break, the pool does it.

use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex};

use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyPool};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Conn;
use super::turns::Turn;

/// The readers of one database. Cheap to clone.
#[derive(Clone)]
pub(super) struct Readers {
    pool: AnyPool,
    kept: Option<Arc<Kept>>,
}

struct Kept {
    idle: Mutex<Vec<PoolConnection<Any>>>,
    /// As many as the pool has connections, so that whoever has a place finds one.
    places: Arc<Semaphore>,
}

/// A connection borrowed to read with; given back when dropped.
pub struct Reader {
    connection: Option<PoolConnection<Any>>,
    home: Option<(Arc<Kept>, OwnedSemaphorePermit)>,
    _turn: Option<Turn>,
}

impl Readers {
    /// Straight from the pool.
    pub(super) fn of(pool: AnyPool) -> Readers {
        Readers { pool, kept: None }
    }

    /// Keeps what it took from a pool of so many connections.
    pub(super) fn kept(pool: AnyPool, connections: u32) -> Readers {
        let places = Arc::new(Semaphore::new(usize::try_from(connections).unwrap_or(1)));
        Readers { pool, kept: Some(Arc::new(Kept { idle: Mutex::default(), places })) }
    }

    pub(super) async fn acquire(&self, turn: Option<Turn>) -> Result<Reader, sqlx::Error> {
        let Some(kept) = &self.kept else {
            return Ok(Reader { connection: Some(self.pool.acquire().await?), home: None, _turn: turn });
        };
        let place = kept.places.clone().acquire_owned().await.map_err(|_| sqlx::Error::PoolClosed)?;
        let idle = kept.idle.lock().ok().and_then(|mut idle| idle.pop());
        let connection = match idle {
            Some(connection) => connection,
            None => self.pool.acquire().await?,
        };
        Ok(Reader { connection: Some(connection), home: Some((kept.clone(), place)), _turn: turn })
    }

    /// A connection of the pool's own, to be held for long.
    pub(super) async fn straight(&self) -> Result<PoolConnection<Any>, sqlx::Error> {
        self.pool.acquire().await
    }

    /// Closes all connections; nobody gets another.
    pub(super) async fn close(&self) {
        if let Some(kept) = &self.kept {
            kept.places.close();
            if let Ok(mut idle) = kept.idle.lock() {
                idle.clear();
            }
        }
        self.pool.close().await;
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        if let (Some(connection), Some((kept, _))) = (self.connection.take(), &self.home)
            && !kept.places.is_closed()
            && let Ok(mut idle) = kept.idle.lock()
        {
            idle.push(connection);
        }
    }
}

impl Deref for Reader {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        self.connection.as_ref().expect("a reader has its connection until it is dropped")
    }
}

impl DerefMut for Reader {
    fn deref_mut(&mut self) -> &mut Conn {
        self.connection.as_mut().expect("a reader has its connection until it is dropped")
    }
}

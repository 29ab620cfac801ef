//! Connections kept for whoever comes next.
//!
//! A pool of sqlx asks each connection that comes back whether it still lives, in a task of its own. For one that has
//! just answered that is a question too many, and as dear as a statement: a thread's turn on SQLite, a round trip on
//! PostgreSQL. Here a connection goes back as it is; only one that was left in the middle of a statement, or has failed,
//! takes the long way. One that has rested is asked before it is used.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sqlx::pool::PoolConnection;
use sqlx::{Connection, Database, Pool};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{Error, Result};

/// A connection that has rested longer may have been closed from the other side.
const TRUSTED: Duration = Duration::from_secs(2);

/// A pool whose connections are kept.
pub(crate) struct Leases<DB: Database> {
    pool: Pool<DB>,
    /// As many as the pool has connections: it must never be asked while those it lacks are kept here.
    permits: Arc<Semaphore>,
    kept: Arc<Kept<DB>>,
    timeout: Duration,
}

struct Kept<DB: Database>(Mutex<Vec<(PoolConnection<DB>, Instant)>>);

impl<DB: Database> Kept<DB> {
    fn all(&self) -> MutexGuard<'_, Vec<(PoolConnection<DB>, Instant)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<DB: Database> Drop for Kept<DB> {
    fn drop(&mut self) {
        // Closed at once: what a pool does with them needs a runtime, and there may be none any more.
        self.all().drain(..).for_each(|(conn, _)| drop(conn.leak()));
    }
}

impl<DB: Database> Leases<DB> {
    pub fn new(pool: Pool<DB>) -> Leases<DB> {
        let options = pool.options();
        let permits = usize::try_from(options.get_max_connections()).unwrap_or(Semaphore::MAX_PERMITS);
        let timeout = options.get_acquire_timeout();
        let kept = Arc::new(Kept(Mutex::default()));
        Leases { permits: Arc::new(Semaphore::new(permits)), kept, timeout, pool }
    }

    pub async fn acquire(&self) -> Result<Lease<DB>> {
        let permit = tokio::time::timeout(self.timeout, self.permits.clone().acquire_owned()).await;
        let permit = permit.map_err(|_| Error::PoolTimedOut)?.map_err(|_| Error::PoolClosed)?;
        let conn = match self.take().await {
            Some(conn) => conn,
            None => self.pool.acquire().await?,
        };
        let (kept, pool) = (self.kept.clone(), self.pool.clone());
        Ok(Lease { conn: Some(conn), is_busy: false, kept, pool, permit: Some(permit) })
    }

    /// A kept connection that lives; the one used last comes first.
    async fn take(&self) -> Option<PoolConnection<DB>> {
        loop {
            let (mut conn, since) = self.kept.all().pop()?;
            if since.elapsed() < TRUSTED || conn.ping().await.is_ok() {
                return Some(conn);
            }
        }
    }

    pub async fn close(&self) {
        // From here on, whatever comes back goes to the pool.
        let closing = self.pool.close();
        self.kept.all().clear();
        closing.await;
    }
}

impl<DB: Database> Clone for Leases<DB> {
    fn clone(&self) -> Leases<DB> {
        let Leases { pool, permits, kept, timeout } = self;
        Leases { pool: pool.clone(), permits: permits.clone(), kept: kept.clone(), timeout: *timeout }
    }
}

impl<DB: Database> fmt::Debug for Leases<DB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Leases").field("kept", &self.kept.all().len()).finish_non_exhaustive()
    }
}

/// A connection that goes back when dropped.
pub(crate) struct Lease<DB: Database> {
    conn: Option<PoolConnection<DB>>,
    /// A statement has begun and has not come to its end: who knows what the connection still has to say.
    is_busy: bool,
    kept: Arc<Kept<DB>>,
    pool: Pool<DB>,
    /// Released last, when the connection is back.
    permit: Option<Permit>,
}

/// The right to one of the pool's connections.
pub(crate) type Permit = OwnedSemaphorePermit;

const UNTIL_DROPPED: &str = "a lease has its connection until it is dropped or given away";

impl<DB: Database> Lease<DB> {
    /// The connection, and the mark that a statement on it has begun; whoever sees its end takes the mark away.
    pub fn begin_statement(&mut self) -> (&mut DB::Connection, &mut bool) {
        self.is_busy = true;
        (self.conn.as_mut().expect(UNTIL_DROPPED), &mut self.is_busy)
    }

    /// The connection for good; the permit must be kept as long as it.
    pub fn give_away(mut self) -> (PoolConnection<DB>, Option<Permit>) {
        (self.conn.take().expect(UNTIL_DROPPED), self.permit.take())
    }
}

impl<DB: Database> Drop for Lease<DB> {
    fn drop(&mut self) {
        let Some(conn) = self.conn.take() else { return };
        if !self.is_busy && !self.pool.is_closed() {
            self.kept.all().push((conn, Instant::now()));
        }
    }
}

impl<DB: Database> fmt::Debug for Lease<DB> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lease").field("is_busy", &self.is_busy).finish_non_exhaustive()
    }
}

//! Connecting, and what one gets from it: `Db` makes `Conn`s to read with and `Tx`s to write with.

use std::ops::{Deref, DerefMut};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use sqlx::{PgConnection, Postgres, Sqlite, SqliteConnection, SqlitePool, Transaction};

use crate::faults::{AFTER_COMMIT, BEFORE_COMMIT, Faults};
use crate::lease::{Lease, Leases, Permit};
use crate::{Error, Result, Retriable};

/// How safely SQLite writes. FULL, the default, loses nothing that was committed; NORMAL may on power loss.
pub use sqlx::sqlite::SqliteSynchronous as Synchronous;

const STATEMENTS_CACHED: usize = 512;
/// Of each connection, taken as it is filled: what some hundred customers at a time look at stays at hand.
const SQLITE_CACHE_KIB: u32 = 32 * 1024;
const SQLITE_ROWS_BUFFERED: usize = 1024;
/// Short: only a transaction that waits for itself, or for the outside, keeps the writer that long.
const SQLITE_ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
const POSTGRES_ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// Each has a thread and a page cache of its own.
const SQLITE_READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 8;
const RETRIES_MAX: u32 = 5;
const FIRST_RETRY_PAUSE: Duration = Duration::from_millis(5);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    fn of(url: &str) -> Result<Engine> {
        match url.split_once(':').map_or("", |(scheme, _)| scheme) {
            "sqlite" => Ok(Engine::Sqlite),
            "postgres" | "postgresql" => Ok(Engine::Postgres),
            // Never the whole address: it may hold a password.
            scheme => Err(Error::Configuration(
                format!("a database address begins with sqlite:// or postgres://, this one with \"{scheme}\"").into(),
            )),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Config {
    /// `sqlite://PATH` or `postgres://USER:PASSWORD@HOST:PORT/DATABASE`.
    pub url: String,
    /// At most; on SQLite those that read, beside the one that writes.
    pub connections: u32,
    pub synchronous: Synchronous,
    /// How much of a SQLite file is read through the memory map. None by default: each write of another connection
    /// unmaps it all again, and every connection's map counts as the program's memory.
    pub mmap_bytes: u64,
    /// How long to wait for a free connection, and for another process that writes to the SQLite file.
    pub acquire_timeout: Duration,
}

impl Config {
    pub fn new(url: impl Into<String>) -> Config {
        let url = url.into();
        let acquire_timeout = match Engine::of(&url) {
            Ok(Engine::Postgres) => POSTGRES_ACQUIRE_TIMEOUT,
            Ok(Engine::Sqlite) | Err(_) => SQLITE_ACQUIRE_TIMEOUT,
        };
        let connections = match Engine::of(&url) {
            Ok(Engine::Sqlite) => SQLITE_READERS,
            Ok(Engine::Postgres) | Err(_) => POSTGRES_CONNECTIONS,
        };
        Config { url, connections, synchronous: Synchronous::Full, mmap_bytes: 0, acquire_timeout }
    }
}

/// A database. Clones share its connections.
#[derive(Clone, Debug)]
pub struct Db {
    pub(crate) pools: Pools,
    faults: Option<Arc<Faults>>,
}

#[derive(Clone, Debug)]
pub(crate) enum Pools {
    /// SQLite has one writer: a pool of one queues writers fairly, instead of busy-waiting.
    Sqlite {
        read: Leases<Sqlite>,
        write: SqlitePool,
    },
    Postgres(Leases<Postgres>),
}

impl Db {
    /// Connects; makes a SQLite file and its folders if need be.
    pub async fn connect(config: &Config) -> Result<Db> {
        let pools = match Engine::of(&config.url)? {
            Engine::Sqlite => connect_sqlite(config).await?,
            Engine::Postgres => connect_postgres(config).await?,
        };
        Ok(Db { pools, faults: None })
    }

    /// The same database, its transactions counted and failed by `faults`.
    pub fn with_faults(&self, faults: Arc<Faults>) -> Db {
        Db { pools: self.pools.clone(), faults: Some(faults) }
    }

    pub fn engine(&self) -> Engine {
        match self.pools {
            Pools::Sqlite { .. } => Engine::Sqlite,
            Pools::Postgres(_) => Engine::Postgres,
        }
    }

    /// A connection to read with; each statement sees its own snapshot.
    pub async fn read(&self) -> Result<Conn> {
        let raw = match &self.pools {
            Pools::Sqlite { read, .. } => Raw::Sqlite(read.acquire().await?),
            Pools::Postgres(leases) => Raw::Postgres(leases.acquire().await?),
        };
        Ok(Conn { raw, faults: None })
    }

    /// A write transaction; rolled back when dropped before `commit`.
    ///
    /// On SQLite only one exists at a time: a second `begin` inside the first waits for
    /// `acquire_timeout`, then fails with `Error::PoolTimedOut`.
    pub async fn begin(&self) -> Result<Tx> {
        let raw = match &self.pools {
            Pools::Sqlite { write, .. } => Raw::SqliteTx(write.begin_with("BEGIN IMMEDIATE").await?),
            Pools::Postgres(leases) => {
                let (conn, permit) = leases.acquire().await?.give_away();
                Raw::PostgresTx(Transaction::begin(conn, None).await?, permit)
            }
        };
        Ok(Tx(Conn { raw, faults: self.faults.clone() }))
    }

    /// Runs `work` in a write transaction, again when the engine asks for a retry
    /// (serialization failure, deadlock, busy).
    ///
    /// The work is `AsyncFnOnce + Clone`, not `AsyncFnMut`: a borrowing closure is
    /// `Clone` anyway, and only so is the future `Send` (rustc 1.95).
    pub async fn transact<T, E: From<Error> + Retriable>(
        &self,
        work: impl AsyncFnOnce(&mut Tx) -> Result<T, E> + Clone,
    ) -> Result<T, E> {
        let mut pause = FIRST_RETRY_PAUSE;
        for _ in 0..RETRIES_MAX {
            match self.attempt(work.clone()).await {
                Err(error) if error.retriable() => {}
                outcome => return outcome,
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        self.attempt(work).await
    }

    /// Brings SQLite's planner statistics up to date; to be called now and then. PostgreSQL does it itself.
    pub async fn optimize(&self) -> Result<()> {
        match &self.pools {
            Pools::Sqlite { write, .. } => sqlx::raw_sql("PRAGMA optimize").execute(write).await.map(drop),
            Pools::Postgres(_) => Ok(()),
        }
    }

    /// Waits for the connections in use, and closes all.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Pools::Postgres(leases) => leases.close().await,
        }
    }

    async fn attempt<T, E: From<Error>>(&self, work: impl AsyncFnOnce(&mut Tx) -> Result<T, E>) -> Result<T, E> {
        let mut tx = self.begin().await?;
        let value = work(&mut tx).await?;
        tx.commit().await?;
        Ok(value)
    }
}

async fn connect_sqlite(config: &Config) -> Result<Pools> {
    let options = SqliteConnectOptions::from_str(&config.url)?;
    let file = options.get_filename();
    if file.as_os_str().is_empty() || config.url.contains(":memory:") || config.url.contains("mode=memory") {
        // Leases and the writer would each have a database of their own.
        return Err(Error::Configuration("a SQLite address names a file: sqlite://PATH".into()));
    }
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let options = options
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(config.synchronous)
        .foreign_keys(true)
        .busy_timeout(config.acquire_timeout)
        .statement_cache_capacity(STATEMENTS_CACHED)
        .row_buffer_size(SQLITE_ROWS_BUFFERED)
        .pragma("temp_store", "memory")
        .pragma("cache_size", format!("-{SQLITE_CACHE_KIB}"))
        .pragma("mmap_size", config.mmap_bytes.to_string());
    let pool = || SqlitePoolOptions::new().test_before_acquire(false).acquire_timeout(config.acquire_timeout);
    let write = pool().max_connections(1).connect_with(options.clone()).await?;
    let read = pool().max_connections(config.connections).connect_with(options.pragma("query_only", "on")).await?;
    Ok(Pools::Sqlite { read: Leases::new(read), write })
}

async fn connect_postgres(config: &Config) -> Result<Pools> {
    let options = PgConnectOptions::from_str(&config.url)?
        .statement_cache_capacity(STATEMENTS_CACHED)
        .options([("default_transaction_isolation", "read committed"), ("client_min_messages", "warning")]);
    let pool = PgPoolOptions::new()
        .max_connections(config.connections)
        .test_before_acquire(false)
        .acquire_timeout(config.acquire_timeout)
        .connect_with(options)
        .await?;
    Ok(Pools::Postgres(Leases::new(pool)))
}

/// A connection of either engine, in a transaction or not.
#[derive(Debug)]
pub struct Conn {
    raw: Raw,
    faults: Option<Arc<Faults>>,
}

#[derive(Debug)]
enum Raw {
    Sqlite(Lease<Sqlite>),
    SqliteTx(Transaction<'static, Sqlite>),
    Postgres(Lease<Postgres>),
    PostgresTx(Transaction<'static, Postgres>, Option<Permit>),
}

pub(crate) enum Native<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

impl Conn {
    pub fn engine(&self) -> Engine {
        match self.raw {
            Raw::Sqlite(_) | Raw::SqliteTx(_) => Engine::Sqlite,
            Raw::Postgres(_) | Raw::PostgresTx(..) => Engine::Postgres,
        }
    }

    /// Where a statement is run, who may fail it, and the mark to take away when it has come to its end.
    pub(crate) fn target(&mut self) -> Target<'_> {
        let (native, busy) = match &mut self.raw {
            Raw::Sqlite(lease) => {
                let (conn, busy) = lease.begin_statement();
                (Native::Sqlite(conn), Some(busy))
            }
            Raw::Postgres(lease) => {
                let (conn, busy) = lease.begin_statement();
                (Native::Postgres(conn), Some(busy))
            }
            Raw::SqliteTx(conn) => (Native::Sqlite(conn), None),
            Raw::PostgresTx(conn, _) => (Native::Postgres(conn), None),
        };
        Target { native, faults: self.faults.as_deref(), busy }
    }
}

pub(crate) struct Target<'c> {
    pub native: Native<'c>,
    pub faults: Option<&'c Faults>,
    /// `None` in a transaction.
    pub busy: Option<&'c mut bool>,
}

/// A write transaction. A `&mut Tx` goes wherever a `&mut Conn` is asked for.
#[derive(Debug)]
pub struct Tx(Conn);

impl Tx {
    pub async fn commit(self) -> Result<()> {
        let Conn { raw, faults } = self.0;
        if let Some(faults) = &faults {
            faults.step(BEFORE_COMMIT)?;
        }
        match raw {
            Raw::SqliteTx(tx) => tx.commit().await?,
            Raw::PostgresTx(tx, _permit) => tx.commit().await?,
            Raw::Sqlite(_) | Raw::Postgres(_) => unreachable!("a Tx holds a transaction"),
        }
        faults.map_or(Ok(()), |faults| faults.step(AFTER_COMMIT))
    }
}

impl Deref for Tx {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.0
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_decides_the_engine_and_the_time_limit() {
        assert_eq!(Engine::of("sqlite://data/shop.db").unwrap(), Engine::Sqlite);
        assert_eq!(Engine::of("postgres://db/shop").unwrap(), Engine::Postgres);
        assert_eq!(Engine::of("postgresql://db/shop").unwrap(), Engine::Postgres);
        assert_eq!(Config::new("postgres://db/shop").acquire_timeout, POSTGRES_ACQUIRE_TIMEOUT);
        assert_eq!(Config::new("sqlite://shop.db").acquire_timeout, SQLITE_ACQUIRE_TIMEOUT);
    }

    #[test]
    fn another_kind_of_address_is_refused_without_its_password() {
        let error = Engine::of("mysql://root:secret@db/shop").unwrap_err().to_string();
        assert!(error.contains("sqlite:// or postgres://, this one with \"mysql\""), "{error}");
        assert!(!error.contains("secret"), "{error}");
        assert!(Engine::of("shop.db").is_err());
    }
}

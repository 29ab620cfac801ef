//! Addresses, and what a connection may do.

use std::time::Duration;

use dbx::{Config, Db, q};

use crate::on_both;
use crate::shop::{MIGRATIONS, person, seed};

/// Long enough to connect on a busy machine; a test waits for it to pass.
const SHORT: Duration = Duration::from_millis(500);

on_both! {
    async fn a_second_handle_sees_the_same_database(db: TestDb) {
        seed(&db).await;
        let other = Db::connect(&Config::new(db.url())).await.unwrap();
        assert_eq!(other.engine(), db.engine());
        assert!(person(&mut other.read().await.unwrap(), 1).await.unwrap().is_some());
        other.close().await;
        assert!(matches!(other.read().await, Err(dbx::Error::PoolClosed)));
    }

    /// A client that goes away leaves its connection in the middle of an answer; the next one must not get the rest.
    async fn whoever_comes_after_a_cancelled_read_gets_an_answer_of_its_own(db: TestDb) {
        seed(&db).await;
        let db = narrow(db.url(), 1).await;
        for n in 0..100u32 {
            let mut conn = db.read().await.unwrap();
            let _ = tokio::time::timeout(Duration::from_micros(u64::from(n) * 5), person(&mut conn, 1)).await;
            drop(conn);
            let mut conn = db.read().await.unwrap();
            assert!(person(&mut conn, 1).await.unwrap().is_some_and(|person| person.id == 1));
            assert_eq!(person(&mut conn, 999).await.unwrap().map(|person| person.id), None);
        }
    }

    async fn many_readers_share_few_connections(db: TestDb) {
        seed(&db).await;
        let db = narrow(db.url(), 2).await;
        let readers = (0..50).map(|_| async { person(&mut db.read().await.unwrap(), 1).await.unwrap().is_some() });
        assert!(futures_util::future::join_all(readers).await.into_iter().all(|found| found));
        let (_first, _second) = (db.read().await.unwrap(), db.read().await.unwrap());
        assert!(matches!(db.read().await, Err(dbx::Error::PoolTimedOut)));
    }

    async fn readers_and_writers_do_not_keep_each_other_waiting(db: TestDb) {
        seed(&db).await;
        let db = narrow(db.url(), 1).await;
        for _ in 0..20 {
            assert!(person(&mut db.read().await.unwrap(), 1).await.unwrap().is_some());
            drop(db.begin().await.unwrap());
        }
    }

    async fn a_handle_dropped_outside_a_runtime_is_closed_all_the_same(db: TestDb) {
        seed(&db).await;
        let other = narrow(db.url(), 1).await;
        drop(other.read().await.unwrap());
        std::thread::spawn(move || drop(other)).join().unwrap();
    }

    async fn statistics_can_be_brought_up_to_date(db: TestDb) {
        seed(&db).await;
        db.optimize().await.unwrap();
    }
}

/// The same database over so many connections, with little patience.
async fn narrow(url: &str, connections: u32) -> Db {
    let mut config = Config::new(url);
    (config.connections, config.acquire_timeout) = (connections, SHORT);
    Db::connect(&config).await.unwrap()
}

/// The server's process behind the connection that is kept.
async fn process(db: &Db) -> dbx::Result<i32> {
    db.read().await?.build("SELECT pg_backend_pid()").build().scalar().await
}

#[tokio::test]
async fn a_connection_that_the_server_has_closed_is_not_kept() {
    let db = crate::database::postgres(MIGRATIONS).await;
    seed(&db).await;
    let narrow = narrow(db.url(), 1).await;
    let process = process(&narrow).await.unwrap();
    let mut killer = db.read().await.unwrap();
    let mut kill = killer.build("SELECT pg_terminate_backend(");
    kill.push_bind(process).push(")");
    assert!(kill.build().scalar::<bool>().await.unwrap());
    // Whoever gets it may be told; the next one gets another.
    while self::process(&narrow).await.is_ok_and(|still| still == process) {}
    assert!(person(&mut narrow.read().await.unwrap(), 1).await.unwrap().is_some());
}

#[tokio::test]
async fn postgres_transactions_are_read_committed() {
    let db = crate::database::postgres(MIGRATIONS).await;
    let mut tx = db.begin().await.unwrap();
    let level = tx.build("SELECT current_setting('transaction_isolation')").build().scalar::<String>().await;
    assert_eq!(level.unwrap(), "read committed");
}

#[tokio::test]
async fn missing_folders_of_a_sqlite_file_are_made() {
    let db = crate::database::sqlite(MIGRATIONS).await;
    let url = db.url().replace("test.db", "a/b/new.db");
    let new = Db::connect(&Config::new(&url)).await.unwrap();
    new.migrate(MIGRATIONS).await.unwrap();
    seed(&new).await;
    new.close().await;
}

#[tokio::test]
async fn a_sqlite_reader_cannot_write() {
    let db = crate::database::sqlite(MIGRATIONS).await;
    let mut conn = db.read().await.unwrap();
    let error = q!(conn, "DELETE FROM orgs").execute().await.unwrap_err();
    assert!(error.to_string().contains("readonly"), "{error}");
}

#[tokio::test]
async fn addresses_that_name_no_database_are_refused() {
    for url in ["mysql://root@db/shop", "sqlite::memory:", "sqlite://", "shop.db", "sqlite://x?mode=memory"] {
        let error = Db::connect(&Config::new(url)).await.unwrap_err();
        assert!(matches!(error, dbx::Error::Configuration(_)), "{url}: {error}");
    }
}

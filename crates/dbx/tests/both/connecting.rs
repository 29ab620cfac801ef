//! Addresses, and what a connection may do.

use dbx::{Config, Db, q};

use crate::on_both;
use crate::shop::{MIGRATIONS, person, seed};

on_both! {
    async fn a_second_handle_sees_the_same_database(db: TestDb) {
        seed(&db).await;
        let other = Db::connect(&Config::new(db.url())).await.unwrap();
        assert_eq!(other.engine(), db.engine());
        assert!(person(&mut other.read().await.unwrap(), 1).await.unwrap().is_some());
        other.close().await;
        assert!(matches!(other.read().await, Err(dbx::Error::PoolClosed)));
    }

    async fn statistics_can_be_brought_up_to_date(db: TestDb) {
        seed(&db).await;
        db.optimize().await.unwrap();
    }
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

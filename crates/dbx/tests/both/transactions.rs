//! All or nothing, again when the engine asks for it, and from many tasks at once.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use dbx::{Config, Db, Engine, Json, Result, Retriable, q};
use tokio::sync::Barrier;

use crate::on_both;
use crate::shop::{ANN, MIGRATIONS, ORG, add_paper, claim_key, count, search, seed, take_job};

/// Long enough to connect on a busy machine; two tests wait for it to pass.
const SHORT: Duration = Duration::from_millis(500);

/// An error of a caller, such as `billing` has.
#[derive(Debug)]
enum Failure {
    Database(dbx::Error),
    Again,
    Refused,
}

impl From<dbx::Error> for Failure {
    fn from(error: dbx::Error) -> Failure {
        Failure::Database(error)
    }
}

impl Retriable for Failure {
    fn retriable(&self) -> bool {
        match self {
            Failure::Database(error) => error.retriable(),
            Failure::Again => true,
            Failure::Refused => false,
        }
    }
}

on_both! {
    async fn a_transaction_dropped_before_its_commit_leaves_nothing(db: TestDb) {
        seed(&db).await;
        let mut tx = db.begin().await.unwrap();
        add_paper(&mut tx, 1, ANN, 3).await.unwrap();
        drop(tx);
        assert_eq!(count(&db).await, (0, 0));
        db.transact(async |tx| add_paper(tx, 1, ANN, 3).await).await.unwrap();
        assert_eq!(count(&db).await, (1, 3));
    }

    async fn work_is_done_again_when_it_may_and_counts_once(db: TestDb) {
        seed(&db).await;
        let attempts = AtomicU32::new(0);
        let work = db.transact(async |tx| {
            let number = add_paper(tx, 1, ANN, 1).await?;
            match attempts.fetch_add(1, Ordering::Relaxed) {
                0 | 1 => Err(Failure::Again),
                _ => Ok(number),
            }
        });
        assert_eq!(work.await.unwrap(), 1);
        assert_eq!(attempts.into_inner(), 3);
        assert_eq!(count(&db).await, (1, 1));
    }

    async fn retries_come_to_an_end(db: TestDb) {
        let attempts = AtomicU32::new(0);
        let work = db.transact(async |_| {
            attempts.fetch_add(1, Ordering::Relaxed);
            Err::<(), _>(Failure::Again)
        });
        assert!(matches!(work.await, Err(Failure::Again)));
        assert_eq!(attempts.into_inner(), 6);
    }

    async fn a_refusal_is_not_retried_and_rolls_back(db: TestDb) {
        seed(&db).await;
        let attempts = AtomicU32::new(0);
        let work = db.transact(async |tx| {
            attempts.fetch_add(1, Ordering::Relaxed);
            add_paper(tx, 1, ANN, 1).await?;
            Err::<(), _>(Failure::Refused)
        });
        assert!(matches!(work.await, Err(Failure::Refused)));
        assert_eq!(attempts.into_inner(), 1);
        assert_eq!(count(&db).await, (0, 0));
    }

    /// PostgreSQL ends one of the two; on SQLite they come one after the other.
    async fn a_deadlock_is_retried(db: TestDb) {
        seed(&db).await;
        let both_hold_one = Barrier::new(2);
        let cross = async |first: i64, second: i64| {
            let attempt = AtomicU32::new(0);
            db.transact(async |tx| {
                rename(tx, first).await?;
                if tx.engine() == Engine::Postgres && attempt.fetch_add(1, Ordering::Relaxed) == 0 {
                    tx.build("SET LOCAL deadlock_timeout = '10ms'").build().execute().await?;
                    both_hold_one.wait().await;
                }
                rename(tx, second).await
            })
            .await
        };
        let (one, other) = tokio::join!(cross(1, 2), cross(2, 1));
        assert_eq!((one.unwrap(), other.unwrap()), (1, 1));
        let names = search(&mut db.read().await.unwrap(), None, None, 9).await.unwrap();
        assert_eq!(names, [(1, "Ann..".to_owned()), (2, "Bea..".to_owned())]);
    }

    async fn four_workers_take_four_different_jobs(db: TestDb) {
        let insert = async |tx: &mut dbx::Tx| {
            tx.insert_all("INSERT INTO jobs (id, payload, run_at)", 0..20i64, |n| (n, Json(vec![n]), 100i64)).execute().await
        };
        db.transact(insert).await.unwrap();
        let take = async || db.transact(async |tx| take_job(tx, 100).await).await.unwrap().unwrap();
        let taken = tokio::join!(take(), take(), take(), take());
        let mut ids = [taken.0, taken.1, taken.2, taken.3].map(|(id, payload)| {
            assert_eq!(payload.0, [id]);
            id
        });
        ids.sort_unstable();
        assert_eq!(ids, [0, 1, 2, 3]);
        assert_eq!(db.transact(async |tx| take_job(tx, 99).await).await.unwrap(), None);
    }

    async fn a_key_is_claimed_once(db: TestDb) {
        let claim = async || db.transact(async |tx| claim_key(tx, "k").await).await.unwrap();
        assert_eq!(claim().await, None);
        let answer = async |tx: &mut dbx::Tx| {
            q!(tx, "UPDATE used_keys SET response = $2 WHERE key = $1", "k", "201").execute().await
        };
        db.transact(answer).await.unwrap();
        assert_eq!(claim().await, Some(Some("201".to_owned())));
    }

    /// A client that goes away drops the handler's future, wherever it is.
    async fn cancelled_transactions_leave_no_gap_and_nothing_half_done(db: TestDb) {
        seed(&db).await;
        for n in 0..200u32 {
            let work = db.transact(async |tx| add_paper(tx, i64::from(n), ANN, 5).await);
            let _ = tokio::time::timeout(Duration::from_micros(u64::from(n) * 20), work).await;
        }
        let last = db.transact(async |tx| add_paper(tx, 1_000, ANN, 5).await).await.unwrap();
        let (papers, lines) = count(&db).await;
        assert_eq!((last, lines), (papers, papers * 5));
    }

    async fn a_second_begin_inside_a_transaction_fails_soon(db: TestDb) {
        let mut config = Config::new(db.url());
        (config.connections, config.acquire_timeout) = (1, SHORT);
        let other = Db::connect(&config).await.unwrap();
        let tx = other.begin().await.unwrap();
        assert!(matches!(other.begin().await, Err(dbx::Error::PoolTimedOut)));
        drop(tx);
    }
}

async fn rename(tx: &mut dbx::Tx, id: i64) -> Result<u64> {
    q!(tx, "UPDATE people SET name = name || '.' WHERE org_id = $1 AND id = $2", ORG, id).execute().await
}

#[tokio::test]
async fn a_sqlite_file_another_process_writes_to_is_worth_a_retry() {
    let db = crate::database::sqlite(MIGRATIONS).await;
    let mut config = Config::new(db.url());
    config.acquire_timeout = SHORT;
    let other = Db::connect(&config).await.unwrap();
    let writing = db.begin().await.unwrap();
    let error = other.begin().await.unwrap_err();
    assert!(error.retriable(), "{error}");
    drop(writing);
}

/// The futures must be `Send`, or no handler could hold them: this test is that it compiles.
#[tokio::test]
async fn futures_are_send() {
    fn send<T: Send>(work: T) -> T {
        work
    }
    async fn writes(db: Db, id: i64, text: String) -> Result<i64, Failure> {
        let text = &text;
        db.transact(async |tx| {
            claim_key(tx, text).await?;
            Ok(add_paper(tx, id, ANN, 2).await?)
        })
        .await
    }
    async fn reads(db: Db) -> Result<Vec<(i64, String)>> {
        let mut conn = db.read().await?;
        search(&mut conn, Some("A"), None, 1).await
    }
    let db = crate::database::sqlite(MIGRATIONS).await;
    seed(&db).await;
    assert_eq!(send(writes((*db).clone(), 1, "k".to_owned())).await.unwrap(), 1);
    assert_eq!(send(reads((*db).clone())).await.unwrap().len(), 1);
}

//! Numbers without gaps, ids without twins.

use std::collections::BTreeSet;

use store::ids::{Ids, Spare};
use store::numbers::{Ahead, Counter, next, start};
use store::{Db, Engine, Tx};
use testkit::on_both;

use crate::MIGRATIONS;
use crate::samples::{ACME, RIVAL, organizations};

/// `count` times the same work, each in a task of its own.
#[expect(clippy::disallowed_methods, reason = "the test waits for all of them")]
pub async fn at_once<T: Send + 'static, F: Future<Output = T> + Send + 'static>(
    count: usize,
    work: impl Fn(usize) -> F,
) -> Vec<T> {
    let tasks: Vec<_> = (0..count).map(|n| tokio::spawn(work(n))).collect();
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await.unwrap());
    }
    outcomes
}

async fn take(db: &Db, keep: bool) -> i64 {
    let mut tx = db.begin().await.unwrap();
    let number = next(&mut tx, ACME, Counter::Invoice).await.unwrap();
    if keep {
        tx.commit().await.unwrap();
    }
    number
}

on_both! {
    async fn numbers_have_no_gap_whoever_takes_them_and_gives_them_back(db: TestDb) {
        organizations(&db).await;
        let shared = (*db).clone();
        let taken = at_once(40, |n| {
            let db = shared.clone();
            async move { (n % 4 != 0).then_some(take(&db, n % 4 != 0).await) }
        }).await;
        let mut kept: Vec<i64> = taken.into_iter().flatten().collect();
        kept.sort_unstable();
        assert_eq!(kept, (1019..1049).collect::<Vec<i64>>());
    }

    async fn payments_of_a_run_have_numbers_that_nobody_else_has_and_hold_nobody_up(db: TestDb) {
        organizations(&db).await;
        let (one, other) = (Ahead::default(), Ahead::default());
        one.ensure(&db, ACME, 3).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        let mut taken = vec![one.next(&mut tx, ACME).await.unwrap()];
        if db.engine() == Engine::Postgres {
            // The transaction holds no counter: another goes on.
            let mut beside = db.begin().await.unwrap();
            taken.push(other.next(&mut beside, ACME).await.unwrap());
            beside.commit().await.unwrap();
        }
        for _ in 0..3 {
            taken.push(one.next(&mut tx, ACME).await.unwrap());
        }
        tx.commit().await.unwrap();
        one.ensure(&db, ACME, 2).await.unwrap();
        one.ensure(&db, ACME, 1).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        taken.push(one.next(&mut tx, ACME).await.unwrap());
        taken.push(other.next(&mut tx, ACME).await.unwrap());
        assert_eq!(one.next(&mut tx, RIVAL).await.unwrap(), 1019);
        let count = i64::try_from(taken.len()).unwrap();
        taken.sort_unstable();
        if db.engine() == Engine::Sqlite {
            assert_eq!(taken, (1019..1019 + count).collect::<Vec<i64>>(), "one writer leaves no gap");
        } else {
            assert_eq!(taken, [1019, 1020, 1021, 1022, 1023, 1024, 1026], "1025 is still in hand");
        }
    }

    async fn counters_are_their_own_and_start_once(db: TestDb) {
        organizations(&db).await;
        let mut tx = db.begin().await.unwrap();
        assert_eq!(next(&mut tx, ACME, Counter::Invoice).await.unwrap(), 1019);
        assert_eq!(next(&mut tx, ACME, Counter::Invoice).await.unwrap(), 1020);
        assert_eq!(next(&mut tx, ACME, Counter::Order).await.unwrap(), 1019);
        assert_eq!(next(&mut tx, RIVAL, Counter::Invoice).await.unwrap(), 1019);
        assert_eq!(start(&mut tx, ACME, Counter::Invoice, 1).await.unwrap(), 0);
        assert_eq!(next(&mut tx, ACME, Counter::Invoice).await.unwrap(), 1021);
    }

    async fn ids_of_two_processes_never_meet(db: TestDb) {
        let processes = [std::sync::Arc::new(Ids::default()), std::sync::Arc::new(Ids::default())];
        let shared = (*db).clone();
        let taken = at_once(8, |n| {
            let (db, ids) = (shared.clone(), processes[n % 2].clone());
            async move {
                let mut taken = Vec::new();
                for _ in 0..20 {
                    ids.ensure(&db).await.unwrap();
                    taken.extend((0..50).map_while(|_| ids.take()));
                }
                taken
            }
        }).await;
        let all: Vec<i64> = taken.into_iter().flatten().collect();
        assert!(all.len() > 5_000, "{}", all.len());
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
        assert!(all.iter().all(|id| (101..1 << 53).contains(id)));
    }

    async fn a_transaction_that_needs_more_ids_takes_a_block_and_gives_it_back_when_undone(db: TestDb) {
        let block = async |keep: bool| {
            let mut tx: Tx = db.begin().await.unwrap();
            let mut spare = Spare::default();
            let mut ids = Vec::new();
            for _ in 0..2_500 {
                ids.push(spare.take(&mut tx).await.unwrap());
            }
            if keep {
                tx.commit().await.unwrap();
            }
            assert!(ids.is_sorted_by(|a, b| a < b));
            (ids[0], ids[2_499])
        };
        let undone = block(false).await;
        let kept = block(true).await;
        assert_eq!(undone, kept);
        assert!(block(true).await.0 > kept.1);
    }
}

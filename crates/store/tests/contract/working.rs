//! Jobs: each is done by one process at a time, and none is forgotten.

use std::collections::BTreeSet;

use domain::dates::Timestamp;
use domain::ids::JobId;
use store::jobs::{self, Job, NewJob, finish, give_up, insert, prolong, retry, revive, troubled, whose_turn};
use store::{Db, Tx};
use testkit::on_both;

use crate::MIGRATIONS;
use crate::counting::at_once;
use crate::samples::{ACME, RIVAL, now, organizations};

async fn add(db: &Db, count: i64, run_at: Timestamp) {
    db.transact(async |tx: &mut Tx| {
        for n in 1..=count {
            insert(tx, ACME, NewJob { id: JobId(n), kind: "k", object_id: n, run_at }, now()).await?;
        }
        Ok::<(), store::Error>(())
    })
    .await
    .unwrap();
}

async fn due(db: &Db, at: Timestamp) -> bool {
    whose_turn(&mut db.read().await.unwrap(), ACME, at).await.unwrap().is_some()
}

async fn claim(db: &Db, at: Timestamp) -> store::Result<Option<Job>> {
    jobs::claim(db, ACME, at).await
}

on_both! {
    async fn a_job_is_due_at_its_time_and_not_before(db: TestDb) {
        organizations(&db).await;
        let run_at = now().add_seconds(60);
        add(&db, 1, run_at).await;
        assert!(!due(&db, run_at.add_seconds(-1)).await);
        assert_eq!(claim(&db, run_at.add_seconds(-1)).await.unwrap(), None);
        assert!(due(&db, run_at).await);
        let job = claim(&db, run_at).await.unwrap().unwrap();
        assert_eq!(job, Job { org_id: ACME, id: JobId(1), kind: "k".to_owned(), object_id: 1, attempts: 1 });
    }

    async fn a_claimed_job_is_nobody_elses_until_its_lease_is_over(db: TestDb) {
        organizations(&db).await;
        add(&db, 1, now()).await;
        assert!(claim(&db, now()).await.unwrap().is_some());
        assert!(!due(&db, now().add_seconds(59)).await);
        assert_eq!(claim(&db, now().add_seconds(59)).await.unwrap(), None);
        assert!(due(&db, now().add_seconds(60)).await);
        assert_eq!(claim(&db, now().add_seconds(60)).await.unwrap().unwrap().attempts, 2);
    }

    async fn many_that_claim_at_once_claim_each_job_once(db: TestDb) {
        organizations(&db).await;
        add(&db, 30, now()).await;
        let shared = (*db).clone();
        let mut claimed = Vec::new();
        while due(&db, now()).await {
            let db = &shared;
            let round = at_once(8, |_| {
                let db = db.clone();
                async move { claim(&db, now()).await.unwrap() }
            }).await;
            claimed.extend(round.into_iter().flatten());
        }
        let distinct: BTreeSet<JobId> = claimed.iter().map(|job| job.id).collect();
        assert_eq!((claimed.len(), distinct.len()), (30, 30));
        assert!(claimed.iter().all(|job| job.attempts == 1));
    }

    async fn a_job_waits_for_its_next_attempt_and_is_gone_when_done(db: TestDb) {
        organizations(&db).await;
        add(&db, 1, now()).await;
        let job = claim(&db, now()).await.unwrap().unwrap();
        let later = now().add_seconds(30);
        db.transact(async |tx: &mut Tx| retry(tx, &job, later, "not yet").await).await.unwrap();
        assert!(!due(&db, later.add_seconds(-1)).await && due(&db, later).await, "the lease is given back, too");
        let finished = db.transact(async |tx: &mut Tx| finish(tx, RIVAL, "k", 1).await).await.unwrap();
        assert_eq!(finished, 0, "of another organization");
        let finished = db.transact(async |tx: &mut Tx| finish(tx, ACME, "k", 1).await).await.unwrap();
        assert_eq!((finished, due(&db, later).await), (1, false));
    }

    async fn the_same_job_is_added_once(db: TestDb) {
        organizations(&db).await;
        add(&db, 1, now()).await;
        let twin = NewJob { id: JobId(99), kind: "k", object_id: 1, run_at: now() };
        let added = db.transact(async |tx: &mut Tx| insert(tx, ACME, twin, now()).await).await.unwrap();
        assert_eq!(added, 0);
        let other = NewJob { id: JobId(99), kind: "other", object_id: 1, run_at: now() };
        let added = db.transact(async |tx: &mut Tx| insert(tx, ACME, other, now()).await).await.unwrap();
        assert_eq!(added, 1);
    }

    async fn the_job_that_has_waited_longest_comes_first(db: TestDb) {
        organizations(&db).await;
        db.transact(async |tx: &mut Tx| {
            for (id, wait) in [(1, 30), (2, 10), (3, 20)] {
                let job = NewJob { id: JobId(id), kind: "k", object_id: id, run_at: now().add_seconds(wait) };
                insert(tx, ACME, job, now()).await?;
            }
            Ok::<(), store::Error>(())
        }).await.unwrap();
        let mut order = Vec::new();
        while let Some(job) = claim(&db, now().add_seconds(60)).await.unwrap() {
            order.push(job.id.0);
        }
        assert_eq!(order, [2, 3, 1]);
    }

    async fn an_organization_with_many_jobs_keeps_no_other_waiting(db: TestDb) {
        organizations(&db).await;
        add(&db, 20, now()).await;
        db.transact(async |tx: &mut Tx| {
            insert(tx, RIVAL, NewJob { id: JobId(99), kind: "k", object_id: 1, run_at: now().add_seconds(1) }, now()).await
        }).await.unwrap();
        let at = now().add_seconds(1);
        let mut last = RIVAL;
        let mut turns = Vec::new();
        for _ in 0..4 {
            let turn = whose_turn(&mut db.read().await.unwrap(), last, at).await.unwrap().unwrap();
            jobs::claim(&db, turn, at).await.unwrap().unwrap();
            turns.push(turn);
            last = turn;
        }
        assert_eq!(turns, [ACME, RIVAL, ACME, ACME]);
    }

    async fn a_long_job_is_kept_by_whoever_does_it_until_another_has_taken_it_over(db: TestDb) {
        organizations(&db).await;
        add(&db, 1, now()).await;
        let job = claim(&db, now()).await.unwrap().unwrap();
        let kept = async |job: &Job, at: Timestamp| {
            db.transact(async |tx: &mut Tx| prolong(tx, job, at).await).await.unwrap()
        };
        assert_eq!(kept(&job, now().add_seconds(50)).await, 1);
        assert_eq!(claim(&db, now().add_seconds(109)).await.unwrap(), None);
        assert!(claim(&db, now().add_seconds(110)).await.unwrap().is_some());
        assert_eq!(kept(&job, now().add_seconds(111)).await, 0);
    }

    async fn a_job_that_is_given_up_is_seen_and_waits_for_somebody(db: TestDb) {
        organizations(&db).await;
        add(&db, 2, now()).await;
        let page = store::Page { offset: 0, max: 10 };
        assert_eq!(troubled(&mut db.read().await.unwrap(), ACME, page).await.unwrap(), (vec![], 0));
        let job = claim(&db, now()).await.unwrap().unwrap();
        db.transact(async |tx: &mut Tx| give_up(tx, &job, now(), "no use").await).await.unwrap();
        let far = now().add_seconds(1_000_000);
        assert_eq!(claim(&db, far).await.unwrap().unwrap().id, JobId(2));
        let (seen, total) = troubled(&mut db.read().await.unwrap(), ACME, page).await.unwrap();
        let behind = store::Page { offset: 1, max: 10 };
        assert_eq!(troubled(&mut db.read().await.unwrap(), ACME, behind).await.unwrap(), (vec![], total));
        assert_eq!((total, seen.len(), seen[0].id, seen[0].last_error.as_deref()), (1, 1, job.id, Some("no use")));
        assert_eq!(seen[0].given_up_at, Some(now()));
        for (org, revived) in [(RIVAL, 0), (ACME, 1), (ACME, 0)] {
            let revive = async |tx: &mut Tx| revive(tx, org, far).await;
            assert_eq!(db.transact(revive).await.unwrap(), revived);
        }
        assert_eq!(claim(&db, far).await.unwrap().unwrap().attempts, 1);
    }
}

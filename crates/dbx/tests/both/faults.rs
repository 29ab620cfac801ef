//! Every step of a transaction can be made to fail, and exactly that one.

use std::sync::Arc;

use dbx::{Db, Engine, Faults, Result, injected, q};

use crate::on_both;
use crate::shop::{ANN, MIGRATIONS, ORG, add_paper, count, person, seed};

/// Five statements and two steps of the commit: a paper of so many [`lines`] takes two inserts.
const STEPS: [&str; 7] = [
    "SELECT name FROM people WHERE org_id = $1 AND id = $2",
    "UPDATE orgs SET next_number = next_number + 1 WHERE id = $1 RETURNING next_number - 1",
    "INSERT INTO papers (org_id, id, person_id, number) VALUES ($1, $2, $3, $4)",
    "INSERT INTO paper_lines (org_id, paper_id, line_no, text, amount)",
    "INSERT INTO paper_lines (org_id, paper_id, line_no, text, amount)",
    "before commit",
    "after commit",
];

fn lines(db: &Db) -> i64 {
    match db.engine() {
        Engine::Sqlite => 70,
        Engine::Postgres => 1_030,
    }
}

async fn work(db: &Db, id: i64) -> Result<i64> {
    let lines = lines(db);
    let read = db.read().await?;
    drop(read);
    db.transact(async |tx| {
        let _name: String = q!(tx, "SELECT name FROM people WHERE org_id = $1 AND id = $2", ORG, ANN).scalar().await?;
        add_paper(tx, id, ANN, lines).await
    })
    .await
}

on_both! {
    async fn each_step_fails_alone_and_leaves_nothing_half_stored(db: TestDb) {
        seed(&db).await;
        let faults = Arc::new(Faults::new());
        let failing = db.with_faults(faults.clone());
        for (n, label) in STEPS.iter().enumerate().map(|(n, label)| (n + 1, label)) {
            faults.reset();
            faults.fail_at(n);
            let error = work(&failing, 1).await.unwrap_err();
            assert!(injected(&error) && error.to_string().contains(label), "{n}: {error}");
            assert_eq!(faults.trace(), STEPS[..n], "not tried again, and nothing after it");
            let stored = if n == STEPS.len() { (1, lines(&db)) } else { (0, 0) };
            assert_eq!(count(&db).await, stored, "failed at {n}: {label}");
        }
        faults.reset();
        assert_eq!(work(&failing, 2).await.unwrap(), 2, "no number was lost");
        assert_eq!((faults.steps(), faults.trace()), (STEPS.len(), STEPS.map(str::to_owned).to_vec()));
    }

    async fn reads_and_other_handles_are_not_counted(db: TestDb) {
        seed(&db).await;
        let faults = Arc::new(Faults::new());
        let failing = db.with_faults(faults.clone());
        faults.crash_at(1);
        assert!(person(&mut failing.read().await.unwrap(), ANN).await.unwrap().is_some());
        work(&db, 1).await.unwrap();
        assert_eq!(faults.steps(), 0);
    }

    async fn steps_outside_the_database_join_the_numbering(db: TestDb) {
        seed(&db).await;
        let faults = Arc::new(Faults::new());
        let failing = db.with_faults(faults.clone());
        faults.fail_at(STEPS.len() + 1);
        work(&failing, 1).await.unwrap();
        assert!(injected(&faults.step("gateway: charge").unwrap_err()));
        work(&failing, 2).await.unwrap();
        assert_eq!(faults.trace()[STEPS.len()], "gateway: charge");
    }

    async fn after_a_crash_nothing_is_stored_any_more(db: TestDb) {
        seed(&db).await;
        let faults = Arc::new(Faults::new());
        let failing = db.with_faults(faults.clone());
        faults.crash_at(STEPS.len());
        assert!(injected(&work(&failing, 1).await.unwrap_err()));
        assert!(injected(&work(&failing, 2).await.unwrap_err()));
        assert_eq!(count(&db).await, (1, lines(&db)));
        faults.reset();
        work(&failing, 2).await.unwrap();
    }
}

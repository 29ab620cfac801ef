//! Dying at each step of a use case in turn, whatever it is: what must hold then follows from what it stores when
//! nothing fails.

use std::collections::BTreeMap;

use billing::{Error, Result};
use testkit::Scene;

use crate::{STEPS_MAX, assert_crashed, restart};

/// What the client's second attempt comes to when the first was done and only its answer is lost.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// It is refused, or finds nothing to change.
    ChangesNothing,
    /// It is a second time on purpose.
    Twice,
    /// It goes on where the first attempt stopped: the use case is several transactions.
    GoesOn,
}

type Stored = BTreeMap<String, Vec<String>>;

/// Everything that is stored, but for the ids that were fetched and perhaps not used.
async fn stored(scene: &Scene) -> Stored {
    let mut all = testkit::dump::dump(&scene.db, &[]).await;
    all.retain(|table, _| table != "id_blocks");
    all
}

/// By how many rows each table has grown, where it has.
fn growth(before: &Stored, after: &Stored) -> BTreeMap<String, i64> {
    let rows = |stored: &Stored, table: &String| i64::try_from(stored[table].len()).expect("a test's table is small");
    // Which slot a count is added to is chance, and whether the slot had a row.
    let tables = after.keys().filter(|table| *table != "customer_counts");
    let grown = tables.map(|table| (table.clone(), rows(after, table) - rows(before, table)));
    grown.filter(|(_, rows)| *rows != 0).collect()
}

/// What a customer is called on the way through this step: names of one length, because a longer one is found by more
/// parts of it.
pub fn name(step: usize) -> String {
    format!("C{}", 100 + step)
}

/// `prepare` makes what a use case works on, each time anew, and tells what that is; `act` is the use case.
pub async fn walk<P, T>(
    mut scene: Scene,
    again: Again,
    prepare: impl AsyncFn(&Scene, usize) -> P,
    act: impl AsyncFn(&Scene, &P) -> Result<T>,
) {
    let prepared = prepare(&scene, 0).await;
    let before = stored(&scene).await;
    restart(&mut scene);
    act(&scene, &prepared).await.expect("it works when nothing fails");
    let counted = scene.faults.steps();
    assert!((4..STEPS_MAX).contains(&counted), "{counted} steps: {:#?}", scene.faults.trace());
    let after = stored(&scene).await;
    let effect = growth(&before, &after);
    assert_ne!(before, after, "it has an effect");
    for step in 1..=counted {
        let prepared = prepare(&scene, step).await;
        let before = stored(&scene).await;
        restart(&mut scene);
        scene.faults.crash_at(step);
        assert_crashed(act(&scene, &prepared).await, step);
        restart(&mut scene);
        scene.check().await;
        let is_done = step == counted;
        let crashed = stored(&scene).await;
        match (again, is_done) {
            (Again::GoesOn, _) => {}
            (_, true) => assert_eq!(growth(&before, &crashed), effect, "step {step}: the whole of it"),
            (_, false) => {
                let differences = testkit::dump::differences(&before, &crashed);
                assert!(differences.is_empty(), "step {step}: half of it is stored: {differences:#?}");
            }
        }
        match act(&scene, &prepared).await {
            Ok(_) => {}
            Err(Error::Invalid(_) | Error::Refused(_) | Error::NotFound(_)) if is_done => {}
            Err(error) => panic!("step {step}: {error:?}"),
        }
        let times = if is_done && again == Again::Twice { 2 } else { 1 };
        let expected: BTreeMap<_, _> = effect.iter().map(|(table, rows)| (table.clone(), rows * times)).collect();
        let after = stored(&scene).await;
        assert_eq!(growth(&before, &after), expected, "step {step}: once, however often it was tried");
        if is_done && again == Again::ChangesNothing {
            assert_eq!(testkit::dump::differences(&crashed, &after), Vec::<String>::new(), "it was done already");
        }
        scene.check().await;
    }
}

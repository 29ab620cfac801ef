//! Looking for what belongs to other organizations: counted for each API user, by all processes together.

use billing::Billing;
use billing::probes::missed;
use billing::staff::{NoAccess, api_access};
use domain::contacts::Password;
use domain::ids::{CustomerId, StaffId};
use futures_util::future::join_all;
use testkit::organization::{ACME, API_PASSWORD, API_USER, STAFF_USER};
use testkit::{Scene, scenes};

/// With a limit of two.
async fn limited(scene: &Scene) -> CustomerId {
    scene.seed(&ACME.replace("mode = \"test\"", "mode = \"test\"\nprobe_limit = 2")).await.unwrap();
    let rival = scene.rival().await;
    scene.customer_of(rival, "R").await
}

async fn staff(scene: &Scene, username: &str) -> StaffId {
    let mut conn = scene.db.read().await.unwrap();
    store::staff::find(&mut conn, scene.org, username).await.unwrap().unwrap().id
}

async fn is_locked(billing: &Billing, scene: &Scene) -> bool {
    let outcome = api_access(billing, &scene.entry("acme").await, API_USER, &Password::new(API_PASSWORD)).await;
    match outcome {
        Ok(_) => false,
        Err(NoAccess::Unknown) => true,
        Err(other) => panic!("{other:?}"),
    }
}

async fn audited(scene: &Scene) -> usize {
    let rows = &testkit::dump::dump(&scene.db, &[]).await["audit"];
    rows.iter().filter(|row| row.contains("locked for probing")).count()
}

scenes! {
    async fn over_the_limit_the_user_is_locked_here_and_in_another_process(scene: Scene) {
        let foreign = limited(&scene).await;
        let (user, other) = (staff(&scene, API_USER).await, scene.process());
        assert!(!is_locked(&scene.billing, &scene).await && !is_locked(&other, &scene).await);
        scene.clock.advance_seconds(1);
        missed(&scene.billing, scene.org, user, vec![foreign.0]).await.unwrap();
        missed(&other, scene.org, user, vec![foreign.0]).await.unwrap();
        assert!(!is_locked(&scene.billing, &scene).await);
        missed(&other, scene.org, user, vec![foreign.0]).await.unwrap();
        assert!(is_locked(&scene.billing, &scene).await && is_locked(&other, &scene).await);
        missed(&other, scene.org, user, vec![foreign.0]).await.unwrap();
        assert_eq!(audited(&scene).await, 1, "a lock is one");
    }

    async fn each_object_of_others_counts_and_own_and_unknown_ones_do_not(scene: Scene) {
        let foreign = limited(&scene).await;
        let own = scene.customer("OWN").await;
        let user = staff(&scene, API_USER).await;
        missed(&scene.billing, scene.org, user, vec![own.0, 999_999_999, foreign.0, foreign.0, -1]).await.unwrap();
        missed(&scene.billing, scene.org, user, vec![own.0, 999_999_999, foreign.0]).await.unwrap();
        assert!(!is_locked(&scene.billing, &scene).await);
        missed(&scene.billing, scene.org, user, vec![foreign.0]).await.unwrap();
        assert!(is_locked(&scene.billing, &scene).await);
    }

    async fn users_are_counted_apart(scene: Scene) {
        let foreign = limited(&scene).await;
        let other = staff(&scene, STAFF_USER).await;
        for _ in 0..3 {
            missed(&scene.billing, scene.org, other, vec![foreign.0]).await.unwrap();
        }
        assert_eq!(audited(&scene).await, 1);
        assert!(!is_locked(&scene.billing, &scene).await);
    }

    async fn what_nobody_has_does_not_make_the_hour_begin(scene: Scene) {
        let foreign = limited(&scene).await;
        let user = staff(&scene, API_USER).await;
        missed(&scene.billing, scene.org, user, vec![999_999_999]).await.unwrap();
        scene.clock.advance_seconds(59 * 60);
        for _ in 0..2 {
            missed(&scene.billing, scene.org, user, vec![foreign.0]).await.unwrap();
        }
        scene.clock.advance_seconds(59 * 60);
        assert!(!is_locked(&scene.billing, &scene).await);
        missed(&scene.billing, scene.org, user, vec![foreign.0]).await.unwrap();
        assert!(is_locked(&scene.billing, &scene).await);
    }

    parallel async fn misses_at_the_same_time_are_counted_each(scene: Scene) {
        let foreign = limited(&scene).await;
        let user = staff(&scene, API_USER).await;
        join_all((0..3).map(|_| missed(&scene.billing, scene.org, user, vec![foreign.0]))).await;
        assert!(is_locked(&scene.billing, &scene).await);
        assert_eq!(audited(&scene).await, 1);
    }
}
